//! The book's reference is made from the program: levers, events, metrics, files, exit codes, commands.
//!
//! `HANDOVER_REFRESH=1 cargo test --release --test it reference::` writes the pages anew.

use crate::common;
use handover::economy::policy::LEVERS;
use handover::ground::list::Listed;
use handover::observe::indicators::Metric;
use handover::output::codebook::{Cell, Codes, FILES, MEANING, Topic, codes, groups};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Where a page comes from, and how it is made anew.
const MADE: &str = "*This page is made from the program by `tests/it/reference.rs`, which also checks it.*\n";

fn said(place: &Path, line: &str) -> String {
    let words = line.split_whitespace().map(|word| word.replace('~', " "));
    let done = Command::new(env!("CARGO_BIN_EXE_handover")).current_dir(place).args(words).output().unwrap();
    assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// Compares a page with what it should be, or writes it.
fn held(name: &str, page: &str) {
    common::held(&common::root().join("docs").join(name), page);
}

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// The rows of a table of the codebook, the first so many columns as code.
fn rows(codes: &Codes, as_code: usize) -> String {
    let line = |row: &Vec<Cell>| {
        let cells = row.iter().enumerate().map(|(column, of)| match (column < as_code, cell(&of.words())) {
            (true, words) if !words.is_empty() => format!("`{words}`"),
            (_, words) => words,
        });
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    codes.rows.iter().map(line).collect()
}

/// A table of the codebook as the book has it; every name has a meaning.
fn table(topic: Topic, as_code: usize) -> String {
    let codes = codes(topic);
    let meaning = codes.columns.iter().position(|&column| column == MEANING).unwrap();
    codes.rows.iter().for_each(|row| assert!(!row[meaning].words().is_empty(), "{row:?} says nothing"));
    let rule = "---|".repeat(codes.columns.len());
    format!("| {} |\n|{rule}\n{}", codes.columns.join(" | "), rows(&codes, as_code))
}

#[test]
fn the_page_of_levers_is_the_list_of_the_law() {
    let page = format!(
        "# Levers of the law\n\n{MADE}\nA lever stands in `[law]` (from the first week) or in a `[[policy]]` (from a day on), as\n[the language of scenarios](scenarios.md) \
         says. \"By occupation\": a policy may name `occupations`.\n\"Phased\": a policy may reach it step by step. `handover explain --levers` \
         prints the same.\n\n{}",
        table(Topic::Levers, 1)
    );
    assert!(LEVERS.len() > 15);
    held("levers.md", &page);
}

#[test]
fn the_page_of_events_is_the_schema() {
    let codes = codes(Topic::Events);
    let mut page = format!(
        "# Events\n\n{MADE}\nAn event is something that nobody enacted. It stands in `[[event]]` with its `kind`. `handover explain --events` prints\nthe same.\n"
    );
    let mut kinds = 0;
    for row in &codes.rows {
        let [kind, key, about, ..] = row.as_slice() else { panic!("{row:?}") };
        if key.words().is_empty() {
            kinds += 1;
            let about = Some(about.words()).filter(|about| !about.is_empty());
            page += &format!("\n## {}\n\n", kind.words());
            page += &about.map(|about| format!("{about}\n\n")).unwrap_or_default();
            page += "| key | what it is | written as | needed |\n|---|---|---|---|\n";
        } else {
            assert!(!about.words().is_empty(), "{row:?} says nothing");
            page += &rows(&Codes { rows: vec![row[1..].to_vec()], ..codes.clone() }, 1);
        }
    }
    assert!(kinds > 5, "{kinds}");
    held("events.md", &page);
}

#[test]
fn the_page_of_metrics_is_the_list_that_is_measured() {
    let mut page = format!(
        "# Metrics and headlines\n\n{MADE}\nA metric is a column of `series.csv`, for each region and where it is split for each item. A stock is what it is \
         at the\nend of the recorded tick, a flow the mean a week since the last record. Sweeps, `solve` and targets name them:\n\
         `last(unemployment_rate[USA])`, `sum(royalties[IND])`; [sweeps](sweeps.md) says how. `handover explain --metrics` prints\nthe same.\n\n{}",
        table(Topic::Metrics, 1)
    );
    page += "\nItems are those of the baseline:\n\n| items | names |\n|---|---|\n";
    groups().iter().for_each(|(name, of)| page += &format!("| {name} | `{}` |\n", of.join("`, `")));
    page += &format!(
        "\n## Headlines\n\nA headline answers for a whole run. `handover compare` prints them; elsewhere they are written `headline(absorbed)`.\n\n{}",
        table(Topic::Headlines, 1)
    );
    assert!(Metric::ALL.len() > 50);
    held("metrics.md", &page);
}

/// Sweeps are where outcomes are explained, and say them in the words of the codebook.
#[test]
fn the_page_of_sweeps_has_every_form_of_an_outcome() {
    let page = fs::read_to_string(common::root().join("docs/sweeps.md")).unwrap();
    let rows = rows(&codes(Topic::Outcomes), 0);
    assert!(rows.lines().count() > 10 && page.contains(&rows), "docs/sweeps.md lacks some of these:\n{rows}");
}

/// What is printed without a scenario is what the pages say, as text and as JSON.
#[test]
fn the_codebook_is_printed_without_a_scenario() {
    let home = tempfile::tempdir().unwrap();
    for &topic in Topic::ALL {
        let codes = codes(topic);
        let text = said(home.path(), &format!("explain --{}", topic.name()));
        let printed: Value =
            serde_json::from_str(&said(home.path(), &format!("explain --{} --json", topic.name()))).unwrap();
        assert_eq!(printed.as_array().unwrap().len(), codes.rows.len(), "{topic:?}");
        for row in &codes.rows {
            let words = row[0].words().replace('`', "");
            assert!(text.lines().any(|line| line.starts_with(&words)), "{topic:?}: {words}");
            assert!(printed.as_array().unwrap().iter().any(|one| one[codes.columns[0]] == words.as_str()), "{words}");
        }
    }
    let text = said(home.path(), "explain --metrics");
    let rate = text.lines().find(|line| line.starts_with("unemployment_rate ")).unwrap();
    let cells: Vec<&str> = rate.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let about = "unemployed per person of the labour force";
    assert_eq!(cells, ["unemployment_rate", "share", "stock", "all, occupations", about]);
    let done = common::handover(home.path(), &["explain", "baseline", "--metrics"]);
    assert!(!done.status.success() && common::text(&done.stderr).contains("--metrics"));
}

#[test]
fn the_page_of_exit_codes_is_what_the_help_says() {
    let help = said(&common::root(), "--help");
    let codes = help.lines().find_map(|line| line.strip_prefix("Exit codes: ")).unwrap().trim_end_matches('.');
    let mut page = format!("# Exit codes\n\n{MADE}\n| code | what happened |\n|---:|---|\n");
    let mut seen = 0;
    for one in codes.split("; ") {
        let (code, words) = one.split_once(' ').unwrap();
        code.parse::<u8>().unwrap();
        page += &format!("| {code} | {words} |\n");
        seen += 1;
    }
    assert_eq!(seen, 6);
    held("exit-codes.md", &page);
}

/// The names of all commands.
fn commands() -> Vec<String> {
    let help = said(&common::root(), "--help");
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().map(str::to_owned));
    names.filter(|name| name != "help").collect()
}

#[test]
fn the_page_of_commands_is_their_help() {
    let commands = commands();
    assert!(commands.len() > 20, "{commands:?}");
    let mut page = format!("# Commands\n\n{MADE}\n`handover COMMAND --help` prints the same.\n");
    for command in &commands {
        let help = said(&common::root(), &format!("{command} --help"));
        let lines: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
        page += &format!("\n## handover {command}\n\n```help\n{}\n```\n", lines.join("\n"));
    }
    held("commands.md", &page);
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => {
            name.len() >= before.len() + after.len()
                && name.starts_with(before)
                && (after.is_empty() || name.contains(after))
        }
    }
}

