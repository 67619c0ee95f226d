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
pub mod founding;
pub mod learning;
pub mod matching;
pub mod people;
pub mod policy;
pub mod settlement;
pub mod sites;
pub mod staffing;
pub mod wages;

use crate::ground::ledger::{AccountId, Leak, Money};
use crate::ground::random::Luck;
use crate::ground::units::{Persons, Size, Span};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use policy::{Clock, Date};
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
#[derive(Clone, Debug, Deserialize, Serialize)]
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
    pub persons_per_agent: Persons,
    /// Robots a robot agent stands for.
    pub robots_per_agent: Size,
    /// Does technology move?
    pub technology: Technology,
    /// Time between two records of the indicators.
    pub record_every: Span,
}

/// A firm with many sites that decides as one.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Its name.
    pub name: String,
    /// Where it works.
    pub region: String,
    /// What its sites are.
    pub sites: sites::SiteType,
    /// How many people it employs at the start.
    pub persons: Persons,
}

/// Where the world is.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WorldParameters {
    /// Names of the regions.
    pub regions: Vec<String>,
}

/// Every number the rules need, section by section as in `scenarios/baseline.toml`. There are no
/// defaults in code.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
    /// The key and what is wrong with it.
    pub fn new(sections: Sections) -> Result<Self, String> {
        let mut regions = sections.world.regions.clone();
        regions.sort();
        if regions.windows(2).any(|pair| pair[0] == pair[1]) || regions.is_empty() {
            return Err("world.regions: each region once, and at least one".into());
        }
        check_regional(&sections, &regions)?;
        let labs: Vec<String> = sections.capture.labs.keys().cloned().collect();
        let licensor = licensors(&sections, &regions, &labs)?;
        let demand = &sections.demand;
        let abroad = weights("demand.market_weights", &demand.market_weights, &regions)?;
        let trade = (0..regions.len()).map(|r| spread(demand.home_share[r].0, r, &abroad, true)).collect();
        let settlement = &sections.settlement;
        let foreign = weights("settlement.ownership", &settlement.ownership, &regions)?;
        let owners = (0..regions.len()).map(|r| spread(settlement.home_ownership.0, r, &foreign, false)).collect();
        let law = sections.law.resolve(&regions)?;
        for (index, policy) in sections.policies.iter().enumerate() {
            if let Some(unknown) = policy.regions.iter().flatten().find(|name| !regions.contains(name)) {
                return Err(format!("policy.{index}.regions: no region {unknown:?} is declared"));
            }
        }
        for (index, event) in sections.events.iter().enumerate() {
            if let Some(unknown) = event.when_and_where().2.iter().flatten().find(|name| !regions.contains(name)) {
                return Err(format!("event.{index}.regions: no region {unknown:?} is declared"));
            }
        }
        for (index, operator) in sections.operators.iter().enumerate() {
            if !regions.contains(&operator.region) {
                return Err(format!("operator.{index}.region: no region {:?} is declared", operator.region));
            }
        }
        if sections.capture.labs.is_empty() || labs.len() > 64 {
            return Err("capture.labs: between 1 and 64 labs".into());
        }
        run_is_sound(&sections.run)?;
        Ok(Parameters(Arc::new(Checked { sections, regions, labs, trade, owners, licensor, law })))
    }

    /// The sections as resolved, for the manifest.
    pub fn sections(&self) -> &Sections {
        &self.0.sections
    }
}

fn run_is_sound(run: &RunParameters) -> Result<(), String> {
    let days = run.tick.0 * 7.0;
    if ![1.0, 7.0, 28.0].iter().any(|&allowed| (days - allowed).abs() < 1e-9) {
        return Err("run.tick: a tick is \"1 day\", \"1 week\" or \"4 weeks\"".into());
    }
    let ticks = (run.years.0 * 52.0 + run.spin_up.0) / run.tick.0;
    if ticks > 30_000.0 || run.years.0 <= 0.0 {
        return Err("run.years: a run has more than 0 years and at most 30,000 ticks".into());
    }
    if run.persons_per_agent.0 < 1.0 || run.persons_per_agent.0.fract() != 0.0 {
        return Err("run.persons_per_agent: a whole number of persons, at least 1".into());
    }
    if run.robots_per_agent.0 < 1.0 {
        return Err("run.robots_per_agent: at least 1".into());
    }
    Ok(())
}

