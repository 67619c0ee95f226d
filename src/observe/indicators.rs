//! What is reported: one row for each date, region, metric and item.
//!
//! Stocks are what they are at the end of the recorded tick; flows are means per week over the
//! interval since the last record. Every count is in persons, robots, units or dollars, never agents.

use crate::economy::adoption::{Maker, Purchase, full_cost_by_robot};
use crate::economy::capture::{Filming, Lab};
use crate::economy::consent::{Refusals, Stance};
use crate::economy::dispatch::units_per_robot_week;
use crate::economy::learning::Feasible;
use crate::economy::people::{Listed, Markets, Occupation, SCAR_ONE, Work};
use crate::economy::policy::Clock;
use crate::economy::settlement::rows::{Distribution, Takings};
use crate::economy::settlement::wallets::Takes;
use crate::economy::sites::{Class, Family, Fleet, Job, Jobs, Kind, Robots, Site, SiteType, Staff};
use crate::economy::{Parameters, Region};
use crate::ground::ledger::{Flow, Ledger, MICRO};
use crate::ground::maths::share_of;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::Rhythm;
use bevy_ecs::prelude::*;
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
    payback, "years", false, "payback of a robot at a typical site";
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

/// 14a. Records the indicators of the tick.
pub fn record(
    clock: Res<Clock>,
    parameters: Res<Parameters>,
    rhythm: Res<Rhythm>,
    markets: Res<Markets>,
    takes: Res<Takes>,
    refusals: Res<Refusals>,
    ledger: Res<Ledger>,
    regions: Query<(&Region, &Feasible)>,
    labs: Query<&Lab>,
    makers: Query<&Maker>,
    fleets: Query<(&Fleet, &Robots, &Purchase)>,
    sites: Query<(&Site, &Staff, &Jobs, &Filming, &Stance)>,
    mut series: ResMut<Series>,
    mut base: ResMut<Bases>,
) {
    let persons = parameters.run.persons_per_agent.0;
    if clock.tick < 0 {
        remember_base(&mut base.0, &clock, &parameters, &takes, &ledger, persons);
        return;
    }
    let labs: Vec<_> = labs.iter().collect();
    let makers: Vec<_> = makers.iter().collect();
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
    for (region, feasible) in &regions {
        let r = region.index;
        pen.region = u16::try_from(r).expect("few regions");
        let own: Vec<_> = sites.iter().filter(|(site, ..)| site.region == r).copied().collect();
        put_people(&mut pen, r, &markets, &takes, &own, persons);
        put_incomes(&mut pen, region, &markets, &takes, &ledger, &base.0, persons);
        put_programme(&mut pen, r, &markets, &refusals, &own, persons);
        put_technology(&mut pen, region, feasible, &labs);
        put_jobs(&mut pen, r, &parameters, &own, &fleets);
        put_robots(&mut pen, r, &parameters, &makers, &fleets, &own);
        put_money(&mut pen, region, &ledger);
        put_operators(&mut pen, r, &parameters, &own, &fleets, persons);
    }
}

type OwnSite<'a> = (&'a Site, &'a Staff, &'a Jobs, &'a Filming, &'a Stance);

/// Incomes of a region over the last half-year of the spin-up, dollars a week added up over ticks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Base {
    labour: f64,
    transfers: f64,
    ticks: f64,
}

/// The [`Base`] of each region.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bases(Vec<Base>);

fn remember_base(
    base: &mut Vec<Base>,
    clock: &Clock,
    parameters: &Parameters,
    takes: &Takes,
    ledger: &Ledger,
    persons: f64,
) {
    // means over the last half-year of the spin-up
    let first = -crate::ground::random::whole((WEEKS_PER_YEAR / 2.0 / clock.weeks).round());
    if i64::from(clock.tick) < first {
        return;
    }
    base.resize(parameters.regions.len(), Base::default());
    for (m, taken) in takes.markets.iter().enumerate() {
        let labour = (taken.paid[Work::Employed as usize] + taken.paid[Work::Outside as usize]) as f64;
        base[m / Occupation::COUNT].labour += labour / MICRO * persons / clock.weeks;
    }
    for (r, region) in base.iter_mut().enumerate() {
        region.transfers += transfers(ledger, r) / clock.weeks;
        region.ticks += 1.0;
    }
}

