//! The same people in two worlds: nothing differs before a reform acts, and nothing at all without one.

use crate::common;
use chrono::NaiveDate;
use handover::economy::world::flows::{Flow, Sector};
use handover::economy::world::people::{Cohort, Skill};
use handover::economy::world::sites::{Site, Staff};
use handover::economy::{Economy, Parameters};
use handover::experiment::checkpoint::state_hash;
use handover::experiment::compare::effects::Effects;
use handover::experiment::compare::run::compare;
use handover::experiment::compare::{Acts, Worlds, acts, check, live_together, touched};
use handover::experiment::ensemble::{Attendance, Failure, replicate_of};
use handover::experiment::follow::{Wanted, follow};
use handover::experiment::run::Results;
use handover::experiment::watcher::Nobody;
use handover::ground::random::{Key, Rows};
use handover::observe::install;
use handover::output::compare::{Comparison, Reform, render};
use handover::output::only::Only;
use handover::scenario::Scenario;
use std::collections::BTreeSet;

/// Fifty thousand people to an agent: seven thousand agents.
fn settings(years: &str) -> Vec<String> {
    let settings = [
        "run.persons_per_agent=50000 persons",
        "run.least_agents=0",
        "run.spin_up=8 weeks",
        "run.record_every=4 weeks",
    ];
    settings.iter().map(|&setting| setting.to_owned()).chain([format!("run.years={years}")]).collect()
}

fn tiny(name: &str, years: &str) -> Scenario {
    let settings = settings(years);
    common::scenario(name, &settings.iter().map(String::as_str).collect::<Vec<_>>())
}

fn tiny_variant(body: &str, years: &str) -> Scenario {
    let settings = settings(years);
    common::variant_of("baseline", body, &settings.iter().map(String::as_str).collect::<Vec<_>>())
}

fn together(base: &Scenario, reforms: &[Scenario]) -> Worlds {
    live_together(base, reforms, || true).unwrap_or_else(|stopped| panic!("{stopped:?}"))
}

fn effects(base: &Scenario, reform: &Scenario, replicates: u32) -> Effects {
    let mut effects = Effects::default();
    for number in 0..replicates {
        let worlds = together(&replicate_of(base, number), &[replicate_of(reform, number)]);
        effects.add(&worlds.base, &worlds.reforms[0]);
    }
    effects
}

#[test]
fn a_scenario_against_itself_differs_nowhere() {
    let base = tiny("baseline", "2.5");
    assert_eq!(acts(&base, &base), Acts::Never);
    assert!(touched(&base, &base).is_empty());
    let effects = effects(&base, &base, 2);
    let zero = |pair: &handover::experiment::compare::effects::Paired| {
        pair.difference.mean == 0.0 && pair.difference.variance().is_none_or(|variance| variance == 0.0)
    };
    let cells: Vec<_> = effects.grid.records.values().flatten().collect();
    assert!(cells.len() > 50_000 && cells.iter().all(|pair| zero(pair)));
    assert!(effects.headlines.iter().all(|(_, pair)| zero(pair)));
    assert!(effects.money.values().chain(effects.receipt.values()).all(zero));
    for (group, life) in &effects.lives {
        let [winners, losers, saved, lost, _] = life.shares.map(|share| share.mean);
        assert!(zero(&life.income) && winners + losers + saved + lost == 0.0, "{group:?}");
    }
    assert!(effects.divergence.values().all(|share| share.mean == 0.0));
    // and yet the replicates themselves differ
    assert!(effects.headline("income_all").unwrap().base.variance().unwrap() > 0.0);
}

