//! The few functions the model needs, from one portable implementation.
//!
//! The platform's `exp` and `ln` differ in the last bit from machine to machine; [`libm`]'s do not.
//! `clippy.toml` bans the platform's versions everywhere in the crate.

/// e to the power x.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Base-two logarithm.
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// `base` to the power `exponent`.
pub fn pow(base: f64, exponent: f64) -> f64 {
    if exponent == 0.0 || base == 1.0 {
        return 1.0;
    }
    libm::pow(base, exponent)
}

/// Cosine of an angle in turns (1 turn = a full circle).
pub fn cos_turns(turns: f64) -> f64 {
    libm::cos(core::f64::consts::TAU * turns)
}

/// The logistic function 1 / (1 + exp(-x)).
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// ln(p / (1 - p)), the inverse of [`logistic`]: minus infinity of nothing, infinity of one.
pub fn logit(p: f64) -> f64 {
    ln(p / (1.0 - p))
}

/// Distribution function of the standard normal distribution, exact to the last bits far out on both sides.
pub fn normal_cdf(x: f64) -> f64 {
    libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2) / 2.0
}

/// Probability that an event with `rate` per week happens within `weeks`: 1 - exp(-rate weeks).
pub fn hazard(rate: f64, weeks: f64) -> f64 {
    -libm::expm1(-rate.max(0.0) * weeks)
}

/// What is left of a quantity after `elapsed`, when half of it goes every `half_life`; nothing without one.
pub fn half_life_decay(elapsed: f64, half_life: f64) -> f64 {
    if half_life <= 0.0 {
        return 0.0;
    }
    exp(-core::f64::consts::LN_2 * elapsed / half_life)
}

/// `part / whole`, zero if there is nothing.
pub fn share_of(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Phi: share of a standard normal distribution below a score.
pub fn normal_share_below(z: f64) -> f64 {
    libm::erfc(-z * core::f64::consts::FRAC_1_SQRT_2) / 2.0
}

/// Quantile of the standard normal distribution, Wichura's algorithm AS 241 (PPND16), accurate to
/// about 1e-16; Applied Statistics 37(3), 1988, 477-484. `p` must lie strictly between 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 8] = [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ];
    const B: [f64; 8] = [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_545e3,
    ];
    const C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ];
    const D: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const E: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_049e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    const F: [f64; 8] = [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ];
    let ratio = |top: &[f64; 8], bottom: &[f64; 8], x: f64| {
        let horner = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, &c| sum * x + c);
        horner(top) / horner(bottom)
    };
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(&A, &B, 0.180_625 - q * q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-ln(tail));
    let x = if r <= 5.0 { ratio(&C, &D, r - 1.6) } else { ratio(&E, &F, r - 5.0) };
    if q < 0.0 { -x } else { x }
}

/// Where each part ends when all are laid one after the other.
pub fn running_sum(parts: impl IntoIterator<Item = i64>) -> impl Iterator<Item = i64> {
    parts.into_iter().scan(0, |sum, part| {
        *sum += part;
        Some(*sum)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantile_meets_the_published_values() {
        // Wichura 1988, table of check values
        assert!((normal_quantile(0.25) - -0.674_489_750_196_081_7).abs() < 1e-15);
        assert!((normal_quantile(0.001) - -3.090_232_306_167_813_5).abs() < 1e-14);
        assert!((normal_quantile(1e-20) - -9.262_340_089_798_408).abs() < 1e-12);
        assert_eq!(normal_quantile(0.5), 0.0);
    }

    #[test]
    fn the_normal_distribution_and_its_quantile_undo_each_other() {
        assert_eq!(normal_cdf(0.0), 0.5);
        // Abramowitz and Stegun, table 26.1
        assert!((normal_cdf(1.0) - 0.841_344_746_068_543).abs() < 1e-15);
        assert!((normal_cdf(-3.0) - 0.001_349_898_031_630).abs() < 1e-15);
        for p in [1e-12, 0.01, 0.285_7, 0.5, 0.7, 0.999] {
            assert!((normal_cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-13, "{p}");
            assert!((logistic(logit(p)) / p - 1.0).abs() < 1e-14, "{p}");
        }
        assert_eq!((logit(0.0), logistic(logit(0.0))), (f64::NEG_INFINITY, 0.0));
    }

    #[test]
    fn halving_the_step_leaves_the_story() {
        // two half weeks at 10 % a week: 1 - (1 - p(1/2))^2 = p(1)
        let half = hazard(0.1, 0.5);
        assert!((1.0 - (1.0 - half) * (1.0 - half) - hazard(0.1, 1.0)).abs() < 1e-15);
        assert!((half_life_decay(26.0, 26.0) - 0.5).abs() < 1e-15);
    }
}
