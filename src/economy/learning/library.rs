//! The library: what hours a lab's family learns from, its own and those it can use of the other labs', and whose they are.
//!
//! ```text
//! D_k = diversity * [ sum_o T(o,k) * quality hours of occupation o  +  eta * robot hours in k  +  other teachers ]
//! ```
//!
//! Left out: see the folder's first page ([`super`]).

use super::curve::{LearningParameters, capability, transfer, usable};
use crate::economy::policy::Shocks;
use crate::economy::world::labs::Lab;
use crate::economy::world::lists::{Family, Occupation};
use crate::economy::world::markets::{Market, Markets};
use crate::economy::world::people::SKILL_ONE;
use crate::ground::list::{Listed, Table};
use crate::ground::maths::share_of;
use crate::ground::numbers::float;
use crate::ground::units::Size;

/// The hours a family has learnt from, by source.
pub struct Effective {
    /// Credited quality hours times transfer, by market.
    pub by_market: Vec<f64>,
    /// Those nobody is credited for.
    pub uncredited: f64,
    /// Robot hours times eta.
    pub robots: f64,
    /// Hours of other teachers.
    pub teachers: f64,
    /// Of the first two, hours of the top quarter of skill, over their share where everybody films alike.
    pub experts: f64,
    /// (distinct sites / initial)^zeta.
    pub diversity: f64,
}

impl Effective {
    /// D_k.
    pub fn total(&self) -> f64 {
        self.diversity * (self.by_market.iter().sum::<f64>() + self.uncredited + self.robots + self.teachers)
    }

    /// D_top/phi.
    pub fn of_experts(&self) -> f64 {
        self.diversity * self.experts
    }
}

/// Capability of each lab at the start, by family, from the hours nobody is credited for, by lab and occupation, and
/// from what robots have taught before, by lab and family.
pub fn first_capability(learning: &LearningParameters, stocks: &[Vec<f64>], robots: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let of = |lab: usize, family: Family| {
        let hours: f64 = stocks
            .iter()
            .zip(robots)
            .enumerate()
            .map(|(other, (stock, robots))| {
                let weight = if other == lab { 1.0 } else { learning.pooling.0 };
                let taught = Occupation::ALL.iter().map(|&o| stock[o.index()] * transfer(learning, o, family));
                weight * (taught.sum::<f64>() + robots[family.index()])
            })
            .sum();
        capability(learning, family, hours)
    };
    (0..stocks.len()).map(|lab| Family::ALL.iter().map(|&family| of(lab, family)).collect()).collect()
}

/// The hours a lab holds, as they stood before anybody learnt from them this tick.
pub(super) struct Library {
    /// By market: accepted milli-hours times skill factor.
    stock: Vec<i128>,
    /// Quality hours that nobody is credited for, by occupation.
    at_start: Vec<f64>,
    /// Quality hours of the start, by occupation, whoever recorded them.
    first: Vec<f64>,
    /// By market: what the top quarter of skill recorded, as the stock.
    top: Vec<i128>,
    /// Robot milli-hours by family.
    robots: Vec<i128>,
}

impl Library {
    pub(super) fn of(lab: &Lab, skill_weight: &Table<Occupation, Size>) -> Library {
        Library {
            stock: lab.intake.stock.clone(),
            at_start: Occupation::ALL.iter().map(|&o| lab.intake.uncredited(o, skill_weight[o].0)).collect(),
            first: lab.intake.stock_at_start.clone(),
            top: lab.intake.top.clone(),
            robots: lab.robot_hours.clone(),
        }
    }
}

/// What a lab learns from all libraries by.
pub(super) struct Reading<'a> {
    pub(super) learning: &'a LearningParameters,
    pub(super) skill_weight: &'a Table<Occupation, Size>,
    pub(super) shocks: &'a Shocks,
    pub(super) markets: &'a Markets,
    pub(super) libraries: &'a [Library],
    pub(super) diversity: f64,
    /// phi.
    pub(super) share_of_experts: f64,
    /// Since the start.
    pub(super) years: f64,
}

impl Reading<'_> {
    /// The hours a lab's family learns from: its own, and what it can use of those of the others.
    pub(super) fn weigh(&self, lab: usize, family: Family) -> Effective {
        let fixed = SKILL_ONE as f64 * 1e3;
        let teaches = |occupation: Occupation| transfer(self.learning, occupation, family);
        let sum = |held: &dyn Fn(&Library) -> f64, unit: f64| -> f64 {
            let weighted = |(other, library): (usize, &Library)| self.weight(other, lab) * held(library) / unit;
            self.libraries.iter().enumerate().map(weighted).sum()
        };
        let of_market = |held: &dyn Fn(&Library) -> &[i128], (m, market): (usize, &Market)| {
            let occupation = Occupation::ALL[market.occupation];
            let quality = self.skill_weight[occupation].0 * teaches(occupation);
            sum(&|library| float(held(library)[m]), fixed) * quality
        };
        let of_start = |held: &dyn Fn(&Library) -> &[f64]| -> f64 {
            let of = |&o: &Occupation| sum(&|library| held(library)[o.index()], 1.0) * teaches(o);
            Occupation::ALL.iter().map(of).sum()
        };
        let markets = || self.markets.0.iter().enumerate();
        let uncredited = of_start(&|library| &library.at_start);
        let top: f64 = markets().map(|market| of_market(&|library| &library.top, market)).sum();
        Effective {
            by_market: markets().map(|market| of_market(&|library| &library.stock, market)).collect(),
            uncredited,
            robots: sum(&|library| float(library.robots[family.index()]), 1e3),
            teachers: of_start(&|library| &library.first) * self.learning.teachers.multiple(family, self.years),
            experts: uncredited + share_of(top, self.share_of_experts),
            diversity: self.diversity,
        }
    }

    /// Weight of another lab's hours.
    fn weight(&self, other: usize, lab: usize) -> f64 {
        match other == lab {
            true => 1.0,
            false => usable(self.learning.pooling.0, self.shocks.leaked[other][lab]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::maths;

    #[test]
    fn hours_of_more_sites_teach_more() {
        // 100 credited hours, 50 uncredited, 50 by robots, twice the sites: D = 2^0.3 * 200
        let effective = Effective {
            by_market: vec![100.0],
            uncredited: 50.0,
            robots: 40.0,
            teachers: 10.0,
            experts: 100.0,
            diversity: maths::pow(2.0, 0.3),
        };
        assert!((effective.total() - 246.229).abs() < 1e-3);
        assert!((effective.of_experts() - 123.114).abs() < 1e-3);
    }
}
