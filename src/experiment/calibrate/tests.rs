//! Calibration against posteriors that are known in closed form, and against truths drawn from the prior.

use super::check::{GROUPS, check};
use super::prior::{Factor, Scale};
use super::*;
use crate::economy::shared::streams::Stream;
use crate::ground::maths;
use crate::ground::random::{Key, Luck, StandardNormal};
use rand_distr::Distribution;
use std::convert::Infallible;

fn factor(key: &str, low: f64, high: f64, scale: Scale) -> Factor {
    Factor { key: key.to_owned(), low, high, scale }
}

fn target(value: f64, tolerance: f64) -> Target {
    Target { name: "a figure".to_owned(), value, tolerance, source: "by hand".to_owned() }
}

/// A model of one line: what comes out of two factors and a random term of its own for each run.
fn toy(factors: &[Factor], noise: f64) -> impl Fn(Wanted) -> Result<Answers, Infallible> {
    let factors = factors.to_vec();
    move |(first, places)| {
        let chance = Luck::new(99, 0).at(Stream::Skill, 0);
        let one = |(place, number): (&Vec<f64>, u32)| {
            let values: Vec<f64> = factors.iter().zip(place).map(|(factor, place)| factor.value(*place)).collect();
            let mut draws = chance.draws(Key::numbered(u64::from(number)));
            let mut luck = || -> f64 { noise * StandardNormal.sample(&mut draws) };
            let first = values[0] + luck();
            Some(values.iter().skip(1).fold(vec![Some(first)], |mut outputs, value| {
                outputs.push(Some(maths::ln(*value) + 0.5 * values[0] + luck()));
                outputs
            }))
        };
        Ok(places.iter().zip(first..).map(one).collect())
    }
}

/// x flat on 0 to 10, seen as x + noise of 0.6 with a tolerance of 0.8, 4.0 was seen: the posterior is normal with mean
/// 4 and standard deviation sqrt(0.36 + 0.64) = 1, so its 5 and 95 % are 2.355 and 5.645. With about 300 runs that
/// count the mean is known to 0.06 and these quantiles to about 0.12: three of these are allowed.
#[test]
fn the_posterior_is_the_one_known_in_closed_form() {
    let factors = [factor("x", 0.0, 10.0, Scale::Linear)];
    let plan = Plan { budget: 1500, population: 250, enough: 400.0, seed: 3 };
    let posterior = calibrate(&factors, &[target(4.0, 0.8)], &plan, toy(&factors, 0.6)).unwrap();
    assert!(
        posterior.weights.widened <= 1.0 && posterior.weights.effective > 300.0,
        "{} {}",
        posterior.weights.widened,
        posterior.weights.effective
    );
    let [low, middle, high] = posterior.factors[0].quantiles;
    assert!(
        (low - 2.355).abs() < 0.36 && (middle - 4.0).abs() < 0.2 && (high - 5.645).abs() < 0.36,
        "{low} {middle} {high}"
    );
    // the prior's standard deviation is 10 / sqrt(12) = 2.887
    assert!((posterior.factors[0].spread_left - 1.0 / 2.887).abs() < 0.05, "{}", posterior.factors[0].spread_left);
    assert!(posterior.fits[0].miss().abs() < 0.3);
    let sum: f64 = posterior.weights.shares.iter().sum();
    assert!((sum - 1.0).abs() < 1e-12);
    // draws stand for the posterior: their mean is its mean
    let draws = posterior.draws(50);
    let mean = draws.iter().map(|&run| factors[0].value(posterior.runs[run].place[0])).sum::<f64>() / 50.0;
    assert!(draws.len() == 50 && (mean - 4.0).abs() < 0.35, "{mean}");
}

/// A target in the far tail of the prior, a thousandth of it: one population finds next to nothing there, the next ones do.
#[test]
fn populations_find_what_the_prior_hardly_holds() {
    let factors = [factor("x", 0.0, 10.0, Scale::Linear), factor("y", 1.0, 100.0, Scale::Log)];
    let targets = [target(9.0, 0.05), target(maths::ln(2.0) + 4.5, 0.05)];
    let plan = Plan { budget: 2000, population: 200, enough: 100.0, seed: 1 };
    let posterior = calibrate(&factors, &targets, &plan, toy(&factors, 0.0)).unwrap();
    assert!(
        posterior.weights.widened <= 1.0 && posterior.weights.effective >= 100.0,
        "{} {}",
        posterior.weights.widened,
        posterior.weights.effective
    );
    let middle = |n: usize| posterior.factors[n].quantiles[1];
    assert!((middle(0) - 9.0).abs() < 0.05 && (middle(1) - 2.0).abs() < 0.1, "{} {}", middle(0), middle(1));
    let single =
        calibrate(&factors, &targets, &Plan { budget: 2000, population: 2000, ..plan }, toy(&factors, 0.0)).unwrap();
    assert!(
        single.weights.widened > 1.0,
        "one population of the same size does not get there: {}",
        single.weights.effective
    );
}

