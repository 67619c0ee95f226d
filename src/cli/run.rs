//! `handover run`.

use super::{Exit, RunArguments};
use handover::experiment::run::{Progress, Results, Stopped, run as simulate};
use handover::output::{files, render, summary};
use handover::scenario::{Scenario, load};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
#[allow(clippy::disallowed_types)]
use std::time::Instant;

pub(super) fn run(arguments: &RunArguments) -> Exit {
    let mut settings = arguments.settings.clone();
    settings.extend(arguments.seed.map(|seed| format!("run.seed={seed}")));
    settings.extend(arguments.years.map(|years| format!("run.years={years:?}")));
    let reader = |path: &Path| std::fs::read_to_string(path);
    let scenario = match load(&arguments.scenario, &settings, &reader) {
        Ok(scenario) => scenario,
        Err(problem) => {
            eprintln!("{problem}");
            return Exit::Input;
        }
    };
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(&scenario.about.name));
    if let Err(problem) = files::check_free(&folder, arguments.force) {
        eprintln!("error: {problem}");
        return Exit::Input;
    }
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = arguments.threads {
        pool = pool.num_threads(threads.max(1));
    }
    let pool = match pool.build() {
        Ok(pool) => pool,
        Err(error) => {
            eprintln!("error: --threads: {error}");
            return Exit::Input;
        }
    };
    if arguments.until_ci.is_some() || arguments.replicates.is_some_and(|replicates| replicates > 1) {
        return pool.install(|| super::ensemble::run(arguments, &scenario, &folder));
    }
    let start = now();
    let outcome = pool.install(|| watched(&scenario, arguments.quiet));
    let seconds = start.elapsed().as_secs_f64();
    let results = match outcome {
        Ok(results) => results,
        Err(Stopped::Breach(breach)) => {
            eprintln!("error: {breach}\nThis is a bug of handover; nothing was written.");
            return Exit::Bug;
        }
        Err(Stopped::Asked(date)) => {
            eprintln!("stopped at {date}; nothing was written, an earlier result in {} is untouched", folder.display());
            return Exit::Interrupted;
        }
    };
    finish(arguments, &results, &folder, seconds)
}

#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
fn now() -> Instant {
    // the doors may look at a clock: for speed, never for the model
    Instant::now()
}

/// Runs with a progress bar on stderr, until the end or Ctrl-C.
fn watched(scenario: &Scenario, quiet: bool) -> Result<Results, Stopped> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // a second handler in one process is refused; the first then still works
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} %  {per_sec}  {eta} left") {
        bar.set_style(style);
    }
    let results = simulate(scenario, |progress: Progress| {
        bar.set_length(progress.all as u64);
        bar.set_position(progress.done as u64);
        if progress.done.is_multiple_of(13) {
            let phase = if progress.is_spin_up { "settling in" } else { "simulating" };
            bar.set_message(format!("{phase} {}", progress.date.format("%b %Y")));
        }
        !stop.load(Ordering::Relaxed)
    });
    bar.finish_and_clear();
    results
}

fn finish(arguments: &RunArguments, results: &Results, folder: &Path, seconds: f64) -> Exit {
    let rendered = match render(results) {
        Ok(rendered) => rendered,
        Err(error) => {
            eprintln!("error: {error}\nThis is a bug of handover; nothing was written.");
            return Exit::Bug;
        }
    };
    if let Err(error) = files::write_result(folder, &rendered) {
        eprintln!("error: {error}");
        return Exit::Disk;
    }
    if arguments.json {
        println!("{}", as_json(results, seconds));
    } else if !arguments.quiet {
        println!("{}", summary::summary(results, &folder.display().to_string()));
    }
    Exit::Fine
}

fn as_json(results: &Results, seconds: f64) -> serde_json::Value {
    let worker_ticks = results.workers * results.ticks;
    json!({
        "scenario": results.scenario.about.name,
        "seed": results.scenario.parameters.run.seed,
        "ticks": results.ticks,
        "workers": results.workers,
        "worker_ticks": worker_ticks,
        "seconds": seconds,
        "worker_ticks_per_second": worker_ticks as f64 / seconds,
        "peak_rss_bytes": peak_memory(),
        "state_hash": results.state_hash,
        "money_moved_microdollars": results.money_moved.to_string(),
        "money_discrepancy_microdollars": results.money_discrepancy.to_string(),
    })
}

/// Most memory the process ever held, where the system tells; otherwise nothing.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
