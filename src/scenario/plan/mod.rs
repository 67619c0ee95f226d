//! The plan of a sweep: which scenarios, what is varied and how, what is asked of every run.
//!
//! A plan is a TOML file beside scenarios, never one of them: it names the scenarios of its arms, and changes
//! values of them by the keys that `--set` takes. What is wrong with it is shown where it stands, like what is
//! wrong with a scenario. Points are not listed: a design says how many there are, and each is computed when it
//! is needed.
//!
//! Left out: factors that depend on one another, designs that wait for results (see `solve`, `calibrate`).

mod dead;
mod factors;
mod overlap;
mod read;
mod tried;

use super::{Reader, Remark, Scenario, load};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

pub use overlap::overlap;
pub use read::{CheckOutput, read};

/// A plan as read.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Short name; the folder of its results.
    pub name: String,
    /// Title in words.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// Runs of each point and arm, each with other random numbers.
    pub replicates: u32,
    /// Seed of all runs: the same at every point, so that points differ by their values alone.
    pub seed: u64,
    /// The worlds that are compared at every point; the first is the base.
    pub arms: Vec<Arm>,
    /// Which points, in which order.
    pub design: Design,
    /// What is varied.
    pub factors: Vec<Factor>,
    /// What is asked of every run.
    pub outputs: Vec<Output>,
    /// Fixed changes for all arms, as `key=value`.
    pub settings: Vec<String>,
    /// Values of arms and factors outside what their cards call plausible.
    pub implausible: Vec<Remark>,
}

/// A world that is run at every point.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its name in tables.
    pub name: String,
    /// Its scenario file.
    pub path: PathBuf,
    /// The scenario with the fixed changes and its own.
    pub base: Scenario,
    /// Fixed changes of this arm alone, as `key=value`, after those of all arms.
    pub settings: Vec<String>,
}

/// A number that is asked of every run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name in tables.
    pub name: String,
    /// The outcome in one line, as `last(unemployment_rate[USA])`.
    pub value: String,
}

/// Which points there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// How points are chosen.
    pub kind: Kind,
    /// Seed of the choice; the random numbers of runs have their own.
    pub seed: u64,
}

/// How points are chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Kind {
    /// Every value of each factor with every value of all others; the last factor changes fastest.
    Grid,
    /// The points of a list.
    List {
        /// A row for each point, with a value for each factor.
        rows: Vec<Vec<Level>>,
    },
    /// Each factor's range in as many equal parts as there are points, one point in each.
    LatinHypercube {
        /// How many points.
        points: u64,
    },
    /// The first points of a scrambled Sobol sequence: more of them keep those there are.
    Sobol {
        /// How many points.
        points: u64,
    },
    /// Paths that change one factor at a time: factors + 1 points each, one after the other.
    Morris {
        /// How many paths.
        trajectories: u64,
        /// Values of a factor on its path; even.
        levels: u32,
    },
    /// Saltelli's design for Sobol indices of first and total order, in the order A, AB of each factor, B for
    /// each base sample, as SALib has it without second order.
    Saltelli {
        /// Base samples; factors + 2 points each.
        points: u64,
    },
}

/// Base samples below which Sobol indices are hardly more than chance.
pub const LEAST_SAMPLES: u64 = 32;
/// Trajectories below which effects are hardly more than chance.
pub const LEAST_TRAJECTORIES: u64 = 4;

impl Kind {
    /// What should be known of so many points before they are run; nothing if all is well.
    pub fn remark(&self) -> Option<String> {
        match *self {
            Kind::Saltelli { points } if points < LEAST_SAMPLES => Some(format!(
                "points = {points} are too few base samples for indices of sensitivity; write points = {LEAST_SAMPLES} at least"
            )),
            Kind::Morris { trajectories, .. } if trajectories < LEAST_TRAJECTORIES => Some(format!(
                "trajectories = {trajectories} are too few for effects; write trajectories = {LEAST_TRAJECTORIES} at least"
            )),
            Kind::Sobol { points } | Kind::Saltelli { points } if !points.is_power_of_two() => {
                let above = points.checked_next_power_of_two().unwrap_or(points);
                Some(format!(
                    "points = {points} is no power of two: a Sobol sequence covers the ranges evenly only at powers of two; write points = {} or {above}",
                    above / 2
                ))
            }
            _ => None,
        }
    }

