//! Sweeps: many runs of a plan on common random numbers, and the table they make.
//!
//! A run of a sweep is named by point, arm and replicate, and by its number in that order; none of them is kept
//! in a list. Seed and replicate are the same at every point and in every arm, so that the difference of two
//! runs is that of their values.

pub mod design;
pub mod table;
pub mod turns;

use super::MODEL_DIGEST;
use super::checkpoint::{begin_alike, later};
use super::outcome::{NoOutcome, Outcome};
use super::run::Results;
use crate::observe::indicators::Wanted;
use crate::scenario::plan::{Arm, Factor, Level, NoPoint, Plan};
use crate::scenario::{Reader, Scenario, remake};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use table::{OutputColumn, Table};

/// A plan with its outcomes read.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The plan.
    pub plan: Plan,
    /// One for each output.
    pub outcomes: Vec<Outcome>,
    points: u64,
    /// By arm, the first that has the same founding and spin-up.
    beginnings: Vec<usize>,
}

/// A run of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Number of the point.
    pub point: u64,
    /// Index of the arm.
    pub arm: usize,
    /// Number of the replicate.
    pub replicate: u32,
}

/// What a run leaves behind in a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Hash of the final state: two runs with one key have one.
    pub state_hash: String,
    /// Each outcome by its canonical line; nothing where it does not exist.
    pub outcomes: BTreeMap<String, Option<f64>>,
}

crate::said! {
    /// Why a plan cannot be run.
    NoSweep
}

impl Sweep {
    /// A sweep of a plan.
    ///
    /// # Errors
    /// Which output cannot be read, in words; too many runs to count.
    pub fn new(plan: Plan) -> Result<Sweep, NoSweep> {
        let base = &plan.arms[0].base;
        let outcomes = plan.outputs.iter().map(|output| Outcome::read(&output.value, base)).collect::<Result<_, _>>();
        let outcomes = outcomes.map_err(|no: NoOutcome| NoSweep(no.0))?;
        let points = design::count(&plan.design, &plan.factors);
        let each = plan.arms.len() as u64 * u64::from(plan.replicates);
        if points.checked_mul(each).is_none_or(|runs| runs == u64::MAX) {
            return Err(NoSweep("the plan has more runs than can be counted; take fewer points".to_owned()));
        }
        let like = |arm: &Arm| plan.arms.iter().position(|other| begin_alike(&other.base, &arm.base));
        let beginnings = plan.arms.iter().map(|arm| like(arm).expect("it is like itself")).collect();
        Ok(Sweep { plan, outcomes, points, beginnings })
    }

    /// Is a factor of the plan read by no founding and no spin-up?
    pub fn is_later(&self, factor: &Factor) -> bool {
        factor.keys.iter().all(|key| later::is_later(key))
    }

    /// What the founding and spin-up of a run follow from, in words: the same words, the same beginning.
    pub fn beginning(&self, job: Job) -> String {
        let values = self.values(job.point);
        let early = self.plan.factors.iter().zip(&values).filter(|(factor, _)| !self.is_later(factor));
        let early: Vec<&Level> = early.map(|(_, value)| value).collect();
        format!("{} {} {early:?}", self.beginnings[job.arm], job.replicate)
    }

    /// What its outcomes read of a run: nothing else is recorded.
    pub fn wanted(&self) -> Wanted {
        self.outcomes.iter().map(Outcome::wanted).collect()
    }

    /// How many points the design has.
    pub fn points(&self) -> u64 {
        self.points
    }

    /// How many runs there are.
    pub fn runs(&self) -> u64 {
        self.points * self.plan.arms.len() as u64 * u64::from(self.plan.replicates)
    }

    /// The run of a number below [`Sweep::runs`].
    pub fn job(&self, number: u64) -> Job {
        let (arms, replicates) = (self.plan.arms.len() as u64, u64::from(self.plan.replicates));
        let (rest, replicate) = (number / replicates, number % replicates);
        // both are below bounds of their types
        Job { point: rest / arms, arm: (rest % arms) as usize, replicate: replicate as u32 }
    }

