//! How a command fails: the exit code, and what is said on stderr.

use super::Exit;
use handover::experiment::run::Stopped;
use handover::scenario::Problems;
use std::fmt::Display;

/// Why a command ends without what was asked for.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) exit: Exit,
    /// What to say on stderr; nothing if it has been said.
    pub(super) words: String,
}

impl Failed {
    pub(super) fn new(exit: Exit, words: impl Into<String>) -> Failed {
        Failed { exit, words: words.into() }
    }

    /// An error of the input.
    pub(super) fn input(problem: impl Display) -> Failed {
        Failed::new(Exit::Input, format!("error: {problem}"))
    }

    /// The disk, or memory, is full.
    pub(super) fn disk(error: impl Display) -> Failed {
        Failed::new(Exit::Disk, format!("error: {error}"))
    }

    /// A result that could not be made.
    pub(super) fn bug(error: impl Display) -> Failed {
        Failed::new(Exit::Bug, format!("error: {error}\nThis is a bug of handover; nothing was written."))
    }

    /// Says it, and how the command ends.
    pub(super) fn tell(self) -> Exit {
        if !self.words.is_empty() {
            eprintln!("{}", self.words);
        }
        self.exit
    }
}

impl From<Problems> for Failed {
    fn from(problems: Problems) -> Failed {
        Failed::new(Exit::Input, problems.to_string())
    }
}

impl From<Stopped> for Failed {
    fn from(stopped: Stopped) -> Failed {
        match stopped {
            Stopped::Asked(date) => Failed::new(Exit::Interrupted, format!("stopped at {date}; nothing was written")),
            Stopped::Breach(breach) => Failed::new(Exit::Bug, format!("error: {breach}\nThis is a bug of handover.")),
        }
    }
}
