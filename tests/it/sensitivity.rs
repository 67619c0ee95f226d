//! Whole commands on tables of sweeps: what is analysed, what is refused, what is found.

use handover::experiment::sweep::table::{OutputColumn, Status, Table, TableRow};
use handover::output::disk::files;
use handover::output::sweep::table;
use handover::scenario::plan::{Design, Factor, Kind, Level, Range};
use std::path::Path;
use std::process::{Command, Output};

const WORDS: [&str; 2] = ["notice", "consent"];

/// A table of two arms, two replicates, two numbers and a word; the base has 5 + 3 x, the reform takes 2 z from it where
/// the regime is consent; the second replicate has one more everywhere.
fn table(kind: Kind, points: &[[f64; 2]]) -> Table {
    let factor = |name: &str, grade: &str, range: Range| Factor {
        name: name.to_owned(),
        keys: vec![name.to_owned()],
        is_number: !matches!(range, Range::Values(_)),
        range,
        unit: String::new(),
        is_multiple: false,
        is_whole: false,
        meaning: format!("what {name} means"),
        grade: grade.to_owned(),
        base: None,
    };
    let between = || Range::Between { low: 0.0, high: 1.0, is_log: false };
    let words = WORDS.map(|word| Level::Word(word.to_owned())).to_vec();
    let mut rows = Vec::new();
    for (point, &[x, z]) in points.iter().enumerate() {
        let word = point % 7 / 4;
        for arm in 0..2 {
            for replicate in 0..2 {
                let level = 5.0 + 3.0 * x + f64::from(replicate);
                let change = if arm == 1 && word == 1 { -2.0 * z } else { 0.0 };
                rows.push(TableRow {
                    point: point as u64,
                    arm,
                    replicate,
                    run: format!("{point:064x}"),
                    status: Status::Done,
                    factors: vec![Level::Number(x), Level::Number(z), Level::Word(WORDS[word].to_owned())],
                    outputs: vec![Some(level + change), Some(7.0)],
                });
            }
        }
    }
    let output = |name: &str| OutputColumn {
        name: name.to_owned(),
        outcome: format!("last({name}[USA])"),
        unit: "persons".to_owned(),
        meaning: name.to_owned(),
    };
    Table {
        name: "planted".to_owned(),
        title: "A planted table".to_owned(),
        design: Design { kind, seed: 1 },
        factors: vec![
            factor("x", "A", between()),
            factor("z", "C", between()),
            factor("regime", "B", Range::Values(words)),
        ],
        arms: vec!["law".to_owned(), "reform".to_owned()],
        replicates: 2,
        seed: 1,
        outputs: vec![output("jobs"), output("still")],
        rows,
    }
}

/// Points of no regular kind.
fn scattered(count: usize) -> Vec<[f64; 2]> {
    (0..count).map(|n| [n as f64 * 0.618_034 % 1.0, n as f64 * 0.754_878 % 1.0]).collect()
}

fn other(count: usize) -> Table {
    table(Kind::Sobol { points: count as u64 }, &scattered(count))
}

/// The same as a Saltelli design: A, AB of each factor, B.
fn saltelli(samples: usize) -> Table {
    // A and B of a sample from four sequences that know nothing of each other (roots of x^5 = x + 1)
    let place = |n: usize, step: f64| n as f64 * step % 1.0;
    let (a, b) = (|n| [place(n, 0.856_675), place(n, 0.628_707)], |n| [place(n, 0.733_892), place(n, 0.538_597)]);
    let points: Vec<[f64; 2]> = (0..samples).flat_map(|n| [a(n), a(n), a(n), a(n), b(n)]).collect();
    let mut whole = table(Kind::Saltelli { points: samples as u64 }, &points);
    let value = |factors: &[Level]| -> (f64, f64, bool) {
        let number = |n: usize| factors[n].number().unwrap();
        (number(0), number(1), factors[2] == Level::Word("consent".to_owned()))
    };
    for sample in whole.rows.chunks_exact_mut(5 * 4) {
        let (a, b) = (sample[0].factors.clone(), sample[16].factors.clone());
        for (n, row) in sample.iter_mut().enumerate() {
            let place = n / 4;
            row.factors.clone_from(if place == 4 { &b } else { &a });
            if (1..4).contains(&place) {
                row.factors[place - 1] = b[place - 1].clone();
            }
            let (x, z, has_consent) = value(&row.factors);
            let change = if row.arm == 1 && has_consent { -2.0 * z } else { 0.0 };
            row.outputs[0] = Some(5.0 + 3.0 * x + f64::from(row.replicate) + change);
        }
    }
    whole
}

fn folder(table: &Table) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("sweep.parquet"), table::bytes(table).unwrap()).unwrap();
    place
}