    /// Values of the factors at a point.
    pub fn values(&self, point: u64) -> Vec<Level> {
        design::point(&self.plan.design, &self.plan.factors, point)
    }

    /// The scenario of a run.
    ///
    /// # Errors
    /// Why the values of its point cannot run together, in a sentence.
    pub fn scenario(&self, job: Job, reader: Reader) -> Result<Scenario, NoPoint> {
        let scenario = self.plan.scenario(&self.plan.arms[job.arm], &self.values(job.point), reader)?;
        remake(&scenario, |run| {
            run.seed = self.plan.seed;
            run.replicate = job.replicate;
        })
        .map_err(|fault| NoPoint(fault.to_string()))
    }

    /// What is kept of a run.
    pub fn found(&self, results: &Results) -> Found {
        let outcomes = self.outcomes.iter().map(|outcome| (outcome.to_string(), outcome.of(results)));
        Found { state_hash: results.state_hash.clone(), outcomes: outcomes.collect() }
    }

    /// The table without its rows.
    pub fn empty_table(&self) -> Table {
        let plan = &self.plan;
        let column = |(output, outcome): (&crate::scenario::plan::Output, &Outcome)| OutputColumn {
            name: output.name.clone(),
            outcome: outcome.to_string(),
            unit: outcome.unit().to_owned(),
            meaning: outcome.meaning(),
        };
        Table {
            name: plan.name.clone(),
            title: plan.title.clone(),
            design: plan.design.clone(),
            factors: plan.factors.clone(),
            arms: plan.arms.iter().map(|arm| arm.name.clone()).collect(),
            replicates: plan.replicates,
            seed: plan.seed,
            outputs: plan.outputs.iter().zip(&self.outcomes).map(column).collect(),
            rows: Vec::new(),
        }
    }
}

/// The key of a run: a hash of this version, of the model's sources, and of what the scenario means, its seed and
/// replicate included.
pub fn key(scenario: &Scenario) -> String {
    key_by(MODEL_DIGEST, scenario)
}

/// The key of a run of a model with this digest.
pub fn key_by(model: &str, scenario: &Scenario) -> String {
    let text = format!("handover {}\nmodel {model}\nscenario {}\n", env!("CARGO_PKG_VERSION"), scenario.hash);
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

/// A part of all runs, for one of several machines: every k-th of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Shard {
    /// All runs.
    pub const WHOLE: Shard = Shard { number: 1, of: 1 };

    /// Reads "3/20".
    ///
    /// # Errors
    /// What is wrong, and what to write.
    pub fn read(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(k, n)| Some((k.trim().parse().ok()?, n.trim().parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Shard { number, of }),
            _ => Err(format!("{text:?} is no part of a whole; write k/n with k from 1 to n, for example 3/20")),
        }
    }

    /// How many of so many runs are its own.
    pub fn size(self, runs: u64) -> u64 {
        (runs + self.of - self.number) / self.of
    }

    /// The number of its `place`-th run.
    pub fn run(self, place: u64) -> u64 {
        place * self.of + self.number - 1
    }

    /// Which of so many shards a run belongs to.
    pub fn that_has(run: u64, of: u64) -> u64 {
        run % of + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_all_runs_once() {
        for (runs, of) in [(10, 3), (3, 10), (200, 20), (0, 2), (7, 1)] {
            let mut all: Vec<u64> = (1..=of)
                .flat_map(|number| {
                    let shard = Shard { number, of };
                    (0..shard.size(runs)).map(move |place| shard.run(place))
                })
                .collect();
            assert!(all.iter().all(|&run| Shard { number: Shard::that_has(run, of), of }.run(run / of) == run));
            all.sort_unstable();
            assert_eq!(all, (0..runs).collect::<Vec<_>>(), "{runs} {of}");
        }
        assert_eq!(Shard::read("3/20"), Ok(Shard { number: 3, of: 20 }));
        for text in ["0/20", "21/20", "3", "a/b", "1/0", ""] {
            assert!(Shard::read(text).unwrap_err().contains("3/20"), "{text}");
        }
    }
}
