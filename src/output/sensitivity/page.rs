//! The page of a sweep: on which inputs the answers depend, and on which evidence.

use super::Report;
use super::pictures::{cell, grid};
use super::words::{change, end, sentences, share};
use crate::experiment::discover::Column;
use crate::experiment::sensitivity::analysis::{Analysis, Answer, Indices};
use crate::experiment::sensitivity::effects::Spot;
use crate::experiment::sensitivity::resample::Estimate;
use crate::experiment::sensitivity::view::{Factor, Kind};
use crate::ground::statistics::quantile;
use crate::output::kit::numbers::{shown, whole_percent};
use crate::output::kit::page::Page;
use serde_json::json;

/// The whole page.
pub fn page(report: &Report) -> String {
    let mut page = Page::default();
    let analysis = &report.analysis;
    for answer in &analysis.answers {
        one(&mut page, analysis, answer);
    }
    if !analysis.left_out.is_empty() {
        page.section("Left out");
        for (name, why) in &analysis.left_out {
            page.text(&format!("{name}: {why}."));
        }
    }
    regrets(&mut page, report);
    assumed(&mut page, report);
    page.section("How to reproduce it");
    page.command(&report.command);
    page.text(&format!(
        "handover {}, seed {}, {} replicates a point and arm on common random numbers; intervals from {} resamples. The table beside this report, sweep.parquet, has the SHA-256 {}.",
        env!("CARGO_PKG_VERSION"),
        report.seed,
        report.replicates,
        analysis.resamples.count,
        report.table
    ));
    let kind = match analysis.view.kind {
        Kind::Saltelli => "a Saltelli design",
        Kind::Morris(_) => "Morris trajectories",
        Kind::Other(name) => name,
    };
    let partial = if report.is_partial { " It is partial: what is missing may change it." } else { "" };
    let standing = format!(
        "{} points by {kind}; {}.{partial} Conditional on the ranges of the plan and on the scenarios; not a forecast.",
        analysis.view.points, report.runs
    );
    page.finish(&report.title, "On which inputs does the answer depend, and on which evidence?", &standing)
}

fn one(page: &mut Page, analysis: &Analysis, answer: &Answer) {
    let unit = analysis.unit(answer);
    page.section(&answer.name);
    let meaning = &analysis.view.outputs[answer.quantity.output].meaning;
    if !meaning.is_empty() {
        page.text(&format!("{}: {meaning}.", analysis.view.outputs[answer.quantity.output].name));
    }
    page.answer(&sentences(analysis, answer));
    meanings(page, analysis, answer);
    match &answer.indices {
        Indices::Sobol(_) => shares(page, analysis, answer),
        Indices::Morris(_) => plane(page, analysis, answer, unit),
        Indices::None => {}
    }
    main_effects(page, analysis, answer, unit);
    tornado(page, analysis, answer, unit);
    let Some(surface) = &answer.surface else { return };
    let grid = grid(analysis, surface);
    let factor = if unit == "share" { 100.0 } else { 1.0 };
    let known = surface.cells.iter().enumerate().flat_map(|(row, cells)| {
        cells.iter().enumerate().filter_map(move |(column, cell)| cell.map(|cell| json!([column, row, cell * factor])))
    });
    let chart = json!({
        "kind": "surface", "unit": if unit == "share" { "%" } else { unit }, "across": grid.across.0, "up": grid.up.0,
        "columns": grid.across.1, "rows": grid.up.1, "cells": known.collect::<Vec<_>>(),
    });
    let corner = format!("{} \\ {}", grid.up.0, grid.across.0);
    let mut head = vec![corner.as_str()];
    head.extend(grid.across.1.iter().map(String::as_str));
    let row = |(name, cells): (&String, &Vec<Option<f64>>)| {
        std::iter::once(name.clone()).chain(cells.iter().map(|&value| cell(value, unit))).collect()
    };
    let rows: Vec<Vec<String>> = grid.up.1.iter().zip(&surface.cells).map(row).collect();
    let title = format!("{} and {} together", grid.across.0, grid.up.0);
    let says = "Mean over the points of each cell, whatever the other factors are.";
    page.chart(&title, says, 150 + 40 * rows.len() as u32, chart, &head, &rows);
}

