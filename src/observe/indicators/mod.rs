//! What is reported: one row for each date, region, metric and item.
//!
//! Stocks are what they are at the end of the recorded tick; flows are means per week over the
//! interval since the last record. Every count is in persons, robots, units or dollars, never agents.

mod money;
mod people;
mod plant;

pub use people::{Base, Bases};

use crate::economy::adoption::Purchase;
use crate::economy::consent::{Refusals, Stance};
use crate::economy::demand::DemandParameters;
use crate::economy::flows::{Flow, Ledger};
use crate::economy::labs::Labs;
use crate::economy::makers::Makers;
use crate::economy::markets::LabourParameters;
use crate::economy::markets::Markets;
use crate::economy::policy::Clock;
use crate::economy::policy::RunParameters;
use crate::economy::programme::Filming;
use crate::economy::regions::Regions;
use crate::economy::robots::Frontier;
use crate::economy::robots::RobotParameters;
use crate::economy::settlement::wallets::Takes;
use crate::economy::sites::Operators;
use crate::economy::sites::{Fleet, Jobs, Robots, Site, Staff};
use crate::observe::Rhythm;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use serde::{Deserialize, Serialize};

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Metric(pub u16);

macro_rules! metrics {
    ($($name:ident, $unit:literal, $flow:literal, $about:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, missing_docs)]
        #[derive(Clone, Copy)]
        #[repr(u16)]
        enum M { $($name,)* }

        /// Word, unit, whether it is a flow, and meaning of every metric.
        pub const METRICS: &[(&str, &str, bool, &str)] = &[$((stringify!($name), $unit, $flow, $about),)*];
    };
}

metrics! {
    employed, "persons", false, "at work at sites";
    unemployed, "persons", false, "looking for work";
    unemployed_over_52_weeks, "persons", false, "looking for work for more than 52 weeks";
    outside, "persons", false, "in jobs in other services";
    training, "persons", false, "attending a course";
    vacancies, "persons", false, "open vacancies";
    unemployment_rate, "share", false, "unemployed per person of the labour force";
    hires, "persons/week", true, "hired into sites";
    laid_off, "persons/week", true, "given notice for ordinary reasons";
    displaced, "persons/week", true, "given notice because robots had absorbed their work";
    dismissed, "persons/week", true, "dismissed for refusing the camera";
    displaced_total, "persons", false, "displaced since the start";
    reemployed_total, "persons", false, "displaced since the start who found work again";
    displaced_without_work, "persons", false, "displaced, unemployed or on a course";
    absorbed, "full-time equivalents", false, "work done by robots beyond the start, in full-time equivalents";
    wage, "USD/month", false, "wage of a mean worker";
    wage_median, "USD/month", false, "median pay of those at work at sites";
    scar, "share", false, "mean loss of pay of the displaced";
    poverty_share, "share", false, "income below half of the median at the start";
    gini_wealth, "index", false, "Gini coefficient of wallets";
    gini_income, "index", false, "Gini coefficient of weekly income";
    wallet_mean, "USD", false, "mean wallet";
    labour_share, "share", false, "wages and payroll tax per dollar of value added at sites";
    consumption, "USD/week", true, "consumption of workers";
    demand_index, "index", false, "demand from consumption, 1 at the start";
    raw_hours, "hours/week", true, "hours filmed";
    accepted_hours, "hours/week", true, "hours accepted";
    filming_sites, "sites", false, "sites in the programme";
    filmed_workers, "persons", false, "filmed this week";
    refusing_share, "share", false, "of those asked, refuse";
    capture_pay, "USD/hour", false, "mean offer at filming sites";
    expected_royalty, "USD/hour", false, "royalty that a recorded hour may expect";
    contributors, "persons", false, "have ever recorded an accepted hour";
    effective_hours, "hours", false, "effective hours of a lab at its last release";
    capability, "share", false, "success on one sub-task, released models";
    feasible_share, "share", false, "of jobs, robots could do";
    human_share, "share", false, "of effective hours, recorded by people";
    open_routes, "share", false, "of routes, open to robots";
    fleet, "robots", false, "robots at sites";
    robots_ordered, "robots/week", true, "robots delivered";
    uptime, "share", false, "of robots, up";
    utilisation, "share", false, "of the capacity of robots that are up, used";
    payback, "years", false, "payback of the mean saving of a robot, over sites by work";
    robot_price, "USD", false, "price of a robot";
    arrivals, "units/week", true, "jobs that arrived";
    done_by_robots, "units/week", true, "jobs done by robots";
    done_by_people, "units/week", true, "jobs done by people";
    robot_share, "share", false, "of jobs done, done by robots";
    backlog, "units", false, "jobs waiting";
    lead_time, "weeks", false, "from arrival to completion";
    cost_by_hand, "USD/unit", false, "cost of a unit by hand";
    cost_by_robot, "USD/unit", false, "cost of a unit by robot, capital included";
    unit_cost, "USD/unit", false, "mean cost of a unit";
    price, "USD/unit", false, "price of a unit";
    oee, "share", false, "availability times performance times quality";
    throughput, "hours/week", true, "output in hours of a mean worker";
    licence_revenue, "USD/week", true, "licences paid for robots at work in the region";
    subscription_revenue, "USD/week", true, "software subscriptions paid for robots at work in the region";
    lab_revenue, "USD/week", true, "licences and subscriptions earned by labs at home in the region";
    data_spending, "USD/week", true, "paid by labs for footage recorded in the region";
    capture_pay_received, "USD/week", true, "capture pay received by workers";
    royalties_paid, "USD/week", true, "royalties due from labs at home in the region";
    royalties_received, "USD/week", true, "royalties received by workers";
    taxes, "USD/week", true, "payroll, income, corporate and robot taxes, tariffs, levies and penalties";
    transfers, "USD/week", true, "insurance, stipends, dividends and wage insurance received by workers";
    government_balance, "USD", false, "held by the government";
    rest_balance, "USD", false, "held by the rest of the economy";
    capital_account, "USD/week", true, "net lent to other regions";
    income_lost, "USD", false, "since the start, against staying in work at the trend wage";
    received_instead, "USD", false, "since the start: capture pay, royalties and transfers; of a region, those beyond the weeks before the start";
    compensation_ratio, "ratio", false, "received per dollar of income lost";
}

