//! `handover validate`.

mod theory;

use super::Exit;
use super::drawn::Drawn;
use super::error::Failed;
use super::scenario::{examine, named_by, read_file};
use super::watch::Watch;
use clap::{Args, ValueEnum};
use handover::economy::policy::Clock;
use handover::experiment::run::Stopped;
use handover::experiment::shipped;
use handover::experiment::validate::expected::Expected;
use handover::experiment::validate::file::File;
use handover::experiment::validate::prepare::{Unready, prepare};
use handover::experiment::validate::run::{Answers, make};
use handover::experiment::validate::{Arm, Card, Experiment, Standing};
use handover::experiment::watcher::Watcher;
use handover::output::disk::files;
use handover::output::disk::manifest::hash;
use handover::output::validate::summary::summary;
use handover::output::validate::{Validated, as_json, render};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Which facts of the world does the model reproduce, and which not?
///
/// Reads the facts of a folder of evidence, each with its source, its tolerance and the experiment that tests it; runs
/// every experiment once for all facts that share it, and prints for each figure what the model gives, what was wanted,
/// the distance in standard deviations, and hit or miss, misses first. Histories are simulated from their beginning and
/// held against naive forecasts. Writes a page, a text, tables and a picture of each history.
///
/// With --suite analytic it is held against theory instead: small worlds whose answer can be worked out on paper, each
/// within a stated bound, and each seen to miss where one per cent is planted; exit code 75 if one does not hold.
#[derive(Args, Debug)]
pub(super) struct ValidateArguments {
    /// What the model is held against.
    #[arg(long, value_enum, default_value_t = Suite::Evidence)]
    suite: Suite,
    /// Folders of evidence; the first holds expected.toml.
    #[arg(default_values = ["scenarios/evidence", "scenarios/history"], value_parser = super::scenario::evidence())]
    evidence: Vec<PathBuf>,
    /// Coarse, with few replicates, and held against the verdicts in the folder's expected.toml: exit code 75 if a hit
    /// has become a miss.
    #[arg(long)]
    quick: bool,
    /// With --quick: write the verdicts as those expected from now on.
    #[arg(long, requires = "quick")]
    accept: bool,
    /// Replicates of each experiment [default: 10, with --quick 3].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    replicates: Option<u32>,
    /// Folder of the results [default: output/validation, with --quick output/validation-quick, of theory
    /// output/theory].
    #[arg(long, value_name = "DIR", value_parser = super::scenario::folder())]
    out: Option<PathBuf>,
    #[command(flatten)]
    made: super::watch::Made,
    #[command(flatten)]
    drawn: Drawn,
    /// Replace an existing result.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    told: super::watch::Told,
}

/// What the model is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// Facts of the world.
    Evidence,
    /// Closed forms.
    Analytic,
}

/// Replicates where nothing is said.
const REPLICATES: u32 = 10;
const QUICK_REPLICATES: u32 = 3;

/// The file of verdicts in a folder of evidence.
const EXPECTED: &str = "expected.toml";

pub(super) fn run(arguments: &ValidateArguments) -> Exit {
    let made = match arguments.suite {
        Suite::Evidence => validate(arguments),
        Suite::Analytic => theory::run(arguments),
    };
    made.unwrap_or_else(Failed::tell)
}

/// The files of folders of evidence, in the order of their names, and the hash of all.
///
/// # Errors
/// There is none, or what is wrong, where.
fn read(folders: &[PathBuf]) -> Result<(Vec<File>, String), Failed> {
    let (mut files, mut texts) = (Vec::new(), String::new());
    for path in paths(folders)? {
        let name = path.display().to_string();
        let text = read_file(&path).map_err(|error| Failed::input(format!("{name}: {error}")))?;
        files.push(File::read(&name, &text).map_err(|words| Failed::new(Exit::Input, words))?);
        texts.push_str(&text);
    }
    Ok((files, hash(texts.as_bytes())))
}

