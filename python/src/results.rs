//! One run, and many of them.

use crate::errors;
use crate::folder::Folder;
use crate::scenario::Scenario;
use crate::table::Table;
use crate::watch::{Watch, awake, watched};
use arrow_array::RecordBatch;
use handover::economy::Economy;
use handover::experiment::ensemble::{Attendance, Failure, each, replicate_of};
use handover::experiment::outcome::Outcome;
use handover::experiment::run::{Stopped, go_on};
use handover::experiment::tally::Tally;
use handover::experiment::watcher::Watcher;
use handover::observe::indicators::{Metric, NoMetric};
use handover::observe::panel::{Cast, Panel, Row};
use handover::observe::{install, panel};
use handover::output::only::Only;
use handover::output::run::{render, summary, tables};
use handover::output::{ensemble as over_replicates, run::panel as rows_of_panel};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::ops::ControlFlow;

/// What a run leaves behind.
#[pyclass(frozen, module = "handover._handover")]
pub struct Results {
    pub inner: handover::experiment::run::Results,
    panel: Vec<RecordBatch>,
}

/// Rows of a panel that make a batch.
const BATCH: usize = 1 << 16;

/// The panel of a run, on its way to a table.
pub struct Desk {
    cast: Option<Cast>,
    rows: Vec<Row>,
    batches: Vec<RecordBatch>,
}

impl Desk {
    pub fn of(economy: &mut Economy) -> Desk {
        Desk { cast: Cast::of(&mut economy.world), rows: Vec::new(), batches: Vec::new() }
    }

    /// Takes the rows that have become due.
    pub fn collect(&mut self, scenario: &handover::scenario::Scenario, economy: &mut Economy) {
        let Some(mut panel) = economy.world.get_resource_mut::<Panel>() else { return };
        self.rows.extend(panel.take_rows());
        if self.rows.len() >= BATCH {
            self.write(scenario);
        }
    }

    fn write(&mut self, scenario: &handover::scenario::Scenario) {
        if let (Some(cast), false) = (&self.cast, self.rows.is_empty()) {
            let frame = rows_of_panel::frame(&self.rows, scenario, cast);
            let batch = Table::keyed(frame, scenario).unwrap_or_else(|error| panic!("{error}"));
            self.batches.push(batch);
            self.rows.clear();
        }
    }

    /// All of it.
    pub fn finish(mut self, scenario: &handover::scenario::Scenario) -> Vec<RecordBatch> {
        self.write(scenario);
        self.batches
    }
}

/// Founds the economy of a scenario, with the panel if it wants one.
pub fn found(scenario: &handover::scenario::Scenario) -> Economy {
    Economy::found(&scenario.parameters, |world, schedule| {
        install(world, schedule);
        panel::install(world, schedule);
    })
}

/// Runs an economy to its end, and keeps its panel.
pub fn to_the_end(
    scenario: &handover::scenario::Scenario,
    economy: Economy,
    mut desk: Desk,
    mut watch: impl FnMut(usize, usize) -> bool,
) -> Result<Results, Stopped> {
    let inner = go_on(scenario, economy, |economy, progress| {
        desk.collect(scenario, economy);
        watch(progress.done, progress.all)
    })?;
    Ok(Results { panel: desk.finish(scenario), inner })
}

fn live(scenario: &handover::scenario::Scenario, watch: impl FnMut(usize, usize) -> bool) -> Result<Results, Stopped> {
    let mut economy = found(scenario);
    let desk = Desk::of(&mut economy);
    to_the_end(scenario, economy, desk, watch)
}

