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

pub mod payslip;

use super::SettlementParameters;
use super::royalties::{Pools, RATE_ONE, carry_over, draw_from_funds, weight};
use crate::economy::capture::Filming;
use crate::economy::people::{
    Claim, Cohort, Employer, FILMED, INSURED, Listed, Market, Markets, Marks, NEVER, Occupation, RECORDED, SCAR_ONE,
    SKILL_BITS, SKILL_ONE, Scarred, Scars, Since, Skill, Status, Trained, Wallet, Work,
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
    // amounts stay below MOST_MONEY, which is checked once a strip
    amount.wrapping_mul(share) >> PART_BITS
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
    /// Tax on that pay.
    tax_rate: [i64; 4],
    /// Reference wage, for what displacement cost.
    reference: i64,
    /// The wage, for what the wage curve cost.
    wage: i64,
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
    /// Every so manieth row is counted in distributions.
    sample_every: usize,
}

/// Rows of a market that distributions are taken from, about; all of them in smaller markets.
const SAMPLE: i64 = 20_000;

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
    /// By market: the terms on which it was paid, so that a row's payslip can be written again.
    pub terms: Vec<Terms>,
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

/// Part of a tick's income consumed within the tick, so that the wallet follows
/// dW = ((1 - c_y) y - c_w W) dt exactly and comes to rest at (1 - c_y) y / c_w whatever the tick.
pub fn consumed_at_once(settlement: &SettlementParameters, weeks: f64) -> f64 {
    let drain = settlement.consume_wealth.0 * weeks;
    if drain <= 0.0 {
        return settlement.consume_income.0;
    }
    1.0 - (1.0 - settlement.consume_income.0) * maths::hazard(drain, 1.0) / drain
}

/// Income and consumption from pay, its tax rate, and everything untaxed.
#[inline(always)]
fn week(terms: &Terms, wallet: i64, pay: i64, tax_rate: i64, untaxed: i64) -> Week {
    let tax = part(pay, tax_rate);
    let income = pay.wrapping_sub(tax).wrapping_add(untaxed);
    let wish = part(income, terms.consume_income).wrapping_add(part(wallet, terms.consume_wealth));
    let consumption = wish.max(terms.subsistence).min(wallet.wrapping_add(income));
    Week { tax, income, consumption }
}

/// Rows that are worked on together, so that each step is a short loop over a few arrays.
const STRIP: usize = 256;

/// Masks by [`Work`] in place of branches: who is where is nearly random from row to row, and a
/// processor that guesses wrong loses more than the multiplication costs.
const IF_EMPLOYED: [i64; 4] = [-1, 0, 0, 0];
const IF_OUTSIDE: [i64; 4] = [0, 0, -1, 0];
const BY_SKILL: [i64; 4] = [-1, -1, 0, -1];

/// Most that a wallet or a week's pay may be, micro-dollars: 8.8 million dollars. Beyond it the
/// products of the loop would not fit their integers.
const MOST_MONEY: i64 = 1 << 43;

/// Sums of a block. They cannot overflow: 2^14 rows below 2^43 each; wrapping sums spare the check for
/// each row, and the bound is checked once a strip.
#[derive(Default)]
struct Totals {
    before: i64,
    after: i64,
    tax: i64,
    consumption: i64,
    outside: i64,
}

impl Totals {
    /// Taxes, consumption and the wallets after them, for a strip of rows.
    fn spend(&mut self, terms: &Terms, status: &[u8], pay: &[i64], untaxed: &[i64], wallets: &mut [i64]) {
        let n = wallets.len();
        let (status, pay, untaxed) = (&status[..n], &pay[..n], &untaxed[..n]);
        let mut most = 0_i64;
        let (mut opening, mut closing, mut taxes, mut consumed, mut outside) = (0_i64, 0_i64, 0_i64, 0_i64, 0_i64);
        for row in 0..n {
            let work = usize::from(status[row] & 3);
            let before = wallets[row];
            let Week { tax, income, consumption } = week(terms, before, pay[row], terms.tax_rate[work], untaxed[row]);
            let after = before.wrapping_add(income).wrapping_sub(consumption);
            wallets[row] = after;
            // none is negative, so the union of their bits is as large as the largest at least
            most |= after | income;
            opening = opening.wrapping_add(before);
            closing = closing.wrapping_add(after);
            taxes = taxes.wrapping_add(tax);
            consumed = consumed.wrapping_add(consumption);
            outside = outside.wrapping_add(pay[row] & IF_OUTSIDE[work]);
        }
        self.before += opening;
        self.after += closing;
        self.tax += taxes;
        self.consumption += consumed;
        self.outside += outside;
        assert!((0..MOST_MONEY).contains(&most), "a worker has {most} micro-dollars, more than the model can count");
    }
}

