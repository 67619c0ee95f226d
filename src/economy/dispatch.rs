//! Robots first, people next, the rest waits.
//!
//! Robots try feasible and open jobs up to the capacity of those that are up; 1 - theta of their
//! attempts fail in the field and return to people. People do the rest, up to
//!
//! ```text
//! heads * weekly hours * mean skill * (1 - drag) / hours per unit
//! ```
//!
//! What is left is backlog; lead time = backlog / throughput + handling time (Little's law). Each
//! served unit has exactly one doer.
//!
//! Left out: overtime, transfers of work between sites, robots that help people instead of replacing them.

use super::capture::{Filming, Lab, drag};
use super::demand::hours;
use super::learning::Feasible;
use super::people::Listed;
use super::policy::{Clock, InForce};
use super::sites::{Class, Fleet, Job, Jobs, Kind, Robots, Site, Staff};
use super::{Luckbox, Parameters, Region};
use crate::ground::maths::share_of;
use crate::ground::random::{Stream, whole};
use bevy_ecs::prelude::*;

/// Units a robot of the class does in a week of work of this kind.
pub fn units_per_robot_week(parameters: &Parameters, job: &Job, region: usize) -> f64 {
    let robot = &parameters.robots.class[job.kind.class()];
    match job.kind.class() {
        Class::Van => robot.units_per_week.0 * parameters.robots.van_density[region].0,
        Class::Sidewalk => robot.units_per_week.0,
        Class::Amr | Class::Manipulator => {
            robot.units_per_week.0 * share_of(parameters.labour.weekly_hours[region].0, job.hours_per_unit)
        }
    }
}

/// Share of jobs of a kind that robots can and may do in a region.
pub fn doable_share(region: &Region, feasible: &Feasible, kind: Kind) -> f64 {
    let open = if kind.is_on_the_street() { region.openness } else { 1.0 };
    feasible.share[kind.index()] * open
}

/// How jobs of a kind are shared out: attempts and successes of robots, units by people, backlog.
#[derive(Debug, PartialEq)]
pub struct Shares {
    /// Units robots tried.
    pub attempts: i64,
    /// Units robots did.
    pub by_robots: i64,
    /// Units people did.
    pub by_people: i64,
    /// Units that wait.
    pub backlog: i64,
}

/// Shares `waiting` units out between robots and people. `failed` says how many of the attempts fail.
pub fn share_out(waiting: i64, attempts: i64, failed: impl Fn(i64) -> i64, people_capacity: i64) -> Shares {
    let attempts = attempts.clamp(0, waiting);
    let by_robots = attempts - failed(attempts).clamp(0, attempts);
    let by_people = people_capacity.clamp(0, waiting - by_robots);
    Shares { attempts, by_robots, by_people, backlog: waiting - by_robots - by_people }
}

