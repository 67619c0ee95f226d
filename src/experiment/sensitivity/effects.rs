//! Conditional means: what an output is along one factor, and for pairs of two, whatever the others are.
//!
//! They work for any design whose factors vary independently of each other; of a design of few values each value has
//! its own mean, of others each tenth (for pairs, each fifth) of the points has one.

use super::view::{Quantity, View};
use crate::experiment::discover::Column;
use crate::ground::statistics::Moments;

/// The mean of an output where a factor is at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Mean of the factor's values there; the place of its word if it has words.
    pub at: f64,
    /// Least and largest value there.
    pub ends: (f64, f64),
    /// The output.
    pub output: Moments,
}

/// Values up to which each has a place of its own.
const FEW: usize = 12;
/// Classes of a factor by itself, and of one of a pair.
const TENTHS: usize = 10;
const FIFTHS: usize = 5;

/// For each point in the list, its class; classes are in order.
fn classes(column: &Column, points: &[usize], most: usize) -> Vec<usize> {
    match column {
        Column::Words { places, .. } => points.iter().map(|&point| places[point]).collect(),
        Column::Numbers(numbers) => {
            let mut order: Vec<usize> = (0..points.len()).collect();
            order.sort_by(|&a, &b| numbers[points[a]].total_cmp(&numbers[points[b]]));
            let mut distinct: Vec<f64> = points.iter().map(|&point| numbers[point]).collect();
            distinct.sort_by(f64::total_cmp);
            distinct.dedup();
            let mut class = vec![0; points.len()];
            for (rank, &n) in order.iter().enumerate() {
                let value = numbers[points[n]];
                class[n] = if distinct.len() <= FEW {
                    distinct.partition_point(|&known| known < value)
                } else {
                    rank * most / points.len()
                };
            }
            class
        }
    }
}

/// Means of a quantity along a factor.
pub fn along(view: &View, quantity: &Quantity, factor: usize) -> Vec<Spot> {
    let points = view.independent();
    let column = &view.factors[factor].values;
    let class = classes(column, &points, TENTHS);
    let count = class.iter().max().map_or(0, |last| last + 1);
    let mut spots = vec![(Moments::default(), Moments::default(), (f64::INFINITY, f64::NEG_INFINITY)); count];
    for (&point, &class) in points.iter().zip(&class) {
        let at = match column {
            Column::Numbers(numbers) => numbers[point],
            Column::Words { places, .. } => places[point] as f64,
        };
        let (place, output, ends) = &mut spots[class];
        place.add(at);
        output.add(quantity.values[point]);
        *ends = (ends.0.min(at), ends.1.max(at));
    }
    let seen = spots.into_iter().filter(|spot| spot.1.count > 0);
    seen.map(|(place, output, ends)| Spot { at: place.mean, ends, output }).collect()
}

/// What a quantity is at both ends of a factor: the lowest and the highest fifth of its values, or the outermost
/// ones of a few; of words, those with the lowest and the highest mean.
pub fn swing(view: &View, quantity: &Quantity, factor: usize) -> Option<[Spot; 2]> {
    let spots = along(view, quantity, factor);
    if let Column::Words { .. } = view.factors[factor].values {
        let by = |a: &&Spot, b: &&Spot| a.output.mean.total_cmp(&b.output.mean);
        return Some([spots.iter().min_by(by)?.clone(), spots.iter().max_by(by)?.clone()]);
    }
    let is_few = spots.iter().all(|spot| spot.ends.0 == spot.ends.1);
    let end = |spots: &[Spot]| -> Option<Spot> {
        let count: u32 = spots.iter().map(|spot| spot.output.count).sum();
        let mean = |of: &dyn Fn(&Spot) -> f64| {
            spots.iter().map(|spot| of(spot) * f64::from(spot.output.count)).sum::<f64>() / f64::from(count)
        };
        let mut output = Moments::default();
        output.add(mean(&|spot| spot.output.mean));
        let ends = (spots.first()?.ends.0, spots.last()?.ends.1);
        Some(Spot { at: mean(&|spot| spot.at), ends, output })
    };
    let take = if is_few { 1 } else { TENTHS / FIFTHS };
    let last = spots.len().checked_sub(take)?;
    Some([end(&spots[..take])?, end(&spots[last..])?])
}

/// Means for pairs of two factors' places.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// The factors: along the columns, along the rows.
    pub factors: [usize; 2],
    /// Least and largest value of each place, by factor.
    pub ends: [Vec<(f64, f64)>; 2],
    /// By row, then column.
    pub cells: Vec<Vec<Option<f64>>>,
}

