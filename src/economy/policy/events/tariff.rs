//! Robots made elsewhere are taxed at the border.
//!
//! A site that buys a robot whose maker's home is another region pays the tariff, a share of the
//! price, to its own government. Like a robot tax it enters the payback, and what becomes of it is
//! decided by the lever `recycling`. Tariffs add up.
//!
//! Left out: retaliation, part of the tariff borne by the maker, makers that move behind the border.

use super::import_ban::at_home;
use super::{Date, Happening, Names, Shocks, Start, dated_and_placed, is_listed, named, per_cent, places};
use crate::economy::fault::Fault;
use crate::economy::lists::Class;
use crate::ground::list::Listed;
use crate::ground::units::Size;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Robots made elsewhere are taxed at the border.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RobotTariff {
    /// First day.
    pub from: Date,
    /// First day after; for good if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Where; everywhere if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-names" = "region"))]
    pub regions: Option<Vec<String>>,
    /// On which classes; on all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<Class>>,
    /// Share of the price; may be more than the whole.
    pub rate: Size,
}

impl Happening for RobotTariff {
    dated_and_placed!();

    fn faults(&self, names: &Names, start: &Start) -> Vec<Fault> {
        at_home(self.regions.as_deref(), self.classes.as_ref(), names, start)
    }

    fn says(&self) -> String {
        let robots = named(self.classes.as_deref(), |class| format!("{} robots", class.name()), "robots");
        format!("{robots} made elsewhere pay a tariff of {} of their price", per_cent(self.rate.0))
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for region in places(self.regions.as_deref(), names.regions) {
            for class in Class::ALL.iter().filter(|class| is_listed(self.classes.as_ref(), class)) {
                shocks.tariff[region][class.index()] += self.rate.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn a_tariff_is_on_classes_in_regions() {
        let found =
            shocks(r#"{"kind":"robot_tariff","from":"2029-01","regions":["USA"],"classes":["amr"],"rate":"145 %"}"#);
        assert_eq!(found.tariff, [[0.0; 4], [0.0, 0.0, 1.45, 0.0]]);
    }
}
