//! What whole agents make of the people a scenario states, counted before anybody is founded.
//!
//! A labour market has whole agents, and a site whole positions: `floor(heads (1 + vacant) + draw)`, so many that its
//! heads work on average while the others are being refilled. Both are rounded, and where an agent stands for many
//! people that is seen in employment from the start.
//!
//! Left out: what follows when crews of a few agents change. Their mean skill moves with every head, the heads wanted
//! with it, and a position is refilled sooner than an excess head goes: employment stays above what is wanted.

use super::plants::{SitePlan, plan_sites};
use super::{employment, found_markets};
use crate::economy::Parameters;
use crate::economy::policy::Clock;
use crate::economy::shared::streams::Stream;
use crate::economy::staffing::positions;
use crate::economy::world::lists::Occupation;
use crate::economy::world::markets::Market;
use crate::economy::world::sites::SiteTrait;
use crate::ground::list::Listed;
use crate::ground::random::Luck;

/// A labour market at the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Place of the region.
    pub region: usize,
    /// Occupation.
    pub occupation: Occupation,
    /// People at work, as the scenario states them.
    pub stated: f64,
    /// Agents at work in the first week.
    pub agents: i64,
    /// Sites that have a crew here.
    pub crews: usize,
    /// Agents at work on average in the positions of the first week.
    pub kept: f64,
}

/// All labour markets of a scenario, with its random numbers.
pub fn cells(parameters: &Parameters) -> Vec<Cell> {
    let run = &parameters.run;
    let luck = Luck::new(run.seed, run.replicate);
    let weeks = Clock::of(run).weeks;
    let markets = found_markets(parameters, weeks);
    let plans = plan_sites(parameters, &luck, &markets);
    markets.iter().map(|market| cell(parameters, &luck, weeks, market, &plans)).collect()
}

fn cell(parameters: &Parameters, luck: &Luck, weeks: f64, market: &Market, plans: &[SitePlan]) -> Cell {
    let occupation = Occupation::ALL[market.occupation];
    let vacant = market.steady.vacant(weeks, parameters.labour.vacancy_length.0);
    let traits = luck.at(Stream::SiteTraits, 0);
    let mine = |plan: &&SitePlan| plan.region == market.region && plan.kind == occupation.site_type();
    let kept = |plan: &SitePlan| {
        let draw = traits.share(plan.key.and(SiteTrait::Positions(occupation)));
        positions(plan.crews[occupation.slot()].heads as f64, vacant, draw) as f64 / (1.0 + vacant)
    };
    Cell {
        region: market.region,
        occupation,
        stated: employment(&parameters.labour, market.region, occupation),
        agents: market.heads[0],
        crews: plans.iter().filter(mine).filter(|plan| plan.crews[occupation.slot()].heads > 0).count(),
        kept: plans.iter().filter(mine).map(kept).sum(),
    }
}
