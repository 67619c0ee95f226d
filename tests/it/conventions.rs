//! What other programs may rely on: exit codes, the shape of `--json`, no colours, versions, manual pages, completions.
//!
//! `HANDOVER_REFRESH=1 cargo test --release --test it conventions::` writes `docs/json.schema.json` anew.

use crate::common::{self, handover, text, world_of};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

/// Keys from which on an object of values of one kind is a map, by regions or other names.
const A_MAP: usize = 8;

/// The shape of a value as JSON Schema says it: kinds and keys. Elements of a list, and of a map, have one shape together;
/// keys that some of them lack are not required.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => json!({"type": "null"}),
        Value::Bool(_) => json!({"type": "boolean"}),
        Value::Number(_) => json!({"type": "number"}),
        Value::String(_) => json!({"type": "string"}),
        Value::Array(items) => {
            let items = items.iter().map(shape).reduce(|one, other| merged(&one, &other));
            items.map_or_else(|| json!({"type": "array"}), |items| json!({"type": "array", "items": items}))
        }
        Value::Object(fields) => {
            let one = fields.values().map(shape).reduce(|one, other| merged(&one, &other));
            if let Some(one) = one.filter(|one| fields.len() >= A_MAP && one.get("anyOf").is_none()) {
                return json!({"type": "object", "additionalProperties": one});
            }
            let properties: Map<String, Value> =
                fields.iter().map(|(key, value)| (key.clone(), shape(value))).collect();
            let required: Vec<&String> = fields.keys().collect();
            json!({"type": "object", "properties": properties, "required": required})
        }
    }
}

/// A shape that both are of.
fn merged(one: &Value, other: &Value) -> Value {
    if one == other {
        return one.clone();
    }
    if let (Some(a), Some(b)) = (one.get("additionalProperties"), other.get("additionalProperties")) {
        return json!({"type": "object", "additionalProperties": merged(a, b)});
    }
    let is_record = |of: &Value| of.get("properties").is_some();
    if is_record(one) && is_record(other) {
        let fields = |of: &Value| of["properties"].as_object().cloned().unwrap_or_default();
        let (mut all, more) = (fields(one), fields(other));
        for (key, shape) in more {
            let known = all.get(&key).map_or_else(|| shape.clone(), |known| merged(known, &shape));
            all.insert(key, known);
        }
        let in_both = |key: &&Value| other["required"].as_array().is_some_and(|keys| keys.contains(key));
        let required: Vec<Value> = one["required"].as_array().into_iter().flatten().filter(in_both).cloned().collect();
        return json!({"type": "object", "properties": all, "required": required});
    }
    if one["type"] == "array" && other["type"] == "array" {
        return match (one.get("items"), other.get("items")) {
            (Some(one), Some(other)) => json!({"type": "array", "items": merged(one, other)}),
            (Some(items), None) | (None, Some(items)) => json!({"type": "array", "items": items}),
            _ => one.clone(),
        };
    }
    let kinds = |of: &Value| -> Vec<Value> {
        of.get("anyOf").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![of.clone()])
    };
    let mut all = kinds(one);
    kinds(other).into_iter().for_each(|kind| {
        if !all.contains(&kind) {
            all.push(kind)
        }
    });
    json!({"anyOf": all})
}

fn said(place: &Path, line: &str) -> Value {
    let words: Vec<String> = line.split(' ').map(|word| word.replace('~', " ")).collect();
    let worlds = world_of!(1000000, 4);
    let is_simulated = ["run", "compare", "solve"].iter().any(|command| line.starts_with(command));
    let arguments = words.iter().map(String::as_str).chain(worlds.iter().copied().filter(|_| is_simulated));
    let done = handover(place, &arguments.collect::<Vec<_>>());
    assert!(done.status.success(), "{line}: {}", text(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{line}: {error}"))
}

#[test]
fn what_json_says_has_the_shape_that_is_written_down() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path();
    let lines = [
        ("run", "run baseline --years 0.5 --no-plots --json"),
        ("run --replicates", "run baseline --years 0.5 --replicates 2 --no-plots --out many --json"),
        ("compare", "compare baseline royalty-15 --years 3 --replicates 2 --no-plots --json"),
        ("explain --metrics", "explain --metrics --json"),
        ("scenarios", "scenarios --json"),
    ];
    let shapes: Map<String, Value> =
        lines.iter().map(|(command, line)| ((*command).to_owned(), shape(&said(place, line)))).collect();
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What handover COMMAND --json prints, by command",
        "description": "Regions and other names are those of the baseline. A key may be added in any version, and is taken away or changes its kind only with a new major one.",
        "properties": shapes,
    });
    let written = serde_json::to_string_pretty(&whole).unwrap() + "\n";
    let path = common::root().join("docs/json.schema.json");
    #[allow(clippy::disallowed_methods)] // the switch of the tests, and it writes the file anew
    if std::env::var_os("HANDOVER_REFRESH").is_some() {
        return fs::write(path, written).unwrap();
    }
    let there = fs::read_to_string(path).unwrap();
    let differs = there.lines().zip(written.lines()).find(|(old, new)| old != new);
    assert!(
        there == written,
        "--json has another shape than docs/json.schema.json: {differs:?}; HANDOVER_REFRESH=1 writes it anew"
    );
}

#[test]
fn a_shape_that_differs_is_seen() {
    let shapes = [json!([{"a": 1, "b": null}, {"a": 2.5}]), json!([{"a": "1"}]), json!([])].map(|value| shape(&value));
    assert_eq!(shapes[0]["items"]["required"], json!(["a"]));
    assert!(shapes[0] != shapes[1] && shapes[1] != shapes[2]);
    assert_eq!(merged(&shapes[2], &shapes[1]), shapes[1]);
    assert_eq!(merged(&json!({"type": "null"}), &json!({"type": "number"}))["anyOf"].as_array().unwrap().len(), 2);
}

#[test]
fn what_the_page_of_conventions_says_is_so() {
    let home = tempfile::tempdir().unwrap();
    let at = |arguments: &[&str]| handover(home.path(), arguments);
    let version = text(&at(&["--version"]).stdout);
    assert!(
        version.starts_with(concat!("handover ", env!("CARGO_PKG_VERSION"))) && version.contains("\nmodel "),
        "{version}"
    );
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let done = at(&["completions", shell]);
        assert!(done.status.success() && text(&done.stdout).contains("table"), "{shell}");
    }
    assert!(text(&at(&["man"]).stdout).contains(".TH handover 1"));
    assert!(at(&["man", "pages"]).status.success());
    assert!(home.path().join("pages/handover-table.1").is_file());
    // data on stdout, talk on stderr, and no colour anywhere
    let wrong = at(&["check", "nowhere.toml"]);
    assert_eq!((wrong.status.code(), wrong.stdout.is_empty()), (Some(2), true));
    let all = [wrong.stderr, at(&["--help"]).stdout, at(&["run", "--help"]).stdout, at(&["scenarios"]).stdout].concat();
    assert!(!all.contains(&0x1b), "an escape of a terminal");
}
