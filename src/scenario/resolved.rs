//! The scenario once everything is resolved: where each value came from, and one hash for one meaning.

use super::problem::Source;
use super::shape::{FILE, Shape};
use super::tree::{Entry, Node, join};
use crate::economy::parameters::Sections;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Where a value was stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The file, or "--set".
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The value in the model's own units, as a file could state it.
    pub value: String,
    /// The value as its author wrote it.
    pub written: String,
}

/// Where everything in a merged tree was stated, by its key; tables in lists by their number.
pub(super) fn origins(merged: &Entry, sources: &[Source]) -> BTreeMap<String, Origin> {
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), merged)];
    while let Some((path, entry)) = open.pop() {
        match &entry.node {
            Node::Table(entries) => open.extend(entries.iter().map(|(key, inner)| (join(&path, key), inner))),
            Node::Array(values) if values.iter().any(|value| value.table().is_some()) => {
                open.extend(values.iter().enumerate().map(|(n, inner)| (join(&path, &n.to_string()), inner)));
            }
            _ => {
                let source = &sources[entry.source];
                let written = source.text.get(entry.value.clone()).unwrap_or_default().trim_matches('"').to_owned();
                let (line, value) = (source.line(entry.value.start), entry.shown());
                found.insert(path, Origin { file: source.name.clone(), line, value, written });
            }
        }
    }
    found
}

/// Puts lists of dated entries into one order, whatever that of the files: they do not depend on it.
pub(super) fn put_in_order(sections: &mut Sections) {
    fn by_text<T: Serialize>(list: &mut [T]) {
        list.sort_by_cached_key(|entry| {
            serde_json::to_string(entry).expect("an entry is a table of words and numbers")
        });
    }
    by_text(&mut sections.policies);
    by_text(&mut sections.events);
    by_text(&mut sections.operators);
    sections.world.regions.sort();
}

/// SHA-256 of what the sections mean, in hexadecimal: equal for files of equal meaning, whatever their
/// units, their order, their comments.
pub(super) fn hash(sections: &Sections) -> String {
    let mut value = sections.as_json();
    // of draws the order says which is whose
    let draws = value.as_object_mut().and_then(|table| table.remove("draws"));
    normalise(&mut value, &FILE);
    if let (Some(draws), Some(table)) = (draws, value.as_object_mut()) {
        table.insert("draws".to_owned(), draws);
    }
    data_encoding::HEXLOWER.encode(&Sha256::digest(value.to_string().as_bytes()))
}

/// One form for one meaning: a value that is the same in every region becomes one value, a list of names
/// is sorted.
fn normalise(value: &mut Value, shape: &Shape) {
    match (shape, &mut *value) {
        (Shape::ByRegion(_), Value::Object(entries)) => {
            let mut values = entries.values();
            if let Some(first) = values.next()
                && values.all(|other| other == first)
            {
                *value = first.clone();
            }
        }
        (Shape::List(inner), Value::Array(values)) => {
            values.iter_mut().for_each(|value| normalise(value, inner));
            if values.iter().all(Value::is_string) {
                values.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            }
        }
        (_, Value::Object(entries)) => {
            for (key, value) in entries.iter_mut() {
                if let Some(shape) = shape.at(key) {
                    normalise(value, shape);
                }
            }
        }
        _ => {}
    }
}
