//! Buyers gain when prices fall.
//!
//! What a market gains a week, against the prices of the start, is the area beside its demand curve, added up tick by
//! tick as prices move:
//!
//! ```text
//! gain += -Q dP        over all it buys; Q the mean of the tick before and this one, at today's trend and season
//! ```
//!
//! Warehouses and depots sell in their own region, factories by the shares of the tick, tariffs included. The sum of
//! gains over the weeks since the start is the account of the region's buyers. It is shown, not paid: no flow of money
//! belongs to it, and what buyers save they already have. It is kept whatever customers choose by.
//!
//! Of a price that swings and comes back nothing is left in the sum, because Q is taken in the middle of a change. With
//! the Q of the end a swing of 5 % a week would add up to a gain of as much as all sales.
//!
//! Left out: what it is worth not to wait; new products; who among a region's buyers gains.

use super::shares::TradeShares;
use super::{DemandParameters, Tide};
use crate::economy::policy::Today;
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::lists::SiteType;
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::Site;
use crate::ground::list::{Listed, Table};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// What buyers of a region gained, dollars.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// A week, by lower prices of factories, warehouses and depots, in the order of the site types.
    pub weekly: [f64; SiteType::ALL.len()],
    /// Since the start.
    pub total: f64,
}

/// The account of the buyers of each region.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Buyers {
    /// Of each region.
    pub gains: Vec<Gain>,
    /// Dollars a week at the start's trend that a market saves on factories' goods, by origin and market.
    goods: Vec<Vec<f64>>,
    /// The same on what a region's own sites of each type do; of factories nothing.
    services: Vec<[f64; SiteType::ALL.len()]>,
    /// Tariff of the tick before, by origin and market.
    tariff: Vec<Vec<f64>>,
}

impl Buyers {
    /// Nothing gained yet.
    pub fn new(regions: usize) -> Buyers {
        Buyers {
            gains: vec![Gain::default(); regions],
            goods: vec![vec![0.0; regions]; regions],
            services: vec![[0.0; SiteType::ALL.len()]; regions],
            tariff: vec![vec![0.0; regions]; regions],
        }
    }

    /// Can a state have it?
    pub fn is_sound(&self) -> bool {
        let sums = self.goods.iter().flatten().chain(self.services.iter().flatten());
        let gains = self.gains.iter().flat_map(|gain| gain.weekly.iter().chain([&gain.total]));
        sums.chain(gains).all(|dollars| dollars.abs() < 1e16)
            && self.tariff.iter().flatten().all(|tariff| (0.0..=1e3).contains(tariff))
    }
}

/// -Q dP of a tick, dollars a week: price before and now, volume before and now.
pub fn saved(price: (f64, f64), volume: (f64, f64)) -> f64 {
    (price.0 - price.1) * (volume.0 + volume.1) / 2.0
}

/// The accounts of buyers move with prices.
pub fn add_up_gains(
    Today { clock, in_force }: Today,
    demand: Res<DemandParameters>,
    shares: Res<TradeShares>,
    named: Res<Regions>,
    sites: Query<(&Site, &Jobs)>,
    mut buyers: ResMut<Buyers>,
) {
    let buyers = &mut *buyers;
    let regions = buyers.gains.len();
    // of factories, by region: dollars a week saved this tick, and sold
    let mut made = vec![(0.0, 0.0); regions];
    for (site, jobs) in &sites {
        let sum = |part: &dyn Fn(&Job) -> f64| jobs.0.iter().map(part).sum::<f64>();
        let saved = sum(&|job| job.inflow.saved);
        match site.kind {
            SiteType::Factory => {
                made[site.region].0 += saved;
                made[site.region].1 += sum(&|job| job.size.base * job.inflow.response * job.price);
            }
            SiteType::Warehouse | SiteType::Depot => buyers.services[site.region][site.kind.index()] += saved,
        }
    }
    for (r, &(saved, sales)) in made.iter().enumerate() {
        for m in 0..regions {
            let tariff = in_force.shocks.goods_tariff_on(r, m);
            let before = std::mem::replace(&mut buyers.tariff[r][m], tariff);
            buyers.goods[r][m] += shares.sold[r][m] * (saved * (1.0 + tariff) - sales * (tariff - before));
        }
    }
    let tide = Tide::of(&demand, &clock, &named);
    let trend = Table::of(|&site: &SiteType| (0..regions).map(|r| tide.at(site, r)).collect::<Vec<f64>>());
    for (m, gain) in buyers.gains.iter_mut().enumerate() {
        for &site in SiteType::ALL {
            gain.weekly[site.index()] = match site {
                SiteType::Factory => (0..regions).map(|r| buyers.goods[r][m] * trend[site][r]).sum(),
                SiteType::Warehouse | SiteType::Depot => buyers.services[m][site.index()] * trend[site][m],
            };
        }
        gain.total += gain.weekly.iter().sum::<f64>() * clock.weeks;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A demand of 10 at a price of 2 that is 12 at 1.6: 0.4 * 11 = 4.4; and back it is lost again.
    #[test]
    fn what_comes_back_adds_up_to_nothing() {
        assert!((saved((2.0, 1.6), (10.0, 12.0)) - 4.4).abs() < 1e-12);
        assert_eq!(saved((2.0, 1.6), (10.0, 12.0)) + saved((1.6, 2.0), (12.0, 10.0)), 0.0);
    }

    /// Along a curve of constant elasticity 1/2 from a price of 1 to 0.64 in many steps: the integral of P^(-1/2),
    /// 2 (1 - 0.8) = 0.4.
    #[test]
    fn small_steps_add_up_to_the_area_beside_the_curve() {
        let price = |step: i32| 1.0 - 0.36 * f64::from(step) / 1_000.0;
        let volume = |price: f64| 1.0 / libm::sqrt(price);
        let step = |n: i32| {
            let (before, now) = (price(n), price(n + 1));
            saved((before, now), (volume(before), volume(now)))
        };
        assert!(((0..1_000).map(step).sum::<f64>() - 0.4).abs() < 1e-6);
    }
}
