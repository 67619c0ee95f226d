//! Somebody with a certain fate, found among the rows at the end of a run.

use super::rows::{WorkerId, standing};
use crate::economy::settlement::payslip::Standing;
use crate::economy::world::lists::Occupation;
use crate::economy::world::people::{Columns, NEVER, REFUSES, WAITING};
use crate::listed;
use bevy_ecs::prelude::*;

listed! {
    /// What to look for in somebody's life, when no name is given; the words are those of a wish.
    Fate, "fate":
    /// Lost the job to robots.
    Displaced,
    /// Lost the job to robots and has not found another at the end.
    StillWaiting = "displaced and without work",
    /// Was ever filmed.
    Filmed,
    /// Refuses the camera at the end.
    Refusing,
    /// Attended a course.
    Trained,
    /// Anybody.
    Anybody = "there",
}

impl Fate {
    fn fits(self, row: &Standing) -> bool {
        match self {
            Fate::Displaced => row.scarred != NEVER,
            Fate::StillWaiting => row.has(WAITING),
            Fate::Filmed => row.hours > 0,
            Fate::Refusing => row.has(REFUSES),
            Fate::Trained => row.trained != NEVER,
            Fate::Anybody => true,
        }
    }
}

/// The worker with the lowest ordinal of a region and occupation who met a fate, at the end of a run.
pub fn find(world: &mut World, region: usize, occupation: Occupation, fate: Fate) -> Option<WorkerId> {
    let mut cohorts = world.query::<Columns>();
    let mine = cohorts
        .iter(world)
        .filter(|columns| columns.cohort.region == region && columns.cohort.occupation == occupation);
    let mut found = mine.filter_map(|columns| {
        let row = (0..columns.status.0.len()).find(|&row| fate.fits(&standing(&columns, row)))?;
        Some(columns.cohort.first + row as u32)
    });
    found.next().map(|ordinal| WorkerId { region, occupation, ordinal })
}