fn handover(folder: &Path, command: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_handover")).arg(command).arg(folder).args(more).output().unwrap()
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_level_and_an_effect_hang_on_different_numbers() {
    let place = folder(&saltelli(64));
    let (code, out, error) = said(&handover(place.path(), "sensitivity", &["--json", "--bootstrap", "50"]));
    assert_eq!(code, 0, "{error}");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let answers = found["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 2);
    let index = |answer: usize, factor: usize, order: &str| {
        answers[answer]["factors"][factor][order]["value"].as_f64().unwrap()
    };
    // the level of the base is a straight line of x alone
    assert!((index(0, 0, "ST") - 1.0).abs() < 0.2 && index(0, 1, "ST") == 0.0 && index(0, 2, "ST") == 0.0);
    // the effect is a product of z and the regime, and x is no part of it: differences of like random numbers leave no
    // rounding
    assert!(index(1, 0, "ST").abs() < 1e-12 && index(1, 1, "ST") > 0.2 && index(1, 2, "ST") > 0.2);
    // the second output never varies, in level and effect, and both are said
    assert_eq!(found["left_out"].as_array().unwrap().len(), 2);
    assert!(answers[0]["evidence"].as_str().unwrap().contains("grade A"), "{}", answers[0]["evidence"]);
    // common random numbers are no noise
    assert!(answers[1]["share_of_luck"].as_f64().unwrap() < 1e-20);
    let report = place.path().join("report");
    files::done(&report).unwrap();
    for file in ["sweep.html", "sensitivity.csv", "plots/sobol_jobs_effect_of_reform.png", "plots/tornado_jobs.svg"] {
        assert!(report.join(file).is_file(), "{file}");
    }
    // the same table gives the same bytes
    let before = std::fs::read(report.join("manifest.json")).unwrap();
    assert_eq!(said(&handover(place.path(), "sensitivity", &["--quiet", "--bootstrap", "50"])).0, 0);
    assert!(before == std::fs::read(report.join("manifest.json")).unwrap());
}

#[test]
fn what_cannot_be_analysed_is_refused_and_nothing_is_written() {
    let refused = |table: &Table, more: &[&str], words: &[&str]| {
        let place = folder(table);
        let (code, out, error) = said(&handover(place.path(), "sensitivity", more));
        assert_eq!(code, 2, "{out} {error}");
        words.iter().for_each(|word| assert!(error.contains(word), "{word}: {error}"));
        assert!(!place.path().join("report").exists());
    };
    refused(&other(40), &[], &["\"sobol\"", "saltelli", "handover plot"]);
    let good = saltelli(32);
    let changed = |change: fn(&mut Table)| {
        let mut table = good.clone();
        change(&mut table);
        table
    };
    refused(&changed(|table| table.rows[17].status = Status::Missing), &[], &["639 of 640 runs", "handover sweep"]);
    refused(&changed(|table| table.rows[17].outputs[0] = None), &[], &["jobs", "point 4", "--output"]);
    refused(&changed(|table| table.rows[17].outputs[0] = Some(f64::NAN)), &[], &["jobs", "point 4"]);
    refused(&changed(|table| drop(table.rows.drain(4..8))), &[], &["row 4"]);
    refused(&changed(|table| table.rows.truncate(300)), &[], &["has 160 points", "table 75"]);
    refused(&good, &["--output", "still"], &["nothing varies"]);
    refused(&good, &["--output", "job"], &["did you mean \"jobs\"?"]);
    refused(&good, &["--arm", "reforn"], &["did you mean \"reform\"?"]);
    refused(&saltelli(31), &[], &["31 base samples are too few", "write 32 at least"]);
    let scrambled = changed(|table| {
        for row in &mut table.rows[4..8] {
            row.factors[1] = Level::Number(0.123);
        }
    });
    refused(&scrambled, &[], &["point 1", "z differs"]);
    let place = tempfile::tempdir().unwrap();
    let (code, _, error) = said(&handover(place.path(), "sensitivity", &[]));
    assert!(code == 2 && error.contains("no sweep.parquet"), "{error}");
}

#[test]
fn any_design_is_drawn_and_a_partial_one_is_marked() {
    let mut table = other(60);
    let place = folder(&table);
    let (code, out, error) = said(&handover(place.path(), "plot", &["--output", "jobs", "--better", "jobs=more"]));
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("60 points"), "{out}");
    let page = std::fs::read_to_string(place.path().join("report/sweep.html")).unwrap();
    // the reform takes jobs wherever it does anything: the law is regretted nowhere
    assert!(page.contains("Regretted least at worst: law (0 persons at most)"), "no table of regret");
    table.rows[9].status = Status::Failed("a breach".to_owned());
    let place = folder(&table);
    let (code, _, error) = said(&handover(place.path(), "plot", &["--output", "jobs"]));
    assert!(code == 2 && error.contains("239 of 240 runs"), "{error}");
    let (code, out, _) = said(&handover(place.path(), "plot", &["--output", "jobs", "--allow-partial"]));
    assert!(code == 75 && out.contains("239 of 240 runs") && out.contains("59 points"), "{out}");
    let page = std::fs::read_to_string(place.path().join("report/sweep.html")).unwrap();
    assert!(page.contains("239 of 240 runs. It is partial"));
}

#[test]
fn a_planted_box_is_said_in_a_sentence() {
    let place = folder(&other(400));
    let event = ["--where", "jobs < -1", "--arm", "reform", "--against", "law"];
    let (code, out, error) = said(&handover(place.path(), "discover", &event));
    assert_eq!(code, 0, "{error}");
    // a change below -1 happens where the regime is consent and z is over a half
    assert!(out.contains("regime is consent"), "{out}");
    let place_of = out.find("z is over 0.5").unwrap_or_else(|| panic!("{out}"));
    assert!(out[place_of..].contains("in 100 % of the points"), "{out}");
    assert!(out.contains("That is 100 % of all points where it happens"), "{out}");
    assert!(!out.contains("x is"), "{out}");
    files::done(&place.path().join("discover")).unwrap();
    let (code, _, error) = said(&handover(place.path(), "discover", &["--where", "jobs > 1000"]));
    assert!(code == 2 && error.contains("0 of 400 points"), "{error}");
    let (code, _, error) = said(&handover(place.path(), "discover", &["--where", "jobs"]));
    assert!(code == 2 && error.contains("for example"), "{error}");
}
