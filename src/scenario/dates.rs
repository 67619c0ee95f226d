//! Policies and events against the calendar of the run and against each other: outside the horizon,
//! contradictory, or without any effect.

use super::check::Walk;
use super::describe::in_per_cent;
use super::problem::Problem;
use super::shape::{FILE, Shape};
use super::tree::Entry;
use crate::economy::policy::LEVERS;
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

/// A policy or an event with its dates.
struct Dated<'a> {
    /// Was something left out of it that was wrong?
    is_cut: bool,
    /// Which it is, with what it does: "policy.0 (royalty_rate)".
    name: String,
    entry: &'a Entry,
    from: NaiveDate,
    until: Option<NaiveDate>,
    regions: Option<BTreeSet<&'a str>>,
    occupations: Option<BTreeSet<&'a str>>,
    levers: Vec<(&'a str, &'a Entry)>,
}

/// The label of what begins only after the run.
pub(super) const AFTER_END: &str = "after the end";

/// Checks everything that has a date; trees from `files` on are settings.
pub(super) fn check(merged: &Entry, files: usize, walk: &mut Walk) {
    let Some((start, end)) = horizon(merged) else { return };
    let policies = dated(merged, "policy", walk);
    // whoever tries a few years of a file for once need not take its later laws out
    let is_trial = merged.get("run.years").is_some_and(|years| years.source >= files);
    for policy in policies.iter().chain(&dated(merged, "event", walk)) {
        check_horizon(policy, (start, end), is_trial && policy.entry.source < files, walk);
    }
    for policy in &policies {
        if policy.levers.is_empty() && !policy.is_cut {
            let title = "this policy sets no lever";
            let help = "name at least one key of [law] in it, for example royalty_rate = \"15 %\"";
            walk.report(Problem::at(policy.entry, title).label("changes nothing").help(help));
        }
        for (lever, value) in &policy.levers {
            check_effect(merged, &policies, policy, lever, value, walk);
        }
    }
    for (place, one) in policies.iter().enumerate() {
        for other in &policies[place + 1..] {
            check_pair(one, other, walk);
        }
    }
}

/// First day of the run and first day after it.
pub(super) fn horizon(merged: &Entry) -> Option<(NaiveDate, NaiveDate)> {
    let start: NaiveDate = merged.get("run.start")?.text()?.parse().ok()?;
    let years = number(merged.get("run.years")?)?;
    let days = years * crate::ground::units::WEEKS_PER_YEAR * 7.0;
    if !(0.0..1e7).contains(&days) {
        return None;
    }
    Some((start, start.checked_add_days(Days::new(days.ceil() as u64))?))
}

fn number(entry: &Entry) -> Option<f64> {
    match &entry.node {
        super::tree::Node::Leaf(toml::Value::Float(number)) => Some(*number),
        _ => None,
    }
}

fn dated<'a>(merged: &'a Entry, kind: &str, walk: &mut Walk) -> Vec<Dated<'a>> {
    let entries = merged.get(kind).and_then(Entry::array).unwrap_or(&[]);
    let levers = match FILE.at("law") {
        Some(Shape::Table(table)) => Some(&table.fields),
        _ => None,
    };
    let set = |entry: &'a Entry, key: &str| {
        let list = entry.get(key)?.array()?;
        Some(list.iter().filter_map(Entry::text).collect::<BTreeSet<_>>())
    };
    let dropped = &walk.dropped;
    let read = |(place, entry): (usize, &'a Entry)| {
        let here = format!("{kind}.{place}.");
        let is_lever = |key: &str| levers.is_some_and(|levers| levers.contains_key(key));
        let keys = entry.table().into_iter().flatten().filter(|(key, _)| is_lever(key));
        let levers: Vec<(&str, &Entry)> = keys.map(|(key, value)| (key.as_str(), value)).collect();
        let does: Vec<&str> = match entry.get("kind").and_then(Entry::text) {
            Some(kind) => vec![kind],
            None => levers.iter().map(|(lever, _)| *lever).collect(),
        };
        let called = entry
            .get("label")
            .and_then(Entry::text)
            .map_or_else(String::new, |label| format!("\u{201c}{label}\u{201d}, "));
        Some(Dated {
            name: format!("{kind}.{place} ({called}{})", does.join(", ")),
            is_cut: dropped.iter().any(|path| path.starts_with(&here)),
            entry,
            from: entry.get("from")?.text()?.parse().ok()?,
            until: entry.get("until").and_then(Entry::text).and_then(|text| text.parse().ok()),
            regions: set(entry, "regions"),
            occupations: set(entry, "occupations"),
            levers,
        })
    };
    entries.iter().enumerate().filter_map(read).collect()
}

