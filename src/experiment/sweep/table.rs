//! The collected table of a sweep: a row for each point, arm and replicate.

use crate::scenario::plan::{Design, Factor, Level};

/// Everything that a sweep found.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name of the plan.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Which points.
    pub design: Design,
    /// What was varied, one entry for each value of a row.
    pub factors: Vec<Factor>,
    /// Names of the arms; the first is the base.
    pub arms: Vec<String>,
    /// Runs of each point and arm.
    pub replicates: u32,
    /// Seed of all runs.
    pub seed: u64,
    /// What was asked, one entry for each output of a row.
    pub outputs: Vec<OutputColumn>,
    /// In the order point, arm, replicate.
    pub rows: Vec<TableRow>,
}

/// What was asked of every run.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OutputColumn {
    /// Its name.
    pub name: String,
    /// The outcome, in its canonical line.
    pub outcome: String,
    /// Its unit.
    pub unit: String,
    /// What it is, in words.
    pub meaning: String,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Number of the point in the design, from 0.
    pub point: u64,
    /// Index of the arm.
    pub arm: usize,
    /// Number of the replicate, from 0.
    pub replicate: u32,
    /// Key of the run in the store; empty where no scenario could be made of the point.
    pub run: String,
    /// How it ended.
    pub status: Status,
    /// Values of the factors.
    pub factors: Vec<Level>,
    /// What was asked; nothing where it does not exist, or where the run has no result.
    pub outputs: Vec<Option<f64>>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// With a result.
    Done,
    /// Without one, for this cause.
    Failed(String),
    /// Not at all so far.
    Missing,
}

impl Status {
    /// The word in tables.
    pub fn word(&self) -> &'static str {
        match self {
            Status::Done => "done",
            Status::Failed(_) => "failed",
            Status::Missing => "missing",
        }
    }

    /// What ended it; nothing of a run that is done.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Status::Done => None,
            Status::Failed(cause) => Some(cause),
            Status::Missing => Some("not run"),
        }
    }
}

/// How many of a sweep's runs are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// With a result.
    pub done: u64,
    /// In all.
    pub all: u64,
}

impl Count {
    /// "200 runs", or "198 of 200 runs".
    pub fn words(&self) -> String {
        let Count { done, all } = *self;
        let noun = if all == 1 { "run" } else { "runs" };
        if done == all { format!("{all} {noun}") } else { format!("{done} of {all} {noun}") }
    }

    /// Is one missing?
    pub fn is_partial(&self) -> bool {
        self.done < self.all
    }
}

impl Table {
    /// How many of its runs are done.
    pub fn count(&self) -> Count {
        let done = self.rows.iter().filter(|row| row.status == Status::Done).count() as u64;
        Count { done, all: self.rows.len() as u64 }
    }
}
