//! What all of them share: who the workers are, and rates from last week's sums.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal};
use serde_json::{Value, json};
use std::time::Duration;

pub const OCCUPATIONS: usize = 4;
pub const REGIONS: usize = 8;
pub const GROUPS: usize = REGIONS * OCCUPATIONS;

/// Benefit of a week without work, micro-dollars.
pub const BENEFIT: i64 = 250_000_000;
/// Micro-dollars in a cent.
pub const CENT: i64 = 10_000;
/// Royalty of a week per hour ever recorded, micro-dollars.
pub const ROYALTY: f32 = 512.0;
/// Hours that a worker of skill 1 records in a week.
pub const HOURS: f32 = 40.0;
/// One review of consent in so many weeks, on average.
pub const REVIEW: f64 = 26.0;
/// Probability of losing the job in a week at ability 0, unless a sweep has another.
pub const SEPARATION: f64 = 0.008;

pub type Generator = Xoshiro256PlusPlus;

pub fn generator(seed: u64) -> Generator {
    Generator::seed_from_u64(seed)
}

/// A worker of the first week.
#[derive(Clone, Copy, Debug)]
pub struct Worker {
    pub group: u8,
    pub skill: f32,
    pub wage: f32,
    pub employed: bool,
    pub consents: bool,
}

pub fn worker(generator: &mut Generator) -> Worker {
    let (region, occupation) = (generator.random_range(0..REGIONS), generator.random_range(0..OCCUPATIONS));
    let skill = LogNormal::new(-0.08, 0.4).expect("a deviation");
    let spread = LogNormal::new(0.0, 0.2).expect("a deviation");
    let base = [600.0, 900.0, 1300.0, 2000.0][occupation] * (0.85 + 0.05 * region as f64);
    Worker {
        group: (region * OCCUPATIONS + occupation) as u8,
        skill: skill.sample(generator) as f32,
        wage: (base * spread.sample(generator)) as f32,
        employed: generator.random_bool(0.93),
        consents: generator.random_bool(0.25),
    }
}

/// Sums of a week over a group. Money in micro-dollars.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    pub employed: i64,
    pub unemployed: i64,
    pub consenting: i64,
    pub data: f64,
    pub payroll: i64,
    pub royalties: i64,
    pub benefits: i64,
}

impl Sums {
    pub fn add(&mut self, other: &Sums) {
        self.employed += other.employed;
        self.unemployed += other.unemployed;
        self.consenting += other.consenting;
        self.data += other.data;
        self.payroll += other.payroll;
        self.royalties += other.royalties;
        self.benefits += other.benefits;
    }
}

/// What a week's loop needs to know of a group.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rates {
    /// Probability of losing the job.
    pub lose: f32,
    /// Probability of finding one.
    pub find: f32,
    /// Log odds of consenting at skill 0.
    pub consent: f32,
}

/// Everything that was paid, and last week's sums.
pub struct Book {
    workers: usize,
    ticks: usize,
    separation: f64,
    last: [Sums; GROUPS],
    data_before: [f64; GROUPS],
    paid: i128,
    payroll: i128,
}

impl Book {
    pub fn new(workers: usize, first: [Sums; GROUPS]) -> Self {
        let separation = SEPARATION;
        Book { workers, ticks: 0, separation, last: first, data_before: [0.0; GROUPS], paid: 0, payroll: 0 }
    }

    /// The book of a world with this probability of losing the job.
    pub fn with_separation(self, separation: f64) -> Self {
        Book { separation, ..self }
    }

    pub fn rates(&self) -> [Rates; GROUPS] {
        let data: f64 = self.last.iter().map(|sums| sums.data).sum();
        let ability = 1.0 - (1.0 + data / (100.0 * self.workers as f64)).powf(-0.3);
        let mut rates = [Rates::default(); GROUPS];
        for (group, rate) in rates.iter_mut().enumerate() {
            let first = group / OCCUPATIONS * OCCUPATIONS;
            let of_region = &self.last[first..first + OCCUPATIONS];
            let unemployed: i64 = of_region.iter().map(|sums| sums.unemployed).sum();
            let all: i64 = of_region.iter().map(|sums| sums.employed + sums.unemployed).sum();
            let royalties: i64 = of_region.iter().map(|sums| sums.royalties).sum();
            let now: f64 = of_region.iter().map(|sums| sums.data).sum();
            let recorded = now - self.data_before[first..first + OCCUPATIONS].iter().sum::<f64>();
            let per_hour = if recorded > 0.0 { royalties as f64 / 1e6 / recorded } else { 0.0 };
            let without = unemployed as f64 / all.max(1) as f64;
            *rate = Rates {
                lose: (self.separation * (1.0 + ability)) as f32,
                find: (0.1 * (1.0 - 0.5 * ability)) as f32,
                consent: (-1.6 + per_hour - 2.0 * without) as f32,
            };
        }
        rates
    }

    pub fn close(&mut self, sums: [Sums; GROUPS]) {
        for (before, last) in self.data_before.iter_mut().zip(&self.last) {
            *before = last.data;
        }
        self.last = sums;
        self.ticks += 1;
        for sums in &sums {
            self.payroll += i128::from(sums.payroll);
            self.paid += i128::from(sums.payroll + sums.royalties + sums.benefits);
        }
    }

    /// What the last week was like; `held` is what all workers hold together.
    pub fn means(&self, held: i128) -> Value {
        let all = self.workers as f64;
        let sum = |pick: fn(&Sums) -> f64| self.last.iter().map(pick).sum::<f64>();
        json!({
            "employed": sum(|s| s.employed as f64) / all,
            "consenting": sum(|s| s.consenting as f64) / all,
            "data": sum(|s| s.data) / (100.0 * all),
            "pay": self.payroll as f64 / 1e6 / all / self.ticks as f64,
            "royalty": sum(|s| s.royalties as f64) / 1e6 / all,
            "discrepancy": (held - self.paid).to_string(),
        })
    }

    /// A line for the comparison; `held` is what all workers hold together.
    pub fn report(&self, name: &str, time: Duration, held: i128) -> Value {
        let mut line = self.means(held);
        line["name"] = json!(name);
        line["workers"] = json!(self.workers);
        line["ticks"] = json!(self.ticks);
        line["threads"] = json!(rayon::current_num_threads());
        line["ns"] = json!(time.as_secs_f64() * 1e9 / self.workers as f64 / self.ticks as f64);
        line
    }
}
