//! From when on one world can differ from another, and where.

use crate::scenario::Scenario;
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::BTreeSet;

/// From when on a reform can act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// Never: the scenarios are the same.
    Never,
    /// From this day on.
    From(NaiveDate),
    /// From the founding on: it is another economy from the start.
    AtOnce,
}

/// Base and reform as plain values, without what is dated, and what is dated.
fn taken_apart(scenario: &Scenario) -> (Value, Vec<Value>) {
    let mut whole = scenario.parameters.sections().as_json();
    let mut dated = Vec::new();
    if let Some(sections) = whole.as_object_mut() {
        for key in ["policy", "event"] {
            if let Some(Value::Array(entries)) = sections.remove(key) {
                dated.extend(entries);
            }
        }
    }
    (whole, dated)
}

/// Policies and events that one of the two has and the other has not.
fn differing(base: &Scenario, reform: &Scenario) -> Vec<Value> {
    let (before, mut after) = (taken_apart(base).1, taken_apart(reform).1);
    let mut found = Vec::new();
    for entry in before {
        match after.iter().position(|other| *other == entry) {
            Some(place) => drop(after.remove(place)),
            None => found.push(entry),
        }
    }
    found.extend(after);
    found
}

/// From when on the reform can act.
pub fn acts(base: &Scenario, reform: &Scenario) -> Acts {
    if taken_apart(base).0 != taken_apart(reform).0 {
        return Acts::AtOnce;
    }
    let day = |entry: &Value| entry.get("from").and_then(Value::as_str).and_then(|day| day.parse().ok());
    let entries = differing(base, reform);
    if entries.is_empty() {
        return Acts::Never;
    }
    let days: Option<Vec<NaiveDate>> = entries.iter().map(day).collect();
    days.and_then(|days| days.into_iter().min()).map_or(Acts::AtOnce, Acts::From)
}

/// Names of the regions that the differing policies and events name; all of them if one names none.
pub fn touched(base: &Scenario, reform: &Scenario) -> BTreeSet<String> {
    let all = || base.parameters.regions.iter().cloned().collect();
    match acts(base, reform) {
        Acts::Never => BTreeSet::new(),
        Acts::AtOnce => all(),
        Acts::From(_) => {
            let regions =
                |entry: &Value| -> Option<Vec<String>> { serde_json::from_value(entry.get("regions")?.clone()).ok() };
            let named: Option<Vec<Vec<String>>> = differing(base, reform).iter().map(regions).collect();
            named.map_or_else(all, |lists| lists.into_iter().flatten().collect())
        }
    }
}
