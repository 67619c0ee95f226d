//! Parts that every report has: what is assumed, and how to reproduce it; and charts made of bands and pairs.

use crate::experiment::compare::effects::Paired;
use crate::experiment::ensemble::Attendance;
use crate::experiment::shipped;
use crate::observe::indicators::Metric;
use crate::output::codebook::FILES;
use crate::output::disk::manifest::Evidence;
use crate::output::kit::numbers::{interval, quantity};
use crate::output::kit::page::Page;
use crate::output::kit::words::grain;
use crate::scenario::Scenario;
use serde_json::{Value, json};

/// The assumptions with their grades of evidence; `evidence` is what a sensitivity run says of them.
pub fn assumptions(page: &mut Page, scenario: &Scenario, evidence: Option<&Evidence>) {
    page.section("What is assumed");
    let count = |grade: &str| scenario.catalogue.values().filter(|card| card.grade == grade).count();
    let (a, b, c) = (count("A"), count("B"), count("C"));
    page.text(&format!(
        "Everything above is conditional: if these numbers, then this. Of {} parameters, {a} come from official statistics or refereed work (grade A), {b} from press, preprints or companies (B), {c} are estimates or assumptions (C).",
        a + b + c
    ));
    match evidence {
        Some(evidence) => depends(page, evidence),
        None => page.text(
            "No sensitivity run is at hand, so the part of the result's variance that depends on grade C numbers is not known; it may be most of it.",
        ),
    }
    disputed(page, scenario);
    let mut rows = Vec::new();
    for (key, card) in &scenario.catalogue {
        rows.push(vec![key.clone(), card.grade.clone(), card.range.clone(), card.source.clone()]);
    }
    page.table(
        "All parameters with their grades, ranges and sources",
        &["parameter", "grade", "plausible range", "source"],
        &rows,
        true,
    );
    if let Some(words) = scenario.draws_in_words() {
        page.text(&words);
    }
    if !scenario.changed.is_empty() {
        page.text(&format!("This scenario sets: {}.", scenario.changed.join(", ")));
    }
}

/// How much of the variance depends on which evidence.
fn depends(page: &mut Page, evidence: &Evidence) {
    page.text(&format!(
        "The sweep \u{201c}{}\u{201d} varied {} of them over their plausible ranges, all others standing still. Of the variance this makes in what it looked at:",
        evidence.sweep, evidence.factors
    ));
    let said: Vec<String> = evidence.says.iter().map(|(name, words)| format!("{name}: {words}")).collect();
    page.answer(&said);
}

/// What others would assume otherwise, in the order in which it decides results: key and what is said against it.
const DISPUTED: [(&str, &str); 9] = [
    ("learning.alpha", "how fast robots fail less with more hours: two points of one preprint"),
    ("robots.adopters", "what buyers take for an example, and so how fast robots spread"),
    ("robots.hurdle", "how fast a robot must pay"),
    ("robots.licence_of_three", "what competition leaves of a licence, and with it what labs can pay for hours"),
    ("learning.transfer", "what an hour teaches outside its own tasks: no evidence"),
    ("capture.buying.rule", "whether labs buy hours as long as they are worth it, or spend their budget"),
    ("consent.skill", "whether the skilled refuse the camera first"),
    ("labour.new_tasks", "how much of the absorbed work comes back as new tasks"),
    ("labour.outside_ratio.assembler", "how many jobs there are elsewhere for those who lose theirs"),
];

