//! Golden results: a change of any shipped scenario's outcome is seen, and named.
//!
//! `HANDOVER_REFRESH=1 cargo test --release --test it golden::` writes them anew; that is a commit of its
//! own, which says which indicators moved and why. Debug and release builds read the same files, so
//! the two must agree.

use crate::common;
use serde_json::{Value, json};

const HEADLINES: [(&str, &str); 8] = [
    ("employed", "all"),
    ("unemployment_rate", "all"),
    ("displaced_total", "all"),
    ("absorbed", "all"),
    ("wage_median", "all"),
    ("accepted_hours", "all"),
    ("licence_revenue", "all"),
    ("royalties_received", "all"),
];

fn golden(name: &str, years: &str) -> Value {
    let mut settings = common::COARSE.to_vec();
    let years = format!("run.years={years}");
    settings.push(&years);
    let results = common::results(&common::scenario(name, &settings));
    let regions = &results.scenario.parameters.regions;
    let headline = |region: usize, (metric, item): (&str, &str)| {
        results.series.last(metric.parse().unwrap(), region, item).map_or(0.0, |last| last.1)
    };
    let rows: serde_json::Map<String, Value> = regions
        .iter()
        .enumerate()
        .map(|(r, region)| {
            let values = HEADLINES.map(|about| (about.0.to_owned(), json!(headline(r, about))));
            (region.clone(), Value::Object(values.into_iter().collect()))
        })
        .collect();
    json!({
        "state_hash": results.state_hash,
        "money_discrepancy_microdollars": results.money_discrepancy.to_string(),
        "rows": results.series.rows.len(),
        "last_record": rows,
    })
}

fn compare(name: &str, years: &str) {
    let path = common::root().join("tests/golden").join(format!("{name}-{years}.json"));
    let found = golden(name, years);
    assert_eq!(found["money_discrepancy_microdollars"], "0");
    if common::is_refresh() {
        let text = serde_json::to_string_pretty(&found).unwrap() + "\n";
        std::fs::write(&path, text).unwrap();
        return;
    }
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} is missing; see the words at the top of this file", path.display()));
    let known: Value = serde_json::from_str(&text).unwrap();
    // the numbers first: they say what moved; the hash says that something did
    assert_eq!(found["last_record"], known["last_record"], "{name}: indicators moved");
    assert_eq!(found, known, "{name}: the state moved");
}

#[test]
fn every_shipped_scenario_is_as_it_was() {
    use rayon::prelude::*;
    common::shipped().par_iter().for_each(|name| compare(name, "4"));
}

#[test]
fn a_short_baseline_is_as_it_was_in_debug_builds_too() {
    compare("baseline", "1");
}
