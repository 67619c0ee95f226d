//! A TOML file as a tree that remembers where everything stood.

use super::shape::{NEW, Shape, number};
use std::collections::BTreeMap;
use std::ops::Range;

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

    /// In a table that several files fill, what the file asked for says last; otherwise the entry itself.
    pub(super) fn latest(&self) -> &Entry {
        let Node::Table(_) = &self.node else { return self };
        let mut leaves = Vec::new();
        self.leaves("", &mut leaves);
        let source = leaves.iter().map(|(_, leaf)| leaf.source).min();
        let latest = leaves.into_iter().map(|(_, leaf)| leaf).filter(|leaf| Some(leaf.source) == source);
        let is_mixed = source.is_some_and(|source| source < self.source);
        if is_mixed { latest.max_by_key(|leaf| leaf.value.start).unwrap_or(self) } else { self }
    }

    /// The deepest entry that exists on a path, and whether that is all of it.
    pub(super) fn deepest(&self, path: &str) -> (&Entry, bool) {
        let mut known = path;
        loop {
            if let Some(entry) = self.get(known) {
                return (entry, known == path);
            }
            known = known.rsplit_once('.').map_or("", |(parent, _)| parent);
        }
    }

    pub(super) fn table(&self) -> Option<&BTreeMap<String, Entry>> {
        match &self.node {
            Node::Table(entries) => Some(entries),
            _ => None,
        }
    }

    pub(super) fn array(&self) -> Option<&[Entry]> {
        match &self.node {
            Node::Array(values) => Some(values),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Leaf(toml::Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// A value as it is shown in a sentence: texts without quotes, lists with commas.
    pub(super) fn shown(&self) -> String {
        match &self.node {
            Node::Leaf(toml::Value::String(text)) => text.clone(),
            Node::Leaf(value) => value.to_string(),
            Node::Array(values) => values.iter().map(Entry::shown).collect::<Vec<_>>().join(", "),
            Node::Table(entries) => {
                let pairs: Vec<_> = entries.iter().map(|(key, entry)| format!("{key} {}", entry.shown())).collect();
                pairs.join(", ")
            }
        }
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Entry> {
        match &mut self.node {
            Node::Table(entries) => entries.remove(key),
            _ => None,
        }
    }

    /// Takes out keys of the tables of a list.
    pub(super) fn strip(&mut self, list: &str, keys: &[&str]) {
        let Node::Table(entries) = &mut self.node else { return };
        if let Some(Entry { node: Node::Array(values), .. }) = entries.get_mut(list) {
            values.iter_mut().for_each(|value| keys.iter().for_each(|key| drop(value.remove(key))));
        }
    }

    /// Lays another tree over this one: tables are merged, everything else is replaced. A table by
    /// region laid over one value for all regions changes only the regions it names; a table laid over a
    /// list changes the elements whose numbers are its keys, or adds one.
    pub(super) fn merge(&mut self, other: Entry, shape: Option<&Shape>, regions: &[String]) {
        if let (Some(Shape::ByRegion(_)), Node::Leaf(_), Node::Table(_)) = (shape, &self.node, &other.node) {
            let everywhere = regions.iter().map(|region| (region.clone(), self.clone())).collect();
            self.node = Node::Table(everywhere);
        }
        match (&mut self.node, other.node) {
            (Node::Table(mine), Node::Table(theirs)) => {
                for (key, entry) in theirs {
                    let inner = shape.and_then(|shape| shape.at(&key));
                    // what speaks of elements is laid over a list, be it an empty one
                    let is_of_elements = matches!(inner, Some(Shape::List(_))) && entry.table().is_some();
                    match mine.get_mut(&key) {
                        Some(known) => known.merge(entry, inner, regions),
                        None if is_of_elements => {
                            let mut list = Entry { node: Node::Array(Vec::new()), ..entry.clone() };
                            list.merge(entry, inner, regions);
                            mine.insert(key, list);
                        }
                        None => {
                            mine.insert(key, entry);
                        }
                    }
                }
            }
            (Node::Array(mine), Node::Table(theirs)) => {
                for (key, entry) in theirs {
                    if key == NEW {
                        mine.push(entry);
                    } else if let Some(known) = number(&key).and_then(|number| mine.get_mut(number)) {
                        known.merge(entry, shape.and_then(|shape| shape.at(&key)), regions);
                    }
                }
            }
            (_, node) => *self = Entry { node, source: other.source, key: other.key, value: other.value },
        }
    }

    /// Everything that is not a table, with its path.
    pub(super) fn leaves<'a>(&'a self, path: &str, found: &mut Vec<(String, &'a Entry)>) {
        match &self.node {
            Node::Table(entries) => {
                entries.iter().for_each(|(key, entry)| entry.leaves(&join(path, key), found));
            }
            _ => found.push((path.to_owned(), self)),
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

pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
