//! Scenarios in sentences that can be read aloud: what one does differently from another.

use super::shape::{FILE, Shape};
use super::{Origin, Scenario};
use crate::economy::policy::LEVERS;
use crate::ground::words::listed;
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// Keys of a policy or event that say when, where and for whom.
const FRAME: [&str; 8] = ["from", "until", "regions", "occupations", "phase_in", "kind", "label", "comment"];

/// How the second scenario differs from the first, a sentence an entry; nothing if it does not.
pub fn differences(from: &Scenario, to: &Scenario) -> Vec<String> {
    let mut said = Vec::new();
    let base = &from.about.name;
    for list in ["policy", "event", "operator"] {
        let (before, after) = (entries(from, list), entries(to, list));
        let is_new =
            |entry: &&Entry, others: &[Entry]| !others.iter().any(|known| is_same(&known.fields, &entry.fields));
        for entry in after.iter().filter(|entry| is_new(entry, &before)) {
            said.extend(describe(list, entry, to, from));
        }
        for entry in before.iter().filter(|entry| is_new(entry, &after)) {
            let sentences = describe(list, entry, from, from);
            said.extend(sentences.into_iter().map(|sentence| format!("no longer ({list} of {base}): {sentence}")));
        }
    }
    for (code, like) in to.likes.iter().filter(|(code, _)| !from.parameters.regions.contains(code)) {
        let (name, like) = (region(to, code), region(to, like));
        said.push(format!("there is {name} ({code}) too, which is like {like} where nothing below says otherwise"));
    }
    let anew = shared_out(from, to);
    if !anew.is_empty() {
        said.push(format!(
            "shares over regions are shared out anew, each known region giving in proportion ({})",
            listed(&anew)
        ));
    }
    said.extend(changes(from, to));
    said
}

/// Tables of shares in which known regions give to new ones: the same number of the same line, which holds no longer.
fn shared_out(from: &Scenario, to: &Scenario) -> Vec<String> {
    let keys = to.origins.keys().filter(|key| is_shared_out(from, to, key));
    let tables: BTreeSet<&str> = keys.filter_map(|key| Some(key.rsplit_once('.')?.0)).collect();
    tables.into_iter().map(str::to_owned).collect()
}

fn is_shared_out(from: &Scenario, to: &Scenario, key: &str) -> bool {
    match (from.origins.get(key), to.origins.get(key)) {
        (Some(before), Some(after)) if !to.likes.is_empty() => {
            let is_a_share = in_per_cent(key, &after.value).is_some();
            is_a_share && (before.line, &before.written) == (after.line, &after.written) && before.value != after.value
        }
        _ => false,
    }
}

/// Is this a number of a new region that is the same in the region it is like, or of the list of all regions?
fn is_taken_over(from: &Scenario, to: &Scenario, key: &str) -> bool {
    let like = |code: &str| to.likes.get(code).filter(|_| !from.parameters.regions.iter().any(|known| known == code));
    if key == "world.regions" {
        return !to.likes.is_empty();
    }
    let parts: Vec<&str> = key.split('.').collect();
    let is_own = |at: usize| {
        let Some(like) = like(parts[at]) else { return false };
        let mut model = parts.clone();
        model[at] = like;
        let value = |key: &str| to.origins.get(key).map(|origin| &origin.value);
        value(key) == value(&model.join("."))
    };
    key.starts_with("region.") || is_shared_out(from, to, key) || (0..parts.len()).any(is_own)
}

type Fields<'a> = BTreeMap<&'a str, &'a Origin>;

/// One table of a list: its place on the list, its keys and values.
struct Entry<'a> {
    place: usize,
    fields: Fields<'a>,
}

/// The tables of a list.
fn entries<'a>(scenario: &'a Scenario, list: &str) -> Vec<Entry<'a>> {
    let mut found: BTreeMap<usize, Fields> = BTreeMap::new();
    for (path, origin) in &scenario.origins {
        let mut parts = path.splitn(3, '.');
        if let (Some(head), Some(place), Some(key)) = (parts.next(), parts.next(), parts.next())
            && head == list
            && let Ok(place) = place.parse()
        {
            found.entry(place).or_default().insert(key, origin);
        }
    }
    found.into_iter().map(|(place, fields)| Entry { place, fields }).collect()
}

