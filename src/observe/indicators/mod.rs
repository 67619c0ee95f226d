//! What is reported: one row for each date, region, metric and item.
//!
//! Stocks are what they are at the end of the recorded tick; flows are means per week over the
//! interval since the last record. Every count is in persons, robots, units or dollars, never agents.

mod exchange;
mod metric;
mod money;
mod own;
mod people;
mod plant;
mod wanted;

pub use metric::{Metric, NoMetric};
pub use people::{Base, Bases};
pub use wanted::{Wanted, want};

use crate::economy::adoption::Purchase;
use crate::economy::consent::{Refusals, Stance};
use crate::economy::demand::buyers::Buyers;
use crate::economy::demand::{DemandParameters, TradeShares};
use crate::economy::policy::Clock;
use crate::economy::policy::RunParameters;
use crate::economy::recording::Rhythm;
use crate::economy::settlement::wallets::Takes;
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::weights::Weights;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::world::jobs::Jobs;
use crate::economy::world::labs::Labs;
use crate::economy::world::makers::Makers;
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::markets::Markets;
use crate::economy::world::programme::Filming;
use crate::economy::world::regions::Regions;
use crate::economy::world::robots::Frontier;
use crate::economy::world::robots::RobotParameters;
use crate::economy::world::sites::{Fleet, Robots, Site, Staff};
use crate::economy::world::sites::{Operators, SiteParameters};
use crate::ground::list::Listed;
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use own::{Gathered, Own};
use serde::{Deserialize, Serialize};
use std::cell::{LazyCell, OnceCell};

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Tick at whose end it was recorded.
    pub tick: i32,
    /// Region index.
    pub region: u16,
    /// Which metric.
    pub metric: Metric,
    /// Of what, as an index into [`Series::items`].
    pub item: u16,
    /// How much, in the unit of the metric.
    pub value: f64,
}

/// All records of a run.
///
/// ```
/// use handover::observe::indicators::{Metric, Row, Series};
///
/// let mut series = Series::default();
/// series.items.push("all".to_owned());
/// series.rows.push(Row { tick: 3, region: 0, metric: Metric::Fleet, item: 0, value: 12.0 });
/// assert_eq!(series.last(Metric::Fleet, 0, "all"), Some((3, 12.0)));
/// assert_eq!(series.history(Metric::Fleet, 0, "van"), None);
/// ```
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Series {
    /// Rows in the order tick, region, metric, item.
    pub rows: Vec<Row>,
    /// Words for what a value is a value of; "all" where nothing is split.
    pub items: Vec<String>,
    pending: Vec<f64>,
    /// Income lost and received instead by region since the start, dollars.
    accounts: Vec<[f64; 2]>,
}

impl Series {
    fn item(&mut self, word: &str) -> u16 {
        let place = self.items.iter().position(|known| known == word).unwrap_or_else(|| {
            self.items.push(word.to_owned());
            self.items.len() - 1
        });
        u16::try_from(place).expect("fewer than 65,536 items")
    }

    /// Values of a metric by tick, for one region (its place among the regions) and item; none if nothing was recorded
    /// of it. [`crate::experiment::run::Results::history`] takes names, and says what is wrong with them.
    pub fn history(&self, metric: Metric, region: usize, item: &str) -> Option<Vec<(i32, f64)>> {
        let item = self.items.iter().position(|known| known == item)?;
        history(&self.rows, metric, region, item)
    }

    /// Items of which a metric was recorded in a region, in the order in which they first were.
    pub fn items_of(&self, metric: Metric, region: usize) -> Vec<&str> {
        let mine = self.rows.iter().filter(|row| row.metric == metric && usize::from(row.region) == region);
        let places: std::collections::BTreeSet<u16> = mine.map(|row| row.item).collect();
        places.into_iter().map(|place| self.items[usize::from(place)].as_str()).collect()
    }

    /// The last record of a metric, for one region and item: tick and value.
    pub fn last(&self, metric: Metric, region: usize, item: &str) -> Option<(i32, f64)> {
        let item = self.items.iter().position(|known| known == item)?;
        let row = self.rows.iter().rev().find(|row| row.is_of(metric, region, item))?;
        Some((row.tick, row.value))
    }

    /// The records sorted by metric, for whoever asks for many histories.
    pub fn by_metric(&self) -> ByMetric<'_> {
        let mut rows = vec![Vec::new(); Metric::ALL.len()];
        self.rows.iter().for_each(|row| rows[row.metric.index()].push(*row));
        ByMetric { items: &self.items, rows }
    }
}

