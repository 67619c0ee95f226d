//! `handover check`: is everything right, and what would a run cost?

use super::Exit;
use super::forecast::forecast;
use super::room;
use super::scenario::examine;
use super::watch::alone;
use clap::Args;
use std::path::PathBuf;

/// Check scenarios without running them, and say what a run would take.
#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// Scenario files.
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Change a value of the scenarios, with the same units as in the file; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// Do not measure what a run would take.
    #[arg(long)]
    no_forecast: bool,
}

/// Prints every problem of every file on stderr and a line for each sound file on stdout.
pub(super) fn check(arguments: &CheckArguments) -> Exit {
    let mut exit = Exit::Fine;
    for path in &arguments.scenarios {
        let scenario = match examine(path, &arguments.settings) {
            Ok(scenario) => scenario,
            Err(problems) => {
                let count = problems.len();
                let noun = if count == 1 { "problem" } else { "problems" };
                eprintln!("{problems}\n\n{}: {count} {noun}, nothing can run", path.display());
                exit = Exit::Input;
                continue;
            }
        };
        if !scenario.warnings.is_empty() {
            eprintln!("{}\n", scenario.warnings);
        }
        println!("{}: {}", path.display(), scenario.about.title);
        println!("  meaning   {}", scenario.hash);
        if arguments.no_forecast {
            continue;
        }
        match alone(None, || forecast(&scenario)).flatten() {
            Ok(forecast) => {
                println!("{forecast}");
                if let Err(words) = room::demand(&scenario, 1) {
                    eprintln!("warning: {words}");
                }
            }
            Err(words) => {
                eprintln!("{}: {words}", path.display());
                return Exit::Bug;
            }
        }
    }
    exit
}
