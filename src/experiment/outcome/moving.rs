//! How two lists or two histories move together: ranks, slopes, turns, growth.

use crate::ground::maths;

/// Area that a point goes around, counter-clockwise, as a share of the rectangle it moves in; from its end straight
/// back to its start.
pub(super) fn turning(points: &[(f64, f64)]) -> Option<f64> {
    let range = |part: fn(&(f64, f64)) -> f64| {
        let ends = points
            .iter()
            .map(part)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        ends.1 - ends.0
    };
    let frame = range(|point| point.0) * range(|point| point.1);
    let next = points.iter().cycle().skip(1);
    let twice: f64 = points.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
    (points.len() > 2 && frame > 0.0).then(|| twice / 2.0 / frame)
}

/// Highest growth a year between two records so many years apart, where the first is at least so much.
pub(super) fn fastest(dated: &[(f64, f64)], years: f64, least: f64) -> Option<f64> {
    let growth = |(n, (start, first)): (usize, &(f64, f64))| {
        // records lie a little apart: the first that is not too early
        let later = dated[n..].iter().find(|(date, _)| date - start >= years - 1e-9)?;
        let is_enough = *first > 0.0 && *first >= least && later.1 > 0.0;
        is_enough.then(|| maths::exp(maths::ln(later.1 / first) / (later.0 - start)) - 1.0)
    };
    dated.iter().enumerate().filter_map(growth).max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_turns_by_its_whole_frame() {
        let square = [(0.0, 0.0), (2.0, 0.0), (2.0, 3.0), (0.0, 3.0)];
        assert_eq!(turning(&square), Some(1.0));
        let back: Vec<(f64, f64)> = square.into_iter().rev().collect();
        assert_eq!(turning(&back), Some(-1.0));
    }

    #[test]
    fn growth_is_the_highest_over_any_span_that_begins_with_enough() {
        // 1, 8, 8, 32 a year apart: over two years 182.8 % from 1, 100 % from 8
        let dated = [(0.0, 1.0), (1.0, 8.0), (2.0, 8.0), (3.0, 32.0)];
        let found = |least| fastest(&dated, 2.0, least).unwrap();
        assert!((found(0.0) - (8.0_f64.sqrt() - 1.0)).abs() < 1e-9);
        assert!((found(2.0) - 1.0).abs() < 1e-9);
        assert_eq!(fastest(&dated, 2.0, 100.0), None);
    }
}
