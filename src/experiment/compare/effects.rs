//! Paired differences over replicates, of every recorded value, of headlines, money, receipt and lives.
//!
//! Each replicate adds one pair (base, reform) to a cell, and is forgotten. The interval is Student's t
//! over the paired differences. The variance-reduction factor says what the pairing was worth: the
//! variance of the difference of two runs with independent random numbers, var(base) + var(reform), over that of
//! the paired difference.

use super::{Divergence, Reformed};
use crate::economy::policy::Clock;
use crate::economy::world::flows::Flow;
use crate::experiment::became::{Became, together};
use crate::experiment::compare::headlines::{Headline, headlines};
use crate::experiment::compare::lives::{Group, Sums};
use crate::experiment::run::{ReceiptCell, Results};
use crate::ground::statistics::Moments;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::gains::{Amounts, Entry, Gains};
use crate::observe::indicators::{Metric, Series};
use std::collections::BTreeMap;

/// A variance below this part of another is what rounding leaves of zero.
const ROUNDING: f64 = 1e-20;

/// Pairs of a value in the base and in the reform.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Paired {
    /// In the base.
    pub base: Moments,
    /// In the reform.
    pub reform: Moments,
    /// Reform less base, replicate by replicate.
    pub difference: Moments,
}

impl Paired {
    /// Pairs of what the base gave and what the reform gave.
    #[cfg(test)]
    pub fn of(pairs: &[(f64, f64)]) -> Paired {
        let mut of = Paired::default();
        pairs.iter().for_each(|&(base, reform)| of.add(base, reform));
        of
    }

    /// Adds a replicate.
    pub fn add(&mut self, base: f64, reform: f64) {
        self.base.add(base);
        self.reform.add(reform);
        self.difference.add(reform - base);
    }

    /// The 95 % interval of the mean difference; none of fewer than two replicates.
    pub fn interval(&self) -> Option<(f64, f64)> {
        let half = self.difference.half_width()?;
        Some((self.difference.mean - half, self.difference.mean + half))
    }

    /// Is zero outside of the interval?
    pub fn is_told(&self) -> bool {
        self.interval().is_some_and(|(low, high)| low > 0.0 || high < 0.0)
    }

    /// Var(base) + var(reform) over the variance of the difference; none where nothing varies, and none where the
    /// difference is the same in every replicate up to rounding: no number of replicates would be worth as much.
    pub fn variance_reduction(&self) -> Option<f64> {
        let independent = self.base.variance()? + self.reform.variance()?;
        let paired = self.difference.variance()?;
        (paired > independent * ROUNDING).then(|| independent / paired)
    }
}

/// Of what a series is: region, metric, item.
pub type Column = (u16, Metric, String);

/// Pairs of every recorded value.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Places of columns within a record.
    pub columns: BTreeMap<Column, usize>,
    /// By tick of the record, then by column.
    pub records: BTreeMap<i32, Vec<Paired>>,
}

impl Grid {
    /// Adds a replicate; a value that only one of the two worlds has recorded is left out.
    pub fn add(&mut self, base: &Series, reform: &Series) {
        let mut others: BTreeMap<(u16, Metric, &str), f64> = BTreeMap::new();
        let mut theirs = reform.rows.chunk_by(|a, b| a.tick == b.tick).peekable();
        for rows in base.rows.chunk_by(|a, b| a.tick == b.tick) {
            let tick = rows[0].tick;
            others.clear();
            while let Some(chunk) = theirs.next_if(|chunk| chunk[0].tick <= tick) {
                if chunk[0].tick == tick {
                    let word = |item: u16| reform.items[usize::from(item)].as_str();
                    others.extend(chunk.iter().map(|row| ((row.region, row.metric, word(row.item)), row.value)));
                }
            }
            let record = self.records.entry(tick).or_default();
            for row in rows {
                let item = base.items[usize::from(row.item)].as_str();
                let Some(&other) = others.get(&(row.region, row.metric, item)) else { continue };
                let key = (row.region, row.metric, item.to_owned());
                let next = self.columns.len();
                let place = *self.columns.entry(key).or_insert(next);
                if record.len() <= place {
                    record.resize(place + 1, Paired::default());
                }
                record[place].add(row.value, other);
            }
        }
    }

    /// Pairs of one column over time, where there are any.
    pub fn history(&self, region: usize, metric: Metric, item: &str) -> Vec<(i32, Paired)> {
        let key = (region as u16, metric, item.to_owned());
        let Some(&place) = self.columns.get(&key) else { return Vec::new() };
        let at = |(&tick, record): (&i32, &Vec<Paired>)| {
            record.get(place).filter(|pair| pair.base.count > 0).map(|pair| (tick, *pair))
        };
        self.records.iter().filter_map(at).collect()
    }

