//! Factors: which values a key takes, in which unit, and what `--set` would say for one of them.

use super::{Arm, Factor, Level, Range};
use crate::ground::units::{Exchange, Quantity};
use crate::scenario::Scenario;
use crate::scenario::explain::{explain, meaning};
use crate::scenario::leaves;
use crate::scenario::nearest::{either, rank};
use crate::scenario::problem::Problem;
use crate::scenario::shape::{FILE, NEW, Shape};
use crate::scenario::tree::{Entry, Node, join};

/// The unit of multiples of what the scenario states.
const TIMES: &str = "times";

/// What a factor's keys hold.
#[derive(Clone, Copy)]
enum Holds {
    Quantity(&'static Quantity),
    Whole,
    Truth,
    Words,
    /// A table of numbers, which can only be multiplied.
    Table,
}

/// Does a scenario state a key, or keys below it?
fn states(scenario: &Scenario, key: &str) -> bool {
    scenario.origins.keys().any(|known| known == key || below(known, key))
}

/// Is a key one of a policy or event, which an arm may have and another not?
pub(super) fn is_of_an_arm(key: &str) -> bool {
    ["policy.", "event."].iter().any(|list| key.starts_with(list))
}

fn holds(shape: &Shape) -> Holds {
    match shape {
        Shape::Quantity(quantity) => Holds::Quantity(quantity),
        Shape::Whole(..) => Holds::Whole,
        Shape::Truth => Holds::Truth,
        Shape::ByRegion(inner) => holds(inner),
        Shape::Table(_) | Shape::Map(..) => Holds::Table,
        _ => Holds::Words,
    }
}

/// Reads a `[[factor]]`; what is wrong is reported, and then there is none.
pub(super) fn read(
    entry: &Entry,
    is_list: bool,
    arms: &[Arm],
    exchange: &Exchange,
    problems: &mut Vec<Problem>,
) -> Option<Factor> {
    let (keys, place) = keys(entry, problems)?;
    // a policy or event may be that of one arm alone
    let all_known = |arm: &&Arm| keys.iter().all(|(key, _)| states(&arm.base, key));
    let base = &arms.iter().find(all_known).unwrap_or(&arms[0]).base;
    let mut kinds = Vec::new();
    for (key, at) in &keys {
        match FILE.at(key) {
            Some(shape) if states(base, key) => kinds.push(holds(shape)),
            _ => problems.push(unknown(key, at, base)),
        }
    }
    let (first, is_complete) = (*kinds.first()?, kinds.len() == keys.len());
    if !is_complete {
        return None;
    }
    let keys: Vec<String> = keys.into_iter().map(|(key, _)| key).collect();
    let name = match entry.get("name") {
        Some(name) => name.text().unwrap_or_default().to_owned(),
        None if keys.len() == 1 => keys[0].clone(),
        None => {
            let problem = Problem::at(place, "several keys need one name for the table");
            problems.push(problem.label("here").help("add name = \"...\" to this factor"));
            return None;
        }
    };
    let reader = ValueReader { holds: first, exchange, is_multiple: is_multiple(entry) };
    let is_multiple = reader.is_multiple;
    if matches!(first, Holds::Table) && !is_multiple {
        let title = format!("{:?} is a table and not one value", keys[0]);
        let help = "vary one of its keys, or all together: low = \"0.5 times\", high = \"2 times\"";
        problems.push(Problem::at(place, title).label("here").help(help));
        return None;
    }
    let range = match (entry.get("values"), entry.get("low"), entry.get("high")) {
        (None, None, None) if is_list => Range::Listed,
        (Some(values), None, None) => {
            let Some(list) = values.array().filter(|list| !list.is_empty()) else {
                problems.push(Problem::at(values, "values must be a list with something in it").label("here"));
                return None;
            };
            let levels: Option<Vec<Level>> = list.iter().map(|value| reader.level(value, problems)).collect();
            Range::Values(levels?)
        }
        (None, Some(low), Some(high)) => between(entry, low, high, &reader, problems)?,
        _ => {
            let title = format!("the factor {name:?} needs either low and high, or values");
            let help = "write low = .. and high = .., or values = [..]";
            problems.push(Problem::at(place, title).label("here").help(help));
            return None;
        }
    };
    if kinds.iter().any(|kind| reader.unit_of(*kind) != reader.unit_of(first)) {
        problems
            .push(Problem::at(place, "these keys are not of one kind").label("here").help("make two factors of them"));
        return None;
    }
    let listed_words = matches!(first, Holds::Words | Holds::Truth) && !is_multiple;
    let is_number = match &range {
        Range::Values(values) => values.iter().all(|value| value.number().is_some()),
        _ => !listed_words,
    };
    let about = explain(base, &keys[0]).ok()?;
    let number =
        |text: &str| reader.quantity().and_then(|quantity| quantity.read(text, exchange).ok()).or(text.parse().ok());
    let single = base.origins.get(&keys[0]).and_then(|origin| number(&origin.value));
    Some(Factor {
        name,
        range,
        unit: reader.unit_of(first).to_owned(),
        is_multiple,
        is_number,
        is_whole: matches!(first, Holds::Whole) && !is_multiple,
        meaning: meaning(&keys[0]),
        grade: about.first().and_then(|about| about.card.as_ref()).map_or_else(String::new, |card| card.grade.clone()),
        base: if is_multiple { Some(1.0) } else { single.filter(|_| is_number) },
        keys,
    })
}

/// The keys that a factor sets, each with its place.
pub(super) fn keys<'a>(entry: &'a Entry, problems: &mut Vec<Problem>) -> Option<(Vec<(String, &'a Entry)>, &'a Entry)> {
    let one = |entry: &'a Entry| entry.text().map(|text| (text.to_owned(), entry));
    let found = match (entry.get("key"), entry.get("keys")) {
        (Some(key), None) => one(key).map(|key_| (vec![key_], key)),
        (None, Some(keys)) => {
            let list: Option<Vec<_>> = keys.array().filter(|list| !list.is_empty())?.iter().map(one).collect();
            list.map(|list| (list, keys))
        }
        _ => None,
    };
    if found.is_none() {
        let help = "write key = \"learning.alpha\", or keys = [\"..\", \"..\"] for several at once";
        problems.push(Problem::at(entry, "a factor names what it varies").label("no key").help(help));
    }
    found
}

fn below(known: &str, key: &str) -> bool {
    known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))
}

