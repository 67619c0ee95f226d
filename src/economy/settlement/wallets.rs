//! What a worker is paid, pays and consumes in a week.
//!
//! ```text
//! pay         = w a (1 - chi) at a site; outside wage * (1 - chi) in an outside job
//! income      = pay - income tax + insurance + stipend + capture pay + royalty + transfers
//! consumption = min(wallet, max(c_y income + c_w wallet before, subsistence * w))
//! ```
//!
//! Pay is a whole number of micro-dollars per 1/8192 of skill, so that the wages of a site are that number
//! times the skill of its crew, less what scars took: the books need not look at every worker to know
//! what every site paid. The pass over the rows ([`super::rows`]) adds up, independently, what the
//! wallets held before, what they hold after and what flowed; the audit compares the three.

pub mod payslip;

use super::SettlementParameters;
use super::rows::{Rows, Takings, fixed};
use super::royalties::{Pools, RATE_ONE, carry_over, draw_from_funds};
use crate::economy::capture::Filming;
use crate::economy::people::{
    Claim, Cohort, Employer, FILMED, Listed, Market, Markets, Marks, Occupation, RECORDED, SKILL_ONE, Scarred, Scars,
    Since, Skill, Status, Trained, Wallet, Work,
};
use crate::economy::policy::{Basis, Clock, InForce};
use crate::economy::sites::{Site, Staff};
use crate::economy::{Parameters, Region, blocks};
use crate::ground::ledger::{Flow, Ledger, MICRO, Money};
use crate::ground::maths;
use crate::ground::random::whole;
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryItem;
use serde::{Deserialize, Serialize};

/// What everybody of a market shares this tick; money in micro-dollars per person and tick.
#[derive(Clone, Debug)]
pub struct Terms {
    pub(super) tick: i32,
    /// Pay per 1/[`SKILL_ONE`] of skill by [`Work`]: wage, insurance, (nothing outside), stipend.
    pub(super) unit: [u32; 4],
    /// Outside wage, the same for every skill.
    pub(super) outside: i64,
    /// Income tax, on what is earned at work.
    pub(super) tax: i64,
    /// Reference wage per 1/[`SKILL_ONE`] of skill, for what displacement and the wage curve cost.
    pub(super) reference: i64,
    /// A spell without work that began after this tick is insured.
    pub(super) insured_since: i16,
    /// One that began before this tick has lasted more than a year.
    pub(super) year_since: i16,
    pub(super) consume_income: i64,
    pub(super) consume_wealth: i64,
    pub(super) subsistence: i64,
    /// Royalty per unit of weight, in 1/[`RATE_ONE`].
    royalty_rate: i128,
    pub(super) basis: Basis,
    /// Royalty of everybody, under the collective basis.
    pub(super) royalty_to_all: i64,
    /// Citizen dividend, recycled revenue.
    everybody: [i64; 2],
    pub(super) wage_insurance: i64,
    pub(super) wage_insurance_ticks: i32,
    /// Every so manieth row is counted in distributions.
    pub(super) sample_every: usize,
}

impl Terms {
    /// What everybody receives without tax.
    #[inline(always)]
    pub(super) fn untaxed(&self) -> i64 {
        self.everybody[0] + self.everybody[1] + self.royalty_to_all
    }

    /// Is there a royalty that depends on a row's claim?
    #[inline(always)]
    pub(super) fn is_shared_by_claim(&self) -> bool {
        self.royalty_rate > 0 && self.basis != Basis::Collective
    }

    /// Marks of rows that receive something of their own.
    #[inline(always)]
    pub(super) fn own_marks(&self) -> u8 {
        RECORDED | if self.is_shared_by_claim() { FILMED } else { 0 }
    }

    /// Royalty of a row of this weight.
    pub(super) fn royalty(&self, weight: i64) -> i64 {
        i64::try_from((i128::from(weight) * self.royalty_rate) / RATE_ONE).expect("a royalty is part of a pool")
    }
}

