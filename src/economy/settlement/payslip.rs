//! One worker's payslip of a tick, kind by kind.
//!
//! The pass over the columns adds up what a block was paid and forgets who was paid what. A payslip
//! writes it again for one row, on the same terms and after the same rules, once the tick is settled;
//! a test demands that the payslips of everybody add up to the ledger, to the micro-dollar.

use super::royalties::weight;
use super::terms::{Terms, part};
use crate::economy::shared::scars::{Fading, SCAR_ONE};
use crate::economy::world::people::{INSURED, NEVER, RECORDED, Work};
use serde::{Deserialize, Serialize};

/// A worker's row, copied from the columns of its cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// What the worker does.
    pub work: Work,
    /// Yes-or-no facts, see [`crate::economy::world::people::Marks`].
    pub marks: u8,
    /// Skill factor in units of 1/[`crate::economy::world::people::SKILL_ONE`].
    pub skill: u16,
    /// Place of the present or last site in the cohort's list of sites.
    pub employer: u16,
    /// Tick in which the present status began.
    pub since: i16,
    /// Tick in which the worker entered, or [`NEVER`].
    pub entered: i16,
    /// Tick of the last displacement by robots, or [`NEVER`].
    pub scarred: i16,
    /// Tick in which the last course began, or [`NEVER`].
    pub trained: i16,
    /// Accepted hours ever recorded, milli-hours.
    pub hours: u32,
    /// Accepted hours that still earn a royalty, milli-hours.
    pub claim: u32,
    /// Wallet, micro-dollars.
    pub wallet: i64,
}

impl Standing {
    /// Does the worker have a mark?
    pub fn has(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }
}

crate::summed! {
    /// What one worker received and paid in tax, micro-dollars of one person.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Payslip {
        /// Wages from a site.
        pub wages: i64,
        /// Wages from a job in other services.
        pub outside_wages: i64,
        /// Unemployment insurance.
        pub insurance: i64,
        /// Stipend on a course.
        pub stipend: i64,
        /// Capture pay.
        pub capture_pay: i64,
        /// Royalty.
        pub royalty: i64,
        /// Citizen dividend.
        pub citizen_dividend: i64,
        /// Robot tax and levies handed back.
        pub recycling: i64,
        /// Wage insurance.
        pub wage_insurance: i64,
        /// Income tax paid.
        pub income_tax: i64,
    }
}

impl Payslip {
    /// Labour income before tax.
    pub fn pay(&self) -> i64 {
        self.wages + self.outside_wages
    }

    /// Everything from the government.
    pub fn transfers(&self) -> i64 {
        self.insurance + self.stipend + self.citizen_dividend + self.recycling + self.wage_insurance
    }

    /// What came into the wallet, after tax.
    pub fn income(&self) -> i64 {
        self.pay() + self.transfers() + self.capture_pay + self.royalty - self.income_tax
    }
}

impl Terms {
    /// Pay of a tick: wage, insurance, outside wage or stipend; `left` is the share of pay that the scar
    /// leaves, in 1/[`SCAR_ONE`]. Micro-dollars.
    pub fn pay_of(&self, work: Work, skill: u16, left: i64) -> i64 {
        // an outside job does not ask for the skill
        let full = match work {
            Work::Outside => self.outside,
            Work::Gone => 0,
            _ => i64::from(self.unit[work as usize]) * i64::from(skill),
        };
        // a stipend is the same with a scar
        if work == Work::Training { full } else { full * left / SCAR_ONE }
    }

