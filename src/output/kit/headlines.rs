//! The headlines of a run or an ensemble as JSON.

use crate::experiment::tally::Tally;
use crate::output::kit::bands::Band;
use crate::output::kit::gains::place;
use serde_json::{Map, Value, json};

/// Every headline that one world gives, by name: what it means, its unit, and its value in the world and by region; of
/// several replicates the mean and where the middle nine tenths lie.
pub fn as_json(regions: &[String], tallies: &[Tally]) -> Value {
    let mut found = Map::new();
    for (row, (headline, _)) in tallies.first().into_iter().flat_map(|tally| tally.headlines.iter().enumerate()) {
        let values = tallies.iter().map(|tally| tally.headlines[row].1);
        let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        let value = match values.as_slice() {
            [] => continue,
            [one] => json!(one),
            _ => {
                let Band { mean, quantiles, .. } = Band::of(&mut values);
                json!({"mean": mean, "q05": quantiles[0], "q95": quantiles[4]})
            }
        };
        let about = || json!({"about": headline.about, "unit": headline.unit});
        found.entry(headline.name).or_insert_with(about)[place(regions, headline.region)] = value;
    }
    Value::Object(found)
}
