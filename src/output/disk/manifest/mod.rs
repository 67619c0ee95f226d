//! What a stranger needs to verify a result: the scenario as resolved, seed, version, hashes.
//!
//! Every kind of result writes one of these, and what reads a result again reads the same.

mod files;
mod kinds;
pub mod world;

pub(crate) use files::as_text;
pub use files::{FileAbout, Files, about, hash};
pub use kinds::{
    End, Evidence, Found, Kind, Lacking, OfArm, OfComparison, OfEnsemble, OfReform, OfReport, OfRun, OfSearch, OfSweep,
    Replicate, Seed, UntilCi,
};

use crate::experiment::run::Results;
use crate::output::disk::manifest::world::World;
use crate::output::disk::unread::NotOurs;
use crate::output::only::Only;
use crate::scenario::Scenario;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

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

    /// That of a solution or a calibration of a scenario.
    pub fn of_search(scenario: &Scenario, found: Found, files: &[(String, Vec<u8>)]) -> Manifest {
        Manifest::Search(OfSearch { world: World::of(scenario), found, files: about(files) })
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
pub fn manifest(results: &Results, files: &[(String, Vec<u8>)], only: &Only) -> Vec<u8> {
    let run = &results.scenario.parameters.run;
    let of = OfRun {
        world: World::of(&results.scenario),
        seeds: vec![Seed { seed: run.seed, replicate: run.replicate }],
        ticks: results.ticks,
        workers: results.workers,
        end: End::of(results),
        only: only.clone(),
        files: about(files),
    };
    Manifest::Run(of).bytes()
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
