//! Brent's methods: a root finder and a minimiser that need no derivative.
//!
//! R. P. Brent, Algorithms for Minimization without Derivatives, 1973, chapters 4 and 5. Both only ask; what they
//! asked for is kept by whoever answers. An answer of nothing ends the search.

/// Steps of the root finder at most. Halving would need a hundred for all bits of a double.
const MOST_STEPS: u32 = 100;

/// A place and the value there.
#[derive(Clone, Copy)]
struct Point {
    at: f64,
    value: f64,
}

impl Point {
    fn ask(at: f64, answer: &mut impl FnMut(f64) -> Option<f64>) -> Option<Point> {
        answer(at).map(|value| Point { at, value })
    }
}

/// Asks for the values of a function until two of opposite sign lie within the tolerance of each other.
pub(super) fn root(low: f64, high: f64, tolerance: f64, mut answer: impl FnMut(f64) -> Option<f64>) {
    let _ = try_root(low, high, tolerance, &mut answer);
}

/// The same, which ends early by [`None`]: the answerer's wish to stop, or no root between the ends.
fn try_root(low: f64, high: f64, tolerance: f64, answer: &mut impl FnMut(f64) -> Option<f64>) -> Option<()> {
    let mut before = Point::ask(low, answer)?;
    let mut best = Point::ask(high, answer)?;
    if before.value * best.value > 0.0 {
        return None;
    }
    // the root lies between the best place and the one opposite
    let mut opposite = best;
    let (mut step, mut step_before) = (f64::NAN, f64::NAN);
    for _ in 0..MOST_STEPS {
        let is_same_side = (best.value > 0.0 && opposite.value > 0.0) || (best.value < 0.0 && opposite.value < 0.0);
        if is_same_side {
            opposite = before;
            step = best.at - before.at;
            step_before = step;
        }
        if opposite.value.abs() < best.value.abs() {
            (before, best, opposite) = (best, opposite, best);
        }
        let least = 2.0 * f64::EPSILON * best.at.abs() + 0.5 * tolerance;
        let half = 0.5 * (opposite.at - best.at);
        if half.abs() <= least || best.value == 0.0 {
            return Some(());
        }
        let is_promising = step_before.abs() >= least && before.value.abs() > best.value.abs();
        match is_promising.then(|| interpolated(before, best, opposite)) {
            Some((p, q)) if 2.0 * p < (3.0 * half * q - (least * q).abs()).min((step_before * q).abs()) => {
                step_before = step;
                step = p / q;
            }
            _ => (step, step_before) = (half, half),
        }
        before = best;
        let moved = if step.abs() > least { step } else { least.copysign(half) };
        best = Point::ask(best.at + moved, answer)?;
    }
    Some(())
}

/// The step from the best place to where a line through two places, or an inverse parabola through three, is zero:
/// as a ratio whose first part is not below zero.
fn interpolated(before: Point, best: Point, opposite: Point) -> (f64, f64) {
    let half = 0.5 * (opposite.at - best.at);
    let s = best.value / before.value;
    let (p, q) = if before.at == opposite.at {
        (2.0 * half * s, 1.0 - s)
    } else {
        let (q, r) = (before.value / opposite.value, best.value / opposite.value);
        (s * (2.0 * half * q * (q - r) - (best.at - before.at) * (r - 1.0)), (q - 1.0) * (r - 1.0) * (s - 1.0))
    };
    (p.abs(), if p > 0.0 { -q } else { q })
}

/// Asks for the values of a function around its minimum between two places, at most so many times and once more.
pub(super) fn minimum(low: f64, high: f64, tolerance: f64, most: u64, mut answer: impl FnMut(f64) -> Option<f64>) {
    let _ = try_minimum(low, high, tolerance, most, &mut answer);
}

/// The same, which ends early by [`None`]: the answerer's wish to stop.
fn try_minimum(
    mut low: f64,
    mut high: f64,
    tolerance: f64,
    most: u64,
    answer: &mut impl FnMut(f64) -> Option<f64>,
) -> Option<()> {
    let golden = (3.0 - 5.0_f64.sqrt()) / 2.0;
    // the lowest place, the second lowest, and what was the second lowest before
    let mut best = Point::ask(low + golden * (high - low), answer)?;
    let (mut second, mut third) = (best, best);
    let (mut step, mut step_before) = (0.0_f64, 0.0_f64);
    for _ in 0..most {
        let least = f64::EPSILON.sqrt() * best.at.abs() + tolerance;
        let middle = f64::midpoint(low, high);
        if (best.at - middle).abs() <= 2.0 * least - (high - low) / 2.0 {
            return Some(());
        }
        let (p, q) = parabolic(best, second, third);
        let is_golden = step_before.abs() <= least
            || p < q * (low - best.at)
            || p > q * (high - best.at)
            || 2.0 * p.abs() >= q * step_before.abs();
        if is_golden {
            step_before = if best.at < middle { high } else { low } - best.at;
            step = golden * step_before;
        } else {
            step_before = step;
            step = p / q;
            let is_at_an_end = best.at + step - low < 2.0 * least || high - best.at - step < 2.0 * least;
            if is_at_an_end {
                step = least.copysign(middle - best.at);
            }
        }
        let moved = if step.abs() >= least { step } else { least.copysign(step) };
        let new = Point::ask(best.at + moved, answer)?;
        let (inner, outer) = if new.value <= best.value { (best, new) } else { (new, best) };
        // what is higher closes the bracket on its side
        if inner.at > outer.at {
            high = inner.at
        } else {
            low = inner.at
        }
        if new.value <= best.value {
            (third, second, best) = (second, best, new);
        } else if new.value <= second.value || second.at == best.at {
            (third, second) = (second, new);
        } else if new.value <= third.value || third.at == best.at || third.at == second.at {
            third = new;
        }
    }
    Some(())
}

