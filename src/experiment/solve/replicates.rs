//! What the replicates of a scenario answer, each with one number.

use crate::experiment::ensemble::{Failure, each, replicate_of};
use crate::experiment::origin::{Alike, Origin};
use crate::experiment::outcome::Outcome;
use crate::experiment::run::{Stopped, go_on};
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

/// Replicates that are simulated again and again, of scenarios that differ by one number.
#[derive(Debug)]
pub struct Replicates {
    /// Number of the first.
    first: u32,
    /// What the scenarios have in common, replicate by replicate.
    origins: Vec<Origin>,
    /// What each is asked.
    outcome: Outcome,
}

impl Replicates {
    /// So many of them, from the number `first` on, of scenarios that are `alike`; each is asked for the outcome.
    pub fn of(first: u32, count: u32, alike: Alike, outcome: Outcome) -> Replicates {
        // how often each will be wanted is not known
        let origin = |_| Origin::of(alike, u64::MAX, u64::from(count), outcome.wanted());
        Replicates { first, origins: (0..count).map(origin).collect(), outcome }
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.origins.len() as u32
    }

    /// Runs so far that were forked from where another parted from them.
    pub fn forked(&self) -> u64 {
        self.origins.iter().map(Origin::forked).sum()
    }

    /// The outcome of every replicate of one of the scenarios.
    ///
    /// # Errors
    /// The wish to stop, or the first replicate that has no number.
    pub fn answers(&self, scenario: &Scenario, watch: &dyn Watcher) -> Result<Vec<f64>, NoAnswer> {
        let outcome = &self.outcome;
        let mut values = Vec::new();
        let live = |number: u32| {
            let (scenario, mut ticked) = (replicate_of(scenario, number), 0);
            let economy = self.origins[(number - self.first) as usize].begin(&scenario, || {
                ticked += 1;
                watch.tick()
            })?;
            (ticked..economy.lived()).for_each(|_| watch.skip());
            Ok(outcome.of(&go_on(&scenario, economy, |_, _| watch.tick())?))
        };
        let attendance = each(self.first, self.origins.len() as u32, live, |number, value| {
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
}
