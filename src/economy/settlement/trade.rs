//! Sales, costs, robots, footage: what firms pay and are paid.

use crate::economy::adoption::{Maker, Purchase, energy_per_unit};
use crate::economy::capture::{Filming, Lab, hour_price};
use crate::economy::dispatch::units_per_robot_week;
use crate::economy::people::Listed;
use crate::economy::policy::{Clock, InForce};
use crate::economy::sites::{Family, Fleet, Jobs, Robots, Site, SiteType};
use crate::economy::{Parameters, Region};
use crate::ground::ledger::{Flow, Ledger, Money};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Licence income of the tick, micro-dollars: lab x family x region where the robot works.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct LicenceIncome {
    regions: usize,
    cells: Vec<i64>,
}

impl LicenceIncome {
    /// No income yet, for so many labs and regions.
    pub fn new(labs: usize, regions: usize) -> Self {
        LicenceIncome { regions, cells: vec![0; labs * Family::ALL.len() * regions] }
    }

    fn cell(&self, lab: usize, family: Family, region: usize) -> usize {
        (lab * Family::ALL.len() + family.index()) * self.regions + region
    }

    /// Micro-dollars a lab earned this tick from robots of a family in a region.
    pub fn of(&self, lab: usize, family: Family, region: usize) -> i64 {
        self.cells[self.cell(lab, family, region)]
    }

    /// Micro-dollars a lab earned this tick from robots of a family.
    pub fn of_family(&self, lab: usize, family: Family) -> i64 {
        (0..self.regions).map(|region| self.of(lab, family, region)).sum()
    }
}

/// Customers pay sites; sites pay for work by hand, robots and upkeep; labs pay for footage.
pub fn settle_trade(
    clock: Res<Clock>,
    parameters: Res<Parameters>,
    in_force: Res<InForce>,
    mut ledger: ResMut<Ledger>,
    mut income: ResMut<LicenceIncome>,
    mut regions: Query<&mut Region>,
    mut labs: Query<&mut Lab>,
    mut makers: Query<&mut Maker>,
    fleets: Query<(&Fleet, &Robots, &Purchase)>,
    sites: Query<(&Site, &Jobs, &Filming)>,
) {
    let mut regions: Vec<_> = regions.iter_mut().collect();
    let mut labs: Vec<_> = labs.iter_mut().collect();
    let mut makers: Vec<_> = makers.iter_mut().collect();
    income.cells.fill(0);
    for region in &mut regions {
        region.earmarked = Money::ZERO;
    }
    for (site, jobs, filming) in &sites {
        sell(site, jobs, &parameters, &regions, &mut ledger);
        for job in &jobs.0 {
            let hand = Money::from_dollars(job.by_people as f64 * job.hand_cost);
            let other = Money::from_dollars((job.by_people + job.by_robots) as f64 * job.other_cost);
            ledger.pay(Flow::HandCosts, site.account, regions[site.region].rest, hand);
            ledger.pay(Flow::OtherCosts, site.account, regions[site.region].rest, other);
            let licence = Money::from_dollars(job.by_robots as f64 * job.licence);
            let lab = regions[site.region].licensor;
            ledger.pay(Flow::Licences, site.account, labs[lab].account, licence);
            let cell = income.cell(lab, job.kind.family(), site.region);
            income.cells[cell] += licence.0;
        }
        for &entity in &site.fleets {
            let Ok((fleet, robots, purchase)) = fleets.get(entity) else { continue };
            let bill = robot_bill(site, jobs, fleet, robots, purchase, &clock, &parameters);
            let region = &mut regions[site.region];
            let tax = bill.bought.part(in_force.law[site.region].robot_tax.0);
            let maker = &makers[fleet.class.index()];
            let rate = in_force.shocks.tariff_on(fleet.class, site.region, maker.home);
            let tariff = Money::from_dollars(bill.bought.dollars() * rate);
            ledger.pay(Flow::Maintenance, site.account, region.rest, bill.maintenance);
            ledger.pay(Flow::Subscriptions, site.account, labs[region.licensor].account, bill.subscription);
            ledger.pay(Flow::Supervision, site.account, region.rest, bill.supervision);
            ledger.pay(Flow::Energy, site.account, region.rest, bill.energy);
            ledger.pay(Flow::Robots, site.account, maker.account, bill.bought);
            ledger.pay(Flow::RobotTax, site.account, region.government, tax);
            ledger.pay(Flow::RobotTariff, site.account, region.government, tariff);
            region.earmarked += tax + tariff;
        }
        pay_for_footage(site, filming, &clock, &parameters, &in_force, &mut regions, &labs, &mut ledger);
    }
    for maker in &mut makers {
        let sold = ledger.net(maker.account);
        let sold = Money(i64::try_from(sold).expect("a week's sales fit an account"));
        let cost = sold.part(parameters.robots.maker_cost.0);
        ledger.pay(Flow::RobotCosts, maker.account, regions[maker.home].rest, cost);
    }
    let ticks_per_year = clock.ticks_in(crate::ground::units::WEEKS_PER_YEAR) as usize;
    for lab in &mut labs {
        let licences: i64 = Family::ALL.iter().map(|&family| income.of_family(lab.index, family)).sum();
        lab.revenue.push_back(Money(licences).dollars());
        while lab.revenue.len() > ticks_per_year {
            lab.revenue.pop_front();
        }
    }
}

