//! The book's reference is made from the program: levers, events, metrics, files, exit codes, commands.
//!
//! `HANDOVER_REFRESH=1 cargo test --release --test it reference::` writes the pages anew.

use crate::common;
use handover::economy::policy::LEVERS;
use handover::experiment::compare::headlines::of_one_run;
use handover::ground::list::Listed;
use handover::observe::indicators::Metric;
use handover::scenario::schema::editor_schema;
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

/// Holds a page against what it should be, or writes it.
fn held(name: &str, page: &str) {
    const REFRESH: &str = "HANDOVER_REFRESH=1 cargo test --release --test it reference:: writes the pages anew";
    let path = common::root().join("docs").join(name);
    #[allow(clippy::disallowed_methods)] // the switch of the tests, and it writes the files anew
    if std::env::var_os("HANDOVER_REFRESH").is_some() {
        return fs::write(path, page).unwrap();
    }
    let there = fs::read_to_string(path).unwrap();
    let differs = there.lines().zip(page.lines()).find(|(old, new)| old != new);
    assert!(there == page, "docs/{name} is not what the program says: {differs:?}; {REFRESH}");
}

fn schema() -> Value {
    serde_json::from_str(&editor_schema()).unwrap()
}

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// How a value is written: its type's description, or its words.
fn written(schema: &Value, property: &Value) -> String {
    if let Some(words) = property["oneOf"].as_array() {
        let words: Vec<String> =
            words.iter().filter_map(|word| Some(format!("`{}`", word["const"].as_str()?))).collect();
        return words.join(", ");
    }
    if let Some(name) = property["allOf"][0]["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let definition = &schema["definitions"][name];
        let words = definition["description"].as_str().unwrap_or(name).trim_end_matches('.').to_owned();
        let examples = definition["examples"].as_array().into_iter().flatten();
        let shown =
            examples.filter_map(Value::as_str).next().map(|one| format!(", as `\"{one}\"`")).unwrap_or_default();
        return format!("{words}{shown}");
    }
    if property["enum"].as_array().is_some_and(|values| values.contains(&Value::Bool(true))) {
        return "`true` or `false`".to_owned();
    }
    match property["type"].as_str() {
        Some("array") => format!("a list: {}", written(schema, &property["items"])),
        Some("string") if property["pattern"].is_string() => "a day, as `\"2029-01\"`".to_owned(),
        Some("string") => "a name".to_owned(),
        other => other.unwrap_or("").to_owned(),
    }
}

#[test]
fn the_page_of_levers_is_the_list_of_the_law() {
    let schema = schema();
    let of_policy = &schema["properties"]["policy"]["items"]["properties"];
    let mut page = format!(
        "# Levers of the law\n\n{MADE}\nA lever stands in `[law]` (from the first week) or in a `[[policy]]` (from a day on), as\n[the language of scenarios](scenarios.md) \
         says. \"By occupation\": a policy may name `occupations`.\n\"Phased\": a policy may reach it step by step.\n\n\
         | lever | what it is | written as | by occupation | phased | acts only with |\n|---|---|---|---|---|---|\n"
    );
    for lever in LEVERS {
        let property = &of_policy[lever.name];
        let about = property["description"].as_str().unwrap_or_else(|| panic!("{} has no description", lever.name));
        let yes = |is: bool| if is { "yes" } else { "" };
        let needs = lever.needs.map_or(String::new(), |needs| match needs.at {
            [] => format!("`{}` above zero", needs.lever),
            values => format!("`{}` = {}", needs.lever, values.join(" or ")),
        });
        let cells = [
            format!("`{}`", lever.name),
            cell(about),
            cell(&written(&schema, property)),
            yes(lever.is_by_occupation).to_owned(),
            yes(lever.is_number).to_owned(),
            needs,
        ];
        page += &format!("| {} |\n", cells.join(" | "));
    }
    assert!(LEVERS.len() > 15);
    held("levers.md", &page);
}

#[test]
fn the_page_of_events_is_the_schema() {
    let schema = schema();
    let kinds = schema["properties"]["event"]["items"]["oneOf"].as_array().unwrap().clone();
    assert!(kinds.len() > 5);
    let mut page = format!(
        "# Events\n\n{MADE}\nAn event is something that nobody enacted. It stands in `[[event]]` with its `kind`.\n"
    );
    for kind in &kinds {
        let properties = kind["properties"].as_object().unwrap();
        page += &format!("\n## {}\n\n", properties["kind"]["const"].as_str().unwrap());
        if let Some(about) = kind["description"].as_str() {
            page += &format!("{about}\n\n");
        }
        page += "| key | what it is | written as | needed |\n|---|---|---|---|\n";
        let required: Vec<&str> = kind["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (key, property) in properties.iter().filter(|(key, _)| *key != "kind") {
            let needed = if required.contains(&key.as_str()) { "yes" } else { "" };
            let about = property["description"].as_str().unwrap_or_else(|| panic!("{key} has no description"));
            page += &format!("| `{key}` | {} | {} | {needed} |\n", cell(about), cell(&written(&schema, property)));
        }
    }
    held("events.md", &page);
}