/// Factors whose names are explained under the answer; the rest stand in the table at the end.
const EXPLAINED: usize = 3;

/// What the names of the factors that matter most stand for.
fn meanings(page: &mut Page, analysis: &Analysis, answer: &Answer) {
    let factors = answer.order.iter().map(|&n| &analysis.view.factors[n]);
    let explained: Vec<String> = factors
        .filter(|factor| !factor.meaning.is_empty())
        .take(EXPLAINED)
        .map(|factor| format!("{}: {}.", factor.key, factor.meaning.trim_end_matches('.')))
        .collect();
    if !explained.is_empty() {
        page.text(&explained.join(" "));
    }
}

fn name(analysis: &Analysis, factor: usize) -> String {
    let about = &analysis.view.factors[factor];
    if about.grade.is_empty() { about.key.clone() } else { format!("{} ({})", about.key, about.grade) }
}

fn shares(page: &mut Page, analysis: &Analysis, answer: &Answer) {
    let Indices::Sobol(sobol) = &answer.indices else { return };
    let names: Vec<String> = answer.order.iter().map(|&n| name(analysis, n)).collect();
    let rows: Vec<(&Estimate, &Estimate)> = answer.order.iter().map(|&n| (&sobol.first[n], &sobol.total[n])).collect();
    indices(
        page,
        "What makes the variance",
        "By itself: what would go if this factor were known. With all it takes part in: what would be left if all others were known. Letters are grades of evidence; lines are 95 % intervals.",
        &names,
        &rows,
    );
    let names: Vec<String> = answer
        .grades
        .iter()
        .map(|grade| if grade.grade.is_empty() { "no grade".into() } else { format!("grade {}", grade.grade) })
        .collect();
    let rows: Vec<(&Estimate, &Estimate)> = answer.grades.iter().map(|grade| (&grade.first, &grade.total)).collect();
    indices(
        page,
        "By grade of evidence",
        "Sums over the factors of a grade. In the second sum an interaction counts once for every factor that takes part, so it can exceed 100 %.",
        &names,
        &rows,
    );
}

fn indices(page: &mut Page, title: &str, says: &str, names: &[String], rows: &[(&Estimate, &Estimate)]) {
    let values = |of: &dyn Fn(&Estimate) -> f64, order: usize| -> Vec<f64> {
        rows.iter().map(|row| of(if order == 0 { row.0 } else { row.1 }) * 100.0).collect()
    };
    let series = |name: &str, order: usize| {
        json!({
            "name": name, "values": values(&|e| e.value, order),
            "low": values(&Estimate::low, order), "high": values(&Estimate::high, order),
        })
    };
    let chart = json!({
        "kind": "indices", "unit": "% of the variance", "names": names,
        "series": [series("by itself (first order)", 0), series("with all it takes part in (total order)", 1)],
    });
    let table: Vec<Vec<String>> =
        names.iter().zip(rows).map(|(name, (first, total))| vec![name.clone(), share(first), share(total)]).collect();
    let head = ["", "by itself (95 % interval)", "with all it takes part in"];
    page.chart(title, says, 110 + 44 * names.len() as u32, chart, &head, &table);
}

