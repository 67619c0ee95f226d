//! Sweeps as their user meets them: the table does not depend on threads, shards, kills or machines; what is
//! stored is not run again; two results for one run stop everything; a wrong plan says what to write.

#![allow(clippy::disallowed_methods)] // a clock: kills are spread over the time an undisturbed sweep takes

use crate::common;
use bevy_ecs::prelude::*;
use handover::economy::Economy;
use handover::economy::calendar::Phase;
use handover::economy::world::flows::{Ledger, PlantedLeak};
use handover::experiment::origin::Origin;
use handover::experiment::outcome::Outcome;
use handover::experiment::run::{go_on, run_for};
use handover::experiment::sweep::table::{Status, Table};
use handover::experiment::sweep::{Shard, Sweep, key};
use handover::experiment::watcher::Nobody;
use handover::ground::ledger::AccountId;
use handover::ground::list::Listed;
use handover::observe::indicators::{Metric, Wanted};
use handover::output::sweep::{Lived, Session, table};
use handover::scenario::Scenario;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A sweep in a folder of its own.
struct Place(tempfile::TempDir);

const HEAD: &str = "[sweep]\nname = \"small\"\ntitle = \"A small one\"\nreplicates = 2\nseed = 3\n\
    [[arm]]\nname = \"base\"\nscenario = \"baseline.toml\"\n\
    [[arm]]\nname = \"royalty\"\nscenario = \"royalty.toml\"\n\
    [set]\n\"run.years\" = 0.5\n\"run.spin_up\" = \"4 weeks\"\n\"run.persons_per_agent\" = \"500000 persons\"\n\"run.least_agents\" = 0\n";

const REST: &str = "[[factor]]\nkey = \"learning.alpha\"\nlow = 0.15\nhigh = 0.45\n\
    [[factor]]\nkey = \"law.data_rights\"\nvalues = [\"none\", \"consent\"]\n\
    [[output]]\nname = \"jobless\"\nvalue = \"last(unemployment_rate[USA])\"\n\
    [[output]]\nname = \"never\"\nvalue = \"first_above(absorbed[CHN], 1e12)\"\n";

fn plan(points: u32) -> String {
    format!("{HEAD}[design]\nkind = \"sobol\"\npoints = {points}\n{REST}")
}

