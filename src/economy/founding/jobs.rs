//! The jobs of every site, so many that its staff works at its target utilisation, and their prices.

use super::plants::SitePlan;
use crate::economy::Parameters;
use crate::economy::dispatch::units_per_robot_week;
use crate::economy::learning::feasible_share;
use crate::economy::people::{Listed, Market, Occupation, SKILL_ONE};
use crate::economy::sites::{Job, Kind};
use crate::ground::maths::share_of;

/// Jobs of every site: so many that the staff works at its target utilisation, and what robots do at
/// the start on top of it.
pub(super) fn plan_jobs(parameters: &Parameters, markets: &[Market], capability: &[Vec<f64>], plans: &mut [SitePlan]) {
    for region in 0..parameters.regions.len() {
        let lab = parameters.licensor[region];
        for &kind in Kind::ALL {
            let feasible = feasible_share(
                capability[lab][kind.family().index()],
                parameters.learning.chain[kind].0,
                parameters.learning.field_success.0,
            );
            let open = if kind.is_on_the_street() { parameters.robots.open_at_start[region].0 } else { 1.0 };
            let sites: Vec<&mut SitePlan> =
                plans.iter_mut().filter(|plan| plan.region == region && plan.kind.kinds().contains(&kind)).collect();
            plan_kind(parameters, markets, region, kind, feasible * open, sites);
        }
    }
    for plan in plans {
        plan.cost_per_week =
            plan.jobs.iter().map(|job| job.base * job.price_initial / (1.0 + parameters.sites.margin.0)).sum();
        plan.sales_per_week = plan.jobs.iter().map(|job| job.base * job.price_initial).sum();
    }
}

pub(super) fn plan_kind(
    parameters: &Parameters,
    markets: &[Market],
    region: usize,
    kind: Kind,
    doable: f64,
    mut sites: Vec<&mut SitePlan>,
) {
    let occupation = kind.occupation();
    let market = &markets[region * Occupation::COUNT + occupation.index()];
    let law = &parameters.law[region];
    let payroll = if occupation == Occupation::Courier { law.payroll_tax_couriers.0 } else { law.payroll_tax.0 };
    let weekly = parameters.labour.weekly_hours[region].0;
    let utilisation = parameters.sites.target_utilisation.0;
    let persons = parameters.run.persons_per_agent.0;
    let theta = parameters.learning.field_success.0;
    let demand = &parameters.demand;
    let share = match kind {
        Kind::StationLeg => demand.station_share[region].0,
        Kind::Doorstep => 1.0 - demand.station_share[region].0,
        _ => 1.0,
    };
    // hours of a mean worker that people spend on this kind, by site
    let people: Vec<f64> = sites
        .iter()
        .map(|site| {
            let skill = site.skills[occupation.slot()] as f64 / SKILL_ONE as f64;
            share * utilisation * skill * weekly * persons
        })
        .collect();
    let place = |site: &SitePlan| site.kind.classes().iter().position(|&class| class == kind.class());
    // without a site there is nothing to look up
    let class = sites.first().map_or(0, |site| place(site).expect("a site has a fleet of every class its jobs need"));
    let mut job = empty_job(kind);
    let robots = |job: &Job, site: &SitePlan, hours: f64| {
        let strength = site.robots[class] as f64 * parameters.run.robots_per_agent.0 * parameters.robots.uptime.0;
        let capacity = strength * units_per_robot_week(parameters, job, region);
        let by_people = hours / job.hours_per_unit;
        // R = theta min(capacity, doable (P + R)): the second solved for R
        theta * capacity.min(share_of(doable * by_people, 1.0 - theta * doable))
    };
    job.hours_per_unit = match demand.hours_per_unit.get(&kind) {
        Some(hours) => hours.0,
        None => {
            // parcels are given: hours per parcel follow from the people's hours and what robots carry
            let parcels = demand.parcels[region].0;
            let all: f64 = people.iter().sum();
            job.hours_per_unit = share_of(all, parcels).max(1e-9);
            for _ in 0..60 {
                let carried: f64 = sites.iter().zip(&people).map(|(site, &hours)| robots(&job, site, hours)).sum();
                job.hours_per_unit = share_of(all, (parcels - carried).max(parcels / 100.0)).max(1e-9);
            }
            job.hours_per_unit
        }
    };
    job.hours_per_unit_initial = job.hours_per_unit;
    let labour = market.wage * (1.0 + payroll) * job.hours_per_unit / weekly;
    job.hand_cost = if kind.is_on_the_street() {
        (demand.human_cost_per_parcel[region].0 * share - labour).max(0.0)
    } else {
        labour * parameters.sites.hand_cost_share[occupation.site_type()].0
    };
    job.other_cost = labour * parameters.sites.other_cost_share[occupation.site_type()].0;
    job.cost_by_hand = labour + job.hand_cost;
    job.unit_cost = labour / utilisation + job.hand_cost + job.other_cost;
    job.unit_cost_initial = job.unit_cost;
    job.price_initial = job.unit_cost * (1.0 + parameters.sites.margin.0);
    job.price = job.price_initial;
    job.lead = demand.handling_time.0;
    for (site, &hours) in sites.iter_mut().zip(&people) {
        let mut job = job.clone();
        let by_robots = robots(&job, site, hours);
        job.base = hours / job.hours_per_unit + by_robots;
        job.robot_hours_initial = by_robots * job.hours_per_unit;
        job.robot_hours = job.robot_hours_initial;
        site.jobs.push(job);
    }
}

pub(super) fn empty_job(kind: Kind) -> Job {
    Job {
        kind,
        base: 0.0,
        hours_per_unit_initial: 0.0,
        hours_per_unit: 0.0,
        arrivals: 0,
        expected: 0.0,
        backlog_before: 0,
        backlog: 0,
        attempts: 0,
        by_robots: 0,
        by_people: 0,
        robot_capacity: 0.0,
        robot_hours_initial: 0.0,
        robot_hours: 0.0,
        people_hours: 0.0,
        lead: 0.0,
        hand_cost: 0.0,
        other_cost: 0.0,
        cost_by_hand: 0.0,
        cost_by_robot: 0.0,
        payback: f64::INFINITY,
        unit_cost: 0.0,
        unit_cost_initial: 0.0,
        price: 0.0,
        price_initial: 0.0,
        licence: 0.0,
    }
}
