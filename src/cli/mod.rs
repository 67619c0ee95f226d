//! Floor 6: arguments in, text out. Data goes to stdout, talk to stderr.
//!
//! It is part of the library so that whatever is built on it, such as the Python package, has the same command.

// the words of arguments are read in a terminal: what stands in brackets there is no link, and no tag
#![allow(rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags)]

// first, because the others write through its macros
#[macro_use]
mod streams;

mod calibrate;
mod check;
mod checkpoints;
mod chosen;
mod compare;
mod demo;
mod diff;
mod discover;
mod drawn;
mod ensemble;
mod error;
mod explain;
mod follow;
mod forecast;
mod fork;
mod grain;
mod new;
mod new_region;
mod odd;
mod pages;
mod panel;
mod plot;
mod room;
mod run;
mod scenario;
mod scenarios;
mod sensitivity;
mod solve;
mod sweep;
mod table;
mod validate;
mod verify;
mod watch;

use clap::{Args, CommandFactory, Parser, Subcommand};
use handover::economy::NoMemory;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::OnceLock;
use watch::watching;

/// What was typed: an interpreter that runs this program has arguments of its own.
static ARGUMENTS: OnceLock<Vec<OsString>> = OnceLock::new();

/// The version, and which model it is: stored runs are kept under both.
const LONG_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\nmodel ", env!("HANDOVER_MODEL"));

/// Who is paid when filmed hours become robots: an exact, reproducible simulator of the hand-over.
///
/// Exit codes: 0 fine, also where the reader of a pipe has gone; 2 the input is wrong; 70 a bug of ours (an
/// identity broke); 74 the disk, memory or stdout is full; 75 a partial result; 130 stopped by Ctrl-C.
#[derive(Parser, Debug)]
#[command(version, long_version = LONG_VERSION, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Simulate a scenario and write its results.
    Run(RunArguments),
    Compare(compare::CompareArguments),
    /// Give the past in a checkpoint other futures, without simulating it again.
    Fork(fork::ForkArguments),
    Check(check::CheckArguments),
    Explain(explain::ExplainArguments),
    Diff(diff::DiffArguments),
    New(new::NewArguments),
    Scenarios(scenarios::ScenariosArguments),
    /// Print the JSON Schema of scenario files, for editors.
    Schema,
    Calendar(pages::CalendarArguments),
    Odd(odd::OddArguments),
    Completions(pages::CompletionsArguments),
    Man(pages::ManArguments),
    Demo(demo::DemoArguments),
    Follow(follow::FollowArguments),
    Sweep(sweep::SweepArguments),
    Verify(verify::VerifyArguments),
    Solve(solve::SolveArguments),
    Calibrate(calibrate::CalibrateArguments),
    Validate(validate::ValidateArguments),
    Plot(plot::PlotArguments),
    Table(table::TableArguments),
    Sensitivity(sensitivity::SensitivityArguments),
    Discover(discover::DiscoverArguments),
}

#[derive(Args, Debug)]
struct RunArguments {
    /// The scenario: a file, or the name of a shipped one.
    #[arg(value_parser = scenario::file())]
    scenario: PathBuf,
    /// Folder of the results [default: output/<scenario's name>].
    #[arg(long, value_name = "DIR", value_parser = scenario::folder())]
    out: Option<PathBuf>,
    #[command(flatten)]
    simulated: watch::Simulated,
    /// Replicates with other random numbers, in parallel: bands instead of one history.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    #[arg(conflicts_with_all = ["checkpoint_every", "resume"])]
    replicates: Option<u32>,
    /// Replicates until the 95 % interval of a mean at the end of the run is this narrow on either side,
    /// for example 'unemployment_rate[USA]=0.2 pp'; --replicates then says how many at most.
    #[arg(long, value_name = "METRIC[REGION]=HALF-WIDTH")]
    #[arg(conflicts_with_all = ["checkpoint_every", "resume"])]
    until_ci: Option<String>,
    #[command(flatten)]
    checkpoints: checkpoints::Arguments,
    /// Workers followed in panel.parquet; 0 for none [default: the scenario's, 5000; none with --replicates].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=10_000_000))]
    panel: Option<u32>,
    /// Time between two rows of a worker in the panel: week, quarter, or a length of time
    /// [default: the scenario's, a quarter].
    #[arg(long, value_name = "TIME")]
    panel_every: Option<String>,
    /// Money in panel.parquet as decimals, exact to the micro-dollar, instead of doubles.
    #[arg(long)]
    panel_exact: bool,
    /// No pictures: tables and the report alone. `handover plot` draws them later.
    #[arg(long)]
    no_plots: bool,
    /// Only these files, with commas between them: series, flows, receipt, gains, waterfall, panel, plots, report; of
    /// replicates bands, gains, waterfall, replicates, plots, report. The manifest is always among them.
    #[arg(long, value_name = "FILES")]
    only: Option<String>,
    /// Only these metrics in the series, with commas between them, for example unemployment_rate,absorbed.
    #[arg(long, value_name = "METRICS")]
    metrics: Option<String>,
    /// Replace an existing result.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    told: watch::Told,
}

/// How a command ends, by the exit codes of sysexits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Fine = 0,
    Input = 2,
    Bug = 70,
    Disk = 74,
    Partial = 75,
    Interrupted = 130,
}

/// Reads the arguments, the name of the program first, does what they say, and returns the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    obey(arguments.into_iter().collect()) as u8
}

fn obey(arguments: Vec<OsString>) -> Exit {
    ARGUMENTS.get_or_init(|| arguments.clone());
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let text = error.render();
            return if error.use_stderr() {
                eprintln!("{}", text.to_string().trim_end());
                Exit::Input
            } else {
                print!("{text}");
                streams::end(Exit::Fine)
            };
        }
    };
    let outcome = std::panic::catch_unwind(|| match &cli.command {
        Command::Run(arguments) => run::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Fork(arguments) => fork::fork(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Explain(arguments) => explain::explain(arguments),
        Command::Diff(arguments) => diff::diff(arguments),
        Command::New(arguments) => new::new(arguments),
        Command::Scenarios(arguments) => scenarios::scenarios(arguments),
        Command::Schema => pages::schema(),
        Command::Calendar(arguments) => pages::calendar(arguments),
        Command::Odd(arguments) => odd::odd(arguments),
        Command::Completions(arguments) => pages::completions(arguments, Cli::command()),
        Command::Man(arguments) => pages::man(arguments, Cli::command()),
        Command::Demo(arguments) => demo::run(arguments),
        Command::Follow(arguments) => follow::run(arguments),
        Command::Sweep(arguments) => sweep::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Solve(arguments) => solve::run(arguments),
        Command::Calibrate(arguments) => calibrate::run(arguments),
        Command::Validate(arguments) => validate::run(arguments),
        Command::Plot(arguments) => plot::run(arguments),
        Command::Table(arguments) => table::run(arguments),
        Command::Sensitivity(arguments) => sensitivity::run(arguments),
        Command::Discover(arguments) => discover::run(arguments),
    });
    match outcome {
        Ok(exit) => streams::end(exit),
        Err(panic) => {
            if let Some(none) = panic.downcast_ref::<NoMemory>() {
                return checkpoints::fail(Exit::Disk, room::told(*none));
            }
            eprintln!("error: this is a bug of handover; please report it with the lines above and the scenario");
            Exit::Bug
        }
    }
}

/// Prints data on stdout.
fn print(text: &str) -> Exit {
    print!("{text}");
    Exit::Fine
}
