//! One worker's life, told by running the scenario again.

use crate::errors;
use crate::scenario::Scenario;
use crate::watch::{Watch, awake, watched};
use handover::experiment::follow::{NotFollowed, Wanted, biography, follow as follow_one, follow_both};
use pyo3::prelude::*;
use serde_json::Value;

/// Tells a life, beside the same person's in another scenario: as JSON and in sentences.
#[pyfunction]
#[pyo3(signature = (scenario, worker, against = None, threads = None, progress = None))]
pub fn follow(
    py: Python<'_>,
    scenario: &Scenario,
    worker: &str,
    against: Option<PyRef<'_, Scenario>>,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<(String, String)> {
    let wanted = Wanted::parse(worker, &scenario.inner.parameters).map_err(errors::input)?;
    let (one, other) = (&scenario.inner, against.as_ref().map(|other| &other.inner));
    let work = |watch: &Watch| {
        let goes_on = |progress: handover::experiment::run::Progress| watch.at(progress.done, progress.all);
        match other {
            Some(other) => follow_both(one, other, wanted, goes_on).map(|(one, other)| (one, Some(other))),
            None => follow_one(one, wanted, goes_on).map(|life| (life, None)),
        }
    };
    let (life, beside) = watched(py, threads, progress.as_ref(), awake(work))?.map_err(|reason| match reason {
        NotFollowed::NoSuchWorker(problem) => errors::input(problem),
        NotFollowed::Stopped(stopped) => errors::stopped(stopped),
    })?;
    let lives: Value = std::iter::once(&life).chain(&beside).map(biography::as_json).collect();
    let words = match &beside {
        Some(beside) => biography::side_by_side(&life, beside),
        None => biography::alone(&life),
    };
    Ok((lives.to_string(), words))
}
