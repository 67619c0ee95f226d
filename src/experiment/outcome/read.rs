//! How the line of one metric or headline is read, and what is said of a wrong one.

use super::words::{adds_up, items};
use super::{Day, History, Kind, Reduction, Span, forms};
use crate::economy::policy::Clock;
use crate::experiment::compare::headlines::of_one_run;
use crate::ground::list::Listed;
use crate::observe::indicators::Metric;
use crate::scenario::{Scenario, nearest};
use chrono::{Datelike, Months, NaiveDate};

pub(super) const EXAMPLE: &str = "write for example \"last(unemployment_rate[USA])\"";

type Read<T> = Result<T, String>;

/// Reads the whole line.
pub(super) fn outcome(text: &str, scenario: &Scenario) -> Read<Kind> {
    let text = text.trim();
    let Some((form, rest)) = text.split_once('(').filter(|(form, _)| !form.contains('[')) else {
        return Ok(Kind::Metric(Reduction::Last, history(text, scenario)?));
    };
    let form = form.trim();
    let inside =
        rest.trim_end().strip_suffix(')').ok_or_else(|| format!("{text:?} has no \")\" at its end; {EXAMPLE}"))?;
    let parts = arguments(inside);
    let (first, second) = match parts.as_slice() {
        [first] => (*first, None),
        [first, second] => (*first, Some(*second)),
        _ => {
            return Err(format!("{text:?}: {form} takes at most two arguments, {} were given; {EXAMPLE}", parts.len()));
        }
    };
    let needs = |example: &str| {
        second.ok_or_else(|| format!("{text:?}: {form} needs two arguments; write for example {example:?}"))
    };
    let reduction: fn(Span) -> Reduction = match form {
        "last" if second.is_some() => {
            let help = "at(2031-12, METRIC[REGION]) asks for a date, mean(METRIC[REGION], 2030-01..2031-12) for a span";
            return Err(format!("{text:?}: last takes a metric alone; {help}"));
        }
        "last" => return Ok(Kind::Metric(Reduction::Last, history(first, scenario)?)),
        "at" => {
            let of = needs("at(2031-12, unemployment_rate[USA])")?;
            let history = history(of, scenario)?;
            return Ok(Kind::Metric(Reduction::At(day_within(first, scenario)?), history));
        }
        "first_above" | "first_below" => {
            let threshold = needs(&format!("{form}(absorbed[CHN], 1000000)"))?;
            let history = history(first, scenario)?;
            let threshold = number(threshold, history.metric.unit())?;
            let reduction = if form == "first_above" { Reduction::FirstAbove } else { Reduction::FirstBelow };
            return Ok(Kind::Metric(reduction(threshold), history));
        }
        "headline" if second.is_none() => return headline(first, scenario),
        "peak" => Reduction::Peak,
        "low" => Reduction::Low,
        "mean" => Reduction::Mean,
        "sum" => Reduction::Sum,
        _ => {
            let meant = did_you_mean(form, forms::words());
            let all = forms::words().collect::<Vec<_>>().join(", ");
            return Err(format!("{form:?} is not one of {all}{meant}; {EXAMPLE}"));
        }
    };
    let history = history(first, scenario)?;
    let metric = history.metric;
    if form == "sum" && !metric.is_flow() {
        return Err(format!(
            "{text:?}: {metric} is no flow, its records do not add up; write mean({history}) or last({history})"
        ));
    }
    let span = second.map_or(Ok(Span::default()), |span| span_within(span, scenario))?;
    Ok(Kind::Metric(reduction(span), history))
}

