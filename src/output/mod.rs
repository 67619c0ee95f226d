//! Floor 5: results as tables, pictures and words. Sees results, never the world.

pub mod answer;
pub mod bands;
pub mod biography;
mod columns;
pub mod compare;
pub mod compare_tables;
pub mod ensemble;
pub mod files;
pub mod manifest;
mod page;
pub mod plots;
pub mod report_compare;
mod report_parts;
pub mod report_run;
pub mod summary;
pub mod summary_compare;
pub mod tables;
pub mod workplace;

use crate::experiment::run::Results;

/// Every file of a result, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(results: &Results) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut files = tables::all(results)?;
    let parameters = &results.scenario.parameters;
    let run = &parameters.run;
    let title = &results.scenario.about.title;
    let note = format!(
        "{}: {title}. Seed {}, one agent stands for {} people. Conditional on the scenario's assumptions; not a forecast.",
        results.scenario.about.name, run.seed, run.persons_per_agent.0
    );
    let canvas = plots::Canvas {
        title,
        regions: &parameters.regions,
        start: run.start.0,
        days_per_tick: (run.tick.0 * 7.0).round() as u64,
        series: &results.series,
        flows: &results.flows,
        note: &note,
    };
    files.extend(plots::draw(&canvas)?.into_iter().map(|(name, bytes)| (format!("plots/{name}"), bytes)));
    let (attendance, histories) = report_run::of_run(results);
    let page = report_run::page(&results.scenario, &attendance, &histories);
    files.push(("report.html".to_owned(), page.into_bytes()));
    files.push(("manifest.json".to_owned(), manifest::manifest(results, &files)));
    Ok(files)
}
