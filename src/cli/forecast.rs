//! What a run will take, measured on the machine itself: the same scenario with few agents and long
//! ticks is lived through and rendered; time and memory then grow by what more ticks and agents cost.

use handover::economy::founding::first_heads;
use handover::experiment::run::run;
use handover::output::render;
use handover::scenario::{Scenario, remake};
use std::fmt;
#[allow(clippy::disallowed_types)]
use std::time::Instant;

/// Agents of the world that is lived through.
const FEW: f64 = 20_000.0;
/// Agents of the world that shows what an agent costs.
const MANY: f64 = 400_000.0;
/// Ticks of that world.
const TICKS: f64 = 24.0;
/// Bytes an agent takes in its columns and in what is computed beside them, measured.
const BYTES_PER_AGENT: f64 = 28.0;

/// What a run will take.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Forecast {
    /// Agents who work or look for work.
    pub workers: i64,
    /// Ticks, the spin-up included.
    pub ticks: f64,
    /// Seconds, the writing included.
    pub seconds: f64,
    /// Seconds of living alone.
    pub living: f64,
    /// Most bytes held in memory.
    pub memory: f64,
    /// Bytes of the result.
    pub disk: f64,
}

impl fmt::Display for Forecast {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (memory, disk) = (self.memory / 1e6, self.disk / 1e6);
        writeln!(f, "  workers   {} agents over {} ticks", self.workers, self.ticks)?;
        writeln!(f, "  time      {} on this machine", duration(self.seconds))?;
        writeln!(f, "  memory    {memory:.0} MB")?;
        write!(f, "  disk      {disk:.0} MB")
    }
}

pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 100.0 => format!("{s:.1} seconds"),
        s if s < 6_000.0 => format!("{:.0} minutes", s / 60.0),
        s => format!("{:.1} hours", s / 3_600.0),
    }
}

/// Forecasts the run of a scenario.
///
/// # Errors
/// What went wrong in the small world; a bug of ours.
pub(super) fn forecast(scenario: &Scenario) -> Result<Forecast, String> {
    let run_parameters = &scenario.parameters.run;
    let workers = count(scenario);
    let persons = run_parameters.persons_per_agent.0;
    let ticks = ((run_parameters.years.0 * 52.0 + run_parameters.spin_up.0) / run_parameters.tick.0).round();
    let coarse = |agents: f64| (persons * (workers as f64 / agents)).max(persons).ceil();

    // the whole of time with few agents: fleets grow and records pile up as they will
    let small = remake(scenario, |run| {
        run.persons_per_agent.0 = coarse(FEW);
        run.tick.0 = run.tick.0.max(4.0);
        run.record_every.0 = run.record_every.0.max(4.0);
    })?;
    let (few, small_ticks, living) = live(&small)?;
    let start = now();
    let results = run(&small, |_| true).map_err(|stopped| format!("{stopped:?}"))?;
    let living = living.min(start.elapsed().as_secs_f64());
    let start = now();
    let files = render(&results)?;
    let writing = start.elapsed().as_secs_f64();
    let memory = super::run::peak_memory().unwrap_or(0) as f64;
    let more_records = small.parameters.run.record_every.0 / run_parameters.record_every.0.max(run_parameters.tick.0);
    let (tables, pictures): (Vec<_>, Vec<_>) =
        files.iter().partition(|(name, _)| name.ends_with(".csv") || name.ends_with(".parquet"));
    let size = |files: Vec<&(String, Vec<u8>)>| files.iter().map(|(_, bytes)| bytes.len() as f64).sum::<f64>();
    let tables = size(tables);

    // a few ticks with many agents: what one agent more costs
    let weeks = TICKS * run_parameters.tick.0;
    let few_agents = remake(scenario, |run| shorten(run, coarse(FEW), weeks))?;
    let many_agents = remake(scenario, |run| shorten(run, coarse(MANY), weeks))?;
    let (a, a_ticks, a_seconds) = live(&few_agents)?;
    let (b, _, b_seconds) = live(&many_agents)?;
    let per_agent = if b > a { ((b_seconds - a_seconds) / a_ticks / (b - a) as f64).max(0.0) } else { 0.0 };

    let extra = (workers - few).max(0) as f64;
    let living = living / small_ticks * ticks + extra * per_agent * ticks;
    let seconds = living + writing * more_records.max(1.0);
    Ok(Forecast {
        workers,
        ticks,
        seconds,
        living,
        memory: memory + extra * BYTES_PER_AGENT + tables * (more_records - 1.0).max(0.0) * 3.0,
        disk: tables * more_records + size(pictures),
    })
}

/// Agents at the start.
fn count(scenario: &Scenario) -> i64 {
    first_heads(&scenario.parameters).iter().map(|(.., heads)| heads.iter().sum::<i64>()).sum()
}

fn shorten(run: &mut handover::economy::RunParameters, persons: f64, weeks: f64) {
    run.persons_per_agent.0 = persons;
    run.years.0 = run.tick.0 / 52.0;
    run.spin_up.0 = weeks;
}

/// Lives through a scenario: agents, ticks, seconds.
fn live(scenario: &Scenario) -> Result<(i64, f64, f64), String> {
    let start = now();
    let results = run(scenario, |_| true).map_err(|stopped| format!("{stopped:?}"))?;
    Ok((results.workers as i64, results.ticks as f64, start.elapsed().as_secs_f64()))
}

#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
fn now() -> Instant {
    // the doors may look at a clock: for speed, never for the model
    Instant::now()
}
