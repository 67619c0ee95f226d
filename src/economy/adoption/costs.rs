//! What a unit costs by hand and by robot, without capital, and how fast a robot pays.
//!
//! ```text
//! c_h = wage (1 + payroll tax + benefits - subsidy) hours per unit / weekly hours + m non-labour cost
//! c_b = (maintenance + subscription + supervision) / units per week + energy + licence
//! payback = price (1 + robot tax + tariff) / ((c_h - c_b) units per year * uptime)
//! ```
//!
//! m is output per hour against the start, as far as it grows with wages: who makes more in an hour works up more
//! ([`crate::economy::demand::prices`]). The licence is a share of c_h, dearer by the part of their royalties that labs
//! pass on ([`crate::economy::world::labs::Burden`]). The wage is that of the region's market, times the site's own
//! level: wages differ between sites as they do between firms, and organised sites pay more. The mean over the heads of
//! a region's sites of a type stays the market's wage.
//!
//! Left out: financing costs, and what it costs to rebuild a line. A site's own wage level enters what it compares (and
//! with it the supervision and the licence that it pays), not what its workers are paid nor the prices it sets, which
//! follow the market's wage: workers carry no wage of their employer's. A wage floor by law does not lift the level.
//! Source: payback of two to three years from IFR World Robotics 2020.

use super::{Numbers, Purchase};
use crate::economy::policy::InForce;
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::labs::{Lab, Labs};
use crate::economy::world::lists::{Class, Kind};
use crate::economy::world::makers::{Maker, Makers};
use crate::economy::world::markets::{MarketId, Markets};
use crate::economy::world::regions::Regions;
use crate::economy::world::robots::{ClassParameters, Feasible, Frontier, Paces, watched_by_one};
use crate::economy::world::sites::{Fleet, Site, next_of};
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;

/// What a unit costs by robot, dollars, without capital.
pub fn cost_by_robot(upkeep: f64, units_per_week: f64, energy: f64, licence: f64) -> f64 {
    upkeep / units_per_week + energy + licence
}

/// Payback in years; infinite if the robot never pays.
pub fn payback(price: f64, by_hand: f64, by_robot: f64, units_per_week: f64, uptime: f64) -> f64 {
    let saving = (by_hand - by_robot) * units_per_week * WEEKS_PER_YEAR * uptime;
    if saving > 0.0 { price / saving } else { f64::INFINITY }
}

/// Sites compare what a unit costs by hand and by robot.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn compare_costs(
    parameters: Numbers,
    in_force: Res<InForce>,
    labs: Res<Labs>,
    markets: Res<Markets>,
    regions: Res<Regions>,
    makers: Res<Makers>,
    frontier: Res<Frontier>,
    mut fleets: Query<(&Fleet, &mut Purchase)>,
    mut sites: Query<(&Site, &mut Jobs)>,
) {
    let terms = Terms { parameters: &parameters, in_force: &in_force, labs: &labs.0, markets: &markets };
    let paces = Paces::of(&parameters.robots, &parameters.labour, regions.count());
    let offers: Vec<Offers> = (0..regions.count())
        .map(|r| terms.offers(r, &frontier.0[r], regions[r].output_per_hour, &makers.0, &paces))
        .collect();
    let mut fleets = fleets.iter_mut();
    for (site, mut jobs) in &mut sites {
        let r = site.region;
        let subsidy = in_force.law[r].wage_subsidy(|| jobs.lost(site.kind));
        for (fleet, mut purchase) in next_of(&mut fleets, site) {
            let (price, class) = (offers[r].price[fleet.class.index()], &parameters.robots.class[fleet.class]);
            // who watches a fleet that does several kinds of jobs costs the mean over its work
            let (mut watching, mut robot_weeks) = (0.0, 0.0);
            for job in jobs.0.iter_mut().filter(|job| job.kind.class() == fleet.class) {
                let costs = offers[r].by_kind[job.kind.index()].compare(job, subsidy, site.wage_level);
                let worked = job.work.attempts as f64 / costs.units + f64::MIN_POSITIVE;
                (watching, robot_weeks) = (watching + costs.watched * worked, robot_weeks + worked);
                costs.commit(job);
            }
            let watched = watching / robot_weeks.max(f64::MIN_POSITIVE);
            purchase.price = price;
            purchase.upkeep = [price * class.maintenance.0, class.subscription.0, watched];
        }
    }
}

