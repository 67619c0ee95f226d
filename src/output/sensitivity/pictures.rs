//! The pictures of each answer.

use super::Report;
use super::words::end;
use crate::experiment::discover::Column;
use crate::experiment::sensitivity::analysis::{Analysis, Answer, Indices};
use crate::experiment::sensitivity::effects::{Spot, Surface};
use crate::experiment::sensitivity::view::Of;
use crate::output::kit::numbers::shown;
use crate::output::kit::unmade::Unmade;
use crate::output::plots::sweep::{self, About, Bar, Effect, Grid, Place, Row, Swing};

/// All of them: (file name within the report, bytes).
///
/// # Errors
/// What could not be drawn, in words.
pub fn all(report: &Report) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let mut files = Vec::new();
    for answer in &report.analysis.answers {
        for (name, sheet) in of_answer(report, answer) {
            let name = format!("plots/{name}_{}", slug(&report.analysis, answer));
            files.extend(sweep::files(&name, &sheet)?);
        }
    }
    Ok(files)
}

/// The end of a file name: the output, and whose effect on it.
fn slug(analysis: &Analysis, answer: &Answer) -> String {
    let plain = |text: &str| -> String {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let whole: String = text.chars().map(letter).collect();
        whole.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
    };
    let view = &analysis.view;
    let output = plain(&view.outputs[answer.quantity.output].name);
    match answer.quantity.of {
        Of::Level(0) => output,
        Of::Level(arm) => format!("{output}_in_{}", plain(&view.arms[arm])),
        Of::Effect(arm, _) => format!("{output}_effect_of_{}", plain(&view.arms[arm])),
        Of::Relative(arm, _) => format!("{output}_relative_effect_of_{}", plain(&view.arms[arm])),
    }
}

