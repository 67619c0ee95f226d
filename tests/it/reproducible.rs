//! Same scenario, seed and version: same bytes, for any number of threads and any legal order.

use crate::common;
use handover::economy::{Economy, calendar};
use handover::experiment::checkpoint::state_hash;
use handover::observe::install;
use handover::output::run::tables;

#[test]
fn the_same_bytes_for_one_two_three_and_seven_threads() {
    let settings = common::coarse(&["run.years=2", "run.persons_per_agent=2000 persons"]);
    let scenario = common::early_royalty(&settings);
    let outcome = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let results = pool.install(|| common::results(&scenario));
        (results.state_hash.clone(), tables::all(&results).unwrap())
    };
    let one = outcome(1);
    for threads in [2, 3, 7] {
        let other = outcome(threads);
        assert_eq!(one.0, other.0, "state hash with {threads} threads");
        assert!(one.1 == other.1, "tables with {threads} threads");
    }
}

/// Breaks, for example, if a loop that goes through `wide!` adds up floats in lanes.
#[test]
fn the_same_bits_from_the_narrowest_and_the_widest_instructions() {
    use handover::ground::lanes;
    let settings = common::coarse(&["run.years=1", "run.persons_per_agent=2000 persons"]);
    let scenario = common::early_royalty(&settings);
    let widest = common::results(&scenario).state_hash;
    for level in 0..lanes::LEVELS.len() {
        lanes::limit(level);
        assert_eq!(common::results(&scenario).state_hash, widest, "{}", lanes::level_name());
    }
    lanes::limit(usize::MAX);
}

#[test]
fn another_seed_or_replicate_is_another_history() {
    let hash = |setting: &str| {
        let settings = common::coarse(&["run.years=0.25", setting]);
        common::results(&common::scenario("baseline", &settings)).state_hash
    };
    let first = hash("run.seed=1");
    assert_eq!(first, hash("run.seed=1"));
    assert_ne!(first, hash("run.seed=2"));
    assert_ne!(first, hash("run.replicate=1"));
}

#[test]
fn every_legal_order_of_the_calendar_gives_the_same_bits() {
    let settings = common::coarse(&["run.years=0.5", "run.spin_up=8 weeks"]);
    let scenario = common::scenario("baseline", &settings);
    let hash = |shuffle: Option<u64>| {
        let mut economy = Economy::found(&scenario.parameters, install);
        if shuffle.is_some() {
            economy.reschedule(calendar::schedule(shuffle), install);
        }
        while !economy.is_over() {
            economy.step().unwrap();
        }
        state_hash(&mut economy)
    };
    let usual = hash(None);
    for shuffle in 1..=6 {
        assert_eq!(usual, hash(Some(shuffle)), "order {shuffle}");
    }
}

#[test]
fn the_order_in_which_regions_are_listed_changes_nothing() {
    let mut settings = common::COARSE.to_vec();
    settings.push("run.years=0.5");
    let csv = |body: &str| {
        let results = common::results(&common::variant(body, &settings));
        (results.state_hash.clone(), tables::all(&results).unwrap()[0].1.clone())
    };
    let turned = "[world]\nregions = [\"USA\", \"JPN\", \"EU27\", \"MEX\", \"CHN\", \"BGD\", \"VNM\", \"IND\"]\n";
    assert!(csv("") == csv(turned));
}
