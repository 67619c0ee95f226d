//! Floor 2: reads the economy, never writes it.
//!
//! [`identities`] checks every tick that nothing came from nowhere; [`indicators`] and [`receipt`]
//! turn the state into what is reported; [`gains`] adds up who gained and who lost.

pub mod fate;
pub mod gains;
pub mod identities;
pub mod indicators;
pub mod life;
pub mod panel;
pub mod receipt;
pub mod rows;
pub mod sample;

use crate::economy::calendar::Phase;
use crate::economy::policy::{Agenda, has_started};
use crate::economy::world::flows::Flow;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use indicators::{Bases, Flows, Series, Wanted};
use receipt::Receipt;

/// Adds audit and observation to a calendar, and what they write to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    let regions = world.resource::<Agenda>().names.regions.len();
    world.insert_resource(Series::default());
    world.insert_resource(Wanted::default());
    world.insert_resource(Bases::default());
    world.insert_resource(Flows::new(Flow::ALL.len() * regions * regions));
    world.insert_resource(Receipt::new(regions));
    watch(schedule);
}

/// Adds what is watched to the calendar's last phases.
pub fn watch(schedule: &mut Schedule) {
    schedule.add_systems(identities::audit.in_set(Phase::Audit));
    schedule.add_systems(
        (indicators::record, indicators::record_flows, receipt::write_receipt.run_if(has_started))
            .chain()
            .in_set(Phase::Observation),
    );
}
