//! What a worker is paid, pays and consumes in a week.
//!
//! ```text
//! pay         = w a (1 - chi) at a site; outside wage * (1 - chi) in an outside job
//! income      = pay - income tax + insurance + stipend + capture pay + royalty + transfers
//! consumption = min(wallet, max(c_y income + c_w wallet before, subsistence * w))
//! ```
//!
//! One pass over the columns does it all, so that a worker's row is read once a week. The pass adds
//! up, independently, what the wallets held before, what they hold after and what flowed: the audit
//! compares the three with the ledger.

use super::royalties::{Pools, RATE_ONE, carry_over, draw_from_funds, weight};
use crate::economy::capture::Filming;
use crate::economy::people::{
    Claim, Cohort, Employer, FILMED, INSURED, Listed, Marks, Market, Markets, NEVER, Occupation, RECORDED, SCAR_ONE,
    SKILL_ONE, Scarred, Scars, Since, Skill, Status, Trained, Wallet, Work,
};
use crate::economy::policy::{Basis, Clock, InForce};
use crate::economy::sites::Site;
use crate::economy::{Parameters, Region, blocks};
use crate::ground::histogram::Histogram;
use crate::ground::ledger::{AccountId, Flow, Ledger, Money};
use crate::ground::maths;
use crate::ground::random::whole;
use bevy_ecs::prelude::*;

/// Shares of money in the hot loop are multiples of 2^-20.
const PART_BITS: u32 = 20;

/// `part` of an amount, rounded down.
#[inline(always)]
fn part(amount: i64, share: i64) -> i64 {
    (amount * share) >> PART_BITS
}

/// A share in the fixed point of the loop.
fn fixed(share: f64) -> i64 {
    whole((share * f64::from(1_u32 << PART_BITS)).round())
}

/// What everybody of a cohort shares this tick; money in micro-dollars per person and tick.
#[derive(Clone, Debug)]
pub struct Terms {
    tick: i32,
    /// Pay of a mean worker by [`Work`]: wage, insurance, outside wage, stipend.
    pay: [i64; 4],
    /// Is the pay scaled by skill?
    skilled: [bool; 4],
    /// Reference wage, for what displacement cost.
    reference: i64,
    /// The wage, for what the wage curve cost.
    wage: i64,
    income_tax: i64,
    insured_ticks: i32,
    consume_income: i64,
    consume_wealth: i64,
    subsistence: i64,
    royalty_rate: i128,
    basis: Basis,
    everybody: [i64; 2],
    wage_insurance: i64,
    wage_insurance_ticks: i32,
    year_ticks: i32,
}

/// Sums over the rows of a block. Money in micro-dollars per person.
#[derive(Clone, Debug, Default)]
pub struct Takings {
    /// Wages by site of the cohort.
    pub wages: Vec<i64>,
    /// Capture pay by site of the cohort.
    pub capture: Vec<i64>,
    /// Capture pay of a whole market.
    pub capture_total: i64,
    /// Paid by [`Work`]: (wages), insurance, outside wages, stipends.
    pub paid: [i64; 4],
    /// Income tax.
    pub tax: i64,
    /// Royalties.
    pub royalties: i64,
    /// Citizen dividend, recycled revenue.
    pub everybody: [i64; 2],
    /// Wage insurance.
    pub wage_insurance: i64,
    /// Consumption.
    pub consumption: i64,
    /// Wallets before and after.
    pub before: i128,
    /// Wallets after.
    pub after: i128,
    /// Agents by [`Work`], counted anew.
    pub heads: [i64; 4],
    /// Claims, milli-hours, counted anew.
    pub claims: i128,
    /// Unemployed for more than 52 weeks.
    pub long_unemployed: i64,
    /// Displaced people by what they do now.
    pub displaced: [i64; 4],
    /// Sum of scars, in 1/65536.
    pub scars: i64,
    /// Income the displaced lost, and what they received.
    pub displaced_account: [i128; 2],
    /// Income contributors lost, and what they received.
    pub contributor_account: [i128; 2],
    /// Contributors.
    pub contributors: i64,
    /// Distributions, in ticks that want them.
    pub distribution: Option<Box<Distribution>>,
}

/// Distributions over the rows of a block.
#[derive(Clone, Debug, Default)]
pub struct Distribution {
    /// Wages of the employed.
    pub wage: Histogram,
    /// Income of everybody.
    pub income: Histogram,
    /// Wallets of everybody.
    pub wealth: Histogram,
}

