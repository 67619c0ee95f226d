//! Fear: what workers of a site have seen robots take.
//!
//! Fear x of a crew is an exponentially weighted mean of what robots took: 0.7 times the share of the
//! site's own hours plus 0.3 times the share of the occupation's hours everywhere.

use crate::economy::consent::ConsentParameters;
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::lists::Occupation;
use crate::economy::world::sites::Site;
use crate::ground::maths::share_of;
use crate::ground::numbers::{float, nearest};
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
            let (o, done) = (job.kind.occupation() as usize, milli_hours(job, job.done()));
            self.all[o] += done;
            self.robots[o] += match (job.work.by_robots, job.work.by_people) {
                (0, _) => 0,
                (_, 0) => done,
                (robots, _) => milli_hours(job, robots),
            };
        }
    }

    /// The share of each occupation's hours that robots did.
    pub(super) fn shares(&self) -> [f64; Occupation::COUNT] {
        std::array::from_fn(|o| share_of(float(self.robots[o]), float(self.all[o])))
    }
}

impl Fear {
    /// Moves towards what the crews of a site see, `everywhere` the shares of their occupations' hours that robots did; a
    /// part `keep` of what they feared stays.
    pub(super) fn follow(
        &mut self,
        site: &Site,
        jobs: &Jobs,
        everywhere: &[f64; Occupation::COUNT],
        rule: &ConsentParameters,
        keep: f64,
    ) {
        let hours = |robots_only: bool| -> f64 {
            let units = |job: &Job| job.work.by_robots + if robots_only { 0 } else { job.work.by_people };
            jobs.0.iter().map(|job| job.hours(units(job))).sum()
        };
        let has_robots = jobs.0.iter().any(|job| job.work.by_robots != 0);
        let own = if has_robots { share_of(hours(true), hours(false)) } else { 0.0 };
        for (fear, &occupation) in self.0.iter_mut().zip(site.kind.occupations()) {
            let seen = rule.own_site_weight.0 * own + (1.0 - rule.own_site_weight.0) * everywhere[occupation as usize];
            *fear = seen + (*fear - seen) * keep;
        }
    }
}
