//! Populations of runs: the prior, or a mixture of normals around the runs that fit so far.
//!
//! A tenth of each later population is still drawn from the prior, so that nothing is given up for good and no weight
//! is without bound (Hesterberg, Technometrics 37, 1995). The normals' spread is that of the runs that fit, times
//! Silverman's factor for their number.

use super::Run;
use super::Weights;
use crate::economy::shared::streams::Stream;
use crate::ground::maths;
use crate::ground::random::{Key, Luck, StandardNormal};
use rand::RngExt;
use rand_distr::Distribution;

/// Part of a later population that is drawn from the prior.
const FROM_PRIOR: f64 = 0.1;

/// From where runs are drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Population {
    /// Middles of the normals, each with its share; none for the prior itself.
    middles: Vec<(Vec<f64>, f64)>,
    /// The lower triangle whose product with its mirror image is the covariance of each normal.
    root: Vec<Vec<f64>>,
}

impl Population {
    /// The prior.
    pub(super) fn prior(factors: usize) -> Population {
        Population { middles: Vec::new(), root: vec![Vec::new(); factors] }
    }

    /// Around the runs that count.
    pub(super) fn around(runs: &[Run], weights: &Weights, factors: usize) -> Population {
        let counts = |&(_, &share): &(&Run, &f64)| share > LEAST;
        let middles: Vec<(Vec<f64>, f64)> =
            runs.iter().zip(&weights.shares).filter(counts).map(|(run, &share)| (run.place.clone(), share)).collect();
        let number = weights.effective.max(1.0);
        let silverman = maths::pow(4.0 / ((factors as f64 + 2.0) * number), 2.0 / (factors as f64 + 4.0));
        let root = cholesky(&covariance(&middles, factors), silverman.min(1.0));
        Population { middles, root }
    }

    /// Density at a place.
    pub(super) fn density(&self, place: &[f64]) -> f64 {
        let prior = maths::exp(log_prior(place));
        if self.middles.is_empty() {
            return prior;
        }
        let normal = |(middle, share): &(Vec<f64>, f64)| {
            let away: Vec<f64> = place.iter().zip(middle).map(|(x, m)| x - m).collect();
            let (solved, size) = solve(&self.root, &away);
            share * maths::exp(log_prior(&solved)) / size
        };
        FROM_PRIOR * prior + (1.0 - FROM_PRIOR) * self.middles.iter().map(normal).sum::<f64>()
    }

    /// Where a run stands: a function of seed, number of the population and number of the run alone.
    pub(super) fn draw(&self, seed: u64, population: u32, run: u32) -> Vec<f64> {
        let tick = i32::try_from(population).unwrap_or(i32::MAX);
        let mut draws = Luck::new(seed, 0).at(Stream::Calibration, tick).draws(Key::numbered(u64::from(run)));
        let (from_prior, chosen): (f64, f64) = (draws.random(), draws.random());
        let normals: Vec<f64> = self.root.iter().map(|_| StandardNormal.sample(&mut draws)).collect();
        if self.middles.is_empty() || from_prior < FROM_PRIOR {
            return normals;
        }
        let mut left = chosen;
        let found = self.middles.iter().find(|(_, share)| {
            left -= share;
            left < 0.0
        });
        let (middle, _) = found.unwrap_or(&self.middles[self.middles.len() - 1]);
        let moved = self.root.iter().map(|row| row.iter().zip(&normals).map(|(a, b)| a * b).sum::<f64>());
        middle.iter().zip(moved).map(|(m, away)| m + away).collect()
    }
}

/// Shares below this are none.
const LEAST: f64 = 1e-9;

/// Logarithm of the density of independent standard normals.
pub(super) fn log_prior(place: &[f64]) -> f64 {
    let half_log_tau = 0.918_938_533_204_672_7;
    place.iter().map(|x| -0.5 * x * x - half_log_tau).sum()
}

/// Weighted covariance; shares add up to 1.
fn covariance(points: &[(Vec<f64>, f64)], factors: usize) -> Vec<Vec<f64>> {
    let mean: Vec<f64> = (0..factors).map(|i| points.iter().map(|(place, share)| share * place[i]).sum()).collect();
    let one = |i: usize, j: usize| {
        points.iter().map(|(place, share)| share * (place[i] - mean[i]) * (place[j] - mean[j])).sum::<f64>()
    };
    (0..factors).map(|i| (0..factors).map(|j| one(i, j)).collect()).collect()
}

/// The root of a covariance times a factor. A direction in which the points have no spread gets a little.
fn cholesky(covariance: &[Vec<f64>], factor: f64) -> Vec<Vec<f64>> {
    let least = 1e-6;
    let mut root: Vec<Vec<f64>> = Vec::new();
    for (i, line) in covariance.iter().enumerate() {
        let mut row: Vec<f64> = Vec::new();
        for (j, above) in root.iter().enumerate() {
            let sum: f64 = row.iter().zip(above).map(|(a, b)| a * b).sum();
            row.push((line[j] * factor - sum) / above[j]);
        }
        let rest = line[i] * factor - row.iter().map(|x| x * x).sum::<f64>();
        row.push(rest.max(least).sqrt());
        root.push(row);
    }
    root
}

/// Solves root times x = away, and gives the determinant of the root beside x.
fn solve(root: &[Vec<f64>], away: &[f64]) -> (Vec<f64>, f64) {
    let (mut solved, mut size): (Vec<f64>, f64) = (Vec::with_capacity(away.len()), 1.0);
    for (row, value) in root.iter().zip(away) {
        let known: f64 = row.iter().zip(&solved).map(|(a, b)| a * b).sum();
        let own = row[solved.len()];
        solved.push((value - known) / own);
        size *= own;
    }
    (solved, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_density_adds_up_to_one_and_far_from_all_runs_is_what_comes_from_the_prior() {
        let population = Population { middles: vec![(vec![3.0], 1.0)], root: vec![vec![0.1]] };
        let prior = maths::exp(log_prior(&[-1.0]));
        assert!((population.density(&[-1.0]) - FROM_PRIOR * prior).abs() < 1e-12);
        let step = 1e-3;
        let all: f64 = (-8_000..8_000).map(|n| population.density(&[f64::from(n) * step]) * step).sum();
        assert!((all - 1.0).abs() < 1e-6, "{all}");
    }
}
