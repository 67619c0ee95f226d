//! Small random worlds, from one generator: the fuzz target `world` runs them, and `tests/it/relations.rs` holds runs of
//! them against each other.
//!
//! A world is the baseline, of one to three of its regions, coarse and short, with a handful of changes: other rules,
//! other numbers, a law, an event. It is named by a number, and the same number is the same world on any machine.

// the fuzz target uses less of it than the tests do
#![allow(dead_code)]

use toml::{Table, Value};

/// A small generator of its own: which worlds are tried must not depend on the model's random numbers.
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 to before the number of sides.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    /// Another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.roll(last + 1));
        }
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.roll(list.len())]
    }
}

/// What every world states: how fine, how long.
const ALWAYS: [(&str, &[&str]); 5] = [
    ("run.persons_per_agent", &["\"100000 persons\"", "\"200000 persons\"", "\"400000 persons\""]),
    ("run.spin_up", &["\"4 weeks\"", "\"8 weeks\"", "\"16 weeks\""]),
    ("run.years", &["0.5", "1.0", "1.5"]),
    ("run.least_agents", &["0"]),
    ("run.panel", &["0"]),
];

/// What a world may change, each with values to choose from: rules, numbers, law.
const PERHAPS: [(&str, &[&str]); 46] = [
    ("run.technology", &["\"frozen\""]),
    ("people.skill_sigma", &["0.25", "0.45"]),
    ("demography.leaving", &["\"0 %/year\"", "\"5 %/year\""]),
    ("demography.growth", &["\"0 %/year\"", "\"2 %/year\"", "\"-1 %/year\""]),
    ("sites.size_sigma", &["0.0", "1.2"]),
    ("sites.margin", &["\"2 %\"", "\"12 %\""]),
    ("labour.unemployment", &["\"3 %\"", "\"6 %\"", "\"12 %\""]),
    ("labour.job_finding", &["\"2 %/week\"", "\"8 %/week\""]),
    ("labour.new_tasks", &["\"0 %\"", "\"50 %\""]),
    ("labour.matching_elasticity", &["0.3", "0.7"]),
    ("wages.curve", &["0.0", "-0.15"]),
    ("wages.matched", &["\"0 %\"", "\"50 %\""]),
    ("staffing.excess", &["\"at_start\""]),
    ("staffing.crew_hours", &["\"own\""]),
    ("staffing.tolerated_share", &["\"0 %\""]),
    ("demand.noise", &["\"1 %\"", "\"10 %\""]),
    ("demand.omega", &["\"0 %\"", "\"50 %\""]),
    ("demand.pass_through", &["\"0 %\"", "\"100 %\""]),
    ("trade.demand", &["\"own_price\""]),
    ("trade.origin_substitution", &["1.5", "4.0"]),
    ("trade.input_share", &["\"0 %\"", "\"60 %\""]),
    ("capture.recruiting", &["\"shortfall\""]),
    ("capture.path.rule", &["\"constant\""]),
    ("capture.news.sources", &["\"endless\""]),
    ("capture.buying.rule", &["\"budget\""]),
    ("capture.pay.rule", &["\"reservation\""]),
    ("consent.answer", &["\"utility\""]),
    ("learning.alpha", &["0.2", "0.45"]),
    ("learning.form", &["\"log_linear\""]),
    ("learning.release_interval", &["\"4 weeks\"", "\"26 weeks\""]),
    ("learning.experts.rule", &["\"none\""]),
    ("learning.teachers.rule", &["\"none\""]),
    ("learning.pooling", &["\"50 %\"", "\"100 %\""]),
    ("robots.supervisors", &["\"outside\""]),
    ("robots.deliveries", &["\"at_once\""]),
    ("robots.adopters", &["\"ever\""]),
    ("robots.licensing", &["\"territories\""]),
    ("robots.innovation", &["\"0 %/year\"", "\"50 %/year\""]),
    ("robots.hurdle", &["\"1 years\"", "\"10 years\""]),
    ("law.royalty_rate", &["\"5 %\"", "\"30 %\""]),
    ("law.royalty_basis", &["\"hours\"", "\"equal\"", "\"collective\""]),
    ("law.data_rights", &["\"none\"", "\"consent\"", "\"bargaining\""]),
    ("law.robot_tax", &["\"10 %\""]),
    ("law.citizen_dividend", &["\"10 %\""]),
    ("law.training_places", &["\"2 %\""]),
    ("settlement.subsistence", &["\"0 %\"", "\"60 %\""]),
];

