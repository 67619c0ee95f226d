//! One world in the browser: started from texts, stepped, looked at, rewound, given another law.
//!
//! What has been simulated is kept as keyframes (whole states, in memory), so that a world can be taken
//! back to any week, and so that a changed scenario goes on from the last keyframe whose past is the same
//! in both: what was reformed from 2029 on is not simulated again before 2029.

use chrono::NaiveDate;
use handover::economy::Economy;
use handover::economy::policy::Clock;
use handover::economy::world::flows::{Flow, Ledger};
use handover::experiment::checkpoint::Kept;
use handover::experiment::follow::biography;
use handover::experiment::{checkpoint, follow};
use handover::ground::list::Listed;
use handover::observe::indicators::{Flows, Metric, Row, Series};
use handover::observe::install;
use handover::observe::receipt::Receipt;
use handover::observe::rows::WorkerId;
use handover::scenario::{Scenario, load};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::Path;
use std::rc::Rc;

/// The files of a scenario and what is wanted of its world.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// Texts of scenario files by their names.
    pub files: BTreeMap<String, String>,
    /// Name of the one to run.
    pub scenario: String,
    /// Settings on top, "run.seed=2".
    #[serde(default)]
    pub settings: Vec<String>,
    /// Words of the metrics that [`Engine::records`] tells.
    #[serde(default)]
    pub metrics: Vec<String>,
    /// Words of the flows of money that it tells.
    #[serde(default)]
    pub flows: Vec<String>,
    /// Name of a worker whose diary is kept; such a world keeps no keyframes.
    #[serde(default)]
    pub follow: Option<String>,
    /// Ticks between two keyframes; none if 0.
    #[serde(default)]
    pub keep_every: u16,
}

/// Why something cannot be done.
#[derive(Debug)]
pub enum Refusal {
    /// What was asked for is wrong: what was expected, found, and what to write instead.
    Input(String),
    /// A bug of ours.
    Bug(String),
}

/// Tick, flow, region of the payer and of the payee, micro-dollars.
type Payment = (i32, Flow, u16, u16, i128);

/// The state at the beginning of a tick, and under which parameters it came about.
struct Keyframe {
    parameters: Rc<Value>,
    state: Kept,
}

/// A world and its past.
pub struct Engine {
    scenario: Scenario,
    parameters: Rc<Value>,
    economy: Economy,
    who: Option<WorkerId>,
    /// For each metric its place among those wanted.
    metrics: Vec<Option<usize>>,
    flows: Vec<Flow>,
    keep_every: i32,
    keyframes: BTreeMap<i32, Keyframe>,
}

fn read(wish: &Wish) -> Result<Scenario, Refusal> {
    let reader = |path: &Path| {
        let name = path.to_str().unwrap_or_default();
        wish.files.get(name).cloned().ok_or_else(|| Error::new(ErrorKind::NotFound, "no such file was handed over"))
    };
    load(Path::new(&wish.scenario), &wish.settings, &reader).map_err(|problems| Refusal::Input(problems.to_string()))
}

fn place_of(word: &str, words: &[String]) -> Option<usize> {
    words.iter().position(|wanted| wanted == word)
}

fn found(scenario: &Scenario, who: Option<WorkerId>) -> Result<Economy, Refusal> {
    match who {
        Some(who) => follow::begin(scenario, &[who]).map_err(|none| Refusal::Input(none.0)),
        None => Ok(Economy::found(&scenario.parameters, install)),
    }
}

