//! The ODD protocol is what the program is, and docs/model.md says the same rules, payments, levers, events and metrics.
//!
//! `HANDOVER_REFRESH=1 cargo test --release --test it odd::` writes docs/odd.md anew.

use crate::common;
use handover::economy::calendar::{self, Entry};
use handover::economy::policy::LEVERS;
use handover::economy::world::flows::Flow;
use handover::ground::list::Listed;
use handover::observe;
use handover::observe::indicators::Metric;
use handover::output::codebook::{Topic, codes};
use std::collections::BTreeSet;
use std::fs;

fn week() -> Vec<Entry> {
    let mut schedule = calendar::schedule(None);
    observe::watch(&mut schedule);
    calendar::entries(&mut schedule)
}

fn document(name: &str) -> String {
    fs::read_to_string(common::root().join("docs").join(name)).unwrap()
}

fn names<'a>(known: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    known.into_iter().map(str::to_owned).collect()
}

/// Kinds of events.
fn events() -> BTreeSet<String> {
    codes(Topic::Events).rows.iter().map(|row| row[0].words()).collect()
}

/// Rows of a table between two marks: the first cell, and the names in code of the second.
fn marked(text: &str, mark: &str) -> Vec<(String, Vec<String>)> {
    let after = text.split(&format!("<!-- {mark} -->")).nth(1).unwrap_or_else(|| panic!("there is no {mark}"));
    let block = after.split(&format!("<!-- /{mark} -->")).next().unwrap();
    let rows = block.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (cells[1].to_owned(), cells[2].split('`').skip(1).step_by(2).map(str::to_owned).collect())
    })
    .collect()
}

/// Each name once, and those of the program.
fn held(said: &[(String, Vec<String>)], known: &BTreeSet<String>, what: &str) -> Result<(), String> {
    let all: Vec<&String> = said.iter().flat_map(|(_, names)| names).collect();
    let once: BTreeSet<String> = all.iter().map(|&name| name.clone()).collect();
    let (missing, extra): (Vec<_>, Vec<_>) = (known.difference(&once).collect(), once.difference(known).collect());
    if missing.is_empty() && extra.is_empty() && all.len() == once.len() {
        return Ok(());
    }
    Err(format!(
        "docs/model.md, {what}: not said {missing:?}, not in the program {extra:?}, {} names twice",
        all.len() - once.len()
    ))
}

/// Headings of a page by their number: "7.2" and the rest of the line.
fn headings(text: &str) -> Vec<(String, String)> {
    let numbered = text.lines().filter_map(|line| line.trim_start_matches('#').trim().split_once(' '));
    numbered.map(|(number, rest)| (number.trim_end_matches('.').to_owned(), rest.to_owned())).collect()
}

/// The files in brackets below a heading, down to the next of its depth.
fn brackets_of(text: &str, section: &str) -> Vec<String> {
    let start = text.find(&format!("\n### {section} ")).unwrap_or_else(|| panic!("no section {section}"));
    let rest = &text[start + 1..];
    let end = rest[1..].find("\n### ").or(rest[1..].find("\n## ")).map_or(rest.len(), |end| end + 1);
    let brackets = rest[..end].split("[`").skip(1).filter_map(|part| part.split("`]").next());
    brackets.flat_map(|files| files.split("`, `")).map(str::to_owned).collect()
}

#[test]
fn the_page_is_what_the_command_prints() {
    let place = tempfile::tempdir().unwrap();
    let done = common::handover(place.path(), &["odd"]);
    assert!(done.status.success(), "{}", common::text(&done.stderr));
    let printed = common::text(&done.stdout);
    common::held(&common::root().join("docs/odd.md"), &printed);
    let done = common::handover(place.path(), &["odd", "first-economy", "--out", "deep/odd.md"]);
    assert!(done.status.success(), "{}", common::text(&done.stderr));
    let written = fs::read_to_string(place.path().join("deep/odd.md")).unwrap();
    assert!(written.contains("`first-economy`") && written != printed);
}

