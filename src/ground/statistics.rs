//! What a few replicates say about a mean: intervals, and quantiles of a handful of values.
//!
//! Intervals are Student's t over replicates, which are independent draws of all random numbers. For a paired
//! difference the replicate is the pair: the same people and the same random numbers in both worlds.

use std::cell::Cell;

/// Mean and spread of values seen one at a time, by Welford's method.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// How many values.
    pub count: u32,
    /// Their mean.
    pub mean: f64,
    squares: f64,
}

/// How sure an interval is.
pub const CONFIDENCE: f64 = 0.95;

impl Moments {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / f64::from(self.count);
        self.squares += before * (value - self.mean);
    }

    /// Unbiased variance; none of fewer than two values.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / f64::from(self.count - 1))
    }

    /// Half of the width of the 95 % interval of the mean; none of fewer than two values.
    pub fn half_width(&self) -> Option<f64> {
        self.half_width_at(CONFIDENCE)
    }

    /// Half of the width of the interval of the mean at some confidence, by Student's t.
    pub fn half_width_at(&self, confidence: f64) -> Option<f64> {
        let error = (self.variance()? / f64::from(self.count)).sqrt();
        Some(student_quantile(f64::midpoint(confidence, 1.0), self.count - 1) * error)
    }
}

/// Quantile by linear interpolation between the sorted values (type 7 of Hyndman and Fan, 1996); NaN of none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let below = crate::ground::numbers::whole(place.floor()).unsigned_abs() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

/// Probability that Student's t with whole degrees of freedom lies within `t` of zero: the finite sums of
/// Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
pub fn student_within(t: f64, freedom: u32) -> f64 {
    let n = f64::from(freedom);
    let (sine, cosine) = (t / (n + t * t).sqrt(), (n / (n + t * t)).sqrt());
    let angle = libm::atan2(t, n.sqrt());
    let is_odd = freedom % 2 == 1;
    let mut term = if is_odd { cosine } else { 1.0 };
    let mut sum = if freedom > 1 { term } else { 0.0 };
    let mut k = if is_odd { 3 } else { 2 };
    while k < freedom {
        term *= cosine * cosine * f64::from(k - 1) / f64::from(k);
        sum += term;
        k += 2;
    }
    if is_odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum }
}

/// Quantile of Student's t above its middle. A table asks for the same one row after row: the last is remembered.
pub fn student_quantile(p: f64, freedom: u32) -> f64 {
    thread_local! {
        static LAST: Cell<Option<(f64, u32, f64)>> = const { Cell::new(None) };
    }
    if let Some((last, same, found)) = LAST.get()
        && last.to_bits() == p.to_bits()
        && same == freedom
    {
        return found;
    }
    let found = student_bisected(p, freedom);
    LAST.set(Some((p, freedom, found)));
    found
}

