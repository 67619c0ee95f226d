//! What a robot costs, who buys, what wears out.
//!
//! A unit costs by hand and by robot, without capital,
//!
//! ```text
//! c_h = wage (1 + payroll tax - subsidy) hours per unit / weekly hours + non-labour cost
//! c_b = (maintenance + subscription + supervision) / units per week + energy + licence
//! payback = price (1 + robot tax + tariff) / ((c_h - c_b) units per year * uptime)
//! ```
//!
//! The licence is a share of c_h, dearer by the part of their royalties that labs pass on
//! ([`super::labs::Burden`]). A site buys a class if it is aware of it (Bass: its hazard p + q * adopters' share of the region's
//! work has reached the site's own threshold) and the payback is at most its own hurdle. Orders close
//! the gap to feasible * open * expected units / (units per week * uptime), no faster than the growth
//! cap; the first is a pilot. Prices fall by Wright's law, P = max(floor, P0 (Q/Q0)^log2(1 - b)).
//! Robots fail, are repaired, retire.
//!
//! Left out: second-hand robots, leasing, financing costs, waiting for prices to fall.
//! Sources: Bass 1969 with p and q by analogy (Sultan, Farley and Lehmann 1990); Wright 1936; payback
//! of two to three years from IFR World Robotics 2020.

use super::labs::Labs;
use super::makers::{Maker, Makers};
use super::policy::{Clock, InForce};
use super::regions::{Region, Regions};
use super::robots::{ClassParameters, RobotParameters};
use super::robots::{doable_share, units_per_robot_week, watched_by_one};
use super::sites::{Fleet, Job, Jobs, Robots, Site};
use super::{Luckbox, blocks};
use crate::economy::lists::Class;
use crate::economy::markets::LabourParameters;
use crate::economy::markets::{MarketId, Markets};
use crate::economy::policy::RunParameters;
use crate::economy::robots::Feasible;
use crate::economy::robots::Frontier;
use crate::economy::sites::SiteParameters;
use crate::economy::streams::Stream;
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::numbers::whole;
use crate::ground::random::{Chance, Rows, share_draw};
use crate::ground::units::WEEKS_PER_YEAR;
use crate::wide;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use serde::{Deserialize, Serialize};

/// A site's mind about one class.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Purchase {
    /// Awareness: hazard gathered so far, and how much it takes.
    pub hazard: f64,
    /// Exponential threshold, stratified over the sites of a region and type.
    pub threshold: f64,
    /// Longest payback accepted, years.
    pub hurdle: f64,
    /// Robots it wants to have now, robot agents, not rounded.
    pub plan: f64,
    /// The site's fixed draw for rounding.
    pub rounding: f64,
    /// Robots it would have if it could at once, robot agents.
    pub target: f64,
    /// Has it ever ordered, or begun with robots?
    pub has_adopted: bool,
    /// Price of one this tick, dollars, before tax.
    pub price: f64,
    /// Weekly fixed cost of one robot, dollars: maintenance, subscription, supervision.
    pub upkeep: [f64; 3],
}

/// P: price by Wright's law.
pub fn wright_price(initial: f64, floor: f64, made: f64, made_initial: f64, learning_rate: f64) -> f64 {
    (initial * maths::pow(made / made_initial, maths::log2(1.0 - learning_rate))).max(floor)
}

/// What a unit costs by robot, dollars, without capital.
pub fn cost_by_robot(upkeep: f64, units_per_week: f64, energy: f64, licence: f64) -> f64 {
    upkeep / units_per_week + energy + licence
}

/// Payback in years; infinite if the robot never pays.
pub fn payback(price: f64, by_hand: f64, by_robot: f64, units_per_week: f64, uptime: f64) -> f64 {
    let saving = (by_hand - by_robot) * units_per_week * WEEKS_PER_YEAR * uptime;
    if saving > 0.0 { price / saving } else { f64::INFINITY }
}

/// The next size of a fleet plan: towards the target, no faster than the cap, at least the pilot.
pub fn next_plan(plan: f64, fleet: f64, target: f64, cap: f64, pilot: f64) -> f64 {
    if target > plan {
        target.min((plan * (1.0 + cap)).max(pilot * target))
    } else {
        // nothing is bought beyond the target, and nothing is scrapped before its time
        target.max(plan.min(fleet))
    }
}

/// The numbers that the rule reads.
#[derive(SystemParam)]
pub struct Numbers<'w> {
    run: Res<'w, RunParameters>,
    labour: Res<'w, LabourParameters>,
    sites: Res<'w, SiteParameters>,
    robots: Res<'w, RobotParameters>,
}

