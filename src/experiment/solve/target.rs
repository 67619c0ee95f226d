//! A target in one line: an outcome, a side and a value, `peak(unemployment_rate[USA, courier]) <= 8 %`.

use super::{Goal, Relation};
use crate::experiment::amount;
use crate::experiment::outcome::Outcome;
use crate::scenario::Scenario;

/// What an outcome is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The outcome.
    pub outcome: Outcome,
    /// What its mean over the replicates is to be.
    pub goal: Goal,
}

crate::said! {
    /// Why a line is no target of a scenario.
    NoTarget
}

impl Target {
    /// Reads a target of a scenario.
    ///
    /// # Errors
    /// What is wrong, and what to write.
    pub fn read(text: &str, scenario: &Scenario) -> Result<Target, NoTarget> {
        let sides = [("<=", Relation::AtMost), (">=", Relation::AtLeast)];
        let found = sides.into_iter().find_map(|(sign, relation)| text.split_once(sign).map(|parts| (parts, relation)));
        let Some(((outcome, value), relation)) = found else {
            let example = "last(unemployment_rate[USA]) <= 8 %";
            return Err(NoTarget(format!("{text:?} has neither <= nor >=; write for example {example:?}")));
        };
        let outcome = Outcome::read(outcome, scenario).map_err(String::from)?;
        let value = amount::read(value, outcome.unit(), &scenario.exchange())?;
        Ok(Target { outcome, goal: Goal { relation, value } })
    }

    /// The target in words.
    pub fn words(&self) -> String {
        let sign = match self.goal.relation {
            Relation::AtMost => "<=",
            Relation::AtLeast => ">=",
        };
        format!("{} {sign} {}", self.outcome, self.shown(self.goal.value))
    }

    /// A value of the outcome for people.
    pub fn shown(&self, value: f64) -> String {
        amount::shown(value, self.outcome.unit())
    }
}
