//! The loop over workers: who is asked, who reviews a stance, what each answers.

use super::Numbers;
use super::answers::{Answers, PROBABILITY_ONE};
use super::fear::Fear;
use super::stance::Stance;
use super::strike::Strike;
use super::threshold::Asks;
use super::weighing::{Score, Weighing};
use crate::economy::Luckbox;
use crate::economy::policy::{Clock, Law, Regime};
use crate::economy::shared::forms::Answer;
use crate::economy::shared::streams::Stream;
use crate::economy::world::markets::Market;
use crate::economy::world::people::{
    self, ASKED, Claim, Cohort, DISMISSED, Employer, FILMED, Hours, Marks, REFUSES, Since, Skill, Status, Work,
    skill_score, workers,
};
use crate::economy::world::programme::Filming;
use crate::economy::world::sites::Site;
use crate::ground::lanes::{Flags, STRIP, marked};
use crate::ground::maths;
use crate::ground::numbers::{floor, whole};
use crate::ground::random::{Chance, Key, threshold};
use crate::wide;

/// Standard normal scores at which quartiles begin.
const QUARTILES: [f64; 3] = [-0.674_489_75, 0.0, 0.674_489_75];

/// What all cohorts of a region share when stances are reviewed.
pub(super) struct Review {
    coverage: Chance,
    stance: Chance,
    /// By threshold: each person's one draw.
    own: Option<Chance>,
    asks: Asks,
    /// Length of the tick.
    weeks: f64,
    dismissal: Chance,
    /// Below which a draw means that a stance is reviewed.
    is_due: u32,
    sigma: f64,
    /// Skill factors at which quartiles begin.
    quartiles: [u16; 3],
    /// Who was hired in this tick or later was not asked yet.
    hired_since: i16,
}

/// What a cohort's loop needs of a site.
pub(super) struct Asking {
    is_bargaining: bool,
    is_refused: bool,
    /// What its workers weigh; nothing where it does not film.
    score: Option<Score>,
    dismissal: u32,
    coverage: u32,
    /// Does it ask those who were not asked before, because it began to film or asks more?
    pub(super) is_new: bool,
    key: Key,
}

/// What the workers of a market share when they are asked.
pub(super) struct Crowd {
    /// By site of the cohort.
    pub(super) asking: Vec<Asking>,
    pub(super) is_new_programme: bool,
    pub(super) strike: Strike,
    /// May they take their hours back?
    pub(super) is_withdrawal: bool,
}

workers! {
    /// The columns of workers that consent reads and writes.
    Filmable:
        reads status: Status, employer: Employer, skill: Skill, since: Since;
        writes marks: Marks, hours: Hours, claim: Claim;
}

impl Review {
    pub(super) fn of(clock: &Clock, luck: &Luckbox, parameters: &Numbers) -> Review {
        let sigma = parameters.people.skill_sigma.0;
        let factor = |z: f64| (maths::exp(sigma * z - sigma * sigma / 2.0) * people::SKILL_ONE as f64) as u16;
        Review {
            coverage: luck.0.at(Stream::Coverage, 0),
            stance: luck.0.at(Stream::Consent, clock.tick),
            asks: Asks::of(&parameters.consent),
            weeks: clock.weeks,
            own: (parameters.consent.answer == Answer::Threshold).then(|| luck.0.at(Stream::Ask, 0)),
            dismissal: luck.0.at(Stream::Dismissal, clock.tick),
            is_due: threshold(maths::hazard(parameters.consent.review.0, clock.weeks)),
            sigma,
            quartiles: QUARTILES.map(factor),
            hired_since: clock.row_tick() - 1,
        }
    }

    /// What a site asks of the workers of a cohort.
    pub(super) fn asking(
        &self,
        (site, fear, filming, stance): (&Site, &Fear, &Filming, &Stance),
        cohort: &Cohort,
        parameters: &Numbers,
        law: &Law,
        market: &Market,
    ) -> Asking {
        let coverage = threshold(law.programme_coverage.0);
        let dismissal = match filming.films {
            true => threshold(maths::hazard(parameters.risk.dismissal[law.data_rights].0, self.weeks)),
            false => 0,
        };
        let fear = fear.0[cohort.occupation.slot()];
        Asking {
            is_new: filming.films && stance.asks != coverage,
            is_bargaining: law.data_rights == Regime::Bargaining,
            is_refused: stance.is_refused,
            score: filming
                .films
                .then(|| Weighing::of(parameters, &self.asks, law, market, fear, filming, stance).score),
            dismissal,
            coverage,
            key: site.key,
        }
    }

