//! People enter and leave for good.
//!
//! ```text
//! leaving    hazard 1/40 a year, whatever somebody does: a working life of forty years on average
//! N(t)       = N(0) exp(g h / ln 2 (1 - 2^(-t/h))), people of a market; g by region fades with half-life h
//! entrants   = max(0, N(t) - those who are left)
//! ```
//!
//! Whoever leaves is gone from the job, the queue or the course, and from the model: what was in the wallet goes to
//! the rest of the region's economy. A claim to royalties ends with the working life, or outlives it where claims are
//! portable. An entrant takes an empty place with a skill of the own and looks for work in the occupation. The flows
//! of the first week ([`super::matching`]) allow for both, so that a population that does not grow stands still.
//!
//! Without leaving and without growth nobody enters either, and nothing is drawn.
//!
//! Left out: age, and with it who leaves and what entrants can do; entrants who choose their occupation by its
//! prospects; children, pensions, migration.
//! Source of the paths: UN World Population Prospects, recalled.

use super::Luckbox;
use super::policy::Today;
use crate::economy::shared::blocks;
use crate::economy::shared::growth::{growth_index, per_year};
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::streams::Stream;
use crate::economy::shared::weights::Weights;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::world::markets::{Bequest, Market, Markets, Turnover};
use crate::economy::world::people::{
    Claim, Employer, Entered, Hours, Marks, NEVER, NO_SITE, PeopleParameters, SKILL_ONE, Scarred, Since, Skill, Status,
    Trained, Wallet, Work, workers,
};
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::{Site, Staff};
use crate::ground::by_region::ByRegion;
use crate::ground::maths;
use crate::ground::money::Money;
use crate::ground::numbers::whole;
use crate::ground::random::{Chance, Draws, UnitLogNormal};
use crate::ground::units::{Rate, Span, WEEKS_PER_YEAR};
use bevy_ecs::prelude::*;
use rand::RngExt;
use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of who enters and who leaves.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DemographyParameters {
    /// Hazard of leaving for good.
    pub leaving: Rate,
    /// Growth of the people of working age at the start, by region; in the long run there is none.
    pub growth: ByRegion<Rate>,
    /// Half-life of that growth.
    pub growth_half_life: Span,
}

/// Years after which growth that fades has ended.
const FOR_EVER: f64 = 1e6;

impl DemographyParameters {
    /// Does anybody enter or leave in so many regions?
    fn is_at_rest(&self, regions: usize) -> bool {
        self.leaving.0 == 0.0 && (0..regions).all(|region| self.growth[region].0 == 0.0)
    }

    /// N(t): people of a market that had `initial`, after some years.
    pub fn people(&self, initial: i64, region: usize, years: f64) -> i64 {
        let half_life = self.growth_half_life.0 / WEEKS_PER_YEAR;
        let index = growth_index(per_year(self.growth[region]), 0.0, half_life, years);
        whole((initial as f64 * index + 0.5).floor())
    }

    /// Places for the people of a market at their most, whenever that is.
    pub fn places(&self, initial: i64, region: usize) -> i64 {
        self.people(initial, region, FOR_EVER).max(initial)
    }
}

/// Skill factor of an entrant.
pub fn skill_factor(sigma: f64, draws: &mut Draws) -> u16 {
    let factor = UnitLogNormal { sigma }.sample(draws);
    u16::try_from(whole((factor * SKILL_ONE as f64).round()).clamp(1, 65_535)).expect("clamped")
}

workers! {
    /// The columns of workers that people who leave and enter change: all of them.
    Lives:
        reads;
        writes status: Status, marks: Marks, skill: Skill, wallet: Wallet, employer: Employer, since: Since,
            entered: Entered, scarred: Scarred, trained: Trained, hours: Hours, claim: Claim;
}

/// Those who left some of a market's blocks for good, and what they leave behind.
#[derive(Default)]
struct Left {
    heads: [i64; 4],
    never_hired: i64,
    /// Those who left a crew, by place of the site: heads, and their skill factors.
    crews: Vec<(i64, i64)>,
    /// Micro-dollars per person.
    wallets: i64,
    bequest: Bequest,
}

numbers! { weights: Weights, people: PeopleParameters, demography: DemographyParameters }

