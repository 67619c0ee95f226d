//! Lengths and dates against the ticks of the run: what is no whole number of ticks, and what begins and
//! ends between two of them. Every command that reads a scenario comes through here, so that none refuses
//! what another lets pass.

use super::check::Walk;
use super::dates::horizon;
use super::problem::Problem;
use super::tree::Entry;
use crate::economy::Parameters;
use crate::economy::policy::RunParameters;
use crate::economy::policy::{Clock, Date, Event};
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::sample;
use chrono::NaiveDate;

/// How far a number of ticks may miss a whole one: what binary numbers lose.
const ROUNDING: f64 = 1e-9;

/// Is this a whole number of ticks, and at least one?
///
/// # Errors
/// What it is instead, and after a semicolon what could be written.
pub fn whole_ticks(weeks: f64, tick: f64) -> Result<(), String> {
    let ticks = weeks / tick;
    if ticks >= 1.0 - ROUNDING && (ticks - ticks.round()).abs() <= ROUNDING * ticks.max(1.0) {
        return Ok(());
    }
    let (below, above) = (ticks.floor() * tick, (ticks.floor() + 1.0) * tick);
    let near =
        if below > 0.0 { format!("{:?} or {:?}", span(below), span(above)) } else { format!("{:?}", span(above)) };
    Err(format!("{} is not a whole number of ticks, and a tick is {}; write {near}", span(weeks), span(tick)))
}

/// "1 week", "10 days": a length as a file has it.
fn span(weeks: f64) -> String {
    let (days, is_whole) = ((weeks * 7.0).round(), (weeks - weeks.round()).abs() < ROUNDING);
    let (number, unit) = if is_whole { (weeks.round(), "week") } else { (days, "day") };
    match () {
        () if !is_whole && (weeks * 7.0 - days).abs() > ROUNDING => format!("{weeks} weeks"),
        () if number == 1.0 => format!("1 {unit}"),
        () => format!("{number} {unit}s"),
    }
}

/// Checks every length and date of a scenario.
pub(super) fn check(parameters: &Parameters, merged: &Entry, walk: &mut Walk) {
    check_run(parameters, merged, walk);
    let clock = Clock::of(&parameters.run);
    let end = horizon(merged).map_or(clock.end(), |(_, end)| end);
    for (place, policy) in parameters.policies.iter().enumerate() {
        let moves = policy.phase_in.is_some_and(|span| span.0 > 0.0);
        check_window(
            &clock,
            &parameters.run,
            end,
            (policy.from, policy.until, moves),
            merged.get(&format!("policy.{place}")),
            walk,
        );
    }
    for (place, event) in parameters.events.iter().map(Event::happening).enumerate() {
        let dates = (event.from(), event.until(), false);
        check_window(&clock, &parameters.run, end, dates, merged.get(&format!("event.{place}")), walk);
    }
}

fn check_run(parameters: &Parameters, merged: &Entry, walk: &mut Walk) {
    let run = &parameters.run;
    let tick = run.tick.0;
    let mut say = |key: &str, words: String, is_warning: bool| {
        let entry = merged.deepest(&format!("run.{key}")).0.latest();
        let (title, help) = words.split_once("; ").unwrap_or((&words, ""));
        let problem = Problem::at(entry, format!("run.{key}: {title}")).label("here").help(help);
        walk.report(if is_warning { problem.warning() } else { problem });
    };
    let ticks = run.years.0 * WEEKS_PER_YEAR / tick;
    let lived = ticks.round() * tick;
    if lived <= 0.0 {
        let words = format!("{} years are less than half a tick, and nothing would happen; write more", run.years.0);
        say("years", words, false);
    } else if (ticks - ticks.round()).abs() > 1e-6 {
        say(
            "years",
            format!("{} years are no whole number of ticks; the run lasts {}", run.years.0, span(lived)),
            true,
        );
    }
    if run.spin_up.0 != 0.0
        && let Err(words) = whole_ticks(run.spin_up.0, tick)
    {
        // nothing is measured in it, and it is rounded to the nearest tick
        say("spin_up", words, true);
    }
    match whole_ticks(run.record_every.0, tick) {
        Err(words) => say("record_every", words, false),
        Ok(()) if lived > 0.0 && run.record_every.0 > lived + ROUNDING => {
            let words = format!("the run ends after {}, before its first record; record more often", span(lived));
            say("record_every", words, true);
        }
        Ok(()) => {}
    }
    if let Err(words) = sample::check_size(parameters) {
        say("panel", words, false);
    }
    if run.panel > 0
        && let Err(words) = whole_ticks(run.panel_every.0, tick)
    {
        say("panel_every", format!("{words}, or run.panel = 0 for no panel"), false);
    }
}

/// Refuses what begins and ends between two ticks: it would change nothing. `moves` is whether it is phased in,
/// which does nothing yet on its first day.
fn check_window(
    clock: &Clock,
    run: &RunParameters,
    end: NaiveDate,
    (from, until, moves): (Date, Option<Date>, bool),
    entry: Option<&Entry>,
    walk: &mut Walk,
) {
    let Some(entry) = entry else { return };
    let is_said_already = from.0 >= end || until.is_some_and(|until| until.0 <= from.0 || until.0 <= clock.start);
    if is_said_already {
        return;
    }
    let behind = (from.0 - clock.start).num_days().max(0).unsigned_abs().div_ceil(clock.days.max(1));
    let first = i32::try_from(behind).unwrap_or(i32::MAX);
    let first = if moves && clock.date(first) == from.0 { first.saturating_add(1) } else { first };
    if first < clock.length && until.is_none_or(|until| clock.date(first) < until.0) {
        return;
    }
    let tick = span(run.tick.0);
    let title = match until {
        Some(until) => format!("no tick of {tick} begins from {from} until {until}: this would do nothing"),
        None => format!("no tick of {tick} begins from {from} until the run ends: this would do nothing"),
    };
    let (before, after) = (clock.date(first.saturating_sub(1)), clock.date(first));
    let help = format!("ticks begin on {before} and {after}: let it last over one of them, or make run.tick shorter");
    let place = entry.get("until").or_else(|| entry.get("from")).unwrap_or(entry);
    walk.report(Problem::at(place, title).label("too short").help(help));
}
