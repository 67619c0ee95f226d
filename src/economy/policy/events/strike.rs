//! Workers refuse the camera together.
//!
//! The most skilled share of the chosen occupations refuses whatever its score says. Strikes in one
//! region and occupation do not add up; the largest counts.
//!
//! Left out: strikes that stop work, strike pay, dismissal of strikers beyond that of any who refuse.

use super::{About, Happening, Names, Shocks, Start, dated_and_placed, fault, named, per_cent};
use crate::economy::shared::fault::Fault;
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::SiteType;
use crate::ground::list::Listed;
use crate::ground::units::Share;

dated_and_placed! {
    /// Workers refuse the camera together.
    pub struct Strike {
        /// Who; all filmed occupations if absent.
        pub occupations: Option<Vec<Occupation>>,
        /// The most skilled share of them that strikes.
        pub most_skilled: Share,
    }
}

impl Happening for Strike {
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
        self.raise(names, &mut shocks.strike, self.most_skilled.0);
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
