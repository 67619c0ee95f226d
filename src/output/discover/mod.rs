//! Boxes in words: under which circumstances it happens, as sentences, tables, a picture and a page.

mod page;
mod words;

pub use words::{conditions, event, sentences};

use super::plots::sweep::{self, About, Cloud};
use crate::experiment::discover::case::Case;
use crate::experiment::discover::{Column, Found, Rules, Side};
use crate::experiment::sensitivity::view::{Quantity, View};
use crate::output::disk::manifest::{Kind, Manifest, as_text};
use crate::output::kit::unmade::Unmade;
use serde_json::{Value, json};
use std::fmt::Write;

/// A search for boxes, and what it found.
#[derive(Debug)]
pub struct Discovery {
    /// Name of the sweep.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Hash of the table that was searched.
    pub table: String,
    /// What was found, the first first.
    pub boxes: Vec<Found>,
    /// How many of its runs are done, in words.
    pub runs: String,
    /// Is a run missing?
    pub is_partial: bool,
    /// The points.
    pub view: View,
    /// By point.
    pub is_case: Vec<bool>,
    /// What is looked at.
    pub quantity: Quantity,
    /// Which points are looked for.
    pub case: Case,
    /// How it was searched.
    pub rules: Rules,
    /// Why there are fewer cases than the share that was asked for; nothing if there are as many.
    pub ties: Option<String>,
    /// What to type to find it again.
    pub command: String,
}

impl Discovery {
    /// How many cases there are.
    pub fn cases(&self) -> usize {
        self.is_case.iter().filter(|&&is_case| is_case).count()
    }

    /// The unit of what is looked at.
    pub fn unit(&self) -> &str {
        match self.quantity.of {
            crate::experiment::sensitivity::view::Of::Relative(..) => "share",
            _ => &self.view.outputs[self.quantity.output].unit,
        }
    }
}

/// Every file of a search, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(discovery: &Discovery) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let mut files = vec![("discover.json".to_owned(), as_text(&value(discovery)))];
    for (n, found) in discovery.boxes.iter().enumerate() {
        if let Some(sheet) = picture(discovery, found) {
            files.extend(sweep::files(&format!("plots/box_{}", n + 1), &sheet)?);
        }
    }
    files.push(("discover.html".to_owned(), page::page(discovery).into_bytes()));
    let manifest = Manifest::of_report(Kind::Discovery, &discovery.name, &discovery.table, &discovery.runs, &files);
    files.push(("manifest.json".to_owned(), manifest.bytes()));
    Ok(files)
}

/// What was found, as JSON.
pub fn value(discovery: &Discovery) -> Value {
    let all = discovery.cases();
    let points = discovery.is_case.len();
    let one = |found: &Found| {
        let step = &found.step;
        let limit = |limit: &crate::experiment::discover::Limit| {
            let about = &discovery.view.factors[limit.factor];
            let bounds = &step.shape[limit.factor];
            let words: Vec<&String> = match &discovery.view.factors[limit.factor].values {
                Column::Words { words, .. } if limit.side == Side::Words => words
                    .iter()
                    .enumerate()
                    .filter(|(n, _)| !bounds.without.contains(n))
                    .map(|(_, word)| word)
                    .collect(),
                _ => Vec::new(),
            };
            json!({
                "factor": about.key, "grade": about.grade, "unit": about.unit,
                "least": bounds.low.filter(|_| limit.side == Side::Low),
                "most": bounds.high.filter(|_| limit.side == Side::High),
                "only": words, "quasi_p": limit.chance, "found_again": limit.again,
            })
        };
        json!({
            "says": sentences(discovery, found),
            "coverage": step.coverage(all), "density": step.density(), "mass": step.points as f64 / points as f64,
            "points": step.points, "cases": step.cases,
            "limits": found.limits.iter().map(limit).collect::<Vec<_>>(),
        })
    };
    json!({
        "handover": env!("CARGO_PKG_VERSION"), "sweep": discovery.name, "title": discovery.title,
        "runs": discovery.runs, "is_partial": discovery.is_partial, "table_sha256": discovery.table,
        "event": event(discovery), "points": points, "cases": all, "ties": discovery.ties,
        "boxes": discovery.boxes.iter().map(one).collect::<Vec<_>>(),
    })
}

/// What is printed in a terminal; `folder` is where the files are.
pub fn summary(discovery: &Discovery, folder: &str) -> String {
    let mut out = String::new();
    let (all, points) = (discovery.cases(), discovery.is_case.len());
    let _ = writeln!(out, "{}\n{points} points; {}", discovery.title, discovery.runs);
    let _ = writeln!(out, "Looked for: {}, at {all} of {points} points.\n", event(discovery));
    if let Some(ties) = &discovery.ties {
        let _ = writeln!(out, "- {ties}.");
    }
    if discovery.boxes.is_empty() {
        let _ = writeln!(out, "- {}", words::nothing());
    }
    for found in &discovery.boxes {
        for sentence in sentences(discovery, found) {
            let _ = writeln!(out, "- {sentence}");
        }
        let _ = writeln!(out, "\n  {:<44}{:>7}{:>14}{:>14}", "limit", "grade", "by chance", "found again");
        for limit in &found.limits {
            let grade = &discovery.view.factors[limit.factor].grade;
            let (chance, again) = words::trust(limit);
            let words = words::limit(discovery, found, limit);
            let _ = writeln!(out, "  {words:<44}{grade:>7}{chance:>14}{again:>14}");
        }
        let _ = writeln!(out);
    }
    let _ = writeln!(
        out,
        "Conditional on the ranges of the plan, not a forecast.\nWhere to look next: {folder}/discover.html, {folder}/discover.json"
    );
    out
}

/// The points in the plane of the two most certain limits, and the box.
fn picture(discovery: &Discovery, found: &Found) -> Option<sweep::Sheet> {
    let view = &discovery.view;
    let is_number = |factor: &usize| matches!(view.factors[*factor].values, Column::Numbers(_));
    let mut limits: Vec<_> = found.limits.iter().collect();
    limits.sort_by(|a, b| a.chance.total_cmp(&b.chance));
    let mut factors: Vec<usize> = Vec::new();
    for factor in limits.into_iter().map(|limit| limit.factor).chain(0..view.factors.len()) {
        if is_number(&factor) && !factors.contains(&factor) {
            factors.push(factor);
        }
    }
    let (&one, &other) = (factors.first()?, factors.get(1)?);
    let numbers = |factor: usize| match &view.factors[factor].values {
        Column::Numbers(numbers) => numbers.clone(),
        Column::Words { .. } => Vec::new(),
    };
    let side = |factor: usize| {
        let about = &view.factors[factor];
        let bounds = &found.step.shape[factor];
        let label = if about.unit.is_empty() { about.key.clone() } else { format!("{}, {}", about.key, about.unit) };
        sweep::Side { label, is_log: about.is_log, bounds: (bounds.low, bounds.high), values: numbers(factor) }
    };
    let cloud = Cloud { across: side(one), up: side(other), is_case: discovery.is_case.clone() };
    let title = format!("Where it happens: {}", event(discovery));
    let note = format!(
        "{}: {}. {}; {} points. Conditional on the ranges of the plan; not a forecast.",
        discovery.name,
        discovery.title,
        discovery.runs,
        discovery.is_case.len()
    );
    let how = "Each mark is a point: orange where it happens, grey where not. The frame is the box in these two factors; limits of other factors are not seen here, which is why other points lie in it.";
    Some(sweep::cloud(&About { title: &title, sweep: &discovery.name, how_to_read: how, note: &note }, &cloud))
}
