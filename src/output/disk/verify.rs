//! Is a result what its manifest says, and what its scenario gives?
//!
//! Two questions, asked apart: are the files those that were written (their hashes), and does running the
//! scenario of the manifest again give the same bytes?

use crate::experiment::ensemble::{Attendance, Precision};
use crate::observe::indicators::NoMetric;
use crate::output::disk::manifest::Evidence;
use crate::output::disk::manifest::world::World;
use crate::output::disk::manifest::{FileAbout, Manifest, OfComparison, OfEnsemble, OfRun, UntilCi, hash};
use crate::output::disk::ours;
use crate::output::disk::unread::Unread;
use crate::output::only::Only;
use crate::scenario::{Problems, Scenario, load};
use std::collections::BTreeMap;
use std::path::Path;

/// What a manifest says.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Version of the program that wrote it.
    pub version: String,
    /// SHA-256 of each file, by name.
    pub files: BTreeMap<String, String>,
    /// What kind of result it is.
    pub kind: Kind,
    /// The scenario as resolved; of a comparison, the base.
    pub scenario: Scenario,
    /// What of it was asked for.
    pub only: Only,
    /// The manifest, byte for byte.
    pub bytes: Vec<u8>,
}

/// Kinds of results, each with what it takes to make it again.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One run.
    Run,
    /// Many replicates.
    Ensemble {
        /// Who was there.
        attendance: Attendance,
        /// The precision that ended it.
        precision: Option<Precision>,
    },
    /// The same people in several worlds.
    Comparison {
        /// Who was there.
        attendance: Attendance,
        /// The reforms as resolved.
        reforms: Vec<Scenario>,
        /// Other states of the world: what each sets.
        states: Vec<String>,
        /// What a sensitivity run said of the evidence.
        evidence: Option<Evidence>,
    },
    /// A solution or a calibration: many runs, of which the answer is kept.
    Search,
}

/// Reads the manifest of a result.
///
/// # Errors
/// What is missing or cannot be read, with the path.
pub fn read(folder: &Path) -> Result<Recorded, Unread> {
    let path = folder.join("manifest.json");
    let bytes = ours::read(folder, "manifest.json", ours::MOST_MANIFEST_BYTES)
        .map_err(|error| Unread::no_result(folder, &error))?;
    let value = ours::json(&bytes).map_err(|error| Unread::wrong(&path, format!("not a manifest: {error}")))?;
    let manifest = Manifest::read(value).map_err(String::from);
    manifest.and_then(|manifest| recorded(manifest, bytes)).map_err(|error| Unread::wrong(&path, error))
}

fn recorded(manifest: Manifest, bytes: Vec<u8>) -> Result<Recorded, String> {
    let of_file = |(name, about): (&String, &FileAbout)| {
        ours::inside(name)?;
        Ok((name.clone(), about.sha256.clone()))
    };
    let files: BTreeMap<String, String> = manifest.files().iter().map(of_file).collect::<Result<_, String>>()?;
    let only = match &manifest {
        Manifest::Run(OfRun { only, .. })
        | Manifest::Ensemble(OfEnsemble { only, .. })
        | Manifest::Comparison(OfComparison { only, .. }) => only.clone(),
        _ => Only::default(),
    };
    // what was made without pictures is made so again
    let only = only.without_plots_if(!files.keys().any(|name| name.starts_with("plots/")));
    let (world, kind) = match manifest {
        Manifest::Run(of) => (of.world, Kind::Run),
        Manifest::Ensemble(of) => {
            let done = of.seeds.iter().map(|replicate| replicate.seed.replicate).collect();
            let goal = |UntilCi { metric, region, item, half_width_asked, .. }| {
                let metric = metric.parse().map_err(|unknown: NoMetric| unknown.to_string())?;
                Ok::<_, String>(Precision { metric, region, item, half_width: half_width_asked })
            };
            let attendance = Attendance { done, failures: of.failed };
            (of.world, Kind::Ensemble { attendance, precision: of.until_ci.map(goal).transpose()? })
        }
        Manifest::Comparison(of) => {
            let kind = Kind::Comparison {
                attendance: Attendance { done: of.done, failures: of.failed },
                reforms: of.reforms.iter().map(|reform| scenario(&reform.world)).collect::<Result<_, _>>()?,
                states: of.states,
                evidence: of.evidence_of_sweep,
            };
            (of.world, kind)
        }
        Manifest::Search(of) => (of.world, Kind::Search),
        Manifest::Sweep(_) | Manifest::Report(_) => {
            return Err("it is that of a sweep, or of a report on one, which are made by many runs".to_owned());
        }
    };
    Ok(Recorded { version: world.handover.clone(), files, kind, scenario: scenario(&world)?, only, bytes })
}

/// A file as it was resolved, with settings.
fn again(file: &str, settings: Vec<String>) -> Result<Scenario, Problems> {
    load(Path::new("scenario_file"), &settings, &|_: &Path| Ok(file.to_owned()))
}

/// The settings that say how long the run is: who sets that may leave the laws that begin later where they are.
fn lengths(settings: &[String]) -> Vec<String> {
    settings.iter().filter(|setting| setting.starts_with("run.years")).cloned().collect()
}

/// A scenario as a manifest tells it.
fn scenario(world: &World) -> Result<Scenario, String> {
    let mut scenario = again(&world.scenario_file, lengths(&world.settings)).map_err(|problem| problem.to_string())?;
    scenario.catalogue = world.cards.clone();
    scenario.settings = world.settings.clone();
    scenario.changed = world.differs_from_the_file_it_extends.clone();
    Ok(scenario)
}

impl Recorded {
    /// A scenario of the result in another state of the world.
    ///
    /// # Errors
    /// What is wrong with the setting.
    pub fn under(scenario: &Scenario, state: &str) -> Result<Scenario, Problems> {
        let mut settings = lengths(&scenario.settings);
        settings.push(state.to_owned());
        again(&scenario.file, settings)
    }
}

/// What of the files is not as the manifest says: a sentence each, with the name in front.
pub fn damage(folder: &Path, recorded: &Recorded) -> Vec<String> {
    let problem = |(name, expected): (&String, &String)| match ours::hash_of(folder, name, ours::MOST_BYTES) {
        Err(error) => Some(format!("{name}: {error}")),
        Ok((found, length)) if found != *expected => {
            Some(format!("{name}: not the bytes that were written ({length} bytes are there)"))
        }
        Ok(_) => None,
    };
    recorded.files.iter().filter_map(problem).collect()
}

/// SHA-256 of files in memory, the manifest apart.
pub fn hashes(files: &[(String, Vec<u8>)]) -> BTreeMap<String, String> {
    let others = files.iter().filter(|(name, _)| name != "manifest.json");
    others.map(|(name, bytes)| (name.clone(), hash(bytes))).collect()
}

/// Where what was made again, by name and SHA-256, differs from what the manifest says: a sentence each.
pub fn differences(recorded: &Recorded, again: &BTreeMap<String, String>, manifest: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, hash) in again {
        match recorded.files.get(name) {
            Some(expected) if hash != expected => found.push(format!("{name}: another run gives other bytes")),
            None => found.push(format!("{name}: another run writes it, the result has none")),
            _ => {}
        }
    }
    if manifest != recorded.bytes {
        found.push("manifest.json: another run says something else of itself".to_owned());
    }
    let missing = recorded.files.keys().filter(|name| !again.contains_key(*name));
    found.extend(missing.map(|name| format!("{name}: another run does not write it")));
    found
}
