//! The jobs of every site, so many that its staff works at its target utilisation, and their prices.

use super::plants::SitePlan;
use crate::economy::Parameters;
use crate::economy::licences::feasible_at_start;
use crate::economy::world::jobs::{Inflow, Job, JobCost, JobSize, JobWork};
use crate::economy::world::lists::Kind;
use crate::economy::world::markets::{Market, MarketId};
use crate::economy::world::people::SKILL_ONE;
use crate::economy::world::robots::units_per_robot_week;
use crate::ground::list::{Listed, Table};
use crate::ground::maths::share_of;

/// Jobs of every site: so many that the staff works at its target utilisation, and what robots do at
/// the start on top of it.
pub(super) fn plan_jobs(parameters: &Parameters, markets: &[Market], capability: &[Vec<f64>], plans: &mut [SitePlan]) {
    for region in 0..parameters.regions.len() {
        let licensor = parameters.licensor[region];
        let doable = Table::of(|&kind: &Kind| {
            let feasible = feasible_at_start(&parameters.robots, &parameters.learning, capability, licensor, kind);
            let open = if kind.is_on_the_street() { parameters.robots.open_at_start[region].0 } else { 1.0 };
            feasible * open
        });
        for &kind in Kind::ALL {
            let sites: Vec<&mut SitePlan> =
                plans.iter_mut().filter(|plan| plan.region == region && plan.kind.kinds().contains(&kind)).collect();
            let market = &markets[MarketId::of(region, kind.occupation()).index()];
            plan_kind(&KindPlan { parameters, region, kind, doable: &doable }, market, sites);
        }
    }
    for plan in plans {
        plan.cost_per_week =
            plan.jobs.iter().map(|job| job.size.base * job.price_initial / (1.0 + parameters.sites.margin.0)).sum();
        plan.sales_per_week = plan.jobs.iter().map(|job| job.size.base * job.price_initial).sum();
    }
}

/// One kind of job in one region, before its sites have jobs of it.
#[derive(Clone, Copy)]
struct KindPlan<'a> {
    parameters: &'a Parameters,
    region: usize,
    kind: Kind,
    /// Share that robots can and may do at the start, by kind.
    doable: &'a Table<Kind, f64>,
}

