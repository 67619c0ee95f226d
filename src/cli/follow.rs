//! `handover follow`.

use super::error::Failed;
use super::room;
use super::scenario::{examine, warn};
use super::watch::Simulated;
use super::{Exit, watching};
use clap::Args;
use handover::experiment::follow::biography;
use handover::experiment::follow::{NotFollowed, Wanted, follow, follow_both};
use handover::experiment::run::Stopped;
use serde_json::json;
use std::path::PathBuf;

/// Tells one worker's life as dated sentences, by running the scenario again.
#[derive(Args, Debug)]
pub(super) struct FollowArguments {
    /// The scenario: a file, or the name of a shipped one.
    #[arg(value_parser = super::scenario::file())]
    scenario: PathBuf,
    /// Whom: a name such as IND/assembler/10427, or a wish such as "a courier in USA who is displaced"
    /// (also: displaced and without work, filmed, refusing, trained).
    #[arg(long, value_name = "WORKER")]
    worker: String,
    /// Another scenario: the same person's life there, beside the first.
    #[arg(long, value_name = "SCENARIO", value_parser = super::scenario::file())]
    against: Option<PathBuf>,
    #[command(flatten)]
    simulated: Simulated,
    /// Print JSON on stdout instead of sentences.
    #[arg(long)]
    json: bool,
    /// No progress.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: &FollowArguments) -> Exit {
    match tell(arguments) {
        Ok(()) => Exit::Fine,
        Err(failed) => failed.tell(),
    }
}

fn tell(arguments: &FollowArguments) -> Result<(), Failed> {
    let settings = arguments.simulated.settings();
    let input = |message: String| Failed::new(Exit::Input, message);
    let one = examine(&arguments.scenario, &settings).map_err(|problems| input(problems.to_string()))?;
    let other = match &arguments.against {
        Some(path) => Some(examine(path, &settings).map_err(|problems| input(problems.to_string()))?),
        None => None,
    };
    let wanted = Wanted::parse(&arguments.worker, &one.parameters)
        .map_err(|problem| Failed::new(Exit::Input, format!("error: --worker: {problem}")))?;
    warn(std::iter::once(&one).chain(&other));
    // one after the other
    for scenario in std::iter::once(&one).chain(&other) {
        room::or_disk(scenario, 1, arguments.simulated.threads)?;
    }
    let told = watching(arguments.simulated.threads, arguments.quiet, |watch| match &other {
        Some(other) => follow_both(&one, other, wanted, watch).map(|(one, other)| (one, Some(other))),
        None => follow(&one, wanted, watch).map(|life| (life, None)),
    });
    let (life, beside) = told.map_err(|words| Failed::new(Exit::Disk, words))?.map_err(|reason| match reason {
        NotFollowed::NoSuchWorker(problem) => Failed::new(Exit::Input, format!("error: --worker: {problem}")),
        NotFollowed::Stopped(Stopped::Breach(breach)) => {
            Failed::new(Exit::Bug, format!("error: {breach}\nThis is a bug of handover."))
        }
        NotFollowed::Stopped(Stopped::Asked(date)) => Failed::new(Exit::Interrupted, format!("stopped at {date}")),
    })?;
    if arguments.json {
        let lives: Vec<_> = std::iter::once(&life).chain(&beside).map(biography::as_json).collect();
        println!("{}", json!({ "lives": lives }));
    } else if let Some(beside) = &beside {
        print!("{}", biography::side_by_side(&life, beside));
    } else {
        print!("{}", biography::alone(&life));
    }
    Ok(())
}