/// People leave for good, and others enter.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn leave_and_enter(
    Today { clock, in_force }: Today,
    luck: Res<Luckbox>,
    parameters: Numbers,
    regions: Res<Regions>,
    mut ledger: ResMut<Ledger>,
    mut markets: ResMut<Markets>,
    mut sites: Query<(&Site, &mut Staff)>,
    mut cohorts: Query<Lives>,
) {
    let demography = &parameters.demography;
    if demography.is_at_rest(regions.count()) {
        return;
    }
    let chance = luck.0.at(Stream::Leaving, clock.tick);
    let hazard = maths::hazard(demography.leaving.0, clock.weeks);
    let left = blocks::over(cohorts.iter_mut().collect(), |mut lives| {
        let cohort = lives.cohort;
        (cohort.market, cohort.sites.0, cohort.occupation.slot(), lives.part(hazard, chance, clock.row_tick()))
    });
    for market in &mut markets.0 {
        (market.turnover.left, market.turnover.entered, market.turnover.estates) = (0, 0, 0);
    }
    let mut staff: Vec<_> = sites.iter_mut().map(|(_, staff)| staff).collect();
    for (m, first_site, slot, left) in left {
        let market = &mut markets.0[m];
        for (n, (heads, skill)) in left.crews.iter().enumerate().filter(|(_, (heads, _))| *heads != 0) {
            let crew = &mut staff[first_site + n].0[slot];
            (crew.heads, crew.skill) = (crew.heads - heads, crew.skill - skill);
        }
        market.turnover.estates += left.wallets;
        let estates = Money(left.wallets * parameters.weights.persons(market.id()));
        ledger.pay(Flow::Estates, market.account, regions[market.region].rest, estates);
        left.commit(market, in_force.law[market.region].royalty_portable);
    }
    let years = if clock.is_frozen { 0.0 } else { clock.years().max(0.0) };
    let skills = luck.0.at(Stream::Entrant, clock.tick);
    for mut lives in &mut cohorts {
        let market = &mut markets.0[lives.cohort.market];
        let initial = market.heads_initial.iter().sum();
        let wanted = demography.people(initial, market.region, years) - market.people();
        lives.admit(wanted, market, parameters.people.skill_sigma.0, skills, clock.row_tick());
    }
}

impl Left {
    /// Enters in a market's books who left it.
    fn commit(self, market: &mut Market, is_portable: bool) {
        let gone: i64 = self.heads.iter().sum();
        for (heads, left) in market.heads.iter_mut().zip(self.heads) {
            *heads -= left;
        }
        market.recorded.hours -= self.bequest.hours;
        market.recorded.claims -= self.bequest.claims;
        let Turnover { left, left_total, never_hired, bequest, .. } = &mut market.turnover;
        (*left, *left_total, *never_hired) = (*left + gone, *left_total + gone, *never_hired - self.never_hired);
        bequest.hours += self.bequest.hours;
        if is_portable {
            bequest.claims += self.bequest.claims;
            bequest.quality += self.bequest.quality;
            bequest.contributors += self.bequest.contributors;
        }
    }
}

impl LivesItem<'_, '_> {
    /// Each of the block leaves with this hazard.
    fn part(&mut self, hazard: f64, chance: Chance, now: i16) -> Left {
        let mut left = Left { crews: vec![(0, 0); self.cohort.sites.1], ..Left::default() };
        for row in Those::with(hazard, self.status.0.len(), chance.draws(self.cohort.worker(0))) {
            self.leave(row, now, &mut left);
        }
        left
    }

    /// Somebody leaves for good, unless the place is empty.
    fn leave(&mut self, row: usize, now: i16, left: &mut Left) {
        let was = Work::of(self.status.0[row]);
        if was == Work::Gone {
            return;
        }
        let (skill, claim, hours) = (self.skill.0[row], self.claim.0[row], self.hours.0[row]);
        left.heads[was as usize] += 1;
        left.never_hired += i64::from(self.employer.0[row] == NO_SITE);
        if was == Work::Employed {
            let crew = &mut left.crews[usize::from(self.employer.0[row])];
            *crew = (crew.0 + 1, crew.1 + i64::from(skill));
        }
        left.wallets += self.wallet.0[row];
        left.bequest.hours += i128::from(hours);
        left.bequest.claims += i128::from(claim);
        left.bequest.quality += i128::from(claim) * i128::from(skill) / i128::from(SKILL_ONE);
        left.bequest.contributors += i128::from(claim > 0);
        self.begin(row, Work::Gone, now);
    }

