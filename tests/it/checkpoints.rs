//! A run that stops and goes on is the run that never stopped, to the bit, and a checkpoint that is not
//! as it was written is refused.

use crate::common;
use bevy_ecs::prelude::{Component, Resource};
use handover::economy::Economy;
use handover::economy::shared::streams::Stream;
use handover::economy::world::labs::Labs;
use handover::experiment::checkpoint::{self, Refused, fork, resume, save, unlisted};
use handover::experiment::run::{Results, go_on};
use handover::ground::random::{Key, Luck};
use handover::observe::install;
use handover::output::run::tables;
use handover::scenario::Scenario;
use rayon::prelude::*;

/// Two years after half a year of spin-up, with everything that a law can set in motion.
fn two_years() -> Scenario {
    let body = "[[policy]]\nfrom = \"2027-06\"\nroyalty_rate = \"15 %\"\nwithdrawal = true\nrobot_tax = \"5 %\"\n\
                recycling = \"training\"\ntraining_places = \"1 %\"\nwage_insurance = \"20 %\"\n\
                wage_insurance_length = \"1 year\"\n\
                [[event]]\nkind = \"strike\"\nfrom = \"2028-02\"\nuntil = \"2028-05\"\nmost_skilled = \"50 %\"\n";
    let mut settings = common::COARSE.to_vec();
    settings.push("run.years=2");
    common::variant_of("baseline", body, &settings)
}

/// Everything that a run leaves behind.
fn all(results: &Results) -> (String, i128, usize, Vec<(String, Vec<u8>)>) {
    (results.state_hash.clone(), results.money_moved, results.ticks, tables::all(results).unwrap())
}

fn saved(scenario: &Scenario, economy: &mut Economy) -> Vec<u8> {
    let mut bytes = Vec::new();
    save(scenario, economy, &mut bytes).unwrap();
    bytes
}

/// The checkpoint after so many ticks.
fn checkpoint_at(scenario: &Scenario, ticks: usize) -> Vec<u8> {
    let mut economy = Economy::found(&scenario.parameters, install);
    for _ in 0..ticks {
        economy.step().unwrap();
    }
    saved(scenario, &mut economy)
}

fn to_the_end(scenario: &Scenario, economy: Economy) -> Results {
    go_on(scenario, economy, |_, _| true).unwrap()
}

#[test]
fn resumed_at_every_tick_is_never_stopped() {
    let scenario = two_years();
    let mut checkpoints = Vec::new();
    let mut economy = Economy::found(&scenario.parameters, install);
    checkpoints.push(saved(&scenario, &mut economy));
    let whole = go_on(&scenario, economy, |economy, _| {
        if !economy.is_over() {
            checkpoints.push(saved(&scenario, economy));
        }
        true
    });
    // looking at it changed nothing
    let whole = all(&whole.unwrap());
    assert!(whole == all(&common::results(&scenario)));
    assert_eq!(checkpoints.len(), 130, "26 weeks of spin-up and 104 after it");
    checkpoints.par_iter().enumerate().for_each(|(tick, bytes)| {
        let resumed = resume(&scenario, &bytes[..]).unwrap_or_else(|refused| panic!("tick {tick}: {refused}"));
        let results = all(&to_the_end(&scenario, resumed));
        assert_eq!(results.0, whole.0, "tick {tick}: another state");
        assert!(results == whole, "tick {tick}: another result");
    });
}

/// Sites join and leave before the start, so that what a lab has at the start is not what it was founded with.
#[test]
fn resumed_after_a_start_to_which_sites_came_before_it() {
    let settings = ["run.persons_per_agent=10000 persons", "run.years=0.1"];
    let scenario = common::scenario("baseline", &settings);
    let mut economy = Economy::found(&scenario.parameters, install);
    let sites = |economy: &Economy| -> Vec<f64> {
        economy.world.resource::<Labs>().0.iter().map(|lab| lab.sites_at_start).collect()
    };
    let founded = sites(&economy);
    while economy.tick() < 2 {
        economy.step().unwrap();
    }
    assert_ne!(founded, sites(&economy), "nothing to be seen here");
    let resumed = resume(&scenario, &saved(&scenario, &mut economy)[..]).unwrap_or_else(|refused| panic!("{refused}"));
    assert!(all(&to_the_end(&scenario, resumed)) == all(&to_the_end(&scenario, economy)));
}

