//! `handover calibrate`.

use super::Exit;
use super::checkpoints;
use super::error::Failed;
use super::scenario::{evidence_named_by, examine, named_by, read_named, warn, warn_overridden};
use super::validate::Evidence;
use super::watch::Watch;
use clap::Args;
use handover::experiment::calibrate::check::check;
use handover::experiment::calibrate::file::{File, Prepared};
use handover::experiment::calibrate::runs::{Asked, Ended, Runs, Shelf};
use handover::experiment::calibrate::{Answers, Plan, Target, Wanted, calibrate};
use handover::experiment::validate::Card;
use handover::experiment::watcher::Watcher;
use handover::output::calibrate::summary::{summary, summary_of_check};
use handover::output::calibrate::{Calibrated, as_json, check_as_json, render};
use handover::output::disk::files;
use handover::output::disk::kept::{Kept, Outputs};
use handover::output::disk::workplace::Workplace;
use handover::scenario::Scenario;
use std::path::{Path, PathBuf};

/// Which values of the doubtful numbers fit what is known of the world?
///
/// Reads a table of targets, each with its value, tolerance and source, and of factors, each with its prior; runs the
/// model where it fits better and better (approximate Bayesian computation by sequential Monte Carlo), and writes
/// every run with its weight, and scenarios drawn from the posterior. Every run is kept beside the result: the same
/// command goes on where it was stopped, and with a larger budget repeats nothing.
#[derive(Args, Debug)]
pub(super) struct CalibrateArguments {
    /// The file of targets and factors, or the name of a shipped one.
    #[arg(value_parser = super::scenario::file())]
    targets: PathBuf,
    /// Runs at most [default: the file's, 1000].
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    budget: Option<u32>,
    /// Runs of a population [default: the file's, or a fifth of the budget].
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u32).range(10..))]
    population: Option<u32>,
    /// Runs that must count at the stated tolerances for the calibration to end before its budget.
    #[arg(long, value_name = "RUNS", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    enough: u32,
    /// Posterior draws that become scenarios.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=999))]
    draws: u32,
    /// Instead of calibrating, check that it works here: draw so many truths from the prior, let the model make the figures,
    /// and see whether each truth is found as often as the intervals say.
    #[arg(long, value_name = "TRUTHS", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    check: Option<u32>,
    /// Folder of the results [default: output/calibrate-<name>]; runs are kept in <folder>.runs.
    #[arg(long, value_name = "DIR", value_parser = super::scenario::folder())]
    out: Option<PathBuf>,
    #[command(flatten)]
    made: super::watch::Made,
    /// Replace an existing result; runs that are kept stay.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    told: super::watch::Told,
}

/// Runs at most where nothing is said.
const BUDGET: u32 = 1_000;

pub(super) fn run(arguments: &CalibrateArguments) -> Exit {
    find(arguments).unwrap_or_else(Failed::tell)
}

/// A calibration as read, held against its scenario.
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) prepared: Prepared,
    scenario: Scenario,
    seed: u64,
    /// The scenario's file, and what is set for every run.
    path: PathBuf,
    settings: Vec<String>,
    /// What its facts are of, where they are its targets.
    evidence: Option<Evidence>,
}

impl Opened {
    /// The scenario with more settings.
    fn load(&self, more: &[String]) -> Result<Scenario, Failed> {
        let settings: Vec<String> = self.settings.iter().chain(more).cloned().collect();
        examine(&self.path, &settings).map_err(Failed::from)
    }

    /// The evidence with more settings in all worlds; what is no number of the economy is set by the evidence itself.
    fn card(&self, more: &[String]) -> Result<Card, Failed> {
        let settings: Vec<String> = self.settings.iter().chain(more).cloned().collect();
        self.evidence.as_ref().expect(HAS_EVIDENCE).card(self.file.head().quick, &settings)
    }
}

/// Why there is evidence where facts are targets.
const HAS_EVIDENCE: &str = "facts are of the evidence that the calibration names";

/// Reads a calibration and everything it names; what can run but is not plausible is said.
///
/// # Errors
/// What is wrong, and where.
pub(super) fn open(targets: &Path, seed: Option<u64>, more: &[String]) -> Result<Opened, Failed> {
    let shown = targets.display().to_string();
    let text = read_named(targets).map_err(|error| Failed::input(format!("{shown}: {error}")))?;
    let file = File::read(&shown, &text).map_err(|words| Failed::new(Exit::Input, words))?;
    let folders = file.head().evidence.iter().flatten().map(|folder| evidence_named_by(targets, folder));
    let folders: Vec<PathBuf> = folders.collect();
    let standings =
        if folders.is_empty() { std::collections::BTreeMap::new() } else { super::validate::standings(&folders)? };
    file.check_facts(&standings).map_err(|words| Failed::new(Exit::Input, words))?;
    let path = named_by(targets, file.head().scenario.get_ref());
    let seed = seed.or(file.head().seed).unwrap_or(1);
    let mut settings = file.settings();
    settings.extend(more.iter().cloned());
    settings.push(format!("run.seed={seed}"));
    let scenario = examine(&path, &settings).map_err(Failed::from)?;
    let prepared = file.prepare(&scenario).map_err(|words| Failed::new(Exit::Input, words))?;
    let evidence = if file.facts().is_empty() { None } else { Some(Evidence::read(&folders)?) };
    let mut opened = Opened { file, prepared, scenario, seed, path, settings, evidence };
    if opened.evidence.is_some() {
        let targets = opened.file.targets_of(&opened.card(&[])?).map_err(|words| Failed::new(Exit::Input, words))?;
        opened.prepared.targets = targets;
    }
    let mut ends = Vec::new();
    for (factor, dial) in &opened.prepared.factors {
        // both ends of every range must make a scenario before anything runs
        ends.push(opened.load(&[dial.setting(factor.low)])?);
        ends.push(opened.load(&[dial.setting(factor.high)])?);
        warn_overridden(&opened.scenario, &factor.key);
    }
    warn(ends.iter().chain([&opened.scenario]));
    Ok(opened)
}

