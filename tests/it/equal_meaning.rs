//! Files of equal meaning are one scenario: a thousand random rewrites of the shipped files, in other units,
//! other orders and other notations, all have the hash of the original.

use crate::common;
use crate::worlds::Dice;
use handover::scenario::load;
use rayon::prelude::*;
use std::path::Path;
use toml::Value;

/// A decimal number as digits and a power of ten.
fn decimal(text: &str) -> Option<(i128, i32)> {
    let text = text.replace('_', "");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    Some((digits, -(fraction.len() as i32)))
}

/// The number times a factor and a power of ten, in one of several notations.
fn written((digits, power): (i128, i32), factor: i128, more: i32, dice: &mut Dice) -> String {
    let (digits, power) = (digits * factor, power + more);
    if power >= 0 || dice.roll(4) == 0 {
        return format!("{digits}e{power}");
    }
    let places = power.unsigned_abs() as usize;
    let sign = if digits < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", digits.abs(), width = places + 1);
    let (whole, fraction) = text.split_at(text.len() - places);
    format!("{sign}{whole}.{fraction}{}", "0".repeat(dice.roll(3)))
}

/// Another way to write "16 %/year" or "64 M persons".
fn quantity(text: &str, dice: &mut Dice) -> Option<String> {
    let (number, unit) = text.split_once(' ')?;
    let number = decimal(number)?;
    // a unit, another one, and by how much the number grows: a factor and a power of ten
    const WAYS: [(&str, &str, i128, i32); 22] = [
        ("%", "pp", 1, 0),
        ("%/year", "/year", 1, -2),
        ("%/year", "% /year", 1, 0),
        ("%/week", "/week", 1, -2),
        ("years", "weeks", 52, 0),
        ("years", "months", 12, 0),
        ("weeks", "days", 7, 0),
        ("weeks", "week", 1, 0),
        ("day", "days", 1, 0),
        ("week", "days", 7, 0),
        ("M persons", "k persons", 1, 3),
        ("M persons", "persons", 1, 6),
        ("k persons", "persons", 1, 3),
        ("persons", "k persons", 1, -3),
        ("bn parcels/year", "M units/year", 1, 3),
        ("USD/month", "USD/year", 12, 0),
        ("USD/month", "kUSD/month", 1, -3),
        ("USD/hour", "kUSD/hour", 1, -3),
        ("USD", "kUSD", 1, -3),
        ("USD/parcel", "USD/unit", 1, 0),
        ("hours/week", "hour/week", 1, 0),
        ("M hours", "hours", 1, 6),
    ];
    let fitting: Vec<_> = WAYS.iter().filter(|(known, ..)| *known == unit).collect();
    if fitting.is_empty() {
        return None;
    }
    let (_, other, factor, power) = fitting[dice.roll(fitting.len())];
    Some(format!("{} {other}", written(number, *factor, *power, dice)))
}

