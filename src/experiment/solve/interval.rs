//! The interval of a solution: every value of the lever that the replicates do not rule out.
//!
//! A value x is ruled out if Student's t test over the replicates rejects, at 5 %, that the mean response
//! at x is the target. The true solution is therefore ruled out in 5 % of all samples, whatever the shape of
//! the response and however its spread changes along the lever: the test is inverted, as Fieller did for a
//! ratio (Fieller, Journal of the Royal Statistical Society B 16, 1954), where a linearised interval or a
//! bootstrap of a handful of replicates would be too narrow. All replicates answer at every value tried;
//! between two such values each of them is taken to move in a line.
//!
//! Left out: noise that is not normal (the mean of some replicates nearly is), and parts of the set that are
//! not connected to the solution.

use super::Tried;
use crate::ground::statistics::Moments;

/// Ends of an interval; an end that is nothing lies beyond the range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// The values around a bracket that are not ruled out; none of fewer than two replicates.
pub(super) fn ends(tried: &[Tried], target: f64, bracket: (f64, f64)) -> Option<Interval> {
    if tried.iter().any(|one| one.values.len() < 2) {
        return None;
    }
    // what was tried, on either side of the bracket, going outward
    let upward: Vec<&Tried> = tried.iter().filter(|one| one.lever >= bracket.0).collect();
    let downward: Vec<&Tried> = tried.iter().rev().filter(|one| one.lever <= bracket.1).collect();
    Some(Interval { low: first_ruled_out(&downward, target), high: first_ruled_out(&upward, target) })
}

/// Going along the values tried, where the interval of the mean first ceases to hold the target.
fn first_ruled_out(along: &[&Tried], target: f64) -> Option<f64> {
    let mut was_inside = false;
    for pair in along.windows(2) {
        // the first pair is the bracket: the mean meets the target within it, and there nothing is ruled out
        let inside = if was_inside { 0.0 } else { meeting(pair[0], pair[1], target) };
        was_inside = true;
        if excess(&between(pair[0], pair[1], 1.0), target) <= 0.0 {
            continue;
        }
        let (mut good, mut bad) = (inside, 1.0);
        // each step halves the distance: sixty of them leave the last bits
        for _ in 0..60 {
            let middle = f64::midpoint(good, bad);
            if excess(&between(pair[0], pair[1], middle), target) <= 0.0 { good = middle } else { bad = middle }
        }
        return Some(pair[0].lever + (pair[1].lever - pair[0].lever) * good);
    }
    None
}

/// The share of the way from one to the other where the mean is the target.
fn meeting(one: &Tried, other: &Tried, target: f64) -> f64 {
    let (from, to) = (one.moments().mean, other.moments().mean);
    ((target - from) / (to - from)).clamp(0.0, 1.0)
}

/// Mean and spread a share of the way from one value tried to another.
fn between(one: &Tried, other: &Tried, share: f64) -> Moments {
    let mut moments = Moments::default();
    one.values.iter().zip(&other.values).for_each(|(from, to)| moments.add(from + (to - from) * share));
    moments
}

/// How far the target lies outside of the interval of the mean; not above zero inside.
fn excess(moments: &Moments, target: f64) -> f64 {
    (moments.mean - target).abs() - moments.half_width().unwrap_or(f64::INFINITY)
}
