//! Who bears a royalty, over whole runs: with labs passing it on or not, on the same robots.

use crate::common;
use handover::economy::flows::Flow;
use handover::experiment::run::Results;

/// Nobody hears of robots, so that the fleets of the start are all there is; labs know little but what is filmed.
const SETTINGS: [&str; 7] = [
    "run.record_every=1 week",
    "run.years=1",
    "robots.innovation=0 %/year",
    "robots.imitation=0 %/year",
    "capture.filming_at_start=0.5",
    "capture.stock_at_start=100000 hours",
    "law.royalty_rate=30 %",
];

fn run(pass_on: &str) -> Results {
    let pass_on = format!("robots.royalty_pass_on={pass_on}");
    let settings: Vec<&str> = common::COARSE.iter().chain(&SETTINGS).copied().chain([pass_on.as_str()]).collect();
    common::results(&common::variant("", &settings))
}

/// Dollars that flowed in ticks from the first to before the last.
fn flowed(results: &Results, flow: Flow, from: i32, to: i32) -> f64 {
    let rows = results.flows.rows.iter().filter(|row| row.1 == flow && (from..to).contains(&row.0));
    rows.map(|row| row.4).sum::<i128>() as f64 / 1e6
}

/// Weeks 26 to 38 are a quarter; its burden b is in the licences of weeks 40 to 51. Buyers then pay 1 + phi b of what
/// they would have, and the labs are left with (1 + phi b)(1 - b).
#[test]
fn what_is_passed_on_is_in_the_next_quarters_licences() {
    let (kept, halved, whole) = (run("0 %"), run("50 %"), run("100 %"));
    let burden =
        |results: &Results| flowed(results, Flow::RoyaltiesDue, 26, 39) / flowed(results, Flow::Licences, 26, 39);
    let licences = |results: &Results| flowed(results, Flow::Licences, 40, 52);
    for (results, phi) in [(&halved, 0.5), (&whole, 1.0)] {
        let (expected, found) = (1.0 + phi * burden(results), licences(results) / licences(&kept));
        assert!(expected > 1.01, "the burden is too small to be seen: {expected}");
        assert!(((found - 1.0) / (expected - 1.0) - 1.0).abs() < 0.2, "phi {phi}: {found} and not {expected}");
    }
    // contributors gain by it: they share in dearer licences
    let due = |results: &Results| flowed(results, Flow::RoyaltiesDue, 40, 52);
    assert!(due(&whole) > due(&halved) && due(&halved) > due(&kept));
}
