//! A sweep in code: a lever over a grid, some replicates at each point, a table.
//!
//! ```text
//! cargo run --release --example sweep
//! ```
//!
//! For sweeps of many factors that can be stopped, resumed and split over machines, write a plan instead: see
//! docs/sweeps.md.

use handover::prelude::*;
use std::error::Error;
use std::ops::ControlFlow;

/// One agent stands for many people and the runs are short, so that all of them take seconds.
const COARSE: [&str; 4] =
    ["run.persons_per_agent=200000 persons", "run.least_agents=0", "run.spin_up=26 weeks", "run.years=5"];

const REPLICATES: u32 = 3;

/// Reads, runs, prints.
pub fn main() -> Result<(), Box<dyn Error>> {
    let baseline = open_scenario("scenarios/baseline.toml", &COARSE)?;
    let wanted = Outcome::read("headline(royalties)", &baseline)?;
    println!("{} [{}], {REPLICATES} replicates at each rate\n", wanted.meaning(), wanted.unit());
    println!("{:>12}{:>20}{:>20}", "royalty", "mean", "half-width, 95 %");
    for rate in [0.0, 0.05, 0.1, 0.2, 0.4] {
        // typed: a misspelt lever does not compile, and a value that does not fit is an error
        let law = Policy { royalty_rate: Some(Share(rate)), ..Policy::new(baseline.parameters.run.start) };
        let scenario = baseline.enact(law)?;
        let mut seen = Moments::default();
        let live = |number| Ok(wanted.of(&run(&replicate_of(&scenario, number), |_| true)?));
        each(0, REPLICATES, live, |_, value| {
            value.into_iter().for_each(|value| seen.add(value));
            ControlFlow::Continue(())
        })?;
        println!("{:>10} %{:>20.0}{:>20.0}", rate * 100.0, seen.mean, seen.half_width().unwrap_or(f64::NAN));
    }
    Ok(())
}
