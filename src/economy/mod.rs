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
pub mod bounds;
pub mod calendar;
pub mod capture;
pub mod consent;
pub mod demand;
pub mod dispatch;
pub mod founding;
pub mod learning;
pub mod lists;
pub mod markets;
pub mod matching;
pub mod people;
pub mod policy;
pub mod programme;
pub mod robots;
pub mod scars;
pub mod settlement;
pub mod sites;
mod soundness;
pub mod staffing;
pub mod wages;

pub use founding::NoMemory;
pub use soundness::Fault;

use crate::ground::ledger::{AccountId, Leak, Money};
use crate::ground::random::Luck;
use crate::ground::units::{Grain, Persons, Share, Size, Span};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{IntoScheduleConfigs, Schedule};
use bevy_ecs::system::ScheduleSystem;
use policy::{Clock, Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

crate::listed! {
    /// Does technology move?
    Technology, "technology":
    /// It does.
    Moving = "moving",
    /// No learning, no growth of fleets or of demand, no change of the data programme.
    Frozen = "frozen",
}

/// How long, how fine, with whose luck.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RunParameters {
    /// First day of tick 0.
    pub start: Date,
    /// Years of 52 weeks.
    pub years: Size,
    /// Length of a tick: a day, a week or four weeks.
    pub tick: Span,
    /// Time before tick 0 in which wallets, backlogs and vacancies settle.
    pub spin_up: Span,
    /// Seed of all luck.
    pub seed: u64,
    /// Number of the replicate.
    pub replicate: u32,
    /// People an agent stands for.
    pub persons_per_agent: Grain,
    /// Robots a robot agent stands for.
    pub robots_per_agent: Size,
    /// Does technology move?
    pub technology: Technology,
    /// Time between two records of the indicators.
    pub record_every: Span,
    /// Workers followed in the panel; 0 for none.
    pub panel: u32,
    /// Time between two rows of a worker in the panel.
    pub panel_every: Span,
}

/// A firm with many sites that decides as one.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Its name.
    pub name: String,
    /// Where it works.
    #[schemars(extend("x-names" = "region"))]
    pub region: String,
    /// What its sites are.
    pub sites: lists::SiteType,
    /// How many people it employs at the start.
    pub persons: Persons,
}

/// Where the world is.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WorldParameters {
    /// Names of the regions.
    #[schemars(extend("x-declares" = "region"))]
    pub regions: Vec<String>,
}

/// Every number the rules need, section by section as in `scenarios/baseline.toml`. There are no
/// defaults in code.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sections {
    /// How long, how fine.
    pub run: RunParameters,
    /// Where.
    pub world: WorldParameters,
    /// Skill and scars.
    pub people: people::PeopleParameters,
    /// Sizes and costs of sites.
    pub sites: sites::SiteParameters,
    /// Labour markets.
    pub labour: matching::LabourParameters,
    /// Wage curve.
    pub wages: wages::WageParameters,
    /// Vacancies and notice.
    pub staffing: staffing::StaffingParameters,
    /// Demand.
    pub demand: demand::DemandParameters,
    /// The market for hours.
    pub capture: capture::CaptureParameters,
    /// Fear and consent.
    pub consent: consent::ConsentParameters,
    /// What refusing risks.
    pub risk: policy::RiskParameters,
    /// Learning.
    pub learning: learning::LearningParameters,
    /// Robots and their buyers.
    pub robots: adoption::RobotParameters,
    /// Households, owners, public sector.
    pub settlement: settlement::SettlementParameters,
    /// The law without policies.
    pub law: policy::LawParameters,
    /// Firms that decide as one.
    #[serde(default, rename = "operator", skip_serializing_if = "Vec::is_empty")]
    pub operators: Vec<Operator>,
    /// Dated changes of the law.
    #[serde(default, rename = "policy", skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<policy::Policy>,
    /// Dated events.
    #[serde(default, rename = "event", skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<policy::Event>,
}

impl Sections {
    /// The sections as a tree of values, in the model's units.
    ///
    /// # Panics
    /// If they were no such tree. What is known of a scenario hangs on it, its hash first of all: in place of an
    /// empty tree, for which every scenario would pass for the same, nothing is said at all.
    pub fn as_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("sections are tables of words and numbers")
    }
}

/// The [`Sections`], checked, with what follows from them. Shared, never changed during a run.
#[derive(Resource, Clone, Debug)]
pub struct Parameters(Arc<Checked>);

/// What a [`Parameters`] holds.
#[derive(Debug)]
pub struct Checked {
    sections: Sections,
    /// Names of the regions, sorted: their order everywhere.
    pub regions: Vec<String>,
    /// Names of the labs, sorted.
    pub labs: Vec<String>,
    /// Share of a region's factory sales by market.
    pub trade: Vec<Vec<f64>>,
    /// Share of a region's firms by owner region.
    pub owners: Vec<Vec<f64>>,
    /// Lab that licenses robots to a region.
    pub licensor: Vec<usize>,
    /// The law at the start.
    pub law: Vec<policy::Law>,
}

