//! A sweep as the analysis sees it: factors as columns, outputs by arm, point and replicate.

use crate::experiment::discover::Column;
use crate::scenario::plan::{LEAST_SAMPLES, LEAST_TRAJECTORIES};
use std::fmt;

/// How the points were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Trajectories of one step a factor, on so many levels.
    Morris(u32),
    /// Saltelli's rows without second order.
    Saltelli,
    /// Any other, by its name in the plan.
    Other(&'static str),
}

/// A factor of the sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The key of the scenario.
    pub key: String,
    /// What it means.
    pub meaning: String,
    /// Its unit; empty for plain numbers and words.
    pub unit: String,
    /// Its grade of evidence: A, B or C; empty if there is none.
    pub grade: String,
    /// Its ends, if it is a number.
    pub range: Option<(f64, f64)>,
    /// Equal distances are equal ratios.
    pub is_log: bool,
    /// Its values, by point.
    pub values: Column,
}

/// An output of the sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its name in the plan.
    pub name: String,
    /// What it is.
    pub meaning: String,
    /// Its unit.
    pub unit: String,
    /// By arm, point and replicate; none where the run failed or the output has no value.
    pub values: Vec<Vec<Vec<Option<f64>>>>,
}

/// A whole sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its design.
    pub kind: Kind,
    /// Factors.
    pub factors: Vec<Factor>,
    /// Names of the arms, the base first.
    pub arms: Vec<String>,
    /// Outputs.
    pub outputs: Vec<Output>,
    /// How many points there are.
    pub points: usize,
    /// Rows that are done, of all that were planned.
    pub done: (usize, usize),
}

/// What is looked at: an arm's output, or what an arm changes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The output in an arm.
    Level(usize),
    /// The output in an arm less that in another, replicate by replicate.
    Effect(usize, usize),
    /// The same as a share of the other's.
    Relative(usize, usize),
}

/// One number a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Index of the output.
    pub output: usize,
    /// Of what.
    pub of: Of,
    /// Mean over replicates, by point.
    pub values: Vec<f64>,
    /// Share of the variance of these means that is chance; none of one replicate.
    pub luck: Option<f64>,
}

/// Why an output cannot be used, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    output: String,
    rows: usize,
    of: usize,
    first: usize,
    arm: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Missing { output, rows, of, first, arm } = self;
        write!(
            f,
            "the output {output} has no finite value in {rows} of {of} rows (first: point {first}, arm {arm:?}): the run is missing or failed, or \
             what the output waits for never happens there"
        )
    }
}

impl View {
    /// An output's number at every point.
    ///
    /// # Errors
    /// Where it has no value.
    pub fn quantity(&self, output: usize, of: Of) -> Result<Quantity, Missing> {
        let about = &self.outputs[output];
        let arms = match of {
            Of::Level(arm) => vec![arm],
            Of::Effect(arm, against) | Of::Relative(arm, against) => vec![arm, against],
        };
        let replicates = about.values.first().and_then(|points| points.first()).map_or(0, Vec::len);
        let mut rows = Vec::with_capacity(self.points);
        let (mut missing, mut first) = (0, None);
        for point in 0..self.points {
            let mut row = Vec::with_capacity(replicates);
            for replicate in 0..replicates {
                let of_arm = |&arm: &usize| about.values[arm][point][replicate].filter(|value| value.is_finite());
                let values: Vec<Option<f64>> = arms.iter().map(of_arm).collect();
                for (value, arm) in values.iter().zip(&arms) {
                    if value.is_none() {
                        missing += 1;
                        first.get_or_insert((point, *arm));
                    }
                }
                row.push(match (of, values.as_slice()) {
                    (Of::Effect(..), [Some(value), Some(base)]) => value - base,
                    (Of::Relative(..), [Some(value), Some(base)]) => (value - base) / base.abs(),
                    (_, [Some(value), ..]) => *value,
                    _ => f64::NAN,
                });
            }
            rows.push(row);
        }
        if let Some((first, arm)) = first {
            let (output, arm) = (about.name.clone(), self.arms[arm].clone());
            return Err(Missing { output, rows: missing, of: self.points * replicates * arms.len(), first, arm });
        }
        let values = rows.iter().map(|row| row.iter().sum::<f64>() / row.len() as f64).collect();
        let luck = luck(&rows);
        Ok(Quantity { output, of, values, luck })
    }

    /// Only the points at which all of these have their values; what is left of a design for indices is none.
    #[must_use]
    pub fn whole(&self, wanted: &[(usize, Of)]) -> View {
        let is_there = |point: usize| {
            wanted.iter().all(|&(output, of)| {
                let arms = match of {
                    Of::Level(arm) => vec![arm],
                    Of::Effect(arm, against) | Of::Relative(arm, against) => vec![arm, against],
                };
                arms.iter().all(|&arm| self.outputs[output].values[arm][point].iter().all(Option::is_some))
            })
        };
        let kept: Vec<usize> = (0..self.points).filter(|&point| is_there(point)).collect();
        self.only(&kept)
    }

