//! The one place that writes to stdout and stderr.
//!
//! `println!`, `print!` and `eprintln!` of the standard library panic where a pipe is closed or a device is full.
//! Those of this module, which stand in for them throughout the doors, go on: a reader of stdout who has seen enough
//! ends nothing, a full device ends the command with the exit code of the disk once its work is done, and what
//! cannot be said on stderr is not said.

use super::Exit;
use std::fmt::Arguments;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::Mutex;
#[allow(clippy::disallowed_types)]
use std::time::Instant;

/// The first error of stdout that was not a reader who went away.
static LOST: Mutex<Option<String>> = Mutex::new(None);

/// Writes data to stdout.
pub(in super::super) fn out(text: Arguments) {
    note(std::io::stdout().lock().write_fmt(text));
}

/// Talks on stderr.
pub(in super::super) fn err(text: Arguments) {
    // where stderr is full or gone there is nobody to tell
    let _ = std::io::stderr().lock().write_fmt(text);
}

fn note(written: std::io::Result<()>) {
    let Err(error) = written else { return };
    if error.kind() != ErrorKind::BrokenPipe
        && let Ok(mut lost) = LOST.lock()
    {
        lost.get_or_insert_with(|| error.to_string());
    }
}

/// Writes what is left, and says how the command ends: as it would have, unless data was lost.
pub(super) fn end(exit: Exit) -> Exit {
    note(std::io::stdout().lock().flush());
    let lost = LOST.lock().ok().and_then(|mut lost| lost.take());
    match lost {
        Some(error) if exit == Exit::Fine => {
            err(format_args!("error: stdout: {error}; what was to be printed is not all there\n"));
            Exit::Disk
        }
        _ => exit,
    }
}

macro_rules! print {
    ($($words:tt)*) => { $crate::cli::streams::out(format_args!($($words)*)) };
}

macro_rules! println {
    () => { $crate::cli::streams::out(format_args!("\n")) };
    ($($words:tt)*) => { $crate::cli::streams::out(format_args!("{}\n", format_args!($($words)*))) };
}

macro_rules! eprintln {
    ($($words:tt)*) => { $crate::cli::streams::err(format_args!("{}\n", format_args!($($words)*))) };
}

/// Seconds between two lines of progress where there is no bar.
const PAUSE: u64 = 60;

/// A line on stderr every minute, for logs: where stderr is a terminal there is a bar instead.
pub(super) struct Minutes {
    #[allow(clippy::disallowed_types)]
    next: Option<Mutex<Instant>>,
}

#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
impl Minutes {
    /// Lines from a minute from now on, unless they are not wanted or not needed.
    pub(super) fn new(quiet: bool) -> Minutes {
        let is_wanted = !quiet && !std::io::stderr().is_terminal();
        Minutes { next: is_wanted.then(|| Mutex::new(Instant::now())) }
    }

    /// Says how far it has come, if a minute is over.
    pub(super) fn tell(&self, words: impl FnOnce() -> String) {
        // whoever finds the clock in use leaves the line to the other thread
        let Some(mut last) = self.next.as_ref().and_then(|last| last.try_lock().ok()) else { return };
        if last.elapsed().as_secs() >= PAUSE {
            *last = Instant::now();
            err(format_args!("{}\n", words()));
        }
    }
}
