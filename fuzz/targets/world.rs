#![no_main]

#[path = "../worlds.rs"]
mod worlds;

use handover::experiment::run::{Stopped, run};
use handover::scenario::load;
use std::path::Path;

const BASELINE: &str = include_str!("../../scenarios/baseline.toml");

/// Ticks after the spin-up that a world is simulated for.
const TICKS: usize = 8;

// a random small world either is no scenario, or runs without a breach
libfuzzer_sys::fuzz_target!(|number: u64| {
    let baseline = BASELINE.parse().expect("the baseline is TOML");
    let regions = ["IND", "VNM", "BGD", "CHN", "MEX", "USA", "EU27", "JPN"].map(str::to_owned);
    let text = worlds::text(&worlds::World::drawn(number, &regions).table(&baseline));
    let Ok(scenario) = load(Path::new("this.toml"), &[], &|_: &Path| Ok(text.clone())) else { return };
    let mut left = TICKS;
    let ended = run(&scenario, |progress| {
        left -= usize::from(!progress.is_spin_up);
        left > 0
    });
    assert!(!matches!(ended, Err(Stopped::Breach(_))), "{number}: {ended:?}");
});