/// A value in TOML, perhaps in another way.
fn value(value: &Value, dice: &mut Dice) -> String {
    match value {
        Value::String(text) => {
            if dice.roll(2) == 0
                && let Some(other) = quantity(text, dice)
            {
                return format!("\"{other}\"");
            }
            // shares may stand without their sign
            if let Some(number) = text.strip_suffix(" %").and_then(decimal).filter(|_| dice.roll(3) == 0) {
                return written(number, 1, -2, dice);
            }
            if text.contains(['\'', '\\']) || dice.roll(2) == 0 { format!("{text:?}") } else { format!("'{text}'") }
        }
        Value::Array(values) => {
            let mut items: Vec<String> = values.iter().map(|item| self::value(item, dice)).collect();
            let are_names = values.iter().all(Value::is_str);
            if are_names {
                dice.shuffle(&mut items);
            }
            format!("[{}]", items.join([", ", ",\n    "][dice.roll(2)]))
        }
        Value::Table(table) => {
            let mut pairs: Vec<String> = table
                .iter()
                .map(|(key, inner)| format!("{} = {}", quoted(key, dice), self::value(inner, dice)))
                .collect();
            dice.shuffle(&mut pairs);
            format!("{{ {} }}", pairs.join(", "))
        }
        Value::Float(number) => format!("{number:?}"),
        Value::Integer(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// A key, perhaps in quotes where it need not be.
fn quoted(key: &str, dice: &mut Dice) -> String {
    let is_bare = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if is_bare && dice.roll(4) > 0 { key.to_owned() } else { format!("\"{key}\"") }
}

/// What stands on a card, alone; a card counts for nothing in what a file means.
fn without_card(value: &Value) -> &Value {
    value.as_table().and_then(|table| table.get("value")).unwrap_or(value)
}

/// Lines of a table, each key by itself or its table in dots.
fn lines(path: &str, table: &toml::Table, dice: &mut Dice, found: &mut Vec<String>) {
    for (key, inner) in table {
        let inner = if dice.roll(2) == 0 { without_card(inner) } else { inner };
        let here = if path.is_empty() { quoted(key, dice) } else { format!("{path}.{}", quoted(key, dice)) };
        match inner {
            Value::Table(deeper) if dice.roll(2) == 0 && !deeper.is_empty() => lines(&here, deeper, dice, found),
            _ => found.push(format!("{here} = {}", value(inner, dice))),
        }
    }
}

/// A file of the same meaning.
pub fn rewrite(table: &toml::Table, dice: &mut Dice) -> String {
    let (mut top, mut sections) = (Vec::new(), Vec::new());
    for (name, section) in table {
        match section {
            Value::Array(entries) if entries.iter().all(Value::is_table) => {
                for entry in entries {
                    let mut body = Vec::new();
                    lines("", entry.as_table().unwrap(), dice, &mut body);
                    dice.shuffle(&mut body);
                    sections.push(format!("[[{name}]] # one of several\n{}\n", body.join("\n")));
                }
            }
            Value::Table(inner) => {
                let mut body = Vec::new();
                if dice.roll(2) == 0 {
                    lines(name, inner, dice, &mut top);
                } else {
                    lines("", inner, dice, &mut body);
                    dice.shuffle(&mut body);
                    sections.push(format!("# {name}\n[{name}]\n{}\n", body.join("\n\n")));
                }
            }
            other => top.push(format!("{name} = {}", value(other, dice))),
        }
    }
    dice.shuffle(&mut top);
    dice.shuffle(&mut sections);
    format!("{}\n\n{}", top.join(" # so\n"), sections.join("\n"))
}

/// The hash of a file that extends a baseline.
fn hash(text: &str, baseline: &str) -> String {
    let reader = |path: &Path| Ok(if path.ends_with("this.toml") { text.to_owned() } else { baseline.to_owned() });
    match load(Path::new("this.toml"), &[], &reader) {
        Ok(scenario) => scenario.hash,
        Err(problems) => panic!("{problems}\n---\n{text}"),
    }
}

#[test]
fn a_thousand_rewrites_of_equal_meaning_have_one_hash() {
    let shipped: Vec<(String, toml::Table)> = common::shipped()
        .into_iter()
        .map(|name| {
            let path = common::root().join("scenarios").join(format!("{name}.toml"));
            (name, std::fs::read_to_string(path).unwrap().parse().unwrap())
        })
        .collect();
    let baseline = std::fs::read_to_string(common::root().join("scenarios/baseline.toml")).unwrap();
    let originals: Vec<String> =
        shipped.iter().map(|(_, table)| hash(&toml::to_string(table).unwrap(), &baseline)).collect();
    let base = shipped.iter().position(|(name, _)| name == "baseline").unwrap();
    (0..1_000).into_par_iter().for_each(|number| {
        let mut dice = Dice(number as u64 * 9_973 + 1);
        dice.roll(2);
        let rewritten_base = rewrite(&shipped[base].1, &mut dice);
        let which = number % shipped.len();
        let (name, table) = &shipped[which];
        let text = if which == base { rewritten_base.clone() } else { rewrite(table, &mut dice) };
        assert_eq!(hash(&text, &rewritten_base), originals[which], "rewrite {number} of {name}:\n{text}");
    });
}

#[test]
fn another_meaning_has_another_hash() {
    // each of these changes one number by its last digit, or one word
    let baseline = std::fs::read_to_string(common::root().join("scenarios/baseline.toml")).unwrap();
    let original = hash(&baseline, "");
    for (before, after) in [
        ("value = 0.34,", "value = 0.340000000000001,"),
        ("seed              = 2 ", "seed              = 3 "),
        ("JPN = \"consent\"", "JPN = \"notice\""),
        ("value.JPN  = \"1253 USD/month\"", "value.JPN  = \"1254 USD/month\""),
        ("technology        = \"moving\"", "technology        = \"frozen\""),
    ] {
        let other = baseline.replacen(before, after, 1);
        assert_ne!(other, baseline, "{before}");
        assert_ne!(hash(&other, ""), original, "{after}");
    }
    // what no number depends on: titles, sources, exchange rates that nobody uses
    for (before, after) in [("authors  = \"handover\"", "authors = \"you\""), ("95 INR/USD", "96 INR/USD")] {
        assert_eq!(hash(&baseline.replacen(before, after, 1), ""), original, "{after}");
    }
}
