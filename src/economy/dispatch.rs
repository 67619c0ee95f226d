//! Robots first, people next, the rest waits.
//!
//! Robots try feasible and open jobs up to the capacity of those that are up; 1 - theta of their
//! attempts fail in the field and return to people. People do the rest, up to
//!
//! ```text
//! heads * weekly hours * mean skill * (1 - drag) / hours per unit
//! ```
//!
//! with heads and skill of the crew, or levelled over the crews of its market ([`crate::economy::shared::crews`]).
//!
//! What is left is backlog; lead time = backlog / throughput + handling time (Little's law). Each
//! served unit has exactly one doer.
//!
//! Left out: overtime, transfers of work between sites, robots that help people instead of replacing them.

use super::Luckbox;
use super::capture::drag;
use super::policy::{Clock, Today};
use crate::economy::capture::CaptureParameters;
use crate::economy::demand::DemandParameters;
use crate::economy::learning::LearningParameters;
use crate::economy::licences::share_among;
use crate::economy::policy::RunParameters;
use crate::economy::shared::crews::Levelled;
use crate::economy::shared::crews::StaffingParameters;
use crate::economy::shared::forms::Supervisors;
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::streams::Stream;
use crate::economy::shared::weights::Weights;
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::labs::Labs;
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::{Class, Family, Kind};
use crate::economy::world::markets::{LabourParameters, MarketId};
use crate::economy::world::programme::Filming;
use crate::economy::world::robots::Conditions;
use crate::economy::world::robots::RobotParameters;
use crate::economy::world::robots::{Wishes, doable_share, units_per_robot_week, watched_by_one};
use crate::economy::world::sites::{Crew, Fleet, Robots, Site, Staff};
use crate::ground::list::Listed;
use crate::ground::maths::share_of;
use crate::ground::numbers::{floor, nearest};
use crate::ground::random::Chance;
use bevy_ecs::prelude::*;

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

numbers! {
    run: RunParameters, weights: Weights, labour: LabourParameters, staffing: StaffingParameters, demand: DemandParameters,
    capture: CaptureParameters, learning: LearningParameters, robots: RobotParameters,
}

/// Robots, then people, do the jobs.
pub fn do_jobs(
    Today { clock, in_force }: Today,
    luck: Res<Luckbox>,
    parameters: Numbers,
    conditions: Conditions,
    mut labs: ResMut<Labs>,
    mut fleets: Query<(&Fleet, &mut Robots)>,
    mut sites: Query<(&Site, &Staff, &Filming, &mut Jobs)>,
) {
    let all = sites.iter().map(|(site, staff, ..)| (site, staff));
    let week = Week {
        levelled: Levelled::of(parameters.staffing.crew_hours, conditions.regions.count(), all),
        tries: luck.0.at(Stream::Attempts, clock.tick),
        failures: luck.0.at(Stream::FieldFailures, clock.tick),
        clock: &clock,
        parameters: &parameters,
    };
    for (site, staff, filming, mut jobs) in &mut sites {
        let (region, feasible) = conditions.of(site.region);
        let at_work = if in_force.stands_still(site.index) { 0.0 } else { 1.0 };
        let mut attempts = Attempts::default();
        let by_crew = parameters.robots.supervisors == Supervisors::Crew;
        for &entity in &site.fleets {
            let Ok((fleet, mut robots)) = fleets.get_mut(entity) else { continue };
            let strength = robots.up as f64 * parameters.run.robots_per_agent.0 * clock.weeks * at_work;
            let doable = |kind| doable_share(region, feasible, kind);
            robots.utilisation = week.robots_try(site, fleet.class, strength, doable, &mut jobs, &mut attempts);
        }
        if by_crew {
            week.watch(site.region, &feasible.independence, &attempts, &mut jobs);
        }
        for (family, (&hours, shares)) in attempts.taught.iter().zip(&feasible.licences.by_family).enumerate() {
            share_among(hours, shares, |lab, part| labs.0[lab].robot_hours[family] += part);
        }
        let slow = (1.0 - drag(parameters.capture.drag, filming.filmed_share)) * at_work;
        for (&occupation, crew) in site.kind.occupations().iter().zip(&staff.0) {
            week.people_do(site, occupation, crew, slow, &attempts, &mut jobs);
        }
    }
}

/// Most kinds of jobs that a site has.
const MOST_JOBS: usize = 4;

/// What robots tried at a site this tick.
#[derive(Default)]
struct Attempts {
    /// Units, by place among the site's jobs.
    units: [i64; MOST_JOBS],
    /// Milli-hours they taught, by family.
    taught: [i128; Family::COUNT],
}

/// What all sites share this tick.
struct Week<'a> {
    levelled: Levelled,
    tries: Chance,
    failures: Chance,
    clock: &'a Clock,
    parameters: &'a Numbers<'a>,
}

