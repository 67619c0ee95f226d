//! Workers refuse the camera together.
//!
//! The most skilled share of the chosen occupations refuses whatever its score says. Strikes in one
//! region and occupation do not add up; the largest counts.
//!
//! Left out: strikes that stop work, strike pay, dismissal of strikers beyond that of any who refuse.

use super::{Date, Happening, Names, Shocks, Start, dated_and_placed, fault, is_listed, named, per_cent, places};
use crate::economy::fault::Fault;
use crate::economy::lists::Occupation;
use crate::economy::lists::SiteType;
use crate::ground::list::Listed;
use crate::ground::units::Share;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Workers refuse the camera together.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Strike {
    /// First day.
    pub from: Date,
    /// First day after; for good if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Where; everywhere if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-names" = "region"))]
    pub regions: Option<Vec<String>>,
    /// Who; all filmed occupations if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupations: Option<Vec<Occupation>>,
    /// The most skilled share of them that strikes.
    pub most_skilled: Share,
}

impl Happening for Strike {
    dated_and_placed!();

    fn faults(&self, _: &Names, _: &Start) -> Vec<Fault> {
        let is_filmed = |o: &&Occupation| o.site_type() == SiteType::Factory;
        match self.occupations.iter().flatten().find(|o| !is_filmed(o)) {
            Some(other) => fault("occupations", format!("nobody films a {}; only factories are filmed", other.name())),
            None => Vec::new(),
        }
    }

    fn says(&self) -> String {
        let who = named(self.occupations.as_deref(), |o| format!("{} workers", o.name()), "workers");
        format!("of the {who} asked, the most skilled {} refuse the camera together", per_cent(self.most_skilled.0))
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for region in places(self.regions.as_deref(), names.regions) {
            for &o in Occupation::ALL.iter().filter(|o| is_listed(self.occupations.as_ref(), o)) {
                let share = &mut shocks.strike[region][o.index()];
                *share = share.max(self.most_skilled.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn those_who_are_called_out_refuse_and_nobody_else() {
        let found = shocks(
            r#"{"kind":"strike","from":"2029-01","regions":["IND"],"occupations":["tool_and_die"],"most_skilled":0.3}"#,
        );
        assert_eq!(found.strike, [[0.0, 0.0, 0.3, 0.0, 0.0, 0.0], [0.0; 6]]);
    }
}
