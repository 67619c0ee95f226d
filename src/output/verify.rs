//! Is a result what its manifest says, and what its scenario gives?
//!
//! Two questions, asked apart: are the files those that were written (their hashes), and does running the
//! scenario of the manifest again give the same bytes?

use super::manifest::hash;
use crate::scenario::{Catalogue, Scenario, load};
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
    /// Replicates in the result; one in a single run.
    pub replicates: usize,
    /// The scenario as resolved.
    pub scenario: Scenario,
    /// The manifest, byte for byte.
    pub bytes: Vec<u8>,
}

/// Largest manifest that is read.
const MOST_BYTES: u64 = 64 << 20;

/// Reads the manifest of a result.
///
/// # Errors
/// What is missing or cannot be read, with the path.
pub fn read(folder: &Path) -> Result<Recorded, String> {
    let path = folder.join("manifest.json");
    let shown = path.display();
    if std::fs::metadata(&path).is_ok_and(|about| about.len() > MOST_BYTES) {
        return Err(format!("{shown}: larger than {} MiB; this is no manifest", MOST_BYTES >> 20));
    }
    let bytes = std::fs::read(&path).map_err(|error| {
        format!("{shown}: {error}; a result is a folder with a manifest.json, such as output/baseline")
    })?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| format!("{shown}: not a manifest: {error}"))?;
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
        is_inside(name)?;
        Ok((name.clone(), hash.to_owned()))
    };
    let files = files.iter().map(of_file).collect::<Result<_, String>>()?;
    let source = text("scenario_file")?;
    let reader = |_: &Path| Ok(source.clone());
    let mut scenario = load(Path::new("scenario_file"), &[], &reader).map_err(|problem| problem.to_string())?;
    let part = |key: &str| value.get(key).cloned().ok_or_else(|| format!("{key:?} is missing"));
    let words = |error: serde_json::Error| error.to_string();
    scenario.catalogue = serde_json::from_value::<Catalogue>(part("cards")?).map_err(words)?;
    scenario.changed = serde_json::from_value(part("differs_from_the_file_it_extends")?).map_err(words)?;
    let replicates = value.get("seeds").and_then(Value::as_array).map_or(0, Vec::len);
    Ok(Recorded { version: text("handover")?, files, replicates, scenario, bytes })
}

/// A manifest may come from anywhere: a name in it must not lead out of its folder.
fn is_inside(name: &str) -> Result<(), String> {
    let is_normal = |part: std::path::Component| matches!(part, std::path::Component::Normal(_));
    let stays = !name.is_empty() && Path::new(name).components().all(is_normal);
    if stays { Ok(()) } else { Err(format!("the name {name:?} leaves the folder of the result")) }
}

/// What of the files is not as the manifest says: a sentence each, with the name in front.
pub fn damage(folder: &Path, recorded: &Recorded) -> Vec<String> {
    let problem = |(name, expected): (&String, &String)| match std::fs::read(folder.join(name)) {
        Err(error) => Some(format!("{name}: {error}")),
        Ok(bytes) if hash(&bytes) != *expected => {
            Some(format!("{name}: not the bytes that were written ({} bytes are there)", bytes.len()))
        }
        Ok(_) => None,
    };
    recorded.files.iter().filter_map(problem).collect()
}

/// Where another run of the scenario differs from what the manifest says: a sentence each.
pub fn differences(recorded: &Recorded, again: &[(String, Vec<u8>)]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, bytes) in again {
        match recorded.files.get(name) {
            Some(expected) if hash(bytes) != *expected => found.push(format!("{name}: another run gives other bytes")),
            None if name != "manifest.json" => {
                found.push(format!("{name}: another run writes it, the result has none"))
            }
            _ if name == "manifest.json" && *bytes != recorded.bytes => {
                found.push(format!("{name}: another run says something else of itself"));
            }
            _ => {}
        }
    }
    let missing = recorded.files.keys().filter(|name| again.iter().all(|(other, _)| other != *name));
    found.extend(missing.map(|name| format!("{name}: another run does not write it")));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_manifest_stays_in_its_folder() {
        for name in ["../secret", "/etc/passwd", "plots/../../x", ""] {
            assert!(is_inside(name).is_err(), "{name}");
        }
        assert!(is_inside("plots/a.svg").is_ok());
    }
}
