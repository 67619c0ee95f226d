//! `handover fork`: one past, many futures.

use super::Exit;
use super::checkpoints::{self, Session, fail, read};
use super::run::{Manner, simulate};
use super::watch::alone;
use handover::economy::policy::Date;
use handover::experiment::checkpoint;
use handover::output::disk::{files, workplace};
use handover::output::only::Only;
use handover::output::run::panel::Amounts;
use handover::scenario::Scenario;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// What `handover fork` is told.
#[derive(clap::Args, Debug)]
pub(super) struct ForkArguments {
    /// The checkpoint, or the folder of checkpoints of a run with --keep: the newest that is early enough.
    checkpoint: PathBuf,
    /// A scenario that differs from the checkpoint's only by what acts later; may be repeated.
    #[arg(long, value_name = "SCENARIO", required = true, value_parser = super::scenario::file())]
    with: Vec<PathBuf>,
    /// The day from which the scenarios may differ, such as 2031-01 [default: the checkpoint's].
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Folder of the results, with a folder for each scenario [default: output].
    #[arg(long, value_name = "DIR", value_parser = super::scenario::folder())]
    out: Option<PathBuf>,
    /// Years to simulate, those of the past included.
    #[arg(long)]
    years: Option<f64>,
    /// Threads; results do not depend on it [default: one a core].
    #[arg(long, value_name = "N", value_parser = super::watch::threads)]
    threads: Option<usize>,
    /// Change a value of every scenario, as the checkpoint's run did; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    #[command(flatten)]
    checkpoints: checkpoints::Arguments,
    /// Replace existing results.
    #[arg(long)]
    force: bool,
    /// No progress, no summary.
    #[arg(long)]
    quiet: bool,
    /// Print one JSON object a scenario on stdout instead of the summary.
    #[arg(long)]
    json: bool,
}

pub(super) fn fork(arguments: &ForkArguments) -> Exit {
    match all(arguments) {
        Ok(()) => Exit::Fine,
        Err(exit) => exit,
    }
}

/// Every scenario in turn, once all of them have been read and found to fit.
fn all(arguments: &ForkArguments) -> Result<(), Exit> {
    let from = arguments.from.as_deref().map(day).transpose()?;
    let path = early_enough(&arguments.checkpoint, from)?;
    let head = read(&path, checkpoint::head)?;
    let from = from.unwrap_or(head.date);
    let mut settings = arguments.settings.clone();
    settings.extend(arguments.years.map(|years| format!("run.years={years:?}")));
    let mut scenarios = Vec::new();
    for file in &arguments.with {
        let scenario = super::scenario::read(file, &settings)?;
        let differences = checkpoint::same_past(&head.parameters, &checkpoint::parameters(&scenario), from.0);
        if !differences.is_empty() {
            let refused = checkpoint::Refused::Scenario { name: head.scenario, differences };
            let words = format!(
                "{}: {refused}\nA fork may only differ by policies and events that act from {} on, and by run.years.",
                file.display(),
                from.0
            );
            return Err(fail(Exit::Input, words));
        }
        scenarios.push(scenario);
    }
    scenarios.iter().try_for_each(|scenario| one(arguments, scenario, &path, from))
}

fn one(arguments: &ForkArguments, scenario: &Scenario, path: &Path, from: Date) -> Result<(), Exit> {
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output")).join(&scenario.about.name);
    if checkpoints::is_finished(&arguments.checkpoints, scenario, &Only::default(), &folder) {
        return done(checkpoints::tell_finished(&arguments.checkpoints, &folder));
    }
    files::check_free(&folder, arguments.force).map_err(|problem| fail(Exit::Input, problem))?;
    super::room::demand(scenario, 1, arguments.threads).map_err(|words| fail(Exit::Disk, words))?;
    let session = Session::open(&arguments.checkpoints, scenario, &folder, arguments.force)?;
    let begin = || read(path, |input| checkpoint::fork(scenario, from.0, input));
    let past = Some(session.newest.clone().unwrap_or_else(|| path.to_owned()));
    let manner = Manner {
        quiet: arguments.quiet,
        json: arguments.json,
        only: Only::default(),
        amounts: Amounts::default(),
        past,
    };
    let exit = alone(arguments.threads, || simulate(scenario, session, begin, &manner)).map_err(|words| {
        eprintln!("{words}");
        Exit::Disk
    })?;
    done(exit)
}

fn done(exit: Exit) -> Result<(), Exit> {
    if exit == Exit::Fine { Ok(()) } else { Err(exit) }
}

fn day(text: &str) -> Result<Date, Exit> {
    let text = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text);
    Date::deserialize(text).map_err(|error| fail(Exit::Input, format!("--from: {error}")))
}

/// The checkpoint that is meant; of a folder, the newest that does not lie beyond a day.
fn early_enough(path: &Path, from: Option<Date>) -> Result<PathBuf, Exit> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let shown = path.display();
    let found = workplace::checkpoints_in(path).map_err(|error| fail(Exit::Disk, format!("{shown}: {error}")))?;
    let is_early = |found: &PathBuf| {
        let name = found.file_stem().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        name.is_some_and(|date: chrono::NaiveDate| from.is_none_or(|from| date <= from.0))
    };
    found.into_iter().rfind(is_early).ok_or_else(|| {
        let day = from.map_or(String::new(), |from| format!(" of {} or earlier", from.0));
        let words =
            format!("{shown} holds no checkpoint{day}; `handover run --checkpoint-every '13 weeks' --keep` makes them");
        fail(Exit::Input, words)
    })
}
