//! The pictures of a run.

use crate::economy::policy::Clock;
use crate::observe::indicators::{Flows, Series};
use crate::output::kit::unmade::Unmade;
use crate::output::kit::words::grain;
use crate::output::plots;
use crate::scenario::Scenario;

/// The pictures of a run, from what was recorded.
///
/// # Errors
/// What could not be drawn, in words.
pub fn pictures(scenario: &Scenario, series: &Series, flows: &Flows) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let parameters = &scenario.parameters;
    let run = &parameters.run;
    let title = &scenario.about.title;
    let note = format!(
        "{}: {title}. Seed {}, {}. Conditional on the scenario's assumptions; not a forecast.",
        scenario.about.name,
        run.seed,
        grain(scenario)
    );
    let canvas = plots::Canvas {
        title,
        regions: &parameters.regions,
        start: run.start.0,
        days_per_tick: Clock::of(run).days,
        series,
        flows,
        persons: parameters.weights.range().1 as f64,
        note: &note,
    };
    Ok(plots::draw(&canvas)?.into_iter().map(|(name, bytes)| (format!("plots/{name}"), bytes)).collect())
}
