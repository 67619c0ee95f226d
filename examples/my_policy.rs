//! A rule of one's own, in code, against the baseline with the same random numbers.
//!
//! The rule: a government pays the unemployed a larger part of their wage while its unemployment rate lies more than a
//! percentage point above the one it began with. No policy of a scenario file can say that, because it depends on what
//! happens.
//!
//! ```text
//! cargo run --release --example my_policy
//! ```

use handover::prelude::*;
use std::error::Error;
use std::ops::ControlFlow;

/// One agent stands for many people and the runs are short, so that all of them take seconds.
const COARSE: [&str; 4] =
    ["run.persons_per_agent=100000 persons", "run.least_agents=0", "run.spin_up=26 weeks", "run.years=6"];

const REPLICATES: u32 = 4;

/// Insurance is stepped up where unemployment has risen by this much.
const RISE: f64 = 0.01;

/// By this much of the wage.
const STEP: f64 = 0.2;

/// The rule is a system: it names what it reads and what it writes. `before` is its memory: the unemployment rates
/// of the regions in the first week.
fn step_up_insurance(
    regions: Res<Regions>,
    markets: Res<Markets>,
    mut before: Local<Vec<f64>>,
    mut in_force: ResMut<InForce>,
) {
    let regions = regions.count();
    let now: Vec<f64> = (0..regions).map(|region| markets.unemployment_rate(region)).collect();
    if before.is_empty() {
        before.clone_from(&now);
    }
    for region in (0..regions).filter(|&region| now[region] > before[region] + RISE) {
        in_force.change(region, |law| {
            law.insurance_replacement = Share((law.insurance_replacement.0 + STEP).min(1.0));
        });
    }
}

/// Simulates both worlds, replicate by replicate.
pub fn main() -> Result<(), Box<dyn Error>> {
    let baseline = open_scenario("scenarios/baseline.toml", &COARSE)?;
    let asked =
        ["mean(transfers[USA])", "mean(poverty_share[USA])", "last(unemployment_rate[USA])", "mean(consumption[USA])"];
    let asked = asked.map(|line| Outcome::read(line, &baseline)).into_iter().collect::<Result<Vec<_>, _>>()?;

    // replicate by replicate both worlds have the same random numbers, so their difference is what the rule did
    let mut found = vec![Paired::default(); asked.len()];
    let live = |number| {
        let scenario = replicate_of(&baseline, number);
        let without = run(&scenario, |_| true)?;
        let with = run_with(&scenario, |economy| economy.add_rule(step_up_insurance))?;
        Ok((without, with))
    };
    let attendance = each(0, REPLICATES, live, |_, (without, with)| {
        for (pair, outcome) in found.iter_mut().zip(&asked) {
            if let (Some(before), Some(after)) = (outcome.of(&without), outcome.of(&with)) {
                pair.add(before, after);
            }
        }
        ControlFlow::Continue(())
    })?;

    println!("Insurance stepped up where unemployment has risen, less the baseline; {}", attendance.words());
    println!("\n{:<36}{:>12}{:>12}   95 % interval", "", "baseline", "difference");
    for (outcome, pair) in asked.iter().zip(&found) {
        let (low, high) = pair.interval().unwrap_or((f64::NAN, f64::NAN));
        let (scale, unit) = if outcome.unit() == "share" { (100.0, "%") } else { (1e-6, "M USD") };
        let [base, difference, low, high] = [pair.base.mean, pair.difference.mean, low, high].map(|x| x * scale);
        println!("{:<30}{unit:>6}{base:>12.2}{difference:>+12.2}   {low:+.2} to {high:+.2}", outcome.to_string());
    }
    Ok(())
}