fn of_answer(report: &Report, answer: &Answer) -> Vec<(&'static str, crate::output::plots::sweep::Sheet)> {
    let analysis = &report.analysis;
    let unit = analysis.unit(answer);
    let is_share = unit == "share";
    let label = if is_share { format!("{}, %", answer.name) } else { format!("{}, {unit}", answer.name) };
    let note = format!(
        "{}: {}. {}; {} points. Conditional on the ranges of the plan and on the scenarios; not a forecast.",
        report.name, report.title, report.runs, analysis.view.points
    );
    let key = |n: usize| analysis.view.factors[n].key.clone();
    let graded = |n: usize| {
        let grade = &analysis.view.factors[n].grade;
        if grade.is_empty() { key(n) } else { format!("{} ({grade})", key(n)) }
    };
    let about = |title: &'static str, how_to_read: &'static str| (title, how_to_read);
    let mut sheets = Vec::new();
    let mut put = |file: &'static str, (title, how): (&str, &str), draw: &dyn Fn(&About) -> sweep::Sheet| {
        let title = format!("{title} {}", answer.name);
        let about = About { title: &title, sweep: &report.name, how_to_read: how, note: &note };
        sheets.push((file, draw(&about)));
    };
    match &answer.indices {
        Indices::Sobol(sobol) => {
            let bar = |estimate: &crate::experiment::sensitivity::resample::Estimate| Bar {
                value: estimate.value,
                ends: (estimate.low(), estimate.high()),
            };
            let row = |&n: &usize| Row { label: graded(n), bars: vec![bar(&sobol.first[n]), bar(&sobol.total[n])] };
            let rows: Vec<Row> = answer.order.iter().map(row).collect();
            let how = about(
                "What makes the variance of",
                "Blue: what would go if this factor were known. Orange: what would be left if all others were known. Between them: interactions. Lines: 95 % intervals. Letters: grade of evidence.",
            );
            let names = ["by itself (first order)", "with all it takes part in (total order)"];
            put("sobol", how, &|about| sweep::bars(about, &rows, &names, "share of the variance", true));
        }
        Indices::Morris(effects) => {
            let place = |&n: &usize| Place {
                label: graded(n),
                mu_star: (effects[n].mu_star.value, effects[n].mu_star.half_width),
                sigma: effects[n].sigma,
            };
            let places: Vec<Place> = answer.order.iter().map(place).collect();
            let how = about(
                "Which factors move",
                "To the right: it matters. Up: how much it matters depends on where it stands and on the others; above the line more so than it matters. An effect is the change over a factor's whole range, of a factor of words that from one word to another.",
            );
            let unit = if is_share { "pp".to_owned() } else { unit.to_owned() };
            put("morris", how, &|about| sweep::plane(about, &places, &unit, is_share));
        }
        Indices::None => {}
    }
    let effects: Vec<Effect> = answer.order.iter().take(MOST).map(|&n| effect(analysis, n, &answer.along[n])).collect();
    let how = about(
        "Along each factor:",
        "Mean over all points with the factor near this value, whatever the others are; the band is the 95 % interval of the mean. Flat: it does not matter by itself.",
    );
    put("main_effects", how, &|about| sweep::main_effects(about, &effects, &label, is_share));
    let swing = |&n: &usize| {
        let [low, high] = answer.swings[n].as_ref()?;
        let at = |spot: &Spot| (spot.output.mean, end(analysis, n, spot.ends));
        Some(Swing { label: graded(n), low: at(low), high: at(high) })
    };
    let mut swings: Vec<Swing> = answer.order.iter().filter_map(swing).collect();
    swings.sort_by(|a, b| (b.high.0 - b.low.0).abs().total_cmp(&(a.high.0 - a.low.0).abs()));
    let middle = answer.quantity.values.iter().sum::<f64>() / answer.quantity.values.len().max(1) as f64;
    let how = about(
        "From one end of each factor to the other:",
        "Mean over the points with the factor at its low end (orange) and at its high end (blue), against the mean of all points (line). At the right the values of the ends.",
    );
    put("tornado", how, &|about| sweep::tornado(about, &swings, middle, &label, is_share));
    if let Some(surface) = &answer.surface {
        let grid = grid(analysis, surface);
        let how = about(
            "Two factors together:",
            "Mean over the points of each cell, whatever the other factors are. Grey: no point there.",
        );
        put("surface", how, &|about| sweep::surface(about, &grid, &label, is_share));
    }
    sheets
}

/// Factors whose main effects have room.
const MOST: usize = 16;

fn effect(analysis: &Analysis, factor: usize, along: &[Spot]) -> Effect {
    let about = &analysis.view.factors[factor];
    let (is_share, words) = match &analysis.view.factors[factor].values {
        Column::Words { words, .. } => (false, words.clone()),
        Column::Numbers(_) => (about.unit == "share", Vec::new()),
    };
    let scale = if is_share { 100.0 } else { 1.0 };
    let spot = |spot: &Spot| sweep::Spot {
        at: spot.at * scale,
        mean: spot.output.mean,
        half_width: spot.output.half_width().unwrap_or(0.0),
    };
    let unit = if is_share { "%" } else { &about.unit };
    let label = if unit.is_empty() { about.key.clone() } else { format!("{}, {unit}", about.key) };
    Effect { label, spots: along.iter().map(spot).collect(), is_log: about.is_log, words }
}

/// The surface with the words of its cells.
pub fn grid(analysis: &Analysis, surface: &Surface) -> Grid {
    let side = |side: usize| {
        let factor = surface.factors[side];
        let words = surface.ends[side].iter().map(|&ends| end(analysis, factor, ends)).collect();
        (analysis.view.factors[factor].key.clone(), words)
    };
    Grid { across: side(0), up: side(1), cells: surface.cells.clone() }
}

/// The value of a cell in words.
pub fn cell(value: Option<f64>, unit: &str) -> String {
    value.map_or("-".to_owned(), |value| shown(value, unit))
}
