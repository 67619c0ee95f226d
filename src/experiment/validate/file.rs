//! Files of evidence: facts, histories, and the experiments that test them. All files of a folder are read together.
//!
//! ```toml
//! [[experiment]]
//! name     = "us-robots"
//! scenario = "../baseline.toml"          # from this file's folder
//! set      = { "run.years" = 10 }
//! [[experiment.arm]]                     # only for comparisons
//! name = "dear"
//! set  = { "robots.class.amr.price" = "200000 USD" }
//!
//! [[fact]]
//! id       = "C1"
//! what     = "A sidewalk delivery in the USA"
//! source   = "who says so"
//! mark     = "N"                         # V read, N from earlier reading, R recalled, D derived
//! standing = "used"                      # or "held_out"
//! says     = "Which rule hits or misses, and why."
//! [[fact.figure]]
//! value      = "6 USD/unit"
//! tolerance  = "0.5 USD/unit"            # one standard deviation; none where a bound is strict
//! relation   = "about"                   # or "at_least", "at_most"
//! experiment = "us-robots"
//! outcome    = "at(2027-03, cost_by_robot[USA, doorstep])"
//! # or, in place of the last two: cannot = "Why it cannot be tested yet."
//! ```

use super::{Arm, Card, Experiment, Fact, Figure, Place, Relation, Series, Standing, Test, Untested};
use crate::experiment::amount;
use crate::experiment::outcome::Outcome;
use crate::experiment::written::{at, leaves, plain};
use crate::scenario::{Scenario, words};
use chrono::Datelike;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

