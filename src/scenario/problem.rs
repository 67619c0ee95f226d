//! What is wrong with a scenario, where, and what to write instead.

use super::tree::{Entry, Node};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;

/// A text that was read, and what it is called.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub name: String,
    pub text: String,
}

/// A problem of the input, ready to be shown: what, where, what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Problem {}

impl Problem {
    /// A problem that has no place in a file.
    pub fn plain(text: String) -> Self {
        Problem { text: format!("error: {text}") }
    }
}

/// A problem at a span of a source.
pub(super) fn in_source(source: &Source, span: Range<usize>, title: &str, label: &str) -> Problem {
    let end = source.text.len();
    let start = span.start.min(end);
    let span = start..span.end.clamp(start, end);
    let snippet =
        Snippet::source(&source.text).path(&source.name).annotation(AnnotationKind::Primary.span(span).label(label));
    let report = [Level::ERROR.primary_title(title).element(snippet)];
    Problem { text: Renderer::plain().render(&report) }
}

/// A problem of a value.
pub(super) fn at(entry: &Entry, sources: &[Source], title: &str, label: &str) -> Problem {
    in_source(&sources[entry.source], entry.value.clone(), title, label)
}

/// A problem of a key.
pub(super) fn at_key(entry: &Entry, sources: &[Source], title: &str, label: &str) -> Problem {
    in_source(&sources[entry.source], entry.key.clone(), title, label)
}

/// The nearest of some words.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> &'a str {
    known.min_by_key(|candidate| strsim::osa_distance(candidate, word)).unwrap_or("")
}

/// Words between backticks.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// A problem that reading into the parameters found.
pub(super) fn from_serde(tree: &Entry, sources: &[Source], path: &str, message: &str) -> Problem {
    let path = path.replace('[', ".").replace(']', "");
    let path = path.trim_start_matches('.');
    let message = message.trim();
    let words = quoted(message);
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let (wrong, known) = words.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
        let nearest = nearest(wrong, known.iter().copied());
        let is_key = message.starts_with("unknown field");
        let key = path.strip_suffix(wrong).unwrap_or(path).trim_end_matches('.');
        let full = if is_key && !key.is_empty() {
            format!("{key}.{wrong}")
        } else if is_key {
            wrong.to_owned()
        } else {
            path.to_owned()
        };
        let title = if is_key {
            format!("there is no key {full:?}; did you mean {nearest:?}?")
        } else {
            format!("{path}: {wrong:?} is not one of {}; did you mean {nearest:?}?", known.join(", "))
        };
        if let Some(entry) = tree.get(&full).or_else(|| tree.get(wrong)) {
            return if is_key {
                at_key(entry, sources, &title, "unknown key")
            } else {
                at(entry, sources, &title, "here")
            };
        }
        return Problem::plain(title);
    }
    from_path(tree, sources, path, message)
}

/// A problem that "key: what is wrong" describes.
pub(super) fn from_check(tree: &Entry, sources: &[Source], message: &str) -> Problem {
    let (path, words) = message.split_once(": ").unwrap_or(("", message));
    // a word in quotes may be the very key that is wrong
    let key = words.split('"').nth(1).map(|word| format!("{path}.{word}"));
    if let Some(entry) = key.and_then(|key| tree.get(&key)) {
        return at_key(entry, sources, &format!("{path}: {words}"), "here");
    }
    from_path(tree, sources, path, words)
}

fn from_path(tree: &Entry, sources: &[Source], path: &str, message: &str) -> Problem {
    let title = if path.is_empty() { message.to_owned() } else { format!("{path}: {message}") };
    // the deepest part of the path that exists
    let mut known = path;
    loop {
        match tree.get(known) {
            Some(entry) if entry.value != (0..0) || !matches!(entry.node, Node::Table(_)) => {
                return at(entry, sources, &title, "here");
            }
            _ => match known.rsplit_once('.') {
                Some((parent, _)) => known = parent,
                None => return Problem::plain(title),
            },
        }
    }
}
