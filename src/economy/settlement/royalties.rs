//! What labs owe on licences, and what a claim is worth.
//!
//! Of the licence income of a family, the share of the family's effective hours that credited people
//! of region a recorded and that still earn, times the royalty rate of region a, goes to the lab's
//! royalty fund. Hours cease to earn as claims fade with the royalty's duration, and at the end of the
//! job where they are not portable: then the lab owes less, and nobody else gets more. The fund
//! pays for the collection and shares out the rest within each region and occupation, by the basis in
//! force there. Hours that nobody is credited for, and those of robots, earn no royalty: robots that
//! train on their own work dilute it.
//!
//! Where claims are portable they outlive the working life too: what is due on the hours of those who left for good
//! is paid outside the model, until the royalty's duration ends.
//!
//! Within a region and occupation an hour is an hour, whichever lab bought it, as a collecting
//! society pays by use and not by customer.

use super::trade::LicenceIncome;
use crate::economy::learning::LearningParameters;
use crate::economy::policy::{Basis, Clock, InForce, Today};
use crate::economy::shared::blocks;
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::weights::Weights;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::world::labs::{Lab, Labs};
use crate::economy::world::lists::Family;
use crate::economy::world::markets::{Bequest, Market, Markets};
use crate::economy::world::people::{Claim, Cohort, SKILL_ONE, Skill};
use crate::economy::world::regions::Regions;
use crate::ground::ledger::AccountId;
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::money::Money;
use crate::ground::numbers::whole;
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// What there is to share out this tick, by market.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Pools {
    /// Account of each lab's fund.
    pub funds: Vec<AccountId>,
    /// Micro-dollars in each lab's fund for the market.
    pub by_lab: Vec<Vec<i64>>,
    /// Micro-dollars per unit of weight and person, times [`RATE_ONE`].
    pub rate: Vec<i128>,
    /// By what a row is weighed.
    pub basis: Vec<Basis>,
    /// What could not be shared out and waits, by lab and market.
    carried: Vec<Vec<i64>>,
}

/// Quarters in a year: how often a lab looks at what royalties took.
const QUARTERS: f64 = 4.0;

/// One in the fixed point of [`Pools::rate`].
pub const RATE_ONE: i128 = 1 << 40;

impl Pools {
    /// Does every pool hold what can be paid out?
    pub fn is_sound(&self) -> bool {
        self.by_lab.iter().chain(&self.carried).flatten().all(|&amount| amount >= 0)
            && self.rate.iter().all(|&rate| rate >= 0)
    }

    /// Empty pools of these funds, for so many markets.
    pub fn new(funds: Vec<AccountId>, markets: usize) -> Self {
        let labs = funds.len();
        Pools {
            funds,
            by_lab: vec![vec![0; markets]; labs],
            rate: vec![0; markets],
            basis: vec![Basis::QualityHours; markets],
            carried: vec![vec![0; markets]; labs],
        }
    }

    /// Micro-dollars for a market, all labs.
    pub fn total(&self, market: usize) -> i64 {
        self.by_lab.iter().map(|pools| pools[market]).sum()
    }
}

/// What a row weighs under a basis: milli-hours, or persons.
#[inline]
pub fn weight(basis: Basis, claim: u32, skill: u16) -> i64 {
    match basis {
        Basis::Hours => i64::from(claim),
        Basis::QualityHours => i64::from(claim) * i64::from(skill) / SKILL_ONE,
        Basis::Equal => i64::from(claim > 0),
        Basis::Collective => 1,
    }
}

numbers! { weights: Weights, learning: LearningParameters }

