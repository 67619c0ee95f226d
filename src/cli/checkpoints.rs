//! Never lose a run: `--checkpoint-every`, `--resume`, `--keep`.

use super::Exit;
use super::error::Failed;
use handover::economy::Economy;
use handover::economy::policy::Clock;
use handover::experiment::checkpoint::{self, Refused};
use handover::ground::units::Span;
use handover::observe::indicators::Wanted;
use handover::output::disk::workplace::Workplace;
use handover::output::disk::{files, ours};
use handover::output::only::Only;
use handover::scenario::Scenario;
use handover::scenario::rhythm::whole_ticks;
use serde::Deserialize;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

/// How checkpoints are made and used.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Arguments {
    /// Save the whole state every so often, for example '13 weeks' or '1 year'.
    ///
    /// Checkpoints are in the folder <result>.partial, the newest only, until the result is in place. Ctrl-C
    /// saves a last one.
    #[arg(long, value_name = "SPAN")]
    checkpoint_every: Option<String>,
    /// Go on from the newest checkpoint, or begin if there is none; a finished result is left as it is.
    #[arg(long)]
    resume: bool,
    /// Keep every checkpoint, also when the result is in place: to fork from.
    #[arg(long, requires = "checkpoint_every")]
    keep: bool,
}

/// Says on stderr what is wrong and how the command ends.
pub(super) fn fail(exit: Exit, words: impl std::fmt::Display) -> Exit {
    eprintln!("error: {words}");
    exit
}

/// How the command ends after this error of the file system.
pub(super) fn exit_of(error: &io::Error) -> Exit {
    match error.kind() {
        // somebody else is there, or at work: another name is all it takes
        io::ErrorKind::ResourceBusy | io::ErrorKind::InvalidFilename | io::ErrorKind::AlreadyExists => Exit::Input,
        _ => Exit::Disk,
    }
}

/// Takes the workplace beside a result, for commands that put the exit code beside their words.
///
/// # Errors
/// The exit code, and what is to be said.
pub(super) fn workplace(folder: &Path) -> Result<Workplace, Failed> {
    Workplace::beside(folder).map_err(|error| Failed::new(exit_of(&error), format!("error: {error}")))
}

/// With --resume: is the result of this very scenario there already, with all that is asked for?
pub(super) fn is_finished(arguments: &Arguments, scenario: &Scenario, only: &Only, folder: &Path) -> bool {
    if !arguments.resume {
        return false;
    }
    let (run, only) = (&scenario.parameters.run, serde_json::json!(only));
    files::done(folder).is_ok_and(|manifest| {
        manifest["handover"] == env!("CARGO_PKG_VERSION")
            && manifest["seeds"] == serde_json::json!([{"seed": run.seed, "replicate": run.replicate}])
            && ["only", "metrics"].iter().all(|key| manifest.get(key) == only.get(key))
            && manifest["scenario"]["name"] == scenario.about.name
            && manifest["parameters"] == checkpoint::parameters(scenario)
    })
}

/// A finished run is asked to resume: says so, and clears up what it left if it was killed at the very end.
pub(super) fn tell_finished(arguments: &Arguments, folder: &Path) -> Exit {
    eprintln!("{} is finished already; nothing to do", folder.display());
    match Workplace::beside(folder).and_then(|place| if arguments.keep { Ok(()) } else { place.forget() }) {
        Ok(()) => Exit::Fine,
        Err(error) => fail(exit_of(&error), error),
    }
}

/// A run that holds its workplace.
pub(super) struct Session {
    pub(super) place: Workplace,
    /// Ticks between two checkpoints.
    every: Option<i32>,
    /// Is a last checkpoint saved on Ctrl-C?
    pub(super) saves: bool,
    /// The checkpoint to go on from.
    pub(super) newest: Option<PathBuf>,
}

impl Session {
    /// Takes the workplace beside a result, and finds where to go on from.
    pub(super) fn open(
        arguments: &Arguments,
        scenario: &Scenario,
        folder: &Path,
        force: bool,
    ) -> Result<Session, Exit> {
        let every = match &arguments.checkpoint_every {
            Some(text) => Some(ticks(text, scenario).map_err(|problem| {
                fail(Exit::Input, format!("--checkpoint-every: {problem}; for example '12 weeks' or '1 year'"))
            })?),
            None => None,
        };
        let disk = |error: io::Error| match exit_of(&error) {
            Exit::Disk => {
                let needed = files::forecast(scenario);
                fail(Exit::Disk, format!("{error} (the result takes about {needed} bytes)"))
            }
            exit => fail(exit, error),
        };
        let mut place = Workplace::beside(folder).map_err(disk)?;
        place.demand_room(files::forecast(scenario)).map_err(|error| fail(Exit::Disk, error))?;
        let newest = place.checkpoints().map_err(disk)?.pop();
        if newest.is_some() && !arguments.resume {
            if !force {
                let at = place.folder().display();
                let words = format!("{at} holds a checkpoint; --resume goes on from it, --force begins anew");
                return Err(fail(Exit::Input, words));
            }
            place.forget().map_err(disk)?;
        }
        if arguments.keep {
            place.keep();
        }
        let newest = newest.filter(|_| arguments.resume);
        Ok(Session { place, every, saves: arguments.resume || every.is_some(), newest })
    }

