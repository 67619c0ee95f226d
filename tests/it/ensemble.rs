//! Ensembles: bands are those of the replicates, whatever the threads; one that fails is named and counted.

use crate::common;
use handover::economy::Economy;
use handover::economy::world::flows::{Ledger, PlantedLeak};
use handover::experiment::ensemble::{Attendance, Keeper, Precision, Unkept, each, gather, replicate_of};
use handover::experiment::run::{Results, Stopped, found, run};
use handover::experiment::watcher::Nobody;
use handover::ground::ledger::AccountId;
use handover::ground::statistics::{Moments, quantile};
use handover::observe::indicators::Metric;
use handover::output::ensemble::{Finished, Gathering};
use handover::output::only::Only;
use handover::scenario::Scenario;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

fn short() -> Scenario {
    common::scenario("baseline", &common::tiny(&["run.years=0.5"]))
}

type Simulate<'a> = &'a (dyn Fn(&Scenario) -> Result<Results, Stopped> + Sync);

/// An ensemble written to a folder.
fn ensemble(scenario: &Scenario, replicates: u32, simulate: Simulate, folder: &Path) -> Attendance {
    let mut gathering = Gathering::beside(folder, scenario, None, &Only::default()).unwrap();
    let attendance = each(
        0,
        replicates,
        |number| {
            simulate(&replicate_of(scenario, number)).map(|results| Finished::of(results, Vec::new(), &Only::default()))
        },
        |_, finished| {
            gathering.take(finished).unwrap();
            ControlFlow::Continue(())
        },
    );
    gathering.finish(attendance.unwrap()).unwrap().attendance
}

/// Counts ticks, until there is no room for more.
struct Ticks {
    seen: usize,
    room: usize,
}

impl Keeper for Ticks {
    type Kept = (u32, usize);
    type Error = usize;

    fn see(&mut self, _: &mut Economy) -> Result<(), usize> {
        self.seen += 1;
        if self.seen > self.room { Err(self.seen) } else { Ok(()) }
    }

    fn end(self, results: Results) -> Result<(u32, usize), usize> {
        Ok((results.scenario.parameters.run.replicate, self.seen))
    }
}

#[test]
fn what_cannot_be_kept_of_one_ends_all_and_enough_is_enough() {
    let scenario = short();
    let room = |of: fn(u32) -> usize| {
        move |scenario: &Scenario| (found(scenario), Ticks { seen: 0, room: of(scenario.parameters.run.replicate) })
    };
    let mut kept = Vec::new();
    let take = |one: (u32, usize)| {
        kept.push(one);
        Ok(kept.len() == 2)
    };
    let attendance = gather(&scenario, 9, &Nobody, room(|_| usize::MAX), take).unwrap();
    assert_eq!(attendance.done, [0, 1]);
    // 4 weeks of spin-up and half a year of 26
    assert_eq!(kept, [(0, 30), (1, 30)]);
    let full = gather(&scenario, 9, &Nobody, room(|number| if number == 1 { 3 } else { 99 }), |_| Ok(false));
    assert_eq!(full, Err(Unkept::Keeper(4)));
}

fn whole(scenario: &Scenario) -> Result<Results, Stopped> {
    run(scenario, |_| true)
}

/// The cells of one line of bands.csv.
fn line(text: &str, tick: &str, region: &str, metric: &str, item: &str) -> Vec<String> {
    let wanted = |cells: &Vec<&str>| (cells[3], cells[5], cells[6], cells[7]) == (tick, region, metric, item);
    let found = text.lines().map(|line| line.split(',').collect()).find(wanted).unwrap();
    found.into_iter().map(str::to_owned).collect()
}

#[test]
fn bands_are_the_quantiles_of_replicates_run_one_by_one() {
    let (place, scenario) = (tempfile::tempdir().unwrap(), short());
    let folder = place.path().join("result");
    ensemble(&scenario, 5, &whole, &folder);
    let text = fs::read_to_string(folder.join("bands.csv")).unwrap();
    let mut values: Vec<f64> = (0..5)
        .map(|number| {
            let results = common::results(&replicate_of(&scenario, number));
            let china = scenario.parameters.regions.iter().position(|name| name == "CHN").unwrap();
            results
                .series
                .history(Metric::UnemploymentRate, china, "courier")
                .unwrap()
                .iter()
                .find(|(tick, _)| *tick == 23)
                .unwrap()
                .1
        })
        .collect();
    values.sort_by(f64::total_cmp);
    assert!(values[0] < values[4], "replicates do not differ: {values:?}");
    let cells = line(&text, "23", "CHN", "unemployment_rate", "courier");
    assert_eq!(cells[1..3], ["5", "5"]);
    for (cell, share) in cells[10..15].iter().zip([0.05, 0.25, 0.5, 0.75, 0.95]) {
        assert_eq!(cell.parse::<f64>().unwrap(), quantile(&values, share), "{share}");
    }
    // every replicate's own tables are those of a run of its own
    let alone = common::results(&replicate_of(&scenario, 3));
    let tables = handover::output::run::tables::all(&alone).unwrap();
    let series = &tables.iter().find(|(name, _)| name == "series.parquet").unwrap().1;
    assert!(fs::read(folder.join("replicates/03/series.parquet")).unwrap() == *series);
}

#[test]
fn the_same_files_for_any_number_of_threads() {
    let (place, scenario) = (tempfile::tempdir().unwrap(), short());
    let manifest = |threads: usize| {
        let folder = place.path().join(threads.to_string());
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| ensemble(&scenario, 4, &whole, &folder));
        // it holds the hashes of all other files
        fs::read_to_string(folder.join("manifest.json")).unwrap()
    };
    let one = manifest(1);
    assert!(one.contains("replicates/03/series.parquet"));
    assert_eq!(one, manifest(3));
    assert_eq!(one, manifest(7));
}

