//! A scenario: read, changed, checked and compared by the library.

use crate::errors;
use handover::economy::policy::LEVERS;
use handover::experiment::checkpoint::parameters;
use handover::experiment::outcome::Outcome;
use handover::experiment::shipped;
use handover::ground::list::Listed;
use handover::observe::indicators::Metric;
use handover::scenario::describe::differences;
use handover::scenario::explain::{Explanation, explain};
use handover::scenario::{MOST_BYTES, load};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A scenario as read, and how it can be read again.
#[pyclass(frozen, module = "handover._handover")]
#[derive(Clone)]
pub struct Scenario {
    pub inner: handover::scenario::Scenario,
}

/// Reads a text file of a size that a scenario can have. What another file names and the disk does not have may be a
/// shipped file, as on the command line.
pub fn read(path: &Path, is_asked_for: bool) -> io::Result<String> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_asked_for => {
            return shipped::stand_in(path).map(str::to_owned).ok_or(error);
        }
        other => other?,
    };
    let mut text = String::new();
    let read = file.take(MOST_BYTES as u64 + 1).read_to_string(&mut text)?;
    if read > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a scenario has at most {MOST_BYTES} bytes")));
    }
    Ok(text)
}

#[pymethods]
impl Scenario {
    /// Reads a file, or a text that stands for it, with `key=value` settings on top.
    #[staticmethod]
    #[pyo3(signature = (path, settings, text = None))]
    fn load(py: Python<'_>, path: PathBuf, settings: Vec<String>, text: Option<String>) -> PyResult<Scenario> {
        let reader = |wanted: &Path| match &text {
            Some(text) if wanted == path => Ok(text.clone()),
            _ => read(wanted, wanted == path),
        };
        let found = py.detach(|| load(&path, &settings, &reader));
        found.map(|inner| Scenario { inner }).map_err(|problems| errors::problems(&problems))
    }

    /// What attributes of a scenario are, by their names.
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (about, parameters) = (&self.inner.about, &self.inner.parameters);
        let facts = PyDict::new(py);
        facts.set_item("name", &about.name)?;
        facts.set_item("title", &about.title)?;
        facts.set_item("question", &about.question)?;
        facts.set_item("hash", &self.inner.hash)?;
        facts.set_item("toml", &self.inner.file)?;
        facts.set_item("regions", &parameters.regions)?;
        facts.set_item("changed", &self.inner.changed)?;
        facts.set_item("seed", parameters.run.seed)?;
        facts.set_item("replicate", parameters.run.replicate)?;
        facts.set_item("start", parameters.run.start.0)?;
        Ok(facts)
    }

    /// What is probably not meant, each with its place, as JSON.
    fn warnings_json(&self) -> String {
        errors::as_json(&self.inner.warnings)
    }

    /// Every parameter in the model's units, as JSON.
    fn parameters_json(&self) -> String {
        parameters(&self.inner).to_string()
    }

    /// What is known of a key, or of all below it, as JSON.
    fn explain_json(&self, key: &str) -> PyResult<String> {
        let one = |one: &Explanation| {
            json!({
                "key": one.key, "value": one.origin.value, "written": one.origin.written, "meaning": one.meaning,
                "kind": one.kind, "file": one.origin.file, "line": one.origin.line,
                "range": one.card.as_ref().map(|card| &card.range),
                "grade": one.card.as_ref().map(|card| &card.grade),
                "source": one.card.as_ref().map(|card| &card.source),
                "is_card_of_another_value": one.is_card_of_another_value, "used_by": one.used_by,
            })
        };
        let found = explain(&self.inner, key).map_err(errors::input)?;
        Ok(Value::from_iter(found.iter().map(one)).to_string())
    }

    /// How many of the numbers that have a card are of each grade of evidence.
    fn grades(&self) -> BTreeMap<&str, usize> {
        let mut found = BTreeMap::from([("A", 0), ("B", 0), ("C", 0)]);
        for card in self.inner.catalogue.values() {
            *found.entry(card.grade.as_str()).or_default() += 1;
        }
        found
    }

    /// How another scenario differs from this one, a sentence each.
    fn diff(&self, other: &Scenario) -> Vec<String> {
        differences(&self.inner, &other.inner)
    }

    /// Unit and meaning of an outcome.
    fn outcome(&self, text: &str) -> PyResult<(String, String, String)> {
        let outcome = Outcome::read(text, &self.inner).map_err(errors::input)?;
        Ok((outcome.to_string(), outcome.unit().to_owned(), outcome.meaning()))
    }
}

/// A metric: its word, its unit, is it a flow?, what it means.
type Told = (&'static str, &'static str, bool, &'static str);

/// Every metric (word, unit, is it a flow?, meaning) and every lever's name.
#[pyfunction]
pub fn metrics() -> (Vec<Told>, Vec<&'static str>) {
    let one = |metric: &Metric| (metric.name(), metric.unit(), metric.is_flow(), metric.about());
    (Metric::ALL.iter().map(one).collect(), LEVERS.iter().map(|lever| lever.name).collect())
}