fn unknown(key: &str, place: &Entry, base: &Scenario) -> Problem {
    let known = base.origins.keys().map(String::as_str);
    let last = key.rsplit('.').next().unwrap_or(key);
    let elsewhere = known.clone().filter(|known| known.rsplit('.').next() == Some(last));
    let mut meant: Vec<String> = elsewhere.chain(rank(key, known.clone())).map(str::to_owned).collect();
    meant.dedup();
    meant.truncate(3);
    let help = match meant.as_slice() {
        [] => "handover explain SCENARIO lists all keys".to_owned(),
        near => format!("did you mean {}?", either(near)),
    };
    Problem::at(place, format!("the scenario has no key {key:?}")).label("unknown key").help(help).meant(meant)
}

/// Is any of its numbers written in times?
fn is_multiple(entry: &Entry) -> bool {
    let is_times = |entry: &Entry| entry.text().is_some_and(|text| text.trim_end().ends_with(TIMES));
    let values = entry.get("values").and_then(Entry::array).unwrap_or(&[]);
    entry.get("unit").is_some_and(is_times)
        || ["low", "high"].iter().filter_map(|key| entry.get(key)).chain(values).any(is_times)
}

fn between(
    entry: &Entry,
    low: &Entry,
    high: &Entry,
    reader: &ValueReader,
    problems: &mut Vec<Problem>,
) -> Option<Range> {
    let number = |entry: &Entry, problems: &mut Vec<Problem>| match reader.level(entry, problems)? {
        Level::Number(number) => Some(number),
        Level::Word(_) => {
            let problem = Problem::at(entry, "between two words there is nothing").label("not a number");
            problems.push(problem.help("list them: values = [..]"));
            None
        }
    };
    let (least, most) = (number(low, problems), number(high, problems));
    let (least, most) = (least?, most?);
    let is_log = match entry.get("scale").map(|scale| (scale, scale.text())) {
        None | Some((_, Some("linear"))) => false,
        Some((_, Some("log"))) => true,
        Some((scale, _)) => {
            problems.push(Problem::at(scale, "scale is \"linear\" or \"log\"").label("here"));
            return None;
        }
    };
    if least >= most {
        let title = format!("low must be below high: {} and {}", low.shown(), high.shown());
        problems.push(Problem::at(high, title).label("not above low"));
        return None;
    }
    if is_log && least <= 0.0 {
        let problem = Problem::at(low, "on a logarithmic scale low must be above zero").label("here");
        problems.push(problem.help("raise low, or leave scale out"));
        return None;
    }
    Some(Range::Between { low: least, high: most, is_log })
}

