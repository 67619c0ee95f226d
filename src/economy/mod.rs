//! The loop.
//!
//! ```text
//!   people fear and consent ──> sites film ──> labs learn ──> robots can do more jobs
//!        ^                                                          │
//!        │                                                          v
//!   wages, wallets, royalties <── people find other work <── sites buy robots
//! ```
//!
//! [`Economy`] is a world and the [`calendar`], which says what happens in a tick and in which order. The rules are
//! the files and folders here, one each, by the names that the calendar prints. What they act on stands in [`world`]:
//! people, markets, sites, robots, labs, makers, regions, and the kinds of payment between them. What several of them
//! need stands in [`shared`]; the first day in [`founding`], all numbers together in [`parameters`].

pub mod adoption;
pub mod calendar;
pub mod capture;
pub mod consent;
pub mod demand;
pub mod demography;
pub mod dispatch;
pub mod founding;
pub mod learning;
pub mod licences;
pub mod matching;
pub mod parameters;
pub mod policy;
pub mod recording;
pub mod settlement;
pub mod shared;
pub mod staffing;
pub mod wages;
pub mod world;
pub mod worth;

pub use founding::NoMemory;
pub use parameters::Parameters;
pub use shared::fault::Fault;

use crate::economy::shared::forms::Technology;
use crate::ground::ledger::Leak;
use crate::ground::random::Luck;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{IntoScheduleConfigs, Schedule};
use bevy_ecs::system::ScheduleSystem;
use policy::{Clock, RunParameters};

/// The random numbers of the run.
#[derive(Resource, Clone, Copy, Debug)]
pub struct Luckbox(pub Luck);

/// What ended a run before its time: a breach of an identity, which is a bug of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tick {tick}: the identity \"{}\" does not hold at {}: off by {}", leak.identity, leak.place, leak.size)]
pub struct Breach {
    /// The tick in which it was seen.
    pub tick: i32,
    /// Identity, place and size.
    pub leak: Leak,
}

/// Set by the audit when an identity breaks.
#[derive(Resource, Clone, Debug, Default)]
pub struct Verdict(pub Option<Leak>);

/// A world and what happens in it.
pub struct Economy {
    /// Entities and resources.
    pub world: World,
    schedule: Schedule,
    /// Rules in code that were added.
    rules: u32,
}

/// The place of a rule in code among those that were added.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Added(u32);

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

    /// An economy without people yet, for those who bring its people from elsewhere.
    pub fn bare(parameters: &Parameters, install: impl FnOnce(&mut World, &mut Schedule)) -> Self {
        Self::of(founding::bare(parameters), install)
    }

    fn of(mut world: World, install: impl FnOnce(&mut World, &mut Schedule)) -> Self {
        let mut schedule = calendar::schedule(None);
        install(&mut world, &mut schedule);
        Economy { world, schedule, rules: 0 }
    }

    /// Adds a rule written in code: a system that reads what a government could know (the clock, the labour markets,
    /// recorded indicators) and says by [`policy::InForce::change`] what the law is this tick.
    ///
    /// It runs in [`calendar::Phase::Policy`], from the first tick after the spin-up on, after the policies and events
    /// of the scenario and after the rules that were added before it. What it said last tick is forgotten first.
    ///
    /// ```
    /// use handover::prelude::*;
    ///
    /// fn tax_robots(regions: Res<Regions>, mut in_force: ResMut<InForce>) {
    ///     let usa = regions.place_of("USA").expect("the baseline has it");
    ///     in_force.change(usa, |law| law.robot_tax = Share(0.2));
    /// }
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     let settings = ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=0.2"];
    ///     let scenario = open_scenario("scenarios/baseline.toml", &settings)?;
    ///     let mut economy = found(&scenario);
    ///     economy.add_rule(tax_robots);
    ///     while !economy.is_over() {
    ///         economy.step()?;
    ///     }
    ///     let usa = scenario.parameters.region("USA");
    ///     assert_eq!(economy.world.resource::<InForce>().law[usa].robot_tax, Share(0.2));
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Panics
    /// At the next tick, if the rule writes what the observation of the tick writes too: its order would be unsaid.
    pub fn add_rule<M>(&mut self, rule: impl IntoScheduleConfigs<ScheduleSystem, M>) {
        if self.rules == 0 {
            let forget = policy::forget_rules.in_set(calendar::Phase::Policy).in_set(Added(0));
            self.schedule.add_systems(forget.after(policy::apply_levers));
        }
        let rule = rule.in_set(calendar::Phase::Policy).in_set(Added(self.rules + 1)).run_if(policy::has_started);
        self.schedule.add_systems(rule);
        self.schedule.configure_sets((Added(self.rules), Added(self.rules + 1)).chain());
        self.rules += 1;
    }

    /// Adds what watches an economy that is there already to the calendar's last phases.
    pub fn watch(&mut self, install: impl FnOnce(&mut World, &mut Schedule)) {
        install(&mut self.world, &mut self.schedule);
    }

    /// The same with another legal order of the calendar's systems.
    pub fn reschedule(&mut self, mut schedule: Schedule, install: impl FnOnce(&mut World, &mut Schedule)) {
        install(&mut self.world, &mut schedule);
        self.schedule = schedule;
    }

    /// Simulates one tick.
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

    /// Moves the clock to a tick, without simulating those before it.
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

    /// Has the last tick of the scenario been simulated?
    pub fn is_over(&self) -> bool {
        self.world.resource::<Clock>().is_over()
    }

    /// Ticks simulated since the founding, the spin-up included.
    pub fn lived(&self) -> usize {
        self.world.resource::<Clock>().lived()
    }

    /// Ticks from the first of the spin-up to the last.
    pub fn ticks(&self) -> usize {
        self.world.resource::<Clock>().ticks()
    }

    /// Number of worker agents.
    pub fn workers(&self) -> usize {
        let markets = self.world.resource::<world::markets::Markets>();
        markets.0.iter().map(|market| market.heads.iter().sum::<i64>()).sum::<i64>().unsigned_abs() as usize
    }
}
