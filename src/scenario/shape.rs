//! What a scenario file may hold: the shape of every table and value, as the parameters declare it.
//!
//! The shapes are read off the JSON Schema that the parameter structs derive. Hints in it (`x-...`)
//! say what JSON Schema cannot: which texts are quantities, which are names of regions.

use crate::economy::parameters::Sections;
use crate::ground::units::Quantity;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a name refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    Region,
    Lab,
}

impl Noun {
    pub(super) fn word(self) -> &'static str {
        match self {
            Noun::Region => "region",
            Noun::Lab => "lab",
        }
    }

    fn of(value: &Value) -> Option<Noun> {
        match value.as_str()? {
            "region" => Some(Noun::Region),
            "lab" => Some(Noun::Lab),
            _ => None,
        }
    }
}

/// Keys of a map.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Keys {
    /// Any text: the map declares its keys.
    Free,
    /// Names declared elsewhere.
    Names(Noun),
}

/// What may stand at a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Table(Table),
    /// One of several tables, by the word under a key.
    Tagged(&'static str, BTreeMap<String, Table>),
    ByRegion(Box<Shape>),
    Map(Keys, Box<Shape>),
    List(Box<Shape>),
    /// One of some words, each with what it means.
    Word(Vec<(String, String)>),
    Quantity(&'static Quantity),
    Name(Noun),
    Text,
    Truth,
    /// A whole number within bounds.
    Whole(i64, i64),
    Date,
    /// An exchange rate.
    Rate,
}

/// A table with known keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    pub fields: BTreeMap<String, Field>,
    /// What its keys are, if not just keys: "occupation".
    pub noun: Option<String>,
}

/// A key of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub shape: Shape,
    /// Must it be there?
    pub is_required: bool,
    /// What it means, in words.
    pub doc: String,
}

impl Shape {
    /// What a value of this shape is, in words.
    pub(super) fn words(&self) -> String {
        match self {
            Shape::Table(_) | Shape::Tagged(..) | Shape::Map(..) => "a table".into(),
            Shape::ByRegion(inner) => format!("{}, or a table by region", inner.words()),
            Shape::List(inner) => match &**inner {
                Shape::Name(noun) => format!("a list of {}s, for example [\"IND\", \"VNM\"]", noun.word()),
                Shape::Table(_) | Shape::Tagged(..) => "tables in double brackets".into(),
                _ => "a list".into(),
            },
            Shape::Word(words) => {
                let words: Vec<_> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
                format!("one of {}", words.join(", "))
            }
            Shape::Quantity(quantity) => format!("{}, for example {}", quantity.words, quantity.shown_example()),
            Shape::Name(noun) => format!("the name of a {}", noun.word()),
            Shape::Text => "a text in quotes".into(),
            Shape::Truth => "true or false".into(),
            Shape::Whole(..) => "a whole number without quotes".into(),
            Shape::Date => "a date, \"2029-01\" or \"2029-01-15\"".into(),
            Shape::Rate => "an exchange rate, for example \"95 INR/USD\"".into(),
        }
    }

    /// The shape at a dotted path; numbers count elements of lists.
    pub(super) fn at<'a>(&'a self, path: &str) -> Option<&'a Shape> {
        let parts = path.split('.').filter(|part| !part.is_empty());
        parts.into_iter().try_fold(self, |shape, part| match shape {
            Shape::Table(table) => table.fields.get(part).map(|field| &field.shape),
            Shape::Tagged(_, tables) => {
                tables.values().find_map(|table| table.fields.get(part)).map(|field| &field.shape)
            }
            Shape::ByRegion(inner) | Shape::Map(_, inner) | Shape::List(inner) => Some(&**inner),
            _ => None,
        })
    }
}

/// The shape of a whole scenario file.
pub(super) static FILE: LazyLock<Shape> = LazyLock::new(|| {
    let schema = schemars::SchemaGenerator::default().into_root_schema_for::<Sections>();
    let root = schema.to_value();
    let definitions = root.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut shape = Reader { definitions }.read(&root, None);
    if let Shape::Table(table) = &mut shape {
        table.fields.insert("scenario".into(), about());
        let rate =
            Field { shape: Shape::Map(Keys::Free, Box::new(Shape::Rate)), is_required: false, doc: RATES.into() };
        table.fields.insert("currency".into(), rate);
        table.fields.insert("region".into(), region());
        // a world without events says nothing of events
        for optional in ["operator", "policy", "event", "draws"] {
            if let Some(field) = table.fields.get_mut(optional) {
                field.is_required = false;
                label(&mut field.shape);
            }
        }
    }
    shape
});

