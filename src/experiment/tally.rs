//! What is said first of a run: who gained and who lost, and when robots did much of the work.

use super::absorbed::Path;
use super::became::{Became, READ};
use super::compare::headlines::{self, Headline, headlines};
use super::compare::lives::LifeTable;
use super::run::Results;
use crate::observe::gains::Gains;
use crate::observe::indicators::Wanted;

/// What is kept of a run to be said first, however many runs there are.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Who gained, who lost, who was paid.
    pub gains: Gains,
    /// Work done by robots beyond the start, in the world.
    pub absorbed: Path,
    /// What became of that work, by region.
    pub became: Vec<Became>,
    /// The headlines that one world gives, of the world and by region; what it has not is NaN.
    pub headlines: Vec<(Headline, f64)>,
}

impl Tally {
    /// What must be recorded for it.
    pub fn wanted() -> Wanted {
        Gains::wanted().and(headlines::wanted()).and(Wanted::metrics(READ))
    }

    /// That of a run.
    pub fn of(results: &Results) -> Tally {
        // lives are of pairs of worlds
        let headlines = headlines(results, &LifeTable::new(), false);
        Tally { gains: results.gains(), absorbed: Path::of_world(results), became: Became::of(results), headlines }
    }
}
