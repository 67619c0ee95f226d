//! Hours become capability; capability becomes feasible jobs.
//!
//! Effective hours of family k at lab l:
//!
//! ```text
//! D_k = diversity * [ sum_o T(o,k) * quality hours of occupation o  +  eta * robot hours in k ]
//! ```
//!
//! with the lab's own hours plus `pooling` times the other labs', T(o,k) = 1 for the occupation's own
//! family and kappa otherwise, diversity = (distinct contributing sites / initial)^zeta. Failure on
//! one sub-task is E_k = E_inf + (1 - E_inf)(1 + D_k / D0_k)^-alpha, capability C_k = 1 - E_k. Jobs of
//! kind j are chains of dependent sub-tasks whose length is exponential with mean m_j; a job is
//! feasible if C^length >= theta, so the feasible share is
//!
//! ```text
//! F_j = 1 - exp( - ln(theta) / (m_j ln C) )
//! ```
//!
//! Models are released every quarter; between releases robots work with the last one.
//!
//! Parts that a scenario may switch on: hours that are no news teach nothing ([`super::capture`]), a part of the work is
//! learnt from experts alone, other teachers than people and robots teach too. Where technology is given, capability is
//! a path by year in place of all this.
//!
//! Left out: algorithmic progress that needs no hours, compute as a limit, negative transfer.
//! Sources: exponent and scale from two points of one preprint (EgoScale, arXiv 2602.16710); transfer
//! from factory to delivery (kappa) has no evidence at all.

mod curve;
mod experts;
mod given;
mod intake;
mod library;
mod teachers;

pub use curve::{
    LearningParameters, capability, feasible_share, feasible_slope, learnt, learnt_slope, transfer, usable, with_method,
};
pub use experts::ExpertParameters;
pub use given::{given_at_start, given_capability};
pub use library::{Effective, first_capability};
pub use teachers::TeacherParameters;

use super::capture::CaptureParameters;
use super::consent::{Stance, Withdrawn};
use super::policy::{Clock, Shocks, Today};
use crate::economy::shared::forms::ExpertRule;
use crate::economy::shared::weights::Weights;
use crate::economy::world::labs::{Intake, Lab, Labs};
use crate::economy::world::lists::{Family, Kind};
use crate::economy::world::markets::{MarketId, Markets};
use crate::economy::world::people::{PeopleParameters, share_of_top_quarter};
use crate::economy::world::programme::Filming;
use crate::economy::world::regions::Regions;
use crate::economy::world::robots::{Feasible, Frontier};
use crate::economy::world::sites::Site;
use crate::ground::list::Listed;
use crate::ground::maths::{self, share_of};
use bevy_ecs::prelude::*;
use library::{Library, Reading};

/// Labs take in what sites recorded, as far as it is new, and give back what workers withdrew.
pub fn take_in_hours(
    clock: Res<Clock>,
    weights: Res<Weights>,
    capture: Res<CaptureParameters>,
    withdrawn: Res<Withdrawn>,
    mut sites: Query<(&Site, &Stance, &mut Filming)>,
    mut labs: ResMut<Labs>,
) {
    let (labs, about) = (&mut labs.0, &capture.news);
    for (site, stance, mut filming) in &mut sites {
        let filming = &mut *filming;
        intake::renew(about, filming, clock.weeks);
        let Some(lab) = filming.recorded_for else { continue };
        let taker = &mut labs[lab].intake;
        taker.taken_in += filming.footage.accepted;
        taker.taken_in_from[site.region] += filming.footage.accepted;
        let willing = 1.0 - stance.refusing_share();
        let crews = filming.footage.by_crew.iter().zip(&mut filming.sources);
        for (&occupation, (recorded, source)) in site.kind.occupations().iter().zip(crews) {
            let market = MarketId::of(site.region, occupation);
            let hours = recorded.agents as f64 * weights.persons(market) as f64 * recorded.raw_hours;
            let share = intake::take_news(about, source, recorded, lab, willing, hours);
            let market = market.index();
            taker.recorded[market] += recorded.quality;
            taker.stock[market] += intake::news_of(recorded.quality, share);
            taker.top[market] += intake::news_of(recorded.top, share);
            if !clock.has_started() {
                taker.before_start[occupation.index()] += intake::news_of(recorded.quality, share);
            }
        }
    }
    for (market, taken) in withdrawn.0.iter().enumerate().filter(|(_, taken)| taken.quality > 0) {
        let persons = i128::from(weights.persons(MarketId::at(market)));
        let mut intakes: Vec<&mut Intake> = labs.iter_mut().map(|lab| &mut lab.intake).collect();
        intake::take_out(&mut intakes, market, taken.quality * persons);
    }
}

/// Are models released in this tick?
fn is_release(clock: &Clock, learning: &LearningParameters) -> bool {
    // the models of the first quarter are those of the founding: the first release comes at its end
    let is_due = clock.tick > 0 && clock.begins_another(learning.release_interval.0);
    clock.is_first() || (!clock.is_frozen && is_due)
}

