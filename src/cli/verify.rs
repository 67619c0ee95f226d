//! `handover verify`.

use super::ensemble::gather;
use super::error::Failed;
use super::panel::{Desk, found};
use super::room;
use super::watch::{Watch, at_once, pool};
use super::{Exit, watching};
use clap::Args;
use handover::experiment::compare::run::{State, compare};
use handover::experiment::ensemble::{Attendance, Precision};
use handover::experiment::run::{Stopped, go_on};
use handover::output::compare::{Comparison, render};
use handover::output::disk::manifest::Evidence;
use handover::output::disk::ours;
use handover::output::disk::verify::{Kind, Recorded, damage, differences, hashes, read};
use handover::output::run::panel::Amounts;
use handover::output::run::render_with;
use handover::scenario::{Problems, Scenario};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Makes a result again from its manifest (a run, an ensemble, a comparison) and compares every file, byte for byte.
#[derive(Args, Debug)]
pub(super) struct VerifyArguments {
    /// Folder of the result.
    folder: PathBuf,
    /// Only compare the files with their hashes; run nothing.
    #[arg(long)]
    files_only: bool,
    /// Threads; results do not depend on it [default: one a core].
    #[arg(long, value_name = "N", value_parser = super::watch::threads)]
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
        Err(failed) => failed.tell(),
    }
}

fn verify(arguments: &VerifyArguments) -> Result<String, Failed> {
    let folder = arguments.folder.display();
    if let Some(answer) = of_a_sweep(&arguments.folder) {
        return answer;
    }
    let recorded = read(&arguments.folder).map_err(|problem| Failed::new(Exit::Input, format!("error: {problem}")))?;
    let damaged = damage(&arguments.folder, &recorded);
    if !damaged.is_empty() {
        let words = format!("error: {folder} is not as its manifest says\n  {}", damaged.join("\n  "));
        return Err(Failed::new(Exit::Input, words));
    }
    let count = recorded.files.len();
    if arguments.files_only {
        return Ok(format!("{folder}: {count} files, all as the manifest says; nothing was run"));
    }
    if let Kind::Search = recorded.kind {
        let again = "to make it again, solve or calibrate into another --out and compare the files";
        return Ok(format!("{folder}: {count} files, all as the manifest says; nothing was run ({again})"));
    }
    room::or_disk(&recorded.scenario, worlds(&recorded.kind, arguments.threads), arguments.threads)?;
    let (again, manifest) = match &recorded.kind {
        Kind::Run | Kind::Search => run_again(&recorded, arguments)?,
        Kind::Ensemble { attendance, precision } => gather_again(&recorded, attendance, precision.clone(), arguments)?,
        Kind::Comparison { attendance, reforms, states, evidence } => {
            compare_again(&recorded, attendance, (reforms, states), evidence.clone(), arguments)?
        }
    };
    let different = differences(&recorded, &again, &manifest);
    if different.is_empty() {
        return Ok(format!("{folder}: made again, {count} files and the manifest are the same to the byte"));
    }
    let version = env!("CARGO_PKG_VERSION");
    let hint = if recorded.version == version {
        "the manifest was changed, or this is a bug of handover".to_owned()
    } else {
        format!("it was written by handover {}, this is {version}: use that version", recorded.version)
    };
    Err(Failed::new(
        Exit::Input,
        format!("error: {folder} is not what its scenario gives: {hint}\n  {}", different.join("\n  ")),
    ))
}

/// A sweep's table against its manifest; nothing if this is no sweep. Its runs are made again by sweeping it into
/// another folder.
fn of_a_sweep(folder: &Path) -> Option<Result<String, Failed>> {
    let manifest = ours::json(&ours::read(folder, "manifest.json", ours::MOST_MANIFEST_BYTES).ok()?).ok()?;
    let runs = manifest.get("sweep").and(manifest.get("runs"))?.as_str()?.to_owned();
    let shown = folder.display();
    Some(match handover::output::disk::files::done(folder) {
        Ok(_) => {
            let again = "to make them again, sweep the plan into another --out and compare sweep.parquet";
            Ok(format!("{shown}: the table of {runs} is as the manifest says; nothing was run ({again})"))
        }
        Err(problem) => Err(Failed::new(Exit::Input, format!("error: {problem}"))),
    })
}

/// Worlds that are in memory at once where a result is made again.
fn worlds(kind: &Kind, threads: Option<usize>) -> usize {
    match kind {
        Kind::Run | Kind::Search => 1,
        Kind::Ensemble { attendance, .. } => at_once(threads, u32::try_from(attendance.tried()).unwrap_or(u32::MAX)),
        Kind::Comparison { attendance, reforms, .. } => {
            let replicates = u32::try_from(attendance.tried()).unwrap_or(u32::MAX);
            at_once(threads, replicates).saturating_mul(1 + reforms.len())
        }
    }
}

