//! What a card calls plausible, read from its words, and values that lie outside of it.
//!
//! A range is read where it says two ends ("0.15 to 0.40", "half to double") or a distance from the value it
//! stands beside ("within 10 %"); a part may be for some keys only ("couriers 0.5 to 6 %/week", "1 to 2
//! elsewhere"). Other words are for people. A file that states a range of its own is held to that one.

use super::check::Walk;
use super::problem::Problem;
use super::shape::{FILE, Shape};
use super::tree::{Entry, Node};
use super::{Card, Catalogue};
use crate::ground::units::{Exchange, Quantity};
use std::collections::BTreeMap;

/// Ranges in force, and the values they stood beside.
#[derive(Debug, Default)]
pub(super) struct Ranges {
    cards: BTreeMap<String, String>,
    beside: BTreeMap<String, f64>,
}

/// What stands under a value outside of its card's range.
pub(super) const LABEL: &str = "outside the card's range";

/// How far a value may miss an end: what is lost when decimal numbers become binary ones.
const ROUNDING: f64 = 1e-9;

impl Ranges {
    /// Takes over what the cards of one more file say.
    pub(super) fn take(&mut self, tree: &Entry, cards: &Catalogue) {
        let stated: BTreeMap<&String, &Card> = cards.iter().filter(|(_, card)| !card.range.is_empty()).collect();
        let mut leaves = Vec::new();
        tree.leaves("", &mut leaves);
        for (path, entry) in leaves {
            if let (true, Some(value)) = (above(&path, |key| stated.get(&key.to_owned())).is_some(), number(entry)) {
                self.beside.insert(path, value);
            }
        }
        self.cards.extend(stated.into_iter().map(|(key, card)| (key.clone(), card.range.clone())));
    }

    /// Warns of every value that lies outside what its card calls plausible.
    pub(super) fn check(&self, merged: &Entry, walk: &mut Walk) {
        let mut leaves = Vec::new();
        merged.leaves("", &mut leaves);
        for (path, entry) in &leaves {
            self.check_one(path, path, entry, walk);
        }
        for (place, policy) in merged.get("policy").and_then(Entry::array).unwrap_or(&[]).iter().enumerate() {
            let mut levers = Vec::new();
            policy.leaves("", &mut levers);
            for (lever, entry) in levers {
                self.check_one(&format!("law.{lever}"), &format!("policy.{place}.{lever}"), entry, walk);
            }
        }
    }

    fn check_one(&self, path: &str, shown: &str, entry: &Entry, walk: &mut Walk) {
        let Some((card, range)) = above(path, |key| self.cards.get_key_value(key)) else { return };
        let shape = match FILE.at(path) {
            Some(Shape::ByRegion(inner)) => inner,
            Some(shape) => shape,
            None => return,
        };
        let (Shape::Quantity(quantity), Some(value)) = (shape, number(entry)) else { return };
        // a lever in a policy is compared with ends that stand there, not with what the law was
        let beside = if path == shown { self.beside_of(path) } else { None };
        let part = path.strip_prefix(card.as_str()).unwrap_or("").trim_start_matches('.');
        let Some((low, high)) = ends(range, part, beside, quantity, &walk.exchange) else { return };
        let slack = ROUNDING * low.abs().max(high.abs());
        if value < low - slack || value > high + slack {
            let title = format!("{shown}: this lies outside what its card calls plausible, {range}");
            let help = "it runs; if it is meant, a card of its own with value, range and source says so";
            walk.report(Problem::at(entry, title).label(LABEL).help(help).warning());
        }
    }

    /// The value a range stood beside: that of the key, or the one for all regions above it; of a value for all
    /// regions over values by region, nothing.
    fn beside_of(&self, path: &str) -> Option<f64> {
        above(path, |key| self.beside.get(key)).copied()
    }
}

/// What is known of a key or of the nearest one above it.
fn above<'a, T>(path: &'a str, known: impl Fn(&'a str) -> Option<T>) -> Option<T> {
    let mut key = path;
    loop {
        if let Some(found) = known(key) {
            return Some(found);
        }
        key = key.rsplit_once('.')?.0;
    }
}

/// A settled value, in the model's unit.
fn number(entry: &Entry) -> Option<f64> {
    match &entry.node {
        Node::Leaf(toml::Value::String(text)) => text.split(' ').next()?.parse().ok(),
        Node::Leaf(toml::Value::Float(number)) => Some(*number),
        Node::Leaf(toml::Value::Integer(number)) => Some(*number as f64),
        _ => None,
    }
}