/// Labs pay what they owe into the fund; the value of a claim is set. Claims fade once a quarter.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn pool_royalties(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    income: Res<LicenceIncome>,
    regions: Res<Regions>,
    mut ledger: ResMut<Ledger>,
    mut pools: ResMut<Pools>,
    mut markets: ResMut<Markets>,
    mut labs: ResMut<Labs>,
    mut cohorts: Query<(&Cohort, &Skill, &mut Claim)>,
) {
    let interval = parameters.learning.release_interval.0;
    if clock.begins_another(interval) {
        fade_claims(&in_force, interval, &mut markets, &mut cohorts);
    }
    let begins_quarter = clock.begins_another(WEEKS_PER_YEAR / QUARTERS);
    for lab in &mut labs.0 {
        let mut owed = 0.0;
        for (m, market) in markets.0.iter().enumerate() {
            let law = &in_force.law[market.region];
            let due = due(lab, m, market, law.royalty_rate.0, &income);
            ledger.pay(Flow::RoyaltiesDue, lab.account, lab.fund, due);
            owed += due.dollars();
            let cost = due.part(law.royalty_collection_cost.0);
            ledger.pay(Flow::RoyaltyCosts, lab.fund, regions[lab.home].rest, cost);
            pools.by_lab[lab.index][m] = pools.carried[lab.index][m] + (due - cost).0;
        }
        lab.burden.add(owed, Money(income.of_lab(lab.index)).dollars(), begins_quarter);
    }
    for (basis, market) in pools.basis.iter_mut().zip(&markets.0) {
        *basis = in_force.law[market.region].royalty_basis;
    }
    for (m, total) in total_weights(&pools, &cohorts).into_iter().enumerate() {
        let market = &markets.0[m];
        let persons = i128::from(parameters.weights.persons(market.id()));
        let bequest = &market.turnover.bequest;
        let of_leavers = weight_of_leavers(pools.basis[m], bequest);
        let total = total + of_leavers;
        // nobody can be paid before somebody has contributed
        let nobody = total == 0 || market.recorded.claims + bequest.claims == 0;
        pools.rate[m] = if nobody { 0 } else { i128::from(pools.total(m)) * RATE_ONE / (total * persons) };
        pay_leavers(&mut pools, m, of_leavers * persons, regions[market.region].rest, &mut ledger);
    }
}

/// What the claims of those who left for good weigh under a basis; nothing where everybody alive shares.
fn weight_of_leavers(basis: Basis, bequest: &Bequest) -> i128 {
    match basis {
        Basis::Hours => bequest.claims,
        Basis::QualityHours => bequest.quality,
        Basis::Equal => bequest.contributors,
        Basis::Collective => 0,
    }
}

/// Those who left for good are paid outside the model, like any claim of this weight.
fn pay_leavers(pools: &mut Pools, market: usize, weight: i128, rest: AccountId, ledger: &mut Ledger) {
    let amount = i64::try_from(weight * pools.rate[market] / RATE_ONE).expect("a royalty is part of a pool");
    if amount == 0 {
        return;
    }
    let drawn = draw_from_funds(pools, market, amount);
    for (&fund, part) in pools.funds.iter().zip(drawn) {
        ledger.pay(Flow::RoyaltiesOfLeavers, fund, rest, part);
    }
}

/// What the rows of each market weigh together, where there is something to share out.
fn total_weights(pools: &Pools, cohorts: &Query<(&Cohort, &Skill, &mut Claim)>) -> Vec<i128> {
    let mut totals = vec![0_i128; pools.basis.len()];
    let wanted: Vec<bool> = (0..totals.len()).map(|m| pools.total(m) > 0).collect();
    let rows: Vec<_> = cohorts.iter().filter(|row| wanted[row.0.market]).collect();
    let weights = blocks::over(rows, |(cohort, skill, claim)| {
        let basis = pools.basis[cohort.market];
        let rows = claim.0.iter().zip(&skill.0);
        (cohort.market, rows.map(|(&claim, &skill)| i128::from(weight(basis, claim, skill))).sum::<i128>())
    });
    for (market, sum) in weights {
        totals[market] += sum;
    }
    totals
}

/// What a lab owes the contributors of a market on this tick's licences.
fn due(lab: &Lab, index: usize, market: &Market, rate: f64, income: &LicenceIncome) -> Money {
    let hours = market.recorded.hours + market.turnover.bequest.hours;
    if rate == 0.0 || hours <= 0 {
        return Money::ZERO;
    }
    let earning = (market.recorded.claims + market.turnover.bequest.claims) as f64 / hours as f64;
    let owed = Family::ALL.iter().map(|&family| {
        Money(income.of_family(lab.index, family)).dollars() * lab.model.credit[family.index()][index] * rate
    });
    Money::from_dollars(owed.sum::<f64>() * earning)
}