#[test]
fn what_cannot_be_met_is_said() {
    let factors = [factor("x", 0.0, 10.0, Scale::Linear)];
    let plan = Plan { budget: 400, population: 100, enough: 100.0, seed: 1 };
    let posterior = calibrate(&factors, &[target(30.0, 0.5)], &plan, toy(&factors, 0.0)).unwrap();
    // the runs crowd at the edge of the prior, where x is 10, 40 tolerances off
    assert!((posterior.fits[0].miss() + 40.0).abs() < 0.5, "{}", posterior.fits[0].miss());
    let nearest = posterior.fits[0].nearest.unwrap();
    assert!((9.5..=10.0).contains(&nearest), "{nearest}");
    // an outcome that never happens, and runs that fail, leave nothing and are counted
    let never = calibrate(&factors, &[target(1.0, 1.0)], &plan, |(_, places): Wanted| {
        Ok::<_, Infallible>(places.iter().enumerate().map(|(n, _)| (n % 2 == 0).then(|| vec![None])).collect())
    });
    let never = never.unwrap();
    assert_eq!((never.weights.effective, never.effort.failed, never.fits[0].nearest), (0.0, 200, None));
}

#[test]
fn the_same_plan_gives_the_same_posterior() {
    let factors = [factor("x", 0.0, 10.0, Scale::Linear)];
    let plan = Plan { budget: 300, population: 100, enough: 1e9, seed: 7 };
    let one = calibrate(&factors, &[target(4.0, 0.8)], &plan, toy(&factors, 0.6)).unwrap();
    assert_eq!(one, calibrate(&factors, &[target(4.0, 0.8)], &plan, toy(&factors, 0.6)).unwrap());
    assert_ne!(one, calibrate(&factors, &[target(4.0, 0.8)], &Plan { seed: 8, ..plan }, toy(&factors, 0.6)).unwrap());
}

/// 400 truths of two factors. Ranks must be flat: chi squared of 7 degrees of freedom is above 18.48 once in a hundred times.
/// The 95 % interval must hold the truth in 95 % of them, give or take three standard errors (3.3 points), the 50 %
/// one in 50 % (7.5 points). What it catches: chance left out of the posterior (noise as large as the tolerance,
/// intervals too narrow by 0.7) would give 83 % and a chi squared above 100.
#[test]
fn truths_are_found_as_often_as_intervals_say() {
    let factors = [factor("x", 0.0, 10.0, Scale::Linear), factor("y", 1.0, 100.0, Scale::Log)];
    let targets = [target(0.0, 0.7), target(0.0, 0.4)];
    let plan = Plan { budget: 600, population: 150, enough: 150.0, seed: 11 };
    let found = check(&factors, &targets, &plan, 400, false, toy(&factors, 0.5)).unwrap();
    assert_eq!(found.skipped, 0);
    for ranks in &found.ranks {
        let covered = ranks.covered.map(|covered| f64::from(covered) / 400.0);
        println!(
            "simulation-based calibration, {}: ranks {:?}, chi squared {:.1}, coverage of 50, 80, 95 %: {:.1} {:.1} {:.1} %",
            ranks.factor.key,
            ranks.counts,
            ranks.chi_squared(),
            covered[0] * 100.0,
            covered[1] * 100.0,
            covered[2] * 100.0
        );
        assert!(ranks.chi_squared() < 18.48, "{:?}", ranks.counts);
        assert!((covered[0] - 0.5).abs() < 0.075 && (covered[2] - 0.95).abs() < 0.033, "{covered:?}");
        assert_eq!(ranks.counts.iter().sum::<u32>(), 400);
        assert_eq!(ranks.counts.len(), GROUPS);
    }
}

/// The same check must fail where posteriors are too narrow: a calibration that takes the tolerance for half of what
/// the figures' error is.
#[test]
fn a_calibration_that_is_too_sure_is_found_out() {
    let factors = [factor("x", 0.0, 10.0, Scale::Linear)];
    let plan = Plan { budget: 300, population: 100, enough: 100.0, seed: 11 };
    let toy = toy(&factors, 0.5);
    // chance that the truth has and the runs of the calibration have not
    let quiet = self::toy(&factors, 0.0);
    let simulate =
        |(first, places): Wanted| if places.len() == 1 { toy((first, places)) } else { quiet((first, places)) };
    let found = check(&factors, &[target(0.0, 0.2)], &plan, 200, false, simulate).unwrap();
    assert!(found.ranks[0].chi_squared() > 18.48, "{:?}", found.ranks[0].counts);
    assert!(f64::from(found.ranks[0].covered[2]) / 200.0 < 0.9);
}
