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
pub mod regret;
pub mod run;

pub use self::acting::{Acts, acts, touched};
use self::lives::{LifeTable, Lives, life_table, typical, watch_lives};
use crate::economy::policy::Clock;
use crate::economy::recording::Rhythm;
use crate::economy::world::markets::{Market, Markets};
use crate::economy::world::people::{Cohort, Employer, Status};
use crate::economy::world::regions::Regions;
use crate::economy::{Economy, Parameters};
use crate::experiment::checkpoint;
use crate::experiment::run::{Results, Stopped, gather};
use crate::ground::random::Rows;
use crate::observe::install;
use crate::observe::rows::WorkerId;
use crate::scenario::Scenario;
use chrono::NaiveDate;

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
    // what is too large to be copied is founded for every reform
    let copied_after = (checkpoint::bytes(&mut first) <= MOST_COPIED).then(|| first.date());
    let mut branches: Vec<Branch> =
        reforms.iter().map(|reform| Branch::of(base, reform, copied_after, found)).collect();
    while !first.is_over() {
        let tick = first.tick();
        part(&mut first, base, &mut branches);
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
            for branch in &mut branches {
                branch.divergence.extend(diverged(tick, &mut first, branch.economy.as_mut()));
            }
        }
    }
    let lives = Lives::take(&mut first);
    let reforms = branches.into_iter().map(|branch| branch.end(base, &lives)).collect();
    Ok(Worlds { base: gather(base, first), reforms })
}

/// Largest state that is copied when the world of a reform leaves that of the base, bytes; what is larger is founded.
const MOST_COPIED: u64 = 1 << 30;

/// The world of a reform.
struct Branch<'a> {
    reform: &'a Scenario,
    /// The day on which it leaves the world of the base; none if it never was the same.
    leaves: Option<NaiveDate>,
    /// Its own world, from then on.
    economy: Option<Economy>,
    divergence: Vec<Divergence>,
}

impl<'a> Branch<'a> {
    /// The world of a reform at the founding: the base's, if nothing acts before a day `after` which the base's world may
    /// be copied.
    fn of(
        base: &Scenario,
        reform: &'a Scenario,
        after: Option<NaiveDate>,
        found: impl Fn(&Scenario) -> Economy,
    ) -> Branch<'a> {
        let day = match acts(base, reform) {
            Acts::From(day) => Some(day),
            Acts::Never => Some(NaiveDate::MAX),
            Acts::AtOnce => None,
        };
        let leaves = day.filter(|&day| after.is_some_and(|after| day > after));
        let economy = leaves.is_none().then(|| found(reform));
        Branch { reform, leaves, economy, divergence: Vec::new() }
    }

    /// What came of it, beside the lives in the base.
    fn end(self, base: &Scenario, before: &Lives) -> Reformed {
        let mut economy = self.economy.expect("all worlds have parted before the last tick");
        let (after, named) = (Lives::take(&mut economy), touched(base, self.reform));
        Reformed {
            lives: life_table(&base.parameters, before, &after),
            typical: typical(before, &after, |region| named.contains(&base.parameters.regions[region])),
            results: gather(self.reform, economy),
            divergence: self.divergence,
        }
    }
}

/// Reforms that act in the tick that comes leave the world of the base; before the last tick, all do.
///
/// # Panics
/// If the base's world cannot be copied: a bug of ours.
fn part(first: &mut Economy, base: &Scenario, branches: &mut [Branch]) {
    let clock = first.world.resource::<Clock>();
    let (next, is_last) = (clock.date(clock.tick + 1), clock.tick + 1 == clock.length);
    let mut state = Vec::new();
    for branch in branches.iter_mut().filter(|branch| branch.economy.is_none()) {
        let Some(day) = branch.leaves.filter(|&day| day < next || is_last) else { continue };
        if state.is_empty() {
            checkpoint::save(base, first, &mut state).expect("memory takes what is written to it");
        }
        let copy = checkpoint::fork(branch.reform, day, state.as_slice());
        let mut economy = copy.unwrap_or_else(|refused| panic!("the world of {}: {refused}", branch.reform.about.name));
        Lives::go_on_in(first, &mut economy);
        branch.economy = Some(economy);
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