impl Row {
    fn is_of(&self, metric: Metric, region: usize, item: usize) -> bool {
        self.metric == metric && usize::from(self.region) == region && usize::from(self.item) == item
    }
}

fn history(rows: &[Row], metric: Metric, region: usize, item: usize) -> Option<Vec<(i32, f64)>> {
    let mine = rows.iter().filter(|row| row.is_of(metric, region, item));
    let history: Vec<_> = mine.map(|row| (row.tick, row.value)).collect();
    (!history.is_empty()).then_some(history)
}

/// A series whose records are sorted by metric, so that a history is found among a ninetieth of them.
#[derive(Debug)]
pub struct ByMetric<'a> {
    items: &'a [String],
    rows: Vec<Vec<Row>>,
}

impl ByMetric<'_> {
    /// As [`Series::history`].
    pub fn history(&self, metric: Metric, region: usize, item: &str) -> Option<Vec<(i32, f64)>> {
        let item = self.items.iter().position(|known| known == item)?;
        history(&self.rows[metric.index()], metric, region, item)
    }
}

/// Money moved since the last record, by flow, payer region, payee region; and the finished records.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Flows {
    pending: Vec<i128>,
    /// What moved in the year before the start.
    pub before: Before,
    /// Tick, flow, payer region, payee region, micro-dollars.
    pub rows: Vec<(i32, Flow, u16, u16, i128)>,
}

impl Flows {
    /// Nothing moved yet.
    pub fn new(cells: usize) -> Self {
        Flows { pending: vec![0; cells], before: Before { cells: vec![0; cells], ticks: 0 }, rows: Vec::new() }
    }
}

/// Money moved in the last year of the spin-up, or in all of it where it is shorter.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Before {
    /// Micro-dollars by flow, payer region, payee region.
    pub cells: Vec<i128>,
    /// Ticks in which they moved.
    pub ticks: i32,
}

impl Before {
    /// Most micro-dollars that a cell may hold, so that sums of all cells fit.
    const MOST: u128 = 1 << 100;

    /// Can a state have it?
    pub fn is_sound(&self, clock: &Clock) -> bool {
        (0..=clock.ticks_in(WEEKS_PER_YEAR)).contains(&self.ticks)
            && self.cells.iter().all(|cell| cell.unsigned_abs() < Before::MOST)
    }
}

/// Writes values in a fixed order, so that flows add up by position: each has its own, whether it is wanted or not.
///
/// What is not wanted is not computed: a value comes as a closure, and what several of them share is worked out when the
/// first of them asks for it.
struct Pen<'a> {
    series: &'a mut Series,
    wanted: Wanted,
    next: usize,
    tick: i32,
    region: u16,
    weeks: f64,
    is_due: bool,
    span: f64,
}

impl Pen<'_> {
    /// Is one of these metrics recorded?
    fn wants(&self, metrics: &[Metric]) -> bool {
        metrics.iter().any(|&metric| self.wanted.has(metric))
    }

    /// A stock or a ratio, as it is now.
    fn put(&mut self, metric: Metric, item: &str, value: impl FnOnce() -> f64) {
        if self.is_due && self.wanted.has(metric) {
            let value = value();
            self.write(metric, item, value);
        }
    }

    /// A flow of this tick, in its unit times weeks.
    fn flow(&mut self, metric: Metric, item: &str, amount: impl FnOnce() -> f64) {
        if self.series.pending.len() <= self.next {
            self.series.pending.push(0.0);
        }
        if self.wanted.has(metric) {
            self.series.pending[self.next] += amount();
            if self.is_due {
                let value = self.series.pending[self.next] / self.span;
                self.series.pending[self.next] = 0.0;
                self.write(metric, item, value);
            }
        }
        self.next += 1;
    }

    /// What the region lost and received since the start, with this tick's, which is asked for where it is wanted.
    fn add_up(&mut self, is_wanted: bool, lost_and_received: impl FnOnce() -> [f64; 2]) -> [f64; 2] {
        let region = usize::from(self.region);
        if self.series.accounts.len() <= region {
            self.series.accounts.resize(region + 1, [0.0; 2]);
        }
        let account = &mut self.series.accounts[region];
        if is_wanted {
            let [lost, received] = lost_and_received();
            account[0] += lost;
            account[1] += received;
        }
        *account
    }

    fn write(&mut self, metric: Metric, item: &str, value: f64) {
        // what is not finite is not a measurement: a robot that never pays has no payback
        if value.is_finite() {
            let item = self.series.item(item);
            self.series.rows.push(Row { tick: self.tick, region: self.region, metric, item, value });
        }
    }
}

