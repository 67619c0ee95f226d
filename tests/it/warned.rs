//! What commands say of a scenario before they run it: what never acts, and what is not plausible.

use crate::common::{handover, text};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A folder with reforms that extend the shipped baseline.
fn folder(reforms: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, body) in reforms {
        let head = format!("[scenario]\nname = {name:?}\ntitle = \"A title\"\nextends = \"baseline.toml\"\n");
        fs::write(folder.path().join(format!("{name}.toml")), head + body).unwrap();
    }
    folder
}

/// The lines of stderr that warn.
fn warned(folder: &Path, line: &str, settings: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = line.split(' ').chain(settings.iter().copied()).collect();
    let done = handover(folder, &arguments);
    let said = text(&done.stderr);
    assert!(done.status.success(), "{line}: {said}");
    said.lines().filter(|line| line.starts_with("warning: ")).map(str::to_owned).collect()
}

const LATE: &str = "[[policy]]\nfrom = \"2027-02\"\nrobot_tax = \"1 %\"\n\
    [[policy]]\nfrom = \"2029-01\"\nroyalty_rate = \"10 %\"\nroyalty_basis = \"equal\"\n\
    [[event]]\nkind = \"strike\"\nfrom = \"2030-01\"\nuntil = \"2031-01\"\nmost_skilled = \"30 %\"\n";

/// A law of 2029 in a run that ends in 2027: both commands name it, its scenario and its place, and nothing else.
#[test]
fn a_law_that_never_acts_is_named_with_its_scenario_and_its_place() {
    let place = folder(&[("late", LATE)]);
    let settings = ["--set=run.persons_per_agent=1000000 persons", "--set=run.least_agents=0"];
    for line in [
        "compare baseline late.toml --years 0.5 --replicates 1 --no-plots --quiet",
        "run late.toml --years 0.5 --quiet --no-plots",
    ] {
        let said = warned(place.path(), line, &settings);
        let [policy, event] = said.as_slice() else { panic!("{line}: {said:?}") };
        let begins = "warning: late.toml:9:8: late: policy.1 (royalty_basis, royalty_rate) begins on 2029-01-01";
        assert!(policy.starts_with(begins) && policy.ends_with(": it never acts"), "{line}: {policy}");
        assert!(event.starts_with("warning: late.toml:14:8: late: event.0 (strike) begins on 2030-01-01"), "{event}");
    }
}