impl Place {
    fn new(plan: &str) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        fs::copy(common::root().join("scenarios/baseline.toml"), place.path("baseline.toml")).unwrap();
        let royalty = "[scenario]\nname = \"royalty\"\nextends = \"baseline.toml\"\n\
            [[policy]]\nfrom = \"2027-02\"\nroyalty_rate = \"15 %\"\n";
        fs::write(place.path("royalty.toml"), royalty).unwrap();
        place.write(plan);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, plan: &str) {
        fs::write(self.path("plan.toml"), plan).unwrap();
    }

    fn command(&self, out: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
        command.current_dir(self.0.path()).args(["sweep", "plan.toml", "--out", out, "--quiet"]).args(arguments);
        command
    }

    fn run(&self, out: &str, arguments: &[&str]) -> Output {
        self.command(out, arguments).output().unwrap()
    }

    /// Runs it with all that it says.
    fn loud(&self, out: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
        command.current_dir(self.0.path()).args(["sweep", "plan.toml", "--out", out]).args(arguments).output().unwrap()
    }

    /// The sweep of the plan, and the texts it was read from.
    fn sweep(&self) -> (Sweep, BTreeMap<PathBuf, String>) {
        let reader = |path: &Path| fs::read_to_string(path);
        let check = |text: &str, scenario: &Scenario| Outcome::read(text, scenario).map(|_| ()).map_err(String::from);
        let plan = handover::scenario::plan::read(&self.path("plan.toml"), &[], &reader, &check).unwrap();
        let texts = ["plan.toml", "baseline.toml", "royalty.toml"]
            .map(|name| (self.path(name), fs::read_to_string(self.path(name)).unwrap()));
        (Sweep::new(plan).unwrap(), texts.into())
    }

    /// Runs it and demands that all is well.
    fn fine(&self, out: &str, arguments: &[&str]) {
        let output = self.run(out, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    }

    fn table(&self, out: &str) -> Table {
        table::read(&self.path(out).join("sweep.parquet")).unwrap().0
    }

    fn bytes(&self, out: &str) -> Vec<u8> {
        fs::read(self.path(out).join("sweep.parquet")).unwrap()
    }

    /// Every stored run with its bytes and the time it was written.
    fn stored(&self, out: &str) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
        let mut found = Vec::new();
        for folder in fs::read_dir(self.path(out).join("runs")).unwrap() {
            for file in fs::read_dir(folder.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|ending| ending == "json") {
                    let time = fs::metadata(&path).unwrap().modified().unwrap();
                    found.push((path.clone(), fs::read(&path).unwrap(), time));
                }
            }
        }
        found.sort();
        found
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A sweep records what its outputs read, and its table is that of runs that record everything.
#[test]
fn a_table_does_not_depend_on_what_else_is_recorded() {
    let place = Place::new(&plan(2));
    let (sweep, texts) = place.sweep();
    let wanted = sweep.wanted();
    let read: Vec<Metric> = Metric::ALL.iter().copied().filter(|&metric| wanted.has(metric)).collect();
    assert_eq!((read, wanted.has_flows()), (vec![Metric::UnemploymentRate, Metric::Absorbed], false));
    for (out, wanted) in [("few", wanted), ("all", Wanted::default())] {
        let session = Session::open(&sweep, &place.path(out), &[], texts.clone());
        let life = |scenario: &Scenario, _: &Origin| run_for(scenario, wanted, |_| true);
        session.live_all(Shard::WHOLE, life, |_| true).unwrap();
        session.collect("", false, |_| ()).unwrap();
    }
    place.fine("command", &[]);
    assert!(place.bytes("few") == place.bytes("all"), "another table");
    assert!(place.bytes("command") == place.bytes("all"), "another table than the command makes");
}

#[test]
fn a_row_is_what_a_run_of_its_own_gives() {
    let place = Place::new(&plan(3));
    place.fine("a", &["--threads", "2"]);
    let table = place.table("a");
    assert_eq!(table.rows.len(), 3 * 2 * 2);
    let mut places = table.rows.iter().map(|row| (row.point, row.arm, row.replicate));
    assert!(places.clone().is_sorted() && places.next() == Some((0, 0, 0)));
    for row in [&table.rows[1], &table.rows[6], &table.rows[11]] {
        let mut settings: Vec<String> = table
            .factors
            .iter()
            .zip(&row.factors)
            .map(|(f, value)| format!("{}={}", f.keys[0], value.shown()))
            .collect();
        settings.push(format!("run.replicate={}", row.replicate));
        settings.extend(["run.seed=3", "run.years=0.5", "run.spin_up=4 weeks"].map(str::to_owned));
        settings.extend(["run.persons_per_agent=500000 persons", "run.least_agents=0"].map(str::to_owned));
        let file = place.path(["baseline.toml", "royalty.toml"][row.arm]);
        let reader = |path: &Path| fs::read_to_string(path);
        let scenario = handover::scenario::load(&file, &settings, &reader).unwrap();
        let results = common::results(&scenario);
        let jobless = Outcome::read("unemployment_rate[USA]", &scenario).unwrap();
        assert_eq!(row.outputs, [jobless.of(&results), None]);
        assert_eq!(row.run, handover::experiment::sweep::key(&scenario));
    }
    // the random numbers are the same at every point: only values differ
    assert!(table.rows.iter().all(|row| row.status == Status::Done && row.outputs[0].is_some()));
    let manifest = fs::read_to_string(place.path("a/manifest.json")).unwrap();
    assert!(manifest.contains("\"runs\": \"12 runs\"") && manifest.contains("\"is_complete\": true"));
    handover::output::disk::files::done(&place.path("a")).unwrap();
    let verify = || Command::new(env!("CARGO_BIN_EXE_handover")).arg("verify").arg(place.path("a")).output().unwrap();
    let verified = verify();
    assert!(String::from_utf8_lossy(&verified.stdout).contains("the table of 12 runs is as the manifest says"));
    fs::write(place.path("a/sweep.parquet"), b"PAR1").unwrap();
    assert_eq!(verify().status.code(), Some(2));
}

