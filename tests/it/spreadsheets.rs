//! No table of text holds a cell that a spreadsheet would take for a formula, whatever anything is called; and numbers,
//! negative ones too, are numbers.

use crate::common;
use handover::experiment::compare::effects::Effects;
use handover::experiment::compare::live_together;
use handover::experiment::compare::regret::Regret;
use handover::experiment::ensemble::{Attendance, replicate_of};
use handover::experiment::solve::target::Target;
use handover::experiment::solve::{Search, solve};
use handover::experiment::sweep::table::{OutputColumn, Status, Table, TableRow};
use handover::output::compare;
use handover::output::compare::{Comparison, Reform};
use handover::output::ensemble::{Finished, Gathering};
use handover::output::only::Only;
use handover::output::run::tables;
use handover::output::solve as solved;
use handover::output::solve::Solved;
use handover::output::sweep::table;
use handover::scenario::plan::{Design, Factor, Kind, Level, Range};
use handover::scenario::{Scenario, load};
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::process::Command;

const TINY: [&str; 5] = [
    "run.persons_per_agent=400000 persons",
    "run.least_agents=0",
    "run.spin_up=4 weeks",
    "run.years=1",
    "run.record_every=4 weeks",
];

/// Names that a spreadsheet would run, each beginning in another way.
const NAMES: [&str; 10] = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", "|calc", "\u{ff1d}1+1", "\u{2212}2"];

/// Looks at every cell of a table; says how many were made inert and how many are negative numbers.
fn examine(name: &str, bytes: &[u8]) -> (usize, usize) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let (mut inert, mut negative) = (0, 0);
    for row in reader.records().map(Result::unwrap) {
        for cell in &row {
            let is_number = cell.parse::<f64>().is_ok();
            let begins = cell.trim_start_matches(' ').starts_with([
                '=', '+', '-', '@', '\t', '\r', '\n', '|', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{2212}',
            ]);
            assert!(!begins || is_number, "{name}: {cell:?}");
            inert += usize::from(cell.starts_with('\''));
            negative += usize::from(is_number && cell.starts_with('-'));
        }
    }
    (inert, negative)
}

fn table<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> &'a [u8] {
    &files.iter().find(|file| file.0 == name).unwrap_or_else(|| panic!("{name} is missing")).1
}

/// A name that spreadsheets take for a formula as well, and that a region may have: with the wide form of the sign.
fn wide(name: &str) -> String {
    let sign = |c: char| match c {
        '=' => '\u{ff1d}',
        '+' => '\u{ff0b}',
        '-' => '\u{ff0d}',
        '@' => '\u{ff20}',
        '\t' | '\r' | '\n' => '|',
        c => c,
    };
    name.chars().map(sign).collect()
}

/// The same scenario, itself called by a name, and India by its wide form.
fn renamed(scenario: &Scenario, name: &str) -> Scenario {
    let whole: toml::Value = toml::from_str(&scenario.file).unwrap();
    let text = toml::to_string(&with_india_called(whole, &wide(name))).unwrap();
    let mut other =
        load(Path::new("renamed.toml"), &[], &|_: &Path| Ok(text.clone())).unwrap_or_else(|no| panic!("{no}"));
    other.about.name = name.to_owned();
    other.about.title = name.to_owned();
    other
}

fn with_india_called(value: toml::Value, name: &str) -> toml::Value {
    let word = |word: String| if word == "IND" { name.to_owned() } else { word };
    match value {
        toml::Value::String(text) => toml::Value::String(word(text)),
        toml::Value::Array(values) => {
            toml::Value::Array(values.into_iter().map(|value| with_india_called(value, name)).collect())
        }
        toml::Value::Table(entries) => toml::Value::Table(
            entries.into_iter().map(|(key, value)| (word(key), with_india_called(value, name))).collect(),
        ),
        other => other,
    }
}

