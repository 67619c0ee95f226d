//! What is stopped goes on, what is damaged is refused, and a disk that fails takes nothing with it: the
//! command as its user meets it. tests/kill.py does the same at every call of the system.

#![allow(clippy::disallowed_methods)] // a clock: how soon a failure is told is part of the promise

use crate::common::world_of;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

fn command(folder: &Path, years: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.current_dir(folder).args(arguments).args(["--years", years, "--quiet", "--threads", "1"]);
    command.args(world_of!(50000, 8));
    command
}

fn run(folder: &Path, years: &str, arguments: &[&str]) -> Output {
    command(folder, years, arguments).output().unwrap()
}

fn baseline() -> String {
    format!("{}/scenarios/baseline.toml", env!("CARGO_MANIFEST_DIR"))
}

fn royalty() -> String {
    format!("{}/scenarios/royalty-15.toml", env!("CARGO_MANIFEST_DIR"))
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Demands that a command ended with a code and said these words.
fn assert_ended(output: &Output, code: i32, words: &[&str]) {
    assert_eq!(output.status.code(), Some(code), "{}", told(output));
    words.iter().for_each(|words| assert!(told(output).contains(words), "{words}: {}", told(output)));
}

/// Every file below a folder, by its name, sorted.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                false => found.push((path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap())),
            }
        }
    }
    found.sort();
    found
}

fn checkpoints(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect());
    let mut found: Vec<PathBuf> = entries.unwrap_or_default();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "checkpoint"));
    found.sort();
    found
}

/// Starts a run of many years and waits for its first checkpoint.
fn begun(folder: &Path, arguments: &[&str]) -> Child {
    let child = command(folder, "12", arguments).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while checkpoints(&folder.join("a.partial")).is_empty() {
        assert!(start.elapsed() < Duration::from_secs(60), "no checkpoint in a minute");
        std::thread::sleep(Duration::from_millis(2));
    }
    child
}

#[test]
fn ctrl_c_saves_all_and_says_how_to_go_on() {
    let place = tempfile::tempdir().unwrap();
    let path = baseline();
    let arguments = ["run", &path, "--out", "a", "--checkpoint-every", "4 weeks"];
    let child = begun(place.path(), &arguments);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let stopped = child.wait_with_output().unwrap();
    assert_ended(&stopped, 130, &["go on with: ", " --resume"]);
    assert!(!place.path().join("a").exists());
    // neither forgotten nor overwritten by accident
    let again = run(place.path(), "12", &arguments);
    assert_ended(&again, 2, &["--resume goes on from it, --force begins anew"]);

    let resume: Vec<&str> = arguments.iter().copied().chain(["--resume"]).collect();
    let resumed = run(place.path(), "12", &resume);
    assert_ended(&resumed, 0, &["going on from "]);
    assert!(!place.path().join("a.partial").exists(), "a finished run leaves no checkpoints");
    assert_eq!(run(place.path(), "12", &["run", &path, "--out", "b"]).status.code(), Some(0));
    assert!(content(&place.path().join("a")) == content(&place.path().join("b")), "resumed is not never stopped");

    // finished is finished
    let third = run(place.path(), "12", &resume);
    assert_ended(&third, 0, &["finished already"]);
}

#[test]
fn a_damaged_checkpoint_is_refused_and_kept() {
    let place = tempfile::tempdir().unwrap();
    let path = baseline();
    let arguments = ["run", &path, "--out", "a", "--checkpoint-every", "13 weeks"];
    let mut child = begun(place.path(), &arguments);
    child.kill().unwrap();
    child.wait().unwrap();
    let file = checkpoints(&place.path().join("a.partial")).pop().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let resume: Vec<&str> = arguments.iter().copied().chain(["--resume"]).collect();
    let refused = run(place.path(), "12", &resume);
    assert_ended(&refused, 2, &["does not match its checksum"]);
    assert!(fs::read(&file).unwrap() == bytes, "the file was left as it is");
    // another scenario's checkpoint is none
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let other = run(place.path(), "11", &resume);
    assert_ended(&other, 2, &["run.years: 12.0 in the checkpoint, 11.0 now"]);
}

