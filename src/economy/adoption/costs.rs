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
use crate::economy::world::lists::Class;
use crate::economy::world::makers::Makers;
use crate::economy::world::markets::{MarketId, Markets};
use crate::economy::world::regions::Regions;
use crate::economy::world::robots::{ClassParameters, Feasible, Frontier, units_per_robot_week, watched_by_one};
use crate::economy::world::sites::{Fleet, Site};
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

/// Cost of one hour of supervision divided by the robots watched, times hours: dollars a week.
fn supervision(parameters: &Numbers, class: &ClassParameters, region: usize, wage_cost: f64, independence: f64) -> f64 {
    let watched = watched_by_one(&parameters.robots, class, independence);
    let hourly = parameters.robots.supervisor_wage.0 * wage_cost / parameters.labour.weekly_hours[region].0;
    hourly * class.supervised_hours.0 / watched
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
    for (site, mut jobs) in &mut sites {
        let r = site.region;
        let subsidy = in_force.law[r].wage_subsidy(jobs.lost(site.kind));
        let benefits = parameters.labour.benefits[r].0;
        for &entity in &site.fleets {
            let Ok((fleet, mut purchase)) = fleets.get_mut(entity) else { continue };
            let maker = &makers.0[fleet.class.index()];
            let class = &parameters.robots.class[fleet.class];
            purchase.price = maker.price * class.price_factor[r].0;
            let tariff = in_force.shocks.tariff_on(fleet.class, r, maker.home);
            let taxed = purchase.price * (1.0 + in_force.law[r].robot_tax.0 + tariff);
            let feasible = &frontier.0[r];
            let (parameters, labs, price) = (&parameters, &labs.0, purchase.price);
            let output = regions[r].output_per_hour;
            let offer = Offer { parameters, feasible, labs, kind: fleet.class, class, region: r, output, price, taxed };
            // who watches a fleet that does several kinds of jobs costs the mean over its work
            let (mut watching, mut robot_weeks) = (0.0, 0.0);
            for job in jobs.0.iter_mut().filter(|job| job.kind.class() == fleet.class) {
                let occupation = job.kind.occupation();
                let payroll_tax = in_force.payroll_tax(r, occupation);
                let wage_cost = markets[MarketId::of(r, occupation)].wage * (1.0 + payroll_tax + benefits - subsidy);
                let costs = offer.compare(job, wage_cost, site.wage_level);
                let worked = job.work.attempts as f64 / costs.units + f64::MIN_POSITIVE;
                (watching, robot_weeks) = (watching + costs.watched * worked, robot_weeks + worked);
                costs.commit(job);
            }
            let watched = watching / robot_weeks.max(f64::MIN_POSITIVE);
            purchase.upkeep = [purchase.price * class.maintenance.0, class.subscription.0, watched];
        }
    }
}

/// A class of robot as a site may buy it this tick.
struct Offer<'a> {
    parameters: &'a Numbers<'a>,
    feasible: &'a Feasible,
    labs: &'a [Lab],
    kind: Class,
    class: &'a ClassParameters,
    region: usize,
    /// Output per hour against the start.
    output: f64,
    /// Dollars, before tax.
    price: f64,
    /// Dollars, with robot tax and tariff.
    taxed: f64,
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
    /// Compares the costs of a job: `wage_cost` is the market's weekly wage with payroll tax and
    /// benefits, `level` the site's wages
    /// against it.
    fn compare(&self, job: &Job, wage_cost: f64, level: f64) -> Costs {
        let (parameters, class, r) = (self.parameters, self.class, self.region);
        let robots = &parameters.robots;
        let independence = self.feasible.independence[job.kind.family().index()];
        let labour = wage_cost * job.size.hours_per_unit / parameters.labour.weekly_hours[r].0;
        let watched = supervision(parameters, class, r, wage_cost * level, independence);
        let units = units_per_robot_week(robots, &parameters.labour, job, r);
        let upkeep = self.price * class.maintenance.0 + class.subscription.0 + watched;
        let beside_wages = job.cost.beside_wages * self.output;
        let by_hand = labour * level + beside_wages;
        let licence = self.feasible.licences.price(job.kind, self.labs, robots.royalty_pass_on.0) * by_hand;
        let by_robot = cost_by_robot(upkeep, units, energy_per_unit(class, self.kind, units), licence);
        let payback = payback(self.taxed, by_hand, by_robot, units, robots.uptime.0);
        let done = job.done() as f64;
        let unit = (done > 0.0).then(|| {
            // robots that are never up do nothing that their price could be shared out over
            let capital = maths::share_of(self.price, class.life.0 * robots.uptime.0);
            let hand = labour / parameters.sites.target_utilisation.0 + beside_wages;
            let machine = by_robot + capital / units;
            let by_robots = job.work.by_robots as f64 / done;
            hand * (1.0 - by_robots) + machine * by_robots + job.cost.other * self.output
        });
        Costs { by_hand, by_robot, licence, payback, unit, units, watched }
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
