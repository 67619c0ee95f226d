//! The week as tables: phases, rules, what they read and write.

use super::table;
use crate::economy::calendar::{Entry, Phase};
use crate::economy::parameters::{BLOCKS, SECTIONS};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The last part of a path, without what it is generic over.
fn last_word(path: &str) -> &str {
    let whole = path.split('<').next().unwrap_or(path);
    whole.rsplit("::").next().unwrap_or(whole)
}

/// Names in code, sorted; a dash where there is none.
fn as_code<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.sort();
    names.dedup();
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

/// Is it a block of numbers, which no rule writes?
fn is_block(path: &str) -> bool {
    BLOCKS.iter().any(|block| block() == path)
}

/// What rules write, with who writes and who reads it.
pub(super) fn state(week: &[Entry]) -> String {
    let mut by_name: BTreeMap<&str, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    for entry in week {
        entry.writes.iter().for_each(|path| by_name.entry(last_word(path)).or_default().0.push(&entry.system));
    }
    for entry in week {
        for path in &entry.reads {
            if let Some((_, readers)) = by_name.get_mut(last_word(path)) {
                readers.push(&entry.system);
            }
        }
    }
    let row = |(name, (writers, readers)): (&str, (Vec<&str>, Vec<&str>))| {
        vec![format!("`{name}`"), as_code(writers), as_code(readers)]
    };
    table(&["state", "written by", "read by"], by_name.into_iter().map(row))
}

/// The phases in their order, each with its rules.
pub(super) fn phases(week: &[Entry]) -> String {
    let mut out = String::new();
    for (number, &phase) in Phase::ALL.iter().enumerate() {
        let _ = writeln!(out, "### {}. {phase:?}\n\n{}\n", number + 1, phase.says());
        let rules = week.iter().filter(|entry| entry.phase == phase);
        let row = |entry: &Entry| {
            let of = |paths: &[String]| as_code(paths.iter().map(|path| last_word(path)));
            vec![format!("`{}`", entry.system), format!("`src/{}`", entry.file), of(&entry.reads), of(&entry.writes)]
        };
        let _ = writeln!(out, "{}", table(&["rule", "file", "reads", "writes"], rules.map(row)));
    }
    out
}

/// Rules that only observe.
pub(super) fn observers(week: &[Entry]) -> usize {
    week.iter().filter(|entry| entry.file.starts_with("observe/")).count()
}

/// Rules by file, with the sections of the scenario that they read.
pub(super) fn submodels(week: &[Entry]) -> String {
    let mut by_file: Vec<(&str, Vec<&str>, Vec<&str>)> = Vec::new();
    for entry in week {
        let read = entry.reads.iter().filter(|path| is_block(path) || path.ends_with("InForce"));
        let sections = read.flat_map(|path| SECTIONS.iter().filter(move |(_, block)| block() == *path));
        let sections = sections.map(|(section, _)| *section);
        match by_file.iter_mut().find(|(file, ..)| *file == entry.file) {
            Some((_, rules, known)) => {
                rules.push(&entry.system);
                known.extend(sections);
            }
            None => by_file.push((&entry.file, vec![&entry.system], sections.collect())),
        }
    }
    let row = |(file, rules, sections): (&str, Vec<&str>, Vec<&str>)| {
        vec![format!("`src/{file}`"), as_code(rules), as_code(sections)]
    };
    table(&["file", "rules", "numbers of"], by_file.into_iter().map(row))
}
