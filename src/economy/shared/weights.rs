//! How many people an agent stands for: a weight of its market.
//!
//! ```text
//! weight of a market = persons per agent of its region, or as few fewer as give it the least agents
//! lot                = the largest number of persons of which every weight is a multiple
//! ```
//!
//! Within a market everybody is counted in agents. A count over several markets (a site's crews, a region's people, the
//! whole world) is in lots, which are whole numbers: `agents * lots` of each market, and `lot` persons in each of them.
//! Where all weights are the same an agent is a lot.
//!
//! Left out: weights that move. A market keeps the one of its people at the start, however many they become.

use crate::economy::policy::RunParameters;
use crate::economy::world::lists::Occupation;
use crate::economy::world::markets::{LabourParameters, MarketId, employment};
use crate::ground::list::Listed;
use crate::ground::numbers::whole;
use bevy_ecs::prelude::*;

/// People an agent stands for, by market.
#[derive(Resource, Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Persons of a lot.
    lot: i64,
    /// Lots of an agent, by market.
    lots: Vec<i64>,
}

impl Weights {
    /// The weights of so many regions.
    pub fn of(run: &RunParameters, labour: &LabourParameters, regions: usize) -> Weights {
        let mut persons = Vec::with_capacity(MarketId::count(regions));
        for region in 0..regions {
            for &occupation in Occupation::ALL {
                let most = whole(run.persons_per_agent[region].0).max(1);
                persons.push(weight(most, i64::from(run.least_agents), |persons| {
                    heads_of(labour, region, occupation, persons).iter().sum()
                }));
            }
        }
        let lot = persons.iter().copied().fold(0, divisor).max(1);
        Weights { lot, lots: persons.into_iter().map(|persons| persons / lot).collect() }
    }

    /// Persons of a lot.
    pub fn lot(&self) -> i64 {
        self.lot
    }

    /// Lots of an agent of a market.
    pub fn lots(&self, market: MarketId) -> i64 {
        self.lots[market.index()]
    }

    /// Lots of an agent of an occupation in a region.
    pub fn lots_of(&self, region: usize, occupation: Occupation) -> i64 {
        self.lots(MarketId::of(region, occupation))
    }

    /// Persons an agent of a market stands for.
    pub fn persons(&self, market: MarketId) -> i64 {
        self.lots(market) * self.lot
    }

    /// Persons an agent of an occupation in a region stands for.
    pub fn persons_of(&self, region: usize, occupation: Occupation) -> f64 {
        self.persons(MarketId::of(region, occupation)) as f64
    }

    /// The fewest and the most persons that an agent stands for.
    pub fn range(&self) -> (i64, i64) {
        let all = || self.lots.iter().map(|lots| lots * self.lot);
        (all().min().unwrap_or(self.lot), all().max().unwrap_or(self.lot))
    }
}

/// Agents of an occupation in a region at the start, by what they do, if each stands for so many persons.
pub fn heads_of(labour: &LabourParameters, region: usize, occupation: Occupation, persons: i64) -> [i64; 4] {
    let employed = (employment(labour, region, occupation) / persons as f64).round();
    let outside = (labour.outside_ratio[occupation].0 * employed).round();
    let rate = labour.unemployment[region].0;
    let unemployed = (rate / (1.0 - rate) * (employed + outside)).round();
    [whole(employed), whole(unemployed), whole(outside), 0]
}

/// The largest weight up to `most` that makes `agents` of it at least so many; 1 where none does.
fn weight(most: i64, least: i64, agents: impl Fn(i64) -> i64) -> i64 {
    if agents(most) >= least {
        return most;
    }
    let (mut enough, mut too_many) = (1, most);
    while too_many - enough > 1 {
        let middle = enough + (too_many - enough) / 2;
        if agents(middle) >= least { enough = middle } else { too_many = middle }
    }
    enough
}

/// The greatest common divisor.
fn divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_market_has_the_least_agents() {
        // 3 M people: 3,000 agents of 1,000 are enough; for 4,000 an agent stands for 750
        let agents = |persons: i64| 3_000_000 / persons;
        assert_eq!(weight(1_000, 2_000, agents), 1_000);
        assert_eq!(weight(1_000, 4_000, agents), 750);
        // 300 people are never 2,000 agents, and nobody is less than a person
        assert_eq!(weight(1_000, 2_000, |persons| 300 / persons), 1);
        assert_eq!(weight(1_000, 0, |_| 0), 1_000);
    }

    #[test]
    fn an_agent_is_a_lot_where_all_weigh_the_same() {
        assert_eq!([1_000, 1_000, 1_000].into_iter().fold(0, divisor), 1_000);
        assert_eq!([1_000, 750, 400].into_iter().fold(0, divisor), 50);
    }
}
