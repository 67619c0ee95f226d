//! Does a calibration find what it should? Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari and
//! Gelman, 2018): the truth is drawn from the prior, the model itself makes the figures, and the truth's rank
//! among posterior draws must then be any with equal probability. Ranks that crowd at the ends say that
//! posteriors are too narrow, in the middle too wide, on one side that they are off.

use super::prior::Factor;
use super::{Answers, Plan, Posterior, Target, Wanted, calibrate};
use crate::economy::shared::streams::Stream;
use crate::ground::random::{Key, Luck, StandardNormal};
use rand_distr::Distribution;

/// Posterior draws among which the truth is ranked.
pub const DRAWS: u32 = 15;

/// Groups of neighbouring ranks that are counted.
pub const GROUPS: usize = 8;

/// How wide the intervals are whose coverage is counted.
pub const LEVELS: [f64; 3] = [0.5, 0.8, 0.95];

/// The number from which on the random numbers of truths are counted: beyond that of any calibration's runs.
const FIRST_TRUTH: u32 = 1 << 31;

/// What became of one factor over all truths.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranks {
    /// The factor.
    pub factor: Factor,
    /// How often the truth's rank was in each group.
    pub counts: [u32; GROUPS],
    /// How often the truth was within the central interval of each level.
    pub covered: [u32; LEVELS.len()],
}

impl Ranks {
    /// Pearson's chi squared against equal counts; 7 degrees of freedom: above 14.07 once in twenty times, above 18.48
    /// once in a hundred, if all is well.
    pub fn chi_squared(&self) -> f64 {
        let expected = f64::from(self.counts.iter().sum::<u32>()) / GROUPS as f64;
        self.counts.iter().map(|&count| (f64::from(count) - expected) * (f64::from(count) - expected) / expected).sum()
    }
}

/// What a check has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Factor by factor.
    pub ranks: Vec<Ranks>,
    /// Truths that were looked for.
    pub truths: u32,
    /// Truths that made no figures, or of which a calibration counted no run.
    pub skipped: u32,
    /// Mean number of runs that counted.
    pub effective: f64,
}

/// Draws truths from the prior and looks for each; `simulate` as for [`calibrate`]. With `is_shared` all calibrations begin
/// with the same population, so that whoever remembers runs makes it only once.
///
/// # Errors
/// The first error of `simulate`.
pub fn check<E>(
    factors: &[Factor],
    targets: &[Target],
    plan: &Plan,
    truths: u32,
    is_shared: bool,
    mut simulate: impl FnMut(Wanted) -> Result<Answers, E>,
) -> Result<Checked, E> {
    let ranks = |factor: &Factor| Ranks { factor: factor.clone(), counts: [0; GROUPS], covered: [0; LEVELS.len()] };
    let mut found = Checked { ranks: factors.iter().map(ranks).collect(), truths, skipped: 0, effective: 0.0 };
    let luck = Luck::new(plan.seed, 1);
    for truth in 0..truths {
        let mut draws = luck.at(Stream::Calibration, -1).draws(Key::numbered(u64::from(truth)));
        let place: Vec<f64> = factors.iter().map(|_| StandardNormal.sample(&mut draws)).collect();
        let figures = simulate((FIRST_TRUTH + truth, std::slice::from_ref(&place)))?.pop().flatten();
        let figures: Option<Vec<f64>> = figures.and_then(|outputs| outputs.into_iter().collect());
        let Some(figures) = figures else {
            found.skipped += 1;
            continue;
        };
        let told = |(target, figure): (&Target, f64)| {
            let error: f64 = StandardNormal.sample(&mut draws);
            Target { value: figure + target.tolerance * error, ..target.clone() }
        };
        let targets: Vec<Target> = targets.iter().zip(figures).map(told).collect();
        let seed = if is_shared { plan.seed } else { plan.seed.wrapping_add(u64::from(truth)) };
        let posterior = calibrate(factors, &targets, &Plan { seed, ..*plan }, &mut simulate)?;
        if posterior.weights.effective == 0.0 {
            found.skipped += 1;
            continue;
        }
        found.effective += posterior.weights.effective / f64::from(truths);
        for (n, ranks) in found.ranks.iter_mut().enumerate() {
            ranks.count(&posterior, n, place[n], truth, &luck);
        }
    }
    Ok(found)
}

impl Ranks {
    fn count(&mut self, posterior: &Posterior, factor: usize, place: f64, truth: u32, luck: &Luck) {
        let below = posterior.share_below(factor, place);
        // of independent posterior draws, each lies below the truth with this probability
        let chance = luck.at(Stream::Calibration, -2);
        let key = |draw: u32| Key::numbered(u64::from(truth)).and(factor).and(draw);
        let rank = (0..DRAWS).filter(|&draw| chance.happens(key(draw), below)).count();
        self.counts[rank * GROUPS / (DRAWS as usize + 1)] += 1;
        for (covered, level) in self.covered.iter_mut().zip(LEVELS) {
            *covered += u32::from((below - 0.5).abs() <= level / 2.0);
        }
    }
}
