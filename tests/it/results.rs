//! A result can be verified and drawn again by somebody who has nothing but its folder.

use crate::common::{handover, text, world_of};
use std::fs;
use std::path::Path;
use std::process::Output;

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// A short run with a panel, in its own folder.
fn result(place: &Path) {
    let scenario = format!("{}/scenarios/royalty-15.toml", env!("CARGO_MANIFEST_DIR"));
    let run = ["run", &scenario, "--out=result", "--years=2.5", "--set=learning.alpha=0.3"];
    let how = ["--panel=300", "--panel-every=week", "--quiet", "--threads=2"];
    let done = handover(place, &[&run[..], &world_of!(20000, 4), &how].concat());
    assert_eq!(code(&done), Some(0), "{}", text(&done.stderr));
}

#[test]
fn a_result_is_verified_from_its_manifest_alone_and_damage_is_named() {
    let place = tempfile::tempdir().unwrap();
    result(place.path());
    let verified = handover(place.path(), &["verify", "result", "--threads=1"]);
    assert_eq!(code(&verified), Some(0), "{}", text(&verified.stderr));
    assert!(text(&verified.stdout).contains("the same to the byte"));

    // the scenario of the manifest is a file that runs by itself
    let manifest = place.path().join("result/manifest.json");
    let before = fs::read_to_string(&manifest).unwrap();
    let json: serde_json::Value = serde_json::from_str(&before).unwrap();
    assert!(json["scenario_file"].as_str().unwrap().contains("alpha = 0.3"));

    // a lie in the manifest: the files are whole, but not what this scenario gives
    let lie = before.replace("royalty_rate = 0.15", "royalty_rate = 0.16");
    assert_ne!(lie, before);
    fs::write(&manifest, lie).unwrap();
    let refused = handover(place.path(), &["verify", "result", "--threads=2"]);
    assert_eq!(code(&refused), Some(2));
    assert!(
        text(&refused.stderr).contains("flows.parquet: another run gives other bytes"),
        "{}",
        text(&refused.stderr)
    );
    fs::write(&manifest, before).unwrap();

    // one flipped bit
    let panel = place.path().join("result/panel.parquet");
    let mut bytes = fs::read(&panel).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&panel, bytes).unwrap();
    let damaged = handover(place.path(), &["verify", "result"]);
    assert_eq!(code(&damaged), Some(2));
    assert!(text(&damaged.stderr).contains("panel.parquet: not the bytes"), "{}", text(&damaged.stderr));
    let nothing = handover(place.path(), &["verify", "elsewhere"]);
    assert_eq!(code(&nothing), Some(2));
    assert!(text(&nothing.stderr).contains("manifest.json"));
}

/// Years set by whoever runs it may end before a law begins; the result is still one to verify, and to read.
#[test]
fn a_result_that_ends_before_its_laws_is_verified_too() {
    let place = tempfile::tempdir().unwrap();
    for words in [&["run", "royalty-15", "--out=run"][..], &["compare", "baseline", "royalty-15", "--out=comparison"]] {
        let cut = ["--years=1", "--quiet", "--threads=2"];
        let done = handover(place.path(), &[words, &world_of!(20000, 2), &cut].concat());
        assert_eq!(code(&done), Some(0), "{}", text(&done.stderr));
        assert!(text(&done.stderr).contains("it never acts"), "{}", text(&done.stderr));
    }
    for result in ["run", "comparison"] {
        let verified = handover(place.path(), &["verify", result]);
        assert_eq!(code(&verified), Some(0), "{}", text(&verified.stderr));
        let table = handover(place.path(), &["table", result, "--table", "gains"]);
        assert_eq!(code(&table), Some(0), "{}", text(&table.stderr));
    }
}

#[test]
fn pictures_drawn_again_are_the_same_pictures() {
    let place = tempfile::tempdir().unwrap();
    result(place.path());
    let plots = place.path().join("result/plots");
    fs::remove_dir_all(&plots).unwrap();
    let drawn = handover(place.path(), &["plot", "result"]);
    assert_eq!(code(&drawn), Some(0), "{}", text(&drawn.stderr));
    let whole = handover(place.path(), &["verify", "result", "--files-only"]);
    assert_eq!(code(&whole), Some(0), "{}", text(&whole.stderr));
    assert_eq!(fs::read_dir(&plots).unwrap().count(), 22);

    // tables that were changed give other pictures, which must not pass for the result's
    fs::copy(place.path().join("result/receipt.parquet"), place.path().join("result/series.parquet")).unwrap();
    let refused = handover(place.path(), &["plot", "result"]);
    assert_eq!(code(&refused), Some(2));
    assert!(text(&refused.stderr).contains("series.parquet: the column"), "{}", text(&refused.stderr));
}