impl std::ops::Deref for Parameters {
    type Target = Checked;
    fn deref(&self) -> &Checked {
        &self.0
    }
}

impl std::ops::Deref for Checked {
    type Target = Sections;
    fn deref(&self) -> &Sections {
        &self.sections
    }
}

impl Parameters {
    /// Checks what no single value can show: that every region has its values, that shares add up,
    /// that every region has a licensor.
    ///
    /// # Errors
    /// Every fault found, each with its key.
    pub fn new(sections: Sections) -> Result<Self, Vec<Fault>> {
        let faults = soundness::faults(&sections);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut regions = sections.world.regions.clone();
        regions.sort();
        let labs: Vec<String> = sections.capture.labs.keys().cloned().collect();
        let licenses = |lab: &String, region: &String| sections.capture.labs[lab].licenses.contains(region);
        let licensor =
            |region: &String| labs.iter().position(|lab| licenses(lab, region)).expect("checked by soundness");
        let licensor = regions.iter().map(licensor).collect();
        let (demand, settlement) = (&sections.demand, &sections.settlement);
        let abroad = weights(&demand.market_weights, &regions);
        let trade = (0..regions.len()).map(|r| spread(demand.home_share[r].0, r, &abroad, true)).collect();
        let foreign = weights(&settlement.ownership, &regions);
        let owners = (0..regions.len()).map(|r| spread(settlement.home_ownership.0, r, &foreign, false)).collect();
        let law = sections.law.resolve(&regions);
        Ok(Parameters(Arc::new(Checked { sections, regions, labs, trade, owners, licensor, law })))
    }

    /// The place of a region that soundness found declared.
    ///
    /// # Panics
    /// If no region has this name.
    pub fn region(&self, name: &str) -> usize {
        self.regions.iter().position(|region| region == name).expect("checked by soundness")
    }

    /// The sections as resolved, for the manifest.
    pub fn sections(&self) -> &Sections {
        &self.0.sections
    }
}

/// A table of shares as a list in the order of the regions.
fn weights(table: &std::collections::BTreeMap<String, Share>, regions: &[String]) -> Vec<f64> {
    regions.iter().map(|name| table.get(name).map_or(0.0, |share| share.0)).collect()
}

/// `home` at home and the rest by weights, over the other regions only or over all.
fn spread(home: f64, region: usize, weights: &[f64], others_only: bool) -> Vec<f64> {
    let counts = |r: usize| !others_only || r != region;
    let sum: f64 = weights.iter().enumerate().filter(|(r, _)| counts(*r)).map(|(_, w)| w).sum();
    let abroad = |r: usize| if sum > 0.0 && counts(r) { (1.0 - home) * weights[r] / sum } else { 0.0 };
    let at_home = if sum > 0.0 { home } else { 1.0 };
    (0..weights.len()).map(|r| abroad(r) + if r == region { at_home } else { 0.0 }).collect()
}

/// The luck of the run.
#[derive(Resource, Clone, Copy, Debug)]
pub struct Luckbox(pub Luck);

/// A region: a labour market, a government, a rest of the economy, a legal regime.
#[derive(Component, Clone, Debug, Serialize, Deserialize)]
pub struct Region {
    /// Place among the regions, in the order of their names.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Account of the government.
    pub government: AccountId,
    /// Account of everybody who is not an agent.
    pub rest: AccountId,
    /// What the government holds at the start.
    pub government_start: Money,
    /// What the rest of the economy holds at the start.
    pub rest_start: Money,
    /// Lab that licenses robots here.
    pub licensor: usize,
    /// Share of routes open and navigable.
    pub openness: f64,
    /// kappa.
    pub demand_index: f64,
    /// Consumption of its agents, dollars a week.
    pub consumption: f64,
    /// The same at the end of the spin-up.
    pub consumption_base: f64,
    /// Median wage at the start, dollars a week.
    pub median_wage: f64,
    /// Robot tax and data levy of this tick.
    pub earmarked: Money,
    /// Handed back to each person next tick.
    pub hand_back: Money,
    /// Dollars a week for training places, smoothed.
    pub training_budget: f64,
}

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

    /// An economy in which nobody lives yet, for those who bring its people from elsewhere.
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
    /// fn tax_robots(parameters: Res<Parameters>, mut in_force: ResMut<InForce>) {
    ///     in_force.change(parameters.region("USA"), |law| law.robot_tax = Share(0.2));
    /// }
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     let settings = ["run.persons_per_agent=1000000 persons", "run.spin_up=4 weeks", "run.years=0.2"];
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
        let is_frozen = self.world.resource::<Parameters>().run.technology == Technology::Frozen;
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
