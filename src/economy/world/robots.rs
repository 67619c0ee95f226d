//! What robots can do of a job, and how far a fleet goes.
//!
//! ```text
//! doable     = feasible * open, the share of a job's units that robots can and may do
//! wish       = doable units / units of a robot in a week: robot-weeks it would take
//! part       = min(1, strength of the fleet / wishes of all jobs of its class)
//! watching   = robot-weeks at work * hours watched / robots that one person watches, in hours of people
//! ```
//!
//! Where crews watch the robots that came after the start, the hours are theirs: sites keep people for them, and pay them
//! as they pay everybody.
//!
//! Everybody who asks what robots do asks here: the sites that share out the week's work, those that plan their staff
//! and their orders, and the founding.

use super::jobs::Job;
use super::markets::LabourParameters;
use super::regions::{Region, Regions};
use crate::economy::shared::forms::{Adopters, Deliveries, Licensing, Supervisors};
use crate::economy::shared::path::Path;
use crate::economy::world::lists::{Class, Kind};
use crate::ground::by_region::ByRegion;
use crate::ground::list::{Listed, Table};
use crate::ground::maths::share_of;
use crate::ground::units::{HoursPerWeek, Number, Rate, Share, Size, Span, Usd, UsdPerWeek};
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of robots and their buyers.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RobotParameters {
    /// What differs by class.
    pub class: Table<Class, ClassParameters>,
    /// Share of time a robot is up.
    pub uptime: Share,
    /// Mean time between failures.
    pub time_between_failures: Span,
    /// Wage of a supervisor against the occupation replaced.
    pub supervisor_wage: Size,
    /// Most robots one person can watch.
    pub most_per_supervisor: Size,
    /// Who watches the robots that come after the start.
    pub supervisors: Supervisors,
    /// b: fall of the price per doubling of units ever made.
    pub learning_rate: Share,
    /// Does each region have one lab that licenses robots there, or do all compete?
    pub licensing: Licensing,
    /// Licence per unit, as a share of its cost by hand, of a lab that is alone.
    pub licence: Share,
    /// phi: part of the royalties a lab owes that it passes on to those it licenses to; 0 is none.
    pub royalty_pass_on: Share,
    /// The same where two labs compete.
    pub licence_of_two: Share,
    /// The same where three do, or more.
    pub licence_of_three: Share,
    /// How far behind the best lab, in the share of jobs that robots can do, one still counts as a rival.
    pub rival_band: Number,
    /// Bass p.
    pub innovation: Rate,
    /// Bass q.
    pub imitation: Rate,
    /// What counts as an example.
    pub adopters: Adopters,
    /// How far robots in other kinds of jobs of the same type of site count as examples.
    pub other_jobs: Share,
    /// How far robots at other types of sites do.
    pub other_sites: Share,
    /// Median longest payback accepted.
    pub hurdle: Span,
    /// Standard deviation of its logarithm over sites.
    pub hurdle_sigma: Number,
    /// Factor on it by region.
    pub hurdle_factor: ByRegion<Size>,
    /// Fastest growth of a site's fleet.
    pub growth_cap: Rate,
    /// First order, as a share of the target.
    pub pilot: Share,
    /// Are orders delivered at once, or as makers can make them?
    pub deliveries: Deliveries,
    /// From order to delivery, on average, where makers can make what is ordered.
    pub delivery_time: Span,
    /// Fastest growth of a maker's capacity, unless the step of its class is more.
    pub capacity_growth: Rate,
    /// Maker's cost, as a share of the price.
    pub maker_cost: Share,
    /// Drops per van-day against the densest region.
    pub van_density: ByRegion<Size>,
    /// Share of routes open and navigable at the start.
    pub open_at_start: ByRegion<Share>,
    /// The same after the opening.
    pub open_later: ByRegion<Share>,
    /// How long the opening takes.
    pub opening: Span,
}

/// A class of robots.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClassParameters {
    /// Price at the start.
    pub price: Usd,
    /// Below which it never falls.
    pub price_floor: Usd,
    /// Price by year, against that of the start, in place of what makers learn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_path: Option<Path>,
    /// Factor on the price by region: tariffs, certification.
    pub price_factor: ByRegion<Size>,
    /// Years of service.
    pub life: Span,
    /// Maintenance of a week, as a share of the price.
    pub maintenance: Rate,
    /// Software.
    pub subscription: UsdPerWeek,
    /// Units a week outdoors; indoors the number of mean workers one robot equals.
    pub units_per_week: Size,
    /// Energy: per unit outdoors, per hour indoors.
    pub energy: Usd,
    /// Hours a week it works and is watched.
    pub supervised_hours: HoursPerWeek,
    /// Robots one person watches at the start.
    pub per_supervisor: Size,
    /// Units ever made at the start.
    pub ever_made: Size,
    /// Units that can be made in a year at the start.
    pub capacity: Size,
    /// Units a year that can be added to it in a year, however small it is.
    pub capacity_step: Size,
    /// Units at work at the start.
    pub fleet_at_start: ByRegion<Size>,
    /// Share of sites, the largest, that have them at the start.
    pub sites_at_start: Share,
    /// Region of the maker.
    #[schemars(extend("x-names" = "region"))]
    pub maker: String,
}