    /// The pair of one column at the last record.
    pub fn last(&self, region: usize, metric: Metric, item: &str) -> Option<Paired> {
        let end = *self.records.keys().last()?;
        self.history(region, metric, item).last().filter(|(tick, _)| *tick == end).map(|(_, pair)| *pair)
    }
}

/// What a group of people has in both worlds.
#[derive(Clone, Copy, Debug, Default)]
pub struct LifeEffect {
    /// People.
    pub people: Moments,
    /// Mean lifetime income, dollars.
    pub income: Paired,
    /// Shares of the group: winners, losers, displaced in the base only, in the reform only, in both.
    pub shares: [Moments; 5],
}

impl LifeEffect {
    /// Adds a replicate, in which a lot is so many persons.
    fn add(&mut self, sums: &Sums, lot: f64) {
        let Some((base, reform)) = sums.means() else { return };
        self.people.add(sums.lots as f64 * lot);
        self.income.add(base, reform);
        let counts = [sums.winners, sums.losers, sums.saved, sums.lost, sums.displaced_in_both];
        for (share, count) in self.shares.iter_mut().zip(counts) {
            share.add(count as f64 / sums.lots as f64);
        }
    }
}

/// Everything that is known about one reform against the base.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// Every recorded value.
    pub grid: Grid,
    /// Headlines, in their order.
    pub headlines: Vec<(Headline, Paired)>,
    /// Payments of the last year, dollars, by kind, payer's and payee's region.
    pub money: BTreeMap<(Flow, u16, u16), Paired>,
    /// The receipt over the whole run; jobs of the last whole year.
    pub receipt: BTreeMap<ReceiptCell, Paired>,
    /// Who gained, who lost, who was paid in the base and in the reform of each replicate.
    pub gains: Vec<[Gains; 2]>,
    /// What became of absorbed work: each step by region, the world last.
    pub became: Vec<[Paired; 6]>,
    /// Lives, by group.
    pub lives: BTreeMap<Group, LifeEffect>,
    /// By record and region: share of people who do something else than in the base.
    pub divergence: BTreeMap<(i32, usize), Moments>,
    /// By region, the world last: months from the start to the tipping point in base and reform, of the
    /// replicates that tip.
    pub tipping: Vec<[Vec<f64>; 2]>,
}

impl Effects {
    /// Adds a replicate.
    pub fn add(&mut self, base: &Results, reformed: &Reformed) {
        let reform = &reformed.results;
        self.grid.add(&base.series, &reform.series);
        let (mine, theirs) = (headlines(base, &reformed.lives, false), headlines(reform, &reformed.lives, true));
        for (n, ((headline, before), (_, after))) in mine.into_iter().zip(theirs).enumerate() {
            if self.headlines.len() <= n {
                self.headlines.push((headline, Paired::default()));
            }
            // a headline that one of the worlds has not (nobody displaced, nothing lost) has no pair
            if before.is_finite() && after.is_finite() {
                self.headlines[n].1.add(before, after);
            }
        }
        pair_up(&mut self.money, &base.last_year(), &reform.last_year());
        pair_up(&mut self.receipt, &base.receipt_cells(), &reform.receipt_cells());
        self.gains.push([base.gains(), reform.gains()]);
        self.add_became(base, reform);
        let lot = base.scenario.parameters.weights.lot() as f64;
        for (group, sums) in &reformed.lives {
            self.lives.entry(group.clone()).or_default().add(sums, lot);
        }
        for &Divergence { tick, region, people, differing } in &reformed.divergence {
            if people > 0 {
                self.divergence.entry((tick, region)).or_default().add(differing as f64 / people as f64);
            }
        }
        let worlds = [tipping(base), tipping(reform)];
        self.tipping.resize(worlds[0].len(), [Vec::new(), Vec::new()]);
        for (world, months) in worlds.into_iter().enumerate() {
            for (place, months) in self.tipping.iter_mut().zip(months) {
                place[world].extend(months);
            }
        }
    }

    fn add_became(&mut self, base: &Results, reform: &Results) {
        let [before, after] = [base, reform].map(|results| {
            let regions = Became::of(results);
            let world = together(&regions);
            [regions, vec![world]].concat()
        });
        self.became.resize(before.len(), Default::default());
        for (pairs, (before, after)) in self.became.iter_mut().zip(before.into_iter().zip(after)) {
            for (pair, (before, after)) in pairs.iter_mut().zip(before.0.into_iter().zip(after.0)) {
                pair.add(before, after);
            }
        }
    }