/// What a policy or an event is called, and what its author says of it: words for people, no numbers of the model.
pub(super) const LABELS: [(&str, &str); 2] =
    [("label", "What it is called wherever it is named."), ("comment", "What its author says of it; shown beside it.")];

/// Lets every table of a list have its label.
fn label(list: &mut Shape) {
    let Shape::List(inner) = list else { return };
    let tables: Vec<&mut Table> = match &mut **inner {
        Shape::Table(table) => vec![table],
        Shape::Tagged(_, tables) => tables.values_mut().collect(),
        _ => Vec::new(),
    };
    for table in tables {
        for (key, doc) in LABELS {
            table.fields.insert(key.into(), Field { shape: Shape::Text, is_required: false, doc: doc.into() });
        }
    }
}

const RATES: &str = "What other money is worth: how much of it a dollar buys, or how many dollars one of it.";

/// The keys of `[scenario]`, each with what it means.
pub(super) const ABOUT: [(&str, &str); 6] = [
    ("name", "Short name; the folder of its results."),
    ("title", "Title in words."),
    ("question", "The question it asks."),
    ("authors", "Who wrote it."),
    ("reference", "Where the idea comes from."),
    ("extends", "The file it states its differences from, in the same folder."),
];

fn about() -> Field {
    let text = |doc: &str| Field { shape: Shape::Text, is_required: false, doc: doc.to_owned() };
    let fields = ABOUT.iter().map(|(key, doc)| ((*key).to_owned(), text(doc))).collect();
    let shape = Shape::Table(Table { fields, noun: None });
    Field { shape, is_required: false, doc: "What the scenario says about itself.".into() }
}

/// The table of a region of one's own; in which numbers it differs is moved to where these belong.
fn region() -> Field {
    let field = |shape: Shape, doc: &str| Field { shape, is_required: false, doc: doc.to_owned() };
    let fields = [
        ("like".to_owned(), field(Shape::Name(Noun::Region), "The region whose numbers hold where none is stated.")),
        ("name".to_owned(), field(Shape::Text, "What it is called in pictures and tables.")),
        (
            "in_words".to_owned(),
            field(Shape::Text, "What it is called in a sentence, where that needs an article: the Philippines."),
        ),
    ];
    let table = Shape::Table(Table { fields: fields.into(), noun: None });
    field(
        Shape::Map(Keys::Free, Box::new(table)),
        "A region: what it is like and called, and in which numbers it differs.",
    )
}

/// Reads a schema as a shape.
struct Reader {
    definitions: Map<String, Value>,
}

impl Reader {
    /// `names` is what texts inside refer to, if a hint above said so.
    fn read(&self, schema: &Value, names: Option<Noun>) -> Shape {
        let get = |key: &str| schema.get(key);
        let names = get("x-names").and_then(Noun::of).or(names);
        if let Some(quantity) = get("x-quantity").and_then(Value::as_str).and_then(Quantity::named) {
            return Shape::Quantity(quantity);
        }
        if let Some(inner) = get("x-by-region") {
            return Shape::ByRegion(Box::new(self.read(inner, names)));
        }
        if get("x-date").is_some() {
            return Shape::Date;
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(choices) = get(key).and_then(Value::as_array) {
                return self.read_choice(choices, names);
            }
        }
        if let Some(words) = get("enum").and_then(Value::as_array) {
            let words = words.iter().filter_map(Value::as_str);
            return Shape::Word(words.map(|word| (word.to_owned(), String::new())).collect());
        }
        let inherited = self.referred(schema);
        if let Some(properties) = get("properties").and_then(Value::as_object) {
            let mut table = self.table(schema, properties);
            if let Some(Shape::Table(more)) = inherited.map(|schema| self.read(schema, names)) {
                table.fields.extend(more.fields);
            }
            return Shape::Table(table);
        }
        if let Some(schema) = inherited {
            return self.read(schema, names);
        }
        if let Some(inner) = get("additionalProperties").filter(|inner| inner.is_object()) {
            let keys = names.map_or(Keys::Free, Keys::Names);
            return Shape::Map(keys, Box::new(self.read(inner, None)));
        }
        match kind(schema) {
            "object" => Shape::Table(Table::default()),
            "array" => Shape::List(Box::new(get("items").map_or(Shape::Text, |items| self.read(items, names)))),
            "boolean" => Shape::Truth,
            "integer" => {
                let most =
                    if get("format").and_then(Value::as_str) == Some("uint32") { u32::MAX.into() } else { i64::MAX };
                Shape::Whole(0, most)
            }
            _ => names.map_or(Shape::Text, Shape::Name),
        }
    }

