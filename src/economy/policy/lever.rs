//! What a lever is: what it can be set to, and what there is to know of it without its value.

use crate::ground::units::{Share, Span, UsdPerHour, UsdPerWeek};
use crate::listed;

listed! {
    /// What a worker may say to the camera.
    Regime, "data-rights regime":
    /// Refusing risks the job.
    None,
    /// Workers are told; refusing risks the job at half the hazard.
    Notice,
    /// Nobody is filmed who did not agree, and nothing is risked by refusing.
    Consent,
    /// The covered workers of a site decide as one.
    Bargaining,
    /// No filming at work.
    Ban,
}

listed! {
    /// By what a royalty is shared among contributors.
    Basis, "royalty basis":
    /// Accepted hours.
    Hours,
    /// Accepted hours times skill.
    QualityHours,
    /// The same to everybody who ever contributed.
    Equal,
    /// The same to every worker of the contributors' region and occupation.
    Collective,
}

listed! {
    /// What a government does with robot tax, tariff and data levy.
    Recycling, "recycling":
    /// Keeps them.
    Deficit,
    /// Hands them back, the same to everybody.
    Dividend,
    /// Opens training places.
    Training,
}

/// What a lever can be set to.
pub trait Setting: Copy {
    /// Is it a number, so that it can be phased in?
    const IS_NUMBER: bool;
    /// The value when `part` of the way to `goal` is behind, 0 to 1; a word has no way to go.
    fn towards(self, goal: Self, part: f64) -> Self;
}

macro_rules! settings {
    (numbers: $($number:ident)*; words: $($word:ident)*;) => {
        $(impl Setting for $number {
            const IS_NUMBER: bool = true;
            fn towards(self, goal: Self, part: f64) -> Self {
                // at the end exactly the goal, whatever rounding says
                if part >= 1.0 { goal } else { $number(self.0 + (goal.0 - self.0) * part) }
            }
        })*
        $(impl Setting for $word {
            const IS_NUMBER: bool = false;
            fn towards(self, goal: Self, _: f64) -> Self {
                goal
            }
        })*
    };
}

settings! {
    numbers: Share Span UsdPerHour UsdPerWeek;
    words: Regime Basis Recycling bool;
}

/// What there is to know of a lever without its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lever {
    /// The word in files.
    pub name: &'static str,
    /// The type of its value.
    pub kind: &'static str,
    /// Can it be phased in?
    pub is_number: bool,
    /// Can it be set for some occupations only?
    pub is_by_occupation: bool,
    /// What it says in a sentence, by its value; "" is every other value, which stands for {}.
    pub says: &'static [(&'static str, &'static str)],
    /// The lever without which it does nothing.
    pub needs: Option<Needs>,
    /// What it does to an indicator; none if a single value cannot say it.
    pub moves: Option<Moves>,
}

impl Lever {
    /// The sentence on a value, where {} stands for the value; none if there is none.
    pub fn sentence(&self, value: &str) -> Option<&'static str> {
        let of = |wanted: &str| self.says.iter().find(|(known, _)| *known == wanted).map(|(_, says)| *says);
        of(value).or_else(|| of(""))
    }
}

/// The lever on which another one depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Its word in files.
    pub lever: &'static str,
    /// Values at which the other one acts; if none is named, all but zero.
    pub at: &'static [&'static str],
}

impl Needs {
    /// Does the other lever act at this value?
    pub fn is_met(&self, value: &str) -> bool {
        if self.at.is_empty() { value.trim_end_matches(".0") != "0" } else { self.at.contains(&value) }
    }
}

/// What a lever does when it is set to a value: tests enact it and look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moves {
    /// The word of the indicator.
    pub metric: &'static str,
    /// Does the indicator rise? It falls otherwise.
    pub is_up: bool,
    /// The value, as a scenario file writes it.
    pub at: &'static str,
    /// Region where it shows.
    pub region: &'static str,
    /// Of what the indicator is, "all" where nothing is split.
    pub item: &'static str,
}