fn is_same(one: &Fields, other: &Fields) -> bool {
    // what it is called changes nothing
    let meaning = |fields: &Fields| -> Vec<(String, String)> {
        let stated = fields.iter().filter(|(key, _)| !["label", "comment"].contains(*key));
        stated.map(|(key, origin)| ((*key).to_owned(), origin.value.clone())).collect()
    };
    meaning(one) == meaning(other)
}

/// A policy, event or operator of a scenario in sentences: one for each key it sets, beside what it was before.
fn describe(list: &str, entry: &Entry, scenario: &Scenario, before: &Scenario) -> Vec<String> {
    let fields = &entry.fields;
    let text = |key: &str| fields.get(key).map(|origin| origin.value.as_str());
    if list == "operator" {
        let (name, persons) = (text("name").unwrap_or(""), fields.get("persons").map_or("", |o| o.written.as_str()));
        let place = text("region").map_or(String::new(), |code| region(scenario, code));
        let sites = text("sites").unwrap_or("");
        return vec![format!("{name}, one operator with {persons} at its {sites}s in {place}, decides as one firm")];
    }
    let label = text("label").map_or_else(String::new, |label| format!("\u{201c}{label}\u{201d}: "));
    let frame = format!("{label}{}", frame(fields, scenario, list == "policy"));
    let comment = text("comment").map_or_else(String::new, |comment| format!(" [{comment}]"));
    let regions: Vec<&str> = text("regions").map_or_else(Vec::new, |list| list.split(", ").collect());
    if list == "event" {
        let says = scenario.happenings.get(entry.place);
        return says.map(|says| format!("{frame}{says}{comment}")).into_iter().collect();
    }
    let levers = fields.iter().filter(|(key, _)| !FRAME.contains(key));
    let sentence = |(lever, origin): (&&str, &&Origin)| {
        let law = law(before, lever, &regions);
        format!("{frame}{} ({law}){comment}", lever_says(lever, origin))
    };
    levers.map(sentence).collect()
}

/// "from January 2029 until January 2030, in India and Vietnam, for couriers, "; a law without regions is
/// one for everywhere, while some events are nowhere in particular.
fn frame(fields: &Fields, scenario: &Scenario, is_law: bool) -> String {
    let text = |key: &str| fields.get(key).map(|origin| origin.value.as_str());
    let mut said = String::new();
    if let Some(from) = text("from") {
        said += &format!("from {}", date(from));
    }
    if let Some(until) = text("until") {
        said += &format!(" until {}", date(until));
    }
    if let Some(months) = fields.get("phase_in") {
        said += &format!(", phased in over {}", months.written);
    }
    match text("regions") {
        Some(list) => said += &format!(", in {}", listed(list.split(", ").map(|code| region(scenario, code)))),
        None if is_law => said += ", everywhere",
        None => {}
    }
    if let Some(list) = text("occupations") {
        said += &format!(", for the occupations {}", listed(list.split(", ").map(words)));
    }
    said + ", "
}

fn lever_says(lever: &str, origin: &Origin) -> String {
    let value = amount(&format!("law.{lever}"), origin);
    match LEVERS.iter().find(|known| known.name == lever).and_then(|known| known.sentence(&origin.value)) {
        Some(says) => says.replace("{}", &value),
        None => format!("{} is {value}", words(lever)),
    }
}

/// What the first scenario's law says of a lever in some regions: "baseline: none".
fn law(from: &Scenario, lever: &str, regions: &[&str]) -> String {
    let base = &from.about.name;
    let path = format!("law.{lever}");
    let mut found: Vec<String> = Vec::new();
    for (key, origin) in &from.origins {
        let place = key.strip_prefix(&path).map(|rest| rest.trim_start_matches('.'));
        let is_here = |place: &str| place.is_empty() || regions.is_empty() || regions.contains(&place);
        if key.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            && place.is_some_and(is_here)
        {
            let value = amount(&path, origin);
            if !found.contains(&value) {
                found.push(value);
            }
        }
    }
    let is_nothing = |value: &String| value == "0 %" || value.starts_with("0 ") || value == "0.0" || value == "0";
    match found.as_slice() {
        [] => format!("not in {base}"),
        [one] if is_nothing(one) => format!("{base}: none"),
        [one] => format!("{base}: {one}"),
        several => format!("{base}: {}", listed(several.iter().cloned())),
    }
}

