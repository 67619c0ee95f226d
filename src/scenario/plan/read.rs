//! How a plan is read, and what is said of a wrong one.

use super::factors::{self, ValueReader, settings_of};
use super::overlap;
use super::{Arm, Design, Factor, Kind, Level, Output, Plan, Range};
use crate::scenario::checker::exchange_of;
use crate::scenario::nearest::{either, rank};
use crate::scenario::other;
use crate::scenario::parse::parse;
use crate::scenario::problem::{Problem, Source};
use crate::scenario::tree::{Entry, Node};
use crate::scenario::words;
use crate::scenario::{Problems, Reader, Scenario};
use std::path::Path;
use std::sync::Arc;

/// Says what is wrong with the line of an output in a scenario.
pub type CheckOutput<'a> = &'a dyn Fn(&str, &Scenario) -> Result<(), String>;

/// Keys of each table of a plan.
const TABLES: [(&str, &[&str]); 6] = [
    ("sweep", &["name", "title", "question", "replicates", "seed"]),
    ("arm", &["name", "scenario", "set"]),
    ("set", &[]),
    ("design", &["kind", "points", "rows", "trajectories", "levels", "seed"]),
    ("factor", &["key", "keys", "name", "low", "high", "scale", "values", "steps", "unit"]),
    ("output", &["name", "value"]),
];

/// Most points of a Sobol sequence: what the generator has.
const MOST_SOBOL: u64 = 1 << 16;
/// Most dimensions of it.
const MOST_DIMENSIONS: usize = 256;
/// Most arms, factors and outputs, each.
const MOST: usize = 1_000;
/// Most points of any other design.
const MOST_POINTS: u64 = 1 << 40;

/// Reads a plan; `settings` are fixed changes on top of its own.
///
/// # Errors
/// Every problem of the plan, each with its place; or those of a scenario that it names.
pub fn read(path: &Path, settings: &[String], reader: Reader, check: CheckOutput) -> Result<Plan, Problems> {
    let text = match reader(path) {
        Ok(text) => text,
        Err(error) => {
            let problem = Problem::plain(format!("{}: {error}", path.display()));
            return Err(Problems::new(vec![problem], Arc::default()));
        }
    };
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let (tree, problems) = parse(&text, 0);
    let sources = Arc::new(vec![Source::new(path.display().to_string(), text)]);
    let source = sources[0].clone();
    let mut desk = Desk { path, reader, check, source, problems };
    let plan = if desk.problems.is_empty() { desk.plan(&tree, settings) } else { Ok(None) };
    match plan {
        Err(of_scenario) => Err(of_scenario),
        Ok(Some(plan)) if desk.problems.is_empty() => Ok(plan),
        Ok(_) => Err(Problems::new(desk.problems, sources)),
    }
}

/// A plan that is being read, and what is wrong with it so far.
pub(super) struct Desk<'a> {
    pub(super) path: &'a Path,
    pub(super) reader: Reader<'a>,
    check: CheckOutput<'a>,
    pub(super) source: Source,
    pub(super) problems: Vec<Problem>,
}

