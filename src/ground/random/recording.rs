//! What was drawn, in the unit tests of this crate: every draw of the worlds founded while a thread records.

use super::Key;
use std::cell::Cell;
use std::sync::Mutex;

/// One draw.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    pub(crate) stream: u64,
    pub(crate) tick: i32,
    pub(crate) key: Key,
    pub(crate) bits: u64,
}

thread_local! {
    static IS_ON: Cell<bool> = const { Cell::new(false) };
}

static DRAWN: Mutex<Vec<Drawn>> = Mutex::new(Vec::new());
static ONE: Mutex<()> = Mutex::new(());

pub(crate) fn is_on() -> bool {
    IS_ON.get()
}

pub(crate) fn note(drawn: Drawn) {
    DRAWN.lock().expect("no test fails while it draws").push(drawn);
}

/// What was drawn since the last call.
pub(crate) fn take() -> Vec<Drawn> {
    std::mem::take(&mut DRAWN.lock().expect("no test fails while it draws"))
}

/// Runs a test in which every [`super::Luck`] made by this thread is recorded. One test at a time.
pub(crate) fn record<T>(test: impl FnOnce() -> T) -> T {
    let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    take();
    IS_ON.set(true);
    let result = test();
    IS_ON.set(false);
    take();
    result
}