/// Rows of a market that distributions are taken from, about; all of them in smaller markets.
const SAMPLE: i64 = 20_000;

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

/// Part of a tick's income consumed within the tick, so that the wallet follows
/// dW = ((1 - c_y) y - c_w W) dt exactly and comes to rest at (1 - c_y) y / c_w whatever the tick.
pub fn consumed_at_once(settlement: &SettlementParameters, weeks: f64) -> f64 {
    let drain = settlement.consume_wealth.0 * weeks;
    if drain <= 0.0 {
        return settlement.consume_income.0;
    }
    1.0 - (1.0 - settlement.consume_income.0) * maths::hazard(drain, 1.0) / drain
}

/// Micro-dollars per 1/[`SKILL_ONE`] of skill of somebody whose mean colleague earns so many dollars a tick.
pub fn unit_pay(dollars: f64) -> u32 {
    let unit = (dollars * MICRO / SKILL_ONE as f64).round();
    u32::try_from(whole(unit)).unwrap_or_else(|_| panic!("{dollars} dollars a tick is no wage the model can count"))
}

type Purses = (
    &'static Cohort,
    &'static Status,
    &'static Marks,
    &'static Skill,
    &'static Employer,
    &'static Since,
    &'static Scarred,
    &'static Trained,
    &'static Claim,
    &'static mut Wallet,
);