#[test]
fn a_restart_of_a_restart_with_other_threads_changes_nothing() {
    let scenario = two_years();
    let whole = all(&common::results(&scenario));
    let pools: Vec<_> =
        [1, 2, 3, 7].map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap()).into_iter().collect();
    let mut bytes = checkpoint_at(&scenario, 0);
    for turn in 0..26 {
        // five ticks a life, each life on another number of threads
        bytes = pools[turn % pools.len()].install(|| {
            let mut economy = resume(&scenario, &bytes[..]).unwrap();
            assert!(saved(&scenario, &mut economy) == bytes, "turn {turn}: saved again, it is not the same");
            for _ in 0..if turn == 25 { 4 } else { 5 } {
                economy.step().unwrap();
            }
            saved(&scenario, &mut economy)
        });
    }
    let last = resume(&scenario, &bytes[..]).unwrap();
    assert!(all(&to_the_end(&scenario, last)) == whole);
}

/// The scenario of a small world.
fn small_with(more: &[&str]) -> Scenario {
    let small = ["run.years=1", "run.persons_per_agent=100000 persons", "run.least_agents=0", "run.spin_up=4 weeks"];
    common::scenario("baseline", &[&common::COARSE[..], &small, more].concat())
}

/// A small world, so that ten thousand checkpoints of it can be read.
fn small() -> (Scenario, Vec<u8>) {
    let scenario = small_with(&[]);
    let bytes = checkpoint_at(&scenario, 20);
    (scenario, bytes)
}

/// Power: a bit that no check covers would be hit by ten thousand flips with certainty if there were
/// one in a thousand, and with 63 % if there were one in ten thousand.
#[test]
fn ten_thousand_flipped_bits_are_refused() {
    use rand_distr::Distribution;
    let (scenario, bytes) = small();
    resume(&scenario, &bytes[..]).unwrap();
    let chance = Luck::new(5, 0).at(Stream::Skill, 0);
    let place = rand_distr::Uniform::new(0, bytes.len() * 8).unwrap();
    let flips: Vec<usize> = (0..10_000).map(|key| place.sample(&mut chance.draws(Key::numbered(key)))).collect();
    // and every bit of the first line
    flips.into_par_iter().chain(0..22 * 8).for_each(|bit| {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let refused = resume(&scenario, &flipped[..]).err().unwrap_or_else(|| panic!("bit {bit} was not seen"));
        let is_told = matches!(refused, Refused::NotOurs | Refused::Format { .. } | Refused::Damaged(_));
        assert!(is_told, "bit {bit}: {refused}");
    });
}

#[test]
fn a_checkpoint_that_is_cut_or_of_another_scenario_is_refused() {
    let (scenario, bytes) = small();
    for length in (0..bytes.len()).step_by(bytes.len() / 200) {
        assert!(resume(&scenario, &bytes[..length]).is_err(), "cut to {length} bytes");
    }
    let other = small_with(&["run.seed=3"]);
    let shown = resume(&other, &bytes[..]).err().unwrap().to_string();
    assert!(shown.contains("run.seed: 2 in the checkpoint, 3 now"), "{shown}");
}

#[test]
fn a_checkpoint_says_what_it_is_of_and_how_long_it_is() {
    let (scenario, bytes) = small();
    let head = checkpoint::head(&bytes[..]).unwrap();
    assert_eq!((head.scenario.as_str(), head.tick), ("baseline", 16));
    assert_eq!(head.date.0.to_string(), "2027-04-23");
    let mut economy = resume(&scenario, &bytes[..]).unwrap();
    let forecast = checkpoint::bytes(&mut economy) as f64;
    assert!((forecast / bytes.len() as f64 - 1.0).abs() < 0.1, "{forecast} against {}", bytes.len());
}