/// Robots, then people, do the jobs.
pub fn do_jobs(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    parameters: Res<Parameters>,
    in_force: Res<InForce>,
    regions: Query<(&Region, &Feasible)>,
    mut labs: Query<&mut Lab>,
    mut fleets: Query<(&Fleet, &mut Robots)>,
    mut sites: Query<(&Site, &Staff, &Filming, &mut Jobs)>,
) {
    let tries = luck.0.at(Stream::Attempts, clock.tick);
    let failures = luck.0.at(Stream::FieldFailures, clock.tick);
    let per_agent = parameters.run.robots_per_agent.0;
    let persons = parameters.run.persons_per_agent.0;
    let theta = parameters.learning.field_success.0;
    let mut labs: Vec<_> = labs.iter_mut().collect();
    let regions: Vec<_> = regions.iter().collect();
    for (site, staff, filming, mut jobs) in &mut sites {
        let (region, feasible) = regions[site.region];
        let weekly_hours = parameters.labour.weekly_hours[site.region].0;
        let at_work = if in_force.stands_still(site.index) { 0.0 } else { 1.0 };
        let mut attempts = [0_i64; 4];
        for &entity in &site.fleets {
            let Ok((fleet, mut robots)) = fleets.get_mut(entity) else { continue };
            let strength = robots.up as f64 * per_agent * clock.weeks * at_work;
            let wish = |job: &Job| {
                let waiting = (job.arrivals + job.backlog_before) as f64;
                waiting * doable_share(region, feasible, job.kind) / units_per_robot_week(&parameters, job, site.region)
            };
            let mine = |job: &&Job| job.kind.class() == fleet.class;
            let wanted: f64 = jobs.0.iter().filter(mine).map(wish).sum();
            let part = if wanted > 0.0 { (strength / wanted).min(1.0) } else { 0.0 };
            robots.utilisation = share_of(part * wanted, strength);
            for (slot, job) in jobs.0.iter_mut().enumerate().filter(|(_, job)| job.kind.class() == fleet.class) {
                let rate = units_per_robot_week(&parameters, job, site.region);
                let robot_weeks = part * wish(job);
                let devoted = if wanted > 0.0 { wish(job) / wanted } else { 0.0 };
                job.robot_capacity = rate * strength * devoted;
                attempts[slot] = tries.round(site.key.and(job.kind), robot_weeks * rate);
                if !clock.is_frozen {
                    let robot = &parameters.robots.class[fleet.class];
                    let taught =
                        robot_weeks * robot.supervised_hours.0 * parameters.learning.robot_hours[fleet.class].0;
                    labs[region.licensor].robot_hours[job.kind.family().index()] +=
                        i128::from(whole((taught * 1e3).round()));
                }
            }
        }
        let slow = 1.0 - drag(crate::ground::units::Number(parameters.capture.drag.0), filming.filmed_share);
        let slow = slow * at_work;
        for (crew_slot, crew) in staff.0.iter().enumerate() {
            let occupation = site.kind.occupations()[crew_slot];
            let capacity = crew.heads as f64 * persons * weekly_hours * clock.weeks * crew.mean_skill() * slow;
            let left = |slot: usize, job: &Job| {
                let waiting = job.arrivals + job.backlog_before;
                hours(job, waiting) - theta * hours(job, attempts[slot].min(waiting))
            };
            let of_crew = |job: &Job| job.kind.occupation() == occupation;
            let needed: f64 =
                jobs.0.iter().enumerate().filter(|(_, job)| of_crew(job)).map(|(slot, job)| left(slot, job)).sum();
            for (slot, job) in jobs.0.iter_mut().enumerate().filter(|(_, job)| job.kind.occupation() == occupation) {
                let my_hours = capacity * if needed > 0.0 { left(slot, job) / needed } else { 1.0 };
                let people = whole((my_hours / job.hours_per_unit).min(1e15).floor());
                let key = site.key.and(job.kind);
                let fails = |attempts: i64| failures.round(key, attempts as f64 * (1.0 - theta));
                let shares = share_out(job.arrivals + job.backlog_before, attempts[slot], fails, people);
                commit(job, &shares, my_hours, parameters.demand.handling_time.0, clock.weeks);
            }
        }
    }
}

fn commit(job: &mut Job, shares: &Shares, people_hours: f64, handling_time: f64, weeks: f64) {
    job.attempts = shares.attempts;
    job.by_robots = shares.by_robots;
    job.by_people = shares.by_people;
    job.backlog = shares.backlog;
    job.people_hours = people_hours;
    job.robot_hours = hours(job, shares.by_robots) / weeks;
    let throughput = (shares.by_robots + shares.by_people) as f64 / weeks;
    job.lead = share_of(shares.backlog as f64, throughput) + handling_time;
    if shares.backlog > 0 && throughput <= 0.0 {
        // nobody works: the backlog waits for as long as it takes to collect it
        job.lead = handling_time + share_of(shares.backlog as f64, job.base);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_has_one_doer_or_waits() {
        // 100 wait; robots try 40 and fail at 2; people can do 50: 38 + 50 done, 12 wait
        let shares = share_out(100, 40, |_| 2, 50);
        assert_eq!(shares, Shares { attempts: 40, by_robots: 38, by_people: 50, backlog: 12 });
        // people do no more than there is
        assert_eq!(share_out(100, 40, |_| 0, 500).by_people, 60);
        // robots do no more than there is
        assert_eq!(share_out(10, 40, |_| 1, 5), Shares { attempts: 10, by_robots: 9, by_people: 1, backlog: 0 });
    }
}
