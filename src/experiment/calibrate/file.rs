//! The file of a calibration: factors with their priors, targets with value, tolerance and source.
//!
//! ```toml
//! [calibration]
//! name     = "my-question"
//! scenario = "../baseline.toml"
//!
//! [set]                              # like --set, for every run
//! "run.years" = "5 years"
//!
//! [[factor]]
//! key  = "learning.alpha"
//! low  = 0.15
//! high = 0.45
//!
//! [[target]]
//! name      = "vans in China, end of 2027"
//! outcome   = "at(2027-12, fleet[CHN, van])"
//! value     = "130 k robots"
//! tolerance = "40 k robots"
//! source    = "who says so"
//! fact      = "C4"                  # if it is one of [calibration] evidence = ["../evidence"]
//!
//! ```
//!
//! In place of targets of its own, a calibration may take whole facts, each with value, tolerance, source and experiment
//! of the evidence: `facts = ["C1", "C4"]` under `[calibration]`. A run is then one replicate of every experiment that
//! these facts need.

use super::Target;
use super::prior::{Factor, Scale};
use crate::experiment::amount;
use crate::experiment::outcome::Outcome;
use crate::experiment::validate::{Card, Place, Relation, Standing};
use crate::experiment::written::{at, leaves, plain, read};
use crate::scenario::Scenario;
use crate::scenario::dial::Dial;
use crate::scenario::plan::overlap;
use crate::scenario::{other, words};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Most factors: beyond that, populations of a laptop's size find nothing.
const MOST_FACTORS: usize = 20;

/// A file as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    calibration: Head,
    #[serde(default)]
    set: BTreeMap<String, Spanned<toml::Value>>,
    #[serde(default)]
    factor: Vec<WrittenFactor>,
    #[serde(default)]
    target: Vec<WrittenTarget>,
}

/// What a calibration says about itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Short name; the folder of its results.
    pub name: Spanned<String>,
    /// Title in words.
    #[serde(default)]
    pub title: String,
    /// The question it asks.
    #[serde(default)]
    pub question: String,
    /// The scenario whose numbers are doubtful, beside this file or above.
    pub scenario: Spanned<String>,
    /// The folders of evidence whose facts targets name.
    pub evidence: Option<Vec<String>>,
    /// Facts of the evidence that are all targets there are, each with its own experiment.
    #[serde(default)]
    pub facts: Vec<Spanned<String>>,
    /// Are experiments of the evidence made in its coarse worlds, those of `handover validate --quick`?
    #[serde(default)]
    pub quick: bool,
    /// Runs at most.
    pub budget: Option<u32>,
    /// Runs of a population.
    pub population: Option<u32>,
    /// Seed of the draws, and of the random numbers of runs.
    pub seed: Option<u64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFactor {
    key: Spanned<String>,
    low: Spanned<toml::Value>,
    high: Spanned<toml::Value>,
    #[serde(default)]
    scale: Scale,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTarget {
    name: Spanned<String>,
    outcome: Spanned<String>,
    value: Spanned<toml::Value>,
    tolerance: Spanned<toml::Value>,
    source: Spanned<String>,
    /// The fact of the evidence that it is.
    fact: Option<Spanned<String>>,
}

/// A file that has been read, its words not yet held against a scenario.
#[derive(Clone, Debug)]
pub struct File {
    name: String,
    text: String,
    written: Written,
}

/// Everything a calibration needs, held against its scenario.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Factors, each with how its key is read and written.
    pub factors: Vec<(Factor, Dial)>,
    /// Targets, each with what a run is asked, or an experiment of the evidence.
    pub targets: Vec<(Target, Outcome)>,
}