/// Laws with a date, and events; REGION is the first region.
const DATED: [(&str, &str); 8] = [
    ("policy", "{ from = \"2027-02\", royalty_rate = \"20 %\" }"),
    ("policy", "{ from = \"2027-03\", until = \"2027-05\", data_rights = \"ban\" }"),
    ("policy", "{ from = \"2027-02\", regions = [\"REGION\"], robot_tax = \"5 %\", recycling = \"dividend\" }"),
    ("policy", "{ from = \"2027-02-15\", withdrawal = true }"),
    ("policy", "{ from = \"2027-03\", buyers_charge = \"1 %\" }"),
    (
        "event",
        "{ kind = \"demand_shock\", from = \"2027-02\", until = \"2027-05\", regions = [\"REGION\"], factor = 0.8 }",
    ),
    (
        "event",
        "{ kind = \"natural_disaster\", from = \"2027-03\", until = \"2027-04\", regions = [\"REGION\"], share = \"30 %\" }",
    ),
    (
        "event",
        "{ kind = \"strike\", from = \"2027-02\", until = \"2027-06\", regions = [\"REGION\"], most_skilled = \"30 %\" }",
    ),
];

/// A change of the baseline: where, and the value as TOML has it. A list gets one entry more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// A small world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The number it was drawn by, which is also its seed.
    pub number: u64,
    /// Its regions, of those of the baseline.
    pub regions: Vec<String>,
    /// What it changes.
    pub changes: Vec<Change>,
}

/// The value that a text of TOML says.
fn read(text: &str) -> Value {
    let table: Table = format!("value = {text}").parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    table["value"].clone()
}

impl World {
    /// The world of a number.
    pub fn drawn(number: u64, regions: &[String]) -> World {
        let mut dice = Dice(number.wrapping_mul(9_973).wrapping_add(17));
        dice.roll(2);
        let mut order = regions.to_vec();
        dice.shuffle(&mut order);
        order.truncate([1, 2, 2, 2, 3][dice.roll(5)]);
        let change = |key: &str, value: &str| Change { key: key.to_owned(), value: value.to_owned() };
        let mut changes: Vec<Change> =
            ALWAYS.iter().map(|(key, values)| change(key, dice.pick::<&str>(values))).collect();
        let mut perhaps: Vec<usize> = (0..PERHAPS.len()).collect();
        dice.shuffle(&mut perhaps);
        let count = 2 + dice.roll(7);
        changes.extend(perhaps[..count].iter().map(|&n| change(PERHAPS[n].0, dice.pick::<&str>(PERHAPS[n].1))));
        for _ in 0..dice.roll(3) {
            let (key, value) = dice.pick(&DATED);
            let value = value.replace("REGION", &order[0]);
            if !changes.iter().any(|known| known.value == value) {
                changes.push(change(key, &value));
            }
        }
        World { number, regions: order, changes }
    }

    /// As a file: the baseline without cards and without other regions, and what the world changes.
    pub fn table(&self, baseline: &Table) -> Table {
        let all: Vec<String> = names(&without_cards(&Value::Table(baseline.clone()))["world"]["regions"]);
        let mut table = Table::new();
        for (section, value) in baseline {
            let value = without_cards(value);
            let value = if section == "currency" { value } else { self.pruned(&value, &all) };
            table.insert(section.clone(), value);
        }
        set(&mut table, "run.seed", Value::Integer(self.number as i64 % 1_000_000));
        set(&mut table, "world.regions", list(&self.regions));
        set(&mut table, "demand.market_weights", self.shares());
        set(&mut table, "settlement.ownership", self.shares());
        set(&mut table, "trade.exports", self.exports());
        for Change { key, value } in &self.changes {
            let value = read(value);
            match key.as_str() {
                "policy" | "event" => {
                    let entries = table.entry(key.clone()).or_insert_with(|| Value::Array(Vec::new()));
                    entries.as_array_mut().expect("a list of tables").push(value);
                }
                _ => set(&mut table, key, value),
            }
        }
        table
    }

