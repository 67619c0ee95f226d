//! The one place that writes to stdout and stderr.
//!
//! `println!`, `print!` and `eprintln!` of the standard library panic where a pipe is closed or a device is full.
//! Those of this module, which stand in for them throughout the command line, go on: a reader of stdout who has seen
//! enough ends nothing, a full device ends the command with the exit code of the disk once its work is done, and what
//! cannot be said on stderr is not said.

use super::Exit;
use std::fmt::Arguments;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

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

/// Time between two lines of progress where there is no bar.
const PAUSE: Duration = Duration::from_secs(60);

/// A line on stderr every minute, for logs: where stderr is a terminal there is a bar instead.
pub(super) struct Minutes {
    begun: Instant,
    /// When the last line was said, since then; nothing where none are wanted.
    last: Option<Mutex<Duration>>,
}

#[expect(clippy::disallowed_methods, reason = "the command line may look at a clock: for speed, never for the model")]
impl Minutes {
    /// Lines from a minute from now on, unless they are not wanted or not needed.
    pub(super) fn new(quiet: bool) -> Minutes {
        Minutes::told(!quiet && !std::io::stderr().is_terminal())
    }

    fn told(is_wanted: bool) -> Minutes {
        Minutes { begun: Instant::now(), last: is_wanted.then(Mutex::default) }
    }

    /// Says how far it has come, if a minute is over.
    pub(super) fn tell(&self, words: impl FnOnce() -> String) {
        if let Some(line) = self.line(self.begun.elapsed(), words) {
            err(format_args!("{line}\n"));
        }
    }

    /// What is to be said at this time, if anything.
    fn line(&self, now: Duration, words: impl FnOnce() -> String) -> Option<String> {
        // whoever finds the clock in use leaves the line to the other thread
        let mut last = self.last.as_ref()?.try_lock().ok()?;
        if now.saturating_sub(*last) < PAUSE {
            return None;
        }
        *last = now;
        Some(words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_a_minute_and_none_where_there_is_a_bar() {
        let said = |minutes: &Minutes| -> Vec<u64> {
            // ticks of 7 seconds for five minutes, then one that takes three, then ticks of 7 seconds again
            let times = (0..43).map(|n| 7 * n).chain((0..20).map(|n| 480 + 7 * n));
            times.filter(|&time| minutes.line(Duration::from_secs(time), || "so far".into()).is_some()).collect()
        };
        // never within a minute of the last, and the first tick after a minute
        assert_eq!(said(&Minutes::told(true)), [63, 126, 189, 252, 480, 543, 606]);
        assert!(said(&Minutes::told(false)).is_empty());
    }

    #[test]
    fn what_is_not_said_is_not_put_together() {
        let minutes = Minutes::told(true);
        assert_eq!(minutes.line(Duration::from_secs(59), || unreachable!("nothing is due")), None);
        let held = minutes.last.as_ref().unwrap().lock().unwrap();
        assert_eq!(minutes.line(Duration::from_secs(600), || unreachable!("another thread says it")), None);
        drop(held);
        assert_eq!(minutes.line(Duration::from_secs(600), || "now".into()).as_deref(), Some("now"));
    }
}
