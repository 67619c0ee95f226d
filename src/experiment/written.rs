//! What files of targets and of evidence have in common: settings as `--set` takes them, and what is wrong, where.

use crate::scenario::nearest::{either, rank};
use crate::scenario::quotes::typographic;
use crate::scenario::words::hidden_in;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::de::DeserializeOwned;
use std::ops::Range;

/// The keys of a setting that may be a table, each with its value and the place of the whole.
pub(super) fn leaves(key: &str, value: &toml::Value, place: &Range<usize>) -> Vec<(String, toml::Value, Range<usize>)> {
    match value {
        toml::Value::Table(table) => {
            table.iter().flat_map(|(inner, value)| leaves(&format!("{key}.{inner}"), value, place)).collect()
        }
        _ => vec![(key.to_owned(), value.clone(), place.clone())],
    }
}

/// A value as its author could have typed it.
pub(super) fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What is wrong, shown where it stands.
pub(super) fn at(name: &str, text: &str, span: Range<usize>, title: &str, help: &str) -> String {
    let snippet = Snippet::source(text).path(name).annotation(AnnotationKind::Primary.span(span).label("here"));
    let (words, help) = match (title.split_once("; "), help) {
        (Some((words, more)), "") => (words, more),
        _ => (title, help),
    };
    let help = &match misspelt(words) {
        Some(near) => format!("did you mean {near}? {help}").trim_end().to_owned(),
        None => help.to_owned(),
    };
    let group = Level::ERROR.primary_title(words).element(snippet);
    let report = if help.is_empty() { [group] } else { [group.element(Level::HELP.message(help))] };
    Renderer::plain().render(&report).to_string()
}

/// Reads a file of tables; `tables` says which there are.
///
/// # Errors
/// What is wrong, where.
pub(super) fn read<W: DeserializeOwned>(name: &str, text: &str, tables: &str) -> Result<W, String> {
    let written = toml::from_str(text).map_err(|error| unread(name, text, &error, tables))?;
    let hidden = hidden_in(name, text);
    if hidden.is_empty() { Ok(written) } else { Err(hidden.to_string()) }
}

/// Why a file is not the tables that it should be, shown where it stands.
fn unread(name: &str, text: &str, error: &toml::de::Error, help: &str) -> String {
    let span = error.span().unwrap_or(0..0);
    match typographic(text, span.start) {
        Some(found) => at(name, text, found.span, &found.title, &found.help),
        None => at(name, text, span, error.message(), help),
    }
}

/// The names nearest to one that the reader of tables does not know: it says the name and then all that it knows, each
/// between backticks.
fn misspelt(message: &str) -> Option<String> {
    let rest = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))?;
    let mut words = rest.split('`').step_by(2);
    let near = nearest(words.next()?, words);
    (!near.is_empty()).then_some(near)
}

/// The known words nearest to a word: "a", "b" or "c"; nothing if none is near.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    either(&rank(word, known).into_iter().map(str::to_owned).collect::<Vec<_>>())
}
