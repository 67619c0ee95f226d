//! The runs of a calibration: a population at a time, each on a replicate of its own; what was run before is not run
//! again.

use super::file::{Prepared, figures};
use super::{Answers, Wanted};
use crate::experiment::ensemble::{Failure, each, replicate_of};
use crate::experiment::run::{Stopped, run_for};
use crate::experiment::validate::run::{Row, one};
use crate::experiment::validate::{Card, Place};
use crate::experiment::watcher::Watcher;
use crate::scenario::Scenario;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

/// Where runs are kept, under the words of all they depend on.
pub trait Shelf<E>: Sync {
    /// What is kept of a run.
    fn take(&self, words: &[String]) -> Option<Vec<Option<f64>>>;

    /// Keeps a run.
    ///
    /// # Errors
    /// Why it cannot be kept, which ends the calibration.
    fn put(&self, words: &[String], outputs: &[Option<f64>]) -> Result<(), E>;
}

/// What is run.
pub enum Asked<'a, E> {
    /// The scenario, which is read with settings on top.
    Scenario(&'a (dyn Fn(&[String]) -> Result<Scenario, E> + Sync)),
    /// The experiments of some facts of the evidence, which is read with settings on top.
    Evidence(&'a (dyn Fn(&[String]) -> Result<Card, E> + Sync), &'a [&'a str]),
}

/// How runs are made, and kept.
pub struct Runs<'a, E> {
    /// Factors and targets.
    pub prepared: &'a Prepared,
    /// What is run.
    pub asked: Asked<'a, E>,
    /// Where runs are kept.
    pub shelf: &'a dyn Shelf<E>,
    /// Hears of each run that is done.
    pub watch: &'a dyn Watcher,
}

/// Why a population has no answers.
#[derive(Debug)]
pub enum Ended<E> {
    /// A scenario could not be read, or a run not be kept.
    Failed(E),
    /// Somebody wished to stop.
    Asked,
}

impl<E: Send> Runs<'_, E> {
    /// A whole population: what is kept is taken, the rest is run. Runs that failed have no answer, and are named.
    ///
    /// # Errors
    /// The first error of the reader or of the shelf, or the wish to stop.
    pub fn answer(&self, (first, places): Wanted) -> Result<(Answers, Vec<Failure>), Ended<E>> {
        let failed: Mutex<Option<E>> = Mutex::new(None);
        let mut answers: Answers = vec![None; places.len()];
        self.watch.say(format!("runs from {first} on"));
        let attendance = each(
            first,
            places.len() as u32,
            |number| {
                let stop = |failure: E| {
                    failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
                    Stopped::Asked(chrono::NaiveDate::default())
                };
                self.one(number, &places[(number - first) as usize], &stop)
            },
            |number, outputs| {
                answers[(number - first) as usize] = Some(outputs);
                ControlFlow::Continue(())
            },
        );
        match (attendance, failed.into_inner().unwrap_or_else(PoisonError::into_inner)) {
            (_, Some(failure)) => Err(Ended::Failed(failure)),
            (Ok(attendance), None) => Ok((answers, attendance.failures)),
            (Err(_), None) => Err(Ended::Asked),
        }
    }

    fn one(&self, number: u32, place: &[f64], stop: &dyn Fn(E) -> Stopped) -> Result<Row, Stopped> {
        let factors = self.prepared.factors.iter().zip(place);
        let settings: Vec<String> = factors.map(|((factor, dial), place)| dial.setting(factor.value(*place))).collect();
        match self.asked {
            Asked::Scenario(load) => {
                let scenario = replicate_of(&load(&settings).map_err(stop)?, number);
                self.kept(number, vec![scenario.hash.clone()], stop, || {
                    let wanted = self.prepared.targets.iter().map(|(_, outcome)| outcome.wanted()).collect();
                    let results = run_for(&scenario, wanted, |_| self.watch.goes_on())?;
                    Ok(self.prepared.targets.iter().map(|(_, outcome)| outcome.of(&results)).collect())
                })
            }
            Asked::Evidence(load, facts) => {
                let card = load(&settings).map_err(stop)?;
                let places: Vec<Place> =
                    figures(&card, facts).unwrap_or_default().into_iter().map(|(_, place)| place).collect();
                let needed = |experiment: usize| places.iter().any(|place| place.experiment == experiment);
                let needed: Vec<usize> = (0..card.experiments.len()).filter(|&place| needed(place)).collect();
                let arms = needed.iter().flat_map(|&place| &card.experiments[place].arms);
                self.kept(number, arms.map(|arm| arm.scenario.hash.clone()).collect(), stop, || {
                    let mut rows: Vec<Row> = vec![Row::new(); card.experiments.len()];
                    for &place in &needed {
                        rows[place] = one(&card.experiments[place], number, || self.watch.goes_on())?;
                    }
                    Ok(places.iter().map(|place| rows[place.experiment][place.outcome]).collect())
                })
            }
        }
    }

    /// What a run of these scenarios answers: taken from the shelf, or else simulated and kept.
    fn kept(
        &self,
        number: u32,
        mut words: Vec<String>,
        stop: &dyn Fn(E) -> Stopped,
        simulate: impl FnOnce() -> Result<Row, Stopped>,
    ) -> Result<Row, Stopped> {
        words.push(number.to_string());
        words.extend(self.prepared.targets.iter().map(|(_, outcome)| outcome.to_string()));
        let outputs = match self.shelf.take(&words) {
            Some(outputs) => outputs,
            None => {
                let outputs = simulate()?;
                self.shelf.put(&words, &outputs).map_err(stop)?;
                outputs
            }
        };
        self.watch.tick();
        Ok(outputs)
    }
}
