//! The command as its user meets it: exit codes, refusals, what goes where.

use crate::common::{handover, text, world_of};
use std::fs;

fn baseline() -> String {
    format!("{}/scenarios/baseline.toml", env!("CARGO_MANIFEST_DIR"))
}

const SMALL: [&str; 3] = world_of!(20000, 4);
const SHORT: [&str; 3] = ["--years=0.25", "--quiet", "--threads=2"];

#[test]
fn a_run_leaves_a_whole_result_and_json_on_stdout() {
    let place = tempfile::tempdir().unwrap();
    let path = baseline();
    let mut arguments = vec!["run", path.as_str(), "--json"];
    arguments.extend(SMALL.iter().chain(&SHORT));
    let done = handover(place.path(), &arguments);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let json: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    for key in [
        "scenario",
        "seed",
        "ticks",
        "workers",
        "worker_ticks",
        "seconds",
        "worker_ticks_per_second",
        "peak_rss_bytes",
        "state_hash",
        "money_moved_microdollars",
        "money_discrepancy_microdollars",
    ] {
        assert!(json.get(key).is_some(), "{key} is missing");
    }
    assert_eq!(json["money_discrepancy_microdollars"], "0");
    let folder = place.path().join("output/baseline");
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_object().unwrap();
    assert!(files.len() >= 24, "{} files", files.len());
    for (name, about) in files {
        let bytes = fs::read(folder.join(name)).unwrap();
        assert_eq!(about["sha256"], handover::output::disk::manifest::hash(&bytes), "{name}");
    }

    // a second time: refused, and the first result untouched; --force replaces it
    let again = handover(place.path(), &arguments);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("--force"));
    arguments.push("--force");
    assert_eq!(handover(place.path(), &arguments).status.code(), Some(0));
}

#[test]
fn a_wrong_file_never_runs_and_says_where() {
    let place = tempfile::tempdir().unwrap();
    fs::copy(baseline(), place.path().join("baseline.toml")).unwrap();
    let wrong = "[scenario]\nname = \"wrong\"\nextends = \"baseline.toml\"\n[learning]\nalhpa = 0.3\n";
    fs::write(place.path().join("wrong.toml"), wrong).unwrap();
    let done = handover(place.path(), &["run", "wrong.toml"]);
    assert_eq!(done.status.code(), Some(2));
    let shown = text(&done.stderr);
    assert!(shown.contains("wrong.toml:5:1") && shown.contains("alpha"), "{shown}");
    assert!(!place.path().join("output").exists());
    assert_eq!(handover(place.path(), &["run", "none.toml"]).status.code(), Some(2));
    assert_eq!(handover(place.path(), &["run", "baseline.toml", "--set", "run.years=five"]).status.code(), Some(2));
}

#[test]
fn a_folder_that_cannot_be_written_is_exit_74() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "in the way").unwrap();
    let path = baseline();
    let mut arguments = vec!["run", path.as_str(), "--out", "file/inside"];
    arguments.extend(SMALL.iter().chain(&SHORT));
    let done = handover(place.path(), &arguments);
    assert_eq!(done.status.code(), Some(74), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("bytes"), "{}", text(&done.stderr));
}
