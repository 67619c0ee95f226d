//! What `check` says of coarse agents before anything runs.

mod common;

use handover::economy::Economy;
use handover::economy::founding::grain::cells;
use handover::economy::people::Listed;
use handover::economy::sites::{Site, Staff};
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
fn what_is_counted_beforehand_is_what_is_founded() {
    for persons in [20_000.0, 200_000.0] {
        let parameters =
            common::scenario("baseline", &[&format!("run.persons_per_agent={persons} persons")]).parameters;
        let mut world = Economy::found(&parameters, |_, _| ()).world;
        for cell in cells(&parameters) {
            let slot = cell.occupation.slot();
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
