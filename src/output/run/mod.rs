//! The results of one run: tables, panel, page and summary; and the tables read again.

mod gains;
pub mod page;
pub mod panel;
pub mod pictures;
pub mod read;
pub mod summary;
pub mod tables;

use crate::experiment::run::Results;
use crate::experiment::tally::Tally;
use crate::output::disk::manifest;
use crate::output::kit::pictures::Pictures;
use crate::output::kit::unmade::Unmade;

/// Every file of a result, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(results: &Results) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    render_with(results, Vec::new(), Pictures::Drawn)
}

/// The same with more files, such as the panel, and with pictures or without.
///
/// # Errors
/// What could not be made, in words.
pub fn render_with(
    results: &Results,
    more: Vec<(String, Vec<u8>)>,
    pictures: Pictures,
) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let draw = || match pictures {
        Pictures::Drawn => pictures::pictures(&results.scenario, &results.series, &results.flows),
        Pictures::LeftOut => Ok(Vec::new()),
    };
    let (tables, drawn) = rayon::join(|| tables::all(results), draw);
    let mut files = tables?;
    files.extend(more);
    files.extend(drawn?);
    let (attendance, histories) = page::of_run(results);
    let tallies = [Tally::of(results)];
    let page = page::page(&results.scenario, (&attendance, &histories, &tallies), results);
    files.push(("report.html".to_owned(), page.into_bytes()));
    files.push(("manifest.json".to_owned(), manifest::manifest(results, &files)));
    Ok(files)
}
