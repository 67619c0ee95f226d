//! Robots made elsewhere may not be bought.
//!
//! In the regions named, sites order no robot of the classes named whose maker's home is another
//! region, neither more nor in place of those that retire; what is there serves out its life, with
//! its software. When the ban ends, plans go on from the fleet that is left.
//!
//! Left out: makers that open at home behind the ban, smuggling, second-hand robots, a ban on software.

use super::{About, Happening, Names, Shocks, Start, dated_and_placed, fault, is_listed, named, places};
use crate::economy::shared::fault::Fault;
use crate::economy::world::lists::Class;
use crate::ground::list::Listed;

dated_and_placed! {
    /// Robots made elsewhere may not be bought.
    pub struct RobotImportBan {
        /// Which classes; all if absent.
        pub classes: Option<Vec<Class>>,
    }
}

impl Happening for RobotImportBan {
    fn faults(&self, names: &Names, start: &Start) -> Vec<Fault> {
        at_home(self.regions.as_deref(), self.classes.as_ref(), names, start)
    }

    fn says(&self) -> String {
        let robots = named(self.classes.as_deref(), |class| format!("{} robots", class.name()), "robots");
        format!("no {robots} made elsewhere may be bought")
    }

    fn act(&self, names: &Names, shocks: &mut Shocks) {
        for (region, class) in self.each(names) {
            shocks.import_ban[region][class.index()] = true;
        }
    }
}

/// The fault of an event at borders that no robot of these classes crosses into these regions.
pub(super) fn at_home(
    regions: Option<&[String]>,
    classes: Option<&Vec<Class>>,
    names: &Names,
    start: &Start,
) -> Vec<Fault> {
    let maker = |class: Class| &start.robots.class[class].maker;
    let mut named = Class::ALL.iter().filter(|class| is_listed(classes, class));
    if named.any(|&class| places(regions, &names.regions).any(|region| names.regions[region] != *maker(class))) {
        return Vec::new();
    }
    let homes: Vec<_> = Class::ALL.iter().map(|&class| format!("{} {}", class.name(), maker(class))).collect();
    fault(
        "kind",
        format!("none of these robots crosses a border into these regions; they are made in: {}", homes.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::shocks;

    #[test]
    fn a_ban_is_on_classes_in_regions() {
        let found =
            shocks(r#"{"kind":"robot_import_ban","from":"2029-01","regions":["USA"],"classes":["van","manipulator"]}"#);
        assert_eq!(found.import_ban, [[false; 4], [true, false, false, true]]);
    }
}
