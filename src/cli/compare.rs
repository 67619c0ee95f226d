//! `handover compare`.

use super::Exit;
use super::checkpoints;
use super::ensemble::{exit_of, tell_failures};
use super::error::Failed;
use super::scenario::examine;
use super::watch::{Simulated, Watch};
use clap::Args;
use handover::experiment::compare::check;
use handover::experiment::compare::run::{State, compare as compare_all};
use handover::output::compare::json::as_json;
use handover::output::compare::{Comparison, render, summary};
use handover::output::disk::{evidence, files};
use handover::output::only::{OF_COMPARISON, Only};
use handover::scenario::Scenario;
use std::path::PathBuf;

/// What did a policy do, to whom, and how sure are we? The same people in a base and in its reforms.
///
/// All worlds have the same random numbers and are simulated in lockstep. Differences are taken person by person within
/// each replicate; intervals are Student's t at 95 % over replicates.
#[derive(Args, Debug)]
pub(super) struct CompareArguments {
    /// The scenario without the reform: a file, or the name of a shipped one.
    #[arg(value_parser = super::scenario::file())]
    base: PathBuf,
    /// One or several reforms.
    #[arg(required = true, value_parser = super::scenario::file())]
    reforms: Vec<PathBuf>,
    /// A first answer in seconds, from a coarse world and without pictures: one agent for 100,000 people, at most 12
    /// sites of a type in a region, half a year of spin-up. The same call without --quick answers better.
    #[arg(long)]
    quick: bool,
    /// Replicates; each is simulated once in every world.
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
    /// Folder of a sweep for which `handover sensitivity` has said on which evidence the answer depends: the report
    /// repeats it.
    #[arg(long, value_name = "DIR")]
    sensitivity: Option<PathBuf>,
    /// No pictures: tables and the report alone.
    #[arg(long)]
    no_plots: bool,
    /// Only these files, with commas between them: answer, headlines, gains, waterfall, lives, money, receipt,
    /// divergence, tipping, regret, effects, plots, report. The manifest is always among them.
    #[arg(long, value_name = "FILES")]
    only: Option<String>,
    /// Replace an existing result.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    told: super::watch::Told,
}

/// The coarse world of a first answer.
const QUICK: [&str; 4] =
    ["run.persons_per_agent=100000 persons", "run.least_agents=0", "sites.most=12", "run.spin_up=26 weeks"];

pub(super) fn run(arguments: &CompareArguments) -> Exit {
    compare(arguments).unwrap_or_else(Failed::tell)
}

/// Base and reforms, read with the same settings.
fn read(arguments: &CompareArguments, more: Option<&String>) -> Result<(Scenario, Vec<Scenario>), Failed> {
    // whoever sets one of them means it
    let mut settings: Vec<String> = QUICK.iter().filter(|_| arguments.quick).map(|&text| text.to_owned()).collect();
    settings.extend(arguments.simulated.settings());
    settings.extend(more.cloned());
    let one = |path: &PathBuf| examine(path, &settings).map_err(Failed::from);
    let base = one(&arguments.base)?;
    let reforms: Vec<Scenario> = arguments.reforms.iter().map(one).collect::<Result<_, _>>()?;
    super::scenario::warn_but(reforms.iter().chain([&base]), if arguments.quick { QUICK.len() } else { 0 });
    one_name_each(&arguments.reforms, &reforms)?;
    for reform in &reforms {
        check(&base, reform).map_err(Failed::input)?;
    }
    Ok((base, reforms))
}

/// Tables and pictures know a reform by its name alone, so two of one name could not be distinguished.
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
        return Err(Failed::new(Exit::Input, words));
    }
    Ok(())
}

fn compare(arguments: &CompareArguments) -> Result<Exit, Failed> {
    let only = Only::read(arguments.only.as_deref(), None, &OF_COMPARISON).map_err(Failed::input)?;
    let only = only.without_plots_if(arguments.no_plots || arguments.quick);
    let (base, reforms) = read(arguments, None)?;
    let state = |setting: &String| {
        let (base, reforms) = read(arguments, Some(setting))?;
        Ok(State { setting: setting.clone(), base, reforms })
    };
    let states = arguments.states.iter().map(state).collect::<Result<_, Failed>>()?;
    let evidence = arguments.sensitivity.as_deref().map(evidence::read).transpose();
    let evidence = evidence.map_err(|problem| Failed::input(format!("--sensitivity: {problem}")))?;
    let names: Vec<&str> = reforms.iter().map(|reform| reform.about.name.as_str()).collect();
    let quick = if arguments.quick { "-quick" } else { "" };
    let default = || PathBuf::from("output").join(format!("compare-{}-{}{quick}", base.about.name, names.join("-")));
    let folder = arguments.out.clone().unwrap_or_else(default);
    files::check_free(&folder, arguments.force).map_err(Failed::input)?;
    let place = checkpoints::workplace(&folder)?;
    let threads = arguments.simulated.threads;
    // all worlds of a replicate are in memory side by side
    let worlds = super::watch::at_once(threads, arguments.replicates) * (1 + reforms.len());
    super::room::or_disk(&base, worlds, threads)?;
    let pool = super::watch::pool(threads).map_err(|words| Failed::new(Exit::Disk, words))?;
    let watch = Watch::new(arguments.told.quiet);
    let comparison = pool.install(|| compare_all(base, reforms, states, arguments.replicates, &watch));
    watch.clear();
    let comparison = Comparison::of(comparison?, evidence);
    tell_failures(&comparison.attendance);
    let exit = exit_of(&comparison.attendance);
    if comparison.attendance.done.is_empty() {
        return Ok(exit);
    }
    let rendered = render(&comparison, &only).map_err(Failed::bug)?;
    files::write_in(place, &rendered).map_err(Failed::disk)?;
    let shown = folder.display().to_string();
    if arguments.told.json {
        let names: Vec<String> = rendered.into_iter().map(|(name, _)| name).collect();
        println!("{}", as_json(&comparison, &shown, &names));
    } else if !arguments.told.quiet {
        println!("{}", summary::summary(&comparison, &shown, &only));
    }
    Ok(exit)
}
