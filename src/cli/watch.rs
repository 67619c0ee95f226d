//! What commands that simulate have in common: threads, a progress bar, Ctrl-C.

use super::streams::Minutes;
use clap::Args;
use handover::economy::blocks;
use handover::experiment::run::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What every command takes that simulates scenarios.
#[derive(Args, Debug)]
pub(super) struct Simulated {
    /// Seed of all luck.
    #[arg(long)]
    seed: Option<u64>,
    /// Years to simulate.
    #[arg(long)]
    years: Option<f64>,
    /// Threads; results do not depend on it [default: one a core].
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(super) threads: Option<usize>,
    /// Change a value of all scenarios, with the same units as in the file; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

impl Simulated {
    /// Changes of the scenarios, as `--set` takes them; `--seed` and `--years` come last.
    pub(super) fn settings(&self) -> Vec<String> {
        let seed = self.seed.map(|seed| format!("run.seed={seed}"));
        let years = self.years.map(|years| format!("run.years={years:?}"));
        self.settings.iter().cloned().chain(seed).chain(years).collect()
    }
}

/// Most threads: each takes memory and time to begin, and no machine has so many cores.
const MOST_THREADS: usize = 512;

/// Reads `--threads`.
pub(super) fn threads(text: &str) -> Result<usize, String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    match text.parse() {
        Ok(number @ 1..=MOST_THREADS) => Ok(number),
        _ => Err(format!("write a number from 1 to {MOST_THREADS}; this machine has {cores} cores")),
    }
}

/// Worlds that live at the same time where each of so many runs has a thread.
pub(super) fn at_once(threads: Option<usize>, runs: u32) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    threads.unwrap_or_else(cores).min(runs as usize)
}

/// Threads for the work, one a core if nobody says how many.
///
/// # Errors
/// What to say on stderr: the system has no room for so many, as for too much memory.
pub(super) fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, String> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = threads {
        pool = pool.num_threads(threads.max(1));
    }
    pool.build().map_err(|error| format!("error: --threads: {error}; fewer --threads take less memory"))
}

/// Does the work of a single run on so many threads, which stay awake until it ends.
///
/// # Errors
/// What to say on stderr.
pub(super) fn alone<T: Send>(threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T, String> {
    Ok(pool(threads)?.install(|| blocks::awake(work)))
}

/// How far a run has come, in a line.
pub(super) fn told(progress: Progress) -> String {
    let phase = phase(progress);
    let share = 100 * progress.done / progress.all.max(1);
    format!("{phase} {}: {share} % ({} of {} ticks)", progress.date.format("%b %Y"), progress.done, progress.all)
}

/// What a command says on its way and at its end.
#[derive(Args, Debug)]
pub(super) struct Told {
    /// No progress, no summary.
    #[arg(long)]
    pub(super) quiet: bool,
    /// Print one JSON object on stdout instead of the summary.
    #[arg(long)]
    pub(super) json: bool,
}

/// A bar on stderr.
pub(super) fn bar(quiet: bool, template: &str) -> ProgressBar {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Becomes true when somebody presses Ctrl-C.
pub(super) fn asked_to_stop() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // a second handler in one process is refused; the first then still works
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    stop
}

/// How far one world has come, on stderr.
pub(super) struct OfOneWorld {
    bar: ProgressBar,
    minutes: Minutes,
}

impl OfOneWorld {
    pub(super) fn new(quiet: bool) -> OfOneWorld {
        let bar = bar(quiet, "{msg} {wide_bar} {percent:>3} %  {per_sec}  {eta} left");
        OfOneWorld { bar, minutes: Minutes::new(quiet) }
    }

    pub(super) fn show(&self, progress: Progress) {
        self.minutes.tell(|| told(progress));
        self.bar.set_length(progress.all as u64);
        self.bar.set_position(progress.done as u64);
        if progress.done.is_multiple_of(13) {
            self.bar.set_message(format!("{} {}", phase(progress), progress.date.format("%b %Y")));
        }
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn phase(progress: Progress) -> &'static str {
    if progress.is_spin_up { "settling in" } else { "simulating" }
}

/// Does `work` on so many threads, with a progress bar on stderr, until its end or Ctrl-C; `work` hands
/// what it gets to the run as its watcher.
pub(super) fn watching<T: Send>(
    threads: Option<usize>,
    quiet: bool,
    work: impl FnOnce(&mut (dyn FnMut(Progress) -> bool + Send)) -> T + Send,
) -> Result<T, String> {
    let (stop, shown) = (asked_to_stop(), OfOneWorld::new(quiet));
    let mut watch = |progress: Progress| {
        shown.show(progress);
        !stop.load(Ordering::Relaxed)
    };
    let result = alone(threads, || work(&mut watch))?;
    shown.end();
    Ok(result)
}