/// The figures of some facts of the evidence that can be tested, as targets, and where their numbers come from, in the
/// order of the facts.
///
/// # Errors
/// A fact of which nothing can be tested, or one that is a bound: what lies within has no distance.
pub fn figures(card: &Card, facts: &[&str]) -> Result<Vec<(Target, Place)>, String> {
    let mut found = Vec::new();
    for id in facts {
        let fact = card.facts.iter().find(|fact| fact.known.id == *id);
        let fact = fact.ok_or_else(|| format!("{id} is no fact with figures: a history is no target"))?;
        let before = found.len();
        for figure in &fact.figures {
            let Ok(test) = &figure.test else { continue };
            if test.relation != Relation::About {
                return Err(format!("{id} is a bound, and what lies within has no distance from it"));
            }
            let name = format!("{id} {}", figure.of).trim_end().to_owned();
            let source = fact.known.source.clone();
            found.push((Target { name, value: test.value, tolerance: test.tolerance, source }, test.place));
        }
        if found.len() == before {
            return Err(format!("no figure of {id} can be tested yet"));
        }
    }
    Ok(found)
}

impl File {
    /// Reads a file; `name` is what it is called in messages.
    ///
    /// # Errors
    /// What is wrong, where.
    pub fn read(name: &str, text: &str) -> Result<File, String> {
        let tables: toml::Table = text.parse().unwrap_or_default();
        if let Some((title, help)) = other::instead("calibration", |table| tables.contains_key(table)) {
            return Err(at(name, text, 0..0, &title, &help));
        }
        let written = read(name, text, "the tables are [calibration], [set], [[factor]] and [[target]]")?;
        let file = File { name: name.to_owned(), text: text.to_owned(), written };
        let head = &file.written.calibration;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let word = head.name.get_ref();
        if word.is_empty() || word.len() > 48 || !word.chars().all(fits) || words::fault(word).is_some() {
            let help = "use 1 to 48 lower-case letters, digits and hyphens: it names the folder of the results";
            return Err(file.wrong(&head.name, &format!("calibration.name cannot be {word:?}"), help));
        }
        let counts = [("budget", head.budget, 1), ("population", head.population, 10)];
        if let Some((key, ..)) = counts.into_iter().find(|(_, count, least)| count.is_some_and(|count| count < *least))
        {
            return Err(file.wrong(&head.name, &format!("calibration.{key} is too small"), "write, for example, 400"));
        }
        if let (Some(fact), false) = (head.facts.first(), file.written.target.is_empty()) {
            let help = "leave out one of the two; a [[target]] may name the fact that it is";
            return Err(file.wrong(fact, "there are both facts and [[target]]", help));
        }
        let has_no_target = file.written.target.is_empty() && head.facts.is_empty();
        for (noun, is_empty) in [("factor", file.written.factor.is_empty()), ("target", has_no_target)] {
            if is_empty {
                return Err(file.wrong(
                    &head.name,
                    &format!("there is no [[{noun}]]"),
                    "a calibration has at least one of each",
                ));
            }
        }
        if file.written.factor.len() > MOST_FACTORS {
            let words = format!("{} factors, and at most {MOST_FACTORS} may be", file.written.factor.len());
            return Err(file.wrong(&head.name, &words, "find those that matter with handover sensitivity first"));
        }
        Ok(file)
    }

    /// Demands that every fact that a target names may set parameters.
    ///
    /// # Errors
    /// The first that is held out, or is no fact of the evidence, and where.
    pub fn check_facts(&self, evidence: &BTreeMap<String, Standing>) -> Result<(), String> {
        let named = self.written.target.iter().filter_map(|target| target.fact.as_ref());
        for fact in named.chain(&self.written.calibration.facts) {
            let id = fact.get_ref();
            let known: Vec<&str> =
                evidence.iter().filter(|of| *of.1 == Standing::Used).map(|of| of.0.as_str()).collect();
            let used = format!("facts that are used are {}", known.join(", "));
            match evidence.get(id) {
                Some(Standing::Used) => {}
                Some(Standing::HeldOut) => {
                    let title = format!("the fact {id} is held out: nothing may be calibrated on it");
                    return Err(self.wrong(fact, &title, &used));
                }
                None if self.written.calibration.evidence.is_none() => {
                    let help = "add evidence = [\"../evidence\"] under [calibration], the folders that hold facts";
                    return Err(self.wrong(fact, "nothing says which evidence this fact is of", help));
                }
                None => return Err(self.wrong(fact, &format!("there is no fact {id:?}"), &used)),
            }
        }
        Ok(())
    }

