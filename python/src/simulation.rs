//! An economy step by step: between two ticks it can be read, its law changed, its whole state taken and put back.

use crate::errors;
use crate::results::{Desk, Results, found, metric, to_the_end};
use crate::scenario::Scenario;
use crate::watch::{panicked, pool};
use handover::economy::Economy;
use handover::economy::policy::{Agenda, InForce};
use handover::experiment::checkpoint::{Refused, fork, parameters, resume, same_past, save, state_hash};
use handover::experiment::run::Stopped;
use handover::observe::indicators::Series;
use pyo3::prelude::*;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ticks between two looks at whether somebody pressed Ctrl-C.
const TICKS: usize = 8;

/// Tick, region, metric, item, value.
type Record = (i32, String, String, String, f64);

struct State {
    scenario: handover::scenario::Scenario,
    economy: Economy,
    desk: Desk,
}

/// An economy between two ticks; nothing once its results were taken.
#[pyclass(frozen, module = "handover._handover")]
pub struct Simulation {
    state: Mutex<Option<State>>,
    pool: rayon::ThreadPool,
}

fn refused(refused: Refused) -> PyErr {
    match refused {
        Refused::Disk(error) => errors::disk(error),
        other => errors::input(other),
    }
}

/// The parameters of a scenario, its policies and events in an order that does not depend on when they end. None sets
/// what another sets at the same time, so that their order means nothing.
fn in_order(scenario: &handover::scenario::Scenario) -> Value {
    let mut tree = parameters(scenario);
    for list in ["policy", "event"] {
        let Some(entries) = tree.get_mut(list).and_then(Value::as_array_mut) else { continue };
        entries.sort_by_cached_key(|entry| {
            let mut entry = entry.clone();
            entry.as_object_mut().map(|entry| entry.remove("until"));
            entry.to_string()
        });
    }
    tree
}

/// The place of a region among those of a scenario.
fn place_of(scenario: &handover::scenario::Scenario, region: &str) -> Result<usize, String> {
    let regions = &scenario.parameters.regions;
    let place = regions.iter().position(|known| known == region);
    place.ok_or_else(|| format!("there is no region {region:?}; the scenario has {}", regions.join(", ")))
}

impl Simulation {
    fn begin(
        py: Python<'_>,
        scenario: &handover::scenario::Scenario,
        threads: Option<usize>,
        begin: impl FnOnce() -> Result<Economy, Refused> + Send,
    ) -> PyResult<Simulation> {
        let pool = pool(threads)?;
        let work = || catch_unwind(AssertUnwindSafe(|| pool.install(begin)));
        let economy = py.detach(work).map_err(|panic| panicked(&*panic))?;
        let mut economy = economy.map_err(refused)?;
        let desk = Desk::of(&mut economy);
        let state = State { scenario: scenario.clone(), economy, desk };
        Ok(Simulation { state: Mutex::new(Some(state)), pool })
    }

    fn lock(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the state, without Python's lock: another thread that waits for the state holds that.
    fn with<T: Send>(&self, py: Python<'_>, work: impl FnOnce(&mut State) -> T + Send) -> PyResult<T> {
        let outcome = py.detach(|| {
            let mut state = self.lock();
            state.as_mut().map(|state| catch_unwind(AssertUnwindSafe(|| work(state))))
        });
        let gone = || errors::input("this simulation has ended: its results were taken, or it broke off");
        match outcome.ok_or_else(gone)? {
            Ok(value) => Ok(value),
            Err(panic) => {
                // half a tick is no state
                *self.lock() = None;
                Err(panicked(&*panic))
            }
        }
    }
}

#[pymethods]
impl Simulation {
    #[new]
    #[pyo3(signature = (scenario, threads = None))]
    fn new(py: Python<'_>, scenario: &Scenario, threads: Option<usize>) -> PyResult<Simulation> {
        let scenario = &scenario.inner;
        Simulation::begin(py, scenario, threads, || Ok(found(scenario)))
    }

    /// The economy of a snapshot.
    #[staticmethod]
    #[pyo3(signature = (scenario, snapshot, threads = None))]
    fn restored(py: Python<'_>, scenario: &Scenario, snapshot: &[u8], threads: Option<usize>) -> PyResult<Simulation> {
        let scenario = &scenario.inner;
        Simulation::begin(py, scenario, threads, || resume(scenario, snapshot))
    }

    /// The economy of a snapshot, with another future from a day on.
    #[staticmethod]
    #[pyo3(signature = (scenario, snapshot, from_, threads = None))]
    fn forked(
        py: Python<'_>,
        scenario: &Scenario,
        snapshot: &[u8],
        from_: chrono::NaiveDate,
        threads: Option<usize>,
    ) -> PyResult<Simulation> {
        let scenario = &scenario.inner;
        Simulation::begin(py, scenario, threads, || fork(scenario, from_, snapshot))
    }

