//! Points of a design, each computed when it is asked for: a plan of millions takes no memory.
//!
//! A point is a place in the unit cube, and each factor turns its coordinate into a value. Sobol points are
//! Owen-scrambled (Burley 2020, Practical Hash-based Owen Scrambling; the `sobol_burley` crate), so the first n
//! points of a longer design are those of the shorter one; the same holds for Morris paths and Saltelli's base
//! samples. A Latin hypercube of another size is another hypercube.

use crate::economy::shared::streams::Stream;
use crate::ground::random::{Chance, Key, Luck};
use crate::scenario::plan::{Design, Factor, Kind, Level, Range};

/// How many points a design has.
pub fn count(design: &Design, factors: &[Factor]) -> u64 {
    let k = factors.len() as u64;
    match &design.kind {
        Kind::Grid => factors.iter().map(|factor| levels(factor) as u64).fold(1, u64::saturating_mul),
        Kind::List { rows } => rows.len() as u64,
        Kind::LatinHypercube { points } | Kind::Sobol { points } => *points,
        Kind::Morris { trajectories, .. } => trajectories.saturating_mul(k + 1),
        Kind::Saltelli { points } => points.saturating_mul(k + 2),
    }
}

fn levels(factor: &Factor) -> usize {
    match &factor.range {
        Range::Values(values) => values.len(),
        _ => 1,
    }
}

/// The values of a point, one for each factor; `index` counts from 0 to below [`count`].
pub fn point(design: &Design, factors: &[Factor], index: u64) -> Vec<Level> {
    match &design.kind {
        Kind::Grid => grid(factors, index),
        Kind::List { rows } => rows[usize::try_from(index).expect("a list fits into memory")].clone(),
        _ => {
            let place = place(design, factors.len(), index);
            factors.iter().zip(place).map(|(factor, share)| value(factor, share)).collect()
        }
    }
}

fn grid(factors: &[Factor], index: u64) -> Vec<Level> {
    let (mut rest, mut values) = (index, Vec::new());
    // the last factor changes fastest
    for factor in factors.iter().rev() {
        let size = levels(factor) as u64;
        if let Range::Values(list) = &factor.range {
            values.push(list[(rest % size) as usize].clone());
        }
        rest /= size;
    }
    values.reverse();
    values
}

/// The value of a factor at a coordinate between 0 and 1.
pub fn value(factor: &Factor, share: f64) -> Level {
    match &factor.range {
        Range::Between { low, high, is_log: false } if factor.is_whole => {
            // every whole number has an equal part of the way
            Level::Number((low + share * (high - low + 1.0)).floor().min(*high))
        }
        Range::Between { low, high, is_log } => Level::Number(factor.between(*low, *high, *is_log, share)),
        Range::Values(values) => {
            let place = crate::ground::numbers::whole((share * values.len() as f64).floor()).unsigned_abs() as usize;
            values[place.min(values.len() - 1)].clone()
        }
        Range::Listed => Level::Word(String::new()),
    }
}

/// A point's place in the unit cube.
fn place(design: &Design, k: usize, index: u64) -> Vec<f64> {
    let chance = Luck::new(design.seed, 0).at(Stream::Design, 0);
    match &design.kind {
        Kind::Sobol { .. } => (0..k).map(|dimension| sobol(&chance, index, dimension)).collect(),
        Kind::LatinHypercube { points } => {
            let share = |dimension| {
                let chance = Luck::new(design.seed, 0).at(Stream::Design, dimension);
                (shuffled(&chance, index, *points) as f64 + chance.share(Key::numbered(index))) / *points as f64
            };
            (0..i32::try_from(k).unwrap_or(i32::MAX)).map(share).collect()
        }
        Kind::Saltelli { .. } => {
            let (sample, step) = (index / (k as u64 + 2), (index % (k as u64 + 2)) as usize);
            // step 0 is A, the last is B, those between have one coordinate of B
            let from_b = |factor: usize| step == k + 1 || step == factor + 1;
            let dimension = |factor| if from_b(factor) { k + factor } else { factor };
            (0..k).map(|factor| sobol(&chance, sample, dimension(factor))).collect()
        }
        Kind::Morris { levels, .. } => morris(&chance, k, *levels, index),
        Kind::Grid | Kind::List { .. } => Vec::new(),
    }
}

