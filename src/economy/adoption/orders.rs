//! Which sites order how many robots.
//!
//! A site buys a class if it is aware of it and the payback is at most its own hurdle. Orders close the gap to feasible * open * expected units / (units per week * uptime), no faster than the growth
//! cap; the first is a pilot. What is ordered and not yet there waits in the makers' order books; where the plan falls
//! short of it, orders are cancelled.
//!
//! Left out: second-hand robots, leasing, waiting for prices to fall.

use super::awareness::Examples;
use super::{Numbers, Purchase};
use crate::economy::policy::Today;
use crate::economy::world::jobs::Jobs;
use crate::economy::world::makers::Makers;
use crate::economy::world::regions::Region;
use crate::economy::world::robots::{Conditions, Feasible, Paces, doable_share};
use crate::economy::world::sites::{Fleet, Robots, Site};
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::numbers::floor;
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
pub fn order_robots(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    conditions: Conditions,
    mut makers: ResMut<Makers>,
    sites: Query<(&Site, &Jobs)>,
    mut fleets: Query<(&Fleet, &Robots, &mut Purchase)>,
) {
    let robots = &parameters.robots;
    let sites: Vec<_> = sites.iter().collect();
    let examples = Examples::of(&parameters.robots, &sites, &fleets, conditions.regions.count());
    let paces = Paces::of(robots, &parameters.labour, conditions.regions.count());
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
            let (region, feasible) = conditions.of(fleet.region);
            let (_, jobs) = sites[fleet.site];
            purchase.hear_of(robots, examples.seen_by(robots, fleet, jobs), clock.weeks);
            let is_wanted = may_buy && purchase.is_aware();
            purchase.target = if is_wanted {
                target(&parameters, &paces, (region, feasible), fleet, jobs, purchase.hurdle, clock.weeks)
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
    paces: &Paces,
    (region, feasible): (&Region, &Feasible),
    fleet: &Fleet,
    jobs: &Jobs,
    hurdle: f64,
    weeks: f64,
) -> f64 {
    let mut target = 0.0;
    for job in jobs.0.iter().filter(|job| job.kind.class() == fleet.class && job.cost.payback <= hurdle) {
        let units = paces.units(fleet.region, job) * parameters.robots.uptime.0;
        let wanted = doable_share(region, feasible, job.kind) * job.inflow.expected / weeks;
        target += wanted / units / parameters.run.robots_per_agent.0;
    }
    target
}

impl Purchase {
    /// Robot agents that a fleet of so many lacks: the plan, rounded by the site's fixed draw, less those there are.
    fn order(&self, fleet: i64) -> i64 {
        (floor(self.plan + self.rounding) - fleet).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sites_draw_rounds_its_plan() {
        let mind = Purchase { rounding: 0.4, plan: 2.7, ..Purchase::default() };
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
