//! Elementary effects: what happens when one factor takes one step, from many places.
//!
//! Morris (Technometrics 33, 1991): a trajectory moves one factor after another by one step; the mean effect mu
//! says how much and which way, its spread sigma whether it depends on where (a bend, or other factors), and the
//! mean of its absolute value mu* (Campolongo et al., Environmental Modelling and Software 22, 2007) orders the
//! factors even where effects cancel. A step is levels/(2(levels - 1)) of a factor's range and an effect is the
//! change of the output per whole range, as in SALib 1.5, with which all four numbers agree to rounding.
//!
//! A factor of words has no range and no steps: its effect is the plain difference of the outputs, of the word that
//! stands later in the list less the other.
//!
//! Left out: groups, and effects scaled by standard deviations.

use super::Refusal;
use super::resample::{Estimate, Resamples};

/// What a factor does when it is moved by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Morris {
    /// Mean effect of raising the factor over its whole range, or of one word for another, in the output's unit.
    pub mu: f64,
    /// Mean of the absolute effect.
    pub mu_star: Estimate,
    /// Standard deviation of the effect.
    pub sigma: f64,
}

/// Elementary effects by factor, one a trajectory. `places` are the factors' places at each point, of any scale
/// that keeps their order; `is_word` says which factors have words for values, which no step is divided by; each
/// trajectory is one point more than there are factors.
///
/// # Errors
/// If a step moves no factor or several, or a trajectory does not move every factor.
pub fn elementary_effects(
    places: &[Vec<f64>],
    is_word: &[bool],
    outputs: &[f64],
    levels: u32,
) -> Result<Vec<Vec<f64>>, Refusal> {
    let factors = places.first().map_or(0, Vec::len);
    let size = Refusal::Size { rows: outputs.len(), factors };
    if factors == 0 || levels < 2 || places.len() != outputs.len() || !outputs.len().is_multiple_of(factors + 1) {
        return Err(size);
    }
    let step = f64::from(levels) / (2.0 * f64::from(levels - 1));
    let mut effects = vec![Vec::new(); factors];
    for (number, (places, outputs)) in
        places.chunks_exact(factors + 1).zip(outputs.chunks_exact(factors + 1)).enumerate()
    {
        let first = number * (factors + 1);
        let mut moved = vec![false; factors];
        let mut still = 0;
        for n in 0..factors {
            let changed: Vec<usize> = (0..factors).filter(|&f| places[n][f] != places[n + 1][f]).collect();
            match changed.as_slice() {
                // two levels of a categorical factor can be the same word: nothing moves, and nothing happens
                [] if outputs[n] == outputs[n + 1] => still += 1,
                &[factor] if !moved[factor] => {
                    moved[factor] = true;
                    let rise = if places[n + 1][factor] > places[n][factor] { 1.0 } else { -1.0 };
                    let step = if is_word.get(factor) == Some(&true) { 1.0 } else { step };
                    effects[factor].push(rise * (outputs[n + 1] - outputs[n]) / step);
                }
                _ => return Err(Refusal::Step { row: first + n + 1 }),
            }
        }
        for factor in (0..factors).filter(|&factor| !moved[factor]) {
            effects[factor].push(0.0);
            still -= 1;
        }
        debug_assert_eq!(still, 0, "every step moves one factor or none");
    }
    Ok(effects)
}