fn check_horizon(dated: &Dated, (start, end): (NaiveDate, NaiveDate), is_trial: bool, walk: &mut Walk) {
    let Some(from) = dated.entry.get("from") else { return };
    if dated.from >= end {
        let name = if is_trial { &dated.name } else { "this" };
        let title = format!("{name} begins on {}, and the run ends before {end}", dated.from);
        walk.report(match is_trial {
            true => {
                let help = "run.years is shorter here than in the file";
                Problem::at(from, format!("{title}: it never acts")).label(AFTER_END).help(help).warning()
            }
            false => Problem::at(from, title).label(AFTER_END).help("begin earlier, or make run.years larger"),
        });
    } else if dated.from < start && dated.until.is_none_or(|until| until > start) {
        let title = format!("this begins on {}, before the run does on {start}", dated.from);
        walk.report(
            Problem::at(from, title).label("before the start").help("it will be in force from the first day").warning(),
        );
    }
    let (Some(until), Some(entry)) = (dated.until, dated.entry.get("until")) else { return };
    if until <= dated.from {
        let title = format!("this ends on {until}, not after it begins on {}", dated.from);
        walk.report(
            Problem::at(entry, title).label("too early").help("until is the first day on which it no longer holds"),
        );
    } else if until <= start {
        let title = format!("this is over on {until}, before the run begins on {start}");
        walk.report(Problem::at(entry, title).label("before the start").help("move the dates into the run"));
    }
}

/// Two policies that say something different of one lever, in one region, at one time.
fn check_pair(one: &Dated, other: &Dated, walk: &mut Walk) {
    let (first, second) = if one.from <= other.from { (one, other) } else { (other, one) };
    let meets = |a: &Option<BTreeSet<&str>>, b: &Option<BTreeSet<&str>>| match (a, b) {
        (Some(a), Some(b)) => !a.is_disjoint(b),
        _ => true,
    };
    let are_apart = first.until.is_some_and(|until| until <= second.from);
    if are_apart || !meets(&one.regions, &other.regions) || !meets(&one.occupations, &other.occupations) {
        return;
    }
    for (lever, value) in &second.levers {
        let Some((_, before)) = first.levers.iter().find(|(known, _)| known == lever) else { continue };
        let (was, is) = (readable(lever, before), readable(lever, value));
        let title = match was == is {
            true => format!("two policies overlap: both say that {lever} is {is}"),
            false => format!("two policies contradict each other: {lever} is {was} and {is} at one time"),
        };
        let called = [one, other].map(|dated| dated.entry.get("label").and_then(Entry::text));
        let title = match called {
            [Some(one), Some(other)] => format!("{title} (\u{201c}{one}\u{201d} and \u{201c}{other}\u{201d})"),
            _ => title,
        };
        let help = match first.from == second.from {
            true => "write one [[policy]] for both, or give them different regions".to_owned(),
            false => format!("end the earlier one: until = \"{}\", or give them different regions", second.from),
        };
        walk.report(Problem::at_key(value, title).label("the second").help(help));
    }
}

/// A lever that cannot act: it says what holds anyway, or what it modifies is not there.
fn check_effect(merged: &Entry, policies: &[Dated], policy: &Dated, lever: &str, value: &Entry, walk: &mut Walk) {
    let regions: Vec<String> = match (&policy.regions, &walk.regions) {
        (Some(some), _) => some.iter().map(|&region| region.to_owned()).collect(),
        (None, Some(all)) => all.iter().cloned().collect(),
        _ => return,
    };
    let law = |lever: &str, region: &str| {
        let entry = merged.get(&format!("law.{lever}"))?;
        Some(entry.get(region).unwrap_or(entry).shown())
    };
    let is_same = |region: &String| law(lever, region).is_some_and(|known| known == value.shown());
    if !regions.is_empty() && regions.iter().all(is_same) {
        let title = format!("{lever} is {} there anyway: this lever can never act", readable(lever, value));
        walk.report(Problem::at_key(value, title).label("changes nothing").warning());
        return;
    }
    if let Some(needs) = LEVERS.iter().find(|known| known.name == lever).and_then(|known| known.needs) {
        let needed = needs.lever;
        let acts = |shown: String| needs.is_met(&shown);
        let is_needed_somewhere = regions.iter().any(|region| {
            let by_policy = policies
                .iter()
                .filter(|other| other.regions.as_ref().is_none_or(|known| known.contains(region.as_str())));
            let set = by_policy.flat_map(|other| &other.levers).filter(|(known, _)| *known == needed);
            law(needed, region).is_some_and(acts) || set.into_iter().any(|(_, value)| acts(value.shown()))
        });
        if !is_needed_somewhere {
            let title = format!("{lever} acts only where {needed} does, and it does not: this lever can never act");
            let help = format!("set {needed} in the same regions, or leave {lever} out");
            walk.report(Problem::at_key(value, title).label("changes nothing").help(help).warning());
        }
    }
}

/// A lever's value in a sentence.
fn readable(lever: &str, value: &Entry) -> String {
    let text = value.shown();
    in_per_cent(&format!("law.{lever}"), &text).unwrap_or(text)
}