/// Cost of one hour of supervision divided by the robots watched, times hours: dollars a week.
fn supervision(parameters: &Numbers, class: &ClassParameters, region: usize, wage_cost: f64, independence: f64) -> f64 {
    let watched = watched_by_one(&parameters.robots, class, independence);
    let hourly = parameters.robots.supervisor_wage.0 * wage_cost / parameters.labour.weekly_hours[region].0;
    hourly * class.supervised_hours.0 / watched
}

/// Robots age, fail, are repaired, retire.
pub fn age_robots(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    robots: Res<RobotParameters>,
    mut fleets: Query<(&Fleet, &mut Robots)>,
) {
    let class = &robots.class;
    let up = robots.uptime.0;
    // two-state chain in continuous time: mean time up = MTBF, long-run share up = uptime
    let rate = 1.0 / (robots.time_between_failures.0 * (1.0 - up).max(1e-9));
    let settled = maths::hazard(rate, clock.weeks);
    let (fail, repair) = ((1.0 - up) * settled, up * settled);
    let chain = Chain { fails: share_draw(fail), is_repaired: share_draw(repair) };
    let chance = luck.0.at(Stream::Uptime, clock.tick);
    let rows: Vec<_> = fleets.iter_mut().filter(|(_, robots)| !robots.born.is_empty() || robots.before > 0).collect();
    blocks::over(rows, |(fleet, mut robots)| {
        let robots = &mut *robots;
        robots.before = robots.count();
        let oldest = wide!(serve(&chain, chance, fleet.keys, robots));
        let life = class[fleet.class].life.0 / clock.weeks;
        let retires = |born: i16| f64::from(clock.tick - i32::from(born)) >= life;
        if oldest.is_some_and(retires) {
            retire(robots, retires);
        }
        robots.retired = robots.before - robots.count();
        robots.delivered = 0;
    });
}

/// Draws of 53 bits below which a robot that was up fails, and one that was down is repaired.
struct Chain {
    fails: u64,
    is_repaired: u64,
}

/// Every robot of a fleet fails, is repaired or stays as it was; returns the tick in which the oldest was
/// delivered.
#[inline(always)]
fn serve(chain: &Chain, chance: Chance, keys: Rows, robots: &mut Robots) -> Option<i16> {
    let n = robots.is_up.len();
    let (born, serial, is_up) = (&robots.born[..n], &robots.serial[..n], &mut robots.is_up[..n]);
    let mut oldest = i16::MAX;
    for row in 0..n {
        let was_up = is_up[row] == 1;
        let limit = if was_up { chain.fails } else { chain.is_repaired };
        let changes = chance.share_bits(keys.row(u64::from(serial[row]))) < limit;
        is_up[row] = u8::from(was_up ^ changes);
        oldest = oldest.min(born[row]);
    }
    (n > 0).then_some(oldest)
}

/// Takes the robots out whose service is over; the others keep their order.
fn retire(robots: &mut Robots, retires: impl Fn(i16) -> bool) {
    let mut kept = 0;
    for row in 0..robots.born.len() {
        if retires(robots.born[row]) {
            continue;
        }
        robots.born[kept] = robots.born[row];
        robots.serial[kept] = robots.serial[row];
        robots.is_up[kept] = robots.is_up[row];
        kept += 1;
    }
    robots.born.truncate(kept);
    robots.serial.truncate(kept);
    robots.is_up.truncate(kept);
}