#[test]
fn threads_and_shards_in_any_order_and_number_give_one_table() {
    let place = Place::new(&plan(4));
    place.fine("a", &["--threads", "1"]);
    place.fine("b", &["--threads", "3"]);
    assert!(place.bytes("a") == place.bytes("b"));
    // a shard five times, three of them at once; the last first; no table before all are there
    let children: Vec<_> =
        (0..3).map(|_| place.command("c", &["--shard", "3/3", "--threads", "1"]).spawn().unwrap()).collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    place.fine("c", &["--shard", "3/3"]);
    place.fine("c", &["--shard", "3/3"]);
    place.fine("c", &["--shard", "1/3"]);
    let partial = place.run("c", &["--collect"]);
    assert_eq!(partial.status.code(), Some(75));
    assert!(told(&partial).contains("11 of 16 runs: no table was written"), "{}", told(&partial));
    assert!(!place.path("c/sweep.parquet").exists());
    place.fine("c", &["--shard", "2/3"]);
    place.fine("c", &["--collect"]);
    assert!(place.bytes("a") == place.bytes("c"));
    assert_eq!(place.stored("c").len(), 16);
    // from machines that share no disk: each has its own folder
    place.fine("d1", &["--shard", "1/2"]);
    place.fine("d2", &["--shard", "2/2"]);
    place.fine("d", &["--collect", "--from", "d1", "--from", "d2"]);
    assert!(place.bytes("a") == place.bytes("d"));
}

/// The strength of a policy against no policy: an arm is the other's scenario with a policy of its own, and a factor turns
/// it there and nowhere else.
#[test]
fn an_arm_sets_what_is_its_own_and_a_factor_turns_the_policy_of_an_arm() {
    let place = Place::new(&plan(1));
    let rest = "[design]\nkind = \"grid\"\n[[factor]]\nkey = \"policy.0.royalty_rate\"\nvalues = [\"15 %\", \"30 %\"]\n\
        [[output]]\nname = \"paid\"\nvalue = \"sum(royalties_received[all])\"\n";
    let of_file = format!("{HEAD}{rest}");
    let own =
        "scenario = \"baseline.toml\"\nset = { \"policy.new\" = { from = \"2027-02\", royalty_rate = \"5 %\" } }\n";
    let of_set = of_file.replace("scenario = \"royalty.toml\"\n", own);
    assert_ne!(of_file, of_set);
    let outputs = |plan: &str, out: &str| -> Vec<Vec<Option<f64>>> {
        place.write(plan);
        let output = place.run(out, &[]);
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        let (table, _) = table::read(&place.path(out).join("sweep.parquet")).unwrap();
        table.rows.into_iter().map(|row| row.outputs).collect()
    };
    let (file, set) = (outputs(&of_file, "a"), outputs(&of_set, "b"));
    assert_eq!(file, set);
    // two values, two arms, two replicates: nothing is paid in the base, and in the other arm more at 30 % than at 15
    let paid: Vec<f64> = file.into_iter().flatten().flatten().collect();
    assert_eq!((paid[0], paid[1], paid[4], paid[5]), (0.0, 0.0, 0.0, 0.0));
    assert!(paid[2] > 0.0 && paid[6] > 1.5 * paid[2] && paid[7] > 1.5 * paid[3], "{paid:?}");
}

