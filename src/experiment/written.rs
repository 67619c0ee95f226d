//! What files of targets and of evidence have in common: settings as `--set` takes them, and what is wrong, where.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
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
    let group = Level::ERROR.primary_title(words).element(snippet);
    let report = if help.is_empty() { [group] } else { [group.element(Level::HELP.message(help))] };
    Renderer::plain().render(&report).to_string()
}