    /// The economy to go on with, if there is a checkpoint to go on from.
    pub(super) fn resumed(&self, scenario: &Scenario) -> Result<Option<Economy>, Exit> {
        let Some(path) = &self.newest else { return Ok(None) };
        let economy = read(path, |input| checkpoint::resume(scenario, input))?;
        eprintln!("going on from {}", path.display());
        Ok(Some(economy))
    }

    /// Saves a checkpoint if it is time for one.
    pub(super) fn save_if_due(&self, scenario: &Scenario, economy: &mut Economy) -> io::Result<()> {
        if self.every.is_some_and(|every| economy.tick().rem_euclid(every) == 0) {
            self.save(scenario, economy)?;
        }
        Ok(())
    }

    /// Saves a checkpoint now.
    pub(super) fn save(&self, scenario: &Scenario, economy: &mut Economy) -> io::Result<()> {
        let (day, bytes) = (economy.date().to_string(), checkpoint::bytes(economy));
        self.place.put_checkpoint(&day, bytes, |out| checkpoint::save(scenario, economy, out)).map(|_| ())
    }
}

/// Reads a checkpoint; says what is wrong with it.
pub(super) fn read<T>(path: &Path, how: impl FnOnce(BufReader<File>) -> Result<T, Refused>) -> Result<T, Exit> {
    let shown = path.display();
    let opened = ours::open(path, u64::MAX).map_err(Refused::Disk);
    match opened.and_then(|file| how(BufReader::with_capacity(1 << 20, file))) {
        Ok(read) => Ok(read),
        Err(Refused::Disk(error)) if error.kind() == io::ErrorKind::NotFound => {
            Err(fail(Exit::Input, format!("{shown}: there is no such checkpoint")))
        }
        // a pipe, a device, a link: nothing that this program wrote
        Err(Refused::Disk(error)) if error.kind() == io::ErrorKind::InvalidData || is_a_link(path) => {
            Err(fail(Exit::Input, format!("{shown}: {error}; a checkpoint is a regular file and no link")))
        }
        Err(refused @ Refused::Disk(_)) => Err(fail(Exit::Disk, format!("{shown}: {refused}"))),
        Err(refused) => Err(fail(
            Exit::Input,
            format!("{shown}: {refused}\nIt was left as it is. Without it, the run begins anew or from an older one."),
        )),
    }
}

fn is_a_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|about| about.is_symlink())
}

/// Demands that an economy that goes on records what is wanted of it.
pub(super) fn demand_records(economy: &Economy, wanted: Wanted) -> Result<(), Exit> {
    if economy.world.resource::<Wanted>().covers(&wanted) {
        return Ok(());
    }
    let help =
        "a run that --only, --metrics or --quiet ask less of goes on with the same options, and none is forked from it";
    Err(fail(Exit::Input, format!("this checkpoint does not hold all records that are wanted now; {help}")))
}

/// What is said if a run breaks off that went on from a checkpoint.
pub(super) fn broke_off(path: &Path, words: &str) -> Exit {
    let words = format!(
        "{}: this checkpoint does not hold together: the run that went on from it broke off\n  {words}\nNo result was \
         written. If this program wrote the checkpoint and nobody changed it, this is a bug of handover: please report it.",
        path.display()
    );
    fail(Exit::Input, words)
}

/// A span of time as ticks of the scenario, a whole number of them.
fn ticks(text: &str, scenario: &Scenario) -> Result<i32, String> {
    let value = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text);
    let span = Span::deserialize(value).map_err(|error| error.to_string())?;
    let run = &scenario.parameters.run;
    whole_ticks(span.0, run.tick.0)?;
    // a span longer than any run is one at whose end nothing is saved
    Ok(Clock::of(run).ticks_in(span.0))
}

/// The command line that goes on from here.
pub(super) fn command_to_resume() -> String {
    let quote = |word: String| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+".contains(c);
        if !word.is_empty() && word.chars().all(is_plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
    };
    let typed = super::ARGUMENTS.get().into_iter().flatten();
    let mut words: Vec<String> = typed.map(|word| quote(word.to_string_lossy().into_owned())).collect();
    if !words.iter().any(|word| word == "--resume") {
        words.push("--resume".to_owned());
    }
    words.join(" ")
}
