//! The few numbers that answer for a whole world, at the end of the run or over all of it.

use crate::economy::world::flows::{Flow, Sector};
use crate::experiment::absorbed::{MANY_ABSORBED, Path};
use crate::experiment::compare::lives::LifeTable;
use crate::experiment::run::Results;
use crate::ground::list::Listed;
use crate::ground::money::MICRO;
use crate::observe::indicators::{Metric, Wanted};

/// What a headline is.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// Its name in tables.
    pub name: &'static str,
    /// What it means, in words.
    pub about: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Index of the region; none for the world.
    pub region: Option<usize>,
}

/// Metrics that are added up at the last record, and what that means; the headline has their name and unit.
const STOCKS: [(Metric, &str); 4] = [
    (Metric::Absorbed, "work done by robots beyond the start, at the end"),
    (Metric::DisplacedTotal, "people displaced by robots since the start"),
    (Metric::ReemployedTotal, "of those displaced, found work again"),
    (Metric::Unemployed, "looking for work at the end"),
];

/// What of the path of the absorbed work: name, meaning, unit.
const PATH: [(&str, &str, &str); 3] = [
    ("absorbed_peak", "most work done by robots beyond the start, at any record", "full-time equivalents"),
    ("absorbed_years", "work done by robots beyond the start, added up over the run", "full-time years"),
    ("years_to_25m", "years until robots do the work of 25 M people beyond the start, in the world", "years"),
];

/// Name, meaning, and payments that are added up over the whole run.
const SUMS: [(&str, &str, Flow); 5] = [
    ("licences", "robot licences earned over the run", Flow::Licences),
    ("capture_pay", "capture pay received over the run", Flow::CapturePay),
    ("royalties", "royalties received over the run", Flow::Royalties),
    ("dividend", "robot tax and levies handed back over the run", Flow::Recycling),
    ("wages", "wages paid at sites over the run", Flow::Wages),
];

/// Whose lifetime income, by the groups of the life table.
const LIVES: [(&str, &str, &[&str], &str); 4] = [
    ("income_all", "mean lifetime income of everybody", &["all"], "region"),
    ("income_filmed", "mean lifetime income of those filmed in either world", &FILMED_FATES, "filmed in"),
    ("income_displaced", "mean lifetime income of those displaced in either world", &DISPLACED_FATES, "displaced in"),
    ("income_neither", "mean lifetime income of those neither filmed nor displaced in both worlds", &NEITHER, ""),
];
const FILMED_FATES: [&str; 2] =
    [crate::experiment::compare::lives::FATES[1], crate::experiment::compare::lives::FATES[3]];
const DISPLACED_FATES: [&str; 2] =
    [crate::experiment::compare::lives::FATES[2], crate::experiment::compare::lives::FATES[3]];
const NEITHER: [&str; 1] = [crate::experiment::compare::lives::FATES[0]];

/// Headlines that one world alone gives: name, meaning, unit.
pub fn of_one_run() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let sums = SUMS.into_iter().map(|(name, about, _)| (name, about, "USD"));
    let cost = [("public_cost", PUBLIC_COST, "USD")];
    let stocks = STOCKS.into_iter().map(|(metric, about)| (metric.name(), about, metric.unit()));
    stocks.chain(PATH).chain(sums).chain(cost).chain(COMPENSATION.map(|(name, _, about)| (name, about, "ratio")))
}

/// What a government's balance of the run means.
const PUBLIC_COST: &str =
    "transfers, courses and hand-backs paid less taxes, levies and penalties received, over the run";

/// Name, item of the series, and meaning of what is received per dollar lost.
const COMPENSATION: [(&str, &str, &str); 2] = [
    ("compensation_filmed", "contributors", "received by the filmed per dollar of income they lost"),
    ("compensation_displaced", "displaced", "received by the displaced per dollar of income they lost"),
];

/// What must be recorded for the headlines of one world. Of the stocks there is a record whenever one is due, so that
/// the last record of all is the last of these.
pub fn wanted() -> Wanted {
    let stocks = STOCKS.map(|(metric, _)| metric);
    let account = [Metric::IncomeLost, Metric::ReceivedInstead, Metric::CompensationRatio];
    Wanted::metrics(stocks.into_iter().chain(account)).and_flows()
}