impl KindPlan<'_> {
    /// Share of its occupation's time that the kind takes.
    fn share_of_time(&self) -> f64 {
        let station = self.parameters.demand.station_share[self.region].0;
        match self.kind {
            Kind::StationLeg => station,
            Kind::Doorstep => 1.0 - station,
            _ => 1.0,
        }
    }

    /// Hours a week of a mean worker that the people of a site spend on it.
    fn hours_of_people(&self, site: &SitePlan) -> f64 {
        let parameters = self.parameters;
        let skill = site.crews[self.kind.occupation().slot()].skill as f64 / SKILL_ONE as f64;
        let weekly = parameters.labour.weekly_hours[self.region].0;
        let utilisation = parameters.sites.target_utilisation.0;
        let persons = parameters.weights.persons_of(self.region, self.kind.occupation());
        self.share_of_time() * utilisation * skill * weekly * persons
    }

    /// Share of the fleet of its class at a site that works at it: by the work of people that robots can do.
    fn share_of_fleet(&self, site: &SitePlan) -> f64 {
        let class = self.kind.class();
        let own = self.doable[self.kind] * self.hours_of_people(site);
        let all = |kind: &Kind| {
            let other = KindPlan { kind: *kind, ..*self };
            self.doable[*kind] * other.hours_of_people(site)
        };
        let kinds = || site.kind.kinds().iter().filter(|kind| kind.class() == class);
        if kinds().count() == 1 { 1.0 } else { share_of(own, kinds().map(all).sum()) }
    }

    /// Units a week that the robots of a site do beside people who spend so many hours.
    fn by_robots(&self, job: &Job, site: &SitePlan, hours: f64) -> f64 {
        let parameters = self.parameters;
        let class = site.kind.classes().iter().position(|&class| class == self.kind.class());
        let class = class.expect("a site has a fleet of every class its jobs need");
        let theta = parameters.learning.field_success.0;
        let up = site.fleets[class].robots as f64 * parameters.run.robots_per_agent.0 * parameters.robots.uptime.0;
        let strength = up * self.share_of_fleet(site);
        let capacity = strength * units_per_robot_week(&parameters.robots, &parameters.labour, job, self.region);
        let (by_people, doable) = (hours / job.size.hours_per_unit, self.doable[self.kind]);
        // R = theta min(capacity, doable (P + R)): the second solved for R
        theta * capacity.min(share_of(doable * by_people, 1.0 - theta * doable))
    }

    /// Hours of a mean worker in a unit. Where parcels are given they follow from the people's hours and what
    /// robots carry, which depends on them in turn.
    fn hours_per_unit(&self, job: &mut Job, sites: &[&mut SitePlan], people: &[f64]) -> f64 {
        let demand = &self.parameters.demand;
        if let Some(hours) = demand.hours_per_unit.get(&self.kind) {
            return hours.0;
        }
        let parcels = demand.parcels[self.region].0;
        let all: f64 = people.iter().sum();
        job.size.hours_per_unit = share_of(all, parcels).max(1e-9);
        for _ in 0..60 {
            let carried: f64 = sites.iter().zip(people).map(|(site, &hours)| self.by_robots(job, site, hours)).sum();
            job.size.hours_per_unit = share_of(all, (parcels - carried).max(parcels / 100.0)).max(1e-9);
        }
        job.size.hours_per_unit
    }

    /// What a unit costs at the start: by hand, beside it, and its price. `wage_cost` is a week's wage with payroll
    /// tax and benefits, dollars.
    fn price(&self, job: &mut Job, wage_cost: f64) {
        let (parameters, sites) = (self.parameters, &self.parameters.sites);
        let labour = wage_cost * job.size.hours_per_unit / parameters.labour.weekly_hours[self.region].0;
        let site_type = self.kind.occupation().site_type();
        job.cost.beside_wages = if self.kind.is_on_the_street() {
            let parcel = parameters.demand.human_cost_per_parcel[self.region].0;
            (parcel * self.share_of_time() - labour).max(0.0)
        } else {
            labour * sites.hand_cost_share[site_type].0
        };
        job.cost.other = labour * sites.other_cost_share[site_type].0;
        job.cost.by_hand = labour + job.cost.beside_wages;
        job.cost.unit = labour / sites.target_utilisation.0 + job.cost.beside_wages + job.cost.other;
        job.cost.unit_initial = job.cost.unit;
        job.price_initial = job.cost.unit * (1.0 + sites.margin.0);
        job.price = job.price_initial;
        (job.price_before, job.price_known) = (job.price_initial, job.price_initial);
    }
}

/// Gives every site that does a kind of job its jobs of it.
fn plan_kind(plan: &KindPlan, market: &Market, mut sites: Vec<&mut SitePlan>) {
    let people: Vec<f64> = sites.iter().map(|site| plan.hours_of_people(site)).collect();
    let mut job = empty_job(plan.kind);
    job.size.hours_per_unit = plan.hours_per_unit(&mut job, &sites, &people);
    job.size.hours_per_unit_initial = job.size.hours_per_unit;
    let payroll_tax = plan.parameters.first_law[plan.region].payroll_tax_of(plan.kind.occupation());
    let benefits = plan.parameters.labour.benefits[plan.region].0;
    plan.price(&mut job, market.wage * (1.0 + payroll_tax + benefits));
    job.work.lead = plan.parameters.demand.handling_time.0;
    for (site, &hours) in sites.iter_mut().zip(&people) {
        let mut job = job.clone();
        let by_robots = plan.by_robots(&job, site, hours);
        job.size.base = hours / job.size.hours_per_unit + by_robots;
        job.work.robot_hours_initial = by_robots * job.size.hours_per_unit;
        job.work.robot_hours = job.work.robot_hours_initial;
        site.jobs.push(job);
    }
}

pub(super) fn empty_job(kind: Kind) -> Job {
    Job {
        kind,
        size: JobSize::default(),
        inflow: Inflow { response: 1.0, ..Inflow::default() },
        work: JobWork::default(),
        cost: JobCost { payback: f64::INFINITY, ..JobCost::default() },
        price: 0.0,
        price_initial: 0.0,
        price_before: 0.0,
        price_known: 0.0,
        licence: 0.0,
    }
}
