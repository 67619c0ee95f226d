//! `handover solve`.

use super::Exit;
use super::checkpoints;
use super::error::Failed;
use super::scenario::{examine, warn, warn_overridden};
use super::watch::Simulated;
use super::watch::Watch;
use clap::Args;
use handover::economy::policy::Clock;
use handover::experiment::origin::Alike;
use handover::experiment::solve::replicates::{NoAnswer, Replicates};
use handover::experiment::solve::target::Target;
use handover::experiment::solve::{Search, solve};
use handover::experiment::watcher::Watcher;
use handover::output::disk::files;
use handover::output::solve::{Solved, as_json, is_reached, render, summary};
use handover::scenario::Scenario;
use handover::scenario::dial::Dial;
use handover::scenario::explain::NoKey;
use handover::scenario::plan::overlap;
use std::path::PathBuf;

/// Which value of a lever reaches a target, and how sure is that?
///
/// Every value is tried on the same replicates, so that the outcome moves with the lever and not by chance. The
/// lever is any number that --set takes (learning.alpha, policy.0.royalty_rate), or, with --from, a lever of the law that
/// a policy of its own sets from that day on. The interval is that of Student's t test over the replicates.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct SolveArguments {
    /// The scenario: a file, or the name of a shipped one.
    #[arg(value_parser = super::scenario::file())]
    scenario: PathBuf,
    /// What is turned: a key as --set takes it, or with --from a lever of the law.
    #[arg(long, value_name = "KEY")]
    lever: String,
    /// Lowest and highest value of the lever, with their unit.
    #[arg(long, num_args = 2, value_names = ["LOW", "HIGH"], allow_hyphen_values = true)]
    between: Vec<String>,
    /// What is to hold of the mean over the replicates: OUTCOME <= VALUE, or OUTCOME >= VALUE.
    #[arg(long, value_name = "OUTCOME <= VALUE")]
    target: String,
    /// The lever becomes a policy of its own, in force from this date on.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// First day on which that policy is no longer in force.
    #[arg(long, value_name = "DATE", requires = "from")]
    until: Option<String>,
    /// Where that policy is in force, separated by commas [default: everywhere].
    #[arg(long, value_name = "REGIONS", requires = "from", value_delimiter = ',')]
    regions: Vec<String>,
    /// Replicates at every value of the lever.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replicates: u32,
    /// How closely the lever is to be known, chance apart [default: a 256th of the range].
    #[arg(long, value_name = "VALUE")]
    tolerance: Option<String>,
    /// Values tried over the whole range before the search, to see whether the outcome rises or falls.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..=100))]
    scan: u32,
    /// Folder of the results [default: output/solve-<scenario>].
    #[arg(long, value_name = "DIR", value_parser = super::scenario::folder())]
    out: Option<PathBuf>,
    #[command(flatten)]
    simulated: Simulated,
    /// Replace an existing result.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    told: super::watch::Told,
}

const EXAMPLES: &str = "Examples:
  handover solve scenarios/royalty-15.toml --lever policy.0.royalty_rate --between '0 %' '60 %' \\
      --target 'headline(compensation_filmed) >= 1'
  handover solve scenarios/baseline.toml --lever robot_tax --from 2029-01 --regions USA --between '0 %' '90 %' \\
      --target 'peak(unemployment_rate[USA, courier], ..2034-12) <= 8 %'

Exit codes: 0 a value reaches the target; 75 none in the range does, and the best is told.";

/// Part of the range to which the lever is known if nothing is said.
const STEPS: f64 = 256.0;

pub(super) fn run(arguments: &SolveArguments) -> Exit {
    find(arguments).unwrap_or_else(Failed::tell)
}