/// Hashes the whole state of both worlds every four weeks until the reform acts, and demands that they are
/// equal; and that they differ at the end, so that the equality is not for want of a reform.
#[test]
fn before_a_shipped_reform_can_act_every_bit_is_the_same() {
    let (mut dated, mut acted) = (0, 0);
    for name in common::shipped() {
        let (base, reform) = (tiny("baseline", "15"), tiny(&name, "15"));
        let Acts::From(date) = acts(&base, &reform) else { continue };
        if date < NaiveDate::from_ymd_opt(2027, 2, 1).unwrap() {
            // from the first week: there is nothing of the run before it
            continue;
        }
        let end = date + chrono::Days::new(7 * 26);
        let mut worlds = [base, reform].map(|scenario| Economy::found(&scenario.parameters, install));
        let mut compared = 0;
        while worlds[0].date() < end {
            let can_act = worlds[0].tick() >= 0 && worlds[0].date() >= date;
            worlds.iter_mut().for_each(|world| world.step().unwrap());
            // the last tick before it acts is compared, whatever its number
            let is_last = worlds[0].date() >= date;
            if !can_act && (worlds[0].tick().rem_euclid(13) == 0 || is_last) {
                let hashes = worlds.each_mut().map(state_hash);
                assert_eq!(hashes[0], hashes[1], "{name} differs before {date}, at {}", worlds[0].date());
                compared += 1;
            }
        }
        assert!(compared > 4, "{name}: {compared} comparisons");
        let hashes = worlds.each_mut().map(state_hash);
        acted += usize::from(hashes[0] != hashes[1]);
        dated += 1;
    }
    // the comparison sees reforms act: all but those that touch nobody within half a year in a world this
    // small, such as California's ban of what nobody does there
    assert!(dated >= 20 && acted * 10 >= dated * 8, "{acted} of {dated} reforms with a date act");
}

/// A base, and reforms that act never, from the second year on, in the first week, before the run, and from the founding
/// on.
fn early_and_late() -> (Scenario, [Scenario; 5]) {
    let base = tiny("baseline", "1.5");
    let royalty =
        |from: &str| tiny_variant(&format!("[[policy]]\nfrom = \"{from}\"\nroyalty_rate = \"15 %\"\n"), "1.5");
    let reforms = [
        base.clone(),
        royalty("2028-01-10"),
        royalty("2027-01-01"),
        royalty("2025-01-01"),
        tiny_variant("[learning]\nalpha = 0.4\n", "1.5"),
    ];
    (base, reforms)
}

/// The two lives of a reform's person are told in worlds that are simulated together as long as they are the same. Each
/// is the life that is told of its world alone.
#[test]
fn lives_told_together_are_those_told_alone() {
    let (base, reforms) = early_and_late();
    let compared = compare(base.clone(), reforms.to_vec(), Vec::new(), 1, &Nobody).unwrap();
    let alone = |scenario: &Scenario, worker: &str| {
        let wanted = Wanted::parse(worker, &scenario.parameters).unwrap();
        format!("{:?}", follow(scenario, wanted, |_| true).unwrap())
    };
    let mut people = BTreeSet::new();
    for (Reform { lives, .. }, reform) in compared.reforms.iter().zip(&reforms) {
        // a reform that never acts names no region, and so nobody
        assert_eq!(lives.is_none(), acts(&base, reform) == Acts::Never);
        let Some((before, after)) = lives else { continue };
        assert_eq!(format!("{before:?}"), alone(&base, &before.worker));
        assert_eq!(format!("{after:?}"), alone(reform, &before.worker));
        people.insert(before.worker.clone());
    }
    assert!(people.len() > 1, "one person in all reforms: {people:?}");
}

/// A reform's world is the base's until the reform acts: never, from the second year on, in the first week, before the
/// run, and from the founding on. Each is what a run of its own is, to the bit.
#[test]
fn a_world_of_a_comparison_is_a_run_of_its_own() {
    let (base, reforms) = early_and_late();
    let worlds = together(&base, &reforms);
    let same = |world: &Results, scenario: &Scenario| {
        let own = common::results(scenario);
        assert_eq!(world.state_hash, own.state_hash, "{}", scenario.about.name);
        assert!(world.series.rows == own.series.rows && world.flows.rows == own.flows.rows);
        assert_eq!((world.ticks, world.money_moved), (own.ticks, own.money_moved));
    };
    same(&worlds.base, &base);
    worlds.reforms.iter().zip(&reforms).for_each(|(world, reform)| same(&world.results, reform));
    let hashes: Vec<&str> = worlds.reforms.iter().map(|world| world.results.state_hash.as_str()).collect();
    assert_eq!(hashes[0], worlds.base.state_hash);
    assert!(hashes[1] != hashes[0] && hashes[2] != hashes[1] && hashes[4] != hashes[2]);
}

