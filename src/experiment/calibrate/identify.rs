//! Which target informs which factor? Over the runs that were drawn from the prior, where factors are independent, the
//! rank correlation of a factor with an output: what moves with nothing cannot be learnt from what is known.
//!
//! Left out: what several factors do together, and relations that go up and down again.

use super::Run;
use crate::ground::statistics::rank_correlation;

/// Rank correlations over the runs of the prior.
#[derive(Clone, Debug, PartialEq)]
pub struct Identification {
    /// Factor by factor, target by target; nothing where an output never happened or never moved.
    pub correlations: Vec<Vec<Option<f64>>>,
    /// Runs of the prior.
    pub runs: usize,
}

/// Standard errors beyond which a correlation is none of chance: one of a thousand that are zero lies beyond.
const BEYOND: f64 = 3.29;

impl Identification {
    /// That of all runs of a calibration, for so many factors and targets.
    pub fn of(runs: &[Run], factors: usize, targets: usize) -> Identification {
        let prior: Vec<&Run> = runs.iter().filter(|run| run.population == 0).collect();
        let one = |factor: usize, target: usize| {
            let pairs = prior.iter().filter_map(|run| Some((run.place[factor], run.outputs[target]?)));
            let (places, outputs): (Vec<f64>, Vec<f64>) = pairs.unzip();
            rank_correlation(&places, &outputs)
        };
        let row = |factor| (0..targets).map(|target| one(factor, target)).collect();
        Identification { correlations: (0..factors).map(row).collect(), runs: prior.len() }
    }

    /// The smallest correlation that is more than chance.
    pub fn least(&self) -> f64 {
        BEYOND / (self.runs.max(2) as f64 - 1.0).sqrt()
    }

    /// Does a target inform a factor?
    pub fn informs(&self, factor: usize, target: usize) -> bool {
        self.correlations[factor][target].is_some_and(|correlation| correlation.abs() > self.least())
    }

    /// The targets that inform a factor, strongest first.
    pub fn informing(&self, factor: usize) -> Vec<usize> {
        let mut found: Vec<usize> =
            (0..self.correlations[factor].len()).filter(|&target| self.informs(factor, target)).collect();
        let size = |target: &usize| self.correlations[factor][*target].map_or(0.0, f64::abs);
        found.sort_by(|a, b| size(b).total_cmp(&size(a)));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of the prior whose first target follows the first factor, its second nothing, and the third never happens.
    fn runs() -> Vec<Run> {
        let one = |n: u32| {
            let (x, y) = (f64::from(n % 20), f64::from(n / 20));
            Run {
                number: n,
                population: 0,
                place: vec![x, y],
                outputs: vec![Some(3.0 * x + 0.1 * y), Some((x - 9.5).abs()), None],
            }
        };
        (0..400).map(one).collect()
    }

    #[test]
    fn a_target_informs_the_factor_that_it_follows_and_no_other() {
        let found = Identification::of(&runs(), 2, 3);
        // 3.29 / sqrt(399)
        assert!((found.least() - 0.1647).abs() < 1e-4, "{}", found.least());
        assert_eq!((found.informing(0), found.informing(1)), (vec![0], vec![]));
        assert!(found.correlations[0][0].unwrap() > 0.99);
        assert_eq!(found.correlations[0][2], None);
    }

    #[test]
    fn runs_that_were_drawn_near_the_targets_do_not_count() {
        let mut runs = runs();
        runs.iter_mut().skip(100).for_each(|run| run.population = 1);
        assert_eq!(Identification::of(&runs, 2, 3).runs, 100);
    }
}
