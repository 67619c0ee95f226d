//! `handover check`: is everything right, and what would a run cost?

use super::forecast::forecast;
use super::scenario::{examine, read_file, warnings};
use super::watch::alone;
use super::{Exit, calibrate, grain, room, sweep};
use clap::Args;
use std::path::{Path, PathBuf};

/// Check scenarios, plans of sweeps and calibrations without running them, and say what a run would take.
#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// Scenarios, files or names of shipped ones; also plans of sweeps and calibrations.
    #[arg(required = true, value_parser = super::scenario::file())]
    scenarios: Vec<PathBuf>,
    /// Change a value of the scenarios, with the same units as in the file; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// Do not measure what a run would take.
    #[arg(long)]
    no_forecast: bool,
}

/// What a file is for, by the table it begins with.
enum Purpose {
    Scenario,
    Sweep,
    Calibration,
}

impl Purpose {
    /// What cannot be read is said by whoever reads scenarios.
    fn of(path: &Path) -> Purpose {
        let tables = read_file(path).ok().and_then(|text| text.parse::<toml::Table>().ok()).unwrap_or_default();
        match ["scenario", "sweep", "calibration"].map(|key| tables.contains_key(key)) {
            [false, true, false] => Purpose::Sweep,
            [false, false, true] => Purpose::Calibration,
            _ => Purpose::Scenario,
        }
    }
}

/// Prints every problem of every file on stderr and a line for each sound file on stdout.
pub(super) fn check(arguments: &CheckArguments) -> Exit {
    let one = |path: &PathBuf| match Purpose::of(path) {
        Purpose::Scenario => check_scenario(path, arguments),
        Purpose::Sweep => check_sweep(path, &arguments.settings),
        Purpose::Calibration => check_calibration(path, &arguments.settings),
    };
    let exits: Vec<Exit> = arguments.scenarios.iter().map(one).collect();
    // a bug of ours before a mistake of theirs
    let worst = exits.into_iter().max_by_key(|exit| *exit as u8);
    worst.unwrap_or(Exit::Fine)
}

fn check_scenario(path: &Path, arguments: &CheckArguments) -> Exit {
    let scenario = match examine(path, &arguments.settings) {
        Ok(scenario) => scenario,
        Err(problems) => {
            let count = problems.len();
            let noun = if count == 1 { "problem" } else { "problems" };
            eprintln!("{problems}\n\n{}: {count} {noun}, nothing can run", path.display());
            return Exit::Input;
        }
    };
    let warnings = warnings(&scenario);
    if !warnings.is_empty() {
        eprintln!("{warnings}\n");
    }
    println!("{}: {}", path.display(), scenario.about.title);
    println!("  meaning   {}", scenario.hash);
    println!("{}", grain::lines(&scenario));
    if arguments.no_forecast {
        return Exit::Fine;
    }
    if let Err(words) = room::for_forecast() {
        eprintln!("warning: {}: no forecast: {words}", path.display());
        return Exit::Fine;
    }
    match alone(None, || forecast(&scenario)).flatten() {
        Ok(forecast) => {
            println!("{forecast}");
            if let Err(words) = room::demand(&scenario, 1, None) {
                eprintln!("warning: {words}");
            }
            Exit::Fine
        }
        Err(words) => {
            eprintln!("{}: {words}", path.display());
            Exit::Bug
        }
    }
}

fn check_sweep(path: &Path, settings: &[String]) -> Exit {
    let sweep = match sweep::open(path, settings) {
        Ok(opened) => opened.sweep,
        Err(exit) => return exit,
    };
    let plan = &sweep.plan;
    sweep::remark(path, plan);
    println!("{}: {}", path.display(), plan.title);
    println!("  design    {}, {} points of {} factors", plan.design.kind.word(), sweep.points(), plan.factors.len());
    println!("  runs      {} (arms: {}, replicates: {})", sweep.runs(), plan.arms.len(), plan.replicates);
    Exit::Fine
}

fn check_calibration(path: &Path, settings: &[String]) -> Exit {
    match calibrate::open(path, None, settings) {
        Ok(opened) => {
            let (head, prepared) = (opened.file.head(), &opened.prepared);
            println!("{}: {}", path.display(), head.title);
            let (factors, targets) = (prepared.factors.len(), prepared.targets.len());
            let many = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
            println!("  search    {}, {}", many(factors, "factor"), many(targets, "target"));
            Exit::Fine
        }
        Err(failed) => failed.tell(),
    }
}
