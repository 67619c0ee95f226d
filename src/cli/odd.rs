//! `handover odd`.

use super::scenario::{file, read};
use super::{Exit, print};
use clap::Args;
use handover::economy::calendar;
use handover::observe;
use handover::output::disk::files;
use handover::output::odd::text;
use std::path::{Path, PathBuf};

/// Write the model as an ODD protocol: Overview, Design concepts, Details.
///
/// What is written is read from the program itself: the schedule of a tick with what each rule reads and writes, every
/// parameter with its value, range, grade and source, payments, levers, events and metrics. docs/odd.md is what it prints
/// for the baseline.
#[derive(Args, Debug)]
pub(super) struct OddArguments {
    /// The scenario whose numbers are listed: a file, or the name of a shipped one.
    #[arg(default_value = "baseline", value_parser = file())]
    scenario: PathBuf,
    /// Write it to this file [default: to stdout].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Prints or writes the protocol.
pub(super) fn odd(arguments: &OddArguments) -> Exit {
    let scenario = match read(&arguments.scenario, &[]) {
        Ok(scenario) => scenario,
        Err(exit) => return exit,
    };
    let mut schedule = calendar::schedule(None);
    observe::watch(&mut schedule);
    let text = text(&calendar::entries(&mut schedule), &scenario);
    let Some(path) = &arguments.out else { return print(&text) };
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        eprintln!("error: {} names no file; write for example --out odd.md", path.display());
        return Exit::Input;
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match files::replace(folder, name, text.as_bytes()) {
        Ok(()) => Exit::Fine,
        Err(error) => {
            eprintln!("error: {}: {error}", path.display());
            Exit::Disk
        }
    }
}