impl Desk<'_> {
    /// Says what is wrong at a place.
    pub(super) fn say(&mut self, entry: &Entry, title: impl Into<String>, help: &str) {
        self.problems.push(Problem::at(entry, title).label("here").help(help));
    }

    fn plan(&mut self, tree: &Entry, more: &[String]) -> Result<Option<Plan>, Problems> {
        if let Some((title, help)) = other::instead("sweep", |table| tree.get(table).is_some()) {
            self.problems.push(Problem::in_source(0, 0..0, title).help(help));
            return Ok(None);
        }
        self.keys(tree);
        let Some(about) = tree.get("sweep") else {
            let help = "write [sweep] with name = \"..\", then [[arm]], [design], [[factor]], [[output]]";
            self.problems.push(Problem::in_source(0, 0..0, "a plan begins with [sweep]").help(help));
            return Ok(None);
        };
        let text = |entry: &Entry, key: &str| entry.get(key).and_then(Entry::text).unwrap_or_default().to_owned();
        let name = text(about, "name");
        words::of_file(about.get("name").unwrap_or(about), "the sweep's name", 64, &mut self.problems);
        let replicates = self.whole(about, "replicates", 1, 1_000_000).unwrap_or(1);
        let seed = self.whole(about, "seed", 0, u64::MAX >> 1).unwrap_or(1);
        let list = |key: &str| tree.get(key).and_then(Entry::array).unwrap_or(&[]);
        for key in ["arm", "factor", "output"] {
            match tree.get(key) {
                Some(entry) if entry.array().is_none() => {
                    self.say(entry, format!("[{key}] must be [[{key}]]"), "double brackets: there may be several");
                }
                Some(entry) if list(key).len() > MOST => self.say(entry, format!("more than {MOST} of them"), ""),
                None => {
                    let help = format!("write [[{key}]]; docs/sweeps.md has an example");
                    self.problems.push(Problem::at_key(about, format!("the plan has no [[{key}]]")).help(help));
                }
                _ => {}
            }
        }
        let set: Vec<(String, &Entry)> = settings_of(tree);
        let fixed: Vec<String> = set.iter().map(|(setting, _)| setting.clone()).chain(more.iter().cloned()).collect();
        let Some(arms) = self.arms(list("arm"), &set, &fixed)? else { return Ok(None) };
        let Some(design) = tree.get("design") else {
            let help = "write [design] with kind = \"sobol\", points = 256";
            self.problems.push(Problem::at_key(about, "the plan has no [design]").help(help));
            return Ok(None);
        };
        let factors = self.factors(list("factor"), design, &arms);
        overlap::report(list("factor"), &set, more, &self.source, &mut self.problems);
        let outputs = self.outputs(list("output"), &arms);
        let Some(design) = self.design(design, &factors, list("factor").len()) else { return Ok(None) };
        let (title, question) = (text(about, "title"), text(about, "question"));
        let replicates = u32::try_from(replicates).unwrap_or(1);
        let implausible = arms.iter().flat_map(|arm| arm.base.implausible()).collect();
        let settings = fixed;
        let mut plan =
            Plan { name, title, question, replicates, seed, arms, design, factors, outputs, settings, implausible };
        if self.problems.is_empty() {
            let more = self.ends(list("factor"), &plan);
            plan.implausible.extend(more);
            plan.implausible.sort();
            plan.implausible.dedup();
        }
        Ok(Some(plan))
    }

    /// Reports a name that tables, pictures or files would take for something else.
    pub(super) fn name(&mut self, entry: &Entry, noun: &str, name: &str) {
        if let Some(words) = words::fault(name) {
            let place = entry.get("name").unwrap_or(entry);
            self.say(place, format!("the name of the {noun} {name:?} {words}"), "take another name");
        }
    }

    /// Reports tables and keys that a plan does not have.
    fn keys(&mut self, tree: &Entry) {
        let tables = TABLES.map(|(table, _)| table);
        for (key, entry) in tree.table().into_iter().flatten() {
            let Some((_, known)) = TABLES.iter().find(|(table, _)| table == key) else {
                self.unknown(entry, key, "a plan", &tables);
                continue;
            };
            let inner = entry.array().unwrap_or(std::slice::from_ref(entry));
            for (key_, entry_) in inner.iter().filter_map(Entry::table).flatten() {
                if key != "set" && !known.contains(&key_.as_str()) {
                    self.unknown(entry_, key_, &format!("[{key}] of a plan"), known);
                }
            }
        }
    }

    fn unknown(&mut self, entry: &Entry, key: &str, place: &str, known: &[&str]) {
        let meant: Vec<String> = rank(key, known.iter().copied()).into_iter().map(str::to_owned).collect();
        let help = match meant.as_slice() {
            [] => format!("known here: {}", known.join(", ")),
            near => format!("did you mean {}?", either(near)),
        };
        let problem = Problem::at_key(entry, format!("there is no key {key:?} in {place}"));
        self.problems.push(problem.label("unknown key").help(help).meant(meant));
    }

    /// A whole number within bounds, if it is there.
    fn whole(&mut self, table: &Entry, key: &str, least: u64, most: u64) -> Option<u64> {
        let entry = table.get(key)?;
        let number = match &entry.node {
            Node::Leaf(toml::Value::Integer(number)) => u64::try_from(*number).ok(),
            _ => None,
        };
        let found = number.filter(|number| (least..=most).contains(number));
        if found.is_none() {
            let title = format!("{key} must be a whole number between {least} and {most}, and is {}", entry.shown());
            self.say(entry, title, &format!("write for example {key} = {}", least.max(2)));
        }
        found
    }

    fn needed(&mut self, table: &Entry, key: &str, least: u64, most: u64) -> Option<u64> {
        if table.get(key).is_none() {
            self.say(table, format!("this design needs {key}"), &format!("write {key} = {}", least.max(64)));
        }
        self.whole(table, key, least, most)
    }

    fn factors(&mut self, list: &[Entry], design: &Entry, arms: &[Arm]) -> Vec<Factor> {
        let is = |word: &str| design.get("kind").and_then(Entry::text) == Some(word);
        let exchange = exchange_of(&arms[0].base);
        let mut found: Vec<Factor> = Vec::new();
        for entry in list {
            let Some(mut factor) = factors::read(entry, is("list"), arms, &exchange, &mut self.problems) else {
                continue;
            };
            self.name(entry, "factor", &factor.name);
            if found.iter().any(|known| known.name == factor.name) {
                self.say(entry, format!("two factors are called {:?}", factor.name), "give one another name");
            }
            let steps = self.whole(entry, "steps", 2, 1_000_000);
            if let (true, Range::Between { low, high, is_log }) = (is("grid"), &factor.range) {
                match steps {
                    Some(steps) => {
                        let share = |n: u64| n as f64 / (steps - 1) as f64;
                        let value = |n| Level::Number(factor.between(*low, *high, *is_log, share(n)));
                        factor.range = Range::Values((0..steps).map(value).collect());
                    }
                    None => {
                        self.say(entry, "a grid needs to know how many values", "write steps = 5, or values = [..]")
                    }
                }
            } else if entry.get("steps").is_some() {
                let help = "steps is for low and high of a grid; leave it out";
                self.say(entry.get("steps").unwrap_or(entry), "there are no steps here", help);
            }
            found.push(factor);
        }
        found
    }

    fn outputs(&mut self, list: &[Entry], arms: &[Arm]) -> Vec<Output> {
        let mut outputs: Vec<Output> = Vec::new();
        for entry in list {
            let Some(value) = entry.get("value").filter(|value| value.text().is_some()) else {
                self.say(entry, "an output says what it is", "write value = \"last(unemployment_rate[USA])\"");
                continue;
            };
            let text = value.text().unwrap_or_default().to_owned();
            let name = entry.get("name").and_then(Entry::text).map_or_else(|| text.clone(), str::to_owned);
            self.name(entry, "output", &name);
            if outputs.iter().any(|known| known.name == name) {
                self.say(entry, format!("two outputs are called {name:?}"), "give each a name of its own");
            }
            for arm in arms {
                if let Err(words) = (self.check)(&text, &arm.base) {
                    let (title, help) = words.split_once("; ").unwrap_or((&words, ""));
                    self.problems.push(Problem::at(value, title).label("here").help(help));
                    break;
                }
            }
            outputs.push(Output { name, value: text });
        }
        outputs
    }

    fn design(&mut self, entry: &Entry, factors: &[Factor], stated: usize) -> Option<Design> {
        let seed = self.whole(entry, "seed", 0, u64::MAX >> 1).unwrap_or(1);
        let word = entry.get("kind").and_then(Entry::text).unwrap_or_default();
        let kind = match word {
            "grid" => Kind::Grid,
            "list" => Kind::List { rows: self.rows(entry, factors, stated)? },
            "latin_hypercube" => Kind::LatinHypercube { points: self.needed(entry, "points", 1, MOST_POINTS)? },
            "sobol" => Kind::Sobol { points: self.needed(entry, "points", 1, MOST_SOBOL)? },
            "morris" => {
                let levels = self.whole(entry, "levels", 2, 1_000).unwrap_or(4);
                if levels % 2 == 1 {
                    self.say(entry.get("levels").unwrap_or(entry), "levels must be even", "4 is usual");
                }
                let levels = u32::try_from(levels).unwrap_or(4);
                Kind::Morris { trajectories: self.needed(entry, "trajectories", 1, MOST_POINTS)?, levels }
            }
            "saltelli" => Kind::Saltelli { points: self.needed(entry, "points", 1, MOST_SOBOL)? },
            _ => {
                let words = ["grid", "list", "latin_hypercube", "sobol", "morris", "saltelli"];
                let near: Vec<String> = rank(word, words.into_iter()).into_iter().map(str::to_owned).collect();
                let help = if near.is_empty() { String::new() } else { format!("did you mean {}?", either(&near)) };
                let place = entry.get("kind").unwrap_or(entry);
                self.say(place, format!("kind = {word:?} is not one of {}", words.join(", ")), &help);
                return None;
            }
        };
        let dimensions = if word == "saltelli" { 2 * factors.len() } else { factors.len() };
        if ["sobol", "saltelli"].contains(&word) && dimensions > MOST_DIMENSIONS {
            let title =
                format!("{} factors need {dimensions} dimensions, and there are {MOST_DIMENSIONS}", factors.len());
            self.say(entry, title, "use latin_hypercube, or fewer factors");
        }
        Some(Design { kind, seed })
    }

    /// The rows of a list. What a factor is that could not be read has been said, and its values are not looked at.
    fn rows(&mut self, entry: &Entry, factors: &[Factor], stated: usize) -> Option<Vec<Vec<Level>>> {
        let Some(list) = entry.get("rows").and_then(Entry::array).filter(|list| !list.is_empty()) else {
            self.say(
                entry,
                "a list needs rows",
                "write rows = [[0.1, \"2 years\"], [0.2, \"3 years\"]]: a value for each factor",
            );
            return None;
        };
        if factors.len() < stated {
            return None;
        }
        let mut rows = Vec::new();
        for row in list {
            let values = row.array().unwrap_or(&[]);
            if values.len() != factors.len() {
                let title = format!("this row has {} values, and there are {} factors", values.len(), factors.len());
                self.say(row, title, "a row has a value for each factor, in their order");
                return None;
            }
            let exchange = crate::ground::units::Exchange::default();
            let read = |(factor, value): (&Factor, &Entry)| {
                ValueReader::of(factor, &exchange).level(value, &mut self.problems)
            };
            rows.push(factors.iter().zip(values).map(read).collect::<Option<Vec<Level>>>()?);
        }
        Some(rows)
    }
}
