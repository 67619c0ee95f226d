//! The JSON Schema of a scenario file, for editors: keys are completed, words are listed, slips are
//! underlined while typing. What it cannot say (units that fit, sums, dates) `handover check` does.

use super::shape::{FILE, Field, Keys, Shape, Table};
use crate::ground::units::Quantity;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The schema, as it is committed in `docs/scenario.schema.json`.
pub fn editor_schema() -> String {
    let mut writer = Writer::default();
    let mut schema = writer.of(&FILE, true);
    if let Some(root) = schema.as_object_mut() {
        root.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
        root.insert("title".into(), json!("A scenario of handover"));
        if let Some(properties) = root.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert("region".into(), of_regions());
        }
        let about = "States every number, or extends a file that does and states what differs.";
        root.insert("description".into(), json!(about));
        root.insert("definitions".into(), json!(writer.definitions));
    }
    format!("{schema:#}\n")
}

/// Writes shapes as schemas; what stands in many places is defined once.
#[derive(Default)]
struct Writer {
    definitions: BTreeMap<String, Value>,
}

impl Writer {
    /// `is_inherited`: what is absent comes from the file that is extended, and a value may stand on a card.
    fn of(&mut self, shape: &Shape, is_inherited: bool) -> Value {
        match shape {
            Shape::Table(table) => self.of_table(table, is_inherited),
            Shape::Tagged(tag, tables) => {
                let mut choices = Vec::new();
                for (word, table) in tables {
                    let mut schema = self.of_table(table, false);
                    schema["properties"][*tag] = json!({ "const": word });
                    choices.push(schema);
                }
                json!({ "oneOf": choices })
            }
            Shape::ByRegion(inner) => {
                let one = self.of(inner, false);
                let choice = json!({ "anyOf": [one, { "type": "object", "additionalProperties": one }] });
                match &**inner {
                    Shape::Quantity(quantity) => self.define(&format!("{} by region", quantity.name), choice),
                    _ => choice,
                }
            }
            Shape::Map(keys, inner) => {
                let value = self.on_a_card(inner, is_inherited);
                let mut schema = json!({ "type": "object", "additionalProperties": value });
                if let Keys::Names(noun) = keys {
                    schema["description"] = json!(format!("Keys are {}s.", noun.word()));
                }
                schema
            }
            Shape::List(inner) => json!({ "type": "array", "items": self.of(inner, false) }),
            Shape::Word(words) => {
                let choice = |(word, doc): &(String, String)| json!({ "const": word, "description": doc });
                json!({ "oneOf": words.iter().map(choice).collect::<Vec<_>>() })
            }
            Shape::Quantity(quantity) => self.define(quantity.name, of_quantity(quantity)),
            Shape::Name(_) | Shape::Text => json!({ "type": "string" }),
            Shape::Truth => json!({ "enum": [true, false, "yes", "no"] }),
            Shape::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Shape::Date => {
                json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$", "examples": ["2029-01"] })
            }
            Shape::Rate => json!({ "type": "string", "pattern": "/", "examples": ["95 INR/USD"] }),
        }
    }

    fn define(&mut self, name: &str, schema: Value) -> Value {
        self.definitions.insert(name.to_owned(), schema);
        json!({ "$ref": format!("#/definitions/{}", name.replace(' ', "%20")) })
    }

    fn of_table(&mut self, table: &Table, is_inherited: bool) -> Value {
        let mut properties = Map::new();
        for (key, field) in &table.fields {
            let mut schema = self.on_a_card(&field.shape, is_inherited);
            if !field.doc.is_empty() {
                // nothing beside a reference is read, hence a list of one
                if schema.get("$ref").is_some() {
                    schema = json!({ "allOf": [schema] });
                }
                schema["description"] = json!(field.doc);
            }
            properties.insert(key.clone(), schema);
        }
        let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        let required: Vec<&String> =
            table.fields.iter().filter(|(_, field)| field.is_required).map(|(key, _)| key).collect();
        if !is_inherited && !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema
    }

    /// A value alone, or on its card with range, grade and source.
    fn on_a_card(&mut self, shape: &Shape, is_inherited: bool) -> Value {
        let alone = self.of(shape, is_inherited);
        let has_card = match shape {
            Shape::Table(table) => table.noun.is_some(),
            Shape::List(_) | Shape::Tagged(..) => false,
            _ => true,
        };
        if !has_card || !is_inherited {
            return alone;
        }
        let text = |doc: &str| json!({ "type": "string", "description": doc });
        let card = json!({
            "type": "object",
            "properties": {
                "value": alone,
                "range": text("What is plausible, in words."),
                "grade": { "enum": ["A", "B", "C"], "description": "A official or peer-reviewed, B reputable, C assumption." },
                "source": text("Where the value comes from."),
            },
            "required": ["value"],
            "additionalProperties": false,
        });
        let choice = json!({ "anyOf": [alone, card] });
        match alone.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
            Some(name) => self.define(&format!("{} on a card", name.replace("%20", " ")), choice),
            None => choice,
        }
    }
}

/// Regions, each with what it is like and called; in which numbers it differs may be any table that there is.
fn of_regions() -> Value {
    let Some(Shape::Table(region)) = FILE.at("region.CODE") else { return json!({ "type": "object" }) };
    let text = |(key, field): (&String, &Field)| (key.clone(), json!({ "type": "string", "description": field.doc }));
    let about = "Regions: what each is like and called, and in which numbers it differs.";
    let one = json!({ "type": "object", "properties": region.fields.iter().map(text).collect::<Map<String, Value>>() });
    json!({ "type": "object", "description": about, "additionalProperties": one })
}

fn of_quantity(quantity: &Quantity) -> Value {
    let (words, examples) = (quantity.words, json!([quantity.example]));
    if quantity.is_bare {
        let text = json!({ "type": "string", "pattern": "^\\s*[-+]?[0-9]" });
        return json!({ "anyOf": [text, { "type": "number" }], "description": words, "examples": examples });
    }
    json!({ "type": "string", "pattern": "^\\s*[-+]?[0-9].*[A-Za-z]", "description": words, "examples": examples })
}