fn fade_claims(
    in_force: &InForce,
    interval: f64,
    markets: &mut Markets,
    cohorts: &mut Query<(&Cohort, &Skill, &mut Claim)>,
) {
    let keep: Vec<u64> = in_force
        .law
        .iter()
        .map(|law| {
            let kept = maths::exp(-interval / law.royalty_duration.0.max(1e-9));
            whole((kept * 4_294_967_296.0).floor()).cast_unsigned()
        })
        .collect();
    let rows: Vec<_> = cohorts.iter_mut().filter(|row| markets.0[row.0.market].recorded.claims > 0).collect();
    let faded = blocks::over(rows, |(cohort, _, mut claim)| {
        let keep = keep[cohort.region];
        let mut lost = 0_i128;
        for claim in &mut claim.0 {
            let kept = ((u64::from(*claim) * keep) >> 32) as u32;
            lost += i128::from(*claim - kept);
            *claim = kept;
        }
        (cohort.market, lost)
    });
    for (market, lost) in faded {
        markets.0[market].recorded.claims -= lost;
    }
    for market in &mut markets.0 {
        let keep = i128::from(keep[market.region]);
        let Bequest { claims, quality, contributors, .. } = &mut market.turnover.bequest;
        for left in [claims, quality, contributors] {
            *left = (*left * keep) >> 32;
        }
    }
}

/// Takes from each lab's fund its part of what a cohort was paid, and keeps the rest for later.
pub fn draw_from_funds(pools: &mut Pools, market: usize, paid: i64) -> Vec<Money> {
    let total = pools.total(market);
    let mut left = paid;
    let mut parts: Vec<Money> = pools
        .by_lab
        .iter()
        .map(|lab| {
            let part = Money(paid).split(i128::from(lab[market]), i128::from(total));
            left -= part.0;
            part
        })
        .collect();
    // the micro-dollars that rounding left over come from whoever still has some
    for (part, lab) in parts.iter_mut().zip(&pools.by_lab) {
        let extra = left.min(lab[market] - part.0);
        part.0 += extra;
        left -= extra;
    }
    for (part, lab) in parts.iter().zip(&mut pools.by_lab) {
        lab[market] -= part.0;
    }
    parts
}

/// Keeps for next tick what nobody was paid, and what a recorded hour, a share `accepted` of it, may earn for consent;
/// a lot is so many persons.
pub fn carry_over(
    pools: &mut Pools,
    markets: &mut Markets,
    royalties: &[i64],
    in_force: &InForce,
    (lot, accepted): (i64, f64),
    clock: &Clock,
) {
    for (carried, pool) in pools.carried.iter_mut().zip(&pools.by_lab) {
        carried.clone_from(pool);
    }
    let keep = maths::half_life_decay(clock.weeks, WEEKS_PER_YEAR / 2.0);
    for (market, &paid) in markets.0.iter_mut().zip(royalties) {
        let weekly = Money(paid).dollars() / clock.weeks;
        market.royalties.smoothed = weekly + (market.royalties.smoothed - weekly) * keep;
        let claims = market.recorded.claims as f64 / 1e3 * (market.lots * lot) as f64;
        let law = &in_force.law[market.region];
        let per_accepted = crate::ground::maths::share_of(market.royalties.smoothed, claims);
        // a claim that ends with the job lasts no longer than jobs do
        let ends = if law.royalty_portable { 0.0 } else { market.steady.separation + market.steady.quit };
        let lasts = 1.0 / (1.0 / law.royalty_duration.0.max(1e-9) + ends / clock.weeks);
        // what everybody gets is no reason to be filmed
        let is_shared_by_all = law.royalty_basis == Basis::Collective;
        market.royalties.per_hour = if is_shared_by_all { 0.0 } else { per_accepted * lasts * accepted };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basis_weighs_hours_skill_or_heads() {
        // two hours, skill 1.5
        let skill = (SKILL_ONE * 3 / 2) as u16;
        assert_eq!(weight(Basis::Hours, 2_000, skill), 2_000);
        assert_eq!(weight(Basis::QualityHours, 2_000, skill), 3_000);
        assert_eq!((weight(Basis::Equal, 2_000, skill), weight(Basis::Equal, 0, skill)), (1, 0));
        assert_eq!(weight(Basis::Collective, 0, skill), 1);
    }

    #[test]
    fn funds_pay_in_proportion_and_to_the_micro_dollar() {
        let mut pools = Pools::new(vec![AccountId(0); 3], 1);
        (pools.by_lab[0][0], pools.by_lab[1][0], pools.by_lab[2][0]) = (100, 200, 1);
        let parts = draw_from_funds(&mut pools, 0, 299);
        assert_eq!(parts.iter().map(|part| part.0).sum::<i64>(), 299);
        assert!(pools.by_lab.iter().all(|lab| lab[0] >= 0));
        assert_eq!(pools.total(0), 2);
    }
}
