//! Which values of the doubtful numbers fit what is known of the world?
//!
//! Factors have priors, targets have a value and a tolerance. What is wanted is the posterior: how plausible
//! each set of values is once the model's outputs have been held against the targets.
//!
//! **Why ABC by sequential Monte Carlo, and not history matching.** History matching (Craig et al. 1997;
//! Vernon, Goldstein and Bower 2010) rules out regions by an emulator, for models of which a run takes hours. It leaves
//! a set that is not yet ruled out, not a distribution: nothing to draw scenarios from, and nothing whose coverage
//! could be checked. A coarse run of this model takes a second or less, so no emulator stands between the model and the
//! answer, and posterior draws can be held against the truth by simulation-based calibration ([`check`]).
//!
//! **How.** The tolerance of a target is taken as the standard deviation of what separates the model from the
//! figure (error of the source, error of the model); then approximate Bayesian computation with the kernel
//! exp(-d^2/2), d^2 the sum of squared misses in tolerances, is not approximate but the exact posterior (Wilkinson,
//! Statistical Applications in Genetics and Molecular Biology 12, 2013). To get there, tolerances are at first widened by a
//! common factor and then narrowed as far as enough of the runs still count (adaptive as in Del Moral, Doucet and
//! Jasra, Statistics and Computing 22, 2012, with the moves of Toni et al., Journal of the Royal Society Interface 6,
//! 2009, and Beaumont et al., Biometrika 96, 2009): each population is drawn around the runs that fit so far. Every run
//! ever made keeps counting (`weights`). Each run has
//! random numbers of its own, so the model's chance is part of the posterior, as it is part of the one history that the
//! targets come from.
//!
//! Left out: targets that depend on each other (misses are taken as independent), priors that do or are not
//! flat, factors that are words.

pub mod check;
pub mod file;
pub mod identify;
mod population;
pub mod posterior;
pub mod prior;
pub mod runs;
#[cfg(test)]
mod tests;
mod weights;

pub use posterior::{Fit, Narrowed, Posterior};

use population::Population;
use prior::Factor;
use weights::Cloud;

/// What an output is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// What it is in the world, in the unit of the output.
    pub value: f64,
    /// How far the model may be off: a standard deviation.
    pub tolerance: f64,
    /// Who says so.
    pub source: String,
}

/// One run of a calibration.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its number, which is that of its random numbers too.
    pub number: u32,
    /// In which population it was drawn.
    pub population: u32,
    /// Where the factors stand, each a standard normal under its prior.
    pub place: Vec<f64>,
    /// What came out, target by target; nothing where it never happened.
    pub outputs: Vec<Option<f64>>,
}

impl Run {
    /// The sum of squared misses, in tolerances; infinite where an output is missing.
    pub fn distance(&self, targets: &[Target]) -> f64 {
        let miss = |(output, target): (&Option<f64>, &Target)| {
            output.map_or(f64::INFINITY, |output| (output - target.value) / target.tolerance)
        };
        let sum: f64 = self.outputs.iter().zip(targets).map(miss).map(|miss| miss * miss).sum();
        if sum.is_nan() { f64::INFINITY } else { sum }
    }
}

/// The weights of all runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Run by run; they add up to 1, or are all nothing if no run counts.
    pub shares: Vec<f64>,
    /// How many runs count.
    pub effective: f64,
    /// By how much the stated tolerances had to be widened so that enough runs count: 1 is not at all.
    pub widened: f64,
}

/// How a calibration is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Runs at most.
    pub budget: u32,
    /// Runs of a population.
    pub population: u32,
    /// Enough runs that count, at the stated tolerances: the calibration then ends before its budget.
    pub enough: f64,
    /// Seed of the draws.
    pub seed: u64,
}

/// What a calibration took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Runs that were asked for.
    pub asked: u32,
    /// Of them, those that failed.
    pub failed: u32,
    /// Populations in which they were drawn.
    pub populations: u32,
}

/// What a population asks for: the number of the first run, and where the factors stand in each.
pub type Wanted<'a> = (u32, &'a [Vec<f64>]);

/// What a population answers: outputs run by run, nothing for a run that failed.
pub type Answers = Vec<Option<Vec<Option<f64>>>>;

/// Calibrates; `simulate` runs one population after the other.
///
/// # Errors
/// The first error of `simulate`.
pub fn calibrate<E>(
    factors: &[Factor],
    targets: &[Target],
    plan: &Plan,
    mut simulate: impl FnMut(Wanted) -> Result<Answers, E>,
) -> Result<Posterior, E> {
    let least = f64::from(plan.population) * LEAST_SHARE;
    let mut cloud = Cloud::default();
    let mut effort = Effort::default();
    let mut next = Population::prior(factors.len());
    loop {
        let Effort { asked, populations, .. } = effort;
        let size = plan.population.min(plan.budget - asked);
        let places: Vec<Vec<f64>> = (0..size).map(|n| next.draw(plan.seed, populations, asked + n)).collect();
        let answers = simulate((asked, &places))?;
        effort.failed += answers.iter().filter(|answer| answer.is_none()).count() as u32;
        let run = |((place, outputs), number): ((Vec<f64>, Option<_>), u32)| {
            outputs.map(|outputs| Run { number, population: populations, place, outputs })
        };
        let runs = places.into_iter().zip(answers).zip(asked..).filter_map(run);
        cloud.add(&next, runs.collect(), targets);
        (effort.asked, effort.populations) = (asked + size, populations + 1);
        let weights = cloud.weigh(least);
        let is_enough = weights.widened <= 1.0 && weights.effective >= plan.enough;
        if is_enough || effort.asked >= plan.budget {
            return Ok(Posterior::new(factors, targets, cloud.runs, weights, effort));
        }
        next = Population::around(&cloud.runs, &weights, factors.len());
    }
}

/// Tolerances are narrowed as long as so large a part of a population's number of runs counts.
const LEAST_SHARE: f64 = 0.25;
