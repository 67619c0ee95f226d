//! Answers counted: by site, by quartile of skill, and what was taken back by refusing.

use crate::economy::world::people::Cohort;
use crate::economy::world::programme::MOST_CREWS;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Probabilities are summed in this fixed point.
pub(super) const PROBABILITY_ONE: f64 = 1_048_576.0;

/// Asked and refusing people of a region by skill quartile, in lots ([`crate::economy::shared::weights`]).
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Refusals(pub Vec<[(i64, i64); 4]>);

/// What workers took back by refusing: accepted milli-hours times skill factor, claims in milli-hours,
/// accepted milli-hours; all per agent.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct TakenBack {
    /// Accepted milli-hours times skill factor.
    pub quality: i128,
    /// Claims, milli-hours.
    pub claims: i128,
    /// Accepted milli-hours.
    pub hours: i128,
}

/// What a market's workers took back this tick.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Withdrawn(pub Vec<TakenBack>);

/// Answers of a crew, in agents, or in lots once they are added up.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) asked: i64,
    pub(super) refusing: i64,
    /// Sum of the probabilities of refusing where a crew decides as one, in fixed point.
    pub(super) refusal_sum: i64,
}

/// Answers of cohorts of one market.
pub(super) struct Answers {
    pub(super) by_site: Vec<Tally>,
    by_quartile: [(i64, i64); 4],
    pub(super) taken_back: TakenBack,
}

impl Answers {
    /// None yet, of so many sites.
    pub(super) fn of(sites: usize) -> Answers {
        Answers { by_site: vec![Tally::default(); sites], by_quartile: [(0, 0); 4], taken_back: TakenBack::default() }
    }

    /// Enters a block's answers, each of which counts for so many lots, into those of its sites, region and market.
    pub(super) fn commit(
        self,
        (cohort, lots): (&Cohort, i64),
        totals: &mut [[Tally; MOST_CREWS]],
        refusals: &mut Refusals,
        withdrawn: &mut Withdrawn,
    ) {
        let slot = cohort.occupation.slot();
        for (crews, tally) in totals[cohort.sites.0..].iter_mut().zip(&self.by_site) {
            let total = &mut crews[slot];
            total.asked += tally.asked * lots;
            total.refusing += tally.refusing * lots;
            total.refusal_sum += tally.refusal_sum * lots;
        }
        for (sum, part) in refusals.0[cohort.region].iter_mut().zip(self.by_quartile) {
            *sum = (sum.0 + part.0 * lots, sum.1 + part.1 * lots);
        }
        let taken_back = &mut withdrawn.0[cohort.market];
        taken_back.quality += self.taken_back.quality;
        taken_back.claims += self.taken_back.claims;
        taken_back.hours += self.taken_back.hours;
    }

    /// Counts one answer, of somebody with this skill factor.
    pub(super) fn count(&mut self, place: usize, refuses: bool, quartile: usize) {
        let refuses = i64::from(refuses);
        self.by_site[place].asked += 1;
        self.by_site[place].refusing += refuses;
        let (asked, refusing) = &mut self.by_quartile[quartile];
        (*asked, *refusing) = (*asked + 1, *refusing + refuses);
    }
}
