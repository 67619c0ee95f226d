//! A text becomes a tree; what is not TOML, or cannot be seen, is reported with its place.

use super::hidden;
use super::problem::Problem;
use super::quotes;
use super::tree::{Entry, Node};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

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
const PROSE: [&str; 6] = ["question", "authors", "reference", "source", "range", "comment"];

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
    if let Some(found) = quotes::typographic(text, span.start) {
        return Problem::in_source(source, found.span, found.title).label("here").help(found.help);
    }
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
