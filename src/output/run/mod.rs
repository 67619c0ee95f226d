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
use crate::output::kit::unmade::Unmade;
use crate::output::only::Only;
use std::sync::OnceLock;

/// Every file of a result, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(results: &Results) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    render_with(results, Vec::new(), &Only::default())
}

/// The same with more files, such as the panel; of all of them those that are asked for.
///
/// # Errors
/// What could not be made, in words.
pub fn render_with(
    results: &Results,
    more: Vec<(String, Vec<u8>)>,
    only: &Only,
) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let draw = || match only.has("plots/*.svg") {
        true => pictures::pictures(&results.scenario, &results.series, &results.flows),
        false => Ok(Vec::new()),
    };
    let told = OnceLock::new();
    let tally = || std::slice::from_ref(told.get_or_init(|| Tally::of(results)));
    let page = || {
        let (attendance, histories) = page::of_run(results);
        page::page(&results.scenario, (&attendance, &histories, tally()), results, only)
    };
    let tables = || rayon::join(|| tables::made(results, only, |name| only.has(name), tally), draw);
    let ((tables, drawn), page) = rayon::join(tables, || only.has("report.html").then(page));
    let mut files = tables?;
    files.extend(more.into_iter().filter(|(name, _)| only.has(name)));
    files.extend(drawn?);
    files.extend(page.map(|page| ("report.html".to_owned(), page.into_bytes())));
    files.push(("manifest.json".to_owned(), manifest::manifest(results, &files, only)));
    Ok(files)
}