fn of_region(r: usize, takes: &Takes) -> impl Iterator<Item = &Takings> {
    takes.markets[r * Occupation::COUNT..(r + 1) * Occupation::COUNT].iter()
}

fn put_people(pen: &mut Pen, r: usize, markets: &Markets, takes: &Takes, own: &[OwnSite], persons: f64) {
    let count = |agents: i64| agents as f64 * persons;
    let absorbed = |occupation: Option<Occupation>| -> f64 {
        let mine = own.iter().flat_map(|(site, staff, ..)| site.kind.occupations().iter().zip(&staff.0));
        mine.filter(|(o, _)| occupation.is_none_or(|wanted| wanted == **o))
            .map(|(_, crew)| crew.absorbed * persons)
            .sum()
    };
    let first = r * Occupation::COUNT;
    let mut all = crate::economy::people::Market::default();
    let mut long = 0;
    let mut waiting = 0;
    for (n, &occupation) in Occupation::ALL.iter().enumerate() {
        let market = &markets.0[first + n];
        let taken = &takes.markets[first + n];
        let idle = taken.displaced[Work::Unemployed as usize] + taken.displaced[Work::Training as usize];
        put_market(pen, occupation.name(), market, taken.long_unemployed, idle, persons);
        pen.put(M::absorbed, occupation.name(), || absorbed(Some(occupation)));
        pen.put(M::wage, occupation.name(), || market.wage * WEEKS_PER_YEAR / 12.0);
        for (sum, part) in all.heads.iter_mut().zip(market.heads) {
            *sum += part;
        }
        all.vacancies += market.vacancies;
        all.hires += market.hires;
        all.laid_off += market.laid_off;
        all.displaced += market.displaced;
        all.dismissed += market.dismissed;
        all.displaced_total += market.displaced_total;
        all.reemployed_total += market.reemployed_total;
        long += taken.long_unemployed;
        waiting += idle;
    }
    put_market(pen, "all", &all, long, waiting, persons);
    pen.put(M::absorbed, "all", || absorbed(None));
    let scars: i64 = of_region(r, takes).map(|taken| taken.scars).sum();
    let displaced: i64 = of_region(r, takes).map(|taken| taken.displaced.iter().sum::<i64>()).sum();
    pen.put(M::scar, "all", || share_of(scars as f64 / SCAR_ONE as f64, displaced as f64));
    let contributors: i64 = of_region(r, takes).map(|taken| taken.contributors).sum();
    pen.put(M::contributors, "all", || count(contributors));
}

fn put_market(
    pen: &mut Pen,
    item: &str,
    market: &crate::economy::people::Market,
    long: i64,
    waiting: i64,
    persons: f64,
) {
    let count = |agents: i64| agents as f64 * persons;
    let [employed, unemployed, outside, training] = market.heads;
    let all: i64 = market.heads.iter().sum();
    pen.put(M::employed, item, || count(employed));
    pen.put(M::unemployed, item, || count(unemployed));
    pen.put(M::unemployed_over_52_weeks, item, || count(long));
    pen.put(M::outside, item, || count(outside));
    pen.put(M::training, item, || count(training));
    pen.put(M::vacancies, item, || count(market.vacancies));
    pen.put(M::unemployment_rate, item, || share_of(unemployed as f64, all as f64));
    pen.flow(M::hires, item, count(market.hires));
    pen.flow(M::laid_off, item, count(market.laid_off));
    pen.flow(M::displaced, item, count(market.displaced));
    pen.flow(M::dismissed, item, count(market.dismissed));
    pen.put(M::displaced_total, item, || count(market.displaced_total));
    pen.put(M::reemployed_total, item, || count(market.reemployed_total));
    pen.put(M::displaced_without_work, item, || count(waiting));
}