/// The last tick's sums, by market, for the audit and the reports.
#[derive(Resource, Clone, Debug, Default)]
pub struct Takes {
    /// By cohort: what the wallets held before and after.
    pub wallets: Vec<(AccountId, i128, i128)>,
    /// By market.
    pub markets: Vec<Takings>,
    /// Is this a tick in which distributions are wanted?
    pub wants_distribution: bool,
}

/// What a worker gets and does with it. Money in micro-dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Week {
    tax: i64,
    income: i64,
    consumption: i64,
}

/// Income and consumption from pay and everything untaxed.
#[inline(always)]
fn week(terms: &Terms, wallet: i64, pay: i64, is_taxed: bool, untaxed: i64) -> Week {
    let tax = if is_taxed { part(pay, terms.income_tax) } else { 0 };
    let income = pay - tax + untaxed;
    let wish = part(income, terms.consume_income) + part(wallet, terms.consume_wealth);
    let consumption = wish.max(terms.subsistence).min(wallet + income);
    Week { tax, income, consumption }
}

/// 12c. Workers are paid, taxed, and consume.
#[allow(clippy::too_many_arguments, clippy::type_complexity)]
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
    sites: Query<(&Site, &Filming)>,
    mut cohorts: Query<(&Cohort, &Status, &Marks, &Skill, &Employer, &Since, &Scarred, &Trained, &Claim, &mut Wallet)>,
) {
    let mut regions: Vec<_> = regions.iter_mut().collect();
    let sites: Vec<_> = sites.iter().collect();
    let terms: Vec<Terms> = markets
        .0
        .iter()
        .enumerate()
        .map(|(m, market)| terms(market, m, &clock, &parameters, &in_force, &markets, &pools, &regions))
        .collect();
    let wants_distribution = takes.wants_distribution;
    let columns: Vec<_> = cohorts.iter_mut().collect();
    let results = blocks::over(columns, |(cohort, status, marks, skill, employer, since, scarred, trained, claim, mut wallet)| {
        let terms = &terms[cohort.market];
        let capture: Vec<i64> =
            (0..cohort.sites.1).map(|n| sites[cohort.sites.0 + n].1.pay_each).collect();
        let mut sums = Takings { wages: vec![0; capture.len()], capture: vec![0; capture.len()], ..Takings::default() };
        let mut distribution = wants_distribution.then(Box::<Distribution>::default);
        for row in 0..status.0.len() {
            let work = usize::from(status.0[row]);
            let mark = marks.0[row];
            let left = scars.left(terms.tick, scarred.0[row], trained.0[row], mark);
            let ability = if terms.skilled[work] { i64::from(skill.0[row]) } else { SKILL_ONE };
            let mut pay = terms.pay[work] * ability / SKILL_ONE;
            if left != SCAR_ONE && work != Work::Training as usize {
                pay = pay * left / SCAR_ONE;
            }
            let mut untaxed = terms.everybody[0] + terms.everybody[1];
            if work == Work::Unemployed as usize {
                let spell = terms.tick - i32::from(since.0[row]);
                if mark & INSURED == 0 || spell >= terms.insured_ticks {
                    pay = 0;
                }
            }
            if mark & RECORDED != 0 {
                let place = usize::from(employer.0[row]);
                sums.capture[place] += capture[place];
                untaxed += capture[place];
            }
            if terms.royalty_rate > 0 {
                let weight = i128::from(weight(terms.basis, claim.0[row], skill.0[row]));
                let royalty = (weight * terms.royalty_rate / RATE_ONE) as i64;
                sums.royalties += royalty;
                untaxed += royalty;
            }
            let at_work = work == Work::Employed as usize || work == Work::Outside as usize;
            let earned = if at_work { pay } else { 0 };
            if scarred.0[row] != NEVER {
                let full = terms.reference * i64::from(skill.0[row]) / SKILL_ONE;
                let is_insured = at_work && terms.tick - i32::from(scarred.0[row]) < terms.wage_insurance_ticks;
                if is_insured {
                    let made_good = part((full - pay).max(0), terms.wage_insurance);
                    sums.wage_insurance += made_good;
                    untaxed += made_good;
                }
                let received = untaxed + if at_work { 0 } else { pay };
                sums.displaced[work] += 1;
                sums.scars += SCAR_ONE - left;
                sums.displaced_account[0] += i128::from(full - earned);
                sums.displaced_account[1] += i128::from(received);
            }
            if mark & FILMED != 0 {
                let full = terms.reference * i64::from(skill.0[row]) / SKILL_ONE;
                let lost = if scarred.0[row] != NEVER {
                    full - earned
                } else if work == Work::Employed as usize {
                    full - terms.wage * i64::from(skill.0[row]) / SKILL_ONE
                } else {
                    0
                };
                let received = untaxed + if at_work { 0 } else { pay };
                sums.contributors += 1;
                sums.contributor_account[0] += i128::from(lost);
                sums.contributor_account[1] += i128::from(received);
            }
            let before = wallet.0[row];
            let Week { tax, income, consumption } = week(terms, before, pay, at_work, untaxed);
            let after = before + income - consumption;
            wallet.0[row] = after;
            sums.before += i128::from(before);
            sums.after += i128::from(after);
            sums.tax += tax;
            sums.consumption += consumption;
            sums.paid[work] += pay;
            sums.heads[work] += 1;
            sums.claims += i128::from(claim.0[row]);
            if work == Work::Employed as usize {
                sums.wages[usize::from(employer.0[row])] += pay;
            } else if work == Work::Unemployed as usize {
                sums.long_unemployed += i64::from(terms.tick - i32::from(since.0[row]) > terms.year_ticks);
            }
            if let Some(distribution) = &mut distribution {
                if work == Work::Employed as usize {
                    distribution.wage.add(pay);
                }
                distribution.income.add(income);
                distribution.wealth.add(after);
            }
        }
        sums.everybody = terms.everybody.map(|each| each * status.0.len() as i64);
        sums.distribution = distribution;
        (cohort, sums)
    });
    takes.wallets.clear();
    takes.markets = vec![Takings::default(); markets.0.len()];
    let persons = whole(parameters.run.persons_per_agent.0);
    let mut royalties = vec![0_i64; markets.0.len()];
    for region in &mut regions {
        region.consumption = 0.0;
    }
    for (cohort, sums) in results {
        let scaled = |amount: i64| Money(amount * persons);
        let region = &mut regions[cohort.region];
        region.consumption += scaled(sums.consumption).dollars() / clock.weeks;
        for (n, (&wages, &capture)) in sums.wages.iter().zip(&sums.capture).enumerate() {
            let site = sites[cohort.sites.0 + n].0.account;
            let tax = in_force.payroll_tax(cohort.region, cohort.occupation);
            ledger.pay(Flow::Wages, site, cohort.account, scaled(wages));
            ledger.pay(Flow::PayrollTax, site, region.government, scaled(wages).part(tax));
            ledger.pay(Flow::CapturePay, site, cohort.account, scaled(capture));
        }
        ledger.pay(Flow::IncomeTax, cohort.account, region.government, scaled(sums.tax));
        ledger.pay(Flow::OutsideWages, region.rest, cohort.account, scaled(sums.paid[Work::Outside as usize]));
        ledger.pay(Flow::Insurance, region.government, cohort.account, scaled(sums.paid[Work::Unemployed as usize]));
        ledger.pay(Flow::Stipends, region.government, cohort.account, scaled(sums.paid[Work::Training as usize]));
        ledger.pay(Flow::CitizenDividend, region.government, cohort.account, scaled(sums.everybody[0]));
        ledger.pay(Flow::Recycling, region.government, cohort.account, scaled(sums.everybody[1]));
        ledger.pay(Flow::WageInsurance, region.government, cohort.account, scaled(sums.wage_insurance));
        ledger.pay(Flow::Consumption, cohort.account, region.rest, scaled(sums.consumption));
        let drawn = draw_from_funds(&mut pools, cohort.market, scaled(sums.royalties).0);
        for (&fund, amount) in pools.funds.iter().zip(drawn) {
            ledger.pay(Flow::Royalties, fund, cohort.account, amount);
        }
        royalties[cohort.market] += scaled(sums.royalties).0;
        let factor = i128::from(persons);
        takes.wallets.push((cohort.account, sums.before * factor, sums.after * factor));
        takes.markets[cohort.market].merge(sums);
    }
    carry_over(&mut pools, &mut markets, &royalties, &in_force, &parameters, &clock);
    for (market, sums) in markets.0.iter_mut().zip(&takes.markets) {
        if clock.has_started() {
            for n in 0..2 {
                market.displaced_account[n] += sums.displaced_account[n];
                market.contributor_account[n] += sums.contributor_account[n];
            }
        }
    }
}

