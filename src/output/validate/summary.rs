//! The scorecard in a terminal: misses first, then the histories, then the two counts.

use super::{Validated, words};
use crate::experiment::validate::score::Verdict;
use std::fmt::Write;

/// The scorecard that the command prints at its end.
pub fn summary(validated: &Validated, folder: &str) -> String {
    let mut out = String::new();
    let mut rows = vec![["", "standing", "fact", "model", "target", "distance"].map(str::to_owned)];
    for line in validated.lines() {
        let says = match &line.figure.test {
            Err(_) => String::new(),
            Ok(_) => words::distance(&line),
        };
        rows.push([
            if line.verdict == Verdict::Cannot { "-".to_owned() } else { line.verdict.words().to_owned() },
            line.fact.known.standing.words().to_owned(),
            format!("{}: {}", line.name(), line.fact.known.what),
            words::model(validated, &line),
            words::target(validated, &line),
            says,
        ]);
    }
    let _ = write!(out, "\n{}", in_columns(&rows));
    let _ = writeln!(out, "{}", words::WIDE);
    let courses = validated.courses();
    if !courses.is_empty() {
        let head = ["history", "standing", "model", "last value", "last trend"].map(str::to_owned);
        let row = |course: &crate::experiment::validate::score::Course| {
            [
                format!("{}: {}", course.series.known.id, course.series.known.what),
                course.series.known.standing.words().to_owned(),
                words::off(course.model()),
                words::off(course.last_value()),
                words::off(course.last_trend()),
            ]
        };
        let rows: Vec<[String; 5]> = std::iter::once(head).chain(courses.iter().map(row)).collect();
        let _ = write!(out, "\n{}", in_columns(&rows));
    }
    for failure in validated.failures() {
        let _ = writeln!(out, "failed: {failure}");
    }
    let grain = if validated.is_quick { " of the quick grain" } else { "" };
    let _ = writeln!(
        out,
        "\nOver {} replicates{grain}, within two standard deviations of target and mean together:",
        validated.replicates
    );
    for words in validated.counts() {
        let _ = writeln!(out, "  {words}");
    }
    let _ = writeln!(out, "Why each line is what it is: {folder}/validation.html, {folder}/validation.md");
    out
}

/// Rows in columns of equal width.
pub(super) fn in_columns<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
