//! Goods made elsewhere are taxed at the border.
//!
//! In the regions named, buyers of factories' goods from other regions pay a share of the price on top of it, to their own
//! government. What becomes of it is decided by the lever `recycling`. Tariffs add up. If demand is nested
//! (`trade.demand`), what is taxed becomes dearer than what is not, and purchases move as to any other price, with the
//! same half-life: home and untaxed origins gain. With fixed shares of trade the tariff is paid and nothing moves.
//!
//! Left out: retaliation, unless another event says so; the part of a price that is not work of the model, which pays
//! the tariff too; exporters that ask less; goods that go through a third region.

use super::{Happening, Names, Shocks, Start, dated_and_placed, fault, is_listed, named, per_cent, places};
use crate::economy::shared::fault::Fault;
use crate::ground::units::Size;

dated_and_placed! {
    /// Goods made elsewhere are taxed at the border.
    pub struct GoodsTariff, in "Who taxes; everywhere if absent." {
        /// Whose goods are taxed; those of all other regions if absent.
        #[schemars(extend("x-names" = "region"))]
        pub origins: Option<Vec<String>>,
        /// Share of the price; may be more than the whole.
        pub rate: Size,
    }
}

impl Happening for GoodsTariff {
    fn faults(&self, names: &Names, _start: &Start) -> Vec<Fault> {
        let unknown = self.origins.iter().flatten().enumerate().filter(|(_, name)| !names.regions.contains(name));
        let about = |(place, name): (usize, &String)| Fault {
            key: format!("origins.{place}"),
            words: format!("there is no region {name:?}; there are {:?}", names.regions),
        };
        let unknown: Vec<Fault> = unknown.map(about).collect();
        let markets = || places(self.regions.as_deref(), &names.regions);
        let crosses = places(self.origins.as_deref(), &names.regions).any(|r| markets().any(|m| m != r));
        if unknown.is_empty() && !crosses {
            return fault("kind", "none of these goods crosses a border into these regions");
        }
        unknown
    }

    fn says(&self) -> String {
        let from = named(self.origins.as_deref(), String::clone, "elsewhere");
        let made = if self.origins.is_some() { format!("in {from}") } else { from };
        format!("goods made {made} pay a tariff of {} of their price", per_cent(self.rate.0))
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for market in places(self.regions.as_deref(), &names.regions) {
            for origin in names.regions.iter().enumerate().filter(|(_, name)| is_listed(self.origins.as_ref(), name)) {
                shocks.goods_tariff[origin.0][market] += self.rate.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn a_tariff_is_on_goods_from_some_regions_in_others() {
        let text = r#"{"kind":"goods_tariff","from":"2029-01","regions":["USA"],"origins":["IND"],"rate":"25 %"}"#;
        let found = shocks(text);
        assert_eq!(found.goods_tariff, [[0.0, 0.25], [0.0, 0.0]]);
        assert_eq!((found.goods_tariff_on(0, 1), found.goods_tariff_on(1, 0)), (0.25, 0.0));
    }

    #[test]
    fn nobody_taxes_what_is_made_at_home() {
        let found = shocks(r#"{"kind":"goods_tariff","from":"2029-01","rate":"25 %"}"#);
        assert_eq!((found.goods_tariff_on(1, 1), found.goods_tariff_on(0, 1)), (0.0, 0.25));
    }
}
