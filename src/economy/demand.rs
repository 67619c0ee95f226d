//! Jobs arrive.
//!
//! Jobs of kind j arrive at site s with mean
//!
//! ```text
//! base * growth * season * kappa * (P/P0)^-eps * exp(-waiting / patience)
//! ```
//!
//! and a coefficient of variation of 3 % a week (Poisson where that is more). kappa is the demand
//! index: 1 - omega + omega * (consumption of the region's agents / its value at the end of the
//! spin-up) for depots and warehouses, and for factories the same weighted by the markets they sell
//! to. Prices pass on psi of a change in unit cost. Growth fades to a floor. In delivery and picking
//! the hours in a unit fall with volume^-density, because drops lie closer together.
//!
//! Left out: new products, substitution between sites, stocks at customers, trade policy.

use super::policy::{Clock, InForce};
use super::regions::{Regions, spread, weights};
use super::sites::{Job, Jobs, Site};
use super::{Luckbox, blocks};
use crate::economy::growth::{growth_index, per_year};
use crate::economy::lists::{Kind, SiteType};
use crate::economy::streams::Stream;
use crate::ground::by_region::ByRegion;
use crate::ground::list::{Listed, Table};
use crate::ground::maths;
use crate::ground::numbers::whole;
use crate::ground::random::{Poisson, UnitLogNormal};
use crate::ground::units::{Number, Rate, Share, Span, UsdPerUnit, WEEKS_PER_YEAR};
use bevy_ecs::prelude::*;
use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parameters of demand.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DemandParameters {
    /// Growth at the start, by site type and region.
    pub growth: Table<SiteType, ByRegion<Rate>>,
    /// Growth in the long run, by site type.
    pub growth_floor: Table<SiteType, Rate>,
    /// Half-life of the difference between the two.
    pub growth_half_life: Span,
    /// Swing of demand over the year, by site type.
    pub season: Table<SiteType, Share>,
    /// Week of the year with the most demand.
    pub season_peak: Span,
    /// eps_p: price elasticity, as a positive number.
    pub price_elasticity: Number,
    /// How fast hours in a unit fall with volume, by site type.
    pub density_elasticity: Table<SiteType, Number>,
    /// How long customers wait: demand falls by e when the wait is so much longer than usual.
    pub patience: Span,
    /// omega: weight of the agents' consumption in demand.
    pub omega: Share,
    /// psi: pass-through of unit cost into price.
    pub pass_through: Share,
    /// Coefficient of variation of a week's jobs at a site.
    pub noise: Share,
    /// Time from arrival to completion when nothing waits.
    pub handling_time: Span,
    /// Share of factory sales at home.
    pub home_share: ByRegion<Share>,
    /// Weights of the other markets in what is sold abroad.
    #[schemars(extend("x-names" = "region"))]
    pub market_weights: BTreeMap<String, Share>,
    /// Hours in a unit of factory and warehouse jobs.
    #[schemars(schema_with = "crate::ground::list::some_of::<Kind, crate::ground::units::HoursPerUnit>")]
    pub hours_per_unit: BTreeMap<Kind, crate::ground::units::HoursPerUnit>,
    /// Parcels delivered at the start.
    pub parcels: ByRegion<crate::ground::units::UnitsPerWeek>,
    /// Cost of bringing a parcel from the station to the door by hand at the start.
    pub human_cost_per_parcel: ByRegion<UsdPerUnit>,
    /// Share of a courier's time on the station leg.
    pub station_share: ByRegion<Share>,
}

/// kappa: demand index of a region from its agents' consumption.
pub fn demand_index(omega: f64, consumption: f64, base: f64) -> f64 {
    if base > 0.0 { 1.0 - omega + omega * consumption / base } else { 1.0 }
}

/// P: price of a unit that passes on part of a change in unit cost.
pub fn price(initial: f64, pass_through: f64, cost: f64, cost_initial: f64) -> f64 {
    if cost_initial > 0.0 { initial * (1.0 + pass_through * (cost / cost_initial - 1.0)) } else { initial }
}

/// Price of a unit against the start; what costs nothing stays as it is.
fn dearer(job: &Job) -> f64 {
    if job.price_initial > 0.0 { job.price / job.price_initial } else { 1.0 }
}

/// Share of a region's factory sales by market.
#[derive(Resource, Clone, Debug)]
pub struct Trade(pub Vec<Vec<f64>>);

impl Trade {
    /// From the shares sold at home and the weights of the others.
    pub fn of(demand: &DemandParameters, regions: &[String]) -> Trade {
        let abroad = weights(&demand.market_weights, regions);
        Trade((0..regions.len()).map(|r| spread(demand.home_share[r].0, r, &abroad, true)).collect())
    }
}