/// Customers pay for what was delivered: of a factory, those of all regions it sells to.
fn sell(site: &Site, jobs: &Jobs, parameters: &Parameters, regions: &[Mut<Region>], ledger: &mut Ledger) {
    let sales = jobs.0.iter().map(|job| Money::from_dollars((job.by_robots + job.by_people) as f64 * job.price)).sum();
    let home = regions[site.region].rest;
    if site.kind != SiteType::Factory {
        ledger.pay(Flow::Sales, home, site.account, sales);
        return;
    }
    let mut left = sales;
    for (market, &share) in parameters.trade[site.region].iter().enumerate() {
        if market != site.region {
            // parts are rounded: together they may be a micro-dollar more than the whole
            let part = sales.part(share).min(left);
            ledger.pay(Flow::Sales, regions[market].rest, site.account, part);
            left -= part;
        }
    }
    ledger.pay(Flow::Sales, home, site.account, left);
}

/// What a site owes for one fleet this tick.
struct RobotBill {
    maintenance: Money,
    subscription: Money,
    supervision: Money,
    energy: Money,
    bought: Money,
}

fn robot_bill(
    site: &Site,
    jobs: &Jobs,
    fleet: &Fleet,
    robots: &Robots,
    purchase: &Purchase,
    clock: &Clock,
    parameters: &Parameters,
) -> RobotBill {
    let class = &parameters.robots.class[fleet.class];
    let per_agent = parameters.run.robots_per_agent.0;
    let fleet_weeks = robots.count() as f64 * per_agent * clock.weeks;
    let [maintenance, subscription, supervision] =
        purchase.upkeep.map(|weekly| Money::from_dollars(weekly * fleet_weeks));
    let mine = jobs.0.iter().filter(|job| job.kind.class() == fleet.class);
    let energy: f64 = mine
        .map(|job| {
            let units = units_per_robot_week(parameters, job, site.region);
            job.attempts as f64 * energy_per_unit(class, fleet.class, units)
        })
        .sum();
    let bought = Money::from_dollars(robots.delivered as f64 * per_agent * purchase.price);
    RobotBill { maintenance, subscription, supervision, energy: Money::from_dollars(energy), bought }
}

fn pay_for_footage(
    site: &Site,
    filming: &Filming,
    clock: &Clock,
    parameters: &Parameters,
    in_force: &InForce,
    regions: &mut [Mut<Region>],
    labs: &[Mut<Lab>],
    ledger: &mut Ledger,
) {
    let capture = &parameters.capture;
    let law = &in_force.law[site.region];
    let persons = parameters.run.persons_per_agent.0;
    let region = &mut regions[site.region];
    if filming.in_violation > 0 {
        let fine = law.ban_penalty.0 * clock.weeks * filming.in_violation as f64 * persons;
        ledger.pay(Flow::BanPenalty, site.account, region.government, Money::from_dollars(fine));
    }
    let (Some(lab), true) = (filming.recorded_for, filming.filmed > 0) else { return };
    let lab = &labs[lab];
    let accepted = filming.accepted as f64 / 1e3;
    let price = if clock.is_frozen { capture.price.0 } else { hour_price(capture, clock.years()) };
    let paid = Money::from_dollars(accepted * price);
    let fee = paid.part(capture.site_fee.0);
    let capture_pay = Money(filming.pay_each * filming.filmed * crate::ground::random::whole(persons));
    ledger.pay(Flow::SiteFees, lab.account, site.account, fee);
    ledger.pay(Flow::CapturePayLab, lab.account, site.account, capture_pay);
    ledger.pay(Flow::Vendor, lab.account, region.rest, (paid - fee - capture_pay).or_zero());
    let levy = Money::from_dollars(accepted * law.data_levy.0);
    ledger.pay(Flow::DataLevy, lab.account, region.government, levy);
    region.earmarked += levy;
    let cameras = filming.filmed as f64 * persons * capture.camera.0 / capture.camera_life.0 * clock.weeks;
    ledger.pay(Flow::Cameras, site.account, region.rest, Money::from_dollars(cameras));
    let home = regions[lab.home].rest;
    ledger.pay(Flow::QualityControl, lab.account, home, paid.part(capture.quality_control.0));
    ledger.pay(Flow::Compute, lab.account, home, paid.part(capture.compute.0));
}
