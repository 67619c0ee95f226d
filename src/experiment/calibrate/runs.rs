//! The runs of a calibration: a population at a time, each on a replicate of its own; what was run before is not run
//! again.

use super::file::Prepared;
use super::{Answers, Wanted};
use crate::experiment::ensemble::{Failure, each, replicate_of};
use crate::experiment::run::{Stopped, run};
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

/// How runs are made, and kept.
pub struct Runs<'a, E> {
    /// Factors and targets.
    pub prepared: &'a Prepared,
    /// Reads the scenario with settings on top.
    pub load: &'a (dyn Fn(&[String]) -> Result<Scenario, E> + Sync),
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

    fn one(&self, number: u32, place: &[f64], stop: &dyn Fn(E) -> Stopped) -> Result<Vec<Option<f64>>, Stopped> {
        let factors = self.prepared.factors.iter().zip(place);
        let settings: Vec<String> = factors.map(|((factor, dial), place)| dial.setting(factor.value(*place))).collect();
        let scenario = (self.load)(&settings).map_err(stop)?;
        let scenario = replicate_of(&scenario, number);
        let targets = || self.prepared.targets.iter().map(|(_, outcome)| outcome);
        let mut words = vec![scenario.hash.clone(), number.to_string()];
        words.extend(targets().map(ToString::to_string));
        if let Some(outputs) = self.shelf.take(&words) {
            self.watch.tick();
            return Ok(outputs);
        }
        let results = run(&scenario, |_| self.watch.goes_on())?;
        let outputs: Vec<_> = targets().map(|outcome| outcome.of(&results)).collect();
        self.shelf.put(&words, &outputs).map_err(stop)?;
        self.watch.tick();
        Ok(outputs)
    }
}
