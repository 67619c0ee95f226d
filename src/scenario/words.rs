//! Texts and names: what stands in a file must be shown on a terminal, in a table, in a picture and as the name
//! of a file, and mean there what it means here.

use super::check::Walk;
use super::parse::{find_hidden, parse};
use super::problem::{Problem, Source};
use super::tree::Entry;
use super::{Problems, Severity};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Names that tables, programs for tables or our own columns take for something else.
const RESERVED: [&str; 10] = ["all", "world", "na", "n/a", "nan", "null", "none", "nil", "inf", "total"];

/// Names that are devices on Windows, whatever follows a dot; com1 to com9 and lpt1 to lpt9 too.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Longest name, in characters.
const MOST_CHARACTERS: usize = 200;

/// What is hidden in a file that is no scenario: none, or problems with their places.
pub fn hidden_in(name: &str, text: &str) -> Problems {
    let mut problems = Vec::new();
    // what is not TOML at all is said by whoever reads the file
    find_hidden(&parse(text, 0).0, "", &mut problems);
    Problems::new(problems, Arc::new(vec![Source::new(name.to_owned(), text.to_owned())]))
}

/// What is wrong with a name, if anything is; how it goes on after "the name ...".
pub fn fault(name: &str) -> Option<&'static str> {
    let small = name.to_lowercase();
    let stem = small.split('.').next().unwrap_or("").trim_end();
    let is_port = |stem: &str| {
        let number = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
        number.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
    };
    match name {
        "" => Some("is empty"),
        _ if name.trim() != name => Some("begins or ends with a blank"),
        _ if name.starts_with(['.', '-', '=', '+', '@', '~']) => {
            Some("begins with a character that has a meaning elsewhere")
        }
        _ if name.ends_with('.') => Some("ends with a dot"),
        _ if RESERVED.contains(&small.as_str()) => Some("means something else in a table"),
        _ if DEVICES.contains(&stem) || is_port(stem) => Some("is a device on Windows"),
        _ if name.chars().count() > MOST_CHARACTERS => Some("is longer than 200 characters"),
        _ => None,
    }
}

/// The same of a name that files and columns are called after.
pub fn fault_in_path(name: &str) -> Option<&'static str> {
    fault(name)
        .or_else(|| name.contains(['/', '\\', '"', ',']).then_some("holds a character that separates other names"))
}

/// Checks the names that a scenario gives: of regions, labs and operators.
pub(super) fn check(merged: &Entry, walk: &mut Walk) {
    let mut say = |problem: Problem| walk.report(problem.label("here").help("take another name"));
    let list = |path: &str| merged.get(path).and_then(Entry::array).unwrap_or(&[]);
    for region in list("world.regions") {
        if let Some(words) = region.text().and_then(fault_in_path) {
            say(Problem::at(region, format!("the name of the region {:?} {words}", region.shown())));
        }
    }
    let mut called = BTreeSet::new();
    for (code, region) in merged.get("region").and_then(Entry::table).into_iter().flatten() {
        let Some(name) = region.get("name") else { continue };
        if let Some(words) = name.text().and_then(fault) {
            say(Problem::at(name, format!("the name of the region {code:?}, {:?}, {words}", name.shown())));
        } else if !called.insert(name.shown()) {
            say(Problem::at(name, format!("two regions are called {:?}", name.shown())));
        }
    }
    for (lab, entry) in merged.get("capture.labs").and_then(Entry::table).into_iter().flatten() {
        if let Some(words) = fault_in_path(lab) {
            say(Problem::at_key(entry, format!("the name of the lab {lab:?} {words}")));
        }
    }
    let mut seen = BTreeSet::new();
    for name in list("operator").iter().filter_map(|operator| operator.get("name")) {
        if let Some(words) = name.text().and_then(fault_in_path) {
            say(Problem::at(name, format!("the name of the operator {:?} {words}", name.shown())));
        } else if !seen.insert(name.shown()) {
            say(Problem::at(name, format!("two operators are called {:?}", name.shown())));
        }
    }
}

/// Checks the name of a scenario, a plan or another file that has a folder of results.
pub(super) fn of_file(entry: &Entry, whose: &str, most: usize, problems: &mut Vec<Problem>) {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let name = entry.text().unwrap_or_default();
    let is_wrong = name.len() > most || !name.chars().all(fits);
    let words = if is_wrong { Some("has other characters, or too many") } else { fault(name) };
    let Some(words) = words else { return };
    let help = format!("use 1 to {most} lower-case letters, digits and hyphens: it names the folder of the results");
    let problem = Problem::at(entry, format!("{whose} cannot be {name:?}: it {words}")).label("here").help(help);
    debug_assert_eq!(problem.severity, Severity::Error);
    problems.push(problem);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_something_elsewhere_are_none() {
        for name in [
            "", " a", "a ", ".", "..", ".a", "-a", "all", "World", "NA", "NaN", "null", "None", "CON", "nul.txt",
            "com1", "LPT9", "=1+1", "@a", "a.",
        ] {
            assert!(fault(name).is_some(), "{name:?}");
        }
        for name in
            ["IND", "EU27", "royalty of 15 %", "common", "console", "com10", "all else", "nana", "learning.alpha"]
        {
            assert_eq!(fault(name), None, "{name:?}");
        }
        assert!(fault_in_path("a/b").is_some() && fault_in_path("a\\b").is_some() && fault_in_path("US lab").is_none());
    }
}
