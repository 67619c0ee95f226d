//! Every lever changes what it should, and nothing before its date.
//!
//! Each lever is enacted in the thirtieth week; runs with and without share their random numbers. Rows before
//! that week are equal to the bit; after it the named indicator moves in the named direction. Which indicator a lever
//! moves stands in its line of `levers!`; the cases here are events, and levers that one value does not tell.

use crate::common;
use handover::economy::policy::{LEVERS, Lever, Moves};
use handover::economy::world::flows::Flow;
use handover::experiment::run::Results;
use handover::observe::indicators::Metric;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

enum Goes {
    Up,
    Down,
}
use Goes::{Down, Up};

/// Lever, or event with its kind, as lines of TOML; indicator, region, item; direction; what must hold
/// for it to act.
type Case = (&'static str, &'static str, &'static str, &'static str, Goes, &'static [&'static str]);

const FILMING: &[&str] = &["capture.filming_at_start=0.2"];
const HASTENING: &[&str] = &["robots.growth_cap=2000 %/year", "robots.innovation=300 %/year"];
const DISPLACING: &[&str] =
    &["robots.class.amr.price_factor=0.1", "robots.growth_cap=2000 %/year", "robots.innovation=300 %/year"];
const RICH: &[&str] = &["capture.budget=15 bn USD/year"];

const CASES: &[Case] = &[
    ("kind = \"strike\"\nmost_skilled = \"30 %\"", "refusing_share", "IND", "all", Up, FILMING),
    ("kind = \"demand_shock\"\njobs = [\"picking\"]\nfactor = 0.8", "arrivals", "CHN", "picking", Down, &[]),
    ("kind = \"capability_breakthrough\"\nfailure = 0.5", "feasible_share", "USA", "doorstep", Up, &[]),
    ("kind = \"capability_breakthrough\"\nhours = 3", "feasible_share", "USA", "doorstep", Up, &[]),
    ("kind = \"robot_import_ban\"", "robots_ordered", "USA", "amr", Down, DISPLACING),
    ("kind = \"robot_tariff\"\nrate = \"50 %\"", "robots_ordered", "USA", "amr", Down, HASTENING),
    ("kind = \"goods_tariff\"\nregions = [\"USA\"]\nrate = \"50 %\"", "taxes", "USA", "all", Up, &[]),
    (
        "kind = \"goods_tariff\"\nregions = [\"USA\"]\nrate = \"50 %\"",
        "imports",
        "USA",
        "CHN",
        Down,
        &["trade.demand=nested"],
    ),
    ("kind = \"data_leak\"\nlab = \"USA lab\"\nshare = 1.0", "feasible_share", "EU27", "doorstep", Up, &[]),
    ("kind = \"natural_disaster\"\nregions = [\"BGD\"]\nshare = 0.5", "done_by_people", "BGD", "assembly", Down, &[]),
    ("kind = \"natural_disaster\"\nregions = [\"IND\"]\nshare = 0.5", "raw_hours", "IND", "all", Down, FILMING),
    ("kind = \"new_region_joins\"\nregions = [\"USA\"]", "raw_hours", "USA", "all", Up, RICH),
    ("withdrawal = true\ndata_rights = \"consent\"", "contributors", "IND", "all", Down, FILMING),
    ("trade_subsidy = \"80 %\"", "cost_by_hand", "BGD", "assembly", Down, &["demand.season.factory=0.2"]),
    ("recycling = \"dividend\"", "transfers", "USA", "all", Up, &["law.robot_tax=0.5"]),
    (
        "recycling = \"training\"",
        "training",
        "USA",
        "all",
        Up,
        &[
            "law.robot_tax=0.5",
            "robots.class.amr.price_factor=0.1",
            "robots.growth_cap=2000 %/year",
            "robots.innovation=300 %/year",
        ],
    ),
];

const WEEK: i32 = 30;

fn run(policy: &str, settings: &[&str], seed: &str) -> Results {
    let mut all = common::coarse(&["run.years=1.5", "run.record_every=1 week", seed]);
    all.extend(settings);
    // tick 30 begins on 2027-07-30
    let table = if policy.starts_with("kind =") { "event" } else { "policy" };
    let body =
        if policy.is_empty() { String::new() } else { format!("[[{table}]]\nfrom = \"2027-07-30\"\n{policy}\n") };
    common::results(&common::variant(&body, &all))
}

