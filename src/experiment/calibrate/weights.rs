//! How much every run counts.
//!
//! A run at a place z, d tolerances away from the targets, weighs prior(z) exp(-d^2 / 2 h^2) / q(z): q is the density of the
//! population it was drawn from, and h the factor by which tolerances are widened, 1 in the end. So every population by
//! itself stands for the posterior. They are put together in proportion to how many of their runs count, which is nearly
//! the best there is (Nguyen, Septier, Peters and Delignon, IEEE Transactions on Signal Processing 64, 2016). The mixture of all
//! populations in place of q would waste less, but each population is made of the runs before it, and these would then
//! count too little: posteriors came out too narrow. The number of runs that count is Kish's: the square of
//! the sum of weights over the sum of their squares.

use super::population::{Population, log_prior};
use super::{Run, Target, Weights};
use crate::ground::maths;

/// All runs, with what their weights are made of.
#[derive(Debug, Default)]
pub(super) struct Cloud {
    pub runs: Vec<Run>,
    /// Run by run: logarithm of prior over the density it was drawn from.
    bases: Vec<f64>,
    /// Squared distance of each run to the targets, in tolerances.
    distances: Vec<f64>,
}

/// By how much tolerances are widened at most.
const WIDEST: f64 = 1e9;

impl Cloud {
    /// Adds the runs of a population.
    pub(super) fn add(&mut self, population: &Population, runs: Vec<Run>, targets: &[Target]) {
        for run in runs {
            self.bases.push(log_prior(&run.place) - maths::ln(population.density(&run.place)));
            self.distances.push(run.distance(targets));
            self.runs.push(run);
        }
    }

    /// Weights at tolerances as narrow as `least` counting runs allow, and never narrower than stated.
    pub(super) fn weigh(&self, least: f64) -> Weights {
        let stated = self.at(1.0);
        if stated.effective >= least {
            return stated;
        }
        let (mut narrow, mut wide) = (0.0, maths::ln(WIDEST));
        // each step halves the ratio: sixty of them leave the last bits
        for _ in 0..60 {
            let middle = f64::midpoint(narrow, wide);
            if self.at(maths::exp(middle)).effective >= least { wide = middle } else { narrow = middle }
        }
        self.at(maths::exp(wide))
    }

    fn at(&self, widened: f64) -> Weights {
        let mut shares = Vec::with_capacity(self.runs.len());
        let mut all = 0.0;
        for runs in self.runs.chunk_by(|one, other| one.population == other.population) {
            let here = shares.len()..shares.len() + runs.len();
            let kernel = |(base, distance): (&f64, &f64)| base - distance / 2.0 / (widened * widened);
            let logs = self.bases[here.clone()].iter().zip(&self.distances[here]).map(kernel);
            let (own, effective) = normalised(&logs.collect::<Vec<_>>());
            shares.extend(own.into_iter().map(|share| share * effective));
            all += effective;
        }
        if all > 0.0 {
            shares.iter_mut().for_each(|share| *share /= all);
        }
        let squares: f64 = shares.iter().map(|share| share * share).sum();
        let effective = if squares > 0.0 { 1.0 / squares } else { 0.0 };
        Weights { shares, effective, widened }
    }
}

/// Weights from their logarithms, adding up to 1, and how many of them count; all nothing if none is above nothing.
fn normalised(logs: &[f64]) -> (Vec<f64>, f64) {
    let most = logs.iter().copied().filter(|log| log.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return (vec![0.0; logs.len()], 0.0);
    }
    let weight = |log: &f64| if log.is_finite() { maths::exp(log - most) } else { 0.0 };
    let weights: Vec<f64> = logs.iter().map(weight).collect();
    let sum: f64 = weights.iter().sum();
    let shares: Vec<f64> = weights.into_iter().map(|weight| weight / sum).collect();
    let effective = 1.0 / shares.iter().map(|share| share * share).sum::<f64>();
    (shares, effective)
}
