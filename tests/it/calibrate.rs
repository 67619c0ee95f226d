//! Calibration of the model itself: it finds truths that the model made, goes on where it was stopped, and writes
//! scenarios that run.

use crate::common;
use handover::experiment::ensemble::replicate_of;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn handover(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_handover")).current_dir(common::root()).args(arguments).output().unwrap()
}

fn calibrate(file: &Path, out: &Path, more: &[&str]) -> Output {
    let (file, out) = (file.to_string_lossy(), out.to_string_lossy());
    handover(&[&["calibrate", &file, "--quiet", "--json", "--out", &out], more].concat())
}

fn calibrate_alpha(out: &Path, more: &[&str]) -> Output {
    calibrate(Path::new("tests/calibration/alpha.toml"), out, more)
}

fn kept(out: &Path) -> usize {
    let mut runs = out.as_os_str().to_owned();
    runs.push(".runs");
    fs::read_dir(runs).unwrap().count()
}

/// The model's own figure at alpha = 0.30 is given as the target: the posterior must hold 0.30, and be much narrower
/// than the prior.
#[test]
fn a_number_that_made_the_figure_is_found_again() {
    let settings = ["run.persons_per_agent=400000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=1"];
    let truth =
        common::scenario("baseline", &[&settings[..], &["run.record_every=13 weeks", "learning.alpha=0.30"]].concat());
    let outcome = handover::experiment::outcome::Outcome::read("last(capability[USA, handling])", &truth).unwrap();
    let figure = outcome.of(&common::results(&truth)).unwrap();
    let place = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(common::root().join("tests/calibration/alpha.toml")).unwrap();
    let baseline = common::root().join("scenarios/baseline.toml");
    let text = text.replace("value     = 0.9", &format!("value     = {figure:?}"));
    let text = text.replace("../../scenarios/baseline.toml", &baseline.to_string_lossy());
    let file = place.path().join("alpha.toml");
    fs::write(&file, text).unwrap();
    let out = place.path().join("found");
    let output = calibrate(&file, &out, &["--enough", "30", "--draws", "3"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let quantile = |n: usize| found["factors"][0]["posterior_5_50_95"][n].as_f64().unwrap();
    assert!(quantile(0) < 0.30 && 0.30 < quantile(2), "{found}");
    assert!(found["factors"][0]["spread_left"].as_f64().unwrap() < 0.5, "{found}");
    // every draw is a scenario that other commands take, and says what was drawn
    for number in 1..=3 {
        let draw = out.join(format!("posterior/draw-{number:03}.toml")).to_string_lossy().into_owned();
        let checked = handover(&["check", "--no-forecast", &draw]);
        assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stderr));
        let explained = handover(&["explain", &draw, "learning.alpha"]);
        assert!(String::from_utf8_lossy(&explained.stdout).contains("draw-"), "{explained:?}");
    }
    let draw = out.join("posterior/draw-001.toml").to_string_lossy().into_owned();
    let ran = handover(&["run", &draw, "--quiet", "--out", &place.path().join("run").to_string_lossy()]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(found["factors"][0]["informed_by"].as_array().unwrap().len() == 1, "{found}");
    the_draws_make_an_ensemble(&out, place.path(), &settings);
}

/// A replicate with the draws of a calibration is the run of its draw, and an ensemble of them can be made again.
fn the_draws_make_an_ensemble(calibrated: &Path, place: &Path, settings: &[&str]) {
    let path = calibrated.join("draws.toml").to_string_lossy().into_owned();
    let table: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
    let draws = &table["draws"];
    let alpha = format!("learning.alpha={}", draws["values"][2][0].as_str().unwrap());
    let drawn = common::scenario("baseline", &[settings, &[&format!("draws={draws}")]].concat());
    let set = common::scenario("baseline", &[settings, &["run.replicate=2", &alpha]].concat());
    let of = |replicate: u32| common::results(&replicate_of(&drawn, replicate)).state_hash;
    assert_eq!(of(2), common::results(&set).state_hash);
    assert_ne!(of(2), common::results(&replicate_of(&common::scenario("baseline", settings), 2)).state_hash);
    let all = place.join("all").to_string_lossy().into_owned();
    let mut arguments =
        vec!["run", "baseline", "--quiet", "--no-plots", "--replicates", "3", "--draws", &path, "--out", &all];
    arguments.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    let ran = handover(&arguments);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let verified = handover(&["verify", &all]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stderr));
    // what is drawn cannot be set
    let out = place.join("both").to_string_lossy().into_owned();
    let both = handover(&["run", "baseline", "--draws", &path, "--set", "learning.alpha=0.2", "--out", &out]);
    let said = String::from_utf8_lossy(&both.stderr).into_owned();
    assert!(both.status.code() == Some(2) && said.contains("learning.alpha is drawn"), "{said}");
}

