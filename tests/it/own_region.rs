//! A region of one's own, on the command line: a file to start from, a run with it, and what it is called there.

use crate::common::{handover, text};
use std::fs;
use std::path::Path;

fn said(folder: &Path, line: &str) -> Result<String, String> {
    let done = handover(folder, &line.split(' ').collect::<Vec<_>>());
    if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) }
}

#[test]
fn a_file_to_start_from_is_a_scenario_and_every_number_in_it_can_be_stated() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    said(at, "new nine --region IDN --like VNM").unwrap();
    said(at, "check nine.toml --no-forecast").unwrap();
    let file = fs::read_to_string(at.join("nine.toml")).unwrap();
    // with every number stated as it stands in the comments, it is still a scenario, and means the same
    let hash = |name: &str| {
        let told = said(at, &format!("check {name}.toml --no-forecast")).unwrap();
        told.lines().find(|line| line.contains("hash")).map(str::to_owned).unwrap_or(told)
    };
    let stated: Vec<String> = file
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(number)
                if number.contains(" = ")
                    && number.split(" = ").next().unwrap().contains('.')
                    && !number.contains("survey") =>
            {
                number.to_owned()
            }
            _ => line.to_owned(),
        })
        .filter(|line| !line.starts_with("demand.market_weights") && !line.starts_with("settlement.ownership"))
        .collect();
    let numbers =
        stated.iter().filter(|line| line.contains(" = ") && line.contains('.') && !line.starts_with('#')).count();
    assert!(numbers > 20, "{numbers} numbers in\n{file}");
    fs::write(at.join("stated.toml"), stated.join("\n").replace("\"nine\"", "\"stated\"")).unwrap();
    let last = |line: String| line.split_whitespace().last().unwrap().to_owned();
    assert_eq!(last(hash("nine")), last(hash("stated")));
    for (line, words) in [
        ("new ten --region IDN --like VMN", "did you mean \"VNM\""),
        ("new ten --region USA --like VNM", "has the region USA already"),
        ("new ten --region all --like VNM", "means something else"),
        ("new ten --region IDN", "--like"),
    ] {
        let refused = said(at, line).unwrap_err();
        assert!(refused.contains(words), "{line}: {refused}");
    }
    assert!(!at.join("ten.toml").exists());
}

#[test]
fn a_run_with_it_calls_it_by_its_name() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    said(at, "new nine --region IDN --like VNM").unwrap();
    let file = fs::read_to_string(at.join("nine.toml")).unwrap();
    fs::write(at.join("nine.toml"), file.replace("name = \"IDN\"", "name = \"Republic of the Isles\"")).unwrap();
    let coarse = "--set run.persons_per_agent=1000000 --set run.least_agents=0 --years 0.5 --quiet";
    said(at, &format!("run nine.toml --out one {coarse}")).unwrap();
    let read = |name: &str| fs::read_to_string(at.join("one").join(name)).unwrap();
    assert!(read("series.csv").contains(",IDN,employed,"));
    for name in ["report.html", "plots/employment.svg"] {
        assert!(read(name).contains("Republic of the Isles"), "{name}");
    }
    // a result is drawn again from what it says of itself
    said(at, "plot one --metric employed --region IDN --format svg --out drawn.svg").unwrap();
    assert!(fs::read_to_string(at.join("drawn.svg")).unwrap().contains("Republic of the Isles"));
    said(at, "verify one").unwrap();
    let difference = said(at, "diff baseline nine.toml").unwrap();
    assert!(difference.contains("there is Republic of the Isles (IDN) too, which is like Vietnam"), "{difference}");
    assert!(!difference.contains("labour.wage"), "{difference}");
}
