//! A share of the sites stands still: flood, earthquake, heat.
//!
//! Of each type named, so many sites of a region do no jobs, with people or robots, and film nobody.
//! Jobs go on arriving and wait; customers balk as always when it takes long. The workers keep their
//! jobs and are paid; the site's owners make good the loss. Nobody is given notice and nobody who
//! leaves is replaced until work goes on; robots fail, retire and are paid for, but none is ordered.
//! The same sites stand still first in every disaster, because they stand where the water comes.
//! Disasters in one place do not add up; the largest counts.
//!
//! Left out: people killed or driven away, robots and stocks destroyed, workers sent home unpaid,
//! work moved to other sites, aid.

use super::{About, Happening, Names, Shocks, dated_and_placed, named, per_cent};
use crate::economy::world::lists::SiteType;
use crate::ground::list::Listed;
use crate::ground::units::Share;

dated_and_placed! {
    /// A share of the sites stands still.
    pub struct NaturalDisaster {
        /// Which types of site; all if absent.
        pub sites: Option<Vec<SiteType>>,
        /// Share of the sites of each type, rounded, and at least one site.
        pub share: Share,
    }
}

impl Happening for NaturalDisaster {
    fn says(&self) -> String {
        let sites = named(self.sites.as_deref(), |site| format!("{} sites", site.name()), "sites of every type");
        format!("a disaster stops {} of the {sites}", per_cent(self.share.0))
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        self.raise(names, &mut shocks.standing_still, self.share.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn a_flood_stops_a_share_of_the_sites_named() {
        let found = shocks(
            r#"{"kind":"natural_disaster","from":"2029-07","until":"2029-09","regions":["IND"],"sites":["factory"],"share":0.2}"#,
        );
        assert_eq!(found.standing_still, [[0.2, 0.0, 0.0], [0.0; 3]]);
    }
}