    /// Asks the workers of a cohort who have an answer to give: those asked before, and those who may
    /// be asked for the first time.
    pub(super) fn ask(&self, people: &mut FilmableItem, crowd: &Crowd, answers: &mut Answers) {
        let hired_since = if crowd.is_new_programme { i16::MIN } else { self.hired_since };
        let rows = people.status.0.len();
        let mut flags = [0; STRIP];
        for first in (0..rows).step_by(STRIP) {
            let strip = first..(first + STRIP).min(rows);
            let (status, marks) = (&people.status.0[strip.clone()], &people.marks.0[strip.clone()]);
            flags.fill(0);
            wide!(flag_askable(status, marks, &people.since.0[strip], hired_since, &mut flags));
            for at in marked(&flags) {
                self.ask_one(first + at, people, crowd, answers);
            }
        }
    }

    /// Asks one worker.
    fn ask_one(&self, row: usize, people: &mut FilmableItem, crowd: &Crowd, answers: &mut Answers) {
        let place = usize::from(people.employer.0[row]);
        let site = &crowd.asking[place];
        let (key, before, skill) = (people.cohort.worker(row), people.marks.0[row], people.skill.0[row]);
        let Some(weighs) = &site.score else { return };
        if before & ASKED == 0 && !self.asks(site, key, people.since.0[row]) {
            return;
        }
        let score = || skill_score(skill, self.sigma);
        let is_out = crowd.strike.calls(score);
        let probability = || weighs.probability(score());
        let mut mark = self.answer(site, key, before, is_out, probability, &mut answers.by_site[place].refusal_sum);
        let refuses = mark & REFUSES != 0;
        if refuses && site.dismissal > 0 && (self.dismissal.bits(key) as u32) < site.dismissal {
            mark |= DISMISSED;
        }
        if refuses && crowd.is_withdrawal && mark & FILMED != 0 {
            let (hours, claim) = (&mut people.hours.0[row], &mut people.claim.0[row]);
            answers.taken_back.quality += i128::from(*hours) * i128::from(skill);
            answers.taken_back.claims += i128::from(*claim);
            answers.taken_back.hours += i128::from(*hours);
            (*hours, *claim) = (0, 0);
            mark &= !FILMED;
        }
        people.marks.0[row] = mark;
        answers.count(place, refuses, self.quartiles.iter().filter(|&&limit| skill >= limit).count());
    }

    /// Is somebody who was not asked yet asked now? Nobody is asked twice at the same site.
    fn asks(&self, site: &Asking, key: Key, since: i16) -> bool {
        (site.is_new || since >= self.hired_since) && (self.coverage.bits(site.key.and(key)) as u32) < site.coverage
    }

    /// The marks of somebody who was asked and refuses with this probability.
    fn answer(
        &self,
        site: &Asking,
        key: Key,
        mark: u8,
        is_out: bool,
        probability: impl Fn() -> f64,
        refusal_sum: &mut i64,
    ) -> u8 {
        if is_out {
            *refusal_sum += whole(PROBABILITY_ONE);
            return mark | ASKED | REFUSES;
        }
        if site.is_bargaining {
            *refusal_sum += floor(probability() * PROBABILITY_ONE);
            return (mark | ASKED) & !REFUSES | if site.is_refused { REFUSES } else { 0 };
        }
        let bits = self.stance.bits(key);
        if mark & ASKED != 0 && bits as u32 >= self.is_due {
            return mark;
        }
        let bits = self.own.map_or(bits, |own| own.bits(key));
        let refuses = ((bits >> 32) as u32) < threshold(probability());
        (mark | ASKED) & !REFUSES | if refuses { REFUSES } else { 0 }
    }
}

/// Flags those at work who were asked before or were hired lately.
#[inline(always)]
fn flag_askable(status: &[u8], marks: &[u8], since: &[i16], hired_since: i16, flags: &mut Flags) {
    for ((flag, &work), (&mark, &since)) in flags.iter_mut().zip(status).zip(marks.iter().zip(since)) {
        *flag = u8::from((work == Work::Employed as u8) & ((mark & ASKED != 0) | (since >= hired_since)));
    }
}
