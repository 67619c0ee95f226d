//! The same people in two worlds: what did the reform do, to whom, and how sure are we?
//!
//! Base and reforms are founded with common random numbers and simulated in lockstep, tick by
//! tick, in one task. A draw depends on who draws, what for and when, so nothing differs before the
//! reform acts; afterwards people differ because of the reform, and because of whom it brought together
//! with which vacancy. Differences are taken within a replicate; their spread over replicates is the
//! interval.

pub mod acting;
pub mod effects;
pub mod headlines;
pub mod lives;
mod parting;
pub mod regret;
pub mod run;
mod telling;

pub use self::acting::{Acts, acts, touched};
use self::lives::{LifeTable, Lives, life_table, typical, watch_lives};
use self::parting::{Branch, branches, part};
use crate::economy::recording::Rhythm;
use crate::economy::world::markets::{Market, Markets};
use crate::economy::world::people::{Cohort, Employer, Status};
use crate::economy::world::regions::Regions;
use crate::economy::{Economy, Parameters};
use crate::experiment::run::{Results, Stopped, gather};
use crate::ground::random::Rows;
use crate::observe::install;
use crate::observe::rows::WorkerId;
use crate::scenario::Scenario;

/// One replicate of all worlds.
#[derive(Debug)]
pub struct Worlds {
    /// The base's results.
    pub base: Results,
    /// Each reform's.
    pub reforms: Vec<Reformed>,
}

/// A reform's world, and its people beside themselves in the base.
#[derive(Debug)]
pub struct Reformed {
    /// The reform's results.
    pub results: Results,
    /// Lives in both worlds, by groups of people.
    pub lives: LifeTable,
    /// Somebody whose lives are worth telling.
    pub typical: Option<WorkerId>,
    /// How far the worlds have diverged, by record and region.
    pub divergence: Vec<Divergence>,
}

/// How many do something else than in the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Tick at whose end it was counted.
    pub tick: i32,
    /// Region index.
    pub region: usize,
    /// Lots of people there.
    pub people: u64,
    /// Of them, with another status or another employer.
    pub differing: u64,
}

crate::said! {
    /// Why two scenarios cannot be compared: what differs, and what to do.
    NotComparable
}

/// Demands that both scenarios are about the same people over the same time.
///
/// # Errors
/// What differs, and what to do.
pub fn check(base: &Scenario, reform: &Scenario) -> Result<(), NotComparable> {
    let name = &reform.about.name;
    let (ours, theirs) = (&base.parameters.run, &reform.parameters.run);
    let pairs = [
        ("run.start", ours.start.0.to_string(), theirs.start.0.to_string()),
        ("run.years", ours.years.0.to_string(), theirs.years.0.to_string()),
        ("run.tick", ours.tick.0.to_string(), theirs.tick.0.to_string()),
        ("run.spin_up", ours.spin_up.0.to_string(), theirs.spin_up.0.to_string()),
        ("run.seed", ours.seed.to_string(), theirs.seed.to_string()),
        ("run.replicate", ours.replicate.to_string(), theirs.replicate.to_string()),
        ("run.record_every", ours.record_every.0.to_string(), theirs.record_every.0.to_string()),
    ];
    if let Some((key, mine, other)) = pairs.into_iter().find(|(_, mine, other)| mine != other) {
        return Err(NotComparable(format!(
            "{name}: {key} is {other}, in the base {mine}; set it for both, for example with --set {key}=..."
        )));
    }
    let people = |parameters: &Parameters| -> Vec<(Rows, usize)> {
        let mut economy = Economy::found(parameters, |_, _| ());
        let world = &mut economy.world;
        world.query::<(&Cohort, &Status)>().iter(world).map(|(cohort, status)| (cohort.keys, status.0.len())).collect()
    };
    let (mine, theirs) = (&base.parameters, &reform.parameters);
    let is_same = mine.regions == theirs.regions && mine.weights == theirs.weights && people(mine) == people(theirs);
    if !is_same {
        return Err(NotComparable(format!(
            "{name}: its people are not those of the base (other regions, head counts or persons per agent), so nobody can be followed into both worlds"
        )));
    }
    Ok(())
}

