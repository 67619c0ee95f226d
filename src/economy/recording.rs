//! When the week is written down: which ticks are recorded.

use super::policy::{Clock, RunParameters};
use super::settlement::wallets::Takes;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

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

/// Are distributions of wages, incomes and wallets counted for records? Nobody's week depends on it.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountsDistributions(pub bool);

impl Rhythm {
    /// The rhythm of a run, before its first tick.
    pub fn new(run: &RunParameters) -> Self {
        let every = Clock::of(run).ticks_in(run.record_every.0).max(1);
        Rhythm { every, is_due: false, elapsed: 0 }
    }
}

/// Decides whether this tick is recorded, and with it whether distributions of income are counted.
pub fn decide_recording(
    clock: Res<Clock>,
    counts: Res<CountsDistributions>,
    mut rhythm: ResMut<Rhythm>,
    mut takes: ResMut<Takes>,
) {
    // the last tick of a record's interval is recorded, so that flows are means over the interval
    let tick = clock.tick;
    rhythm.elapsed = if tick < 0 { 0 } else { tick.rem_euclid(rhythm.every) + 1 };
    rhythm.is_due = tick >= 0 && rhythm.elapsed == rhythm.every;
    takes.wants_distribution = rhythm.is_due && counts.0;
}
