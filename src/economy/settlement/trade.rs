//! Sales, costs, robots, footage: what firms pay and are paid.

use crate::economy::adoption::{Purchase, costs::energy_per_unit};
use crate::economy::capture::CaptureParameters;
use crate::economy::capture::price_now;
use crate::economy::demand::TradeShares;
use crate::economy::licences::Splits;
use crate::economy::policy::RunParameters;
use crate::economy::policy::{Clock, InForce, Today};
use crate::economy::shared::forms::Supervisors;
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::weights::Weights;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::labs::{Lab, Labs};
use crate::economy::world::lists::{Family, SiteType};
use crate::economy::world::makers::{Maker, Makers};
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::programme::Filming;
use crate::economy::world::regions::{Region, Regions};
use crate::economy::world::robots::{Frontier, Paces, RobotParameters};
use crate::economy::world::sites::{Fleet, Robots, Site, next_of};
use crate::ground::ledger::{AccountId, Batch};
use crate::ground::list::Listed;
use crate::ground::maths::share_of;
use crate::ground::money::{Money, Part};
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
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

    /// Micro-dollars a lab earned this tick.
    pub fn of_lab(&self, lab: usize) -> i64 {
        Family::ALL.iter().map(|&family| self.of_family(lab, family)).sum()
    }

    /// Micro-dollars a lab earned this tick from robots of a family.
    pub fn of_family(&self, lab: usize, family: Family) -> i64 {
        (0..self.regions).map(|region| self.of(lab, family, region)).sum()
    }
}

/// Whom sites trade with.
#[derive(SystemParam)]
pub struct Partners<'w> {
    regions: ResMut<'w, Regions>,
    labs: ResMut<'w, Labs>,
    makers: Res<'w, Makers>,
}

numbers! {
    run: RunParameters, weights: Weights, labour: LabourParameters, robots: RobotParameters, capture: CaptureParameters,
}

/// Customers pay sites; sites pay for work by hand, robots and upkeep; labs pay for footage.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn settle_trade(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    Partners { mut regions, mut labs, makers }: Partners,
    shares: Res<TradeShares>,
    frontier: Res<Frontier>,
    mut ledger: ResMut<Ledger>,
    mut income: ResMut<LicenceIncome>,
    fleets: Query<(&Fleet, &Robots, &Purchase)>,
    sites: Query<(&Site, &Jobs, &Filming)>,
) {
    let (regions, labs, makers, ledger) = (&mut regions.0, &mut labs.0, &makers.0, &mut *ledger);
    let splits = Splits::of(&frontier);
    let week = Week::of(&clock, &parameters, &in_force, &shares);
    let (mut tills, mut fleets) = (Tills::of(ledger, regions.len()), fleets.iter());
    income.cells.fill(0);
    regions.iter_mut().for_each(|region| region.earmarked = Money::ZERO);
    for (site, jobs, filming) in &sites {
        week.sell(site, jobs, regions, &mut tills, ledger);
        pay_for_work(site, jobs, &regions[site.region], (labs.as_slice(), &splits), (&mut income, &mut tills), ledger);
        for (fleet, robots, purchase) in next_of(&mut fleets, site) {
            if is_idle(fleet, robots, jobs) {
                continue;
            }
            let maker = &makers[fleet.class.index()];
            let bill = week.robot_bill(site, jobs, fleet, robots, purchase, maker.home);
            bill.pay(site, &mut regions[site.region], maker.account, &mut tills, ledger);
            splits.for_class(site.region, fleet.class, bill.subscription, |lab, part| {
                ledger.pay(Flow::Subscriptions, site.account, labs[lab].account, part);
            });
        }
        let region = &mut regions[site.region];
        if filming.in_violation > 0 {
            ledger.pay(Flow::BanPenalty, site.account, region.government, week.fine(site, filming));
        }
        if let (Some(lab), true) = (filming.recorded_for, filming.footage.filmed > 0) {
            let bill = week.footage_bill(site, filming, labs[lab].home);
            region.earmarked += bill.levy + bill.export_fee;
            let home = regions[labs[lab].home].rest;
            bill.pay(site, &regions[site.region], &labs[lab], home, ledger);
        }
    }
    tills.close(regions, ledger);
    for maker in makers {
        pay_costs_of_making(maker, &parameters.robots, regions[maker.home].rest, ledger);
    }
    let ticks_per_year = clock.ticks_in(WEEKS_PER_YEAR) as usize;
    labs.iter_mut().for_each(|lab| lab.remember_revenue(Money(income.of_lab(lab.index)).dollars(), ticks_per_year));
}

