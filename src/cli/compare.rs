//! `handover compare`.

use super::Exit;
use super::checkpoints;
use super::ensemble::{Watch, exit_of, tell_failures};
use super::scenario::examine;
use super::watch::Simulated;
use clap::Args;
use handover::economy::policy::Clock;
use handover::experiment::compare::effects::Effects;
use handover::experiment::compare::regret::Regret;
use handover::experiment::compare::{check, live_together};
use handover::experiment::ensemble::{Attendance, each, replicate_of};
use handover::experiment::follow::{Wanted, follow_both};
use handover::experiment::run::Stopped;
use handover::observe::rows::WorkerId;
use handover::output::compare::{AIMS, Comparison, Reform, render, summary};
use handover::output::disk::{evidence, files};
use handover::scenario::Scenario;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// What did a policy do, to whom, and how sure are we? The same people in a base and in its reforms.
///
/// All worlds have the same luck and live in lockstep. Differences are taken person by person within each
/// replicate; intervals are Student's t at 95 % over replicates.
#[derive(Args, Debug)]
pub(super) struct CompareArguments {
    /// The scenario without the reform.
    base: PathBuf,
    /// One or several reforms.
    #[arg(required = true)]
    reforms: Vec<PathBuf>,
    /// Replicates; each is lived through once in every world.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replicates: u32,
    /// Folder of the results [default: output/compare-<base>-<reforms>].
    #[arg(long, value_name = "DIR", value_parser = super::scenario::folder())]
    out: Option<PathBuf>,
    /// Another state of the world for the table of regret: all worlds again with this value; may be repeated.
    #[arg(long = "under", value_name = "KEY=VALUE")]
    states: Vec<String>,
    #[command(flatten)]
    simulated: Simulated,
    /// Folder of a sweep for which `handover sensitivity` has said on which evidence the answer hangs: the report
    /// repeats it.
    #[arg(long, value_name = "DIR")]
    sensitivity: Option<PathBuf>,
    /// Replace an existing result.
    #[arg(long)]
    force: bool,
    /// No progress, no summary.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: &CompareArguments) -> Exit {
    compare(arguments).unwrap_or_else(|(exit, message)| {
        eprintln!("{message}");
        exit
    })
}

type Failed = (Exit, String);

/// Base and reforms, read with the same settings.
fn read(arguments: &CompareArguments, more: Option<&String>) -> Result<(Scenario, Vec<Scenario>), Failed> {
    let mut settings = arguments.simulated.settings();
    settings.extend(more.cloned());
    let one = |path: &PathBuf| examine(path, &settings).map_err(|problems| (Exit::Input, problems.to_string()));
    let base = one(&arguments.base)?;
    let reforms: Vec<Scenario> = arguments.reforms.iter().map(one).collect::<Result<_, _>>()?;
    super::scenario::warn(reforms.iter().chain([&base]));
    one_name_each(&arguments.reforms, &reforms)?;
    for reform in &reforms {
        check(&base, reform).map_err(|problem| (Exit::Input, format!("error: {problem}")))?;
    }
    Ok((base, reforms))
}

/// Tables and pictures know a reform by its name alone, so two of one name could not be told apart.
fn one_name_each(paths: &[PathBuf], reforms: &[Scenario]) -> Result<(), Failed> {
    for (place, (path, reform)) in paths.iter().zip(reforms).enumerate() {
        let name = &reform.about.name;
        let Some(first) = reforms[..place].iter().position(|other| other.about.name == *name) else { continue };
        let (first, second) = (paths[first].display(), path.display());
        let words = if paths[..place].contains(path) {
            format!("error: {second} is named twice; leave one of them out")
        } else {
            format!(
                "error: two reforms are called {name:?}: {first} and {second}; give one another name under [scenario]: name = \"..\""
            )
        };
        return Err((Exit::Input, words));
    }
    Ok(())
}

fn compare(arguments: &CompareArguments) -> Result<Exit, Failed> {
    let (base, reforms) = read(arguments, None)?;
    let state = |setting: &String| {
        let (base, reforms) = read(arguments, Some(setting))?;
        Ok(State { setting: setting.clone(), base, reforms })
    };
    let states = arguments.states.iter().map(state).collect::<Result<_, Failed>>()?;
    let evidence = arguments.sensitivity.as_deref().map(evidence::read).transpose();
    let evidence = evidence.map_err(|problem| (Exit::Input, format!("error: --sensitivity: {problem}")))?;
    let names: Vec<&str> = reforms.iter().map(|reform| reform.about.name.as_str()).collect();
    let default = || PathBuf::from("output").join(format!("compare-{}-{}", base.about.name, names.join("-")));
    let folder = arguments.out.clone().unwrap_or_else(default);
    files::check_free(&folder, arguments.force).map_err(|problem| (Exit::Input, format!("error: {problem}")))?;
    let place = checkpoints::workplace(&folder)?;
    let threads = arguments.simulated.threads;
    // all worlds of a replicate live side by side
    let worlds = super::watch::at_once(threads, arguments.replicates) * (1 + reforms.len());
    super::room::or_disk(&base, worlds, threads)?;
    let pool = super::watch::pool(threads).map_err(|words| (Exit::Disk, words))?;
    let watch = Watch::new(arguments.quiet);
    let comparison = pool.install(|| live(base, reforms, states, arguments.replicates, &watch));
    watch.clear();
    let mut comparison = comparison.map_err(|stopped| match stopped {
        Stopped::Asked(date) => (Exit::Interrupted, format!("stopped at {date}; nothing was written")),
        Stopped::Breach(breach) => (Exit::Bug, format!("error: {breach}\nThis is a bug of handover.")),
    })?;
    comparison.evidence = evidence;
    tell_failures(&comparison.attendance);
    let exit = exit_of(&comparison.attendance);
    if comparison.attendance.done.is_empty() {
        return Ok(exit);
    }
    let rendered = render(&comparison)
        .map_err(|error| (Exit::Bug, format!("error: {error}\nThis is a bug of handover; nothing was written.")))?;
    files::write_in(place, &rendered).map_err(|error| (Exit::Disk, format!("error: {error}")))?;
    if !arguments.quiet {
        println!("{}", summary::summary(&comparison, &folder.display().to_string()));
    }
    Ok(exit)
}

