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

    /// The draws without the keys that are `left_out`; none if no key is left.
    #[must_use]
    pub fn without(&self, left_out: impl Fn(&str) -> bool) -> Draws {
        let stays: Vec<bool> = self.keys.iter().map(|key| !left_out(key)).collect();
        let kept = |values: &[String]| -> Vec<String> {
            values.iter().zip(&stays).filter(|(_, stays)| **stays).map(|(value, _)| value.clone()).collect()
        };
        let values =
            if stays.contains(&true) { self.values.iter().map(|values| kept(values)).collect() } else { Vec::new() };
        Draws { source: self.source.clone(), keys: kept(&self.keys), values }
    }

    /// The settings of each draw, as `--set` takes them.
    pub fn settings(&self) -> impl Iterator<Item = Vec<String>> {
        let setting = |(key, value): (&String, &String)| format!("{key}={value}");
        self.values.iter().map(move |values| self.keys.iter().zip(values).map(setting).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_left_out_takes_its_values_along() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let draws = Draws {
            source: "a test".into(),
            keys: texts(&["a", "b"]),
            values: vec![texts(&["1", "2"]), texts(&["3", "4"])],
        };
        let settings: Vec<Vec<String>> = draws.without(|key| key == "a").settings().collect();
        assert_eq!(settings, [["b=2"], ["b=4"]]);
        assert!(draws.without(|_| true).is_empty());
    }
}
