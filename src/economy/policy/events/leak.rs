//! A lab's hours get into other hands.
//!
//! From the first day on the labs named, or all others, can use a share of whatever the lab holds, as
//! if it had pooled them: those that people recorded, the initial stock, and the robots' own. What is
//! pooled already cannot leak again: with pooling p and leak s another lab uses p + (1 - p) s. What is
//! out stays out, so there is no last day. People whose hours leaked are owed royalties by whoever
//! uses them.
//!
//! Left out: that a thief would not pay; damages; a leak that ends with the day it happened.

use super::{Date, Happening, Names, Shocks, Start, fault, happens, named, per_cent, places, unknown_labs};
use crate::economy::shared::fault::Fault;
use crate::ground::units::Share;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A lab's hours get into other hands.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DataLeak {
    /// First day.
    pub from: Date,
    /// Whose hours.
    #[schemars(extend("x-names" = "lab"))]
    pub lab: String,
    /// Which labs get them; all others if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-names" = "lab"))]
    pub labs: Option<Vec<String>>,
    /// Share of the hours.
    pub share: Share,
}

happens! { DataLeak: from, labs }

impl Happening for DataLeak {
    fn faults(&self, names: &Names, _: &Start) -> Vec<Fault> {
        let mut found = unknown_labs(self.labs.as_deref(), names);
        if !names.labs.contains(&self.lab) {
            found.extend(fault("lab", format!("there is no lab {:?}; there are {:?}", self.lab, names.labs)));
        } else if found.is_empty() && places(self.labs.as_deref(), &names.labs).all(|lab| names.labs[lab] == self.lab) {
            found.extend(fault("lab", "name another lab that gets its hours"));
        }
        found
    }

    fn says(&self) -> String {
        let to = named(self.labs.as_deref(), |lab| format!("the {lab}"), "every other lab");
        format!("{} of the hours of the {} leak to {to}", per_cent(self.share.0), self.lab)
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for whose in places(Some(std::slice::from_ref(&self.lab)), &names.labs) {
            for by in places(self.labs.as_deref(), &names.labs).filter(|&lab| lab != whose) {
                let kept = 1.0 - shocks.leaked[whose][by];
                shocks.leaked[whose][by] += kept * self.share.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn the_others_get_a_share_and_the_lab_nothing() {
        let found = shocks(r#"{"kind":"data_leak","from":"2029-01","lab":"A lab","share":0.4}"#);
        assert_eq!(found.leaked, [[0.0, 0.4], [0.0, 0.0]]);
    }
}