#[allow(clippy::too_many_arguments)]
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
    let law = &in_force.law[market.region];
    let settlement = &parameters.settlement;
    let per_tick = |weekly: f64| Money::from_dollars(weekly * clock.weeks).0;
    let first = market.region * Occupation::COUNT;
    let assembler = &markets.0[first + Occupation::Assembler.index()];
    let outside = assembler.wage_initial * parameters.labour.outside_wage.0;
    let ticks = |weeks: f64| i32::try_from(whole((weeks / clock.weeks).round().min(1e6))).unwrap_or(i32::MAX);
    Terms {
        tick: clock.tick,
        pay: [
            per_tick(market.wage),
            per_tick(market.wage * law.insurance_replacement.0),
            per_tick(outside),
            per_tick(market.wage * parameters.labour.stipend.0),
        ],
        skilled: [true, true, false, true],
        reference: per_tick(market.reference_wage),
        wage: per_tick(market.wage),
        income_tax: fixed(law.income_tax.0),
        insured_ticks: ticks(law.insurance_length.0),
        consume_income: fixed(settlement.consume_income.0),
        consume_wealth: fixed(maths::hazard(settlement.consume_wealth.0, clock.weeks)),
        subsistence: per_tick(market.wage * settlement.subsistence.0),
        royalty_rate: pools.rate[index],
        basis: pools.basis[index],
        everybody: [
            per_tick(law.citizen_dividend.0 * regions[market.region].median_wage),
            regions[market.region].hand_back.0,
        ],
        wage_insurance: fixed(law.wage_insurance.0),
        wage_insurance_ticks: ticks(law.wage_insurance_length.0),
        year_ticks: ticks(crate::ground::units::WEEKS_PER_YEAR),
    }
}

