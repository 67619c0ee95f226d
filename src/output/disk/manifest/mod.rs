//! What a stranger needs to verify a result: the scenario as resolved, seed, version, hashes.
//!
//! Every kind of result writes one of these, and what reads a result again reads the same.

pub mod world;

use crate::experiment::ensemble::Failure;
use crate::experiment::run::Results;
use crate::output::disk::manifest::world::World;
use crate::output::disk::unread::NotOurs;
use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// SHA-256 in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A file of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAbout {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many there are.
    #[serde(default)]
    pub bytes: u64,
}

impl FileAbout {
    /// What is said of a file with these bytes.
    pub fn of(bytes: &[u8]) -> FileAbout {
        FileAbout { sha256: hash(bytes), bytes: bytes.len() as u64 }
    }
}

/// The files of a result, by name.
pub type Files = BTreeMap<String, FileAbout>;

/// What is said of files in memory.
pub fn about(files: &[(String, Vec<u8>)]) -> Files {
    files.iter().map(|(name, bytes)| (name.clone(), FileAbout::of(bytes))).collect()
}

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
    /// Its files.
    pub files: Files,
}

/// Of a solution or a calibration, which make many runs and keep what they say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfSearch {
    /// The scenario.
    #[serde(flatten)]
    pub world: World,
    /// Solution or calibration.
    pub kind: Kind,
    /// The answer of a solution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solution: Option<Value>,
    /// What a calibration learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Value>,
    /// Its files.
    pub files: Files,
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

/// A manifest of any kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Manifest {
    /// Of one run.
    Run(OfRun),
    /// Of an ensemble.
    Ensemble(OfEnsemble),
    /// Of a comparison.
    Comparison(OfComparison),
    /// Of a solution or a calibration.
    Search(OfSearch),
    /// Of a sweep.
    Sweep(OfSweep),
    /// Of a report on a sweep.
    Report(OfReport),
}

impl Manifest {
    /// Reads one; which kind it is, its keys say.
    ///
    /// # Errors
    /// What is missing or of another type, in words.
    pub fn read(value: Value) -> Result<Manifest, NotOurs> {
        fn part<T: DeserializeOwned>(value: Value) -> Result<T, NotOurs> {
            let wrong = |error| NotOurs(format!("this is no manifest of a result: {error}"));
            serde_json::from_value(value).map_err(wrong)
        }
        let kind: Option<Kind> = value.get("kind").map(|kind| part(kind.clone())).transpose()?;
        Ok(match kind {
            Some(Kind::Comparison) => Manifest::Comparison(part(value)?),
            Some(Kind::Solution | Kind::Calibration) => Manifest::Search(part(value)?),
            Some(Kind::Sensitivity | Kind::Discovery | Kind::Validation) => Manifest::Report(part(value)?),
            None if value.get("plan_hash").is_some() => Manifest::Sweep(part(value)?),
            None if value.get("replicates").is_some() => Manifest::Ensemble(part(value)?),
            None => Manifest::Run(part(value)?),
        })
    }

    /// As `manifest.json` holds it: keys in the order of their letters.
    pub fn bytes(&self) -> Vec<u8> {
        as_text(&serde_json::to_value(self).expect("keys of manifests are texts"))
    }

    /// That of a report on the table of a sweep, with its name, hash and how many of its runs are done.
    pub fn of_report(kind: Kind, sweep: &str, table: &str, runs: &str, files: &[(String, Vec<u8>)]) -> Manifest {
        let [handover, sweep, table_sha256, runs] = [env!("CARGO_PKG_VERSION"), sweep, table, runs].map(str::to_owned);
        Manifest::Report(OfReport { handover, kind, sweep, table_sha256, runs, files: about(files) })
    }

    /// The files that it lists.
    pub fn files(&self) -> &Files {
        match self {
            Manifest::Run(OfRun { files, .. })
            | Manifest::Ensemble(OfEnsemble { files, .. })
            | Manifest::Comparison(OfComparison { files, .. })
            | Manifest::Search(OfSearch { files, .. })
            | Manifest::Sweep(OfSweep { files, .. })
            | Manifest::Report(OfReport { files, .. }) => files,
        }
    }
}

/// The manifest of a run, as JSON.
pub fn manifest(results: &Results, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let run = &results.scenario.parameters.run;
    let of = OfRun {
        world: World::of(&results.scenario),
        seeds: vec![Seed { seed: run.seed, replicate: run.replicate }],
        ticks: results.ticks,
        workers: results.workers,
        end: End::of(results),
        files: about(files),
    };
    Manifest::Run(of).bytes()
}

/// JSON as a file holds it. A tree of values always has a text, so no fault can leave an empty file.
pub(crate) fn as_text(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_manifest_read_and_written_is_the_same_to_the_byte() {
        let files = json!({"sweep.parquet": {"bytes": 7, "sha256": "ab"}});
        let sweep = json!({
            "handover": "0.1.0", "sweep": "doors", "title": "Doors", "question": "Which?", "plan": "[sweep]",
            "plan_hash": "cd", "settings": ["run.years=1"], "runs": "1 of 2", "is_complete": false, "files": files,
            "arms": [{"name": "base", "scenario_hash": "ef", "scenario_file": "[run]"}],
            "without_result": [{"point": 3, "arm": "base", "replicate": 0, "cause": "it broke"}],
        });
        let report = json!({
            "handover": "0.1.0", "kind": "discovery", "sweep": "doors", "table_sha256": "ab", "runs": "2", "files": files,
        });
        for value in [sweep, report] {
            let manifest = Manifest::read(value.clone()).unwrap();
            assert_eq!(manifest.files()["sweep.parquet"].bytes, 7);
            assert_eq!(manifest.bytes(), as_text(&value));
        }
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let missing = Manifest::read(json!({"plan_hash": "cd", "handover": "0.1.0"})).unwrap_err();
        assert!(missing.0.contains("missing field") && missing.0.contains("no manifest of a result"), "{missing}");
        let unknown = Manifest::read(json!({"kind": "poem"})).unwrap_err();
        assert!(unknown.0.contains("poem") && unknown.0.contains("comparison"), "{unknown}");
    }
}
