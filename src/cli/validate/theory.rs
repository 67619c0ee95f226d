//! `handover validate --suite analytic`: the model beside closed forms.

use super::ValidateArguments;
use crate::cli::Exit;
use crate::cli::checkpoints;
use crate::cli::error::Failed;
use crate::cli::watch::{Watch, pool};
use handover::experiment::validate::theory::{CASES, Ending, Row, make};
use handover::output::disk::files;
use handover::output::validate::theory::{as_json, render, summary};
use std::path::PathBuf;

/// Its folder where none is named.
const FOLDER: &str = "output/theory";

/// Options that change nothing here are refused rather than ignored.
fn refused(arguments: &ValidateArguments) -> Option<&'static str> {
    [
        (arguments.quick, "--quick"),
        (arguments.replicates.is_some(), "--replicates"),
        (arguments.made.seed.is_some(), "--seed"),
        (!arguments.made.settings.is_empty(), "--set"),
        (arguments.drawn.named().is_some(), "--draws"),
    ]
    .into_iter()
    .find_map(|(is_there, option)| is_there.then_some(option))
}

pub(super) fn run(arguments: &ValidateArguments) -> Result<Exit, Failed> {
    if let Some(option) = refused(arguments) {
        let words = format!(
            "{option} is of the evidence; the worlds of --suite analytic are fixed, because their answers are known"
        );
        return Err(Failed::input(words));
    }
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from(FOLDER));
    files::check_free(&folder, arguments.force).map_err(Failed::input)?;
    let place = checkpoints::workplace(&folder)?;
    let pool = pool(arguments.made.threads).map_err(|words| Failed::new(Exit::Disk, words))?;
    let watch = Watch::new(arguments.told.quiet);
    let rows = pool.install(|| make(CASES, &watch));
    watch.clear();
    let Some(rows) = rows else { return Ok(Exit::Interrupted) };
    files::write_in(place, &render(&rows)).map_err(Failed::disk)?;
    let shown = folder.display().to_string();
    arguments.told.say(|| format!("{:#}", as_json(&rows)), || summary(&rows, &shown));
    ended(&rows)
}

fn ended(rows: &[Row]) -> Result<Exit, Failed> {
    let lost: Vec<String> = rows
        .iter()
        .filter(|row| row.ending() != Ending::Hit)
        .map(|row| format!("{}: {}", row.case.name, row.ending().word()))
        .collect();
    if lost.is_empty() {
        return Ok(Exit::Fine);
    }
    Err(Failed::new(Exit::Partial, format!("error: not what theory says:\n{}", lost.join("\n"))))
}