/// The place of a metric that the program itself names.
///
/// # Panics
/// If there is none of this name: a slip of ours, which must not show another metric's numbers.
pub fn place_of(metric: &str) -> u16 {
    let place = METRICS.iter().position(|about| about.0 == metric);
    place.unwrap_or_else(|| panic!("there is no metric {metric:?}")) as u16
}

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

    /// Values of a metric by tick, for one region and item.
    pub fn history(&self, metric: &str, region: usize, item: &str) -> Vec<(i32, f64)> {
        let Some(number) = METRICS.iter().position(|about| about.0 == metric) else { return Vec::new() };
        let Some(item) = self.items.iter().position(|known| known == item) else { return Vec::new() };
        let fits = |row: &&Row| {
            usize::from(row.metric.0) == number && usize::from(row.region) == region && usize::from(row.item) == item
        };
        self.rows.iter().filter(fits).map(|row| (row.tick, row.value)).collect()
    }
}

/// Money moved since the last record, by flow, payer region, payee region; and the finished records.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Flows {
    pending: Vec<i128>,
    /// Tick, flow, payer region, payee region, micro-dollars.
    pub rows: Vec<(i32, Flow, u16, u16, i128)>,
}

impl Flows {
    /// Nothing moved yet.
    pub fn new(cells: usize) -> Self {
        Flows { pending: vec![0; cells], rows: Vec::new() }
    }
}

/// Writes values in a fixed order, so that flows add up by position.
struct Pen<'a> {
    series: &'a mut Series,
    next: usize,
    tick: i32,
    region: u16,
    weeks: f64,
    is_due: bool,
    span: f64,
}

