//! Keys that are set twice: the same key, or one inside another.
//!
//! What is set later would silently win, so that the answer would depend on the order of a file.

use super::factors;
use crate::scenario::problem::{Problem, Source};
use crate::scenario::tree::Entry;

/// Do two keys set the same value: are they one, or is one inside the other?
pub fn overlap(one: &str, other: &str) -> bool {
    let is_within = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
    one == other || is_within(one, other) || is_within(other, one)
}

/// Reports keys of factors that another factor, the same one, or the fixed settings set too; `more` are the settings
/// of the command line.
pub(super) fn report(
    list: &[Entry],
    set: &[(String, &Entry)],
    more: &[String],
    source: &Source,
    problems: &mut Vec<Problem>,
) {
    let key_of = |setting: &str| setting.split_once('=').map_or(setting, |(key, _)| key).trim().to_owned();
    let mut known: Vec<(String, String)> = Vec::new();
    for (setting, entry) in set {
        known.push((key_of(setting), format!("[set] at {}:{}", source.name, source.line(entry.value.start))));
    }
    known.extend(more.iter().map(|setting| (key_of(setting), "--set".to_owned())));
    for entry in list {
        // what is wrong with the keys themselves has been said
        let Some((keys, _)) = factors::keys(entry, &mut Vec::new()) else { continue };
        for (key, place) in keys {
            if let Some((other, at)) = known.iter().find(|(other, _)| overlap(other, &key)) {
                let title = if *other == key {
                    format!("{key:?} is set twice: here and by {at}")
                } else {
                    let (inner, outer) = if key.len() > other.len() { (&key, other) } else { (other, &key) };
                    format!("{inner:?} lies within {outer:?}, and both are set: {key:?} here, {other:?} by {at}")
                };
                let help = "leave one of them out, or name the keys one by one so that none is set twice";
                problems.push(Problem::at(place, title).label("here").help(help));
            }
            let line = source.line(place.value.start);
            known.push((key, format!("the factor at {}:{line}", source.name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_parts_of_a_key_are_inside() {
        assert!(overlap("labour.wage", "labour.wage") && overlap("labour.wage", "labour.wage.helper"));
        assert!(overlap("labour.wage.helper", "labour.wage"));
        assert!(!overlap("labour.wage", "labour.wages") && !overlap("labour.wage.van", "labour.wage.helper"));
    }
}