fn put_incomes(
    pen: &mut Pen,
    region: &Region,
    markets: &Markets,
    takes: &Takes,
    ledger: &Ledger,
    base: &[Base],
    persons: f64,
) {
    let r = region.index;
    let weeks = pen.weeks;
    let mut together = Distribution::default();
    for taken in of_region(r, takes) {
        if let Some(part) = &taken.distribution {
            together.merge(part);
        }
    }
    let monthly = WEEKS_PER_YEAR / 12.0 / weeks;
    pen.put(M::wage_median, "all", || together.wage.quantile(1.0 / 2.0) / MICRO * monthly);
    let line = region.median_wage * weeks * MICRO / 2.0;
    pen.put(M::poverty_share, "all", || together.income.share_below(line));
    pen.put(M::gini_wealth, "all", || together.wealth.gini());
    pen.put(M::gini_income, "all", || together.income.gini());
    let held: f64 = of_region(r, takes).map(|taken| taken.after as f64).sum::<f64>() / MICRO;
    let people: i64 = of_region(r, takes).map(|taken| taken.heads.iter().sum::<i64>()).sum();
    pen.put(M::wallet_mean, "all", || share_of(held, people as f64));
    pen.flow(M::consumption, "all", ledger.received_by(Flow::Consumption, r) as f64 / MICRO);
    pen.put(M::demand_index, "all", || region.demand_index);
    let account = |sum: &dyn Fn(&crate::economy::people::Market) -> [i128; 2]| {
        let mine = markets.0.iter().filter(|market| market.region == r).map(sum);
        mine.fold([0, 0], |total, part| [total[0] + part[0], total[1] + part[1]]).map(|n| n as f64 / MICRO * persons)
    };
    let labour: f64 = of_region(r, takes)
        .map(|taken| (taken.paid[Work::Employed as usize] + taken.paid[Work::Outside as usize]) as f64)
        .sum::<f64>()
        / MICRO
        * persons;
    let of_base = |pick: fn(&Base) -> f64| base.get(r).map_or(0.0, |base| share_of(pick(base), base.ticks)) * weeks;
    let before = of_base(|base| base.labour);
    let instead = transfers(ledger, r) - of_base(|base| base.transfers)
        + dollars(ledger.received_by(Flow::CapturePay, r) + ledger.received_by(Flow::Royalties, r));
    let [lost, received] = pen.add_up(before - labour, instead);
    put_compensation(pen, "region", lost, received);
    for (item, [lost, received]) in [
        ("contributors", account(&|market| market.contributor_account)),
        ("displaced", account(&|market| market.displaced_account)),
    ] {
        put_compensation(pen, item, lost, received);
    }
}

fn put_compensation(pen: &mut Pen, item: &str, lost: f64, received: f64) {
    pen.put(M::income_lost, item, || lost);
    pen.put(M::received_instead, item, || received);
    // no loss, nothing to compensate; and what is lost in the noise is no loss
    let is_loss = lost > received.abs() / 100.0 && lost > 0.0;
    pen.put(M::compensation_ratio, item, || if is_loss { received / lost } else { f64::NAN });
}

fn dollars(micro: i128) -> f64 {
    micro as f64 / MICRO
}

fn transfers(ledger: &Ledger, r: usize) -> f64 {
    let kinds = [Flow::Insurance, Flow::Stipends, Flow::CitizenDividend, Flow::WageInsurance, Flow::Recycling];
    kinds.iter().map(|&flow| dollars(ledger.received_by(flow, r))).sum()
}

