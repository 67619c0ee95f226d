//! What is wrong with a scenario, where, and what to write instead.

use super::tree::Entry;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// What a setting on top of the files is called, in the place of a file.
pub(super) const SETTING: &str = "--set";

/// A text that was read, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub name: String,
    pub text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl Source {
    pub(super) fn new(name: String, text: String) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        let name = super::hidden::visible(&name);
        Source { name, text, lines }
    }

    /// The line of a byte, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|&start| start <= at)
    }

    /// Where a line begins and ends, its line break left out.
    fn extent(&self, line: usize) -> Range<usize> {
        let start = self.lines[line - 1];
        let end = self.lines.get(line).map_or(self.text.len(), |next| next - 1);
        start..end
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The scenario cannot run.
    Error,
    /// It can, but probably does not say what was meant.
    Warning,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, or "--set".
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One problem: what was expected and found, where, what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub title: String,
    /// What stands under the line.
    pub label: String,
    /// What to type next, if that can be said.
    pub help: String,
    /// Keys or words that may have been meant, likeliest first.
    pub meant: Vec<String>,
    span: Option<(usize, Range<usize>)>,
}

impl Problem {
    /// An error that has no place in a file.
    pub(super) fn plain(title: impl Into<String>) -> Self {
        let (label, help) = (String::new(), String::new());
        Problem { severity: Severity::Error, title: short(title.into()), label, help, meant: Vec::new(), span: None }
    }

    /// An error at a span of a source.
    pub(super) fn in_source(source: usize, span: Range<usize>, title: impl Into<String>) -> Self {
        Problem { span: Some((source, span)), ..Problem::plain(title) }
    }

    /// An error of a value.
    pub(super) fn at(entry: &Entry, title: impl Into<String>) -> Self {
        Problem::in_source(entry.source, entry.value.clone(), title)
    }

    /// An error of a key.
    pub(super) fn at_key(entry: &Entry, title: impl Into<String>) -> Self {
        Problem::in_source(entry.source, entry.key.clone(), title)
    }

    pub(super) fn label(self, label: impl Into<String>) -> Self {
        Problem { label: short(label.into()), ..self }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Problem { help: short(help.into()), ..self }
    }

    pub(super) fn meant(self, meant: Vec<String>) -> Self {
        Problem { meant, ..self }
    }

    pub(super) fn warning(self) -> Self {
        Problem { severity: Severity::Warning, ..self }
    }

    /// The place as a source and a byte in it, to sort by.
    pub(super) fn order(&self) -> (usize, usize) {
        self.span.as_ref().map_or((0, 0), |(source, span)| (*source, span.start))
    }

    fn level(&self) -> Level<'static> {
        match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        }
    }
}

/// Longest sentence, in bytes: a key as long as a book is not repeated in full.
const MOST_WORDS: usize = 600;

fn short(text: String) -> String {
    // what a file says reaches a terminal here
    let text = if text.chars().any(super::hidden::is_hidden) { super::hidden::visible(&text) } else { text };
    if text.len() <= MOST_WORDS {
        return text;
    }
    let end = (0..=MOST_WORDS).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    format!("{}...", &text[..end])
}

/// All problems of a scenario and of the files it extends.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    sources: Arc<Vec<Source>>,
}

/// Most problems that are shown in full; further ones are counted.
const MOST_SHOWN: usize = 50;

/// Longest piece of a line that is shown.
const MOST_COLUMNS: usize = 400;

impl Problems {
    pub(super) fn new(mut list: Vec<Problem>, sources: Arc<Vec<Source>>) -> Self {
        list.sort_by_key(Problem::order);
        list.dedup();
        Problems { list, sources }
    }

    /// One after the other, in the order of files and lines.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Is everything right?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Where a problem stands; nowhere if it belongs to no line.
    pub fn place(&self, problem: &Problem) -> Option<Place> {
        let (source, span) = problem.span.as_ref()?;
        let source = &self.sources[*source];
        let at = span.start.min(source.text.len());
        let line = source.line(at);
        let start = source.extent(line).start;
        let column = source.text.get(start..at).map_or(0, |before| before.chars().count()) + 1;
        Some(Place { file: source.name.clone(), line, column })
    }

    /// Which of the settings on top of the files a problem is about, counted from 0.
    pub fn setting(&self, problem: &Problem) -> Option<usize> {
        let (source, _) = problem.span.as_ref()?;
        let is_setting = |source: &Source| source.name == SETTING;
        is_setting(&self.sources[*source]).then(|| self.sources[..*source].iter().filter(|s| is_setting(s)).count())
    }

    /// Those of them that are to be kept.
    pub fn only(&self, is_kept: impl Fn(&Problem) -> bool) -> Problems {
        let list = self.list.iter().filter(|problem| is_kept(problem)).cloned().collect();
        Problems { list, sources: Arc::clone(&self.sources) }
    }

    fn render(&self, problem: &Problem) -> String {
        let title = problem.level().primary_title(&problem.title);
        let group = match &problem.span {
            None => Group::with_title(title),
            Some((source, span)) => {
                let source = &self.sources[*source];
                let at = span.start.min(source.text.len());
                let line = source.line(at);
                let extent = source.extent(line);
                let text = &source.text[extent.clone()];
                // of a line as long as a book, only the neighbourhood
                let mut from = at.saturating_sub(MOST_COLUMNS).max(extent.start);
                while !source.text.is_char_boundary(from) {
                    from -= 1;
                }
                let mut to = (at + MOST_COLUMNS).min(extent.end).max(at);
                while !source.text.is_char_boundary(to) {
                    to -= 1;
                }
                let (text, offset) = if text.len() > 2 * MOST_COLUMNS && from < to {
                    (&source.text[from..to], from)
                } else {
                    (text, extent.start)
                };
                let start = (at - offset).min(text.len());
                let end = span.end.saturating_sub(offset).clamp(start, text.len());
                let mark = AnnotationKind::Primary.span(start..end).label(&problem.label);
                let snippet = Snippet::source(text).path(&source.name).line_start(line).annotation(mark);
                Group::with_title(title).element(snippet)
            }
        };
        let report =
            if problem.help.is_empty() { [group] } else { [group.element(Level::HELP.message(&problem.help))] };
        Renderer::plain().render(&report)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (place, problem) in self.list.iter().take(MOST_SHOWN).enumerate() {
            let gap = if place > 0 { "\n\n" } else { "" };
            write!(f, "{gap}{}", self.render(problem))?;
        }
        if self.list.len() > MOST_SHOWN {
            write!(f, "\n\nand {} more", self.list.len() - MOST_SHOWN)?;
        }
        Ok(())
    }
}

/// As it is shown: the sources inside are long.
impl fmt::Debug for Problems {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Problems {}