    /// The word in plan files.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Grid => "grid",
            Kind::List { .. } => "list",
            Kind::LatinHypercube { .. } => "latin_hypercube",
            Kind::Sobol { .. } => "sobol",
            Kind::Morris { .. } => "morris",
            Kind::Saltelli { .. } => "saltelli",
        }
    }
}

/// A value of a factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Level {
    /// A number in the unit of the factor.
    Number(f64),
    /// A word, a truth, a date, a list, as `--set` takes it.
    Word(String),
}

/// What is varied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// Its name in tables: its key, unless the plan names it.
    pub name: String,
    /// Keys of the scenario it sets.
    pub keys: Vec<String>,
    /// Which values it takes.
    pub range: Range,
    /// The unit of its numbers, "times" of multiples; empty for plain numbers and words.
    pub unit: String,
    /// Are its numbers multiples of what the scenario states, at and below its keys?
    pub is_multiple: bool,
    /// Are its values numbers?
    pub is_number: bool,
    /// Are its numbers whole?
    pub is_whole: bool,
    /// What the key means.
    pub meaning: String,
    /// Grade of evidence of the value in the base: A, B or C; empty if nobody says.
    pub grade: String,
    /// The value in the base: 1 of multiples, nothing where it is no single number.
    pub base: Option<f64>,
}

/// Which values a factor takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// Anything between two numbers.
    Between {
        /// Least.
        low: f64,
        /// Most.
        high: f64,
        /// Even in the logarithm?
        is_log: bool,
    },
    /// One of these.
    Values(Vec<Level>),
    /// What the rows of a list say.
    Listed,
}

impl Level {
    /// The number it is, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Level::Number(number) => Some(*number),
            Level::Word(_) => None,
        }
    }

    /// As it is shown in a table.
    pub fn shown(&self) -> String {
        match self {
            Level::Number(number) => number.to_string(),
            Level::Word(text) => text.clone(),
        }
    }
}

impl Factor {
    /// The value at a share of the way from one number to another: even, or even in the logarithm.
    pub fn between(&self, low: f64, high: f64, is_log: bool, share: f64) -> f64 {
        use crate::ground::maths::{exp, ln};
        let value = match is_log {
            // the ends themselves, whatever the logarithm rounds
            _ if share <= 0.0 => low,
            _ if share >= 1.0 => high,
            false => low + (high - low) * share,
            true => exp(ln(low) + (ln(high) - ln(low)) * share).clamp(low, high),
        };
        if self.is_whole { value.round() } else { value }
    }
}

crate::said! {
    /// Why the values of a point cannot run together.
    NoPoint
}

impl Plan {
    /// What is fixed in an arm: the changes of all arms, then its own.
    pub(super) fn fixed<'a>(&'a self, arm: &'a Arm) -> impl Iterator<Item = String> + 'a {
        self.settings.iter().chain(&arm.settings).cloned()
    }

    /// The scenario of a point in an arm: what it was, with the fixed changes and the values of the factors;
    /// seed and replicate are the scenario's own.
    ///
    /// # Errors
    /// Why these values cannot run together, in a sentence.
    pub fn scenario(&self, arm: &Arm, values: &[Level], reader: Reader) -> Result<Scenario, NoPoint> {
        let changes = self.factors.iter().zip(values).flat_map(|(factor, value)| factor.settings(value, &arm.base));
        let settings: Vec<String> = self.fixed(arm).chain(changes).collect();
        load(&arm.path, &settings, reader).map_err(|problems| {
            let first = problems.iter().next();
            NoPoint(first.map_or_else(String::new, |problem| problem.title.clone()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn too_few_points_and_uneven_ones_are_remarked() {
        let said = |kind: Kind| kind.remark().unwrap_or_default();
        assert!(said(Kind::Sobol { points: 100 }).contains("write points = 64 or 128"));
        assert!(said(Kind::Saltelli { points: 48 }).contains("no power of two"));
        assert!(said(Kind::Saltelli { points: 16 }).contains("too few"));
        assert!(said(Kind::Morris { trajectories: 3, levels: 4 }).contains("too few"));
        assert_eq!(said(Kind::Saltelli { points: 32 }) + &said(Kind::Sobol { points: 1 }), "");
        assert_eq!(said(Kind::Morris { trajectories: 4, levels: 4 }) + &said(Kind::Grid), "");
    }
}
