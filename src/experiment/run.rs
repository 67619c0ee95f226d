//! One run: from the founding to the last tick, and what it leaves behind.

use crate::economy::{Breach, Economy};
use crate::ground::ledger::Ledger;
use crate::observe::indicators::{Flows, Series};
use crate::observe::receipt::Receipt;
use crate::observe::{install, trace};
use crate::scenario::Scenario;
use chrono::NaiveDate;

/// How far a run has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Ticks lived, the spin-up included.
    pub done: usize,
    /// Ticks in all, the spin-up included.
    pub all: usize,
    /// Today, in the model.
    pub date: NaiveDate,
    /// Is this the spin-up?
    pub is_spin_up: bool,
}

/// What a run leaves behind.
#[derive(Debug)]
pub struct Results {
    /// The scenario as resolved.
    pub scenario: Scenario,
    /// Indicators.
    pub series: Series,
    /// Transactions-flow matrix by record.
    pub flows: Flows,
    /// Whose hours took whose jobs.
    pub receipt: Receipt,
    /// Ticks lived, the spin-up included.
    pub ticks: usize,
    /// Worker agents.
    pub workers: usize,
    /// Hash of the final state.
    pub state_hash: String,
    /// Micro-dollars moved since the founding.
    pub money_moved: i128,
    /// Micro-dollars that came from nowhere: zero, or a bug.
    pub money_discrepancy: i128,
}

/// Why there are no results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// An identity broke: a bug of ours.
    Breach(Breach),
    /// The watcher asked to stop, on this date of the model.
    Asked(NaiveDate),
}

/// Runs a scenario to its end; `watch` sees every tick and says whether to go on.
///
/// # Errors
/// The breach of an identity, or the wish to stop.
pub fn run(scenario: &Scenario, mut watch: impl FnMut(Progress) -> bool) -> Result<Results, Stopped> {
    let economy = Economy::found(&scenario.parameters, install);
    go_on(scenario, economy, |_, progress| watch(progress))
}

/// Runs an economy of a scenario to its end, from wherever it is; `watch` sees it after every tick and
/// says whether to go on.
///
/// # Errors
/// The breach of an identity, or the wish to stop.
pub fn go_on(
    scenario: &Scenario,
    mut economy: Economy,
    mut watch: impl FnMut(&mut Economy, Progress) -> bool,
) -> Result<Results, Stopped> {
    let all = economy.ticks();
    while !economy.is_over() {
        economy.step().map_err(Stopped::Breach)?;
        let date = economy.date();
        let progress = Progress { done: economy.lived(), all, date, is_spin_up: economy.tick() < 0 };
        if !watch(&mut economy, progress) {
            return Err(Stopped::Asked(date));
        }
    }
    Ok(gather(scenario, economy))
}

pub(super) fn gather(scenario: &Scenario, mut economy: Economy) -> Results {
    let state_hash = trace::state_hash(&mut economy);
    let (workers, ticks) = (economy.workers(), economy.lived());
    let world = &mut economy.world;
    let ledger = world.resource::<Ledger>();
    let (money_moved, money_discrepancy) = (ledger.moved(), ledger.discrepancy());
    Results {
        scenario: scenario.clone(),
        series: world.remove_resource::<Series>().unwrap_or_default(),
        flows: world.remove_resource::<Flows>().unwrap_or_default(),
        receipt: world.remove_resource::<Receipt>().unwrap_or_default(),
        ticks,
        workers,
        state_hash,
        money_moved,
        money_discrepancy,
    }
}
