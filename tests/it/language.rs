//! The input language as its reader meets it: messages, schema, documents.
//!
//! `tests/broken` holds a file for each class of error, and beside it what the command says of it.
//! `HANDOVER_REFRESH=1 cargo test --release --test it language::` writes those texts and the schema anew;
//! read the difference before you commit it.

use crate::common;
use handover::economy::parameters::SECTIONS;
use handover::scenario::explain::explain;
use handover::scenario::schema::editor_schema;
use handover::scenario::{Severity, load};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn broken() -> PathBuf {
    common::root().join("tests/broken")
}

/// Every file of the folder that is asked for by itself.
fn broken_names() -> Vec<String> {
    let stem = |entry: fs::DirEntry| {
        let path = entry.path();
        let is_scenario = path.extension().is_some_and(|ending| ending == "toml");
        is_scenario.then(|| path.file_stem().unwrap().to_string_lossy().into_owned())
    };
    let names: BTreeSet<String> = fs::read_dir(broken()).unwrap().filter_map(|entry| stem(entry.unwrap())).collect();
    names.into_iter().filter(|name| name != "extends-back").collect()
}

/// What is said of a file, with the baseline beside it.
fn said_of(name: &str) -> (String, bool) {
    let folder = broken();
    let reader = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
        Some("baseline.toml") => fs::read_to_string(common::root().join("scenarios/baseline.toml")),
        Some(name) => fs::read_to_string(folder.join(name)),
        None => Err(std::io::ErrorKind::NotFound.into()),
    };
    match load(Path::new(&format!("{name}.toml")), &[], &reader) {
        Ok(scenario) => (scenario.warnings.to_string() + "\n", true),
        Err(problems) => {
            assert!(problems.iter().all(|problem| problem.severity == Severity::Error));
            (problems.to_string() + "\n", false)
        }
    }
}

#[test]
fn each_class_of_error_has_its_words() {
    let names = broken_names();
    assert!(names.len() >= 15, "{names:?}");
    for name in &names {
        let (said, is_sound) = said_of(name);
        common::held(&broken().join(format!("{name}.txt")), &said);
        assert_eq!(is_sound, name == "never-acts", "{name}: {said}");
    }
}

#[test]
fn all_problems_of_a_file_and_of_what_it_extends_are_said_at_once() {
    // two files that extend each other, each with a mistake of its own: three problems
    let (said, _) = said_of("extends-itself");
    for words in ["extends-itself.toml:6:1", "extends-back.toml:6:12", "extends itself"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // four wrong values and a wrong unit in one file
    let (said, _) = said_of("wrong-unit");
    assert_eq!(said.matches("error: ").count(), 5, "{said}");
}

#[test]
fn the_schema_for_editors_is_the_one_committed() {
    let schema = editor_schema();
    common::held(&common::root().join("docs/scenario.schema.json"), &schema);
    let value: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let alpha = &value["properties"]["learning"]["properties"]["alpha"];
    assert_eq!(alpha["description"], "alpha: exponent of failure in hours.");
    assert_eq!(value["properties"]["learning"]["additionalProperties"], false);
    // nothing is required of a file that extends another, but a policy needs its date
    assert_eq!(value["properties"]["learning"].get("required"), None);
    assert_eq!(value["properties"]["policy"]["items"]["required"], serde_json::json!(["from"]));
    for name in common::shipped() {
        let text = fs::read_to_string(common::root().join("scenarios").join(format!("{name}.toml"))).unwrap();
        assert!(text.starts_with("#:schema ../docs/scenario.schema.json\n"), "{name}");
    }
}

#[test]
fn what_explain_says_of_the_rules_is_what_their_signatures_say() {
    let scenario = common::scenario("baseline", &[]);
    let readers = |key: &str| explain(&scenario, key).unwrap()[0].used_by.clone();
    assert_eq!(
        readers("learning.alpha"),
        [
            "learning::release_models",
            "licences::license_robots",
            "dispatch::do_jobs",
            "worth::value_hours",
            "staffing::plan_staff",
            "settlement::royalties::pool_royalties"
        ]
    );
    assert_eq!(readers("wages.curve"), ["wages::move_wages"]);
    let law = readers("law.income_tax");
    assert!(law.iter().any(|rule| rule == "settlement::wallets::fill_wallets"), "{law:?}");
    // every section of numbers is read by somebody, or it is no number of the model
    for (section, _) in SECTIONS {
        let section_key = scenario.origins.keys().find(|key| key.split('.').next() == Some(section));
        let Some(key) = section_key else { continue };
        let is_read = !readers(key).is_empty();
        assert!(is_read || ["operator", "sites"].contains(section), "{section} is read by no rule");
    }
}

fn handover(arguments: &[&str]) -> (i32, String, String) {
    let done =
        Command::new(env!("CARGO_BIN_EXE_handover")).current_dir(common::root()).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code().unwrap_or(-1), text(&done.stdout), text(&done.stderr))
}

