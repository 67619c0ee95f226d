//! What `check` accepts runs: the ends of every key by itself, and many keys at once inside their cards.
//!
//! `HANDOVER_FUZZ=2000 cargo test --release --test it bounds::` draws so many scenarios, for several years each.

use crate::common;
use handover::economy::parameters::bounds::bound_of;
use handover::economy::shared::streams::Stream;
use handover::experiment::run::run;
use handover::ground::list::Listed;
use handover::ground::random::{Key, Luck};
use handover::scenario::{Problems, Scenario, load};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Coarse enough that thousands of runs take no more than minutes.
const COARSE: [&str; 5] = [
    "run.persons_per_agent=1000000 persons",
    "run.least_agents=0",
    "run.spin_up=4 weeks",
    "run.record_every=4 weeks",
    "run.panel=0",
];

fn read(settings: &[String]) -> Result<Scenario, Problems> {
    let path = common::root().join("scenarios/baseline.toml");
    load(&path, settings, &|path: &Path| std::fs::read_to_string(path))
}

fn settings(years: &str, more: &[String]) -> Vec<String> {
    let years = format!("run.years={years}");
    COARSE.iter().map(|&setting| setting.to_owned()).chain([years]).chain(more.iter().cloned()).collect()
}

/// Every number of the baseline by its key, regions put together: what it is, and its unit.
fn numbers() -> BTreeMap<String, (f64, String)> {
    let baseline = read(&[]).unwrap();
    let regions = &baseline.parameters.regions;
    let of = |(key, value): (&String, &str)| {
        let (number, unit) = value.split_once(' ').unwrap_or((value, ""));
        let parent = key.rsplit_once('.').filter(|(_, last)| regions.iter().any(|region| region == last));
        let key = parent.filter(|(parent, _)| !is_map(parent)).map_or(key.as_str(), |(parent, _)| parent);
        Some((key.to_owned(), (number.parse().ok()?, unit.to_owned())))
    };
    baseline
        .origins
        .iter()
        .filter(|(key, _)| !key.starts_with("currency"))
        .filter_map(|(key, origin)| of((key, &origin.value)))
        .collect()
}

/// Shares over regions, of which each is a number of its own.
fn is_map(key: &str) -> bool {
    ["demand.market_weights", "settlement.ownership"].contains(&key) || key.starts_with("trade.exports.")
}

/// What is wrong with a run of what `check` accepts; nothing if it is refused, or if it runs and every
/// indicator lies within its definition.
fn wrong(settings: &[String]) -> Option<String> {
    let read = catch_unwind(|| read(settings)).map_err(|_| format!("{settings:?}: check panics"));
    let scenario = match read {
        Err(words) => return Some(words),
        Ok(Err(_)) => return None,
        Ok(Ok(scenario)) => scenario,
    };
    let Ok(ended) = catch_unwind(AssertUnwindSafe(|| run(&scenario, |_| true))) else {
        return Some(format!("{settings:?}: the run panics"));
    };
    let results = match ended {
        Ok(results) => results,
        Err(stopped) => return Some(format!("{settings:?}: {stopped:?}")),
    };
    results.series.rows.iter().find_map(|row| {
        let (name, unit) = (row.metric.name(), row.metric.unit());
        let counted = ["persons", "persons/week", "robots", "robots/week", "units", "units/week", "weeks", "hours"];
        let is_fine = match unit {
            // value added can be less than what is paid, or nothing at all
            _ if name == "labour_share" => row.value.is_finite(),
            "share" => (-1e-9..=1.0 + 1e-9).contains(&row.value),
            unit if counted.contains(&unit) => row.value.is_finite() && row.value >= 0.0,
            _ => row.value.is_finite(),
        };
        (!is_fine).then(|| format!("{settings:?}: {name} is {}", row.value))
    })
}

