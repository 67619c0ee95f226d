//! What `check` says of coarse agents before anything runs.

use crate::common;
use handover::economy::Economy;
use handover::economy::founding::grain::{Cell, cells};
use handover::economy::world::sites::{Site, Staff};
use std::process::Command;

fn check(persons: u32) -> String {
    let setting = format!("run.persons_per_agent={persons} persons");
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    let arguments = ["check", "--no-forecast", "scenarios/baseline.toml", "--set", &setting];
    let output = command.current_dir(common::root()).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn check_says_how_few_agents_stand_where_and_what_rounding_does() {
    let line = |text: &str, word: &str| {
        let found = text.lines().find(|line| line.trim_start().starts_with(word)).map(str::to_owned);
        found.unwrap_or_else(|| panic!("{word} is not in\n{text}"))
    };
    let coarse = check(200_000);
    let scenario = common::scenario("baseline", &["run.persons_per_agent=200000 persons"]);
    let cells = cells(&scenario.parameters);
    let few = cells.iter().filter(|cell| cell.agents < 100).count();
    assert!(line(&coarse, "agents").contains(&format!("in {few} of 48 labour markets fewer than 100")), "{coarse}");
    let sum = |of: &dyn Fn(&Cell) -> f64| cells.iter().map(of).sum::<f64>();
    let persons = |cell: &Cell| scenario.parameters.weights.persons_of(cell.region, cell.occupation);
    let above = |people: f64| (people / sum(&|cell| cell.stated) - 1.0) * 100.0;
    let rounded = format!("as whole agents {:+.2} %", above(sum(&|cell| cell.agents as f64 * persons(cell))));
    let kept = format!("in whole positions {:+.2} %", above(sum(&|cell| cell.kept * persons(cell))));
    let start = line(&coarse, "start");
    assert!(start.contains(&rounded) && start.contains(&kept), "{rounded}, {kept}: {start}");
    // an agent for a thousand people is as good as whole people
    assert!(line(&check(1_000), "start").contains("as whole agents +0.00 %"));
}

#[test]
fn what_is_counted_beforehand_is_what_is_founded() {
    for (most, least) in [(20_000, 0), (200_000, 0), (200_000, 500)] {
        let settings = [format!("run.persons_per_agent={most} persons"), format!("run.least_agents={least}")];
        let parameters = common::scenario("baseline", &settings.each_ref().map(String::as_str)).parameters;
        let mut world = Economy::found(&parameters, |_, _| ()).world;
        for cell in cells(&parameters) {
            let slot = cell.occupation.slot();
            let persons = parameters.weights.persons_of(cell.region, cell.occupation);
            let crews: Vec<i64> = world
                .query::<(&Site, &Staff)>()
                .iter(&world)
                .filter(|(site, _)| (site.region, site.kind) == (cell.region, cell.occupation.site_type()))
                .map(|(_, staff)| staff.0[slot].heads)
                .filter(|&heads| heads > 0)
                .collect();
            assert_eq!((crews.iter().sum(), crews.len()), (cell.agents, cell.crews), "{cell:?}");
            // each crew is kept within one agent of its size, and a market within half an agent of what is stated
            assert!((cell.kept - cell.agents as f64).abs() <= crews.len() as f64, "{cell:?}");
            assert!((cell.agents as f64 * persons - cell.stated).abs() <= persons / 2.0, "{cell:?}");
        }
    }
}