#[test]
fn a_longer_design_and_more_replicates_run_only_what_is_new() {
    let place = Place::new(&plan(3));
    place.fine("a", &[]);
    let before = place.stored("a");
    place.fine("a", &[]);
    assert!(place.stored("a") == before, "nothing is run again");
    place.write(&plan(5).replace("replicates = 2", "replicates = 3"));
    place.fine("a", &[]);
    let after = place.stored("a");
    assert_eq!((before.len(), after.len()), (12, 30));
    assert!(before.iter().all(|run| after.contains(run)), "what was stored is as it was");
    place.fine("b", &[]);
    assert!(place.bytes("a") == place.bytes("b"));
    // an output less runs nothing; one more runs again, and finds the same final states or stops
    place.write(&plan(3).replace("[[output]]\nname = \"never\"\nvalue = \"first_above(absorbed[CHN], 1e12)\"\n", ""));
    place.fine("a", &[]);
    assert!(place.stored("a") == after);
    place.write(&format!("{}[[output]]\nvalue = \"hires[USA]\"\n", plan(3)));
    place.fine("a", &[]);
    let (table, stored) = (place.table("a"), place.stored("a"));
    assert!(stored.len() == 30 && table.rows.iter().all(|row| row.outputs[2].is_some()));
}

#[test]
fn points_that_mean_the_same_share_a_run() {
    let rows = "[design]\nkind = \"list\"\nrows = [[0.3, \"none\"], [0.30, \"none\"], [0.3, \"consent\"]]\n";
    let rest = REST.replace("low = 0.15\nhigh = 0.45\n", "").replace("values = [\"none\", \"consent\"]\n", "");
    let place = Place::new(&format!("{HEAD}{rows}{rest}"));
    place.fine("a", &["--threads", "2"]);
    let table = place.table("a");
    assert_eq!((table.rows.len(), place.stored("a").len()), (12, 8));
    assert_eq!(table.rows[0].run, table.rows[4].run);
}

#[test]
fn two_results_for_one_run_stop_everything() {
    let place = Place::new(&plan(2));
    place.fine("a", &[]);
    place.fine("b", &[]);
    // another program, a broken machine: a whole file with another number in it
    let (path, bytes, _) = place.stored("b").remove(3);
    let text = String::from_utf8(bytes).unwrap();
    let mut body: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    body["outcomes"]["last(unemployment_rate[USA])"] = Value::from(0.5);
    let body = body.to_string();
    fs::write(&path, format!("{body}\n{}\n", handover::output::disk::manifest::hash(body.as_bytes()))).unwrap();
    let output = place.run("a", &["--from", "b"]);
    assert_eq!(output.status.code(), Some(70));
    assert!(told(&output).contains("two results for one run: last(unemployment_rate[USA])"), "{}", told(&output));
    // one that is damaged is no result: it is run again
    let (path, bytes, _) = place.stored("a").remove(3);
    let whole = place.bytes("a");
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let partial = place.run("a", &["--collect", "--allow-partial"]);
    assert_eq!(partial.status.code(), Some(75));
    place.fine("a", &[]);
    assert!(fs::read(&path).unwrap() == bytes && place.bytes("a") == whole);
}

