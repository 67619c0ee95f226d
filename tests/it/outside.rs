//! The program alone, in an empty folder: what it ships is found by its name, and what lies there comes first.

use crate::common;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A world of a few agents, in a command line where `~` is a space within a word.
const TINY: &str = "--set run.persons_per_agent=400000~persons --set run.least_agents=0 --set run.spin_up=4~weeks \
                    --set run.record_every=4~weeks";

fn said(place: &Path, line: &str) -> (Option<i32>, String, String) {
    let line = line.replace("TINY", TINY);
    let words = line.split_whitespace().map(|word| word.replace('~', " "));
    let done = Command::new(env!("CARGO_BIN_EXE_handover")).current_dir(place).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

fn fine(place: &Path, line: &str) -> String {
    let (code, out, errors) = said(place, line);
    assert_eq!(code, Some(0), "{line}\n{out}\n{errors}");
    out
}

#[test]
fn every_shipped_scenario_is_the_one_of_the_folder() {
    let place = tempfile::tempdir().unwrap();
    let listed: serde_json::Value = serde_json::from_str(&fine(place.path(), "scenarios --json")).unwrap();
    let names = |kind: &str| -> Vec<&str> {
        let of_kind = listed.as_array().unwrap().iter().filter(|one| one["kind"] == kind);
        of_kind.map(|one| one["name"].as_str().unwrap()).collect()
    };
    let mut scenarios = names("scenario");
    assert_eq!(scenarios[0], "baseline");
    scenarios.sort_unstable();
    assert_eq!(scenarios, common::shipped());
    assert!(names("plan").contains(&"doubtful") && names("calibration") == ["used-facts"]);
    let text = fine(place.path(), "scenarios");
    for one in listed.as_array().unwrap() {
        let (name, title) = (one["name"].as_str().unwrap(), one["title"].as_str().unwrap());
        assert!(text.contains(&format!("  {name} ")) && text.contains(title), "{name}");
        assert!(!one["question"].as_str().unwrap().is_empty(), "{name}");
    }
    // the same meaning as the file of the project's folder
    for name in &scenarios {
        let checked = fine(place.path(), &format!("check --no-forecast {name}"));
        let hash = common::scenario(name, &[]).hash;
        assert!(checked.contains(&hash), "{name}: {checked}");
    }
    let few = fine(place.path(), "scenarios royalty 15");
    assert!(few.contains("royalty-15") && !few.contains("recession"), "{few}");
    assert_eq!(said(place.path(), "scenarios quantum").0, Some(2));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0, "listing writes nothing");
}

#[test]
fn every_command_takes_shipped_names() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    let run = fine(at, "run royalty-15 --years 3 TINY --panel 0");
    assert!(run.contains("royalty"), "{run}");
    assert!(at.join("output/royalty-15/report.html").is_file());
    fine(at, "run scenarios/royalty-15.toml --years 3 TINY --panel 0 --out again");
    let hash = |folder: &str| fs::read(at.join(folder).join("series.parquet")).unwrap();
    assert!(hash("again") == hash("output/royalty-15"), "the same name, the same bytes");
    fine(at, "compare baseline royalty-15 royalty-30 --replicates 2 --years 3 TINY");
    assert!(fine(at, "explain royalty-15 policy.0.royalty_rate").contains("15 %"));
    assert!(fine(at, "diff baseline royalty-15").contains("15 %"));
    let life = "follow baseline --against royalty-15 --worker IND/assembler/1 --years 3 TINY --quiet";
    assert!(fine(at, life).contains("IND/assembler/1"));
    let target = "--target sum(royalties_received[IND])~>=~1000~USD";
    let solve =
        format!("solve baseline --lever royalty_rate --from 2028-01 --between 0~% 30~% {target} --replicates 2 TINY");
    let (code, _, errors) = said(at, &format!("{solve} --years 3 --quiet"));
    // it found the scenario; the lever may be found or not, so coarse
    assert!(matches!(code, Some(0 | 75)), "{code:?} {errors}");
    let plan = fine(at, "sweep smoke --dry-run");
    assert!(plan.contains("smoke"), "{plan}");
    let script = fine(at, "sweep sweeps/smoke.toml --dry-run --engine slurm");
    assert!(script.contains("sweep 'handover:/sweeps/smoke.toml'"), "{script}");
    assert!(fine(at, "check smoke used-facts --no-forecast").contains("12 targets"));
    assert!(fine(at, "check handover:/sweeps/smoke.toml").contains("100 points"));
    fine(at, "run baseline --years 2 TINY --panel 0 --checkpoint-every 26~weeks --keep --quiet --out past");
    let fork = fine(
        at,
        "fork past.partial --with baseline --years 2 TINY --set run.panel=0 --from 2028-06 --quiet --out forks",
    );
    assert!(at.join("forks/baseline/report.html").is_file(), "{fork}");
}