fn sum_after(results: &Results, metric: &str, region: &str, item: &str) -> f64 {
    let r = results.scenario.parameters.regions.iter().position(|name| name == region).unwrap();
    let history = results.series.history(metric.parse().unwrap(), r, item).unwrap_or_default();
    history.iter().filter(|row| row.0 >= WEEK).map(|row| row.1).sum()
}

fn check((policy, metric, region, item, moves, settings): &Case, seed: &str) -> Result<String, String> {
    let is_up = matches!(moves, Up);
    compare(&run("", settings, seed), &run(policy, settings, seed), policy, (metric, region, item, is_up), seed)
}

/// Runs without and with a policy: nothing before its date, and the indicator of a region and item moves as it should.
fn compare(
    without: &Results,
    with: &Results,
    policy: &str,
    (metric, region, item, is_up): (&str, &str, &str, bool),
    seed: &str,
) -> Result<String, String> {
    let before = |results: &Results| {
        let early = results.series.rows.iter().filter(|row| row.tick < WEEK);
        early.map(|row| (row.tick, row.region, row.metric, row.item, row.value.to_bits())).collect::<Vec<_>>()
    };
    if before(without) != before(with) {
        return Err(format!("{policy}: something moved before its date"));
    }
    let (a, b) = (sum_after(without, metric, region, item), sum_after(with, metric, region, item));
    let is_right = if is_up { b > a } else { b < a };
    let line = format!("{seed}: {policy:?} moved {metric} [{region}, {item}] from {a:.4e} to {b:.4e}");
    if is_right { Ok(line) } else { Err(line) }
}

/// A world in which every lever finds something to act on: many are filmed, and robots spread and displace.
fn busy() -> Vec<&'static str> {
    [FILMING, DISPLACING].concat()
}

/// The policy that sets the lever on which another one depends; nothing if there is none.
fn needed(lever: &Lever) -> String {
    let Some(needs) = lever.needs else { return String::new() };
    let known = LEVERS.iter().find(|known| known.name == needs.lever).unwrap();
    let value = needs.at.first().map(|word| format!("{word:?}")).or(known.moves.map(|moves| moves.at.to_owned()));
    format!("{} = {}\n", known.name, value.unwrap_or_else(|| panic!("{} moves nothing", known.name)))
}

#[test]
fn every_lever_moves_from_its_date_on_what_its_line_says() {
    let levers = || LEVERS.iter().filter_map(|lever| Some((lever, lever.moves?)));
    let seeds = ["run.seed=1", "run.seed=2"];
    let bases: BTreeSet<String> = levers().map(|(lever, _)| needed(lever)).collect();
    let bases: Vec<(String, &str)> =
        bases.into_iter().flat_map(|base| seeds.map(|seed| (base.clone(), seed))).collect();
    let bases: BTreeMap<_, _> =
        bases.into_par_iter().map(|(base, seed)| ((base.clone(), seed), run(&base, &busy(), seed))).collect();
    let jobs: Vec<_> = levers().flat_map(|(lever, moves)| seeds.map(|seed| (lever, moves, seed))).collect();
    let outcome = |&(lever, moves, seed): &(&Lever, Moves, &'static str)| {
        let base = needed(lever);
        let policy = format!("{base}{} = {}\n", lever.name, moves.at);
        let about = (moves.metric, moves.region, moves.item, moves.is_up);
        compare(&bases[&(base, seed)], &run(&policy, &busy(), seed), &policy, about, seed)
    };
    hold(&jobs.par_iter().map(outcome).collect::<Vec<_>>());
}

#[test]
fn every_event_acts_from_its_date_on() {
    let jobs: Vec<(&Case, &str)> =
        CASES.iter().flat_map(|case| ["run.seed=1", "run.seed=2"].map(|seed| (case, seed))).collect();
    hold(&jobs.par_iter().map(|(case, seed)| check(case, seed)).collect::<Vec<_>>());
}

