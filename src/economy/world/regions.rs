//! Regions: a labour market, a government, a rest of the economy, a legal regime each.

use crate::ground::ledger::AccountId;
use crate::ground::money::Money;
use crate::ground::units::Share;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All regions, in the order of their names: a region's index is its place here.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Regions(pub Vec<Region>);

impl Regions {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The place of a region by its name.
    pub fn place_of(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|region| region.name == name)
    }
}

impl std::ops::Index<usize> for Regions {
    type Output = Region;
    fn index(&self, region: usize) -> &Region {
        &self.0[region]
    }
}

/// A region: a labour market, a government, a rest of the economy, a legal regime.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Region {
    /// Place among the regions, in the order of their names.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Account of the government.
    pub government: AccountId,
    /// Account of everybody who is not an agent.
    pub rest: AccountId,
    /// What the government holds at the start.
    pub government_start: Money,
    /// What the rest of the economy holds at the start.
    pub rest_start: Money,
    /// Lab that licenses robots here.
    pub licensor: usize,
    /// Share of routes open and navigable.
    pub openness: f64,
    /// kappa.
    pub demand_index: f64,
    /// Consumption of its agents, dollars a week.
    pub consumption: f64,
    /// The same at the end of the spin-up.
    pub consumption_base: f64,
    /// Median wage at the start, dollars a week.
    pub median_wage: f64,
    /// Output per hour against the start, as far as it grows with the trend of wages. A unit of a job is what an hour of
    /// today's worker makes; a customer counts what an hour made at the start.
    pub output_per_hour: f64,
    /// Robot tax, tariff, data levy and export fee of this tick.
    pub earmarked: Money,
    /// Handed back to each person next tick, the charge on buyers included.
    pub hand_back: Money,
    /// Dollars a week for training places, smoothed.
    pub training_budget: f64,
}

/// A table of shares as a list in the order of the regions.
pub fn weights(table: &BTreeMap<String, Share>, regions: &[String]) -> Vec<f64> {
    regions.iter().map(|name| table.get(name).map_or(0.0, |share| share.0)).collect()
}

/// `home` at home and the rest by weights, over the other regions only or over all.
pub fn spread(home: f64, region: usize, weights: &[f64], others_only: bool) -> Vec<f64> {
    let counts = |r: usize| !others_only || r != region;
    let sum: f64 = weights.iter().enumerate().filter(|(r, _)| counts(*r)).map(|(_, w)| w).sum();
    let abroad = |r: usize| if sum > 0.0 && counts(r) { (1.0 - home) * weights[r] / sum } else { 0.0 };
    let at_home = if sum > 0.0 { home } else { 1.0 };
    (0..weights.len()).map(|r| abroad(r) + if r == region { at_home } else { 0.0 }).collect()
}
