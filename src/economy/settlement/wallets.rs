//! What workers are paid, pay and consume in a week.
//!
//! ```text
//! pay         = w a (1 - chi) at a site; outside wage * (1 - chi) in an outside job
//! income      = pay - income tax + insurance + stipend + capture pay + royalty + transfers
//! consumption = min(wallet, max(c_y income + c_w wallet before, subsistence * w))
//! ```
//!
//! The pass over the rows ([`super::rows`]) adds up, independently, what the wallets held before, what they hold
//! after and what flowed; the audit compares the three.

use super::rows::Rows;
use super::royalties::{Pools, carry_over, draw_from_funds};
use super::takings::Takings;
use super::terms::{Setting, Terms};
use crate::economy::capture::CaptureParameters;
use crate::economy::policy::{InForce, Today};
use crate::economy::settlement::SettlementParameters;
use crate::economy::shared::blocks;
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::scars::{Fading, Scars};
use crate::economy::shared::weights::Weights;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::world::jobs::Jobs;
use crate::economy::world::lists::Occupation;
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::markets::{Market, MarketId, Markets};
use crate::economy::world::people::{
    Claim, Employer, Marks, Received, Scarred, Since, Skill, Status, Trained, Wallet, Work, workers,
};
use crate::economy::world::programme::{Filming, MOST_CREWS};
use crate::economy::world::regions::{Region, Regions};
use crate::economy::world::sites::{Site, Staff};
use crate::ground::ledger::{AccountId, Batch};
use crate::ground::list::Listed;
use crate::ground::money::{Money, Part};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// The last tick's sums, by market, for the audit and the reports.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Takes {
    /// By market.
    pub markets: Vec<Takings>,
    /// By market: the terms on which it was paid, so that a row's payslip can be written again. Not state:
    /// set anew every tick before anybody reads it.
    #[serde(skip)]
    pub terms: Vec<Terms>,
    /// Is this a tick in which distributions are wanted?
    pub wants_distribution: bool,
}

workers! {
    /// The columns of workers that a week's money depends on, and the wallets it goes to.
    Purses:
        reads status: Status, marks: Marks, skill: Skill, employer: Employer, since: Since, scarred: Scarred,
            trained: Trained, claim: Claim;
        writes wallet: Wallet;
        writes_if_there received: Received;
}

numbers! { weights: Weights, labour: LabourParameters, capture: CaptureParameters, settlement: SettlementParameters }

/// Workers are paid, taxed, and consume.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn fill_wallets(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    scars: Res<Scars>,
    mut ledger: ResMut<Ledger>,
    mut pools: ResMut<Pools>,
    mut markets: ResMut<Markets>,
    mut takes: ResMut<Takes>,
    mut regions: ResMut<Regions>,
    sites: Query<(&Site, &Staff, &Filming, &Jobs)>,
    cohorts: Query<Purses>,
) {
    let sites: Vec<_> = sites.iter().collect();
    let setting = Setting {
        clock: &clock,
        labour: &parameters.labour,
        settlement: &parameters.settlement,
        in_force: &in_force,
        markets: &markets,
        pools: &pools,
        regions: &regions,
    };
    takes.terms = (0..markets.0.len()).map(|market| setting.terms(market)).collect();
    let capture = capture_pay(sites.iter().map(|&(site, _, filming, _)| (site, filming)), sites.len());
    takes.markets = live(&takes, &scars, &capture, cohorts);
    let ledger = &mut *ledger;
    let mut payroll = Payroll::of(&takes, &markets, &in_force, &parameters, ledger);
    for &(site, staff, filming, jobs) in &sites {
        let wages = payroll.pay(site, staff, filming, ledger);
        let subsidy = in_force.law[site.region].wage_subsidy(|| jobs.lost(site.kind));
        let paid = if subsidy == 0.0 { Money::ZERO } else { wages.part(subsidy) };
        ledger.pay(Flow::WageSubsidy, regions[site.region].government, site.account, paid);
    }
    payroll.close(&regions, ledger);
    regions.0.iter_mut().for_each(|region| region.consumption = 0.0);
    let mut royalties = vec![0_i64; markets.0.len()];
    for (m, (market, sums)) in markets.0.iter().zip(&takes.markets).enumerate() {
        let region = &mut regions.0[market.region];
        let flows = Flows::of(&takes.terms[m], sums, parameters.weights.persons(market.id()));
        flows.pay(market, region, ledger);
        region.consumption += flows.consumption.dollars() / clock.weeks;
        royalties[m] = flows.royalties.0;
        pay_royalties(&mut pools, m, market, flows.royalties, ledger);
    }
    let (lot, accepted) = (parameters.weights.lot(), parameters.capture.accepted.0);
    carry_over(&mut pools, &mut markets, &royalties, &in_force, (lot, accepted), &clock);
    if clock.has_started() {
        keep_accounts(&mut markets, &takes);
    }
}

