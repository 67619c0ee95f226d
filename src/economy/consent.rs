//! Fear, and whether the camera stays on.
//!
//! Fear x at a site is an exponentially weighted mean of what robots took: 0.7 times the share of the
//! site's own hours plus 0.3 times the share of the occupation's hours everywhere. A worker who is
//! asked refuses with probability P = logistic(v),
//!
//! ```text
//! v = a0 + a_skill z + a_fear x + a_peer (refusing share at the site - 1/2)
//!        - a_pay log2(1 + (capture pay + expected royalty) / reference pay)
//!        - a_retaliation * (weeks of wage at risk)
//! ```
//!
//! decides when first asked and reviews the stance every 13 weeks on average. Under `bargaining` the
//! covered workers of a site decide as one. Under a strike the most skilled refuse whatever v says.
//!
//! Left out: learning from other sites' disputes, and any measured value of the coefficients: none
//! exists, so all of them are assumptions (grade C).

use super::blocks;
use super::lists::Occupation;
use super::people::{
    ASKED, Claim, Cohort, DISMISSED, Employer, FILMED, Hours, Marks, REFUSES, Since, Skill, Status, Work, skill_score,
};
use super::policy::{Clock, InForce, Law, Regime};
use super::sites::{Job, Jobs, Site};
use super::{Luckbox, people};
use crate::economy::markets::LabourParameters;
use crate::economy::markets::{Market, Markets};
use crate::economy::numbers::numbers;
use crate::economy::people::PeopleParameters;
use crate::economy::policy::RiskParameters;
use crate::economy::programme::Filming;
use crate::economy::streams::Stream;
use crate::ground::lanes::{Flags, STRIP, marked};
use crate::ground::maths::{self, share_of};
use crate::ground::numbers::whole;
use crate::ground::random::{Chance, Key, threshold};
use crate::ground::units::{Number, Rate, Share, Span};
use crate::wide;
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
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

/// x: fear by crew of a site, in the order of its occupations.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Fear(pub Vec<f64>);

/// The site as a body that answers: who was asked, who refuses.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stance {
    /// Agents asked.
    pub asked: i64,
    /// Agents who refuse.
    pub refusing: i64,
    /// Under bargaining: the covered workers refuse together.
    pub is_refused: bool,
    /// Which part of the workers was asked last, as a threshold of a draw; zero if it does not film.
    pub asks: u32,
}

/// Asked and refusing agents of a region by skill quartile.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Refusals(pub Vec<[(i64, i64); 4]>);

/// Update what workers fear.
pub fn update_fear(clock: Res<Clock>, consent: Res<ConsentParameters>, mut sites: Query<(&Site, &Jobs, &mut Fear)>) {
    let mut robots = [0_i128; Occupation::COUNT];
    let mut all = [0_i128; Occupation::COUNT];
    let milli_hours = |job: &Job, units: i64| whole((job.hours(units) * 1e3).round());
    for (_, jobs, _) in &sites {
        for job in &jobs.0 {
            let o = job.kind.occupation() as usize;
            robots[o] += i128::from(milli_hours(job, job.work.by_robots));
            all[o] += i128::from(milli_hours(job, job.work.by_robots + job.work.by_people));
        }
    }
    let keep = maths::half_life_decay(clock.weeks, consent.fear_half_life.0);
    for (site, jobs, mut fear) in &mut sites {
        let hours = |robots_only: bool| -> f64 {
            let units = |job: &Job| job.work.by_robots + if robots_only { 0 } else { job.work.by_people };
            jobs.0.iter().map(|job| job.hours(units(job))).sum()
        };
        let own = share_of(hours(true), hours(false));
        for (slot, occupation) in site.kind.occupations().iter().enumerate() {
            let o = *occupation as usize;
            let everywhere = share_of(robots[o] as f64, all[o] as f64);
            let seen = consent.own_site_weight.0 * own + (1.0 - consent.own_site_weight.0) * everywhere;
            fear.0[slot] = seen + (fear.0[slot] - seen) * keep;
        }
    }
}