#[test]
fn evidence_comes_with_the_program() {
    let home = tempfile::tempdir().unwrap();
    let (code, _, errors) = said(home.path(), "validate --replicates 1 TINY --quiet");
    assert_eq!(code, Some(0), "{errors}");
    assert!(home.path().join("output/validation/validation.md").is_file());
    let (code, _, errors) = said(home.path(), "validate --quick --accept");
    assert!(code == Some(2) && errors.contains("name a folder"), "{errors}");
}

#[test]
fn a_misspelt_folder_of_evidence_gets_the_nearest_names() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("my-facts")).unwrap();
    fs::write(home.path().join("facts.toml"), "").unwrap();
    for (typed, meant) in [
        ("evidnce", r#"did you mean "evidence"?"#),
        ("scenarios/histroy", r#"did you mean "history"?"#),
        ("my-fact", r#"did you mean "my-facts"?"#),
        ("facts.toml", "facts.toml is no folder"),
    ] {
        let (code, _, errors) = said(home.path(), &format!("validate {typed}"));
        assert!(code == Some(2) && errors.contains(meant), "{typed}: {errors}");
    }
    let (_, _, errors) = said(home.path(), "validate quantum-foam");
    assert!(errors.contains("there is no such folder") && !errors.contains("did you mean"), "{errors}");
}

#[test]
fn a_file_that_is_there_comes_first() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    let mine =
        "[scenario]\nname = \"mine\"\ntitle = \"Mine\"\nextends = \"royalty-15.toml\"\n[learning]\nalpha = 0.25\n";
    fs::write(at.join("royalty-15"), mine).unwrap();
    assert!(fine(at, "check --no-forecast royalty-15").contains("Mine"));
    fs::remove_file(at.join("royalty-15")).unwrap();
    // a folder of that name is no file
    fs::create_dir(at.join("royalty-15")).unwrap();
    assert!(fine(at, "check --no-forecast royalty-15").contains("A 15 % royalty"));
    // a scenario of one's own extends a shipped one, until something else lies there
    fs::write(at.join("mine.toml"), mine).unwrap();
    let shipped = fine(at, "explain mine.toml law.royalty_rate");
    let basis = fine(at, "explain mine.toml policy.0.royalty_rate");
    assert!(basis.contains("15 %") && shipped.contains("law.royalty_rate"), "{basis}");
    let other = "[scenario]\nname = \"royalty-15\"\nextends = \"baseline.toml\"\n[[policy]]\nfrom = \"2029-01\"\nroyalty_rate = \"7 %\"\n";
    fs::write(at.join("royalty-15.toml"), other).unwrap();
    assert!(fine(at, "explain mine.toml policy.0.royalty_rate").contains("7 %"));
    assert!(fine(at, "explain royalty-15.toml policy.0.royalty_rate").contains("7 %"));
    // what is shipped extends what is shipped, whatever lies in the folder
    fs::write(at.join("baseline.toml"), "[scenario]\nname = \"baseline\"\n").unwrap();
    assert!(fine(at, "check --no-forecast royalty-30").contains("30 %"));
    assert_eq!(said(at, "check --no-forecast baseline.toml").0, Some(2));
    // a plan and a calibration of one's own name shipped ones too
    let plan = fs::read_to_string(common::root().join("scenarios/sweeps/smoke.toml")).unwrap();
    fs::remove_file(at.join("baseline.toml")).unwrap();
    fs::write(at.join("plan.toml"), plan.replace("../baseline.toml", "baseline.toml")).unwrap();
    assert!(fine(at, "check plan.toml").contains("100 points"));
    // by the short name too, as on the command line
    fs::write(at.join("short.toml"), plan.replace("../baseline.toml", "baseline")).unwrap();
    assert!(fine(at, "check short.toml").contains("100 points"));
    fs::write(at.join("shortest.toml"), mine.replace("royalty-15.toml", "royalty-30")).unwrap();
    assert!(fine(at, "check --no-forecast shortest.toml").contains("Mine"));
    let calibration = fs::read_to_string(common::root().join("scenarios/calibration/used-facts.toml")).unwrap();
    fs::write(at.join("fit.toml"), calibration.replace("../baseline.toml", "baseline.toml")).unwrap();
    assert!(fine(at, "check fit.toml").contains("12 targets"));
}

#[test]
fn an_unknown_name_says_the_nearest() {
    let home = tempfile::tempdir().unwrap();
    for (words, meant) in [
        ("run royalty-16", "royalty-15"),
        ("check royalti-15.toml", "royalty-15"),
        ("explain recesion", "recession"),
        ("compare baseline citizen-divident", "citizen-dividend"),
        ("diff basline royalty-15", "baseline"),
        ("sweep doubtfull", "doubtful"),
        ("calibrate use-facts", "used-facts"),
        ("run handover:/royalty-16.toml", "royalty-15"),
    ] {
        let (code, out, errors) = said(home.path(), words);
        assert_eq!(code, Some(2), "{words:?} {out} {errors}");
        assert!(
            errors.contains("there is no such file") && errors.contains(&format!("{meant:?}")),
            "{words:?} {errors}"
        );
        assert!(errors.contains("`handover scenarios` lists"), "{words:?} {errors}");
    }
    fs::write(home.path().join("mine.toml"), "[scenario]\nname = \"mine\"\nextends = \"royalty-16.toml\"\n").unwrap();
    let (code, _, errors) = said(home.path(), "check mine.toml");
    assert!(code == Some(2) && errors.contains("mine.toml:3:11") && errors.contains("royalty-15"), "{errors}");
    // a folder that is not there is no name
    let (code, _, errors) = said(home.path(), "check typo/baseline.toml");
    assert!(code == Some(2) && errors.contains("there is no such file"), "{errors}");
}

#[test]
fn new_writes_a_scenario_that_runs_with_what_it_needs_beside_it() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    fine(at, "new mine");
    for file in ["mine.toml", "baseline.toml", "scenario.schema.json"] {
        assert!(at.join(file).is_file(), "{file}");
    }
    let first = fs::read_to_string(at.join("mine.toml")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert!(first.starts_with(&format!("#:schema scenario.schema.json\n# written by handover {version}\n")), "{first}");
    fine(at, "new royalty-15");
    let text = fs::read_to_string(at.join("royalty-15.toml")).unwrap();
    let shipped = fs::read_to_string(common::root().join("scenarios/royalty-15.toml")).unwrap();
    assert_eq!(text.lines().skip(2).collect::<Vec<_>>(), shipped.lines().skip(1).collect::<Vec<_>>());
    let checked = fine(at, "check --no-forecast royalty-15.toml");
    assert!(checked.contains(&common::scenario("royalty-15", &[]).hash), "{checked}");
    // what exists stays, the baseline too
    let (code, _, errors) = said(at, "new baseline");
    assert!(code == Some(2) && errors.contains("exists already"), "{errors}");
    let elsewhere = tempfile::tempdir().unwrap();
    fine(elsewhere.path(), "new baseline");
    assert!(
        fine(elsewhere.path(), "check --no-forecast baseline.toml").contains(&common::scenario("baseline", &[]).hash)
    );
    let schema = fs::read_to_string(at.join("scenario.schema.json")).unwrap();
    assert_eq!(schema, fs::read_to_string(common::root().join("docs/scenario.schema.json")).unwrap());
}

#[test]
fn the_classroom_page_comes_with_the_program() {
    let home = tempfile::tempdir().unwrap();
    fine(home.path(), "demo --no-open");
    let page = fs::read(home.path().join("handover-demo.html")).unwrap();
    assert!(page == fs::read(common::root().join("docs/demo.html")).unwrap());
}
