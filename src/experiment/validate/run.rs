//! Experiments are made: each replicate of all arms, and what is asked of it.

use super::{Arm, Experiment, Place};
use crate::experiment::ensemble::{Failure, each, replicate_of};
use crate::experiment::outcome::Outcome;
use crate::experiment::run::{Results, Stopped, run_for};
use crate::experiment::watcher::Watcher;
use std::ops::ControlFlow;

/// What an experiment answers: a row a replicate, a number for each of its outcomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Numbers by replicate and outcome; nothing where the model gives none.
    pub rows: Vec<Vec<Option<f64>>>,
    /// Replicates without results: bugs of ours.
    pub failures: Vec<Failure>,
}

impl Answers {
    /// The numbers of one outcome, as far as there are any.
    pub fn of(&self, outcome: usize) -> Vec<f64> {
        self.rows.iter().filter_map(|row| row.get(outcome).copied().flatten()).collect()
    }
}

/// The numbers of a place in the answers of all experiments.
pub fn numbers(answers: &[Answers], place: Place) -> Vec<f64> {
    answers.get(place.experiment).map_or_else(Vec::new, |answers| answers.of(place.outcome))
}

/// What one replicate answers: a number for each outcome of the experiment.
pub type Row = Vec<Option<f64>>;

/// Runs one replicate of an experiment; `goes_on` is asked after every tick of every arm.
///
/// # Errors
/// The wish to stop, or the breach of an identity.
pub fn one(experiment: &Experiment, number: u32, goes_on: impl Fn() -> bool) -> Result<Row, Stopped> {
    let wanted = experiment.outcomes.iter().map(Outcome::wanted).collect();
    let live = |arm: &Arm| run_for(&replicate_of(&arm.scenario, number), wanted, |_| goes_on());
    let worlds = experiment.arms.iter().map(live);
    let worlds: Vec<Results> = worlds.collect::<Result<_, Stopped>>()?;
    let worlds: Vec<&Results> = worlds.iter().collect();
    Ok(experiment.outcomes.iter().map(|outcome| outcome.of_arms(&worlds)).collect())
}

/// Runs so many replicates of an experiment; arms share their random numbers.
///
/// # Errors
/// The wish to stop.
pub fn make(experiment: &Experiment, replicates: u32, watch: &dyn Watcher) -> Result<Answers, Stopped> {
    let mut answers = Answers::default();
    let live = |number| one(experiment, number, || watch.tick());
    let attendance = each(0, replicates, live, |_, row: Row| {
        answers.rows.push(row);
        ControlFlow::Continue(())
    })?;
    answers.failures = attendance.failures;
    Ok(answers)
}
