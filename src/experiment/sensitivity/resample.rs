//! Resampling with replacement: how far an estimate would move with other points.
//!
//! Half of an interval's width is the standard deviation of the estimate over the resamples times the normal
//! quantile, which is what SALib prints. Draws are functions of the seed, so that the same table gives the
//! same intervals on every machine.

use crate::economy::shared::streams::Stream;
use crate::ground::maths::normal_quantile;
use crate::ground::random::{Chance, Key, Luck};
use crate::ground::statistics::{CONFIDENCE, Moments};
use rand::RngExt;

/// An estimate with half of the width of its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// From all points.
    pub value: f64,
    /// Half of the width of its interval; zero of fewer than two resamples.
    pub half_width: f64,
}

impl Estimate {
    /// The estimate from all points with what the resamples gave.
    pub fn with(value: f64, resampled: impl Iterator<Item = f64>) -> Estimate {
        let mut moments = Moments::default();
        resampled.for_each(|value| moments.add(value));
        let deviation = moments.variance().unwrap_or(0.0).sqrt();
        Estimate { value, half_width: normal_quantile(f64::midpoint(CONFIDENCE, 1.0)) * deviation }
    }

    /// Lower end of its interval.
    pub fn low(&self) -> f64 {
        self.value - self.half_width
    }

    /// Upper end of its interval.
    pub fn high(&self) -> f64 {
        self.value + self.half_width
    }

    /// Does its interval leave out zero?
    pub fn is_told(&self) -> bool {
        self.low() > 0.0 || self.high() < 0.0
    }
}

/// How many resamples, and with which random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resamples {
    /// How many.
    pub count: u32,
    /// Seed of their draws.
    pub seed: u64,
}

impl Resamples {
    /// For each resample, `of` as many numbers below `of`, with replacement; `family` sets draws apart.
    pub fn draws(self, family: i32, of: usize) -> impl Iterator<Item = Vec<usize>> {
        let chance: Chance = Luck::new(self.seed, 0).at(Stream::Resample, family);
        (0..u64::from(self.count)).map(move |number| {
            let mut draws = chance.draws(Key::numbered(number));
            (0..of).map(|_| draws.random_range(0..of)).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard deviation of a mean of 400 uniform numbers is sqrt(1/12/400) = 0.01443, the half-width
    /// 1.96 times that, 0.02829; 2,000 resamples know it to 1.6 % of itself (one standard error), and the
    /// sample's own variance adds 2.2 %: 12 % is more than four standard errors. Resampling without
    /// replacement would give zero.
    #[test]
    fn the_interval_of_a_mean_is_the_textbooks() {
        let chance = Luck::new(5, 0).at(Stream::Resample, 9);
        let values: Vec<f64> = (0..400).map(|key| chance.share(Key::numbered(key))).collect();
        let mean = |places: &[usize]| places.iter().map(|&place| values[place]).sum::<f64>() / 400.0;
        let all: Vec<usize> = (0..400).collect();
        let resampled = Resamples { count: 2_000, seed: 1 }.draws(0, 400).map(|places| mean(&places));
        let found = Estimate::with(mean(&all), resampled);
        assert!((found.half_width / 0.02829 - 1.0).abs() < 0.12, "{found:?}");
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |seed, family| Resamples { count: 3, seed }.draws(family, 7).collect::<Vec<_>>();
        assert_eq!(draw(1, 0), draw(1, 0));
        assert_ne!(draw(1, 0), draw(2, 0));
        assert_ne!(draw(1, 0), draw(1, 1));
    }
}