/// A tick is a day, a week or four weeks: the second point of the list makes no scenario.
#[test]
fn a_point_that_cannot_run_is_named_and_a_partial_table_says_so() {
    let rest =
        "[[factor]]\nkey = \"run.tick\"\n[[output]]\nname = \"jobless\"\nvalue = \"last(unemployment_rate[USA])\"\n";
    let design = "[design]\nkind = \"list\"\nrows = [[\"1 week\"], [\"2 weeks\"], [\"4 weeks\"]]\n";
    // a panel by quarter would fit no tick of four weeks
    let head = HEAD.replace("[set]\n", "[set]\n\"run.panel\" = 0\n");
    let place = Place::new(&format!("{head}{design}{rest}"));
    let output = place.run("a", &[]);
    assert_eq!(output.status.code(), Some(75), "{}", told(&output));
    let words = told(&output);
    assert!(words.contains("8 of 12 runs: no table was written"), "{words}");
    assert!(words.contains("point 1, arm \"base\", replicate 0: run.tick: a tick is"), "{words}");
    assert!(!place.path("a/sweep.parquet").exists() && !place.path("a/manifest.json").exists());
    let output = place.run("a", &["--allow-partial", "--json"]);
    assert_eq!(output.status.code(), Some(75));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((said["done"].as_u64(), said["all"].as_u64()), (Some(8), Some(12)));
    let (table, count) = table::read(&place.path("a/sweep.parquet")).unwrap();
    assert_eq!(count.words(), "8 of 12 runs");
    assert!(matches!(&table.rows[4].status, Status::Failed(cause) if cause.contains("a tick is")));
    assert!(table.rows[4].run.is_empty() && table.rows[4].outputs == [None]);
    let manifest = fs::read_to_string(place.path("a/manifest.json")).unwrap();
    assert!(manifest.contains("\"runs\": \"8 of 12 runs\"") && manifest.contains("\"is_complete\": false"));
}

/// The third run of eight has seven micro-dollars too many in an account from tick 3 on.
#[test]
fn a_run_that_breaks_an_identity_is_told_and_the_others_are_done() {
    let place = Place::new(&plan(2));
    let reader = |path: &Path| fs::read_to_string(path);
    let (sweep, texts) = place.sweep();
    let session = Session::open(&sweep, &place.path("a"), &[], texts);
    let leaking = key(&sweep.scenario(sweep.job(2), &reader).unwrap());
    let lived = AtomicU64::new(0);
    let life = |scenario: &Scenario, _: &Origin| {
        lived.fetch_add(1, Ordering::Relaxed);
        let economy = Economy::found(&scenario.parameters, |world, schedule| {
            handover::observe::install(world, schedule);
            if key(scenario) == leaking {
                let is_due = |clock: Res<handover::economy::policy::Clock>| clock.tick == 3;
                let leak = |mut ledger: ResMut<Ledger>| ledger.plant(PlantedLeak::Balance(AccountId(0), 7));
                schedule.add_systems(leak.run_if(is_due).after(Phase::Settlement).before(Phase::Audit));
            }
        });
        go_on(scenario, economy, |_, _| true)
    };
    let course = session.live_all(Shard::WHOLE, life, |_| true).unwrap();
    let cause = "tick 3: the identity \"money: change of an account\" does not hold at account 0";
    assert_eq!((course.done, course.now, course.failures.len()), (7, 7, 1));
    assert!(course.failures[0].0 == 2 && course.failures[0].1.starts_with(cause), "{course:?}");
    assert!(course.failures[0].1.ends_with("off by 7"), "{course:?}");
    // the same again: the breach stands, and nothing is simulated
    let again = session.live_all(Shard::WHOLE, life, |_| true).unwrap();
    assert_eq!((again.done, again.now, &again.failures), (7, 0, &course.failures));
    assert_eq!(lived.into_inner(), 8);
    // nor does the command make a success of it, whose own lives are clean; it says so each time
    for arguments in [&[][..], &["--collect"], &["--shard", "1/1"]] {
        let output = place.run("a", arguments);
        assert_eq!(output.status.code(), Some(75), "{}", told(&output));
        let words = told(&output);
        assert!(words.contains("point 0, arm \"royalty\", replicate 0: tick 3: the identity"), "{words}");
        assert!(
            words.contains("at account 0 (government in region 0): off by 7") && words.contains("7 of 8 runs"),
            "{words}"
        );
        assert!(!place.path("a/sweep.parquet").exists());
    }
    assert_eq!(place.run("a", &["--allow-partial"]).status.code(), Some(75));
    let (table, count) = table::read(&place.path("a/sweep.parquet")).unwrap();
    assert_eq!(count.words(), "7 of 8 runs");
    for (number, row) in table.rows.iter().enumerate() {
        match &row.status {
            Status::Failed(words) => assert!(number == 2 && *words == course.failures[0].1, "{row:?}"),
            status => assert!(*status == Status::Done && number != 2 && row.outputs[0].is_some(), "{row:?}"),
        }
    }
    let manifest = fs::read_to_string(place.path("a/manifest.json")).unwrap();
    assert!(manifest.contains("off by 7") && manifest.contains("\"is_complete\": false"));
    // machines that share no disk: the breach comes along
    let output = place.run("b", &["--collect", "--from", "a"]);
    assert!(output.status.code() == Some(75) && told(&output).contains("off by 7"), "{}", told(&output));
    // a whole result of that run is a contradiction, not a success
    place.fine("clean", &[]);
    let output = place.run("a", &["--from", "clean"]);
    assert_eq!(output.status.code(), Some(70));
    assert!(told(&output).contains("it broke an identity"), "{}", told(&output));
}

