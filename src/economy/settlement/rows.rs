//! One worker's week, row by row: the loop that most of a run's time goes into.
//!
//! Wide loops ([`crate::ground::lanes`]) do what everybody shares: pay, tax, consumption, and the recounts
//! that the audit compares with the books. Rows that have something of their own (a scar, a filmed hour,
//! a royalty) are flagged and worked out one by one in `Rows::exception`.

use super::royalties::weight;
use super::takings::{Distribution, Takings};
use super::terms::{Terms, part};
use crate::economy::shared::scars::{Fading, SCAR_ONE};
use crate::economy::world::people::{FILMED, INSURED, NEVER, RECORDED, WORKS, Work};
use crate::ground::histogram::Tally;
use crate::ground::lanes::{STRIP, keep_if, marked};
use crate::wide;

/// What a worker gets and does with it. Money in micro-dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Week {
    pub tax: i64,
    pub income: i64,
    pub consumption: i64,
}

/// Income and consumption from the wallet, pay, what of it is taxed, and everything untaxed.
#[inline(always)]
pub(super) fn week(terms: &Terms, wallet: i64, pay: i64, taxed: i64, untaxed: i64) -> Week {
    let tax = part(taxed, terms.tax);
    let income = pay.wrapping_sub(tax).wrapping_add(untaxed);
    let wish = part(income, terms.consume_income).wrapping_add(part(wallet, terms.consume_wealth));
    let consumption = wish.max(terms.subsistence).min(wallet.wrapping_add(income));
    Week { tax, income, consumption }
}

/// Most that a wallet or a week's income may be, micro-dollars: 8.8 million dollars. Beyond it the
/// products of the loop would not fit their integers.
const MOST_MONEY: i64 = 1 << 43;

/// Is a worker with this status byte at work, at a site or outside? Employed is 0, outside 2.
#[inline(always)]
fn is_at_work(work: u8) -> bool {
    work & 1 == 0
}

/// Sums of a block. They cannot overflow: 2^14 rows below 2^43 each; wrapping sums spare the check for
/// each row, and the bound is checked once a strip.
#[derive(Default)]
struct Totals {
    before: i64,
    after: i64,
    tax: i64,
    consumption: i64,
    paid: [i64; 4],
    heads: [i64; 4],
    long_unemployed: i64,
    claims: u64,
    contributors: i64,
    contributors_skill: i64,
    contributors_received: i64,
}

/// The columns of a block, and what its rows share.
pub(super) struct Rows<'a> {
    pub terms: &'a Terms,
    pub scars: &'a Fading,
    /// Capture pay of a filmed worker by site of the cohort.
    pub capture: &'a [i64],
    pub status: &'a [u8],
    pub marks: &'a [u8],
    pub skill: &'a [u16],
    pub employer: &'a [u16],
    pub since: &'a [i16],
    pub scarred: &'a [i16],
    pub trained: &'a [i16],
    pub claim: &'a [u32],
}

/// A strip of rows on its way through the week.
struct Strip<'a> {
    status: &'a [u8],
    marks: &'a [u8],
    skill: &'a [u16],
    since: &'a [i16],
    scarred: &'a [i16],
    claim: &'a [u32],
    pay: &'a mut [i64],
    untaxed: &'a mut [i64],
}