    /// Simulates so many ticks, or those that are left; how many there were.
    fn step(&self, py: Python<'_>, ticks: usize) -> PyResult<usize> {
        let mut done = 0;
        while done < ticks {
            let wanted = (ticks - done).min(TICKS);
            let some = self.with(py, |state| {
                self.pool.install(|| {
                    let State { scenario, economy, desk } = state;
                    let mut some = 0;
                    while some < wanted && !economy.is_over() {
                        economy.step()?;
                        desk.collect(scenario, economy);
                        some += 1;
                    }
                    Ok(some)
                })
            })?;
            let some = some.map_err(|breach| errors::stopped(Stopped::Breach(breach)))?;
            done += some;
            py.check_signals()?;
            if some < wanted {
                break;
            }
        }
        Ok(done)
    }

    /// The scenario, with every policy that was enacted on the way.
    fn scenario(&self, py: Python<'_>) -> PyResult<Scenario> {
        self.with(py, |state| Scenario { inner: state.scenario.clone() })
    }

    /// The tick that comes next, its first day, how many ticks are left.
    fn clock(&self, py: Python<'_>) -> PyResult<(i32, chrono::NaiveDate, usize)> {
        self.with(py, |state| {
            let economy = &state.economy;
            (economy.tick(), economy.date(), economy.ticks().saturating_sub(economy.lived()))
        })
    }

    /// The last record of a metric: tick and value; nothing before the first one.
    fn read(&self, py: Python<'_>, name: &str, region: &str, item: &str) -> PyResult<Option<(i32, f64)>> {
        let metric = metric(name)?;
        let found = self.with(py, |state| {
            let place = place_of(&state.scenario, region)?;
            let series = state.economy.world.resource::<Series>();
            let of_item = series.items.iter().position(|known| known == item);
            let mut rows = series.rows.iter().rev();
            let row = rows.find(|row| {
                row.metric == metric && usize::from(row.region) == place && Some(usize::from(row.item)) == of_item
            });
            if let Some(row) = row {
                return Ok(Some((row.tick, row.value)));
            }
            match series.items_of(metric, place).join(", ") {
                none if none.is_empty() => Ok(None),
                known => Err(format!("of {metric} in {region}, nothing was recorded for {item:?}; there is {known}")),
            }
        })?;
        found.map_err(errors::input)
    }

    /// The law of a region in the last tick, as JSON.
    fn law(&self, py: Python<'_>, region: &str) -> PyResult<String> {
        let law = self.with(py, |state| {
            let place = place_of(&state.scenario, region)?;
            let law = &state.economy.world.resource::<InForce>().law[place];
            serde_json::to_string(law).map_err(|error| error.to_string())
        })?;
        law.map_err(errors::input)
    }

    /// Another agenda of policies, the same until today.
    fn enact(&self, py: Python<'_>, scenario: &Scenario) -> PyResult<()> {
        let next = &scenario.inner;
        let differences = self.with(py, |state| {
            let differences = same_past(&in_order(&state.scenario), &in_order(next), state.economy.date());
            if differences.is_empty() {
                let mut agenda = state.economy.world.resource_mut::<Agenda>();
                agenda.policies.clone_from(&next.parameters.policies);
                agenda.events.clone_from(&next.parameters.events);
                state.scenario = next.clone();
            }
            differences
        })?;
        if differences.is_empty() {
            return Ok(());
        }
        Err(errors::input(format!("a simulation cannot change its past:\n{}", differences.join("\n"))))
    }

    /// The whole state.
    fn snapshot(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        let saved = self.with(py, |state| {
            let mut bytes = Vec::new();
            save(&state.scenario, &mut state.economy, &mut bytes).map(|()| bytes)
        })?;
        saved.map_err(errors::disk)
    }

    /// Hash of the state.
    fn state_hash(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |state| state_hash(&mut state.economy))
    }

    /// Simulates what is left, and hands over the results.
    fn finish(&self, py: Python<'_>) -> PyResult<Results> {
        let finished = py.detach(|| {
            let State { scenario, economy, desk } = self.lock().take()?;
            let work = || self.pool.install(|| to_the_end(&scenario, economy, desk, |_, _| true));
            Some(catch_unwind(AssertUnwindSafe(work)))
        });
        let finished = finished.ok_or_else(|| errors::input("the results of this simulation were taken before"))?;
        finished.map_err(|panic| panicked(&*panic))?.map_err(errors::stopped)
    }

    /// Every value of the last record, the last first.
    fn records(&self, py: Python<'_>) -> PyResult<Vec<Record>> {
        self.with(py, |state| {
            let series = state.economy.world.resource::<Series>();
            let regions = &state.scenario.parameters.regions;
            let row = |row: &handover::observe::indicators::Row| {
                let (region, item) = (&regions[usize::from(row.region)], &series.items[usize::from(row.item)]);
                (row.tick, region.clone(), row.metric.to_string(), item.clone(), row.value)
            };
            let last = series.rows.last().map(|row| row.tick);
            series.rows.iter().rev().take_while(|row| Some(row.tick) == last).map(row).collect()
        })
    }
}