/// v: the refusal score without the worker's own skill.
pub struct Score {
    /// a_fear x + a_peer (...) - a_pay (...) - a_retaliation (...) + a0.
    pub of_site: f64,
    /// a_skill.
    pub per_skill: f64,
}

impl Score {
    /// P(refuse) of a worker with skill score z.
    pub fn probability(&self, z: f64) -> f64 {
        maths::logistic(self.of_site + self.per_skill * z)
    }
}

/// The part of the refusal score that everybody of an occupation at a site shares.
///
/// `pay` and `reference` are dollars per recorded hour, `refusing` a share, `at_risk` weeks of wage.
pub fn score(consent: &ConsentParameters, fear: f64, refusing: f64, pay: f64, reference: f64, at_risk: f64) -> Score {
    let doublings = maths::log2(1.0 + share_of(pay, reference));
    Score {
        of_site: consent.base.0 + consent.fear.0 * fear + consent.peers.0 * (refusing - 1.0 / 2.0)
            - consent.pay.0 * doublings
            - consent.retaliation.0 * at_risk,
        per_skill: consent.skill.0,
    }
}

/// What a cohort's loop needs of a site.
struct Asking {
    films: bool,
    is_bargaining: bool,
    is_refused: bool,
    score: Score,
    dismissal: u32,
    coverage: u32,
    /// Does it ask those who were not asked before, because it began to film or asks more?
    is_new: bool,
    key: Key,
}

/// Answers at a site.
#[derive(Clone, Default)]
struct Tally {
    asked: i64,
    refusing: i64,
    refusal_sum: i64,
}

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

/// Answers of cohorts of one market.
struct Answers {
    by_site: Vec<Tally>,
    by_quartile: [(i64, i64); 4],
    taken_back: TakenBack,
}

impl Answers {
    /// None yet, of so many sites.
    fn of(sites: usize) -> Answers {
        Answers { by_site: vec![Tally::default(); sites], by_quartile: [(0, 0); 4], taken_back: TakenBack::default() }
    }
}

/// Standard normal scores at which quartiles begin.
const QUARTILES: [f64; 3] = [-0.674_489_75, 0.0, 0.674_489_75];

/// Probabilities are summed in this fixed point.
const PROBABILITY_ONE: f64 = 1_048_576.0;

/// What all cohorts of a region share when stances are reviewed.
struct Review {
    coverage: Chance,
    stance: Chance,
    dismissal: Chance,
    /// Below which a draw means that a stance is reviewed.
    is_due: u32,
    sigma: f64,
    /// Skill factors at which quartiles begin.
    quartiles: [u16; 3],
    /// Who was hired in this tick or later was not asked yet.
    hired_since: i16,
}

numbers! { people: PeopleParameters, labour: LabourParameters, consent: ConsentParameters, risk: RiskParameters }

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
            own.iter().map(|&site| asking(site, cohort, &parameters, law, market, clock.weeks)).collect();
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

/// The columns of workers that consent reads and writes.
#[derive(QueryData)]
#[query_data(mutable)]
pub struct Filmable {
    cohort: &'static Cohort,
    status: &'static Status,
    employer: &'static Employer,
    skill: &'static Skill,
    since: &'static Since,
    marks: &'static mut Marks,
    hours: &'static mut Hours,
    claim: &'static mut Claim,
}

impl Answers {
    /// Enters a block's answers into those of its sites, region and market.
    fn commit(self, cohort: &Cohort, totals: &mut [Tally], refusals: &mut Refusals, withdrawn: &mut Withdrawn) {
        for (total, tally) in totals[cohort.sites.0..].iter_mut().zip(&self.by_site) {
            total.asked += tally.asked;
            total.refusing += tally.refusing;
            total.refusal_sum += tally.refusal_sum;
        }
        for (sum, part) in refusals.0[cohort.region].iter_mut().zip(self.by_quartile) {
            *sum = (sum.0 + part.0, sum.1 + part.1);
        }
        let taken_back = &mut withdrawn.0[cohort.market];
        taken_back.quality += self.taken_back.quality;
        taken_back.claims += self.taken_back.claims;
        taken_back.hours += self.taken_back.hours;
    }