/// What robots can do in a region this week, by its licensor's released models.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Feasible {
    /// F_j by job kind.
    pub share: Vec<f64>,
    /// E_k at the start over E_k now, by family: robots need less help as this rises.
    pub independence: Vec<f64>,
    /// Whose models they run on.
    pub licences: Licences,
}

/// Whose models the robots of a region run on: shares of the labs, in their order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Licences {
    /// By job kind.
    pub by_kind: Vec<Vec<f64>>,
    /// By robot class.
    pub by_class: Vec<Vec<f64>>,
    /// By family.
    pub by_family: Vec<Vec<f64>>,
    /// Licence as a share of the cost by hand, by job kind.
    pub licence: Vec<f64>,
    /// n: labs that are near the best, by job kind.
    pub rivals: Vec<f64>,
}

/// What robots can do, region by region.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Frontier(pub Vec<Feasible>);

/// What robots meet in each region: the region itself, and what of its jobs they can do.
#[derive(SystemParam)]
pub struct Conditions<'w> {
    /// Regions.
    pub regions: Res<'w, Regions>,
    frontier: Res<'w, Frontier>,
}

impl Conditions<'_> {
    /// A region, and what robots can do there.
    pub fn of(&self, region: usize) -> (&Region, &Feasible) {
        (&self.regions[region], &self.frontier.0[region])
    }
}

/// What a robot does in a week, by region and kind of job: worked out once for all sites of a tick.
#[derive(Clone, Debug)]
pub struct Paces(Vec<[Pace; Kind::COUNT]>);

/// What a robot does in a week of work of a kind in a region.
#[derive(Clone, Copy, Debug)]
enum Pace {
    /// So many units.
    Units(f64),
    /// The work of so many mean workers, each of so many hours.
    Workers(f64, f64),
}

impl Pace {
    fn of(robots: &RobotParameters, labour: &LabourParameters, kind: Kind, region: usize) -> Pace {
        let a_week = robots.class[kind.class()].units_per_week.0;
        match kind.class() {
            Class::Van => Pace::Units(a_week * robots.van_density[region].0),
            Class::Sidewalk => Pace::Units(a_week),
            Class::Amr | Class::Manipulator => Pace::Workers(a_week, labour.weekly_hours[region].0),
        }
    }

    #[inline]
    fn units(self, job: &Job) -> f64 {
        match self {
            Pace::Units(units) => units,
            Pace::Workers(workers, hours) => workers * share_of(hours, job.size.hours_per_unit),
        }
    }
}

impl Paces {
    /// Of so many regions.
    pub fn of(robots: &RobotParameters, labour: &LabourParameters, regions: usize) -> Paces {
        let pace = |kind: usize, region| Pace::of(robots, labour, Kind::ALL[kind], region);
        Paces((0..regions).map(|region| std::array::from_fn(|kind| pace(kind, region))).collect())
    }

    /// Units a robot of the class does in a week of work on a job.
    #[inline]
    pub fn units(&self, region: usize, job: &Job) -> f64 {
        self.0[region][job.kind.index()].units(job)
    }
}

/// Units a robot of the class does in a week of work of this kind.
pub fn units_per_robot_week(robots: &RobotParameters, labour: &LabourParameters, job: &Job, region: usize) -> f64 {
    Pace::of(robots, labour, job.kind, region).units(job)
}

/// Robots of a class that one person watches; `independence` says how much less help they need than at the start.
pub fn watched_by_one(robots: &RobotParameters, class: &ClassParameters, independence: f64) -> f64 {
    (class.per_supervisor.0 * independence).min(robots.most_per_supervisor.0)
}

/// Share of jobs of a kind that robots can and may do in a region.
pub fn doable_share(region: &Region, feasible: &Feasible, kind: Kind) -> f64 {
    let open = if kind.is_on_the_street() { region.openness } else { 1.0 };
    feasible.share[kind.index()] * open
}

/// Part of what is wanted of a fleet, in robot-weeks, that one of this strength, in robot-weeks, does.
pub fn part_done(strength: f64, wanted: f64) -> f64 {
    if wanted > 0.0 { (strength / wanted).min(1.0) } else { 0.0 }
}

/// Robot-weeks that a site wants of one class.
pub struct Wishes {
    /// Of all its jobs together.
    pub all: f64,
    /// Part of them that the fleet does.
    pub part: f64,
}

impl Wishes {
    /// The wishes of some jobs, in robot-weeks, to a fleet of this strength.
    pub fn of(wishes: impl Iterator<Item = f64>, strength: f64) -> Wishes {
        let all = wishes.sum();
        Wishes { all, part: part_done(strength, all) }
    }

    /// Share of the fleet that a job with this wish has.
    pub fn devoted(&self, wish: f64) -> f64 {
        if self.all > 0.0 { wish / self.all } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fleet_is_shared_by_wishes_and_does_no_more_than_it_can() {
        // 30 and 10 robot-weeks are wanted of 20: half of each, three quarters of the fleet for the first
        let wishes = Wishes::of([30.0, 10.0].into_iter(), 20.0);
        assert_eq!((wishes.part, wishes.devoted(30.0), wishes.devoted(10.0)), (0.5, 0.75, 0.25));
        assert_eq!(Wishes::of([30.0, 10.0].into_iter(), 400.0).part, 1.0);
        let none = Wishes::of(std::iter::empty(), 20.0);
        assert_eq!((none.part, none.devoted(0.0)), (0.0, 0.0));
    }
}
