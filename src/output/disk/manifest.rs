//! What a stranger needs to verify a result: the scenario as resolved, seed, version, hashes.

use crate::experiment::run::Results;
use crate::scenario::Scenario;
use serde_json::json;
use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    in_hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
pub(crate) fn in_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The manifest, as JSON.
pub fn manifest(results: &Results, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let scenario = &results.scenario;
    let run = &scenario.parameters.run;
    let hashes: serde_json::Map<String, serde_json::Value> = files
        .iter()
        .map(|(name, bytes)| (name.clone(), json!({"sha256": hash(bytes), "bytes": bytes.len()})))
        .collect();
    let value = json!({
        "seeds": [{"seed": run.seed, "replicate": run.replicate}],
        "ticks": results.ticks,
        "workers": results.workers,
        "state_hash": results.state_hash,
        "money_moved_microdollars": results.money_moved.to_string(),
        "money_discrepancy_microdollars": results.money_discrepancy.to_string(),
        "files": hashes,
    });
    let mut whole = parts(scenario);
    whole.extend(entries(value));
    as_text(&whole.into())
}

/// JSON as a file holds it. A tree of values always has a text, so no fault can leave an empty file.
pub(crate) fn as_text(value: &serde_json::Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

fn entries(value: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    match value {
        serde_json::Value::Object(entries) => entries,
        other => unreachable!("{other} was written as a table"),
    }
}

/// What every manifest says of a scenario: version, evidence, parameters as resolved.
pub fn parts(scenario: &Scenario) -> serde_json::Map<String, serde_json::Value> {
    let grades = |grade: &str| scenario.catalogue.values().filter(|card| card.grade == grade).count();
    entries(json!({
        "handover": env!("CARGO_PKG_VERSION"),
        "scenario": scenario.about,
        "scenario_hash": scenario.hash,
        "evidence": {
            "parameters_by_grade": {"A": grades("A"), "B": grades("B"), "C": grades("C")},
            "reading": "conditional on the parameters below; those graded C are estimates or assumptions",
        },
        "differs_from_the_file_it_extends": scenario.changed,
        "scenario_file": scenario.file,
        "parameters": scenario.parameters.sections().as_json(),
        "cards": scenario.catalogue,
    }))
}