impl Pen<'_> {
    /// A stock or a ratio, as it is now.
    fn put(&mut self, metric: M, item: &str, value: impl FnOnce() -> f64) {
        if self.is_due {
            let value = value();
            self.write(metric, item, value);
        }
    }

    /// A flow of this tick, in its unit times weeks.
    fn flow(&mut self, metric: M, item: &str, amount: f64) {
        if self.series.pending.len() <= self.next {
            self.series.pending.push(0.0);
        }
        self.series.pending[self.next] += amount;
        if self.is_due {
            let value = self.series.pending[self.next] / self.span;
            self.series.pending[self.next] = 0.0;
            self.write(metric, item, value);
        }
        self.next += 1;
    }

    /// Adds to what the region lost and received since the start.
    fn add_up(&mut self, lost: f64, received: f64) -> [f64; 2] {
        let region = usize::from(self.region);
        if self.series.accounts.len() <= region {
            self.series.accounts.resize(region + 1, [0.0; 2]);
        }
        let account = &mut self.series.accounts[region];
        account[0] += lost;
        account[1] += received;
        *account
    }

    fn write(&mut self, metric: M, item: &str, value: f64) {
        // what is not finite is not a measurement: a robot that never pays has no payback
        if value.is_finite() {
            let item = self.series.item(item);
            let metric = Metric(metric as u16);
            self.series.rows.push(Row { tick: self.tick, region: self.region, metric, item, value });
        }
    }
}

/// The numbers that indicators are made with.
#[derive(SystemParam)]
pub struct Numbers<'w> {
    run: Res<'w, RunParameters>,
    labour: Res<'w, LabourParameters>,
    demand: Res<'w, DemandParameters>,
    robots: Res<'w, RobotParameters>,
    operators: Res<'w, Operators>,
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
    regions: Res<Regions>,
    frontier: Res<Frontier>,
    labs: Res<Labs>,
    makers: Res<Makers>,
    fleets: Query<(&Fleet, &Robots, &Purchase)>,
    sites: Query<(&Site, &Staff, &Jobs, &Filming, &Stance)>,
    mut series: ResMut<Series>,
    mut base: ResMut<Bases>,
) {
    let persons = numbers.run.persons_per_agent.0;
    if clock.tick < 0 {
        people::remember_base(&mut base.0, &clock, regions.count(), &takes, &ledger, persons);
        return;
    }
    let sites: Vec<_> = sites.iter().collect();
    let mut pen = Pen {
        series: &mut series,
        next: 0,
        tick: clock.tick,
        region: 0,
        weeks: clock.weeks,
        is_due: rhythm.is_due,
        span: f64::from(rhythm.elapsed) * clock.weeks,
    };
    for (region, feasible) in regions.0.iter().zip(&frontier.0) {
        let r = region.index;
        pen.region = u16::try_from(r).expect("few regions");
        let own: Vec<_> = sites.iter().filter(|(site, ..)| site.region == r).copied().collect();
        people::put_people(&mut pen, r, &markets, &takes, &own, persons);
        people::put_incomes(&mut pen, region, &markets, &takes, &ledger, &base.0, persons);
        people::put_programme(&mut pen, r, &markets, &refusals, &own, persons);
        plant::put_technology(&mut pen, region, feasible, &labs.0);
        plant::put_jobs(&mut pen, r, &numbers, &own, &fleets);
        plant::put_robots(&mut pen, r, &numbers, &makers.0, &fleets, &own);
        money::put_money(&mut pen, region, &ledger);
        plant::put_operators(&mut pen, region, &numbers, &own, &fleets, persons);
    }
}

type OwnSite<'a> = (&'a Site, &'a Staff, &'a Jobs, &'a Filming, &'a Stance);

/// Adds up the transactions-flow matrix and writes it down when a record is due.
pub fn record_flows(
    clock: Res<Clock>,
    rhythm: Res<Rhythm>,
    regions: Res<Regions>,
    ledger: Res<Ledger>,
    mut flows: ResMut<Flows>,
) {
    if !clock.has_started() {
        return;
    }
    let regions = regions.count();
    let flows = &mut *flows;
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
