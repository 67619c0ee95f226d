//! Fear, and whether the camera stays on.
//!
//! ```text
//! fear       what workers have seen robots take
//! weighing   what a worker weighs, and the probability of refusing
//! threshold  what people ask for being filmed
//! strike     who is out whatever the reasons say
//! asking     the loop over workers: who is asked, who reviews, what each answers
//! answers    what was answered, counted; what was taken back
//! stance     the site as a body that answers
//! ```
//!
//! A worker who is asked refuses with the probability of `weighing`, decides when first asked and
//! reviews the stance every 13 weeks on average. With `answer = "utility"` every review is drawn anew; with
//! `"threshold"` a person has one draw for life, and refuses while it is below the probability. Under `bargaining` the covered workers of a site decide
//! as one. Under a strike the most skilled refuse whatever they weigh.
//!
//! Left out: learning from other sites' disputes, and any measured value of the coefficients: none
//! exists, so all of them are assumptions (grade C).

mod answers;
mod asking;
mod fear;
mod stance;
mod strike;
mod threshold;
mod weighing;

pub use answers::{Refusals, TakenBack, Withdrawn};
pub use fear::Fear;
pub use stance::{Answered, Stance};
pub use strike::Strike;
pub use threshold::Asks;
pub use weighing::{Score, Terms, Weighing, score};

use super::Luckbox;
use super::policy::{Clock, Regime, RiskParameters, Today};
use crate::economy::shared::blocks;
use crate::economy::shared::forms::Answer;
use crate::economy::shared::numbers::numbers;
use crate::economy::world::jobs::Jobs;
use crate::economy::world::markets::{LabourParameters, Markets};
use crate::economy::world::people::{Cohort, PeopleParameters};
use crate::economy::world::programme::{Filming, MOST_CREWS};
use crate::economy::world::sites::Site;
use crate::ground::list::Table;
use crate::ground::maths;
use crate::ground::units::{Number, Rate, Share, Span};
use answers::{Answers, Tally};
use asking::{Crowd, Filmable, Review};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of fear and consent.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentParameters {
    /// How somebody who is asked finds an answer; the next keys say which of the two reads them.
    pub answer: Answer,
    /// a0: log odds of refusing, all else zero (utility).
    pub base: Number,
    /// a_skill: per standard deviation of skill.
    pub skill: Number,
    /// a_fear: per unit of fear.
    pub fear: Number,
    /// a_peer: per unit of the refusing share at the site.
    pub peers: Number,
    /// a_pay: per doubling of pay against the reference (utility).
    pub pay: Number,
    /// Reference pay, as a share of the hourly wage (utility).
    pub reference_pay: Share,
    /// a_retaliation: per week of wage at risk.
    pub retaliation: Number,
    /// p0: share of people who ask for nothing (threshold).
    pub unpaid_willing: Share,
    /// Pay at which half of all refuse, as a share of the hourly wage (threshold).
    pub half_refuse_at: Share,
    /// sigma: standard deviation of the logarithm of what the others ask (threshold).
    pub ask_sigma: Number,
    /// Share of those asked who are made to choose, under each regime (threshold).
    pub made_to_choose: Table<Regime, Share>,
    /// How often a stance is reviewed.
    pub review: Rate,
    /// Half-life of fear.
    pub fear_half_life: Span,
    /// Weight of the site's own robots in fear; the rest is the occupation's everywhere.
    pub own_site_weight: Share,
}

numbers! { people: PeopleParameters, labour: LabourParameters, consent: ConsentParameters, risk: RiskParameters }

/// Update what workers fear.
pub fn update_fear(clock: Res<Clock>, consent: Res<ConsentParameters>, mut sites: Query<(&Site, &Jobs, &mut Fear)>) {
    let mut everywhere = fear::Everywhere::default();
    for (_, jobs, _) in &sites {
        everywhere.add(jobs);
    }
    let everywhere = everywhere.shares();
    let keep = maths::half_life_decay(clock.weeks, consent.fear_half_life.0);
    for (site, jobs, mut fear) in &mut sites {
        fear.follow(site, jobs, &everywhere, &consent, keep);
    }
}

/// Workers review whether they film.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn review_stance(
    Today { clock, in_force }: Today,
    luck: Res<Luckbox>,
    parameters: Numbers,
    markets: Res<Markets>,
    mut refusals: ResMut<Refusals>,
    mut withdrawn: ResMut<Withdrawn>,
    mut sites: Query<(&Site, &Fear, &Filming, &mut Stance)>,
    mut cohorts: Query<Filmable>,
) {
    let review = Review::of(&clock, &luck, &parameters);
    let tables: Vec<_> = sites.iter().collect();
    let films = |cohort: &Cohort| cohort.own(&tables).iter().any(|(_, _, filming, _)| filming.films);
    let mut filmable: Vec<_> = cohorts.iter_mut().filter(|people| films(people.cohort)).collect();
    let results = blocks::over(blocks::grouped(&mut filmable, |people| people.cohort.market), |group| {
        let cohort = group[0].cohort;
        let law = &in_force.law[cohort.region];
        let (own, market) = (cohort.own(&tables), &markets.0[cohort.market]);
        let asking: Vec<_> = own.iter().map(|&site| review.asking(site, cohort, &parameters, law, market)).collect();
        let crowd = Crowd {
            // most weeks nobody is asked for the first time but those hired last week
            is_new_programme: asking.iter().any(|site| site.is_new),
            asking,
            strike: Strike::of(in_force.shocks.strike[cohort.region][cohort.occupation as usize]),
            is_withdrawal: law.withdrawal,
        };
        let mut answers = Answers::of(crowd.asking.len());
        for people in group {
            review.ask(people, &crowd, &mut answers);
        }
        (cohort, answers)
    });
    let mut totals = vec![[Tally::default(); MOST_CREWS]; tables.len()];
    drop(tables);
    refusals.0.iter_mut().for_each(|region| *region = [(0, 0); 4]);
    withdrawn.0.fill(TakenBack::default());
    for (cohort, answers) in results {
        answers.commit((cohort, markets.0[cohort.market].lots), &mut totals, &mut refusals, &mut withdrawn);
    }
    for (site, _, filming, mut stance) in &mut sites {
        let crews = &totals[site.index][..site.kind.occupations().len()];
        stance.hear(crews, &in_force.law[site.region], filming.films);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The baseline's numbers; under notice a tenth is made to choose.
    pub(super) fn parameters() -> ConsentParameters {
        ConsentParameters {
            answer: Answer::Utility,
            base: Number(-3.0),
            skill: Number(0.8),
            fear: Number(1.5),
            peers: Number(0.3),
            pay: Number(0.6),
            reference_pay: Share(0.1),
            retaliation: Number(0.25),
            unpaid_willing: Share(0.3),
            half_refuse_at: Share(0.33),
            ask_sigma: Number(4.0),
            made_to_choose: Table::of(|&regime: &Regime| Share(if regime == Regime::Notice { 0.1 } else { 1.0 })),
            review: Rate(1.0 / 13.0),
            fear_half_life: Span(26.0),
            own_site_weight: Share(0.7),
        }
    }
}
