//! What a sweep says about which inputs matter: tables, pictures, a page, and files for SALib.

mod page;
mod pictures;
pub mod salib;
pub mod summary;
mod tables;
pub mod words;

pub use tables::{json, value};

use crate::experiment::compare::regret::Regret;
use crate::experiment::sensitivity::analysis::Analysis;
use crate::output::disk::manifest::{Kind, Manifest};
use crate::output::kit::unmade::Unmade;

/// A report in the making: the sweep, analysed, and what else is known of it.
#[derive(Debug)]
pub struct Report {
    /// Name of the sweep.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Hash of the table that was analysed.
    pub table: String,
    /// How many of its runs are done, in words.
    pub runs: String,
    /// Is a run missing?
    pub is_partial: bool,
    /// Runs of each point and arm.
    pub replicates: u32,
    /// Seed of all runs.
    pub seed: u64,
    /// What the sweep says.
    pub analysis: Analysis,
    /// Regret of the arms over all points, by output.
    pub regrets: Vec<Regret>,
    /// What to type to make this again.
    pub command: String,
}

/// Every file of a report, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(report: &Report) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let mut files = vec![
        ("sensitivity.csv".to_owned(), tables::csv(report)?),
        ("sensitivity.json".to_owned(), tables::json(report)),
    ];
    files.extend(pictures::all(report)?);
    files.push(("sweep.html".to_owned(), page::page(report).into_bytes()));
    let manifest = Manifest::of_report(Kind::Sensitivity, &report.name, &report.table, &report.runs, &files);
    files.push(("manifest.json".to_owned(), manifest.bytes()));
    Ok(files)
}
