//! One run: from the founding to the last tick, and what it leaves behind.

use super::checkpoint::state_hash;
use crate::economy::policy::Clock;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::{Breach, Economy};
use crate::ground::money::MICRO;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::gains::Gains;
use crate::observe::indicators::{Flows, Metric, Series, Wanted, want};
use crate::observe::install;
use crate::observe::receipt::Receipt;
use crate::scenario::Scenario;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use thiserror::Error;

/// How far a run has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Ticks simulated, the spin-up included.
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
    /// Ticks simulated, the spin-up included.
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
    /// Values of a metric by tick, for a region and an item by their names; the item is "all" where nothing is split.
    ///
    /// # Errors
    /// The scenario has no such region; or nothing was recorded of such an item there.
    pub fn history(&self, metric: Metric, region: &str, item: &str) -> Result<Vec<(i32, f64)>, NoHistory> {
        let regions = &self.scenario.parameters.regions;
        let place = regions
            .iter()
            .position(|name| name == region)
            .ok_or_else(|| NoHistory::Region { region: region.to_owned(), known: regions.clone() })?;
        self.series.history(metric, place, item).ok_or_else(|| NoHistory::Item {
            metric,
            region: region.to_owned(),
            item: item.to_owned(),
            known: self.series.items_of(metric, place).into_iter().map(str::to_owned).collect(),
        })
    }

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

    /// Who gained, who lost, who was paid.
    pub fn gains(&self) -> Gains {
        let parameters = &self.scenario.parameters;
        Gains::of(&self.series, &self.flows, &Clock::of(&parameters.run), parameters.regions.len())
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

/// Why there is no history.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoHistory {
    /// There is no region of this name.
    #[error("there is no region {region:?}; the scenario has {}", known.join(", "))]
    Region {
        /// What was asked for.
        region: String,
        /// The regions that there are.
        known: Vec<String>,
    },
    /// Nothing was recorded: the metric is not split by such an item, or it was never a number.
    #[error("of {metric} in {region}, nothing was recorded for {item:?}; there is {}", some_of(known))]
    Item {
        /// Of which metric.
        metric: Metric,
        /// In which region.
        region: String,
        /// What was asked for.
        item: String,
        /// Items of the metric that were recorded there.
        known: Vec<String>,
    },
}

fn some_of(items: &[String]) -> String {
    if items.is_empty() { "no record of any item".to_owned() } else { items.join(", ") }
}

/// Why there are no results.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Stopped {
    /// An identity broke: a bug of ours.
    #[error(transparent)]
    Breach(#[from] Breach),
    /// The watcher asked to stop, on this date of the model.
    #[error("stopped on {0}, as asked")]
    Asked(NaiveDate),
}

/// Founds the economy of a scenario, with what is audited and recorded of it; [`go_on`] runs it to its end.
///
/// # Panics
/// As [`Economy::found`].
pub fn found(scenario: &Scenario) -> Economy {
    Economy::found(&scenario.parameters, install)
}

/// The same, where only so much is recorded as is wanted: outcomes say what they read.
///
/// # Panics
/// As [`Economy::found`].
pub fn found_for(scenario: &Scenario, wanted: Wanted) -> Economy {
    let mut economy = found(scenario);
    want(&mut economy.world, wanted);
    economy
}

/// Runs a scenario to its end with rules written in code; see [`Economy::add_rule`].
///
/// # Errors
/// The breach of an identity.
pub fn run_with(scenario: &Scenario, add_rules: impl FnOnce(&mut Economy)) -> Result<Results, Stopped> {
    let mut economy = found(scenario);
    add_rules(&mut economy);
    go_on(scenario, economy, |_, _| true)
}

/// Runs a scenario to its end; `watch` sees every tick and says whether to go on.
///
/// ```
/// use handover::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=0.2"];
/// let scenario = open_scenario("scenarios/baseline.toml", &settings)?;
/// let results = run(&scenario, |_| true)?;
/// assert!(results.history(Metric::Employed, "USA", "all")?.iter().all(|(_, persons)| *persons > 0.0));
/// // stopped at the first tick, which is one of the spin-up
/// assert!(matches!(run(&scenario, |progress| !progress.is_spin_up), Err(Stopped::Asked(_))));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The breach of an identity, or the wish to stop.
pub fn run(scenario: &Scenario, mut watch: impl FnMut(Progress) -> bool) -> Result<Results, Stopped> {
    go_on(scenario, found(scenario), |_, progress| watch(progress))
}

/// Runs a scenario to its end and records what is wanted; `goes_on` is asked after every tick.
///
/// ```
/// use handover::experiment::run::run_for;
/// use handover::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=0.2"];
/// let scenario = open_scenario("scenarios/baseline.toml", &settings)?;
/// let outcome = Outcome::read("last(employed[USA])", &scenario)?;
/// let results = run_for(&scenario, outcome.wanted(), |_| true)?;
/// assert!(outcome.of(&results).is_some_and(|persons| persons > 0.0));
/// assert!(results.history(Metric::Wage, "USA", "courier").is_err(), "nobody asked for it");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The breach of an identity, or the wish to stop.
pub fn run_for(
    scenario: &Scenario,
    wanted: Wanted,
    mut goes_on: impl FnMut(Progress) -> bool,
) -> Result<Results, Stopped> {
    go_on(scenario, found_for(scenario, wanted), |_, progress| goes_on(progress))
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
        economy.step()?;
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
