//! Worlds turned into others whose runs are known to be related.

use crate::worlds::{Dice, World, set, text};
use handover::experiment::run::{Results, run};
use handover::scenario::{Scenario, load};
use std::path::Path;
use toml::{Table, Value};

/// Reads a file of a world.
pub fn scenario(text: &str) -> Result<Scenario, String> {
    scenario_with(text, &[])
}

/// The same with settings on top.
pub fn scenario_with(text: &str, settings: &[String]) -> Result<Scenario, String> {
    let reader = |path: &Path| match path.ends_with("this.toml") {
        true => Ok(text.to_owned()),
        false => Err(std::io::Error::other("there is no other file")),
    };
    load(Path::new("this.toml"), settings, &reader).map_err(|problems| problems.to_string())
}

/// Runs a world; an identity that breaks is an error.
pub fn made(table: &Table) -> Result<Results, String> {
    run(&scenario(&text(table))?, |_| true).map_err(|stopped| format!("{stopped:?}"))
}

/// The same with a value set.
pub fn with(table: &Table, key: &str, value: Value) -> Table {
    let mut table = table.clone();
    set(&mut table, key, value);
    table
}

/// The value of a key in dots.
pub fn get<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    let (section, rest) = key.split_once('.')?;
    rest.split('.').try_fold(table.get(section)?, |value, part| value.get(part))
}

/// A longer run.
pub fn longer(table: &Table) -> Table {
    let years = get(table, "run.years").and_then(Value::as_float).expect("a world says how long it runs");
    with(table, "run.years", Value::Float(years + 0.5))
}

/// The regions in the opposite order.
pub fn reversed(table: &Table) -> Table {
    let mut regions = get(table, "world.regions").and_then(Value::as_array).expect("regions").clone();
    regions.reverse();
    with(table, "world.regions", Value::Array(regions))
}

/// No failure is ever unlearnt, and there are no robots at the start.
pub fn without_capability(table: &Table) -> Table {
    let mut table = table.clone();
    for family in ["handling", "handover", "assembly", "machining", "toolmaking"] {
        set(&mut table, &format!("learning.irreducible.{family}"), Value::String("100 %".to_owned()));
    }
    for class in ["van", "sidewalk", "amr", "manipulator"] {
        set(&mut table, &format!("robots.class.{class}.fleet_at_start"), Value::Integer(0));
    }
    table
}

/// No royalty is due anywhere, ever.
pub fn without_royalty(table: &Table) -> Table {
    let mut table = with(table, "law.royalty_rate", Value::String("0 %".to_owned()));
    if let Some(policies) = table.get_mut("policy").and_then(Value::as_array_mut) {
        policies.iter_mut().filter_map(Value::as_table_mut).for_each(|policy| drop(policy.remove("royalty_rate")));
        // a policy that sets nothing is none
        let says = ["from", "until", "regions"];
        let sets =
            |policy: &Value| policy.as_table().is_some_and(|p| p.keys().any(|key| !says.contains(&key.as_str())));
        policies.retain(sets);
    }
    table
}

/// Every name of a region, as key or as text, by another name.
pub fn renamed(table: &Table, world: &World) -> Table {
    let new = |name: &str| world.regions.iter().any(|region| region == name).then(|| format!("N{name}"));
    fn turned(value: &Value, new: &impl Fn(&str) -> Option<String>) -> Value {
        match value {
            Value::Table(table) => {
                let turn = |(key, value): (&String, &Value)| (new(key).unwrap_or(key.clone()), turned(value, new));
                Value::Table(table.iter().map(turn).collect())
            }
            Value::Array(values) => Value::Array(values.iter().map(|value| turned(value, new)).collect()),
            Value::String(text) => Value::String(new(text).unwrap_or(text.clone())),
            other => other.clone(),
        }
    }
    table.iter().map(|(section, value)| (section.clone(), turned(value, &new))).collect()
}

/// The name of the region in which nobody lives.
pub const NOBODY: &str = "NOBODY";