fn put_programme(pen: &mut Pen, r: usize, markets: &Markets, refusals: &Refusals, own: &[OwnSite], persons: f64) {
    let filming: Vec<&Filming> = own.iter().map(|site| site.3).filter(|filming| filming.films).collect();
    let filmed: i64 = own.iter().map(|site| site.3.filmed).sum();
    let raw: f64 = own.iter().map(|site| site.3.filmed as f64 * persons * site.3.raw_hours).sum();
    let accepted: i64 = own.iter().map(|site| site.3.accepted).sum();
    pen.flow(M::raw_hours, "all", raw);
    pen.flow(M::accepted_hours, "all", accepted as f64 / 1e3);
    pen.put(M::filming_sites, "all", || filming.len() as f64);
    pen.put(M::filmed_workers, "all", || filmed as f64 * persons);
    let quartiles = &refusals.0[r];
    let (asked, refusing) = quartiles.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    pen.put(M::refusing_share, "all", || if asked > 0 { refusing as f64 / asked as f64 } else { f64::NAN });
    for (n, &(asked, refusing)) in quartiles.iter().enumerate() {
        let item = ["skill quartile 1", "skill quartile 2", "skill quartile 3", "skill quartile 4"][n];
        pen.put(M::refusing_share, item, || if asked > 0 { refusing as f64 / asked as f64 } else { f64::NAN });
    }
    let offers: f64 = filming.iter().map(|filming| filming.offer).sum();
    pen.put(M::capture_pay, "all", || if filming.is_empty() { f64::NAN } else { offers / filming.len() as f64 });
    let first = r * Occupation::COUNT;
    for &occupation in SiteType::Factory.occupations() {
        let expected = markets.0[first + occupation.index()].royalty_per_hour;
        pen.put(M::expected_royalty, occupation.name(), || expected);
    }
}

fn put_technology(pen: &mut Pen, region: &Region, feasible: &Feasible, labs: &[&Lab]) {
    let licensor = labs[region.licensor];
    for &family in Family::ALL {
        pen.put(M::capability, family.name(), || licensor.capability[family.index()]);
        pen.put(M::human_share, family.name(), || licensor.human_share[family.index()]);
    }
    for &kind in Kind::ALL {
        pen.put(M::feasible_share, kind.name(), || feasible.share[kind.index()]);
    }
    pen.put(M::open_routes, "all", || region.openness);
    for lab in labs.iter().filter(|lab| lab.home == region.index) {
        for &family in Family::ALL {
            pen.put(M::effective_hours, family.name(), || lab.effective[family.index()]);
        }
    }
}

fn put_jobs(
    pen: &mut Pen,
    r: usize,
    parameters: &Parameters,
    own: &[OwnSite],
    fleets: &Query<(&Fleet, &Robots, &Purchase)>,
) {
    for &kind in Kind::ALL {
        let jobs: Vec<(&Site, &Job)> = own
            .iter()
            .flat_map(|(site, _, jobs, ..)| jobs.0.iter().map(move |job| (*site, job)))
            .filter(|(_, job)| job.kind == kind)
            .collect();
        let sum = |part: &dyn Fn(&Job) -> f64| jobs.iter().map(|(_, job)| part(job)).sum::<f64>();
        let (robots, people) = (sum(&|job| job.by_robots as f64), sum(&|job| job.by_people as f64));
        let backlog = sum(&|job| job.backlog as f64);
        let done = robots + people;
        let item = kind.name();
        pen.flow(M::arrivals, item, sum(&|job| job.arrivals as f64));
        pen.flow(M::done_by_robots, item, robots);
        pen.flow(M::done_by_people, item, people);
        pen.put(M::robot_share, item, || share_of(robots, done));
        pen.put(M::backlog, item, || backlog);
        let weeks = pen.weeks;
        pen.put(M::lead_time, item, || share_of(backlog, done / weeks) + parameters.demand.handling_time.0);
        let mean = |value: &dyn Fn(&Job) -> f64| share_of(sum(&|job| value(job) * job.base), sum(&|job| job.base));
        pen.put(M::cost_by_hand, item, || mean(&|job| job.cost_by_hand));
        pen.put(M::unit_cost, item, || mean(&|job| job.unit_cost));
        pen.put(M::price, item, || mean(&|job| job.price));
        if let Some((site, job)) = jobs.first() {
            let purchase = site.fleets.iter().filter_map(|&fleet| fleets.get(fleet).ok());
            let class = kind.class();
            if let Some((_, _, purchase)) = purchase.into_iter().find(|(fleet, ..)| fleet.class == class) {
                let units = units_per_robot_week(parameters, job, r);
                let life = parameters.robots.class[class].life.0;
                let uptime = parameters.robots.uptime.0;
                pen.put(M::cost_by_robot, item, || full_cost_by_robot(job, purchase.price, life, units, uptime));
                pen.put(M::payback, item, || job.payback);
            }
        }
    }
    for &kind in SiteType::ALL {
        let plants: Vec<&OwnSite> = own.iter().filter(|(site, ..)| site.kind == kind).collect();
        put_plant(pen, kind.name(), &plants, parameters, r);
    }
}