/// The columns of a block, and what its rows share.
struct Rows<'a> {
    terms: &'a Terms,
    scars: &'a Scars,
    capture: &'a [i64],
    status: &'a [u8],
    marks: &'a [u8],
    skill: &'a [u16],
    employer: &'a [u16],
    since: &'a [i16],
    scarred: &'a [i16],
    trained: &'a [i16],
    claim: &'a [u32],
}

impl Rows<'_> {
    /// Pays, taxes and feeds every row. Most rows are plain: at work, never displaced, never filmed;
    /// what the others have beside is worked out in [`Rows::exception`].
    fn live_a_week(&self, wallet: &mut [i64], wants_distribution: bool) -> Takings {
        let terms = self.terms;
        let mut sums = Takings { capture: vec![0; self.capture.len()], ..Takings::default() };
        let mut distribution = wants_distribution.then(Box::<Distribution>::default);
        let mut total = Totals::default();
        let mut piles = vec![[0_i64; 4]; self.capture.len()];
        let (mut pay, mut untaxed) = ([0_i64; STRIP], [0_i64; STRIP]);
        for (strip, wallets) in wallet.chunks_mut(STRIP).enumerate() {
            let first = strip * STRIP;
            let (pay, untaxed) = (&mut pay[..wallets.len()], &mut untaxed[..wallets.len()]);
            self.earn(first, pay, untaxed, &mut sums);
            let status = &self.status[first..first + wallets.len()];
            let employer = &self.employer[first..first + wallets.len()];
            if let Some(distribution) = &mut distribution {
                let every = terms.sample_every;
                for n in (first.next_multiple_of(every) - first..wallets.len()).step_by(every) {
                    let work = usize::from(status[n]);
                    let week = week(terms, wallets[n], pay[n], terms.tax_rate[work & 3], untaxed[n]);
                    let after = wallets[n] + week.income - week.consumption;
                    distribution.count(work, pay[n], week.income, after, terms.sample_every as u64);
                }
            }
            total.spend(terms, status, pay, untaxed, wallets);
            // four piles, because neighbours often share a site and an addition must wait for the last one
            for n in 0..pay.len() {
                let wages = &mut piles[usize::from(employer[n])][n & 3];
                *wages = wages.wrapping_add(pay[n] & IF_EMPLOYED[usize::from(status[n] & 3)]);
            }
        }
        sums.heads = count_heads(self.status);
        sums.claims = i128::from(self.claim.iter().fold(0_u64, |sum, &claim| sum.wrapping_add(u64::from(claim))));
        sums.wages = piles.iter().map(|pile| pile.iter().sum()).collect();
        sums.paid[Work::Employed as usize] = sums.wages.iter().sum();
        sums.paid[Work::Outside as usize] = total.outside;
        (sums.before, sums.after) = (i128::from(total.before), i128::from(total.after));
        (sums.tax, sums.consumption) = (total.tax, total.consumption);
        sums.distribution = distribution;
        sums
    }

    /// Pay and untaxed income of a strip of rows.
    fn earn(&self, first: usize, pay: &mut [i64], untaxed: &mut [i64], sums: &mut Takings) {
        let terms = self.terms;
        let everybody = terms.everybody[0] + terms.everybody[1];
        let n = pay.len();
        let untaxed = &mut untaxed[..n];
        let (status, marks) = (&self.status[first..first + n], &self.marks[first..first + n]);
        let (skill, scarred) = (&self.skill[first..first + n], &self.scarred[first..first + n]);
        for row in 0..n {
            let work = usize::from(status[row] & 3);
            let ability = SKILL_ONE + ((i64::from(skill[row]) - SKILL_ONE) & BY_SKILL[work]);
            pay[row] = terms.pay[work].wrapping_mul(ability) >> SKILL_BITS;
            untaxed[row] = everybody;
        }
        let all_are_exceptions = terms.royalty_rate > 0 && terms.basis == Basis::Collective;
        let mut found = [0_u16; STRIP];
        let mut count = 0;
        for row in 0..n {
            let is_plain = (status[row] & 1 == 0) & (marks[row] & (RECORDED | FILMED) == 0) & (scarred[row] == NEVER);
            found[count & (STRIP - 1)] = row as u16;
            count += usize::from(!is_plain | all_are_exceptions);
        }
        for &row in &found[..count] {
            let row = usize::from(row);
            (pay[row], untaxed[row]) = self.exception(first + row, pay[row], sums);
        }
    }

    /// Pay and untaxed income of a row without work, on a course, scarred, filmed or contributing.
    #[inline(never)]
    fn exception(&self, row: usize, full_pay: i64, sums: &mut Takings) -> (i64, i64) {
        let terms = self.terms;
        let mark = self.marks[row];
        let scarred = self.scarred[row];
        let work = Work::of(self.status[row]);
        let is_at_work = matches!(work, Work::Employed | Work::Outside);
        let left = self.scars.left(terms.tick, scarred, self.trained[row], mark);
        let mut pay = if work == Work::Training { full_pay } else { full_pay * left / SCAR_ONE };
        if work == Work::Unemployed {
            let spell = terms.tick - i32::from(self.since[row]);
            if mark & INSURED == 0 || spell >= terms.insured_ticks {
                pay = 0;
            }
            sums.long_unemployed += i64::from(spell > terms.year_ticks);
        }
        let mut untaxed = terms.everybody[0] + terms.everybody[1];
        if mark & RECORDED != 0 {
            let place = usize::from(self.employer[row]);
            sums.capture[place] += self.capture[place];
            untaxed += self.capture[place];
        }
        if terms.royalty_rate > 0 {
            let weight = i128::from(weight(terms.basis, self.claim[row], self.skill[row]));
            let royalty = i64::try_from(weight * terms.royalty_rate / RATE_ONE).expect("a royalty is part of a pool");
            sums.royalties += royalty;
            untaxed += royalty;
        }
        if !is_at_work {
            sums.paid[work as usize] += pay;
        }
        let own = |weekly: i64| weekly * i64::from(self.skill[row]) / SKILL_ONE;
        let earned = if is_at_work { pay } else { 0 };
        if scarred != NEVER {
            if is_at_work && terms.tick - i32::from(scarred) < terms.wage_insurance_ticks {
                let made_good = part((own(terms.reference) - pay).max(0), terms.wage_insurance);
                sums.wage_insurance += made_good;
                untaxed += made_good;
            }
            sums.displaced[work as usize] += 1;
            sums.scars += SCAR_ONE - left;
            sums.displaced_account[0] += i128::from(own(terms.reference) - earned);
            sums.displaced_account[1] += i128::from(untaxed + pay - earned);
        }
        if mark & FILMED != 0 {
            let lost = match work {
                _ if scarred != NEVER => own(terms.reference) - earned,
                Work::Employed => own(terms.reference) - own(terms.wage),
                _ => 0,
            };
            sums.contributors += 1;
            sums.contributor_account[0] += i128::from(lost);
            sums.contributor_account[1] += i128::from(untaxed + pay - earned);
        }
        (pay, untaxed)
    }
}

