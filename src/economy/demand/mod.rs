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
//! to. Prices pass on psi of a change in unit cost. Growth fades to a floor, or follows a path that is given by year
//! ([`crate::economy::shared::path`]). In delivery and picking
//! the hours in a unit fall with volume^-density, because drops lie closer together.
//!
//! That is demand by own price alone. With nested demand ([`TradeParameters::demand`]) customers also choose between
//! regions and sites ([`nests`]), and the factor of the price becomes
//!
//! ```text
//! factories              sum_m S_rm (final_m Q_m^-eps + inputs_m) (q_rm/Q_m)^-e   ([`shares`], in place of kappa too)
//!                        * (p_s/p_r)^-k
//! warehouses, depots     p_r^-eps * (p_s/p_r)^-k
//! ```
//!
//! Density follows then what is wanted, whether it waits or not: parcels that wait lie as close as others. (Where a wait
//! makes routes thinner, a lack of couriers makes every parcel take longer, so that more couriers lack: with the density
//! of Chinese deliveries, 0.66, delivery broke down within ten years.)
//!
//! [`prices`] says what a unit sells for, and [`buyers`] what its customers gain by it.
//!
//! Left out: new products, stocks at customers.

pub mod buyers;
pub mod nests;
pub mod prices;
pub mod shares;
pub mod trade;

pub use shares::TradeShares;
pub use trade::{Trade, TradeParameters};

use prices::dearer;
use shares::site_factor;

use super::Luckbox;
use super::policy::{Clock, Today};
use crate::economy::shared::blocks;
use crate::economy::shared::growth::{growth_index, per_year};
use crate::economy::shared::path::{Path, PathByRegion};
use crate::economy::shared::streams::Stream;
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::lists::{Kind, SiteType};
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::Site;
use crate::ground::by_region::ByRegion;
use crate::ground::list::{Listed, Table};
use crate::ground::maths;
use crate::ground::numbers::floor;
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
    /// Demand by year in place of that growth, by site type and region, for those that have one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "crate::ground::list::some_of::<SiteType, PathByRegion>")]
    pub path: BTreeMap<SiteType, PathByRegion>,
    /// Swing of demand over the year, by site type.
    pub season: Table<SiteType, Share>,
    /// Week of the year with the most demand.
    pub season_peak: Span,
    /// eps_p: price elasticity, as a positive number.
    pub price_elasticity: Number,
    /// How fast hours in a unit fall with volume, by site type and region.
    pub density_elasticity: Table<SiteType, ByRegion<Number>>,
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
    /// Weights of the other markets in what is sold abroad, if demand follows own price alone.
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

impl DemandParameters {
    /// The path of the demand for a type of site in a region, if it is given.
    pub fn path_of(&self, site: SiteType, region: &str) -> Option<&Path> {
        self.path.get(&site)?.0.get(region)
    }
}

/// kappa: demand index of a region from its agents' consumption.
pub fn demand_index(omega: f64, consumption: f64, base: f64) -> f64 {
    if base > 0.0 { 1.0 - omega + omega * consumption / base } else { 1.0 }
}

/// Jobs arrive at sites.
pub fn receive_jobs(
    Today { clock, in_force }: Today,
    luck: Res<Luckbox>,
    demand: Res<DemandParameters>,
    trade: Res<TradeParameters>,
    shares: Res<TradeShares>,
    regions: Res<Regions>,
    mut sites: Query<(&Site, &mut Jobs)>,
) {
    let (demand, trade, shares) = (&*demand, &*trade, &*shares);
    let chance = luck.0.at(Stream::Demand, clock.tick);
    let (tide, noise) = (Tide::of(demand, &clock, &regions), Noise::of(demand.noise.0, clock.weeks));
    blocks::each(sites.iter_mut().collect(), |(site, jobs)| {
        let (r, kind) = (site.region, site.kind);
        // in the spin-up nobody buys more or less than at the start
        let home = if clock.has_started() { regions[r].demand_index } else { 1.0 };
        let kappa = if kind == SiteType::Factory { shares.pull[r] } else { home };
        let common = Common { growth: tide.growth[kind][r], season: tide.season[kind], kappa };
        let nested = trade.is_nested().then(|| site_factor(trade, shares, demand.price_elasticity.0, site, jobs));
        for job in &mut jobs.0 {
            let shock = in_force.shocks.demand[r][job.kind.index()];
            let by_price = nested.unwrap_or_else(|| maths::pow(dearer(job), -demand.price_elasticity.0));
            let wanted = common.wanted(shock, by_price);
            let volume = wanted * willing_to_wait(demand, job, clock.weeks);
            remember_response(job, volume / (common.growth * common.season));
            let dense: f64 = if trade.is_nested() { wanted } else { volume };
            job.size.hours_per_unit =
                job.size.hours_per_unit_initial * maths::pow(dense.max(1e-3), -demand.density_elasticity[kind][r].0);
            job.inflow.expected = job.size.base * volume * clock.weeks;
            job.inflow.arrivals = noise.arrivals(job.inflow.expected, &mut chance.draws(site.key.and(job.kind)));
            job.inflow.backlog_before = job.work.backlog;
        }
    });
}