    /// Counts one answer, of somebody with this skill factor.
    fn count(&mut self, place: usize, refuses: bool, quartile: usize) {
        let refuses = i64::from(refuses);
        self.by_site[place].asked += 1;
        self.by_site[place].refusing += refuses;
        let (asked, refusing) = &mut self.by_quartile[quartile];
        (*asked, *refusing) = (*asked + 1, *refusing + refuses);
    }
}

impl Stance {
    /// The site hears what its workers answered.
    fn hear(&mut self, total: &Tally, law: &Law, films: bool) {
        self.asked = total.asked;
        self.refusing = total.refusing;
        self.asks = if films { threshold(law.programme_coverage.0) } else { 0 };
        self.is_refused = law.data_rights == Regime::Bargaining
            && total.refusal_sum as f64 > total.asked as f64 * PROBABILITY_ONE / 2.0;
    }

    /// Agents who let the camera run.
    pub fn consenting(&self) -> i64 {
        self.asked - self.refusing
    }

    /// Share of those asked who refuse. Who is asked first sees no peers yet: half is neutral.
    pub fn refusing_share(&self) -> f64 {
        if self.asked == 0 { 1.0 / 2.0 } else { share_of(self.refusing as f64, self.asked as f64) }
    }
}

/// A strike against the camera: the most skilled are out.
#[derive(Clone, Copy)]
pub struct Strike {
    /// Share of the occupation that is out.
    share: f64,
    /// Skill score from which somebody is.
    from: f64,
}

impl Strike {
    /// A strike of this share of an occupation; of none, nobody is out.
    pub fn of(share: f64) -> Strike {
        Strike { share, from: if share > 0.0 && share < 1.0 { maths::normal_quantile(1.0 - share) } else { 0.0 } }
    }

    /// Is somebody of this skill score out?
    pub fn calls(self, z: impl FnOnce() -> f64) -> bool {
        self.share > 0.0 && (self.share >= 1.0 || z() >= self.from)
    }
}

/// What the workers of a market share when they are asked.
struct Crowd {
    /// By site of the cohort.
    asking: Vec<Asking>,
    is_new_programme: bool,
    strike: Strike,
    /// May they take their hours back?
    is_withdrawal: bool,
}

impl Review {
    fn of(clock: &Clock, luck: &Luckbox, parameters: &Numbers) -> Review {
        let sigma = parameters.people.skill_sigma.0;
        let factor = |z: f64| (maths::exp(sigma * z - sigma * sigma / 2.0) * people::SKILL_ONE as f64) as u16;
        Review {
            coverage: luck.0.at(Stream::Coverage, 0),
            stance: luck.0.at(Stream::Consent, clock.tick),
            dismissal: luck.0.at(Stream::Dismissal, clock.tick),
            is_due: threshold(maths::hazard(parameters.consent.review.0, clock.weeks)),
            sigma,
            quartiles: QUARTILES.map(factor),
            hired_since: clock.row_tick() - 1,
        }
    }