impl Rows<'_> {
    /// Pays, taxes and feeds every row; adds its income to what it `received`, where somebody asks.
    pub(super) fn live_a_week(
        &self,
        wallet: &mut [i64],
        mut received: Option<&mut [i64]>,
        wants_distribution: bool,
    ) -> Takings {
        let terms = self.terms;
        let mut sums = Takings::default();
        let mut spread = wants_distribution.then(Spread::default);
        let mut total = Totals::default();
        let (mut pay, mut untaxed, mut flags) = ([0_i64; STRIP], [0_i64; STRIP], [0_u8; STRIP]);
        for (number, wallets) in wallet.chunks_mut(STRIP).enumerate() {
            let (first, n) = (number * STRIP, wallets.len());
            let mut strip = Strip {
                status: &self.status[first..first + n],
                marks: &self.marks[first..first + n],
                skill: &self.skill[first..first + n],
                since: &self.since[first..first + n],
                scarred: &self.scarred[first..first + n],
                claim: &self.claim[first..first + n],
                pay: &mut pay[..n],
                untaxed: &mut untaxed[..n],
            };
            flags[n..].fill(0);
            let has_contributors = wide!(earn(terms, &mut strip, &mut flags[..n], &mut total));
            for row in marked(&flags) {
                let (pay, untaxed) = self.exception(first + row, strip.pay[row], &mut sums);
                (strip.pay[row], strip.untaxed[row]) = (pay, untaxed);
            }
            if has_contributors {
                wide!(count_contributors(&strip, &mut total));
            }
            if let Some(spread) = &mut spread {
                for row in (first.next_multiple_of(terms.sample_every) - first..n).step_by(terms.sample_every) {
                    spread.count(terms, &strip, row, wallets[row]);
                }
            }
            if let Some(received) = &mut received {
                wide!(receive(terms, &strip, wallets, &mut received[first..first + n]));
            }
            let most = wide!(spend(terms, &strip, wallets, &mut total));
            assert!(
                (0..MOST_MONEY).contains(&most),
                "a worker has {most} micro-dollars, more than the model can count"
            );
        }
        total.into_takings(terms, &mut sums);
        sums.distribution = spread.map(|spread| Box::new(spread.times(terms.sample_every as u64)));
        sums
    }

    /// Pay and untaxed income of a row that was displaced, filmed this week, or is owed a royalty.
    #[inline(never)]
    fn exception(&self, row: usize, full_pay: i64, sums: &mut Takings) -> (i64, i64) {
        let terms = self.terms;
        let mark = self.marks[row];
        let work = Work::of(self.status[row]);
        let (mut pay, mut untaxed) = (full_pay, terms.untaxed());
        if mark & RECORDED != 0 {
            let captured = self.capture[usize::from(self.employer[row])];
            sums.capture += captured;
            untaxed += captured;
        }
        if terms.is_shared_by_claim() {
            let royalty = terms.royalty(weight(terms.basis, self.claim[row], self.skill[row]));
            sums.royalties += royalty;
            untaxed += royalty;
        }
        let scarred = self.scarred[row];
        if scarred == NEVER {
            return (pay, untaxed);
        }
        let left = self.scars.left(terms.tick, scarred, self.trained[row], mark);
        if work != Work::Training {
            pay = full_pay * left / SCAR_ONE;
        }
        if work == Work::Employed {
            sums.withheld.resize(self.capture.len(), 0);
            sums.withheld[usize::from(self.employer[row])] += full_pay - pay;
        }
        let before = terms.reference * i64::from(self.skill[row]);
        let earned = if is_at_work(work as u8) { pay } else { 0 };
        if earned > 0 && terms.tick - i32::from(scarred) < terms.wage_insurance_ticks {
            let made_good = part((before - pay).max(0), terms.wage_insurance);
            sums.wage_insurance += made_good;
            untaxed += made_good;
        }
        let account = [i128::from(before - earned), i128::from(untaxed + pay - earned)];
        sums.displaced[work as usize] += 1;
        sums.scars += SCAR_ONE - left;
        sums.displaced_account[0] += account[0];
        sums.displaced_account[1] += account[1];
        if mark & FILMED != 0 {
            sums.contributor_account[0] += account[0];
        }
        (pay, untaxed)
    }
}

