//! What the replicates of a scenario answer, each with one number.

use crate::experiment::ensemble::{Failure, each, replicate_of};
use crate::experiment::outcome::Outcome;
use crate::experiment::run::{Stopped, run};
use crate::experiment::watcher::Watcher;
use crate::scenario::Scenario;
use std::ops::ControlFlow;

/// Why there is not a number of every replicate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Somebody wished to stop.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// A replicate failed: a bug of ours.
    #[error("replicate {} failed: {}", .0.replicate, .0.cause)]
    Failed(Failure),
    /// A replicate does not have the outcome.
    #[error("{outcome} has no value in replicate {replicate}; choose an outcome that every run has, or a longer run")]
    None {
        /// What was asked for, as it is written.
        outcome: String,
        /// Number of the replicate.
        replicate: u32,
    },
}

/// The outcome of every replicate, from the number `first` on.
///
/// # Errors
/// The wish to stop, or the first replicate that has no number.
pub fn answers(
    scenario: &Scenario,
    outcome: &Outcome,
    first: u32,
    replicates: u32,
    watch: &dyn Watcher,
) -> Result<Vec<f64>, NoAnswer> {
    let mut values = Vec::new();
    let live = |number| Ok(outcome.of(&run(&replicate_of(scenario, number), |_| watch.tick())?));
    let attendance = each(first, replicates, live, |number, value| {
        values.push((number, value));
        ControlFlow::Continue(())
    })?;
    if let Some(failure) = attendance.failures.into_iter().next() {
        return Err(NoAnswer::Failed(failure));
    }
    let known = |(replicate, value): (u32, Option<f64>)| {
        value.ok_or_else(|| NoAnswer::None { outcome: outcome.to_string(), replicate })
    };
    values.into_iter().map(known).collect()
}
