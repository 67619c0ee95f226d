//! `handover run --replicates N`: many replicates, and what lies between them.

use super::{Exit, RunArguments};
use handover::experiment::ensemble::{Attendance, Precision, each, replicate_of};
use handover::experiment::run::{Stopped, run as simulate};
use handover::output::ensemble::{Finished, Gathering};
use handover::output::summary;
use handover::scenario::Scenario;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most replicates of `--until-ci` where `--replicates` says nothing.
const MOST: u32 = 1_000;

/// How far all replicates together have come, on stderr; and whether somebody pressed Ctrl-C.
pub(super) struct Watch {
    bar: ProgressBar,
    stop: Arc<AtomicBool>,
}

impl Watch {
    pub(super) fn new(quiet: bool) -> Watch {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        // a second handler in one process is refused; the first then still works
        let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} %  {eta} left") {
            bar.set_style(style);
        }
        Watch { bar, stop }
    }

    /// So many ticks in all.
    pub(super) fn expect(&self, ticks: u64) {
        self.bar.set_length(ticks);
    }

    /// One tick more; shall it go on?
    pub(super) fn tick(&self) -> bool {
        self.bar.inc(1);
        self.goes_on()
    }

    /// Shall it go on?
    pub(super) fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    pub(super) fn say(&self, words: String) {
        self.bar.set_message(words);
    }

    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

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

pub(super) fn run(arguments: &RunArguments, scenario: &Scenario, folder: &Path) -> Exit {
    let precision = arguments.until_ci.as_deref().map(|text| Precision::read(text, scenario));
    let precision = match precision.transpose() {
        Ok(precision) => precision,
        Err(problem) => {
            eprintln!("error: --until-ci: {problem}");
            return Exit::Input;
        }
    };
    let most = arguments.replicates.unwrap_or(MOST);
    let mut gathering = match Gathering::beside(folder, scenario, precision) {
        Ok(gathering) => gathering,
        Err(error) => {
            eprintln!("error: {}: {error}", folder.display());
            return Exit::Disk;
        }
    };
    let watch = Watch::new(arguments.quiet);
    let (mut disk, mut is_met) = (None, false);
    let outcome = each(
        scenario.parameters.run.replicate,
        most,
        |number| {
            let results = simulate(&replicate_of(scenario, number), |progress| {
                watch.expect(u64::from(most) * progress.all as u64);
                watch.tick()
            })?;
            Ok(Finished::of(results))
        },
        |number, finished| {
            watch.say(format!("replicate {number} done"));
            match gathering.take(finished) {
                Ok(false) => ControlFlow::Continue(()),
                Ok(true) => {
                    is_met = true;
                    ControlFlow::Break(())
                }
                Err(error) => {
                    disk = Some(error);
                    ControlFlow::Break(())
                }
            }
        },
    );
    watch.clear();
    if let Some(error) = disk {
        eprintln!("error: {error}");
        return Exit::Disk;
    }
    let attendance = match outcome {
        Ok(attendance) => attendance,
        Err(Stopped::Asked(date)) => {
            eprintln!("stopped at {date}; nothing was written, an earlier result in {} is untouched", folder.display());
            return Exit::Interrupted;
        }
        Err(Stopped::Breach(breach)) => {
            eprintln!("error: {breach}\nThis is a bug of handover; nothing was written.");
            return Exit::Bug;
        }
    };
    tell_failures(&attendance);
    let exit = exit_of(&attendance);
    if attendance.done.is_empty() {
        return exit;
    }
    let gathered = match gathering.finish(attendance) {
        Ok(gathered) => gathered,
        Err(error) => {
            eprintln!("error: {}: {error}", folder.display());
            return Exit::Disk;
        }
    };
    if arguments.json {
        let reached = gathered.precision.as_ref().and_then(|(_, reached)| *reached);
        let failed: Vec<u32> = gathered.attendance.failures.iter().map(|failure| failure.replicate).collect();
        let about = json!({
            "scenario": scenario.about.name,
            "seed": scenario.parameters.run.seed,
            "replicates": gathered.attendance.done.len(),
            "tried": gathered.attendance.tried(),
            "failed": failed,
            "half_width": reached,
        });
        println!("{about}");
    } else if !arguments.quiet {
        println!("{}", summary::of_ensemble(scenario, &gathered, &folder.display().to_string()));
    }
    if gathered.precision.is_some() && !is_met {
        eprintln!("the precision asked for was not reached with {most} replicates; allow more with --replicates");
    }
    exit
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