fn paths(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Failed> {
    let mut all = Vec::new();
    for folder in folders {
        all.extend(in_folder(folder)?);
    }
    Ok(all)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let shown = folder.display();
    let mut paths = match shipped::is_shipped(folder) {
        true => shipped::in_folder(folder),
        false => {
            let entries = std::fs::read_dir(folder).map_err(|error| Failed::input(no_folder(folder, &error)))?;
            entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
        }
    };
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml") && !path.ends_with(EXPECTED));
    paths.sort();
    if paths.is_empty() {
        return Err(Failed::input(format!(
            "{shown} holds no file of evidence; the one of this model is scenarios/evidence"
        )));
    }
    Ok(paths)
}

/// Why a folder cannot be read, in words.
fn no_folder(folder: &Path, error: &std::io::Error) -> String {
    let shown = folder.display();
    match error.kind() {
        ErrorKind::NotFound => format!("{shown}: {}", shipped::unknown_folder(folder)),
        ErrorKind::NotADirectory => {
            format!("{shown} is no folder; evidence is read from all files of one, so name that")
        }
        _ => format!("{shown}: {error}"),
    }
}

/// Facts and histories of folders of evidence by their short names, with their standing.
///
/// # Errors
/// There is no evidence, or what is wrong, where.
pub(super) fn standings(folders: &[PathBuf]) -> Result<BTreeMap<String, Standing>, Failed> {
    let (files, _) = read(folders)?;
    Ok(files.iter().flat_map(File::standings).map(|(id, standing)| (id.to_owned(), standing)).collect())
}

/// Folders of evidence, read: what every experiment of a calibration is made from.
pub(super) struct Evidence(Vec<File>);

impl Evidence {
    /// Reads the files of some folders.
    ///
    /// # Errors
    /// There is none, or what is wrong, where.
    pub(super) fn read(folders: &[PathBuf]) -> Result<Evidence, Failed> {
        Ok(Evidence(read(folders)?.0))
    }

    /// The card with more settings in all worlds.
    ///
    /// # Errors
    /// What is wrong, where.
    pub(super) fn card(&self, is_quick: bool, more: &[String]) -> Result<Card, Failed> {
        card(&self.0, is_quick, more, None)
    }
}

/// The card with `more` settings in all worlds, and with draws of what is not known; what is given in a history is known
/// there, and not drawn.
fn card(files: &[File], is_quick: bool, more: &[String], drawn: Option<&Drawn>) -> Result<Card, Failed> {
    let load = |file: &str, path: &str, settings: &[String]| {
        let own = &settings[..settings.len() - more.len()];
        let draws = drawn.and_then(|drawn| drawn.setting_beside(own));
        let settings: Vec<String> = settings.iter().cloned().chain(draws).collect();
        examine(&named_by(Path::new(file), path), &settings)
    };
    prepare(files, is_quick, more, &load).map_err(|unready| match unready {
        Unready::Wrong(words) => Failed::new(Exit::Input, words),
        Unready::Scenario(problems) => Failed::from(problems),
    })
}

/// The card, without draws of what is not known and with them, if there are any; and the hash of the evidence.
fn open(arguments: &ValidateArguments) -> Result<(Card, Option<Card>, String), Failed> {
    let (files, hash) = read(&arguments.evidence)?;
    let seed = arguments.made.seed.map(|seed| format!("run.seed={seed}"));
    let more: Vec<String> = arguments.made.settings.iter().cloned().chain(seed).collect();
    let is_quick = arguments.quick;
    let drawn = arguments.drawn.setting().map(|_| card(&files, is_quick, &more, Some(&arguments.drawn)));
    Ok((card(&files, is_quick, &more, None)?, drawn.transpose()?, hash))
}

fn expected(arguments: &ValidateArguments) -> Result<Option<Expected>, Failed> {
    if !arguments.quick || arguments.accept {
        return Ok(None);
    }
    let path = home(arguments).join(EXPECTED);
    let name = path.display().to_string();
    let text = read_file(&path)
        .map_err(|error| Failed::input(format!("{name}: {error}; handover validate --quick --accept writes it")))?;
    Expected::read(&name, &text).map(Some).map_err(|words| Failed::new(Exit::Input, words))
}

fn validate(arguments: &ValidateArguments) -> Result<Exit, Failed> {
    if arguments.accept && shipped::is_shipped(home(arguments)) {
        let words = "error: --accept writes into the folder of evidence, and the shipped one is part of the program; name a folder";
        return Err(Failed::new(Exit::Input, words));
    }
    let (mut plain, mut drawn, hash) = open(arguments)?;
    let expected = expected(arguments)?;
    let replicates = arguments.replicates.unwrap_or(if arguments.quick { QUICK_REPLICATES } else { REPLICATES });
    let name = if arguments.quick { "output/validation-quick" } else { "output/validation" };
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from(name));
    files::check_free(&folder, arguments.force).map_err(Failed::input)?;
    let place = super::checkpoints::workplace(&folder)?;
    let worlds = super::watch::at_once(arguments.made.threads, replicates);
    for arm in plain.experiments.iter().flat_map(|experiment| &experiment.arms) {
        super::room::or_disk(&arm.scenario, worlds * 2, arguments.made.threads)?;
    }
    let pool = super::watch::pool(arguments.made.threads).map_err(|words| Failed::new(Exit::Disk, words))?;
    let watch = Watch::new(arguments.told.quiet);
    for experiment in [&mut plain].into_iter().chain(&mut drawn).flat_map(|card| &mut card.experiments) {
        // what nobody asks anything need not be run
        if experiment.outcomes.is_empty() {
            experiment.arms.clear();
        }
    }
    let cards = || std::iter::once(&plain).chain(&drawn);
    watch.expect(cards().map(ticks).sum::<u64>() * u64::from(replicates));
    let answer = |card: &Card| -> Result<Vec<Answers>, Stopped> {
        let one = |experiment: &Experiment| {
            watch.say(experiment.name.clone());
            make(experiment, replicates, &watch)
        };
        card.experiments.iter().map(one).collect()
    };
    let answers: Result<Vec<_>, _> = pool.install(|| cards().map(answer).collect());
    watch.clear();
    let answers = answers?;
    let (card, source) = match &drawn {
        Some(drawn) => (drawn, drawn.experiments.iter().find_map(source)),
        None => (&plain, None),
    };
    let validated = Validated {
        card,
        answers: answers.last().map_or(&[], Vec::as_slice),
        drawn: source.map(|source| (source, answers[0].as_slice())),
        replicates,
        is_quick: arguments.quick,
        hash,
        command: command(arguments, replicates),
    };
    let rendered = render(&validated).map_err(Failed::bug)?;
    files::write_in(place, &rendered).map_err(Failed::disk)?;
    let words = || summary(&validated, &folder.display().to_string());
    arguments.told.say(|| format!("{:#}", as_json(&validated)), words);
    ended(arguments, &validated, expected.as_ref())
}

