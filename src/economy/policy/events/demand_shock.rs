//! Demand for some jobs moves: a recession, a boom, a lockdown.
//!
//! The expected jobs of the chosen kinds are multiplied by a factor. Shocks multiply.
//!
//! Left out: a path of recovery; state two events with different factors instead.

use super::{Date, Happening, Names, Shocks, dated_and_placed, is_listed, named, places};
use crate::economy::lists::Kind;
use crate::ground::list::Listed;
use crate::ground::units::Size;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Demand for some jobs moves.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DemandShock {
    /// First day.
    pub from: Date,
    /// First day after; for good if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Where; everywhere if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-names" = "region"))]
    pub regions: Option<Vec<String>>,
    /// Which; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jobs: Option<Vec<Kind>>,
    /// Factor on demand.
    pub factor: Size,
}

impl Happening for DemandShock {
    dated_and_placed!();

    fn says(&self) -> String {
        let jobs = named(self.jobs.as_deref(), |kind| format!(" for {}", kind.name()), "");
        format!("demand{jobs} is {} times what it would be", self.factor.0)
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for region in places(self.regions.as_deref(), names.regions) {
            for kind in Kind::ALL.iter().filter(|kind| is_listed(self.jobs.as_ref(), kind)) {
                shocks.demand[region][kind.index()] *= self.factor.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn only_the_jobs_named_move() {
        let found = shocks(r#"{"kind":"demand_shock","from":"2029-01","jobs":["picking"],"factor":0.8}"#);
        assert_eq!(found.demand, [[1.0, 1.0, 1.0, 1.0, 0.8, 1.0, 1.0]; 2]);
    }
}