/// Prints what moved, and fails with what did not.
fn hold(outcomes: &[Result<String, String>]) {
    for outcome in outcomes.iter().flatten() {
        println!("{outcome}");
    }
    let wrong: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_lever_and_every_event_has_a_case() {
    for lever in LEVERS.iter().filter(|lever| lever.moves.is_none()).map(|lever| lever.name) {
        let in_cases = CASES.iter().any(|case| case.0.contains(&format!("{lever} =")));
        let in_bases = lever == "royalty_basis";
        let help = "say in its line of `levers!` (src/economy/policy/law.rs) what it moves";
        assert!(in_cases || in_bases, "nothing looks at what {lever} does: {help}");
    }
    for event in handover::economy::policy::events::EVENTS {
        let in_cases = CASES.iter().any(|case| case.0.starts_with(&format!("kind = {event:?}")));
        assert!(in_cases, "nothing looks at what {event} does: add a line to CASES in tests/it/levers.rs");
    }
}

#[test]
fn every_basis_shares_a_royalty_otherwise() {
    let settings = ["law.royalty_rate=0.3", "capture.filming_at_start=0.2"];
    let base = run("", &settings, "run.seed=1");
    for basis in ["hours", "equal", "collective"] {
        let other = run(&format!("royalty_basis = \"{basis}\""), &settings, "run.seed=1");
        assert_ne!(base.state_hash, other.state_hash, "{basis}");
        let paid = |results: &Results| sum_after(results, "royalties_received", "IND", "all");
        // who gets it changes; how much there is hardly does
        assert!((paid(&other) / paid(&base) - 1.0).abs() < 0.05, "{basis}");
    }
}

#[test]
fn a_strike_of_the_skilled_stops_their_cameras_and_only_while_it_lasts() {
    let settings = common::coarse(&[
        "run.years=1.5",
        "run.record_every=1 week",
        "capture.filming_at_start=0.2",
        "run.persons_per_agent=2000 persons",
    ]);
    let strike =
        "[[event]]\nkind = \"strike\"\nfrom = \"2027-07-30\"\nuntil = \"2028-01-28\"\nmost_skilled = \"30 %\"\n";
    let results = common::results(&common::variant(strike, &settings));
    let r = results.scenario.parameters.regions.iter().position(|name| name == "IND").unwrap();
    let refusing = results.series.history(Metric::RefusingShare, r, "all").unwrap();
    let mean = |from: i32, to: i32| {
        let rows: Vec<f64> = refusing.iter().filter(|row| (from..to).contains(&row.0)).map(|row| row.1).collect();
        rows.iter().sum::<f64>() / rows.len() as f64
    };
    let (before, during, after) = (mean(10, WEEK), mean(WEEK, 56), mean(70, 78));
    assert!(during > 0.2 && before < 0.1 && after < during / 2.0, "{before} {during} {after}");
}

#[test]
fn a_demand_shock_cuts_jobs_while_it_lasts() {
    let shock = "[[event]]\nkind = \"demand_shock\"\nfrom = \"2027-07-30\"\nuntil = \"2027-10-29\"\nfactor = 0.8\n";
    let settings = common::coarse(&["run.years=1.5", "run.record_every=1 week"]);
    let results = common::results(&common::variant(shock, &settings));
    let history = results.series.history(Metric::Arrivals, 6, "picking").unwrap();
    let at = |tick: i32| history.iter().find(|row| row.0 == tick).unwrap().1;
    assert!((at(31) / at(28) - 0.8).abs() < 0.04, "{}", at(31) / at(28));
    assert!(at(60) / at(28) > 0.9);
}

/// Settings of a short run with weekly records; tick 30 begins on 2027-07-30.
fn short<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut settings = common::coarse(&["run.years=1.5", "run.record_every=1 week"]);
    settings.extend(more);
    settings
}

fn at(results: &Results, metric: &str, region: &str, item: &str, tick: i32) -> f64 {
    let r = results.scenario.parameters.regions.iter().position(|name| name == region).unwrap();
    let history = results.series.history(metric.parse().unwrap(), r, item).unwrap();
    history.iter().find(|row| row.0 == tick).unwrap_or_else(|| panic!("no {metric} in tick {tick}")).1
}

#[test]
fn a_lever_for_some_occupations_leaves_the_others_alone() {
    let policy = "occupations = [\"helper\"]\nminimum_wage = \"400 USD/month\"\ntraining_places = \"2 %\"";
    let results = run(policy, &[], "run.seed=1");
    let wage = |item: &str, tick: i32| at(&results, "wage", "IND", item, tick);
    assert!((wage("helper", WEEK) - 400.0).abs() < 1e-9 && wage("helper", WEEK - 1) < 150.0);
    let training = |item: &str| at(&results, "training", "IND", item, 60);
    assert!(training("helper") > 0.0);
    for other in ["assembler", "operator", "tool_and_die", "picker", "courier"] {
        assert!((wage(other, 60) / wage(other, WEEK - 1) - 1.0).abs() < 0.05, "{other}");
        assert_eq!(training(other), 0.0, "{other}");
    }
}