/// What nearly all sites pay to the rest of their economy, or are paid by it, entered together.
struct Tills {
    sales: Batch<Flow>,
    /// By market: sales of a factory.
    sold: Vec<Money>,
    hand: Batch<Flow>,
    other: Batch<Flow>,
    maintenance: Batch<Flow>,
    supervision: Batch<Flow>,
    energy: Batch<Flow>,
}

impl Tills {
    fn of(ledger: &Ledger, regions: usize) -> Tills {
        Tills {
            sales: ledger.batch(Flow::Sales),
            sold: vec![Money::ZERO; regions],
            hand: ledger.batch(Flow::HandCosts),
            other: ledger.batch(Flow::OtherCosts),
            maintenance: ledger.batch(Flow::Maintenance),
            supervision: ledger.batch(Flow::Supervision),
            energy: ledger.batch(Flow::Energy),
        }
    }

    fn close(self, regions: &[Region], ledger: &mut Ledger) {
        self.sales.debit_all(ledger, |r| regions[r].rest);
        for costs in [self.hand, self.other, self.maintenance, self.supervision, self.energy] {
            costs.credit_all(ledger, |r| regions[r].rest);
        }
    }
}

/// A site pays what its units cost beside wages, and the licence of those that robots did.
fn pay_for_work(
    site: &Site,
    jobs: &Jobs,
    region: &Region,
    (labs, splits): (&[Lab], &Splits),
    (income, tills): (&mut LicenceIncome, &mut Tills),
    ledger: &mut Ledger,
) {
    let output = region.output_per_hour;
    let (mut hand, mut other) = (Money::ZERO, Money::ZERO);
    for job in &jobs.0 {
        hand += Money::from_dollars(job.work.by_people as f64 * (job.cost.beside_wages * output));
        other += Money::from_dollars(job.done() as f64 * (job.cost.other * output));
        if job.work.by_robots == 0 {
            continue;
        }
        let licence = Money::from_dollars(job.work.by_robots as f64 * job.licence);
        splits.for_kind(site.region, job.kind, licence, |lab, part| {
            ledger.pay(Flow::Licences, site.account, labs[lab].account, part);
            let cell = income.cell(lab, job.kind.family(), site.region);
            income.cells[cell] += part.0;
        });
    }
    tills.hand.pay(ledger, site.account, site.region, hand);
    tills.other.pay(ledger, site.account, site.region, other);
}

/// A maker pays for what it sold this tick.
fn pay_costs_of_making(maker: &Maker, robots: &RobotParameters, home: AccountId, ledger: &mut Ledger) {
    let sold = Money(i64::try_from(ledger.net(maker.account)).expect("a week's sales fit an account"));
    let cost = sold.part(robots.maker_cost.0);
    ledger.pay(Flow::RobotCosts, maker.account, home, cost);
}

/// Share of the watching of a fleet that does these jobs that is bought: where crews do it, what was bought at the start.
fn watched_from_outside<'a>(robots: &RobotParameters, jobs: impl Iterator<Item = &'a Job>) -> f64 {
    if robots.supervisors == Supervisors::Outside {
        return 1.0;
    }
    let (now, more) =
        jobs.fold((0.0, 0.0), |(now, more), job| (now + job.work.watching, more + job.work.more_watching()));
    1.0 - share_of(more, now)
}

