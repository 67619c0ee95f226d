//! Many replicates of a scenario: the same parameters, other random numbers.
//!
//! Replicates are taken in the order of their numbers, whoever finishes first, so that nothing depends
//! on the number of threads. Where there are at least as many replicates as threads, each runs on one.
//! One that breaks an identity, or panics, is named with its cause and does not lose the others.

use super::lanes;
use super::run::{Results, Stopped, go_on};
use super::watcher::Watcher;
use crate::economy::{Economy, Parameters};
use crate::ground::statistics::Moments;
use crate::observe::indicators::{Metric, NoMetric};
use crate::scenario::Scenario;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

/// A replicate that ended without results.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Failure {
    /// Its number.
    pub replicate: u32,
    /// What ended it, in words.
    pub cause: String,
}

/// How many replicates there are, and which of those tried failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attendance {
    /// Numbers of the replicates with results, in order.
    pub done: Vec<u32>,
    /// Those without.
    pub failures: Vec<Failure>,
}

impl Attendance {
    /// Replicates that were tried.
    pub fn tried(&self) -> usize {
        self.done.len() + self.failures.len()
    }

    /// "20 replicates", or "18 of 20 replicates".
    pub fn words(&self) -> String {
        let (done, tried) = (self.done.len(), self.tried());
        let noun = if tried == 1 { "replicate" } else { "replicates" };
        if done == tried { format!("{done} {noun}") } else { format!("{done} of {tried} {noun}") }
    }
}

/// The scenario with the random numbers of another replicate, and its draw of what is not known, if there are draws.
pub fn replicate_of(scenario: &Scenario, replicate: u32) -> Scenario {
    let mut sections = scenario.sections_of(replicate).clone();
    sections.run.replicate = replicate;
    let mut copy = scenario.clone();
    copy.parameters =
        Parameters::new(sections).unwrap_or_else(|_| panic!("only the replicate differs from what was checked"));
    copy
}

/// Runs up to `most` replicates, from the number `first` on. `simulate` makes one; `take` gets them one by
/// one in the order of their numbers and says whether to go on. Results that wait to be taken are never
/// more than there are threads.
///
/// ```
/// use handover::prelude::*;
/// use std::ops::ControlFlow;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=0.2"];
/// let scenario = open_scenario("scenarios/baseline.toml", &settings)?;
/// let live = |number| run(&replicate_of(&scenario, number), |_| true);
/// let mut workers = Moments::default();
/// let attendance = each(0, 3, live, |_, results| {
///     workers.add(results.workers as f64);
///     ControlFlow::Continue(())
/// })?;
/// assert_eq!(attendance.words(), "3 replicates");
/// assert_eq!(workers.count, 3);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The wish to stop, as soon as one replicate heard it. Breaches and panics are no errors but failures.
pub fn each<D: Send>(
    first: u32,
    most: u32,
    simulate: impl Fn(u32) -> Result<D, Stopped> + Sync,
    mut take: impl FnMut(u32, D) -> ControlFlow<()>,
) -> Result<Attendance, Stopped> {
    let mut attendance = Attendance::default();
    let mut asked = None;
    lanes::in_waves(first, most, simulate, |replicate, end| {
        let cause = match end {
            Ok(Ok(results)) => {
                attendance.done.push(replicate);
                return take(replicate, results);
            }
            Ok(Err(stopped @ Stopped::Asked(_))) => {
                asked = Some(stopped);
                return ControlFlow::Break(());
            }
            Ok(Err(Stopped::Breach(breach))) => breach.to_string(),
            Err(words) => words,
        };
        attendance.failures.push(Failure { replicate, cause });
        ControlFlow::Continue(())
    });
    asked.map_or(Ok(attendance), Err)
}

/// What is kept of a replicate by whoever writes it down.
pub trait Keeper: Sized {
    /// What is left of it at its end.
    type Kept: Send;
    /// Why nothing more can be kept, of this replicate or of any: a disk that is full.
    type Error: Send;

