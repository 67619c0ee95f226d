//! Work: what robots can do, who does the jobs, what a unit costs, how many robots there are.

use super::Numbers;
use super::own::{Own, OwnSite};
use super::{Metric, Pen};
use crate::economy::adoption::{Purchase, costs::full_cost_by_robot, deliveries::Orders};
use crate::economy::shared::forms::{Deliveries, Licensing};
use crate::economy::world::jobs::Job;
use crate::economy::world::labs::Lab;
use crate::economy::world::lists::{Class, Family, Kind, SiteType};
use crate::economy::world::makers::Maker;
use crate::economy::world::regions::Region;
use crate::economy::world::robots::Feasible;
use crate::economy::world::robots::units_per_robot_week;
use crate::economy::world::sites::{Fleet, Robots, Site};
use crate::ground::list::Listed;
use crate::ground::maths::share_of;
use bevy_ecs::prelude::*;
use std::cell::LazyCell;

pub(super) fn put_technology(pen: &mut Pen, numbers: &Numbers, region: &Region, feasible: &Feasible, labs: &[Lab]) {
    for &family in Family::ALL {
        let shares = &feasible.licences.by_family[family.index()];
        let mean = |of: &dyn Fn(&Lab) -> f64| shares.iter().zip(labs).map(|(share, lab)| share * of(lab)).sum();
        pen.put(Metric::Capability, family.name(), || mean(&|lab| lab.model.capability[family.index()]));
        pen.put(Metric::HumanShare, family.name(), || mean(&|lab| lab.model.human_share[family.index()]));
    }
    for &kind in Kind::ALL {
        pen.put(Metric::FeasibleShare, kind.name(), || feasible.share[kind.index()]);
    }
    if numbers.robots.licensing == Licensing::Competition {
        for &kind in Kind::ALL {
            pen.put(Metric::RivalLabs, kind.name(), || feasible.licences.rivals[kind.index()]);
            pen.put(Metric::LicenceShare, kind.name(), || feasible.licences.licence[kind.index()]);
        }
    }
    pen.put(Metric::OpenRoutes, "all", || region.openness);
    for lab in labs.iter().filter(|lab| lab.home == region.index) {
        for &family in Family::ALL {
            pen.put(Metric::EffectiveHours, family.name(), || lab.model.effective[family.index()]);
        }
    }
}

pub(super) fn put_jobs(
    pen: &mut Pen,
    r: usize,
    numbers: &Numbers,
    own: &Own,
    fleets: &Query<(&Fleet, &Robots, &Purchase)>,
) {
    for &kind in Kind::ALL {
        let type_of_site = kind.occupation().site_type();
        let slot = type_of_site.kinds().iter().position(|&of_site| of_site == kind).expect("a site type has the kind");
        let jobs = || {
            let mine = own.iter().filter(|(site, ..)| site.kind == type_of_site);
            mine.map(|(site, _, jobs, ..)| (*site, &jobs.0[slot]))
        };
        let units = |job: &Job| [job.inflow.arrivals, job.work.by_robots, job.work.by_people, job.work.backlog];
        let add = |sums: [f64; 4], (_, job): (_, &Job)| {
            let units = units(job);
            std::array::from_fn(|n| sums[n] + units[n] as f64)
        };
        // arrivals, done by robots, done by people, waiting
        let sums = LazyCell::new(|| jobs().fold([0.0; 4], add));
        let sum = |part: &dyn Fn(&Job) -> f64| jobs().map(|(_, job)| part(job)).sum::<f64>();
        let done = || sums[1] + sums[2];
        let item = kind.name();
        pen.flow(Metric::Arrivals, item, || sums[0]);
        pen.flow(Metric::DoneByRobots, item, || sums[1]);
        pen.flow(Metric::DoneByPeople, item, || sums[2]);
        pen.put(Metric::RobotShare, item, || share_of(sums[1], done()));
        pen.put(Metric::Backlog, item, || sums[3]);
        let weeks = pen.weeks;
        pen.put(Metric::LeadTime, item, || share_of(sums[3], done() / weeks) + numbers.demand.handling_time.0);
        let mean =
            |value: &dyn Fn(&Job) -> f64| share_of(sum(&|job| value(job) * job.size.base), sum(&|job| job.size.base));
        pen.put(Metric::CostByHand, item, || mean(&|job| job.cost.by_hand));
        pen.put(Metric::UnitCost, item, || mean(&|job| job.cost.unit));
        pen.put(Metric::Price, item, || mean(&|job| job.price));
        if pen.is_due && pen.wants(&[Metric::CostByRobot, Metric::Payback]) {
            put_purchases(pen, numbers, r, kind, jobs(), fleets);
        }
    }
    for &kind in SiteType::ALL {
        put_plant(pen, kind.name(), &|| own.iter().filter(|(site, ..)| site.kind == kind), numbers, r);
    }
}

