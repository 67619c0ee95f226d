//! One run: from the founding to the last tick, and what it leaves behind.

use super::checkpoint::state_hash;
use crate::economy::flows::{Flow, Ledger};
use crate::economy::policy::Clock;
use crate::economy::{Breach, Economy};
use crate::ground::money::MICRO;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::indicators::{Flows, Series};
use crate::observe::install;
use crate::observe::receipt::Receipt;
use crate::scenario::Scenario;
use chrono::NaiveDate;
use std::collections::BTreeMap;

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

/// A cell of the hand-over receipt: filmed in, lost in, and "hours", "licence", "royalties" or "jobs".
pub type ReceiptCell = (usize, usize, &'static str);

impl Results {
    /// Payments of the last year by kind, region of the payer and region of the payee, dollars.
    pub fn last_year(&self) -> BTreeMap<(Flow, u16, u16), f64> {
        let ticks = Clock::of(&self.scenario.parameters.run).ticks_in(WEEKS_PER_YEAR);
        let end = self.flows.rows.last().map_or(0, |row| row.0);
        let mut sums: BTreeMap<(Flow, u16, u16), i128> = BTreeMap::new();
        for &(tick, flow, from, to, amount) in self.flows.rows.iter().filter(|row| end - row.0 < ticks) {
            debug_assert!(tick <= end);
            *sums.entry((flow, from, to)).or_default() += amount;
        }
        sums.into_iter().map(|(key, sum)| (key, sum as f64 / MICRO)).collect()
    }

    /// The hand-over receipt of the whole run; jobs are those of the last whole calendar year.
    pub fn receipt_cells(&self) -> BTreeMap<ReceiptCell, f64> {
        let years: Vec<i32> = self.receipt.lines.iter().map(|line| line.year).collect();
        // the last calendar year is often a few days only
        let whole_year = match (years.first(), years.last()) {
            (Some(first), Some(last)) if last > first => last - 1,
            (_, last) => last.copied().unwrap_or(0),
        };
        let mut sums: BTreeMap<ReceiptCell, f64> = BTreeMap::new();
        for line in &self.receipt.lines {
            let mut add = |what, value: f64| *sums.entry((line.from, line.to, what)).or_default() += value;
            add("hours", line.hours);
            add("licence", line.licence);
            add("royalties", line.royalties);
            add("jobs", if line.year == whole_year { line.jobs } else { 0.0 });
        }
        sums.retain(|_, value| *value != 0.0);
        sums
    }
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

/// Why there is something to gather.
const WATCHED: &str = "every economy that is run is founded with what watches it";

pub(super) fn gather(scenario: &Scenario, mut economy: Economy) -> Results {
    let state_hash = state_hash(&mut economy);
    let (workers, ticks) = (economy.workers(), economy.lived());
    let world = &mut economy.world;
    let ledger = world.resource::<Ledger>();
    let (money_moved, money_discrepancy) = (ledger.moved(), ledger.discrepancy());
    Results {
        scenario: scenario.clone(),
        series: world.remove_resource::<Series>().expect(WATCHED),
        flows: world.remove_resource::<Flows>().expect(WATCHED),
        receipt: world.remove_resource::<Receipt>().expect(WATCHED),
        ticks,
        workers,
        state_hash,
        money_moved,
        money_discrepancy,
    }
}
