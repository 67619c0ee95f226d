//! `handover run`.

use super::checkpoints::{self, Session, broke_off, fail};
use super::forecast::peak_memory;
use super::panel::{self, Desk};
use super::room;
use super::scenario::read;
use super::watch::{Interrupt, RunBar, alone, at_once, pool};
use super::{Exit, RunArguments};
use handover::economy::Economy;
use handover::experiment::run::{Progress, Results, Stopped, go_on};
use handover::experiment::tally::Tally;
use handover::ground::backstop::backstop;
use handover::observe::indicators::Wanted;
use handover::output::disk::files;
use handover::output::disk::workplace::Workplace;
use handover::output::kit::{gains, headlines};
use handover::output::only::{OF_ENSEMBLE, OF_RUN, Only};
use handover::output::run::panel::Amounts;
use handover::output::run::{render_with, summary};
use handover::scenario::Scenario;
use serde_json::json;
use std::io;
use std::path::PathBuf;
use std::time::Instant;

pub(super) fn run(arguments: &RunArguments) -> Exit {
    let mut settings = arguments.simulated.settings();
    let is_ensemble = arguments.until_ci.is_some() || arguments.replicates.is_some_and(|replicates| replicates > 1);
    // thirteen megabytes a replicate are for those who ask for them
    let members = arguments.panel.or((is_ensemble && arguments.panel_every.is_none()).then_some(0));
    settings.extend(panel::settings(members, arguments.panel_every.as_deref()));
    let scenario = match read(&arguments.scenario, &settings) {
        Ok(scenario) => scenario,
        Err(exit) => return exit,
    };
    let groups = if is_ensemble { &OF_ENSEMBLE[..] } else { &OF_RUN };
    let only = match Only::read(arguments.only.as_deref(), arguments.metrics.as_deref(), groups) {
        Ok(only) => only.without_plots_if(arguments.no_plots),
        Err(problem) => return fail(Exit::Input, problem),
    };
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(&scenario.about.name));
    if checkpoints::is_finished(&arguments.checkpoints, &scenario, &only, &folder) {
        return checkpoints::tell_finished(&arguments.checkpoints, &folder);
    }
    if let Err(problem) = files::check_free(&folder, arguments.force) {
        eprintln!("error: {problem}");
        return Exit::Input;
    }
    let threads = arguments.simulated.threads;
    let worlds = if is_ensemble { at_once(threads, arguments.replicates.unwrap_or(u32::MAX)) } else { 1 };
    if let Err(words) = room::demand(&scenario, worlds, threads) {
        return fail(Exit::Disk, words);
    }
    let done = if is_ensemble {
        pool(threads).map(|pool| pool.install(|| super::ensemble::run(arguments, &scenario, &folder, &only)))
    } else {
        let session = match Session::open(&arguments.checkpoints, &scenario, &folder, arguments.force) {
            Ok(session) => session,
            Err(exit) => return exit,
        };
        let manner = Manner {
            quiet: arguments.told.quiet,
            json: arguments.told.json,
            only,
            amounts: Amounts::exact_if(arguments.panel_exact),
            past: session.newest.clone(),
        };
        let found = || Ok(panel::found(&scenario, &manner.only, manner.wanted()));
        alone(threads, || simulate(&scenario, session, found, &manner))
    };
    done.unwrap_or_else(|words| {
        eprintln!("{words}");
        Exit::Disk
    })
}

/// What is said about a run, and how.
pub(super) struct Manner {
    pub(super) quiet: bool,
    pub(super) json: bool,
    /// What of the result is made.
    pub(super) only: Only,
    /// Money in the panel.
    pub(super) amounts: Amounts,
    /// The checkpoint that it goes on from.
    pub(super) past: Option<PathBuf>,
}

impl Manner {
    /// What must be recorded.
    fn wanted(&self) -> Wanted {
        self.only.wanted(!self.quiet && !self.json)
    }
}

/// Runs from a session's checkpoint, or else from what `begin` brings, and writes the result.
///
/// A checkpoint is checked when it is read. Should it contradict itself all the same, and the run break off later, then
/// that is no bug of ours that we know of.
pub(super) fn simulate(
    scenario: &Scenario,
    session: Session,
    begin: impl FnOnce() -> Result<Economy, Exit>,
    manner: &Manner,
) -> Exit {
    match &manner.past {
        None => live(scenario, session, begin, manner),
        Some(past) => {
            backstop(|| live(scenario, session, begin, manner)).unwrap_or_else(|words| broke_off(past, &words))
        }
    }
}