/// Agents by [`Work`], counted row by row.
fn count_heads(status: &[u8]) -> [i64; 4] {
    let mut heads = [0_i64; 4];
    for strip in status.chunks(STRIP) {
        let (mut employed, mut unemployed, mut outside, mut training) = (0_u32, 0_u32, 0_u32, 0_u32);
        for &work in strip {
            employed = employed.wrapping_add(u32::from(work == Work::Employed as u8));
            unemployed = unemployed.wrapping_add(u32::from(work == Work::Unemployed as u8));
            outside = outside.wrapping_add(u32::from(work == Work::Outside as u8));
            training = training.wrapping_add(u32::from(work == Work::Training as u8));
        }
        heads[Work::Employed as usize] += i64::from(employed);
        heads[Work::Unemployed as usize] += i64::from(unemployed);
        heads[Work::Outside as usize] += i64::from(outside);
        heads[Work::Training as usize] += i64::from(training);
    }
    heads
}

impl Distribution {
    /// Adds what another block counted.
    pub fn merge(&mut self, other: &Distribution) {
        self.wage.merge(&other.wage);
        self.income.merge(&other.income);
        self.wealth.merge(&other.wealth);
    }

    fn count(&mut self, work: usize, pay: i64, income: i64, wallet: i64, weight: u64) {
        if work == Work::Employed as usize {
            self.wage.add(pay, weight);
        }
        self.income.add(income, weight);
        self.wealth.add(wallet, weight);
    }
}