/// Cost of an assembled unit by hand = labour (1 + tax) + 0.1 labour (1 + 15 %), so with the tax going
/// from 15 to 65 % in 26 weeks it is (1.40 + 0.115) / (1.15 + 0.115) = 1.198 times the start's half way,
/// (1.65 + 0.115) / 1.265 = 1.395 times at the end, and what it was once the policy has ended.
#[test]
fn a_phased_in_lever_moves_in_a_line_and_goes_back_at_once() {
    let policy = "[[policy]]\nfrom = \"2027-07-30\"\nuntil = \"2028-03-24\"\nphase_in = \"26 weeks\"\n\
                  regions = [\"IND\"]\npayroll_tax = \"65 %\"\n";
    let results = common::results(&common::variant(policy, &short(&[])));
    let wage = |tick| at(&results, "wage", "IND", "assembler", tick - 1);
    let cost = |tick| at(&results, "cost_by_hand", "IND", "assembly", tick) / wage(tick);
    let ratio = |tick| cost(tick) / cost(WEEK);
    assert!((ratio(WEEK) - 1.0).abs() < 1e-9);
    for (tick, expected) in [(43, 1.198), (56, 1.395), (60, 1.395), (64, 1.0)] {
        assert!((ratio(tick) - expected).abs() < 0.005, "{tick}: {} and not {expected}", ratio(tick));
    }
}

#[test]
fn a_tariff_is_paid_by_those_who_import_and_is_its_share_of_the_price() {
    let tariff = "[[event]]\nkind = \"robot_tariff\"\nfrom = \"2027-07-30\"\nregions = [\"USA\", \"CHN\"]\n\
                  classes = [\"amr\"]\nrate = \"25 %\"\n";
    let results = common::results(&common::variant(tariff, &short(HASTENING)));
    let regions = &results.scenario.parameters.regions;
    let place = |name: &str| u16::try_from(regions.iter().position(|region| region == name).unwrap()).unwrap();
    let (usa, chn) = (place("USA"), place("CHN"));
    let paid = |flow: Flow, from: u16, to: u16| -> i128 {
        let is_it = |row: &&(i32, Flow, u16, u16, i128)| (row.0 >= WEEK, row.1, row.2, row.3) == (true, flow, from, to);
        results.flows.rows.iter().filter(is_it).map(|row| row.4).sum()
    };
    let all: i128 = results.flows.rows.iter().filter(|row| row.1 == Flow::RobotTariff).map(|row| row.4).sum();
    // what the USA pays for robots to makers in China is for mobile robots and vans, and vans are few
    let (tariff, bought) = (paid(Flow::RobotTariff, usa, usa), paid(Flow::Robots, usa, chn));
    assert_eq!(tariff, all, "only the USA imports");
    let rate = tariff as f64 / bought as f64;
    assert!(bought > 0 && (0.23..=0.25).contains(&rate), "{rate}");
}

#[test]
fn behind_an_import_ban_old_robots_serve_out_their_lives_and_orders_resume_after_it() {
    let ban = "[[event]]\nkind = \"robot_import_ban\"\nfrom = \"2027-07-30\"\nuntil = \"2028-03-24\"\n\
               regions = [\"USA\", \"CHN\"]\n";
    let results = common::results(&common::variant(ban, &short(DISPLACING)));
    for tick in WEEK..64 {
        assert_eq!(at(&results, "robots_ordered", "USA", "amr", tick), 0.0);
        assert_eq!(at(&results, "robots_ordered", "CHN", "manipulator", tick), 0.0);
        let fleet = |tick| at(&results, "fleet", "USA", "amr", tick);
        assert!(fleet(tick) <= fleet(tick - 1) && fleet(tick) > 0.0);
    }
    // China makes its own mobile robots, and the ban of others ends
    assert!((WEEK..64).any(|tick| at(&results, "robots_ordered", "CHN", "amr", tick) > 0.0));
    assert!((64..78).any(|tick| at(&results, "robots_ordered", "USA", "amr", tick) > 0.0));
}

