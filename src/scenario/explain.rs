//! What a key means, what it is, who says so.

use super::nearest::rank;
use super::shape::{FILE, Field, Shape};
use super::{Card, Origin, Scenario};
use crate::economy::calendar;
use crate::economy::parameters::SECTIONS;

/// Everything known of one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Its key.
    pub key: String,
    /// What it means.
    pub meaning: String,
    /// What kind of value it is: "a share, for example 15 %".
    pub kind: String,
    /// Where it was stated, and what it is.
    pub origin: Origin,
    /// Range, grade and source, if they were stated.
    pub card: Option<Card>,
    /// The file whose card it is, if the value was changed without a card of its own.
    pub is_card_of_another_value: bool,
    /// Rules of the week that read the block of numbers it belongs to, as their signatures say; the founding reads
    /// all blocks.
    pub used_by: Vec<String>,
}

crate::said! {
    /// There is no such key: the nearest ones; or it is none that can be turned.
    NoKey
}

/// Explains a key, or everything below it; everything at all for an empty key.
///
/// # Errors
/// A sentence with the nearest keys.
pub fn explain(scenario: &Scenario, key: &str) -> Result<Vec<Explanation>, NoKey> {
    let is_below = |known: &str| {
        key.is_empty() || known == key || known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))
    };
    let found: Vec<Explanation> = scenario
        .origins
        .iter()
        .filter(|(known, _)| is_below(known))
        .map(|(known, origin)| one(scenario, known, origin))
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let near = rank(key, scenario.origins.keys().map(String::as_str));
    // the last part alone may be known in another table
    let last = key.rsplit('.').next().unwrap_or(key);
    let elsewhere = scenario.origins.keys().filter(|known| known.rsplit('.').next() == Some(last));
    let mut meant: Vec<&str> = elsewhere.map(String::as_str).chain(near).collect();
    meant.dedup();
    meant.truncate(3);
    match meant.as_slice() {
        [] => Err(NoKey(format!("there is no key {key:?}; handover explain FILE lists all of them"))),
        near => Err(NoKey(format!("there is no key {key:?}; did you mean {}?", near.join(" or ")))),
    }
}

fn one(scenario: &Scenario, key: &str, origin: &Origin) -> Explanation {
    // a card may stand on a table above: the wages of all regions have one
    let mut above = key;
    let card = loop {
        if let Some(card) = scenario.catalogue.get(above) {
            break Some((above, card));
        }
        match above.rsplit_once('.') {
            Some((parent, _)) => above = parent,
            None => break None,
        }
    };
    let is_changed = scenario.changed.iter().any(|changed| changed == key);
    let field = FILE.field(key);
    Explanation {
        key: key.to_owned(),
        meaning: field.map_or_else(String::new, |field| field.doc.clone()),
        kind: FILE.at(key).map_or_else(String::new, Shape::words),
        origin: origin.clone(),
        card: card.map(|(_, card)| card.clone()),
        is_card_of_another_value: is_changed && card.is_some_and(|(_, card)| !scenario.own_cards.contains(card)),
        used_by: used_by(key),
    }
}

/// What a key means, in the words of its documentation; nothing if it has none.
pub fn meaning(key: &str) -> String {
    FILE.field(key).map_or_else(String::new, |field| field.doc.trim_end_matches('.').to_owned())
}

/// Rules of the week that read the block of numbers a key belongs to.
fn used_by(key: &str) -> Vec<String> {
    let section = key.split('.').next().unwrap_or(key);
    let blocks = SECTIONS.iter().filter(|(known, _)| *known == section);
    let mut rules = Vec::new();
    for rule in blocks.flat_map(|(_, block)| calendar::readers(block())) {
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

impl Shape {
    /// The field at a dotted path, or the nearest above that has words.
    fn field(&self, path: &str) -> Option<&Field> {
        let mut shape = self;
        let mut found: Option<&Field> = None;
        for part in path.split('.') {
            let field = match shape {
                Shape::Table(table) => table.fields.get(part),
                Shape::Tagged(_, tables) => tables.values().find_map(|table| table.fields.get(part)),
                _ => None,
            };
            if let Some(field) = field.filter(|field| !field.doc.is_empty()) {
                found = Some(field);
            }
            shape = shape.at(part)?;
        }
        found
    }
}