    /// What a row of the account has in both worlds, one of its numbers; what either does not know makes no pair.
    pub fn gain(&self, entry: Entry, number: impl Fn(Amounts) -> f64) -> Paired {
        let mut pair = Paired::default();
        for [base, reform] in &self.gains {
            let [before, after] = [base, reform].map(|gains| number(entry.of(gains)));
            if before.is_finite() && after.is_finite() {
                pair.add(before, after);
            }
        }
        pair
    }

    /// A headline by its name, of the world.
    pub fn headline(&self, name: &str) -> Option<&Paired> {
        self.headlines
            .iter()
            .find(|(headline, _)| headline.name == name && headline.region.is_none())
            .map(|(_, pair)| pair)
    }
}

/// Adds a pair to every key that either has; what is missing is nothing.
fn pair_up<K: Ord + Copy>(into: &mut BTreeMap<K, Paired>, base: &BTreeMap<K, f64>, reform: &BTreeMap<K, f64>) {
    let earlier = into.values().next().map_or(0, |pair| pair.base.count);
    let keys: std::collections::BTreeSet<K> = into.keys().chain(base.keys()).chain(reform.keys()).copied().collect();
    for key in keys {
        let pair = into.entry(key).or_insert_with(|| {
            // replicates before this one had nothing here
            let mut pair = Paired::default();
            (0..earlier).for_each(|_| pair.add(0.0, 0.0));
            pair
        });
        pair.add(base.get(&key).copied().unwrap_or(0.0), reform.get(&key).copied().unwrap_or(0.0));
    }
}

/// Months from the start until the first record in whose interval more people were displaced than
/// displaced people found work again: by region, the world last; none where it never happens.
pub fn tipping(results: &Results) -> Vec<Option<f64>> {
    let clock = Clock::of(&results.scenario.parameters.run);
    let regions = results.scenario.parameters.regions.len();
    let totals = |metric, region| results.series.history(metric, region, "all").unwrap_or_default();
    let mut balance: Vec<BTreeMap<i32, f64>> = vec![BTreeMap::new(); regions + 1];
    for region in 0..regions {
        for (metric, sign) in [(Metric::DisplacedTotal, 1.0), (Metric::ReemployedTotal, -1.0)] {
            let mut before = 0.0;
            for (tick, total) in totals(metric, region) {
                for place in [region, regions] {
                    *balance[place].entry(tick).or_default() += sign * (total - before);
                }
                before = total;
            }
        }
    }
    let weeks_per_month = WEEKS_PER_YEAR / 12.0;
    let first = |balance: &BTreeMap<i32, f64>| {
        let tick = balance.iter().find(|(_, more)| **more > 0.0).map(|(tick, _)| *tick)?;
        Some(clock.weeks_behind(tick) / weeks_per_month)
    };
    balance.iter().map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairing_removes_what_both_worlds_share() {
        // base 1, 5, 9 and reform 2, 6.5, 9.5: differences 1, 1.5, 0.5; var(base) = 16, var(reform) = 14.25,
        // var(difference) = 0.25: (16 + 14.25) / 0.25 = 121; interval 1 +- 4.3027 sqrt(0.25 / 3) = 1.2421
        let pair = Paired::of(&[(1.0, 2.0), (5.0, 6.5), (9.0, 9.5)]);
        assert!((pair.variance_reduction().unwrap() - 121.0).abs() < 1e-9);
        let (low, high) = pair.interval().unwrap();
        assert!((low - (1.0 - 1.2421)).abs() < 1e-3 && (high - 2.2421).abs() < 1e-3, "{low} {high}");
    }

    #[test]
    fn a_difference_without_spread_has_no_factor() {
        let mut pair = Paired::default();
        [(0.1, 0.4), (0.7, 1.0), (0.3, 0.6)].into_iter().for_each(|(base, reform)| pair.add(base, reform));
        assert_eq!(pair.variance_reduction(), None, "0.3 each time, up to rounding");
        let mut exact = Paired::default();
        [(1.0, 2.0), (5.0, 6.0)].into_iter().for_each(|(base, reform)| exact.add(base, reform));
        assert_eq!(exact.variance_reduction(), None);
    }

    #[test]
    fn a_key_that_appears_late_was_nothing_before() {
        let mut pairs = BTreeMap::new();
        pair_up(&mut pairs, &[(1, 2.0)].into(), &[(1, 3.0)].into());
        pair_up(&mut pairs, &[(1, 2.0)].into(), &[(1, 3.0), (7, 10.0)].into());
        assert_eq!((pairs[&7].base.count, pairs[&7].difference.mean), (2, 5.0));
        assert_eq!(pairs[&1].difference.mean, 1.0);
    }
}