#[test]
fn the_ends_of_every_key_run_or_are_refused() {
    let mut cases = Vec::new();
    for (key, (value, unit)) in numbers() {
        // least, greatest and zero; where nothing but the unit bounds a number, something far out on either side
        let far = [-1.0, value.abs() * 1e6 + 1.0];
        let mut ends = bound_of(&key).map_or(far.to_vec(), |bound| vec![bound.least, bound.most]);
        if !ends.contains(&0.0) {
            ends.push(0.0);
        }
        for end in ends {
            let is_whole = ["run.seed", "run.replicate", "run.panel"].contains(&key.as_str());
            // a key of the run has its own bounds of size, for whoever has the memory
            if key.starts_with("run.") && end > 1e4 || is_whole {
                continue;
            }
            cases.push(if unit.is_empty() { format!("{key}={end:?}") } else { format!("{key}={end:?} {unit}") });
        }
    }
    let found: Vec<String> =
        cases.par_iter().filter_map(|case| wrong(&settings("0.3", std::slice::from_ref(case)))).collect();
    assert!(cases.len() > 600, "{}", cases.len());
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), cases.len(), found.join("\n"));
}

#[test]
fn a_number_beyond_its_bound_is_refused_where_it_stands() {
    for (key, (_, unit)) in numbers() {
        let Some(bound) = bound_of(&key) else { continue };
        for beyond in [bound.least - bound.least.abs().max(1e-6) / 2.0, bound.most * 1.01 + 1e-6] {
            let setting =
                if unit.is_empty() { format!("{key}={beyond:?}") } else { format!("{key}={beyond:?} {unit}") };
            let problems = read(&settings("1", std::slice::from_ref(&setting))).expect_err(&setting);
            let here = |p| problems.place(p).is_some_and(|place| place.file == "--set");
            assert!(problems.iter().any(here), "{setting}: {problems}");
        }
    }
}

#[test]
fn negative_rates_spreads_and_lengths_are_refused() {
    for (key, (_, unit)) in numbers() {
        let is_spread = key.ends_with("sigma") || key.ends_with("noise");
        if is_spread || unit == "/week" || unit == "weeks" {
            let setting = format!("{key}=-0.01 {unit}");
            assert!(read(&settings("1", &[setting.trim().to_owned()])).is_err(), "{setting}");
        }
    }
}

/// Where fewer jobs lie farther apart, cost more and become fewer still, the books hold to the end, and it is said.
#[test]
fn the_strongest_loop_of_demand_inside_its_cards_runs_to_the_end() {
    let loop_of_demand = [
        "run.persons_per_agent=20000 persons",
        "run.least_agents=0",
        "run.tick=4 weeks",
        "run.panel=0",
        "run.seed=2",
        "labour.outside_ratio.picker=4.0",
        "demand.price_elasticity=1.2",
        "demand.density_elasticity.warehouse=0.6",
        "demand.patience=2 weeks",
        "demand.pass_through=100 %",
        "demand.noise=10 %",
    ];
    let settings: Vec<String> = loop_of_demand.map(str::to_owned).to_vec();
    assert_eq!(wrong(&settings), None);
    let warnings = read(&settings).unwrap().warnings.to_string();
    assert!(warnings.contains("prices may swing"), "{warnings}");
}

/// What nobody means, as it would stand in a file: another unit, far out, no number, another type.
const STRANGE: [&str; 14] = [
    "\"3 parsecs\"",
    "\"0.3 persons\"",
    "\"-5 %\"",
    "-1",
    "0",
    "0.5",
    "1e300",
    "\"1e12 weeks\"",
    "nan",
    "\"inf %\"",
    "\"maybe\"",
    "\"\"",
    "[1, 2]",
    "true",
];

