//! Gains and losses: who gained, who lost, who was paid.
//!
//! One account for every group of people and every region, made of the transactions-flow matrix and of indicators that
//! are recorded anyway. It has three numbers a line, in dollars (or persons):
//!
//! ```text
//! paid over the run      received less paid, from the first tick to the last record
//! paid in the last year  the same over the last 52 weeks, or over as many as there are, as a rate a year
//! before                 received less paid in a year before the start: the last 52 weeks of the spin-up
//!
//! gained over the run = paid over the run - before * years
//! ```
//!
//! So a *gain* is against a world that goes on as it was in the year before the start. What grew for other reasons
//! (wages, demand, population) is in it. What a law or a machine did is told by `handover compare`, where the same account
//! is paired with that of another world and what was before cancels out.
//!
//! Three lines are no payments. Buyers gain by prices ([`crate::economy::demand::buyers`]): they already have what
//! they save, so it stands beside the payments and is in no sum of them. What the displaced lost, against the wage that
//! their market pays and their skill earned, and what they received instead, is in the wages and transfers of all
//! workers already. Of those who entered and were never hired the model knows how many there are, and not what they
//! would have earned.
//!
//! **The identity.** Both ends of every payment are in one line each, so all lines of payments add up to nothing over
//! the world, to the micro-dollar, in each of the three numbers; and the lines of a sector add up to what it holds more
//! than before. Dividends and owners' money for their firms are in no line: a profit is gained when it is made, where
//! the firm is at home, and not a second time where its owner lives. [`Gains::astray`] is what is missing.
//!
//! Worked example. Before the start a site sells for 100 a year, pays wages of 90 and taxes of 2. In the first year it
//! sells for 100, pays wages of 60, 30 for robots and licences, and 3 of taxes. Its owners were paid 7, which is 1 less
//! than the 8 of before; workers were paid 60 and lost 30; the government gained 1; makers and labs, which sold nothing
//! before, gained 30.
//!
//! Left out: what work is worth beside its pay; what footage shows of those who did not agree; profits of suppliers; who
//! owns what abroad (`flows.parquet` has the dividends); what it is worth to have a dollar early.

mod lines;

pub use lines::{BETWEEN_OWNERS, Ends, Group, Line, Made};

use crate::economy::policy::Clock;
use crate::economy::world::flows::Flow;
use crate::ground::list::Listed;
use crate::ground::money::MICRO;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::indicators::{Flows, Series, Wanted};

crate::summed! {
    /// What a line or a group was paid, and what it gained: dollars, or persons.
    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    pub struct Amounts {
        /// Received less paid over the run.
        pub paid: f64,
        /// The same in the last year.
        pub paid_last_year: f64,
        /// The same in a year before the start; NaN where nothing was measured before it. No payment: zero.
        pub year_before: f64,
        /// Gained over the run, against as many years before the start.
        pub gained: f64,
        /// Gained in the last year, against a year before the start.
        pub gained_last_year: f64,
    }
}

impl Amounts {
    fn of(paid: f64, paid_last_year: f64, year_before: f64, years: f64) -> Amounts {
        let (gained, gained_last_year) = (paid - year_before * years, paid_last_year - year_before);
        Amounts { paid, paid_last_year, year_before, gained, gained_last_year }
    }
}

/// Who gained, who lost, who was paid.
///
/// ```
/// use handover::observe::gains::{Group, Line};
/// use handover::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=0.2"];
/// let gains = run(&open_scenario("scenarios/baseline.toml", &settings)?, |_| true)?.gains();
/// assert_eq!(gains.astray(), [0, 0, 0]);
/// assert!(gains.line(Line::SiteWages, None).paid > 0.0);
/// assert!(gains.group(Group::NeverHired, None).is_none(), "of them persons are known, and no dollars");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Gains {
    regions: usize,
    /// Payments of lines by region, micro-dollars: over the run, over the last year, before the start.
    payments: Vec<[i128; 3]>,
    /// The other lines by region: at the end, and what came of it in the last year.
    stocks: Vec<[f64; 2]>,
    span: Span,
}

/// What the three numbers are counted over, in ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    year: f64,
    run: f64,
    last_year: f64,
    before: f64,
}