fn plane(page: &mut Page, analysis: &Analysis, answer: &Answer, unit: &str) {
    let Indices::Morris(effects) = &answer.indices else { return };
    let factor = if unit == "share" { 100.0 } else { 1.0 };
    let point = |&n: &usize| {
        let effect = &effects[n];
        json!({
            "name": name(analysis, n), "x": effect.mu_star.value * factor, "y": effect.sigma * factor,
            "low": effect.mu_star.low().max(0.0) * factor, "high": effect.mu_star.high() * factor,
        })
    };
    let shown_unit = if unit == "share" { "pp" } else { unit };
    let chart = json!({
        "kind": "plane", "unit": shown_unit, "points": answer.order.iter().map(point).collect::<Vec<_>>(),
    });
    let size = |value: f64| change(value, unit, answer.quantity.of);
    let plain = |value: f64| size(value).trim_start_matches('+').to_owned();
    let row = |&n: &usize| {
        let effect = &effects[n];
        let interval = format!("{} to {}", plain(effect.mu_star.low()), plain(effect.mu_star.high()));
        vec![name(analysis, n), plain(effect.mu_star.value), interval, size(effect.mu), plain(effect.sigma)]
    };
    let rows: Vec<Vec<String>> = answer.order.iter().map(row).collect();
    page.chart(
        "Which factors matter, and which depend on the others",
        "To the right: it matters. Up: how much depends on where it stands and on the others. An effect is the change over a factor's whole range, of a factor of words that from one word to another.",
        420,
        chart,
        &["", "mean absolute effect (mu*)", "95 % interval", "mean effect (mu)", "spread (sigma)"],
        &rows,
    );
}

/// Curves of the page, which reads better with few.
const CURVES: usize = 6;

fn main_effects(page: &mut Page, analysis: &Analysis, answer: &Answer, unit: &str) {
    let factor = if unit == "share" { 100.0 } else { 1.0 };
    let shown_factors: Vec<usize> = answer.order.iter().copied().take(CURVES).collect();
    let curve = |&n: &usize| {
        let spots = &answer.along[n];
        let last = spots.len().saturating_sub(1).max(1) as f64;
        let points: Vec<_> = spots
            .iter()
            .enumerate()
            .map(|(place, spot)| json!([place as f64 / last * 100.0, spot.output.mean * factor]))
            .collect();
        json!({"name": name(analysis, n), "points": points})
    };
    let chart = json!({
        "kind": "curves", "unit": if unit == "share" { "%" } else { unit },
        "across": "% of the way from the lowest to the highest values of the factor",
        "curves": shown_factors.iter().map(curve).collect::<Vec<_>>(),
    });
    let rows: Vec<Vec<String>> = shown_factors
        .iter()
        .flat_map(|&n| {
            answer.along[n].iter().map(move |spot| {
                let half = spot.output.half_width().map_or("-".to_owned(), |half| shown(half, unit));
                vec![
                    name(analysis, n),
                    end(analysis, n, spot.ends),
                    shown(spot.output.mean, unit),
                    half,
                    spot.output.count.to_string(),
                ]
            })
        })
        .collect();
    page.chart(
        "Along each factor",
        "Mean over all points with the factor near this value, whatever the others are. A flat curve: it does not matter by itself.",
        340,
        chart,
        &["factor", "values", "mean", "half of its 95 % interval", "points"],
        &rows,
    );
}

fn tornado(page: &mut Page, analysis: &Analysis, answer: &Answer, unit: &str) {
    let factor = if unit == "share" { 100.0 } else { 1.0 };
    let mut swings: Vec<_> =
        answer.order.iter().filter_map(|&n| answer.swings[n].as_ref().map(|[low, high]| (n, low, high))).collect();
    let width = |(_, low, high): &(usize, &Spot, &Spot)| (high.output.mean - low.output.mean).abs();
    swings.sort_by(|a, b| width(b).total_cmp(&width(a)));
    let middle = answer.quantity.values.iter().sum::<f64>() / answer.quantity.values.len().max(1) as f64;
    let chart = json!({
        "kind": "tornado", "unit": if unit == "share" { "%" } else { unit }, "middle": middle * factor,
        "names": swings.iter().map(|swing| name(analysis, swing.0)).collect::<Vec<_>>(),
        "low": swings.iter().map(|swing| swing.1.output.mean * factor).collect::<Vec<_>>(),
        "high": swings.iter().map(|swing| swing.2.output.mean * factor).collect::<Vec<_>>(),
    });
    let rows: Vec<Vec<String>> = swings
        .iter()
        .map(|(n, low, high)| {
            let swing = change(high.output.mean - low.output.mean, unit, answer.quantity.of);
            vec![
                name(analysis, *n),
                end(analysis, *n, low.ends),
                shown(low.output.mean, unit),
                end(analysis, *n, high.ends),
                shown(high.output.mean, unit),
                swing,
            ]
        })
        .collect();
    page.chart(
        "From one end of each factor to the other",
        "Mean over the points with the factor at its low end and at its high end, against the mean of all points.",
        90 + 34 * rows.len() as u32,
        chart,
        &["factor", "low end", "mean there", "high end", "mean there", "change"],
        &rows,
    );
}

