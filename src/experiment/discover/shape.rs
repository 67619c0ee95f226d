//! Factors as columns, and a box as its bounds in each of them.

use std::collections::BTreeSet;

/// The values of a factor, by point.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Numbers.
    Numbers(Vec<f64>),
    /// Words, as places in the list of them.
    Words {
        /// By point.
        places: Vec<usize>,
        /// All of them.
        words: Vec<String>,
    },
}

/// What a box allows of one factor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The least number inside.
    pub low: Option<f64>,
    /// The largest number inside.
    pub high: Option<f64>,
    /// Words that are outside.
    pub without: BTreeSet<usize>,
}

/// One limit of a box, as far as its factor goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Not below.
    Low,
    /// Not above.
    High,
    /// Not these words.
    Words,
}

impl Bounds {
    /// Which limits there are.
    pub fn sides(&self) -> Vec<Side> {
        let all = [
            (self.low.is_some(), Side::Low),
            (self.high.is_some(), Side::High),
            (!self.without.is_empty(), Side::Words),
        ];
        all.into_iter().filter(|(is_there, _)| *is_there).map(|(_, side)| side).collect()
    }

    /// The same without one of its limits.
    #[must_use]
    pub fn relaxed(&self, side: &Side) -> Bounds {
        let mut bounds = self.clone();
        match side {
            Side::Low => bounds.low = None,
            Side::High => bounds.high = None,
            Side::Words => bounds.without.clear(),
        }
        bounds
    }
}

impl Column {
    /// Is a point inside of these bounds?
    pub fn is_inside(&self, point: usize, bounds: &Bounds) -> bool {
        match self {
            Column::Numbers(numbers) => {
                let number = numbers[point];
                bounds.low.is_none_or(|low| number >= low) && bounds.high.is_none_or(|high| number <= high)
            }
            Column::Words { places, .. } => !bounds.without.contains(&places[point]),
        }
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        match self {
            Column::Numbers(numbers) => numbers.len(),
            Column::Words { places, .. } => places.len(),
        }
    }

    /// Has it no points?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The nearest number beyond a limit, of all points: where the outside begins.
    pub fn beyond(&self, side: &Side, limit: f64) -> Option<f64> {
        let Column::Numbers(numbers) = self else { return None };
        let outside = numbers.iter().copied();
        match side {
            Side::Low => outside.filter(|&number| number < limit).max_by(f64::total_cmp),
            Side::High => outside.filter(|&number| number > limit).min_by(f64::total_cmp),
            Side::Words => None,
        }
    }
}

/// Which of these points a box holds.
pub fn inside(columns: &[Column], shape: &[Bounds], points: &[usize]) -> Vec<usize> {
    let holds = |point: &usize| columns.iter().zip(shape).all(|(column, bounds)| column.is_inside(*point, bounds));
    points.iter().copied().filter(holds).collect()
}