/// Least and most of a range for a part of its key ("courier", "IND"), in the model's unit.
fn ends(range: &str, part: &str, beside: Option<f64>, quantity: &Quantity, exchange: &Exchange) -> Option<(f64, f64)> {
    let (mut names, mut general, mut own) = (String::new(), None, None);
    for clause in range.split("; ").flat_map(|clause| clause.split(", ")) {
        let starts = |word: &&str| {
            ["half", "within"].contains(word) || word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        };
        let words: Vec<&str> = clause.split(' ').collect();
        let Some(at) = words.iter().position(starts) else {
            names = format!("{names} {clause}");
            continue;
        };
        let whose = format!("{names} {}", words[..at].join(" "));
        names = String::new();
        let mut rest = words[at..].join(" ");
        let mut place = None;
        for (suffix, is_china) in [(" in China", true), (" outside China", false), (" elsewhere", false)] {
            if let Some(short) = rest.strip_suffix(suffix) {
                (rest, place) = (short.to_owned(), Some(is_china));
            }
        }
        let is_named = !whose.trim().is_empty();
        let fits = if let Some(is_china) = place { (part == "CHN") == is_china } else { is_of(&whose, part) };
        if let (true, Some(found)) = (fits || !(is_named || place.is_some()), span(&rest, beside, quantity, exchange)) {
            *(if is_named || place.is_some() { &mut own } else { &mut general }) = Some(found);
        }
    }
    own.or(general)
}

/// Does a list of names ("IND and CHN", "couriers", "tool and die") speak of a part of a key?
fn is_of(names: &str, part: &str) -> bool {
    let names = format!(" {} ", names.replace("tool and die", "tool_and_die"));
    part.split('.').any(|word| names.contains(&format!(" {word} ")) || names.contains(&format!(" {word}s ")))
}

/// Least and most in words: two ends, or a distance from the value beside.
fn span(words: &str, beside: Option<f64>, quantity: &Quantity, exchange: &Exchange) -> Option<(f64, f64)> {
    let around = |low: f64, high: f64| beside.map(|value| (value * low, value * high));
    match words {
        "half to double" => return around(0.5, 2.0),
        "half to one and a half times" => return around(0.5, 1.5),
        "half to three times" => return around(0.5, 3.0),
        "half to five times" => return around(0.5, 5.0),
        "within a quarter" => return around(0.75, 1.25),
        _ => {}
    }
    let plain = words.replace(',', "");
    if let Some(distance) = plain.strip_prefix("within ") {
        return match distance.strip_suffix(" %") {
            Some(share) => share.parse().ok().and_then(|share: f64| around(1.0 - share / 100.0, 1.0 + share / 100.0)),
            None => beside
                .zip(distance.parse().ok())
                .map(|(value, distance): (f64, f64)| (value - distance, value + distance)),
        };
    }
    let (low, rest) = plain.split_once(" to ")?;
    let (high, unit) = rest.split_once(' ').unwrap_or((rest, ""));
    if unit == "times" {
        return around(low.parse().ok()?, high.parse().ok()?);
    }
    // written as a quantity would be, but where a value may not lie an end still may
    let read = |number: &str| quantity.read(&format!("{number} {unit}"), exchange).ok();
    Some((read(low)?, read(high)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_people_write_them() {
        let exchange = Exchange::default();
        let of = |range: &str, part: &str, beside: f64, name: &str| {
            ends(range, part, Some(beside), Quantity::named(name).unwrap(), &exchange)
        };
        assert_eq!(of("0.15 to 0.40", "", 0.3, "Number"), Some((0.15, 0.4)));
        assert_eq!(of("0 to 10 %", "", 0.3, "Share"), Some((0.0, 0.1)));
        assert_eq!(of("2,100 to 14,000", "", 1.0, "Size"), Some((2100.0, 14000.0)));
        assert_eq!(of("-0.15 to -0.03", "", 1.0, "Number"), Some((-0.15, -0.03)));
        let quits = "half to double; couriers 0.5 to 6 %/week";
        assert_eq!(of(quits, "picker", 0.006, "Rate"), Some((0.003, 0.012)));
        assert_eq!(of(quits, "courier", 0.01, "Rate"), Some((0.005, 0.06)));
        let people = "within 10 %; BGD, MEX and EU27 within 30 %";
        assert_eq!(of(people, "IND", 100.0, "Size"), Some((90.0, 100.0 * 1.1)));
        assert_eq!(of(people, "BGD", 100.0, "Size"), Some((70.0, 130.0)));
        let prices = "0.4 to 0.8 in China, 1 to 2 elsewhere";
        assert_eq!(of(prices, "CHN", 1.0, "Size"), Some((0.4, 0.8)));
        assert_eq!(of(prices, "USA", 1.0, "Size"), Some((1.0, 2.0)));
        assert_eq!(of("fitted together with the slope", "", 1.0, "Number"), None);
        assert_eq!(of("half to double, then scaled to add up to 1", "IND", 0.02, "Share"), Some((0.01, 0.04)));
    }
}
