//! A sweep, run by run, in whatever process: what is stored is stored by the key of the run.

use crate::errors;
use crate::watch::{Watch, watched};
use handover::experiment::outcome::Outcome;
use handover::experiment::sweep::Shard;
use handover::output::disk::files;
use handover::output::sweep::{Collected, Course, Halt, Lived, Session};
use handover::scenario::plan::read;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A plan with everything that it names, as read.
#[pyclass(frozen, module = "handover._handover")]
pub struct Sweep {
    inner: handover::experiment::sweep::Sweep,
    plan_text: String,
    texts: BTreeMap<PathBuf, String>,
}

fn halted(halt: Halt) -> PyErr {
    match halt {
        Halt::Conflict(words) => errors::bug(words),
        Halt::Disk(error) => errors::disk(error),
        Halt::Lanes(words) => errors::disk(words),
    }
}

/// How a run ended, in a word, with the cause where it has no result.
fn told(lived: Lived) -> (&'static str, String) {
    match lived {
        Lived::Before => ("before", String::new()),
        Lived::Now => ("now", String::new()),
        Lived::Failed(cause) => ("failed", cause),
        Lived::Refused(cause) => ("refused", cause),
        Lived::Asked => ("asked", String::new()),
    }
}

impl Sweep {
    fn session(&self, folder: &Path) -> Session<'_> {
        Session::open(&self.inner, folder, &[], self.texts.clone())
    }
}

#[pymethods]
impl Sweep {
    /// Reads a plan, with `key=value` settings for all runs. Texts that are given stand for files.
    #[new]
    #[pyo3(signature = (path, settings, texts = None))]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        settings: Vec<String>,
        texts: Option<BTreeMap<PathBuf, String>>,
    ) -> PyResult<Sweep> {
        let given = texts.unwrap_or_default();
        let opened = py.detach(|| {
            let texts = RefCell::new(BTreeMap::new());
            let reader = |wanted: &Path| {
                let text =
                    given.get(wanted).cloned().map_or_else(|| crate::scenario::read(wanted, wanted == path), Ok)?;
                texts.borrow_mut().insert(wanted.to_owned(), text.clone());
                Ok(text)
            };
            let check = |text: &str, scenario: &handover::scenario::Scenario| {
                Outcome::read(text, scenario).map(|_| ()).map_err(String::from)
            };
            read(&path, &settings, &reader, &check).map(|plan| (plan, texts.into_inner()))
        });
        let (plan, texts) = opened.map_err(|problems| errors::problems(&problems))?;
        let inner = handover::experiment::sweep::Sweep::new(plan).map_err(errors::input)?;
        let plan_text = texts.get(&path).cloned().unwrap_or_default();
        Ok(Sweep { inner, plan_text, texts })
    }

    /// What attributes of a plan are, by their names.
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let facts = PyDict::new(py);
        facts.set_item("name", &self.inner.plan.name)?;
        facts.set_item("title", &self.inner.plan.title)?;
        facts.set_item("runs", self.inner.runs())?;
        facts.set_item("points", self.inner.points())?;
        Ok(facts)
    }

    /// The texts of the plan and of everything it names, by their paths.
    fn texts(&self) -> BTreeMap<PathBuf, String> {
        self.texts.clone()
    }

    /// May the sweep be kept in this folder?
    fn check(&self, folder: PathBuf) -> PyResult<()> {
        files::check_sweep(&folder, &self.inner.plan.name).map_err(errors::input)
    }

    /// Simulates a run and stores what it found, unless that is done: a word, and the cause if it has no result.
    fn live(&self, py: Python<'_>, folder: PathBuf, number: u64) -> PyResult<(&'static str, String)> {
        if number >= self.inner.runs() {
            return Err(errors::input(format!("the plan has {} runs, numbered from 0", self.inner.runs())));
        }
        let work = |watch: &Watch| self.session(&folder).live(number, |progress| watch.at(progress.done, progress.all));
        watched(py, Some(1), None, work)?.map(told).map_err(halted)
    }

    /// Simulates all runs that are not done, on so many threads: how many are stored, how many of them now.
    #[pyo3(signature = (folder, threads = None, progress = None))]
    fn live_all(
        &self,
        py: Python<'_>,
        folder: PathBuf,
        threads: Option<usize>,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<(u64, u64)> {
        let work = |watch: &Watch| {
            let session = self.session(&folder);
            watch_shard(&session, watch)
        };
        let Course { done, now, .. } = watched(py, threads, progress.as_ref(), work)?.map_err(halted)?;
        Ok((done, now))
    }

    /// Collects the table from what is stored: what came of it, as JSON.
    fn collect(&self, py: Python<'_>, folder: PathBuf, takes_partial: bool) -> PyResult<String> {
        let work = |_: &Watch| self.session(&folder).collect(&self.plan_text, takes_partial, |_| ());
        let collected: Collected = watched(py, None, None, work)?.map_err(halted)?;
        let lacking: Vec<_> = collected.lacking.iter().map(|(run, why)| json!({"run": run, "cause": why})).collect();
        let about = json!({
            "done": collected.count.done, "all": collected.count.all, "sha256": collected.hash, "lacking": lacking,
        });
        Ok(about.to_string())
    }

    /// The scenario of a run.
    fn scenario(&self, number: u64) -> PyResult<crate::scenario::Scenario> {
        let reader = |path: &Path| {
            let missing = || std::io::Error::new(std::io::ErrorKind::NotFound, "was not read before");
            self.texts.get(path).cloned().ok_or_else(missing)
        };
        let inner = self.inner.scenario(self.inner.job(number), &reader).map_err(errors::input)?;
        Ok(crate::scenario::Scenario { inner })
    }
}

fn watch_shard(session: &Session<'_>, watch: &Watch) -> Result<Course, Halt> {
    session.live_shard(Shard::WHOLE, watch)
}