    /// The definition that a `$ref`, alone or in `allOf`, points to.
    fn referred(&self, schema: &Value) -> Option<&Value> {
        let inner = schema.get("allOf").and_then(Value::as_array).and_then(|all| all.first());
        let path = inner.unwrap_or(schema).get("$ref")?.as_str()?;
        self.definitions.get(path.rsplit('/').next()?)
    }

    /// A choice: something or nothing, one of some words, or one of some tables distinguished by a word.
    fn read_choice(&self, choices: &[Value], names: Option<Noun>) -> Shape {
        let choices: Vec<&Value> = choices.iter().filter(|choice| kind(choice) != "null").collect();
        let tags: Option<Vec<(&'static str, &str)>> = choices.iter().map(|choice| tag(choice)).collect();
        if let Some(tags) = tags.filter(|tags| !tags.is_empty()) {
            let key = tags[0].0;
            let tables = tags.iter().zip(&choices).filter_map(|((_, word), choice)| match self.read(choice, names) {
                Shape::Table(table) => Some(((*word).to_owned(), table)),
                _ => None,
            });
            return Shape::Tagged(key, tables.collect());
        }
        if let [only] = choices.as_slice() {
            return self.read(only, names);
        }
        let doc = |choice: &Value| choice.get("description").and_then(Value::as_str).unwrap_or("").to_owned();
        let mut words = Vec::new();
        for choice in choices {
            if let Some(word) = choice.get("const").and_then(Value::as_str) {
                words.push((word.to_owned(), doc(choice)));
            } else if let Shape::Word(more) = self.read(choice, names) {
                words.extend(more);
            }
        }
        Shape::Word(words)
    }

    fn table(&self, schema: &Value, properties: &Map<String, Value>) -> Table {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |required| required.iter().filter_map(Value::as_str).collect());
        let field = |(key, schema): (&String, &Value)| {
            let doc = schema.get("description").and_then(Value::as_str).unwrap_or("").to_owned();
            let is_required = required.contains(&key.as_str());
            (key.clone(), Field { shape: self.read(schema, None), is_required, doc })
        };
        let noun = schema.get("x-noun").and_then(Value::as_str).map(str::to_owned);
        Table { fields: properties.iter().map(field).collect(), noun }
    }
}

/// The JSON type of a schema, nothing apart.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or(""),
        _ => "",
    }
}

/// The word under "kind" that tells this table from its siblings.
fn tag(schema: &Value) -> Option<(&'static str, &str)> {
    let word = schema.get("properties")?.get("kind")?.get("const")?.as_str()?;
    Some(("kind", word))
}

/// The key under which a setting adds an element to a list.
pub(super) const NEW: &str = "new";

/// The number of an element, where a key is one.
pub(super) fn number(key: &str) -> Option<usize> {
    key.parse().ok().filter(|_| key.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Are the elements of a list of this shape tables?
pub(super) fn is_of_tables(inner: &Shape) -> bool {
    matches!(inner, Shape::Table(_) | Shape::Tagged(..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_follow_the_parameters() {
        let is = |path: &str, words: &str| {
            let found = FILE.at(path).unwrap_or_else(|| panic!("no {path}")).words();
            assert!(found.starts_with(words), "{path}: {found}");
        };
        is("learning.alpha", "a number");
        is("run.tick", "a length of time, for example \"8 weeks\"");
        is("run.seed", "a whole number");
        is("labour.wage.courier.USA", "money per time");
        is("labour.wage.courier", "money per time, for example \"180 USD/month\", or a table by region");
        is("labour.factory_mix.helper.CHN", "a share");
        is("capture.labs.any.licenses", "a list of regions");
        is("robots.class.van.maker", "the name of a region");
        is("law.data_rights", "one of \"none\", \"notice\"");
        is("law.withdrawal", "true or false, or");
        is("policy.0.royalty_rate", "a share");
        is("policy.0.royalty_basis", "one of \"hours\"");
        is("policy.0.from", "a date");
        is("event.0.factor", "a number not below zero");
        is("event.0.occupations.0", "one of \"assembler\"");
        is("operator.0.sites", "one of \"factory\"");
        is("currency.INR", "an exchange rate");
        is("policy.0.label", "a text");
        is("event.0.comment", "a text");
        is("region.IDN.like", "the name of a region");
        is("scenario.title", "a text");
        assert_eq!(FILE.at("learning.alfa"), None);
    }
}
