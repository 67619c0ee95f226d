//! Strikes against the camera: who is out whatever the reasons say.

use crate::ground::maths;

/// A strike against the camera: the most skilled are out.
#[derive(Clone, Copy)]
pub struct Strike {
    /// Share of the occupation that is out.
    share: f64,
    /// Skill score from which somebody is.
    from: f64,
}

impl Strike {
    /// A strike of this share of an occupation; of none, nobody is out.
    pub fn of(share: f64) -> Strike {
        Strike { share, from: if share > 0.0 && share < 1.0 { maths::normal_quantile(1.0 - share) } else { 0.0 } }
    }

    /// Is somebody of this skill score out?
    pub fn calls(self, z: impl FnOnce() -> f64) -> bool {
        self.share > 0.0 && (self.share >= 1.0 || z() >= self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strike_of_a_sixth_calls_those_a_standard_deviation_above_the_mean() {
        // P(z >= 1) = 0.1587
        let strike = Strike::of(0.158_7);
        assert!(strike.calls(|| 1.001) && !strike.calls(|| 0.999));
        assert!(Strike::of(1.0).calls(|| -9.0) && !Strike::of(0.0).calls(|| 9.0));
    }
}
