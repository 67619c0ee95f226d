//! The identities: nothing comes from nowhere, every tick, always.
//!
//! - money: the sum of all accounts is the initial sum; each flow's payers and payees sum to the same;
//!   each account's change equals its flows; a market's wallets, added up row by row, equal
//!   its account
//! - people: heads by status, counted row by row, equal those kept by events; initial + entered - left = all, by market
//! - jobs: arrivals + old backlog = done by robots + done by people + new backlog, per site and kind
//! - trade: a region's shares of sales by market, and of purchases by origin, add up to 1; none is negative
//! - orders: waiting before + placed = delivered + cancelled + waiting now, per site and class; the sites' orders and the
//!   makers' books agree
//! - robots: old fleet + delivered - retired = new fleet, per site and class
//! - hours: accepted at sites = taken in by labs = credited to workers; claims, row by row, equal those
//!   kept by events

use crate::economy::Verdict;
use crate::economy::adoption::Purchase;
use crate::economy::demand::TradeShares;
use crate::economy::settlement::wallets::Takes;
use crate::economy::shared::weights::Weights;
use crate::economy::world::flows::Ledger;
use crate::economy::world::jobs::Jobs;
use crate::economy::world::labs::Labs;
use crate::economy::world::lists::Occupation;
use crate::economy::world::makers::Makers;
use crate::economy::world::markets::{Market, Markets};
use crate::economy::world::people::Work;
use crate::economy::world::programme::Filming;
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::{Fleet, Robots, Site};
use crate::ground::ledger::Leak;
use crate::ground::list::Listed;
use crate::ground::numbers::whole;
use bevy_ecs::prelude::*;

/// Checks the identities; the first breach stops the run.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn audit(
    weights: Res<Weights>,
    regions: Res<Regions>,
    ledger: Res<Ledger>,
    markets: Res<Markets>,
    takes: Res<Takes>,
    sites: Query<(&Site, &Jobs, &Filming)>,
    shares: Res<TradeShares>,
    fleets: Query<(&Fleet, &Robots, &Purchase)>,
    makers: Res<Makers>,
    labs: Res<Labs>,
    mut verdict: ResMut<Verdict>,
) {
    let outcome = ledger
        .audit()
        .and_then(|()| people(&regions, &markets, &takes))
        .and_then(|()| wallets(&regions, &ledger, &markets, &takes, &weights))
        .and_then(|()| jobs(&regions, &sites))
        .and_then(|()| trade(&regions, &shares))
        .and_then(|()| robots(&regions, &fleets))
        .and_then(|()| orders(&regions, &fleets, &makers))
        .and_then(|()| hours(&regions, &markets, &takes, &sites, &labs, &weights));
    verdict.0 = outcome.err();
}

fn demand(identity: &'static str, size: i128, place: impl Fn() -> String) -> Result<(), Leak> {
    if size == 0 { Ok(()) } else { Err(Leak { identity, place: place(), size }) }
}

fn wallets(
    regions: &Regions,
    ledger: &Ledger,
    markets: &Markets,
    takes: &Takes,
    weights: &Weights,
) -> Result<(), Leak> {
    for (market, counted) in markets.0.iter().zip(&takes.markets) {
        let books = ledger.account(market.account);
        let (place, persons) = (|| name(regions, market), i128::from(weights.persons(market.id())));
        // whoever left this tick had something too
        let before = counted.before + i128::from(market.turnover.estates);
        demand("money: wallets before the week", before * persons - i128::from(books.opening.0), place)?;
        demand("money: wallets after the week", counted.after * persons - i128::from(books.balance.0), place)?;
    }
    Ok(())
}

/// "IND/assembler": the market, as people call it.
fn name(regions: &Regions, market: &Market) -> String {
    format!("{}/{}", regions[market.region].name, Occupation::ALL[market.occupation].name())
}

fn people(regions: &Regions, markets: &Markets, takes: &Takes) -> Result<(), Leak> {
    for (market, counted) in markets.0.iter().zip(&takes.markets) {
        let name = || name(regions, market);
        for (status, word) in Work::NAMES.iter().enumerate().take(market.heads.len()) {
            let size = i128::from(counted.heads[status] - market.heads[status]);
            demand("people: heads counted and heads kept", size, || format!("{} {word}", name()))?;
        }
        let now: i64 = market.heads.iter().sum();
        let initial: i64 = market.heads_initial.iter().sum();
        let moved = market.turnover.entered_total - market.turnover.left_total;
        demand("people: before + entered - left = after", i128::from(now - initial - moved), name)?;
    }
    Ok(())
}