numbers! {
    run: RunParameters, weights: Weights, labour: LabourParameters, demand: DemandParameters, robots: RobotParameters,
    operators: Operators, sites: SiteParameters,
}

/// Trade and the accounts of buyers.
#[derive(SystemParam)]
pub struct Exchange<'w> {
    shares: Res<'w, TradeShares>,
    buyers: Res<'w, Buyers>,
}

/// What is written, and how much of it.
#[derive(SystemParam)]
pub struct Book<'w> {
    series: ResMut<'w, Series>,
    wanted: Res<'w, Wanted>,
}

/// Records the indicators of the tick.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn record(
    clock: Res<Clock>,
    numbers: Numbers,
    rhythm: Res<Rhythm>,
    markets: Res<Markets>,
    takes: Res<Takes>,
    refusals: Res<Refusals>,
    ledger: Res<Ledger>,
    exchange: Exchange,
    regions: Res<Regions>,
    frontier: Res<Frontier>,
    labs: Res<Labs>,
    makers: Res<Makers>,
    fleets: Query<(&Fleet, &Robots, &Purchase)>,
    sites: Query<(&Site, &Staff, &Jobs, &Filming, &Stance)>,
    mut book: Book,
    mut base: ResMut<Bases>,
) {
    if clock.tick < 0 {
        people::remember_base(&mut base.0, &clock, regions.count(), (&takes, &numbers.weights), &ledger);
        return;
    }
    let gathered = OnceCell::new();
    let gather = || Gathered::of(sites.iter(), regions.count());
    let mut pen = Pen {
        series: &mut book.series,
        wanted: *book.wanted,
        next: 0,
        tick: clock.tick,
        region: 0,
        weeks: clock.weeks,
        is_due: rhythm.is_due,
        span: f64::from(rhythm.elapsed) * clock.weeks,
    };
    let of_classes = LazyCell::new(|| plant::Fleets::of(&fleets, regions.count()));
    for (region, feasible) in regions.0.iter().zip(&frontier.0) {
        let r = region.index;
        pen.region = u16::try_from(r).expect("few regions");
        let own = Own { gathered: &gathered, gather: &gather, region: r };
        people::put_people(&mut pen, r, &markets, &takes, &own, &numbers.weights);
        people::put_incomes(&mut pen, region, &markets, (&takes, &numbers.weights), &ledger, &base.0);
        people::put_programme(&mut pen, r, &markets, &refusals, &own, &numbers.weights);
        plant::put_technology(&mut pen, &numbers, region, feasible, &labs.0);
        plant::put_jobs(&mut pen, r, &numbers, &own, &fleets);
        plant::put_robots(&mut pen, r, &numbers, &makers.0, &|| &of_classes[r]);
        exchange::put_trade(&mut pen, r, &numbers, &regions, &own, (&exchange.shares, &exchange.buyers, &ledger));
        money::put_money(&mut pen, region, &ledger);
        plant::put_operators(&mut pen, region, &numbers, &own, &fleets);
    }
}

/// Adds up the transactions-flow matrix and writes it down when a record is due; before the start, that of the last year.
pub fn record_flows(
    clock: Res<Clock>,
    rhythm: Res<Rhythm>,
    regions: Res<Regions>,
    ledger: Res<Ledger>,
    wanted: Res<Wanted>,
    mut flows: ResMut<Flows>,
) {
    let regions = regions.count();
    let flows = &mut *flows;
    if !wanted.has_flows() {
        return;
    }
    if !clock.has_started() {
        remember(&mut flows.before, &clock, &ledger, regions);
        return;
    }
    let mut cell = 0;
    for &flow in Flow::ALL {
        for from in 0..regions {
            for to in 0..regions {
                flows.pending[cell] += ledger.flow(flow, from, to);
                if rhythm.is_due && flows.pending[cell] != 0 {
                    let (from, to) = (from as u16, to as u16);
                    flows.rows.push((clock.tick, flow, from, to, flows.pending[cell]));
                    flows.pending[cell] = 0;
                }
                cell += 1;
            }
        }
    }
}

/// Adds up the transactions-flow matrix of the last year before the start.
fn remember(before: &mut Before, clock: &Clock, ledger: &Ledger, regions: usize) {
    if clock.tick < -clock.ticks_in(WEEKS_PER_YEAR) {
        return;
    }
    before.ticks += 1;
    for (cell, sum) in before.cells.iter_mut().enumerate() {
        let (pair, flow) = (cell % (regions * regions), Flow::ALL[cell / (regions * regions)]);
        *sum += ledger.flow(flow, pair / regions, pair % regions);
    }
}