/// Ticks of a replicate of all that is asked anything.
fn ticks(card: &Card) -> u64 {
    let ticks = |arm: &Arm| Clock::of(&arm.scenario.parameters.run).ticks() as u64;
    card.experiments.iter().flat_map(|experiment| &experiment.arms).map(ticks).sum()
}

/// Where the draws of an experiment come from.
fn source(experiment: &Experiment) -> Option<&str> {
    experiment.arms.first().map(|arm| arm.scenario.parameters.draws.source.as_str())
}

/// The folder that holds the verdicts that are expected.
fn home(arguments: &ValidateArguments) -> &Path {
    arguments.evidence.first().map_or(Path::new(""), PathBuf::as_path)
}

/// How it ends: with a bug of ours if a replicate broke, partially if a hit was lost.
fn ended(arguments: &ValidateArguments, validated: &Validated, expected: Option<&Expected>) -> Result<Exit, Failed> {
    if arguments.accept {
        let text = Expected::of(&validated.lines()).text();
        files::replace(home(arguments), EXPECTED, text.as_bytes()).map_err(Failed::disk)?;
    }
    let failures = validated.failures();
    if !failures.is_empty() {
        return Err(Failed::new(Exit::Bug, format!("error: {}\nThis is a bug of handover.", failures.join("\n"))));
    }
    let lost = expected.map_or_else(Vec::new, |expected| expected.lost(&validated.lines()));
    if lost.is_empty() {
        return Ok(Exit::Fine);
    }
    let file = home(arguments).join(EXPECTED);
    let help = "find out why, or accept the new verdicts: handover validate --quick --accept";
    Err(Failed::new(Exit::Partial, format!("error: not as {} expects:\n{}\n{help}", file.display(), lost.join("\n"))))
}

fn command(arguments: &ValidateArguments, replicates: u32) -> String {
    let folders: Vec<String> = arguments.evidence.iter().map(|folder| format!(" {}", folder.display())).collect();
    let mut words = format!("handover validate{} --replicates {replicates}", folders.concat());
    if arguments.quick {
        words.push_str(" --quick");
    }
    words.extend(arguments.drawn.named().map(|file| format!(" --draws {file}")));
    words.extend(arguments.made.seed.map(|seed| format!(" --seed {seed}")));
    words.extend(arguments.made.settings.iter().map(|setting| format!(" --set '{setting}'")));
    words
}
