//! Fear: what workers of a site have seen robots take.
//!
//! Fear x of a crew is an exponentially weighted mean of what robots took: 0.7 times the share of the
//! site's own hours plus 0.3 times the share of the occupation's hours everywhere.

use crate::economy::consent::ConsentParameters;
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::lists::Occupation;
use crate::economy::world::sites::Site;
use crate::ground::maths::share_of;
use crate::ground::numbers::nearest;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// x: fear by crew of a site, in the order of its occupations.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Fear(pub Vec<f64>);

/// Milli-hours of each occupation everywhere: what robots did, and all.
#[derive(Default)]
pub(super) struct Everywhere {
    robots: [i128; Occupation::COUNT],
    all: [i128; Occupation::COUNT],
}

impl Everywhere {
    /// Adds what was done at a site.
    pub(super) fn add(&mut self, jobs: &Jobs) {
        let milli_hours = |job: &Job, units: i64| i128::from(nearest(job.hours(units) * 1e3));
        for job in &jobs.0 {
            let o = job.kind.occupation() as usize;
            self.robots[o] += milli_hours(job, job.work.by_robots);
            self.all[o] += milli_hours(job, job.work.by_robots + job.work.by_people);
        }
    }

    /// The share of an occupation's hours that robots did.
    fn share(&self, occupation: Occupation) -> f64 {
        let o = occupation as usize;
        share_of(self.robots[o] as f64, self.all[o] as f64)
    }
}

impl Fear {
    /// Moves towards what the crews of a site see; a part `keep` of what they feared stays.
    pub(super) fn follow(
        &mut self,
        site: &Site,
        jobs: &Jobs,
        everywhere: &Everywhere,
        rule: &ConsentParameters,
        keep: f64,
    ) {
        let hours = |robots_only: bool| -> f64 {
            let units = |job: &Job| job.work.by_robots + if robots_only { 0 } else { job.work.by_people };
            jobs.0.iter().map(|job| job.hours(units(job))).sum()
        };
        let own = share_of(hours(true), hours(false));
        for (fear, &occupation) in self.0.iter_mut().zip(site.kind.occupations()) {
            let seen = rule.own_site_weight.0 * own + (1.0 - rule.own_site_weight.0) * everywhere.share(occupation);
            *fear = seen + (*fear - seen) * keep;
        }
    }
}
