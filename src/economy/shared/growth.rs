//! Growth that fades.
//!
//! ```text
//! ln index = floor t + (start - floor) h / ln 2 (1 - 2^(-t/h))
//! ```
//!
//! with `start` the growth of today and `floor` that of the long run, as logarithms a year, t in years and h the
//! half-life of the difference. Demand grows so, by site type and region, and so do real wages, by region.
//!
//! Left out: cycles, and growth that follows from what the model does.

use crate::ground::maths;
use crate::ground::units::{Rate, WEEKS_PER_YEAR};

/// Size against the start after some years of growth that fades from `start` to `floor` (log growth per year).
pub fn growth_index(start: f64, floor: f64, half_life: f64, years: f64) -> f64 {
    let ln2 = core::f64::consts::LN_2;
    let faded = half_life / ln2 * (1.0 - maths::half_life_decay(years, half_life));
    maths::exp(floor * years + (start - floor) * faded)
}

/// Growth after some years, log growth per year.
pub fn growth_now(start: f64, floor: f64, half_life: f64, years: f64) -> f64 {
    floor + (start - floor) * maths::half_life_decay(years, half_life)
}

/// Annual rate as log growth per year.
pub fn per_year(rate: Rate) -> f64 {
    libm::log1p(rate.0 * WEEKS_PER_YEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_fades_to_its_floor() {
        // 10 % fading to 2 % with half-life 5 years: after 5 years exp(0.02*5 + 0.08 * 5/ln2 * 0.5)
        let g = growth_index(0.10, 0.02, 5.0, 5.0);
        assert!((g - maths::exp(0.1 + 0.08 * 3.606_737_6)).abs() < 1e-8, "{g}");
        assert_eq!(growth_index(0.10, 0.02, 5.0, 0.0), 1.0);
        // half of the 8 points are left
        assert!((growth_now(0.10, 0.02, 5.0, 5.0) - 0.06).abs() < 1e-15);
        // no growth is no growth, to the bit
        assert_eq!((growth_index(0.0, 0.0, 10.0, 7.0), growth_now(0.0, 0.0, 10.0, 7.0)), (1.0, 0.0));
    }
}