/// The protocol has all of the program: rules, payments, levers, events, metrics, and a row for each card.
#[test]
fn the_protocol_has_all_that_there_is() {
    let text = document("odd.md");
    let row = |name: &str| text.contains(&format!("| `{name}` |"));
    for entry in week() {
        assert!(row(&entry.system) && text.contains(&format!("`src/{}`", entry.file)), "{}", entry.system);
    }
    for flow in Flow::ALL {
        let ends = format!("| {} | {} | {} |", flow.name(), flow.payer().name(), flow.payee().name());
        assert!(text.contains(&ends), "{ends}");
    }
    LEVERS.iter().for_each(|lever| assert!(row(lever.name), "{}", lever.name));
    Metric::ALL.iter().for_each(|metric| assert!(row(metric.name()), "{metric}"));
    events().iter().for_each(|event| assert!(row(event), "{event}"));
    let baseline = common::scenario("baseline", &[]);
    let cards: Vec<&String> = baseline.catalogue.keys().filter(|key| !key.starts_with("currency")).collect();
    assert!(cards.len() > 250);
    for key in cards {
        let line = text.lines().find(|line| line.starts_with(&format!("| `{key}` |")));
        let line = line.unwrap_or_else(|| panic!("no row of {key}"));
        let cells: Vec<&str> = line.split(" | ").collect();
        assert!(cells.len() == 6 && cells[1..5].iter().all(|cell| !cell.trim().is_empty()), "{line}");
    }
}

/// A rule of the calendar stands in docs/model.md, in a section that names its file; and no other does.
#[test]
fn the_model_says_every_rule_where_it_names_its_file() {
    let text = document("model.md");
    let (said, week) = (marked(&text, "rules"), week());
    held(&said, &names(week.iter().map(|entry| entry.system.as_str())), "rules").unwrap();
    let headings = headings(&text);
    for (section, rules) in &said {
        assert!(headings.iter().any(|(number, _)| number == section), "there is no section {section}");
        if section == "4" {
            continue;
        }
        let brackets = brackets_of(&text, section);
        for entry in week.iter().filter(|entry| rules.contains(&entry.system)) {
            let file = format!("{}.rs", entry.file.trim_start_matches("economy/"));
            let is_named = |named: &String| match named.strip_suffix('/') {
                Some(folder) => file == format!("{folder}.rs") || file.starts_with(named.as_str()),
                None => file == *named || file.ends_with(&format!("/{named}")),
            };
            assert!(
                brackets.iter().any(is_named),
                "{section} says {} and names {brackets:?}, not {file}",
                entry.system
            );
        }
    }
}

/// Levers and metrics of the program are those of docs/model.md, each once; payments are compared by
/// `architecture::the_model_says_of_every_payment_who_pays_whom`.
#[test]
fn the_model_says_every_lever_and_every_metric() {
    let text = document("model.md");
    let levers = marked(&text, "levers");
    held(&levers, &names(LEVERS.iter().map(|lever| lever.name)), "levers").unwrap();
    let headings = headings(&text);
    for (section, _) in &levers {
        assert!(headings.iter().any(|(number, _)| number == section), "there is no section {section}");
    }
    held(&marked(&text, "metrics"), &names(Metric::ALL.iter().map(|metric| metric.name())), "metrics").unwrap();
}

#[test]
fn the_model_says_every_event() {
    let text = document("model.md");
    let table = text.split("| event | ").nth(1).unwrap().split("\n\n").next().unwrap();
    let said = table.lines().skip(2).map(|row| row.split('`').nth(1).unwrap().to_owned());
    assert_eq!(said.collect::<BTreeSet<_>>(), events());
}

#[test]
fn a_gap_is_named() {
    let said = vec![("7.1".to_owned(), vec!["one".to_owned(), "two".to_owned(), "two".to_owned()])];
    let gap = held(&said, &names(["one", "three"]), "rules").unwrap_err();
    assert!(gap.contains(r#"not said ["three"], not in the program ["two"], 1 names twice"#), "{gap}");
    assert!(held(&said[..0], &names([]), "rules").is_ok());
}
