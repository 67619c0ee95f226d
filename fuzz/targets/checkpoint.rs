#![no_main]

#[path = "../received.rs"]
#[allow(dead_code)]
mod received;

use handover::scenario::{Scenario, load};
use std::path::Path;
use std::sync::OnceLock;

/// The scenario of the seeds; fuzz/run makes them with the same settings.
fn scenario() -> &'static Scenario {
    static FOUND: OnceLock<Scenario> = OnceLock::new();
    FOUND.get_or_init(|| {
        let settings =
            ["run.persons_per_agent=1000000 persons", "run.spin_up=4 weeks", "run.years=1.0", "run.panel=96"];
        let reader = |_: &Path| Ok(include_str!("../../scenarios/baseline.toml").to_owned());
        load(Path::new("baseline.toml"), &settings.map(str::to_owned), &reader).expect("a sound scenario")
    })
}

// whatever was changed, the checksums are made right again
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let forged = received::sealed(&received::blocks(bytes));
    let outcome = received::any_checkpoint_lives_on_or_is_refused(&forged, scenario());
    assert!(outcome.is_ok(), "{outcome:?}");
});
