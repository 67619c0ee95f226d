//! Vacancies and notice.
//!
//! Hours needed = sum over job kinds of (expected residual units + backlog / 4 weeks) * hours per unit, and the hours in
//! which crews watch robots.
//! Heads wanted = hours needed / (weekly hours * target utilisation * (1 - drag) * mean skill),
//! smoothed over 8 weeks, with one fixed rounding draw a site. A site with too many heads lets
//! separations work first and gives notice with the hazard that takes the excess above its positions, and
//! above 2 %, down with a mean of 8 weeks. A site with too few opens vacancies.
//!
//! People leave by themselves all through a tick. With `staffing.excess = "at_start"` the hazard falls on the excess at its
//! start, so that at coarse ticks notice is given to people in whose place others leave anyway. With `"over_tick"` it
//! falls on the mean of the excess while L heads leave:
//!
//! ```text
//! e - L/2 if L <= e, else e^2 / (2 L)
//! ```
//!
//! Two choices where the specification is silent. A site keeps a few more positions than the heads it
//! wants, as many as are vacant on average while they are being refilled: otherwise no crew could be
//! kept at the size wanted, and the first week would not be a steady state. And excess is counted from the
//! positions, which are whole agents as the site's fixed draw rounds them, and half an agent beyond is
//! tolerated: an agent stands for many people ([`crate::economy::shared::weights`]), and half of it cannot be given
//! notice. To tolerate nothing makes crews of a few agents dismiss and hire again for fractions of one. With
//! `staffing.tolerated_share` above 0 that share of the positions is tolerated instead, however many an agent stands
//! for; and where crews work the hours of the heads they would have on average ([`crate::economy::shared::crews`]),
//! those heads and the positions before they are rounded are held against each other, so that nobody is given notice
//! for the chance of few agents.
//!
//! Left out: severance pay, notice periods by law, hoarding of labour beyond the tolerance.

use super::capture::drag;
use super::policy::Today;
use crate::economy::capture::CaptureParameters;
use crate::economy::learning::LearningParameters;
use crate::economy::policy::RunParameters;
use crate::economy::shared::crews::{Drift, Levelled, StaffingParameters, measured_excess};
use crate::economy::shared::forms::CrewHours;
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::weights::Weights;
use crate::economy::world::jobs::{Job, Jobs, jobs_of_crew};
use crate::economy::world::lists::Class;
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::markets::{MarketId, Markets, SteadyState};
use crate::economy::world::programme::Filming;
use crate::economy::world::regions::Region;
use crate::economy::world::robots::Conditions;
use crate::economy::world::robots::Feasible;
use crate::economy::world::robots::RobotParameters;
use crate::economy::world::robots::{Paces, Wishes, doable_share};
use crate::economy::world::sites::SiteParameters;
use crate::economy::world::sites::{Crew, Fleet, Robots, Site, Staff, next_of};
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::numbers::floor;
use bevy_ecs::prelude::*;

/// Heads wanted for so many hours a week.
pub fn heads_wanted(hours_needed: f64, weekly_hours: f64, utilisation: f64, drag: f64, mean_skill: f64) -> f64 {
    hours_needed / (weekly_hours * utilisation * (1.0 - drag) * mean_skill)
}

/// Positions a site keeps so that, with the share `vacant` of them vacant on average, the crew has the
/// size wanted; rounded by the site's fixed draw.
pub fn positions(wanted: f64, vacant: f64, rounding: f64) -> i64 {
    floor(wanted * (1.0 + vacant) + rounding)
}

/// Hazard in a tick of so many weeks that a head too many is given notice.
fn notice_of(staffing: &StaffingParameters, weeks: f64) -> f64 {
    maths::hazard(1.0 / staffing.notice.0, weeks)
}

/// Hazard of notice per tick: the excess beyond the positions, or beyond tolerance, and beyond half an agent or the share
/// tolerated, is gone with the hazard `notice`. `leaving` heads leave by themselves in the tick.
pub fn notice_hazard(
    (heads, leaving): (f64, f64),
    positions: f64,
    wanted: f64,
    staffing: &StaffingParameters,
    notice: f64,
) -> f64 {
    let (share, most) = (staffing.tolerated_share.0, positions.max(wanted * (1.0 + staffing.tolerance.0)));
    let excess = heads - most - if share > 0.0 { share * most } else { 1.0 / 2.0 };
    if excess <= 0.0 || heads <= 0.0 {
        return 0.0;
    }
    notice * measured_excess(staffing.excess, excess, leaving) / heads
}

numbers! {
    run: RunParameters, weights: Weights, labour: LabourParameters, sites: SiteParameters, capture: CaptureParameters,
    learning: LearningParameters, robots: RobotParameters, staffing: StaffingParameters,
}

