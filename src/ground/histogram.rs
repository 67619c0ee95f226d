//! Distributions of money as integer counts: mergeable in any order, the same bits every time.
//!
//! A bin holds amounts that agree in their highest four binary digits, so it is at most an eighth
//! wide; it also keeps their exact sum, so means are exact and a Gini coefficient is off by less than
//! a thousandth.

use serde::{Deserialize, Serialize};

const BINS: usize = 512;

/// Counts and sums by size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    counts: Vec<u64>,
    sums: Vec<i128>,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { counts: vec![0; BINS], sums: vec![0; BINS] }
    }
}

#[inline]
fn bin(amount: i64) -> usize {
    if amount < 8 {
        return amount.max(0) as usize;
    }
    let top = 63 - amount.leading_zeros();
    // between 0 and 60, since there are at least four digits
    let digits = top.wrapping_sub(3);
    let next = amount.wrapping_shr(digits) & 7;
    ((digits as usize + 1) << 3) + next as usize
}

/// Counts amounts one by one, as a loop over rows can: what it becomes in the end is a [`Histogram`].
///
/// Neighbours often fall into one bin, and then each would wait until the one before is written. So they are counted
/// in turn in two halves.
#[derive(Clone, Debug)]
pub struct Tally {
    /// How many amounts, and their sum, by half.
    halves: Box<[[(u64, i64); BINS]; 2]>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally { halves: Box::new([[(0, 0); BINS]; 2]) }
    }
}

impl Tally {
    /// Counts an amount, in the half that its row falls to; one below zero counts as zero. The sum of so many amounts as
    /// a block has rows must fit its integer.
    #[inline]
    pub fn add(&mut self, row: usize, amount: i64) {
        let (count, sum) = &mut self.halves[row % 2][bin(amount) % BINS];
        *count = count.wrapping_add(1);
        *sum = sum.wrapping_add(amount.max(0));
    }

    /// All amounts, each so many times.
    pub fn times(&self, weight: u64) -> Histogram {
        let [even, odd] = &*self.halves;
        let bins = || even.iter().zip(odd).map(|(even, odd)| (even.0 + odd.0, i128::from(even.1) + i128::from(odd.1)));
        let counts = bins().map(|(count, _)| count * weight).collect();
        let sums = bins().map(|(_, sum)| sum * i128::from(weight)).collect();
        Histogram { counts, sums }
    }
}

impl Histogram {
    /// Counts an amount `weight` times; amounts below zero count as zero.
    #[inline]
    pub fn add(&mut self, amount: i64, weight: u64) {
        let bin = bin(amount);
        self.counts[bin] += weight;
        // of a wallet that is counted for as many as there are people, the product is far below 2^63
        self.sums[bin] += i128::from(amount.max(0) * weight.cast_signed());
    }

    /// Adds what another histogram counted.
    pub fn merge(&mut self, other: &Histogram) {
        self.merge_times(other, 1);
    }