#[test]
fn a_flood_stops_work_and_cameras_but_nobody_is_sent_home() {
    let flood = "[[event]]\nkind = \"natural_disaster\"\nfrom = \"2027-07-30\"\nuntil = \"2027-08-27\"\n\
                 regions = [\"BGD\"]\nsites = [\"factory\"]\nshare = \"40 %\"\n";
    let settings = short(&["run.persons_per_agent=2000 persons", "capture.filming_at_start=0.5"]);
    let results = common::results(&common::variant(flood, &settings));
    let dry = common::results(&common::variant("", &settings));
    let ratio = |metric: &str, item: &str, tick: i32| {
        at(&results, metric, "BGD", item, tick) / at(&dry, metric, "BGD", item, tick)
    };
    // 40 % of the sites do not have exactly 40 % of the work, nor of the cameras; where the water comes says
    // nothing of who films
    let done = ratio("done_by_people", "assembly", 31);
    assert!((0.45..0.75).contains(&done), "{done}");
    let filmed = ratio("raw_hours", "all", 31);
    assert!((0.45..0.75).contains(&filmed), "{filmed}");
    assert!(ratio("done_by_people", "picking", 31) > 0.95, "warehouses work on");
    assert!(ratio("employed", "all", 33) > 0.97, "{}", ratio("employed", "all", 33));
    assert!(at(&results, "laid_off", "BGD", "all", 32) <= at(&dry, "laid_off", "BGD", "all", 32));
    // four weeks of their work wait, and are worked off
    let backlog = |results: &Results, tick| at(results, "backlog", "BGD", "assembly", tick);
    assert!(backlog(&results, 33) > 10.0 * backlog(&dry, 33).max(1.0));
    assert!(ratio("done_by_people", "assembly", 36) > 1.0);
    assert!(backlog(&results, 77) < backlog(&results, 34) / 2.0);
}

#[test]
fn a_breakthrough_and_a_leak_reach_only_the_labs_concerned_with_the_next_release() {
    let base = common::results(&common::variant("", &short(&[])));
    let breakthrough =
        "kind = \"capability_breakthrough\"\nlabs = [\"USA lab\"]\nfamilies = [\"handover\"]\nfailure = 0.5";
    let leak = "kind = \"data_leak\"\nlab = \"USA lab\"\nlabs = [\"EU27 lab\"]\nshare = 1.0";
    // models are released in weeks 26 and 39
    for (event, gains, others) in [(breakthrough, "USA", ["EU27", "CHN"]), (leak, "EU27", ["USA", "CHN"])] {
        let results = run(event, &[], "run.seed=1");
        let share =
            |results: &Results, region: &str, item: &str, tick| at(results, "feasible_share", region, item, tick);
        assert_eq!(share(&results, gains, "doorstep", 38), share(&base, gains, "doorstep", 38));
        assert!(share(&results, gains, "doorstep", 39) > 1.05 * share(&base, gains, "doorstep", 39), "{event}");
        for other in others {
            assert_eq!(share(&results, other, "doorstep", 39), share(&base, other, "doorstep", 39), "{event}");
        }
        let handling = share(&results, gains, "picking", 39) > share(&base, gains, "picking", 39);
        assert_eq!(handling, event == leak, "a breakthrough in one family stays there: {event}");
    }
}

#[test]
fn an_event_that_can_never_act_is_refused_with_its_key() {
    for (event, words) in [
        ("kind = \"robot_tariff\"\nrate = 0.1\nclasses = [\"van\"]\nregions = [\"CHN\"]", "crosses a border"),
        ("kind = \"new_region_joins\"\nregions = [\"CHN\"]\nlabs = [\"CHN lab\"]", "from the start"),
        ("kind = \"data_leak\"\nlab = \"MEX lab\"\nshare = 0.1", "no lab \"MEX lab\""),
        ("kind = \"capability_breakthrough\"", "say what the breakthrough does"),
        ("kind = \"strike\"\nmost_skilled = 0.3\noccupations = [\"courier\"]", "nobody films a courier"),
    ] {
        let text = format!("[[event]]\nfrom = \"2027-07-30\"\n{event}\n");
        let problem = common::refused(&text);
        assert!(problem.contains(words), "{event}:\n{problem}");
    }
}
