//! The loop.
//!
//! ```text
//!   people fear and consent ──> sites film ──> labs learn ──> robots can do more jobs
//!        ^                                                          │
//!        │                                                          v
//!   wages, wallets, royalties <── people find other work <── sites buy robots
//! ```
//!
//! [`Economy`] is a world of entities (regions, labs, makers, sites, fleets, cohorts of workers) and the
//! [`calendar`], which says what happens in a tick and in which order. Each rule is a file of its own.

pub mod adoption;
pub mod blocks;
pub mod calendar;
pub mod capture;
pub mod consent;
pub mod demand;
pub mod dispatch;
pub mod fault;
pub mod flows;
pub mod founding;
pub mod labs;
pub mod learning;
pub mod lists;
pub mod makers;
pub mod markets;
pub mod matching;
pub mod parameters;
pub mod people;
pub mod policy;
pub mod programme;
pub mod regions;
pub mod robots;
pub mod scars;
pub mod settlement;
pub mod sites;
pub mod staffing;
pub mod streams;
pub mod wages;

pub use fault::Fault;
pub use founding::NoMemory;
pub use parameters::Parameters;

use crate::ground::ledger::Leak;
use crate::ground::random::Luck;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use policy::{Clock, RunParameters, Technology};

/// The luck of the run.
#[derive(Resource, Clone, Copy, Debug)]
pub struct Luckbox(pub Luck);

/// What ended a run before its time: a breach of an identity, which is a bug of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The tick in which it was seen.
    pub tick: i32,
    /// Identity, place and size.
    pub leak: Leak,
}

impl std::fmt::Display for Breach {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Leak { identity, place, size } = &self.leak;
        write!(f, "tick {}: the identity \"{identity}\" does not hold at {place}: off by {size}", self.tick)
    }
}

/// Set by the audit when an identity breaks.
#[derive(Resource, Clone, Debug, Default)]
pub struct Verdict(pub Option<Leak>);

/// A world and what happens in it.
pub struct Economy {
    /// Entities and resources.
    pub world: World,
    schedule: Schedule,
}

impl Economy {
    /// Founds the economy of a scenario; `install` adds what watches it to the calendar's last phases.
    ///
    /// # Panics
    /// With [`NoMemory`] for its words where there is no memory for the workers. Nobody in between could do anything
    /// about it: it goes up, past replicates and points of a sweep, to who says how a command ends.
    pub fn found(parameters: &Parameters, install: impl FnOnce(&mut World, &mut Schedule)) -> Self {
        match founding::found(parameters) {
            Ok(world) => Self::of(world, install),
            Err(none) => std::panic::resume_unwind(Box::new(none)),
        }
    }

    /// An economy in which nobody lives yet, for those who bring its people from elsewhere.
    pub fn bare(parameters: &Parameters, install: impl FnOnce(&mut World, &mut Schedule)) -> Self {
        Self::of(founding::bare(parameters), install)
    }

    fn of(mut world: World, install: impl FnOnce(&mut World, &mut Schedule)) -> Self {
        let mut schedule = calendar::schedule(None);
        install(&mut world, &mut schedule);
        Economy { world, schedule }
    }

    /// The same with another legal order of the calendar's systems.
    pub fn reschedule(&mut self, mut schedule: Schedule, install: impl FnOnce(&mut World, &mut Schedule)) {
        install(&mut self.world, &mut schedule);
        self.schedule = schedule;
    }

    /// Lives through one tick.
    ///
    /// # Errors
    /// The breach of an identity.
    pub fn step(&mut self) -> Result<(), Breach> {
        self.schedule.run(&mut self.world);
        self.turn_the_page()
    }

    /// Reads the audit's verdict and moves the clock; for those who run the phases one by one.
    ///
    /// # Errors
    /// The breach of an identity.
    pub fn turn_the_page(&mut self) -> Result<(), Breach> {
        let leak = self.world.resource_mut::<Verdict>().0.take();
        let tick = self.tick();
        self.set_clock(tick + 1);
        match leak {
            Some(leak) => Err(Breach { tick, leak }),
            None => Ok(()),
        }
    }

    /// Moves the clock to a tick, without living through those before it.
    pub fn set_clock(&mut self, tick: i32) {
        let is_frozen = self.world.resource::<RunParameters>().technology == Technology::Frozen;
        let mut clock = self.world.resource_mut::<Clock>();
        clock.tick = tick;
        clock.is_frozen = is_frozen || tick < 0;
    }

    /// The tick that comes next.
    pub fn tick(&self) -> i32 {
        self.world.resource::<Clock>().tick
    }

    /// The first day of the tick that comes next.
    pub fn date(&self) -> chrono::NaiveDate {
        self.world.resource::<Clock>().today()
    }

    /// Has the last tick of the scenario been lived?
    pub fn is_over(&self) -> bool {
        self.world.resource::<Clock>().is_over()
    }

    /// Ticks lived since the founding, the spin-up included.
    pub fn lived(&self) -> usize {
        self.world.resource::<Clock>().lived()
    }

    /// Ticks from the first of the spin-up to the last.
    pub fn ticks(&self) -> usize {
        self.world.resource::<Clock>().ticks()
    }

    /// Number of worker agents.
    pub fn workers(&self) -> usize {
        let markets = self.world.resource::<markets::Markets>();
        markets.0.iter().map(|market| market.heads.iter().sum::<i64>()).sum::<i64>().unsigned_abs() as usize
    }
}