/// Sites open vacancies or give notice.
pub fn plan_staff(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    conditions: Conditions,
    fleets: Query<(&Fleet, &Robots)>,
    mut markets: ResMut<Markets>,
    mut sites: Query<(&Site, &Jobs, &Filming, &mut Staff)>,
) {
    let filled: Vec<_> = markets.0.iter().map(|market| (market.flows.hires, market.flows.vacancies)).collect();
    for market in &mut markets.0 {
        market.flows.vacancies = 0;
    }
    let all = sites.iter().map(|(site, _, _, staff)| (site, staff));
    let regions = conditions.regions.count();
    let levelled = Levelled::of(parameters.staffing.crew_hours, regions, all);
    let paces = Paces::of(&parameters.robots, &parameters.labour, regions);
    let keep = maths::half_life_decay(clock.weeks, parameters.staffing.plan_half_life.0);
    let notice = notice_of(&parameters.staffing, clock.weeks);
    let mut fleets = fleets.iter();
    for (site, jobs, filming, mut staff) in &mut sites {
        let plan = Plan::of(&parameters, clock.weeks, (keep, notice), site, filming);
        let mut robots = Expected::of(&parameters, &conditions, &paces, site, clock.weeks);
        next_of(&mut fleets, site).for_each(|(fleet, rows)| robots.add(fleet.class, rows.count(), jobs));
        let mut mine = jobs.0.as_slice();
        for (&occupation, crew) in site.kind.occupations().iter().zip(&mut staff.0) {
            let persons = parameters.weights.persons_of(site.region, occupation);
            let (own, others) = mine.split_at(jobs_of_crew(mine, occupation));
            mine = others;
            let mut work = Work::default();
            own.iter().for_each(|job| work.add(job, robots.units(job), &parameters.staffing, clock.weeks));
            crew.absorbed = plan.absorbed(&work, persons);
            if in_force.stands_still(site.index) {
                // who works there waits: no notice, and nobody in place of those who leave
                (crew.vacancies, crew.notice) = (0, 0.0);
                continue;
            }
            let id = MarketId::of(site.region, occupation);
            let market = &mut markets[id];
            if parameters.staffing.crew_hours == CrewHours::Expected {
                plan.expect(crew, &market.steady, filled[id.index()]);
            }
            plan.resize(crew, work.needed, persons, levelled.mean_skill(id, crew), &market.steady);
            market.flows.vacancies += crew.vacancies;
        }
    }
}

/// Hours a week of a crew's work.
#[derive(Default)]
struct Work {
    /// That people are needed for.
    needed: f64,
    /// That robots save now.
    by_robots: f64,
    /// That they saved at the start.
    at_start: f64,
}

impl Work {
    /// Adds a job, of which robots are expected to do so many units a week.
    fn add(&mut self, job: &Job, robots: f64, staffing: &StaffingParameters, weeks: f64) {
        let residual = (job.inflow.expected / weeks - robots).max(0.0);
        self.needed += (residual + job.work.backlog as f64 / staffing.backlog_cleared.0) * job.size.hours_per_unit;
        self.needed += job.work.more_watching();
        self.by_robots += job.work.robot_hours;
        self.at_start += job.work.robot_hours_initial;
    }
}

/// What the crews of a site are planned by.
struct Plan<'a> {
    parameters: &'a Numbers<'a>,
    weeks: f64,
    /// Part of the plan of the tick before that stays.
    keep: f64,
    /// Hazard in a tick that a head too many is given notice.
    notice: f64,
    weekly_hours: f64,
    /// Share of output that the camera costs.
    slow: f64,
}

impl Plan<'_> {
    fn of<'a>(
        parameters: &'a Numbers<'a>,
        weeks: f64,
        (keep, notice): (f64, f64),
        site: &Site,
        filming: &Filming,
    ) -> Plan<'a> {
        let weekly_hours = parameters.labour.weekly_hours[site.region].0;
        Plan {
            parameters,
            weeks,
            keep,
            notice,
            weekly_hours,
            slow: drag(parameters.capture.drag, filming.filmed_share),
        }
    }

    /// Agents' worth of work, each of so many persons, that robots do beyond what they did at the start.
    fn absorbed(&self, work: &Work, persons: f64) -> f64 {
        let utilisation = self.parameters.sites.target_utilisation.0;
        ((work.by_robots - work.at_start) / (self.weekly_hours * utilisation * persons)).max(0.0)
    }

    /// The heads that the crew would have on average now, in a market where so many vacancies were filled of so many.
    fn expect(&self, crew: &mut Crew, steady: &SteadyState, (hires, vacancies): (i64, i64)) {
        let staffing = &self.parameters.staffing;
        let vacant = steady.vacant(self.weeks, self.parameters.labour.vacancy_length.0);
        let drift = Drift::of(steady, hires, vacancies, self.notice, (staffing.tolerated_share, staffing.excess));
        crew.expected = drift.next(crew.expected, crew.wanted * (1.0 + vacant));
    }

    /// Heads wanted for the hours needed, and the vacancies or the notice that lead there.
    fn resize(&self, crew: &mut Crew, needed: f64, persons: f64, skill: f64, steady: &SteadyState) {
        let (staffing, utilisation) = (&self.parameters.staffing, self.parameters.sites.target_utilisation.0);
        let wanted = heads_wanted(needed, self.weekly_hours, utilisation, self.slow, skill) / persons;
        crew.wanted = wanted + (crew.wanted - wanted) * self.keep;
        let vacant = steady.vacant(self.weeks, self.parameters.labour.vacancy_length.0);
        let positions = positions(crew.wanted, vacant, crew.rounding);
        crew.vacancies = (positions - crew.heads).max(0);
        // an agent too many by chance is no excess of people: where chance is levelled, none goes for it
        let (heads, kept) = match staffing.crew_hours {
            CrewHours::Own => (crew.heads as f64, positions as f64),
            CrewHours::Expected => (crew.expected, crew.wanted * (1.0 + vacant)),
        };
        let leaving = heads * (steady.separation + steady.quit + steady.leaving);
        crew.notice = notice_hazard((heads, leaving), kept, crew.wanted, staffing, self.notice);
    }
}