/// Replicate 1 gets a micro-dollar from nowhere, replicate 2 panics: the other three stay, and every
/// file says "3 of 5".
#[test]
fn a_failed_replicate_is_named_and_every_file_says_how_many_are_left() {
    let (place, scenario) = (tempfile::tempdir().unwrap(), short());
    let folder = place.path().join("result");
    let faulty = |scenario: &Scenario| match scenario.parameters.run.replicate {
        1 => {
            let mut economy = handover::economy::Economy::found(&scenario.parameters, handover::observe::install);
            economy.step().map_err(Stopped::Breach)?;
            economy.world.resource_mut::<Ledger>().plant(PlantedLeak::Balance(AccountId(0), 7));
            economy.step().map_err(Stopped::Breach)?;
            panic!("the leak was not seen");
        }
        2 => panic!("a site without a roof"),
        _ => whole(scenario),
    };
    let attendance = ensemble(&scenario, 5, &faulty, &folder);
    assert_eq!(attendance.done, [0, 3, 4]);
    assert_eq!(attendance.words(), "3 of 5 replicates");
    let causes: Vec<&str> = attendance.failures.iter().map(|failure| failure.cause.as_str()).collect();
    assert!(causes[0].contains("money: change of an account") && causes[0].contains("off by 7"), "{causes:?}");
    assert!(causes[1].contains("a site without a roof"), "{causes:?}");
    let cells = line(&fs::read_to_string(folder.join("bands.csv")).unwrap(), "23", "USA", "employed", "all");
    assert_eq!(cells[1..3], ["3", "5"]);
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    assert!(manifest.contains("\"3 of 5 replicates\"") && manifest.contains("a site without a roof"));
    let picture = fs::read_to_string(folder.join("plots/bands_absorbed.svg")).unwrap();
    assert!(picture.contains("3 of 5 replicates"));
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(
        page.contains("3 of 5 replicates") && page.contains("Replicate 2 failed") && page.contains("without a roof")
    );
    let folders = fs::read_dir(folder.join("replicates")).unwrap().count();
    assert_eq!(folders, 3);
}

#[test]
fn a_precision_is_read_with_its_unit_and_wrong_ones_say_what_to_write() {
    let scenario = short();
    let read = |text: &str| Precision::read(text, &scenario);
    let goal = read("unemployment_rate[USA]=0.2 pp").unwrap();
    assert!((goal.half_width - 0.002).abs() < 1e-15);
    assert_eq!((goal.region.as_str(), goal.item.as_str()), ("USA", "all"));
    assert_eq!(read("absorbed[CHN, courier]=1000").unwrap().item, "courier");
    for (text, words) in [
        ("unemployment[USA]=0.2 pp", "unemployment_rate"),
        ("unemployment_rate=0.2 pp", "in brackets"),
        ("unemployment_rate[US]=0.2 pp", "USA"),
        ("unemployment_rate[USA]=0.2", "write \"0.2 pp\""),
        ("unemployment_rate[USA]=0 pp", "above zero"),
        ("unemployment_rate[USA]", "has no \"=\""),
        ("absorbed[CHN]=3 pp", "full-time equivalents"),
    ] {
        let problem = read(text).unwrap_err();
        assert!(problem.0.contains(words), "{text}: {problem}");
    }
    // eight equal values are known for sure; seven are too few to say so
    let mut seen = Moments::default();
    (0..7).for_each(|_| seen.add(0.05));
    assert!(!goal.is_met(&seen));
    seen.add(0.05);
    assert!(goal.is_met(&seen));
}

fn handover(place: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_handover")).current_dir(place).args(arguments).output();
    let done = done.unwrap();
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr))
}

#[test]
fn an_ensemble_is_made_again_drawn_again_and_has_panels_if_asked() {
    let place = tempfile::tempdir().unwrap();
    let file = common::root().join("scenarios/baseline.toml");
    let mut run = vec!["run", file.to_str().unwrap(), "--replicates=3", "--panel=200", "--out=result", "--quiet"];
    run.extend(common::world_of!(50000, 4));
    run.push("--years=0.5");
    assert_eq!(handover(place.path(), &run), (Some(0), String::new()));
    for number in ["00", "01", "02"] {
        let panel = fs::metadata(place.path().join(format!("result/replicates/{number}/panel.parquet")));
        assert!(panel.unwrap().len() > 1_000, "replicate {number}");
    }
    let (exit, said) = handover(place.path(), &["verify", "result", "--threads=1", "--quiet"]);
    assert_eq!((exit, said.as_str()), (Some(0), ""));

    let plots = place.path().join("result/plots");
    fs::remove_dir_all(&plots).unwrap();
    let (exit, said) = handover(place.path(), &["plot", "result"]);
    assert!(exit == Some(0) && said.contains("10 pictures drawn"), "{said}");
    let (exit, said) = handover(place.path(), &["verify", "result", "--files-only"]);
    assert_eq!(exit, Some(0), "{said}");

    // a lie about the random numbers of a replicate: the files are whole, but not what those numbers give
    let manifest = place.path().join("result/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let lie = text.replacen("\"state_hash\": \"", "\"state_hash\": \"0", 1);
    assert_ne!(text, lie);
    fs::write(&manifest, lie).unwrap();
    let (exit, said) = handover(place.path(), &["verify", "result", "--quiet"]);
    assert!(exit == Some(2) && said.contains("manifest.json: another run says something else of itself"), "{said}");

    // without --panel an ensemble follows nobody
    run.retain(|word| *word != "--panel=200");
    run.push("--force");
    assert_eq!(handover(place.path(), &run), (Some(0), String::new()));
    assert!(!place.path().join("result/replicates/00/panel.parquet").exists());
}
