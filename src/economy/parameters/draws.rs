//! Draws of what is not known: values of doubtful numbers, a set for each replicate.
//!
//! With draws an ensemble holds both kinds of spread: replicate r has random numbers of its own and the draw r of them
//! (beginning again after the last), so that its bands are those of chance and of doubt together. A calibration writes
//! them; whoever compares worlds gives all of them the same.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Values of doubtful numbers, a set for each replicate; no draws, and every replicate has the scenario's own values.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Draws {
    /// Where they come from.
    pub source: String,
    /// Keys of the scenario, as --set takes them.
    pub keys: Vec<String>,
    /// Draws, each a value for every key, as --set takes it: replicate 0 has the first.
    pub values: Vec<Vec<String>>,
}

impl Draws {
    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The settings of each draw, as `--set` takes them.
    pub fn settings(&self) -> impl Iterator<Item = Vec<String>> {
        let setting = |(key, value): (&String, &String)| format!("{key}={value}");
        self.values.iter().map(move |values| self.keys.iter().zip(values).map(setting).collect())
    }
}
