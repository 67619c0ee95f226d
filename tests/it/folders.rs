//! Nothing is lost: a command replaces only what this program wrote, and reads only regular files inside a folder.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const TINY: [&str; 10] = [
    "--set",
    "run.persons_per_agent=1000000",
    "--set",
    "run.least_agents=0",
    "--set",
    "run.spin_up=4 weeks",
    "--set",
    "run.panel=0",
    "--years",
    "0.4",
];

fn handover(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_handover")).args(arguments).arg("--quiet").current_dir(home).output().unwrap()
}

fn run(home: &Path, more: &[&str]) -> (Option<i32>, String) {
    let baseline = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/baseline.toml");
    let arguments: Vec<&str> = ["run", baseline].into_iter().chain(TINY).chain(more.iter().copied()).collect();
    let output = handover(home, &arguments);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn force_replaces_a_result_and_nobody_elses_files() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    assert_eq!(run(home, &["--out", "r"]).0, Some(0));
    assert_eq!(run(home, &["--out", "r"]).0, Some(2), "not without --force");
    assert_eq!(run(home, &["--out", "r", "--force"]).0, Some(0));
    fs::write(home.join("r/plots/notes.md"), "mine").unwrap();
    let (code, words) = run(home, &["--out", "r", "--force"]);
    assert!(code == Some(2) && words.contains("plots/notes.md"), "{words}");
    assert_eq!(fs::read_to_string(home.join("r/plots/notes.md")).unwrap(), "mine");
    // a folder of another program that has a manifest too
    fs::create_dir_all(home.join("app/.git")).unwrap();
    fs::write(home.join("app/manifest.json"), "{\"name\": \"my web app\"}").unwrap();
    assert_eq!(run(home, &["--out", "app", "--force"]).0, Some(2));
    assert!(home.join("app/.git").is_dir());
}

#[test]
fn a_sweep_and_a_run_leave_each_other_alone() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    for name in ["baseline.toml", "royalty-15.toml"] {
        fs::copy(Path::new(scenarios).join(name), home.join(name)).unwrap();
    }
    let plan = "[sweep]\nname = \"small\"\ntitle = \"Small\"\nquestion = \"?\"\nreplicates = 1\nseed = 1\n\
                [[arm]]\nname = \"base\"\nscenario = \"baseline.toml\"\n[set]\n\"run.years\" = 1\n\"run.spin_up\" = \"4 weeks\"\n\
                \"run.persons_per_agent\" = \"1000000 persons\"\n\"run.least_agents\" = 0\n\"run.record_every\" = \"13 weeks\"\n\"run.panel\" = 0\n\
                [design]\nkind = \"grid\"\n[[factor]]\nkey = \"learning.alpha\"\nvalues = [0.2, 0.3]\n\
                [[output]]\nname = \"x\"\nvalue = \"last(unemployment_rate[USA])\"\n";
    fs::write(home.join("plan.toml"), plan).unwrap();
    assert_eq!(run(home, &["--out", "result"]).0, Some(0));
    let manifest = fs::read(home.join("result/manifest.json")).unwrap();
    let sweep = |folder: &str| handover(home, &["sweep", "plan.toml", "--out", folder]).status.code();
    assert_eq!(sweep("result"), Some(2), "a sweep does not take a run's place");
    assert_eq!(fs::read(home.join("result/manifest.json")).unwrap(), manifest);
    assert_eq!(sweep("sweep"), Some(0));
    assert_eq!(sweep("sweep"), Some(0), "the same sweep goes on where it is");
    let (code, words) = run(home, &["--out", "sweep", "--force"]);
    assert!(code == Some(2) && words.contains("stored runs"), "{words}");
    assert!(home.join("sweep/runs").is_dir());
    fs::write(home.join("plan.toml"), plan.replace("\"small\"", "\"other\"")).unwrap();
    assert_eq!(sweep("sweep"), Some(2), "another sweep does not");
}

/// Whoever keeps something under the name of a working folder keeps it, whichever command would work there.
#[test]
fn a_working_folder_of_somebody_else_is_refused_as_input() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let (baseline, royalty) = (format!("{scenarios}/baseline.toml"), format!("{scenarios}/royalty-15.toml"));
    let mine = ["o.partial/lock", "o.partial/draft.new", "o.partial/2027-01-01.checkpoint"];
    fs::create_dir(home.join("o.partial")).unwrap();
    mine.iter().for_each(|name| fs::write(home.join(name), "mine").unwrap());
    let targets = format!(
        "[calibration]\nname = \"c\"\nscenario = {baseline:?}\n[[factor]]\nkey = \"learning.alpha\"\nlow = 0.2\nhigh = 0.3\n\
         [[target]]\nname = \"u\"\noutcome = \"last(unemployment_rate[USA])\"\nvalue = \"4 %\"\ntolerance = \"1 pp\"\n\
         source = \"an assumption\"\n"
    );
    fs::write(home.join("targets.toml"), targets).unwrap();
    let small = ["--set", "run.persons_per_agent=1000000", "--set", "run.least_agents=0", "--out", "o"];
    let solve =
        ["--lever", "learning.alpha", "--between", "0.2", "0.3", "--target", "last(unemployment_rate[USA]) <= 1"];
    for words in [
        vec!["run", &baseline],
        vec!["run", &baseline, "--replicates", "2"],
        vec!["run", &baseline, "--resume"],
        vec!["compare", &baseline, &royalty, "--years", "3"],
        [&["solve", &baseline], &solve[..]].concat(),
        vec!["calibrate", "targets.toml"],
    ] {
        let output = handover(home, &[words.clone(), small.to_vec()].concat());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains("no working folder"), "{words:?}: {told}");
        let is_kept = |name: &&str| fs::read_to_string(home.join(name)).is_ok_and(|text| text == "mine");
        assert!(mine.iter().all(is_kept) && !home.join("o").exists(), "{words:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_received_is_read_inside_its_folder_and_written_through_no_link() {
    use std::os::unix::fs::symlink;
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    assert_eq!(run(home, &["--out", "r"]).0, Some(0));
    fs::create_dir(home.join("pics")).unwrap();
    fs::write(home.join("pics/money.svg"), "mine").unwrap();
    fs::remove_dir_all(home.join("r/plots")).unwrap();
    symlink(home.join("pics"), home.join("r/plots")).unwrap();
    assert_eq!(handover(home, &["plot", "r"]).status.code(), Some(74));
    assert_eq!(fs::read_to_string(home.join("pics/money.svg")).unwrap(), "mine");
    fs::remove_file(home.join("r/plots")).unwrap();
    // a device where a table was: found out at once, not read for ever
    fs::remove_file(home.join("r/series.csv")).unwrap();
    symlink("/dev/zero", home.join("r/series.csv")).unwrap();
    assert_ne!(handover(home, &["verify", "r", "--files-only"]).status.code(), Some(0));
    // a name in the manifest that leads out
    let text = fs::read_to_string(home.join("r/manifest.json")).unwrap();
    fs::write(home.join("r/manifest.json"), text.replace("\"series.csv\"", "\"../../etc/passwd\"")).unwrap();
    let output = handover(home, &["verify", "r", "--files-only"]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() != Some(0) && words.contains("leaves the folder"), "{words}");
}
