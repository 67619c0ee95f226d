//! The first week: who exists, who owns what, in steady state.
//!
//! Everybody and everything gets a key from what it is (region, occupation, ordinal), never from the
//! order of creation. Heads follow from the figures of the baseline; hazards follow from the heads, so
//! that the first week repeats itself as long as nothing else moves. Wallets start at the mean of their
//! own consumption rule over the spells a worker has behind them.

mod firms;
pub mod grain;
mod jobs;
mod plants;
mod workers;

use super::consent::{Refusals, TakenBack, Withdrawn};
use super::learning::{first_capability, given_at_start};
use super::matching::{Queues, steady_state};
use super::policy::{Clock, InForce};
use super::recording::{CountsDistributions, Rhythm};
use super::settlement::royalties::Pools;
use super::settlement::trade::LicenceIncome;
use super::settlement::wallets::Takes;
use super::{Luckbox, Parameters, Verdict};
use crate::economy::demand::buyers::Buyers;
use crate::economy::demand::{Trade, TradeShares};
use crate::economy::shared::scars::Scars;
use crate::economy::shared::weights::heads_of;
use crate::economy::world::flows::Ledger;
use crate::economy::world::lists::{Occupation, SiteType};
use crate::economy::world::markets::employment;
use crate::economy::world::markets::{Market, MarketId, Markets};
use crate::ground::ledger::AccountId;
use crate::ground::list::Listed;
use crate::ground::maths;
use crate::ground::numbers::whole;
use crate::ground::random::Luck;
use bevy_ecs::prelude::*;
use firms::{first_frontier, first_robot_hours, first_stocks, found_labs, found_makers, found_regions, spawn_sites};
use jobs::plan_jobs;
use plants::plan_sites;
use workers::{found_workers, open_accounts, spawn_cohorts};

/// A world without anybody: what follows from the parameters alone, with the clock at the first tick.
pub fn bare(parameters: &Parameters) -> World {
    let run = &parameters.run;
    let clock = Clock::of(run);
    let labour = &parameters.labour;
    let mut world = World::new();
    world.insert_resource(Scars::new(
        &parameters.people,
        parameters.regions.len(),
        clock.ticks() + 2,
        clock.weeks,
        (labour.course_lag.0, labour.course_effect.0),
    ));
    world.insert_resource(Queues::new(MarketId::count(parameters.regions.len())));
    world.insert_resource(InForce::new(&parameters.first_law, parameters.labs.len()));
    world.insert_resource(Verdict::default());
    world.insert_resource(Luckbox(Luck::new(run.seed, run.replicate)));
    world.insert_resource(clock);
    world.insert_resource(Rhythm::new(run));
    world.insert_resource(CountsDistributions(true));
    parameters.install(&mut world);
    world
}

/// There is no memory for the agents of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no memory for {agents} agents")]
pub struct NoMemory {
    /// How many they are.
    pub agents: i64,
}

/// Founds the world of a scenario.
///
/// # Errors
/// There is no memory for its workers.
pub fn found(parameters: &Parameters) -> Result<World, NoMemory> {
    let mut world = bare(parameters);
    let clock = world.resource::<Clock>().clone();
    let luck = world.resource::<Luckbox>().0;
    let mut ledger = Ledger::new(parameters.regions.len());
    let mut markets = found_markets(parameters, clock.weeks);
    let mut plans = plan_sites(parameters, &luck, &markets);
    let blocks = found_workers(parameters, &luck, &markets, &plans, &clock)?;
    for block in &blocks {
        for (site, skill) in block.skills.iter().enumerate() {
            plans[block.cohort.sites.0 + site].crews[block.cohort.occupation.slot()].skill += skill;
        }
    }
    let (stocks, taught) = (first_stocks(parameters), first_robot_hours(parameters));
    let capability = if parameters.learning.is_given() {
        given_at_start(&parameters.learning, stocks.len(), clock.start)
    } else {
        first_capability(&parameters.learning, &stocks, &taught)
    };
    plan_jobs(parameters, &markets, &capability, &mut plans);
    let sales = factory_sales(parameters, &plans);
    let regions = found_regions(parameters, &markets, &plans, &mut ledger);
    let (labs, lab_books) = found_labs(parameters, (&stocks, &taught), &capability, &plans, &mut ledger);
    let (makers, maker_books) = found_makers(parameters, &mut ledger);
    spawn_sites(parameters, &luck, &clock, plans, &mut ledger, &mut world);
    open_accounts(parameters, &blocks, &mut markets, &mut ledger);
    spawn_cohorts(blocks, &mut world);

    let funds: Vec<AccountId> = labs.0.iter().map(|lab| lab.fund).collect();
    let trade = TradeShares::new(world.resource::<Trade>(), &sales);
    world.insert_resource(trade);
    world.insert_resource(Buyers::new(regions.count()));
    world.insert_resource(LicenceIncome::new(funds.len(), regions.count()));
    world.insert_resource(Pools::new(funds, markets.len()));
    world.insert_resource(Withdrawn(vec![TakenBack::default(); markets.len()]));
    world.insert_resource(Refusals(vec![[(0, 0); 4]; regions.count()]));
    world.insert_resource(first_frontier(parameters));
    world.insert_resource(regions);
    world.insert_resource(labs);
    world.insert_resource(lab_books);
    world.insert_resource(makers);
    world.insert_resource(maker_books);
    world.insert_resource(Markets(markets));
    world.insert_resource(Takes::default());
    world.insert_resource(ledger);
    Ok(world)
}