/// Simulates one replicate of all worlds in lockstep; `go_on` is asked once for each tick of each world.
///
/// ```
/// use handover::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=0.2"];
/// let base = open_scenario("scenarios/baseline.toml", &settings)?;
/// let taxed = Policy { robot_tax: Some(Share(0.3)), ..Policy::new(base.parameters.run.start) };
/// let worlds = live_together(&base, &[base.enact(taxed)?], || true)?;
/// let taxes = |results: &Results| results.history(Metric::Taxes, "USA", "all").map(|rows| rows[0].1);
/// assert!(taxes(&worlds.reforms[0].results)? >= taxes(&worlds.base)?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The breach of an identity in any of the worlds, or the wish to stop.
pub fn live_together(base: &Scenario, reforms: &[Scenario], go_on: impl Fn() -> bool) -> Result<Worlds, Stopped> {
    let found = |scenario: &Scenario| {
        Economy::found(&scenario.parameters, |world, schedule| {
            install(world, schedule);
            watch_lives(world, schedule);
        })
    };
    let mut first = found(base);
    let mut branches = branches(base, &mut first, reforms, found);
    let mut divergences: Vec<Vec<Divergence>> = vec![Vec::new(); branches.len()];
    while !first.is_over() {
        let tick = first.tick();
        part(base, &mut first, &mut branches, Lives::go_on_in);
        for economy in
            std::iter::once(Some(&mut first)).chain(branches.iter_mut().map(|branch| branch.economy.as_mut()))
        {
            // as long as a reform has not acted, its world is that of the base
            if let Some(economy) = economy {
                economy.step().map_err(Stopped::Breach)?;
            }
            if !go_on() {
                return Err(Stopped::Asked(first.date()));
            }
        }
        if first.world.resource::<Rhythm>().is_due {
            for (branch, divergence) in branches.iter_mut().zip(&mut divergences) {
                divergence.extend(diverged(tick, &mut first, branch.economy.as_mut()));
            }
        }
    }
    let lives = Lives::take(&mut first);
    let ended = branches.into_iter().zip(divergences);
    let reforms = ended.map(|(branch, divergence)| end(base, &lives, branch, divergence)).collect();
    Ok(Worlds { base: gather(base, first), reforms })
}

/// What came of a reform, beside the lives in the base.
fn end(base: &Scenario, before: &Lives, branch: Branch, divergence: Vec<Divergence>) -> Reformed {
    let mut economy = branch.economy.expect("all worlds have parted before the last tick");
    let (after, named) = (Lives::take(&mut economy), touched(base, branch.reform));
    Reformed {
        lives: life_table(&base.parameters, before, &after),
        typical: typical(before, &after, |region| named.contains(&base.parameters.regions[region])),
        results: gather(branch.reform, economy),
        divergence,
    }
}

/// Counts who does something else, region by region: nobody as long as both are one world.
fn diverged(tick: i32, base: &mut Economy, other: Option<&mut Economy>) -> Vec<Divergence> {
    let regions = base.world.resource::<Regions>().count();
    let mut found: Vec<Divergence> =
        (0..regions).map(|region| Divergence { tick, region, people: 0, differing: 0 }).collect();
    let lots = |market: &Market| market.lots.unsigned_abs();
    let lots: Vec<u64> = base.world.resource::<Markets>().0.iter().map(lots).collect();
    let mut mine = base.world.query::<(&Cohort, &Status, &Employer)>();
    let Some(other) = other else {
        for (cohort, status, _) in mine.iter(&base.world) {
            found[cohort.region].people += status.0.len() as u64 * lots[cohort.market];
        }
        return found;
    };
    let mut theirs = other.world.query::<(&Status, &Employer)>();
    for ((cohort, status, employer), (other_status, other_employer)) in
        mine.iter(&base.world).zip(theirs.iter(&other.world))
    {
        let place = &mut found[cohort.region];
        let lots = lots[cohort.market];
        place.people += status.0.len() as u64 * lots;
        let works = status.0.iter().zip(&other_status.0);
        let sites = employer.0.iter().zip(&other_employer.0);
        let differing = works.zip(sites).filter(|(work, site)| work.0 != work.1 || site.0 != site.1);
        place.differing += differing.count() as u64 * lots;
    }
    found
}