/// Settings of every key of the baseline, and of every lever of the law by a policy, to strange values.
fn strange() -> Vec<String> {
    let baseline = read(&[]).unwrap();
    let regions = &baseline.parameters.regions;
    let folded = |key: &String| match key.rsplit_once('.') {
        Some((parent, last)) if regions.iter().any(|region| region == last) && !is_map(parent) => parent.to_owned(),
        _ => key.clone(),
    };
    let keys: BTreeSet<String> = baseline.origins.keys().map(folded).collect();
    let levers: BTreeSet<&str> = keys.iter().filter_map(|key| key.strip_prefix("law.")?.split('.').next()).collect();
    let by_key = keys.iter().flat_map(|key| STRANGE.map(|value| format!("{key}={value}")));
    let policy = |lever: &str, value: &str| format!("policy.new={{from=\"2027-01-08\", {lever}={value}}}");
    let by_policy = levers.iter().flat_map(|lever| STRANGE.map(|value| policy(lever, value)));
    // a run may be as long, and its panel as large, as whoever starts it likes
    let is_long = |setting: &String| ["run.years=", "run.panel="].iter().any(|key| setting.starts_with(key));
    by_key.chain(by_policy).filter(|setting| !is_long(setting)).collect()
}

/// A fifth of them, other values for each key, or all where `HANDOVER_FUZZ` asks for a long look.
#[test]
fn strange_values_are_refused_or_run() {
    let step = if long().is_some() { 1 } else { 5 };
    let cases: Vec<String> = strange().into_iter().step_by(step).collect();
    let verdict = |case: &String| {
        let settings = settings("0.06", std::slice::from_ref(case));
        match catch_unwind(|| read(&settings).is_ok()) {
            Ok(false) => (false, None),
            _ => (true, wrong(&settings)),
        }
    };
    let verdicts: Vec<(bool, Option<String>)> = cases.par_iter().map(verdict).collect();
    let found: Vec<&String> = verdicts.iter().filter_map(|(_, wrong)| wrong.as_ref()).collect();
    assert!(found.is_empty(), "{} of {}:\n{found:#?}", found.len(), cases.len());
    let accepted: Vec<&String> = cases.iter().zip(&verdicts).filter(|(_, (is, _))| *is).map(|(case, _)| case).collect();
    assert!(accepted.len() > 40 && cases.len() - accepted.len() > 400, "{} of {}", accepted.len(), cases.len());
    let never = ["=nan", "parsecs", "maybe", "inf %", "e300"];
    let numbers = numbers();
    let is_number = |case: &str| case.split_once('=').is_some_and(|(key, _)| numbers.contains_key(key));
    let is_nonsense = |case: &&&String| is_number(case) && never.iter().any(|value| case.contains(value));
    let nonsense: Vec<_> = accepted.iter().filter(is_nonsense).collect();
    assert!(nonsense.is_empty(), "accepted: {nonsense:?}");
}

/// The same through the command line, where a command may have rules of its own: a few cases from all over the list.
#[test]
fn check_and_run_end_alike_on_strange_values() {
    let place = tempfile::tempdir().unwrap();
    let baseline = common::root().join("scenarios/baseline.toml");
    let code = |arguments: &[&str], case: &String| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_handover"));
        command.current_dir(place.path()).args(arguments).arg(&baseline);
        settings("0.06", std::slice::from_ref(case)).iter().for_each(|setting| {
            command.args(["--set", setting]);
        });
        command.output().unwrap().status.code()
    };
    let cases = strange();
    let mut verdicts = BTreeMap::new();
    // no multiple of what STRANGE has, or each key would meet the same value
    let step = (cases.len() / 40..).find(|step| step % 2 == 1 && step % 7 != 0).unwrap();
    for case in cases.iter().step_by(step) {
        let checked = code(&["check", "--no-forecast"], case);
        assert_eq!(checked, code(&["run", "--quiet", "--force", "--out", "o"], case), "{case}");
        *verdicts.entry(checked).or_insert(0) += 1;
    }
    let codes: Vec<_> = verdicts.keys().copied().collect();
    assert_eq!(codes, [Some(0), Some(2)], "{verdicts:?}");
}