/// What the offers of robots depend on.
struct Terms<'a> {
    parameters: &'a Numbers<'a>,
    in_force: &'a InForce,
    labs: &'a [Lab],
    markets: &'a Markets,
}

/// Robots as the sites of a region may buy them this tick.
struct Offers<'a> {
    by_kind: [Offer<'a>; Kind::COUNT],
    /// By class: dollars, before tax.
    price: [f64; Class::COUNT],
}

/// A robot for a kind of job, and what it would replace, as all sites of a region meet them this tick.
struct Offer<'a> {
    kind: Class,
    class: &'a ClassParameters,
    region: usize,
    paces: &'a Paces,
    /// Output per hour against the start.
    output: f64,
    /// Dollars, with robot tax and tariff.
    taxed: f64,
    /// Capital of a robot-week, dollars.
    capital: f64,
    /// Maintenance and subscription, dollars a week.
    upkeep: f64,
    /// Of the market, dollars a week.
    wage: f64,
    /// Wage with payroll tax and benefits, against the wage.
    on_wage: f64,
    weekly_hours: f64,
    supervisor_wage: f64,
    /// Robots that one person watches.
    watched: f64,
    /// Licence, as a share of the cost by hand.
    licence: f64,
    uptime: f64,
    target_utilisation: f64,
}

impl Terms<'_> {
    /// The offers in a region whose output per hour is so much against the start.
    fn offers<'a>(
        &'a self,
        r: usize,
        feasible: &'a Feasible,
        output: f64,
        makers: &[Maker],
        paces: &'a Paces,
    ) -> Offers<'a> {
        let Terms { parameters, in_force, labs, markets } = *self;
        let (robots, labour) = (&parameters.robots, &parameters.labour);
        let price = Class::ALL.iter().map(|&class| makers[class.index()].price * robots.class[class].price_factor[r].0);
        let mut prices = [0.0; Class::COUNT];
        prices.iter_mut().zip(price).for_each(|(place, price)| *place = price);
        let offer = |kind: Kind| {
            let (class, price) = (&robots.class[kind.class()], prices[kind.class().index()]);
            let tariff = in_force.shocks.tariff_on(kind.class(), r, makers[kind.class().index()].home);
            let (payroll_tax, benefits) = (in_force.payroll_tax(r, kind.occupation()), labour.benefits[r].0);
            Offer {
                kind: kind.class(),
                class,
                region: r,
                paces,
                output,
                taxed: price * (1.0 + in_force.law[r].robot_tax.0 + tariff),
                // robots that are never up do nothing that their price could be shared out over
                capital: maths::share_of(price, class.life.0 * robots.uptime.0),
                upkeep: price * class.maintenance.0 + class.subscription.0,
                wage: markets[MarketId::of(r, kind.occupation())].wage,
                on_wage: 1.0 + payroll_tax + benefits,
                weekly_hours: labour.weekly_hours[r].0,
                supervisor_wage: robots.supervisor_wage.0,
                watched: watched_by_one(robots, class, feasible.independence[kind.family().index()]),
                licence: feasible.licences.price(kind, labs, robots.royalty_pass_on.0),
                uptime: robots.uptime.0,
                target_utilisation: parameters.sites.target_utilisation.0,
            }
        };
        Offers { by_kind: std::array::from_fn(|kind| offer(Kind::ALL[kind])), price: prices }
    }
}