fn find(arguments: &SolveArguments) -> Result<Exit, Failed> {
    set_once(arguments)?;
    let base = read(arguments, None)?;
    let dial = dial(arguments, &base).map_err(|problem| Failed::input(format!("--lever: {problem}")))?;
    let target =
        Target::read(&arguments.target, &base).map_err(|problem| Failed::input(format!("--target: {problem}")))?;
    let search = search(arguments, &dial)?;
    // both ends must make a scenario before anything runs
    let mut ends = Vec::new();
    for end in [search.low, search.high] {
        ends.push(read(arguments, Some(dial.setting(end)))?);
    }
    warn(ends.iter().chain([&base]));
    // a lever that the command itself enacts is the policy
    if arguments.from.is_none() {
        warn_overridden(&base, &arguments.lever);
    }
    let default = || PathBuf::from("output").join(format!("solve-{}", base.about.name));
    let folder = arguments.out.clone().unwrap_or_else(default);
    files::check_free(&folder, arguments.force).map_err(Failed::input)?;
    let place = checkpoints::workplace(&folder)?;
    let threads = arguments.simulated.threads;
    let worlds = super::watch::at_once(threads, arguments.replicates);
    super::room::or_disk(&base, worlds, threads)?;
    let pool = super::watch::pool(threads).map_err(|words| Failed::new(Exit::Disk, words))?;
    let watch = Watch::new(arguments.told.quiet);
    let run = &base.parameters.run;
    let ticks = Clock::of(run).ticks() as u64;
    // a search takes about eight values beyond the scan
    watch.expect(ticks * u64::from(arguments.replicates) * u64::from(arguments.scan + 8));
    let first = run.replicate;
    let alike = Alike::of(&ends[0], &ends[1]);
    let replicates = Replicates::of(first, arguments.replicates, alike, target.outcome.clone());
    let respond = |lever: f64| {
        watch.say(format!("{} at {}", dial.key, dial.shown(lever)));
        let scenario = read(arguments, Some(dial.setting(lever)))?;
        replicates.answers(&scenario, &watch).map_err(unanswered).map_err(|Failed { exit, words }| {
            Failed::new(exit, format!("{words}, at {} = {}", dial.key, dial.shown(lever)))
        })
    };
    let solution = pool.install(|| solve(target.goal, search, respond));
    watch.clear();
    let solution = solution?;
    if !arguments.told.quiet {
        eprintln!("note: {}", shared(&replicates, alike, solution.tried.len()));
    }
    let numbers: Vec<u32> = (first..first + arguments.replicates).collect();
    let solved = Solved { scenario: &base, dial: &dial, target: &target, replicates: &numbers, solution: &solution };
    let rendered = render(&solved).map_err(Failed::bug)?;
    files::write_in(place, &rendered).map_err(Failed::disk)?;
    arguments.told.say(|| as_json(&solved).to_string(), || summary(&solved, &folder.display().to_string()));
    Ok(if is_reached(&solution) { Exit::Fine } else { Exit::Partial })
}

/// How many runs began where another had come to before them.
fn shared(replicates: &Replicates, alike: Alike, values: usize) -> String {
    let (forked, all) = (replicates.forked(), values as u64 * u64::from(replicates.count()));
    match alike {
        Alike::Never => {
            "every run was founded alone, because the lever acts at the founding or in the spin-up".to_owned()
        }
        Alike::InSpinUp => format!("{forked} of {all} runs began at the end of a spin-up that another had simulated"),
        Alike::Until(day) => format!("{forked} of {all} runs began shortly before {day}, where another had come to"),
    }
}

/// What --set fixes, the lever must not turn: one of the two would be silently overruled.
fn set_once(arguments: &SolveArguments) -> Result<(), Failed> {
    let settings = arguments.simulated.settings();
    let keys = settings.iter().filter_map(|setting| setting.split_once('=')).map(|(key, _)| key.trim());
    let lever = arguments.lever.trim();
    match keys.filter(|_| arguments.from.is_none()).find(|key| overlap(key, lever)) {
        Some(key) => {
            Err(Failed::input(format!("--lever {lever} and --set {key} set the same value; leave one of them out")))
        }
        None => Ok(()),
    }
}

/// The scenario, with the lever turned if it is to be.
fn read(arguments: &SolveArguments, turned: Option<String>) -> Result<Scenario, Failed> {
    let mut settings = arguments.simulated.settings();
    settings.extend(turned);
    let scenario = examine(&arguments.scenario, &settings).map_err(Failed::from)?;
    Ok(scenario)
}

fn dial(arguments: &SolveArguments, base: &Scenario) -> Result<Dial, NoKey> {
    let Some(from) = &arguments.from else { return base.dial(&arguments.lever) };
    let mut head = format!("from = {from:?}");
    if let Some(until) = &arguments.until {
        head.push_str(&format!(", until = {until:?}"));
    }
    if !arguments.regions.is_empty() {
        let names: Vec<String> = arguments.regions.iter().map(|name| format!("{:?}", name.trim())).collect();
        head.push_str(&format!(", regions = [{}]", names.join(", ")));
    }
    base.enacted_dial(&arguments.lever, &head)
}

fn search(arguments: &SolveArguments, dial: &Dial) -> Result<Search, Failed> {
    let [low, high] = arguments.between.as_slice() else {
        return Err(Failed::input("--between takes the lowest and the highest value of the lever"));
    };
    let read = |text: &String| dial.read(text).map_err(|problem| Failed::input(format!("--between: {problem}")));
    let (low, high) = (read(low)?, read(high)?);
    if low >= high {
        let words = format!("--between: {} is not below {}", dial.shown(low), dial.shown(high));
        return Err(Failed::input(format!("{words}; write the lower value first")));
    }
    let tolerance = match &arguments.tolerance {
        None => (high - low) / STEPS,
        Some(text) => dial.read(text).map_err(|problem| Failed::input(format!("--tolerance: {problem}")))?,
    };
    if tolerance <= 0.0 || tolerance > high - low {
        return Err(Failed::input("--tolerance lies above zero and within the range of --between"));
    }
    Ok(Search { low, high, tolerance, scan: arguments.scan })
}

/// How the command ends where a replicate has no answer.
fn unanswered(none: NoAnswer) -> Failed {
    match none {
        NoAnswer::Stopped(stopped) => Failed::from(stopped),
        none @ NoAnswer::Failed(_) => {
            Failed::new(Exit::Bug, format!("error: {none}\nThis is a bug of handover; nothing was written"))
        }
        none @ NoAnswer::None { .. } => Failed::input(none),
    }
}