/// Headlines of one world, of the world as a whole and by region; what it has not is NaN. `lives` is of
/// the pair to which the world belongs, as its base or as its reform.
pub fn headlines(results: &Results, lives: &LifeTable, is_reform: bool) -> Vec<(Headline, f64)> {
    let regions = &results.scenario.parameters.regions;
    let mut found = Vec::new();
    let mut put = |name, about, unit, region, value| found.push((Headline { name, about, unit, region }, value));
    for (name, about, groups, by_region) in LIVES {
        let mean = |keys: &mut dyn Iterator<Item = (&'static str, String)>| {
            let (mut sum, mut lots) = (0, 0);
            for sums in keys.filter_map(|key| lives.get(&key)) {
                sum += if is_reform { sums.reform } else { sums.base };
                lots += sums.lots;
            }
            if lots > 0 { sum as f64 / MICRO / lots as f64 } else { f64::NAN }
        };
        let dimension = if groups == ["all"] { "all" } else { "fate" };
        let world = mean(&mut groups.iter().map(|&word| (dimension, word.to_owned())));
        put(name, about, "USD", None, world);
        if !by_region.is_empty() {
            for (r, region) in regions.iter().enumerate() {
                put(name, about, "USD", Some(r), mean(&mut std::iter::once((by_region, region.clone()))));
            }
        }
    }
    let last = |metric: Metric, region: usize, item: &str| {
        results.series.last(metric, region, item).map_or(f64::NAN, |(_, value)| value)
    };
    for (metric, about) in STOCKS {
        let (name, unit) = (metric.name(), metric.unit());
        let values: Vec<f64> = (0..regions.len()).map(|r| last(metric, r, "all")).collect();
        put(name, about, unit, None, values.iter().sum());
        values.into_iter().enumerate().for_each(|(r, value)| put(name, about, unit, Some(r), value));
    }
    paths(results, &mut put);
    for (name, about, flow) in SUMS {
        let mut sums = vec![0_i128; regions.len()];
        let mine = results.flows.rows.iter().filter(|row| row.1 == flow);
        mine.for_each(|row| sums[usize::from(row.3)] += row.4);
        put(name, about, "USD", None, sums.iter().sum::<i128>() as f64 / MICRO);
        sums.iter().enumerate().for_each(|(r, &sum)| put(name, about, "USD", Some(r), sum as f64 / MICRO));
    }
    let costs = public_cost(results, regions.len());
    let name = "public_cost";
    put(name, PUBLIC_COST, "USD", None, costs.iter().sum::<i128>() as f64 / MICRO);
    costs.iter().enumerate().for_each(|(r, &cost)| put(name, PUBLIC_COST, "USD", Some(r), cost as f64 / MICRO));
    for (name, item, about) in COMPENSATION {
        let (mut lost, mut received) = (0.0, 0.0);
        for r in 0..regions.len() {
            // where nothing is lost, nothing is to be made good
            let mine = last(Metric::IncomeLost, r, item);
            lost += if mine > 0.0 { mine } else { 0.0 };
            received += if mine > 0.0 { last(Metric::ReceivedInstead, r, item) } else { 0.0 };
        }
        put(name, about, "ratio", None, if lost > 0.0 { received / lost } else { f64::NAN });
        for r in 0..regions.len() {
            put(name, about, "ratio", Some(r), ratio_at_end(results, r, item));
        }
    }
    found
}

/// Hands over the headlines of the path of absorbed work: name, meaning, unit, region, value.
fn paths(results: &Results, put: &mut impl FnMut(&'static str, &'static str, &'static str, Option<usize>, f64)) {
    for r in 0..results.scenario.parameters.regions.len() {
        let own = Path::of_region(results, r);
        for ((name, about, unit), value) in PATH.into_iter().zip([own.peak(), own.years()]) {
            put(name, about, unit, Some(r), value);
        }
    }
    let world = Path::of_world(results);
    let values = [world.peak(), world.years(), world.years_to(MANY_ABSORBED)];
    for ((name, about, unit), value) in PATH.into_iter().zip(values) {
        put(name, about, unit, None, value);
    }
}

fn ratio_at_end(results: &Results, region: usize, item: &str) -> f64 {
    let end = results.series.rows.last().map_or(0, |row| row.tick);
    let last = results.series.last(Metric::CompensationRatio, region, item);
    last.filter(|(tick, _)| *tick == end).map_or(f64::NAN, |(_, ratio)| ratio)
}

/// What each government pays beyond what it receives, its purchases of whatever is left aside: micro-dollars.
fn public_cost(results: &Results, regions: usize) -> Vec<i128> {
    let mut costs = vec![0; regions];
    for &(_, flow, from, to, amount) in &results.flows.rows {
        if flow.payer() == Sector::Government && flow != Flow::PublicPurchases {
            costs[usize::from(from)] += amount;
        }
        if flow.payee() == Sector::Government {
            costs[usize::from(to)] -= amount;
        }
    }
    costs
}