/// A calibration on facts of the evidence makes their own experiments.
#[test]
fn facts_of_the_evidence_are_targets_with_their_own_experiments() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(place.path().join(name), text).unwrap();
    fs::copy(common::root().join("scenarios/baseline.toml"), place.path().join("baseline.toml")).unwrap();
    fs::create_dir(place.path().join("evidence")).unwrap();
    let fact = |id: &str, standing: &str| {
        format!(
            "[[fact]]\nid = \"{id}\"\nwhat = \"out of work\"\nsource = \"a test\"\nmark = \"D\"\nstanding = \"{standing}\"\n\
             says = \"It is what was put in.\"\n[[fact.figure]]\nvalue = \"10 %\"\ntolerance = \"1 %\"\nexperiment = \"start\"\n\
             outcome = \"last(unemployment_rate[USA])\"\n"
        )
    };
    let experiment = "[[experiment]]\nname = \"start\"\nscenario = \"../baseline.toml\"\nset = { \"run.years\" = 0.2, \
                      \"run.persons_per_agent\" = \"100000 persons\", \"run.spin_up\" = \"4 weeks\", \"run.least_agents\" = 0 }\n";
    write("evidence/facts.toml", &format!("{experiment}{}{}", fact("C1", "used"), fact("H1", "held_out")));
    let text = "[calibration]\nname = \"facts\"\nscenario = \"baseline.toml\"\nevidence = [\"evidence\"]\nfacts = [\"C1\"]\n\
                budget = 60\npopulation = 30\n[[factor]]\nkey = \"labour.unemployment.USA\"\nlow = \"2 %\"\nhigh = \"30 %\"\n";
    write("facts.toml", text);
    let ended = |file: &str| {
        let output = calibrate(&place.path().join(file), &place.path().join("found"), &["--enough", "20"]);
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said, errors) = ended("facts.toml");
    assert!(matches!(code, Some(0 | 75)), "{errors}");
    let found: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(found["targets"][0]["name"], "C1");
    assert_eq!(found["factors"][0]["informed_by"][0], "C1");
    let middle = found["factors"][0]["posterior_5_50_95"][1].as_f64().unwrap();
    assert!((0.06..0.14).contains(&middle), "{found}");
    for (from, to, words) in [
        ("facts = [\"C1\"]", "facts = [\"H1\"]", "held out"),
        ("facts = [\"C1\"]", "facts = [\"C7\"]", "no fact"),
        (
            "[[factor]]",
            "[[target]]\nname = \"a\"\noutcome = \"last(contributors[IND])\"\nvalue = 1\ntolerance = 1\nsource = \"x\"\n[[factor]]",
            "both facts and [[target]]",
        ),
    ] {
        write("wrong.toml", &text.replace(from, to));
        let (code, _, errors) = ended("wrong.toml");
        assert!(code == Some(2) && errors.contains(words) && errors.contains("wrong.toml:"), "{to}: {errors}");
    }
}

