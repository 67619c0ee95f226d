//! What a run will take, measured on the machine itself: the same scenario with few agents and long
//! ticks is simulated and rendered, and a world of many agents is founded and simulated for some ticks;
//! time and memory then grow by what more ticks and agents cost.

use super::panel::{self, Desk};
use handover::economy::Economy;
use handover::economy::founding::first_heads;
use handover::economy::policy::{Clock, RunParameters};
use handover::economy::world::lists::Occupation;
use handover::experiment::run::{Results, go_on};
use handover::ground::by_region::ByRegion;
use handover::ground::units::Grain;
use handover::observe::indicators::Wanted;
use handover::observe::install;
use handover::output::only::Only;
use handover::output::run::panel::Amounts;
use handover::output::run::render_with;
use handover::scenario::{Scenario, remake};
use std::fmt;
use std::time::Instant;

/// Agents of the world that is simulated.
const FEW: f64 = 20_000.0;
/// Agents of the world that shows what an agent costs.
pub(super) const MANY: f64 = 1_600_000.0;
/// Ticks that are timed in that world, and those before them in which its memory is touched first.
const TICKS: usize = 32;
const FIRST_TICKS: usize = 4;
/// Bytes an agent takes in its columns and in what is computed beside them, measured.
pub(super) const BYTES_PER_AGENT: f64 = 30.0;

/// Bytes that the allocator keeps of a world that is gone, at most, as measured with glibc.
const KEPT: f64 = 25e6;

/// What a run will take.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Forecast {
    /// Agents who work or look for work.
    pub workers: i64,
    /// Ticks, the spin-up included.
    pub ticks: f64,
    /// Seconds, the writing included.
    pub seconds: f64,
    /// Seconds of simulating alone.
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
    let ticks = Clock::of(run_parameters).ticks() as f64;
    let people = people(scenario);
    let persons = people / workers.max(1) as f64;
    let coarse = |agents: f64| (people / agents).max(persons).ceil();
    let regrain = |run: &mut RunParameters, agents: f64| {
        (run.persons_per_agent, run.least_agents) = (ByRegion::All(Grain(coarse(agents))), 0);
    };

    // the whole of time with few agents: fleets grow and records pile up as they will
    let small = remake(scenario, |run| {
        regrain(run, FEW);
        run.tick.0 = run.tick.0.max(4.0);
        run.record_every.0 = run.record_every.0.max(4.0);
    })
    .map_err(|fault| fault.to_string())?;
    let (bare, (results, _)) = timed(|| live(&small, Economy::found(&small.parameters, install)));
    let few = results?.workers as f64;
    // again with the panel, whose rows are as many whatever the tick
    let (observed, (results, panel)) =
        timed(|| live(&small, panel::found(&small, &Only::default(), Wanted::default())));
    let (results, panel) = (results?, panel?);
    let peak = || peak_memory().unwrap_or(0) as f64;
    let alive = peak();
    let (writing, files) = timed(|| render_with(&results, panel, &Only::default()));
    let (files, drawn) = (files.map_err(|unmade| unmade.to_string())?, peak());
    let more_records = small.parameters.run.record_every.0 / run_parameters.record_every.0.max(run_parameters.tick.0);
    let (pictures, tables): (Vec<_>, Vec<_>) =
        files.iter().partition(|(name, _)| !name.ends_with(".csv") && !name.ends_with(".parquet"));
    let (panels, tables): (Vec<_>, Vec<_>) = tables.into_iter().partition(|(name, _)| name == "panel.parquet");
    let size = |files: Vec<&(String, Vec<u8>)>| files.iter().map(|(_, bytes)| bytes.len() as f64).sum::<f64>();
    let (tables, once) = (size(tables), size(pictures) + size(panels));

    // some ticks with few and with many agents: what one agent more costs at its founding and in a tick
    let of_grain = |agents: f64| {
        let scenario = remake(scenario, |run| regrain(run, agents));
        some_ticks(&scenario.map_err(|fault| fault.to_string())?)
    };
    let (of_few, of_many) = (of_grain(FEW)?, of_grain(MANY)?);
    let per_agent = |few_agents: f64, many_agents: f64| match of_many.agents - of_few.agents {
        more if more > 0.0 => ((many_agents - few_agents) / more).max(0.0),
        _ => 0.0,
    };
    let extra = (workers as f64 - few).max(0.0);
    let founding = of_few.founding + extra * per_agent(of_few.founding, of_many.founding);
    let tick = (bare - of_few.founding) / results.ticks as f64 + extra * per_agent(of_few.tick, of_many.tick);
    let living = founding + tick * ticks + (observed - bare).max(0.0);
    Ok(Forecast {
        workers,
        ticks,
        seconds: living + writing * more_records.max(1.0),
        living,
        // the most is held while agents are simulated, or while pictures are drawn: by then they are gone, but for what
        // the allocator keeps of them
        memory: (alive + extra * BYTES_PER_AGENT).max(drawn + (extra * BYTES_PER_AGENT).min(KEPT))
            + tables * (more_records - 1.0).max(0.0) * 3.0,
        disk: tables * more_records + once,
    })
}

/// People at the start.
fn people(scenario: &Scenario) -> f64 {
    let weights = &scenario.parameters.weights;
    let persons = |&(region, occupation, ref heads): &(usize, Occupation, [i64; 4])| {
        heads.iter().sum::<i64>() as f64 * weights.persons_of(region, occupation)
    };
    first_heads(&scenario.parameters).iter().map(persons).sum()
}

/// Agents at the start.
pub(super) fn count(scenario: &Scenario) -> i64 {
    first_heads(&scenario.parameters).iter().map(|(.., heads)| heads.iter().sum::<i64>()).sum()
}

/// A result and the files of its panel.
type Lived = (Result<Results, String>, Result<Vec<(String, Vec<u8>)>, String>);

/// Simulates a scenario.
fn live(scenario: &Scenario, mut economy: Economy) -> Lived {
    let mut desk = Desk::new(&std::env::temp_dir(), &mut economy, false, Amounts::default());
    let mut spooled = Ok(());
    let results = go_on(scenario, economy, |economy, _| {
        spooled = desk.collect(economy);
        spooled.is_ok()
    });
    let panel = spooled.and_then(|()| desk.finish(scenario)).map_err(|error| error.to_string());
    (results.map_err(|stopped| format!("{stopped:?}")), panel)
}

/// What some ticks took.
struct Pace {
    agents: f64,
    /// Seconds of the founding.
    founding: f64,
    /// Seconds of a tick.
    tick: f64,
}

/// Times the founding of a world and some of its first ticks.
fn some_ticks(scenario: &Scenario) -> Result<Pace, String> {
    let (founding, mut economy) = timed(|| Economy::found(&scenario.parameters, install));
    let mut live = |ticks: usize| {
        let ticks = ticks.min(economy.ticks() - economy.lived());
        (0..ticks).try_for_each(|_| economy.step()).map(|()| ticks).map_err(|breach| breach.to_string())
    };
    live(FIRST_TICKS)?;
    let (time, lived) = timed(|| live(TICKS));
    Ok(Pace { agents: economy.workers() as f64, founding, tick: time / lived?.max(1) as f64 })
}

/// Seconds that some work takes, and what comes of it.
#[expect(clippy::disallowed_methods, reason = "the command line may look at a clock: for speed, never for the model")]
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed().as_secs_f64(), result)
}

/// Most memory the process ever held, where the system tells; otherwise nothing.
pub(super) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
