//! Fear, and whether the camera stays on.
//!
//! ```text
//! fear      what workers have seen robots take
//! weighing  what a worker weighs, and the probability of refusing
//! strike    who is out whatever the reasons say
//! asking    the loop over workers: who is asked, who reviews, what each answers
//! answers   what was answered, counted; what was taken back
//! stance    the site as a body that answers
//! ```
//!
//! A worker who is asked refuses with the probability of [`weighing`], decides when first asked and
//! reviews the stance every 13 weeks on average. Under `bargaining` the covered workers of a site decide
//! as one. Under a strike the most skilled refuse whatever they weigh.
//!
//! Left out: learning from other sites' disputes, and any measured value of the coefficients: none
//! exists, so all of them are assumptions (grade C).

mod answers;
mod asking;
mod fear;
mod stance;
mod strike;
mod weighing;

pub use answers::{Refusals, TakenBack, Withdrawn};
pub use fear::Fear;
pub use stance::Stance;
pub use strike::Strike;
pub use weighing::{Score, Weighing};

use super::Luckbox;
use super::blocks;
use super::people::{Cohort, PeopleParameters};
use super::policy::{Clock, InForce, RiskParameters};
use super::programme::Filming;
use super::sites::{Jobs, Site};
use crate::economy::markets::{LabourParameters, Markets};
use crate::ground::maths;
use crate::ground::units::{Number, Rate, Share, Span};
use answers::{Answers, Tally};
use asking::{Asking, Crowd, Filmable, Review};
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of fear and consent.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentParameters {
    /// a0: log odds of refusing, all else zero.
    pub base: Number,
    /// a_skill: per standard deviation of skill.
    pub skill: Number,
    /// a_fear: per unit of fear.
    pub fear: Number,
    /// a_peer: per unit of the refusing share at the site.
    pub peers: Number,
    /// a_pay: per doubling of pay against the reference.
    pub pay: Number,
    /// Reference pay, as a share of the hourly wage.
    pub reference_pay: Share,
    /// a_retaliation: per week of wage at risk.
    pub retaliation: Number,
    /// How often a stance is reviewed.
    pub review: Rate,
    /// Half-life of fear.
    pub fear_half_life: Span,
    /// Weight of the site's own robots in fear; the rest is the occupation's everywhere.
    pub own_site_weight: Share,
}

/// The numbers that the rule reads.
#[derive(SystemParam)]
pub struct Numbers<'w> {
    people: Res<'w, PeopleParameters>,
    labour: Res<'w, LabourParameters>,
    consent: Res<'w, ConsentParameters>,
    risk: Res<'w, RiskParameters>,
}

/// Update what workers fear.
pub fn update_fear(clock: Res<Clock>, consent: Res<ConsentParameters>, mut sites: Query<(&Site, &Jobs, &mut Fear)>) {
    let mut everywhere = fear::Everywhere::default();
    for (_, jobs, _) in &sites {
        everywhere.add(jobs);
    }
    let keep = maths::half_life_decay(clock.weeks, consent.fear_half_life.0);
    for (site, jobs, mut fear) in &mut sites {
        fear.follow(site, jobs, &everywhere, &consent, keep);
    }
}

/// Workers review whether they film.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn review_stance(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    parameters: Numbers,
    in_force: Res<InForce>,
    markets: Res<Markets>,
    mut refusals: ResMut<Refusals>,
    mut withdrawn: ResMut<Withdrawn>,
    mut sites: Query<(&Site, &Fear, &Filming, &mut Stance)>,
    mut cohorts: Query<Filmable>,
) {
    let review = Review::of(&clock, &luck, &parameters);
    let tables: Vec<_> = sites.iter().collect();
    let films = |cohort: &Cohort| cohort.own(&tables).iter().any(|(_, _, filming, _)| filming.films);
    let filmable: Vec<_> = cohorts.iter_mut().filter(|people| films(people.cohort)).collect();
    let results = blocks::over(blocks::grouped(filmable, |people| people.cohort.market), |group| {
        let cohort = group[0].cohort;
        let law = &in_force.law[cohort.region];
        let (own, market) = (cohort.own(&tables), &markets.0[cohort.market]);
        let asking: Vec<_> =
            own.iter().map(|&site| Asking::of(site, cohort, &parameters, law, market, clock.weeks)).collect();
        let crowd = Crowd {
            // most weeks nobody is asked for the first time but those hired last week
            is_new_programme: asking.iter().any(|site| site.is_new),
            asking,
            strike: Strike::of(in_force.shocks.strike[cohort.region][cohort.occupation as usize]),
            is_withdrawal: law.withdrawal,
        };
        let mut answers = Answers::of(crowd.asking.len());
        for mut people in group {
            review.ask(&mut people, &crowd, &mut answers);
        }
        (cohort, answers)
    });
    let mut totals = vec![Tally::default(); tables.len()];
    drop(tables);
    refusals.0.iter_mut().for_each(|region| *region = [(0, 0); 4]);
    withdrawn.0.fill(TakenBack::default());
    for (cohort, answers) in results {
        answers.commit(cohort, &mut totals, &mut refusals, &mut withdrawn);
    }
    for (site, _, filming, mut stance) in &mut sites {
        stance.hear(&totals[site.index], &in_force.law[site.region], filming.films);
    }
}