#[test]
fn a_calibration_goes_on_where_it_was_stopped_and_threads_change_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (one, two) = (place.path().join("one"), place.path().join("two"));
    let first = calibrate_alpha(&one, &["--threads", "1", "--enough", "1000000"]);
    assert_eq!(kept(&one), 60, "{}", String::from_utf8_lossy(&first.stderr));
    // stopped after a part: half of the runs are gone, and one is half a file
    let runs = place.path().join("two.runs");
    fs::create_dir(&runs).unwrap();
    for (n, entry) in fs::read_dir(place.path().join("one.runs")).unwrap().enumerate() {
        let entry = entry.unwrap();
        match n % 2 {
            0 => drop(fs::copy(entry.path(), runs.join(entry.file_name())).unwrap()),
            _ if n == 1 => fs::write(runs.join(entry.file_name()), "[0.8").unwrap(),
            _ => {}
        }
    }
    let second = calibrate_alpha(&two, &["--threads", "3", "--enough", "1000000"]);
    assert_eq!((first.status.code(), second.status.code()), (Some(0), Some(0)));
    assert_eq!(first.stdout, second.stdout);
    assert_eq!(kept(&two), 60);
    for name in ["manifest.json", "runs.parquet", "factors.csv", "targets.csv", "posterior/draw-001.toml"] {
        assert!(fs::read(one.join(name)).unwrap() == fs::read(two.join(name)).unwrap(), "{name} differs");
    }
    // a larger budget repeats nothing
    let more = calibrate_alpha(&one, &["--budget", "75", "--population", "30", "--enough", "1000000", "--force"]);
    assert_eq!(more.status.code(), Some(0), "{}", String::from_utf8_lossy(&more.stderr));
    assert_eq!(kept(&one), 75);
}

/// A short check of the check: 24 truths, each looked for with at most 60 runs. With true 95 % intervals 18 or fewer of 24
/// are covered once in ten thousand times; intervals half as wide as they should be would cover 16.
#[test]
fn truths_of_the_model_are_covered() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("checked").to_string_lossy().into_owned();
    let output =
        handover(&["calibrate", "tests/calibration/alpha.toml", "--check", "24", "--quiet", "--json", "--out", &out]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let covered = found["factors"][0]["covered"][2].as_u64().unwrap();
    let counts: u64 = found["factors"][0]["ranks"].as_array().unwrap().iter().filter_map(Value::as_u64).sum();
    println!("{found}");
    assert_eq!((counts, &found["skipped"]), (24, &Value::from(0)));
    assert!(covered >= 19, "{found}");
}

#[test]
fn wrong_files_say_what_to_write() {
    let place = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(common::root().join("tests/calibration/alpha.toml")).unwrap();
    let baseline = common::root().join("scenarios/baseline.toml");
    let text = text.replace("../../scenarios/baseline.toml", &baseline.to_string_lossy());
    let table = r#"
        key  = "learning.alpha"            | key  = "learning.alhpa"        | learning.alpha
        low  = 0.15                        | low  = 0.95                    | the lower value first
        high = 0.45                        | high = "0.45 USD"              | this is an amount of money
        tolerance = 0.01                   | tolerance = 0                  | above zero
        tolerance = 0.01                   | tolerence = 0.01               | tolerence
        last(capability[USA, handling])    | last(capabilty[USA, handling]) | capability
        value     = 0.9                    | value     = "0.9 USD"          | not an amount in
        source    = "made up for the test" | source    = ""                 | where the figure comes from
        scenarios/baseline.toml            | scenarios/nothing.toml         | nothing.toml
        "run.years"             = 1        | "run.yaers" = 1                | years
        [[target]]                         | [[goal]]                       | target
    "#;
    let odd = [["high = 0.45", "high = 0.45\nscale = \"logarithmic\"", "log"]];
    for [from, to, words] in common::rows(table).into_iter().chain(odd) {
        assert!(text.contains(from), "{from}");
        let file = place.path().join("wrong.toml");
        fs::write(&file, text.replace(from, to)).unwrap();
        let output =
            handover(&["calibrate", &file.to_string_lossy(), "--out", &place.path().join("never").to_string_lossy()]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{to}: {said}");
        assert!(said.contains(words), "{to}: {said}");
    }
}