/// Sites compare what a unit costs by hand and by robot.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn compare_costs(
    clock: Res<Clock>,
    parameters: Numbers,
    in_force: Res<InForce>,
    regions: Res<Regions>,
    labs: Res<Labs>,
    markets: Res<Markets>,
    makers: Res<Makers>,
    frontier: Res<Frontier>,
    mut fleets: Query<(&Fleet, &mut Purchase)>,
    mut sites: Query<(&Site, &mut Jobs)>,
) {
    for (site, mut jobs) in &mut sites {
        let r = site.region;
        let licence = parameters.robots.licence.0
            * labs.0[regions[r].licensor].burden.passed_on(parameters.robots.royalty_pass_on.0);
        let subsidy = in_force.law[r].wage_subsidy(jobs.lost(site.kind, clock.weeks));
        for &entity in &site.fleets {
            let Ok((fleet, mut purchase)) = fleets.get_mut(entity) else { continue };
            let maker = &makers.0[fleet.class.index()];
            let class = &parameters.robots.class[fleet.class];
            purchase.price = maker.price * class.price_factor[r].0;
            let tariff = in_force.shocks.tariff_on(fleet.class, r, maker.home);
            let taxed = purchase.price * (1.0 + in_force.law[r].robot_tax.0 + tariff);
            let (kind, price) = (fleet.class, purchase.price);
            let offer = Offer { parameters: &parameters, kind, class, region: r, price, taxed, licence };
            // who watches a fleet that does several kinds of jobs costs the mean over its work
            let (mut watching, mut robot_weeks) = (0.0, 0.0);
            for job in jobs.0.iter_mut().filter(|job| job.kind.class() == fleet.class) {
                let occupation = job.kind.occupation();
                let payroll_tax = in_force.payroll_tax(r, occupation);
                let wage_cost = markets[MarketId::of(r, occupation)].wage * (1.0 + payroll_tax - subsidy);
                let independence = frontier.0[r].independence[job.kind.family().index()];
                let costs = offer.compare(job, wage_cost, independence);
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
    kind: Class,
    class: &'a ClassParameters,
    region: usize,
    /// Dollars, before tax.
    price: f64,
    /// Dollars, with robot tax and tariff.
    taxed: f64,
    /// Licence as a share of the cost by hand, with the royalties passed on.
    licence: f64,
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
    /// Compares the costs of a job: `wage_cost` is the weekly wage with payroll tax, `independence` how much less
    /// help robots need than at the start.
    fn compare(&self, job: &Job, wage_cost: f64, independence: f64) -> Costs {
        let (parameters, class, r) = (self.parameters, self.class, self.region);
        let robots = &parameters.robots;
        let labour = wage_cost * job.size.hours_per_unit / parameters.labour.weekly_hours[r].0;
        let watched = supervision(parameters, class, r, wage_cost, independence);
        let units = units_per_robot_week(robots, &parameters.labour, job, r);
        let upkeep = self.price * class.maintenance.0 + class.subscription.0 + watched;
        let by_hand = labour + job.cost.beside_wages;
        let licence = self.licence * by_hand;
        let by_robot = cost_by_robot(upkeep, units, energy_per_unit(class, self.kind, units), licence);
        let payback = payback(self.taxed, by_hand, by_robot, units, robots.uptime.0);
        let done = job.done() as f64;
        let unit = (done > 0.0).then(|| {
            // robots that are never up do nothing that their price could be shared out over
            let capital = maths::share_of(self.price, class.life.0 * robots.uptime.0);
            let hand = labour / parameters.sites.target_utilisation.0 + job.cost.beside_wages;
            let machine = by_robot + capital / units;
            let by_robots = job.work.by_robots as f64 / done;
            hand * (1.0 - by_robots) + machine * by_robots + job.cost.other
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

/// Sites become aware, plan and order; makers deliver and learn.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn order_robots(
    clock: Res<Clock>,
    parameters: Numbers,
    in_force: Res<InForce>,
    regions: Res<Regions>,
    frontier: Res<Frontier>,
    sites: Query<(&Site, &Jobs)>,
    mut makers: ResMut<Makers>,
    mut fleets: Query<(&Fleet, &mut Robots, &mut Purchase)>,
) {
    let robots = &parameters.robots;
    let sites: Vec<_> = sites.iter().collect();
    let adopters = adopters_share(&sites, &fleets, regions.count());
    let years = clock.weeks / WEEKS_PER_YEAR;
    let cap = maths::pow(1.0 + robots.growth_cap.0 * WEEKS_PER_YEAR, years) - 1.0;
    let homes: Vec<usize> = makers.0.iter().map(|maker| maker.home).collect();
    let mut delivered = [0_i64; 4];
    for (fleet, mut rows, mut purchase) in &mut fleets {
        let class = fleet.class.index();
        let may_buy =
            in_force.shocks.may_buy(fleet.class, fleet.region, homes[class]) && !in_force.stands_still(fleet.site);
        if clock.is_frozen {
            // what retired is replaced, and nothing else is bought
            purchase.plan = if may_buy { rows.before as f64 } else { rows.count() as f64 };
        } else {
            purchase.hear_of(robots, adopters[fleet.region][class], clock.weeks);
            let (region, feasible) = (&regions[fleet.region], &frontier.0[fleet.region]);
            let (_, jobs) = sites[fleet.site];
            let is_wanted = may_buy && purchase.is_aware();
            purchase.target = if is_wanted {
                target(&parameters, region, feasible, fleet, jobs, purchase.hurdle, clock.weeks)
            } else {
                0.0
            };
            purchase.plan = next_plan(purchase.plan, rows.count() as f64, purchase.target, cap, robots.pilot.0);
            purchase.has_adopted |= purchase.plan > 0.0;
        }
        let order = purchase.order(rows.count());
        rows.deliver(order, clock.row_tick());
        delivered[class] += rows.delivered;
    }
    for maker in &mut makers.0 {
        let made = if clock.is_frozen { 0 } else { delivered[maker.class.index()] };
        maker.learn(robots, made as f64 * parameters.run.robots_per_agent.0);
    }
}

/// Robot agents of a fleet that pay within the hurdle: for each such job, the doable units over what a robot does.
fn target(
    parameters: &Numbers,
    region: &Region,
    feasible: &Feasible,
    fleet: &Fleet,
    jobs: &Jobs,
    hurdle: f64,
    weeks: f64,
) -> f64 {
    let mut target = 0.0;
    for job in jobs.0.iter().filter(|job| job.kind.class() == fleet.class && job.cost.payback <= hurdle) {
        let units = units_per_robot_week(&parameters.robots, &parameters.labour, job, fleet.region)
            * parameters.robots.uptime.0;
        let wanted = doable_share(region, feasible, job.kind) * job.inflow.expected / weeks;
        target += wanted / units / parameters.run.robots_per_agent.0;
    }
    target
}

impl Purchase {
    /// The site hears of the class: Bass's hazard grows with the share of work at sites that have adopted it.
    fn hear_of(&mut self, robots: &RobotParameters, adopters: f64, weeks: f64) {
        let spread = robots.innovation.0 + robots.imitation.0 * adopters;
        self.hazard += spread * weeks;
    }

    /// Does the site know of the class by now?
    fn is_aware(&self) -> bool {
        self.has_adopted || self.hazard >= self.threshold
    }

    /// Robot agents to order for a fleet of so many: the plan, rounded by the site's fixed draw.
    fn order(&self, fleet: i64) -> i64 {
        (whole((self.plan + self.rounding).floor()) - fleet).max(0)
    }
}

impl Robots {
    /// So many new robots come, and are up.
    fn deliver(&mut self, order: i64, now: i16) {
        for _ in 0..order {
            self.born.push(now);
            self.is_up.push(1);
            self.serial.push(self.next_serial);
            self.next_serial += 1;
        }
        self.delivered = order;
        self.up = self.count_up();
    }
}

impl Maker {
    /// So many more robots made, and the price they lead to.
    fn learn(&mut self, robots: &RobotParameters, made: f64) {
        self.made += made;
        let class = &robots.class[self.class];
        let (price, floor) = (class.price.0, class.price_floor.0);
        self.price = wright_price(price, floor, self.made, class.ever_made.0, robots.learning_rate.0);
    }
}

/// Share of a region's work, in hours at the start, at sites that have adopted the class.
fn adopters_share(
    sites: &[(&Site, &Jobs)],
    fleets: &Query<(&Fleet, &mut Robots, &mut Purchase)>,
    regions: usize,
) -> Vec<[f64; 4]> {
    let mut adopted = vec![[0.0; 4]; regions];
    let mut all = vec![[0.0; 4]; regions];
    for (fleet, _, purchase) in fleets {
        let jobs = sites[fleet.site].1.0.iter().filter(|job| job.kind.class() == fleet.class);
        let work: f64 = jobs.map(|job| job.size.base * job.size.hours_per_unit_initial).sum();
        all[fleet.region][fleet.class.index()] += work;
        if purchase.has_adopted {
            adopted[fleet.region][fleet.class.index()] += work;
        }
    }
    for (some, every) in adopted.iter_mut().zip(&all) {
        for (part, whole) in some.iter_mut().zip(every) {
            *part = maths::share_of(*part, *whole);
        }
    }
    adopted
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

    #[test]
    fn a_site_orders_once_it_is_aware_and_its_draw_rounds_the_plan() {
        let mut mind = Purchase { threshold: 0.1, rounding: 0.4, plan: 2.7, ..Purchase::default() };
        assert!(!mind.is_aware());
        mind.hazard = 0.1;
        assert!(mind.is_aware());
        // 2.7 + 0.4 = 3.1: three wanted, two there
        assert_eq!((mind.order(2), mind.order(5)), (1, 0));
        let mut fleet = Robots::default();
        fleet.deliver(2, 7);
        assert_eq!((fleet.count(), fleet.delivered, fleet.up, fleet.serial), (2, 2, 2, vec![0, 1]));
    }

    #[test]
    fn two_doublings_at_twenty_per_cent_leave_sixty_four() {
        assert!((wright_price(100.0, 10.0, 4.0, 1.0, 0.2) - 64.0).abs() < 1e-9);
        assert_eq!(wright_price(100.0, 80.0, 4.0, 1.0, 0.2), 80.0);
    }

    #[test]
    fn a_fleet_starts_with_a_pilot_grows_by_the_cap_and_stops_at_the_target() {
        assert_eq!(next_plan(0.0, 0.0, 100.0, 0.02, 0.02), 2.0);
        assert_eq!(next_plan(50.0, 50.0, 100.0, 0.02, 0.02), 51.0);
        assert_eq!(next_plan(99.9, 99.0, 100.0, 0.02, 0.02), 100.0);
        // it no longer pays: what is there serves out its life
        assert_eq!(next_plan(50.0, 48.0, 0.0, 0.02, 0.02), 48.0);
    }
}