/// Is nothing owed for a fleet this tick: no robots, none that came, none that worked before they were retired?
fn is_idle(fleet: &Fleet, robots: &Robots, jobs: &Jobs) -> bool {
    let has_worked = |job: &Job| job.kind.class() == fleet.class && job.work.attempts > 0;
    robots.count() == 0 && robots.delivered == 0 && !jobs.0.iter().any(has_worked)
}

/// What bills depend on beside the site.
struct Week<'a> {
    clock: &'a Clock,
    parameters: &'a Numbers<'a>,
    in_force: &'a InForce,
    paces: Paces,
    /// Part of the sales of a region's factories by market, and the tariff there.
    sold: Vec<Vec<(Part, f64)>>,
}

/// What a site owes for one fleet this tick.
struct RobotBill {
    maintenance: Money,
    subscription: Money,
    supervision: Money,
    energy: Money,
    bought: Money,
    tax: Money,
    tariff: Money,
}

impl RobotBill {
    /// Pays all but the subscription, which goes to the labs.
    fn pay(&self, site: &Site, region: &mut Region, maker: AccountId, tills: &mut Tills, ledger: &mut Ledger) {
        tills.maintenance.pay(ledger, site.account, site.region, self.maintenance);
        tills.supervision.pay(ledger, site.account, site.region, self.supervision);
        tills.energy.pay(ledger, site.account, site.region, self.energy);
        ledger.pay(Flow::Robots, site.account, maker, self.bought);
        ledger.pay(Flow::RobotTax, site.account, region.government, self.tax);
        ledger.pay(Flow::RobotTariff, site.account, region.government, self.tariff);
        region.earmarked += self.tax + self.tariff;
    }
}

/// What is owed for what a site recorded this tick.
struct FootageBill {
    /// To the site, by the lab.
    fee: Money,
    /// To the filmed, by the lab through the site.
    capture_pay: Money,
    /// To the vendor, by the lab: what fee and pay leave of the price.
    vendor: Money,
    /// To the government, by the lab.
    levy: Money,
    /// To the government, by a lab whose home is elsewhere.
    export_fee: Money,
    /// To the rest of the economy, by the site.
    cameras: Money,
    /// To the rest of the economy at the lab's home, by the lab.
    quality_control: Money,
    compute: Money,
}

impl FootageBill {
    fn pay(&self, site: &Site, region: &Region, lab: &Lab, home: AccountId, ledger: &mut Ledger) {
        ledger.pay(Flow::SiteFees, lab.account, site.account, self.fee);
        ledger.pay(Flow::CapturePayLab, lab.account, site.account, self.capture_pay);
        ledger.pay(Flow::Vendor, lab.account, region.rest, self.vendor);
        ledger.pay(Flow::DataLevy, lab.account, region.government, self.levy);
        ledger.pay(Flow::DataExportFee, lab.account, region.government, self.export_fee);
        ledger.pay(Flow::Cameras, site.account, region.rest, self.cameras);
        ledger.pay(Flow::QualityControl, lab.account, home, self.quality_control);
        ledger.pay(Flow::Compute, lab.account, home, self.compute);
    }
}