/// Checks every table by region.
fn check_regional(sections: &Sections, regions: &[String]) -> Result<(), String> {
    use people::Listed;
    let name = |key: String| move |error: String| format!("{key}: {error}");
    let labour = &sections.labour;
    for &o in people::Occupation::ALL {
        labour.wage[o].check(regions).map_err(name(format!("labour.wage.{}", o.name())))?;
    }
    for &site in sites::SiteType::ALL {
        labour.organised[site].check(regions).map_err(name(format!("labour.organised.{}", site.name())))?;
        sections.demand.growth[site].check(regions).map_err(name(format!("demand.growth.{}", site.name())))?;
    }
    for &class in sites::Class::ALL {
        let key = format!("robots.class.{}", class.name());
        let class = &sections.robots.class[class];
        class.price_factor.check(regions).map_err(name(format!("{key}.price_factor")))?;
        class.fleet_at_start.check(regions).map_err(name(format!("{key}.fleet_at_start")))?;
        if !regions.contains(&class.maker) {
            return Err(format!("{key}.maker: no region {:?} is declared", class.maker));
        }
    }
    for &o in sites::SiteType::Factory.occupations() {
        let mix = labour.factory_mix.get(&o).ok_or_else(|| format!("labour.factory_mix: {:?} is missing", o.name()))?;
        mix.check(regions).map_err(name(format!("labour.factory_mix.{}", o.name())))?;
    }
    if labour.factory_mix.len() != sites::SiteType::Factory.occupations().len() {
        return Err("labour.factory_mix: only occupations of factories have a share".into());
    }
    for r in 0..regions.len() {
        let sum: f64 = labour.factory_mix.values().map(|mix| mix[r].0).sum();
        if (sum - 1.0).abs() > 1e-9 {
            return Err(format!("labour.factory_mix: the shares of {:?} add up to {sum}, not to 1", regions[r]));
        }
    }
    labour.manufacturing.check(regions).map_err(name("labour.manufacturing".into()))?;
    labour.pickers.check(regions).map_err(name("labour.pickers".into()))?;
    labour.couriers.check(regions).map_err(name("labour.couriers".into()))?;
    labour.weekly_hours.check(regions).map_err(name("labour.weekly_hours".into()))?;
    labour.unemployment.check(regions).map_err(name("labour.unemployment".into()))?;
    labour.job_finding.check(regions).map_err(name("labour.job_finding".into()))?;
    let demand = &sections.demand;
    demand.home_share.check(regions).map_err(name("demand.home_share".into()))?;
    demand.parcels.check(regions).map_err(name("demand.parcels".into()))?;
    demand.human_cost_per_parcel.check(regions).map_err(name("demand.human_cost_per_parcel".into()))?;
    demand.station_share.check(regions).map_err(name("demand.station_share".into()))?;
    for &kind in sites::Kind::ALL {
        if !kind.is_on_the_street() && !demand.hours_per_unit.contains_key(&kind) {
            return Err(format!("demand.hours_per_unit: the job kind {:?} is missing", kind.name()));
        }
    }
    sections.capture.filming_at_start.check(regions).map_err(name("capture.filming_at_start".into()))?;
    let robots = &sections.robots;
    robots.van_density.check(regions).map_err(name("robots.van_density".into()))?;
    robots.open_at_start.check(regions).map_err(name("robots.open_at_start".into()))?;
    robots.open_later.check(regions).map_err(name("robots.open_later".into()))
}

/// The lab that licenses to each region: exactly one.
fn licensors(sections: &Sections, regions: &[String], labs: &[String]) -> Result<Vec<usize>, String> {
    for (lab, about) in &sections.capture.labs {
        for region in std::iter::once(&about.home).chain(&about.licenses).chain(&about.collects) {
            if !regions.contains(region) {
                return Err(format!("capture.labs.{lab}: no region {region:?} is declared"));
            }
        }
    }
    let shares: f64 = sections.capture.labs.values().map(|lab| lab.share.0).sum();
    if (shares - 1.0).abs() > 1e-9 {
        return Err(format!("capture.labs: the labs' shares add up to {shares}, not to 1"));
    }
    let licensor = |region: &String| {
        let mut found =
            labs.iter().enumerate().filter(|(_, lab)| sections.capture.labs[*lab].licenses.contains(region));
        match (found.next(), found.next()) {
            (Some((index, _)), None) => Ok(index),
            _ => Err(format!("capture.labs: exactly one lab must license to {region:?}")),
        }
    };
    regions.iter().map(licensor).collect()
}

fn weights(
    key: &str,
    table: &std::collections::BTreeMap<String, crate::ground::units::Share>,
    regions: &[String],
) -> Result<Vec<f64>, String> {
    if let Some(unknown) = table.keys().find(|name| !regions.contains(name)) {
        return Err(format!("{key}: no region {unknown:?} is declared"));
    }
    let found: Vec<f64> = regions.iter().map(|name| table.get(name).map_or(0.0, |share| share.0)).collect();
    let sum: f64 = found.iter().sum();
    if regions.len() > 1 && (sum - 1.0).abs() > 1e-9 {
        return Err(format!("{key}: the shares add up to {sum}, not to 1"));
    }
    Ok(found)
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
    last_tick: i32,
}

impl Economy {
    /// Founds the economy of a scenario; `install` adds what watches it to the calendar's last phases.
    pub fn found(parameters: &Parameters, install: impl FnOnce(&mut World, &mut Schedule)) -> Self {
        Self::of(founding::found(parameters), install)
    }

    /// An economy in which nobody lives yet, for those who bring its people from elsewhere.
    pub fn bare(parameters: &Parameters, install: impl FnOnce(&mut World, &mut Schedule)) -> Self {
        Self::of(founding::bare(parameters), install)
    }

    fn of(mut world: World, install: impl FnOnce(&mut World, &mut Schedule)) -> Self {
        let mut schedule = calendar::schedule(None);
        install(&mut world, &mut schedule);
        let run = &world.resource::<Parameters>().run;
        let ticks = (run.years.0 * crate::ground::units::WEEKS_PER_YEAR / run.tick.0).round();
        let last_tick = i32::try_from(crate::ground::random::whole(ticks)).expect("checked on reading") - 1;
        Economy { world, schedule, last_tick }
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
        self.world.resource::<Clock>().date()
    }

    /// Has the last tick of the scenario been lived?
    pub fn is_over(&self) -> bool {
        self.tick() > self.last_tick
    }

    /// Ticks lived since the founding, the spin-up included.
    pub fn lived(&self) -> usize {
        let clock = self.world.resource::<Clock>();
        usize::try_from(clock.tick + clock.spin_up).unwrap_or(0)
    }

    /// Ticks from the first of the spin-up to the last.
    pub fn ticks(&self) -> usize {
        let clock = self.world.resource::<Clock>();
        usize::try_from(self.last_tick + 1 + clock.spin_up).unwrap_or(0)
    }

    /// Number of worker agents.
    pub fn workers(&self) -> usize {
        let markets = self.world.resource::<people::Markets>();
        markets.0.iter().map(|market| market.heads.iter().sum::<i64>()).sum::<i64>().unsigned_abs() as usize
    }
}
