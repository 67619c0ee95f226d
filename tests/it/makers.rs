//! Makers with order books, buyers that differ, labs that compete: what whole runs with these rules must show.

use crate::common;
use handover::economy::Economy;
use handover::economy::world::lists::Class;
use handover::economy::world::makers::Makers;
use handover::economy::world::robots::Frontier;
use handover::economy::world::sites::{Site, Staff};
use handover::experiment::run::Results;
use handover::ground::list::Listed;
use handover::observe::install;
use std::collections::BTreeMap;

const LONG: &[&str] = &["run.years=8"];
const COUNTED: &[&str] = &["run.years=5", "run.record_every=1 weeks"];
/// Little can be made, and makers grow fast.
const SCARCE: &[&str] = &[
    "robots.deliveries=by_capacity",
    "robots.class.amr.capacity=2000",
    "robots.class.amr.capacity_step=500",
    "robots.class.van.capacity=1000",
    "robots.class.van.capacity_step=0",
];

fn results(settings: &[&[&str]]) -> Results {
    let settings: Vec<&str> = common::COARSE.iter().chain(settings.iter().copied().flatten()).copied().collect();
    common::results(&common::scenario("first-economy", &settings))
}

/// A metric of an item over time, summed over regions.
fn world(results: &Results, metric: &str, item: &str) -> BTreeMap<i32, f64> {
    let mut sums = BTreeMap::new();
    for region in 0..results.scenario.parameters.regions.len() {
        for (tick, value) in results.series.history(metric.parse().unwrap(), region, item).into_iter().flatten() {
            *sums.entry(tick).or_insert(0.0) += value;
        }
    }
    sums
}

fn last(results: &Results, metric: &str, item: &str) -> f64 {
    world(results, metric, item).into_values().next_back().unwrap()
}

fn total(results: &Results, metric: &str, item: &str) -> f64 {
    world(results, metric, item).into_values().sum()
}

#[test]
fn what_is_ordered_is_delivered_waits_or_was_cancelled_and_capacity_binds() {
    let run = results(&[COUNTED, SCARCE]);
    for class in Class::ALL {
        let item = class.name();
        let left = total(&run, "orders_placed", item)
            - total(&run, "orders_cancelled", item)
            - total(&run, "robots_made", item);
        assert!((left - last(&run, "orders_waiting", item)).abs() < 1e-6, "{item}: {left}");
        // what is made is what sites got
        let got = total(&run, "robots_ordered", item);
        assert!((got - total(&run, "robots_made", item)).abs() < 1e-6, "{item}: {got}");
    }
    let waiting = world(&run, "orders_waiting", "amr");
    assert!(waiting.values().any(|&waiting| waiting > 10_000.0), "{waiting:?}");
    // no more than can be made, but for the agent of 100 robots that was begun
    for item in ["amr", "van"] {
        let (made, capacity) = (world(&run, "robots_made", item), world(&run, "making_capacity", item));
        let mut could = 0.0;
        let mut did = 0.0;
        for (tick, made) in made {
            (could, did) = (could + capacity[&tick] / 52.0, did + made);
            assert!(did <= could + 100.0, "{item} in week {tick}: {did} made, {could} possible");
        }
        let years = run.scenario.parameters.run.years.0 as i32;
        for year in 1..years {
            let (before, after) = (capacity[&(52 * (year - 1))], capacity[&(52 * year)]);
            let most = if item == "amr" { (1.4 * before).max(before + 500.0) } else { 1.4 * before };
            assert!(before <= after && after <= most * (1.0 + 1e-9), "{item}: {before} to {after} in year {year}");
        }
    }
}

#[test]
fn price_falls_no_faster_than_robots_are_made() {
    let run = results(&[COUNTED, SCARCE]);
    let robots = &run.scenario.parameters.robots;
    let class = &robots.class[Class::Amr];
    let usa = run.scenario.parameters.region("USA");
    let price = run.series.history("robot_price".parse().unwrap(), usa, "amr").unwrap();
    let mut made = class.ever_made.0;
    for ((_, price), made_now) in price.into_iter().zip(world(&run, "robots_made", "amr").into_values()) {
        made += made_now;
        let law = class.price.0 * libm::pow(made / class.ever_made.0, libm::log2(1.0 - robots.learning_rate.0));
        let expected = law.max(class.price_floor.0) * class.price_factor[usa].0;
        assert!((price / expected - 1.0).abs() < 1e-9, "{price} instead of {expected}");
    }
}

#[test]
fn a_book_that_nothing_limits_is_empty_and_scarcity_holds_absorption_back() {
    let free = ["robots.deliveries=by_capacity", "robots.delivery_time=0 weeks"];
    let unlimited = unlimited();
    let free = [&free[..], &unlimited].concat();
    let (plain, free, scarce) = (results(&[LONG]), results(&[LONG, &free]), results(&[LONG, SCARCE]));
    for class in Class::ALL {
        assert_eq!(last(&free, "orders_waiting", class.name()), 0.0);
    }
    let absorbed = |run: &Results| last(run, "absorbed", "all");
    // the same as at once, to the last agent
    assert_eq!(absorbed(&free), absorbed(&plain));
    assert!(absorbed(&scarce) < 0.8 * absorbed(&plain), "{} of {}", absorbed(&scarce), absorbed(&plain));
}

