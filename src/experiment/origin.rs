//! Runs that begin alike: what they have in common is simulated once, and each goes on with its own numbers.
//!
//! The first run that begins simulates the founding and the spin-up, or longer where runs differ by a later law only;
//! the state is kept in memory until the last has begun, and every other is forked from it. A run's results are to the
//! bit those that it has alone.

use super::checkpoint::{self, Kept};
use super::compare::acting::{Acts, acts};
use super::run::{Stopped, found_for};
use crate::economy::Economy;
use crate::economy::policy::Clock;
use crate::observe::indicators::Wanted;
use crate::scenario::Scenario;
use chrono::NaiveDate;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Until when runs are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// Not even at the founding.
    Never,
    /// Until the end of the spin-up: they differ by what is read later, and by what has a date.
    InSpinUp,
    /// Until this day, after the start: they differ by policies and events from then on.
    Until(NaiveDate),
}

impl Alike {
    /// Until when two scenarios with the same random numbers are the same.
    pub fn of(one: &Scenario, other: &Scenario) -> Alike {
        match acts(one, other) {
            Acts::From(day) if day > one.parameters.run.start.0 => Alike::Until(day),
            _ if checkpoint::begin_alike(one, other) => Alike::InSpinUp,
            _ => Alike::Never,
        }
    }
}

/// Most bytes of a state that is kept: what is larger is founded for every run.
const MOST_KEPT: u64 = 256 << 20;

/// Fewest ticks in common for which a state is kept. To go on from one costs less than to found a coarse world, and as
/// much as to found a tiny one and two ticks of it; to keep it, as much as two ticks.
pub const FEWEST_TICKS: i32 = 4;

/// What is known of the state in which runs part.
#[derive(Debug, Default)]
enum State {
    /// Nobody has come to it.
    #[default]
    Unknown,
    /// It is kept.
    Kept(Arc<Kept>),
    /// It is not kept: each run is founded alone.
    Alone,
}

/// What several runs with the same random numbers have in common.
#[derive(Debug)]
pub struct Origin {
    alike: Alike,
    /// What is recorded of each.
    wanted: Wanted,
    /// Most bytes that are kept.
    room: u64,
    /// Runs that have not begun.
    left: AtomicU64,
    state: Mutex<State>,
    /// Runs that were forked.
    forked: AtomicU64,
}

impl Origin {
    /// That of so many runs, one of so many whose states are kept at a time; of each is recorded what is wanted.
    pub fn of(alike: Alike, runs: u64, beside: u64, wanted: Wanted) -> Origin {
        let room = MOST_KEPT.min(4 * MOST_KEPT / beside.max(1));
        Origin { alike, wanted, room, left: AtomicU64::new(runs), state: Mutex::default(), forked: AtomicU64::new(0) }
    }

    /// The economy of one of its runs where they part; `goes_on` is asked after every tick that is simulated.
    ///
    /// # Errors
    /// The breach of an identity, or the wish to stop.
    ///
    /// # Panics
    /// If the runs do not begin alike: a bug of ours.
    pub fn begin(&self, scenario: &Scenario, mut goes_on: impl FnMut() -> bool) -> Result<Economy, Stopped> {
        let is_last = self.leave();
        if !self.pays(scenario) {
            return Ok(found_for(scenario, self.wanted));
        }
        // the others wait: they would find nothing else to do than the same
        let mut state = self.state();
        match &*state {
            State::Unknown => {}
            State::Kept(kept) => {
                let kept = Arc::clone(kept);
                if is_last {
                    *state = State::Alone;
                }
                drop(state);
                self.forked.fetch_add(1, Ordering::Relaxed);
                return Ok(self.fork(scenario, &kept));
            }
            State::Alone => {
                drop(state);
                return Ok(found_for(scenario, self.wanted));
            }
        }
        let mut economy = found_for(scenario, self.wanted);
        while !self.parts(&economy) {
            economy.step()?;
            if !goes_on() {
                return Err(Stopped::Asked(economy.date()));
            }
        }
        if is_last || checkpoint::bytes(&mut economy) > self.room {
            *state = State::Alone;
        } else {
            *state = State::Kept(Arc::new(Kept::of(scenario, &mut economy)));
        }
        Ok(economy)
    }

    /// One of its runs need not begin.
    pub fn skip(&self) {
        if self.leave() {
            *self.state() = State::Alone;
        }
    }

    /// Runs that were forked from it so far.
    pub fn forked(&self) -> u64 {
        self.forked.load(Ordering::Relaxed)
    }

    /// Counts a run as begun; was it the last?
    fn leave(&self) -> bool {
        self.left.fetch_sub(1, Ordering::Relaxed) == 1
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Are there enough ticks in common to keep them?
    pub fn pays(&self, scenario: &Scenario) -> bool {
        let clock = Clock::of(&scenario.parameters.run);
        let ticks = match self.alike {
            Alike::Never => 0,
            Alike::InSpinUp => clock.spin_up,
            Alike::Until(day) => clock.spin_up + clock.ticks_in(scenario.parameters.run.start.weeks_until(day)),
        };
        ticks >= FEWEST_TICKS
    }

    /// May the next tick differ between its runs?
    fn parts(&self, economy: &Economy) -> bool {
        let clock = economy.world.resource::<Clock>();
        match self.alike {
            Alike::Never => true,
            Alike::InSpinUp => clock.tick >= 0,
            // the last tick of all is each run's own
            Alike::Until(day) => clock.date(clock.tick + 1) > day || clock.tick + 1 >= clock.length,
        }
    }

    fn fork(&self, scenario: &Scenario, kept: &Kept) -> Economy {
        let economy = match self.alike {
            Alike::Until(day) => kept.fork(scenario, day),
            _ => kept.branch(scenario),
        };
        economy.unwrap_or_else(|refused| panic!("{}: {refused}", scenario.about.name))
    }
}