/// Another state of the world: what it sets, and all scenarios in it.
pub(super) struct State {
    pub setting: String,
    pub base: Scenario,
    pub reforms: Vec<Scenario>,
}

/// Lives through base and reforms in every state of the world, and tells one life in both.
///
/// # Errors
/// The wish to stop.
pub(super) fn live(
    base: Scenario,
    reforms: Vec<Scenario>,
    states: Vec<State>,
    replicates: u32,
    watch: &Watch,
) -> Result<Comparison, Stopped> {
    let ticks = Clock::of(&base.parameters.run).ticks() as u64;
    let worlds = (reforms.len() + 1) as u64;
    watch.expect(ticks * worlds * u64::from(replicates) * (states.len() as u64 + 1));
    let (mut attendance, effects, typical) = state(&base, &reforms, replicates, watch)?;
    let mut regrets = first_regrets(&base, &reforms);
    add_state(&mut regrets, "as in the scenario", &effects);
    for other in &states {
        let (there, effects, _) = state(&other.base, &other.reforms, replicates, watch)?;
        add_state(&mut regrets, &other.setting, &effects);
        attendance.failures.extend(there.failures);
    }
    watch.say("telling lives".to_owned());
    let mut done = Vec::new();
    for ((scenario, effects), who) in reforms.into_iter().zip(effects).zip(typical) {
        // the first replicate's luck is the scenario's own
        let tell = |who: WorkerId| follow_both(&base, &scenario, Wanted::Named(who), |_| watch.goes_on()).ok();
        let lives = who.and_then(tell);
        done.push(Reform { scenario, effects, lives });
    }
    let states = states.into_iter().map(|state| state.setting).collect();
    Ok(Comparison { base, reforms: done, attendance, states, regrets, evidence: None })
}

/// Who was there, the effects of each reform, and whose lives to tell.
type Replicates = (Attendance, Vec<Effects>, Vec<Option<WorkerId>>);

/// All replicates of one state of the world.
fn state(base: &Scenario, reforms: &[Scenario], replicates: u32, watch: &Watch) -> Result<Replicates, Stopped> {
    let mut effects: Vec<Effects> = reforms.iter().map(|_| Effects::default()).collect();
    let mut typical = vec![None; reforms.len()];
    let first = base.parameters.run.replicate;
    let attendance = each(
        first,
        replicates,
        |number| {
            let reforms: Vec<Scenario> = reforms.iter().map(|reform| replicate_of(reform, number)).collect();
            live_together(&replicate_of(base, number), &reforms, || watch.tick())
        },
        |number, worlds| {
            watch.say(format!("replicate {number} done"));
            for ((effects, reformed), who) in effects.iter_mut().zip(&worlds.reforms).zip(&mut typical) {
                effects.add(&worlds.base, reformed);
                if number == first {
                    *who = reformed.typical;
                }
            }
            ControlFlow::Continue(())
        },
    )?;
    Ok((attendance, effects, typical))
}

fn first_regrets(base: &Scenario, reforms: &[Scenario]) -> Vec<Regret> {
    let policies: Vec<String> =
        std::iter::once(base).chain(reforms).map(|scenario| scenario.about.name.clone()).collect();
    let empty = |(aim, is_cost): (&'static str, bool)| Regret {
        aim: aim.to_owned(),
        values: vec![Vec::new(); policies.len()],
        policies: policies.clone(),
        states: Vec::new(),
        is_cost,
    };
    AIMS.into_iter().map(empty).collect()
}

fn add_state(regrets: &mut [Regret], name: &str, effects: &[Effects]) {
    for regret in regrets {
        regret.states.push(name.to_owned());
        let pair = |effects: &Effects| effects.headline(&regret.aim).copied().unwrap_or_default();
        let mean = |moments: handover::ground::statistics::Moments| {
            if moments.count > 0 { moments.mean } else { f64::NAN }
        };
        let base = effects.first().map_or(f64::NAN, |effects| mean(pair(effects).base));
        // groups by fate hold other people in each pair of worlds, so policies are compared by their differences
        let reforms = effects.iter().map(|effects| base + mean(pair(effects).difference));
        let values: Vec<f64> = std::iter::once(base).chain(reforms).collect();
        regret.values.iter_mut().zip(values).for_each(|(row, value)| row.push(value));
    }
}
