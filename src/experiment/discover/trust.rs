//! How far to trust a limit: could chance have made it, and would other points have made it too?

use super::peel::Prim;
use super::shape::{Bounds, Side, inside};
use crate::economy::shared::streams::Stream;
use crate::ground::maths::{exp, ln};
use crate::ground::random::{Key, Luck};
use std::collections::BTreeMap;

/// A limit of a box.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Which factor, in the order of the columns.
    pub factor: usize,
    /// Which side.
    pub side: Side,
    /// Quasi-p-value (Bryant and Lempert 2010): if the limit told nothing, the probability that at least as many
    /// of the box's points would be cases, at the density of the box without it. The search looked for
    /// dense boxes, so that it is too small; hence the halves.
    pub chance: f64,
    /// Share of random halves of the points in which the search limits this factor on this side again; NaN if
    /// none were searched.
    pub again: f64,
}

/// The limits of a box; `again` is what [`found_again`] said.
pub(super) fn limits(prim: &Prim, shape: &[Bounds], points: &[usize], again: &Again) -> Vec<Limit> {
    let held = inside(prim.columns, shape, points);
    let mut limits = Vec::new();
    for (factor, bounds) in shape.iter().enumerate() {
        for side in bounds.sides() {
            let mut wider = shape.to_vec();
            wider[factor] = bounds.relaxed(&side);
            let wide = inside(prim.columns, &wider, points);
            let density = prim.cases(&wide) as f64 / wide.len().max(1) as f64;
            let chance = at_least(prim.cases(&held), held.len(), density);
            let count = again.get(&(factor, side.clone())).copied().unwrap_or(0);
            let again = f64::from(count) / f64::from(prim.rules.halves);
            limits.push(Limit { factor, side, chance, again });
        }
    }
    limits
}

/// By factor and side: in how many halves a limit was set there.
pub(super) type Again = BTreeMap<(usize, Side), u32>;

/// Searches random halves of the points.
pub(super) fn found_again(prim: &Prim, points: &[usize]) -> Again {
    let mut again = Again::new();
    for number in 0..prim.rules.halves {
        let half = half(points, prim.rules.seed, number);
        let way = prim.peel(&half);
        let Some(step) = prim.chosen(&way, prim.cases(&half)) else { continue };
        for (factor, bounds) in step.shape.iter().enumerate() {
            bounds.sides().into_iter().for_each(|side| *again.entry((factor, side)).or_default() += 1);
        }
    }
    again
}

/// A random half of the points, in their order.
fn half(points: &[usize], seed: u64, number: u32) -> Vec<usize> {
    let chance = Luck::new(seed, number).at(Stream::Resample, -1);
    let mut drawn: Vec<(u64, usize)> =
        points.iter().map(|&point| (chance.bits(Key::numbered(point as u64)), point)).collect();
    drawn.sort_unstable();
    drawn.truncate(points.len().div_ceil(2));
    let mut half: Vec<usize> = drawn.into_iter().map(|(_, point)| point).collect();
    half.sort_unstable();
    half
}

/// Probability of at least `hits` in so many trials, each a hit with probability `p`.
fn at_least(hits: usize, trials: usize, p: f64) -> f64 {
    if hits == 0 || p >= 1.0 {
        return 1.0;
    }
    if p <= 0.0 {
        return 0.0;
    }
    let count = trials as f64;
    let term = |k: usize| {
        let k = k as f64;
        let ways = libm::lgamma(count + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(count - k + 1.0);
        exp(ways + k * ln(p) + (count - k) * libm::log1p(-p))
    };
    (hits..=trials).map(term).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binomial_tails_are_those_by_hand() {
        // of 5 fair throws at least 4: (5 + 1)/32; of 3 at 0.2 at least 1: 1 - 0.512
        assert!((at_least(4, 5, 0.5) - 6.0 / 32.0).abs() < 1e-12);
        assert!((at_least(1, 3, 0.2) - 0.488).abs() < 1e-12);
        assert_eq!((at_least(0, 3, 0.2), at_least(2, 3, 0.0), at_least(3, 3, 1.0)), (1.0, 0.0, 1.0));
    }

    #[test]
    fn a_half_is_a_half_and_each_is_another() {
        let points: Vec<usize> = (10..110).collect();
        let (one, other) = (half(&points, 1, 0), half(&points, 1, 1));
        assert_eq!((one.len(), other.len()), (50, 50));
        assert!(one.is_sorted() && one != other && one == half(&points, 1, 0));
        assert!(one.iter().all(|point| points.contains(point)));
    }
}