    /// What a row was paid this tick; `capture_pay` is what a filmed worker of its site was paid.
    pub fn payslip(&self, scars: &Fading, row: &Standing, capture_pay: i64) -> Payslip {
        if row.work == Work::Gone {
            return Payslip::default();
        }
        let left = scars.left(self.tick, row.scarred, row.trained, row.marks);
        let pay = self.pay_of(row.work, row.skill, left);
        let is_at_work = matches!(row.work, Work::Employed | Work::Outside);
        let mut slip = Payslip {
            citizen_dividend: self.everybody[0],
            recycling: self.everybody[1],
            royalty: self.royalty_to_all,
            income_tax: if is_at_work { part(pay, self.tax) } else { 0 },
            ..Payslip::default()
        };
        match row.work {
            Work::Employed => slip.wages = pay,
            Work::Outside => slip.outside_wages = pay,
            Work::Training => slip.stipend = pay,
            Work::Unemployed => {
                let is_insured = row.has(INSURED) && row.since > self.insured_since;
                slip.insurance = if is_insured { pay } else { 0 };
            }
            Work::Gone => {}
        }
        if row.has(RECORDED) {
            slip.capture_pay = capture_pay;
        }
        if self.is_shared_by_claim() {
            slip.royalty += self.royalty(weight(self.basis, row.claim, row.skill));
        }
        if row.scarred != NEVER && is_at_work && self.tick - i32::from(row.scarred) < self.wage_insurance_ticks {
            let without = self.reference * i64::from(row.skill);
            slip.wage_insurance = part((without - pay).max(0), self.wage_insurance);
        }
        slip
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::policy::Basis;
    use crate::economy::settlement::royalties::RATE_ONE;
    use crate::economy::settlement::terms::fixed;
    use crate::economy::shared::scars::people_with;
    use crate::economy::world::people::SKILL_ONE;

    fn terms() -> Terms {
        Terms {
            tick: 10,
            unit: [10_000, 5_000, 0, 4_000],
            outside: 85_000_000,
            tax: fixed(0.25),
            reference: 10_000,
            insured_since: -16,
            year_since: -42,
            consume_income: fixed(0.9),
            consume_wealth: fixed(0.02),
            subsistence: 40_000_000,
            royalty_rate: RATE_ONE * 5,
            basis: Basis::Hours,
            royalty_to_all: 0,
            everybody: [3, 4],
            wage_insurance: fixed(0.5),
            wage_insurance_ticks: 104,
            sample_every: 1,
        }
    }

    fn scars() -> Fading {
        Fading::new(&people_with([0.25; 2], [0.0; 2]), 0, 100, 1.0, (104.0, 0.5))
    }

    fn row(work: Work) -> Standing {
        Standing {
            work,
            marks: 0,
            skill: SKILL_ONE as u16,
            employer: 0,
            since: 0,
            entered: NEVER,
            scarred: NEVER,
            trained: NEVER,
            hours: 0,
            claim: 0,
            wallet: 0,
        }
    }

    #[test]
    fn a_filmed_worker_with_a_scar_is_paid_by_every_rule() {
        // a mean worker earns 8192 * 10,000 = 81.92 dollars; skill 1.5, scar 25 %: 81.92 * 1.5 * 0.75 = 92.16;
        // tax a quarter, 23.04; lost against the reference 122.88 - 92.16 = 30.72, half of it made good; two
        // thousand milli-hours at 5 micro-dollars
        let row = Standing {
            marks: RECORDED,
            skill: (SKILL_ONE * 3 / 2) as u16,
            scarred: 4,
            claim: 2_000,
            ..row(Work::Employed)
        };
        let slip = terms().payslip(&scars(), &row, 700_000);
        assert_eq!((slip.wages, slip.income_tax, slip.wage_insurance), (92_160_000, 23_040_000, 15_360_000));
        assert_eq!((slip.capture_pay, slip.royalty), (700_000, 10_000));
        assert_eq!(slip.income(), 92_160_000 - 23_040_000 + 15_360_000 + 7 + 700_000 + 10_000);
    }

    #[test]
    fn insurance_ends_and_a_stipend_knows_no_scar() {
        let jobless = Standing { marks: INSURED, since: -15, ..row(Work::Unemployed) };
        assert_eq!(terms().payslip(&scars(), &jobless, 0).insurance, 8_192 * 5_000);
        // the 27th week: 10 - (-16) = 26 weeks are over
        let later = Standing { since: -16, ..jobless };
        assert_eq!(terms().payslip(&scars(), &later, 0).insurance, 0);
        let uncovered = Standing { marks: 0, ..jobless };
        assert_eq!(terms().payslip(&scars(), &uncovered, 0).insurance, 0);
        let trainee = Standing { scarred: 2, ..row(Work::Training) };
        assert_eq!(terms().payslip(&scars(), &trainee, 0).stipend, 8_192 * 4_000);
        // an outside job pays the same whatever the skill
        let away = Standing { skill: 1, ..row(Work::Outside) };
        assert_eq!(terms().payslip(&scars(), &away, 0).outside_wages, 85_000_000);
    }
}
