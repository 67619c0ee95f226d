//! Everything that a sweep says about which inputs matter, for each output and each effect of a policy.

use super::effects::{Spot, Surface, along, surface, swing};
use super::morris::{Morris, elementary_effects, morris};
use super::resample::{Estimate, Resamples};
use super::sobol::{Sobol, sobol};
use super::view::{Kind, Of, Quantity, View};
use super::{Refusal, variance};

/// The indices that a design can give.
#[derive(Clone, Debug, PartialEq)]
pub enum Indices {
    /// Shares of variance.
    Sobol(Sobol),
    /// Elementary effects, by factor.
    Morris(Vec<Morris>),
    /// The design gives none; means along factors remain.
    None,
}

/// What factors of one grade of evidence make together.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade {
    /// A, B or C; empty for factors without one.
    pub grade: String,
    /// Its factors.
    pub factors: Vec<usize>,
    /// Sum of their first orders: what each makes by itself.
    pub first: Estimate,
    /// Sum of their total orders; interactions are counted once for each factor that takes part.
    pub total: Estimate,
}

/// What is known about one quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The quantity.
    pub quantity: Quantity,
    /// Its name in words.
    pub name: String,
    /// Its indices.
    pub indices: Indices,
    /// Shares by grade of evidence, where the indices are shares.
    pub grades: Vec<Grade>,
    /// Means along each factor.
    pub along: Vec<Vec<Spot>>,
    /// What it is at both ends of each factor.
    pub swings: Vec<Option<[Spot; 2]>>,
    /// Factors, the most important first.
    pub order: Vec<usize>,
    /// The two most important together, or those asked for.
    pub surface: Option<Surface>,
}

/// A sweep, analysed.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The sweep.
    pub view: View,
    /// How intervals were made.
    pub resamples: Resamples,
    /// What is known, by quantity.
    pub answers: Vec<Answer>,
    /// Quantities that could not be analysed, and why.
    pub left_out: Vec<(String, String)>,
}

/// Analyses these outputs; `pair` are the factors of the surface.
///
/// # Errors
/// If an output has missing values, or the rows are not those of their design.
pub fn analyse(
    view: View,
    wanted: &[(usize, Of)],
    pair: Option<[usize; 2]>,
    resamples: Resamples,
) -> Result<Analysis, String> {
    if view.kind == Kind::Saltelli {
        view.check_saltelli()?;
    }
    let (mut answers, mut left_out) = (Vec::new(), Vec::new());
    for &(output, of) in wanted {
        let quantity = view.quantity(output, of).map_err(|missing| missing.to_string())?;
        let name = view.name(&quantity);
        match answer(&view, quantity, pair, resamples) {
            Ok(answer) => answers.push(answer),
            Err(refusal @ Refusal::Constant(_)) => left_out.push((name, refusal.to_string())),
            Err(refusal) => return Err(format!("{name}: {refusal}")),
        }
    }
    Ok(Analysis { view, resamples, answers, left_out })
}

fn answer(view: &View, quantity: Quantity, pair: Option<[usize; 2]>, resamples: Resamples) -> Result<Answer, Refusal> {
    super::check(&quantity.values)?;
    let factors = view.factors.len();
    let groups = by_grade(view);
    let members: Vec<Vec<usize>> = groups.iter().map(|(_, factors)| factors.clone()).collect();
    let indices = match view.kind {
        Kind::Saltelli => Indices::Sobol(sobol(&quantity.values, factors, &members, resamples)?),
        Kind::Morris(levels) => {
            let effects = elementary_effects(&view.places(), &view.are_words(), &quantity.values, levels)?;
            Indices::Morris(morris(&effects, resamples)?)
        }
        Kind::Other(_) => Indices::None,
    };
    let grades = match &indices {
        Indices::Sobol(sobol) => groups
            .into_iter()
            .zip(&sobol.groups)
            .map(|((grade, factors), &[first, total])| Grade { grade, factors, first, total })
            .collect(),
        _ => Vec::new(),
    };
    let along: Vec<Vec<Spot>> = (0..factors).map(|factor| along(view, &quantity, factor)).collect();
    let swings: Vec<Option<[Spot; 2]>> = (0..factors).map(|factor| swing(view, &quantity, factor)).collect();
    let weight = |factor: usize| match &indices {
        Indices::Sobol(sobol) => sobol.total[factor].value,
        Indices::Morris(effects) => effects[factor].mu_star.value,
        Indices::None => variance(&along[factor].iter().map(|spot| spot.output.mean).collect::<Vec<_>>()),
    };
    let mut order: Vec<usize> = (0..factors).collect();
    order.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)));
    let pair = pair.or_else(|| Some([*order.first()?, *order.get(1)?]));
    let surface = pair.map(|pair| surface(view, &quantity, pair));
    Ok(Answer { name: view.name(&quantity), quantity, indices, grades, along, swings, order, surface })
}

