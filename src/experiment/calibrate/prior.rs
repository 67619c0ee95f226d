//! Factors and their priors: flat between two ends, on a linear or a logarithmic scale.
//!
//! Inside, a factor stands where a standard normal would: its prior share p is the normal's share below the
//! place. Populations are then mixtures of normals without edges, and no draw falls outside of a range.

use crate::ground::maths;
use serde::{Deserialize, Serialize};

/// On which scale a prior is flat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal distances are equally likely.
    #[default]
    Linear,
    /// Equal ratios are equally likely.
    Log,
}

/// A doubtful number.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The key of the scenario.
    pub key: String,
    /// Lowest value, in the model's unit.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// Where the prior is flat.
    pub scale: Scale,
}

impl Factor {
    /// The value at a place, in the model's unit.
    pub fn value(&self, place: f64) -> f64 {
        let share = below(place);
        let value = match self.scale {
            Scale::Linear => self.low + (self.high - self.low) * share,
            Scale::Log => self.low * maths::exp(share * maths::ln(self.high / self.low)),
        };
        value.clamp(self.low, self.high)
    }
}

/// Share of a standard normal below a place.
pub fn below(place: f64) -> f64 {
    0.5 * libm::erfc(-place * std::f64::consts::FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_shares_of_the_prior() {
        // the normal's quartiles are at 0.6745 on either side; its 97.5 % at 1.95996
        for (place, share) in [(0.0, 0.5), (0.674_489_75, 0.75), (-0.674_489_75, 0.25), (1.959_964, 0.975)] {
            assert!((below(place) - share).abs() < 1e-7, "{place}");
            assert!((maths::normal_quantile(share) - place).abs() < 1e-6, "{share}");
        }
        let factor = Factor { key: String::new(), low: 1.0, high: 100.0, scale: Scale::Log };
        assert!((factor.value(0.0) - 10.0).abs() < 1e-12, "the middle of 1 and 100 by ratios is 10");
        assert_eq!((factor.value(-40.0), factor.value(40.0)), (1.0, 100.0));
        let factor = Factor { scale: Scale::Linear, ..factor };
        assert!((factor.value(0.674_489_75) - 75.25).abs() < 1e-5);
    }
}
