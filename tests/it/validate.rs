//! The scorecard: its evidence is whole, what is wrong in it is shown where it stands, and its counts are those of the
//! document.

use crate::common;
use handover::experiment::validate::Standing;
use handover::experiment::validate::file::File;
use handover::experiment::validate::prepare::{Unready, prepare};
use handover::scenario::{Problems, Scenario, load};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn files() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in ["scenarios/evidence", "scenarios/history"] {
        for entry in std::fs::read_dir(common::root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "toml") && !path.ends_with("expected.toml") {
                found.push((path.clone(), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn scenario(file: &str, path: &str, settings: &[String]) -> Result<Scenario, Problems> {
    let reader = |path: &Path| std::fs::read_to_string(path);
    load(&Path::new(file).parent().unwrap().join(path), settings, &reader)
}

fn standings() -> BTreeMap<String, Standing> {
    let mut all = BTreeMap::new();
    for (path, text) in files() {
        let file = File::read(&path.display().to_string(), &text).unwrap();
        for (id, standing) in file.standings() {
            assert_eq!(all.insert(id.to_owned(), standing), None, "{id} is there twice");
        }
    }
    all
}

#[test]
fn every_fact_that_was_collected_is_on_the_card_on_its_own_side() {
    let all = standings();
    let side = |letter: char, standing: Standing| -> Vec<u32> {
        let mut numbers: Vec<u32> = all
            .iter()
            .filter_map(|(id, found)| {
                let number = id.strip_prefix(letter)?.parse().ok()?;
                assert_eq!(*found, standing, "{id}");
                Some(number)
            })
            .collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(side('C', Standing::Used), (1..=12).collect::<Vec<_>>());
    assert_eq!(side('H', Standing::HeldOut), [1, 2, 3, 4, 5, 6, 8, 9, 11, 13, 14, 16, 18, 19, 21, 22, 23]);
}

#[test]
fn every_outcome_and_value_reads_in_its_experiment() {
    let files: Vec<File> =
        files().iter().map(|(path, text)| File::read(&path.display().to_string(), text).unwrap()).collect();
    let card = prepare(&files, true, &[], &scenario).unwrap_or_else(|unready| match unready {
        Unready::Wrong(words) => panic!("{words}"),
        Unready::Scenario(problems) => panic!("{problems}"),
    });
    let idle: Vec<&str> =
        card.experiments.iter().filter(|of| of.outcomes.is_empty()).map(|of| of.name.as_str()).collect();
    assert_eq!(idle, [""; 0], "experiments that test nothing");
    assert!(card.series.iter().all(|series| series.places.len() > 2));
}

const GOOD: &str = r#"
[[experiment]]
name     = "one"
scenario = "baseline.toml"
set      = { "run.years" = 1 }

[[fact]]
id       = "C1"
what     = "something"
source   = "somebody"
mark     = "V"
standing = "used"
says     = "why"
[[fact.figure]]
value      = "5 %"
tolerance  = "1 %"
experiment = "one"
outcome    = "last(unemployment_rate[USA])"
"#;

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    let home = common::root().join("scenarios/some.toml").display().to_string();
    let whole = |text: &str| -> Result<(), String> {
        let file = File::read(&home, text)?;
        prepare(&[file], false, &[], &scenario).map(|_| ()).map_err(|unready| match unready {
            Unready::Wrong(words) => words,
            Unready::Scenario(problems) => problems.to_string(),
        })
    };
    assert_eq!(whole(GOOD), Ok(()));
    let table = r#"
        mark     = "V"        | mark     = "A"        | 11:12            | unknown variant
        standing = "used"     | standing = "kept"     | 12:12            | unknown variant
        says     = "why"      | says     = " "        | 13:12            | nothing is said here
        source   =            | sources  =            | some.toml        | sources
        value      = "5 %"    | value      = "5 USD"  | 15:14            | is not an amount in "share"
        tolerance  =          | # tolerance  =        | 15:14            | how well this figure is known
        tolerance  = "1 %"    | tolerance  = "0 %"    | 16:14            | lies above zero
        experiment = "one"    | experiment = "two"    | 17:14            | there are one
        unemployment_rate     | unemployment_rat      | 18:14            | did you mean
        outcome    =          | cannot     =          | 18:14            | either tested
        experiment = "one"    | # experiment = "one"  | 15:14            | how this figure is tested
        "run.years"           | "run.yers"            | some.toml:5:27   | did you mean "years"
        baseline.toml         | baselin.toml          | some.toml:4:12   | baselin.toml
        source   =            | soruce   =            | some.toml:10:1   | did you mean "source"
        standing = "used"     | standing = "usd"      | 12:12            | did you mean "used"
        experiment = "one"    | experiment = "oen"    | 17:14            | did you mean "one"? there are one
        source   = "somebody" | source   = “somebody” | some.toml:10:12  | are typographic quotes
        [USA]                 | [USX]                 | 18:14            | did you mean "USA"? the scenario has BGD
    "#;
    for [from, to, place, words] in common::rows(table) {
        assert!(GOOD.contains(from), "{from}");
        let problem = whole(&GOOD.replace(from, to)).expect_err(to);
        assert!(problem.contains(place) && problem.contains(words), "{to}:\n{problem}");
    }
    let twice = format!("{GOOD}{}", GOOD[GOOD.find("[[fact]]").unwrap()..].replace("\"somebody\"", "\"another\""));
    assert!(whole(&twice).unwrap_err().contains("is there twice"));
}

#[test]
fn the_document_counts_what_the_evidence_holds_and_discusses_every_line() {
    let document = std::fs::read_to_string(common::root().join("docs/validation.md")).unwrap();
    for (standing, line) in [(Standing::Used, "- used: "), (Standing::HeldOut, "- held out: ")] {
        let said = document.lines().find_map(|found| found.strip_prefix(line)).expect(line);
        let said = said.split(';').next().unwrap();
        let numbers: Vec<usize> = said.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        let [hit, all, miss, cannot] = numbers[..] else { panic!("{said}") };
        let is_fact = |(id, of): &(&String, &Standing)| **of == standing && !id.starts_with('B');
        assert_eq!(all, standings().iter().filter(is_fact).count(), "{said}");
        assert_eq!(hit + miss + cannot, all, "{said}");
    }
    let words: String = document.split_whitespace().collect::<Vec<_>>().join(" ");
    for (path, text) in files() {
        let table: toml::Table = text.parse().unwrap();
        let of = |key: &str| table.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        for fact in of("fact").into_iter().chain(of("series")) {
            let figures = fact.get("figure").and_then(toml::Value::as_array).cloned().unwrap_or_default();
            let cannot: Vec<&str> = figures.iter().filter_map(|figure| figure.get("cannot")?.as_str()).collect();
            let says = fact["says"].as_str().unwrap();
            let is_tested = cannot.len() < figures.len() || figures.is_empty();
            for sentence in cannot.into_iter().chain(is_tested.then_some(says)) {
                assert!(words.contains(sentence), "{}, {}: {sentence}", path.display(), fact["id"]);
            }
        }
    }
}

/// A whole card of one fact, made twice and with a lost hit.
#[test]
fn a_lost_hit_ends_with_exit_code_75_and_a_kept_one_with_0() {
    let home = tempfile::tempdir().unwrap();
    let baseline = common::root().join("scenarios/baseline.toml");
    std::fs::copy(baseline, home.path().join("baseline.toml")).unwrap();
    let evidence = home.path().join("evidence");
    std::fs::create_dir(&evidence).unwrap();
    let settings = "\"run.years\" = 0.2, \"run.persons_per_agent\" = \"1000000 persons\", \"run.spin_up\" = \"4 weeks\", \"run.least_agents\" = 0";
    let text = GOOD.replace("\"run.years\" = 1", settings).replace("\"baseline.toml\"", "\"../baseline.toml\"");
    let run = |text: &str, more: &[&str]| {
        std::fs::write(evidence.join("facts.toml"), text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
        command
            .current_dir(home.path())
            .args(["validate", "evidence", "--quick", "--force", "--out", "out"])
            .args(more);
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    // any unemployment there can be is a hit
    let sure = text.replace("\"5 %\"", "\"50 %\"").replace("\"1 %\"", "\"50 %\"");
    assert_eq!(run(&sure, &[]).0, Some(2), "nothing is expected yet");
    assert_eq!(run(&sure, &["--accept", "--quiet"]).0, Some(0));
    let (code, said, _) = run(&sure, &[]);
    assert!(code == Some(0) && said.contains("used: 1 of 1 hold"), "{said}");
    let wrong = text.replace("\"5 %\"", "\"95 %\"");
    let (code, said, errors) = run(&wrong, &[]);
    assert!(code == Some(75) && errors.contains("C1 was a hit: MISS"), "{errors}");
    assert!(said.contains("used: 0 of 1 hold, 1 miss"), "{said}");
    let verdict = std::fs::read_to_string(home.path().join("out/validation.json")).unwrap();
    let verdict: serde_json::Value = serde_json::from_str(&verdict).unwrap();
    let line = &verdict["facts"][0];
    let (model, distance) = (line["model"].as_f64().unwrap(), line["distance"].as_f64().unwrap());
    let error = line["spread"].as_f64().unwrap() / 3.0_f64.sqrt();
    assert!((distance - (model - 0.95) / libm::sqrt(0.01 * 0.01 + error * error)).abs() < 1e-6 * distance.abs());
}

/// The worlds of the test above, with draws that make one unemployment near the figure and another far from it: every
/// second run alone hits, and what the card says without draws stands beside it.
#[test]
fn with_draws_each_replicate_has_its_own_and_the_card_without_them_stands_beside() {
    let home = tempfile::tempdir().unwrap();
    std::fs::copy(common::root().join("scenarios/baseline.toml"), home.path().join("baseline.toml")).unwrap();
    let settings = "\"run.years\" = 0.2, \"run.persons_per_agent\" = \"100000 persons\", \"run.spin_up\" = \"4 weeks\", \"run.least_agents\" = 0";
    let text = GOOD.replace("\"run.years\" = 1", settings).replace("\"baseline.toml\"", "\"../baseline.toml\"");
    let text = text.replace("\"5 %\"", "\"15 %\"").replace("\"1 %\"", "\"2 %\"");
    std::fs::create_dir(home.path().join("evidence")).unwrap();
    std::fs::write(home.path().join("evidence/facts.toml"), text).unwrap();
    let draws = "[draws]\nsource = \"two unemployments\"\nkeys = [\"labour.unemployment\"]\nvalues = [[\"15 %\"], [\"40 %\"]]\n";
    std::fs::write(home.path().join("draws.toml"), draws).unwrap();
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
        let arguments = ["validate", "evidence", "--replicates", "4", "--force", "--out", "out", "--json"];
        let output = command.current_dir(home.path()).args(arguments).args(more).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let counts = said["counts"].as_array().unwrap().iter().map(|words| words.as_str().unwrap().to_owned());
        (counts.collect::<Vec<_>>(), said["draws"].clone(), said["facts"][0]["spread"].as_f64().unwrap())
    };
    let (plain, source, narrow) = run(&[]);
    assert!(source.is_null() && plain.len() == 2, "{plain:?}");
    let (drawn, source, wide) = run(&["--draws", "draws.toml"]);
    assert_eq!(source, "two unemployments");
    assert!(drawn[0].contains("a run alone hits 50 % of those"), "{drawn:?}");
    assert_eq!(drawn[2], format!("without draws, {}", plain[0]));
    assert!(wide > 5.0 * narrow && wide > 0.05, "{narrow} {wide}");
}