/// What a filmed worker is paid at each of so many sites, by place of the crew.
fn capture_pay<'a>(sites: impl Iterator<Item = (&'a Site, &'a Filming)>, count: usize) -> [Vec<i64>; MOST_CREWS] {
    let mut capture: [Vec<i64>; MOST_CREWS] = std::array::from_fn(|_| vec![0; count]);
    for (site, filming) in sites.filter(|(_, filming)| filming.footage.raw_hours > 0.0) {
        for (slot, pay) in capture.iter_mut().enumerate() {
            pay[site.index] = filming.pay_each(slot);
        }
    }
    capture
}

/// Each lab's fund pays its part of what the workers of a market, known by its place, are paid.
fn pay_royalties(pools: &mut Pools, place: usize, market: &Market, royalties: Money, ledger: &mut Ledger) {
    if royalties == Money::ZERO {
        return;
    }
    let drawn = draw_from_funds(pools, place, royalties.0);
    for (&fund, amount) in pools.funds.iter().zip(drawn) {
        ledger.pay(Flow::Royalties, fund, market.account, amount);
    }
}

/// Everybody earns and consumes; the sums by market.
fn live(takes: &Takes, scars: &Scars, capture: &[Vec<i64>; MOST_CREWS], mut cohorts: Query<Purses>) -> Vec<Takings> {
    let mut columns: Vec<_> = cohorts.iter_mut().collect();
    let results = blocks::over(blocks::grouped(&mut columns, |purses| purses.cohort.market), |group| {
        let cohort = group[0].cohort;
        let capture = cohort.own(&capture[cohort.occupation.slot()]);
        let mut sums: Option<Takings> = None;
        for purses in group {
            let rows = purses.rows(&takes.terms[cohort.market], scars.of(cohort.region), capture);
            let received = purses.received.as_mut().map(|received| received.0.as_mut_slice());
            let more = rows.live_a_week(&mut purses.wallet.0, received, takes.wants_distribution);
            match &mut sums {
                Some(sums) => sums.merge(more),
                None => sums = Some(more),
            }
        }
        (cohort.market, sums.unwrap_or_default())
    });
    let mut markets = Vec::new();
    markets.resize_with(takes.terms.len(), Takings::default);
    for (market, sums) in results {
        markets[market].merge(sums);
    }
    markets
}

impl<'w> PursesItem<'w, '_> {
    /// The columns as the week's loop reads them.
    fn rows<'a>(&self, terms: &'a Terms, scars: &'a Fading, capture: &'a [i64]) -> Rows<'a>
    where
        'w: 'a,
    {
        Rows {
            terms,
            scars,
            capture,
            status: &self.status.0,
            marks: &self.marks.0,
            skill: &self.skill.0,
            employer: &self.employer.0,
            since: &self.since.0,
            scarred: &self.scarred.0,
            trained: &self.trained.0,
            claim: &self.claim.0,
        }
    }
}

/// What the wages of all sites are paid by.
struct Payroll<'a> {
    takes: &'a Takes,
    /// By market.
    crews: Vec<CrewTerms>,
    /// Part of wages that benefits come to, by region.
    benefits: Vec<Part>,
    payroll_tax: Batch<Flow>,
    benefits_paid: Batch<Flow>,
}

/// What the wages of the crews of a market are paid by.
#[derive(Clone, Copy)]
struct CrewTerms {
    workers: AccountId,
    persons: i64,
    tax: Part,
}

