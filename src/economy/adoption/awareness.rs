//! Who has heard of a class of robots: others' robots are examples.
//!
//! A site becomes aware when the hazard it has gathered reaches its own threshold (Bass):
//!
//! ```text
//! hazard  += (p + q x) t
//! x        = sum over job kinds l of a class: w_l A_l / sum: w_l W_l       in the site's region, from its own kind's view
//! w_l      = 1 for the own kind, other_jobs for others at the same type of site, other_sites at another type
//! ```
//!
//! W_l is the work of a kind, in hours at the start, and A_l the part of it that stands as an example: all work of a class
//! at sites that ever planned a robot of it (`adopters = "ever"`), or only what robots do there now (`"by_share"`). A
//! fleet that does several kinds sees the mean over its own, by their work. With both weights 1 all work of a class in a
//! region is one crowd.
//!
//! Left out: examples in other regions; bad examples; a class that teaches something about another.
//! Source: Bass 1969 with p and q by analogy (Sultan, Farley and Lehmann 1990).

use super::Purchase;
use crate::economy::shared::forms::Adopters;
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::lists::{Class, Kind};
use crate::economy::world::robots::RobotParameters;
use crate::economy::world::sites::{Fleet, Robots, Site};
use crate::ground::list::Listed;
use crate::ground::maths::share_of;
use bevy_ecs::prelude::*;

/// Work and the part of it that stands as an example, hours a week at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// The part that stands as an example.
    pub adopted: f64,
    /// All of it.
    pub all: f64,
}

impl Seen {
    fn add(&mut self, adopted: f64, all: f64) {
        self.adopted += adopted;
        self.all += all;
    }

    /// Less the part of another that does not count.
    fn less(&mut self, other: Seen, part: f64) {
        self.adopted -= part * other.adopted;
        self.all -= part * other.all;
    }
}

/// Share of work that a job of one kind sees done by robots: of a class as a whole, less what does not count of its other
/// kinds. `weight`: how far the work of another kind counts.
pub fn share_seen(class: Seen, others: impl Iterator<Item = (Seen, f64)>) -> f64 {
    let mut seen = class;
    for (other, weight) in others {
        seen.less(other, 1.0 - weight);
    }
    share_of(seen.adopted.max(0.0), seen.all).min(1.0)
}

/// The examples of a region, by class and by job kind.
#[derive(Clone, Copy, Debug, Default)]
struct OfRegion {
    class: [Seen; Class::COUNT],
    kind: [Seen; Kind::COUNT],
}

/// The share of work that a job of each kind sees done by robots, by region.
pub(super) struct Examples(Vec<[f64; Kind::COUNT]>);

impl Examples {
    /// What stands as an example at the start of a tick.
    pub(super) fn of(
        robots: &RobotParameters,
        sites: &[(&Site, &Jobs)],
        fleets: &Query<(&Fleet, &Robots, &mut Purchase)>,
        regions: usize,
    ) -> Examples {
        let mut examples = vec![OfRegion::default(); regions];
        for (fleet, _, purchase) in fleets {
            let mine = &mut examples[fleet.region];
            let (mut adopted, mut all) = (0.0, 0.0);
            for job in jobs_of(fleet, sites[fleet.site].1) {
                let work = work_of(job);
                let stands = match robots.adopters {
                    Adopters::Ever => f64::from(u8::from(purchase.has_adopted)),
                    Adopters::ByShare if job.work.by_robots == 0 => 0.0,
                    Adopters::ByShare => share_of(job.work.by_robots as f64, job.done() as f64),
                };
                mine.kind[job.kind.index()].add(stands * work, work);
                (adopted, all) = (adopted + stands * work, all + work);
            }
            mine.class[fleet.class.index()].add(adopted, all);
        }
        Examples(
            examples.iter().map(|mine| std::array::from_fn(|kind| mine.seen_by(robots, Kind::ALL[kind]))).collect(),
        )
    }

