//! Crews: what chance does to a crew of a few agents, and how much of it counts; and the numbers crews are kept by.
//!
//! A site stands for many firms, and a crew for thousands of people: who of them has just left, and how skilled those
//! are who have just come, evens out. In a crew of ten agents it does not: one more or less is a tenth of its hours.
//! Queues are long in weeks with too few and no shorter than nothing in weeks with too many, so that crews of a few
//! agents, for nothing but their few agents, want more people than crews of many.
//!
//! ```text
//! own        hours of a crew = its heads * weekly hours * their mean skill
//! expected   hours of a crew = the heads it would have on average * weekly hours * skill of the market's crews per such head
//!
//! heads on average, a tick:  e + f max(0, p - e) - (s + q + l) e - n max(0, e - (1 + tolerated) p)
//! ```
//!
//! with p the positions before they are rounded to whole agents, f the share of the market's vacancies that were filled
//! last tick, s, q and l the hazards of losing the job, quitting and leaving for good, n that of notice; what exceeds the
//! positions is measured as `staffing.excess` says ([`crate::economy::staffing`]). All crews of a market together have
//! the hours of all its people, no more and no less. With many agents a crew has the heads it would have on average,
//! and both say the same. Heads, pay and who is hired are those of the agents either way.
//!
//! Left out: crews whose people are more skilled than others' for a reason (whoever was dismissed for refusing the
//! camera was); dismissals for refusing.

use super::forms::{CrewHours, ExcessRule};
use crate::economy::world::markets::{MarketId, SteadyState};
use crate::economy::world::people::SKILL_ONE;
use crate::economy::world::sites::{Crew, Site, Staff};
use crate::ground::maths::share_of;
use crate::ground::units::{Share, Span};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of staffing.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StaffingParameters {
    /// Mean time until an excess head is given notice.
    pub notice: Span,
    /// Excess above the heads wanted that is tolerated.
    pub tolerance: Share,
    /// Excess beyond that, or beyond the positions, that is tolerated, as a share of them; 0: half an agent.
    pub tolerated_share: Share,
    /// When in a tick the excess is measured.
    pub excess: ExcessRule,
    /// Whose hours a crew works.
    pub crew_hours: CrewHours,
    /// Time in which a backlog is to be cleared.
    pub backlog_cleared: Span,
    /// Half-life of the staffing plan.
    pub plan_half_life: Span,
}

/// Mean over a tick of an excess of heads from which so many leave by themselves.
pub fn excess_over_tick(excess: f64, leaving: f64) -> f64 {
    if leaving <= excess { excess - leaving / 2.0 } else { excess * excess / (2.0 * leaving) }
}

/// An excess of heads from which so many leave by themselves in the tick, as the rule measures it.
pub fn measured_excess(rule: ExcessRule, excess: f64, leaving: f64) -> f64 {
    match rule {
        ExcessRule::AtStart => excess,
        ExcessRule::OverTick => excess_over_tick(excess, leaving),
    }
}

/// What all crews of a market have together.
#[derive(Clone, Copy, Debug, Default)]
struct Together {
    heads: i64,
    skill: i64,
    expected: f64,
}

/// What the crews of each market have together.
#[derive(Clone, Debug, Default)]
pub struct Levelled(Vec<Together>);

impl Levelled {
    /// Adds up the crews of all sites, where their chance is levelled; nothing where it is not.
    pub fn of<'a>(rule: CrewHours, regions: usize, sites: impl Iterator<Item = (&'a Site, &'a Staff)>) -> Levelled {
        if rule == CrewHours::Own {
            return Levelled::default();
        }
        let mut markets = vec![Together::default(); MarketId::count(regions)];
        for (site, staff) in sites {
            for (&occupation, crew) in site.kind.occupations().iter().zip(&staff.0) {
                let sum = &mut markets[MarketId::of(site.region, occupation).index()];
                sum.heads += crew.heads;
                sum.skill += crew.skill;
                sum.expected += crew.expected;
            }
        }
        Levelled(markets)
    }

    /// Heads of a crew that count for its hours, and their mean skill.
    pub fn hands(&self, market: MarketId, crew: &Crew) -> (f64, f64) {
        match self.0.get(market.index()) {
            None => (crew.heads as f64, crew.mean_skill()),
            Some(all) => (crew.expected, share_of(all.skill as f64 / SKILL_ONE as f64, all.expected)),
        }
    }

    /// Mean skill that a crew is planned by.
    pub fn mean_skill(&self, market: MarketId, crew: &Crew) -> f64 {
        match self.0.get(market.index()).filter(|all| all.heads > 0) {
            Some(all) => all.skill as f64 / (all.heads * SKILL_ONE) as f64,
            None => crew.mean_skill(),
        }
    }
}

