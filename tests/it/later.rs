//! What no founding and no spin-up depends on: every number on the list is perturbed, in worlds of all kinds, and the
//! state at the end of the spin-up is the same to the bit; and runs that share a spin-up end as those that do not.
//!
//! `HANDOVER_LATER=500 cargo test --release --test it later::` tries so many random worlds (40 if nothing is said).

use crate::common;
use crate::relations::turned;
use crate::worlds::{Dice, World, text};
use handover::economy::Economy;
use handover::experiment::checkpoint::{Kept, begin_alike, later, parameters, state_hash};
use handover::experiment::run::{found, go_on};
use handover::scenario::Scenario;
use serde_json::Value;
use std::fs;
use toml::Table;

/// The economy at the end of its spin-up.
fn spun_up(scenario: &Scenario) -> Economy {
    let mut economy = found(scenario);
    while economy.tick() < 0 {
        economy.step().unwrap();
    }
    economy
}

fn end_of_spin_up(scenario: &Scenario) -> String {
    state_hash(&mut spun_up(scenario))
}

/// All values that are no tables and no lists, by their keys.
fn leaves(value: &Value, key: &str, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(table) => {
            for (name, inner) in table {
                let name = if name.contains(' ') { format!("{name:?}") } else { name.clone() };
                leaves(inner, &if key.is_empty() { name } else { format!("{key}.{name}") }, found);
            }
        }
        Value::Array(_) => {}
        leaf => found.push((key.to_owned(), leaf.clone())),
    }
}

/// Settings by which a key of a scenario gets another value: not all of them are taken by every key.
fn instead(scenario: &Scenario, key: &str, value: &Value) -> Vec<String> {
    let word = |word: &str| format!("{key}={word}");
    match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            let moved = [number * 1.1, number * 0.5, number * 3.0, number + 1e-4, number + 0.01, 0.0, 1.0];
            // in the unit of the key
            scenario.dial(key).map_or(Vec::new(), |dial| moved.iter().map(|&number| dial.setting(number)).collect())
        }
        Value::String(_) => ["ever", "by_share", "at_once", "by_capacity"].map(word).to_vec(),
        Value::Bool(is_so) => vec![word(&(!is_so).to_string())],
        _ => Vec::new(),
    }
}

/// Coarse worlds whose founding and spin-up take a moment.
const COARSE: [&str; 4] =
    ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=26 weeks", "run.years=0.5"];

fn with(name: &str, settings: &[&str]) -> Scenario {
    common::scenario(name, &[&COARSE[..], settings].concat())
}

/// The scenario with one setting more, if it takes it and means something else then.
fn turned_to(name: &str, base: &Scenario, setting: &str, more: &[&str]) -> Option<Scenario> {
    let path = common::root().join("scenarios").join(format!("{name}.toml"));
    let settings: Vec<String> =
        COARSE.iter().chain(more).map(|&setting| setting.to_owned()).chain([setting.to_owned()]).collect();
    let read = |path: &std::path::Path| fs::read_to_string(path);
    let scenario = handover::scenario::load(&path, &settings, &read).ok()?;
    (parameters(&scenario) != parameters(base)).then_some(scenario)
}

/// Perturbs every number on the list, one at a time, in a world with a spin-up and in one without.
#[test]
fn what_is_listed_moves_no_bit_before_the_end_of_the_spin_up() {
    for (name, more) in [
        ("baseline", &[][..]),
        ("baseline", &["run.spin_up=0 weeks"][..]),
        ("first-economy", &[][..]),
        ("baseline", &["run.tick=4 weeks", "run.spin_up=24 weeks", "run.panel=0", "trade.demand=own_price"][..]),
    ] {
        let base = with(name, more);
        let expected = end_of_spin_up(&base);
        let mut all = Vec::new();
        leaves(&parameters(&base), "", &mut all);
        for (listed, _) in later::LATER {
            let is_below = |key: &str| key == *listed || key.starts_with(&format!("{listed}."));
            let mut tried = 0;
            // of a table by region the first two will do
            for (key, value) in all.iter().filter(|(key, _)| is_below(key)).take(2) {
                for setting in instead(&base, key, value) {
                    let Some(other) = turned_to(name, &base, &setting, more) else { continue };
                    assert!(begin_alike(&base, &other), "{setting}");
                    assert_eq!(end_of_spin_up(&other), expected, "{name} {more:?}: {setting}");
                    tried += 1;
                }
            }
            assert!(tried > 0, "{listed} was not perturbed");
        }
    }
}

