//! Every single slip of the finger, in every key of every shipped file: rejected at its very place, with
//! the right key named first.
//!
//! A slip puts in, leaves out or replaces one character, or swaps two. A slip that happens to spell
//! another key of the same table cannot be distinguished from that key; those are counted separately. Names that a
//! file declares (labs, currencies) are its own words and have no right spelling.

use crate::common;
use handover::scenario::{Checker, load};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

/// A key where it stands in a small file of its own.
#[derive(Debug)]
struct Place {
    /// The lines of its table that are needed around it.
    text: String,
    /// Byte at which the key begins, in that text.
    at: usize,
    key: String,
    /// Other keys that stand beside it somewhere.
    siblings: BTreeSet<String>,
    /// Byte at which the key begins, in the whole file.
    at_in_file: usize,
    file: String,
}

/// Bare keys in a line: before the sign of equality, in a header, or in an inline table.
fn keys_in(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let is_header = line.starts_with('[');
    let (mut at, mut is_quoted, mut is_value) = (0, false, false);
    let bytes = line.as_bytes();
    while at < bytes.len() {
        let c = bytes[at] as char;
        match c {
            '"' => is_quoted = !is_quoted,
            '#' if !is_quoted => break,
            '=' if !is_quoted => is_value = true,
            '{' | ',' if !is_quoted => is_value = false,
            '[' if !is_quoted && !is_header => is_value = true,
            _ if !is_quoted && !is_value && (c.is_ascii_alphanumeric() || c == '_') => {
                let end = line[at..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
                let end = end.map_or(line.len(), |end| at + end);
                found.push((at, &line[at..end]));
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    // a list of texts has commas too, but nothing bare in it
    found
}

/// Every key of a file.
fn places(file: &str, text: &str) -> Vec<Place> {
    let mut found: Vec<(String, Place)> = Vec::new();
    let mut offset = 0;
    let mut header = "";
    let mut block_start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            header = line;
            block_start = offset;
        }
        let declares = header.starts_with("[currency]") || line.contains("lab\"");
        for (at, key) in keys_in(line).into_iter().filter(|_| !declares || line.starts_with('[')) {
            let (around, at_in_text) = if line.starts_with("[[") || header.starts_with("[[") {
                // tables in lists must be whole: keep all of the block
                let end = text[block_start + 1..].find("\n[").map_or(text.len(), |end| block_start + 1 + end + 1);
                (text[block_start..end].to_owned(), offset - block_start + at)
            } else if line.starts_with('[') {
                (line.to_owned(), at)
            } else {
                (format!("{header}{line}"), header.len() + at)
            };
            let parent = format!("{header}{}", if line.starts_with('[') { &line[..at] } else { "" });
            let place = Place {
                text: around,
                at: at_in_text,
                key: key.to_owned(),
                siblings: BTreeSet::new(),
                at_in_file: offset + at,
                file: file.to_owned(),
            };
            found.push((parent, place));
        }
        offset += line.len();
    }
    let all: BTreeSet<(String, String)> =
        found.iter().map(|(parent, place)| (parent.clone(), place.key.clone())).collect();
    let with_siblings = |(parent, place): (String, Place)| {
        let siblings = all.iter().filter(|(known, key)| *known == parent && *key != place.key);
        Place { siblings: siblings.map(|(_, key)| key.clone()).collect(), ..place }
    };
    found.into_iter().map(with_siblings).collect()
}

/// Every word that is one slip away.
fn slips(key: &str) -> BTreeSet<String> {
    let mut letters: Vec<char> = ('a'..='z').chain('0'..='9').chain(['_', '-']).collect();
    if key.chars().any(|c| c.is_ascii_uppercase()) {
        letters.extend('A'..='Z');
    }
    let chars: Vec<char> = key.chars().collect();
    let mut found = BTreeSet::new();
    for at in 0..=chars.len() {
        for &letter in &letters {
            let mut more = chars.clone();
            more.insert(at, letter);
            found.insert(more.iter().collect());
            if at < chars.len() {
                let mut other = chars.clone();
                other[at] = letter;
                found.insert(other.iter().collect());
            }
        }
        if at < chars.len() && chars.len() > 1 {
            let mut less = chars.clone();
            less.remove(at);
            found.insert(less.iter().collect());
        }
        if at + 1 < chars.len() {
            let mut swapped = chars.clone();
            swapped.swap(at, at + 1);
            found.insert(swapped.iter().collect());
        }
    }
    found.remove(key);
    found
}

/// Line and column of a byte.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

fn shipped() -> Vec<(String, String)> {
    let read = |name: String| {
        let path = common::root().join("scenarios").join(format!("{name}.toml"));
        (name, std::fs::read_to_string(path).unwrap())
    };
    common::shipped().into_iter().map(read).collect()
}

#[derive(Clone, Copy, Default)]
struct Tally {
    slips: usize,
    another_key: usize,
    not_rejected: usize,
    misplaced: usize,
    first: usize,
    top_three: usize,
}

#[test]
fn every_slip_in_every_key_is_rejected_where_it_stands_with_the_right_key_named() {
    let checker = Checker::new(&common::scenario("baseline", &[]));
    let places: Vec<Place> = shipped().iter().flat_map(|(name, text)| places(name, text)).collect();
    assert!(places.len() > 1_500, "{} keys", places.len());
    let tally = |place: &Place| {
        let expected = line_and_column(&place.text, place.at);
        let mut tally = Tally::default();
        for slip in slips(&place.key) {
            tally.slips += 1;
            let text = format!("{}{slip}{}", &place.text[..place.at], &place.text[place.at + place.key.len()..]);
            let problems = checker.check("this.toml", &text);
            let here = problems
                .iter()
                .find(|problem| problems.place(problem).is_some_and(|place| (place.line, place.column) == expected));
            match here {
                Some(problem) => {
                    let is_right = |meant: &String| meant.rsplit('.').next() == Some(&place.key);
                    tally.first += usize::from(problem.meant.first().is_some_and(is_right));
                    tally.top_three += usize::from(problem.meant.iter().take(3).any(is_right));
                }
                None if place.siblings.contains(&slip) => tally.another_key += 1,
                None if problems.is_empty() => {
                    eprintln!("not rejected: {slip} for {} in {}", place.key, place.file);
                    tally.not_rejected += 1;
                }
                None => {
                    eprintln!("elsewhere: {slip} for {} in {}:\n{problems}", place.key, place.file);
                    tally.misplaced += 1;
                }
            }
        }
        tally
    };
    let all = places.par_iter().map(tally).reduce(Tally::default, |a, b| Tally {
        slips: a.slips + b.slips,
        another_key: a.another_key + b.another_key,
        not_rejected: a.not_rejected + b.not_rejected,
        misplaced: a.misplaced + b.misplaced,
        first: a.first + b.first,
        top_three: a.top_three + b.top_three,
    });
    let judged = all.slips - all.another_key;
    let share = |part: usize| 100.0 * part as f64 / judged as f64;
    println!(
        "{} slips in {} keys: {} spell another key of the same table; of the others {} were not rejected, {} rejected \
         elsewhere; the right key is first in {:.2} %, among the first three in {:.2} %",
        all.slips,
        places.len(),
        all.another_key,
        all.not_rejected,
        all.misplaced,
        share(all.first),
        share(all.top_three)
    );
    assert_eq!((all.not_rejected, all.misplaced), (0, 0));
    assert!(all.another_key * 1_000 < all.slips, "{} slips went unjudged", all.another_key);
    assert!(share(all.first) >= 95.0 && share(all.top_three) >= 99.0);
}

#[test]
fn a_slip_in_a_whole_file_is_rejected_at_its_line_and_column() {
    // one slip a key, each in another way, in the file as it is shipped and with everything it extends
    let files = shipped();
    let baseline = &files.iter().find(|(name, _)| name == "baseline").unwrap().1;
    let judge = |place: &Place, text: &String, number: usize| {
        let all: Vec<String> = slips(&place.key).into_iter().filter(|slip| !place.siblings.contains(slip)).collect();
        let slip = &all[number * 7_919 % all.len()];
        let wrong = format!("{}{slip}{}", &text[..place.at_in_file], &text[place.at_in_file + place.key.len()..]);
        let reader = |path: &Path| Ok(if path.ends_with("this.toml") { wrong.clone() } else { baseline.clone() });
        let problems = load(Path::new("this.toml"), &[], &reader).err().unwrap_or_default();
        let expected = line_and_column(text, place.at_in_file);
        let is_here = problems.iter().any(|problem| {
            problems
                .place(problem)
                .is_some_and(|found| (found.line, found.column) == expected && found.file == "this.toml")
        });
        assert!(is_here, "{slip} for {} in {} at {expected:?}:\n{problems}", place.key, place.file);
    };
    for (name, text) in &files {
        let places = places(name, text);
        // every fifth key of the long file is enough: the other test has them all
        let step = if places.len() > 500 { 5 } else { 1 };
        places.par_iter().enumerate().step_by(step).for_each(|(number, place)| judge(place, text, number));
    }
}
