//! The model beside closed forms: every row within its bound, and every row seen to miss where one per cent is planted.
//!
//! `HANDOVER_REFRESH=1 cargo test --release --test it theory::` writes docs/theory.md anew.

use crate::common;
use handover::experiment::validate::theory::{CASES, Ending, Row, make};
use handover::experiment::watcher::Nobody;
use handover::output::validate::theory::{as_json, page};
use std::sync::LazyLock;

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| make(CASES, &Nobody).expect("nobody stops it"));

#[test]
fn every_closed_form_holds_within_its_bound_and_one_per_cent_is_seen() {
    assert!(ROWS.len() > 18, "{}", ROWS.len());
    for row in ROWS.iter() {
        println!("{}: {:?}, planted {:?}, bound {}", row.case.name, row.as_is, row.planted, row.case.bound);
    }
    for row in ROWS.iter() {
        assert_eq!(row.ending(), Ending::Hit, "{}: {:?}, planted {:?}", row.case.name, row.as_is, row.planted);
        let [as_is, planted] = [&row.as_is, &row.planted].map(|both| both.as_ref().unwrap());
        // the theory of most rows keeps the right number, whatever is planted
        assert!(as_is.error().abs() < 0.8 * planted.error().abs(), "{}: {as_is:?}, {planted:?}", row.case.name);
    }
}

#[test]
fn the_page_is_what_the_suite_finds() {
    common::held(&common::root().join("docs/theory.md"), &page(&ROWS));
    let rows = as_json(&ROWS)["rows"].as_array().unwrap().len();
    assert_eq!(rows, CASES.len());
}

#[test]
fn options_of_the_evidence_are_refused() {
    let place = tempfile::tempdir().unwrap();
    for option in [&["--quick"][..], &["--replicates", "2"], &["--seed", "3"], &["--set", "run.years=1"]] {
        let done = common::handover(place.path(), &[&["validate", "--suite", "analytic"][..], option].concat());
        let said = common::text(&done.stderr);
        assert!(done.status.code() == Some(2) && said.contains(option[0]), "{option:?}: {said}");
    }
}