/// Runs a scenario to its end.
#[pyfunction]
#[pyo3(signature = (scenario, threads = None, progress = None))]
pub fn run(
    py: Python<'_>,
    scenario: &Scenario,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<Results> {
    let work = |watch: &Watch| live(&scenario.inner, |done, all| watch.at(done, all));
    watched(py, threads, progress.as_ref(), awake(work))?.map_err(errors::stopped)
}

/// Replicates that ended without results: number and cause.
type Failures = Vec<(u32, String)>;

/// Runs so many replicates of a scenario; those that failed are named with their causes.
#[pyfunction]
#[pyo3(signature = (scenario, replicates, threads = None, progress = None))]
pub fn ensemble(
    py: Python<'_>,
    scenario: &Scenario,
    replicates: u32,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<(Vec<Results>, Failures)> {
    let scenario = &scenario.inner;
    let work = |watch: &Watch| {
        let simulate = |number| {
            live(&replicate_of(scenario, number), |_, all| {
                watch.expect(u64::from(replicates) * all as u64);
                watch.tick()
            })
        };
        let mut taken = Vec::new();
        let attendance = each(scenario.parameters.run.replicate, replicates, simulate, |number, results| {
            watch.say(format!("replicate {number} done"));
            taken.push(results);
            ControlFlow::Continue(())
        });
        attendance.map(|attendance| (taken, attendance))
    };
    let (taken, attendance) = watched(py, threads, progress.as_ref(), work)?.map_err(errors::stopped)?;
    Ok((taken, attendance.failures.into_iter().map(|failure| (failure.replicate, failure.cause)).collect()))
}

fn attendance(replicates: &[PyRef<'_, Results>], failures: Failures) -> Attendance {
    let number = |results: &PyRef<'_, Results>| results.inner.scenario.parameters.run.replicate;
    Attendance {
        done: replicates.iter().map(number).collect(),
        failures: failures.into_iter().map(|(replicate, cause)| Failure { replicate, cause }).collect(),
    }
}

/// Mean and quantiles of every value over replicates.
#[pyfunction]
pub fn bands(scenario: &Scenario, replicates: Vec<PyRef<'_, Results>>, failures: Failures) -> PyResult<Table> {
    let attendance = attendance(&replicates, failures);
    let all = replicates.iter().map(|results| &results.inner);
    let frame = over_replicates::bands(&scenario.inner, &attendance, all).map_err(errors::disk)?;
    Table::of(vec![frame.batch().map_err(errors::bug)?])
}

/// Who gained and who lost, over replicates.
#[pyfunction]
pub fn gains(scenario: &Scenario, replicates: Vec<PyRef<'_, Results>>, failures: Failures) -> PyResult<Table> {
    let attendance = attendance(&replicates, failures);
    let tallies: Vec<Tally> = replicates.iter().map(|results| Tally::of(&results.inner)).collect();
    let frame = over_replicates::gains(&scenario.inner, &attendance, &tallies).map_err(errors::bug)?;
    Table::of(vec![frame.batch().map_err(errors::bug)?])
}

/// A metric by its word.
pub fn metric(word: &str) -> PyResult<Metric> {
    word.parse().map_err(|unknown: NoMetric| errors::input(unknown))
}

#[pymethods]
impl Results {
    #[getter]
    fn scenario(&self) -> Scenario {
        Scenario { inner: self.inner.scenario.clone() }
    }

    /// What attributes of a run are, by their names.
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let facts = PyDict::new(py);
        facts.set_item("ticks", self.inner.ticks)?;
        facts.set_item("workers", self.inner.workers)?;
        facts.set_item("state_hash", &self.inner.state_hash)?;
        facts.set_item("money_moved", self.inner.money_moved)?;
        facts.set_item("money_discrepancy", self.inner.money_discrepancy)?;
        Ok(facts)
    }

    /// A table by its name.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        let results = &self.inner;
        let frame = match name {
            "panel" => {
                let none =
                    || errors::input("there is no panel: run.panel is 0 or the run is shorter than its interval");
                return if self.panel.is_empty() { Err(none()) } else { Table::of(self.panel.clone()) };
            }
            "series" => py.detach(|| tables::series(results)),
            "flows" => tables::flows(results).map_err(errors::bug)?,
            "receipt" => tables::receipt(results),
            "gains" => tables::gains(results),
            other => {
                return Err(errors::input(format!(
                    "a run has no table {other:?}; it has series, flows, receipt, gains and panel"
                )));
            }
        };
        Table::of(vec![Table::keyed(frame, &results.scenario)?])
    }

    /// Has it a panel?
    #[getter]
    fn has_panel(&self) -> bool {
        !self.panel.is_empty()
    }

    /// Ticks and values of a metric in a region, of an item.
    fn history(&self, name: &str, region: &str, item: &str) -> PyResult<Vec<(i32, f64)>> {
        self.inner.history(metric(name)?, region, item).map_err(errors::input)
    }

    /// An outcome; nothing where it does not exist.
    fn outcome(&self, text: &str) -> PyResult<Option<f64>> {
        Ok(Outcome::read(text, &self.inner.scenario).map_err(errors::input)?.of(&self.inner))
    }

    /// What the command line says at the end of a run.
    fn summary(&self, folder: &str) -> String {
        summary::summary(&self.inner, folder, &Only::default())
    }

    /// Every file that the command line writes, but for the panel.
    fn folder(&self, py: Python<'_>) -> PyResult<Folder> {
        py.detach(|| render(&self.inner)).map(Folder::of).map_err(errors::bug)
    }
}

/// An outcome over the arms of a comparison, the first of which is the base.
#[pyfunction]
pub fn outcome_of_arms(text: &str, arms: Vec<(String, PyRef<'_, Results>)>) -> PyResult<Option<f64>> {
    let known: Vec<_> = arms.iter().map(|(name, results)| (name.as_str(), &results.inner.scenario)).collect();
    let outcome = Outcome::read_in(text, &known).map_err(errors::input)?;
    Ok(outcome.of_arms(&arms.iter().map(|(_, results)| &results.inner).collect::<Vec<_>>()))
}
