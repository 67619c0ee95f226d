//! Shares of variance: how much of an output's variance each factor makes, alone and with others.
//!
//! First order: the share that would go if the factor were known (Saltelli et al., Computer Physics
//! Communications 181, 2010, their estimator b). Total order: the share that would be left if all others were
//! known (Jansen, Computer Physics Communications 117, 1999). What the total has beyond the first is
//! interaction. The design is Saltelli's: for each base sample the row A, then A with each factor in turn taken
//! from B, then B. Outputs are centred and scaled before the sums, as SALib 1.5 does, and agree with it to
//! rounding.
//!
//! Left out: second-order indices, groups, and factors that depend on each other.

use super::resample::{Estimate, Resamples};

/// Indices of all factors, in the order of the design.
#[derive(Clone, Debug, PartialEq)]
pub struct Sobol {
    /// First order.
    pub first: Vec<Estimate>,
    /// Total order.
    pub total: Vec<Estimate>,
    /// Variance of the output over the base samples, in its own unit squared.
    pub variance: f64,
    /// By group of factors: the sum of first orders, and of total orders.
    pub groups: Vec<[Estimate; 2]>,
    /// One less the sum of all first orders: what factors make only together.
    pub interactions: Estimate,
}

/// Outputs, taken apart by what was mixed into the row.
struct Rows {
    a: Vec<f64>,
    b: Vec<f64>,
    /// By factor.
    mixed: Vec<Vec<f64>>,
}

impl Rows {
    fn of(outputs: &[f64], factors: usize) -> Rows {
        let count = outputs.len() as f64;
        let mean = outputs.iter().sum::<f64>() / count;
        let variance = outputs.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        let deviation = variance.sqrt();
        let column = |place: usize| -> Vec<f64> {
            outputs.chunks_exact(factors + 2).map(|rows| (rows[place] - mean) / deviation).collect()
        };
        Rows { a: column(0), b: column(factors + 1), mixed: (1..=factors).map(column).collect() }
    }

    /// First and total order of every factor, from these base samples.
    fn indices(&self, samples: &[usize]) -> Vec<[f64; 2]> {
        let variance = self.variance(samples);
        let one = |mixed: &Vec<f64>| {
            if variance <= f64::EPSILON {
                return [0.0, 0.0];
            }
            let (mut first, mut total) = (0.0, 0.0);
            for &n in samples {
                first += self.b[n] * (mixed[n] - self.a[n]);
                total += (self.a[n] - mixed[n]) * (self.a[n] - mixed[n]);
            }
            let count = samples.len() as f64;
            [first / count / variance, total / (2.0 * count) / variance]
        };
        self.mixed.iter().map(one).collect()
    }

    /// Variance of A and B together.
    fn variance(&self, samples: &[usize]) -> f64 {
        let count = 2.0 * samples.len() as f64;
        let both = || samples.iter().flat_map(|&n| [self.a[n], self.b[n]]);
        let mean = both().sum::<f64>() / count;
        both().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count
    }
}