/// A plan of two alphas, which act at the founding, and three speeds of imitation, which do not act before the end of the
/// spin-up, in two arms that differ by a law: what begins alike is simulated once, and each run is the run alone.
#[test]
fn runs_that_begin_alike_share_a_spin_up_and_end_as_alone() {
    let factors = "[design]\nkind = \"grid\"\n[[factor]]\nkey = \"robots.imitation\"\n\
        values = [\"30 %/year\", \"50 %/year\", \"70 %/year\"]\n\
        [[factor]]\nkey = \"learning.alpha\"\nvalues = [0.2, 0.35]\n\
        [[output]]\nname = \"jobless\"\nvalue = \"last(unemployment_rate[USA])\"\n";
    let place = Place::new(&format!("{HEAD}{factors}"));
    let opened = place.sweep();
    let session = |out: &str| Session::open(&opened.0, &place.path(out), &[], opened.1.clone());
    let alone = session("alone");
    for number in 0..opened.0.runs() {
        assert!(matches!(alone.live(number, |_| true).unwrap(), Lived::Now));
    }
    let bytes = |out: &str| place.stored(out).into_iter().map(|(_, bytes, _)| bytes).collect::<Vec<_>>();
    for threads in [1, 3] {
        let out = format!("on {threads}");
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let course = pool.install(|| session(&out).live_shard(Shard::WHOLE, &Nobody)).unwrap();
        // 2 alphas x 2 replicates are founded, each for 3 speeds x 2 arms
        assert_eq!((course.done, course.now, course.forked), (24, 24, 20));
        assert!(bytes(&out) == bytes("alone") && bytes(&out).len() == 24);
    }
    // what is stored needs no founding: of the last of each beginning, none is shared
    let runs = place.stored("on 1");
    runs.iter().step_by(2).for_each(|(path, _, _)| fs::remove_file(path).unwrap());
    let again = session("on 1").live_shard(Shard::WHOLE, &Nobody).unwrap();
    assert_eq!((again.done, again.now), (24, 12));
    assert!(again.forked >= 8 && bytes("on 1") == bytes("alone"), "{again:?}");
    let said = told(&place.loud("told", &["--threads", "2"]));
    assert!(said.contains("20 of 24 runs began at the end of a spin-up that another had simulated"), "{said}");
}

/// Where all factors act at the founding, the command says which.
#[test]
fn what_cannot_be_shared_is_named() {
    let said = told(&Place::new(&plan(2).replace("4 weeks", "3 weeks")).loud("a", &[]));
    assert!(said.contains("founded alone, because a spin-up of less than 4 ticks is not worth keeping"), "{said}");
    let head = HEAD.replace("replicates = 2", "replicates = 1");
    let head = head.replace("[[arm]]\nname = \"royalty\"\nscenario = \"royalty.toml\"\n", "");
    let place = Place::new(&format!("{head}[design]\nkind = \"sobol\"\npoints = 4\n{REST}"));
    let said = told(&place.loud("a", &[]));
    assert!(said.contains("every run was founded alone, because no other has its values"), "{said}");
    assert!(said.contains("learning.alpha, law.data_rights"), "{said}");
}

