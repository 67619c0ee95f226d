//! Every lever changes what it should, and nothing before its date.
//!
//! Each lever is enacted in the thirtieth week; runs with and without share their luck. Rows before
//! that week are equal to the bit; after it the named indicator moves in the named direction.

mod common;

use handover::experiment::run::Results;
use rayon::prelude::*;

enum Moves {
    Up,
    Down,
}
use Moves::{Down, Up};

/// Lever as a line of TOML; indicator, region, item; direction; what must hold for it to act.
type Case = (&'static str, &'static str, &'static str, &'static str, Moves, &'static [&'static str]);

const FILMING: &[&str] = &["capture.filming_at_start=0.2"];
const DISPLACING: &[&str] =
    &["robots.class.amr.price_factor=0.1", "robots.growth_cap=2000 %/year", "robots.innovation=300 %/year"];

const CASES: &[Case] = &[
    ("data_rights = \"ban\"", "raw_hours", "IND", "all", Down, FILMING),
    ("withdrawal = true\ndata_rights = \"consent\"", "contributors", "IND", "all", Down, FILMING),
    ("programme_coverage = 0.5", "filmed_workers", "IND", "all", Up, FILMING),
    ("least_capture_pay = \"3 USD/hour\"", "capture_pay_received", "IND", "all", Up, FILMING),
    ("royalty_rate = \"15 %\"", "royalties_received", "IND", "all", Up, FILMING),
    (
        "royalty_collection_cost = \"60 %\"",
        "royalties_received",
        "IND",
        "all",
        Down,
        &["law.royalty_rate=0.3", "capture.filming_at_start=0.2"],
    ),
    (
        "royalty_duration = \"20 weeks\"",
        "royalties_received",
        "IND",
        "all",
        Down,
        &["law.royalty_rate=0.3", "capture.filming_at_start=0.2"],
    ),
    (
        "royalty_portable = false",
        "royalties_received",
        "IND",
        "all",
        Down,
        &["law.royalty_rate=0.3", "capture.filming_at_start=0.2"],
    ),
    (
        "robot_tax = \"50 %\"",
        "robots_ordered",
        "CHN",
        "amr",
        Down,
        &["robots.growth_cap=2000 %/year", "robots.innovation=300 %/year"],
    ),
    ("data_levy = \"1 USD/hour\"", "taxes", "IND", "all", Up, FILMING),
    ("citizen_dividend = \"10 %\"", "transfers", "USA", "all", Up, &[]),
    ("wage_insurance = \"50 %\"", "transfers", "USA", "all", Up, DISPLACING),
    (
        "wage_insurance_length = \"1 weeks\"",
        "transfers",
        "USA",
        "all",
        Down,
        &[
            "law.wage_insurance=0.5",
            "robots.class.amr.price_factor=0.1",
            "robots.growth_cap=2000 %/year",
            "robots.innovation=300 %/year",
        ],
    ),
    ("training_places = \"2 %\"", "training", "USA", "all", Up, &[]),
    ("insurance_replacement = 0.9", "transfers", "USA", "all", Up, &[]),
    ("insurance_length = \"200 weeks\"", "transfers", "USA", "all", Up, &[]),
    ("insurance_cover = 0.9", "transfers", "USA", "all", Up, &[]),
    ("payroll_tax = 0.5", "taxes", "IND", "all", Up, &[]),
    ("payroll_tax_couriers = 0.9", "cost_by_hand", "USA", "doorstep", Up, &[]),
    ("income_tax = 0.4", "consumption", "USA", "all", Down, &[]),
    ("corporate_tax = 0.6", "taxes", "USA", "all", Up, &[]),
    ("minimum_wage = \"400 USD/month\"", "wage", "IND", "helper", Up, &[]),
    (
        "ban_penalty = \"5000 USD/year\"",
        "taxes",
        "IND",
        "all",
        Up,
        &["law.data_rights=\"ban\"", "capture.compliance=0 %/week", "capture.filming_at_start=0.2"],
    ),
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
    let mut all = common::COARSE.to_vec();
    all.extend(["run.years=1.5", "run.record_every=1 week", seed]);
    all.extend(settings);
    // tick 30 begins on 2027-07-30
    let body = if policy.is_empty() { String::new() } else { format!("[[policy]]\nfrom = \"2027-07-30\"\n{policy}\n") };
    common::results(&common::variant(&body, &all))
}

fn sum_after(results: &Results, metric: &str, region: &str, item: &str) -> f64 {
    let r = results.scenario.parameters.regions.iter().position(|name| name == region).unwrap();
    results.series.history(metric, r, item).iter().filter(|row| row.0 >= WEEK).map(|row| row.1).sum()
}

fn check((policy, metric, region, item, moves, settings): &Case, seed: &str) -> Result<String, String> {
    let (without, with) = (run("", settings, seed), run(policy, settings, seed));
    let before = |results: &Results| {
        let early = results.series.rows.iter().filter(|row| row.tick < WEEK);
        early.map(|row| (row.tick, row.region, row.metric, row.item, row.value.to_bits())).collect::<Vec<_>>()
    };
    if before(&without) != before(&with) {
        return Err(format!("{policy}: something moved before its date"));
    }
    let (a, b) = (sum_after(&without, metric, region, item), sum_after(&with, metric, region, item));
    let is_right = match moves {
        Up => b > a,
        Down => b < a,
    };
    let line = format!("{seed}: {policy:?} moved {metric} [{region}, {item}] from {a:.4e} to {b:.4e}");
    if is_right { Ok(line) } else { Err(line) }
}

#[test]
fn every_lever_acts_from_its_date_on() {
    let jobs: Vec<(&Case, &str)> =
        CASES.iter().flat_map(|case| ["run.seed=1", "run.seed=2"].map(|seed| (case, seed))).collect();
    let outcomes: Vec<_> = jobs.par_iter().map(|(case, seed)| check(case, seed)).collect();
    for outcome in outcomes.iter().flatten() {
        println!("{outcome}");
    }
    let wrong: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_lever_has_a_case() {
    for lever in handover::economy::policy::LEVERS {
        let in_cases = CASES.iter().any(|case| case.0.contains(&format!("{lever} =")));
        let in_bases = *lever == "royalty_basis";
        assert!(in_cases || in_bases, "{lever} has no case");
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
    let mut settings = common::COARSE.to_vec();
    settings.extend([
        "run.years=1.5",
        "run.record_every=1 week",
        "capture.filming_at_start=0.2",
        "run.persons_per_agent=2000 persons",
    ]);
    let strike =
        "[[event]]\nkind = \"strike\"\nfrom = \"2027-07-30\"\nuntil = \"2028-01-28\"\nmost_skilled = \"30 %\"\n";
    let results = common::results(&common::variant(strike, &settings));
    let r = results.scenario.parameters.regions.iter().position(|name| name == "IND").unwrap();
    let refusing = results.series.history("refusing_share", r, "all");
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
    let mut settings = common::COARSE.to_vec();
    settings.extend(["run.years=1.5", "run.record_every=1 week"]);
    let results = common::results(&common::variant(shock, &settings));
    let history = results.series.history("arrivals", 6, "picking");
    let at = |tick: i32| history.iter().find(|row| row.0 == tick).unwrap().1;
    assert!((at(31) / at(28) - 0.8).abs() < 0.04, "{}", at(31) / at(28));
    assert!(at(60) / at(28) > 0.9);
}
