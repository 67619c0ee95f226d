//! Distributions of draws.
//!
//! They are inverse CDFs over [`crate::ground::maths`] instead of `rand_distr`'s own Normal, LogNormal, Exp and
//! Poisson: those call whatever `num-traits` was built with, so the same seed would draw other numbers in a build with
//! other features. They implement `rand_distr`'s [`Distribution`], so they work with any generator of the `rand`
//! family.

use crate::ground::maths;
use crate::ground::numbers::floor;
use rand::Rng;
use rand_distr::Distribution;

/// A number strictly between 0 and 1, which every quantile function accepts.
fn open_share<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    ((rng.next_u64() >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0)
}

/// The standard normal distribution.
#[derive(Clone, Copy, Debug)]
pub struct StandardNormal;

impl Distribution<f64> for StandardNormal {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        maths::normal_quantile(open_share(rng))
    }
}

/// Lognormal with mean 1 and log standard deviation `sigma`.
#[derive(Clone, Copy, Debug)]
pub struct UnitLogNormal {
    /// Standard deviation of the logarithm.
    pub sigma: f64,
}

impl Distribution<f64> for UnitLogNormal {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        maths::exp(self.sigma * StandardNormal.sample(rng) - self.sigma * self.sigma / 2.0)
    }
}

/// Poisson counts: exact inversion up to a mean of 30, a rounded normal beyond.
#[derive(Clone, Copy, Debug)]
pub struct Poisson {
    /// Mean count.
    pub mean: f64,
}

impl Distribution<i64> for Poisson {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> i64 {
        if self.mean <= 0.0 {
            return 0;
        }
        if self.mean > 30.0 {
            let x = self.mean + libm::sqrt(self.mean) * StandardNormal.sample(rng);
            return floor(x + 0.5).max(0);
        }
        let target = open_share(rng);
        let mut count = 0;
        let mut term = maths::exp(-self.mean);
        let mut sum = term;
        // the tail beyond 200 has no mass that a double can hold
        while sum < target && count < 200 {
            count += 1;
            term *= self.mean / count as f64;
            sum += term;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Draws, Key, Luck};
    use super::*;

    /// Size: each moment check passes a right generator except once in about 15,000 seeds (4 standard
    /// errors); power: a bias of 1 % of a standard deviation is caught with certainty at n = 10^6.
    #[test]
    fn distributions_have_their_moments() {
        let chance = Luck::new(7, 0).at(1_u64, 0);
        let n = 1_000_000;
        let moments = |f: &dyn Fn(&mut Draws) -> f64| {
            let (mut sum, mut squares) = (0.0, 0.0);
            for key in 0..n {
                let x = f(&mut chance.draws(Key::numbered(key)));
                sum += x;
                squares += x * x;
            }
            let mean = sum / n as f64;
            (mean, squares / n as f64 - mean * mean)
        };
        let (mean, variance) = moments(&|rng| StandardNormal.sample(rng));
        assert!(mean.abs() < 4e-3 && (variance - 1.0).abs() < 6e-3, "{mean} {variance}");
        let (mean, _) = moments(&|rng| UnitLogNormal { sigma: 0.25 }.sample(rng));
        assert!((mean - 1.0).abs() < 1e-3, "{mean}");
        for lambda in [0.5, 12.0, 80.0] {
            let (mean, variance) = moments(&|rng| Poisson { mean: lambda }.sample(rng) as f64);
            assert!((mean - lambda).abs() < 4e-3 * libm::sqrt(lambda), "{mean}");
            assert!((variance / lambda - 1.0).abs() < 1e-2, "{variance}");
        }
    }
}
