//! Labs: who buys filmed hours, learns from them and licenses what was learnt.

use super::lists::Occupation;
use super::people::SKILL_ONE;
use crate::ground::ledger::AccountId;
use crate::ground::list::Listed;
use crate::ground::maths::share_of;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// All labs, in the order of their names: a lab's index is its place here.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Labs(pub Vec<Lab>);

/// A lab: what it holds, wants and takes in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lab {
    /// Place among the labs, in the order of their names.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Region index of its home.
    pub home: usize,
    /// Its account.
    pub account: AccountId,
    /// Account of the royalty fund on its licences.
    pub fund: AccountId,
    /// Share of the world's budget.
    pub share: f64,
    /// Region indices it collects in.
    pub collects: Vec<usize>,
    /// Hours it took in and holds: learning's.
    pub intake: Intake,
    /// Robot milli-hours by family.
    pub robot_hours: Vec<i128>,
    /// Sites that film for it at the start (at least one).
    pub sites_at_start: f64,
    /// Licence revenue of each of the last 52 weeks' ticks, dollars.
    pub revenue: std::collections::VecDeque<f64>,
    /// Mean licence revenue a week in the last year before tick 0, dollars.
    pub revenue_at_start: f64,
    /// What one effective hour more of an occupation brings it, dollars.
    pub worth: Vec<f64>,
    /// Hours it wants and can have: capture's.
    pub wish: Wish,
    /// What it has learnt: the last release's.
    pub model: Model,
    /// What royalties took of its licences.
    pub burden: Burden,
}

/// What royalties take of a lab's licences, quarter by quarter, and how much of it the lab passes on.
///
/// A lab that owed a share b of last quarter's licences in royalties asks for licences dearer by phi b:
///
/// ```text
/// licence share = l (1 + phi b),    b = royalties due / licences
/// ```
///
/// Per dollar of licence before, buyers then pay phi b more, the lab is left with (1 + phi b)(1 - b), and
/// contributors are due b (1 + phi b): buyers bear phi b of it, labs b (1 - phi + phi b).
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Burden {
    /// Royalties due so far in this quarter, dollars.
    pub due: f64,
    /// Licences so far in this quarter, dollars.
    pub licences: f64,
    /// b: royalties due as a share of the licences of last quarter.
    pub share: f64,
}

impl Burden {
    /// Adds a tick's royalties due and licences, dollars; where the tick begins a quarter, the one before is closed.
    pub fn add(&mut self, due: f64, licences: f64, begins_quarter: bool) {
        if begins_quarter {
            *self = Burden { share: share_of(self.due, self.licences), ..Burden::default() };
        }
        self.due += due;
        self.licences += licences;
    }

    /// By how much licences are dearer where a share phi of the burden is passed on: a factor.
    pub fn passed_on(&self, phi: f64) -> f64 {
        1.0 + phi * self.share
    }
}

/// Hours that a lab took in and holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Intake {
    /// Hours held, by market: accepted milli-hours times skill factor, persons counted, as far as they were new.
    pub stock: Vec<i128>,
    /// Of that, recorded by the top quarter of skill.
    pub top: Vec<i128>,
    /// The same as the stock, new or not.
    pub recorded: Vec<i128>,
    /// Quality hours at the start, by occupation, weights applied; nobody is credited.
    pub stock_at_start: Vec<f64>,
    /// Of what lies in the stock, recorded before tick 0, by occupation: accepted milli-hours times skill factor.
    pub before_start: Vec<i128>,
    /// Accepted milli-hours taken in this tick.
    pub taken_in: i64,
    /// The same by region of recording.
    pub taken_in_from: Vec<i64>,
}

/// Raw hours that a lab wants in a tick, and those it can have.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Wish {
    /// Wanted.
    pub target: f64,
    /// Those that consenting workers could record.
    pub capacity: f64,
}

