//! Files that nobody would write, and files that broke an earlier version: an error or an answer, quickly.

use crate::common;

#[path = "../../fuzz/quantities.rs"]
mod quantities;
#[path = "../../fuzz/scenarios.rs"]
mod scenarios;

use std::fs;
use std::process::{Command, Output};
#[allow(clippy::disallowed_types)]
use std::time::{Duration, Instant};

fn baseline() -> String {
    fs::read_to_string(common::root().join("scenarios/baseline.toml")).unwrap()
}

/// Checks a text by the command; it may take a second and must end with 0 or 2.
#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
fn check(name: &str, bytes: &[u8]) -> (i32, String) {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("baseline.toml"), baseline()).unwrap();
    fs::write(place.path().join("this.toml"), bytes).unwrap();
    let start = Instant::now();
    let done: Output = Command::new(env!("CARGO_BIN_EXE_handover"))
        .current_dir(place.path())
        .args(["check", "--no-forecast", "this.toml"])
        .output()
        .unwrap();
    let took = start.elapsed();
    let code = done.status.code().unwrap_or(-1);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(code == 0 || code == 2, "{name}: exit {code}: {said}");
    assert!(took < Duration::from_secs(5), "{name} took {took:?}");
    assert!(said.len() < 200_000, "{name}: {} bytes were said", said.len());
    (code, said)
}

const HEAD: &str = "[scenario]\nname = \"this\"\nextends = \"baseline.toml\"\n";

#[test]
fn a_file_of_another_kind_is_called_what_it_is() {
    let table = r#"
        run       | doubtful                     | this is the plan of a sweep, not a scenario
        sweep     | royalty-15                   | this is a scenario, not the plan of a sweep
        calibrate | doubtful                     | this is the plan of a sweep, not a calibration
        run       | scenarios/evidence/used.toml | this is a table of facts, not a scenario
        run       | scenarios                    | this is a folder
        run       | scenarios/royalty15.toml     | did you mean "scenarios/royalty-15.toml"
    "#;
    for [command, file, words] in common::rows(table) {
        let mut handover = Command::new(env!("CARGO_BIN_EXE_handover"));
        let done = handover.current_dir(common::root()).args([command, file]).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{command} {file}: {said}");
        assert!(said.contains(words), "{command} {file}: {said}");
    }
}

#[test]
fn what_an_editor_or_another_system_adds_changes_nothing() {
    let plain = format!("{HEAD}[learning]\nalpha = 0.25 # steeper\n");
    let crlf = plain.replace('\n', "\r\n");
    let bom = format!("\u{feff}{plain}");
    for text in [&plain, &crlf, &bom] {
        let (code, said) = check("a sound file", text.as_bytes());
        assert_eq!(code, 0, "{said}");
    }
}

#[test]
fn a_file_like_no_other_gets_an_error_quickly() {
    let many: Vec<String> = (0..10_000).map(|n| format!("\"R{n}\"")).collect();
    let regions = format!("{HEAD}[world]\nregions = [{}]\n", many.join(", "));
    let by_region: String = (0..10_000).map(|n| format!("R{n} = \"1 %\"\n")).collect();
    let files: [(&str, Vec<u8>, &str); 12] = [
        ("100 MB", vec![b'#'; 100_000_000], "at most"),
        ("ten thousand regions", regions.into_bytes(), "10000 regions"),
        ("a table of ten thousand", format!("{HEAD}[labour.unemployment]\n{by_region}").into_bytes(), "is declared"),
        ("nested lists", format!("{HEAD}a = {}", "[".repeat(100_000)).into_bytes(), "error"),
        ("nested tables", format!("{HEAD}a = {}", "{a=".repeat(50_000)).into_bytes(), "error"),
        ("nested keys", format!("{HEAD}{}b = 1", "a.".repeat(50_000)).into_bytes(), "error"),
        ("NUL", format!("{HEAD}[learning]\nalpha = \0.3\n").into_bytes(), "this.toml:5"),
        ("not UTF-8", b"[scenario]\nname = \"\xff\xfe\"\n".to_vec(), "line 2 is not UTF-8"),
        ("a table twice", format!("{HEAD}[learning]\nalpha = 0.3\n[learning]\nalpha = 0.2\n").into_bytes(), "twice"),
        ("a long line", format!("{HEAD}{} = 1\n", "x".repeat(900_000)).into_bytes(), "there is no key"),
        (
            "many wrong keys",
            format!("{HEAD}{}", (0..50_000).map(|n| format!("k{n}=1\n")).collect::<String>()).into_bytes(),
            "more",
        ),
        ("nothing", Vec::new(), "extends nothing"),
    ];
    for (name, bytes, words) in files {
        let (code, said) = check(name, &bytes);
        assert_eq!(code, 2, "{name}: {said}");
        assert!(said.contains(words), "{name}: {}", said.chars().take(2_000).collect::<String>());
    }
}

#[test]
fn a_folder_or_a_device_is_not_a_scenario() {
    for path in ["/", "/dev/zero", "there-is-no-such-file.toml"] {
        let done = Command::new(env!("CARGO_BIN_EXE_handover")).args(["check", path]).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{path}");
    }
}

#[test]
fn what_broke_once_does_not_break_again() {
    let baseline = baseline();
    let texts = |target: &str| {
        let folder = common::root().join("fuzz/regressions").join(target);
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()).collect::<Vec<_>>()
    };
    for text in texts("units") {
        quantities::any_text_is_a_quantity_or_an_error(&text);
    }
    for text in texts("scenario") {
        scenarios::any_file_is_a_scenario_or_has_problems(&text, &baseline);
        scenarios::any_file_is_a_scenario_or_has_problems(&format!("{HEAD}{text}"), &baseline);
    }
}