fn jobs(regions: &Regions, sites: &Query<(&Site, &Jobs, &Filming)>) -> Result<(), Leak> {
    for (site, jobs, _) in sites {
        for job in &jobs.0 {
            let size = job.inflow.arrivals + job.inflow.backlog_before
                - job.work.by_robots
                - job.work.by_people
                - job.work.backlog;
            demand("jobs: every job is done or waits", i128::from(size), || {
                let region = &regions[site.region].name;
                format!("{region}/{}/{} {}", site.kind.name(), site.ordinal, job.kind.name())
            })?;
        }
    }
    Ok(())
}

/// Parts in a thousand million by which a sum of shares may miss the whole: rounding of eight numbers is less.
const SHARES: f64 = 1e9;

fn trade(regions: &Regions, shares: &TradeShares) -> Result<(), Leak> {
    let whole_is_missed = |shares: &mut dyn Iterator<Item = f64>| {
        let (sum, least) = shares.fold((0.0, 0.0_f64), |(sum, least), share| (sum + share, least.min(share)));
        i128::from(whole(((sum - 1.0) * SHARES).round())).abs() + i128::from(whole((-least * SHARES).round()))
    };
    for region in &regions.0 {
        let r = region.index;
        let sold = whole_is_missed(&mut shares.sold[r].iter().copied());
        demand("trade: sales by market add up to all sales", sold, || region.name.clone())?;
        let bought = whole_is_missed(&mut shares.bought.iter().map(|row| row[r]));
        demand("trade: purchases by origin add up to all purchases", bought, || region.name.clone())?;
    }
    Ok(())
}

fn robots(regions: &Regions, fleets: &Query<(&Fleet, &Robots, &Purchase)>) -> Result<(), Leak> {
    for (fleet, robots, _) in fleets {
        let size = robots.before + robots.delivered - robots.retired - robots.count();
        demand("robots: every robot was delivered and none vanished", i128::from(size), || {
            format!("{} fleet of site {} in {}", fleet.class.name(), fleet.site, regions[fleet.region].name)
        })?;
    }
    Ok(())
}

fn orders(regions: &Regions, fleets: &Query<(&Fleet, &Robots, &Purchase)>, makers: &Makers) -> Result<(), Leak> {
    let mut waiting = vec![0_i64; makers.0.len()];
    for (fleet, robots, purchase) in fleets {
        let orders = &purchase.orders;
        let size = orders.before + orders.placed - robots.delivered - orders.cancelled - orders.waiting;
        demand("orders: every order was delivered, was cancelled or waits", i128::from(size), || {
            format!("{} fleet of site {} in {}", fleet.class.name(), fleet.site, regions[fleet.region].name)
        })?;
        waiting[fleet.class.index()] += orders.waiting;
    }
    for (maker, waiting) in makers.0.iter().zip(waiting) {
        let place = || format!("maker of {}", maker.class.name());
        let book = &maker.orders;
        let size = book.placed - book.delivered - book.cancelled - book.waiting;
        demand("orders: a maker's book adds up", i128::from(size), place)?;
        demand("orders: waiting at sites and in the makers' books", i128::from(book.waiting - waiting), place)?;
    }
    Ok(())
}

fn hours(
    regions: &Regions,
    markets: &Markets,
    takes: &Takes,
    sites: &Query<(&Site, &Jobs, &Filming)>,
    labs: &Labs,
    weights: &Weights,
) -> Result<(), Leak> {
    let accepted: i128 = sites.iter().map(|(_, _, filming)| i128::from(filming.footage.accepted)).sum();
    let taken_in: i128 = labs.0.iter().map(|lab| i128::from(lab.intake.taken_in)).sum();
    let credited = |market: &Market| market.recorded.credited * i128::from(weights.persons(market.id()));
    let credited: i128 = markets.0.iter().map(credited).sum();
    demand("hours: accepted at sites and taken in by labs", taken_in - accepted, || "all labs".into())?;
    demand("hours: accepted at sites and credited to workers", credited - accepted, || "all workers".into())?;
    for (market, counted) in markets.0.iter().zip(&takes.markets) {
        demand("hours: claims counted and claims kept", counted.claims - market.recorded.claims, || {
            name(regions, market)
        })?;
    }
    Ok(())
}