/// What a run assumes that others would dispute.
fn disputed(page: &mut Page, scenario: &Scenario) {
    let row = |&(key, against): &(&str, &str)| Some(vec![key.to_owned(), scenario.shown(key)?, against.to_owned()]);
    let rows: Vec<Vec<String>> = DISPUTED.iter().filter_map(row).collect();
    page.table("What others would assume otherwise", &["parameter", "here", "in dispute"], &rows, false);
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// What to type for a scenario: the name of a shipped one, or else its file.
pub fn typed(name: &str) -> String {
    if shipped::scenario(name).is_some() { name.to_owned() } else { format!("{name}.toml") }
}

/// How to get the same bytes again, and what lies beside the page.
pub fn reproduce(page: &mut Page, command: &str, scenario: &Scenario, attendance: &Attendance, files: &[&str]) {
    page.section("How to reproduce it");
    let settings = scenario.settings.iter().map(|setting| format!(" --set {}", quoted(setting)));
    page.command(&format!("{command}{}", settings.collect::<String>()));
    let run = &scenario.parameters.run;
    page.text(&format!(
        "handover {}, seed {}, {}; {} years from {}; {}. The same version gives the same bytes on any machine and any number of threads; manifest.json beside this page holds every number and the hash of every file.",
        env!("CARGO_PKG_VERSION"),
        run.seed,
        attendance.words(),
        run.years.0,
        run.start.0,
        grain(scenario)
    ));
    let about = |&file: &&str| {
        let known = FILES.iter().find(|(name, _)| *name == file);
        vec![file.to_owned(), known.map_or("", |(_, about)| about).to_owned()]
    };
    page.table("What lies beside this page", &["file", "holds"], &files.iter().map(about).collect::<Vec<_>>(), true);
    for failure in &attendance.failures {
        page.text(&format!("Replicate {} failed and is not counted: {}", failure.replicate, failure.cause));
    }
}

/// A bar chart of mean differences with their intervals, and its table.
pub fn bars(page: &mut Page, title: &str, says: &str, unit: &str, pairs: &[(String, Paired)]) {
    let pairs: Vec<&(String, Paired)> = pairs.iter().filter(|(_, pair)| pair.difference.count > 0).collect();
    if pairs.is_empty() {
        return;
    }
    let ends: Vec<Option<(f64, f64)>> = pairs.iter().map(|(_, pair)| pair.interval()).collect();
    let chart = json!({
        "kind": "bars", "unit": unit,
        "names": pairs.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "values": pairs.iter().map(|(_, pair)| pair.difference.mean).collect::<Vec<_>>(),
        "low": ends.iter().map(|ends| ends.map(|ends| ends.0)).collect::<Vec<_>>(),
        "high": ends.iter().map(|ends| ends.map(|ends| ends.1)).collect::<Vec<_>>(),
    });
    let rows: Vec<Vec<String>> = pairs
        .iter()
        .map(|(name, pair)| {
            let (base, reform) = (quantity(pair.base.mean, unit), quantity(pair.reform.mean, unit));
            vec![name.clone(), base, reform, interval(pair, unit), pair.difference.count.to_string()]
        })
        .collect();
    let height = 70 + 34 * pairs.len() as u32;
    page.chart(title, says, height, chart, &["", "base", "reform", "difference (95 % interval)", "replicates"], &rows);
}

/// One curve: name, values, and the ends of its band where it has one.
pub struct Curve {
    /// Its name.
    pub name: String,
    /// Value by record.
    pub values: Vec<f64>,
    /// Lower and upper ends by record.
    pub band: Option<(Vec<f64>, Vec<f64>)>,
}

/// A chart of curves over time, with the values at the end of each year as its table.
pub fn lines(page: &mut Page, title: &str, says: &str, unit: &str, dates: &[String], curves: &[Curve]) {
    let curve = |curve: &Curve| -> Value {
        let (low, high) =
            curve.band.clone().map_or((Value::Null, Value::Null), |(low, high)| (json!(low), json!(high)));
        json!({"name": curve.name, "values": curve.values, "low": low, "high": high})
    };
    let chart = json!({
        "kind": "line", "unit": unit, "dates": dates,
        "curves": curves.iter().map(curve).collect::<Vec<_>>(),
    });
    let mut head = vec!["last record of"];
    head.extend(curves.iter().map(|curve| curve.name.as_str()));
    let year = |date: &String| date.get(..4).unwrap_or("").to_owned();
    let is_last = |n: usize| dates.get(n + 1).is_none_or(|next| year(next) != year(&dates[n]));
    let rows: Vec<Vec<String>> = (0..dates.len())
        .filter(|&n| is_last(n))
        .map(|n| {
            let cell = |curve: &Curve| {
                let value = curve.values.get(n).copied().unwrap_or(f64::NAN);
                let band = curve.band.as_ref().and_then(|(low, high)| Some((*low.get(n)?, *high.get(n)?)));
                let ends = band
                    .map_or(String::new(), |(low, high)| format!(" ({} to {})", quantity(low, ""), quantity(high, "")));
                format!("{}{ends}", quantity(value, ""))
            };
            std::iter::once(year(&dates[n])).chain(curves.iter().map(cell)).collect()
        })
        .collect();
    page.chart(title, says, 300, chart, &head, &rows);
}

/// What a page shows of a factory that films: metric, item, title, unit, factor.
pub const PLANT: [(Metric, &str, &str, &str, f64); 4] = [
    (Metric::RawHours, "factory", "Filmed hours", "hours a week", 1.0),
    (Metric::Throughput, "factory", "Throughput, in hours of a mean worker", "hours a week", 1.0),
    (Metric::Oee, "factory", "OEE: availability times performance times quality", "%", 100.0),
    (Metric::LeadTime, "assembly", "Lead time of assembly", "weeks", 1.0),
];

/// A matrix from rows to columns; cells are row, column, value.
pub fn matrix(
    page: &mut Page,
    title: &str,
    says: &str,
    rows: &[String],
    columns: &[String],
    cells: &[(usize, usize, f64)],
) {
    let chart = json!({
        "kind": "heat", "rows": rows, "columns": columns,
        "cells": cells.iter().map(|&(row, column, value)| json!([column, row, value])).collect::<Vec<_>>(),
    });
    let mut head = vec!["from \\ to"];
    head.extend(columns.iter().map(String::as_str));
    let value = |row: usize, column: usize| {
        let found = cells.iter().find(|cell| (cell.0, cell.1) == (row, column));
        found.map_or("0".to_owned(), |cell| quantity(cell.2, ""))
    };
    let table: Vec<Vec<String>> = rows
        .iter()
        .enumerate()
        .map(|(n, name)| std::iter::once(name.clone()).chain((0..columns.len()).map(|m| value(n, m))).collect())
        .collect();
    page.chart(title, says, 120 + 34 * rows.len() as u32, chart, &head, &table);
}