/// Workers are paid, taxed, and consume.
pub fn fill_wallets(
    clock: Res<Clock>,
    parameters: Res<Parameters>,
    in_force: Res<InForce>,
    scars: Res<Scars>,
    mut ledger: ResMut<Ledger>,
    mut pools: ResMut<Pools>,
    mut markets: ResMut<Markets>,
    mut takes: ResMut<Takes>,
    mut regions: Query<&mut Region>,
    sites: Query<(&Site, &Staff, &Filming)>,
    mut cohorts: Query<Purses>,
) {
    let mut regions: Vec<_> = regions.iter_mut().collect();
    let sites: Vec<_> = sites.iter().collect();
    let capture: Vec<i64> = sites.iter().map(|(_, _, filming)| filming.pay_each).collect();
    let terms: Vec<Terms> = markets
        .0
        .iter()
        .enumerate()
        .map(|(m, market)| terms(market, m, &clock, &parameters, &in_force, &markets, &pools, &regions))
        .collect();
    let wants_distribution = takes.wants_distribution;
    let columns: Vec<_> = cohorts.iter_mut().collect();
    let results = blocks::over(blocks::grouped(columns, |row| row.0.market), |group| {
        let market = group[0].0.market;
        let live = |purse: QueryItem<Purses>| {
            let (cohort, status, marks, skill, employer, since, scarred, trained, claim, mut wallet) = purse;
            let rows = Rows {
                terms: &terms[cohort.market],
                scars: &scars,
                capture: &capture[cohort.sites.0..cohort.sites.0 + cohort.sites.1],
                status: &status.0,
                marks: &marks.0,
                skill: &skill.0,
                employer: &employer.0,
                since: &since.0,
                scarred: &scarred.0,
                trained: &trained.0,
                claim: &claim.0,
            };
            rows.live_a_week(&mut wallet.0, wants_distribution)
        };
        let sums = group.into_iter().map(live).reduce(|mut sums, more| {
            sums.merge(more);
            sums
        });
        (market, sums.unwrap_or_default())
    });
    takes.markets.clear();
    takes.markets.resize_with(markets.0.len(), Takings::default);
    for (market, sums) in results {
        takes.markets[market].merge(sums);
    }
    let persons = whole(parameters.run.persons_per_agent.0);
    for (site, staff, filming) in &sites {
        for (slot, occupation) in site.kind.occupations().iter().enumerate() {
            let market = site.region * Occupation::COUNT + occupation.index();
            let workers = markets.0[market].account;
            let full = i64::from(terms[market].unit[Work::Employed as usize]) * staff.0[slot].skill;
            let withheld = takes.markets[market].withheld.get(site.ordinal).copied().unwrap_or(0);
            let wages = Money((full - withheld) * persons);
            let tax = wages.part(in_force.payroll_tax(site.region, *occupation));
            ledger.pay(Flow::Wages, site.account, workers, wages);
            ledger.pay(Flow::PayrollTax, site.account, regions[site.region].government, tax);
            let capture_pay = Money(filming.by_crew[slot].agents * filming.pay_each * persons);
            ledger.pay(Flow::CapturePay, site.account, workers, capture_pay);
        }
    }
    for region in &mut regions {
        region.consumption = 0.0;
    }
    let mut royalties = vec![0_i64; markets.0.len()];
    for (m, (market, sums)) in markets.0.iter().zip(&takes.markets).enumerate() {
        let region = &mut regions[market.region];
        let scaled = |amount: i64| Money(amount * persons);
        let people: i64 = sums.heads.iter().sum();
        let [_, insurance, outside, stipends] = sums.paid.map(scaled);
        let [dividend, handed_back] = terms[m].everybody.map(|each| scaled(each * people));
        ledger.pay(Flow::OutsideWages, region.rest, market.account, outside);
        ledger.pay(Flow::Insurance, region.government, market.account, insurance);
        ledger.pay(Flow::Stipends, region.government, market.account, stipends);
        ledger.pay(Flow::CitizenDividend, region.government, market.account, dividend);
        ledger.pay(Flow::Recycling, region.government, market.account, handed_back);
        ledger.pay(Flow::WageInsurance, region.government, market.account, scaled(sums.wage_insurance));
        royalties[m] = scaled(sums.royalties).0;
        let drawn = draw_from_funds(&mut pools, m, royalties[m]);
        for (&fund, amount) in pools.funds.iter().zip(drawn) {
            ledger.pay(Flow::Royalties, fund, market.account, amount);
        }
        ledger.pay(Flow::IncomeTax, market.account, region.government, scaled(sums.tax));
        ledger.pay(Flow::Consumption, market.account, region.rest, scaled(sums.consumption));
        region.consumption += scaled(sums.consumption).dollars() / clock.weeks;
    }
    carry_over(&mut pools, &mut markets, &royalties, &in_force, &parameters, &clock);
    takes.terms = terms;
    if clock.has_started() {
        for (market, sums) in markets.0.iter_mut().zip(&takes.markets) {
            for n in 0..2 {
                market.displaced_account[n] += sums.displaced_account[n];
                market.contributor_account[n] += sums.contributor_account[n];
            }
        }
    }
}