/// What a lab has learnt, as last released, by family of skills.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Model {
    /// Capability.
    pub capability: Vec<f64>,
    /// The same at the start.
    pub capability_at_start: Vec<f64>,
    /// D: effective hours.
    pub effective: Vec<f64>,
    /// D_top/phi: effective hours that there would be if everybody filmed as the top quarter of skill does.
    pub effective_of_experts: Vec<f64>,
    /// (distinct sites / initial)^zeta.
    pub diversity: f64,
    /// Human share of D.
    pub human_share: Vec<f64>,
    /// Share of D due to each market's credited hours.
    pub credit: Vec<Vec<f64>>,
    /// Share of D that comes from the initial stock.
    pub uncredited: Vec<f64>,
}

impl Intake {
    /// So many recorded hours of a market are given back, and of what they taught the same part.
    pub fn forget(&mut self, market: usize, hours: i128) {
        let recorded = &mut self.recorded[market];
        for held in [&mut self.stock[market], &mut self.top[market]] {
            *held -= if *held == *recorded { hours } else { *held * hours / (*recorded).max(1) };
        }
        *recorded -= hours;
    }

    /// Quality hours of an occupation that nobody is credited for: those of the start, less what people of the model
    /// recorded of them before tick 0.
    pub fn uncredited(&self, occupation: Occupation, skill_weight: f64) -> f64 {
        let o = occupation.index();
        let credited = self.before_start[o] as f64 / (SKILL_ONE as f64 * 1e3) * skill_weight;
        (self.stock_at_start[o] - credited).max(0.0)
    }
}

impl Lab {
    /// How far the wish exceeds what can be bought: 0.2 is a fifth too little capacity.
    pub fn shortfall(&self) -> f64 {
        if self.wish.capacity > 0.0 {
            self.wish.target / self.wish.capacity - 1.0
        } else if self.wish.target > 0.0 {
            f64::INFINITY
        } else {
            0.0
        }
    }

    /// Share of the wish that cannot be met; less than zero where there is slack.
    pub fn short(&self) -> f64 {
        if self.wish.target > 0.0 { 1.0 - self.wish.capacity / self.wish.target } else { 0.0 }
    }

    /// Keeps the licence revenue of this tick, dollars, and forgets what is longer ago than so many ticks.
    pub fn remember_revenue(&mut self, dollars: f64, ticks: usize) {
        self.revenue.push_back(dollars);
        while self.revenue.len() > ticks {
            self.revenue.pop_front();
        }
    }

    /// Mean licence revenue a week, dollars.
    pub fn mean_revenue(&self, weeks: f64) -> f64 {
        let ticks = self.revenue.len().max(1) as f64;
        self.revenue.iter().sum::<f64>() / (ticks * weeks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_royalty_falls_on_buyers_and_labs_and_on_nobody_else() {
        // a fifth of last quarter's 100 dollars was due, half of it is passed on: licences are dearer by a tenth
        let mut burden = Burden::default();
        burden.add(12.0, 50.0, false);
        burden.add(8.0, 50.0, false);
        assert_eq!(burden.passed_on(0.5), 1.0, "nothing is passed on before the quarter is over");
        burden.add(1.0, 1.0, true);
        assert_eq!((burden.share, burden.passed_on(0.5), burden.due), (0.2, 1.1, 1.0));
        for (phi, b) in [(0.0, 0.2), (0.5, 0.2), (1.0, 0.2), (0.5, 0.05), (1.0, 0.3)] {
            // per dollar of licence without a royalty
            let licence = Burden { share: b, ..burden }.passed_on(phi);
            let (buyers, lab, contributors) = (licence - 1.0, 1.0 - licence * (1.0 - b), licence * b);
            assert!((buyers + lab - contributors).abs() < 1e-15, "somebody bears it");
            assert!((buyers - phi * b).abs() < 1e-15 && (lab - b * (1.0 - phi + phi * b)).abs() < 1e-15);
        }
    }
}