    /// Without what is of other regions; what only names one of them names the first.
    fn pruned(&self, value: &Value, all: &[String]) -> Value {
        let is_other = |name: &str| all.iter().any(|known| known == name) && !self.regions.iter().any(|r| r == name);
        match value {
            Value::Table(table) => {
                let mine = table.iter().filter(|(key, _)| !is_other(key));
                Value::Table(mine.map(|(key, value)| (key.clone(), self.pruned(value, all))).collect())
            }
            Value::Array(values) => {
                let mine = values.iter().filter(|value| !value.as_str().is_some_and(is_other));
                Value::Array(mine.map(|value| self.pruned(value, all)).collect())
            }
            Value::String(text) if is_other(text) => Value::String(self.regions[0].clone()),
            other => other.clone(),
        }
    }

    /// Shares of the regions that add up to 1.
    fn shares(&self) -> Value {
        let share = |n: usize| match (self.regions.len(), n) {
            (1, _) => 1.0,
            (2, _) | (3, 0) => 0.5,
            _ => 0.25,
        };
        let shares = self.regions.iter().enumerate();
        Value::Table(shares.map(|(n, region)| (region.clone(), Value::Float(share(n)))).collect())
    }

    /// Everybody sells to all others alike; who is alone sells to nobody, and has no line.
    fn exports(&self) -> Value {
        let others = |origin: &String| {
            let to = self.regions.iter().filter(|region| *region != origin);
            Value::Table(to.map(|region| (region.clone(), Value::Float(1.0))).collect())
        };
        let origins = self.regions.iter().filter(|_| self.regions.len() > 1);
        Value::Table(origins.map(|region| (region.clone(), others(region))).collect())
    }

    /// As it is kept.
    pub fn kept(&self, relation: &str) -> String {
        let mut out = format!("relation = {relation:?}\nnumber = {}\nregions = {}\n", self.number, list(&self.regions));
        for Change { key, value } in &self.changes {
            out += &format!("\n[[change]]\nkey = {key:?}\nvalue = '{value}'\n");
        }
        out
    }

    /// What was kept: the relation that failed, and the world in which it did.
    pub fn read(text: &str) -> (String, World) {
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{error}"));
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let changes = table.get("change").and_then(Value::as_array).into_iter().flatten();
        let changes = changes.map(|change| Change { key: text(&change["key"]), value: text(&change["value"]) });
        let number = table["number"].as_integer().expect("a number") as u64;
        (text(&table["relation"]), World { number, regions: names(&table["regions"]), changes: changes.collect() })
    }
}

/// Texts of a list.
pub fn names(value: &Value) -> Vec<String> {
    let texts = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn list(names: &[String]) -> Value {
    Value::Array(names.iter().cloned().map(Value::String).collect())
}

/// Values without range, grade and source.
fn without_cards(value: &Value) -> Value {
    match value {
        Value::Table(table) => match table.get("value") {
            Some(value) => without_cards(value),
            None => Value::Table(table.iter().map(|(key, value)| (key.clone(), without_cards(value))).collect()),
        },
        Value::Array(values) => Value::Array(values.iter().map(without_cards).collect()),
        other => other.clone(),
    }
}

/// Sets the value of a key in dots.
pub fn set(table: &mut Table, key: &str, value: Value) {
    let (mut here, mut rest) = (table, key);
    while let Some((first, more)) = rest.split_once('.') {
        here = here.entry(first).or_insert_with(|| Value::Table(Table::new())).as_table_mut().expect("a table");
        rest = more;
    }
    here.insert(rest.to_owned(), value);
}

/// The text of a file.
pub fn text(table: &Table) -> String {
    toml::to_string(table).expect("a table is TOML")
}
