//! Solving, on the model itself: the answer holds when it is run, and a step away it does not.

use crate::common;
use handover::experiment::ensemble::replicate_of;
use handover::experiment::origin::Alike;
use handover::experiment::solve::replicates::Replicates;
use handover::experiment::solve::target::Target;
use handover::experiment::solve::{Answer, Course, Search, Solution, solve};
use handover::experiment::watcher::Nobody;
use serde_json::Value;
use std::convert::Infallible;
use std::process::{Command, Output};

/// A world of 0.1 seconds a run: a royalty begins early, and is paid for a year and a half.
const TINY: [&str; 5] = [
    "run.persons_per_agent=200000 persons",
    "run.least_agents=0",
    "run.spin_up=8 weeks",
    "run.years=2",
    "run.record_every=4 weeks",
];

const LEVER: &str = "royalty_rate";
const HEAD: &str = "from = \"2027-06\", regions = [\"IND\", \"CHN\"]";
const REPLICATES: u32 = 10;

/// The mean of an outcome over replicates that are run one by one, without what solving uses.
fn mean(target: &Target, setting: &str, replicates: u32) -> f64 {
    let mut settings = TINY.to_vec();
    settings.push(setting);
    let scenario = common::scenario("first-economy", &settings);
    let value = |number| target.outcome.of(&common::results(&replicate_of(&scenario, number))).unwrap();
    (0..replicates).map(value).sum::<f64>() / f64::from(replicates)
}

fn solved(wanted: &str, range: (f64, f64)) -> (Solution, Target, handover::scenario::dial::Dial) {
    let base = common::scenario("first-economy", &TINY);
    let dial = base.enacted_dial(LEVER, HEAD).unwrap();
    let target = Target::read(wanted, &base).unwrap();
    let search = Search { low: range.0, high: range.1, tolerance: (range.1 - range.0) / 64.0, scan: 3 };
    let respond = |lever: f64| {
        let mut settings = TINY.to_vec();
        let setting = dial.setting(lever);
        settings.push(&setting);
        let scenario = common::scenario("first-economy", &settings);
        let value = |number| target.outcome.of(&common::results(&replicate_of(&scenario, number))).unwrap();
        Ok::<_, Infallible>((0..REPLICATES).map(value).collect())
    };
    (solve(target.goal, search, respond).unwrap(), target, dial)
}

/// What India's workers receive in royalties grows with the rate: the rate that brings half of what 40 % brings.
#[test]
fn the_answer_holds_when_it_is_run_and_a_step_below_it_does_not() {
    let base = common::scenario("first-economy", &TINY);
    let outcome = "sum(royalties_received[IND])";
    let probe = Target::read(&format!("{outcome} >= 0 USD"), &base).unwrap();
    let dial = base.enacted_dial(LEVER, HEAD).unwrap();
    let most = mean(&probe, &dial.setting(0.4), REPLICATES);
    assert!(most > 0.0);
    let (solution, target, dial) = solved(&format!("{outcome} >= {} USD", most / 2.0), (0.0, 0.4));
    let Answer::Reached { at, misses, interval } = solution.answer.clone() else { panic!("{solution:?}") };
    assert_eq!((solution.course, solution.crossings), (Course::Rising, 1));
    assert!(misses < at && at - misses <= 0.4 / 64.0 * 1.001, "{misses} {at}");
    assert!(mean(&target, &dial.setting(at), REPLICATES) >= most / 2.0);
    assert!(mean(&target, &dial.setting(misses), REPLICATES) < most / 2.0);
    // licence revenue hardly depends on the rate, so half of the money needs about half of the rate
    assert!((0.17..0.23).contains(&at), "{at}");
    let interval = interval.unwrap();
    assert!(interval.low.unwrap() <= at && interval.high.unwrap() >= misses, "{interval:?}");
    // fresh random numbers agree within the interval, widened by what fresh replicates add: a gross error would show
    // here
    let low = interval.low.unwrap() * 0.8;
    assert!(mean(&target, &dial.setting(low), 2 * REPLICATES) < most / 2.0 * 1.05);
}

fn handover(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.current_dir(common::root()).arg("solve").arg("scenarios/first-economy.toml");
    TINY.iter().for_each(|setting| {
        command.args(["--set", setting]);
    });
    command.args(arguments).output().unwrap()
}

const ROYALTY: [&str; 8] = ["--lever", "royalty_rate", "--from", "2027-06", "--regions", "IND,CHN", "--between", "0 %"];

fn with<'a>(head: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    head.iter().chain(more).copied().collect()
}