/// The hashes of all files but the manifest, and the manifest.
type Again = Result<(BTreeMap<String, String>, Vec<u8>), Failed>;

fn run_again(recorded: &Recorded, arguments: &VerifyArguments) -> Again {
    let scratch = scratch()?;
    let mut economy = found(&recorded.scenario, &recorded.only, recorded.only.wanted(false));
    let amounts = Amounts::of_file(&arguments.folder.join("panel.parquet"));
    let mut desk = Desk::new(scratch.path(), &mut economy, false, amounts);
    let mut collected = Ok(());
    let results = watching(arguments.threads, arguments.quiet, |watch| {
        go_on(&recorded.scenario, economy, |economy, progress| {
            collected = desk.collect(economy);
            collected.is_ok() && watch(progress)
        })
    })
    .map_err(|words| Failed::new(Exit::Disk, words))?;
    collected.map_err(|error| Failed::new(Exit::Disk, format!("error: {error}")))?;
    let panel = desk.finish(&recorded.scenario).map_err(|error| Failed::new(Exit::Disk, format!("error: {error}")))?;
    let results = results.map_err(stopped)?;
    let files = render_with(&results, panel, &recorded.only)
        .map_err(|error| Failed::new(Exit::Bug, format!("error: {error}")))?;
    Ok(in_memory(&files))
}

fn gather_again(
    recorded: &Recorded,
    attendance: &Attendance,
    precision: Option<Precision>,
    arguments: &VerifyArguments,
) -> Again {
    let scratch = scratch()?;
    let folder = scratch.path().join("again");
    let most = u32::try_from(attendance.tried()).unwrap_or(u32::MAX);
    let panel = recorded.files.keys().find(|name| name.ends_with("/panel.parquet"));
    let amounts = panel.map_or_else(Amounts::default, |name| Amounts::of_file(&arguments.folder.join(name)));
    let kept = (&recorded.only, amounts);
    pool(arguments.threads)
        .map_err(|words| Failed::new(Exit::Disk, words))?
        .install(|| gather(&recorded.scenario, most, precision, &folder, arguments.quiet, kept))?;
    let again = read(&folder).map_err(|problem| Failed::new(Exit::Bug, format!("error: {problem}")))?;
    Ok((again.files, again.bytes))
}

fn compare_again(
    recorded: &Recorded,
    attendance: &Attendance,
    (reforms, states): (&[Scenario], &[String]),
    evidence: Option<Evidence>,
    arguments: &VerifyArguments,
) -> Again {
    let under = |state: &String| {
        let base = Recorded::under(&recorded.scenario, state)?;
        let reforms = reforms.iter().map(|reform| Recorded::under(reform, state)).collect::<Result<_, _>>()?;
        Ok(State { setting: state.clone(), base, reforms })
    };
    let states = states.iter().map(under).collect::<Result<_, Problems>>()?;
    let (base, reforms, watch) = (recorded.scenario.clone(), reforms.to_vec(), Watch::new(arguments.quiet));
    // replicates that failed in another state of the world are counted there
    let tried: BTreeSet<u32> =
        attendance.done.iter().copied().chain(attendance.failures.iter().map(|f| f.replicate)).collect();
    let replicates = u32::try_from(tried.len()).unwrap_or(u32::MAX);
    let comparison = pool(arguments.threads)
        .map_err(|words| Failed::new(Exit::Disk, words))?
        .install(|| compare(base, reforms, states, replicates, &watch));
    watch.clear();
    let comparison = Comparison::of(comparison.map_err(stopped)?, evidence);
    let files =
        render(&comparison, &recorded.only).map_err(|error| Failed::new(Exit::Bug, format!("error: {error}")))?;
    Ok(in_memory(&files))
}

fn in_memory(files: &[(String, Vec<u8>)]) -> (BTreeMap<String, String>, Vec<u8>) {
    let manifest = files.iter().find(|(name, _)| name == "manifest.json");
    (hashes(files), manifest.map(|(_, bytes)| bytes.clone()).expect("every result has a manifest"))
}

fn scratch() -> Result<tempfile::TempDir, Failed> {
    tempfile::tempdir().map_err(|error| Failed::new(Exit::Disk, format!("error: a temporary folder: {error}")))
}

fn stopped(stopped: Stopped) -> Failed {
    match stopped {
        Stopped::Breach(breach) => Failed::new(Exit::Bug, format!("error: {breach}\nThis is a bug of handover.")),
        Stopped::Asked(date) => {
            Failed::new(Exit::Interrupted, format!("stopped at {date}; the files are as the manifest says"))
        }
    }
}