/// What each factor does, from its elementary effects.
///
/// # Errors
/// If there are fewer than two trajectories, or all effects are zero.
pub fn morris(effects: &[Vec<f64>], resamples: Resamples) -> Result<Vec<Morris>, Refusal> {
    let trajectories = effects.first().map_or(0, Vec::len);
    if trajectories < 2 {
        return Err(Refusal::Size { rows: trajectories * (effects.len() + 1), factors: effects.len() });
    }
    let count = trajectories as f64;
    let one = |(factor, effects): (usize, &Vec<f64>)| {
        let mu = effects.iter().sum::<f64>() / count;
        let squares = effects.iter().map(|effect| (effect - mu) * (effect - mu)).sum::<f64>();
        let mean = |places: &mut dyn Iterator<Item = usize>| places.map(|n| effects[n].abs()).sum::<f64>() / count;
        let draws = resamples.draws(factor as i32 + 1, trajectories);
        let resampled = draws.map(|places| mean(&mut places.into_iter()));
        Morris {
            mu,
            mu_star: Estimate::with(mean(&mut (0..trajectories)), resampled),
            sigma: (squares / (count - 1.0)).sqrt(),
        }
    };
    Ok(effects.iter().enumerate().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: f64 = 2.0 / 3.0;

    fn example() -> (Vec<Vec<f64>>, Vec<f64>) {
        let third = 1.0 / 3.0;
        let places = [
            [0.0, 0.0],
            [STEP, 0.0],
            [STEP, STEP],
            [1.0, 0.0],
            [1.0, STEP],
            [third, STEP],
            [third, 1.0],
            [third, third],
            [1.0, third],
        ];
        (places.map(Vec::from).to_vec(), vec![1.0, 3.0, 4.0, 2.0, 5.0, 1.0, 0.0, 2.0, 2.5])
    }

    #[test]
    fn effects_are_those_by_hand_and_of_salib() {
        let (places, outputs) = example();
        let effects = elementary_effects(&places, &[], &outputs, 4).unwrap();
        // the step is 2/3 of the range: (3-1), (5-1), (2.5-2) and (4-3), (5-2), -(2-0), each over 2/3
        let close = |found: &[f64], expected: &[f64]| {
            assert_eq!(found.len(), expected.len());
            found.iter().zip(expected).for_each(|(f, e)| assert!((f - e).abs() < 1e-14, "{found:?}"));
        };
        close(&effects[0], &[3.0, 6.0, 0.75]);
        close(&effects[1], &[1.5, 4.5, -3.0]);
        // SALib 1.5.1, morris.analyze: mu 3.25, 1; mu* 3.25, 3; sigma 2.6339134382131846, 3.774917217635375
        let found = morris(&effects, Resamples { count: 1_000, seed: 1 }).unwrap();
        close(&[found[0].mu, found[0].mu_star.value, found[0].sigma], &[3.25, 3.25, 2.633_913_438_213_184_6]);
        close(&[found[1].mu, found[1].mu_star.value, found[1].sigma], &[1.0, 3.0, 3.774_917_217_635_375]);
        // its mu*_conf, from other draws: 2.68, 1.32
        assert!((found[0].mu_star.half_width - 2.55).abs() < 0.35, "{found:?}");
        assert!((found[1].mu_star.half_width - 1.38).abs() < 0.2, "{found:?}");
    }

    /// Words have no step: the same outputs by hand, undivided.
    #[test]
    fn the_effect_of_a_word_is_the_plain_difference() {
        let (places, outputs) = example();
        let effects = elementary_effects(&places, &[false, true], &outputs, 4).unwrap();
        assert_eq!(effects[1], [1.0, 3.0, -2.0]);
        assert!((effects[0][0] - 3.0).abs() < 1e-14);
        let span = 5.0;
        assert!(effects[1].iter().all(|effect| effect.abs() <= span));
    }

    #[test]
    fn a_straight_line_has_the_same_effect_everywhere() {
        let (places, _) = example();
        let outputs: Vec<f64> = places.iter().map(|place| 5.0 * place[0] - 2.0 * place[1]).collect();
        let found = morris(&elementary_effects(&places, &[], &outputs, 4).unwrap(), Resamples { count: 9, seed: 1 });
        for (found, slope) in found.unwrap().iter().zip([5.0, -2.0_f64]) {
            assert!((found.mu - slope).abs() < 1e-12 && (found.mu_star.value - slope.abs()).abs() < 1e-12);
            assert!(found.sigma < 1e-12 && found.mu_star.half_width < 1e-12);
        }
    }

    #[test]
    fn a_step_that_moves_two_factors_is_refused() {
        let (mut places, outputs) = example();
        places[1] = vec![STEP, STEP];
        assert_eq!(elementary_effects(&places, &[], &outputs, 4), Err(Refusal::Step { row: 1 }));
        assert_eq!(elementary_effects(&places[..8], &[], &outputs[..8], 4), Err(Refusal::Size { rows: 8, factors: 2 }));
    }

    #[test]
    fn a_word_that_stays_the_same_has_no_effect() {
        // in the second trajectory the second factor's step ends at the same word
        let (mut places, mut outputs) = example();
        places[3][1] = STEP;
        outputs[3] = outputs[4];
        let effects = elementary_effects(&places, &[], &outputs, 4).unwrap();
        assert_eq!(effects[1][1], 0.0);
        // but the same inputs with another output are no trajectory
        outputs[3] = 2.0;
        assert_eq!(elementary_effects(&places, &[], &outputs, 4), Err(Refusal::Step { row: 4 }));
    }
}