#[test]
fn rows_before_the_reform_are_equal_and_later_ones_are_not() {
    let (base, reform) = (tiny("baseline", "2.6"), tiny("royalty-15", "2.6"));
    let effects = effects(&base, &reform, 1);
    let start = base.parameters.run.start.0;
    let Acts::From(date) = acts(&base, &reform) else { panic!("no date") };
    let mut differing = BTreeSet::new();
    for (tick, record) in &effects.grid.records {
        if record.iter().any(|pair| pair.difference.mean != 0.0) {
            differing.insert(start + chrono::Days::new(7 * tick.unsigned_abs() as u64));
        }
    }
    // the record that holds the first week of the reform is the first that may differ
    assert!(differing.first().is_some_and(|first| *first >= date && *first < date + chrono::Days::new(60)));
    assert_eq!(touched(&base, &reform), ["BGD", "CHN", "IND", "MEX", "VNM"].map(str::to_owned).into());
}

/// Lifetime incomes, worker by worker, add up to what the ledger says was paid to workers less their tax.
#[test]
fn lives_add_up_to_the_ledger_to_the_micro_dollar() {
    let (base, reform) = (tiny("baseline", "2.5"), tiny("royalty-15", "2.5"));
    let worlds = together(&base, std::slice::from_ref(&reform));
    let persons = 50_000;
    let paid = |results: &handover::experiment::run::Results| -> i128 {
        let rows = results.flows.rows.iter();
        let sign = |flow: Flow| i128::from(flow.payee() == Sector::Workers) - i128::from(flow == Flow::IncomeTax);
        rows.map(|row| sign(row.1) * row.4).sum()
    };
    let lives = &worlds.reforms[0].lives;
    // records end with the last whole interval of four weeks: 2.5 years are 130 weeks, 128 of them recorded
    let all = lives[&("all", "all".to_owned())];
    let recorded = worlds.base.flows.rows.last().unwrap().0 + 1;
    assert_eq!(recorded, 128);
    let short = tiny("baseline", "2.461538461538461");
    let short_reform = tiny("royalty-15", "2.461538461538461");
    let worlds = together(&short, &[short_reform]);
    let short = worlds.reforms[0].lives[&("all", "all".to_owned())];
    assert_eq!(short.base * persons, paid(&worlds.base));
    assert_eq!(short.reform * persons, paid(&worlds.reforms[0].results));
    assert!(short.base < all.base && short.base != short.reform);
    for by in ["region", "occupation", "decile", "skill quartile", "fate"] {
        let parts = worlds.reforms[0].lives.iter().filter(|((dimension, _), _)| *dimension == by);
        let (lots, sum) = parts.fold((0, 0), |sum, (_, part)| (sum.0 + part.lots, sum.1 + part.reform));
        assert_eq!((lots, sum), (short.lots, short.reform), "{by}");
    }
}

/// Keys of a block of workers, and their skills.
type Skills = Vec<(Rows, Vec<u16>)>;

/// Keys of sites, and heads of their crews.
type Crews = Vec<(Key, Vec<i64>)>;