/// Values outside lists that differ.
fn changes(from: &Scenario, to: &Scenario) -> Vec<String> {
    let is_listed = |key: &str| ["policy", "event", "operator", "currency"].iter().any(|list| key.starts_with(list));
    let keys: BTreeSet<&String> = from.origins.keys().chain(to.origins.keys()).collect();
    let mut by_change: BTreeMap<(String, String, String), Vec<String>> = BTreeMap::new();
    for key in keys.into_iter().filter(|key| !is_listed(key) && !is_taken_over(from, to, key)) {
        let (before, after) = (value_at(from, key), value_at(to, key));
        if before.map(|o| &o.value) == after.map(|o| &o.value) {
            continue;
        }
        let shown = |origin: Option<&Origin>| origin.map_or("not there".into(), |origin| amount(key, origin));
        let (parameter, place) = split_region(key, to);
        let change = (parameter, shown(before), shown(after));
        by_change.entry(change).or_default().extend(place);
    }
    by_change
        .into_iter()
        .map(|((key, before, after), places)| {
            let meaning = super::explain::meaning(&key);
            let about = if meaning.is_empty() { words(&key) } else { meaning };
            let place = if places.is_empty() {
                String::new()
            } else {
                format!(" in {}", listed(places.iter().map(|p| region(to, p))))
            };
            format!("{about}{place} ({key}): {after} ({}: {before})", from.about.name)
        })
        .collect()
}

/// The value of a key, or the one for all regions where the scenario states one.
fn value_at<'a>(scenario: &'a Scenario, key: &str) -> Option<&'a Origin> {
    let above = || key.rsplit_once('.').and_then(|(parent, _)| scenario.origins.get(parent));
    scenario.origins.get(key).or_else(above)
}

/// A key without the region at its end, and that region.
fn split_region(key: &str, scenario: &Scenario) -> (String, Option<String>) {
    match key.rsplit_once('.') {
        Some((parent, last)) if scenario.parameters.regions.iter().any(|region| region == last) => {
            (parent.to_owned(), Some(last.to_owned()))
        }
        _ => (key.to_owned(), None),
    }
}

/// A share in per cent; nothing for a value of another kind.
pub(super) fn in_per_cent(key: &str, value: &str) -> Option<String> {
    let shape = match FILE.at(key)? {
        Shape::ByRegion(inner) => inner,
        other => other,
    };
    let is_share = matches!(shape, Shape::Quantity(quantity) if quantity.name == "Share");
    let share: f64 = value.parse().ok().filter(|_| is_share)?;
    // twelve digits: what a reader can want, without the noise of binary numbers
    Some(format!("{} %", (share * 1e14).round() / 1e12))
}

/// A value as its author wrote it; bare shares in per cent.
fn amount(key: &str, origin: &Origin) -> String {
    if let Some(text) = in_per_cent(key, &origin.value) {
        return text;
    }
    let shape = match FILE.at(key) {
        Some(Shape::ByRegion(inner)) => Some(&**inner),
        other => other,
    };
    match shape {
        Some(Shape::Truth) if origin.value == "true" => "yes".into(),
        Some(Shape::Truth) => "no".into(),
        Some(Shape::Word(_)) => words(&origin.value),
        // what a list holds may be more than its file says
        _ if origin.written.is_empty() || origin.written.starts_with('[') => origin.value.clone(),
        _ => origin.written.clone(),
    }
}

fn date(text: &str) -> String {
    match text.parse::<NaiveDate>() {
        Ok(date) if date.day() == 1 => date.format("%B %Y").to_string(),
        Ok(date) => date.format("%-d %B %Y").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// What a region is called in a sentence.
fn region(scenario: &Scenario, code: &str) -> String {
    scenario.in_words(code).to_owned()
}

fn words(key: &str) -> String {
    key.rsplit('.').next().unwrap_or(key).replace('_', " ")
}
