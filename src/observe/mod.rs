//! Floor 2: reads the economy, never writes it.
//!
//! [`identities`] checks every tick that nothing came from nowhere; [`indicators`] and [`receipt`]
//! turn the state into what is reported.

pub mod fate;
pub mod identities;
pub mod indicators;
pub mod life;
pub mod panel;
pub mod receipt;
pub mod rows;
pub mod sample;

use crate::economy::calendar::Phase;
use crate::economy::flows::Flow;
use crate::economy::policy::{Agenda, Clock, RunParameters};
use crate::economy::settlement::wallets::Takes;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use indicators::{Bases, Flows, Series};
use receipt::Receipt;
use serde::{Deserialize, Serialize};

/// Adds audit and observation to a calendar, and what they write to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    let regions = world.resource::<Agenda>().regions.len();
    world.insert_resource(Rhythm::new(world.resource::<RunParameters>()));
    world.insert_resource(Series::default());
    world.insert_resource(Bases::default());
    world.insert_resource(Flows::new(Flow::ALL.len() * regions * regions));
    world.insert_resource(Receipt::new(regions));
    watch(schedule);
}

/// Adds what is watched to the calendar's last phases, and what decides when.
pub fn watch(schedule: &mut Schedule) {
    schedule.add_systems(decide_recording.in_set(Phase::Policy));
    schedule.add_systems(identities::audit.in_set(Phase::Audit));
    schedule.add_systems(
        (indicators::record, indicators::record_flows, receipt::write_receipt).chain().in_set(Phase::Observation),
    );
}

/// When indicators are recorded.
#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
pub struct Rhythm {
    /// Ticks between two records.
    pub every: i32,
    /// Is the present tick recorded?
    pub is_due: bool,
    /// Ticks since the last record, this one included.
    pub elapsed: i32,
}

impl Rhythm {
    fn new(run: &RunParameters) -> Self {
        let every = Clock::of(run).ticks_in(run.record_every.0).max(1);
        Rhythm { every, is_due: false, elapsed: 0 }
    }
}

fn decide_recording(clock: Res<Clock>, mut rhythm: ResMut<Rhythm>, mut takes: ResMut<Takes>) {
    // the last tick of a record's interval is recorded, so that flows are means over the interval
    let tick = clock.tick;
    rhythm.elapsed = if tick < 0 { 0 } else { tick.rem_euclid(rhythm.every) + 1 };
    rhythm.is_due = tick >= 0 && rhythm.elapsed == rhythm.every;
    takes.wants_distribution = rhythm.is_due;
}
