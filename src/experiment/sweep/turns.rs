//! In which order the runs of a sweep are made, so that those that begin alike follow each other.

use super::Sweep;
use crate::experiment::origin::{Alike, Origin};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A run whose turn has come.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Its number.
    pub run: u64,
    /// What it has in common with others.
    pub origin: Arc<Origin>,
    /// Is it the first of those?
    pub is_first: bool,
}

/// Runs that are put in order at a time: a plan of millions takes no memory.
pub const AT_A_TIME: u64 = 8_192;

/// Runs by what they begin with, in the order of the first of each.
fn alike(sweep: &Sweep, runs: impl Iterator<Item = u64>) -> Vec<Vec<u64>> {
    let mut places = BTreeMap::new();
    let mut alike: Vec<Vec<u64>> = Vec::new();
    for run in runs {
        let place = *places.entry(sweep.beginning(sweep.job(run))).or_insert(alike.len());
        if place == alike.len() {
            alike.push(Vec::new());
        }
        alike[place].push(run);
    }
    alike
}

/// Is the spin-up of a sweep long enough to be kept?
pub fn is_worth_keeping(sweep: &Sweep) -> bool {
    Origin::of(Alike::InSpinUp, 1, 1, sweep.wanted()).pays(&sweep.plan.arms[0].base)
}

/// How many foundings and spin-ups so many runs take.
pub fn foundings(sweep: &Sweep, runs: impl Iterator<Item = u64>) -> usize {
    if is_worth_keeping(sweep) { alike(sweep, runs).len() } else { runs.count() }
}

/// The turns of some runs, made on so many lanes. Runs that begin alike follow each other, and each lane has others:
/// as many beginnings are kept at a time as there are lanes.
pub fn turns(sweep: &Sweep, runs: impl Iterator<Item = u64>, lanes: usize) -> Vec<Turn> {
    let alike = alike(sweep, runs);
    let mut turns = Vec::new();
    for beside in alike.chunks(lanes.max(1)) {
        let of =
            |runs: &Vec<u64>| Arc::new(Origin::of(Alike::InSpinUp, runs.len() as u64, lanes as u64, sweep.wanted()));
        let origins: Vec<Arc<Origin>> = beside.iter().map(of).collect();
        let longest = beside.iter().map(Vec::len).max().unwrap_or(0);
        for round in 0..longest {
            let next = beside.iter().zip(&origins).filter_map(|(runs, origin)| Some((*runs.get(round)?, origin)));
            turns.extend(next.map(|(run, origin)| Turn { run, origin: Arc::clone(origin), is_first: round == 0 }));
        }
    }
    turns
}