fn sobol(chance: &Chance, index: u64, dimension: usize) -> f64 {
    let seed = (chance.bits(Key::named("scrambling")) >> 32) as u32;
    // the plan's bounds are the generator's
    f64::from(sobol_burley::sample(index as u32, dimension as u32, seed))
}

/// Morris's paths (1991): each factor moves once, by half of its levels, up or down.
fn morris(chance: &Chance, k: usize, levels: u32, index: u64) -> Vec<f64> {
    let steps = k as u64 + 1;
    let (path, step) = (index / steps, (index % steps) as usize);
    let bits = |factor: usize, what: u64| chance.bits(Key::named("path").and(path).and(factor).and(what));
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by_key(|&factor| (bits(factor, 0), factor));
    let half = u64::from(levels / 2);
    let level = |(turn, factor): (usize, usize)| {
        let (low, goes_up) = (bits(factor, 1) % half, bits(factor, 2) >> 63 == 1);
        let is_moved = turn < step;
        (factor, low + if is_moved == goes_up { half } else { 0 })
    };
    let mut place = vec![0.0; k];
    for (factor, level) in order.into_iter().enumerate().map(level) {
        place[factor] = level as f64 / f64::from(levels - 1);
    }
    place
}

/// Where a number goes in a shuffle of all numbers below `size`: a Feistel network on the next even power of two,
/// walked until it falls below. No list is kept.
fn shuffled(chance: &Chance, index: u64, size: u64) -> u64 {
    let bits = (u64::BITS - size.saturating_sub(1).leading_zeros()).div_ceil(2).max(1);
    let mask = (1_u64 << bits) - 1;
    let mut number = index;
    loop {
        let (mut left, mut right) = (number >> bits, number & mask);
        for round in 1..=6_u32 {
            (left, right) = (right, left ^ (chance.bits(Key::named("round").and(round).and(right)) & mask));
        }
        number = left << bits | right;
        if number < size {
            return number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(low: f64, high: f64, is_log: bool, is_whole: bool) -> Factor {
        Factor {
            name: "a".into(),
            keys: vec!["a".into()],
            range: Range::Between { low, high, is_log },
            unit: String::new(),
            is_multiple: false,
            is_number: true,
            is_whole,
            meaning: String::new(),
            grade: String::new(),
            base: None,
        }
    }

    fn words(values: &[&str]) -> Factor {
        let values = values.iter().map(|&word| Level::Word(word.into())).collect();
        Factor { range: Range::Values(values), is_number: false, ..factor(0.0, 1.0, false, false) }
    }

    fn numbers(design: &Design, factors: &[Factor]) -> Vec<Vec<f64>> {
        let point = |n| point(design, factors, n).iter().map(|level| level.number().unwrap()).collect();
        (0..count(design, factors)).map(point).collect()
    }

    fn unit(k: usize) -> Vec<Factor> {
        vec![factor(0.0, 1.0, false, false); k]
    }

    #[test]
    fn a_grid_has_every_combination_once_and_the_last_factor_changes_fastest() {
        let design = Design { kind: Kind::Grid, seed: 1 };
        let factors = [words(&["a", "b"]), words(&["x", "y", "z"])];
        let shown = |n| point(&design, &factors, n).iter().map(Level::shown).collect::<String>();
        assert_eq!((0..count(&design, &factors)).map(shown).collect::<Vec<_>>(), ["ax", "ay", "az", "bx", "by", "bz"]);
    }

    #[test]
    fn a_latin_hypercube_has_one_point_in_each_part_of_each_range() {
        for points in [1, 2, 7, 100, 4096] {
            let all = numbers(&Design { kind: Kind::LatinHypercube { points }, seed: 3 }, &unit(3));
            for factor in 0..3 {
                let mut parts: Vec<u64> = all.iter().map(|point| (point[factor] * points as f64) as u64).collect();
                let in_order = parts.clone();
                parts.sort_unstable();
                assert_eq!(parts, (0..points).collect::<Vec<_>>());
                assert!(points < 7 || parts != in_order, "it is no shuffle");
            }
        }
        let factors = unit(2);
        let of = |seed| numbers(&Design { kind: Kind::LatinHypercube { points: 16 }, seed }, &factors);
        assert!(of(1) != of(2) && of(1) == of(1));
    }

    /// 256 points of a Sobol sequence lie one in each of the 256 boxes of 1/16 by 1/16 of its first two
    /// dimensions, and one in each of 256 parts of every dimension; independent draws fill 63 % of them.
    #[test]
    fn sobol_points_fill_every_box_and_more_of_them_keep_the_first() {
        let (long, short) = (Kind::Sobol { points: 256 }, Kind::Sobol { points: 40 });
        let long = numbers(&Design { kind: long, seed: 9 }, &unit(12));
        let boxes: std::collections::BTreeSet<(u64, u64)> =
            long.iter().map(|point| ((point[0] * 16.0) as u64, (point[1] * 16.0) as u64)).collect();
        assert_eq!(boxes.len(), 256);
        for factor in 0..12 {
            let parts: std::collections::BTreeSet<u64> =
                long.iter().map(|point| (point[factor] * 256.0) as u64).collect();
            assert_eq!(parts.len(), 256, "dimension {factor}");
        }
        let short = numbers(&Design { kind: short, seed: 9 }, &unit(12));
        assert_eq!(short, long[..40]);
    }

    #[test]
    fn saltelli_changes_one_coordinate_at_a_time_from_a_to_b() {
        let design = Design { kind: Kind::Saltelli { points: 32 }, seed: 5 };
        let all = numbers(&design, &unit(4));
        assert_eq!(all.len(), 32 * 6);
        for block in all.chunks(6) {
            let (a, b) = (&block[0], &block[5]);
            for factor in 0..4 {
                let expected: Vec<f64> = (0..4).map(|n| if n == factor { b[n] } else { a[n] }).collect();
                assert_eq!(block[factor + 1], expected);
                assert!(a[factor] != b[factor]);
            }
        }
    }

    /// With four levels a step is two thirds of the range, and each factor takes exactly one on each path.
    #[test]
    fn a_morris_path_moves_every_factor_once_by_half_of_its_levels() {
        let design = Design { kind: Kind::Morris { trajectories: 200, levels: 4 }, seed: 2 };
        let all = numbers(&design, &unit(5));
        let (mut ups, mut firsts) = (0, [0; 5]);
        for path in all.chunks(6) {
            let mut moved = Vec::new();
            for pair in path.windows(2) {
                let changed: Vec<usize> = (0..5).filter(|&n| pair[0][n] != pair[1][n]).collect();
                assert_eq!(changed.len(), 1);
                let step = pair[1][changed[0]] - pair[0][changed[0]];
                assert!((step.abs() - 2.0 / 3.0).abs() < 1e-12);
                ups += u32::from(step > 0.0);
                moved.push(changed[0]);
            }
            firsts[moved[0]] += 1;
            moved.sort_unstable();
            assert_eq!(moved, [0, 1, 2, 3, 4]);
        }
        // a fair coin thrown 1,000 times lies within 400 and 600 but for one time in a billion
        assert!((400..600).contains(&ups), "{ups} of 1000 go up");
        assert!(firsts.iter().all(|&n| n > 10), "{firsts:?}");
    }

    #[test]
    fn values_keep_to_their_range_and_scale() {
        let number = |factor: &Factor, share| value(factor, share).number().unwrap();
        let log = factor(1.0, 100.0, true, false);
        assert_eq!((number(&log, 0.0), number(&log, 1.0)), (1.0, 100.0));
        assert!((number(&log, 0.5) - 10.0).abs() < 1e-9);
        let whole = factor(1.0, 4.0, false, true);
        let all: Vec<f64> = [0.0, 0.24, 0.26, 0.74, 0.76, 0.999, 1.0].map(|share| number(&whole, share)).into();
        assert_eq!(all, [1.0, 1.0, 2.0, 3.0, 4.0, 4.0, 4.0]);
        let words = words(&["a", "b", "c"]);
        let of = |share| value(&words, share).shown();
        assert_eq!([of(0.0), of(0.34), of(0.99), of(1.0)], ["a", "b", "c", "c"]);
    }
}