fn regrets(page: &mut Page, report: &Report) {
    if report.regrets.is_empty() {
        return;
    }
    page.section("Which arm is regretted least");
    page.text("Regret is what an arm misses against the best arm at the same point. A cautious reader takes the arm whose largest regret is the smallest.");
    for regret in &report.regrets {
        let unit = report.analysis.view.outputs.iter().find(|output| output.name == regret.aim);
        let unit = unit.map_or("", |output| output.unit.as_str());
        let missed = regret.regrets();
        let best = |row: &[f64]| row.iter().filter(|missed| **missed == 0.0).count() as f64 / row.len().max(1) as f64;
        let row = |(arm, missed): (&String, &Vec<f64>)| {
            let mut sorted = missed.clone();
            sorted.sort_by(f64::total_cmp);
            let mean = missed.iter().sum::<f64>() / missed.len().max(1) as f64;
            let high = quantile(&sorted, 0.95);
            let most = sorted.last().copied().unwrap_or(f64::NAN);
            vec![arm.clone(), shown(mean, unit), shown(high, unit), shown(most, unit), whole_percent(best(missed))]
        };
        let rows: Vec<Vec<String>> = regret.policies.iter().zip(&missed).map(row).collect();
        let want = if regret.is_cost { "less" } else { "more" };
        let caption = format!("Regret over {} points, where {want} of {} is better", regret.states.len(), regret.aim);
        page.table(&caption, &["arm", "mean", "95 % of points below", "largest", "best at"], &rows, false);
        if let Some((place, largest)) = regret.most_cautious() {
            page.text(&format!(
                "Regretted least at worst: {} ({} at most).",
                regret.policies[place],
                shown(largest, unit)
            ));
        }
    }
}

fn assumed(page: &mut Page, report: &Report) {
    let view = &report.analysis.view;
    page.section("What is assumed");
    let count = |grade: &str| view.factors.iter().filter(|factor| factor.grade == grade).count();
    page.text(&format!(
        "{} factors vary, each over its range and independently of the others: {} of grade A (official statistics or refereed work), {} of grade B (press, preprints, companies), {} of grade C (estimates or assumptions), {} without a grade. Whatever the plan does not vary stands still, and depends on its own evidence.",
        view.factors.len(),
        count("A"),
        count("B"),
        count("C"),
        count("")
    ));
    let row = |factor: &Factor| {
        let range = match (factor.range, &factor.values) {
            (Some((low, high)), _) => format!("{} to {}", shown(low, &factor.unit), shown(high, &factor.unit)),
            (None, Column::Words { words, .. }) => words.join(", "),
            (None, _) => "as listed".to_owned(),
        };
        let scale = if factor.is_log { "even in the logarithm" } else { "even" };
        let grade = if factor.grade.is_empty() { "-" } else { &factor.grade };
        vec![factor.key.clone(), grade.to_owned(), range, scale.to_owned(), factor.meaning.clone()]
    };
    let rows: Vec<Vec<String>> = view.factors.iter().map(row).collect();
    page.table(
        "Factors, their evidence and ranges",
        &["factor", "grade", "range", "spread", "what it is"],
        &rows,
        false,
    );
}
