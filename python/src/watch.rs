//! Long work: it runs on threads of its own, without Python's lock, while the thread that asked for it hears Ctrl-C
//! and says how far it has come.

use crate::errors;
use handover::economy::NoMemory;
use handover::economy::shared::blocks;
use handover::experiment::lanes::words_of;
use handover::experiment::watcher::Watcher;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Time between two looks at what Python has to say.
const PAUSE: Duration = Duration::from_millis(50);

/// How far the work has come, and whether it goes on.
#[derive(Default)]
pub struct Watch {
    done: AtomicU64,
    all: AtomicU64,
    is_over: AtomicBool,
    words: Mutex<String>,
}

impl Watch {
    /// So many steps of so many are done; does it go on?
    pub fn at(&self, done: usize, all: usize) -> bool {
        self.all.store(all as u64, Ordering::Relaxed);
        self.done.store(done as u64, Ordering::Relaxed);
        self.goes_on()
    }

    fn stop(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// Calls what was given to be told: steps done, steps in all, what is done now.
    fn tell(&self, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let Some(progress) = progress else { return Ok(()) };
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (done, all) = (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed));
        progress.call1((done, all, words)).map(|_| ())
    }
}

impl Watcher for Watch {
    fn expect(&self, steps: u64) {
        self.all.store(steps, Ordering::Relaxed);
    }

    fn tick(&self) -> bool {
        self.done.fetch_add(1, Ordering::Relaxed);
        self.goes_on()
    }

    fn skip(&self) {
        self.all.fetch_sub(1, Ordering::Relaxed);
    }

    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    fn say(&self, words: String) {
        *self.words.lock().unwrap_or_else(PoisonError::into_inner) = words;
    }
}

/// Threads for the work, one a core if nobody says how many.
///
/// # Errors
/// The system has no room for so many.
pub fn pool(threads: Option<usize>) -> PyResult<rayon::ThreadPool> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = threads {
        pool = pool.num_threads(threads.max(1));
    }
    pool.build().map_err(|error| errors::disk(format!("threads: {error}; fewer threads take less memory")))
}

/// What a panic was, as an exception.
pub fn panicked(panic: &(dyn std::any::Any + Send)) -> PyErr {
    match panic.downcast_ref::<NoMemory>() {
        Some(none) => pyo3::exceptions::PyMemoryError::new_err(none.to_string()),
        None => errors::bug(words_of(panic)),
    }
}

/// The work of a single run, whose threads stay awake until it ends.
pub fn awake<T: Send>(work: impl FnOnce(&Watch) -> T + Send) -> impl FnOnce(&Watch) -> T + Send {
    move |watch: &Watch| blocks::awake(|| work(watch))
}

/// Does work on so many threads; `progress` is called with the steps done, the steps in all and some words.
///
/// # Errors
/// Ctrl-C, what `progress` raised, a bug.
pub fn watched<T: Send>(
    py: Python<'_>,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Watch) -> T + Send,
) -> PyResult<T> {
    let (pool, watch) = (pool(threads)?, Watch::default());
    let (ended, bell) = (Mutex::new(false), Condvar::new());
    let mut fault = None;
    let outcome = std::thread::scope(|scope| {
        let working = scope.spawn(|| {
            let outcome = catch_unwind(AssertUnwindSafe(|| pool.install(|| work(&watch))));
            *ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
            bell.notify_all();
            outcome
        });
        let wait = || {
            let guard = ended.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = bell.wait_timeout_while(guard, PAUSE, |is_over| !*is_over);
            *waited.unwrap_or_else(PoisonError::into_inner).0
        };
        loop {
            let is_over = py.detach(wait);
            if fault.is_none()
                && let Err(error) = py.check_signals().and_then(|()| watch.tell(progress))
            {
                fault = Some(error);
                watch.stop();
            }
            if is_over {
                break;
            }
        }
        py.detach(|| working.join())
    });
    if let Some(fault) = fault {
        return Err(fault);
    }
    outcome.and_then(|outcome| outcome).map_err(|panic| panicked(&*panic))
}
