//! A sweep's collected table as the analysis sees it.

use super::view::{Factor, Kind, Output, View};
use crate::experiment::discover::Column;
use crate::experiment::sweep::table::{Status, Table};
use crate::scenario::plan::{self, Level, Range};

impl View {
    /// The table by point, arm and replicate.
    ///
    /// # Errors
    /// If rows are missing, twice or out of order, or a factor has no value.
    pub fn of(table: &Table) -> Result<View, String> {
        let arms = table.arms.len();
        let replicates = table.replicates as usize;
        let size = arms * replicates;
        if size == 0 || table.rows.is_empty() || !table.rows.len().is_multiple_of(size) {
            let rows = table.rows.len();
            return Err(format!("{rows} rows are not whole points of {arms} arms and {replicates} replicates"));
        }
        let points = table.rows.len() / size;
        for (place, row) in table.rows.iter().enumerate() {
            let found = (row.point, row.arm, row.replicate);
            let expected = ((place / size) as u64, place / replicates % arms, (place % replicates) as u32);
            if found != expected {
                return Err(format!(
                    "row {place} is of point, arm and replicate {found:?}, not of {expected:?}: rows are missing or out of order"
                ));
            }
        }
        if let Some(planned) = planned(table).filter(|&planned| planned != points as u64) {
            return Err(format!("the design has {planned} points, the table {points}"));
        }
        let mut factors = Vec::new();
        for (place, about) in table.factors.iter().enumerate() {
            factors.push(factor(about, column(table, place, size, points, about)?));
        }
        let of_output = |(place, about): (usize, &crate::experiment::sweep::table::OutputColumn)| {
            let value = |arm: usize, point: usize, replicate: usize| {
                let row = &table.rows[point * size + arm * replicates + replicate];
                (row.status == Status::Done).then(|| row.outputs.get(place).copied().flatten()).flatten()
            };
            let values = (0..arms)
                .map(|arm| (0..points).map(|point| (0..replicates).map(|n| value(arm, point, n)).collect()).collect())
                .collect();
            let (name, meaning, unit) = (about.name.clone(), about.meaning.clone(), about.unit.clone());
            Output { name, meaning, unit, values }
        };
        let count = table.count();
        Ok(View {
            kind: match &table.design.kind {
                plan::Kind::Morris { levels, .. } => Kind::Morris(*levels),
                plan::Kind::Saltelli { .. } => Kind::Saltelli,
                other => Kind::Other(other.word()),
            },
            factors,
            arms: table.arms.clone(),
            outputs: table.outputs.iter().enumerate().map(of_output).collect(),
            points,
            done: (count.done as usize, count.all as usize),
        })
    }
}

/// Points of the design, where it says how many.
fn planned(table: &Table) -> Option<u64> {
    let factors = table.factors.len() as u64;
    match &table.design.kind {
        plan::Kind::Grid => table.factors.iter().try_fold(1_u64, |points, factor| match &factor.range {
            Range::Values(values) => points.checked_mul(values.len() as u64),
            _ => None,
        }),
        plan::Kind::List { rows } => Some(rows.len() as u64),
        plan::Kind::LatinHypercube { points } | plan::Kind::Sobol { points } => Some(*points),
        plan::Kind::Morris { trajectories, .. } => Some(trajectories.saturating_mul(factors + 1)),
        plan::Kind::Saltelli { points } => Some(points.saturating_mul(factors + 2)),
    }
}

fn factor(about: &plan::Factor, values: Column) -> Factor {
    let number = |level: &Level| level.number();
    let (range, is_log) = match &about.range {
        Range::Between { low, high, is_log } => (Some((*low, *high)), *is_log),
        Range::Values(values) => {
            let numbers: Option<Vec<f64>> = values.iter().map(number).collect();
            let ends = numbers.map(|numbers| {
                let ends = (f64::INFINITY, f64::NEG_INFINITY);
                numbers.iter().fold(ends, |ends, &number| (ends.0.min(number), ends.1.max(number)))
            });
            (ends, false)
        }
        Range::Listed => (None, false),
    };
    Factor {
        key: about.name.clone(),
        meaning: about.meaning.clone(),
        unit: about.unit.clone(),
        grade: about.grade.clone(),
        range,
        is_log,
        values,
    }
}

fn column(table: &Table, place: usize, size: usize, points: usize, about: &plan::Factor) -> Result<Column, String> {
    let at = |point: usize| {
        let rows = &table.rows[point * size..(point + 1) * size];
        let first = rows[0].factors.get(place);
        let is_same = rows.iter().all(|row| row.factors.get(place) == first);
        first.filter(|_| is_same).ok_or_else(|| format!("the factor {} has not one value at point {point}", about.name))
    };
    if about.is_number {
        let number = |point: usize| {
            let number = at(point)?.number().filter(|number| number.is_finite());
            number.ok_or_else(|| format!("the factor {} is no number at point {point}", about.name))
        };
        return (0..points).map(number).collect::<Result<_, _>>().map(Column::Numbers);
    }
    let mut words: Vec<String> = match &about.range {
        Range::Values(values) => values.iter().map(Level::shown).collect(),
        _ => Vec::new(),
    };
    let mut places = Vec::with_capacity(points);
    for point in 0..points {
        let word = at(point)?.shown();
        let known = words.iter().position(|known| *known == word);
        places.push(known.unwrap_or_else(|| {
            words.push(word);
            words.len() - 1
        }));
    }
    Ok(Column::Words { places, words })
}
