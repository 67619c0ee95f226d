//! What a sweep's report prints in a terminal.

use super::Report;
use super::words::{change, sentences, share};
use crate::experiment::sensitivity::analysis::{Answer, Indices};
use crate::output::kit::numbers::{shown, whole_percent};
use std::fmt::Write;

/// The summary; `folder` is where the report is.
pub fn summary(report: &Report, folder: &str) -> String {
    let mut out = String::new();
    let analysis = &report.analysis;
    let _ = writeln!(out, "{}\n{} points; {}", report.title, analysis.view.points, report.runs);
    for answer in &analysis.answers {
        let _ = writeln!(out, "\n{}", answer.name);
        for sentence in sentences(analysis, answer) {
            let _ = writeln!(out, "- {sentence}");
        }
        let _ = writeln!(out);
        table(report, answer, &mut out);
    }
    for (name, why) in &analysis.left_out {
        let _ = writeln!(out, "\nLeft out: {name}: {why}.");
    }
    let _ = writeln!(
        out,
        "\nConditional on the ranges of the plan, not a forecast.\nWhere to look next: {folder}/sweep.html, {folder}/sensitivity.csv"
    );
    out
}

fn table(report: &Report, answer: &Answer, out: &mut String) {
    let analysis = &report.analysis;
    let unit = analysis.unit(answer);
    let name = |n: usize| &analysis.view.factors[n].key;
    let grade = |n: usize| &analysis.view.factors[n].grade;
    match &answer.indices {
        Indices::Sobol(sobol) => {
            let _ = writeln!(
                out,
                "  {:<36} {:<7} {:>20} {:>20}",
                "share of the variance", "grade", "by itself", "with others"
            );
            for &n in &answer.order {
                let (first, total) = (share(&sobol.first[n]), share(&sobol.total[n]));
                let _ = writeln!(out, "  {:<36} {:<7} {first:>20} {total:>20}", name(n), grade(n));
            }
        }
        Indices::Morris(effects) => {
            let _ = writeln!(
                out,
                "  {:<36} {:<7} {:>18} {:>18} {:>18}",
                "effect of the whole range", "grade", "mu*", "mu", "sigma"
            );
            for &n in &answer.order {
                let size = |value: f64| change(value, unit, answer.quantity.of);
                let plain = |value: f64| size(value).trim_start_matches('+').to_owned();
                let effect = &effects[n];
                let (star, mu, sigma) = (plain(effect.mu_star.value), size(effect.mu), plain(effect.sigma));
                let mark = if analysis.view.are_words()[n] { " (word)" } else { "" };
                let name = format!("{}{mark}", name(n));
                let _ = writeln!(out, "  {name:<36} {:<7} {star:>18} {mu:>18} {sigma:>18}", grade(n));
            }
            if analysis.view.are_words().contains(&true) {
                let _ = writeln!(out, "  (word: what one word for another changes, divided by no step)");
            }
        }
        Indices::None => {
            let _ = writeln!(out, "  {:<36} {:<7} {:>24} {:>24}", "mean where the factor is", "grade", "low", "high");
            for &n in &answer.order {
                let Some([low, high]) = &answer.swings[n] else { continue };
                let (low, high) = (shown(low.output.mean, unit), shown(high.output.mean, unit));
                let _ = writeln!(out, "  {:<36} {:<7} {low:>24} {high:>24}", name(n), grade(n));
            }
        }
    }
    if let Some(luck) = answer.quantity.luck {
        let _ = writeln!(out, "  {:<44} {:>20}", "chance", whole_percent(luck));
    }
}
