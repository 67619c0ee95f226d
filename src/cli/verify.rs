//! `handover verify`.

use super::panel::{Desk, found};
use super::{Exit, watching};
use clap::Args;
use handover::experiment::run::{Stopped, go_on};
use handover::output::render_with;
use handover::output::verify::{damage, differences, read};
use std::path::PathBuf;

/// Runs a result again from its manifest and compares every file, byte for byte.
#[derive(Args, Debug)]
pub(super) struct VerifyArguments {
    /// Folder of the result.
    folder: PathBuf,
    /// Only compare the files with their hashes; run nothing.
    #[arg(long)]
    files_only: bool,
    /// Threads; results do not depend on it [default: one a core].
    #[arg(long)]
    threads: Option<usize>,
    /// No progress, and nothing on stdout if all is well.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: &VerifyArguments) -> Exit {
    match verify(arguments) {
        Ok(words) => {
            if !arguments.quiet {
                println!("{words}");
            }
            Exit::Fine
        }
        Err((exit, words)) => {
            eprintln!("{words}");
            exit
        }
    }
}

fn verify(arguments: &VerifyArguments) -> Result<String, (Exit, String)> {
    let folder = arguments.folder.display();
    let recorded = read(&arguments.folder).map_err(|problem| (Exit::Input, format!("error: {problem}")))?;
    let damaged = damage(&arguments.folder, &recorded);
    if !damaged.is_empty() {
        let words = format!("error: {folder} is not as its manifest says\n  {}", damaged.join("\n  "));
        return Err((Exit::Input, words));
    }
    let count = recorded.files.len();
    if arguments.files_only {
        return Ok(format!("{folder}: {count} files, all as the manifest says; nothing was run"));
    }
    if recorded.replicates != 1 {
        let words = format!(
            "{folder}: {count} files, all as the manifest says. It holds {} replicates; only a single run can be run again so far",
            recorded.replicates
        );
        return Err((Exit::Partial, words));
    }
    let scratch = tempfile::tempdir().map_err(|error| (Exit::Disk, format!("error: a temporary folder: {error}")))?;
    let mut economy = found(&recorded.scenario);
    let mut desk = Desk::new(scratch.path(), &mut economy, false);
    let mut collected = Ok(());
    let results = watching(arguments.threads, arguments.quiet, |watch| {
        go_on(&recorded.scenario, economy, |economy, progress| {
            collected = desk.collect(economy);
            collected.is_ok() && watch(progress)
        })
    })
    .map_err(|words| (Exit::Input, words))?;
    collected.map_err(|error| (Exit::Disk, format!("error: {error}")))?;
    let panel = desk.finish(&recorded.scenario).map_err(|error| (Exit::Disk, format!("error: {error}")))?;
    let results = results.map_err(|stopped| match stopped {
        Stopped::Breach(breach) => (Exit::Bug, format!("error: {breach}\nThis is a bug of handover.")),
        Stopped::Asked(date) => (Exit::Interrupted, format!("stopped at {date}; the files are as the manifest says")),
    })?;
    let again = render_with(&results, panel).map_err(|error| (Exit::Bug, format!("error: {error}")))?;
    let different = differences(&recorded, &again);
    if different.is_empty() {
        let hash = &results.state_hash[..16];
        return Ok(format!(
            "{folder}: run again, {count} files and the manifest are the same to the byte (state hash {hash}...)"
        ));
    }
    let version = env!("CARGO_PKG_VERSION");
    let hint = if recorded.version == version {
        "the manifest was changed, or this is a bug of handover".to_owned()
    } else {
        format!("it was written by handover {}, this is {version}: use that version", recorded.version)
    };
    Err((Exit::Input, format!("error: {folder} is not what its scenario gives: {hint}\n  {}", different.join("\n  "))))
}