#[derive(Component)]
struct NewColumn;

#[derive(Resource)]
struct NewTable;

#[test]
fn nothing_in_the_world_is_left_out() {
    let scenario = two_years();
    let mut economy = Economy::found(&scenario.parameters, install);
    economy.step().unwrap();
    assert_eq!(unlisted(&economy.world), [""; 0], "add it to src/experiment/checkpoint/state.rs");
    // and the test would see what somebody forgets
    economy.world.insert_resource(NewTable);
    let cohort = economy.world.query::<(bevy_ecs::entity::Entity, &handover::economy::world::people::Cohort)>();
    let cohort = { cohort }.iter(&economy.world).next().unwrap().0;
    economy.world.entity_mut(cohort).insert(NewColumn);
    let seen = unlisted(&economy.world).join("\n");
    assert!(seen.contains("NewTable") && seen.contains("NewColumn") && seen.contains("Wallet"), "{seen}");
}

#[test]
fn no_system_remembers_anything_outside_the_world() {
    // a Local of a system stands in the schedule, where no checkpoint finds it
    let mut folders = vec![common::root().join("src/economy"), common::root().join("src/observe")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            seen += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!text.contains("Local<"), "{}: keep it in a resource", path.display());
        }
    }
    assert!(seen > 20);
}

/// A past of the baseline until April 2028, and a reform that acts from July.
fn past_and_reform() -> (Scenario, Scenario, Vec<u8>) {
    let mut settings = common::COARSE.to_vec();
    settings.push("run.years=2");
    let base = common::scenario("baseline", &settings);
    let ticks = 26 + 65;
    let bytes = checkpoint_at(&base, ticks);
    settings.push("run.years=2.5");
    let reform = "[[policy]]\nfrom = \"2028-07\"\nroyalty_rate = \"20 %\"\ndata_rights = \"ban\"\n";
    (base, common::variant_of("baseline", reform, &settings), bytes)
}

#[test]
fn a_fork_is_the_reform_from_the_start() {
    let (base, reform, bytes) = past_and_reform();
    let forked = fork(&reform, "2028-07-01".parse().unwrap(), &bytes[..]).unwrap();
    let forked = all(&to_the_end(&reform, forked));
    assert!(forked == all(&common::results(&reform)), "the fork has another history");
    assert_ne!(forked.0, common::results(&base).state_hash, "the reform did something");
}

#[test]
fn a_fork_may_only_differ_by_what_acts_later() {
    let (base, reform, bytes) = past_and_reform();
    let refused = |scenario: &Scenario, from: &str| {
        fork(scenario, from.parse().unwrap(), &bytes[..]).err().map(|refused| refused.to_string()).unwrap_or_default()
    };
    assert_eq!(refused(&reform, "2028-07-01"), "");
    assert!(refused(&reform, "2028-07-02").contains("policy.0"), "it acts a day before it may");
    assert!(refused(&reform, "2028-03-01").contains("take an earlier checkpoint"));
    let mut settings = common::coarse(&["run.years=2", "learning.alpha=0.2"]);
    assert!(refused(&common::scenario("baseline", &settings), "2028-07-01").contains("learning.alpha: "));
    settings.extend(["run.years=1", "learning.alpha=0.25"]);
    settings.retain(|setting| !setting.starts_with("learning"));
    assert!(refused(&common::scenario("baseline", &settings), "2028-07-01").contains("already over"));
    // resuming, unlike forking, wants the very same scenario
    assert!(resume(&reform, &bytes[..]).err().unwrap().to_string().contains("run.years"));
    assert!(resume(&base, &bytes[..]).is_ok());
}
