//! A run in code: read a scenario, run it, read two series, print a table.
//!
//! ```text
//! cargo run --release --example quickstart
//! ```

use handover::prelude::*;
use std::error::Error;

/// One agent stands for many people and the run is short, so that it takes a second.
const COARSE: [&str; 4] =
    ["run.persons_per_agent=200000 persons", "run.least_agents=0", "run.spin_up=26 weeks", "run.years=4"];

/// Reads, runs, prints.
pub fn main() -> Result<(), Box<dyn Error>> {
    let scenario = open_scenario("scenarios/royalty-15.toml", &COARSE)?;
    let results = run(&scenario, |_| true)?;
    println!("{}: {} agents simulated for {} weeks", scenario.about.title, results.workers, results.ticks);

    println!("\n{:<8}{:>14}{:>22}{:>24}", "region", "unemployed", "work done by robots", "royalties, USD a week");
    for region in &scenario.parameters.regions {
        let end = |metric| results.history(metric, region, "all").map(|rows| rows[rows.len() - 1].1);
        let (unemployed, absorbed) = (end(Metric::UnemploymentRate)?, end(Metric::Absorbed)?);
        println!("{region:<8}{:>12.1} %{absorbed:>22.0}{:>24.0}", unemployed * 100.0, end(Metric::RoyaltiesReceived)?);
    }

    // one number of a run can be asked for in one line, as in plans of sweeps
    let peak = Outcome::read("peak(unemployment_rate[USA, courier])", &scenario)?;
    println!("\n{}: {:.3}", peak.meaning(), peak.of(&results).unwrap_or(f64::NAN));
    Ok(())
}
