//! A comparison as one JSON object: what `handover compare --json` prints.

use crate::experiment::compare::effects::Paired;
use crate::experiment::compare::headlines::Headline;
use crate::output::compare::answer::answer;
use crate::output::compare::{Comparison, Reform};
use crate::output::kit::gains::place;
use serde_json::{Value, json};

/// The answer of every reform, its headlines with their intervals, and where the files are.
///
/// `folder` is that of the result, `files` are the names of its files.
pub fn as_json(comparison: &Comparison, folder: &str, files: &[String]) -> Value {
    let failed: Vec<u32> = comparison.attendance.failures.iter().map(|failure| failure.replicate).collect();
    let run = &comparison.base.parameters.run;
    json!({
        "base": comparison.base.about.name,
        "seed": run.seed,
        "replicates": comparison.attendance.done.len(),
        "failed": failed,
        "reforms": comparison.reforms.iter().map(|reform| of_reform(comparison, reform)).collect::<Vec<_>>(),
        "folder": folder,
        "files": files,
    })
}

fn of_reform(comparison: &Comparison, reform: &Reform) -> Value {
    let about = &reform.scenario.about;
    let regions = &comparison.base.parameters.regions;
    let headlines = reform.effects.headlines.iter().filter(|(_, pair)| pair.difference.count > 0);
    let headline = |(headline, pair): &(Headline, Paired)| {
        let interval = pair.interval();
        json!({
            "headline": headline.name,
            "about": headline.about,
            "region": place(regions, headline.region),
            "unit": headline.unit,
            "base": pair.base.mean,
            "reform": pair.reform.mean,
            "difference": pair.difference.mean,
            "low": interval.map(|interval| interval.0),
            "high": interval.map(|interval| interval.1),
            "replicates": pair.difference.count,
        })
    };
    json!({
        "reform": about.name,
        "title": about.title,
        "question": about.question,
        "acts": comparison.acts_in_words(reform),
        "answer": answer(comparison, reform),
        "headlines": headlines.map(headline).collect::<Vec<_>>(),
    })
}