/// 12c. Workers are paid, taxed, and consume.
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
    let results = blocks::over(
        columns,
        |(cohort, status, marks, skill, employer, since, scarred, trained, claim, mut wallet)| {
            let capture: Vec<i64> = (0..cohort.sites.1).map(|n| sites[cohort.sites.0 + n].1.pay_each).collect();
            let rows = Rows {
                terms: &terms[cohort.market],
                scars: &scars,
                capture: &capture,
                status: &status.0,
                marks: &marks.0,
                skill: &skill.0,
                employer: &employer.0,
                since: &since.0,
                scarred: &scarred.0,
                trained: &trained.0,
                claim: &claim.0,
            };
            let mut sums = rows.live_a_week(&mut wallet.0, wants_distribution);
            sums.everybody = rows.terms.everybody.map(|each| each * status.0.len() as i64);
            (cohort, sums)
        },
    );
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
    takes.terms = terms;
    for (market, sums) in markets.0.iter_mut().zip(&takes.markets) {
        if clock.has_started() {
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
    let law = &in_force.law[market.region];
    let settlement = &parameters.settlement;
    let per_tick = |weekly: f64| Money::from_dollars(weekly * clock.weeks).0;
    let first = market.region * Occupation::COUNT;
    let assembler = &markets.0[first + Occupation::Assembler.index()];
    let outside = assembler.reference_wage * parameters.labour.outside_wage.0;
    let ticks = |weeks: f64| i32::try_from(whole((weeks / clock.weeks).round().min(1e6))).unwrap_or(i32::MAX);
    let tax = fixed(law.income_tax.0);
    let people: i64 = market.heads.iter().sum();
    Terms {
        tick: clock.tick,
        pay: [
            per_tick(market.wage),
            per_tick(market.wage * law.insurance_replacement.0),
            per_tick(outside),
            per_tick(market.wage * parameters.labour.stipend.0),
        ],
        tax_rate: [tax, 0, tax, 0],
        reference: per_tick(market.reference_wage),
        wage: per_tick(market.wage),
        insured_ticks: ticks(law.insurance_length.0),
        consume_income: fixed(consumed_at_once(settlement, clock.weeks)),
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
        sample_every: (people / SAMPLE).max(1).unsigned_abs() as usize,
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
            whole.merge(&part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::units::{Rate, Share, Span};

    fn flat() -> Terms {
        Terms {
            tick: 0,
            pay: [0; 4],
            tax_rate: [0; 4],
            reference: 0,
            wage: 0,
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
            sample_every: 1,
        }
    }

    #[test]
    fn a_wallet_stands_still_at_its_fixed_point() {
        // pay 100, tax 10, income 90: (1 - 0.9) 90 = 9 = 0.02 W, W = 450
        let week = week(&flat(), 450_000_000, 100_000_000, fixed(0.1), 0);
        assert!((week.income - 90_000_000).abs() < 100, "{week:?}");
        assert!((week.income - week.consumption).abs() < 200, "{week:?}");
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