/// Ends of what a card calls plausible, in the words of its range and beside its value; nothing for words only.
fn plausible(range: &str, value: f64) -> Option<(f64, f64)> {
    let half_to = |most: f64| Some((value / 2.0, value * most));
    match range.split(';').next().unwrap_or("") {
        "half to double" => half_to(2.0),
        "half to one and a half times" => half_to(1.5),
        "half to three times" => half_to(3.0),
        "within a quarter" | "within 25 %" => Some((value * 0.75, value * 1.25)),
        "within 10 %" => Some((value * 0.9, value * 1.1)),
        _ => None,
    }
}

/// A setting drawn inside its card, between its ends or at one of them.
fn draw(key: &str, range: &str, value: f64, unit: &str, share: f64) -> Option<String> {
    let at = |low: f64, high: f64| {
        // a third of the draws at either end: there it breaks first
        low + (high - low) * (share * 3.0 - 1.0).clamp(0.0, 1.0)
    };
    if let Some((low, high)) = plausible(range, value) {
        let number = at(low, high);
        return Some(if unit.is_empty() { format!("{key}={number:?}") } else { format!("{key}={number:?} {unit}") });
    }
    let (low, rest) = range.split_once(" to ")?;
    let low: f64 = low.replace(',', "").parse().ok()?;
    let (high, unit) = rest.split_once(' ').unwrap_or((rest, ""));
    let high: f64 = high.replace(',', "").parse().ok()?;
    Some(format!("{key}={} {unit}", at(low, high)).trim_end().to_owned())
}

/// How many scenarios a long look draws.
fn long() -> Option<u32> {
    #[allow(clippy::disallowed_methods)] // how long to look is not part of what is looked for
    std::env::var("HANDOVER_FUZZ").ok().and_then(|runs| runs.parse().ok())
}

/// Says at once what a long look has found, past the harness, which keeps what is printed until the end.
fn say(words: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{words}").and_then(|()| stderr.flush());
}

#[test]
fn many_keys_at_once_inside_their_cards_run() {
    let done = AtomicU64::new(0);
    let long = long();
    let (runs, years) = long.map_or((60, "2"), |runs| (runs, "8"));
    let cards = read(&[]).unwrap().catalogue;
    let numbers: Vec<_> = numbers().into_iter().filter(|(key, _)| !key.starts_with("run.")).collect();
    let card = |key: &str| {
        let mut place = key;
        loop {
            if let Some(card) = cards.get(place) {
                return Some(card.range.clone());
            }
            place = place.rsplit_once('.')?.0;
        }
    };
    let found: Vec<String> = (0..runs)
        .into_par_iter()
        .filter_map(|number| {
            let chance = Luck::new(0xB0_0B5, number).at(Stream::Design, 0);
            let ticks = ["1 day", "1 week", "4 weeks"];
            let share = |part: &str, slot: u64| chance.share(Key::named(part).and(slot));
            let pick = |part: &str, slot: u64, of: usize| (share(part, slot) * of as f64) as usize;
            let mut drawn =
                vec![format!("run.tick={}", ticks[pick("tick", 0, 3)]), format!("run.seed={}", pick("seed", 0, 1_000))];
            drawn.push("run.panel_every=4 weeks".into());
            for slot in 0..5 + pick("keys", 0, 16) as u64 {
                let (key, (value, unit)) = &numbers[pick("key", slot, numbers.len())];
                drawn.extend(card(key).and_then(|range| draw(key, &range, *value, unit, share("value", slot))));
            }
            let found = wrong(&settings(years, &drawn));
            if let Some(words) = &found {
                say(&format!("draw {number}: {words}"));
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if long.is_some() && done.is_multiple_of(100) {
                say(&format!("{done} of {runs} drawn"));
            }
            found
        })
        .collect();
    assert!(found.is_empty(), "{} of {runs}:\n{}", found.len(), found.join("\n"));
}