    /// Sees the economy after every tick.
    ///
    /// # Errors
    /// Why what it saw cannot be kept.
    fn see(&mut self, economy: &mut Economy) -> Result<(), Self::Error>;

    /// Ends with the results.
    ///
    /// # Errors
    /// Why they cannot be kept.
    fn end(self, results: Results) -> Result<Self::Kept, Self::Error>;
}

/// Why there is no ensemble.
#[derive(Debug, PartialEq, Eq)]
pub enum Unkept<E> {
    /// The first that could not be kept: all others stop, too.
    Keeper(E),
    /// Somebody asked to stop.
    Stopped(Stopped),
}

/// Runs up to `most` replicates of a scenario, the first with its own number. `begin` founds one, with what keeps it;
/// `take` gets what is kept of each in the order of their numbers, and says whether that is enough.
///
/// # Errors
/// What could not be kept, or the wish to stop.
pub fn gather<K: Keeper>(
    scenario: &Scenario,
    most: u32,
    watch: &impl Watcher,
    begin: impl Fn(&Scenario) -> (Economy, K) + Sync,
    mut take: impl FnMut(K::Kept) -> Result<bool, K::Error>,
) -> Result<Attendance, Unkept<K::Error>> {
    let first = Mutex::new(None);
    let spoilt = |error| {
        first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    };
    let simulate = |number| {
        let scenario = replicate_of(scenario, number);
        let (economy, mut keeper) = begin(&scenario);
        let results = go_on(&scenario, economy, |economy, progress| {
            watch.expect(u64::from(most) * progress.all as u64);
            let is_kept = keeper.see(economy).map_err(spoilt).is_ok();
            is_kept && watch.tick()
        })?;
        keeper.end(results).map_err(|error| {
            spoilt(error);
            Stopped::Asked(scenario.parameters.run.start.0)
        })
    };
    let attendance = each(scenario.parameters.run.replicate, most, simulate, |number, kept| {
        watch.say(format!("replicate {number} done"));
        match take(kept) {
            Ok(false) => ControlFlow::Continue(()),
            Ok(true) => ControlFlow::Break(()),
            Err(error) => {
                spoilt(error);
                ControlFlow::Break(())
            }
        }
    });
    match first.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(Unkept::Keeper(error)),
        None => attendance.map_err(Unkept::Stopped),
    }
}

/// Fewest replicates on whose spread a decision to stop is based: that of fewer is small by chance too often.
const FEWEST: u32 = 8;

/// Go on until the mean of an indicator at the end of the run is known this well.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// Metric, region and item.
    pub metric: Metric,
    /// Name of the region.
    pub region: String,
    /// Item; "all" where nothing is split.
    pub item: String,
    /// Half-width of the 95 % interval that is enough, in the unit of the metric.
    pub half_width: f64,
}

crate::said! {
    /// Why a line asks for no precision.
    NoPrecision
}