/// Factors by their grade of evidence, in the order of grades.
fn by_grade(view: &View) -> Vec<(String, Vec<usize>)> {
    let mut groups: std::collections::BTreeMap<String, Vec<usize>> = std::collections::BTreeMap::new();
    for (place, factor) in view.factors.iter().enumerate() {
        groups.entry(factor.grade.clone()).or_default().push(place);
    }
    groups.into_iter().collect()
}

impl Analysis {
    /// Levels of the base, and what each other arm changes, of these outputs.
    pub fn everything(view: &View, outputs: &[usize]) -> Vec<(usize, Of)> {
        let of = |output: &usize| {
            let effects = (1..view.arms.len()).map(|arm| Of::Effect(arm, 0));
            std::iter::once(Of::Level(0)).chain(effects).map(|of| (*output, of)).collect::<Vec<_>>()
        };
        outputs.iter().flat_map(of).collect()
    }

    /// The unit of an answer.
    pub fn unit(&self, answer: &Answer) -> &str {
        match answer.quantity.of {
            Of::Relative(..) => "share",
            _ => &self.view.outputs[answer.quantity.output].unit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::G_FUNCTION;
    use super::super::view::{Factor, Output};
    use super::*;
    use crate::experiment::discover::Column;

    const RESAMPLES: Resamples = Resamples { count: 50, seed: 1 };

    /// The g-function as a sweep of two arms: the second adds a half of the first factor, which the effect must find.
    fn sweep(grades: [&str; 5]) -> View {
        let outputs = G_FUNCTION.outputs(1024, 3);
        let places = G_FUNCTION.places(1024, 3);
        let factor = |(n, grade): (usize, &str)| Factor {
            key: format!("x{n}"),
            meaning: String::new(),
            unit: String::new(),
            grade: grade.to_owned(),
            range: Some((0.0, 1.0)),
            is_log: false,
            values: Column::Numbers(places.iter().map(|place| place[n]).collect()),
        };
        let arm = |share: f64| -> Vec<Vec<Option<f64>>> {
            outputs.iter().zip(&places).map(|(value, place)| vec![Some(value + share * place[0])]).collect()
        };
        View {
            kind: Kind::Saltelli,
            factors: grades.into_iter().enumerate().map(factor).collect(),
            arms: vec!["law".into(), "reform".into()],
            outputs: vec![Output {
                name: "g".into(),
                meaning: String::new(),
                unit: "USD".into(),
                values: vec![arm(0.0), arm(0.5)],
            }],
            points: outputs.len(),
            done: (outputs.len(), outputs.len()),
        }
    }

    #[test]
    fn an_effect_hangs_on_what_makes_the_difference() {
        let view = sweep(["C", "B", "C", "A", "C"]);
        let found = analyse(view.clone(), &Analysis::everything(&view, &[0]), None, RESAMPLES).unwrap();
        let [level, effect] = found.answers.as_slice() else { panic!("{found:?}") };
        let Indices::Sobol(sobol) = &effect.indices else { panic!("{effect:?}") };
        assert!((sobol.first[0].value - 1.0).abs() < 0.1 && sobol.total[1].value < 1e-12, "{sobol:?}");
        assert_eq!((level.order[0], level.order[1], effect.order[0]), (0, 1, 0));
        let grades: Vec<(&str, &[usize])> =
            level.grades.iter().map(|grade| (grade.grade.as_str(), grade.factors.as_slice())).collect();
        assert_eq!(grades, [("A", [3].as_slice()), ("B", &[1]), ("C", &[0, 2, 4])]);
        // shares by grade are the sums of their factors', and with the interactions they make one
        let sum: f64 = level.grades.iter().map(|grade| grade.first.value).sum();
        let Indices::Sobol(sobol) = &level.indices else { panic!("{level:?}") };
        assert!((sum + sobol.interactions.value - 1.0).abs() < 1e-12);
        assert!((level.grades[2].first.value - 0.74).abs() < 0.15, "{:?}", level.grades);
    }

    #[test]
    fn a_difference_that_never_varies_is_left_out_and_said() {
        let mut view = sweep(["C"; 5]);
        view.outputs[0].values[1] = view.outputs[0].values[0].clone();
        let found = analyse(view.clone(), &Analysis::everything(&view, &[0]), None, RESAMPLES).unwrap();
        assert_eq!(found.answers.len(), 1);
        assert!(found.left_out[0].1.contains("nothing varies"), "{:?}", found.left_out);
    }

    #[test]
    fn a_missing_value_or_another_design_stops_it() {
        let mut view = sweep(["C"; 5]);
        view.outputs[0].values[1][17][0] = None;
        let error = analyse(view.clone(), &[(0, Of::Effect(1, 0))], None, RESAMPLES).unwrap_err();
        assert!(error.contains("point 17"), "{error}");
        let Column::Numbers(numbers) = &mut view.factors[2].values else { unreachable!() };
        numbers[9] = 2.0;
        assert!(analyse(view, &[(0, Of::Level(0))], None, RESAMPLES).unwrap_err().contains("x2 differs"));
    }
}