/// What is not listed is not shared; of these, each acts.
#[test]
fn what_acts_in_the_spin_up_is_not_shared() {
    let base = with("baseline", &[]);
    let expected = end_of_spin_up(&base);
    let kept = Kept::of(&base, &mut spun_up(&base));
    // those that need a camera act where somebody is filmed that early, and are refused everywhere
    let with_a_camera =
        ["learning.transfer=0.1", "consent.skill=0.5", "law.least_capture_pay=1 USD/hour", "law.royalty_rate=10 %"];
    for setting in [
        "learning.alpha=0.3",
        "demand.human_cost_per_parcel.USA=3 USD/parcel",
        "robots.hurdle=3 years",
        "robots.class.amr.price=20000 USD",
        "wages.curve=-0.1",
        "demography.growth_half_life=10 years",
        "run.seed=77",
        "run.replicate=3",
    ]
    .into_iter()
    .chain(with_a_camera)
    {
        let other = with("baseline", &[setting]);
        assert!(!begin_alike(&base, &other), "{setting}");
        let refused = kept.branch(&other).err().map(|refused| refused.to_string());
        let key = setting.split('=').next().unwrap();
        assert!(refused.as_ref().is_some_and(|words| words.contains(key)), "{setting}: {refused:?}");
        if !with_a_camera.contains(&setting) {
            assert_ne!(end_of_spin_up(&other), expected, "{setting}");
        }
    }
}

fn random_worlds() -> u64 {
    #[allow(clippy::disallowed_methods)] // how much of it is tried
    std::env::var("HANDOVER_LATER").ok().map_or(40, |number| number.parse().unwrap())
}

/// All numbers on the list at once, in random worlds with other rules; where they agree, each does.
#[test]
fn nothing_on_the_list_moves_a_bit_in_random_worlds() {
    let baseline = fs::read_to_string(common::root().join("scenarios/baseline.toml")).unwrap();
    let baseline: Table = baseline.parse().unwrap();
    let regions: Vec<String> = ["BGD", "CHN", "IND", "USA", "VNM"].map(str::to_owned).into();
    let (mut held, mut changed) = (0, 0);
    for number in 0..random_worlds() {
        let world = World::drawn(number, &regions);
        let table = world.table(&baseline);
        let Ok(base) = turned::scenario(&text(&table)) else { continue };
        let mut all = Vec::new();
        leaves(&parameters(&base), "", &mut all);
        let mut dice = Dice(number);
        let without_law = {
            let mut table = table.clone();
            for list in ["policy", "event"] {
                table.remove(list);
            }
            text(&table)
        };
        let read = |settings: &[String]| turned::scenario_with(&without_law, settings);
        let (mut settings, mut other) = (Vec::new(), read(&[]).unwrap());
        // half of what is by region or item, so that the rest differs from it
        for (key, value) in all.iter().filter(|(key, _)| later::is_later(key)) {
            if dice.roll(2) == 0 {
                continue;
            }
            let choices = instead(&base, key, value);
            let Some(choice) = choices.get(dice.roll(choices.len().max(1))) else { continue };
            settings.push(choice.clone());
            match read(&settings) {
                Ok(scenario) => {
                    changed += u64::from(parameters(&scenario) != parameters(&other));
                    other = scenario;
                }
                Err(_) => drop(settings.pop()),
            }
        }
        assert!(begin_alike(&base, &other), "{number}");
        assert_eq!(end_of_spin_up(&base), end_of_spin_up(&other), "world {number}: {:?}", world.changes);
        held += 1;
    }
    println!("{held} worlds, {changed} numbers changed");
    assert!(held * 10 > random_worlds() * 9 && changed > 10 * held, "{held} worlds, {changed} changes");
}

/// A run that goes on from another's spin-up is to the bit the run that it is alone.
#[test]
fn a_forked_run_ends_as_it_does_alone() {
    let base = with("baseline", &[]);
    let kept = Kept::of(&base, &mut spun_up(&base));
    for settings in [
        &["robots.imitation=70 %/year", "demand.growth_half_life=2 years"][..],
        &["run.years=1", "wages.matched=20 %"],
        &["policy.new={from=\"2027-01\", royalty_rate=\"30 %\"}", "capture.price_decline=30 %/year"],
    ] {
        let other = with("baseline", settings);
        let forked = go_on(&other, kept.branch(&other).unwrap(), |_, _| true).unwrap();
        let alone = common::results(&other);
        assert_eq!(forked.state_hash, alone.state_hash, "{settings:?}");
        assert_eq!((forked.ticks, forked.workers, forked.money_moved), (alone.ticks, alone.workers, alone.money_moved));
        assert_eq!(format!("{:?}", forked.series), format!("{:?}", alone.series), "{settings:?}");
        assert_eq!(format!("{:?}", forked.flows), format!("{:?}", alone.flows), "{settings:?}");
        assert_eq!(format!("{:?}", forked.receipt), format!("{:?}", alone.receipt), "{settings:?}");
    }
}
