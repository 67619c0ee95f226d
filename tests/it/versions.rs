//! What older versions wrote: the oldest results, tables and scenarios that can be read lie in `tests/versions/`, one
//! folder a version. They are never made anew; what can no longer be read goes, and the changelog says so.

use crate::common;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest version whose files can be read.
const OLDEST: &str = "0.1.0";

fn said(place: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_handover")).current_dir(place).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// A copy of what a version wrote.
fn written_by(version: &str) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let from = common::root().join("tests/versions").join(version);
    for folder in ["run", "sweep"] {
        fs::create_dir(home.path().join(folder)).unwrap();
        for entry in fs::read_dir(from.join(folder)).unwrap().map(|entry| entry.unwrap()) {
            fs::copy(entry.path(), home.path().join(folder).join(entry.file_name())).unwrap();
        }
    }
    fs::copy(from.join("scenario.toml"), home.path().join("scenario.toml")).unwrap();
    let path = home.path().to_owned();
    (home, path)
}

#[test]
fn what_the_oldest_version_wrote_can_be_read() {
    let (_home, at) = written_by(OLDEST);
    let manifest = fs::read_to_string(at.join("run/manifest.json")).unwrap();
    assert!(manifest.contains(&format!("\"handover\": \"{OLDEST}\"")));
    // pictures may have been drawn otherwise then: they go elsewhere, and the result stays as it was
    let (code, _, errors) = said(&at, &["plot", "run", "--out", "drawn"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(fs::metadata(at.join("drawn/displacement.svg")).unwrap().len() > 1000);
    for words in [["plot", "sweep"].as_slice(), &["discover", "sweep", "--where", "absorbed highest 50 %"]] {
        let (code, _, errors) = said(&at, words);
        assert_eq!(code, Some(0), "{words:?}: {errors}");
    }
    let (code, out, errors) = said(&at, &["check", "--no-forecast", "scenario.toml"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(out.contains("A 15 % royalty"), "{out}");
}

#[test]
fn what_is_written_says_its_version() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(said(at, &["new", "mine"]).0, Some(0));
    let scenario = fs::read_to_string(at.join("mine.toml")).unwrap();
    assert!(scenario.contains(&format!("# written by handover {version}")), "{scenario}");
    let run = ["run", "mine.toml", "--years", "3", "--panel", "0", "--quiet", "--out", "r"];
    let words = [&run[..], &common::world_of!(400000, 4)].concat();
    let (code, _, errors) = said(at, &words);
    assert_eq!(code, Some(0), "{errors}");
    let manifest = fs::read_to_string(at.join("r/manifest.json")).unwrap();
    assert!(manifest.contains(&format!("\"handover\": \"{version}\"")));
    assert!(fs::read_to_string(at.join("r/report.html")).unwrap().contains(&format!("handover {version}")));
    let parquet = fs::read(at.join("r/series.parquet")).unwrap();
    let mark = format!("handover {version}");
    assert!(parquet.windows(mark.len()).any(|window| window == mark.as_bytes()));
    // what another version wrote cannot be made again, and it is said which did
    let other = manifest.replacen(&format!("\"handover\": \"{version}\""), "\"handover\": \"0.0.9\"", 1);
    assert_ne!(manifest, other);
    fs::write(at.join("r/manifest.json"), other).unwrap();
    let (code, out, errors) = said(at, &["verify", "r"]);
    assert!(code == Some(2) && errors.contains("it was written by handover 0.0.9"), "{code:?} {out} {errors}");
}

#[test]
fn who_cites_it_cites_this_version() {
    let text = fs::read_to_string(common::root().join("CITATION.cff")).unwrap();
    assert!(text.contains(&format!("\nversion: {}\n", env!("CARGO_PKG_VERSION"))), "{text}");
    for key in
        ["cff-version", "message", "type", "title", "date-released", "authors", "license", "abstract", "keywords"]
    {
        assert!(text.lines().any(|line| line.starts_with(&format!("{key}:"))), "{key}");
    }
}

#[test]
fn the_changelog_keeps_its_form() {
    let text = fs::read_to_string(common::root().join("CHANGELOG.md")).unwrap();
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
    assert!(
        headings.iter().any(|line| line.contains(env!("CARGO_PKG_VERSION")) || line.contains("Unreleased")),
        "{headings:?}"
    );
}