#[test]
fn the_tables_of_runs_and_ensembles() {
    let scenario = common::scenario("baseline", &TINY);
    let whole = common::results(&scenario);
    let place = tempfile::tempdir().unwrap();
    for (n, name) in NAMES.into_iter().enumerate() {
        let mut results = common::results(&renamed(&scenario, name));
        *results.series.items.last_mut().unwrap() = name.to_owned();
        let (inert, negative) = examine("series.csv", table(&tables::all(&results).unwrap(), "series.csv"));
        assert!(inert >= whole.series.rows.len() && negative > 0, "{name:?}: {inert} inert, {negative} negative");
        let (inert, negative) = examine("gains.csv", table(&tables::all(&results).unwrap(), "gains.csv"));
        assert!(inert > 300 && negative > 0, "{name:?}: {inert} inert, {negative} negative");

        let folder = place.path().join(n.to_string());
        let mut gathering = Gathering::beside(&folder, &results.scenario, None, &Only::default()).unwrap();
        gathering.take(Finished::of(results, Vec::new(), &Only::default())).unwrap();
        gathering.finish(Attendance { done: vec![0], failures: Vec::new() }).unwrap();
        let (inert, negative) = examine("bands.csv", &fs::read(folder.join("bands.csv")).unwrap());
        assert!(inert > 10_000 && negative > 0, "{name:?}: {inert} inert, {negative} negative");
        let (inert, negative) = examine("gains.csv", &fs::read(folder.join("gains.csv")).unwrap());
        assert!(inert > 300 && negative > 0, "{name:?}: {inert} inert, {negative} negative");
    }
}

#[test]
fn the_tables_of_a_comparison() {
    let (base, reform) = (common::scenario("baseline", &TINY), common::early_royalty(&TINY));
    for name in NAMES {
        examine_comparison(name, renamed(&base, name), renamed(&reform, name));
    }
}

fn examine_comparison(name: &str, base: Scenario, scenario: Scenario) {
    let mut effects = Effects::default();
    for number in 0..2 {
        let worlds = live_together(&replicate_of(&base, number), &[replicate_of(&scenario, number)], || true);
        let worlds = worlds.unwrap_or_else(|stopped| panic!("{stopped:?}"));
        effects.add(&worlds.base, &worlds.reforms[0]);
    }
    let reforms = vec![Reform { scenario, effects, lives: None }];
    let attendance = Attendance { done: vec![0, 1], failures: Vec::new() };
    let words = || vec![name.to_owned(), "other".to_owned()];
    let values = vec![vec![-1.0, 1.0], vec![2.0, 3.0]];
    let regrets = vec![Regret { aim: name.to_owned(), policies: words(), states: words(), values, is_cost: false }];
    let whole = Comparison { base, reforms, attendance, states: Vec::new(), regrets, evidence: None };
    let files = compare::render(&whole, &Only::default()).unwrap();
    let tables = files.iter().filter(|(file, _)| file.ends_with(".csv"));
    let found: Vec<(usize, usize)> = tables.map(|(file, bytes)| examine(file, bytes)).collect();
    assert_eq!(found.len(), 10);
    assert!(found.iter().all(|(inert, _)| *inert > 0), "{name:?}: {found:?}");
    assert!(found.iter().map(|(_, negative)| negative).sum::<usize>() > 0);
}

#[test]
fn the_table_of_a_solution() {
    let base = common::scenario("baseline", &TINY);
    let mut dial = base.enacted_dial("royalty_rate", "from = \"2027-06\"").unwrap();
    let target = Target::read("last(unemployment_rate[USA]) <= 50 %", &base).unwrap();
    let search = Search { low: -0.2, high: 0.4, tolerance: 0.01, scan: 3 };
    let solution = solve(target.goal, search, |lever: f64| Ok::<_, Infallible>(vec![lever, lever + 0.01])).unwrap();
    for name in NAMES {
        dial.key = name.to_owned();
        let whole = Solved { scenario: &base, dial: &dial, target: &target, replicates: &[0, 1], solution: &solution };
        let files = solved::render(&whole).unwrap();
        let (inert, negative) = examine("points.csv", table(&files, "points.csv"));
        assert!(inert >= 2 && negative > 0, "{name:?}: {inert} inert, {negative} negative");
    }
}