impl Week<'_> {
    /// The robots of a class try what they can of a site's jobs; `strength` is theirs in robot-weeks, `doable` the
    /// share of a kind that they can and may do. Says which share of their strength was used.
    fn robots_try(
        &self,
        site: &Site,
        class: Class,
        strength: f64,
        doable: impl Fn(Kind) -> f64,
        jobs: &mut Jobs,
        attempts: &mut Attempts,
    ) -> f64 {
        let parameters = self.parameters;
        let is_mine = |job: &Job| job.kind.class() == class;
        // units of a robot in a week, and the robot-weeks it would take, by place among the site's jobs
        let (mut rates, mut asked) = ([0.0; MOST_JOBS], [0.0; MOST_JOBS]);
        for (slot, job) in jobs.0.iter().enumerate().filter(|(_, job)| is_mine(job)) {
            rates[slot] = units_per_robot_week(&parameters.robots, &parameters.labour, job, site.region);
            asked[slot] = job.waiting() as f64 * doable(job.kind) / rates[slot];
        }
        let wishes = Wishes::of(asked.into_iter(), strength);
        let supervised = parameters.robots.class[class].supervised_hours.0;
        let per_robot_hour = parameters.learning.robot_hours[class].0;
        for (slot, job) in jobs.0.iter_mut().enumerate().filter(|(_, job)| is_mine(job)) {
            let (rate, wish) = (rates[slot], asked[slot]);
            let robot_weeks = wishes.part * wish;
            job.work.robot_capacity = rate * strength * wishes.devoted(wish);
            attempts.units[slot] = self.tries.round(site.key.and(job.kind), robot_weeks * rate);
            if !self.clock.is_frozen {
                let hours = robot_weeks * supervised * per_robot_hour;
                attempts.taught[job.kind.family().index()] += i128::from(nearest(hours * 1e3));
            }
        }
        share_of(wishes.part * wishes.all, strength)
    }

    /// What it takes to watch the robots at their attempts, where crews do it.
    fn watch(&self, region: usize, independence: &[f64], attempts: &Attempts, jobs: &mut Jobs) {
        let (robots, labour) = (&self.parameters.robots, &self.parameters.labour);
        for (slot, job) in jobs.0.iter_mut().enumerate() {
            let class = &robots.class[job.kind.class()];
            let watched = watched_by_one(robots, class, independence[job.kind.family().index()]);
            let robot_weeks = attempts.units[slot] as f64 / units_per_robot_week(robots, labour, job, region);
            job.work.watching = share_of(robot_weeks / self.clock.weeks * class.supervised_hours.0, watched);
            if !self.clock.has_started() {
                job.work.watching_initial = job.work.watching;
            }
        }
    }

    /// A crew does what robots left or failed at, as far as its hours go beside those it watches them; `slow` is the share of them that the camera
    /// and a site that stands still leave.
    fn people_do(
        &self,
        site: &Site,
        occupation: Occupation,
        crew: &Crew,
        slow: f64,
        attempts: &Attempts,
        jobs: &mut Jobs,
    ) {
        let parameters = self.parameters;
        let theta = parameters.learning.field_success.0;
        let weekly_hours = parameters.labour.weekly_hours[site.region].0;
        let persons = parameters.weights.persons_of(site.region, occupation);
        let is_mine = |job: &Job| job.kind.occupation() == occupation;
        let watching: f64 = jobs.0.iter().filter(|job| is_mine(job)).map(|job| job.work.more_watching()).sum();
        let (heads, skill) = self.levelled.hands(MarketId::of(site.region, occupation), crew);
        let hours = heads * persons * weekly_hours * self.clock.weeks * skill * slow;
        let capacity = (hours - watching * self.clock.weeks).max(0.0);
        let left = |slot: usize, job: &Job| {
            job.hours(job.waiting()) - theta * job.hours(attempts.units[slot].min(job.waiting()))
        };
        let mine = jobs.0.iter().enumerate().filter(|(_, job)| is_mine(job));
        let needed: f64 = mine.map(|(slot, job)| left(slot, job)).sum();
        for (slot, job) in jobs.0.iter_mut().enumerate().filter(|(_, job)| is_mine(job)) {
            let my_hours = capacity * if needed > 0.0 { left(slot, job) / needed } else { 1.0 };
            let people = floor((my_hours / job.size.hours_per_unit).min(1e15));
            let fails = |tried: i64| self.failures.round(site.key.and(job.kind), tried as f64 * (1.0 - theta));
            let shares = share_out(job.waiting(), attempts.units[slot], fails, people);
            commit(job, &shares, my_hours, parameters.demand.handling_time.0, self.clock.weeks);
        }
    }
}

fn commit(job: &mut Job, shares: &Shares, people_hours: f64, handling_time: f64, weeks: f64) {
    job.work.attempts = shares.attempts;
    job.work.by_robots = shares.by_robots;
    job.work.by_people = shares.by_people;
    job.work.backlog = shares.backlog;
    job.work.people_hours = people_hours;
    job.work.robot_hours = job.hours(shares.by_robots) / weeks;
    let throughput = (shares.by_robots + shares.by_people) as f64 / weeks;
    job.work.lead = share_of(shares.backlog as f64, throughput) + handling_time;
    if shares.backlog > 0 && throughput <= 0.0 {
        // nobody works: the backlog waits for as long as it takes to collect it
        job.work.lead = handling_time + share_of(shares.backlog as f64, job.size.base);
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