impl Gains {
    /// What must be recorded for it: the payments, and the metrics of lines that are none.
    pub fn wanted() -> Wanted {
        let metric = |line: &Line| match line.made() {
            Made::Shown(metric, ..) | Made::Within(metric, ..) | Made::Persons(metric) => Some(metric),
            Made::Of(..) | Made::Use(..) => None,
        };
        Wanted::metrics(Line::ALL.iter().filter_map(metric)).and_flows()
    }

    /// Makes the account of what a run with this clock recorded, in so many regions.
    pub fn of(series: &Series, flows: &Flows, clock: &Clock, regions: usize) -> Gains {
        let year = clock.ticks_in(WEEKS_PER_YEAR).max(1);
        let end = series.rows.last().map_or(-1, |row| row.tick);
        // the last record that is older than a year
        let since = series.rows.iter().rev().find(|row| row.tick <= end - year).map_or(-1, |row| row.tick);
        let span = Span {
            year: year.into(),
            run: f64::from(end + 1),
            last_year: f64::from(end - since),
            before: flows.before.ticks.into(),
        };
        let payments = Matrix::of(flows, since, regions).lines();
        let stocks = stocks(series, since, regions);
        Gains { regions, payments, stocks, span }
    }

    fn cell(&self, line: Line, region: usize) -> Amounts {
        let place = line.index() * self.regions + region;
        let Span { year, run, last_year, before } = self.span;
        // a run without a record has no rate a year, and one without a spin-up nothing before
        let rate = if last_year > 0.0 { year / last_year } else { 1.0 };
        if line.payments().is_none() {
            let [paid, late] = self.stocks[place];
            return Amounts::of(paid, late * rate, 0.0, 0.0);
        }
        let [paid, late, early] = self.payments[place].map(|micro| micro as f64 / MICRO);
        let year_before = if before > 0.0 { early * (year / before) } else { f64::NAN };
        Amounts::of(paid, late * rate, year_before, run / year)
    }

    /// A line in one region, or in the world.
    pub fn line(&self, line: Line, region: Option<usize>) -> Amounts {
        let mut sum = Amounts::default();
        (0..self.regions).filter(|&r| region.is_none_or(|one| one == r)).for_each(|r| sum += self.cell(line, r));
        sum
    }

    /// What a group gained or lost: its lines but the persons; none if it has only these, and none for everybody else,
    /// of whom it is not known.
    pub fn group(&self, group: Group, region: Option<usize>) -> Option<Amounts> {
        let lines = Line::of(group).filter(|line| line.is_gain());
        lines.map(|line| self.line(line, region)).reduce(|mut sum, more| {
            sum += more;
            sum
        })
    }

    /// Regions of the account.
    pub fn regions(&self) -> usize {
        self.regions
    }

    /// Micro-dollars by which the lines of payments miss nothing, over the world: over the run, in the last year, before
    /// the start. Zero, or a payment is in a line twice or in none.
    pub fn astray(&self) -> [i128; 3] {
        self.payments.iter().fold([0; 3], |sum, cell| [sum[0] + cell[0], sum[1] + cell[1], sum[2] + cell[2]])
    }

    /// Micro-dollars of a line of payments in a region: over the run, in the last year, before the start.
    pub fn micro_dollars(&self, line: Line, region: usize) -> [i128; 3] {
        self.payments[line.index() * self.regions + region]
    }
}

/// A row of the account: a line or, without one, a whole group; in a region or, without one, in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Whose row it is.
    pub group: Group,
    /// Which of the group's lines.
    pub line: Option<Line>,
    /// Place of the region.
    pub region: Option<usize>,
}

impl Entry {
    /// A group as a whole, in a region or in the world.
    pub fn group(group: Group, region: Option<usize>) -> Entry {
        Entry { group, line: None, region }
    }

    /// Every row, of the world first: of each group the whole, if it is known, and its lines.
    pub fn all(regions: usize) -> Vec<Entry> {
        let places = || std::iter::once(None).chain((0..regions).map(Some));
        let of_group = |group: Group, region: Option<usize>| {
            let whole = Line::of(group).any(Line::is_gain).then_some(Entry { group, line: None, region });
            whole.into_iter().chain(Line::of(group).map(move |line| Entry { group, line: Some(line), region }))
        };
        places().flat_map(|region| Group::ALL.iter().flat_map(move |&group| of_group(group, region))).collect()
    }

