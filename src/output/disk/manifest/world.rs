//! What a manifest says of a scenario.

use crate::scenario::{About, Catalogue, Scenario};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a manifest says of the evidence for its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grades {
    /// Parameters by grade.
    pub parameters_by_grade: BTreeMap<String, usize>,
    /// How to read the result.
    pub reading: String,
}

/// What every manifest says of a scenario: version, evidence, parameters as resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct World {
    /// Version of the program that wrote it.
    pub handover: String,
    /// What the scenario says about itself.
    pub scenario: About,
    /// SHA-256 of what its parameters mean.
    pub scenario_hash: String,
    /// Grades of its parameters.
    pub evidence: Grades,
    /// Settings on top of the files, as they were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<String>,
    /// Keys that were set.
    pub differs_from_the_file_it_extends: Vec<String>,
    /// The scenario as one file that needs no other.
    pub scenario_file: String,
    /// All parameters, by section.
    pub parameters: Value,
    /// All cards.
    pub cards: Catalogue,
}

impl World {
    /// What is said of a scenario.
    pub fn of(scenario: &Scenario) -> World {
        let count = |grade: &str| scenario.catalogue.values().filter(|card| card.grade == grade).count();
        World {
            handover: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: scenario.about.clone(),
            scenario_hash: scenario.hash.clone(),
            evidence: Grades {
                parameters_by_grade: ["A", "B", "C"].map(|grade| (grade.to_owned(), count(grade))).into(),
                reading: "conditional on the parameters below; those graded C are estimates or assumptions".to_owned(),
            },
            settings: scenario.settings.clone(),
            differs_from_the_file_it_extends: scenario.changed.clone(),
            scenario_file: scenario.file.clone(),
            parameters: scenario.parameters.sections().as_json(),
            cards: scenario.catalogue.clone(),
        }
    }
}
