//! Files of evidence held against the scenarios they name: what each figure is tested by, in the unit of its outcome.

use super::file::{File, Settings, WrittenArm, WrittenExperiment, WrittenFact, WrittenFigure, WrittenSeries};
use super::{Arm, Card, Experiment, Fact, Figure, Place, Relation, Series, Test, Untested};
use crate::economy::policy::Clock;
use crate::experiment::amount;
use crate::experiment::outcome::Outcome;
use crate::experiment::written::{leaves, nearest, plain};
use crate::scenario::{Problem, Problems, Scenario};
use chrono::Datelike;
use std::ops::Range;
use toml::Spanned;

/// Why evidence cannot be made ready.
#[derive(Debug)]
pub enum Unready {
    /// What is wrong in a file, where.
    Wrong(String),
    /// What is wrong in a scenario, or in a setting that no file states.
    Scenario(Problems),
}

impl From<String> for Unready {
    fn from(words: String) -> Self {
        Unready::Wrong(words)
    }
}

/// How a scenario is read: the name of the file that names it, its path from there, settings on top.
pub type Load<'a> = &'a dyn Fn(&str, &str, &[String]) -> Result<Scenario, Problems>;

/// A setting, as `--set` takes it, and the file and place that state it, if one does.
#[derive(Clone)]
struct Set<'a> {
    text: String,
    stated: Option<(&'a File, Range<usize>)>,
}

fn settings<'a>(file: &'a File, set: &Settings) -> Vec<Set<'a>> {
    let of = |(key, set): (&String, &Spanned<toml::Value>)| leaves(key, set.get_ref(), &set.span());
    let one = |(key, value, place)| Set { text: format!("{key}={}", plain(&value)), stated: Some((file, place)) };
    set.iter().flat_map(of).map(one).collect()
}

/// What is wrong with a scenario, at the place of the evidence that names it or sets what is wrong; the problems
/// themselves, if they stand elsewhere.
fn blame(file: &File, scenario: &Spanned<String>, all: &[Set], problems: Problems) -> Unready {
    let told = |problem: &Problem| match (problems.place(problem), problems.setting(problem)) {
        (None, _) => Some(file.wrong(scenario, &problem.title, &problem.help)),
        (_, Some(number)) => {
            let (file, place) = all.get(number)?.stated.as_ref()?;
            Some(file.wrong_at(place.clone(), &problem.title, &problem.help))
        }
        _ => None,
    };
    let told: Vec<String> = problems.iter().filter_map(told).collect();
    if told.len() == problems.len() { Unready::Wrong(told.join("\n\n")) } else { Unready::Scenario(problems) }
}

/// Holds the words of all files against the scenarios they name; `more` is set last, for every experiment.
///
/// # Errors
/// What is wrong, where; or the first scenario that cannot be read.
pub fn prepare(files: &[File], is_quick: bool, more: &[String], load: Load) -> Result<Card, Unready> {
    let grain = files.iter().flat_map(|file| settings(file, &file.written.grain));
    let quick = files.iter().filter(|_| is_quick).flat_map(|file| settings(file, &file.written.quick));
    let more = more.iter().map(|text| Set { text: text.clone(), stated: None }).collect();
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

struct Reader<'a> {
    /// Set for every experiment, before its own settings.
    common: Vec<Set<'a>>,
    /// Set after them.
    more: Vec<Set<'a>>,
    card: Card,
    load: Load<'a>,
}

impl<'a> Reader<'a> {
    fn experiment(&mut self, file: &'a File, written: &'a WrittenExperiment) -> Result<(), Unready> {
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
            let named = arm.scenario.as_ref().unwrap_or(&written.scenario);
            let path = named.get_ref();
            let own = settings(file, &written.set).into_iter().chain(settings(file, &arm.set));
            let all: Vec<Set> = self.common.iter().cloned().chain(own).chain(self.more.iter().cloned()).collect();
            let texts: Vec<String> = all.iter().map(|set| set.text.clone()).collect();
            let scenario =
                (self.load)(&file.name, path, &texts).map_err(|problems| blame(file, named, &all, problems))?;
            let set: Vec<String> = texts.iter().map(|setting| format!(" --set '{setting}'")).collect();
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
            let near = nearest(name.get_ref(), known.iter().copied());
            let meant = if near.is_empty() { String::new() } else { format!("did you mean {near}? ") };
            file.wrong(name, "there is no such experiment", &format!("{meant}there are {}", known.join(", ")))
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
        Ok(Fact { known: written.known(), figures })
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
        let clock = Clock::of(&run);
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
            known: written.known(),
            unit: self.outcome(first).unit(),
            values: amounts,
            known_until,
            tolerance,
            places,
        })
    }
}
