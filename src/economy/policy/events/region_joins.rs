//! Labs begin to collect hours in a region.
//!
//! From the first day on the labs named, or all, look for factories in the region as they do
//! elsewhere: sites join when hours are short, on the terms of the region's data rights. Nobody is
//! made to film, and where the law bans filming nobody does. The region stays in, so there is no last
//! day; a ban ends it.
//!
//! Left out: what it takes to open a programme in a new region.

use super::{Date, Happening, Names, Shocks, Start, When, named, places, unknown_labs};
use crate::economy::shared::fault::Fault;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Labs begin to collect hours in a region.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewRegionJoins {
    /// First day.
    pub from: Date,
    /// Which regions.
    #[schemars(extend("x-names" = "region"))]
    pub regions: Vec<String>,
    /// Which labs collect there; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-names" = "lab"))]
    pub labs: Option<Vec<String>>,
}

impl When for NewRegionJoins {
    fn from(&self) -> Date {
        self.from
    }

    fn regions(&self) -> Option<&[String]> {
        Some(&self.regions)
    }

    fn labs(&self) -> Option<&[String]> {
        self.labs.as_deref()
    }
}

impl Happening for NewRegionJoins {
    fn faults(&self, names: &Names, start: &Start) -> Vec<Fault> {
        let mut found = unknown_labs(self.labs.as_deref(), names);
        if !found.is_empty() {
            return found;
        }
        let collects = |lab: usize, region: &String| start.collects[lab].contains(region);
        for (place, region) in self.regions.iter().enumerate() {
            if places(self.labs.as_deref(), &names.labs).all(|lab| collects(lab, region)) {
                let words = format!("these labs collect in {region:?} from the start");
                found.push(Fault { key: format!("regions.{place}"), words });
            }
        }
        found
    }

    fn says(&self) -> String {
        let labs = named(self.labs.as_deref(), |lab| format!("the {lab}"), "every lab");
        format!("{labs} begins to collect filmed hours")
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for region in places(Some(&self.regions), &names.regions) {
            for lab in places(self.labs.as_deref(), &names.labs) {
                shocks.collects[region] |= 1 << lab;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn the_labs_named_collect_in_the_region() {
        let found = shocks(r#"{"kind":"new_region_joins","from":"2029-01","regions":["USA"],"labs":["B lab"]}"#);
        assert!(found.has_begun_to_collect(1, 1) && !found.has_begun_to_collect(0, 1));
        assert!(!found.has_begun_to_collect(1, 0));
    }
}
