//! The floors and the calendar are what the documents say.

mod sources;

use crate::common;
use handover::economy::calendar;
use handover::economy::world::flows::Flow;
use sources::{Module, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const FLOORS: [&str; 7] = ["ground", "economy", "observe", "scenario", "experiment", "output", "cli"];

/// Folders of the economy that hold no rules: what there is, and what rules share.
const NO_RULES: [&str; 2] = ["world", "shared"];

/// The nouns and the rules in the order of the loop; a rule may use those before it.
const LOOP: [&str; 37] = [
    "flows",
    "streams",
    "fault",
    "lists",
    "forms",
    "growth",
    "path",
    "numbers",
    "blocks",
    "regions",
    "people",
    "markets",
    "scars",
    "jobs",
    "sites",
    "crews",
    "labs",
    "makers",
    "robots",
    "policy",
    "weights",
    "demography",
    "programme",
    "consent",
    "capture",
    "learning",
    "licences",
    "demand",
    "dispatch",
    "adoption",
    "worth",
    "staffing",
    "matching",
    "wages",
    "settlement",
    "recording",
    "parameters",
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
    let of = |name: &String| LOOP.iter().position(|known| known == name);
    let place = |module: &Module| match module.as_slice() {
        [floor, folder, file, ..] if floor == "economy" && NO_RULES.contains(&folder.as_str()) => of(file),
        [floor, rule, ..] if floor == "economy" => of(rule),
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

/// What the folder of the economy lists is the loop: the rules of the calendar, each by its name there, and beside
/// them only what makes a world of them.
#[test]
fn the_folder_of_the_economy_lists_the_rules() {
    let beside = ["calendar", "founding", "mod", "parameters"];
    let folder = fs::read_dir(common::root().join("src/economy")).unwrap();
    let names = folder.map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned());
    let listed: BTreeSet<String> =
        names.filter(|name| !beside.contains(&name.as_str()) && !NO_RULES.contains(&name.as_str())).collect();
    let entries = calendar::entries(&mut calendar::schedule(None));
    let rules = entries.iter().filter_map(|entry| entry.file.strip_prefix("economy/"));
    let rules = rules.map(|file| file.split('/').next().unwrap().to_owned());
    let rules: BTreeSet<String> = rules.filter(|name| name != "calendar").collect();
    assert!(rules.len() > 12, "{rules:?}");
    assert_eq!(listed, rules);
    let unplaced: Vec<_> = rules.iter().filter(|rule| !LOOP.contains(&rule.as_str())).collect();
    assert!(unplaced.is_empty(), "which rules may they use? say it by their place in LOOP: {unplaced:?}");
}

/// What of these reaches itself by way of others.
fn circles(uses: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<Vec<String>> {
    let reach = |from: &String| -> BTreeSet<String> {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(one) = open.pop() {
            let next = uses.get(&one).into_iter().flatten();
            open.extend(next.filter(|other| seen.insert((*other).clone())).cloned());
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = uses.keys().map(|one| (one, reach(one))).collect();
    let is_mutual = |one: &String, other: &String| reached.get(other).is_some_and(|back| back.contains(one));
    let round =
        |one: &String| -> Vec<String> { reached[one].iter().filter(|other| is_mutual(one, other)).cloned().collect() };
    uses.keys().map(round).filter(|circle| !circle.is_empty()).collect()
}

/// Files that use each other, if only by way of others, are one idea in two places. A folder's `mod.rs` and its parts
/// are one idea and may.
#[test]
fn files_of_a_floor_go_in_no_circles() {
    let sources = read();
    let is_whole = |a: &Module, b: &Module| a.starts_with(b) || b.starts_with(a);
    let mut uses = BTreeMap::new();
    for module in sources.files.keys().filter(|module| level(module).is_some()) {
        let others = sources.uses(module).into_iter();
        let others = others.filter(|other| level(other) == level(module) && !is_whole(other, module));
        let name = |module: &Module| sources.files[module].file.clone();
        uses.insert(name(module), others.map(|other| name(&other)).collect());
    }
    assert!(uses.len() > 200, "only {} files were seen", uses.len());
    assert_eq!(circles(&uses), BTreeSet::new());
}

/// Each kind of result has its folder, and what they share lies below them.
#[test]
fn folders_of_results_go_in_no_circles() {
    let sources = read();
    let folder = |module: &Module| match module.as_slice() {
        [floor, folder, ..] if floor == "output" => Some(folder.clone()),
        _ => None,
    };
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for module in sources.files.keys() {
        let Some(mine) = folder(module) else { continue };
        let others = sources.uses(module);
        let others = others.iter().filter_map(folder).filter(|other| *other != mine);
        uses.entry(mine.clone()).or_default().extend(others);
    }
    assert!(uses.len() > 9 && uses["compare"].contains("kit"), "{uses:#?}");
    assert_eq!(circles(&uses), BTreeSet::new());
}

#[test]
fn what_goes_round_is_found() {
    let uses = |pairs: &[(&str, &str)]| {
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (one, other) in pairs {
            uses.entry((*one).to_owned()).or_default().insert((*other).to_owned());
        }
        uses
    };
    assert!(circles(&uses(&[("a", "b"), ("b", "c"), ("a", "c")])).is_empty());
    let found = circles(&uses(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]));
    assert_eq!(found, BTreeSet::from([vec!["b".to_owned(), "c".to_owned()]]));
}

#[test]
fn the_lower_floors_touch_no_files_clock_threads_or_terminal() {
    let sources = read();
    for (module, source) in &sources.files {
        if level(module).is_none_or(|level| level > 3) {
            continue;
        }
        let is_splitter = source.file == "economy/shared/blocks.rs";
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
    assert_eq!(places("csv::"), ["output/kit/csv.rs"]);
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

#[test]
fn the_documents_print_the_calendar_that_runs() {
    let mut schedule = calendar::schedule(None);
    handover::observe::watch(&mut schedule);
    assert!(calendar::entries(&mut schedule).len() > 20);
    let words = calendar::in_words(&mut schedule, false);
    for document in ["docs/model.md", "docs/architecture.md"] {
        let text = fs::read_to_string(common::root().join(document)).unwrap();
        let printed = text.split("<!-- calendar -->\n```text\n").nth(1).and_then(|rest| rest.split("```").next());
        assert_eq!(printed, Some(words.as_str()), "{document}: let it print what `handover calendar` prints");
    }
}

/// Files that a document names in backquotes, wherever it does; what building makes is below a `target` and not here.
#[test]
fn every_file_that_the_documents_for_developers_name_is_there() {
    for (document, least) in [("docs/architecture.md", 25), ("CONTRIBUTING.md", 20)] {
        let text = fs::read_to_string(common::root().join(document)).unwrap();
        let quoted = text.split('`').skip(1).step_by(2);
        let is_file = |word: &&str| word.contains('/') && !word.contains([' ', '\n']) && !word.contains("toml:");
        let is_built = |word: &&str| word.split('/').any(|part| part == "target");
        let named: BTreeSet<&str> = quoted.filter(is_file).filter(|word| !is_built(word)).collect();
        assert!(named.len() > least, "only {} files were seen in {document}", named.len());
        let missing: Vec<_> = named.iter().filter(|name| !common::root().join(name).exists()).collect();
        assert!(missing.is_empty(), "{document} names what is not there: {missing:?}");
    }
}

/// "`levers!` in `src/economy/policy/law.rs`": the list of that name is written in that file.
#[test]
fn every_list_that_contributing_names_is_in_its_file() {
    let text = fs::read_to_string(common::root().join("CONTRIBUTING.md")).unwrap();
    let parts: Vec<&str> = text.split('`').collect();
    let mut seen = 0;
    for place in (1..parts.len() - 2).step_by(2) {
        let (list, file) = (parts[place], parts[place + 2]);
        if parts[place + 1].trim() != "in" || !file.contains('/') {
            continue;
        }
        let source = fs::read_to_string(common::root().join(file)).unwrap_or_else(|_| panic!("there is no {file}"));
        let begins = match list.strip_suffix('!') {
            Some(_) => format!("\n{list} {{"),
            None if list.starts_with('[') => format!("\n{list}\n"),
            None => format!("const {list}:"),
        };
        assert!(source.contains(&begins), "CONTRIBUTING.md: there is no {list} in {file}");
        seen += 1;
    }
    assert!(seen >= 8, "only {seen} lists were seen");
}

/// The table of flows in docs/model.md has a row for each line of `flows!`, in its order, with its payer and payee.
#[test]
fn the_model_says_of_every_payment_who_pays_whom() {
    let text = fs::read_to_string(common::root().join("docs/model.md")).unwrap();
    let table = text.split("| flow | payer -> payee |").nth(1).unwrap().split("\n\n").next().unwrap();
    let rows = table.lines().skip(2).map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let said: Vec<String> = rows.map(|cells| format!("{} | {}", cells[1], cells[2])).collect();
    let ends = |flow: &Flow| format!("{} | {} -> {}", flow.name(), flow.payer().name(), flow.payee().name());
    let known: Vec<String> = Flow::ALL.iter().map(ends).collect();
    assert_eq!(said, known, "docs/model.md: the table of flows has a row for each line of `flows!`, in that order");
}

/// The stations of docs/architecture.md are systems of the calendar, in its order and in the files it says.
#[test]
fn the_way_of_an_hour_is_in_the_code() {
    let text = fs::read_to_string(common::root().join("docs/architecture.md")).unwrap();
    let way = text.split("## The way of an hour").nth(1).unwrap().split("\n## ").next().unwrap();
    let stations: Vec<(String, String)> = way
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains("`src/"))
        .map(|line| {
            let quoted: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
            let file = quoted[0].strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
            (file.strip_suffix("/mod").unwrap_or(file).to_owned(), quoted[1].to_owned())
        })
        .collect();
    assert!(stations.len() > 10, "{stations:?}");
    let mut schedule = calendar::schedule(None);
    handover::observe::watch(&mut schedule);
    let week = calendar::entries(&mut schedule);
    let place = |(file, system): &(String, String)| {
        let found = week.iter().position(|entry| entry.file == *file && entry.system == *system);
        found.unwrap_or_else(|| panic!("the calendar has no {system} in {file}"))
    };
    let places: Vec<usize> = stations.iter().map(place).collect();
    assert!(places.is_sorted(), "not in the order of the week: {stations:?}");
}
