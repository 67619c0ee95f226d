//! Is the model held against the world? Facts with their sources, each an experiment that the real engine makes, and a
//! verdict: hit, miss, or a sentence why it cannot be tested yet.
//!
//! A fact is *used* (it may set a parameter) or *held out* (nothing is tuned on it). A series is a history that is
//! simulated from its beginning and held against what happened, beside two forecasts that know nothing of the model:
//! that the last value stays, and that the last trend goes on.
//!
//! Left out: targets that depend on each other, errors of a source that are not normal.

pub mod expected;
pub mod file;
pub mod prepare;
pub mod run;
pub mod score;
pub mod theory;

use crate::experiment::outcome::Outcome;
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};

/// May a parameter be set by it?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It may.
    Used,
    /// Never.
    HeldOut,
}

impl Standing {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Standing::Used => "used",
            Standing::HeldOut => "held out",
        }
    }
}

/// On which side of the target a figure may lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Near it.
    #[default]
    About,
    /// At it or above.
    AtLeast,
    /// At it or below.
    AtMost,
}

/// A world of an experiment.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its name; empty where it is alone.
    pub name: String,
    /// The scenario, with all settings.
    pub scenario: Scenario,
}

/// What is run once for all facts that share it.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// Its name.
    pub name: String,
    /// What was known and is given, each with its source.
    pub given: Vec<String>,
    /// What a reader types to see it: a scenario and its settings, by arm.
    pub commands: Vec<String>,
    /// Its worlds, the first is what outcomes read unless they say otherwise.
    pub arms: Vec<Arm>,
    /// What is read from it.
    pub outcomes: Vec<Outcome>,
}

/// Where a number comes from: which experiment, and which of its outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index of the experiment.
    pub experiment: usize,
    /// Index of the outcome.
    pub outcome: usize,
}

/// A number of the world that the model is to give.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Which part of the fact; empty where it is all of it.
    pub of: String,
    /// What is wanted, or why it cannot be tested.
    pub test: Result<Test, Untested>,
}

/// A figure that can be tested.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Where the model's number comes from.
    pub place: Place,
    /// The number of the world, in the unit of the outcome.
    pub value: f64,
    /// One standard deviation of it.
    pub tolerance: f64,
    /// On which side.
    pub relation: Relation,
}

/// A figure that cannot be tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untested {
    /// The number of the world, as it was written.
    pub value: String,
    /// Why not.
    pub why: String,
}

/// What is said of a fact or a history, and who says so.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its short name: "C7".
    pub id: String,
    /// What it says.
    pub what: String,
    /// Who says so.
    pub source: String,
    /// How it was learnt: V read, N from earlier reading, R recalled, D derived.
    pub mark: String,
    /// May it set a parameter?
    pub standing: Standing,
    /// Which rule hits or misses, and why.
    pub says: String,
}

/// Something known of the world.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What is said of it.
    pub known: Known,
    /// Its numbers.
    pub figures: Vec<Figure>,
}

/// A history to be simulated.
#[derive(Clone, Debug)]
pub struct Series {
    /// What is said of it.
    pub known: Known,
    /// Its unit.
    pub unit: &'static str,
    /// Years and values, in order.
    pub values: Vec<(i32, f64)>,
    /// The last year that forecasts know.
    pub known_until: i32,
    /// One standard deviation of a value, as a share of it.
    pub tolerance: f64,
    /// Years that the model simulates, each with where its number comes from.
    pub places: Vec<(i32, Place)>,
}

/// Everything the model is held against.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// Experiments that some fact or series needs.
    pub experiments: Vec<Experiment>,
    /// Facts.
    pub facts: Vec<Fact>,
    /// Histories.
    pub series: Vec<Series>,
}