    /// What it says about itself.
    pub fn head(&self) -> &Head {
        &self.written.calibration
    }

    /// What it sets for every run, as `--set` takes it.
    pub fn settings(&self) -> Vec<String> {
        let of = |(key, set): (&String, &Spanned<toml::Value>)| leaves(key, set.get_ref(), &set.span());
        let leaves = self.written.set.iter().flat_map(of);
        leaves.map(|(key, value, _)| format!("{key}={}", plain(&value))).collect()
    }

    /// The facts that are its targets, in place of targets of its own.
    pub fn facts(&self) -> Vec<&str> {
        self.written.calibration.facts.iter().map(|fact| fact.get_ref().as_str()).collect()
    }

    /// The targets that its facts are, each with the outcome of the experiment that gives it.
    ///
    /// # Errors
    /// A fact that is no target, and where it stands.
    pub fn targets_of(&self, card: &Card) -> Result<Vec<(Target, Outcome)>, String> {
        let mut targets = Vec::new();
        for fact in &self.written.calibration.facts {
            let found = figures(card, &[fact.get_ref().as_str()]).map_err(|words| self.wrong(fact, &words, ""))?;
            let outcome = |place: Place| card.experiments[place.experiment].outcomes[place.outcome].clone();
            targets.extend(found.into_iter().map(|(target, place)| (target, outcome(place))));
        }
        Ok(targets)
    }

    /// Holds its words against the scenario; facts of the evidence are no part of them ([`File::targets_of`]).
    ///
    /// # Errors
    /// What is wrong, where.
    pub fn prepare(&self, scenario: &Scenario) -> Result<Prepared, String> {
        let mut factors: Vec<(Factor, Dial)> = Vec::new();
        for written in &self.written.factor {
            let key = written.key.get_ref();
            let others = self.written.factor[..factors.len()]
                .iter()
                .map(|other| (other.key.get_ref().clone(), other.key.span()));
            let fixed = self
                .written
                .set
                .iter()
                .flat_map(|(key, set)| leaves(key, set.get_ref(), &set.span()))
                .map(|(key, _, place)| (key, place));
            if let Some((other, place)) = others.chain(fixed).find(|(other, _)| overlap(other, key)) {
                let line = self.text[..place.start].lines().count().max(1);
                let title = format!("{key} and {other} (at {}:{line}) set the same value", self.name);
                return Err(self.wrong(&written.key, &title, "keep one of the two"));
            }
            factors.push(self.factor(written, scenario)?);
        }
        let mut targets: Vec<(Target, Outcome)> = Vec::new();
        for written in &self.written.target {
            let name = written.name.get_ref();
            if targets.iter().any(|(target, _)| target.name == *name) {
                return Err(self.wrong(&written.name, &format!("two targets are called {name:?}"), "rename one"));
            }
            targets.push(self.target(written, scenario)?);
        }
        Ok(Prepared { factors, targets })
    }

    fn factor(&self, written: &WrittenFactor, scenario: &Scenario) -> Result<(Factor, Dial), String> {
        let key = written.key.get_ref();
        let dial = scenario.dial(key).map_err(|words| self.wrong(&written.key, &words.0, ""))?;
        let read = |value: &Spanned<toml::Value>| {
            let text = plain(value.get_ref());
            dial.read(&text).map_err(|words| self.wrong(value, &words, ""))
        };
        let (low, high) = (read(&written.low)?, read(&written.high)?);
        if low >= high {
            return Err(self.wrong(
                &written.low,
                &format!("{key}: low is not below high"),
                "write the lower value first",
            ));
        }
        if written.scale == Scale::Log && low <= 0.0 {
            let help = "nothing at or below zero has a logarithm; write scale = \"linear\", or a low above zero";
            return Err(self.wrong(&written.low, &format!("{key}: low is {}", plain(written.low.get_ref())), help));
        }
        Ok((Factor { key: key.clone(), low, high, scale: written.scale }, dial))
    }