/// What stands between commas outside brackets.
pub(super) fn arguments(inside: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (at, letter) in inside.char_indices() {
        match letter {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(inside[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inside[start..].trim());
    parts
}

fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near: Vec<String> = nearest::rank(word, known).into_iter().map(str::to_owned).collect();
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", nearest::either(&near)) }
}

/// Reads `metric[REGION]` or `metric[REGION, item]`.
pub(super) fn history(text: &str, scenario: &Scenario) -> Read<History> {
    let parameters = &scenario.parameters;
    let place = text.trim().strip_suffix(']').and_then(|head| head.split_once('['));
    let Some((metric, place)) = place else {
        let name = text.trim();
        let is_metric = Metric::named(name).is_some();
        let example = if is_metric { format!("write for example \"{name}[USA]\"") } else { EXAMPLE.to_owned() };
        return Err(format!("{text:?} names no region in brackets; {example}"));
    };
    let metric = metric.trim();
    let (region, item) = place.split_once(',').map_or((place, None), |(region, item)| (region, Some(item.trim())));
    let region = region.trim();
    let Some(metric) = Metric::named(metric) else {
        let meant = did_you_mean(metric, Metric::ALL.iter().map(|metric| metric.name()));
        return Err(format!("there is no metric {metric:?}{meant}"));
    };
    let is_world = region == "all";
    if !is_world && !parameters.regions.iter().any(|known| known == region) {
        let meant = did_you_mean(region, parameters.regions.iter().map(String::as_str));
        return Err(format!(
            "there is no region {region:?}{meant}{} the scenario has {}",
            if meant.is_empty() { ";" } else { "" },
            parameters.regions.join(", ")
        ));
    }
    if is_world && !adds_up(metric) {
        let all = &parameters.regions;
        let example = format!("name one region, for example {metric}[{}]", all.first().map_or("", String::as_str));
        return Err(format!("{metric} is measured in {:?} and does not add up over regions; {example}", metric.unit()));
    }
    let known = items(metric, Some(region).filter(|_| !is_world), parameters);
    let item = match item {
        Some(item) if known.iter().any(|known| known == item) => item.to_owned(),
        Some(item) => {
            let meant = did_you_mean(item, known.iter().map(String::as_str));
            return Err(format!("{metric} in {region} has no item {item:?}{meant}; {}", listed(&known)));
        }
        None => match known.first() {
            Some(usual) if usual == "all" || usual == "region" => usual.clone(),
            Some(first) => {
                let help = format!("write for example {metric}[{region}, {first}]");
                return Err(format!("{metric} is split; {help}; {}", listed(&known)));
            }
            None => return Err(format!("{metric} is not recorded in {region}; {}", listed(&known))),
        },
    };
    Ok(History { metric, region: region.to_owned(), item })
}

fn listed(items: &[String]) -> String {
    if items.is_empty() { "no lab is at home there".to_owned() } else { format!("its items are {}", items.join(", ")) }
}

/// Reads `name` or `name[REGION]` of a headline.
fn headline(text: &str, scenario: &Scenario) -> Read<Kind> {
    let (name, region) = match text.strip_suffix(']').and_then(|head| head.split_once('[')) {
        Some((name, region)) => (name.trim(), Some(region.trim()).filter(|region| *region != "all")),
        None => (text.trim(), None),
    };
    if name.starts_with("income_") {
        let help = "handover compare has it; here, use for example headline(compensation_filmed)";
        return Err(format!(
            "the headline {name:?} compares lives in two worlds and cannot be computed from one run; {help}"
        ));
    }
    let Some((name, _, unit)) = of_one_run().find(|about| about.0 == name) else {
        let meant = did_you_mean(name, of_one_run().map(|about| about.0));
        let all: Vec<&str> = of_one_run().map(|about| about.0).collect();
        return Err(format!("there is no headline {name:?}{meant}; there are {}", all.join(", ")));
    };
    if let Some(region) = region.filter(|region| !scenario.parameters.regions.iter().any(|known| known == region)) {
        let regions = &scenario.parameters.regions;
        let meant = did_you_mean(region, regions.iter().map(String::as_str));
        return Err(format!("there is no region {region:?}{meant}; the scenario has {}", regions.join(", ")));
    }
    Ok(Kind::Headline(name, unit, region.map(str::to_owned)))
}

/// Reads a threshold in the unit of its metric; a share may be given in per cent.
pub(super) fn number(text: &str, unit: &str) -> Read<f64> {
    let percent = text.strip_suffix('%').filter(|_| unit == "share");
    let plain = percent.or_else(|| text.strip_suffix(unit)).unwrap_or(text).trim();
    let number: f64 = plain.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| {
        let example = if unit == "share" { "8 %" } else { "1000000" };
        format!("{text:?} is not a number in {unit:?}; write for example {example}")
    })?;
    Ok(if percent.is_some() { number / 100.0 } else { number })
}

/// Reads a day or a month.
fn day(text: &str) -> Read<Day> {
    let wrong = || format!("{text:?} is not a date; write for example 2031-12 or 2031-12-15");
    let is_month = text.len() == 7;
    let full = if is_month { format!("{text}-01") } else { text.to_owned() };
    let first: NaiveDate = full.parse().map_err(|_| wrong())?;
    if !(1..=9999).contains(&first.year()) {
        return Err(wrong());
    }
    let last =
        if is_month { first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()) } else { Some(first) };
    Ok(Day { first, last: last.ok_or_else(wrong)?, text: text.to_owned() })
}

/// A day that the scenario lives to see.
fn day_within(text: &str, scenario: &Scenario) -> Read<Day> {
    let (day, clock) = (day(text)?, Clock::of(&scenario.parameters.run));
    let (start, end) = (clock.start, clock.end());
    if day.first >= end || day.last < start {
        return Err(format!("{text} is outside the run, which goes from {start} to {end}"));
    }
    Ok(day)
}

/// Reads `FROM..UNTIL`, where either may be left out.
pub(super) fn span_within(text: &str, scenario: &Scenario) -> Read<Span> {
    let example = "write for example 2030-01..2034-12, ..2034-12 or 2030-01..";
    let (from, until) = text.split_once("..").ok_or_else(|| format!("{text:?} is not a span of time; {example}"))?;
    let one = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| day_within(text, scenario)).transpose()
    };
    let span = Span { from: one(from)?, until: one(until)? };
    match (&span.from, &span.until) {
        (None, None) => Err(format!("{text:?} is open on both sides; leave it out, or {example}")),
        (Some(from), Some(until)) if from.first > until.last => {
            Err(format!("{text:?} ends before it begins; {example}"))
        }
        _ => Ok(span),
    }
}