#[test]
fn the_tables_of_a_calibration() {
    let place = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(common::root().join("tests/calibration/alpha.toml")).unwrap();
    let baseline = common::root().join("scenarios/baseline.toml");
    let text = text
        .replace("../../scenarios/baseline.toml", &baseline.to_string_lossy())
        .replace("\"capability in handling\"", "\"=cmd|' /C calc'!A0\"")
        .replace("\"made up for the test\"", "\"\\t@SUM(A1)\"")
        .replace("\"The exponent of learning, from capability after a year\"", "\"+1+1\"");
    let file = place.path().join("hostile.toml");
    fs::write(&file, text).unwrap();
    run(place.path(), &["calibrate", "hostile.toml", "--quiet", "--out=found"]);
    let found = |name: &str| examine(name, &fs::read(place.path().join("found").join(name)).unwrap());
    assert_eq!(found("targets.csv").0, 2);
    found("factors.csv");
}

/// A sweep of a number and a word, both with names that are formulas.
fn sweep(name: &str) -> Table {
    let factor = |name: String, range: Range| Factor {
        keys: vec![name.clone()],
        is_number: !matches!(range, Range::Values(_)),
        meaning: name.clone(),
        grade: name.clone(),
        unit: String::new(),
        is_multiple: false,
        is_whole: false,
        base: None,
        name,
        range,
    };
    let words = [name, "other"].map(|word| Level::Word(word.to_owned()));
    // A, what B has for either factor, B
    let place = |n: u32| f64::from(n * 7 % 32) - 32.0;
    let points = (0..32_u32).flat_map(|n| {
        let (a, b) = ((place(n), n % 2), (place(n + 5), n / 2 % 2));
        [a, (b.0, a.1), (a.0, b.1), b]
    });
    let rows = points.enumerate().map(|(point, (x, word))| TableRow {
        point: point as u64,
        arm: 0,
        replicate: 0,
        run: format!("{point:064x}"),
        status: Status::Done,
        factors: vec![Level::Number(x), words[word as usize].clone()],
        outputs: vec![Some(x - f64::from(word)), Some(x * f64::from(word))],
    });
    let output = |n: usize| OutputColumn {
        name: format!("{name}{n}"),
        outcome: "last(employed[USA])".to_owned(),
        unit: "persons".to_owned(),
        meaning: name.to_owned(),
    };
    Table {
        name: name.to_owned(),
        title: name.to_owned(),
        design: Design { kind: Kind::Saltelli { points: 32 }, seed: 1 },
        factors: vec![
            factor(format!("{name}a"), Range::Between { low: -32.0, high: 0.0, is_log: false }),
            factor(format!("{name}b"), Range::Values(words.to_vec())),
        ],
        arms: vec![name.to_owned()],
        replicates: 1,
        seed: 1,
        outputs: vec![output(0), output(1)],
        rows: rows.collect(),
    }
}

fn run(place: &Path, arguments: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_handover")).current_dir(place).args(arguments).output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_tables_of_a_sensitivity_run_and_those_for_salib() {
    for name in ["=1+1", "+1", "-2+3", "@SUM(A1)", "|calc", "\u{ff1d}1+1"] {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("sweep.parquet"), table::bytes(&sweep(name)).unwrap()).unwrap();
        run(place.path(), &["sensitivity", ".", "--quiet", "--export-salib", "salib"]);
        let found = |name: &str| examine(name, &fs::read(place.path().join(name)).unwrap());
        let (report, x, y) = (found("report/sensitivity.csv"), found("salib/X.csv"), found("salib/Y.csv"));
        assert!(report.0 > 10 && report.1 > 0, "{name:?}: {report:?}");
        assert!(x.0 == 2 && x.1 > 0 && y.1 > 0, "{name:?}: {x:?} {y:?}");
    }
}
