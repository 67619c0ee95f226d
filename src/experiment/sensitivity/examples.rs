//! Functions whose indices are known by calculus, for tests.

use crate::economy::shared::streams::Stream;
use crate::ground::random::{Key, Luck};

/// A function with its indices of first and total order.
pub struct Example {
    pub function: fn(&[f64]) -> f64,
    pub first: &'static [f64],
    pub total: &'static [f64],
}

/// sin x + 7 sin^2 y + 0.1 z^4 sin x, each factor from -pi to pi (Ishigami and Homma 1990).
///
/// With a = 7, b = 0.1: V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2 = 13.8446;
/// V_x = (1 + b pi^4/5)^2/2 = 4.3459, V_y = a^2/8 = 6.125, V_xz = b^2 pi^8 (1/18 - 1/50) = 3.3737.
pub const ISHIGAMI: Example = Example {
    function: |place| {
        let [x, y, z] = [0, 1, 2].map(|n| std::f64::consts::PI * (2.0 * place[n] - 1.0));
        let (first, second) = (libm::sin(x), libm::sin(y));
        first + 7.0 * second * second + 0.1 * z * z * z * z * first
    },
    first: &[0.313_905, 0.442_411, 0.0],
    total: &[0.557_589, 0.442_411, 0.243_684],
};

/// The product of (|4 x - 2| + a)/(1 + a) over five factors with a = 0, 1, 4.5, 9, 99 (Sobol).
///
/// V_i = 1/(3 (1 + a_i)^2) = 1/3, 1/12, 0.011019, 0.003333, 0.0000333; V = product of (1 + V_i) - 1 = 0.465278;
/// first V_i/V; total V_i (1 + V)/(1 + V_i)/V.
pub const G_FUNCTION: Example = Example {
    function: |place| {
        let weights = [0.0, 1.0, 4.5, 9.0, 99.0];
        place.iter().zip(weights).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
    },
    first: &[0.716_418, 0.179_104, 0.023_683, 0.007_164, 0.000_072],
    total: &[0.787_313, 0.242_250, 0.034_324, 0.010_463, 0.000_105],
};

impl Example {
    /// Rows of a Saltelli design from so many base samples, from 0 to 1.
    pub fn places(&self, samples: u64, seed: u64) -> Vec<Vec<f64>> {
        let factors = self.first.len();
        let luck = Luck::new(seed, 0);
        let row = |family: i32, key: u64| -> Vec<f64> {
            let chance = luck.at(Stream::Resample, family);
            (0..factors as u64).map(|factor| chance.share(Key::numbered(key).and(factor))).collect()
        };
        let mut places = Vec::new();
        for sample in 0..samples {
            let (a, b) = (row(0, sample), row(1, sample));
            places.push(a.clone());
            for factor in 0..factors {
                let mut mixed = a.clone();
                mixed[factor] = b[factor];
                places.push(mixed);
            }
            places.push(b);
        }
        places
    }

    /// Their outputs.
    pub fn outputs(&self, samples: u64, seed: u64) -> Vec<f64> {
        self.places(samples, seed).iter().map(|place| (self.function)(place)).collect()
    }
}
