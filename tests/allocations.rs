//! How often a week asks for memory: in a coarse world, where the sites are what costs, that would be a good part of it.
//!
//! A program of its own beside `tests/it`, since it counts what all of its threads ask for.

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

use handover::economy::Economy;
use handover::observe::install;
use handover::scenario::load;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::path::Path;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Most allocations of a week without a record: a few lists a rule, and some a block of workers. There are 1,600 sites.
const MOST: usize = 500;

/// How often each week asked for memory, in an economy of so many persons an agent, and how many sites it has.
fn allocations(persons: u32, weeks: i32) -> Vec<usize> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/baseline.toml");
    let settings = [format!("run.persons_per_agent={persons} persons"), "run.spin_up=8 weeks".to_owned()];
    let scenario = load(&path, &settings, &|path: &Path| std::fs::read_to_string(path)).expect("the baseline is right");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    pool.install(|| {
        let mut economy = Economy::found(&scenario.parameters, install);
        let mut counts = Vec::new();
        while economy.tick() < weeks {
            let region = Region::new(COUNTED);
            economy.step().expect("identities hold");
            counts.push(region.change().allocations);
        }
        counts
    })
}

/// The first weeks fill what later ones use again. Of the last eight, two are recorded and begin a quarter; the median
/// does neither.
#[test]
fn a_week_asks_for_memory_less_often_than_there_are_sites() {
    let mut last = allocations(10_000, 28).split_off(28);
    println!("allocations of the last weeks: {last:?}");
    last.sort_unstable();
    let median = last[last.len() / 2];
    assert!(median <= MOST, "{median} allocations in a week: something asks for memory site by site");
}