/// The step from the lowest of three places to the lowest point of the parabola through them, as a ratio whose second
/// part is not below zero.
fn parabolic(best: Point, second: Point, third: Point) -> (f64, f64) {
    let (x, w, v) = (best, second, third);
    let p = (x.at - v.at) * (x.at - v.at) * (x.value - w.value) - (x.at - w.at) * (x.at - w.at) * (x.value - v.value);
    let q = 2.0 * ((x.at - w.at) * (x.value - v.value) - (x.at - v.at) * (x.value - w.value));
    if q >= 0.0 { (p, q) } else { (-p, -q) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a method asked, in order.
    fn asked(of: impl Fn(f64) -> f64, method: impl FnOnce(&mut dyn FnMut(f64) -> Option<f64>)) -> Vec<f64> {
        let mut places = Vec::new();
        method(&mut |place| {
            places.push(place);
            Some(of(place))
        });
        places
    }

    /// A line is hit by the first secant: from 1, where it is 3, the root of 4x - 1 is 3/4 away.
    #[test]
    fn the_root_of_a_line_is_found_at_once() {
        assert_eq!(asked(|x| 4.0 * x - 1.0, |ask| root(0.0, 1.0, 0.01, ask)), [0.0, 1.0, 0.25]);
    }

    /// Halving an interval of 2 to 1e-12 takes 41 steps; of x^3 - 2 the method needs a quarter of that.
    #[test]
    fn the_root_of_a_curve_takes_few_steps() {
        let places = asked(|x| x * x * x - 2.0, |ask| root(0.0, 2.0, 1e-12, ask));
        assert!((places[places.len() - 1] - libm::cbrt(2.0)).abs() < 1e-12, "{places:?}");
        assert!(places.len() <= 13, "{}: {places:?}", places.len());
    }

    #[test]
    fn the_root_of_a_step_takes_about_as_many_steps_as_halving() {
        // 1 to 2^-10: ten halvings and two ends
        let places = asked(|x| if x < 0.3 { -1.0 } else { 1.0 }, |ask| root(0.0, 1.0, 1.0 / 1024.0, ask));
        assert!((10..=14).contains(&places.len()), "{places:?}");
    }

    #[test]
    fn without_a_change_of_sign_only_the_ends_are_asked() {
        assert_eq!(asked(|x| x + 1.0, |ask| root(0.0, 1.0, 0.01, ask)), [0.0, 1.0]);
    }

    #[test]
    fn an_answer_of_nothing_ends_both() {
        for most in 1..4 {
            let mut left = most;
            let mut few = |x: f64| {
                left -= 1;
                (left > 0).then_some(x - 0.7)
            };
            root(0.0, 1.0, 1e-9, &mut few);
            assert_eq!(left, 0);
        }
        let mut left = 3;
        minimum(0.0, 1.0, 1e-9, 20, |x| {
            left -= 1;
            (left > 0).then_some(x * x)
        });
        assert_eq!(left, 0);
    }

    /// First the golden section of 0 to 1 from below, (3 - sqrt 5) / 2 = 0.381966, then that of what is left above it,
    /// 0.618034; with three places known a parabola is hit, and steps of the tolerance around it confirm it.
    #[test]
    fn the_minimum_of_a_parabola_is_found_by_the_first_parabola() {
        let places = asked(|x| (x - 0.4) * (x - 0.4), |ask| minimum(0.0, 1.0, 1e-3, 20, ask));
        assert!((places[0] - 0.381_966).abs() < 1e-6 && (places[1] - 0.618_034).abs() < 1e-6, "{places:?}");
        let hit = places.iter().position(|place| (place - 0.4).abs() < 1e-9).expect("the parabola's lowest point");
        assert!(hit <= 4 && places.len() <= hit + 4, "{places:?}");
    }

    #[test]
    fn the_minimiser_asks_no_more_often_than_it_may() {
        assert_eq!(asked(f64::abs, |ask| minimum(-1.0, 2.0, 1e-12, 5, ask)).len(), 6);
    }
}
