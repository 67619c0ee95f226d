//! What the manifest of each kind of result holds.

use super::files::Files;
use super::world::World;
use crate::experiment::ensemble::Failure;
use crate::experiment::run::Results;
use crate::output::only::Only;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The word by which a manifest names its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A comparison.
    Comparison,
    /// A lever's value for a target.
    Solution,
    /// A calibration.
    Calibration,
    /// What a sweep says about which inputs matter.
    Sensitivity,
    /// Boxes in words.
    Discovery,
    /// Facts of the world held against the model.
    Validation,
}

/// A seed and the number of its replicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Number of the replicate.
    pub replicate: u32,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// SHA-256 of the final state.
    pub state_hash: String,
    /// Micro-dollars that changed hands.
    pub money_moved_microdollars: String,
    /// Micro-dollars astray.
    pub money_discrepancy_microdollars: String,
}

impl End {
    /// How these results ended.
    pub fn of(results: &Results) -> End {
        End {
            state_hash: results.state_hash.clone(),
            money_moved_microdollars: results.money_moved.to_string(),
            money_discrepancy_microdollars: results.money_discrepancy.to_string(),
        }
    }
}

/// Of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfRun {
    /// The scenario.
    #[serde(flatten)]
    pub world: World,
    /// Its one seed.
    pub seeds: Vec<Seed>,
    /// Ticks simulated.
    pub ticks: usize,
    /// Agents.
    pub workers: usize,
    /// How it ended.
    #[serde(flatten)]
    pub end: End,
    /// What of it was asked for.
    #[serde(flatten)]
    pub only: Only,
    /// Its files.
    pub files: Files,
}

/// One replicate of an ensemble.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replicate {
    /// Its seed and number.
    #[serde(flatten)]
    pub seed: Seed,
    /// How it ended.
    #[serde(flatten)]
    pub end: End,
}

/// The precision that was asked for, and what was reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UntilCi {
    /// Metric.
    pub metric: String,
    /// Name of the region.
    pub region: String,
    /// Half-width at the end, where there are two replicates.
    pub half_width_reached: Option<f64>,
    /// Item.
    pub item: String,
    /// Half-width of the 95 % interval that is enough.
    pub half_width_asked: f64,
    /// Replicates simulated.
    pub replicates: usize,
}

/// Of an ensemble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfEnsemble {
    /// The scenario.
    #[serde(flatten)]
    pub world: World,
    /// How many there are, in words.
    pub replicates: String,
    /// Each of them.
    pub seeds: Vec<Replicate>,
    /// Those without results.
    pub failed: Vec<Failure>,
    /// The precision that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ci: Option<UntilCi>,
    /// What of it was asked for.
    #[serde(flatten)]
    pub only: Only,
    /// Its files.
    pub files: Files,
}

/// Shares of variance by grade of evidence, from the report of a sweep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The sweep they come from.
    pub sweep: String,
    /// How many factors it varies.
    pub factors: usize,
    /// What was looked at, and how much of it depends on which evidence; effects of arms before levels.
    pub says: Vec<(String, String)>,
}

/// A reform of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfReform {
    /// The scenario.
    #[serde(flatten)]
    pub world: World,
    /// When it can act, in words.
    pub acts: String,
    /// Regions that it names.
    pub regions_it_names: Vec<String>,
}

/// Of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfComparison {
    /// The base.
    #[serde(flatten)]
    pub world: World,
    /// Comparison.
    pub kind: Kind,
    /// How many replicates there are, in words.
    pub replicates: String,
    /// Numbers of those with results.
    pub done: Vec<u32>,
    /// What a sensitivity run said of the evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_of_sweep: Option<Evidence>,
    /// Those without.
    pub failed: Vec<Failure>,
    /// Other states of the world: what each sets.
    pub states: Vec<String>,
    /// The reforms.
    pub reforms: Vec<OfReform>,
    /// What of it was asked for.
    #[serde(flatten)]
    pub only: Only,
    /// Its files.
    pub files: Files,
}

/// Of a solution or a calibration, which make many runs and keep what they say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfSearch {
    /// The scenario.
    #[serde(flatten)]
    pub world: World,
    /// What was found.
    #[serde(flatten)]
    pub found: Found,
    /// Its files.
    pub files: Files,
}

/// What a search found, beside the word for its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Found {
    /// A lever's value for a target.
    Solution {
        /// The answer.
        solution: Value,
    },
    /// Values that fit.
    Calibration {
        /// What was learnt.
        calibration: Value,
    },
}

/// An arm of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfArm {
    /// Its name.
    pub name: String,
    /// SHA-256 of what its parameters mean.
    pub scenario_hash: String,
    /// Its scenario as one file.
    pub scenario_file: String,
}

/// A run of a sweep without a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// Number of the point.
    pub point: u64,
    /// Name of the arm.
    pub arm: String,
    /// Number of the replicate.
    pub replicate: u32,
    /// What ended it, in words.
    pub cause: String,
}

/// Of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfSweep {
    /// Version of the program that wrote it.
    pub handover: String,
    /// Its name.
    pub sweep: String,
    /// What was set besides.
    pub settings: Vec<String>,
    /// Its title.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// Its arms.
    pub arms: Vec<OfArm>,
    /// The plan as written.
    pub plan: String,
    /// SHA-256 of the plan.
    pub plan_hash: String,
    /// The first of those without a result.
    pub without_result: Vec<Lacking>,
    /// How many runs are done, in words.
    pub runs: String,
    /// Are all?
    pub is_complete: bool,
    /// The table.
    pub files: Files,
}

/// Of a report on a sweep's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfReport {
    /// Version of the program that wrote it.
    pub handover: String,
    /// Sensitivity or discovery.
    pub kind: Kind,
    /// Name of the sweep.
    pub sweep: String,
    /// SHA-256 of the table.
    pub table_sha256: String,
    /// How many of its runs are done, in words.
    pub runs: String,
    /// Its files.
    pub files: Files,
}
