//! `handover run --replicates N`: many replicates, and what lies between them.

use super::checkpoints;
use super::error::Failed;
use super::panel::{Desk, found};
use super::watch::Watch;
use super::{Exit, RunArguments};
use handover::economy::Economy;
use handover::experiment::ensemble::{Attendance, Keeper, Precision, Unkept, gather as experiment};
use handover::experiment::run::{Results, Stopped};
use handover::observe::indicators::Wanted;
use handover::output::ensemble::{Finished, Gathered, Gathering, summary};
use handover::output::kit::{gains, headlines};
use handover::output::only::Only;
use handover::output::run::panel::Amounts;
use handover::scenario::Scenario;
use serde_json::json;
use std::io;
use std::path::Path;

/// Most replicates of `--until-ci` where `--replicates` says nothing.
const MOST: u32 = 1_000;

/// Exit code of an experiment of which some replicates failed, or all.
pub(super) fn exit_of(attendance: &Attendance) -> Exit {
    match (attendance.done.is_empty(), attendance.failures.is_empty()) {
        (true, _) => Exit::Bug,
        (false, true) => Exit::Fine,
        (false, false) => Exit::Partial,
    }
}

/// Names the replicates that failed, with their causes.
pub(super) fn tell_failures(attendance: &Attendance) {
    for failure in &attendance.failures {
        eprintln!("error: replicate {} failed: {}", failure.replicate, failure.cause);
    }
    if !attendance.failures.is_empty() {
        eprintln!("These are bugs of handover; please report them. The results are of {}.", attendance.words());
    }
}

pub(super) fn run(arguments: &RunArguments, scenario: &Scenario, folder: &Path, only: &Only) -> Exit {
    let precision = arguments.until_ci.as_deref().map(|text| Precision::read(text, scenario));
    let precision = match precision.transpose() {
        Ok(precision) => precision,
        Err(problem) => {
            eprintln!("error: --until-ci: {problem}");
            return Exit::Input;
        }
    };
    let most = arguments.replicates.unwrap_or(MOST);
    let kept = (only, Amounts::exact_if(arguments.panel_exact));
    let gathered = match gather(scenario, most, precision, folder, arguments.told.quiet, kept) {
        Ok(gathered) => gathered,
        Err(failed) => return failed.tell(),
    };
    if arguments.told.json {
        let reached = gathered.precision.as_ref().and_then(|(_, reached)| *reached);
        let failed: Vec<u32> = gathered.attendance.failures.iter().map(|failure| failure.replicate).collect();
        let about = json!({
            "scenario": scenario.about.name,
            "seed": scenario.parameters.run.seed,
            "replicates": gathered.attendance.done.len(),
            "tried": gathered.attendance.tried(),
            "failed": failed,
            "half_width": reached,
            "gains": gains::as_json(&scenario.parameters.regions, &gathered.tallies),
            "headlines": headlines::as_json(&scenario.parameters.regions, &gathered.tallies),
            "folder": folder.display().to_string(),
        });
        println!("{about}");
    } else if !arguments.told.quiet {
        println!("{}", summary::of_ensemble(scenario, &gathered, &folder.display().to_string(), only));
    }
    let is_short = |(goal, reached): &(Precision, Option<f64>)| reached.is_none_or(|half| half > goal.half_width);
    if gathered.precision.as_ref().is_some_and(is_short) {
        eprintln!("the precision asked for was not reached with {most} replicates; allow more with --replicates");
    }
    exit_of(&gathered.attendance)
}

/// What is kept of a replicate: of its tables those that are asked for.
struct Clerk<'a> {
    desk: Desk,
    only: &'a Only,
}

impl Keeper for Clerk<'_> {
    type Kept = Finished;
    type Error = io::Error;

    fn see(&mut self, economy: &mut Economy) -> io::Result<()> {
        self.desk.collect(economy)
    }

    fn end(self, results: Results) -> io::Result<Finished> {
        let panel = self.desk.finish(&results.scenario)?;
        Ok(Finished::of(results, panel, self.only))
    }
}

/// Runs an ensemble and puts its result in `folder`: at most so many replicates, fewer where a mean is known well
/// enough.
///
/// # Errors
/// The exit code and what to say, where there is no result.
pub(super) fn gather(
    scenario: &Scenario,
    most: u32,
    precision: Option<Precision>,
    folder: &Path,
    quiet: bool,
    (only, amounts): (&Only, Amounts),
) -> Result<Gathered, Failed> {
    let on_disk = |error: io::Error| Failed::new(Exit::Disk, format!("error: {}: {error}", folder.display()));
    let asked = precision.iter().map(|precision| Wanted::metrics([precision.metric])).collect();
    let wanted = only.wanted(!quiet).and(asked);
    let begun = Gathering::beside(folder, scenario, precision, only);
    let mut gathering = begun.map_err(|error| match checkpoints::exit_of(&error) {
        Exit::Disk => on_disk(error),
        exit => Failed::new(exit, format!("error: {error}")),
    })?;
    let watch = Watch::new(quiet);
    let begin = |scenario: &Scenario| {
        let mut economy = found(scenario, only, wanted);
        let desk = Desk::new(&std::env::temp_dir(), &mut economy, false, amounts);
        (economy, Clerk { desk, only })
    };
    let attendance = experiment(scenario, most, &watch, begin, |finished| gathering.take(finished));
    watch.clear();
    let attendance = attendance.map_err(|unkept| match unkept {
        Unkept::Keeper(error) => on_disk(error),
        Unkept::Stopped(Stopped::Asked(date)) => {
            let shown = folder.display();
            Failed::new(
                Exit::Interrupted,
                format!("stopped at {date}; nothing was written, an earlier result in {shown} is untouched"),
            )
        }
        Unkept::Stopped(Stopped::Breach(breach)) => {
            Failed::new(Exit::Bug, format!("error: {breach}\nThis is a bug of handover; nothing was written."))
        }
    })?;
    tell_failures(&attendance);
    if attendance.done.is_empty() {
        return Err(Failed::new(exit_of(&attendance), "error: no replicate came to its end; nothing was written"));
    }
    gathering.finish(attendance).map_err(on_disk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use handover::experiment::ensemble::Failure;

    #[test]
    fn some_lost_is_75_and_all_lost_is_70() {
        let failures = vec![Failure { replicate: 1, cause: "a leak".into() }];
        let mut attendance = Attendance { done: vec![0, 2], failures: Vec::new() };
        assert_eq!(exit_of(&attendance), Exit::Fine);
        attendance.failures = failures;
        assert_eq!(exit_of(&attendance) as u8, 75);
        attendance.done.clear();
        assert_eq!(exit_of(&attendance) as u8, 70);
    }
}
