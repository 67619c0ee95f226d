//! Prints the hash of the whole state after every tick, so that two machines can compare a run line by
//! line and see where it parts:
//!
//! ```text
//! cargo run --release --example state_hashes -- scenarios/royalty-15.toml run.seed=2 'run.persons_per_agent=50000 persons'
//! ```

use handover::economy::Economy;
use handover::experiment::checkpoint::state_hash;
use handover::observe::install;
use handover::scenario::load;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("error: expected a scenario file and settings, for example: scenarios/baseline.toml run.seed=2");
        return ExitCode::from(2);
    };
    let settings: Vec<String> = arguments.collect();
    let scenario = match load(Path::new(&path), &settings, &|path: &Path| std::fs::read_to_string(path)) {
        Ok(scenario) => scenario,
        Err(problems) => {
            eprintln!("{problems}");
            return ExitCode::from(2);
        }
    };
    let mut economy = Economy::found(&scenario.parameters, install);
    let mut out = std::io::stdout().lock();
    while !economy.is_over() {
        if let Err(breach) = economy.step() {
            eprintln!("error: {breach}; this is a bug of handover");
            return ExitCode::from(70);
        }
        let (tick, hash) = (economy.tick() - 1, state_hash(&mut economy));
        if writeln!(out, "{tick} {hash}").is_err() {
            return ExitCode::from(74);
        }
    }
    ExitCode::SUCCESS
}
