//! The floors and the calendar are what the documents say.

mod common;

use handover::economy::{Economy, calendar};
use std::fs;
use std::path::{Path, PathBuf};

const FLOORS: [&str; 6] = ["ground", "economy", "observe", "scenario", "experiment", "output"];

/// The rules in the order of the loop; a rule may use those before it.
const LOOP: [&str; 13] = [
    "people",
    "sites",
    "policy",
    "consent",
    "capture",
    "learning",
    "demand",
    "dispatch",
    "adoption",
    "staffing",
    "matching",
    "wages",
    "settlement",
];

/// Uses of a later rule, each with its reason; one that is no longer needed must go.
const EXCEPTIONS: [(&str, &str); 1] = [
    // a worker answers a site that films, and what a camera is belongs to the market for hours
    ("consent", "capture"),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let before_tests = text.split("#[cfg(test)]").next().unwrap_or("").to_owned();
    before_tests.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_floor_imports_only_downward() {
    let mut seen = 0;
    for (level, floor) in FLOORS.iter().enumerate() {
        for path in sources(&common::root().join("src").join(floor)) {
            let text = code(&path);
            seen += 1;
            for above in &FLOORS[level + 1..] {
                assert!(!text.contains(&format!("crate::{above}")), "{} imports {above}", path.display());
            }
        }
    }
    assert!(seen > 25, "only {seen} files were read");
}

#[test]
fn a_rule_uses_only_rules_earlier_in_the_loop() {
    let folder = common::root().join("src/economy");
    let mut used = Vec::new();
    for (place, rule) in LOOP.iter().enumerate() {
        let file = folder.join(format!("{rule}.rs"));
        let files = if file.is_file() { vec![file] } else { sources(&folder.join(rule)) };
        for path in files {
            let text = code(&path);
            for later in &LOOP[place + 1..] {
                let uses = text.contains(&format!("super::{later}::")) || text.contains(&format!("economy::{later}::"));
                let is_known = EXCEPTIONS.contains(&(rule, later));
                assert!(!uses || is_known, "{rule} uses {later}");
                if uses {
                    used.push((*rule, *later));
                }
            }
        }
    }
    for exception in EXCEPTIONS {
        assert!(used.contains(&exception), "{exception:?} is no longer needed");
    }
}

#[test]
fn the_lower_floors_touch_no_files_clock_threads_or_terminal() {
    for floor in ["ground", "economy", "observe", "scenario"] {
        for path in sources(&common::root().join("src").join(floor)) {
            let text = code(&path);
            let is_splitter = path.ends_with("economy/blocks.rs");
            let of_splitter = ["rayon::", "std::thread"];
            for word in ["std::fs", "std::thread", "std::time", "println!", "eprintln!", "std::env", "rayon::"] {
                let allowed = is_splitter && of_splitter.contains(&word);
                assert!(allowed || !text.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

/// The calendar as it runs: "system" by its short name, in order.
fn running_order() -> Vec<String> {
    let mut settings = common::COARSE.to_vec();
    settings.push("run.years=0.1");
    let scenario = common::scenario("baseline", &settings);
    let mut economy = Economy::found(&scenario.parameters, handover::observe::install);
    let mut schedule = calendar::schedule(None);
    handover::observe::install(&mut economy.world, &mut schedule);
    schedule.initialize(&mut economy.world).unwrap();
    let systems = schedule.systems().unwrap();
    systems.map(|(_, system)| system.name().to_string().rsplit("::").next().unwrap().to_owned()).collect()
}

fn calendar_in(document: &str) -> Vec<String> {
    let text = fs::read_to_string(common::root().join(document)).unwrap();
    let inside = text.split("<!-- calendar -->").nth(1).unwrap_or_else(|| panic!("{document} has no calendar"));
    let inside = inside.split("<!-- /calendar -->").next().unwrap();
    let is_entry = |line: &&str| line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    inside.lines().filter(is_entry).map(|line| line.rsplit(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn the_documents_print_the_calendar_that_runs() {
    let order: Vec<String> = running_order().into_iter().filter(|name| name != "close_books").collect();
    assert!(order.len() > 20);
    for document in ["docs/model.md", "README.md"] {
        let mut printed: Vec<String> = calendar_in(document);
        printed.retain(|name| name != "close_books");
        let mut sorted = (order.clone(), printed.clone());
        sorted.0.sort();
        sorted.1.sort();
        assert_eq!(sorted.0, sorted.1, "{document} lists other systems");
        // systems of one phase may run in any order; phases may not
        let phase = |name: &String| phases().iter().position(|phase| phase.contains(&name.as_str())).unwrap();
        assert!(printed.iter().map(phase).is_sorted(), "{document} prints another order");
        assert!(order.iter().map(phase).is_sorted(), "the schedule runs another order");
    }
}

fn phases() -> Vec<Vec<&'static str>> {
    vec![
        vec!["apply_levers", "decide_recording"],
        vec!["update_fear"],
        vec!["review_stance"],
        vec!["set_intensity"],
        vec!["record_hours"],
        vec!["adjust_programme"],
        vec!["take_in_hours"],
        vec!["release_models"],
        vec!["receive_jobs"],
        vec!["do_jobs"],
        vec!["age_robots", "compare_costs"],
        vec!["order_robots"],
        vec!["plan_staff"],
        vec!["separate_and_search"],
        vec!["hire"],
        vec!["move_wages"],
        vec!["settle_trade"],
        vec!["pool_royalties"],
        vec!["fill_wallets"],
        vec!["pay_owners"],
        vec!["settle_public"],
        vec!["audit"],
        vec!["record"],
        vec!["record_flows"],
        vec!["write_receipt"],
    ]
}