impl Engine {
    /// Founds a world.
    ///
    /// # Errors
    /// Everything that is wrong with the files; a metric, flow or worker that does not exist.
    pub fn start(wish: &Wish) -> Result<Engine, Refusal> {
        let scenario = read(wish)?;
        let named = |name: &String| WorkerId::parse(name, &scenario.parameters).map_err(|none| Refusal::Input(none.0));
        let who = wish.follow.as_ref().map(named).transpose()?;
        for word in &wish.metrics {
            if Metric::named(word).is_none() {
                return Err(Refusal::Input(format!("there is no metric {word:?}")));
            }
        }
        let flow = |word: &String| {
            let known = Flow::ALL.iter().copied().find(|flow| flow.name() == word);
            known.ok_or_else(|| Refusal::Input(format!("there is no flow of money {word:?}")))
        };
        let flows = wish.flows.iter().map(flow).collect::<Result<Vec<_>, _>>()?;
        let economy = found(&scenario, who)?;
        Ok(Engine {
            parameters: Rc::new(checkpoint::parameters(&scenario)),
            economy,
            who,
            metrics: Metric::ALL.iter().map(|metric| place_of(metric.name(), &wish.metrics)).collect(),
            flows,
            keep_every: if who.is_some() { 0 } else { i32::from(wish.keep_every) },
            keyframes: BTreeMap::new(),
            scenario,
        })
    }

    /// Gives the world another scenario from the last keyframe on whose past is the same in both, or from
    /// the founding if there is none; what was wanted of the world stays. Returns the tick that comes next.
    ///
    /// # Errors
    /// Everything that is wrong with the files; the world is then as it was.
    pub fn change(&mut self, wish: &Wish) -> Result<i32, Refusal> {
        let scenario = read(wish)?;
        let parameters = Rc::new(checkpoint::parameters(&scenario));
        let same = |tick: i32, kept: &Keyframe| {
            // a world that has not begun was founded by the parameters alone, which may not differ
            tick >= 0 && checkpoint::same_past(&kept.parameters, &parameters, self.date_of(tick)).is_empty()
        };
        let last = self.keyframes.iter().rev().find(|(tick, kept)| same(**tick, kept)).map(|(tick, _)| *tick);
        self.economy = match last {
            Some(tick) => self.awaken(&scenario, tick)?,
            None => found(&scenario, self.who)?,
        };
        self.keyframes.retain(|tick, _| last.is_some_and(|last| *tick <= last));
        (self.scenario, self.parameters) = (scenario, parameters);
        Ok(self.economy.tick())
    }

    /// Takes the world back to the beginning of a tick.
    ///
    /// # Errors
    /// It has not been simulated yet, or lies before the first keyframe.
    pub fn rewind(&mut self, tick: i32) -> Result<i32, Refusal> {
        let now = self.economy.tick();
        let kept = self.keyframes.range(..=tick).next_back().map(|(kept, _)| *kept);
        let (true, Some(kept)) = (tick <= now, kept) else {
            let first = self.keyframes.keys().next().map_or(now, |first| *first);
            return Err(Refusal::Input(format!("tick {tick} cannot be gone back to; name one from {first} to {now}")));
        };
        self.economy = self.awaken(&self.scenario, kept)?;
        let ahead = u32::try_from(tick - kept).unwrap_or(0);
        self.step(ahead)?;
        // what was recorded on the way is known already
        self.forget_records();
        Ok(self.economy.tick())
    }

    fn awaken(&self, scenario: &Scenario, tick: i32) -> Result<Economy, Refusal> {
        let world = self.keyframes[&tick].state.fork(scenario, self.date_of(tick));
        world.map_err(|refused| Refusal::Bug(refused.to_string()))
    }

    /// The first day of a tick.
    fn date_of(&self, tick: i32) -> NaiveDate {
        self.economy.world.resource::<Clock>().date(tick)
    }

    /// Simulates so many ticks, or to the end; returns how many were simulated.
    ///
    /// # Errors
    /// The breach of an identity.
    pub fn step(&mut self, ticks: u32) -> Result<u32, Refusal> {
        for lived in 0..ticks {
            if self.economy.is_over() {
                return Ok(lived);
            }
            self.keep();
            self.economy.step().map_err(|breach| Refusal::Bug(breach.to_string()))?;
        }
        Ok(ticks)
    }

    /// The tick that comes next.
    pub fn tick(&self) -> i32 {
        self.economy.tick()
    }

    /// Has the last tick been simulated?
    pub fn is_over(&self) -> bool {
        self.economy.is_over()
    }

