//! Every parameter with what it means, its value and its card.

use super::table;
use crate::scenario::explain::meaning;
use crate::scenario::{Card, Origin, Scenario};

/// Sections of a file that are no numbers of a rule.
const NO_NUMBERS: [&str; 4] = ["scenario", "currency", "policy", "event"];

/// Values that share a card.
struct Parameter<'a> {
    key: &'a str,
    card: Option<&'a Card>,
    values: Vec<(&'a str, &'a Origin)>,
}

/// A value as it was written, or in the model's own unit.
fn written(origin: &Origin) -> &str {
    if origin.written.is_empty() { &origin.value } else { &origin.written }
}

impl Parameter<'_> {
    /// The value; where there are several, each with the end of its key; once where all are the same.
    fn value(&self) -> String {
        let first = self.values.first().map_or("", |(_, origin)| written(origin));
        if self.values.iter().all(|(_, origin)| written(origin) == first) {
            return first.to_owned();
        }
        let one = |(key, origin): &(&str, &Origin)| {
            let name = key.strip_prefix(self.key).unwrap_or(key).trim_start_matches('.');
            format!("{name} {}", written(origin))
        };
        self.values.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn row(&self) -> Vec<String> {
        let of = |part: fn(&Card) -> &String| self.card.map_or("", |card| part(card).as_str()).to_owned();
        vec![
            format!("`{}`", self.key),
            meaning(self.key),
            self.value(),
            of(|card| &card.range),
            of(|card| &card.grade),
            of(|card| &card.source),
        ]
    }
}

/// Parameters in the order of their keys, values below a card together.
fn listed(scenario: &Scenario) -> Vec<Parameter<'_>> {
    let mut all: Vec<Parameter> = Vec::new();
    for (key, origin) in &scenario.origins {
        let section = key.split('.').next().unwrap_or(key);
        if NO_NUMBERS.contains(&section) {
            continue;
        }
        let (known, card) = match above(scenario, key) {
            Some((known, card)) => (known, Some(card)),
            None => (key.as_str(), None),
        };
        match all.iter_mut().find(|parameter| parameter.key == known) {
            Some(parameter) => parameter.values.push((key, origin)),
            None => all.push(Parameter { key: known, card, values: vec![(key, origin)] }),
        }
    }
    all
}

/// The card of a key, or of the nearest table above it, with the key of the card.
fn above<'a>(scenario: &'a Scenario, key: &str) -> Option<(&'a str, &'a Card)> {
    let mut path = key;
    loop {
        if let Some((known, card)) = scenario.catalogue.get_key_value(path) {
            return Some((known, card));
        }
        path = path.rsplit_once('.')?.0;
    }
}

/// The table of parameters.
pub(super) fn parameters(scenario: &Scenario) -> String {
    let columns = ["key", "what it is", "value", "range", "grade", "source"];
    table(&columns, listed(scenario).iter().map(Parameter::row))
}