impl Precision {
    /// Reads `metric[REGION]=0.2 pp`, `metric[REGION, item]=1000`; the unit is the metric's own, or pp or %
    /// where it is a share.
    ///
    /// # Errors
    /// What is wrong, and what to write.
    pub fn read(text: &str, scenario: &Scenario) -> Result<Self, NoPrecision> {
        let example = "write for example 'unemployment_rate[USA]=0.2 pp'";
        let (head, goal) = text.split_once('=').ok_or_else(|| format!("{text:?} has no \"=\"; {example}"))?;
        let bracket = head.trim().strip_suffix(']').and_then(|head| head.split_once('['));
        let (metric, place) = bracket.ok_or_else(|| format!("{head:?} names no region in brackets; {example}"))?;
        let (region, item) = place.split_once(',').unwrap_or((place, "all"));
        let (metric, region, item) = (metric.trim(), region.trim(), item.trim());
        let metric: Metric = metric.parse().map_err(|unknown: NoMetric| unknown.to_string())?;
        let own_unit = metric.unit();
        let regions = &scenario.parameters.regions;
        if !regions.iter().any(|name| name == region) {
            return Err(NoPrecision(format!("there is no region {region:?}; the scenario has {}", regions.join(", "))));
        }
        let goal = goal.trim();
        let split = goal.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(goal.len());
        let (number, unit) = (goal[..split].trim(), goal[split..].trim());
        let number: f64 = number.parse().map_err(|_| format!("{goal:?} is not a half-width; {example}"))?;
        let factor = match unit {
            "pp" | "%" if own_unit == "share" => 0.01,
            unit if unit == own_unit || (unit.is_empty() && own_unit != "share") => 1.0,
            _ => {
                let wanted = if own_unit == "share" { "pp" } else { own_unit };
                return Err(NoPrecision(format!(
                    "{goal:?}: {metric} is measured in {:?}; write \"{number} {wanted}\"",
                    own_unit
                )));
            }
        };
        let half_width = number * factor;
        if half_width <= 0.0 {
            return Err(NoPrecision(format!("{goal:?}: a half-width is above zero")));
        }
        Ok(Precision { metric, region: region.into(), item: item.into(), half_width })
    }

    /// Is the mean known well enough?
    pub fn is_met(&self, seen: &Moments) -> bool {
        seen.count >= FEWEST && seen.half_width().is_some_and(|half| half <= self.half_width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::Breach;
    use crate::ground::ledger::Leak;

    fn numbers(attendance: &Attendance) -> (Vec<u32>, Vec<u32>) {
        (attendance.done.clone(), attendance.failures.iter().map(|failure| failure.replicate).collect())
    }

    #[test]
    fn one_that_fails_is_named_and_the_others_come_in_order() {
        for threads in [1, 2, 3, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut taken = Vec::new();
            let leak = Leak { identity: "money: total", place: "all accounts".into(), size: 7 };
            let attendance = pool.install(|| {
                each(
                    0,
                    7,
                    |number| match number {
                        2 => Err(Stopped::Breach(Breach { tick: 3, leak: leak.clone() })),
                        5 => panic!("the roof fell in on {number}"),
                        _ => Ok(number * 10),
                    },
                    |number, value| {
                        assert_eq!(value, number * 10);
                        taken.push(number);
                        ControlFlow::Continue(())
                    },
                )
            });
            let attendance = attendance.unwrap();
            assert_eq!(taken, [0, 1, 3, 4, 6]);
            assert_eq!(numbers(&attendance), (taken, vec![2, 5]));
            assert!(attendance.failures[0].cause.contains("money: total"), "{attendance:?}");
            assert!(attendance.failures[1].cause.contains("the roof fell in on 5"), "{attendance:?}");
            assert_eq!(attendance.words(), "5 of 7 replicates");
        }
    }

    #[test]
    fn where_it_ends_does_not_depend_on_the_number_of_threads() {
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let enough = |number| if number == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            let attendance = pool.install(|| each(0, 50, Ok, |number, _: u32| enough(number)));
            assert_eq!(attendance.unwrap().done, [0, 1, 2, 3]);
        }
    }

    #[test]
    fn each_has_one_thread_where_there_are_enough_of_them() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let threads = |most| {
            let mut seen = Vec::new();
            let take = |_, threads: usize| {
                seen.push(threads);
                ControlFlow::Continue(())
            };
            pool.install(|| each(0, most, |_| Ok(rayon::current_num_threads()), take)).unwrap();
            seen
        };
        assert_eq!(threads(4), [1, 1, 1, 1]);
        assert_eq!(threads(2), [3, 3]);
    }

    #[test]
    fn the_wish_to_stop_ends_it() {
        let date = chrono::NaiveDate::default();
        let simulate = |number| if number == 1 { Err(Stopped::Asked(date)) } else { Ok(()) };
        assert_eq!(each(0, 4, simulate, |_, ()| ControlFlow::Continue(())), Err(Stopped::Asked(date)));
    }
}