/// Do the founding's models stand to the bit, however hours and experts add up that make the same of them?
fn first_models_stand(clock: &Clock, learning: &LearningParameters, capture: &CaptureParameters) -> bool {
    let has_other_hours = capture.path.films_before_start() || learning.experts.rule == ExpertRule::TopQuarter;
    clock.is_first() && !clock.has_started() && has_other_hours
}

/// Labs weigh their hours; once a quarter they release models.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn release_models(
    Today { clock, in_force }: Today,
    people: Res<PeopleParameters>,
    learning: Res<LearningParameters>,
    capture: Res<CaptureParameters>,
    markets: Res<Markets>,
    sites: Query<&Filming>,
    regions: Res<Regions>,
    mut labs: ResMut<Labs>,
    mut frontier: ResMut<Frontier>,
) {
    if !clock.has_started() && !clock.is_first() {
        return;
    }
    let learning = &*learning;
    let is_release = is_release(&clock, learning);
    let stands = first_models_stand(&clock, learning, &capture);
    let labs = &mut labs.0;
    let libraries: Vec<Library> = labs.iter().map(|lab| Library::of(lab, &capture.skill_weight)).collect();
    for lab in labs.iter_mut() {
        let distinct = sites.iter().filter(|filming| filming.contributed >> lab.index & 1 == 1).count();
        if clock.tick == 0 && capture.path.films_before_start() {
            // the models of the start learnt from all that had been filmed by then
            lab.sites_at_start = distinct.max(1) as f64;
        }
        let reading = Reading {
            learning,
            skill_weight: &capture.skill_weight,
            shocks: &in_force.shocks,
            markets: &markets,
            libraries: &libraries,
            diversity: lab.diversity(learning, distinct),
            share_of_experts: share_of_top_quarter(people.skill_sigma.0),
            years: clock.years(),
        };
        lab.model.diversity = reading.diversity;
        for &family in Family::ALL {
            let effective = reading.weigh(lab.index, family);
            lab.credit_hours(family, &effective);
            if is_release {
                lab.hold(&in_force.shocks, family, &effective);
            }
            if is_release && !stands {
                lab.release(learning, &in_force.shocks, family, &clock);
            }
        }
    }
    let licensors = regions.0.iter().map(|region| &labs[region.licensor]);
    frontier.0.iter_mut().zip(licensors).for_each(|(feasible, lab)| feasible.follow(learning, lab));
}

impl Lab {
    /// What hours of so many distinct sites are worth against those of the sites at the start.
    fn diversity(&self, learning: &LearningParameters, distinct: usize) -> f64 {
        let growth = distinct as f64 / self.sites_at_start;
        maths::pow(growth.max(1.0), learning.diversity.0)
    }

    /// Who taught a family how much.
    fn credit_hours(&mut self, family: Family, effective: &Effective) {
        let k = family.index();
        let total = share_of(effective.total(), effective.diversity);
        self.model.uncredited[k] = share_of(effective.uncredited + effective.teachers, total);
        self.model.credit[k] = effective.by_market.iter().map(|&hours| share_of(hours, total)).collect();
        self.model.human_share[k] = 1.0 - share_of(effective.robots + effective.teachers, total);
    }

    /// So many effective hours of a family are what its next model learns from.
    fn hold(&mut self, shocks: &Shocks, family: Family, hours: &Effective) {
        let (k, teaching) = (family.index(), shocks.teaching[self.index][family.index()]);
        self.model.effective[k] = hours.total() * teaching;
        self.model.effective_of_experts[k] = hours.of_experts() * teaching;
    }

    /// The model of a family that the hours held teach, or that is given for today.
    fn release(&mut self, learning: &LearningParameters, shocks: &Shocks, family: Family, clock: &Clock) {
        let k = family.index();
        let learnt = if learning.is_given() {
            given_capability(learning, family, clock.first_and_today().1)
        } else {
            learnt(learning, family, self.model.effective[k], self.model.effective_of_experts[k])
        };
        self.model.capability[k] = with_method(learnt, shocks.failure[self.index][k]);
        if clock.is_first() {
            self.model.capability_at_start[k] = self.model.capability[k];
        }
    }
}

impl Feasible {
    /// What robots can do by the models of a lab.
    fn follow(&mut self, learning: &LearningParameters, lab: &Lab) {
        for &kind in Kind::ALL {
            let c = lab.model.capability[kind.family().index()];
            self.share[kind.index()] = feasible_share(c, learning.chain[kind].0, learning.field_success.0);
        }
        for &family in Family::ALL {
            let k = family.index();
            self.independence[k] =
                share_of(1.0 - lab.model.capability_at_start[k], 1.0 - lab.model.capability[k]).max(1.0);
        }
    }
}
