//! A TOML file as a tree that remembers where everything stood.

use super::problem::{self, Source};
use super::{Card, Catalogue, Problem};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A value with its place.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub node: Node,
    /// Number of the source.
    pub source: usize,
    /// Where its key stands.
    pub key: Range<usize>,
    /// Where its value stands.
    pub value: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Table(BTreeMap<String, Entry>),
    Array(Vec<Entry>),
    Leaf(toml::Value),
}

/// Deepest nesting of tables that is read.
const MOST_LEVELS: usize = 32;

/// Parses a text; `source` is its number.
pub(super) fn parse(text: &str, source: usize, shown: &Source) -> Result<Entry, Problem> {
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        problem::in_source(shown, span, error.message(), "this is not TOML")
    })?;
    let span = table.span();
    let node = table_node(table.get_ref(), source, 0)
        .ok_or_else(|| Problem::plain(format!("{}: tables nested more than {MOST_LEVELS} deep", shown.name)))?;
    Ok(Entry { node, source, key: 0..0, value: span })
}

fn table_node(table: &DeTable, source: usize, level: usize) -> Option<Node> {
    if level > MOST_LEVELS {
        return None;
    }
    let mut entries = BTreeMap::new();
    for (key, value) in table.iter() {
        let node = value_node(value.get_ref(), source, level + 1)?;
        let entry = Entry { node, source, key: key.span(), value: value.span() };
        entries.insert(key.get_ref().to_string(), entry);
    }
    Some(Node::Table(entries))
}

fn value_node(value: &DeValue, source: usize, level: usize) -> Option<Node> {
    Some(match value {
        DeValue::Table(table) => table_node(table, source, level)?,
        DeValue::Array(values) => {
            let entry = |value: &toml::Spanned<DeValue>| {
                let node = value_node(value.get_ref(), source, level + 1)?;
                Some(Entry { node, source, key: value.span(), value: value.span() })
            };
            Node::Array(values.iter().map(entry).collect::<Option<_>>()?)
        }
        DeValue::String(text) => Node::Leaf(toml::Value::String(text.to_string())),
        DeValue::Integer(number) => {
            let value = i64::from_str_radix(number.as_str(), number.radix()).ok();
            Node::Leaf(value.map_or_else(|| toml::Value::String(number.as_str().to_owned()), toml::Value::Integer))
        }
        DeValue::Float(number) => Node::Leaf(toml::Value::Float(number.as_str().parse().unwrap_or(f64::NAN))),
        DeValue::Boolean(truth) => Node::Leaf(toml::Value::Boolean(*truth)),
        DeValue::Datetime(date) => Node::Leaf(toml::Value::String(date.to_string())),
    })
}

impl Entry {
    pub(super) fn empty() -> Entry {
        Entry { node: Node::Table(BTreeMap::new()), source: 0, key: 0..0, value: 0..0 }
    }

    /// The entry at a dotted path; numbers count elements of arrays.
    pub(super) fn get(&self, path: &str) -> Option<&Entry> {
        path.split('.').filter(|part| !part.is_empty()).try_fold(self, |entry, part| match &entry.node {
            Node::Table(entries) => entries.get(part),
            Node::Array(values) => values.get(part.parse::<usize>().ok()?),
            Node::Leaf(_) => None,
        })
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Entry> {
        match &mut self.node {
            Node::Table(entries) => entries.remove(key),
            _ => None,
        }
    }

    /// Replaces every card by its value and notes what else stood on it.
    pub(super) fn take_cards(&mut self, path: &str, cards: &mut Catalogue, sources: &[Source]) -> Result<(), Problem> {
        let Node::Table(entries) = &mut self.node else { return Ok(()) };
        if !entries.contains_key("value") {
            for (key, entry) in entries {
                entry.take_cards(&join(path, key), cards, sources)?;
            }
            return Ok(());
        }
        let mut card = Card::default();
        for (key, entry) in entries.iter() {
            let place = match key.as_str() {
                "value" => continue,
                "range" => &mut card.range,
                "grade" => &mut card.grade,
                "source" => &mut card.source,
                _ => {
                    let title =
                        format!("{path} stands on a card, which has value, range, grade and source, not {key:?}");
                    return Err(problem::at_key(entry, sources, &title, "unknown key"));
                }
            };
            let Node::Leaf(toml::Value::String(text)) = &entry.node else {
                return Err(problem::at(entry, sources, &format!("{path}: {key} must be a text"), "not a text"));
            };
            place.clone_from(text);
        }
        if !["A", "B", "C", ""].contains(&card.grade.as_str()) {
            let entry = &entries["grade"];
            return Err(problem::at(entry, sources, &format!("{path}: the grade is A, B or C"), "not a grade"));
        }
        cards.insert(path.to_owned(), card);
        if let Some(value) = entries.remove("value") {
            self.value = value.value;
            self.node = value.node;
        }
        Ok(())
    }

    /// Lays another tree over this one: tables are merged, everything else is replaced.
    pub(super) fn merge(&mut self, other: Entry) {
        if let (Node::Table(_), Node::Table(_)) = (&self.node, &other.node) {
            let (Node::Table(mine), Node::Table(theirs)) = (&mut self.node, other.node) else { return };
            for (key, entry) in theirs {
                match mine.get_mut(&key) {
                    Some(known) => known.merge(entry),
                    None => {
                        mine.insert(key, entry);
                    }
                }
            }
        } else {
            *self = other;
        }
    }

    /// Paths of everything that is not a table.
    pub(super) fn list_leaves(&self, path: &str, leaves: &mut Vec<String>) {
        match &self.node {
            Node::Table(entries) => {
                entries.iter().for_each(|(key, entry)| entry.list_leaves(&join(path, key), leaves));
            }
            _ => leaves.push(path.to_owned()),
        }
    }

    pub(super) fn to_toml(&self) -> toml::Value {
        match &self.node {
            Node::Table(entries) => {
                toml::Value::Table(entries.iter().map(|(key, entry)| (key.clone(), entry.to_toml())).collect())
            }
            Node::Array(values) => toml::Value::Array(values.iter().map(Entry::to_toml).collect()),
            Node::Leaf(value) => value.clone(),
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
