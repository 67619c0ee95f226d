//! Do two scenarios have the same past? They do if they differ only by what acts from some day on.
//!
//! What acts from a day on: a policy or event that begins then or later, the end of one that is still
//! in force then, and the length of the run. Nobody in the model foresees a law, so nothing else of the
//! future reaches back.

use chrono::NaiveDate;
use serde_json::{Map, Value};

/// What differs between two trees of parameters before the day `from`, key by key; nothing if a run
/// of one is a run of the other until then.
pub fn same_past(one: &Value, other: &Value, from: NaiveDate) -> Vec<String> {
    let cut = |tree: &Value| {
        let mut tree = tree.clone();
        if let Some(run) = tree.get_mut("run").and_then(Value::as_object_mut) {
            run.remove("years");
        }
        for list in ["policy", "event"] {
            let entries = tree.get(list).and_then(Value::as_array).into_iter().flatten();
            let lived: Vec<Value> = entries.filter_map(|entry| until_then(entry, from)).collect();
            tree[list] = Value::Array(lived);
        }
        tree
    };
    differences(&cut(one), &cut(other))
}

/// A policy or event as it acts before a day: not at all if it begins later, without its end if it
/// is still in force then.
fn until_then(entry: &Value, from: NaiveDate) -> Option<Value> {
    let day = |key: &str| entry.get(key).and_then(Value::as_str).and_then(|text| text.parse::<NaiveDate>().ok());
    if day("from").is_some_and(|begin| begin >= from) {
        return None;
    }
    let mut entry = entry.clone();
    if day("until").is_none_or(|end| end >= from)
        && let Some(entry) = entry.as_object_mut()
    {
        entry.insert("until".to_owned(), Value::Null);
    }
    Some(entry)
}

/// What differs between two trees, one line a leaf.
pub(super) fn differences(one: &Value, other: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", one, other, &mut found);
    found
}

fn compare(key: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    let inner = |part: &str| if key.is_empty() { part.to_owned() } else { format!("{key}.{part}") };
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for part in one.keys().chain(other.keys().filter(|part| !one.contains_key(*part))) {
                compare(&inner(part), get(one, part), get(other, part), found);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for place in 0..one.len().max(other.len()) {
                let at = |list: &[Value]| list.get(place).cloned().unwrap_or(Value::Null);
                compare(&inner(&place.to_string()), &at(one), &at(other), found);
            }
        }
        (one, other) if one == other => {}
        (one, other) => found.push(format!("{key}: {} in the checkpoint, {} now", words(one), words(other))),
    }
}

fn get<'a>(table: &'a Map<String, Value>, key: &str) -> &'a Value {
    table.get(key).unwrap_or(&Value::Null)
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Object(table) => table
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| format!("{key} = {}", words(value)))
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn only_what_acts_later_may_differ() {
        let base = json!({
            "run": {"seed": 1, "years": 15.0},
            "policy": [{"from": "2028-01-01", "royalty_rate": 0.1}],
        });
        let mut reform = base.clone();
        reform["run"]["years"] = json!(20.0);
        reform["policy"] = json!([
            {"from": "2028-01-01", "until": "2032-01-01", "royalty_rate": 0.1},
            {"from": "2031-01-01", "royalty_rate": 0.3},
        ]);
        reform["event"] = json!([{"kind": "strike", "from": "2031-06-01", "until": "2031-07-01"}]);
        assert_eq!(same_past(&base, &reform, day("2031-01-01")), [""; 0]);
        // a day later, the second policy would have acted already
        let early = same_past(&base, &reform, day("2031-01-02"));
        assert_eq!(early.len(), 1, "{early:?}");
        assert!(early[0].starts_with("policy.1: nothing in the checkpoint, ") && early[0].contains("royalty_rate"));
        // the end of the first policy would have come already
        assert_eq!(same_past(&base, &reform, day("2033-01-01")).len(), 3);
    }

    #[test]
    fn other_parameters_are_another_past() {
        let base = json!({"run": {"seed": 1}, "learning": {"alpha": 0.3}});
        let other = json!({"run": {"seed": 2}, "learning": {"alpha": 0.25}});
        assert_eq!(
            same_past(&base, &other, day("2031-01-01")),
            ["learning.alpha: 0.3 in the checkpoint, 0.25 now", "run.seed: 1 in the checkpoint, 2 now"]
        );
    }
}
