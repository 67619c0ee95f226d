//! The words of the model: occupations, site types, job kinds, task families, robot classes, and what belongs to what.

use crate::ground::list::Listed;
use crate::listed;

listed! {
    /// What a worker has learnt to do.
    Occupation, "occupation":
    /// Puts parts together.
    Assembler,
    /// Tends a machine.
    Operator,
    /// Makes tools, dies and jigs.
    ToolAndDie,
    /// Fetches, carries, packs.
    Helper,
    /// Picks orders in a warehouse.
    Picker,
    /// Brings parcels to the door.
    Courier,
}

impl Occupation {
    /// How many there are.
    pub const COUNT: usize = 6;
}

listed! {
    /// What a site is.
    SiteType, "site type":
    /// Makes goods; can be filmed.
    Factory,
    /// Picks orders.
    Warehouse,
    /// Delivers parcels.
    Depot,
}

listed! {
    /// A kind of job: one occupation does it by hand, one robot class by itself.
    Kind, "job kind":
    /// Parts put together.
    Assembly,
    /// Machines tended.
    Tending = "machine_tending",
    /// Tools and dies made.
    ToolWork = "tool_and_die_work",
    /// Material moved inside a factory.
    MaterialHandling,
    /// Order lines picked.
    Picking,
    /// A parcel's last haul to the neighbourhood.
    StationLeg,
    /// A parcel handed over at the door.
    Doorstep,
}

listed! {
    /// A family of tasks that shares what is learnt.
    Family, "task family":
    /// Grasp, move, place.
    Handling,
    /// Hand over to a person at a door.
    Handover,
    /// Put together.
    Assembly,
    /// Tend machines.
    Machining,
    /// Make tools.
    Toolmaking,
}

listed! {
    /// A class of robot.
    Class, "robot class":
    /// Low-speed delivery van for the station leg.
    Van,
    /// Sidewalk robot for the doorstep.
    Sidewalk,
    /// Mobile robot that picks and moves material.
    Amr,
    /// Arm or humanoid at a work place.
    Manipulator,
}

impl SiteType {
    /// The job kinds done there, in their order.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            SiteType::Factory => &[Kind::Assembly, Kind::Tending, Kind::ToolWork, Kind::MaterialHandling],
            SiteType::Warehouse => &[Kind::Picking],
            SiteType::Depot => &[Kind::StationLeg, Kind::Doorstep],
        }
    }

    /// The occupations employed there, in their order.
    pub fn occupations(self) -> &'static [Occupation] {
        match self {
            SiteType::Factory => {
                &[Occupation::Assembler, Occupation::Operator, Occupation::ToolAndDie, Occupation::Helper]
            }
            SiteType::Warehouse => &[Occupation::Picker],
            SiteType::Depot => &[Occupation::Courier],
        }
    }

    /// The robot classes that can work there.
    pub fn classes(self) -> &'static [Class] {
        match self {
            SiteType::Factory => &[Class::Amr, Class::Manipulator],
            SiteType::Warehouse => &[Class::Amr],
            SiteType::Depot => &[Class::Van, Class::Sidewalk],
        }
    }
}

impl Occupation {
    /// Where the occupation is employed.
    pub fn site_type(self) -> SiteType {
        match self {
            Occupation::Picker => SiteType::Warehouse,
            Occupation::Courier => SiteType::Depot,
            _ => SiteType::Factory,
        }
    }

    /// The family its own hours teach.
    pub fn family(self) -> Family {
        match self {
            Occupation::Assembler => Family::Assembly,
            Occupation::Operator => Family::Machining,
            Occupation::ToolAndDie => Family::Toolmaking,
            Occupation::Helper | Occupation::Picker => Family::Handling,
            Occupation::Courier => Family::Handover,
        }
    }

    /// Place of the occupation's crew at its site.
    pub fn slot(self) -> usize {
        self.site_type().occupations().iter().position(|&o| o == self).expect("its site has a crew of it")
    }
}

impl Family {
    /// How many there are.
    pub const COUNT: usize = 5;
}

impl Class {
    /// How many there are.
    pub const COUNT: usize = 4;

    /// Place of the first kind of job that robots of the class do.
    pub fn first_kind(self) -> usize {
        Kind::ALL.iter().position(|kind| kind.class() == self).expect("every class does something")
    }
}

impl Kind {
    /// How many there are.
    pub const COUNT: usize = 7;

    /// Who does it by hand.
    pub fn occupation(self) -> Occupation {
        match self {
            Kind::Assembly => Occupation::Assembler,
            Kind::Tending => Occupation::Operator,
            Kind::ToolWork => Occupation::ToolAndDie,
            Kind::MaterialHandling => Occupation::Helper,
            Kind::Picking => Occupation::Picker,
            Kind::StationLeg | Kind::Doorstep => Occupation::Courier,
        }
    }

    /// What a robot must have learnt to do it.
    pub fn family(self) -> Family {
        match self {
            Kind::Assembly => Family::Assembly,
            Kind::Tending => Family::Machining,
            Kind::ToolWork => Family::Toolmaking,
            Kind::MaterialHandling | Kind::Picking | Kind::StationLeg => Family::Handling,
            Kind::Doorstep => Family::Handover,
        }
    }

    /// Which robots do it.
    pub fn class(self) -> Class {
        match self {
            Kind::Assembly | Kind::Tending | Kind::ToolWork => Class::Manipulator,
            Kind::MaterialHandling | Kind::Picking => Class::Amr,
            Kind::StationLeg => Class::Van,
            Kind::Doorstep => Class::Sidewalk,
        }
    }

    /// Does the law of the road decide whether a robot may do it?
    pub fn is_on_the_street(self) -> bool {
        matches!(self, Kind::StationLeg | Kind::Doorstep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_has_a_doer_of_both_kinds_at_its_site() {
        for site in SiteType::ALL {
            for kind in site.kinds() {
                assert!(site.occupations().contains(&kind.occupation()));
                assert!(site.classes().contains(&kind.class()));
            }
        }
        assert_eq!(Kind::ALL.len(), SiteType::ALL.iter().map(|s| s.kinds().len()).sum::<usize>());
    }

    /// So that the jobs of a crew stand side by side, crew by crew.
    #[test]
    fn kinds_of_jobs_stand_in_the_order_of_those_who_do_them() {
        for site in SiteType::ALL {
            let mut doers: Vec<Occupation> = site.kinds().iter().map(|kind| kind.occupation()).collect();
            doers.dedup();
            assert_eq!(doers, site.occupations());
        }
    }
}