    /// Keeps the present state, if it is its turn.
    fn keep(&mut self) {
        let tick = self.economy.tick();
        if self.keep_every == 0 || tick < 0 || tick % self.keep_every != 0 || self.keyframes.contains_key(&tick) {
            return;
        }
        // records have been told or will be: a keyframe that held them would grow with the run
        let told = self.take_records();
        let state = Kept::of(&self.scenario, &mut self.economy);
        self.keyframes.insert(tick, Keyframe { parameters: Rc::clone(&self.parameters), state });
        let world = &mut self.economy.world;
        world.resource_mut::<Series>().rows = told.0;
        world.resource_mut::<Flows>().rows = told.1;
    }

    fn take_records(&mut self) -> (Vec<Row>, Vec<Payment>) {
        let world = &mut self.economy.world;
        let series = std::mem::take(&mut world.resource_mut::<Series>().rows);
        (series, std::mem::take(&mut world.resource_mut::<Flows>().rows))
    }

    fn forget_records(&mut self) {
        let _ = self.take_records();
    }

    /// What was recorded since the last time: series as [tick, region, metric, item, value], money as [tick, flow,
    /// payer's region, payee's region, "micro-dollars"], where metric and flow are places among those wanted.
    pub fn records(&mut self) -> Value {
        let (series, flows) = self.take_records();
        let items = &self.economy.world.resource::<Series>().items;
        let told = |row: &Row| {
            let metric = self.metrics[row.metric.index()]?;
            Some(json!([row.tick, row.region, metric, items[usize::from(row.item)], row.value]))
        };
        let paid = |(tick, flow, from, to, micro): &Payment| {
            let place = self.flows.iter().position(|wanted| wanted == flow)?;
            Some(json!([tick, place, from, to, micro.to_string()]))
        };
        json!({
            "series": series.iter().filter_map(told).collect::<Vec<_>>(),
            "flows": flows.iter().filter_map(paid).collect::<Vec<_>>(),
        })
    }

    /// Whose hours took whose jobs, until now: [year, from, to, hours, jobs, licence USD, royalties USD]; after the
    /// regions `from` counts the stock at the start and the robots' own hours.
    pub fn receipt(&self) -> Value {
        let line = |line: &handover::observe::receipt::Line| {
            json!([line.year, line.from, line.to, line.hours, line.jobs, line.licence, line.royalties])
        };
        let receipt = self.economy.world.resource::<Receipt>();
        json!(receipt.lines.iter().map(line).collect::<Vec<_>>())
    }

    /// Where the world stands; money in micro-dollars, as texts.
    pub fn status(&self) -> Value {
        let ledger = self.economy.world.resource::<Ledger>();
        json!({
            "scenario": self.scenario.about.name,
            "title": self.scenario.about.title,
            "hash": self.scenario.hash,
            "regions": self.scenario.parameters.regions,
            "tick": self.economy.tick(),
            "date": self.economy.date().to_string(),
            "lived": self.economy.lived(),
            "ticks": self.economy.ticks(),
            "is_over": self.economy.is_over(),
            "workers": self.economy.workers(),
            "keyframes": self.keyframes.keys().collect::<Vec<_>>(),
            "money_moved": ledger.moved().to_string(),
            "money_astray": ledger.discrepancy().to_string(),
        })
    }

    /// SHA-256 of the whole state, as on the command line.
    pub fn state_hash(&mut self) -> String {
        checkpoint::state_hash(&mut self.economy)
    }

    /// The life of the worker who is followed, until now.
    ///
    /// # Errors
    /// Nobody is followed.
    pub fn life(&self) -> Result<Value, Refusal> {
        let nobody = || Refusal::Input("nobody is followed; name a worker when the world is started".to_owned());
        let who = self.who.ok_or_else(nobody)?;
        let life = follow::so_far(&self.scenario, who, &self.economy).ok_or_else(nobody)?;
        let mut told = biography::as_json(&life);
        told["about"] = json!(biography::about(&life));
        told["income"] = json!(life.income().to_string());
        Ok(told)
    }
}