/// What a unit costs by robot, and how fast a robot pays: means over the sites of a region, weighted by their work at
/// the start. Of paybacks it is the harmonic mean, the payback of the mean saving: a site where
/// a robot never pays saves nothing.
fn put_purchases<'a>(
    pen: &mut Pen,
    numbers: &Numbers,
    r: usize,
    kind: Kind,
    jobs: impl Iterator<Item = (&'a Site, &'a Job)>,
    fleets: &Query<(&Fleet, &Robots, &Purchase)>,
) {
    let robots = &numbers.robots;
    let life = robots.class[kind.class()].life.0;
    let (mut work, mut cost, mut saving) = (0.0, 0.0, 0.0);
    for (site, job) in jobs {
        let mut own = site.fleets.iter().filter_map(|&fleet| fleets.get(fleet).ok());
        let Some((_, _, purchase)) = own.find(|(fleet, ..)| fleet.class == kind.class()) else { continue };
        let units = units_per_robot_week(robots, &numbers.labour, job, r);
        let hours = job.size.base * job.size.hours_per_unit_initial;
        work += hours;
        cost += hours * full_cost_by_robot(job, purchase.price, life, units, robots.uptime.0);
        saving += hours / job.cost.payback;
    }
    if work > 0.0 {
        pen.put(Metric::CostByRobot, kind.name(), || cost / work);
        pen.put(Metric::Payback, kind.name(), || work / saving);
    }
}

/// The second product of the plant stands beside the first: output, OEE and lead time with filmed hours.
fn put_plant<'a, P: Iterator<Item = &'a OwnSite<'a>>>(
    pen: &mut Pen,
    item: &str,
    plants: &dyn Fn() -> P,
    numbers: &Numbers,
    r: usize,
) {
    let lot = numbers.weights.lot() as f64;
    let weekly = numbers.labour.weekly_hours[r].0 * pen.weeks;
    pen.put(Metric::Oee, item, || oee(plants(), numbers, r, weekly));
    let hours_done = |job: &Job| (job.work.by_people + job.work.by_robots) as f64 * job.size.hours_per_unit;
    let done = || plants().flat_map(|(_, _, jobs, ..)| &jobs.0).fold(0.0, |sum, job| sum + hours_done(job));
    pen.flow(Metric::Throughput, item, done);
    let filmed = || plants().map(|plant| plant.3.footage.filmed_in_full * lot * plant.3.footage.raw_hours).sum();
    pen.flow(Metric::RawHours, item, filmed);
}

/// Overall equipment effectiveness: availability times performance times quality, with so many hours of a head in a tick.
fn oee<'a>(plants: impl Iterator<Item = &'a OwnSite<'a>>, numbers: &Numbers, r: usize, weekly: f64) -> f64 {
    let (mut planned, mut available, mut done, mut tried) = (0.0, 0.0, 0.0, 0.0);
    for (site, staff, jobs, ..) in plants {
        for (&occupation, crew) in site.kind.occupations().iter().zip(&staff.0) {
            planned += crew.wanted * numbers.weights.persons_of(r, occupation) * weekly;
        }
        for job in &jobs.0 {
            let robots = job.work.robot_capacity * job.size.hours_per_unit;
            planned += robots / numbers.robots.uptime.0;
            available += job.work.people_hours + robots;
            done += (job.work.by_people + job.work.by_robots) as f64 * job.size.hours_per_unit;
            tried += (job.work.by_people + job.work.attempts) as f64 * job.size.hours_per_unit;
        }
    }
    let availability = share_of(available, planned).min(1.0);
    let performance = share_of(tried, available).min(1.0);
    availability * performance * share_of(done, tried)
}

/// The fleets of a class in a region, added up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fleets {
    count: i64,
    delivered: i64,
    up: i64,
    /// Robot agents' worth of capacity that was used.
    used: f64,
    orders: Orders,
}

impl Fleets {
    /// Those of each region and class.
    pub(super) fn of(fleets: &Query<(&Fleet, &Robots, &Purchase)>, regions: usize) -> Vec<[Fleets; Class::COUNT]> {
        let mut sums = vec![[Fleets::default(); Class::COUNT]; regions];
        for (fleet, robots, Purchase { orders, .. }) in fleets {
            let sum = &mut sums[fleet.region][fleet.class.index()];
            sum.orders.placed += orders.placed;
            sum.orders.cancelled += orders.cancelled;
            sum.orders.waiting += orders.waiting;
            sum.count += robots.count();
            sum.delivered += robots.delivered;
            sum.up += robots.up;
            sum.used += robots.utilisation * robots.up as f64;
        }
        sums
    }
}