/// What the factories of each region sell in a week at the start, dollars.
fn factory_sales(parameters: &Parameters, plans: &[plants::SitePlan]) -> Vec<f64> {
    let mut sales = vec![0.0; parameters.regions.len()];
    for plan in plans.iter().filter(|plan| plan.kind == SiteType::Factory) {
        sales[plan.region] += plan.sales_per_week;
    }
    sales
}

/// `total` in integers in proportion to weights, none off by more than one; `draw` in [0, 1) decides
/// who gets the odd ones, without bias.
pub fn split(total: i64, weights: &[f64], draw: f64) -> Vec<i64> {
    let sum: f64 = weights.iter().sum();
    let mut reached = 0.0;
    let mut given = 0;
    let last = weights.len().saturating_sub(1);
    weights
        .iter()
        .enumerate()
        .map(|(n, weight)| {
            reached += weight;
            let upto = if n == last { total } else { whole((reached / sum * total as f64 + draw).floor()).min(total) };
            let part = upto - given;
            given = upto;
            part
        })
        .collect()
}

/// Agents at the start by region, occupation and what they do, without founding anything.
pub fn first_heads(parameters: &Parameters) -> Vec<(usize, Occupation, [i64; 4])> {
    let heads = |region: usize, occupation: Occupation| {
        let persons = parameters.weights.persons(MarketId::of(region, occupation));
        (region, occupation, heads_of(&parameters.labour, region, occupation, persons))
    };
    (0..parameters.regions.len()).flat_map(|region| Occupation::ALL.iter().map(move |&o| heads(region, o))).collect()
}

fn found_markets(parameters: &Parameters, weeks: f64) -> Vec<Market> {
    let labour = &parameters.labour;
    let found = |(region, occupation, heads): (usize, Occupation, [i64; 4])| {
        let find = maths::hazard(labour.job_finding[region].0, weeks);
        let quit = maths::hazard(labour.quits[occupation][region].0, weeks);
        let steady = if heads[0] > 0 {
            let leaving = maths::hazard(parameters.demography.leaving.0, weeks);
            steady_state(heads, find, quit, leaving, labour.vacancy_length.0 / weeks)
        } else {
            crate::economy::world::markets::SteadyState::default()
        };
        let wage = labour.wage[occupation][region].0;
        let mut market = Market {
            region,
            occupation: occupation.index(),
            lots: parameters.weights.lots_of(region, occupation),
            heads,
            heads_initial: heads,
            wage,
            wage_initial: wage,
            reference_wage: wage,
            steady,
            ..Market::default()
        };
        market.unemployment = super::wages::unemployment_rate(&market);
        market.unemployment_initial = market.unemployment;
        market
    };
    first_heads(parameters).into_iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::world::people::NewColumns;

    #[test]
    fn a_split_is_whole_complete_and_fair() {
        let parts = split(10, &[1.0, 1.0, 2.0], 0.5);
        assert_eq!(parts.iter().sum::<i64>(), 10);
        assert_eq!(parts, [3, 2, 5]);
        // over all draws the mean share is the weight
        let mean: f64 = (0..1000).map(|n| split(10, &[1.0, 2.0], f64::from(n) / 1000.0)[0] as f64).sum::<f64>() / 1e3;
        assert!((mean - 10.0 / 3.0).abs() < 0.01, "{mean}");
    }

    #[test]
    fn room_is_made_or_refused() {
        assert!(NewColumns::room_for(10).is_ok_and(|columns| columns.wallet.0.capacity() >= 10));
        assert!(NewColumns::room_for(usize::MAX).is_err());
        assert!(NewColumns::room_for(usize::MAX / 8).is_err());
    }

    #[test]
    fn ranks_are_midpoints_of_strata() {
        assert_eq!(plants::ranks(&[0.9, 0.1]), [0.75, 0.25]);
    }
}