fn live(scenario: &Scenario, session: Session, begin: impl FnOnce() -> Result<Economy, Exit>, manner: &Manner) -> Exit {
    let start = now();
    let begun = session.resumed(scenario).and_then(|economy| economy.map_or_else(begin, Ok));
    let records = |economy: &Economy| checkpoints::demand_records(economy, manner.wanted());
    let mut economy = match begun.and_then(|economy| records(&economy).map(|()| economy)) {
        Ok(economy) => economy,
        Err(exit) => return exit,
    };
    let before = economy.lived();
    let mut desk = Desk::new(session.place.folder(), &mut economy, session.saves, manner.amounts);
    let outcome = watched(scenario, economy, &session, &mut desk, manner.quiet);
    let time = Time { seconds: start.elapsed().as_secs_f64(), ticks_before: before };
    let folder = session.place.result().display();
    match outcome {
        Ok(results) => match desk.finish(scenario) {
            Ok(panel) => finish(manner, &results, panel, session.place, &time),
            Err(error) => fail(Exit::Disk, error),
        },
        Err(Ended::Disk(error)) => {
            let words = match session.place.checkpoints() {
                Ok(left) if !left.is_empty() => format!("\ngo on with: {}", checkpoints::command_to_resume()),
                _ => String::new(),
            };
            fail(Exit::Disk, format!("{error}{words}"))
        }
        Err(Ended::Stopped(Stopped::Breach(breach))) => {
            if let Some(past) = &manner.past {
                return broke_off(past, &breach.to_string());
            }
            fail(Exit::Bug, format!("{breach}\nThis is a bug of handover; no result was written."))
        }
        Err(Ended::Stopped(Stopped::Asked(date))) if session.saves => {
            let saved = session.place.folder().display();
            eprintln!("stopped at {date}; {saved} holds all of it\ngo on with: {}", checkpoints::command_to_resume());
            Exit::Interrupted
        }
        Err(Ended::Stopped(Stopped::Asked(date))) => {
            eprintln!("stopped at {date}; nothing was written, an earlier result in {folder} is untouched");
            Exit::Interrupted
        }
    }
}

/// Why there are no results.
enum Ended {
    Stopped(Stopped),
    Disk(io::Error),
}

/// How long a run took, and what it did not have to do.
struct Time {
    seconds: f64,
    ticks_before: usize,
}

#[expect(clippy::disallowed_methods, reason = "the command line may look at a clock: for speed, never for the model")]
fn now() -> Instant {
    Instant::now()
}

/// Runs with a progress bar on stderr, until the end or Ctrl-C, and saves checkpoints on the way.
fn watched(
    scenario: &Scenario,
    economy: Economy,
    session: &Session,
    desk: &mut Desk,
    quiet: bool,
) -> Result<Results, Ended> {
    let (stop, bar) = (Interrupt::awaited(), RunBar::new(quiet));
    let mut saved = Ok(());
    let results = go_on(scenario, economy, |economy, progress: Progress| {
        bar.show(progress);
        saved = desk.collect(economy);
        if economy.is_over() || saved.is_err() {
            return saved.is_ok();
        }
        let is_asked = stop.is_asked();
        saved = match is_asked && session.saves {
            true => session.save(scenario, economy),
            false => session.save_if_due(scenario, economy),
        };
        saved.is_ok() && !is_asked
    });
    bar.clear();
    saved.map_err(Ended::Disk)?;
    results.map_err(Ended::Stopped)
}

fn finish(manner: &Manner, results: &Results, panel: Vec<(String, Vec<u8>)>, place: Workplace, time: &Time) -> Exit {
    let rendered = match render_with(results, panel, &manner.only) {
        Ok(rendered) => rendered,
        Err(error) => return fail(Exit::Bug, format!("{error}\nThis is a bug of handover; no result was written.")),
    };
    let folder = place.result().display().to_string();
    if let Err(error) = files::write_in(place, &rendered) {
        return fail(Exit::Disk, error);
    }
    if manner.json {
        let mut said = as_json(results, time);
        said["folder"] = json!(folder);
        said["files"] = rendered.iter().map(|(name, _)| name.as_str()).collect();
        println!("{said}");
    } else if !manner.quiet {
        println!("{}", summary::summary(results, &folder, &manner.only));
    }
    Exit::Fine
}

fn as_json(results: &Results, time: &Time) -> serde_json::Value {
    let worker_ticks = results.workers * results.ticks;
    let lived_now = results.workers * (results.ticks - time.ticks_before);
    let (regions, tally) = (&results.scenario.parameters.regions, [Tally::of(results)]);
    json!({
        "scenario": results.scenario.about.name,
        "seed": results.scenario.parameters.run.seed,
        "ticks": results.ticks,
        "workers": results.workers,
        "worker_ticks": worker_ticks,
        "seconds": time.seconds,
        "worker_ticks_per_second": lived_now as f64 / time.seconds,
        "peak_rss_bytes": peak_memory(),
        "state_hash": results.state_hash,
        "gains": gains::as_json(regions, &tally),
        "headlines": headlines::as_json(regions, &tally),
        "money_moved_microdollars": results.money_moved.to_string(),
        "money_discrepancy_microdollars": results.money_discrepancy.to_string(),
    })
}
