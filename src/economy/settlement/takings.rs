//! What blocks of workers took and paid in a tick, added up.

use crate::ground::histogram::Histogram;
use serde::{Deserialize, Serialize};

/// Sums over the rows of a block, or of a market. Money in micro-dollars per person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Takings {
    /// Paid by [`Work`](crate::economy::world::people::Work): wages, insurance, outside wages, stipends.
    pub paid: [i64; 4],
    /// What scars took from the wages of full skill, by site of the cohort; empty if nothing.
    pub withheld: Vec<i64>,
    /// Income tax.
    pub tax: i64,
    /// Capture pay.
    pub capture: i64,
    /// Royalties.
    pub royalties: i64,
    /// Wage insurance.
    pub wage_insurance: i64,
    /// Consumption.
    pub consumption: i64,
    /// Wallets before.
    pub before: i128,
    /// Wallets after.
    pub after: i128,
    /// Agents by [`Work`](crate::economy::world::people::Work), counted anew.
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
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Distribution {
    /// Wages of the employed.
    pub wage: Histogram,
    /// Income of everybody.
    pub income: Histogram,
    /// Wallets of everybody.
    pub wealth: Histogram,
}

impl Distribution {
    /// Adds what another block counted, each row so many times.
    pub fn merge(&mut self, other: &Distribution, times: u32) {
        self.wage.merge_times(&other.wage, times);
        self.income.merge_times(&other.income, times);
        self.wealth.merge_times(&other.wealth, times);
    }
}

impl Takings {
    /// Adds what another block of the market took.
    pub fn merge(&mut self, other: Takings) {
        for n in 0..4 {
            self.paid[n] += other.paid[n];
            self.heads[n] += other.heads[n];
            self.displaced[n] += other.displaced[n];
        }
        for n in 0..2 {
            self.displaced_account[n] += other.displaced_account[n];
            self.contributor_account[n] += other.contributor_account[n];
        }
        self.withheld.resize(self.withheld.len().max(other.withheld.len()), 0);
        for (sum, withheld) in self.withheld.iter_mut().zip(&other.withheld) {
            *sum += withheld;
        }
        self.tax += other.tax;
        self.capture += other.capture;
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
            match &mut self.distribution {
                Some(whole) => whole.merge(&part, 1),
                whole => *whole = Some(part),
            }
        }
    }
}
