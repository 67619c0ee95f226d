//! Floor 5: results as tables, pictures and words. Sees results, never the world.

pub mod calibrate;
pub mod compare;
pub mod discover;
pub mod disk;
pub mod ensemble;
pub mod kit;
pub mod plots;
pub mod run;
pub mod sensitivity;
pub mod solve;
pub mod sweep;

use crate::economy::policy::Clock;
use crate::experiment::run::Results;
use crate::observe::indicators::{Flows, Series};
use crate::scenario::Scenario;

/// Every file of a result, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(results: &Results) -> Result<Vec<(String, Vec<u8>)>, String> {
    render_with(results, Vec::new())
}

/// The same with more files, such as the panel.
///
/// # Errors
/// What could not be made, in words.
pub fn render_with(results: &Results, more: Vec<(String, Vec<u8>)>) -> Result<Vec<(String, Vec<u8>)>, String> {
    let draw = || pictures(&results.scenario, &results.series, &results.flows);
    let (tables, drawn) = rayon::join(|| crate::output::run::tables::all(results), draw);
    let mut files = tables?;
    files.extend(more);
    files.extend(drawn?);
    let (attendance, histories) = crate::output::run::page::of_run(results);
    let page = crate::output::run::page::page(&results.scenario, &attendance, &histories, results);
    files.push(("report.html".to_owned(), page.into_bytes()));
    files.push(("manifest.json".to_owned(), crate::output::disk::manifest::manifest(results, &files)));
    Ok(files)
}

/// The grain of a scenario in words: "one agent stands for 1000 people".
fn grain(scenario: &Scenario) -> String {
    let persons = scenario.parameters.run.persons_per_agent.0;
    format!("one agent stands for {persons} {}", if persons == 1.0 { "person" } else { "people" })
}

/// The pictures of a run, from what was recorded.
///
/// # Errors
/// What could not be drawn, in words.
pub fn pictures(scenario: &Scenario, series: &Series, flows: &Flows) -> Result<Vec<(String, Vec<u8>)>, String> {
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
        note: &note,
    };
    Ok(plots::draw(&canvas)?.into_iter().map(|(name, bytes)| (format!("plots/{name}"), bytes)).collect())
}