    /// Share of work that a fleet's site sees done by robots of its class.
    pub(super) fn seen_by(&self, robots: &RobotParameters, fleet: &Fleet, jobs: &Jobs) -> f64 {
        let mine = &self.0[fleet.region];
        if is_one_crowd(robots) {
            return mine[fleet.class.first_kind()];
        }
        let (mut seen, mut all) = (0.0, 0.0);
        for job in jobs_of(fleet, jobs) {
            seen += work_of(job) * mine[job.kind.index()];
            all += work_of(job);
        }
        share_of(seen, all)
    }
}

/// Do robots at all kinds of jobs of their class count as much?
fn is_one_crowd(robots: &RobotParameters) -> bool {
    robots.other_jobs.0 == 1.0 && robots.other_sites.0 == 1.0
}

impl OfRegion {
    /// Share of work that a job of a kind sees done by robots of its class.
    fn seen_by(&self, robots: &RobotParameters, own: Kind) -> f64 {
        let class = self.class[own.class().index()];
        if is_one_crowd(robots) {
            return share_of(class.adopted, class.all);
        }
        let others = Kind::ALL.iter().filter(|kind| kind.class() == own.class() && **kind != own);
        share_seen(class, others.map(|&kind| (self.kind[kind.index()], weight(robots, own, kind))))
    }
}

/// How far robots that do another kind of job count as examples.
fn weight(robots: &RobotParameters, own: Kind, other: Kind) -> f64 {
    let is_same_type = own.occupation().site_type() == other.occupation().site_type();
    if is_same_type { robots.other_jobs.0 } else { robots.other_sites.0 }
}

fn jobs_of<'a>(fleet: &Fleet, jobs: &'a Jobs) -> impl Iterator<Item = &'a Job> {
    let class = fleet.class;
    jobs.0.iter().filter(move |job| job.kind.class() == class)
}

fn work_of(job: &Job) -> f64 {
    job.size.base * job.size.hours_per_unit_initial
}

impl Purchase {
    /// The site hears of the class: Bass's hazard grows with the share of work that it sees done by robots.
    pub(super) fn hear_of(&mut self, robots: &RobotParameters, seen: f64, weeks: f64) {
        let spread = robots.innovation.0 + robots.imitation.0 * seen;
        self.hazard += spread * weeks;
    }

    /// Does the site know of the class by now?
    pub(super) fn is_aware(&self) -> bool {
        self.has_adopted || self.hazard >= self.threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_aware_once_its_hazard_reaches_its_threshold() {
        let mut mind = Purchase { threshold: 0.1, ..Purchase::default() };
        assert!(!mind.is_aware());
        mind.hazard = 0.1;
        assert!(mind.is_aware());
        assert!(Purchase { has_adopted: true, threshold: 1.0, ..Purchase::default() }.is_aware());
    }

    #[test]
    fn examples_elsewhere_count_as_far_as_they_are_weighted() {
        // pickers: 30 of 60 hours by robots; material handling in factories: none of 140
        let (own, other) = (Seen { adopted: 30.0, all: 60.0 }, Seen { adopted: 0.0, all: 140.0 });
        let class = Seen { adopted: 30.0, all: 200.0 };
        // one crowd: 30 of 200; apart: 30 of 60 and none of 140; half: 30 of 60 + 70, and 15 of 140 + 30
        assert_eq!(share_seen(class, [(other, 1.0)].into_iter()), 0.15);
        assert_eq!(share_seen(class, [(other, 0.0)].into_iter()), 0.5);
        assert_eq!(share_seen(class, [(own, 0.0)].into_iter()), 0.0);
        assert!((share_seen(class, [(other, 0.5)].into_iter()) - 30.0 / 130.0).abs() < 1e-12);
        assert!((share_seen(class, [(own, 0.5)].into_iter()) - 15.0 / 170.0).abs() < 1e-12);
        // a kind of which there is no work sees nothing
        assert_eq!(share_seen(class, [(class, 0.0)].into_iter()), 0.0);
    }
}
