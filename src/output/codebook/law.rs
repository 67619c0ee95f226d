//! What can be set: levers of the law, and events. What is said of them is what the schema for editors says.

use super::Cell;
use crate::economy::policy::LEVERS;
use crate::scenario::schema::editor_schema;
use serde_json::Value;

fn schema() -> Value {
    serde_json::from_str(&editor_schema()).expect("the schema is JSON")
}

/// How a value is written: its type's description, or its words.
fn written(schema: &Value, property: &Value) -> String {
    if let Some(words) = property["oneOf"].as_array() {
        let words: Vec<String> =
            words.iter().filter_map(|word| Some(format!("`{}`", word["const"].as_str()?))).collect();
        return words.join(", ");
    }
    if let Some(name) = property["allOf"][0]["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let definition = &schema["definitions"][name];
        let words = definition["description"].as_str().unwrap_or(name).trim_end_matches('.').to_owned();
        let examples = definition["examples"].as_array().into_iter().flatten();
        let shown =
            examples.filter_map(Value::as_str).next().map(|one| format!(", as `\"{one}\"`")).unwrap_or_default();
        return format!("{words}{shown}");
    }
    if property["enum"].as_array().is_some_and(|values| values.contains(&Value::Bool(true))) {
        return "`true` or `false`".to_owned();
    }
    match property["type"].as_str() {
        Some("array") => format!("a list: {}", written(schema, &property["items"])),
        Some("string") if property["pattern"].is_string() => "a day, as `\"2029-01\"`".to_owned(),
        Some("string") => "a name".to_owned(),
        other => other.unwrap_or("").to_owned(),
    }
}

/// What a schema says of something; nothing if it has no words for it.
fn about(property: &Value) -> Cell {
    property["description"].as_str().unwrap_or("").into()
}

fn yes(is: bool) -> Cell {
    if is { "yes" } else { "" }.into()
}

pub(super) fn levers() -> Vec<Vec<Cell>> {
    let schema = schema();
    let of_policy = &schema["properties"]["policy"]["items"]["properties"];
    let row = |lever: &crate::economy::policy::Lever| {
        let property = &of_policy[lever.name];
        let needs = lever.needs.map_or(String::new(), |needs| match needs.at {
            [] => format!("`{}` above zero", needs.lever),
            values => format!("`{}` = {}", needs.lever, values.join(" or ")),
        });
        vec![
            lever.name.into(),
            about(property),
            written(&schema, property).as_str().into(),
            yes(lever.is_by_occupation),
            yes(lever.is_number),
            needs.as_str().into(),
        ]
    };
    LEVERS.iter().map(row).collect()
}

/// A row for each kind of event, without a key, and one for each of its keys.
pub(super) fn events() -> Vec<Vec<Cell>> {
    let schema = schema();
    let mut rows = Vec::new();
    for kind in schema["properties"]["event"]["items"]["oneOf"].as_array().into_iter().flatten() {
        let name: Cell = kind["properties"]["kind"]["const"].as_str().unwrap_or("").into();
        let required: Vec<&str> = kind["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        rows.push(vec![name.clone(), "".into(), about(kind), "".into(), "".into()]);
        for (key, property) in kind["properties"].as_object().into_iter().flatten().filter(|(key, _)| *key != "kind") {
            let is_needed = yes(required.contains(&key.as_str()));
            let how = written(&schema, property).as_str().into();
            rows.push(vec![name.clone(), key.as_str().into(), about(property), how, is_needed]);
        }
    }
    rows
}
