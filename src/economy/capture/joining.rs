//! Which sites join the programme, and for whom: those of regions where a lab collects that is short of hours.
//!
//! ```text
//! shortfall   j = min( j0 * (target / capacity - 1), j_most ) * appetite
//! need        j = the same, at most (target - capacity) / hours that all who could join would bring, a week
//! ```
//!
//! By the first rule a lab that is short of little beside what every site could bring is joined by as many as if it were
//! short of much, and most of them have nothing to do. By the second it asks, on average, for what it is short of, lets no
//! site go without which it would be short, and sites join and leave before tick 0 too where labs spend before it, so that
//! nothing jumps there.
//!
//! Left out: that a site which is asked may refuse, and that of those asked there many may be unwilling (the lab then goes on
//! asking), a part of a site.
//! Sources: none measured.

use super::CaptureParameters;
use crate::economy::policy::{Clock, Shocks};
use crate::economy::shared::forms::Recruiting;
use crate::economy::world::labs::Lab;
use crate::ground::maths::share_of;
use crate::ground::random::Key;
use bevy_ecs::prelude::Entity;

/// Do sites join and leave in this tick?
pub(super) fn is_open(capture: &CaptureParameters, clock: &Clock) -> bool {
    let before_start = capture.recruiting == Recruiting::Need && capture.path.films_before_start();
    if clock.has_started() { !clock.is_frozen } else { before_start }
}

/// Can a lab do without a site that could record so many hours a tick?
pub(super) fn can_spare(rule: Recruiting, lab: &Lab, hours: f64) -> bool {
    rule == Recruiting::Shortfall || lab.wish.capacity - hours >= lab.wish.target
}

/// A site that could join for a lab.
pub(super) struct Applicant {
    pub site: Entity,
    pub key: Key,
    pub lab: usize,
    /// Capture pay it would offer, dollars per raw hour.
    pub offer: f64,
    /// How fast it would join, per week.
    pub rate: f64,
    /// Raw hours a tick that it would bring, as far as the lab has an appetite for them.
    pub hours: f64,
}

/// All sites that could join, and what they would bring to each lab.
pub(super) struct Applicants {
    all: Vec<Applicant>,
    hours: Vec<f64>,
}

impl Applicants {
    /// Nobody yet, for so many labs.
    pub(super) fn new(labs: usize) -> Applicants {
        Applicants { all: Vec::new(), hours: vec![0.0; labs] }
    }

    /// Those who come too.
    pub(super) fn extend(&mut self, more: impl IntoIterator<Item = Applicant>) {
        for applicant in more {
            self.hours[applicant.lab] += applicant.hours;
            self.all.push(applicant);
        }
    }

    /// All of them, in the order in which they came.
    pub(super) fn all(&self) -> &[Applicant] {
        &self.all
    }

    /// How fast one of them joins, per week, in ticks of so many weeks.
    pub(super) fn rate(&self, applicant: &Applicant, rule: Recruiting, labs: &[Lab], weeks: f64) -> f64 {
        let wish = labs[applicant.lab].wish;
        match rule {
            Recruiting::Shortfall => applicant.rate,
            Recruiting::Need => {
                applicant.rate.min(needed(wish.target - wish.capacity, self.hours[applicant.lab], weeks))
            }
        }
    }
}

/// The rate per week at which all who could join bring, on average, the hours that are missing, in a tick of so many weeks.
fn needed(missing: f64, hours: f64, weeks: f64) -> f64 {
    share_of(missing.max(0.0), hours) / weeks
}

/// Hazard per week that a site of the region joins, and the unmet need of each lab that collects there.
pub(super) fn hazard(
    capture: &CaptureParameters,
    shocks: &Shocks,
    region: usize,
    labs: &[Lab],
) -> (f64, Vec<(usize, f64)>) {
    let collects = |lab: &Lab| lab.collects.contains(&region) || shocks.has_begun_to_collect(lab.index, region);
    let needs: Vec<(usize, f64)> = labs
        .iter()
        .filter(|lab| collects(lab) && lab.shortfall() > 0.0)
        .map(|lab| (lab.index, lab.wish.target - lab.wish.capacity))
        .collect();
    let most = capture.joining_most.0;
    let hazard = labs
        .iter()
        .filter(|lab| needs.iter().any(|need| need.0 == lab.index))
        .map(|lab| rate(capture.joining.0, lab.shortfall(), most))
        .fold(0.0, f64::max);
    (hazard, needs)
}

/// j: joinings per week at a shortfall, which has no bound where a lab has no site at all; none where nobody joins.
fn rate(joining: f64, shortfall: f64, most: f64) -> f64 {
    if joining > 0.0 { (joining * shortfall).min(most) } else { 0.0 }
}

/// The lab that a draw, a share, picks by unmet need.
pub(super) fn pick(needs: &[(usize, f64)], share: f64) -> usize {
    let mut left = share * needs.iter().map(|need| need.1).sum::<f64>();
    for &(lab, need) in needs {
        if left < need {
            return lab;
        }
        left -= need;
    }
    needs.last().map_or(0, |need| need.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_join_by_shortfall_up_to_a_most_or_never() {
        // a fifth too little: 0.2 * 0.5 a week; without any site the most; never where nobody joins
        assert!((rate(0.5, 0.2, 1.0) - 0.1).abs() < 1e-15);
        assert_eq!((rate(0.5, f64::INFINITY, 1.0), rate(0.0, f64::INFINITY, 1.0)), (1.0, 0.0));
    }

    #[test]
    fn no_more_are_asked_than_the_need_calls_for() {
        // 30,000 hours are missing of the 600,000 that all who could join would bring: one in twenty, whatever the tick
        assert!((needed(30e3, 600e3, 1.0) - 0.05).abs() < 1e-15);
        assert!((needed(4.0 * 30e3, 4.0 * 600e3, 4.0) - 0.0125).abs() < 1e-15);
        // nothing is missing; nobody could bring anything
        assert_eq!((needed(-5.0, 600e3, 1.0), needed(30e3, 0.0, 1.0)), (0.0, 0.0));
    }

    #[test]
    fn a_lab_is_picked_by_unmet_need() {
        let needs = [(0, 1.0), (2, 3.0)];
        assert_eq!(pick(&needs, 0.2), 0);
        assert_eq!(pick(&needs, 0.3), 2);
        assert_eq!(pick(&needs, 0.999), 2);
    }
}