/// Means of a quantity for pairs of two factors' places.
pub fn surface(view: &View, quantity: &Quantity, factors: [usize; 2]) -> Surface {
    let points = view.independent();
    let class = factors.map(|factor| classes(&view.factors[factor].values, &points, FIFTHS));
    let count = [0, 1].map(|side| class[side].iter().max().map_or(0, |last| last + 1));
    let mut cells = vec![vec![Moments::default(); count[0]]; count[1]];
    let mut ends = count.map(|count| vec![(f64::INFINITY, f64::NEG_INFINITY); count]);
    for (n, &point) in points.iter().enumerate() {
        cells[class[1][n]][class[0][n]].add(quantity.values[point]);
        for side in [0, 1] {
            let at = match &view.factors[factors[side]].values {
                Column::Numbers(numbers) => numbers[point],
                Column::Words { places, .. } => places[point] as f64,
            };
            let ends = &mut ends[side][class[side][n]];
            *ends = (ends.0.min(at), ends.1.max(at));
        }
    }
    let mean = |cell: Moments| (cell.count > 0).then_some(cell.mean);
    Surface { factors, ends, cells: cells.into_iter().map(|row| row.into_iter().map(mean).collect()).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::view::{Factor, Kind, Of, Output};
    use super::*;

    /// Five by five values of two factors and two words; the output is ten times the first, plus the second where the
    /// word is "yes".
    fn grid() -> (View, Quantity) {
        let factor = |(key, values): (&str, Column)| Factor {
            key: key.to_owned(),
            meaning: String::new(),
            unit: String::new(),
            grade: String::new(),
            range: None,
            is_log: false,
            values,
        };
        let place = |n: usize| [n % 5, n / 5 % 5, n / 25];
        let number = |which: usize| Column::Numbers((0..50).map(|n| place(n)[which] as f64).collect());
        let words = Column::Words { places: (0..50).map(|n| n / 25).collect(), words: vec!["no".into(), "yes".into()] };
        let value = |n: usize| place(n)[0] as f64 * 10.0 + (place(n)[1] * place(n)[2]) as f64;
        let values = vec![(0..50).map(|n| vec![Some(value(n))]).collect()];
        let view = View {
            kind: Kind::Other("grid"),
            factors: [("a", number(0)), ("b", number(1)), ("c", words)].map(factor).to_vec(),
            arms: vec!["law".into()],
            outputs: vec![Output { name: "y".into(), meaning: String::new(), unit: String::new(), values }],
            points: 50,
            done: (50, 50),
        };
        let quantity = view.quantity(0, Of::Level(0)).unwrap();
        (view, quantity)
    }

    #[test]
    fn means_along_a_factor_are_those_by_hand() {
        let (view, quantity) = grid();
        let spots = along(&view, &quantity, 0);
        // where the first is k: 10 k plus the mean of the second where the word is yes, 2, by two words: 1
        let means: Vec<(f64, f64)> = spots.iter().map(|spot| (spot.at, spot.output.mean)).collect();
        assert_eq!(means, [(0.0, 1.0), (1.0, 11.0), (2.0, 21.0), (3.0, 31.0), (4.0, 41.0)]);
        let [low, high] = swing(&view, &quantity, 1).unwrap();
        // the second from 0 to 4 where half of the words are yes: 20 and 22
        assert_eq!((low.output.mean, high.output.mean), (20.0, 22.0));
        let [low, high] = swing(&view, &quantity, 2).unwrap();
        assert_eq!((low.at, high.at), (0.0, 1.0));
        assert!((low.output.mean - 20.0).abs() < 1e-12 && (high.output.mean - 22.0).abs() < 1e-12);
    }

    #[test]
    fn a_surface_has_the_mean_of_each_pair() {
        let (view, quantity) = grid();
        let surface = surface(&view, &quantity, [2, 1]);
        // rows are the second, columns the word: 20 where it is no, 20 plus the second where it is yes
        assert_eq!(surface.cells[3], [Some(20.0), Some(23.0)]);
        assert_eq!(surface.ends[1][3], (3.0, 3.0));
    }

    #[test]
    fn many_values_are_taken_by_tenths() {
        let (mut view, mut quantity) = grid();
        view.factors[0].values = Column::Numbers((0..50).map(|n| f64::from(49 - n)).collect());
        quantity.values = (0..50).map(f64::from).collect();
        let spots = along(&view, &quantity, 0);
        assert_eq!(spots.len(), 10);
        // the lowest tenth of the factor are the last five points: 45 to 49
        assert_eq!((spots[0].at, spots[0].ends, spots[0].output.mean), (2.0, (0.0, 4.0), 47.0));
        let [low, high] = swing(&view, &quantity, 0).unwrap();
        assert_eq!((low.ends, low.output.mean, high.output.mean), ((0.0, 9.0), 44.5, 4.5));
    }
}