/// Indices of an output in the order of a Saltelli design of so many factors; `groups` says which factors are
/// summed up together.
///
/// # Errors
/// If the outputs are not a whole number of base samples, fewer than two, not finite, or all the same.
pub fn sobol(
    outputs: &[f64],
    factors: usize,
    groups: &[Vec<usize>],
    resamples: Resamples,
) -> Result<Sobol, super::Refusal> {
    super::check(outputs)?;
    let samples = outputs.len() / (factors + 2);
    if factors == 0 || samples < 2 || !outputs.len().is_multiple_of(factors + 2) {
        return Err(super::Refusal::Size { rows: outputs.len(), factors });
    }
    let rows = Rows::of(outputs, factors);
    let everything: Vec<usize> = (0..samples).collect();
    let found = rows.indices(&everything);
    let resampled: Vec<Vec<[f64; 2]>> = resamples.draws(0, samples).map(|places| rows.indices(&places)).collect();
    let estimate =
        |of: &dyn Fn(&[[f64; 2]]) -> f64| Estimate::with(of(&found), resampled.iter().map(|indices| of(indices)));
    let order = |order: usize| -> Vec<Estimate> {
        (0..factors).map(|factor| estimate(&|indices| indices[factor][order])).collect()
    };
    let sum = |group: &Vec<usize>, order: usize| {
        estimate(&|indices| group.iter().map(|&factor| indices[factor][order]).sum())
    };
    let scale = super::variance(outputs);
    Ok(Sobol {
        first: order(0),
        total: order(1),
        variance: rows.variance(&everything) * scale,
        groups: groups.iter().map(|group| [sum(group, 0), sum(group, 1)]).collect(),
        interactions: estimate(&|indices| 1.0 - indices.iter().map(|index| index[0]).sum::<f64>()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::examples::{Example, G_FUNCTION, ISHIGAMI};
    use super::*;

    const NONE: Resamples = Resamples { count: 0, seed: 1 };

    #[test]
    fn the_indices_are_those_of_salib_to_rounding() {
        // SALib 1.5.1, sobol.analyze of two factors without second order:
        //   S1 0.3519163763066202, 0.24041811846689887; ST 0.25087108013937276, 0.41811846689895454
        let outputs = [1.0, 3.0, 2.0, 5.0, 4.0, 2.0, 6.0, 3.0, 2.0, 2.0, 1.0, 7.0, 6.0, 5.0, 3.0, 1.0];
        let found = sobol(&outputs, 2, &[vec![0, 1]], NONE).unwrap();
        for (found, expected) in [
            (found.first[0].value, 0.351_916_376_306_620_2),
            (found.first[1].value, 0.240_418_118_466_898_87),
            (found.total[0].value, 0.250_871_080_139_372_76),
            (found.total[1].value, 0.418_118_466_898_954_54),
            (found.groups[0][0].value, 0.592_334_494_773_519),
            (found.interactions.value, 0.407_665_505_226_481),
            // A 1 4 2 6, B 5 3 7 1: mean 29/8, squares 141, 141/8 - (29/8)^2 = 4.484375
            (found.variance, 4.484_375),
        ] {
            assert!((found - expected).abs() < 1e-13, "{found} {expected}");
        }
    }

    #[test]
    fn a_sum_is_shared_by_its_variances_and_has_no_interactions() {
        // y = 3 a + b with A and B of variance one: shares 9/10 and 1/10 where the sample is balanced
        let signs = [-1.0, 1.0];
        let mut outputs = Vec::new();
        for place in 0..16 {
            let [a1, a2, b1, b2] = [0, 1, 2, 3].map(|bit| signs[place >> bit & 1]);
            outputs.extend([(a1, a2), (b1, a2), (a1, b2), (b1, b2)].map(|(one, two)| 3.0 * one + two));
        }
        let found = sobol(&outputs, 2, &[vec![0], vec![1]], NONE).unwrap();
        for (factor, expected) in [(0, 0.9), (1, 0.1)] {
            assert!((found.first[factor].value - expected).abs() < 1e-12);
            assert!((found.total[factor].value - expected).abs() < 1e-12);
        }
        assert!(found.interactions.value.abs() < 1e-12);
        assert!((found.variance - 10.0).abs() < 1e-12);
    }

    /// Functions with known indices. Their estimates must lie within two widths of their own intervals (3.9
    /// standard errors: one in 10,000 seeds fails a right estimator) and the intervals must be narrow, so that
    /// an estimator that took A for B, or the first order for the total, is off by tens of standard errors.
    fn check(example: &Example) {
        let outputs = example.outputs(4_096, 3);
        let found = sobol(&outputs, example.first.len(), &[], Resamples { count: 100, seed: 2 }).unwrap();
        for (found, known) in [(&found.first, example.first), (&found.total, example.total)] {
            for (found, known) in found.iter().zip(known) {
                assert!((found.value - known).abs() < 2.0 * found.half_width + 1e-6, "{found:?} {known}");
                assert!(found.half_width < 0.08, "{found:?}");
            }
        }
    }

    #[test]
    fn ishigamis_indices_are_found() {
        check(&ISHIGAMI);
    }

    #[test]
    fn sobols_g_functions_indices_are_found() {
        check(&G_FUNCTION);
    }

    #[test]
    fn what_cannot_be_analysed_is_refused() {
        use super::super::Refusal;
        assert_eq!(sobol(&[1.0; 8], 2, &[], NONE), Err(Refusal::Constant(1.0)));
        assert_eq!(sobol(&[1.0, 2.0, f64::NAN], 1, &[], NONE), Err(Refusal::NotFinite { row: 2 }));
        assert_eq!(sobol(&[1.0, 2.0, 3.0], 2, &[], NONE), Err(Refusal::Size { rows: 3, factors: 2 }));
    }
}