impl Payroll<'_> {
    fn of<'a>(
        takes: &'a Takes,
        markets: &Markets,
        in_force: &InForce,
        parameters: &Numbers,
        ledger: &Ledger,
    ) -> Payroll<'a> {
        let crew = |market: &Market| CrewTerms {
            workers: market.account,
            persons: parameters.weights.persons(market.id()),
            tax: Part::of(in_force.payroll_tax(market.region, Occupation::ALL[market.occupation])),
        };
        Payroll {
            takes,
            crews: markets.0.iter().map(crew).collect(),
            benefits: (0..in_force.law.len()).map(|r| Part::of(parameters.labour.benefits[r].0)).collect(),
            payroll_tax: ledger.batch(Flow::PayrollTax),
            benefits_paid: ledger.batch(Flow::Benefits),
        }
    }

    /// A site pays wages, the tax on them, benefits, and those who were filmed; returns the wages.
    fn pay(&mut self, site: &Site, staff: &Staff, filming: &Filming, ledger: &mut Ledger) -> Money {
        let (mut sum, mut taxes, mut benefits) = (Money::ZERO, Money::ZERO, Money::ZERO);
        for (slot, (&occupation, crew)) in site.kind.occupations().iter().zip(&staff.0).enumerate() {
            let market = MarketId::of(site.region, occupation).index();
            let (terms, sums) = (&self.takes.terms[market], &self.takes.markets[market]);
            let CrewTerms { workers, persons, tax } = self.crews[market];
            let full = i64::from(terms.unit[Work::Employed as usize]) * crew.skill;
            let withheld = sums.withheld.get(site.ordinal).copied().unwrap_or(0);
            let wages = Money((full - withheld) * persons);
            (sum, taxes) = (sum + wages, taxes + wages.times(tax));
            benefits += wages.times(self.benefits[site.region]);
            ledger.pay(Flow::Wages, site.account, workers, wages);
            let filmed = filming.footage.by_crew[slot].agents;
            if filmed > 0 {
                let capture_pay = Money(filmed * filming.pay_each(slot) * persons);
                ledger.pay(Flow::CapturePay, site.account, workers, capture_pay);
            }
        }
        self.payroll_tax.pay(ledger, site.account, site.region, taxes);
        self.benefits_paid.pay(ledger, site.account, site.region, benefits);
        sum
    }

    fn close(self, regions: &Regions, ledger: &mut Ledger) {
        self.payroll_tax.credit_all(ledger, |r| regions[r].government);
        self.benefits_paid.credit_all(ledger, |r| regions[r].rest);
    }
}

/// What the workers of a market received and spent this tick, beside what their sites paid.
struct Flows {
    outside: Money,
    insurance: Money,
    stipends: Money,
    dividend: Money,
    handed_back: Money,
    wage_insurance: Money,
    royalties: Money,
    tax: Money,
    consumption: Money,
}

impl Flows {
    /// The sums over a market's agents, each of whom stands for so many people.
    fn of(terms: &Terms, sums: &Takings, persons: i64) -> Flows {
        let scaled = |amount: i64| Money(amount * persons);
        let people: i64 = sums.heads.iter().sum();
        let [_, insurance, outside, stipends] = sums.paid.map(scaled);
        let [dividend, handed_back] = terms.everybody.map(|each| scaled(each * people));
        Flows {
            outside,
            insurance,
            stipends,
            dividend,
            handed_back,
            wage_insurance: scaled(sums.wage_insurance),
            royalties: scaled(sums.royalties),
            tax: scaled(sums.tax),
            consumption: scaled(sums.consumption),
        }
    }

    /// Everything but the royalties, which come out of the labs' funds.
    fn pay(&self, market: &Market, region: &Region, ledger: &mut Ledger) {
        let (workers, government, rest) = (market.account, region.government, region.rest);
        ledger.pay(Flow::OutsideWages, rest, workers, self.outside);
        ledger.pay(Flow::Insurance, government, workers, self.insurance);
        ledger.pay(Flow::Stipends, government, workers, self.stipends);
        ledger.pay(Flow::CitizenDividend, government, workers, self.dividend);
        ledger.pay(Flow::Recycling, government, workers, self.handed_back);
        ledger.pay(Flow::WageInsurance, government, workers, self.wage_insurance);
        ledger.pay(Flow::IncomeTax, workers, government, self.tax);
        ledger.pay(Flow::Consumption, workers, rest, self.consumption);
    }
}

/// What the displaced and the contributors lost and received, since the start.
fn keep_accounts(markets: &mut Markets, takes: &Takes) {
    for (market, sums) in markets.0.iter_mut().zip(&takes.markets) {
        for n in 0..2 {
            market.accounts.displaced[n] += sums.displaced_account[n];
            market.accounts.contributors[n] += sums.contributor_account[n];
        }
    }
}
