//! What everybody of a market shares in a week: pay, taxes, transfers, how much of the wallet is consumed.
//!
//! Pay is a whole number of micro-dollars per 1/8192 of skill, so that the wages of a site are that number
//! times the skill of its crew, less what scars took: the books need not look at every worker to know
//! what every site paid.

use super::SettlementParameters;
use super::royalties::{Pools, RATE_ONE};
use crate::economy::policy::{Basis, Clock, InForce};
use crate::economy::world::lists::Occupation;
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::markets::{MarketId, Markets};
use crate::economy::world::people::{FILMED, RECORDED, SKILL_ONE};
use crate::economy::world::regions::Regions;
use crate::ground::maths;
use crate::ground::money::{MICRO, Money};
use crate::ground::numbers::whole;
use crate::ground::units::WEEKS_PER_YEAR;

/// Shares of money in the loop are multiples of 2^-20.
const PART_BITS: u32 = 20;

/// `part` of an amount, rounded down.
#[inline(always)]
pub(super) fn part(amount: i64, share: i64) -> i64 {
    // amounts stay below MOST_MONEY, which is checked once a strip
    amount.wrapping_mul(share) >> PART_BITS
}

/// A share in the fixed point of the loop.
pub fn fixed(share: f64) -> i64 {
    crate::ground::numbers::whole((share * f64::from(1_u32 << PART_BITS)).round())
}

/// What everybody of a market shares this tick; money in micro-dollars per person and tick.
#[derive(Clone, Debug)]
pub struct Terms {
    pub(super) tick: i32,
    /// Pay per 1/[`SKILL_ONE`] of skill by `Work`: wage, insurance, (nothing outside), stipend.
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
    pub(super) royalty_rate: i128,
    pub(super) basis: Basis,
    /// Royalty of everybody, under the collective basis.
    pub(super) royalty_to_all: i64,
    /// Citizen dividend, recycled revenue.
    pub(super) everybody: [i64; 2],
    pub(super) wage_insurance: i64,
    pub(super) wage_insurance_ticks: i32,
    /// Every k-th row is counted in distributions.
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

/// What the terms of a tick follow from.
pub(super) struct Setting<'a> {
    pub clock: &'a Clock,
    pub labour: &'a LabourParameters,
    pub settlement: &'a SettlementParameters,
    pub in_force: &'a InForce,
    pub markets: &'a Markets,
    pub pools: &'a Pools,
    pub regions: &'a Regions,
}

impl Setting<'_> {
    /// The terms of a market, by its place among the markets.
    pub(super) fn terms(&self, index: usize) -> Terms {
        let (clock, market) = (self.clock, &self.markets.0[index]);
        let (law, region) = (&self.in_force.markets[index], &self.regions[market.region]);
        let (labour, settlement) = (self.labour, self.settlement);
        let assembler = &self.markets[MarketId::of(market.region, Occupation::Assembler)];
        let per_tick = |weekly: f64| Money::from_dollars(weekly * clock.weeks).0;
        let unit = |weekly: f64| unit_pay(weekly * clock.weeks);
        let before = |weeks: f64| -> i16 {
            let tick = clock.tick.saturating_sub(clock.ticks_in(weeks));
            tick.clamp(i16::MIN.into(), i16::MAX.into()) as i16
        };
        let (royalty_rate, basis) = (self.pools.rate[index], self.pools.basis[index]);
        let to_all = if basis == Basis::Collective { royalty_rate / RATE_ONE } else { 0 };
        let insurance = unit(market.wage * law.insurance_replacement.0);
        Terms {
            tick: clock.tick,
            unit: [unit(market.wage), insurance, 0, unit(market.wage * labour.stipend.0)],
            outside: per_tick(assembler.reference_wage * labour.outside_wage.0),
            tax: fixed(law.income_tax.0),
            reference: unit(market.reference_wage).into(),
            insured_since: before(law.insurance_length.0),
            year_since: before(WEEKS_PER_YEAR),
            consume_income: fixed(consumed_at_once(settlement, clock.weeks)),
            consume_wealth: fixed(maths::hazard(settlement.consume_wealth.0, clock.weeks)),
            subsistence: per_tick(market.wage * settlement.subsistence.0),
            royalty_rate,
            basis,
            royalty_to_all: i64::try_from(to_all).expect("a royalty is part of a pool"),
            everybody: [per_tick(law.citizen_dividend.0 * region.median_wage), region.hand_back.0],
            wage_insurance: fixed(law.wage_insurance.0),
            wage_insurance_ticks: clock.ticks_in(law.wage_insurance_length.0),
            sample_every: (market.people() / SAMPLE).max(1).unsigned_abs() as usize,
        }
    }
}

/// Terms on which nothing but the wallet counts.
#[cfg(test)]
pub(super) fn flat() -> Terms {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::units::{Rate, Share, Span};

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
}
