//! The identities: nothing comes from nowhere, every tick, always.
//!
//! - money: the sum of all accounts is the initial sum; each flow's payers and payees sum to the same;
//!   each account's change equals its flows; a market's wallets, added up row by row, equal
//!   its account
//! - people: heads by status, counted row by row, equal those kept by events, and add up to the initial
//! - jobs: arrivals + old backlog = done by robots + done by people + new backlog, per site and kind
//! - robots: old fleet + delivered - retired = new fleet, per site and class
//! - hours: accepted at sites = taken in by labs = credited to workers; claims, row by row, equal those
//!   kept by events

use crate::economy::capture::Lab;
use crate::economy::lists::Occupation;
use crate::economy::markets::{Market, Markets};
use crate::economy::people::Work;
use crate::economy::programme::Filming;
use crate::economy::settlement::wallets::Takes;
use crate::economy::sites::{Fleet, Jobs, Robots, Site};
use crate::economy::{Parameters, Verdict};
use crate::ground::ledger::{Leak, Ledger};
use crate::ground::list::Listed;
use crate::ground::numbers::whole;
use bevy_ecs::prelude::*;

/// Checks the identities; the first breach stops the run.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn audit(
    parameters: Res<Parameters>,
    ledger: Res<Ledger>,
    markets: Res<Markets>,
    takes: Res<Takes>,
    sites: Query<(&Site, &Jobs, &Filming)>,
    fleets: Query<(&Fleet, &Robots)>,
    labs: Query<&Lab>,
    mut verdict: ResMut<Verdict>,
) {
    let outcome = ledger
        .audit()
        .and_then(|()| people(&parameters, &markets, &takes))
        .and_then(|()| wallets(&parameters, &ledger, &markets, &takes))
        .and_then(|()| jobs(&parameters, &sites))
        .and_then(|()| robots(&parameters, &fleets))
        .and_then(|()| hours(&parameters, &markets, &takes, &sites, &labs));
    verdict.0 = outcome.err();
}

fn demand(identity: &'static str, size: i128, place: impl Fn() -> String) -> Result<(), Leak> {
    if size == 0 { Ok(()) } else { Err(Leak { identity, place: place(), size }) }
}

fn wallets(parameters: &Parameters, ledger: &Ledger, markets: &Markets, takes: &Takes) -> Result<(), Leak> {
    let persons = i128::from(whole(parameters.run.persons_per_agent.0));
    for (market, counted) in markets.0.iter().zip(&takes.markets) {
        let books = ledger.account(market.account);
        let place = || name(parameters, market);
        demand("money: wallets before the week", counted.before * persons - i128::from(books.opening.0), place)?;
        demand("money: wallets after the week", counted.after * persons - i128::from(books.balance.0), place)?;
    }
    Ok(())
}

/// "IND/assembler": the market, as people call it.
fn name(parameters: &Parameters, market: &Market) -> String {
    format!("{}/{}", parameters.regions[market.region], Occupation::ALL[market.occupation].name())
}

fn people(parameters: &Parameters, markets: &Markets, takes: &Takes) -> Result<(), Leak> {
    for (market, counted) in markets.0.iter().zip(&takes.markets) {
        let name = || name(parameters, market);
        for (status, word) in Work::NAMES.iter().enumerate() {
            let size = i128::from(counted.heads[status] - market.heads[status]);
            demand("people: heads counted and heads kept", size, || format!("{} {word}", name()))?;
        }
        let now: i64 = market.heads.iter().sum();
        let initial: i64 = market.heads_initial.iter().sum();
        demand("people: all are somewhere", i128::from(now - initial), name)?;
    }
    Ok(())
}

fn jobs(parameters: &Parameters, sites: &Query<(&Site, &Jobs, &Filming)>) -> Result<(), Leak> {
    for (site, jobs, _) in sites {
        for job in &jobs.0 {
            let size = job.arrivals + job.backlog_before - job.by_robots - job.by_people - job.backlog;
            demand("jobs: every job is done or waits", i128::from(size), || {
                let region = &parameters.regions[site.region];
                format!("{region}/{}/{} {}", site.kind.name(), site.ordinal, job.kind.name())
            })?;
        }
    }
    Ok(())
}

fn robots(parameters: &Parameters, fleets: &Query<(&Fleet, &Robots)>) -> Result<(), Leak> {
    for (fleet, robots) in fleets {
        let size = robots.before + robots.delivered - robots.retired - robots.count();
        demand("robots: every robot was delivered and none vanished", i128::from(size), || {
            format!("{} fleet of site {} in {}", fleet.class.name(), fleet.site, parameters.regions[fleet.region])
        })?;
    }
    Ok(())
}

fn hours(
    parameters: &Parameters,
    markets: &Markets,
    takes: &Takes,
    sites: &Query<(&Site, &Jobs, &Filming)>,
    labs: &Query<&Lab>,
) -> Result<(), Leak> {
    let persons = i128::from(whole(parameters.run.persons_per_agent.0));
    let accepted: i128 = sites.iter().map(|(_, _, filming)| i128::from(filming.accepted)).sum();
    let taken_in: i128 = labs.iter().map(|lab| i128::from(lab.taken_in)).sum();
    let credited: i128 = markets.0.iter().map(|market| market.credited).sum::<i128>() * persons;
    demand("hours: accepted at sites and taken in by labs", taken_in - accepted, || "all labs".into())?;
    demand("hours: accepted at sites and credited to workers", credited - accepted, || "all workers".into())?;
    for (market, counted) in markets.0.iter().zip(&takes.markets) {
        demand("hours: claims counted and claims kept", counted.claims - market.claims, || name(parameters, market))?;
    }
    Ok(())
}