/// The second product of the plant stands beside the first: output, OEE and lead time with filmed hours.
fn put_plant(pen: &mut Pen, item: &str, plants: &[&OwnSite], parameters: &Parameters, r: usize) {
    let persons = parameters.run.persons_per_agent.0;
    let weekly = parameters.labour.weekly_hours[r].0 * pen.weeks;
    let (mut planned, mut available, mut done, mut tried) = (0.0, 0.0, 0.0, 0.0);
    for (_, staff, jobs, ..) in plants {
        for crew in &staff.0 {
            planned += crew.wanted * persons * weekly;
        }
        for job in &jobs.0 {
            let robots = job.robot_capacity * job.hours_per_unit;
            planned += robots / parameters.robots.uptime.0;
            available += job.people_hours + robots;
            done += (job.by_people + job.by_robots) as f64 * job.hours_per_unit;
            tried += (job.by_people + job.attempts) as f64 * job.hours_per_unit;
        }
    }
    let availability = share_of(available, planned).min(1.0);
    let performance = share_of(tried, available).min(1.0);
    pen.put(M::oee, item, || availability * performance * share_of(done, tried));
    pen.flow(M::throughput, item, done);
    let filmed: f64 = plants.iter().map(|plant| plant.3.filmed as f64 * persons * plant.3.raw_hours).sum();
    pen.flow(M::raw_hours, item, filmed);
}

fn put_robots(
    pen: &mut Pen,
    r: usize,
    parameters: &Parameters,
    makers: &[&Maker],
    fleets: &Query<(&Fleet, &Robots, &Purchase)>,
    own: &[OwnSite],
) {
    let per_agent = parameters.run.robots_per_agent.0;
    let mut sums = [(0_i64, 0_i64, 0_i64, 0.0_f64); 4];
    for fleet in own.iter().flat_map(|(site, ..)| &site.fleets) {
        let Ok((fleet, robots, _)) = fleets.get(*fleet) else { continue };
        let sum = &mut sums[fleet.class.index()];
        sum.0 += robots.count();
        sum.1 += robots.delivered;
        sum.2 += robots.up;
        sum.3 += robots.utilisation * robots.up as f64;
    }
    for &class in Class::ALL {
        let (count, delivered, up, used) = sums[class.index()];
        let item = class.name();
        pen.put(M::fleet, item, || count as f64 * per_agent);
        pen.flow(M::robots_ordered, item, delivered as f64 * per_agent);
        pen.put(M::uptime, item, || if count > 0 { up as f64 / count as f64 } else { f64::NAN });
        pen.put(M::utilisation, item, || if up > 0 { used / up as f64 } else { f64::NAN });
        let factor = parameters.robots.class[class].price_factor[r].0;
        pen.put(M::robot_price, item, || makers[class.index()].price * factor);
    }
}