fn find(arguments: &CalibrateArguments) -> Result<Exit, Failed> {
    let opened = open(&arguments.targets, arguments.made.seed, &arguments.made.settings)?;
    let Opened { file, prepared, scenario, .. } = &opened;
    let (head, seed) = (file.head(), opened.seed);
    let load = |more: &[String]| opened.load(more);
    let budget = arguments.budget.or(head.budget).unwrap_or(BUDGET);
    let population = arguments.population.or(head.population).unwrap_or((budget / 5).max(10)).min(budget);
    let plan = Plan { budget, population, enough: f64::from(arguments.enough), seed };
    let default = || PathBuf::from("output").join(format!("calibrate-{}", head.name.get_ref()));
    let folder = arguments.out.clone().unwrap_or_else(default);
    let place = match arguments.check {
        Some(_) => None,
        None => {
            files::check_free(&folder, arguments.force).map_err(Failed::input)?;
            Some(checkpoints::workplace(&folder)?)
        }
    };
    let kept = Kept::in_folder(&with_ending(&folder, "runs")).map_err(Failed::disk)?;
    let worlds = super::watch::at_once(arguments.made.threads, budget);
    super::room::or_disk(scenario, worlds, arguments.made.threads)?;
    let pool = super::watch::pool(arguments.made.threads).map_err(|words| Failed::new(Exit::Disk, words))?;
    let watch = Watch::new(arguments.told.quiet);
    let calibrations = u64::from(arguments.check.unwrap_or(1));
    watch.expect(calibrations * u64::from(budget + u32::from(arguments.check.is_some())));
    let (card, facts) = (|more: &[String]| opened.card(more), file.facts());
    let asked = if facts.is_empty() { Asked::Scenario(&load) } else { Asked::Evidence(&card, &facts) };
    let runs = Runs { prepared, asked, shelf: &kept, watch: &watch };
    let factors: Vec<_> = prepared.factors.iter().map(|(factor, _)| factor.clone()).collect();
    let targets: Vec<Target> = prepared.targets.iter().map(|(target, _)| target.clone()).collect();
    if let Some(truths) = arguments.check {
        let checked =
            pool.install(|| check(&factors, &targets, &plan, truths, true, |wanted| answer(&runs, &kept, wanted)));
        watch.clear();
        let checked = checked?;
        let said = if arguments.told.json {
            format!("{}\n", check_as_json(&checked))
        } else {
            summary_of_check(&checked, &plan)
        };
        super::print(&said);
        return Ok(Exit::Fine);
    }
    let posterior = pool.install(|| calibrate(&factors, &targets, &plan, |wanted| answer(&runs, &kept, wanted)));
    watch.clear();
    let posterior = posterior?;
    let title = if head.title.is_empty() { head.name.get_ref() } else { &head.title };
    let (name, draws) = (head.name.get_ref().as_str(), arguments.draws);
    let calibrated = Calibrated { name, title, scenario, prepared, plan: &plan, posterior: &posterior, draws };
    let rendered = render(&calibrated, |more| load(more).map_err(|failed| failed.words)).map_err(Failed::bug)?;
    let place = place.map_or_else(|| Workplace::beside(&folder), Ok);
    place.and_then(|place| files::write_in(place, &rendered)).map_err(Failed::disk)?;
    let words = || summary(&calibrated, &folder.display().to_string());
    arguments.told.say(|| as_json(&calibrated).to_string(), words);
    Ok(if calibrated.is_whole() { Exit::Fine } else { Exit::Partial })
}

/// The same path with another ending after its name.
fn with_ending(folder: &Path, ending: &str) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// The runs that are kept beside the result.
impl Shelf<Failed> for Kept {
    fn take(&self, words: &[String]) -> Option<Outputs> {
        self.get(&Kept::key(words))
    }

    fn put(&self, words: &[String], outputs: &[Option<f64>]) -> Result<(), Failed> {
        Kept::put(self, &Kept::key(words), &outputs.to_vec()).map_err(Failed::disk)
    }
}

/// A population's answers; what failed in it is named on stderr.
fn answer(runs: &Runs<Failed>, kept: &Kept, wanted: Wanted) -> Result<Answers, Failed> {
    let (answers, failures) = runs.answer(wanted).map_err(|ended| match ended {
        Ended::Failed(failed) => failed,
        Ended::Asked => {
            let (folder, count) = (kept.folder().display(), kept.len());
            let words = format!("stopped; {count} runs are kept in {folder}, and the same command goes on from there");
            Failed::new(Exit::Interrupted, words)
        }
    })?;
    for failure in &failures {
        eprintln!("error: run {} failed: {}; please report this bug of handover", failure.replicate, failure.cause);
    }
    Ok(answers)
}