/// Reads values of one factor.
pub(super) struct ValueReader<'a> {
    holds: Holds,
    exchange: &'a Exchange,
    is_multiple: bool,
}

impl<'a> ValueReader<'a> {
    /// A reader for values of a factor that was read before.
    pub(super) fn of(factor: &Factor, exchange: &'a Exchange) -> Self {
        let shape = FILE.at(&factor.keys[0]).map_or(Holds::Words, holds);
        ValueReader { holds: shape, exchange, is_multiple: factor.is_multiple }
    }

    fn quantity(&self) -> Option<&'static Quantity> {
        match self.holds {
            Holds::Quantity(quantity) => Some(quantity),
            _ => None,
        }
    }

    fn unit_of(&self, holds: Holds) -> &'static str {
        match holds {
            _ if self.is_multiple => TIMES,
            Holds::Quantity(quantity) => quantity.unit,
            _ => "",
        }
    }

    pub(super) fn level(&self, entry: &Entry, problems: &mut Vec<Problem>) -> Option<Level> {
        let bare = match &entry.node {
            Node::Leaf(toml::Value::Integer(number)) => Some(*number as f64),
            Node::Leaf(toml::Value::Float(number)) => Some(*number),
            _ => None,
        };
        if self.is_multiple {
            let number = entry.text().and_then(|text| text.trim().strip_suffix(TIMES)?.trim().parse().ok());
            let number = number.filter(|number: &f64| number.is_finite() && *number >= 0.0);
            if number.is_none() {
                let problem = Problem::at(entry, "the other values of this factor are multiples, and this is none");
                problems.push(problem.label("here").help("write for example \"1.5 times\""));
            }
            return number.map(Level::Number);
        }
        let read = match (self.holds, bare, entry.text()) {
            (Holds::Quantity(quantity), Some(number), _) => quantity.read_bare(number).map(Level::Number),
            (Holds::Quantity(quantity), None, Some(text)) => quantity.read(text, self.exchange).map(Level::Number),
            (Holds::Whole, Some(number), _) if number.fract() == 0.0 && number >= 0.0 => Ok(Level::Number(number)),
            (Holds::Whole, ..) => Err("a whole number stands here; write, for example, 3".to_owned()),
            (Holds::Quantity(quantity), ..) => Err(format!("this is not {}", quantity.words)),
            (Holds::Truth, ..) => truth(&as_set(entry)).map(|word| Level::Word(word.to_owned())),
            _ => Ok(Level::Word(as_set(entry))),
        };
        match read {
            Ok(level) => Some(level),
            Err(words) => {
                let (title, help) = words.split_once("; ").unwrap_or((&words, ""));
                problems.push(Problem::at(entry, title).label("here").help(help));
                None
            }
        }
    }
}

