//! What a file names, and what a checkpoint says, at the command line: refused with exit code 2, and nothing waits for
//! a pipe.
#![cfg(target_os = "linux")]

use crate::common;
use crate::received_properties::{blocks, sealed};

use handover::experiment::checkpoint::{Refused, resume};
use std::fs;
#[allow(clippy::disallowed_types)]
use std::time::{Duration, Instant};

/// Runs the program in a folder; it must end within seconds.
#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
fn ended(folder: &std::path::Path, arguments: &[&str]) -> (Option<i32>, String) {
    use std::process::{Command, Stdio};
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.current_dir(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("{arguments:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let done = child.wait_with_output().unwrap();
    (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
}

#[test]
fn a_link_that_leads_out_a_pipe_and_a_device_are_refused_by_every_file_that_names_another() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use std::os::unix::fs::symlink;
    let home = tempfile::tempdir().unwrap();
    let got = home.path().join("got");
    fs::create_dir(&got).unwrap();
    fs::copy(common::root().join("scenarios/baseline.toml"), home.path().join("secret.toml")).unwrap();
    fs::copy(common::root().join("scenarios/baseline.toml"), got.join("baseline.toml")).unwrap();
    let file = |name: &str, text: &str| fs::write(got.join(name), text).unwrap();
    symlink(home.path().join("secret.toml"), got.join("out.toml")).unwrap();
    symlink("baseline.toml", got.join("in.toml")).unwrap();
    symlink("/dev/zero", got.join("zero.toml")).unwrap();
    symlink("of-in.toml", got.join("typed.toml")).unwrap();
    mknodat(CWD, got.join("pipe.toml"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    for (name, words) in [("out", "leads out"), ("zero", "leads out"), ("pipe", "regular file")] {
        file("this.toml", &format!("[scenario]\nname = \"this\"\nextends = \"{name}.toml\"\n"));
        let (code, said) = ended(&got, &["check", "--no-forecast", "this.toml"]);
        assert_eq!(code, Some(2), "extends {name}: {said}");
        assert!(said.contains(words) && said.contains("this.toml:3:11"), "extends {name}: {said}");
        let plan = format!(
            "[sweep]\nname = \"p\"\n[[arm]]\nname = \"a\"\nscenario = \"{name}.toml\"\n[design]\nkind = \"grid\"\n"
        );
        file("plan.toml", &plan);
        let (code, said) = ended(&got, &["sweep", "plan.toml"]);
        assert_eq!(code, Some(2), "an arm {name}: {said}");
        assert!(said.contains(words), "an arm {name}: {said}");
    }
    file("of-in.toml", "[scenario]\nname = \"this\"\nextends = \"in.toml\"\n");
    for typed in ["of-in.toml", "typed.toml"] {
        let (code, said) = ended(&got, &["check", "--no-forecast", typed]);
        assert_eq!(code, Some(0), "{typed}: {said}");
    }
    for (command, file) in
        [("check", "pipe.toml"), ("sweep", "pipe.toml"), ("calibrate", "pipe.toml"), ("fork", "pipe.toml")]
    {
        let more: &[&str] = if command == "fork" { &["--with", "baseline.toml"] } else { &[] };
        let (code, said) = ended(&got, &[&[command, file], more].concat());
        assert_eq!(code, Some(2), "{command}: {said}");
        assert!(said.contains("regular file"), "{command}: {said}");
    }
}

#[test]
fn a_forged_checkpoint_ends_with_the_code_for_wrong_input() {
    let home = tempfile::tempdir().unwrap();
    fs::copy(common::root().join("scenarios/baseline.toml"), home.path().join("baseline.toml")).unwrap();
    let run = ["run", "baseline.toml", "--out", "r", "--years", "1", "--quiet"];
    let with = |more: &[&'static str]| [&run[..], &common::world_of!(1000000, 4), more].concat();
    let (code, said) = ended(home.path(), &with(&["--checkpoint-every", "26 weeks", "--keep"]));
    assert_eq!(code, Some(0), "{said}");
    let partial = home.path().join("r.partial");
    let names = || fs::read_dir(&partial).unwrap().map(|entry| entry.unwrap().path());
    let mut kept: Vec<_> =
        names().filter(|path| path.extension().is_some_and(|ending| ending == "checkpoint")).collect();
    kept.sort();
    let newest = kept.pop().unwrap();
    let true_one = fs::read(&newest).unwrap();
    fs::remove_dir_all(home.path().join("r")).unwrap();
    // eight bytes of the state are others, and the checksums are right: the first place where only that tells
    let settings =
        ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=1"];
    let scenario = common::scenario("baseline", &settings);
    let forged = |place: &usize| {
        let mut blocks = blocks(&true_one);
        blocks[1][*place..place + 8].copy_from_slice(&[0xff; 8]);
        sealed(&blocks)
    };
    let is_unsound = |place: &usize| matches!(resume(&scenario, &forged(place)[..]), Err(Refused::Unsound(_)));
    let place = (100_000..).step_by(1001).find(is_unsound).unwrap();
    fs::write(&newest, forged(&place)).unwrap();
    let (code, said) = ended(home.path(), &with(&["--resume"]));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("does not hold together") && said.contains(".checkpoint: "), "{said}");
    assert!(!home.path().join("r").exists());
    fs::write(&newest, &true_one).unwrap();
    let (code, said) = ended(home.path(), &with(&["--resume"]));
    assert_eq!(code, Some(0), "{said}");
}