type Settings = BTreeMap<String, Spanned<toml::Value>>;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Set for every experiment, before its own settings.
    #[serde(default)]
    grain: Settings,
    /// The same for a quick look.
    #[serde(default)]
    quick: Settings,
    #[serde(default)]
    experiment: Vec<WrittenExperiment>,
    #[serde(default)]
    fact: Vec<WrittenFact>,
    #[serde(default)]
    series: Vec<WrittenSeries>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenExperiment {
    name: Spanned<String>,
    scenario: Spanned<String>,
    #[serde(default)]
    set: Settings,
    /// What was known, and who says so.
    #[serde(default)]
    given: Vec<String>,
    #[serde(default)]
    arm: Vec<WrittenArm>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenArm {
    name: Spanned<String>,
    scenario: Option<Spanned<String>>,
    #[serde(default)]
    set: Settings,
}

/// How a number was learnt.
#[derive(Clone, Copy, Debug, Deserialize)]
enum Mark {
    V,
    N,
    R,
    D,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFact {
    id: Spanned<String>,
    what: Spanned<String>,
    source: Spanned<String>,
    mark: Mark,
    standing: Standing,
    says: Spanned<String>,
    #[serde(default)]
    figure: Vec<WrittenFigure>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFigure {
    #[serde(default)]
    of: String,
    value: Spanned<toml::Value>,
    tolerance: Option<Spanned<toml::Value>>,
    #[serde(default)]
    relation: Relation,
    experiment: Option<Spanned<String>>,
    outcome: Option<Spanned<String>>,
    cannot: Option<Spanned<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSeries {
    id: Spanned<String>,
    what: Spanned<String>,
    source: Spanned<String>,
    mark: Mark,
    standing: Standing,
    says: Spanned<String>,
    experiment: Spanned<String>,
    /// With YEAR where each year stands.
    outcome: Spanned<String>,
    tolerance: Spanned<toml::Value>,
    known_until: Spanned<i32>,
    values: BTreeMap<String, Spanned<toml::Value>>,
}

/// A file that has been read, its words not yet held against scenarios.
#[derive(Clone, Debug)]
pub struct File {
    name: String,
    text: String,
    written: Written,
}

/// Why evidence cannot be made ready.
#[derive(Debug)]
pub enum Unready<E> {
    /// What is wrong in a file, where.
    Wrong(String),
    /// A scenario cannot be read.
    Scenario(E),
}

impl<E> From<String> for Unready<E> {
    fn from(words: String) -> Self {
        Unready::Wrong(words)
    }
}

/// How a scenario is read: the name of the file that names it, its path from there, settings on top.
pub type Load<'a, E> = &'a dyn Fn(&str, &str, &[String]) -> Result<Scenario, E>;

impl File {
    /// Reads a file; `name` is what it is called in messages.
    ///
    /// # Errors
    /// What is wrong, where.
    pub fn read(name: &str, text: &str) -> Result<File, String> {
        let tables = "the tables are [grain], [quick], [[experiment]], [[fact]] and [[series]]";
        let written: Written = toml::from_str(text)
            .map_err(|error| at(name, text, error.span().unwrap_or(0..0), error.message(), tables))?;
        let hidden = words::hidden_in(name, text);
        if !hidden.is_empty() {
            return Err(hidden.to_string());
        }
        let file = File { name: name.to_owned(), text: text.to_owned(), written };
        for fact in &file.written.fact {
            file.check_said([&fact.id, &fact.what, &fact.source, &fact.says])?;
            if fact.figure.is_empty() {
                return Err(file.wrong(&fact.id, "a fact has at least one [[fact.figure]]", ""));
            }
            for figure in &fact.figure {
                file.check_figure(figure)?;
            }
        }
        for series in &file.written.series {
            file.check_said([&series.id, &series.what, &series.source, &series.says])?;
            if !series.outcome.get_ref().contains("YEAR") {
                let help = "write for example \"at(YEAR-12, employed[USA, courier])\"";
                return Err(file.wrong(
                    &series.outcome,
                    "the outcome of a series has YEAR where each year stands",
                    help,
                ));
            }
        }
        Ok(file)
    }

    fn check_said(&self, texts: [&Spanned<String>; 4]) -> Result<(), String> {
        match texts.into_iter().find(|text| text.get_ref().trim().is_empty()) {
            Some(empty) => {
                Err(self.wrong(empty, "nothing is said here", "a fact has its name, its source and a sentence"))
            }
            None => Ok(()),
        }
    }

    fn check_figure(&self, figure: &WrittenFigure) -> Result<(), String> {
        let help = "write experiment and outcome, or cannot = \"why it cannot be tested yet\"";
        match (&figure.experiment, &figure.outcome, &figure.cannot) {
            (Some(_), Some(_), None) => Ok(()),
            (None, None, Some(why)) if !why.get_ref().trim().is_empty() => Ok(()),
            (_, _, Some(why)) => {
                Err(self.wrong(why, "a figure is either tested, or it is said why it cannot be", help))
            }
            _ => Err(self.wrong(&figure.value, "nothing says how this figure is tested", help)),
        }
    }

    fn wrong<T>(&self, place: &Spanned<T>, title: &str, help: &str) -> String {
        at(&self.name, &self.text, place.span(), title, help)
    }

    /// Facts and series by their short names, with their standing.
    pub fn standings(&self) -> impl Iterator<Item = (&str, Standing)> {
        let facts = self.written.fact.iter().map(|fact| (fact.id.get_ref().as_str(), fact.standing));
        facts.chain(self.written.series.iter().map(|series| (series.id.get_ref().as_str(), series.standing)))
    }
}

fn settings(set: &Settings) -> Vec<String> {
    let of = |(key, set): (&String, &Spanned<toml::Value>)| leaves(key, set.get_ref(), &set.span());
    set.iter().flat_map(of).map(|(key, value, _)| format!("{key}={}", plain(&value))).collect()
}

/// Holds the words of all files against the scenarios they name; `more` is set last, for every experiment.
///
/// # Errors
/// What is wrong, where; or the first scenario that cannot be read.
pub fn prepare<E>(files: &[File], is_quick: bool, more: &[String], load: Load<E>) -> Result<Card, Unready<E>> {
    let grain = files.iter().flat_map(|file| settings(&file.written.grain));
    let quick = files.iter().filter(|_| is_quick).flat_map(|file| settings(&file.written.quick));
    let mut reader = Reader { common: grain.chain(quick).collect(), more, card: Card::default(), load };
    for file in files {
        for written in &file.written.experiment {
            reader.experiment(file, written)?;
        }
    }
    let mut known: Vec<&str> = Vec::new();
    for file in files {
        let names = file.written.fact.iter().map(|fact| &fact.id).chain(file.written.series.iter().map(|s| &s.id));
        for id in names {
            if known.contains(&id.get_ref().as_str()) {
                return Err(file.wrong(id, &format!("{:?} is there twice", id.get_ref()), "rename one").into());
            }
            known.push(id.get_ref());
        }
        for written in &file.written.fact {
            let fact = reader.fact(file, written)?;
            reader.card.facts.push(fact);
        }
        for written in &file.written.series {
            let series = reader.series(file, written)?;
            reader.card.series.push(series);
        }
    }
    Ok(reader.card)
}

struct Reader<'a, E> {
    /// Set for every experiment, before its own settings.
    common: Vec<String>,
    /// Set after them.
    more: &'a [String],
    card: Card,
    load: Load<'a, E>,
}

impl<E> Reader<'_, E> {
    fn experiment(&mut self, file: &File, written: &WrittenExperiment) -> Result<(), Unready<E>> {
        let name = written.name.get_ref();
        if self.card.experiments.iter().any(|known| known.name == *name) {
            return Err(file
                .wrong(&written.name, &format!("two experiments are called {name:?}"), "rename one")
                .into());
        }
        let alone = [WrittenArm { name: Spanned::new(0..0, String::new()), scenario: None, set: Settings::new() }];
        let arms = if written.arm.is_empty() { &alone[..] } else { &written.arm };
        let (mut commands, mut read): (Vec<String>, Vec<Arm>) = (Vec::new(), Vec::new());
        for arm in arms {
            let name = arm.name.get_ref().clone();
            if read.iter().any(|known| known.name == name) {
                return Err(file.wrong(&arm.name, &format!("two arms are called {name:?}"), "rename one").into());
            }
            let path = arm.scenario.as_ref().unwrap_or(&written.scenario).get_ref();
            let own = settings(&written.set).into_iter().chain(settings(&arm.set));
            let all: Vec<String> = self.common.iter().cloned().chain(own).chain(self.more.iter().cloned()).collect();
            let scenario = (self.load)(&file.name, path, &all).map_err(Unready::Scenario)?;
            let set: Vec<String> = all.iter().map(|setting| format!(" --set '{setting}'")).collect();
            let file_name = path.rsplit('/').next().unwrap_or(path);
            commands.push(format!("handover run scenarios/{file_name}{}", set.concat()));
            read.push(Arm { name, scenario });
        }
        self.card.experiments.push(Experiment {
            name: name.clone(),
            given: written.given.clone(),
            commands,
            arms: read,
            outcomes: Vec::new(),
        });
        Ok(())
    }

    /// Which experiment a name means.
    fn named(&self, file: &File, name: &Spanned<String>) -> Result<usize, String> {
        let found = self.card.experiments.iter().position(|known| known.name == *name.get_ref());
        found.ok_or_else(|| {
            let known: Vec<&str> = self.card.experiments.iter().map(|known| known.name.as_str()).collect();
            file.wrong(name, "there is no such experiment", &format!("there are {}", known.join(", ")))
        })
    }

    /// Reads an outcome of an experiment, and asks for it.
    fn ask(&mut self, file: &File, experiment: usize, text: &str, place: &Spanned<String>) -> Result<Place, String> {
        let asked = &mut self.card.experiments[experiment];
        let arms: Vec<(&str, &Scenario)> = asked.arms.iter().map(|arm| (arm.name.as_str(), &arm.scenario)).collect();
        let outcome = Outcome::read_in(text, &arms).map_err(|words| file.wrong(place, &words.0, ""))?;
        let known = asked.outcomes.iter().position(|known| *known == outcome);
        let outcome = known.unwrap_or_else(|| {
            asked.outcomes.push(outcome);
            asked.outcomes.len() - 1
        });
        Ok(Place { experiment, outcome })
    }

    fn outcome(&self, place: Place) -> &Outcome {
        &self.card.experiments[place.experiment].outcomes[place.outcome]
    }

    /// Reads an amount in the unit of an outcome.
    fn amount(&self, file: &File, value: &Spanned<toml::Value>, place: Place) -> Result<f64, String> {
        let exchange = self.card.experiments[place.experiment].arms[0].scenario.exchange();
        let read = amount::read(&plain(value.get_ref()), self.outcome(place).unit(), &exchange);
        read.map_err(|words| file.wrong(value, &words, ""))
    }

    fn fact(&mut self, file: &File, written: &WrittenFact) -> Result<Fact, String> {
        let mut figures = Vec::new();
        for figure in &written.figure {
            let test = match (&figure.experiment, &figure.outcome) {
                (Some(experiment), Some(outcome)) => Ok(self.test(file, figure, experiment, outcome)?),
                _ => Err(Untested {
                    value: plain(figure.value.get_ref()),
                    why: figure.cannot.as_ref().map_or_else(String::new, |why| why.get_ref().clone()),
                }),
            };
            figures.push(Figure { of: figure.of.clone(), test });
        }
        Ok(Fact {
            id: written.id.get_ref().clone(),
            what: written.what.get_ref().clone(),
            source: written.source.get_ref().clone(),
            mark: format!("{:?}", written.mark),
            standing: written.standing,
            says: written.says.get_ref().clone(),
            figures,
        })
    }

    fn test(
        &mut self,
        file: &File,
        figure: &WrittenFigure,
        experiment: &Spanned<String>,
        outcome: &Spanned<String>,
    ) -> Result<Test, String> {
        let experiment = self.named(file, experiment)?;
        let place = self.ask(file, experiment, outcome.get_ref(), outcome)?;
        let value = self.amount(file, &figure.value, place)?;
        let tolerance = match &figure.tolerance {
            Some(tolerance) => {
                let found = self.amount(file, tolerance, place)?;
                if found <= 0.0 {
                    return Err(file.wrong(tolerance, "a tolerance lies above zero", "it is one standard deviation"));
                }
                found
            }
            None if figure.relation == Relation::About => {
                let help = "add tolerance = \"...\", one standard deviation of it";
                return Err(file.wrong(&figure.value, "nothing says how well this figure is known", help));
            }
            None => 0.0,
        };
        Ok(Test { place, value, tolerance, relation: figure.relation })
    }

    fn series(&mut self, file: &File, written: &WrittenSeries) -> Result<Series, String> {
        let experiment = self.named(file, &written.experiment)?;
        let run = self.card.experiments[experiment].arms[0].scenario.parameters.run.clone();
        let clock = crate::economy::policy::Clock::of(&run);
        let (mut values, mut places) = (Vec::new(), Vec::new());
        for (key, value) in &written.values {
            let is_year = |year: &i32| (1900..2200).contains(year);
            let Some(year) = key.parse().ok().filter(is_year) else {
                return Err(file.wrong(
                    value,
                    &format!("{key:?} is no year"),
                    "write for example 2019 = \"0.81 M persons\"",
                ));
            };
            // whole years of the run
            let first = chrono::NaiveDate::from_ymd_opt(year, 1, 1);
            let is_run = first.is_some_and(|first| clock.start <= first) && year < clock.end().year();
            let text = written.outcome.get_ref().replace("YEAR", key);
            if is_run {
                places.push((year, self.ask(file, experiment, &text, &written.outcome)?));
            }
            values.push((year, value));
        }
        let Some(&(_, first)) = places.first() else {
            return Err(file.wrong(&written.experiment, "the run reaches no year of this series", ""));
        };
        let mut amounts = Vec::new();
        for (year, value) in values {
            let amount = self.amount(file, value, first)?;
            if amount <= 0.0 {
                return Err(file.wrong(value, "a value of a series lies above zero", "its logarithm is taken"));
            }
            amounts.push((year, amount));
        }
        let known_until = *written.known_until.get_ref();
        if !amounts.iter().any(|(year, _)| *year == known_until) {
            let help = "forecasts begin at the last value they know";
            return Err(file.wrong(&written.known_until, "the series has no value of this year", help));
        }
        let exchange = self.card.experiments[experiment].arms[0].scenario.exchange();
        let tolerance = amount::read(&plain(written.tolerance.get_ref()), "share", &exchange)
            .map_err(|words| file.wrong(&written.tolerance, &words, ""))?;
        if tolerance <= 0.0 {
            return Err(file.wrong(&written.tolerance, "a tolerance lies above zero", "a share of each value"));
        }
        Ok(Series {
            id: written.id.get_ref().clone(),
            what: written.what.get_ref().clone(),
            source: written.source.get_ref().clone(),
            mark: format!("{:?}", written.mark),
            standing: written.standing,
            says: written.says.get_ref().clone(),
            unit: self.outcome(first).unit(),
            values: amounts,
            known_until,
            tolerance,
            places,
        })
    }
}