    fn target(&self, written: &WrittenTarget, scenario: &Scenario) -> Result<(Target, Outcome), String> {
        let outcome = Outcome::read(written.outcome.get_ref(), scenario)
            .map_err(|words| self.wrong(&written.outcome, &words.0, ""))?;
        let read = |value: &Spanned<toml::Value>| {
            let text = plain(value.get_ref());
            amount::read(&text, outcome.unit(), &scenario.exchange()).map_err(|words| self.wrong(value, &words, ""))
        };
        let (value, tolerance) = (read(&written.value)?, read(&written.tolerance)?);
        if tolerance <= 0.0 {
            let help = "it is the standard deviation of what separates the model from the figure";
            return Err(self.wrong(&written.tolerance, "a tolerance lies above zero", help));
        }
        let (name, source) = (written.name.get_ref().clone(), written.source.get_ref().clone());
        if source.trim().is_empty() {
            let help = "say where the figure comes from, or that it is an assumption";
            return Err(self.wrong(&written.source, "a target has its source", help));
        }
        Ok((Target { name, value, tolerance, source }, outcome))
    }

    fn wrong<T>(&self, place: &Spanned<T>, title: &str, help: &str) -> String {
        at(&self.name, &self.text, place.span(), title, help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[calibration]
name = "a-test"
scenario = "../baseline.toml"

[set]
"run.years" = 2
"run.spin_up" = "8 weeks"

[[factor]]
key = "learning.alpha"
low = 0.15
high = 0.45

[[target]]
name = "unemployment"
outcome = "last(unemployment_rate[USA])"
value = "4.4 %"
tolerance = "0.5 pp"
source = "BLS"
"#;

    #[test]
    fn a_fact_that_is_held_out_is_no_target() {
        let evidence = BTreeMap::from([("C1".to_owned(), Standing::Used), ("H4".to_owned(), Standing::HeldOut)]);
        let read = |fact: &str, head: &str| {
            let text = GOOD.replace("source = \"BLS\"", &format!("source = \"BLS\"\nfact = \"{fact}\""));
            let text = text.replace("scenario =", &format!("{head}scenario ="));
            File::read("targets.toml", &text).unwrap()
        };
        let head = "evidence = [\"../evidence\"]\n";
        assert_eq!(read("C1", head).check_facts(&evidence), Ok(()));
        for (fact, head, place, words) in [
            ("H4", head, "targets.toml:22:8", "held out"),
            ("X9", head, "targets.toml:22:8", "facts that are used are C1"),
            ("C1", "", "targets.toml:21:8", "which evidence"),
        ] {
            let known = if head.is_empty() { &BTreeMap::new() } else { &evidence };
            let problem = read(fact, head).check_facts(known).unwrap_err();
            assert!(problem.contains(place) && problem.contains(words), "{fact}: {problem}");
        }
    }

    #[test]
    fn what_is_wrong_is_shown_where_it_stands() {
        let file = File::read("targets.toml", GOOD).unwrap();
        assert_eq!(file.settings(), ["run.spin_up=8 weeks", "run.years=2"]);
        for (from, to, words) in [
            ("name = \"a-test\"", "name = \"A Test\"", "targets.toml:3:8"),
            ("[[factor]]", "[[factors]]", "factors"),
            ("low = 0.15", "lo = 0.15", "lo"),
            ("source = \"BLS\"\n", "", "source"),
        ] {
            let shown = File::read("targets.toml", &GOOD.replace(from, to)).unwrap_err();
            assert!(shown.contains("targets.toml:") && shown.contains(words), "{to}:\n{shown}");
        }
    }
}