/// Killed ten times at moments spread over the sweep, each time deeper in: the table is that of a sweep nobody
/// touched, and every run is stored once.
#[test]
fn killed_ten_times_nothing_is_lost_and_nothing_is_twice() {
    let place = Place::new(&plan(24));
    let start = Instant::now();
    place.fine("whole", &["--threads", "2"]);
    let whole = start.elapsed();
    let mut stored = 0;
    let mut kills = 0;
    for n in 0..10 {
        let mut child = place.command("a", &["--threads", "2"]).stderr(Stdio::null()).spawn().unwrap();
        // uneven moments, so that kills fall into runs, into files, into the collecting
        std::thread::sleep(Duration::from_millis(20) + whole.mul_f64([0.13, 0.31, 0.07, 0.22, 0.17][n % 5]));
        kills += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let now = if place.path("a/runs").exists() { place.stored("a").len() } else { 0 };
        assert!(now >= stored, "{stored} runs were stored, and {now} are left");
        stored = now;
    }
    assert!(kills >= 3, "only {kills} kills found it at work");
    place.fine("a", &["--threads", "2"]);
    assert!(place.bytes("a") == place.bytes("whole"), "killed is not never killed");
    let (killed, never) = (place.stored("a"), place.stored("whole"));
    assert_eq!((killed.len(), never.len()), (96, 96));
    assert!(killed.iter().zip(&never).all(|(one, other)| one.1 == other.1));
    assert!(!place.path("a/runs/half-made").exists());
}