#[test]
fn the_page_of_metrics_is_the_list_that_is_measured() {
    let mut page = format!(
        "# Metrics and headlines\n\n{MADE}\nA metric is a column of `series.csv`, for each region and where it is split for each item. A stock is what it is \
         at the\nend of the recorded tick, a flow the mean a week since the last record. Sweeps, `solve` and targets name them:\n\
         `last(unemployment_rate[USA])`, `sum(royalties[IND])`; [sweeps](sweeps.md) says how.\n\n| metric | unit | kind | what it is |\n|---|---|---|---|\n"
    );
    for &metric in Metric::ALL {
        let kind = if metric.is_flow() { "flow" } else { "stock" };
        page += &format!("| `{metric}` | {} | {kind} | {} |\n", metric.unit(), cell(metric.about()));
    }
    page += "\n## Headlines\n\nA headline answers for a whole run. `handover compare` prints them; elsewhere they are written `headline(absorbed)`.\n\n\
             | headline | unit | what it is |\n|---|---|---|\n";
    for (name, about, unit) in of_one_run() {
        page += &format!("| `{name}` | {unit} | {} |\n", cell(about));
    }
    assert!(Metric::ALL.len() > 50);
    held("metrics.md", &page);
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

/// What the files of a result hold; `*` is any part of a name.
const FILES: [(&str, &str); 29] = [
    ("manifest.json", "scenario as resolved, seeds, version, and the SHA-256 of every other file"),
    ("report.html", "the answer in one page that opens without a network"),
    ("series.csv", "metrics by date, region and item, as text"),
    ("series.parquet", "the same with units and meanings in the columns"),
    ("flows.parquet", "every payment by date, kind, payer and payee, exact"),
    ("receipt.parquet", "of the work that robots do in one region, what is owed to hours recorded in another"),
    ("gains.csv", "who gained, who lost, who was paid, by region"),
    ("gains.parquet", "the same with units and meanings in the columns"),
    ("panel.parquet", "a sample of workers, followed"),
    ("plots/*.svg", "pictures, for print"),
    ("plots/*.png", "the same pictures, for slides"),
    ("bands.csv", "of an ensemble: median and bands of every metric over the replicates"),
    ("bands.parquet", "the same with units and meanings in the columns"),
    ("replicates/*", "of an ensemble: each replicate's tables, in a folder of its own"),
    ("headlines.csv", "of a comparison: base, reform, difference and interval of each headline"),
    ("effects.parquet", "of a comparison: base, reform, difference and interval of each metric by date"),
    ("lives.csv", "of a comparison: lifetime income by what happened to people in either world"),
    ("money.csv", "of a comparison: every kind of payment of the last year, by sector"),
    ("receipt.csv", "of a comparison: the receipt of the last year in base and reform"),
    ("regret.csv", "of a comparison: what each policy loses against the best one, by state of the world"),
    ("tipping.csv", "of a comparison: shares of replicates in which a tipping point was passed"),
    ("divergence.csv", "of a comparison: how many agents do something else than in the base"),
    ("sweep.parquet", "of a sweep: a row for each point, arm and replicate"),
    ("runs/*", "of a sweep: every run that is done, by the hash of all it depends on"),
    ("report/*", "of a sweep: what `handover sensitivity` and `handover plot` wrote"),
    ("discover/*", "of a sweep: what `handover discover` wrote"),
    ("*.partial/*", "of a run that saves checkpoints: what it saved until it is done"),
    ("*.checkpoint", "a whole world on one day, to resume or to fork from"),
    ("validation.*", "of `handover validate`: the scorecard as a page, as text and as data"),
];

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
    let mut page = format!(
        "# Files\n\n{MADE}\nA folder of results appears whole or not at all. [Results](results.md) says what the columns mean and how to open \
         them.\n\n| file | what it holds |\n|---|---|\n"
    );
    FILES.iter().for_each(|(name, about)| page += &format!("| `{name}` | {} |\n", cell(about)));
    held("files.md", &page);
}
