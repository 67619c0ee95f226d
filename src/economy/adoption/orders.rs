//! Which sites order how many robots.
//!
//! A site buys a class if it is aware of it (Bass: its hazard p + q * adopters' share of the region's
//! work has reached the site's own threshold) and the payback is at most its own hurdle. Orders close
//! the gap to feasible * open * expected units / (units per week * uptime), no faster than the growth
//! cap; the first is a pilot. What is ordered and not yet there waits in the makers' order books; where the plan falls
//! short of it, orders are cancelled.
//!
//! Left out: second-hand robots, leasing, waiting for prices to fall.
//! Source: Bass 1969 with p and q by analogy (Sultan, Farley and Lehmann 1990).

use super::{Numbers, Purchase};
use crate::economy::makers::Makers;
use crate::economy::policy::{Clock, InForce};
use crate::economy::regions::{Region, Regions};
use crate::economy::robots::{Feasible, Frontier, RobotParameters, doable_share, units_per_robot_week};
use crate::economy::sites::{Fleet, Jobs, Robots, Site};
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::numbers::whole;
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;

/// The next size of a fleet plan: towards the target, no faster than the cap, at least the pilot.
pub fn next_plan(plan: f64, fleet: f64, target: f64, cap: f64, pilot: f64) -> f64 {
    if target > plan {
        target.min((plan * (1.0 + cap)).max(pilot * target))
    } else {
        // nothing is bought beyond the target, and nothing is scrapped before its time
        target.max(plan.min(fleet))
    }
}

/// Sites become aware, plan and order.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn order_robots(
    clock: Res<Clock>,
    parameters: Numbers,
    in_force: Res<InForce>,
    regions: Res<Regions>,
    frontier: Res<Frontier>,
    sites: Query<(&Site, &Jobs)>,
    mut makers: ResMut<Makers>,
    mut fleets: Query<(&Fleet, &Robots, &mut Purchase)>,
) {
    let robots = &parameters.robots;
    let sites: Vec<_> = sites.iter().collect();
    let adopters = adopters_share(&sites, &fleets, regions.count());
    let years = clock.weeks / WEEKS_PER_YEAR;
    let cap = maths::pow(1.0 + robots.growth_cap.0 * WEEKS_PER_YEAR, years) - 1.0;
    let homes: Vec<usize> = makers.0.iter().map(|maker| maker.home).collect();
    for (fleet, rows, mut purchase) in &mut fleets {
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
        purchase.orders.place(order, &mut makers.0[class].orders);
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

    /// Robot agents that a fleet of so many lacks: the plan, rounded by the site's fixed draw, less those there are.
    fn order(&self, fleet: i64) -> i64 {
        (whole((self.plan + self.rounding).floor()) - fleet).max(0)
    }
}

/// Share of a region's work, in hours at the start, at sites that have adopted the class.
fn adopters_share(
    sites: &[(&Site, &Jobs)],
    fleets: &Query<(&Fleet, &Robots, &mut Purchase)>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_orders_once_it_is_aware_and_its_draw_rounds_the_plan() {
        let mut mind = Purchase { threshold: 0.1, rounding: 0.4, plan: 2.7, ..Purchase::default() };
        assert!(!mind.is_aware());
        mind.hazard = 0.1;
        assert!(mind.is_aware());
        // 2.7 + 0.4 = 3.1: three wanted, two there
        assert_eq!((mind.order(2), mind.order(5)), (1, 0));
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