/// The workers and sites of the regions given.
fn draws(scenario: &Scenario, regions: &[String]) -> (Skills, Crews) {
    let mut economy = Economy::found(&scenario.parameters, install);
    let names = &scenario.parameters.regions;
    let world = &mut economy.world;
    let is_mine = |region: usize| regions.contains(&names[region]);
    let mut cohorts = world.query::<(&Cohort, &Skill)>();
    let workers = cohorts.iter(world).filter(|(cohort, _)| is_mine(cohort.region));
    let workers = workers.map(|(cohort, skill)| (cohort.keys, skill.0.clone())).collect();
    let mut plants = world.query::<(&Site, &Staff)>();
    let sites = plants.iter(world).filter(|(site, _)| is_mine(site.region));
    let sites = sites.map(|(site, staff)| (site.key, staff.0.iter().map(|crew| crew.heads).collect())).collect();
    (workers, sites)
}

/// The baseline with one more region in which nobody lives and from which nobody buys: every table of
/// regions gets an entry for it, a copy of Japan's.
fn with_an_unused_region(years: &str) -> Scenario {
    fn entries(path: &str, value: &toml::Value, found: &mut String) {
        let toml::Value::Table(table) = value else { return };
        if table.contains_key("JPN") && table.contains_key("IND") {
            let nobody = ["labour.manufacturing", "labour.pickers", "labour.couriers"].contains(&path);
            let weight = ["demand.market_weights", "settlement.ownership"].contains(&path);
            let copy = if nobody { "1 persons".into() } else { table["JPN"].clone() };
            if !weight {
                found.push_str(&format!("[{path}]\nZZZ = {copy}\n"));
            }
            return;
        }
        for (key, inner) in table {
            // a card's value stands for the card
            let below = match (path, key.as_str()) {
                ("", key) => key.to_owned(),
                (path, "value") => path.to_owned(),
                (path, key) => format!("{path}.{key}"),
            };
            entries(&below, inner, found);
        }
    }
    let text = std::fs::read_to_string(common::root().join("scenarios/baseline.toml")).unwrap();
    let whole: toml::Table = text.parse().unwrap();
    let mut body = String::new();
    for (key, value) in whole.iter().filter(|(key, _)| *key != "scenario" && *key != "currency") {
        entries(key, value, &mut body);
    }
    let base = tiny("baseline", years);
    let mut regions = base.parameters.regions.clone();
    regions.push("ZZZ".into());
    body.push_str(&format!("[world]\nregions = {regions:?}\n"));
    let (lab, about) = base.parameters.capture.labs.iter().next().unwrap();
    let mut licenses = about.licenses.clone();
    licenses.push("ZZZ".into());
    body.push_str(&format!("[capture.labs.{lab:?}]\nlicenses = {licenses:?}\n"));
    tiny_variant(&body, years)
}

#[test]
fn an_unused_region_changes_nobodys_draws() {
    let base = tiny("baseline", "0.25");
    let regions = base.parameters.regions.clone();
    let ours = draws(&base, &regions);
    assert!(ours.0.len() > 40 && ours.1.len() > 40);
    assert!(draws(&with_an_unused_region("0.25"), &regions) == ours);
}

/// A firm with many depots in China: nobody's key or skill changes anywhere, and no site outside of China.
#[test]
fn an_unrelated_firm_changes_nobodys_draws() {
    let (base, firm) = (tiny("baseline", "0.25"), tiny("jd-700k", "0.25"));
    let regions = base.parameters.regions.clone();
    assert!(draws(&firm, &regions).0 == draws(&base, &regions).0, "a firm changes somebody's skill");
    let abroad: Vec<String> = regions.iter().filter(|name| *name != "CHN").cloned().collect();
    assert!(draws(&firm, &abroad) == draws(&base, &abroad), "a firm in China changes sites elsewhere");
}

#[test]
fn an_extra_output_changes_nothing() {
    let hash = |every: &str| {
        let scenario = tiny_variant(&format!("[run]\nrecord_every = \"{every}\"\n"), "0.5");
        assert_eq!(scenario.parameters.run.record_every.0, 4.0, "the settings come last");
        let mut sections = scenario.parameters.sections().clone();
        sections.run.record_every = handover::ground::units::Span(if every == "1 week" { 1.0 } else { 4.0 });
        let mut scenario = scenario;
        scenario.parameters = Parameters::new(sections).ok().unwrap();
        (common::results(&scenario).state_hash, common::results(&scenario).series.rows.len())
    };
    let (seldom, often) = (hash("4 weeks"), hash("1 week"));
    assert_eq!(seldom.0, often.0);
    assert!(often.1 > 3 * seldom.1);
    // watching lives is an output as well
    let base = tiny("baseline", "0.5");
    assert_eq!(together(&base, &[]).base.state_hash, seldom.0);
}

