//! A TOML file as a tree that remembers where everything stood.

use super::hidden;
use super::lists::{NEW, number};
use super::problem::Problem;
use super::shape::Shape;
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

/// Most syntax errors that are reported; after so many the rest is noise.
const MOST_ERRORS: usize = 20;

/// Parses a text; `source` is its number. What could be read is returned with everything that could not.
pub(super) fn parse(text: &str, source: usize) -> (Entry, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Problem> = Vec::new();
    for error in errors.iter().take(MOST_ERRORS) {
        problems.push(syntax(error.message(), source, error.span().unwrap_or(0..0), text));
    }
    let node = table_node(table.get_ref(), source, 0);
    if node.is_none() {
        problems.push(Problem::in_source(source, 0..0, format!("tables nested more than {MOST_LEVELS} deep")));
    }
    let node = node.unwrap_or(Node::Table(BTreeMap::new()));
    let entry = Entry { node, source, key: 0..0, value: table.span() };
    find_hidden(&entry, "", &mut problems);
    (entry, problems)
}

/// Keys whose texts are prose and may have several lines.
const PROSE: [&str; 5] = ["question", "authors", "reference", "source", "range"];

/// Most hidden characters that are reported.
const MOST_HIDDEN: usize = 20;

/// Reports every hidden character of a tree, in keys as in texts.
pub(super) fn find_hidden(entry: &Entry, key: &str, problems: &mut Vec<Problem>) {
    if problems.len() >= MOST_HIDDEN {
        return;
    }
    match &entry.node {
        Node::Table(entries) => {
            for (key, entry) in entries {
                if let Some(c) = key.chars().find(|&c| hidden::is_hidden(c)) {
                    problems.push(told(Problem::at_key(entry, format!("this key holds {}", hidden::called(c)))));
                }
                find_hidden(entry, key, problems);
            }
        }
        Node::Array(values) => values.iter().for_each(|value| find_hidden(value, key, problems)),
        Node::Leaf(toml::Value::String(text)) => {
            let is_break = |c: char| matches!(c, '\n' | '\r' | '\t');
            let is_prose = PROSE.contains(&key);
            if let Some(c) = text.chars().find(|&c| hidden::is_hidden(c) && !(is_prose && is_break(c))) {
                problems.push(told(Problem::at(entry, format!("this text holds {}", hidden::called(c)))));
            }
        }
        Node::Leaf(_) => {}
    }
}

fn told(problem: Problem) -> Problem {
    problem.label("here").help("take it out; texts are one line of characters that can be read")
}

/// What the parser says, and what to do about it.
fn syntax(message: &str, source: usize, span: Range<usize>, text: &str) -> Problem {
    // the whole line in which the error is
    let line = text.get(..span.start).map_or("", |before| &text[before.rfind('\n').map_or(0, |at| at + 1)..]);
    let value = line.lines().next().and_then(|line| line.split_once('=')).map_or("", |(_, value)| value.trim());
    let number = value.split_whitespace().next().unwrap_or("");
    if number.contains(',') && number.bytes().all(|byte| byte.is_ascii_digit() || b".,+-".contains(&byte)) {
        return Problem::in_source(source, span, format!("{number} is not a number: it has a comma"))
            .label("here")
            .help("decimals take a point, as in 2.5; large numbers have no commas, as in \"64 M persons\"");
    }
    if message.contains("duplicate key") {
        let problem = Problem::in_source(source, span, "this key stands twice in its table");
        return problem.label("for the second time here").help("keep one of the two; a table may be opened only once");
    }
    Problem::in_source(source, span, format!("this is not TOML: {message}"))
        .label("here")
        .help("a line is [a table], [[a table of a list]], key = value, or a # comment; texts stand in \"quotes\"")
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
    if level > MOST_LEVELS {
        return None;
    }
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
            // beyond 64 bits it can only be meant as a large plain number
            let float = || toml::Value::Float(number.as_str().parse().unwrap_or(f64::NAN));
            Node::Leaf(value.map_or_else(float, toml::Value::Integer))
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
