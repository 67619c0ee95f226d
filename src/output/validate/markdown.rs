//! The scorecard as a document: `docs/validation.md`.

use super::{Validated, words};
use crate::experiment::validate::score::{Course, Line, Verdict};
use crate::output::kit::words::wrapped;
use std::fmt::Write;

/// What a hit or a miss does not say.
const SURE: &str = "A hit says that the model may be used to ask about that fact, and no more; with many figures some hit by \
                    chance. A miss is a reason to doubt what depends on the rule named beside it. Facts are few, most are of \
                    rich countries, and none is of what the model is about: no wave of robots taught by filmed hours has happened. \
                    Without draws of what is not known the spread is that of chance alone. [How sure is this?](how-sure.md) is of \
                    the model as a whole.";

/// The whole document.
pub(super) fn text(validated: &Validated) -> String {
    let mut out = String::from("# Held against the world\n\n");
    let paragraph = |out: &mut String, text: &str| {
        let _ = writeln!(out, "{}\n", wrapped(text));
    };
    paragraph(
        &mut out,
        "This page is written by the program and changed by no hand: `handover validate` runs the experiments of \
         `scenarios/evidence/` and writes `validation.md` into its folder, of which this is a copy. The same folder \
         holds the page `validation.html`, every number as JSON and CSV, and a picture of each history.",
    );
    let _ = writeln!(out, "```sh\n{}\n```\n", validated.command);
    for words in validated.counts() {
        let _ = writeln!(out, "{}", wrapped(&format!("- {words}")));
    }
    out.push('\n');
    paragraph(
        &mut out,
        &format!(
            "A fact that is used may set a parameter. On a fact that is held out nothing is tuned, and a calibration that \
             names one is refused. A figure is hit within two standard deviations, those of the figure and of the mean over \
             {} replicates together; a fact is hit if all its figures that can be tested are. A run alone is held against the standard \
             deviation of the figure by itself. After ± stands the spread over replicates for the model, and one standard deviation for the target. Marks of sources: V read at the \
             publisher, N from earlier reading, R recalled, D derived. Behind a distance, {}.",
            validated.replicates,
            words::WIDE
        ),
    );
    if let Some((source, _)) = validated.drawn {
        paragraph(
            &mut out,
            &format!(
                "In this card each replicate has its own draw of what is not known: {source}. So the spread is that of \
                 chance and of doubt together; what a history states is known there, and not drawn. The last two counts are \
                 those of the values of the baseline, without draws, whose numbers `handover validate` prints. The sentences \
                 beside each line are of both."
            ),
        );
    }
    for (verdict, heading) in [
        (Verdict::Miss, "## What misses"),
        (Verdict::Hit, "## What hits"),
        (Verdict::Cannot, "## What cannot be tested yet"),
    ] {
        let lines = validated.lines();
        let lines: Vec<&Line> = lines.iter().filter(|line| line.verdict == verdict).collect();
        if !lines.is_empty() {
            let _ = writeln!(out, "{heading}\n");
            facts(&mut out, validated, &lines, verdict);
        }
    }
    let courses = validated.courses();
    if !courses.is_empty() {
        out.push_str("## Histories\n\n");
        paragraph(
            &mut out,
            "Each is simulated from its beginning with what was given then. Beside the model stand two forecasts that know \
             nothing of it: that the last known value stays, and that the last known trend goes on. Years within two \
             standard deviations, and the typical error, count from the first year that was not known.",
        );
    }
    for course in &courses {
        history(&mut out, course);
    }
    out.push_str("## How sure is this?\n\n");
    paragraph(&mut out, SURE);
    format!("{}\n", out.trim_end())
}

fn facts(out: &mut String, validated: &Validated, lines: &[&Line], verdict: Verdict) {
    if verdict == Verdict::Cannot {
        out.push_str("| fact | | standing | target | source |\n|---|---|---|---|---|\n");
    } else {
        out.push_str("| fact | | standing | model | target | distance | source |\n|---|---|---|---|---|---|---|\n");
    }
    for line in lines {
        let (name, fact, target) = (line.name(), line.fact, words::target(validated, line));
        let standing = fact.known.standing.words();
        let source = format!("{} ({})", fact.known.source, fact.known.mark);
        let _ = if verdict == Verdict::Cannot {
            writeln!(out, "| {name} | {} | {standing} | {target} | {source} |", fact.known.what)
        } else {
            let (model, distance) = (words::model(validated, line), words::distance(line));
            writeln!(out, "| {name} | {} | {standing} | {model} | {target} | {distance} | {source} |", fact.known.what)
        };
    }
    out.push('\n');
    let mut said: Vec<&str> = Vec::new();
    for line in lines {
        let says = match &line.figure.test {
            Err(untested) => format!("**{}.** {}", line.name(), untested.why),
            // of several figures once
            Ok(_) if said.contains(&line.fact.known.id.as_str()) => continue,
            Ok(_) => format!("**{}.** {}", line.fact.known.id, line.fact.known.says),
        };
        said.push(&line.fact.known.id);
        let _ = writeln!(out, "{}\n", wrapped(&says));
    }
}

fn history(out: &mut String, course: &Course) {
    let series = course.series;
    let _ = writeln!(out, "### {}: {}\n", series.known.id, series.known.what);
    let says = format!(
        "{} Model: {}; last value: {}; last trend: {}. {} ({}); {}.",
        series.known.says,
        words::off(course.model()),
        words::off(course.last_value()),
        words::off(course.last_trend()),
        series.known.source,
        series.known.mark,
        series.known.standing.words()
    );
    let _ = writeln!(out, "{}\n", wrapped(&says));
    out.push_str("| December of | what happened | model | nine tenths | distance | last value | last trend |\n");
    out.push_str("|---|---:|---:|---|---:|---:|---:|\n");
    for year in course.years.iter().filter(|year| year.measured.is_some() || !year.is_known) {
        let value = |number: Option<f64>| words::value(number, series.unit);
        let known = if year.is_known { " (known)" } else { "" };
        let _ = writeln!(
            out,
            "| {}{known} | {} | {} | {} to {} | {} | {} | {} |",
            year.year,
            value(Some(year.target)),
            value(year.measured.map(|measured| measured.mean)),
            value(year.band.map(|band| band.0)),
            value(year.band.map(|band| band.1)),
            year.measured.map_or_else(|| "-".to_owned(), |measured| format!("{:+.1} sd", measured.distance)),
            value(year.naive_last),
            value(year.naive_trend),
        );
    }
    out.push('\n');
}