/// Pay of a strip before scars, flags for the rows that have something of their own, and recounts. Says
/// whether anybody of the strip ever contributed an hour.
#[inline(always)]
fn earn(terms: &Terms, strip: &mut Strip, flags: &mut [u8], total: &mut Totals) -> bool {
    let n = flags.len();
    let (status, marks, skill) = (&strip.status[..n], &strip.marks[..n], &strip.skill[..n]);
    let (since, scarred, claim) = (&strip.since[..n], &strip.scarred[..n], &strip.claim[..n]);
    let (pay, untaxed) = (&mut strip.pay[..n], &mut strip.untaxed[..n]);
    let mask = |is_true: bool| 0_u32.wrapping_sub(u32::from(is_true));
    let [wage, insurance, _, stipend] = terms.unit;
    let (everybody, own) = (terms.untaxed(), terms.own_marks());
    for row in 0..n {
        let work = status[row];
        let is_insured =
            (work == Work::Unemployed as u8) & (marks[row] & INSURED != 0) & (since[row] > terms.insured_since);
        let unit = (wage & mask(work == Work::Employed as u8))
            | (insurance & mask(is_insured))
            | (stipend & mask(work == Work::Training as u8));
        let by_skill = u64::from(unit).wrapping_mul(u64::from(skill[row])).cast_signed();
        pay[row] = by_skill.wrapping_add(terms.outside & keep_if(work == Work::Outside as u8));
        untaxed[row] = everybody & keep_if(work != Work::Gone as u8);
    }
    let (mut heads, mut long, mut ever) = ([0_u16; 4], 0_u16, 0_u8);
    for row in 0..n {
        let work = status[row];
        for (heads, kind) in heads.iter_mut().zip(WORKS) {
            *heads = heads.wrapping_add(u16::from(work == kind as u8));
        }
        long = long.wrapping_add(u16::from((work == Work::Unemployed as u8) & (since[row] < terms.year_since)));
        flags[row] = (marks[row] & own) | u8::from(scarred[row] != NEVER);
        ever |= marks[row];
    }
    for (sum, heads) in total.heads.iter_mut().zip(heads) {
        *sum += i64::from(heads);
    }
    total.long_unemployed += i64::from(long);
    total.claims = claim.iter().fold(total.claims, |sum, &claim| sum.wrapping_add(u64::from(claim)));
    ever & FILMED != 0
}

/// What contributors lost while at work unscarred, and what they received.
#[inline(always)]
fn count_contributors(strip: &Strip, total: &mut Totals) {
    let n = strip.status.len();
    let (status, marks, skill) = (&strip.status[..n], &strip.marks[..n], &strip.skill[..n]);
    let (scarred, pay, untaxed) = (&strip.scarred[..n], &strip.pay[..n], &strip.untaxed[..n]);
    for row in 0..n {
        let work = status[row];
        let filmed = keep_if(marks[row] & FILMED != 0);
        let at_site = keep_if((work == Work::Employed as u8) & (scarred[row] == NEVER));
        total.contributors = total.contributors.wrapping_sub(filmed);
        total.contributors_skill = total.contributors_skill.wrapping_add(i64::from(skill[row]) & filmed & at_site);
        let received = untaxed[row].wrapping_add(pay[row] & keep_if(!is_at_work(work)));
        total.contributors_received = total.contributors_received.wrapping_add(received & filmed);
    }
}

/// Income of a strip, before it is spent.
#[inline(always)]
fn receive(terms: &Terms, strip: &Strip, wallets: &[i64], received: &mut [i64]) {
    let n = wallets.len();
    let (status, pay, untaxed) = (&strip.status[..n], &strip.pay[..n], &strip.untaxed[..n]);
    let received = &mut received[..n];
    for row in 0..n {
        let taxed = pay[row] & keep_if(is_at_work(status[row]));
        let income = week(terms, wallets[row], pay[row], taxed, untaxed[row]).income;
        received[row] = received[row].wrapping_add(income);
    }
}

