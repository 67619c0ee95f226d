//! The floors and the calendar are what the documents say.

mod common;
#[path = "architecture/sources.rs"]
mod sources;

use handover::economy::{Economy, calendar};
use sources::{Module, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const FLOORS: [&str; 6] = ["ground", "economy", "observe", "scenario", "experiment", "output"];

/// The rules in the order of the loop; a rule may use those before it.
const LOOP: [&str; 15] = [
    "people",
    "sites",
    "policy",
    "programme",
    "consent",
    "capture",
    "learning",
    "robots",
    "demand",
    "dispatch",
    "adoption",
    "staffing",
    "matching",
    "wages",
    "settlement",
];

/// Circles of files within a floor that are known: files that use each other, if only by way of others. A folder's
/// `mod.rs` and its parts are one idea and may. This list only becomes shorter: a circle that is gone, or smaller, must be told here.
const CIRCLES: [&[&str]; 7] = [
    &["experiment/calibrate/population.rs", "experiment/calibrate/weights.rs"],
    &["experiment/discover/peel.rs", "experiment/discover/trust.rs"],
    &[
        "output/answer.rs",
        "output/compare.rs",
        "output/compare_tables.rs",
        "output/report_compare.rs",
        "output/report_money.rs",
        "output/report_parts.rs",
        "output/summary_compare.rs",
    ],
    &["output/ensemble.rs", "output/report_run.rs"],
    &["output/files.rs", "output/workplace.rs"],
    &["output/plots/render.rs", "output/plots/sheet.rs"],
    &["scenario/check.rs", "scenario/lists.rs", "scenario/problem.rs", "scenario/tree.rs"],
];

/// Every file of a floor that is not there for tests has been read.
fn read() -> Sources {
    let sources = Sources::read(&common::root());
    let known: BTreeSet<PathBuf> =
        sources.files.values().map(|source| common::root().join("src").join(&source.file)).collect();
    for floor in FLOORS {
        for path in files(&common::root().join("src").join(floor)) {
            assert!(known.contains(&path) || sources.of_tests.contains(&path), "{} was not read", path.display());
        }
    }
    sources
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

fn level(module: &Module) -> Option<usize> {
    let floor = module.first()?;
    FLOORS.iter().position(|known| known == floor)
}

#[test]
fn each_floor_imports_only_downward() {
    let sources = read();
    let mut seen = 0;
    for module in sources.files.keys() {
        let Some(mine) = level(module) else { continue };
        for other in sources.uses(module) {
            let is_below = level(&other).is_none_or(|other| other <= mine);
            assert!(is_below, "{} imports {}", sources.files[module].file, other.join("::"));
            seen += 1;
        }
    }
    assert!(seen > 500, "only {seen} uses were seen");
}

#[test]
fn a_rule_uses_only_rules_earlier_in_the_loop() {
    let sources = read();
    let place = |module: &Module| match module.as_slice() {
        [floor, rule, ..] if floor == "economy" => LOOP.iter().position(|known| known == rule),
        _ => None,
    };
    let mut seen = 0;
    for module in sources.files.keys() {
        let Some(mine) = place(module) else { continue };
        for other in sources.uses(module).iter().filter_map(place) {
            assert!(other <= mine, "{} uses {}", sources.files[module].file, LOOP[other]);
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} uses were seen");
}

/// Files of a floor that reach each other, a folder and its parts apart.
fn circles(sources: &Sources) -> BTreeSet<Vec<String>> {
    let is_whole = |a: &Module, b: &Module| a.starts_with(b) || b.starts_with(a);
    let next = |module: &Module| -> Vec<Module> {
        let uses = sources.uses(module).into_iter();
        uses.filter(|other| level(other) == level(module) && !is_whole(other, module)).collect()
    };
    let reach = |from: &Module| -> BTreeSet<Module> {
        let (mut seen, mut open) = (BTreeSet::new(), next(from));
        while let Some(module) = open.pop() {
            if seen.insert(module.clone()) {
                open.extend(next(&module));
            }
        }
        seen
    };
    let on_floors = sources.files.keys().filter(|module| level(module).is_some());
    let reached: BTreeMap<&Module, BTreeSet<Module>> = on_floors.map(|module| (module, reach(module))).collect();
    let round = |module: &Module| -> Vec<String> {
        let others = reached[module].iter().filter(|other| reached[*other].contains(module));
        others.map(|other| sources.files[other].file.clone()).collect()
    };
    reached.keys().map(|module| round(module)).filter(|circle| !circle.is_empty()).collect()
}

#[test]
fn files_of_a_floor_go_in_no_circles_but_the_known_ones() {
    let found = circles(&read());
    let known: BTreeSet<Vec<String>> =
        CIRCLES.iter().map(|circle| circle.iter().map(|&file| file.to_owned()).collect()).collect();
    let new: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "not known: {new:#?}\nno longer there: {gone:#?}");
}

#[test]
fn the_lower_floors_touch_no_files_clock_threads_or_terminal() {
    let sources = read();
    for (module, source) in &sources.files {
        if level(module).is_none_or(|level| level > 3) {
            continue;
        }
        let is_splitter = source.file == "economy/blocks.rs";
        let of_splitter = ["rayon", "std::thread"];
        for path in sources.foreign(module) {
            for word in ["std::fs", "std::thread", "std::time", "std::env", "std::process", "rayon"] {
                let uses = path == word || path.starts_with(&format!("{word}::"));
                assert!(!uses || is_splitter && of_splitter.contains(&word), "{} uses {path}", source.file);
            }
        }
        for word in ["print", "println", "eprint", "eprintln", "dbg"] {
            assert!(!source.macros.contains(word), "{} uses {word}!", source.file);
        }
    }
}

/// What is done in one place only: tables of text, so that every cell is guarded, and arithmetic of dates.
#[test]
fn what_has_one_place_has_one_place() {
    let sources = read();
    let places = |word: &str| -> Vec<&str> {
        let is_there = |path: &String| path.starts_with(word) && path.contains("::");
        let with = sources.files.iter().filter(|(module, _)| sources.foreign(module).any(|path| is_there(&path)));
        with.map(|(_, source)| source.file.as_str()).collect()
    };
    assert_eq!(places("csv::"), ["output/cells.rs"]);
    // the horizon of a file is found before its parameters are
    assert_eq!(places("chrono::Days"), ["economy/policy/clock.rs", "scenario/dates.rs"]);
    assert!(places("chrono::Duration").is_empty() && places("chrono::TimeDelta").is_empty());
}

/// Units in the words of a field are those of its type, and no system carries a number of its own: the calendar orders.
#[test]
fn docstrings_say_what_types_say() {
    let sources = read();
    let mut seen = 0;
    for source in sources.files.values() {
        for doc in &source.docs {
            let first = doc.split(' ').next().unwrap_or("");
            let is_number = first.starts_with(|c: char| c.is_ascii_digit()) && first.ends_with('.');
            assert!(!is_number, "{}: {doc:?} begins with a number", source.file);
        }
        for field in &source.fields {
            let (file, name, doc) = (&source.file, &field.name, field.doc.as_str());
            let of = |names: &[&str]| field.of.split(' ').any(|word| names.contains(&word));
            let says = |words: &[&str]| words.iter().any(|word| doc.contains(word));
            let has_no_unit = !of(&["Span", "Usd", "UsdPerWeek", "UsdPerHour", "Hours", "HoursPerWeek", "Money"]);
            assert!(!says(&["Share of"]) || has_no_unit, "{file}: {name} is {}: {doc}", field.of);
            assert!(!doc.starts_with("Share of") || !name.contains("hours"), "{file}: {name} is in hours: {doc}");
            let is_weekly = of(&["UsdPerWeek", "HoursPerWeek"]);
            assert!(!is_weekly || !says(&["and year", "per year", "a year"]), "{file}: {name} is {}: {doc}", field.of);
            assert!(!name.contains("ticks") || !says(&["Weeks", "weeks", "days"]), "{file}: {name} is ticks: {doc}");
            assert!(!name.contains("weeks") || !says(&["Ticks", "years"]), "{file}: {name} is weeks: {doc}");
            let is_share = of(&["Share"]);
            assert!(!is_share || !says(&["weeks", "dollars", "hours a week"]), "{file}: {name} is a share: {doc}");
            let is_rate = of(&["Rate"]);
            assert!(!is_rate || !says(&["as a share of", "hare of"]) || says(&["a week"]), "{file}: {name}: {doc}");
            seen += usize::from(!doc.is_empty());
        }
    }
    assert!(seen > 700, "only {seen} fields were seen");
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
