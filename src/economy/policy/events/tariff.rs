//! Robots made elsewhere are taxed at the border.
//!
//! A site that buys a robot whose maker's home is another region pays the tariff, a share of the
//! price, to its own government. Like a robot tax it enters the payback, and what becomes of it is
//! decided by the lever `recycling`. Tariffs add up.
//!
//! Left out: retaliation, part of the tariff borne by the maker, makers that move behind the border.

use super::import_ban::at_home;
use super::{About, Happening, Names, Shocks, Start, dated_and_placed, named, per_cent};
use crate::economy::shared::fault::Fault;
use crate::economy::world::lists::Class;
use crate::ground::list::Listed;
use crate::ground::units::Size;

dated_and_placed! {
    /// Robots made elsewhere are taxed at the border.
    pub struct RobotTariff {
        /// On which classes; on all if absent.
        pub classes: Option<Vec<Class>>,
        /// Share of the price; may be more than the whole.
        pub rate: Size,
    }
}

impl Happening for RobotTariff {
    fn faults(&self, names: &Names, start: &Start) -> Vec<Fault> {
        at_home(self.regions.as_deref(), self.classes.as_ref(), names, start)
    }

    fn says(&self) -> String {
        let robots = named(self.classes.as_deref(), |class| format!("{} robots", class.name()), "robots");
        format!("{robots} made elsewhere pay a tariff of {} of their price", per_cent(self.rate.0))
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for (region, class) in self.each(names) {
            shocks.tariff[region][class.index()] += self.rate.0;
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
