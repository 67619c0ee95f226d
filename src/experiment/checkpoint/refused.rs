//! Why a checkpoint is not used.

use super::shape::Fault;
use chrono::NaiveDate;
use std::fmt;
use std::io;

/// Why a checkpoint is not used. All but [`Refused::Disk`] are faults of the input.
#[derive(Debug)]
pub enum Refused {
    /// It is not a checkpoint at all.
    NotOurs,
    /// It has another format.
    Format {
        /// Number of its format.
        found: u8,
        /// Number of ours.
        ours: u8,
    },
    /// Another version of the program wrote it.
    Version {
        /// Which.
        found: String,
        /// This one.
        ours: &'static str,
    },
    /// A build of the same version that keeps another state wrote it.
    Layout,
    /// It is not as it was written.
    Damaged(String),
    /// It is as it was written, and what it says contradicts itself.
    Unsound(String),
    /// It belongs to another scenario.
    Scenario {
        /// Name of its scenario.
        name: String,
        /// What differs, key by key.
        differences: Vec<String>,
    },
    /// The scenario ends before this day, which is the checkpoint's.
    Over(NaiveDate),
    /// The disk did not give it.
    Disk(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // a stream that ends too early or does not read as it should was not written by us like that
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Refused::Damaged(error.to_string()),
            _ => Refused::Disk(error),
        }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Refused::Unsound(fault.to_string())
    }
}

/// Most differences that are told.
const TOLD: usize = 12;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Refused::NotOurs => write!(f, "this is not a checkpoint of handover"),
            Refused::Format { found, ours } => {
                write!(f, "this checkpoint has format {found}, and this program reads format {ours}")
            }
            Refused::Version { found, ours } => write!(
                f,
                "handover {found} wrote this checkpoint and this is handover {ours}; a run begun with one version \
                 must be finished with it, or begun anew"
            ),
            Refused::Layout => {
                write!(f, "another build of handover wrote this checkpoint, whose state has other columns or tables")
            }
            Refused::Damaged(what) => write!(f, "this checkpoint is damaged: {what}"),
            Refused::Unsound(what) => write!(f, "this checkpoint does not hold together: {what}"),
            Refused::Scenario { name, differences } => {
                write!(f, "this checkpoint is of the scenario {name:?} with other values:")?;
                for difference in differences.iter().take(TOLD) {
                    write!(f, "\n  {difference}")?;
                }
                match differences.len().saturating_sub(TOLD) {
                    0 => Ok(()),
                    more => write!(f, "\n  and {more} more"),
                }
            }
            Refused::Over(date) => write!(f, "this checkpoint is of {date}, when the scenario is already over"),
            Refused::Disk(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Refused {}
