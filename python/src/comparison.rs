//! Base and reforms on common random numbers.

use crate::errors;
use crate::folder::Folder;
use crate::scenario::Scenario;
use crate::table::Table;
use crate::watch::{Watch, watched};
use handover::experiment::compare::check;
use handover::experiment::compare::run::{State, compare as compare_all};
use handover::output::compare::{Comparison, answer::answer, render, summary::summary, tables::effects};
use handover::output::only::Only;
use pyo3::prelude::*;

/// Another state of the world: what it sets, the base and the reforms in it.
type Under<'py> = (String, PyRef<'py, Scenario>, Vec<PyRef<'py, Scenario>>);

/// What came of it: the files, every recorded value, the summary, the answer to each reform, how many replicates.
type Told = (Folder, Table, String, Vec<(String, Vec<String>)>, String);

/// Compares reforms with a base.
#[pyfunction]
#[pyo3(signature = (base, reforms, states, replicates, threads = None, progress = None))]
pub fn compare(
    py: Python<'_>,
    base: &Scenario,
    reforms: Vec<PyRef<'_, Scenario>>,
    states: Vec<Under<'_>>,
    replicates: u32,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<Told> {
    let all = |list: &[PyRef<'_, Scenario>]| -> Vec<_> { list.iter().map(|one| one.inner.clone()).collect() };
    let (base, reforms) = (base.inner.clone(), all(&reforms));
    for (place, reform) in reforms.iter().enumerate() {
        check(&base, reform).map_err(errors::input)?;
        let name = &reform.about.name;
        if reforms[..place].iter().any(|other| other.about.name == *name) {
            return Err(errors::input(format!(
                "two reforms are called {name:?}; give one another name under [scenario]: name = \"..\""
            )));
        }
    }
    let state = |(setting, base, reforms): &Under<'_>| State {
        setting: setting.clone(),
        base: base.inner.clone(),
        reforms: all(reforms),
    };
    let states = states.iter().map(state).collect();
    let work = |watch: &Watch| {
        let compared = compare_all(base, reforms, states, replicates, watch)?;
        let comparison = Comparison::of(compared, None);
        let made = render(&comparison, &Only::default())
            .and_then(|files| effects(&comparison)?.batch().map(|batch| (files, batch)));
        Ok((comparison, made))
    };
    let (comparison, made) = watched(py, threads, progress.as_ref(), work)?.map_err(errors::stopped)?;
    if let Some(failure) = comparison.attendance.failures.first().filter(|_| comparison.attendance.done.is_empty()) {
        return Err(errors::bug(&failure.cause));
    }
    let (files, batch) = made.map_err(errors::bug)?;
    let answers =
        comparison.reforms.iter().map(|reform| (reform.scenario.about.name.clone(), answer(&comparison, reform)));
    let (answers, words) = (answers.collect(), comparison.attendance.words());
    Ok((Folder::of(files), Table::of(vec![batch])?, summary(&comparison, "DIR", &Only::default()), answers, words))
}
