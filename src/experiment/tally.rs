//! What is said first of a run: who gained and who lost, and when robots did much of the work.

use super::absorbed::Path;
use super::run::Results;
use crate::observe::gains::Gains;

/// What is kept of a run to be said first, however many runs there are.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Who gained, who lost, who was paid.
    pub gains: Gains,
    /// Work done by robots beyond the start, in the world.
    pub absorbed: Path,
}

impl Tally {
    /// That of a run.
    pub fn of(results: &Results) -> Tally {
        Tally { gains: results.gains(), absorbed: Path::of_world(results) }
    }
}