impl Takings {
    fn merge(&mut self, other: Takings) {
        for n in 0..4 {
            self.paid[n] += other.paid[n];
            self.heads[n] += other.heads[n];
            self.displaced[n] += other.displaced[n];
        }
        for n in 0..2 {
            self.everybody[n] += other.everybody[n];
            self.displaced_account[n] += other.displaced_account[n];
            self.contributor_account[n] += other.contributor_account[n];
        }
        self.capture_total += other.capture.iter().sum::<i64>();
        self.tax += other.tax;
        self.royalties += other.royalties;
        self.wage_insurance += other.wage_insurance;
        self.consumption += other.consumption;
        self.before += other.before;
        self.after += other.after;
        self.claims += other.claims;
        self.long_unemployed += other.long_unemployed;
        self.scars += other.scars;
        self.contributors += other.contributors;
        if let Some(part) = other.distribution {
            let whole = self.distribution.get_or_insert_with(Box::default);
            whole.wage.merge(&part.wage);
            whole.income.merge(&part.income);
            whole.wealth.merge(&part.wealth);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat() -> Terms {
        Terms {
            tick: 0,
            pay: [0; 4],
            skilled: [true; 4],
            reference: 0,
            wage: 0,
            income_tax: fixed(0.1),
            insured_ticks: 0,
            consume_income: fixed(0.9),
            consume_wealth: fixed(0.02),
            subsistence: 40_000_000,
            royalty_rate: 0,
            basis: Basis::Hours,
            everybody: [0; 2],
            wage_insurance: 0,
            wage_insurance_ticks: 0,
            year_ticks: 52,
        }
    }

    #[test]
    fn a_wallet_stands_still_at_its_fixed_point() {
        // pay 100, tax 10, income 90: (1 - 0.9) 90 = 9 = 0.02 W, W = 450
        let week = week(&flat(), 450_000_000, 100_000_000, true, 0);
        assert!((week.income - 90_000_000).abs() < 100, "{week:?}");
        assert!((week.income - week.consumption).abs() < 200, "{week:?}");
    }

    #[test]
    fn without_income_the_wallet_is_drawn_down_to_nothing_and_no_further() {
        // subsistence 40 from a wallet of 100, then of 30
        assert_eq!(week(&flat(), 100_000_000, 0, false, 0).consumption, 40_000_000);
        assert_eq!(week(&flat(), 30_000_000, 0, false, 0).consumption, 30_000_000);
    }
}
