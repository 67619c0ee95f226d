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
use crate::economy::world::jobs::{Job, Jobs, jobs_of_crew};
use crate::economy::world::labs::Labs;
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::{Class, Family, Kind};
use crate::economy::world::markets::{LabourParameters, MarketId};
use crate::economy::world::programme::Filming;
use crate::economy::world::robots::Conditions;
use crate::economy::world::robots::RobotParameters;
use crate::economy::world::robots::{Paces, Wishes, doable_share, watched_by_one};
use crate::economy::world::sites::{Crew, Fleet, Robots, Site, Staff, next_of};
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
#[inline]
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
    let regions = conditions.regions.count();
    let week = Week {
        levelled: Levelled::of(parameters.staffing.crew_hours, regions, all),
        paces: Paces::of(&parameters.robots, &parameters.labour, regions),
        tries: luck.0.at(Stream::Attempts, clock.tick),
        failures: luck.0.at(Stream::FieldFailures, clock.tick),
        clock: &clock,
        parameters: &parameters,
    };
    let by_crew = parameters.robots.supervisors == Supervisors::Crew;
    let mut fleets = fleets.iter_mut();
    for (site, staff, filming, mut jobs) in &mut sites {
        let (region, feasible) = conditions.of(site.region);
        let at_work = if in_force.stands_still(site.index) { 0.0 } else { 1.0 };
        let mut attempts = Attempts::default();
        for (fleet, mut robots) in next_of(&mut fleets, site) {
            let strength = robots.up as f64 * parameters.run.robots_per_agent.0 * clock.weeks * at_work;
            let doable = |kind| doable_share(region, feasible, kind);
            robots.utilisation = week.robots_try(site, fleet.class, strength, doable, &mut jobs, &mut attempts);
        }
        if by_crew {
            week.watch(site.region, &feasible.independence, &attempts, &mut jobs);
        }
        if attempts.taught != [0; Family::COUNT] {
            for (family, (&hours, shares)) in attempts.taught.iter().zip(&feasible.licences.by_family).enumerate() {
                share_among(hours, shares, |lab, part| labs.0[lab].robot_hours[family] += part);
            }
        }
        let slow = (1.0 - drag(parameters.capture.drag, filming.filmed_share)) * at_work;
        let (mut mine, mut tried) = (jobs.0.as_mut_slice(), attempts.units.as_slice());
        for (&occupation, crew) in site.kind.occupations().iter().zip(&staff.0) {
            let (own, others) = mine.split_at_mut(jobs_of_crew(mine, occupation));
            let (own_tried, others_tried) = tried.split_at(own.len());
            week.people_do(site, occupation, crew, slow, own_tried, own);
            (mine, tried) = (others, others_tried);
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
    paces: Paces,
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
        if strength == 0.0 {
            jobs.0.iter_mut().filter(|job| is_mine(job)).for_each(|job| job.work.robot_capacity = 0.0);
            return 0.0;
        }
        // units of a robot in a week, and the robot-weeks it would take, by place among the site's jobs
        let (mut rates, mut asked) = ([0.0; MOST_JOBS], [0.0; MOST_JOBS]);
        for (slot, job) in jobs.0.iter().enumerate().filter(|(_, job)| is_mine(job)) {
            rates[slot] = self.paces.units(site.region, job);
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
        let robots = &self.parameters.robots;
        for (&units, job) in attempts.units.iter().zip(&mut jobs.0) {
            job.work.watching = if units == 0 {
                0.0
            } else {
                let class = &robots.class[job.kind.class()];
                let watched = watched_by_one(robots, class, independence[job.kind.family().index()]);
                let robot_weeks = units as f64 / self.paces.units(region, job);
                share_of(robot_weeks / self.clock.weeks * class.supervised_hours.0, watched)
            };
            if !self.clock.has_started() {
                job.work.watching_initial = job.work.watching;
            }
        }
    }

    /// A crew does what robots left or failed at of its jobs, of which they tried so many units, as far as its hours go
    /// beside those it watches them; `slow` is the share of them that the camera and a site that stands still leave.
    fn people_do(&self, site: &Site, occupation: Occupation, crew: &Crew, slow: f64, tried: &[i64], jobs: &mut [Job]) {
        let parameters = self.parameters;
        let theta = parameters.learning.field_success.0;
        let weekly_hours = parameters.labour.weekly_hours[site.region].0;
        let persons = parameters.weights.persons_of(site.region, occupation);
        let watching: f64 = jobs.iter().map(|job| job.work.more_watching()).sum();
        let (heads, skill) = self.levelled.hands(MarketId::of(site.region, occupation), crew);
        let hours = heads * persons * weekly_hours * self.clock.weeks * skill * slow;
        let capacity = (hours - watching * self.clock.weeks).max(0.0);
        let mut left = [0.0; MOST_JOBS];
        for (left, (job, &tried)) in left.iter_mut().zip(jobs.iter().zip(tried)) {
            *left = job.hours(job.waiting()) - theta * job.hours(tried.min(job.waiting()));
        }
        let needed: f64 = left[..jobs.len()].iter().sum();
        for (job, (&tried, left)) in jobs.iter_mut().zip(tried.iter().zip(left)) {
            let my_hours = capacity * if needed > 0.0 { left / needed } else { 1.0 };
            let people = floor((my_hours / job.size.hours_per_unit).min(1e15));
            let fails = |tried: i64| match tried {
                0 => 0,
                _ => self.failures.round(site.key.and(job.kind), tried as f64 * (1.0 - theta)),
            };
            let shares = share_out(job.waiting(), tried, fails, people);
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