/// Jobs arrive at sites.
pub fn receive_jobs(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    demand: Res<DemandParameters>,
    trade: Res<Trade>,
    in_force: Res<InForce>,
    regions: Res<Regions>,
    mut sites: Query<(&Site, &mut Jobs)>,
) {
    let demand = &*demand;
    let chance = luck.0.at(Stream::Demand, clock.tick);
    let index: Vec<f64> = regions.0.iter().map(|region| region.demand_index).collect();
    let tide = Tide::of(demand, &clock, &trade.0, &index);
    blocks::each(sites.iter_mut().collect(), |(site, jobs)| {
        let common = tide.at(site);
        for job in &mut jobs.0 {
            if clock.has_started() {
                job.price = price(job.price_initial, demand.pass_through.0, job.cost.unit, job.cost.unit_initial);
            } else {
                job.cost.unit_initial = job.cost.unit;
            }
            let shock = in_force.shocks.demand[site.region][job.kind.index()];
            let volume = common.volume(demand, job, shock, clock.weeks);
            job.size.hours_per_unit =
                job.size.hours_per_unit_initial * maths::pow(volume.max(1e-3), -density(demand, site.kind));
            job.inflow.expected = job.size.base * volume * clock.weeks;
            job.inflow.arrivals =
                arrivals(job.inflow.expected, demand.noise.0, clock.weeks, &mut chance.draws(site.key.and(job.kind)));
            job.inflow.backlog_before = job.work.backlog;
        }
    });
}

/// What moves the demand of all sites of a type and region this tick.
struct Tide {
    growth: Table<SiteType, Vec<f64>>,
    season: Table<SiteType, f64>,
    /// kappa by region: of those who sell at home, and of those who sell abroad too.
    home: Vec<f64>,
    abroad: Vec<f64>,
}

/// The tide at one site.
struct Common {
    growth: f64,
    season: f64,
    kappa: f64,
}

impl Tide {
    fn of(demand: &DemandParameters, clock: &Clock, trade: &[Vec<f64>], index: &[f64]) -> Tide {
        let years = if clock.is_frozen { 0.0 } else { clock.years() };
        let half_life = demand.growth_half_life.0 / WEEKS_PER_YEAR;
        let week = f64::from(clock.tick) * clock.weeks - demand.season_peak.0;
        let growth = Table::of(|&site: &SiteType| {
            let (start, floor) = (&demand.growth[site], per_year(demand.growth_floor[site]));
            (0..index.len()).map(|r| growth_index(per_year(start[r]), floor, half_life, years)).collect()
        });
        let season = Table::of(|&site: &SiteType| match clock.has_started() {
            true => 1.0 + demand.season[site].0 * maths::cos_turns(week / WEEKS_PER_YEAR),
            false => 1.0,
        });
        let kappa = |r: usize| trade[r].iter().zip(index).map(|(share, kappa)| share * kappa).sum();
        // in the spin-up nobody buys more or less than at the start
        let of_tick = |kappa: Vec<f64>| if clock.has_started() { kappa } else { vec![1.0; index.len()] };
        let (home, abroad) = (of_tick(index.to_vec()), of_tick((0..index.len()).map(kappa).collect()));
        Tide { growth, season, home, abroad }
    }

    fn at(&self, site: &Site) -> Common {
        let kappa = if site.kind == SiteType::Factory { &self.abroad } else { &self.home };
        let (growth, season) = (self.growth[site.kind][site.region], self.season[site.kind]);
        Common { growth, season, kappa: kappa[site.region] }
    }
}

impl Common {
    /// Volume of a job against its base: growth, season, shock, demand index, price, and how long customers wait.
    fn volume(&self, demand: &DemandParameters, job: &Job, shock: f64, weeks: f64) -> f64 {
        // customers see the wait at the end of a tick: whoever left faster than ticks pass would come and go in turn
        let patience = demand.patience.0.max(weeks);
        let waiting = job.work.lead - demand.handling_time.0;
        self.growth
            * self.season
            * shock
            * self.kappa
            * maths::pow(dearer(job), -demand.price_elasticity.0)
            * maths::exp(-waiting.max(0.0) / patience)
    }
}

fn density(demand: &DemandParameters, site: SiteType) -> f64 {
    demand.density_elasticity[site].0
}

/// Jobs of a tick: lognormal noise of `cv` a week around the expectation, or Poisson where that
/// varies more.
fn arrivals(expected: f64, cv: f64, weeks: f64, draws: &mut crate::ground::random::Draws) -> i64 {
    let cv = cv / libm::sqrt(weeks);
    if expected * cv * cv < 1.0 {
        return Poisson { mean: expected }.sample(draws);
    }
    let sigma = libm::sqrt(libm::log1p(cv * cv));
    whole((expected * UnitLogNormal { sigma }.sample(draws) + 0.5).floor())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::random::{Key, Luck};

    #[test]
    fn a_tenth_less_cost_is_seven_per_cent_less_price() {
        assert!((price(2.0, 0.7, 0.9, 1.0) - 1.86).abs() < 1e-12);
        assert_eq!(demand_index(0.25, 0.8, 1.0), 0.95);
    }

    /// Size: 4 standard errors, about 1 in 15,000 seeds; power: a bias of 0.02 % is caught.
    #[test]
    fn arrivals_keep_their_mean_and_spread() {
        let chance = Luck::new(5, 0).at(Stream::Demand, 0);
        for (expected, cv) in [(1e6, 0.03), (20.0, 1.0 / libm::sqrt(20.0))] {
            let n = 200_000;
            let (mut sum, mut squares) = (0.0, 0.0);
            for key in 0..n {
                let x = arrivals(expected, 0.03, 1.0, &mut chance.draws(Key::numbered(key))) as f64 / expected;
                sum += x;
                squares += x * x;
            }
            let mean = sum / n as f64;
            let spread = libm::sqrt(squares / n as f64 - mean * mean);
            assert!((mean - 1.0).abs() < 4.0 * cv / libm::sqrt(n as f64), "{mean}");
            assert!((spread / cv - 1.0).abs() < 0.01, "{spread}");
        }
    }
}
