//! A better method: models fail less, or an hour teaches more.
//!
//! `failure` multiplies what is left of failure on one sub-task, E = failure * E(D), in the task
//! families and at the labs named; 0.5 halves it, also the part that no hours remove. `hours`
//! multiplies effective hours, D = hours * D: each hour, past and future, teaches so much more. Both
//! reach robots with the lab's next release. What is known stays known, so there is no last day.
//! Whose hours were learnt from does not change, so royalties are due to the same people.
//!
//! Left out: what the method costs, and its spread to labs that are not named.

use super::{Date, Happening, Names, Shocks, Start, each, fault, happens, named, unknown_labs};
use crate::economy::shared::fault::Fault;
use crate::economy::world::lists::Family;
use crate::ground::list::Listed;
use crate::ground::units::{Share, Size};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A better method: models fail less, or an hour teaches more.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CapabilityBreakthrough {
    /// First day.
    pub from: Date,
    /// Which labs have it; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-names" = "lab"))]
    pub labs: Option<Vec<String>>,
    /// In which task families; in all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub families: Option<Vec<Family>>,
    /// Factor on failure, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Share>,
    /// Factor on effective hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Size>,
}

happens! { CapabilityBreakthrough: from, labs }

impl Happening for CapabilityBreakthrough {
    fn faults(&self, names: &Names, _: &Start) -> Vec<Fault> {
        let mut found = unknown_labs(self.labs.as_deref(), names);
        if (self.failure, self.hours) == (None, None) {
            found.extend(fault("kind", "say what the breakthrough does: failure = 0.5, or hours = 3"));
        }
        found
    }

    fn says(&self) -> String {
        let whose = named(self.labs.as_deref(), |lab| format!("the {lab}"), "every lab");
        let what = named(self.families.as_deref(), |family| format!(" at {}", family.name()), "");
        let failure = self.failure.map(|factor| format!("robots fail {} times as often{what}", factor.0));
        let hours = self.hours.map(|factor| format!("an hour teaches {} times as much{what}", factor.0));
        let effects: Vec<String> = failure.into_iter().chain(hours).collect();
        format!("{whose} finds a better method: {}", effects.join(", and "))
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for (lab, family) in each(self.labs.as_deref(), &names.labs, self.families.as_ref()) {
            shocks.failure[lab][family.index()] *= self.failure.map_or(1.0, |share| share.0);
            shocks.teaching[lab][family.index()] *= self.hours.map_or(1.0, |factor| factor.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn a_breakthrough_is_where_it_was_made() {
        let found = shocks(
            r#"{"kind":"capability_breakthrough","from":"2029-01","labs":["B lab"],"families":["handover"],"failure":0.5}"#,
        );
        assert_eq!(found.failure, [[1.0; 5], [1.0, 0.5, 1.0, 1.0, 1.0]]);
        assert_eq!(found.teaching, [[1.0; 5]; 2]);
        let found = shocks(r#"{"kind":"capability_breakthrough","from":"2029-01","hours":3}"#);
        assert_eq!(found.teaching, [[3.0; 5]; 2]);
    }
}
