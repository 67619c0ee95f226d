//! A sweep in the form that SALib reads: problem.json, X.csv, Y.csv.
//!
//! X holds factors on the scale on which they were spread (the natural logarithm where the plan says log), so that
//! the bounds of the problem are those of an even spread; words by their place in the list. Y holds a column for
//! each quantity. Both have a head.

use crate::experiment::discover::Column;
use crate::experiment::sensitivity::analysis::Analysis;
use crate::experiment::sensitivity::view::Kind;
use crate::output::disk::manifest::as_text;
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::unmade::Unmade;
use serde_json::json;

/// The three files.
///
/// # Errors
/// What could not be written, in words.
pub fn files(analysis: &Analysis) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let view = &analysis.view;
    let names: Vec<&str> = view.factors.iter().map(|factor| factor.key.as_str()).collect();
    let scale = |factor: usize, value: f64| if view.factors[factor].is_log { libm::log(value) } else { value };
    let bounds: Vec<[f64; 2]> = view
        .factors
        .iter()
        .enumerate()
        .map(|(n, factor)| match (factor.range, &factor.values) {
            (Some((low, high)), _) => [scale(n, low), scale(n, high)],
            (None, Column::Words { words, .. }) => [0.0, words.len().saturating_sub(1) as f64],
            (None, Column::Numbers(numbers)) => {
                let ends = (f64::INFINITY, f64::NEG_INFINITY);
                let (low, high) = numbers.iter().fold(ends, |ends, &x| (ends.0.min(x), ends.1.max(x)));
                [low, high]
            }
        })
        .collect();
    let levels = match view.kind {
        Kind::Morris(levels) => json!(levels),
        _ => json!(null),
    };
    let outputs: Vec<&str> = analysis.answers.iter().map(|answer| answer.name.as_str()).collect();
    let problem = json!({
        "num_vars": names.len(), "names": names, "bounds": bounds, "groups": null,
        "outputs": outputs, "num_levels": levels, "calc_second_order": false,
    });
    let text = as_text(&problem);
    let places = view.places();
    let x = places.iter().map(|row| row.iter().enumerate().map(|(n, &value)| scale(n, value)).collect());
    let y = (0..view.points).map(|point| analysis.answers.iter().map(|answer| answer.quantity.values[point]).collect());
    Ok(vec![
        ("problem.json".to_owned(), text),
        ("X.csv".to_owned(), csv(&names, x)?),
        ("Y.csv".to_owned(), csv(&outputs, y)?),
    ])
}

fn csv(head: &[&str], rows: impl Iterator<Item = Vec<f64>>) -> Result<Vec<u8>, Unmade> {
    let mut sheet = Sheet::new(head.iter().copied())?;
    for row in rows {
        sheet.row(row.into_iter().map(Cell::from))?;
    }
    sheet.bytes()
}
