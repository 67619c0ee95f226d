//! On which inputs an answer depends: estimators of sensitivity, on plain numbers.

pub mod analysis;
pub mod effects;
#[cfg(test)]
mod examples;
mod from_table;
pub mod morris;
pub mod resample;
pub mod sobol;
pub mod view;

use std::fmt;

/// Why numbers cannot be analysed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// So many rows are no design of so many factors.
    Size {
        /// Rows there are.
        rows: usize,
        /// Factors there are.
        factors: usize,
    },
    /// An output that is no number.
    NotFinite {
        /// The first row that has it, from zero.
        row: usize,
    },
    /// All outputs are this.
    Constant(f64),
    /// A step of a trajectory that does not move one factor.
    Step {
        /// The row at its end, from zero.
        row: usize,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Refusal::Size { rows, factors } => {
                write!(f, "{rows} rows are not two or more whole samples of {factors} factors")
            }
            Refusal::NotFinite { row } => write!(f, "the output of point {row} is not a finite number"),
            Refusal::Constant(value) => {
                write!(f, "the output is {value} at every point: nothing varies, so nothing can be shared out")
            }
            Refusal::Step { row } => {
                write!(f, "between points {} and {row} not exactly one factor moves", row.saturating_sub(1))
            }
        }
    }
}

/// Outputs must be finite numbers, not all the same.
fn check(outputs: &[f64]) -> Result<(), Refusal> {
    if let Some(row) = outputs.iter().position(|value| !value.is_finite()) {
        return Err(Refusal::NotFinite { row });
    }
    match outputs.first() {
        Some(&first) if outputs.iter().all(|&value| value == first) => Err(Refusal::Constant(first)),
        Some(_) => Ok(()),
        None => Err(Refusal::Size { rows: 0, factors: 0 }),
    }
}

/// Variance of numbers, of all of them.
fn variance(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count
}