/// A truth as it is written everywhere, however it was said.
fn truth(text: &str) -> Result<&'static str, String> {
    match leaves::truth(text) {
        Some(true) => Ok("true"),
        Some(false) => Ok("false"),
        None => Err(format!("{:?} is neither true nor false; write true or false", text.trim())),
    }
}

/// A fixed change as `--set` takes it, truths as they are written everywhere.
pub(super) fn setting(key: &str, entry: &Entry) -> String {
    let text = as_set(entry);
    let is_truth = FILE.at(key).map(holds).is_some_and(|holds| matches!(holds, Holds::Truth));
    let text = if is_truth { truth(&text).map_or(text.clone(), str::to_owned) } else { text };
    format!("{key}={text}")
}

/// A value as `--set` takes it: texts without quotes.
pub(super) fn as_set(entry: &Entry) -> String {
    match entry.text() {
        Some(text) => text.to_owned(),
        None => entry.to_toml().to_string(),
    }
}

impl Factor {
    /// What `--set` would say for a value, one setting for each key it changes.
    /// An arm without the policy or event that a key is of stays as it is.
    pub(super) fn settings(&self, value: &Level, base: &Scenario) -> Vec<String> {
        let keys = self.keys.iter().filter(|key| !is_of_an_arm(key) || states(base, key));
        match value {
            Level::Word(text) => keys.map(|key| format!("{key}={text}")).collect(),
            Level::Number(number) if self.is_multiple => self.multiples(*number, base),
            Level::Number(number) => keys.map(|key| format!("{key}={}", written(key, *number))).collect(),
        }
    }

    /// Every number at and below the keys, so many times as large.
    fn multiples(&self, times: f64, base: &Scenario) -> Vec<String> {
        let exchange = Exchange::default();
        let is_mine = |known: &str| self.keys.iter().any(|key| known == key || below(known, key));
        let change = |(key, origin): (&String, &crate::scenario::Origin)| {
            let number = match FILE.at(key).map(holds)? {
                Holds::Quantity(quantity) => quantity.read(&origin.value, &exchange).ok()? * times,
                Holds::Whole => (origin.value.parse::<f64>().ok()? * times).round(),
                _ => return None,
            };
            Some(format!("{key}={}", written(key, number)))
        };
        base.origins.iter().filter(|(key, _)| is_mine(key)).filter_map(change).collect()
    }
}

/// A number as it is written under a key.
fn written(key: &str, number: f64) -> String {
    match FILE.at(key).map(holds) {
        Some(Holds::Quantity(quantity)) => quantity.write(number),
        _ => format!("{number:.0}"),
    }
}

/// The fixed changes of a plan or of an arm as `key=value`, each with its place: `set` may name keys in quotes or as
/// tables.
pub(super) fn settings_of(tree: &Entry) -> Vec<(String, &Entry)> {
    let mut found = Vec::new();
    if let Some(set) = tree.get("set") {
        add_settings("", set, &mut found);
    }
    found.into_iter().map(|(key, entry)| (setting(&key, entry), entry)).collect()
}

/// Adds what is set below a key; a policy or event that is new is set as a whole.
fn add_settings<'a>(path: &str, set: &'a Entry, found: &mut Vec<(String, &'a Entry)>) {
    let is_new = path.rsplit_once('.').is_some_and(|(_, last)| last == NEW);
    match set.table() {
        Some(entries) if !is_new => {
            entries.iter().for_each(|(key, entry)| add_settings(&join(path, key), entry, found));
        }
        _ => found.push((path.to_owned(), set)),
    }
}

#[cfg(test)]
mod tests {
    use super::truth;

    #[test]
    fn truths_are_read_alike_and_written_the_same() {
        assert_eq!([truth("true"), truth("yes")], [Ok("true"), Ok("true")]);
        assert_eq!([truth("false"), truth("no")], [Ok("false"), Ok("false")]);
        assert!(truth("maybe").unwrap_err().contains("write true or false"));
    }
}
