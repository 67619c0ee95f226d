//! `handover demo` writes the committed page, and never over something else. tests/demo.mjs opens it.

use crate::common;
use std::path::Path;
use std::process::{Command, Output};

fn demo(out: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.args(["demo", "--no-open", "--out"]).arg(out).args(more).output().unwrap()
}

#[test]
fn the_page_is_written_once_and_over_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("page.html");
    let committed = std::fs::read(common::root().join("docs/demo.html")).unwrap();
    for _ in 0..2 {
        let outcome = demo(&path, &[]);
        assert_eq!(outcome.status.code(), Some(0), "{}", String::from_utf8_lossy(&outcome.stderr));
        assert!(std::fs::read(&path).unwrap() == committed);
    }
    std::fs::write(&path, "my own notes").unwrap();
    let refused = demo(&path, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--force"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "my own notes");
    assert_eq!(demo(&path, &["--force"]).status.code(), Some(0));
    assert!(std::fs::read(&path).unwrap() == committed);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn a_folder_that_is_not_there_is_the_disks_fault() {
    let place = tempfile::tempdir().unwrap();
    assert_eq!(demo(&place.path().join("none/page.html"), &[]).status.code(), Some(74));
}

/// What the page must be to be opened from a stick on an old laptop.
#[test]
fn the_page_is_small_and_names_no_other_place() {
    let page = std::fs::read_to_string(common::root().join("docs/demo.html")).unwrap();
    // 2 MB until it carried what twenty luck numbers gave of every story: without that, one draw was taught as a result
    assert!(page.len() < 2_200_000, "{} bytes", page.len());
    assert!(page.contains("default-src 'none'") && !page.contains("connect-src"));
    for word in ["src=\"http", "src='http", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "importScripts"] {
        assert!(!page.contains(word), "the page holds {word}");
    }
}
