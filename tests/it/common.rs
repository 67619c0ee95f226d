//! What the integration tests share: scenarios at a coarse scale.

use handover::experiment::run::{Results, run};
use handover::scenario::{Scenario, load};
use std::path::{Path, PathBuf};

/// The folder of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Are committed texts written anew instead of compared?
#[allow(clippy::disallowed_methods)] // the switch of the tests
pub fn is_refresh() -> bool {
    std::env::var_os("HANDOVER_REFRESH").is_some()
}

/// Compares a committed text with what it should be, or writes it.
#[cfg(feature = "cli")]
pub fn held(path: &Path, now: &str) {
    if is_refresh() {
        return std::fs::write(path, now).unwrap();
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    let differs = there.lines().zip(now.lines()).find(|(old, new)| old != new);
    let shown = path.strip_prefix(root()).unwrap_or(path).display();
    assert!(
        there == now,
        "{shown} is not what the program says: {differs:?}; see the words at the top of the test's file"
    );
}

/// A shipped scenario with settings on top.
pub fn scenario(name: &str, settings: &[&str]) -> Scenario {
    let path = root().join("scenarios").join(format!("{name}.toml"));
    let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
    load(&path, &settings, &|path: &Path| std::fs::read_to_string(path)).unwrap_or_else(|problem| panic!("{problem}"))
}

/// A scenario written on the spot, which extends the first economy: fewer rules, so that what a test turns shows.
pub fn variant(body: &str, settings: &[&str]) -> Scenario {
    variant_of("first-economy", body, settings)
}

/// A scenario written on the spot, which extends a shipped one.
pub fn variant_of(name: &str, body: &str, settings: &[&str]) -> Scenario {
    try_variant(name, body, settings).unwrap_or_else(|problem| panic!("{problem}"))
}

/// What is said of a scenario written on the spot that must not run.
pub fn refused(body: &str) -> String {
    match try_variant("first-economy", body, &[]) {
        Ok(_) => panic!("this runs: {body}"),
        Err(problem) => problem,
    }
}

fn try_variant(base: &str, body: &str, settings: &[&str]) -> Result<Scenario, String> {
    let text = format!("[scenario]\nname = \"variant\"\nextends = \"{base}.toml\"\n{body}");
    let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
    let reader = |path: &Path| {
        if path.ends_with("variant.toml") { Ok(text.clone()) } else { std::fs::read_to_string(path) }
    };
    load(&root().join("scenarios/variant.toml"), &settings, &reader).map_err(|problem| problem.to_string())
}

/// What the program prints and how it ends, started in a folder.
#[cfg(feature = "cli")]
pub fn handover(folder: &Path, arguments: &[&str]) -> std::process::Output {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_handover"));
    program.current_dir(folder).args(arguments).output().unwrap()
}

/// What was printed, as text.
#[cfg(feature = "cli")]
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Rows of a table written as text, a line a row, with a bar between cells: what is typed and what is said, without
/// escapes.
pub fn rows<const N: usize>(table: &str) -> Vec<[&str; N]> {
    let rows = table.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        cells.try_into().unwrap_or_else(|_| panic!("a row has {N} cells, not as in {line:?}"))
    });
    let rows: Vec<_> = rows.collect();
    assert!(!rows.is_empty(), "a table has rows");
    rows
}

/// A royalty of 15 % that begins early, for short runs: a policy after the end of a run is refused.
#[cfg(feature = "cli")]
pub fn early_royalty(settings: &[&str]) -> Scenario {
    early_royalty_of("baseline", settings)
}

/// The same beside a shipped scenario.
#[cfg(feature = "cli")]
pub fn early_royalty_of(name: &str, settings: &[&str]) -> Scenario {
    variant_of(name, "[[policy]]\nfrom = \"2027-01-15\"\nroyalty_rate = \"15 %\"\n", settings)
}

/// Coarse and short: a tenth of the default population's agents and half a year of spin-up.
pub const COARSE: [&str; 4] =
    ["run.persons_per_agent=10000 persons", "run.least_agents=0", "run.spin_up=26 weeks", "run.record_every=4 weeks"];

/// The same with more settings on top.
pub fn coarse<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&COARSE[..], more].concat()
}

/// Coarser and shorter still: for tests of what is done with results.
#[cfg(feature = "cli")]
pub fn tiny<'a>(more: &[&'a str]) -> Vec<&'a str> {
    coarse(&[&["run.persons_per_agent=50000 persons", "run.spin_up=4 weeks"], more].concat())
}

/// What a command takes for a world of so many people an agent that settles for so many weeks.
#[cfg(feature = "cli")]
macro_rules! world_of {
    ($persons:literal, $weeks:literal) => {
        [
            concat!("--set=run.persons_per_agent=", $persons, " persons"),
            "--set=run.least_agents=0",
            concat!("--set=run.spin_up=", $weeks, " weeks"),
        ]
    };
}
#[cfg(feature = "cli")]
pub(crate) use world_of;

/// What was found, if it is more than so much: a test that looks at every one proves nothing where there are few.
pub fn many<T>(found: Vec<T>, least: usize, noun: &str) -> Vec<T> {
    assert!(found.len() > least, "only {} {noun} were seen", found.len());
    found
}

/// Runs to the end; an identity that breaks fails the test.
pub fn results(scenario: &Scenario) -> Results {
    run(scenario, |_| true).unwrap_or_else(|stopped| panic!("{stopped:?}"))
}

/// Names of all shipped scenarios, sorted.
pub fn shipped() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root().join("scenarios"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}
