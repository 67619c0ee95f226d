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

/// Nobody is told of what the program sets itself, or of what stands in a shipped file; of what they set, they are.
#[test]
fn only_what_a_user_wrote_is_called_implausible() {
    let place = folder(&[("mine", "[learning]\nalpha = 0.9\n")]);
    let implausible = |line: &str, settings: &[&str]| {
        let mut said = warned(place.path(), line, settings);
        said.retain(|line| line.contains("outside what its card calls plausible"));
        said
    };
    let quick = "compare baseline hubs-automate --quick --years 0.1 --replicates 1 --quiet";
    assert_eq!(implausible(quick, &[]), [""; 0]);
    let said = implausible(&quick.replace("hubs-automate", "mine.toml"), &["--set=sites.most=11"]);
    let [own, set] = said.as_slice() else { panic!("{said:?}") };
    assert!(set.starts_with("warning: mine.toml:6:9: learning.alpha: this lies outside"), "{set}");
    assert!(own.starts_with("warning: --set:1:14: sites.most: this lies outside"), "{own}");
    // a copy as it was shipped is the shipped file, and one that was changed is a file of its user
    let shipped = include_str!("../../scenarios/hubs-automate.toml");
    for (copy, is_told) in [(shipped.to_owned(), false), (format!("{shipped}\n# mine\n"), true)] {
        fs::write(place.path().join("hubs-automate.toml"), &copy).unwrap();
        let done = handover(place.path(), &["check", "hubs-automate.toml", "--no-forecast"]);
        assert!(done.status.success());
        let said = text(&done.stderr);
        assert_eq!(said.contains("outside what its card calls plausible"), is_told, "{said}");
    }
}
