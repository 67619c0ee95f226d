//! What happened in many replicates, in a terminal.

use crate::observe::indicators::Metric;
use crate::output::ensemble::Gathered;
use crate::output::kit::bands::outer_in_words;
use crate::output::kit::gains;
use crate::output::kit::numbers::{people, percent};
use crate::output::only::Only;
use crate::scenario::Scenario;
use std::fmt::Write;

/// The summary that an ensemble prints at its end.
pub fn of_ensemble(scenario: &Scenario, gathered: &Gathered, folder: &str, only: &Only) -> String {
    let mut out = String::new();
    let about = &scenario.about;
    let _ = writeln!(out, "\n{}\n{}\n", about.title, about.question);
    if let Some(words) = scenario.draws_in_words() {
        let _ = writeln!(out, "{words}\n");
    }
    let _ = writeln!(
        out,
        "At the end of the run: median, and in brackets where {} of {} lie.\n",
        outer_in_words(gathered.attendance.done.len()),
        gathered.attendance.words()
    );
    let metrics = [Metric::Absorbed, Metric::DisplacedTotal, Metric::UnemploymentRate];
    let heads = ["absorbed, FTE", "displaced", "unemployed"];
    let _ = write!(out, "  {:<8}", "");
    heads.iter().for_each(|head| {
        let _ = write!(out, "{head:>30}");
    });
    out.push('\n');
    for (r, name) in scenario.parameters.regions.iter().enumerate() {
        let _ = write!(out, "  {name:<8}");
        for metric in metrics {
            let shown = if metric == Metric::UnemploymentRate { percent } else { people };
            let band = gathered.histories.get(&(r as u16, metric)).and_then(|history| history.last());
            let cell = band.map_or("-".to_owned(), |(_, band)| {
                let q = band.quantiles;
                format!("{} ({} to {})", shown(q[2]), shown(q[0]), shown(q[4]))
            });
            let _ = write!(out, "{cell:>30}");
        }
        out.push('\n');
    }
    let tallies = &gathered.tallies;
    let _ = writeln!(out, "\n{}\n{}\n", gains::when(scenario, tallies), gains::sentence(scenario, tallies));
    out.push_str(&gains::in_terminal(&scenario.parameters.regions, tallies));
    if let Some((goal, reached)) = &gathered.precision {
        let _ = writeln!(
            out,
            "\n{}[{}] {}: {} until the half-width of the 95 % interval of its mean was {:.4} (asked for: {}).",
            goal.metric,
            goal.region,
            goal.item,
            gathered.attendance.words(),
            reached.unwrap_or(f64::NAN),
            goal.half_width
        );
    }
    let names = ["report.html", "gains.csv", "plots/bands_absorbed.svg", "bands.csv"];
    let _ = writeln!(out, "\n{}", only.where_to_look(folder, &names));
    out
}