    /// Only these points; what is left of a design for indices is none.
    #[must_use]
    pub fn only(&self, kept: &[usize]) -> View {
        let column = |column: &Column| match column {
            Column::Numbers(numbers) => Column::Numbers(kept.iter().map(|&point| numbers[point]).collect()),
            Column::Words { places, words } => {
                Column::Words { places: kept.iter().map(|&point| places[point]).collect(), words: words.clone() }
            }
        };
        let pick = |points: &Vec<Vec<Option<f64>>>| kept.iter().map(|&point| points[point].clone()).collect();
        let factor = |factor: &Factor| Factor { values: column(&factor.values), ..factor.clone() };
        let output = |output: &Output| Output { values: output.values.iter().map(pick).collect(), ..output.clone() };
        View {
            kind: match self.kind {
                Kind::Morris(_) => Kind::Other("morris"),
                Kind::Saltelli => Kind::Other("saltelli"),
                other => other,
            },
            factors: self.factors.iter().map(factor).collect(),
            outputs: self.outputs.iter().map(output).collect(),
            points: kept.len(),
            ..self.clone()
        }
    }

    /// Points that were drawn independently of each other: of a Saltelli design the rows A and B.
    pub fn independent(&self) -> Vec<usize> {
        let size = self.factors.len() + 2;
        let is_base = |point: &usize| self.kind != Kind::Saltelli || [0, size - 1].contains(&(point % size));
        (0..self.points).filter(is_base).collect()
    }

    /// Numbers that keep the order of a factor's values at a point; words by their place in the list.
    pub fn places(&self) -> Vec<Vec<f64>> {
        let place = |factor: &Factor, point: usize| match &factor.values {
            Column::Numbers(numbers) => numbers[point],
            Column::Words { places, .. } => places[point] as f64,
        };
        (0..self.points).map(|point| self.factors.iter().map(|factor| place(factor, point)).collect()).collect()
    }

    /// What is too few of this design for its indices, in words; nothing if there are enough.
    pub fn too_few(&self) -> Option<String> {
        let (per, least, noun) = match self.kind {
            Kind::Saltelli => (self.factors.len() + 2, LEAST_SAMPLES, "base samples"),
            Kind::Morris(_) => (self.factors.len() + 1, LEAST_TRAJECTORIES, "trajectories"),
            Kind::Other(_) => return None,
        };
        let count = (self.points / per) as u64;
        (count < least).then(|| {
            format!(
                "{count} {noun} are too few for indices of sensitivity, which would be hardly more than chance; write \
                 {least} at least in the plan's [design] and run the same `handover sweep` again: what is done is not done anew"
            )
        })
    }

    /// Which factors have words for values: they have an order only by their place in the list.
    pub fn are_words(&self) -> Vec<bool> {
        self.factors.iter().map(|factor| matches!(factor.values, Column::Words { .. })).collect()
    }

    /// A quantity in words: unemployment; what "royalty" changes of unemployment against "law".
    pub fn name(&self, quantity: &Quantity) -> String {
        let output = &self.outputs[quantity.output].name;
        match quantity.of {
            Of::Level(arm) if self.arms.len() > 1 => format!("{output} in {:?}", self.arms[arm]),
            Of::Level(_) => output.clone(),
            Of::Effect(arm, against) => {
                format!("what {:?} changes of {output} against {:?}", self.arms[arm], self.arms[against])
            }
            Of::Relative(arm, against) => {
                format!("by what share {:?} changes {output} against {:?}", self.arms[arm], self.arms[against])
            }
        }
    }

