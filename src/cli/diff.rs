//! `handover diff`: how two scenarios differ, in plain language.

use super::scenario::read;
use super::{Exit, print};
use clap::Args;
use handover::scenario::describe::differences;
use std::path::PathBuf;

/// Say in plain language how the second scenario differs from the first.
#[derive(Args, Debug)]
pub(super) struct DiffArguments {
    /// The scenario to compare with, often baseline: a file, or the name of a shipped one.
    #[arg(value_parser = super::scenario::file())]
    first: PathBuf,
    /// The scenario that differs.
    #[arg(value_parser = super::scenario::file())]
    second: PathBuf,
    /// Change a value of both scenarios; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

/// Prints one sentence a line on stdout.
pub(super) fn diff(arguments: &DiffArguments) -> Exit {
    let read = |path: &PathBuf| read(path, &arguments.settings);
    let (first, second) = match (read(&arguments.first), read(&arguments.second)) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(exit), _) | (_, Err(exit)) => return exit,
    };
    let mut text = format!("{}: {}\n", second.about.name, second.about.title);
    let said = differences(&first, &second);
    if said.is_empty() {
        let is_same = if first.hash == second.hash { "it means the same as" } else { "it states the same values as" };
        text += &format!("- {is_same} {}\n", first.about.name);
    }
    said.iter().for_each(|sentence| text += &format!("- {sentence}\n"));
    print(&text)
}