fn student_bisected(p: f64, freedom: u32) -> f64 {
    let within = 2.0 * p - 1.0;
    let (mut low, mut high) = (0.0, 1.0);
    while student_within(high, freedom) < within && high < 1e9 {
        high *= 2.0;
    }
    // each step halves the interval: sixty of them leave the last bits
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if student_within(middle, freedom) < within { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// Spearman's: the correlation of ranks, equal values sharing the mean of theirs.
pub fn rank_correlation(left: &[f64], right: &[f64]) -> Option<f64> {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let rank = |value: &f64| {
            let below = values.iter().filter(|other| *other < value).count();
            let equal = values.iter().filter(|other| *other == value).count();
            below as f64 + (equal as f64 - 1.0) / 2.0
        };
        values.iter().map(rank).collect()
    };
    let (left, right) = (ranks(left), ranks(right));
    let points: Vec<(f64, f64)> = left.into_iter().zip(right).collect();
    let (up, across) = (slope(&points)?, slope(&points.iter().map(|(x, y)| (*y, *x)).collect::<Vec<_>>())?);
    // the product of both slopes is the square of the correlation
    Some((up * across).max(0.0).sqrt() * up.signum())
}

/// Slope of the second in the first by least squares; nothing if the first does not move.
pub fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len() as f64;
    let mean = |part: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / count;
    let (x, y) = (mean(&|point| point.0), mean(&|point| point.1));
    let spread = mean(&|point| (point.0 - x) * (point.0 - x));
    (points.len() > 1 && spread > 0.0).then(|| mean(&|point| (point.0 - x) * (point.1 - y)) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_correlate_as_by_hand() {
        // ranks 1 2 3 4 5 and 2 1 4 3 5: 1 - 6 (1 + 1 + 1 + 1)/(5 * 24) = 0.8
        let found = rank_correlation(&[10.0, 20.0, 30.0, 40.0, 50.0], &[2.0, 1.0, 4.0, 3.0, 5.0]).unwrap();
        assert!((found - 0.8).abs() < 1e-12, "{found}");
        let against = rank_correlation(&[1.0, 2.0, 3.0], &[9.0, 8.0, 7.0]).unwrap();
        assert!((against + 1.0).abs() < 1e-12, "{against}");
        assert_eq!(rank_correlation(&[1.0, 1.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn student_quantiles_are_those_of_the_printed_tables() {
        // two-sided 95 %: 12.706 (1), 4.303 (2), 3.182 (3), 2.262 (9), 2.093 (19), 1.984 (100); 99 % of 4: 4.604
        for (freedom, expected) in [(1, 12.706), (2, 4.303), (3, 3.182), (9, 2.262), (19, 2.093), (100, 1.984)] {
            let found = student_quantile(0.975, freedom);
            assert!((found - expected).abs() < 5e-4, "{freedom}: {found}");
        }
        assert!((student_quantile(0.995, 4) - 4.604).abs() < 5e-4);
    }

    #[test]
    fn an_interval_is_the_one_by_hand() {
        // 1, 2, 3, 6: mean 3, variance (4 + 1 + 0 + 9)/3 = 14/3; 3.1824 sqrt(14/12) = 3.4374
        let mut moments = Moments::default();
        [1.0, 2.0, 3.0, 6.0].into_iter().for_each(|value| moments.add(value));
        assert!((moments.mean - 3.0).abs() < 1e-12);
        assert!((moments.variance().unwrap() - 14.0 / 3.0).abs() < 1e-12);
        assert!((moments.half_width().unwrap() - 3.4374).abs() < 1e-3);
        let mut one = Moments::default();
        one.add(5.0);
        assert_eq!(one.half_width(), None);
    }

    #[test]
    fn equal_values_have_no_spread_at_all() {
        let mut moments = Moments::default();
        (0..20).for_each(|_| moments.add(0.1));
        assert_eq!(moments.half_width(), Some(0.0));
    }

    #[test]
    fn quantiles_are_those_of_r() {
        // R: quantile(c(1, 2, 4, 8), c(.05, .25, .5, .75, .95)) = 1.15 1.75 3.00 5.00 7.40
        let values = [1.0, 2.0, 4.0, 8.0];
        for (share, expected) in [(0.05, 1.15), (0.25, 1.75), (0.5, 3.0), (0.75, 5.0), (0.95, 7.4), (1.0, 8.0)] {
            assert!((quantile(&values, share) - expected).abs() < 1e-12, "{share}");
        }
        assert!(quantile(&[], 0.5).is_nan());
    }

    /// Of 2,000 intervals from four normal values each, 95 % should hold the true mean: between 93.5 % and
    /// 96.5 % (three standard errors); a normal instead of Student's quantile would hold it in 85.5 %.
    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        use crate::ground::random::{Key, Luck, StandardNormal};
        use rand_distr::Distribution;
        let chance = Luck::new(11, 0).at(1_u64, 0);
        let holds = (0..2_000_u64).filter(|&trial| {
            let mut draws = chance.draws(Key::numbered(trial));
            let mut moments = Moments::default();
            (0..4).for_each(|_| moments.add(StandardNormal.sample(&mut draws)));
            moments.half_width().is_some_and(|half| moments.mean.abs() <= half)
        });
        let share = holds.count() as f64 / 2_000.0;
        assert!((0.935..0.965).contains(&share), "{share}");
    }
}
