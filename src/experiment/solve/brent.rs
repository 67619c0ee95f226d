//! Brent's methods (Brent, Algorithms for Minimization without Derivatives, 1973), as argmin has them.
//!
//! Both only ask; what they asked for is kept by whoever answers. An answer of nothing ends the search.

use argmin::core::{CostFunction, Error, Executor};
use argmin::solver::brent::{BrentOpt, BrentRoot};
use std::cell::RefCell;

/// Asks for the values of a function until two of opposite sign lie within the tolerance of each other.
pub(super) fn root(low: f64, high: f64, tolerance: f64, answer: impl FnMut(f64) -> Option<f64>) {
    let solver = BrentRoot::new(low, high, tolerance);
    // an error is the answerer's wish to stop; halving would need a hundred steps for all bits of a double
    let _ =
        Executor::new(Asked(RefCell::new(answer)), solver).configure(|state| state.max_iters(100)).timer(false).run();
}

/// Asks for the values of a function around its minimum between two places, at most so many times.
pub(super) fn minimum(low: f64, high: f64, tolerance: f64, most: u64, answer: impl FnMut(f64) -> Option<f64>) {
    let solver = BrentOpt::new(low, high).set_tolerance(f64::EPSILON.sqrt(), tolerance);
    let _ =
        Executor::new(Asked(RefCell::new(answer)), solver).configure(|state| state.max_iters(most)).timer(false).run();
}

struct Asked<F>(RefCell<F>);

impl<F: FnMut(f64) -> Option<f64>> CostFunction for Asked<F> {
    type Param = f64;
    type Output = f64;

    fn cost(&self, place: &f64) -> Result<f64, Error> {
        (self.0.borrow_mut())(*place).ok_or_else(|| Error::msg("stopped"))
    }
}
