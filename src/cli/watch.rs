//! What commands that simulate have in common: threads, a progress bar, Ctrl-C.

use super::drawn::Drawn;
use super::streams::Minutes;
use clap::Args;
use handover::economy::shared::blocks;
use handover::experiment::run::Progress;
use handover::experiment::watcher::Watcher;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What every command takes that simulates scenarios.
#[derive(Args, Debug)]
pub(super) struct Simulated {
    /// Seed of all random numbers.
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
    #[command(flatten)]
    drawn: Drawn,
}

impl Simulated {
    /// Changes of the scenarios, as `--set` takes them; `--seed` and `--years` come last.
    pub(super) fn settings(&self) -> Vec<String> {
        let seed = self.seed.map(|seed| format!("run.seed={seed}"));
        let years = self.years.map(|years| format!("run.years={years:?}"));
        let drawn = self.drawn.setting();
        self.settings.iter().cloned().chain(drawn).chain(seed).chain(years).collect()
    }
}

/// What commands take that make the worlds of a file of targets or of evidence.
#[derive(Args, Debug)]
pub(super) struct Made {
    /// Seed of all random numbers [default: the file's].
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// Threads; results do not depend on it [default: one a core].
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(super) threads: Option<usize>,
    /// Change a value in all worlds, with the same units as in the file; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) settings: Vec<String>,
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

/// Worlds that are in memory at the same time where each of so many runs has a thread.
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

/// Has somebody pressed Ctrl-C?
#[derive(Clone)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From now on Ctrl-C ends nothing at once, but is remembered.
    pub(super) fn awaited() -> Interrupt {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        // a second handler in one process is refused; the first then still works
        let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
        Interrupt(stop)
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
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

impl Told {
    /// Prints how it ended: as JSON, in words, or not at all.
    pub(super) fn say(&self, json: impl FnOnce() -> String, words: impl FnOnce() -> String) {
        if self.json {
            super::print(&format!("{}\n", json()));
        } else if !self.quiet {
            super::print(&words());
        }
    }
}

fn bar(quiet: bool, template: &str) -> ProgressBar {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// How far a single run has come, on stderr.
pub(super) struct RunBar {
    bar: ProgressBar,
    minutes: Minutes,
}

impl RunBar {
    pub(super) fn new(quiet: bool) -> RunBar {
        let bar = bar(quiet, "{msg} {wide_bar} {percent:>3} %  {per_sec}  {eta} left");
        RunBar { bar, minutes: Minutes::new(quiet) }
    }

    pub(super) fn show(&self, progress: Progress) {
        self.minutes.tell(|| told(progress));
        self.bar.set_length(progress.all as u64);
        self.bar.set_position(progress.done as u64);
        if progress.done.is_multiple_of(13) {
            self.bar.set_message(format!("{} {}", phase(progress), progress.date.format("%b %Y")));
        }
    }

    pub(super) fn clear(&self) {
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
    let (stop, bar) = (Interrupt::awaited(), RunBar::new(quiet));
    let mut watch = |progress: Progress| {
        bar.show(progress);
        !stop.is_asked()
    };
    let result = alone(threads, || work(&mut watch))?;
    bar.clear();
    Ok(result)
}

/// How far all runs of an experiment have come, on stderr; and whether somebody pressed Ctrl-C.
pub(super) struct Watch {
    bar: ProgressBar,
    minutes: Minutes,
    stop: Interrupt,
}

impl Watch {
    pub(super) fn new(quiet: bool) -> Watch {
        let bar = bar(quiet, "{msg} {wide_bar} {percent:>3} %  {eta} left");
        Watch { bar, minutes: Minutes::new(quiet), stop: Interrupt::awaited() }
    }

    fn told(&self) -> String {
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0).max(1));
        format!("{} % ({done} of {all})", 100 * done / all)
    }

    /// Begins anew, with so many steps.
    pub(super) fn restart(&self, steps: u64) {
        self.bar.reset();
        self.bar.set_length(steps);
    }

    /// So many steps are done.
    pub(super) fn at(&self, steps: u64) {
        self.bar.set_position(steps);
        self.minutes.tell(|| self.told());
    }

    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watcher for Watch {
    fn expect(&self, ticks: u64) {
        self.bar.set_length(ticks);
    }

    fn tick(&self) -> bool {
        self.bar.inc(1);
        self.minutes.tell(|| self.told());
        self.goes_on()
    }

    fn skip(&self) {
        self.bar.set_length(self.bar.length().unwrap_or(1).saturating_sub(1));
    }

    fn goes_on(&self) -> bool {
        !self.stop.is_asked()
    }

    fn say(&self, words: String) {
        self.bar.set_message(words);
    }
}
