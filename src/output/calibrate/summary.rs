//! What a calibration found, in a terminal: factors, targets, and what is missed.

use crate::experiment::amount;
use crate::experiment::calibrate::Plan;
use crate::experiment::calibrate::check::{Checked, LEVELS};
use crate::output::calibrate::{Calibrated, MISSED};
use std::fmt::Write;

/// With fewer runs that count, quantiles are rough, and intervals held too few truths when that was checked.
const FEW: f64 = 100.0;

/// The summary that a calibration prints at its end.
pub fn summary(calibrated: &Calibrated, folder: &str) -> String {
    let Calibrated { posterior, prepared, .. } = calibrated;
    let mut out = String::new();
    let (made, failed) = (posterior.runs.len(), posterior.effort.failed);
    let of = if failed > 0 { format!("{made} of {}", made as u32 + failed) } else { made.to_string() };
    let _ = writeln!(out, "\n{}\n", calibrated.title);
    let _ = writeln!(
        out,
        "{of} runs in {} populations; {:.0} count.",
        posterior.effort.populations, posterior.weights.effective
    );
    if posterior.weights.widened > 1.0 {
        let _ = writeln!(
            out,
            "Too few runs come so near to all targets: tolerances had to be widened {:.1} times. What follows is too wide;\n\
             allow more runs with --budget, or look for a target that the model cannot meet.",
            posterior.weights.widened
        );
    }
    if posterior.weights.effective < FEW {
        let _ = writeln!(out, "So few make quantiles rough and a little too narrow; allow more runs with --budget.");
    }
    let mut factors = vec![["factor", "prior", "median", "nine tenths", "spread left"].map(str::to_owned)];
    for (narrowed, (factor, dial)) in posterior.factors.iter().zip(&prepared.factors) {
        let [low, median, high] = narrowed.quantiles.map(|value| dial.shown(value));
        factors.push([
            factor.key.clone(),
            format!("{} to {}", dial.shown(factor.low), dial.shown(factor.high)),
            median,
            format!("{low} to {high}"),
            format!("{:.0} %", narrowed.spread_left * 100.0),
        ]);
    }
    let mut targets = vec![["target", "wanted", "posterior mean", "miss"].map(str::to_owned)];
    for (fit, (target, outcome)) in posterior.fits.iter().zip(&prepared.targets) {
        let shown = |value| amount::shown(value, outcome.unit());
        let word = if fit.miss().abs() > MISSED { "  MISSED" } else { "" };
        targets.push([
            target.name.clone(),
            format!("{} ± {}", shown(target.value), shown(target.tolerance)),
            shown(fit.mean),
            format!("{:+.1}{word}", fit.miss()),
        ]);
    }
    let _ = write!(out, "\n{}\n{}", in_columns(&factors), in_columns(&targets));
    let missed = posterior.fits.iter().filter(|fit| fit.miss().abs() > MISSED);
    for fit in missed {
        let unit =
            prepared.targets.iter().find(|(target, _)| *target == fit.target).map_or("", |(_, outcome)| outcome.unit());
        let nearest = fit.nearest.map_or("it never happened".to_owned(), |nearest| {
            format!("the nearest of any run is {}", amount::shown(nearest, unit))
        });
        let _ = writeln!(out, "\n{} is missed by more than {MISSED} tolerances: {nearest}.", fit.target.name);
    }
    let _ = writeln!(out, "\nA miss is in tolerances. Spread left is 100 % where the targets say nothing of a factor.");
    let _ = writeln!(
        out,
        "Draws to go on with: {folder}/posterior/draw-001.toml and {} more",
        calibrated.draws.saturating_sub(1)
    );
    out
}

/// A check in a terminal.
pub fn summary_of_check(checked: &Checked, plan: &Plan) -> String {
    let mut out = String::new();
    let found = checked.truths - checked.skipped;
    let _ = writeln!(
        out,
        "\nSimulation-based calibration: {found} of {} truths drawn from the prior, each looked for with {} runs at most;\n\
         on average {:.0} runs counted.\n",
        checked.truths, plan.budget, checked.effective
    );
    let mut rows = vec![["factor", "ranks, in 8 groups", "chi squared", "within 50, 80, 95 %"].map(str::to_owned)];
    for ranks in &checked.ranks {
        let counts: Vec<String> = ranks.counts.iter().map(|count| format!("{count:>3}")).collect();
        let covered =
            ranks.covered.map(|covered| format!("{:.0} %", f64::from(covered) / f64::from(found.max(1)) * 100.0));
        let chi_squared = format!("{:.1}", ranks.chi_squared());
        rows.push([ranks.factor.key.clone(), counts.join(" "), chi_squared, covered.join(", ")]);
    }
    out.push_str(&in_columns(&rows));
    let errors = LEVELS.map(|level| format!("{:.0}", 300.0 * (level * (1.0 - level) / f64::from(found.max(1))).sqrt()));
    let _ = writeln!(
        out,
        "\nFlat ranks are right: chi squared is then above 14.1 once in twenty times, above 18.5 once in a hundred, and coverage\n\
         is within {} points of its level.",
        errors.join(", ")
    );
    out
}

/// Rows of words in columns, each as wide as its longest word.
fn in_columns<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(widths).map(|(word, wide)| format!("{word:<wide$}")).collect();
        format!("  {}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_longest_word() {
        let rows = [["a", "prior"], ["longer", "± 2"]].map(|row| row.map(str::to_owned));
        assert_eq!(in_columns(&rows), "  a       prior\n  longer  ± 2\n");
    }
}