pub(super) fn put_robots<'a>(
    pen: &mut Pen,
    r: usize,
    numbers: &Numbers,
    makers: &[Maker],
    fleets: &dyn Fn() -> &'a [Fleets; Class::COUNT],
) {
    let per_agent = numbers.run.robots_per_agent.0;
    for &class in Class::ALL {
        let of = || &fleets()[class.index()];
        let item = class.name();
        pen.put(Metric::Fleet, item, || of().count as f64 * per_agent);
        pen.flow(Metric::RobotsOrdered, item, || of().delivered as f64 * per_agent);
        // of no robots neither is a number
        pen.put(Metric::Uptime, item, || of().up as f64 / of().count as f64);
        pen.put(Metric::Utilisation, item, || of().used / of().up as f64);
        let factor = numbers.robots.class[class].price_factor[r].0;
        pen.put(Metric::RobotPrice, item, || makers[class.index()].price * factor);
    }
    if numbers.robots.deliveries == Deliveries::ByCapacity {
        put_orders(pen, r, per_agent, makers, fleets);
    }
}

/// What was ordered here and what makers at home here made of it.
fn put_orders<'a>(
    pen: &mut Pen,
    r: usize,
    per_agent: f64,
    makers: &[Maker],
    fleets: &dyn Fn() -> &'a [Fleets; Class::COUNT],
) {
    for maker in makers {
        let (item, orders) = (maker.class.name(), || &fleets()[maker.class.index()].orders);
        pen.flow(Metric::OrdersPlaced, item, || orders().placed as f64 * per_agent);
        pen.flow(Metric::OrdersCancelled, item, || orders().cancelled as f64 * per_agent);
        pen.put(Metric::OrdersWaiting, item, || orders().waiting as f64 * per_agent);
        if maker.home == r {
            pen.flow(Metric::RobotsMade, item, || maker.delivered as f64 * per_agent);
            pen.put(Metric::MakingCapacity, item, || maker.capacity);
        }
    }
}

pub(super) fn put_operators(
    pen: &mut Pen,
    region: &Region,
    numbers: &Numbers,
    own: &Own,
    fleets: &Query<(&Fleet, &Robots, &Purchase)>,
) {
    if !pen.is_due {
        return;
    }
    for (index, operator) in numbers.operators.0.iter().enumerate() {
        if operator.region != region.name {
            continue;
        }
        let mine = LazyCell::new(|| -> Vec<&OwnSite> {
            own.iter().filter(|(site, ..)| site.operator == Some(index)).collect()
        });
        let crews = || {
            let crews = mine.iter().flat_map(|(site, staff, ..)| site.kind.occupations().iter().zip(&staff.0));
            crews.map(|(&o, crew)| (numbers.weights.persons_of(region.index, o), crew))
        };
        let item = format!("operator {}", operator.name);
        pen.put(Metric::Employed, &item, || crews().map(|(persons, crew)| crew.heads as f64 * persons).sum());
        pen.put(Metric::Absorbed, &item, || crews().map(|(persons, crew)| crew.absorbed * persons).sum());
        pen.put(Metric::DisplacedTotal, &item, || crews().map(|(persons, crew)| crew.displaced as f64 * persons).sum());
        for &kind in operator.sites.kinds() {
            let jobs = || mine.iter().flat_map(|(_, _, jobs, ..)| &jobs.0).filter(|job| job.kind == kind);
            let item = format!("operator {}, {}", operator.name, kind.name());
            pen.put(Metric::RobotShare, &item, || {
                let robots: i64 = jobs().map(|job| job.work.by_robots).sum();
                let done: i64 = jobs().map(|job| job.work.by_robots + job.work.by_people).sum();
                share_of(robots as f64, done as f64)
            });
        }
        for &class in operator.sites.classes() {
            let item = format!("operator {}, {}", operator.name, class.name());
            pen.put(Metric::Fleet, &item, || {
                let own = mine.iter().flat_map(|(site, ..)| &site.fleets).filter_map(|&fleet| fleets.get(fleet).ok());
                let own = own.filter(|(fleet, ..)| fleet.class == class).map(|(_, robots, _)| robots.count());
                own.sum::<i64>() as f64 * numbers.run.robots_per_agent.0
            });
        }
    }
}