#[test]
fn a_difference_is_said_in_plain_language() {
    let (code, said, _) = handover(&["diff", "scenarios/baseline.toml", "scenarios/royalty-15.toml"]);
    let sentence = "- from January 2029, in India, Vietnam, Bangladesh, China and Mexico, 15 % of licence revenue goes to \
                    contributors (baseline: none)";
    assert_eq!(code, 0);
    assert!(said.contains(sentence), "{said}");
    // an event is told by its own file
    let (.., said, _) = handover(&["diff", "scenarios/baseline.toml", "scenarios/data-leak.toml"]);
    assert!(said.contains("- from January 2030, 50 % of the hours of the USA lab leak to every other lab"), "{said}");
    let (.., said, _) = handover(&["diff", "scenarios/flood.toml", "scenarios/baseline.toml"]);
    let sentence = "- no longer (event of flood): from July 2030 until October 2030, in India and Bangladesh, a disaster stops \
                    33 % of the factory sites";
    assert!(said.contains(sentence), "{said}");
    for name in common::shipped() {
        let path = format!("scenarios/{name}.toml");
        let (code, said, errors) = handover(&["diff", "scenarios/baseline.toml", &path]);
        assert_eq!(code, 0, "{errors}");
        assert!(said.lines().count() >= 2, "{said}");
    }
}

#[test]
fn a_value_is_explained_with_its_origin_and_the_rule_that_reads_it() {
    let arguments = ["explain", "scenarios/royalty-15.toml", "capture.budget"];
    let (code, said, errors) = handover(&arguments);
    assert_eq!(code, 0, "{errors}");
    // 1.5 bn dollars a year are 28,846,153.85 a week
    for words in ["1.5 bn USD/year = 28846153.846", "scenarios/baseline.toml:", "grade     B", "capture::set_intensity"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    let changed = [&arguments[..], &["--set", "capture.budget=1 bn USD/year"]].concat();
    let (_, said, _) = handover(&changed);
    assert!(said.contains("--set:1") && said.contains("without a card"), "{said}");
    let (code, _, errors) = handover(&["explain", "scenarios/baseline.toml", "learning.alhpa"]);
    assert_eq!(code, 2);
    assert!(errors.contains("learning.alpha"), "{errors}");
}

#[test]
fn a_new_file_is_sound_and_nothing_is_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().display().to_string();
    let (code, path, errors) = handover(&["new", "my-question", "--folder", &folder]);
    assert_eq!(code, 0, "{errors}");
    let (code, said, errors) = handover(&["check", "--no-forecast", path.trim()]);
    assert_eq!(code, 0, "{errors}");
    assert!(said.contains("What it is, in a line"), "{said}");
    // every line that is commented out is right as well
    let text = fs::read_to_string(path.trim()).unwrap();
    let is_code = |line: &str| line.starts_with("# ") && (line.contains(" = ") || line.starts_with("# ["));
    let all: String = text
        .lines()
        .map(|line| if is_code(line) { format!("{}\n", &line[2..]) } else { format!("{line}\n") })
        .collect();
    fs::write(path.trim(), all).unwrap();
    let (code, _, errors) = handover(&["check", "--no-forecast", path.trim()]);
    assert_eq!(code, 0, "{errors}");
    assert_eq!(handover(&["new", "my-question", "--folder", &folder]).0, 2);
    assert_eq!(handover(&["new", "My Question", "--folder", &folder]).0, 2);
}

#[test]
fn pages_for_shells_and_manuals_name_the_commands() {
    for arguments in [["completions", "bash"].as_slice(), &["man"], &["schema"]] {
        let (code, said, errors) = handover(arguments);
        assert_eq!(code, 0, "{errors}");
        assert!(said.contains(if arguments[0] == "schema" { "royalty_rate" } else { "explain" }), "{arguments:?}");
    }
    let place = tempfile::tempdir().unwrap();
    let (code, _, errors) = handover(&["man", place.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{errors}");
    let page = fs::read_to_string(place.path().join("handover-explain.1")).unwrap();
    assert!(page.starts_with(".ie") || page.starts_with(".TH"), "{page}");
}

/// Long with few agents, where tables and pictures decide; short with many, where agents do.
#[test]
fn the_forecast_of_agents_memory_and_disk_comes_true() {
    forecast_comes_true(["run.persons_per_agent=4000 persons", "run.years=3", "run.spin_up=52 weeks"]);
    forecast_comes_true(["run.persons_per_agent=100 persons", "run.years=0.5", "run.spin_up=4 weeks"]);
}

fn forecast_comes_true(settings: [&str; 3]) {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("result").display().to_string();
    let sets: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    let (code, said, errors) = handover(&[&["check", "scenarios/first-economy.toml"], &sets[..]].concat());
    assert_eq!(code, 0, "{errors}");
    let number = |name: &str| -> f64 {
        let line = said.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_else(|| panic!("{said}"));
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let run = ["run", "scenarios/first-economy.toml", "--json", "--quiet", "--out", &out];
    let again = [&run[..], &["--force"]].concat();
    let held = |run: &[&str]| -> serde_json::Value {
        let (code, json, errors) = handover(&[run, &sets[..]].concat());
        assert_eq!(code, 0, "{errors}");
        serde_json::from_str(&json).unwrap()
    };
    let json = held(&run);
    assert_eq!(number("workers"), json["workers"].as_f64().unwrap());
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(format!("{out}/manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_object().unwrap().values();
    let disk: f64 = files.map(|file| file["bytes"].as_f64().unwrap()).sum::<f64>() / 1e6;
    let is_near = |found: f64, truth: f64| (found - truth).abs() <= 0.2 * truth + 0.5;
    assert!(is_near(number("disk"), disk), "{} MB forecast, {disk} MB written", number("disk"));
    if let Some(peak) = json["peak_rss_bytes"].as_f64() {
        // on a machine that does much else, more is held at once: the least of three runs counts
        let peaks = (0..2).filter_map(|_| held(&again)["peak_rss_bytes"].as_f64());
        let peak = peaks.fold(peak, f64::min);
        assert!(is_near(number("memory"), peak / 1e6), "{} MB forecast, {} MB held", number("memory"), peak / 1e6);
    }
}