    /// Adds what another histogram counted, each so many times.
    pub fn merge_times(&mut self, other: &Histogram, times: u32) {
        for (bin, &count) in other.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            self.counts[bin] += count * u64::from(times);
            self.sums[bin] += other.sums[bin] * i128::from(times);
        }
    }

    /// How many amounts were counted.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Mean amount; zero if there is none.
    pub fn mean(&self) -> f64 {
        let n = self.count();
        if n == 0 { 0.0 } else { self.sums.iter().sum::<i128>() as f64 / n as f64 }
    }

    /// The amount below which `share` of the counted lie, interpolated within a bin.
    pub fn quantile(&self, share: f64) -> f64 {
        let goal = share * self.count() as f64;
        let mut below = 0.0;
        for bin in 0..BINS {
            let n = self.counts[bin] as f64;
            if n > 0.0 && below + n >= goal {
                let mean = self.sums[bin] as f64 / n;
                let (low, high) = edges(bin);
                let within = low + (high - low) * ((goal - below) / n).clamp(0.0, 1.0);
                // a bin with one value should give that value
                return if n == 1.0 { mean } else { within };
            }
            below += n;
        }
        0.0
    }

    /// Share of the counted that lie below an amount, interpolated within a bin.
    pub fn share_below(&self, amount: f64) -> f64 {
        let n = self.count() as f64;
        if n == 0.0 {
            return 0.0;
        }
        let mut below = 0.0;
        for bin in 0..BINS {
            let (low, high) = edges(bin);
            if high <= amount {
                below += self.counts[bin] as f64;
            } else if low < amount {
                below += self.counts[bin] as f64 * (amount - low) / (high - low);
            }
        }
        below / n
    }

    /// Gini coefficient: 0 when all have the same, towards 1 when one has all.
    pub fn gini(&self) -> f64 {
        let total = self.sums.iter().sum::<i128>() as f64;
        let n = self.count() as f64;
        if total <= 0.0 || n == 0.0 {
            return 0.0;
        }
        let (mut held, mut area) = (0.0, 0.0);
        for bin in 0..BINS {
            let (count, sum) = (self.counts[bin] as f64, self.sums[bin] as f64);
            area += count * (held + sum / 2.0);
            held += sum;
        }
        1.0 - 2.0 * area / (n * total)
    }
}

fn edges(bin: usize) -> (f64, f64) {
    if bin < 8 {
        return (bin as f64, bin as f64 + 1.0);
    }
    let top = (bin >> 3) as i32 + 2;
    let width = libm::exp2(f64::from(top - 3));
    let low = (8 + (bin & 7)) as f64 * width;
    (low, low + width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_amounts_are_equal() {
        let mut histogram = Histogram::default();
        (0..100).for_each(|_| histogram.add(5_000_000, 1));
        assert!(histogram.gini().abs() < 1e-12);
        assert_eq!(histogram.mean(), 5_000_000.0);
    }

    #[test]
    fn a_uniform_spread_has_a_gini_of_a_third() {
        let mut histogram = Histogram::default();
        (0..100_000).for_each(|n| histogram.add(n * 1_000, 1));
        assert!((histogram.gini() - 1.0 / 3.0).abs() < 1e-3, "{}", histogram.gini());
        assert!((histogram.quantile(0.5) / 5e7 - 1.0).abs() < 1e-3);
        assert!((histogram.share_below(2.5e7) - 0.25).abs() < 1e-3);
    }

    #[test]
    fn bins_are_in_order_and_meet() {
        for amount in 0..10_000_i64 {
            let (low, high) = edges(bin(amount));
            assert!(low <= amount as f64 && (amount as f64) < high, "{amount}: {low} {high}");
        }
        assert!(bin(i64::MAX) < BINS);
    }

    #[test]
    fn merging_is_counting_together() {
        let (mut one, mut two, mut all) = (Histogram::default(), Histogram::default(), Histogram::default());
        for n in 0..1_000 {
            if n % 3 == 0 {
                one.add(n * n, 2)
            } else {
                two.add(n * n, 2)
            }
            all.add(n * n, 2);
        }
        one.merge(&two);
        assert_eq!(one, all);
    }

    #[test]
    fn a_tally_becomes_the_histogram_of_its_amounts() {
        let amounts = [-3, 0, 1, 7, 8, 9, 15, 16, 17, 1_000, 123_456_789, (1 << 43) - 1, 1 << 43];
        let (mut one_by_one, mut tally) = (Histogram::default(), Tally::default());
        let more = (0..58).flat_map(|n| [1 << n, (1 << n) - 1, 3 << (n / 2)]);
        for (row, amount) in amounts.into_iter().chain(more).enumerate() {
            one_by_one.add(amount, 5);
            tally.add(row, amount);
        }
        assert_eq!(tally.times(5), one_by_one);
    }
}