    /// Asks the workers of a cohort who have an answer to give: those asked before, and those who may
    /// be asked for the first time.
    fn ask(&self, people: &mut FilmableItem, crowd: &Crowd, answers: &mut Answers) {
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
        if !site.films || before & ASKED == 0 && !self.asks(site, key, people.since.0[row]) {
            return;
        }
        let score = || skill_score(skill, self.sigma);
        let is_out = crowd.strike.calls(score);
        let mut mark = self.answer(site, key, before, is_out, score, &mut answers.by_site[place].refusal_sum);
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

    /// The marks of somebody who was asked.
    fn answer(
        &self,
        site: &Asking,
        key: Key,
        mark: u8,
        is_out: bool,
        score: impl Fn() -> f64,
        refusal_sum: &mut i64,
    ) -> u8 {
        if is_out {
            *refusal_sum += whole(PROBABILITY_ONE);
            return mark | ASKED | REFUSES;
        }
        if site.is_bargaining {
            *refusal_sum += whole((site.score.probability(score()) * PROBABILITY_ONE).floor());
            return (mark | ASKED) & !REFUSES | if site.is_refused { REFUSES } else { 0 };
        }
        let bits = self.stance.bits(key);
        if mark & ASKED != 0 && bits as u32 >= self.is_due {
            return mark;
        }
        let refuses = ((bits >> 32) as u32) < threshold(site.score.probability(score()));
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

/// What an answer depends on that everybody of an occupation at a site shares: the score, and the numbers in it.
pub struct Weighing {
    /// x.
    pub fear: f64,
    /// Refusing share at the site.
    pub refusing: f64,
    /// Capture pay and expected royalty, dollars per recorded hour.
    pub offer: f64,
    /// Reference pay, dollars per hour.
    pub reference: f64,
    /// Weeks of wage at risk.
    pub at_risk: f64,
    /// v without the worker's own skill.
    pub score: Score,
}

impl Weighing {
    /// What workers of a market weigh at a site whose crew fears so much.
    pub fn of(
        parameters: &Numbers,
        law: &Law,
        market: &Market,
        fear: f64,
        filming: &Filming,
        stance: &Stance,
    ) -> Weighing {
        let rule = &parameters.consent;
        let hourly = market.wage / parameters.labour.weekly_hours[market.region].0;
        let (refusing, offer) = (stance.refusing_share(), filming.offer + market.royalties.per_hour);
        let reference = rule.reference_pay.0 * hourly;
        let at_risk = parameters.risk.weeks_at_risk[law.data_rights].0;
        let score = score(rule, fear, refusing, offer, reference, at_risk);
        Weighing { fear, refusing, offer, reference, at_risk, score }
    }
}

fn asking(
    (site, fear, filming, stance): (&Site, &Fear, &Filming, &Stance),
    cohort: &Cohort,
    parameters: &Numbers,
    law: &Law,
    market: &Market,
    weeks: f64,
) -> Asking {
    let coverage = threshold(law.programme_coverage.0);
    let fear = fear.0[cohort.occupation.slot()];
    Asking {
        films: filming.films,
        is_new: filming.films && stance.asks != coverage,
        is_bargaining: law.data_rights == Regime::Bargaining,
        is_refused: stance.is_refused,
        score: Weighing::of(parameters, law, market, fear, filming, stance).score,
        dismissal: threshold(maths::hazard(parameters.risk.dismissal[law.data_rights].0, weeks)),
        coverage,
        key: site.key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters() -> ConsentParameters {
        ConsentParameters {
            base: Number(-3.0),
            skill: Number(0.8),
            fear: Number(1.5),
            peers: Number(0.3),
            pay: Number(0.6),
            reference_pay: Share(0.1),
            retaliation: Number(0.25),
            review: Rate(1.0 / 13.0),
            fear_half_life: Span(26.0),
            own_site_weight: Share(0.7),
        }
    }

    #[test]
    fn an_unpaid_worker_at_risk_rarely_refuses() {
        // v = -3 + 0 + 0 - 0.6 log2(1) - 0.25 * 4 = -4; P = 1/(1 + e^4) = 0.01799
        let p = score(&parameters(), 0.0, 0.5, 0.0, 1.0, 4.0).probability(0.0);
        assert!((p - 0.017_986).abs() < 1e-6, "{p}");
    }

    #[test]
    fn a_strike_of_a_sixth_calls_those_a_standard_deviation_above_the_mean() {
        // P(z >= 1) = 0.1587
        let strike = Strike::of(0.158_7);
        assert!(strike.calls(|| 1.001) && !strike.calls(|| 0.999));
        assert!(Strike::of(1.0).calls(|| -9.0) && !Strike::of(0.0).calls(|| 9.0));
    }

    #[test]
    fn the_skilled_and_the_fearful_refuse_first_and_pay_calms() {
        let p = |z, fear, pay| score(&parameters(), fear, 0.5, pay, 0.1, 0.0).probability(z);
        assert!(p(1.0, 0.0, 0.0) > p(0.0, 0.0, 0.0));
        assert!(p(0.0, 0.5, 0.0) > p(0.0, 0.0, 0.0));
        assert!(p(0.0, 0.0, 0.1) < p(0.0, 0.0, 0.0));
        // pay equal to the reference is one doubling: v = -3 - 0.6
        assert!((p(0.0, 0.0, 0.1) - maths::logistic(-3.6)).abs() < 1e-15);
    }
}