/// A region more, in which nobody works, to which nobody sells and which owns nothing; some place among the others.
pub fn with_nobody(table: &Table, world: &World, dice: &mut Dice) -> Table {
    fn grown(value: &mut Value, regions: &[String]) {
        let Some(table) = value.as_table_mut() else { return };
        table.iter_mut().for_each(|(_, inner)| grown(inner, regions));
        if regions.iter().all(|region| table.contains_key(region)) {
            let first = table[&regions[0]].clone();
            table.insert(NOBODY.to_owned(), first);
        }
    }
    let mut table = table.clone();
    for (section, value) in &mut table {
        if section != "currency" {
            grown(value, &world.regions);
        }
    }
    let nobody = |key: &str, table: &mut Table, value: Value| set(table, &format!("{key}.{NOBODY}"), value);
    for people in ["manufacturing", "pickers", "couriers"] {
        nobody(&format!("labour.{people}"), &mut table, Value::String("0 persons".to_owned()));
    }
    nobody("demand.parcels", &mut table, Value::String("1000 parcels/week".to_owned()));
    for class in ["van", "sidewalk", "amr", "manipulator"] {
        nobody(&format!("robots.class.{class}.fleet_at_start"), &mut table, Value::Integer(0));
    }
    nobody("settlement.ownership", &mut table, Value::Float(0.0));
    nobody("demand.market_weights", &mut table, Value::Float(0.0));
    for region in &world.regions {
        set(&mut table, &format!("trade.exports.{region}.{NOBODY}"), Value::Float(0.0));
    }
    let to_first = Table::from_iter([(world.regions[0].clone(), Value::Float(1.0))]);
    nobody("trade.exports", &mut table, Value::Table(to_first));
    let mut regions: Vec<Value> = get(&table, "world.regions").and_then(Value::as_array).expect("regions").clone();
    regions.insert(dice.roll(regions.len() + 1), Value::String(NOBODY.to_owned()));
    set(&mut table, "world.regions", Value::Array(regions));
    // some lab licenses there, so that somebody does
    let labs = table["capture"]["labs"].as_table_mut().expect("labs");
    let licences =
        labs.iter_mut().find_map(|(_, lab)| lab.get_mut("licenses")?.as_array_mut().filter(|all| !all.is_empty()));
    licences.expect("a lab that licenses").push(Value::String(NOBODY.to_owned()));
    table
}

/// A number times a factor, with its unit if it has one.
fn times(value: &Value, factor: f64) -> Value {
    match value {
        Value::Integer(number) => Value::Float(*number as f64 * factor),
        Value::Float(number) => Value::Float(number * factor),
        Value::String(text) => {
            let (number, unit) = text.split_once(' ').expect("a number and a unit");
            let number: f64 = number.replace('_', "").parse().unwrap_or_else(|_| panic!("{text}"));
            Value::String(format!("{} {unit}", number * factor))
        }
        other => panic!("{other} is no number"),
    }
}

/// Values for which `is_meant` holds, by their key and what they say, times a factor.
fn scaled(table: &Table, factor: f64, is_meant: &impl Fn(&str, &Value) -> bool) -> Table {
    fn turned(value: &Value, key: &str, factor: f64, is_meant: &impl Fn(&str, &Value) -> bool) -> Value {
        match value {
            Value::Table(table) => {
                let turn = |(name, inner): (&String, &Value)| {
                    (name.clone(), turned(inner, &format!("{key}.{name}"), factor, is_meant))
                };
                Value::Table(table.iter().map(turn).collect())
            }
            leaf if is_meant(key, leaf) => times(leaf, factor),
            other => other.clone(),
        }
    }
    table.iter().map(|(section, value)| (section.clone(), turned(value, section, factor, is_meant))).collect()
}

/// Every amount of money twice as large.
pub fn with_twice_the_money(table: &Table) -> Table {
    const CURRENCIES: [&str; 8] = ["USD", "CNY", "INR", "EUR", "VND", "BDT", "MXN", "JPY"];
    let is_money = |key: &str, value: &Value| {
        let Some(text) = value.as_str().filter(|_| !key.starts_with("currency")) else { return false };
        let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let mut words = text.split([' ', '/']).skip(1);
        is_number && words.any(|word| CURRENCIES.contains(&word) || CURRENCIES.contains(&word.trim_start_matches('k')))
    };
    scaled(table, 2.0, &is_money)
}

/// Everything of which there is more where there are more people, twice; each agent stands for twice as many.
pub fn with_twice_the_people(table: &Table) -> Table {
    const MORE: [&str; 11] = [
        "run.persons_per_agent",
        "run.robots_per_agent",
        "labour.manufacturing",
        "labour.pickers",
        "labour.couriers",
        "demand.parcels",
        "sites.persons_per_site",
        "capture.path.at_start",
        "capture.budget",
        "capture.stock_at_start",
        "learning.scale",
    ];
    const OF_CLASSES: [&str; 4] = ["fleet_at_start", "ever_made", "capacity", "capacity_step"];
    let is_more = |key: &str, _: &Value| {
        let of_class = key.strip_prefix("robots.class.").and_then(|rest| rest.split('.').nth(1));
        MORE.iter().any(|more| key.strip_prefix(more).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
            || of_class.is_some_and(|name| OF_CLASSES.contains(&name))
    };
    scaled(table, 2.0, &is_more)
}
