//! What is read from a run that is held against theory.

use crate::economy::Economy;
use crate::economy::adoption::Purchase;
use crate::economy::policy::Clock;
use crate::economy::world::flows::Flow;
use crate::economy::world::lists::{Class, Occupation};
use crate::economy::world::makers::Makers;
use crate::economy::world::people::{Cohort, Since, Status, Work};
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::Fleet;
use crate::experiment::run::Results;
use crate::observe::indicators::Metric;
use std::collections::BTreeMap;

/// The region that is fine.
pub const HOME: &str = "USA";

/// The occupation whose spells are followed.
pub const SPELLS_OF: Occupation = Occupation::Operator;

/// Weeks beyond which a spell counts as long.
pub const A_YEAR: i64 = 52;

/// What was noted from tick to tick.
#[derive(Clone, Debug, Default)]
pub struct Notes(BTreeMap<&'static str, f64>);

impl Notes {
    fn add(&mut self, name: &'static str, number: f64) {
        *self.0.entry(name).or_default() += number;
    }

    fn set(&mut self, name: &'static str, number: f64) {
        self.0.insert(name, number);
    }
}

/// A run, and what was noted of it.
pub struct Seen {
    /// What it left behind.
    pub results: Results,
    /// What was noted from tick to tick.
    pub notes: Notes,
}

impl Seen {
    /// What was noted under a name.
    pub fn note(&self, name: &str) -> Option<f64> {
        self.notes.0.get(name).copied()
    }

    /// Records of a metric in the fine region.
    pub fn history(&self, metric: Metric, item: &str) -> Option<Vec<(i32, f64)>> {
        self.results.history(metric, HOME, item).ok().filter(|history| !history.is_empty())
    }

    /// Their mean.
    pub fn mean(&self, metric: Metric, item: &str) -> Option<f64> {
        let history = self.history(metric, item)?;
        Some(history.iter().map(|(_, value)| value).sum::<f64>() / history.len() as f64)
    }

    /// The last record.
    pub fn last(&self, metric: Metric, item: &str) -> Option<f64> {
        self.history(metric, item)?.last().map(|(_, value)| *value)
    }

    /// The people of the fine region by record.
    pub fn people(&self) -> Option<Vec<(i32, f64)>> {
        let parts = [Metric::Unemployed, Metric::Outside, Metric::Training];
        let mut all = self.history(Metric::Employed, "all")?;
        for metric in parts {
            for (sum, (_, more)) in all.iter_mut().zip(self.history(metric, "all")?) {
                sum.1 += more;
            }
        }
        Some(all)
    }

    /// Micro-dollars of a kind of payment in ticks from the first to before the last, of a payer's region or of all.
    pub fn flowed(&self, flow: Flow, payer: Option<usize>, ticks: std::ops::Range<i32>) -> f64 {
        let is_meant = |row: &&(i32, Flow, u16, u16, i128)| {
            row.1 == flow && ticks.contains(&row.0) && payer.is_none_or(|region| usize::from(row.2) == region)
        };
        self.results.flows.rows.iter().filter(is_meant).map(|row| row.4).sum::<i128>() as f64
    }

    /// The place of the fine region among the regions.
    pub fn home(&self) -> Option<usize> {
        self.results.scenario.parameters.regions.iter().position(|region| region == HOME)
    }
}

/// Is this the fine region?
fn is_home(economy: &Economy, region: usize) -> bool {
    economy.world.resource::<Regions>()[region].name == HOME
}

/// Notes who of an occupation looks for work, for how long, and who has just begun to.
pub(super) fn spells(economy: &mut Economy, notes: &mut Notes) {
    // the clock has moved on to the tick that comes next
    let now = i64::from(economy.tick()) - 1;
    let mut rows = economy.world.query::<(&Cohort, &Status, &Since)>();
    let (mut unemployed, mut elapsed, mut entries, mut long) = (0_i64, 0_i64, 0_i64, 0_i64);
    for (cohort, status, since) in rows.iter(&economy.world) {
        if cohort.occupation != SPELLS_OF || !is_home(economy, cohort.region) {
            continue;
        }
        let looking = status.0.iter().zip(&since.0).filter(|(status, _)| **status == Work::Unemployed as u8);
        for weeks in looking.map(|(_, since)| now - i64::from(*since)) {
            unemployed += 1;
            elapsed += weeks;
            entries += i64::from(weeks == 0);
            long += i64::from(weeks > A_YEAR);
        }
    }
    for (name, count) in [("unemployed", unemployed), ("elapsed", elapsed), ("entries", entries), ("long", long)] {
        notes.add(name, count as f64);
    }
}

/// Notes what mobile robots cost, and how many were ever made.
pub(super) fn makers(economy: &mut Economy, notes: &mut Notes) {
    let makers = economy.world.resource::<Makers>();
    for maker in makers.0.iter().filter(|maker| maker.class == Class::Amr) {
        notes.set("price", maker.price);
        notes.set("made", maker.made);
    }
}

/// Notes the mean hazard that sites have gathered of hearing of sidewalk robots, and how long they could.
pub(super) fn awareness(economy: &mut Economy, notes: &mut Notes) {
    let mut fleets = economy.world.query::<(&Fleet, &Purchase)>();
    let (mut sum, mut sites) = (0.0, 0.0);
    for (fleet, purchase) in fleets.iter(&economy.world) {
        if fleet.class == Class::Sidewalk && is_home(economy, fleet.region) {
            (sum, sites) = (sum + purchase.hazard, sites + 1.0);
        }
    }
    notes.set("hazard", sum / sites);
    notes.add("weeks", economy.world.resource::<Clock>().weeks);
}