#[test]
fn the_same_files_for_any_number_of_threads_and_exit_75_if_no_value_does() {
    let place = tempfile::tempdir().unwrap();
    let folder = |name: &str| place.path().join(name).to_string_lossy().into_owned();
    let run = |name: &str, threads: &str, target: &str| {
        let out = folder(name);
        let more = ["40 %", "--target", target, "--replicates", "2", "--scan", "3", "--tolerance", "2 %"];
        let more = with(&more, &["--json", "--quiet", "--threads", threads, "--out", &out]);
        handover(&with(&ROYALTY, &more))
    };
    let target = "sum(royalties_received[IND]) >= 50 M USD";
    let one = run("one", "1", target);
    assert_eq!(one.status.code(), Some(0), "{}", String::from_utf8_lossy(&one.stderr));
    let answer: Value = serde_json::from_slice(&one.stdout).unwrap();
    assert_eq!(answer["answer"]["found"], "reached");
    assert!(answer["answer"]["setting"].as_str().unwrap().contains("royalty_rate = "));
    run("three", "3", target);
    for name in ["manifest.json", "points.csv", "points.parquet", "solution.json", "plots/response.svg"] {
        let read = |run: &str| std::fs::read(place.path().join(run).join(name)).unwrap();
        assert!(read("one") == read("three"), "{name} depends on threads");
    }
    let never = run("never", "2", "sum(royalties_received[IND]) >= 900 bn USD");
    assert_eq!(never.status.code(), Some(75), "{}", String::from_utf8_lossy(&never.stderr));
    let answer: Value = serde_json::from_slice(&never.stdout).unwrap();
    assert_eq!((&answer["answer"]["found"], &answer["answer"]["best"]), (&Value::from("never"), &Value::from(0.4)));
    // it is a result like any other: it is not overwritten
    assert_eq!(run("one", "1", target).status.code(), Some(2));
}

#[test]
fn what_cannot_be_solved_says_what_to_write() {
    let target = ["--target", "sum(royalties_received[IND]) >= 1 USD"];
    let royalty = ["--lever", "learning.alpha", "--between"];
    for (arguments, words) in [
        (with(&["--lever", "learning.alhpa", "--between", "0.1", "0.4"], &target), "learning.alpha"),
        (with(&["--lever", "law.data_rights", "--between", "0", "1"], &target), "not a number to turn"),
        (with(&["--lever", "robot_tax", "--between", "0", "1"], &target), "--from"),
        (with(&["--lever", "policy.0.robot_tax", "--between", "0", "0.5"], &target), "policy.new"),
        (with(&["--lever", "rob_tax", "--from", "2027-06", "--between", "0", "0.5"], &target), "robot_tax"),
        (with(&["--lever", "robot_tax", "--from", "2055-06", "--between", "0", "0.5"], &target), "2055-06"),
        (with(&royalty, &with(&["0.4", "0.1"], &target)), "the lower value first"),
        (with(&royalty, &with(&["0.1", "two"], &target)), "learning.alpha"),
        (with(&royalty, &["0.1", "0.4", "--target", "sum(royalties_received[IND])"]), "neither <= nor >="),
        (with(&royalty, &["0.1", "0.4", "--target", "last(unemployment[USA]) <= 8 %"]), "unemployment_rate"),
        (with(&royalty, &["0.1", "0.4", "--target", "last(unemployment_rate[USA]) <= 8 USD"]), "8 %"),
    ] {
        let output = handover(&arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

/// Values of a law that begins later, and of a number that no spin-up depends on: what they have in common is simulated
/// once a replicate, and the answers are those of runs alone.
#[test]
fn what_values_of_a_lever_have_in_common_is_simulated_once() {
    // what is a few weeks long is not worth keeping
    let long = "run.spin_up=60 weeks";
    let scenario = |setting: &str| common::scenario("first-economy", &[&TINY[..], &[long, setting]].concat());
    let base = common::scenario("first-economy", &TINY);
    let target = Target::read("sum(royalties_received[IND]) >= 0 USD", &base).unwrap();
    let dial = base.enacted_dial(LEVER, HEAD).unwrap();
    let day = "2027-06-01".parse().unwrap();
    let jobs = Target::read("last(absorbed[all]) >= 0", &base).unwrap();
    for (target, settings, alike) in [
        (&target, [0.1, 0.2, 0.3].map(|rate| dial.setting(rate)), Alike::Until(day)),
        (&jobs, ["30", "50", "70"].map(|speed| format!("robots.imitation={speed} %/year")), Alike::InSpinUp),
        (&jobs, ["0.25", "0.3", "0.35"].map(|alpha| format!("learning.alpha={alpha}")), Alike::Never),
    ] {
        assert_eq!(Alike::of(&scenario(&settings[0]), &scenario(&settings[2])), alike);
        let replicates = Replicates::of(0, 3, alike, target.outcome.clone());
        for setting in &settings {
            let scenario = scenario(setting);
            let alone = |number| target.outcome.of(&common::results(&replicate_of(&scenario, number))).unwrap();
            let found = replicates.answers(&scenario, &Nobody).unwrap();
            assert_eq!(found, (0..3).map(alone).collect::<Vec<f64>>(), "{setting}");
        }
        assert_eq!(replicates.forked(), if alike == Alike::Never { 0 } else { 6 });
    }
}
