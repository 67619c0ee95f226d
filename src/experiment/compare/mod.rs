//! The same people in two worlds: what did the reform do, to whom, and how sure are we?
//!
//! Base and reforms are founded with common random numbers and simulated in lockstep, tick by
//! tick, in one task. A draw depends on who draws, what for and when, so nothing differs before the
//! reform acts; afterwards people differ because of the reform, and because of whom it brought together
//! with which vacancy. Differences are taken within a replicate; their spread over replicates is the
//! interval.

pub mod effects;
pub mod headlines;
pub mod lives;
pub mod regret;
pub mod run;

use self::lives::{LifeTable, Lives, life_table, typical, watch_lives};
use crate::economy::markets::{Market, Markets};
use crate::economy::people::{Cohort, Employer, Status};
use crate::economy::recording::Rhythm;
use crate::economy::regions::Regions;
use crate::economy::{Economy, Parameters};
use crate::experiment::run::{Results, Stopped, gather};
use crate::ground::random::Rows;
use crate::observe::install;
use crate::observe::rows::WorkerId;
use crate::scenario::Scenario;
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::BTreeSet;

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

/// From when on a reform can act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// Never: the scenarios are the same.
    Never,
    /// From this day on.
    From(NaiveDate),
    /// From the founding on: it is another economy from the start.
    AtOnce,
}

/// Base and reform as plain values, without what is dated, and what is dated.
fn taken_apart(scenario: &Scenario) -> (Value, Vec<Value>) {
    let mut whole = scenario.parameters.sections().as_json();
    let mut dated = Vec::new();
    if let Some(sections) = whole.as_object_mut() {
        for key in ["policy", "event"] {
            if let Some(Value::Array(entries)) = sections.remove(key) {
                dated.extend(entries);
            }
        }
    }
    (whole, dated)
}

/// Policies and events that one of the two has and the other has not.
fn differing(base: &Scenario, reform: &Scenario) -> Vec<Value> {
    let (before, mut after) = (taken_apart(base).1, taken_apart(reform).1);
    let mut found = Vec::new();
    for entry in before {
        match after.iter().position(|other| *other == entry) {
            Some(place) => drop(after.remove(place)),
            None => found.push(entry),
        }
    }
    found.extend(after);
    found
}

/// From when on the reform can act.
pub fn acts(base: &Scenario, reform: &Scenario) -> Acts {
    if taken_apart(base).0 != taken_apart(reform).0 {
        return Acts::AtOnce;
    }
    let day = |entry: &Value| entry.get("from").and_then(Value::as_str).and_then(|day| day.parse().ok());
    let entries = differing(base, reform);
    if entries.is_empty() {
        return Acts::Never;
    }
    let days: Option<Vec<NaiveDate>> = entries.iter().map(day).collect();
    days.and_then(|days| days.into_iter().min()).map_or(Acts::AtOnce, Acts::From)
}

/// Names of the regions that the differing policies and events name; all of them if one names none.
pub fn touched(base: &Scenario, reform: &Scenario) -> BTreeSet<String> {
    let all = || base.parameters.regions.iter().cloned().collect();
    match acts(base, reform) {
        Acts::Never => BTreeSet::new(),
        Acts::AtOnce => all(),
        Acts::From(_) => {
            let regions =
                |entry: &Value| -> Option<Vec<String>> { serde_json::from_value(entry.get("regions")?.clone()).ok() };
            let named: Option<Vec<Vec<String>>> = differing(base, reform).iter().map(regions).collect();
            named.map_or_else(all, |lists| lists.into_iter().flatten().collect())
        }
    }
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
    let scenarios: Vec<&Scenario> = std::iter::once(base).chain(reforms).collect();
    let mut worlds: Vec<Economy> = scenarios
        .iter()
        .map(|scenario| {
            Economy::found(&scenario.parameters, |world, schedule| {
                install(world, schedule);
                watch_lives(world, schedule);
            })
        })
        .collect();
    let mut divergence = vec![Vec::new(); reforms.len()];
    while !worlds[0].is_over() {
        let tick = worlds[0].tick();
        for economy in &mut worlds {
            economy.step().map_err(Stopped::Breach)?;
            if !go_on() {
                return Err(Stopped::Asked(economy.date()));
            }
        }
        let (first, others) = worlds.split_at_mut(1);
        if first[0].world.resource::<Rhythm>().is_due {
            for (found, other) in divergence.iter_mut().zip(others) {
                found.extend(diverged(tick, &mut first[0], other));
            }
        }
    }
    let lives: Vec<Lives> = worlds.iter_mut().map(Lives::take).collect();
    let both = |life| (life_table(&base.parameters, &lives[0], life), typical(&lives[0], life));
    let tables: Vec<_> = lives[1..].iter().map(both).collect();
    let mut results = scenarios.iter().zip(worlds).map(|(scenario, economy)| gather(scenario, economy));
    let first = results.next().expect("there is a base");
    let reforms = results
        .zip(tables)
        .zip(divergence)
        .map(|((results, (lives, typical)), divergence)| Reformed { results, lives, typical, divergence })
        .collect();
    Ok(Worlds { base: first, reforms })
}

/// Counts who does something else, region by region.
fn diverged(tick: i32, base: &mut Economy, other: &mut Economy) -> Vec<Divergence> {
    let regions = base.world.resource::<Regions>().count();
    let mut found: Vec<Divergence> =
        (0..regions).map(|region| Divergence { tick, region, people: 0, differing: 0 }).collect();
    let lots = |market: &Market| market.lots.unsigned_abs();
    let lots: Vec<u64> = base.world.resource::<Markets>().0.iter().map(lots).collect();
    let mut mine = base.world.query::<(&Cohort, &Status, &Employer)>();
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