    /// Does every sample of a Saltelli design hold A, A with one factor of B each, and B?
    ///
    /// # Errors
    /// The first point that does not fit, and why.
    pub fn check_saltelli(&self) -> Result<(), String> {
        let factors = self.factors.len();
        let places = self.places();
        if !places.len().is_multiple_of(factors + 2) {
            return Err(format!(
                "{} points are not whole samples of {} rows ({factors} factors and two)",
                places.len(),
                factors + 2
            ));
        }
        for (number, rows) in places.chunks_exact(factors + 2).enumerate() {
            let (a, b) = (&rows[0], &rows[factors + 1]);
            for (factor, row) in rows[1..=factors].iter().enumerate() {
                let expected = |other: usize| if other == factor { b[other] } else { a[other] };
                if let Some(wrong) = (0..factors).find(|&other| row[other] != expected(other)) {
                    let point = number * (factors + 2) + 1 + factor;
                    return Err(format!(
                        "point {point} is not the first row of its sample with {} taken from the last: {} differs",
                        self.factors[factor].key, self.factors[wrong].key
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Share of the variance of the points' means that is chance: what is left of a replicate at a point beyond the point's
/// and the replicate's own mean (common random numbers shift all points together and do no harm), by the number of
/// replicates.
fn luck(rows: &[Vec<f64>]) -> Option<f64> {
    let (points, replicates) = (rows.len(), rows.first().map_or(0, Vec::len));
    if points < 2 || replicates < 2 {
        return None;
    }
    let mean = |values: &mut dyn Iterator<Item = f64>, count: usize| values.sum::<f64>() / count as f64;
    let of_point: Vec<f64> = rows.iter().map(|row| mean(&mut row.iter().copied(), replicates)).collect();
    let of_replicate: Vec<f64> =
        (0..replicates).map(|replicate| mean(&mut rows.iter().map(|row| row[replicate]), points)).collect();
    let all = mean(&mut of_point.iter().copied(), points);
    let mut rest = 0.0;
    for (row, point) in rows.iter().zip(&of_point) {
        for (value, replicate) in row.iter().zip(&of_replicate) {
            let left = value - point - replicate + all;
            rest += left * left;
        }
    }
    let free = ((points - 1) * (replicates - 1)) as f64;
    let variance = of_point.iter().map(|mean| (mean - all) * (mean - all)).sum::<f64>() / (points - 1) as f64;
    // both variances are estimates: where all is chance their ratio falls on either side of one
    (variance > 0.0).then(|| (rest / free / replicates as f64 / variance).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(values: Vec<Vec<Vec<Option<f64>>>>) -> View {
        let points = values[0].len();
        let factor = |key: &str, four: [f64; 4]| Factor {
            key: key.to_owned(),
            meaning: String::new(),
            unit: String::new(),
            grade: "C".to_owned(),
            range: Some((0.0, 1.0)),
            is_log: false,
            values: Column::Numbers(four.into_iter().cycle().take(points).collect()),
        };
        let output = Output { name: "jobs".into(), meaning: "jobs".into(), unit: "persons".into(), values };
        View {
            kind: Kind::Saltelli,
            factors: vec![factor("a", [0.1, 0.7, 0.1, 0.7]), factor("b", [0.2, 0.2, 0.9, 0.9])],
            arms: vec!["law".into(), "royalty".into()],
            outputs: vec![output],
            points,
            done: (points * 2, points * 2),
        }
    }

    fn some(rows: &[[f64; 2]]) -> Vec<Vec<Option<f64>>> {
        rows.iter().map(|row| row.map(Some).to_vec()).collect()
    }

    #[test]
    fn an_effect_is_a_difference_of_the_same_luck() {
        // replicate 2 has 100 more in both arms; the reform takes 1, 2, 3, 4
        let base = [[10.0, 110.0], [20.0, 120.0], [30.0, 130.0], [40.0, 140.0]];
        let reform = [[9.0, 109.0], [18.0, 118.0], [27.0, 127.0], [36.0, 136.0]];
        let view = view(vec![some(&base), some(&reform)]);
        let effect = view.quantity(0, Of::Effect(1, 0)).unwrap();
        assert_eq!(effect.values, [-1.0, -2.0, -3.0, -4.0]);
        // common random numbers are no chance of the points
        assert!(effect.luck.unwrap().abs() < 1e-12);
        assert_eq!(view.quantity(0, Of::Level(0)).unwrap().values, [60.0, 70.0, 80.0, 90.0]);
        let relative = view.quantity(0, Of::Relative(1, 0)).unwrap();
        assert!((relative.values[0] - f64::midpoint(-0.1, -1.0 / 110.0)).abs() < 1e-12);
        assert_eq!(view.name(&effect), "what \"royalty\" changes of jobs against \"law\"");
    }

    #[test]
    fn luck_is_what_differs_between_replicates_of_a_point() {
        // means 0, 2; deviations from point and replicate +-1 each: rest 4, free 1, by 2 replicates 2; variance 2
        let view = view(vec![some(&[[1.0, -1.0], [1.0, 3.0]])]);
        assert!((view.quantity(0, Of::Level(0)).unwrap().luck.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_missing_value_is_named() {
        let mut values = some(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]);
        values[2][1] = None;
        values[3][0] = Some(f64::INFINITY);
        let error = view(vec![values]).quantity(0, Of::Level(0)).unwrap_err().to_string();
        assert!(error.contains("jobs") && error.contains("2 of 8 rows") && error.contains("point 2"), "{error}");
    }

    #[test]
    fn whole_points_are_kept_and_are_no_design_any_more() {
        let mut values = some(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]);
        values[2][1] = None;
        let whole = view(vec![values]).whole(&[(0, Of::Level(0))]);
        assert_eq!((whole.points, whole.kind), (3, Kind::Other("saltelli")));
        assert_eq!(whole.factors[1].values, Column::Numbers(vec![0.2, 0.2, 0.9]));
        assert_eq!(whole.quantity(0, Of::Level(0)).unwrap().values, [1.5, 3.5, 7.5]);
    }

    #[test]
    fn a_design_that_is_not_saltellis_is_seen() {
        let values = some(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]);
        let mut view = view(vec![values]);
        assert_eq!(view.check_saltelli(), Ok(()));
        assert_eq!(view.independent(), [0, 3]);
        let Column::Numbers(numbers) = &mut view.factors[0].values else { unreachable!() };
        numbers[2] = 0.3;
        let error = view.check_saltelli().unwrap_err();
        assert!(error.contains("point 2") && error.contains("a differs"), "{error}");
    }
}