#[test]
fn worlds_of_other_people_or_another_length_are_refused_with_what_to_do() {
    let base = tiny("baseline", "1");
    let problem = check(&base, &tiny("baseline", "2")).unwrap_err();
    assert!(problem.0.contains("run.years is 2") && problem.0.contains("--set run.years="), "{problem}");
    let body = "[labour.couriers]\nUSA = \"3 M persons\"\n";
    let problem = check(&base, &tiny_variant(body, "1")).unwrap_err();
    assert!(problem.0.contains("people are not those of the base"), "{problem}");
    assert_eq!(check(&base, &tiny_variant("[learning]\nalpha = 0.3\n", "1")), Ok(()));
}

/// Two of three replicates: every table says so, and no table holds a formula.
#[test]
fn every_table_says_how_many_replicates_are_left() {
    let (base, scenario) = (tiny("baseline", "2.2"), tiny("royalty-15", "2.2"));
    let effects = effects(&base, &scenario, 2);
    let failures = vec![Failure { replicate: 1, cause: "a planted leak".into() }];
    let attendance = Attendance { done: vec![0, 2], failures };
    let reforms = vec![Reform { scenario, effects, lives: None }];
    let comparison = Comparison { base, reforms, attendance, states: Vec::new(), regrets: Vec::new(), evidence: None };
    let files = render(&comparison, &Only::default()).unwrap();
    let text = |name: &str| {
        let file = files.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name} is missing"));
        String::from_utf8_lossy(&file.1).into_owned()
    };
    for name in ["headlines.csv", "lives.csv", "money.csv", "receipt.csv", "divergence.csv", "tipping.csv"] {
        let text = text(name);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let of = reader.headers().unwrap().iter().position(|word| word == "of").unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(rows.len() > 3 && rows.iter().all(|row| row[of] == *"3"), "{name}");
    }
    let page = text("report.html");
    assert!(
        page.contains("2 of 3 replicates") && page.contains("Replicate 1 failed") && page.contains("a planted leak")
    );
    let manifest = text("manifest.json");
    assert!(manifest.contains("2 of 3 replicates") && manifest.contains("a planted leak"));
}

#[test]
fn a_comparison_is_made_again_from_its_manifest_alone() {
    let place = tempfile::tempdir().unwrap();
    let handover = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_handover"));
        let done = command.current_dir(place.path()).args(arguments).output().unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let file = |name: &str| common::root().join(format!("scenarios/{name}.toml")).display().to_string();
    let (base, reform) = (file("baseline"), file("royalty-15"));
    let mut compare = vec!["compare", &base, &reform, "--replicates=2", "--under=learning.alpha=0.4", "--out=result"];
    compare.extend(common::world_of!(50000, 4));
    compare.extend(["--years=2.2", "--quiet"]);
    assert_eq!(handover(&compare), (Some(0), String::new()));
    assert!(place.path().join("result/plots/royalty-15_royalties_received.svg").exists());
    let (exit, said) = handover(&["verify", "result", "--threads=1", "--quiet"]);
    assert_eq!((exit, said.as_str()), (Some(0), ""));

    // another state of the world than the manifest says: the table of regret tells
    let manifest = place.path().join("result/manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let lie = text.replace("learning.alpha=0.4", "learning.alpha=0.3");
    assert_ne!(text, lie);
    std::fs::write(&manifest, lie).unwrap();
    let (exit, said) = handover(&["verify", "result", "--quiet"]);
    assert!(exit == Some(2) && said.contains("regret.csv: another run gives other bytes"), "{said}");
}