    /// What stands in this row of an account; nothing where it is not known.
    pub fn of(self, gains: &Gains) -> Amounts {
        match self.line {
            Some(line) => gains.line(line, self.region),
            None => gains.group(self.group, self.region).unwrap_or_default(),
        }
    }

    /// The line's words; those of a whole group are "all".
    pub fn words(self) -> &'static str {
        self.line.map_or("all", Listed::name)
    }

    /// The kind of line, in a word of the tables; of a whole group "total".
    pub fn kind(self) -> &'static str {
        self.line.map_or("total", Line::kind)
    }

    /// Its unit.
    pub fn unit(self) -> &'static str {
        self.line.map_or("USD", Line::unit)
    }
}

/// Payments by kind and region, micro-dollars: over the run, over the last year, before the start.
struct Matrix {
    regions: usize,
    received: Vec<[i128; 3]>,
    paid: Vec<[i128; 3]>,
}

impl Matrix {
    /// Adds up what was recorded; the last year is what comes after the tick `since`.
    fn of(flows: &Flows, since: i32, regions: usize) -> Matrix {
        let empty = vec![[0; 3]; Flow::ALL.len() * regions];
        let mut matrix = Matrix { regions, received: empty.clone(), paid: empty };
        for &(tick, flow, from, to, amount) in &flows.rows {
            let late = if tick > since { amount } else { 0 };
            matrix.add(flow, (from.into(), to.into()), [amount, late, 0]);
        }
        for (place, &amount) in flows.before.cells.iter().enumerate() {
            let (pair, flow) = (place % (regions * regions), Flow::ALL[place / (regions * regions)]);
            matrix.add(flow, (pair / regions, pair % regions), [0, 0, amount]);
        }
        matrix
    }

    fn add(&mut self, flow: Flow, (from, to): (usize, usize), amounts: [i128; 3]) {
        let first = flow as usize * self.regions;
        for (sums, region) in [(&mut self.paid, from), (&mut self.received, to)] {
            sums[first + region].iter_mut().zip(amounts).for_each(|(sum, amount)| *sum += amount);
        }
    }

    /// Received less paid, by line and region.
    fn lines(&self) -> Vec<[i128; 3]> {
        let mut cells = Vec::new();
        for &line in Line::ALL {
            let (received, paid) = line.payments().unwrap_or_default();
            for region in 0..self.regions {
                let at = |flow: Flow| flow as usize * self.regions + region;
                let sum = |flows: &[Flow], of: &[[i128; 3]], n: usize| -> i128 {
                    flows.iter().map(|&flow| of[at(flow)][n]).sum()
                };
                cells.push([0, 1, 2].map(|n| sum(received, &self.received, n) - sum(paid, &self.paid, n)));
            }
        }
        cells
    }
}

/// Lines that are no payments, by region: at the end of the run, and what was added after the tick `since`.
fn stocks(series: &Series, since: i32, regions: usize) -> Vec<[f64; 2]> {
    let mut cells = vec![[0.0; 2]; Line::ALL.len() * regions];
    for &line in Line::ALL {
        let (metric, item, sign) = match line.made() {
            Made::Shown(metric, item, sign) | Made::Within(metric, item, sign) => (metric, item, sign),
            Made::Persons(metric) => (metric, "all", 1.0),
            Made::Of(..) | Made::Use(..) => continue,
        };
        let Some(item) = series.items.iter().position(|word| word == item) else { continue };
        let mut early = vec![0.0; regions];
        let own = &mut cells[line.index() * regions..][..regions];
        for row in series.rows.iter().filter(|row| row.metric == metric && usize::from(row.item) == item) {
            let region = usize::from(row.region);
            own[region][0] = row.value;
            if row.tick <= since {
                early[region] = row.value;
            }
        }
        for (cell, early) in own.iter_mut().zip(early) {
            // no minus before a zero
            *cell = [cell[0], cell[0] - early].map(|value| sign * value + 0.0);
        }
    }
    cells
}

#[cfg(test)]
mod tests;