/// More than anybody orders.
fn unlimited() -> Vec<&'static str> {
    let of = |class: &Class| match class {
        Class::Van => "robots.class.van.capacity=1000000000",
        Class::Sidewalk => "robots.class.sidewalk.capacity=1000000000",
        Class::Amr => "robots.class.amr.capacity=1000000000",
        Class::Manipulator => "robots.class.manipulator.capacity=1000000000",
    };
    Class::ALL.iter().map(of).collect()
}

/// A world after so many weeks.
fn settled(weeks: i32, settings: &[&str]) -> Economy {
    let settings: Vec<&str> = common::COARSE.iter().chain(settings).copied().collect();
    let mut economy = Economy::found(&common::scenario("first-economy", &settings).parameters, install);
    while economy.tick() < weeks {
        economy.step().unwrap();
    }
    economy
}

/// Sites pay wages of their own.
const UNLIKE: &[&str] = &["sites.wage_sigma=0.35", "sites.organised_wage=1.2", "run.years=8"];

#[test]
fn wages_differ_between_sites_around_the_mean_of_their_region_and_type() {
    let settings = [&common::COARSE[..], UNLIKE].concat();
    let mut economy = Economy::found(&common::scenario("first-economy", &settings).parameters, install);
    let mut sums = BTreeMap::<(usize, &str), (f64, f64)>::new();
    let mut logs = Vec::new();
    for (site, staff) in economy.world.query::<(&Site, &Staff)>().iter(&economy.world) {
        logs.push(libm::log(site.wage_level));
        let heads: f64 = staff.0.iter().map(|crew| crew.heads as f64).sum();
        let sum = sums.entry((site.region, site.kind.name())).or_default();
        *sum = (sum.0 + heads * site.wage_level, sum.1 + heads);
    }
    for (place, (bill, heads)) in sums {
        assert!((bill - heads).abs() <= 1e-9 * heads, "{place:?}: {bill} for {heads}");
    }
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let spread = libm::sqrt(logs.iter().map(|log| (log - mean) * (log - mean)).sum::<f64>() / logs.len() as f64);
    assert!((0.3..0.45).contains(&spread), "{spread}");
}

#[test]
fn with_fewer_examples_robots_spread_more_slowly_and_patient_regions_buy_more() {
    let absorbed = |settings: &[&str]| last(&results(&[LONG, settings]), "absorbed", "all");
    let pooled = absorbed(&[]);
    let apart = absorbed(&["robots.other_jobs=0", "robots.other_sites=0"]);
    let by_share = absorbed(&["robots.adopters=by_share"]);
    assert!(by_share < 0.8 * pooled, "{by_share} of {pooled}");
    assert!(apart != pooled && apart < 1.2 * pooled, "{apart} and {pooled}");
    let china = |settings: &[&str]| {
        let run = results(&[LONG, settings]);
        let region = run.scenario.parameters.region("CHN");
        run.series.last("absorbed".parse().unwrap(), region, "all").unwrap().1
    };
    assert!(china(&["robots.hurdle_factor.CHN=2"]) > 1.1 * china(&[]));
}

#[test]
fn labs_that_compete_share_all_licences_and_charge_less() {
    let competition = ["robots.licensing=competition"];
    let mut economy = settled(26, &[&competition[..], &["run.years=1"]].concat());
    for feasible in &economy.world.resource::<Frontier>().0 {
        let licences = &feasible.licences;
        for shares in licences.by_kind.iter().chain(&licences.by_class).chain(&licences.by_family) {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{shares:?}");
            assert!(shares.iter().all(|&share| share > 0.0));
        }
        assert!(licences.rivals.iter().all(|rivals| (1.0..=3.0).contains(rivals)));
        assert!(licences.licence.iter().all(|share| (0.045..=0.10).contains(share)));
    }
    economy.step().unwrap();
    let (alone, rivals) = (results(&[LONG]), results(&[LONG, &competition]));
    let absorbed = |run: &Results| last(run, "absorbed", "all");
    let revenue = |run: &Results| total(run, "licence_revenue", "all");
    assert!(absorbed(&rivals) > absorbed(&alone), "{} and {}", absorbed(&rivals), absorbed(&alone));
    let per_job = |run: &Results| revenue(run) / total(run, "absorbed", "all");
    assert!(per_job(&rivals) < 0.8 * per_job(&alone), "{} and {}", per_job(&rivals), per_job(&alone));
    // what robots pay and what labs earn is the same money
    let earned = total(&rivals, "lab_revenue", "all");
    let paid = revenue(&rivals) + total(&rivals, "subscription_revenue", "all");
    assert!((earned / paid - 1.0).abs() < 1e-9, "{earned} and {paid}");
    assert_eq!(rivals.money_discrepancy, 0);
}

#[test]
fn nothing_of_the_books_is_left_open_where_orders_come_at_once() {
    let mut economy = settled(8, &["run.years=1"]);
    let makers = economy.world.resource::<Makers>();
    assert!(makers.0.iter().any(|maker| maker.orders.delivered > 0));
    assert!(makers.0.iter().all(|maker| maker.orders.waiting == 0 && maker.begun == 0.0));
    economy.step().unwrap();
}