/// Taxes, consumption and the wallets after them; returns a number at least as large as the largest.
#[inline(always)]
fn spend(terms: &Terms, strip: &Strip, wallets: &mut [i64], total: &mut Totals) -> i64 {
    let n = wallets.len();
    let (status, pay, untaxed) = (&strip.status[..n], &strip.pay[..n], &strip.untaxed[..n]);
    let (mut most, mut opening, mut closing, mut taxes, mut consumed) = (0_i64, 0_i64, 0_i64, 0_i64, 0_i64);
    let [mut wages, mut insurance, mut outside, mut stipends] = [0_i64; 4];
    for row in 0..n {
        let (work, before, pay) = (status[row], wallets[row], pay[row]);
        let taxed = pay & keep_if(is_at_work(work));
        let Week { tax, income, consumption } = week(terms, before, pay, taxed, untaxed[row]);
        let after = before.wrapping_add(income).wrapping_sub(consumption);
        wallets[row] = after;
        // none is negative, so the union of their bits is as large as the largest at least
        most |= after | income;
        opening = opening.wrapping_add(before);
        closing = closing.wrapping_add(after);
        taxes = taxes.wrapping_add(tax);
        consumed = consumed.wrapping_add(consumption);
        wages = wages.wrapping_add(pay & keep_if(work == Work::Employed as u8));
        insurance = insurance.wrapping_add(pay & keep_if(work == Work::Unemployed as u8));
        outside = outside.wrapping_add(pay & keep_if(work == Work::Outside as u8));
        stipends = stipends.wrapping_add(pay & keep_if(work == Work::Training as u8));
    }
    total.before += opening;
    total.after += closing;
    total.tax += taxes;
    total.consumption += consumed;
    for (sum, paid) in total.paid.iter_mut().zip([wages, insurance, outside, stipends]) {
        *sum += paid;
    }
    most
}

impl Totals {
    fn into_takings(self, terms: &Terms, sums: &mut Takings) {
        (sums.before, sums.after) = (i128::from(self.before), i128::from(self.after));
        (sums.tax, sums.consumption) = (self.tax, self.consumption);
        (sums.paid, sums.heads) = (self.paid, self.heads);
        sums.long_unemployed = self.long_unemployed;
        sums.claims = i128::from(self.claims);
        if terms.royalty_to_all > 0 {
            sums.royalties += terms.royalty_to_all * sums.heads.iter().sum::<i64>();
        }
        sums.contributors = self.contributors;
        let lost = terms.reference - i64::from(terms.unit[Work::Employed as usize]);
        sums.contributor_account[0] += i128::from(lost) * i128::from(self.contributors_skill);
        sums.contributor_account[1] += i128::from(self.contributors_received);
    }
}

/// Wages of the employed, incomes and wallets of everybody of a block who is looked at.
#[derive(Default)]
struct Spread {
    wage: Tally,
    income: Tally,
    wealth: Tally,
}

impl Spread {
    #[inline]
    fn count(&mut self, terms: &Terms, strip: &Strip, row: usize, wallet: i64) {
        let (work, pay) = (strip.status[row], strip.pay[row]);
        if work == Work::Gone as u8 {
            return;
        }
        let taxed = if is_at_work(work) { pay } else { 0 };
        let week = week(terms, wallet, pay, taxed, strip.untaxed[row]);
        if work == Work::Employed as u8 {
            self.wage.add(row, pay);
        }
        self.income.add(row, week.income);
        self.wealth.add(row, wallet + week.income - week.consumption);
    }

    /// The distributions, in which each of them stands for so many.
    fn times(&self, weight: u64) -> Distribution {
        let Spread { wage, income, wealth } = self;
        Distribution { wage: wage.times(weight), income: income.times(weight), wealth: wealth.times(weight) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::terms::flat;
    use super::*;

    #[test]
    fn a_wallet_stands_still_at_its_fixed_point() {
        // pay 100, tax 10, income 90: (1 - 0.9) 90 = 9 = 0.02 W, W = 450
        let week: Week = week(&flat(), 450_000_000, 100_000_000, 100_000_000, 0);
        assert!((week.income - 90_000_000).abs() < 100, "{week:?}");
        assert!((week.income - week.consumption).abs() < 200, "{week:?}");
    }

    #[test]
    fn without_income_the_wallet_is_drawn_down_to_nothing_and_no_further() {
        // subsistence 40 from a wallet of 100, then of 30
        assert_eq!(week(&flat(), 100_000_000, 0, 0, 0).consumption, 40_000_000);
        assert_eq!(week(&flat(), 30_000_000, 0, 0, 0).consumption, 30_000_000);
    }
}