#[test]
fn one_past_has_many_futures() {
    let place = tempfile::tempdir().unwrap();
    for name in ["baseline", "royalty-15"] {
        let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        fs::copy(scenarios.join(format!("{name}.toml")), place.path().join(format!("{name}.toml"))).unwrap();
    }
    let law = "[scenario]\nname = \"late-ban\"\nextends = \"baseline.toml\"\n\
               [[policy]]\nfrom = \"2029-06\"\ndata_rights = \"ban\"\n";
    fs::write(place.path().join("late-ban.toml"), law).unwrap();
    let past = ["run", "baseline.toml", "--checkpoint-every", "26 weeks", "--keep"];
    assert_eq!(run(place.path(), "2.5", &past).status.code(), Some(0));
    assert!(checkpoints(&place.path().join("output/baseline.partial")).len() >= 5, "all are kept");
    let both = ["--with", "royalty-15.toml", "--with", "late-ban.toml"];
    let fork = |from: &str| {
        let mut arguments = vec!["fork", "output/baseline.partial", "--from", from];
        arguments.extend(both);
        run(place.path(), "4", &arguments)
    };
    // royalties are due from January 2029, so a fork in February is refused, by name
    let late = fork("2029-02");
    assert_ended(&late, 2, &["royalty_rate", "royalty-15.toml"]);
    let none = fork("2020-01");
    assert_ended(&none, 2, &["no checkpoint of 2020-01-01 or earlier"]);
    let forked = fork("2029-01");
    assert_eq!(forked.status.code(), Some(0), "{}", told(&forked));
    for name in ["royalty-15", "late-ban"] {
        let whole = run(place.path(), "4", &["run", &format!("{name}.toml"), "--out", "whole", "--force"]);
        assert_eq!(whole.status.code(), Some(0), "{}", told(&whole));
        let forked = content(&place.path().join("output").join(name));
        assert!(forked == content(&place.path().join("whole")), "{name}: a fork is the scenario from the start");
    }
}

#[test]
fn a_disk_that_refuses_is_told_at_once_with_path_and_bytes() {
    let place = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let refused = run(place.path(), "12", &["run", &royalty(), "--out", "/proc/handover"]);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_ended(&refused, 74, &["/proc/handover", " bytes"]);
}

#[test]
fn a_folder_that_vanishes_ends_the_run_with_74() {
    let place = tempfile::tempdir().unwrap();
    let path = baseline();
    let child = begun(place.path(), &["run", &path, "--out", "a", "--checkpoint-every", "4 weeks"]);
    fs::rename(place.path().join("a.partial"), place.path().join("elsewhere")).unwrap();
    let start = Instant::now();
    let ended = child.wait_with_output().unwrap();
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_ended(&ended, 74, &["a.partial", "bytes"]);
    // nothing is lost: put back, it goes on
    fs::rename(place.path().join("elsewhere"), place.path().join("a.partial")).unwrap();
    let resumed = run(place.path(), "12", &["run", &path, "--out", "a", "--checkpoint-every", "4 weeks", "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", told(&resumed));
}

/// The panel of a replicate is spooled in the system's temporary folder, which is a disk like any other.
#[cfg(target_os = "linux")]
#[test]
fn a_temporary_folder_that_vanishes_ends_an_ensemble_with_74() {
    let place = tempfile::tempdir().unwrap();
    let scratch = place.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.current_dir(place.path()).env("TMPDIR", &scratch).args(["run", &baseline(), "--replicates", "2"]);
    command.args(["--panel", "96", "--out", "a", "--quiet", "--threads", "1", "--years", "1"]);
    command.args(["--set", "run.persons_per_agent=10000 persons"]);
    let child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while !place.path().join("a.partial/lock").exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "it does not begin");
        std::thread::sleep(Duration::from_millis(2));
    }
    // the replicates settle in, and have no rows yet
    std::thread::sleep(Duration::from_millis(300));
    fs::remove_dir_all(&scratch).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_ended(&ended, 74, &["spooling the panel"]);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn the_forecast_of_a_result_is_right_within_a_factor_of_two() {
    let place = tempfile::tempdir().unwrap();
    assert_eq!(run(place.path(), "6", &["run", &royalty(), "--out", "a"]).status.code(), Some(0));
    let bytes: usize = content(&place.path().join("a")).iter().map(|(_, bytes)| bytes.len()).sum();
    let settings = ["run.years=6".to_owned()];
    let reader = |path: &Path| fs::read_to_string(path);
    let scenario = handover::scenario::load(Path::new(&royalty()), &settings, &reader).unwrap();
    let ratio = handover::output::disk::files::forecast(&scenario) as f64 / bytes as f64;
    assert!((0.5..2.0).contains(&ratio), "{ratio}");
}
