//! What a calibration has learnt: factors narrowed, targets met or not, and draws to go on with.

use super::prior::Factor;
use super::{Effort, Run, Target, Weights};

/// What became of a factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Narrowed {
    /// What it was.
    pub factor: Factor,
    /// Quantiles of the posterior at 5, 50 and 95 %, in the model's unit.
    pub quantiles: [f64; 3],
    /// Posterior spread as a part of the prior's, both on the scale of the prior: 1 if the targets say nothing of it.
    pub spread_left: f64,
}

/// How the posterior meets a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The target.
    pub target: Target,
    /// Mean of the output over the posterior.
    pub mean: f64,
    /// Quantiles of the output at 5 and 95 %.
    pub range: [f64; 2],
    /// The output nearest to the target in any run; none if it never happened.
    pub nearest: Option<f64>,
}

impl Fit {
    /// How far the mean is from the target, in tolerances.
    pub fn miss(&self) -> f64 {
        (self.mean - self.target.value) / self.target.tolerance
    }
}

/// The posterior, as weighted runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// Factors.
    pub factors: Vec<Narrowed>,
    /// Targets.
    pub fits: Vec<Fit>,
    /// Every run that was made.
    pub runs: Vec<Run>,
    /// How much each counts.
    pub weights: Weights,
    /// What it took.
    pub effort: Effort,
}

impl Posterior {
    pub(super) fn new(
        factors: &[Factor],
        targets: &[Target],
        runs: Vec<Run>,
        weights: Weights,
        effort: Effort,
    ) -> Posterior {
        let shares = &weights.shares;
        let narrow = |(n, factor): (usize, &Factor)| {
            let values = |run: &Run| factor.value(run.place[n]);
            let quantiles = [0.05, 0.5, 0.95].map(|share| quantile(&runs, shares, share, values));
            let level = |run: &Run| super::prior::below(run.place[n]);
            let mean: f64 = runs.iter().zip(shares).map(|(run, share)| share * level(run)).sum();
            let square = |(run, share): (&Run, &f64)| share * (level(run) - mean) * (level(run) - mean);
            // the variance of a flat prior between 0 and 1 is a twelfth
            let spread_left = (runs.iter().zip(shares).map(square).sum::<f64>() * 12.0).sqrt();
            Narrowed { factor: factor.clone(), quantiles, spread_left }
        };
        let fit = |(n, target): (usize, &Target)| {
            let output = |run: &Run| run.outputs[n].unwrap_or(f64::NAN);
            let counts = runs.iter().zip(shares).filter(|(_, share)| **share > 0.0);
            let away = |value: &f64| (value - target.value).abs();
            let known = runs.iter().filter_map(|run| run.outputs[n]);
            Fit {
                target: target.clone(),
                mean: counts.map(|(run, share)| share * output(run)).sum(),
                range: [0.05, 0.95].map(|share| quantile(&runs, shares, share, output)),
                nearest: known.min_by(|a, b| away(a).total_cmp(&away(b))),
            }
        };
        let narrowed = factors.iter().enumerate().map(narrow).collect();
        let fits = targets.iter().enumerate().map(fit).collect();
        Posterior { factors: narrowed, fits, runs, weights, effort }
    }

    /// Indices of runs that stand for the posterior, as often as they count: systematic resampling, without a draw.
    pub fn draws(&self, count: u32) -> Vec<usize> {
        let mut found = Vec::new();
        let (mut passed, mut next) = (0.0, 0.5 / f64::from(count));
        for (place, share) in self.weights.shares.iter().enumerate() {
            passed += share;
            while passed > next && found.len() < count as usize {
                found.push(place);
                next += 1.0 / f64::from(count);
            }
        }
        found
    }

    /// Posterior probability that a factor stands below a place.
    pub fn share_below(&self, factor: usize, place: f64) -> f64 {
        self.runs
            .iter()
            .zip(&self.weights.shares)
            .filter(|(run, _)| run.place[factor] < place)
            .map(|(_, share)| share)
            .sum()
    }
}

/// The smallest value up to which at least this share of the weight lies; NaN if nothing counts.
fn quantile(runs: &[Run], shares: &[f64], wanted: f64, value: impl Fn(&Run) -> f64) -> f64 {
    let mut sorted: Vec<(f64, f64)> =
        runs.iter().zip(shares).filter(|(_, share)| **share > 0.0).map(|(run, share)| (value(run), *share)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut passed = 0.0;
    let found = sorted.iter().find(|(_, share)| {
        passed += share;
        passed >= wanted
    });
    found.or(sorted.last()).map_or(f64::NAN, |(value, _)| *value)
}
