//! Is a result what its manifest says, and what its scenario gives?
//!
//! Two questions, asked apart: are the files those that were written (their hashes), and does running the
//! scenario of the manifest again give the same bytes?

use crate::experiment::ensemble::{Attendance, Failure, Precision};
use crate::output::disk::evidence::Evidence;
use crate::output::disk::manifest::hash;
use crate::output::disk::ours;
use crate::scenario::{Catalogue, Scenario, load};
use serde::de::DeserializeOwned;
use serde_json::Value;
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
}

/// Reads the manifest of a result.
///
/// # Errors
/// What is missing or cannot be read, with the path.
pub fn read(folder: &Path) -> Result<Recorded, String> {
    let path = folder.join("manifest.json");
    let shown = path.display();
    let bytes = ours::read(folder, "manifest.json", ours::MOST_MANIFEST_BYTES).map_err(|error| {
        format!("{shown}: {error}; a result is a folder with a manifest.json, such as output/baseline")
    })?;
    let value = ours::json(&bytes).map_err(|error| format!("{shown}: not a manifest: {error}"))?;
    recorded(&value, bytes).map_err(|error| format!("{shown}: {error}"))
}

fn recorded(value: &Value, bytes: Vec<u8>) -> Result<Recorded, String> {
    let text = |key: &str| {
        let text = value.get(key).and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| format!("{key:?} is missing; this is no manifest of a result"))
    };
    let files = value.get("files").and_then(Value::as_object).ok_or("\"files\" is missing")?;
    let of_file = |(name, about): (&String, &Value)| {
        let hash =
            about.get("sha256").and_then(Value::as_str).ok_or_else(|| format!("{name}: \"sha256\" is missing"))?;
        ours::inside(name)?;
        Ok((name.clone(), hash.to_owned()))
    };
    let files = files.iter().map(of_file).collect::<Result<_, String>>()?;
    let kind = kind(value)?;
    Ok(Recorded { version: text("handover")?, files, kind, scenario: scenario(value)?, bytes })
}

fn part<T: DeserializeOwned>(value: &Value, key: &str) -> Result<T, String> {
    let found = value.get(key).cloned().ok_or_else(|| format!("{key:?} is missing"))?;
    serde_json::from_value(found).map_err(|error| format!("{key:?}: {error}"))
}

/// A scenario as [`crate::output::disk::manifest::parts`] wrote it.
fn scenario(value: &Value) -> Result<Scenario, String> {
    let source: String = part(value, "scenario_file")?;
    let reader = |_: &Path| Ok(source.clone());
    let mut scenario = load(Path::new("scenario_file"), &[], &reader).map_err(|problem| problem.to_string())?;
    scenario.catalogue = part::<Catalogue>(value, "cards")?;
    scenario.changed = part(value, "differs_from_the_file_it_extends")?;
    Ok(scenario)
}

fn kind(value: &Value) -> Result<Kind, String> {
    if value.get("replicates").is_none() {
        return Ok(Kind::Run);
    }
    let failure = |value: &Value| Ok(Failure { replicate: part(value, "replicate")?, cause: part(value, "cause")? });
    let failures = part::<Vec<Value>>(value, "failed")?.iter().map(failure).collect::<Result<_, String>>()?;
    if value.get("kind").and_then(Value::as_str) == Some("comparison") {
        let reforms: Vec<Value> = part(value, "reforms")?;
        return Ok(Kind::Comparison {
            attendance: Attendance { done: part(value, "done")?, failures },
            reforms: reforms.iter().map(scenario).collect::<Result<_, _>>()?,
            states: part(value, "states")?,
            evidence: value.get("evidence_of_sweep").map(|_| part(value, "evidence_of_sweep")).transpose()?,
        });
    }
    let seeds: Vec<Value> = part(value, "seeds")?;
    let done = seeds.iter().map(|seed| part(seed, "replicate")).collect::<Result<_, _>>()?;
    let goal = |value: &Value| {
        let word = |key: &str| part::<String>(value, key);
        let half_width = part(value, "half_width_asked")?;
        Ok::<_, String>(Precision { metric: word("metric")?, region: word("region")?, item: word("item")?, half_width })
    };
    let precision = value.get("until_ci").map(goal).transpose()?;
    Ok(Kind::Ensemble { attendance: Attendance { done, failures }, precision })
}

impl Recorded {
    /// A scenario of the result in another state of the world.
    ///
    /// # Errors
    /// What is wrong with the setting.
    pub fn under(scenario: &Scenario, state: &str) -> Result<Scenario, String> {
        let reader = |_: &Path| Ok(scenario.file.clone());
        load(Path::new("scenario_file"), &[state.to_owned()], &reader).map_err(|problem| problem.to_string())
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