/// Keeps a job's volume apart from trend and season, and what its buyers save by the change of its price.
fn remember_response(job: &mut Job, response: f64) {
    let base = job.size.base;
    let volume = (base * job.inflow.response, base * response);
    job.inflow.saved = buyers::saved((job.price_before, job.price), volume);
    job.inflow.response = response;
}

/// Trend and season of the demand for all sites of a type and region this tick.
struct Tide {
    growth: Table<SiteType, Vec<f64>>,
    season: Table<SiteType, f64>,
}

/// What is the same for all jobs of a site.
struct Common {
    growth: f64,
    season: f64,
    kappa: f64,
}

impl Tide {
    fn of(demand: &DemandParameters, clock: &Clock, regions: &Regions) -> Tide {
        let years = if clock.is_frozen { 0.0 } else { clock.years() };
        let half_life = demand.growth_half_life.0 / WEEKS_PER_YEAR;
        let week = f64::from(clock.tick) * clock.weeks - demand.season_peak.0;
        let growth = Table::of(|&site: &SiteType| {
            let (start, floor) = (&demand.growth[site], per_year(demand.growth_floor[site]));
            let index = |r: usize| match demand.path_of(site, &regions[r].name) {
                Some(path) => path.index(clock.first_and_today()),
                None => growth_index(per_year(start[r]), floor, half_life, years),
            };
            (0..regions.count()).map(index).collect()
        });
        let season = Table::of(|&site: &SiteType| match clock.has_started() {
            true => 1.0 + demand.season[site].0 * maths::cos_turns(week / WEEKS_PER_YEAR),
            false => 1.0,
        });
        Tide { growth, season }
    }

    /// Both together.
    fn at(&self, site: SiteType, region: usize) -> f64 {
        self.growth[site][region] * self.season[site]
    }
}

impl Common {
    /// Volume of a job against its base if nothing waited: growth, season, shock, demand index, price.
    fn wanted(&self, shock: f64, by_price: f64) -> f64 {
        self.growth * self.season * shock * self.kappa * by_price
    }
}

/// Share of the customers of a job who do not mind the wait.
fn willing_to_wait(demand: &DemandParameters, job: &Job, weeks: f64) -> f64 {
    // customers see the wait at the end of a tick: whoever left faster than ticks pass would come and go in turn
    let patience = demand.patience.0.max(weeks);
    let waiting = job.work.lead - demand.handling_time.0;
    if waiting > 0.0 { maths::exp(-waiting / patience) } else { 1.0 }
}

/// How the jobs of a tick vary around what is expected: lognormal, or Poisson where that varies more.
struct Noise {
    /// Standard deviation as a share of the mean, where it is lognormal.
    cv: f64,
    lognormal: UnitLogNormal,
}

impl Noise {
    /// Noise of `cv` a week over a tick of so many weeks.
    fn of(cv: f64, weeks: f64) -> Noise {
        let cv = cv / libm::sqrt(weeks);
        Noise { cv, lognormal: UnitLogNormal { sigma: libm::sqrt(libm::log1p(cv * cv)) } }
    }

    /// Jobs that come where so many are expected.
    fn arrivals(&self, expected: f64, draws: &mut crate::ground::random::Draws) -> i64 {
        if expected * self.cv * self.cv < 1.0 {
            return Poisson { mean: expected }.sample(draws);
        }
        floor(expected * self.lognormal.sample(draws) + 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::random::{Key, Luck};

    #[test]
    fn a_fifth_less_consumption_is_a_twentieth_less_demand() {
        assert_eq!(demand_index(0.25, 0.8, 1.0), 0.95);
    }

    /// Size: 4 standard errors, about 1 in 15,000 seeds; power: a bias of 0.02 % is caught.
    #[test]
    fn arrivals_keep_their_mean_and_spread() {
        let (chance, noise) = (Luck::new(5, 0).at(Stream::Demand, 0), Noise::of(0.03, 1.0));
        for (expected, cv) in [(1e6, 0.03), (20.0, 1.0 / libm::sqrt(20.0))] {
            let n = 200_000;
            let (mut sum, mut squares) = (0.0, 0.0);
            for key in 0..n {
                let x = noise.arrivals(expected, &mut chance.draws(Key::numbered(key))) as f64 / expected;
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