fn terms(
    market: &Market,
    index: usize,
    clock: &Clock,
    parameters: &Parameters,
    in_force: &InForce,
    markets: &Markets,
    pools: &Pools,
    regions: &[Mut<Region>],
) -> Terms {
    let law = &in_force.markets[index];
    let settlement = &parameters.settlement;
    let per_tick = |weekly: f64| Money::from_dollars(weekly * clock.weeks).0;
    let unit = |weekly: f64| unit_pay(weekly * clock.weeks);
    let first = market.region * Occupation::COUNT;
    let assembler = &markets.0[first + Occupation::Assembler.index()];
    let ticks = |weeks: f64| clock.ticks_in(weeks);
    let before = |ticks: i32| clock.tick.saturating_sub(ticks).clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    let people: i64 = market.heads.iter().sum();
    let (rate, basis) = (pools.rate[index], pools.basis[index]);
    let to_all = if basis == Basis::Collective { rate / RATE_ONE } else { 0 };
    Terms {
        tick: clock.tick,
        unit: [
            unit(market.wage),
            unit(market.wage * law.insurance_replacement.0),
            0,
            unit(market.wage * parameters.labour.stipend.0),
        ],
        outside: per_tick(assembler.reference_wage * parameters.labour.outside_wage.0),
        tax: fixed(law.income_tax.0),
        reference: unit(market.reference_wage).into(),
        insured_since: before(ticks(law.insurance_length.0)),
        year_since: before(ticks(crate::ground::units::WEEKS_PER_YEAR)),
        consume_income: fixed(consumed_at_once(settlement, clock.weeks)),
        consume_wealth: fixed(maths::hazard(settlement.consume_wealth.0, clock.weeks)),
        subsistence: per_tick(market.wage * settlement.subsistence.0),
        royalty_rate: rate,
        basis,
        royalty_to_all: i64::try_from(to_all).expect("a royalty is part of a pool"),
        everybody: [
            per_tick(law.citizen_dividend.0 * regions[market.region].median_wage),
            regions[market.region].hand_back.0,
        ],
        wage_insurance: fixed(law.wage_insurance.0),
        wage_insurance_ticks: ticks(law.wage_insurance_length.0),
        sample_every: (people / SAMPLE).max(1).unsigned_abs() as usize,
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::{Week, week};
    use super::*;
    use crate::ground::units::{Rate, Share, Span};

    fn flat() -> Terms {
        Terms {
            tick: 0,
            unit: [0; 4],
            outside: 0,
            tax: fixed(0.1),
            reference: 0,
            insured_since: 0,
            year_since: 0,
            consume_income: fixed(0.9),
            consume_wealth: fixed(0.02),
            subsistence: 40_000_000,
            royalty_rate: 0,
            basis: Basis::Hours,
            royalty_to_all: 0,
            everybody: [0; 2],
            wage_insurance: 0,
            wage_insurance_ticks: 0,
            sample_every: 1,
        }
    }

    #[test]
    fn a_wallet_stands_still_at_its_fixed_point() {
        // pay 100, tax 10, income 90: (1 - 0.9) 90 = 9 = 0.02 W, W = 450
        let week: Week = week(&flat(), 450_000_000, 100_000_000, 100_000_000, 0);
        assert!((week.income - 90_000_000).abs() < 100, "{week:?}");
        assert!((week.income - week.consumption).abs() < 200, "{week:?}");
    }

    #[test]
    fn a_mean_worker_is_paid_the_wage_to_less_than_a_cent() {
        // 41.54 dollars a week are 5,070.8 micro-dollars per 1/8192 of skill: 5,071, and 41.5416 dollars
        assert_eq!(unit_pay(41.54), 5_071);
        assert!((f64::from(unit_pay(41.54)) * SKILL_ONE as f64 / MICRO - 41.54).abs() < 0.0042);
    }

    #[test]
    fn the_length_of_a_tick_does_not_move_the_resting_point() {
        // saved of a tick's income over drained of the wallet in a tick: (0.1 y dt) (1 - e^-0.02dt)/(0.02 dt)
        // over (1 - e^-0.02dt) = 5 y, for a day, a week and four weeks
        let settlement = SettlementParameters {
            consume_income: Share(0.9),
            consume_wealth: Rate(0.02),
            subsistence: Share(0.4),
            lab_buffer: Span(26.0),
            payout: Rate(0.1),
            capital_account: Rate(0.1),
            government_balance: Span(26.0),
            home_ownership: Share(1.0),
            ownership: std::collections::BTreeMap::new(),
        };
        for weeks in [1.0 / 7.0, 1.0, 4.0] {
            let saved = (1.0 - consumed_at_once(&settlement, weeks)) * weeks;
            assert!((saved / maths::hazard(0.02, weeks) - 5.0).abs() < 1e-12);
        }
    }

    #[test]
    fn without_income_the_wallet_is_drawn_down_to_nothing_and_no_further() {
        // subsistence 40 from a wallet of 100, then of 30
        assert_eq!(week(&flat(), 100_000_000, 0, 0, 0).consumption, 40_000_000);
        assert_eq!(week(&flat(), 30_000_000, 0, 0, 0).consumption, 30_000_000);
    }
}