/// What moves the heads that a crew would have on average, in a tick.
#[derive(Clone, Copy, Debug)]
pub struct Drift {
    /// f: share of the market's vacancies that were filled.
    pub filled: f64,
    /// s + q + l: hazard of leaving the job.
    pub leaving: f64,
    /// n: hazard of notice of a head too many.
    pub notice: f64,
    /// Share of the positions by which heads may exceed them.
    pub tolerated: f64,
    /// When in a tick the excess is measured.
    pub excess: ExcessRule,
}

impl Drift {
    /// The drift of a market in which so many of the vacancies were filled.
    pub fn of(
        steady: &SteadyState,
        hires: i64,
        vacancies: i64,
        notice: f64,
        (tolerated, excess): (Share, ExcessRule),
    ) -> Drift {
        Drift {
            filled: share_of(hires as f64, vacancies as f64).min(1.0),
            leaving: steady.separation + steady.quit + steady.leaving,
            notice,
            tolerated: tolerated.0,
            excess,
        }
    }

    /// e after a tick in which the crew had so many positions.
    pub fn next(&self, expected: f64, positions: f64) -> f64 {
        let too_many = (expected - (1.0 + self.tolerated) * positions).max(0.0);
        let joins = self.filled * (positions - expected).max(0.0);
        let leaving = self.leaving * expected;
        (expected + joins - leaving - self.notice * measured_excess(self.excess, too_many, leaving)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_on_average_follow_vacancies_quits_and_notice() {
        let drift = Drift { filled: 0.2, leaving: 0.02, notice: 0.1, tolerated: 0.05, excess: ExcessRule::AtStart };
        // 10 of 11 positions: 0.2 of one vacancy is filled, 0.2 heads leave: it stands still
        assert!((drift.next(10.0, 11.0) - 10.0).abs() < 1e-12);
        // 12 heads in 10 positions: 0.24 leave, and a tenth of the 1.5 beyond 10.5 is given notice
        assert!((drift.next(12.0, 10.0) - (12.0 - 0.24 - 0.15)).abs() < 1e-12);
        // measured over the tick, the 1.5 are 1.38 in the mean
        let over_tick = Drift { excess: ExcessRule::OverTick, ..drift };
        assert!((over_tick.next(12.0, 10.0) - (12.0 - 0.24 - 0.138)).abs() < 1e-12);
    }

    #[test]
    fn crews_share_the_hours_of_all_their_people_and_no_others() {
        // two crews of 4 and 6 agents that would have 5 each; skill factors add up to 11 mean workers
        let crew = |heads: i64, skill: f64| Crew {
            heads,
            skill: (skill * SKILL_ONE as f64) as i64,
            expected: 5.0,
            ..Crew::default()
        };
        let (one, other) = (crew(4, 5.0), crew(6, 6.0));
        let all = Together { heads: 10, skill: 11 * SKILL_ONE, expected: 10.0 };
        let (levelled, market) = (Levelled(vec![all]), MarketId::at(0));
        let hours = |crew: &Crew| {
            let (heads, skill) = levelled.hands(market, crew);
            heads * skill
        };
        assert!((hours(&one) - 5.5).abs() < 1e-12 && (hours(&one) + hours(&other) - 11.0).abs() < 1e-12);
        assert!((levelled.mean_skill(market, &one) - 1.1).abs() < 1e-12);
        // where chance is each crew's own
        assert_eq!(Levelled::default().hands(market, &one), (4.0, 1.25));
    }

    #[test]
    fn who_leaves_anyway_is_not_given_notice() {
        // an excess of 10: 4 leave in the tick, so that it is 8 in the mean; 20 leave, gone at half of it: 2.5
        assert_eq!((excess_over_tick(10.0, 4.0), excess_over_tick(10.0, 20.0)), (8.0, 2.5));
        assert_eq!((excess_over_tick(10.0, 0.0), excess_over_tick(10.0, 10.0)), (10.0, 5.0));
    }
}
