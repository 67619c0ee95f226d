//! People who enter and leave for good, over whole runs.

use crate::common;
use bevy_ecs::prelude::*;
use handover::economy::Economy;
use handover::economy::world::markets::{MarketId, Markets};
use handover::economy::world::people::{Cohort, Entered, NEVER, NO_SITE, Status, Work};
use handover::experiment::run::Results;
use handover::observe::install;

const LEAVING: &str = "demography.leaving=2.5 %/year";

fn settings<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut all = common::COARSE.to_vec();
    all.extend(more);
    all
}

fn history(results: &Results, metric: &str, region: usize) -> Vec<f64> {
    results.series.history(metric.parse().unwrap(), region, "all").into_iter().flatten().map(|row| row.1).collect()
}

/// Size: 4 standard errors, 1 in 15,000 seeds; power: a hazard that is a twentieth wrong is caught.
#[test]
fn those_of_the_founding_become_fewer_by_a_fortieth_a_year() {
    let scenario = common::scenario("frozen", &settings(&["run.years=4", LEAVING]));
    let mut economy = Economy::found(&scenario.parameters, install);
    let founding = |world: &mut World| -> (usize, usize) {
        let mut rows = world.query::<(&Status, &Entered)>();
        rows.iter(world).fold((0, 0), |(all, old), (status, entered)| {
            let here = status.0.iter().zip(&entered.0).filter(|(status, _)| **status != Work::Gone as u8);
            here.fold((all, old), |(all, old), (_, &entered)| (all + 1, old + usize::from(entered == NEVER)))
        })
    };
    let (all, _) = founding(&mut economy.world);
    while economy.tick() < 208 {
        economy.step().unwrap_or_else(|breach| panic!("{breach}"));
    }
    let (now, old) = founding(&mut economy.world);
    // as many as at the start, and of them e^(-4.5/40) of the founding: half a year of spin-up and four years
    assert_eq!(now, all);
    let stay = libm::exp(-4.5 / 40.0);
    let error = libm::sqrt(stay * (1.0 - stay) / all as f64);
    assert!((old as f64 / all as f64 - stay).abs() < 4.0 * error, "{old} of {all}, expected {stay}");
}

#[test]
fn a_population_that_does_not_grow_stands_still() {
    let scenario = common::scenario("frozen", &settings(&["run.years=6", LEAVING]));
    let results = common::results(&scenario);
    for region in 0..8 {
        let stated = scenario.parameters.labour.unemployment[region].0;
        let rates = history(&results, "unemployment_rate", region);
        let mean = rates.iter().sum::<f64>() / rates.len() as f64;
        // coarse worlds wander by some tenths of a point; entrants who found no work would raise it by two a year
        assert!((mean - stated).abs() < 0.01, "region {region}: {mean}, stated {stated}");
        let (entered, left) = (history(&results, "entered", region), history(&results, "left_for_good", region));
        assert_eq!(entered.iter().sum::<f64>(), left.iter().sum::<f64>(), "region {region}");
        assert!(left.iter().sum::<f64>() > 0.0);
    }
}

#[test]
fn people_follow_the_path_to_the_agent() {
    let growth = "demography.growth=2 %/year";
    let scenario = common::scenario("first-economy", &settings(&["run.years=3", LEAVING, growth]));
    let mut economy = Economy::found(&scenario.parameters, install);
    let initial: Vec<i64> =
        economy.world.resource::<Markets>().0.iter().map(|market| market.heads_initial.iter().sum()).collect();
    while economy.tick() < 156 {
        economy.step().unwrap_or_else(|breach| panic!("{breach}"));
    }
    // the last week began after 155/52 years
    for (market, initial) in economy.world.resource::<Markets>().0.iter().zip(initial) {
        assert_eq!(market.people(), scenario.parameters.demography.people(initial, market.region, 155.0 / 52.0));
        assert!(market.people() >= initial);
    }
    // those who were never hired are those with no site behind them, as the books say
    let mut counted = vec![0; MarketId::count(8)];
    let mut rows = economy.world.query::<(&Cohort, &Status, &handover::economy::world::people::Employer)>();
    for (cohort, status, employer) in rows.iter(&economy.world) {
        let never = status.0.iter().zip(&employer.0).filter(|(s, e)| **s != Work::Gone as u8 && **e == NO_SITE);
        counted[cohort.market] += never.count() as i64;
    }
    let kept: Vec<i64> = economy.world.resource::<Markets>().0.iter().map(|m| m.turnover.never_hired).collect();
    assert_eq!(counted, kept);
    assert!(kept.iter().sum::<i64>() > 0);
}

#[test]
fn a_shrinking_people_lets_nobody_in_before_it_is_small_enough() {
    let results = common::results(&common::scenario(
        "frozen",
        &settings(&["run.years=2", "run.technology=moving", LEAVING, "demography.growth=-5 %/year"]),
    ));
    // 2.5 % leave, 5 % fewer are wanted: nobody enters but where by chance more left in a week than were too many
    for region in 0..8 {
        let [entered, left] = ["entered", "left_for_good"].map(|of| history(&results, of, region).iter().sum::<f64>());
        assert!(left > 0.0 && entered < 0.3 * left, "region {region}: {entered} entered, {left} left");
    }
}

#[test]
fn a_claim_outlives_the_working_life_where_it_is_portable() {
    let body = |portable: bool| {
        format!("[[policy]]\nfrom = \"2027-01-15\"\nroyalty_rate = \"15 %\"\nroyalty_portable = {portable}\n")
    };
    let paid = |portable: bool| {
        let results = common::results(&common::variant(
            &body(portable),
            &settings(&["run.years=4", LEAVING, "capture.filming_at_start=20 %"]),
        ));
        let last = |flow: &str| -> f64 {
            results.flows.rows.iter().filter(|row| row.1.name() == flow).map(|row| row.4 as f64).sum()
        };
        (last("royalties of those who left"), last("royalties"), last("what people leave behind"))
    };
    let (with, without) = (paid(true), paid(false));
    assert!(with.0 > 0.0 && with.0 < 0.2 * with.1, "{with:?}");
    assert_eq!(without.0, 0.0);
    assert!(with.2 > 0.0 && without.2 > 0.0);
}