#[test]
fn ctrl_c_stops_and_the_same_command_goes_on() {
    let place = Place::new(&plan(64));
    let child = place.command("a", &["--threads", "1"]).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while !place.path("a/runs").exists() || place.stored("a").len() < 2 {
        assert!(start.elapsed() < Duration::from_secs(60), "no run in a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let stopped = child.wait_with_output().unwrap();
    assert_eq!(stopped.status.code(), Some(130), "{}", told(&stopped));
    assert!(told(&stopped).contains("go on with the same command"), "{}", told(&stopped));
    assert!(!place.path("a/sweep.parquet").exists());
    let before = place.stored("a");
    place.fine("a", &[]);
    assert!(before.iter().all(|run| place.stored("a").contains(run)));
}

#[test]
fn six_million_runs_are_planned_in_seconds_and_little_memory() {
    let text = plan(1).replace("kind = \"sobol\"\npoints = 1\n", "kind = \"latin_hypercube\"\npoints = 1_500_000\n");
    let place = Place::new(&text);
    let start = Instant::now();
    let output = place.run("a", &["--dry-run", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["runs"].as_u64(), Some(6_000_000));
    assert!(said["disk_bytes"].as_u64().unwrap() > 6_000_000 * 4_096);
    let memory = said["peak_rss_bytes"].as_u64().unwrap();
    assert!(memory < 300_000_000, "{memory} bytes");
    assert!(start.elapsed() < Duration::from_secs(60));
    assert!(!place.path("a").exists(), "a dry run writes nothing");
}

#[test]
fn a_wrong_plan_says_where_and_what_to_write() {
    let good = plan(4);
    for (from, to, place, words) in [
        ("learning.alpha", "learning.alhpa", "plan.toml:", "did you mean \"learning.alpha\""),
        ("low = 0.15", "low = 0.5", "plan.toml:", "low must be below high"),
        ("low = 0.15", "low = \"two weeks\"", "plan.toml:", "a number"),
        ("low = 0.15", "lwo = 0.15", "plan.toml:", "did you mean \"low\""),
        ("[\"none\", \"consent\"]", "[\"none\", \"concent\"]", "plan.toml:", "did you mean \"consent\""),
        ("unemployment_rate[USA]", "unemployment_rat[USA]", "plan.toml:", "did you mean \"unemployment_rate\""),
        ("kind = \"sobol\"", "kind = \"sobel\"", "plan.toml:", "did you mean \"sobol\""),
        ("points = 4", "points = 0", "plan.toml:", "between 1 and 65536"),
        ("points = 4\n", "", "plan.toml:", "this design needs points"),
        ("baseline.toml", "basline.toml", "plan.toml:", "basline.toml"),
        ("baseline.toml", "/etc/passwd", "plan.toml:", "from the plan's folder"),
        ("\"run.years\" = 0.5", "\"run.years\" = \"0.5 yaers\"", "plan.toml:", "run.years"),
        ("replicates = 2", "replicates = 0", "plan.toml:", "between 1 and 1000000"),
        ("name = \"royalty\"\nscen", "name = \"base\"\nscen", "plan.toml:", "two arms are called \"base\""),
        ("name = \"never\"", "name = \"jobless\"", "plan.toml:", "two outputs are called \"jobless\""),
        ("[sweep]", "[swep]", "plan.toml:1", "did you mean \"sweep\""),
        ("[sweep]\n", "[sweep\n", "plan.toml:1", "TOML"),
        ("learning.alpha\"\n", "learning.alpha\"\nscale = \"lgo\"\n", "plan.toml:", "\"linear\" or \"log\""),
        ("low = 0.15", "low = \"0.5 times\"", "plan.toml:", "multiples"),
        ("learning.alpha", "learning.chain", "plan.toml:", "0.5 times"),
    ] {
        assert!(good.contains(from), "{from}");
        let place_ = Place::new(&good.replacen(from, to, 1));
        let output = place_.run("a", &[]);
        let said = told(&output);
        assert_eq!(output.status.code(), Some(2), "{from} -> {to}: {said}");
        assert!(said.contains(place) && said.contains(words), "{from} -> {to}:\n{said}");
        assert!(!place_.path("a").exists());
    }
}

/// Multiples move every number below a key by one factor; whole numbers stay whole, regions keep their ratios.
#[test]
fn a_multiple_moves_all_numbers_below_its_keys() {
    let text = plan(4).replace(
        "key = \"learning.alpha\"\nlow = 0.15\nhigh = 0.45",
        "name = \"door\"\nkeys = [\"demand.human_cost_per_parcel\"]\nvalues = [\"0.5 times\", \"2 times\"]",
    );
    let place = Place::new(&text);
    let reader = |path: &Path| fs::read_to_string(path);
    let check = |text: &str, scenario: &handover::scenario::Scenario| {
        Outcome::read(text, scenario).map(|_| ()).map_err(String::from)
    };
    let plan = handover::scenario::plan::read(&place.path("plan.toml"), &[], &reader, &check).unwrap();
    assert_eq!(
        (plan.factors[0].unit.as_str(), plan.factors[0].base, plan.factors[0].grade.as_str()),
        ("times", Some(1.0), "C")
    );
    let base = &plan.arms[0].base.parameters.demand.human_cost_per_parcel;
    let values = [handover::scenario::plan::Level::Number(2.0), handover::scenario::plan::Level::Word("none".into())];
    let twice = plan.scenario(&plan.arms[0], &values, &reader).unwrap();
    for region in 0..8 {
        assert_eq!(twice.parameters.demand.human_cost_per_parcel[region].0, base[region].0 * 2.0);
    }
}

#[test]
fn shipped_plans_are_right() {
    for name in ["smoke", "royalty-by-capture-pay", "doubtful", "one-at-a-time", "screening", "thousand"] {
        let path = common::root().join("scenarios/sweeps").join(format!("{name}.toml"));
        let reader = |path: &Path| fs::read_to_string(path);
        let check = |text: &str, scenario: &handover::scenario::Scenario| {
            Outcome::read(text, scenario).map(|_| ()).map_err(String::from)
        };
        let plan = handover::scenario::plan::read(&path, &[], &reader, &check).unwrap();
        assert_eq!(plan.name, name);
        let sweep = handover::experiment::sweep::Sweep::new(plan).unwrap();
        assert!(name != "smoke" || sweep.runs() == 200);
    }
}