/// What a unit of a job costs, dollars.
struct Costs {
    by_hand: f64,
    by_robot: f64,
    licence: f64,
    /// Years.
    payback: f64,
    /// Of the mean unit done this tick; nothing if none was.
    unit: Option<f64>,
    /// Units of a robot in a week.
    units: f64,
    /// Supervision of a robot, dollars a week.
    watched: f64,
}

impl Offer<'_> {
    /// Compares the costs of a job of a site, which is paid such a share of its wages and has such wages against the
    /// market's.
    #[inline]
    fn compare(&self, job: &Job, subsidy: f64, level: f64) -> Costs {
        let wage_cost = self.wage * (self.on_wage - subsidy);
        let labour = wage_cost * job.size.hours_per_unit / self.weekly_hours;
        let watched = self.supervision(wage_cost * level);
        let units = self.paces.units(self.region, job);
        let upkeep = self.upkeep + watched;
        let beside_wages = job.cost.beside_wages * self.output;
        let by_hand = labour * level + beside_wages;
        let licence = self.licence * by_hand;
        let by_robot = cost_by_robot(upkeep, units, energy_per_unit(self.class, self.kind, units), licence);
        let payback = payback(self.taxed, by_hand, by_robot, units, self.uptime);
        let done = job.done() as f64;
        let unit = (done > 0.0).then(|| {
            let hand = labour / self.target_utilisation + beside_wages;
            let machine = by_robot + self.capital / units;
            let by_robots = job.work.by_robots as f64 / done;
            hand * (1.0 - by_robots) + machine * by_robots + job.cost.other * self.output
        });
        Costs { by_hand, by_robot, licence, payback, unit, units, watched }
    }

    /// Cost of one hour of supervision divided by the robots watched, times hours: dollars a week.
    #[inline]
    fn supervision(&self, wage_cost: f64) -> f64 {
        let hourly = self.supervisor_wage * wage_cost / self.weekly_hours;
        hourly * self.class.supervised_hours.0 / self.watched
    }
}

impl Costs {
    fn commit(&self, job: &mut Job) {
        job.cost.by_hand = self.by_hand;
        job.cost.by_robot = self.by_robot;
        job.licence = self.licence;
        job.cost.payback = self.payback;
        job.cost.unit = self.unit.unwrap_or(job.cost.unit);
    }
}

/// Energy of a unit of work, dollars.
pub fn energy_per_unit(parameters: &ClassParameters, class: Class, units_per_week: f64) -> f64 {
    match class {
        Class::Van | Class::Sidewalk => parameters.energy.0,
        Class::Amr | Class::Manipulator => parameters.energy.0 * parameters.supervised_hours.0 / units_per_week,
    }
}

/// Cost of doing a job by robot with capital, dollars: what a press release would quote.
pub fn full_cost_by_robot(job: &Job, purchase_price: f64, life_weeks: f64, units_per_week: f64, uptime: f64) -> f64 {
    job.cost.by_robot + maths::share_of(purchase_price, life_weeks * units_per_week * uptime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_station_leg_costs_a_cent_and_a_half() {
        // van: 5000 dollars; maintenance 500/52 = 9.62; subscription 250*12/52 = 57.69; supervision
        // 1.25 * 230.77 * 1.10 / 48 * 48 / 20 = 15.87; (9.62 + 57.69 + 15.87)/7000 = 0.01188;
        // + 0.002 energy + 0.0025 licence = 0.01638
        let c = cost_by_robot(9.615 + 57.692 + 15.865, 7_000.0, 0.002, 0.0025);
        assert!((c - 0.016_382).abs() < 1e-6, "{c}");
    }

    #[test]
    fn payback_is_price_over_yearly_saving() {
        // saves 1 dollar on 100 units a week at 95 % uptime: 4940 a year; 9880 dollars pay in 2 years
        assert!((payback(9_880.0, 3.0, 2.0, 100.0, 0.95) - 2.0).abs() < 1e-12);
        assert_eq!(payback(1.0, 2.0, 2.0, 100.0, 0.95), f64::INFINITY);
    }
}