/// What robots are expected to do at a site: the doable units of a job, as far as the fleet, shared among all the jobs of
/// its class, goes.
struct Expected<'a> {
    region: &'a Region,
    feasible: &'a Feasible,
    paces: &'a Paces,
    weeks: f64,
    field_success: f64,
    /// Robots of an agent, and share of them that is up.
    strength: [f64; 2],
    /// By class: part of what is wanted of the fleet that it does; nothing where there is none.
    parts: [Option<f64>; Class::COUNT],
}

impl Expected<'_> {
    /// At a site without robots.
    fn of<'a>(
        parameters: &Numbers,
        conditions: &'a Conditions,
        paces: &'a Paces,
        site: &Site,
        weeks: f64,
    ) -> Expected<'a> {
        let (region, feasible) = conditions.of(site.region);
        let strength = [parameters.run.robots_per_agent.0, parameters.robots.uptime.0];
        let field_success = parameters.learning.field_success.0;
        Expected { region, feasible, paces, weeks, field_success, strength, parts: [None; Class::COUNT] }
    }

    /// Units of a job a week that robots can and may do.
    fn doable(&self, job: &Job) -> f64 {
        doable_share(self.region, self.feasible, job.kind) * job.inflow.expected / self.weeks
    }

    /// The site has a fleet of so many robot agents.
    fn add(&mut self, class: Class, robots: i64, jobs: &Jobs) {
        if robots > 0 {
            let robot_weeks = |job: &Job| self.doable(job) / self.paces.units(self.region.index, job);
            let mine = jobs.0.iter().filter(|job| job.kind.class() == class);
            let [per_agent, up] = self.strength;
            let part = Wishes::of(mine.map(robot_weeks), robots as f64 * per_agent * up).part;
            self.parts[class.index()] = Some(part);
        }
    }

    /// Units a week that robots are expected to do of a job.
    fn units(&self, job: &Job) -> f64 {
        match self.parts[job.kind.class().index()] {
            Some(part) => self.field_success * self.doable(job) * part,
            None => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::shared::forms::ExcessRule;
    use crate::ground::units::{Share, Span};

    #[test]
    fn heads_follow_hours() {
        // 4,560 hours a week, 48 hours at 95 %, skill 1: 100 heads
        assert!((heads_wanted(4_560.0, 48.0, 0.95, 0.0, 1.0) - 100.0).abs() < 1e-12);
        // a tenth more skilled: a tenth more work done
        assert!((heads_wanted(4_560.0, 48.0, 0.95, 0.0, 1.1) - 100.0 / 1.1).abs() < 1e-12);
    }

    #[test]
    fn a_site_keeps_the_positions_that_are_vacant_on_average() {
        // 100 wanted, 1.5 % of them vacant: 101.5 positions, 101 or 102 by the site's draw
        assert_eq!((positions(100.0, 0.015, 0.4), positions(100.0, 0.015, 0.6)), (101, 102));
    }

    #[test]
    fn the_excess_goes_with_a_mean_of_eight_weeks() {
        // 110 heads, 97 wanted, 98 positions: excess 110 - 97 * 1.02 - 0.5 = 10.56, of which 1 - e^(-1/8) leave a week
        let staffing = StaffingParameters {
            notice: Span(8.0),
            tolerance: Share(0.02),
            tolerated_share: Share(0.0),
            excess: ExcessRule::AtStart,
            crew_hours: CrewHours::Own,
            backlog_cleared: Span(4.0),
            plan_half_life: Span(8.0),
        };
        let notice = notice_of(&staffing, 1.0);
        let leaving = 110.0 * notice_hazard((110.0, 5.0), 98.0, 97.0, &staffing, notice);
        assert!((leaving - 10.56 * maths::hazard(0.125, 1.0)).abs() < 1e-9);
        // 4.3 wanted, and a position for the fifth: nobody goes; without one, the fifth does
        assert_eq!(notice_hazard((5.0, 0.0), 5.0, 4.3, &staffing, notice), 0.0);
        assert!(5.0 * notice_hazard((5.0, 0.0), 4.0, 4.3, &staffing, notice) > 0.1 * maths::hazard(0.125, 1.0));
    }
}