fn files_below(root: &Path) -> Vec<String> {
    let (mut open, mut found) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match entry.is_dir() {
                true => open.push(entry),
                false => found.push(entry.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/")),
            }
        }
    }
    found
}

#[test]
fn the_page_of_files_names_every_file_that_is_written() {
    let home = tempfile::tempdir().unwrap();
    let tiny = "--set run.persons_per_agent=400000~persons --set run.least_agents=0 --set run.spin_up=4~weeks --quiet";
    for (folder, line) in [
        ("run", "run baseline --years 2"),
        ("ensemble", "run baseline --years 2 --replicates 2"),
        ("comparison", "compare baseline royalty-15 --years 3 --replicates 2"),
        ("sweep", "sweep smoke"),
    ] {
        said(home.path(), &format!("{line} {tiny} --out {folder}"));
    }
    let mut used = BTreeSet::new();
    for folder in ["run", "ensemble", "comparison", "sweep"] {
        for file in files_below(&home.path().join(folder)) {
            let known = FILES.iter().find(|(pattern, _)| fits(pattern, &file));
            let (pattern, _) = known.unwrap_or_else(|| panic!("{folder}/{file} is not described"));
            used.insert(*pattern);
        }
    }
    // what only other commands write
    let others = ["report/*", "discover/*", "*.partial/*", "*.checkpoint", "validation.*"];
    let unused: Vec<&str> = FILES.iter().map(|file| file.0).filter(|name| !used.contains(name)).collect();
    assert_eq!(unused, others, "described and not written");
    let page = format!(
        "# Files\n\n{MADE}\nA folder of results appears whole or not at all. [Results](results.md) says what the columns mean and how to open \
         them.\n`handover explain --files` prints the same.\n\n{}",
        table(Topic::Files, 1)
    );
    held("files.md", &page);
}