impl Week<'_> {
    fn of<'a>(clock: &'a Clock, parameters: &'a Numbers<'a>, in_force: &'a InForce, shares: &TradeShares) -> Week<'a> {
        let paces = Paces::of(&parameters.robots, &parameters.labour, shares.sold.len());
        let tariff = |origin, market| in_force.shocks.goods_tariff_on(origin, market);
        let sold = shares.sold.iter().enumerate().map(|(origin, row)| {
            row.iter().enumerate().map(|(market, &share)| (Part::of(share), tariff(origin, market))).collect()
        });
        Week { clock, parameters, in_force, paces, sold: sold.collect() }
    }

    /// Customers pay for what was delivered: of a factory, those of all regions it sells to, and a tariff on what crosses
    /// a border that has one.
    fn sell(&self, site: &Site, jobs: &Jobs, regions: &mut [Region], tills: &mut Tills, ledger: &mut Ledger) {
        let output = regions[site.region].output_per_hour;
        let sales: Money = jobs.0.iter().map(|job| Money::from_dollars(job.done() as f64 * (job.price * output))).sum();
        if site.kind != SiteType::Factory {
            tills.sales.receive(ledger, site.region, site.account, sales);
            return;
        }
        let (mut left, sold) = (sales, &self.sold[site.region]);
        let parts = &mut tills.sold[..sold.len()];
        for (market, (part, &(share, rate))) in parts.iter_mut().zip(sold).enumerate() {
            if market == site.region {
                continue;
            }
            // parts are rounded: together they may be a micro-dollar more than the whole
            *part = sales.times(share).min(left);
            left -= *part;
            if rate != 0.0 {
                let buyer = &mut regions[market];
                let tariff = Money::from_dollars(part.dollars() * rate);
                ledger.pay(Flow::GoodsTariff, buyer.rest, buyer.government, tariff);
                buyer.earmarked += tariff;
            }
        }
        parts[site.region] = left;
        tills.sales.receive_each(ledger, site.account, parts);
    }

    fn robot_bill(
        &self,
        site: &Site,
        jobs: &Jobs,
        fleet: &Fleet,
        robots: &Robots,
        purchase: &Purchase,
        maker_home: usize,
    ) -> RobotBill {
        let parameters = self.parameters;
        let class = &parameters.robots.class[fleet.class];
        let per_agent = parameters.run.robots_per_agent.0;
        let fleet_weeks = robots.count() as f64 * per_agent * self.clock.weeks;
        let mine = jobs.0.iter().filter(|job| job.kind.class() == fleet.class);
        let [maintenance, subscription, watched] = purchase.upkeep;
        let watched = watched * watched_from_outside(&parameters.robots, mine.clone());
        let [maintenance, subscription, supervision] =
            [maintenance, subscription, watched].map(|weekly| Money::from_dollars(weekly * fleet_weeks));
        let energy: f64 = mine
            .map(|job| {
                let units = self.paces.units(site.region, job);
                job.work.attempts as f64 * energy_per_unit(class, fleet.class, units)
            })
            .sum();
        let bought = Money::from_dollars(robots.delivered as f64 * per_agent * purchase.price);
        let tariff = self.in_force.shocks.tariff_on(fleet.class, site.region, maker_home);
        RobotBill {
            maintenance,
            subscription,
            supervision,
            energy: Money::from_dollars(energy),
            bought,
            tax: bought.part(self.in_force.law[site.region].robot_tax.0),
            tariff: Money::from_dollars(bought.dollars() * tariff),
        }
    }

    /// What filming against the law costs a site.
    fn fine(&self, site: &Site, filming: &Filming) -> Money {
        let persons = self.parameters.weights.lot() as f64;
        let law = &self.in_force.law[site.region];
        Money::from_dollars(law.ban_penalty.0 * self.clock.weeks * filming.in_violation as f64 * persons)
    }

    /// What is owed for what a site recorded for a lab with this home.
    fn footage_bill(&self, site: &Site, filming: &Filming, home: usize) -> FootageBill {
        let (capture, law) = (&self.parameters.capture, &self.in_force.law[site.region]);
        let lot = self.parameters.weights.lot();
        let accepted = filming.footage.accepted as f64 / 1e3;
        let paid = Money::from_dollars(accepted * price_now(capture, self.clock));
        let fee = paid.part(capture.site_fee.0);
        let capture_pay = Money(filming.footage.pay);
        let cameras =
            filming.footage.filmed as f64 * lot as f64 * capture.camera.0 / capture.camera_life.0 * self.clock.weeks;
        FootageBill {
            fee,
            capture_pay,
            vendor: (paid - fee - capture_pay).or_zero(),
            levy: Money::from_dollars(accepted * law.data_levy.0),
            export_fee: Money::from_dollars(if home == site.region { 0.0 } else { accepted * law.data_export_fee.0 }),
            cameras: Money::from_dollars(cameras),
            quality_control: paid.part(capture.quality_control.0),
            compute: paid.part(capture.compute.0),
        }
    }
}