fn put_money(pen: &mut Pen, region: &Region, ledger: &Ledger) {
    let r = region.index;
    let paid = |flow: Flow| dollars(ledger.paid_by(flow, r));
    let received = |flow: Flow| dollars(ledger.received_by(flow, r));
    let both = |flows: &[Flow], side: &dyn Fn(Flow) -> f64| flows.iter().map(|&flow| side(flow)).sum::<f64>();
    pen.flow(M::licence_revenue, "all", paid(Flow::Licences));
    pen.flow(M::subscription_revenue, "all", paid(Flow::Subscriptions));
    pen.flow(M::lab_revenue, "all", both(&[Flow::Licences, Flow::Subscriptions], &received));
    // what labs pay for footage goes to the site and to the region's vendors
    pen.flow(M::data_spending, "all", both(&[Flow::SiteFees, Flow::CapturePayLab, Flow::Vendor], &received));
    pen.flow(M::capture_pay_received, "all", received(Flow::CapturePay));
    pen.flow(M::royalties_paid, "all", paid(Flow::RoyaltiesDue));
    pen.flow(M::royalties_received, "all", received(Flow::Royalties));
    let taxes = [
        Flow::PayrollTax,
        Flow::IncomeTax,
        Flow::SiteTax,
        Flow::LabTax,
        Flow::MakerTax,
        Flow::RobotTax,
        Flow::RobotTariff,
        Flow::DataLevy,
        Flow::BanPenalty,
    ];
    pen.flow(M::taxes, "all", both(&taxes, &received));
    pen.flow(M::transfers, "all", transfers(ledger, r));
    pen.put(M::government_balance, "all", || ledger.balance(region.government).dollars());
    pen.put(M::rest_balance, "all", || ledger.balance(region.rest).dollars());
    pen.flow(M::capital_account, "all", paid(Flow::CapitalAccount) - received(Flow::CapitalAccount));
    let labour = both(&[Flow::Wages, Flow::PayrollTax, Flow::Supervision], &paid);
    let bought = [
        Flow::HandCosts,
        Flow::OtherCosts,
        Flow::Energy,
        Flow::Maintenance,
        Flow::Cameras,
        Flow::Licences,
        Flow::Subscriptions,
    ];
    let inputs = both(&bought, &paid);
    let added = received(Flow::Sales) - inputs;
    pen.put(M::labour_share, "all", || share_of(labour, added));
}

fn put_operators(
    pen: &mut Pen,
    r: usize,
    parameters: &Parameters,
    own: &[OwnSite],
    fleets: &Query<(&Fleet, &Robots, &Purchase)>,
    persons: f64,
) {
    for (index, operator) in parameters.operators.iter().enumerate() {
        if operator.region != parameters.regions[r] {
            continue;
        }
        let mine: Vec<&OwnSite> = own.iter().filter(|(site, ..)| site.operator == Some(index)).collect();
        let crews = || mine.iter().flat_map(|(_, staff, ..)| &staff.0);
        let item = format!("operator {}", operator.name);
        pen.put(M::employed, &item, || crews().map(|crew| crew.heads as f64 * persons).sum());
        pen.put(M::absorbed, &item, || crews().map(|crew| crew.absorbed * persons).sum());
        pen.put(M::displaced_total, &item, || crews().map(|crew| crew.displaced as f64 * persons).sum());
        for &kind in operator.sites.kinds() {
            let jobs = || mine.iter().flat_map(|(_, _, jobs, ..)| &jobs.0).filter(|job| job.kind == kind);
            let robots: i64 = jobs().map(|job| job.by_robots).sum();
            let done: i64 = jobs().map(|job| job.by_robots + job.by_people).sum();
            let item = format!("operator {}, {}", operator.name, kind.name());
            pen.put(M::robot_share, &item, || share_of(robots as f64, done as f64));
        }
        for &class in operator.sites.classes() {
            let count = mine.iter().flat_map(|(site, ..)| &site.fleets).filter_map(|&fleet| fleets.get(fleet).ok());
            let count: i64 =
                count.filter(|(fleet, ..)| fleet.class == class).map(|(_, robots, _)| robots.count()).sum();
            let item = format!("operator {}, {}", operator.name, class.name());
            pen.put(M::fleet, &item, || count as f64 * parameters.run.robots_per_agent.0);
        }
    }
}

/// 14a'. Adds up the transactions-flow matrix and writes it down when a record is due.
pub fn record_flows(
    clock: Res<Clock>,
    rhythm: Res<Rhythm>,
    parameters: Res<Parameters>,
    ledger: Res<Ledger>,
    mut flows: ResMut<Flows>,
) {
    if !clock.has_started() {
        return;
    }
    let regions = parameters.regions.len();
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