    /// Lets so many enter, as far as the block has empty places.
    fn admit(&mut self, wanted: i64, market: &mut Market, sigma: f64, skills: Chance, now: i16) {
        let mut row = 0;
        for _ in 0..wanted {
            let Some(empty) = memchr::memchr(Work::Gone as u8, &self.status.0[row..]) else { return };
            row += empty;
            self.begin(row, Work::Unemployed, now);
            self.entered.0[row] = now;
            self.skill.0[row] = skill_factor(sigma, &mut skills.draws(self.cohort.worker(row)));
            market.heads[Work::Unemployed as usize] += 1;
            market.turnover.entered += 1;
            market.turnover.entered_total += 1;
            market.turnover.never_hired += 1;
        }
    }

    /// A place that nobody has been at.
    fn begin(&mut self, row: usize, work: Work, now: i16) {
        self.status.0[row] = work as u8;
        self.since.0[row] = now;
        self.marks.0[row] = 0;
        self.wallet.0[row] = 0;
        self.employer.0[row] = NO_SITE;
        self.scarred.0[row] = NEVER;
        self.trained.0[row] = NEVER;
        self.hours.0[row] = 0;
        self.claim.0[row] = 0;
    }
}

/// Those of a block to whom something rare happens: the gaps between them are drawn, not everybody.
struct Those {
    next: f64,
    rows: f64,
    /// Logarithm of the chance that nothing happens to somebody.
    stays: f64,
    draws: Draws,
}

impl Those {
    fn with(hazard: f64, rows: usize, draws: Draws) -> Those {
        let mut those = Those { next: -1.0, rows: rows as f64, stays: libm::log1p(-hazard), draws };
        those.advance();
        those
    }

    /// Gaps are geometric: floor(ln u / ln(1 - hazard)) with u uniform above 0.
    fn advance(&mut self) {
        let u = 1.0 - self.draws.random::<f64>();
        let gap = if self.stays < 0.0 { (maths::ln(u) / self.stays).floor() } else { f64::INFINITY };
        self.next += 1.0 + gap;
    }
}

impl Iterator for Those {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        (self.next < self.rows).then(|| {
            let row = self.next as usize;
            self.advance();
            row
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::random::{Key, Luck};

    fn parameters() -> DemographyParameters {
        DemographyParameters {
            leaving: Rate(1.0 / 40.0 / WEEKS_PER_YEAR),
            growth: ByRegion::All(Rate(0.01 / WEEKS_PER_YEAR)),
            growth_half_life: Span(520.0),
        }
    }

    #[test]
    fn a_path_fades_and_has_places_for_the_most() {
        // 1 % a year with half-life 10: after 10 years exp(0.00995 * 14.427 / 2) = 1.0744, in the end 1.1544
        let path = parameters();
        assert_eq!((path.people(10_000, 0, 0.0), path.people(10_000, 0, 10.0)), (10_000, 10_744));
        assert_eq!(path.places(10_000, 0), 11_544);
        // who grow fewer need no more places than they have
        let shrinking = DemographyParameters { growth: ByRegion::All(Rate(-0.01 / WEEKS_PER_YEAR)), ..path };
        assert_eq!(shrinking.places(10_000, 0), 10_000);
    }

    /// Size: 4 standard errors, about 1 in 15,000 seeds; power: a bias of 1.3 % is caught.
    #[test]
    fn those_who_leave_are_as_many_as_the_hazard_says_and_anywhere() {
        let (hazard, rows, blocks) = (0.01, 1_000, 1_000);
        let (mut sum, mut places) = (0_usize, 0_usize);
        for block in 0..blocks {
            let chance = Luck::new(7, 0).at(Stream::Labour, block);
            let those: Vec<usize> = Those::with(hazard, rows, chance.draws(Key::numbered(3))).collect();
            assert!(those.windows(2).all(|pair| pair[0] < pair[1]));
            sum += those.len();
            places += those.iter().sum::<usize>();
        }
        let (n, expected) = (sum as f64, hazard * rows as f64 * f64::from(blocks));
        assert!((n - expected).abs() < 4.0 * libm::sqrt(expected * (1.0 - hazard)), "{n}");
        // the mean place is the middle: standard deviation of a uniform is rows / sqrt(12)
        let mean = places as f64 / n - (rows as f64 - 1.0) / 2.0;
        assert!(mean.abs() < 4.0 * rows as f64 / libm::sqrt(12.0 * n), "{mean}");
        let nobody = Those::with(0.0, rows, Luck::new(7, 0).at(Stream::Labour, 0).draws(Key::numbered(3)));
        assert_eq!(nobody.count(), 0);
    }
}
