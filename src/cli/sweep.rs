//! `handover sweep`: many runs of a plan, stored one by one, and the table they make.

mod slurm;

use super::Exit;
use super::checkpoints::fail;
use super::forecast::{duration, forecast};
use super::scenario::{Files, of_a_user, tell};
use super::watch::Watch;
use super::watch::pool;
use clap::Args;
use handover::experiment::origin::FEWEST_TICKS;
use handover::experiment::outcome::Outcome;
use handover::experiment::sweep::turns::{AT_A_TIME, foundings, is_worth_keeping};
use handover::experiment::sweep::{Shard, Sweep};
use handover::experiment::watcher::Watcher;
use handover::output::disk::files;
use handover::output::disk::sweep_store::BYTES_PER_RUN;
use handover::output::kit::numbers::short;
use handover::output::sweep::{Collected, Course, Halt, Session};
use handover::scenario::Scenario;
use handover::scenario::plan::{Plan, read};
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Run every point of a plan, store each run as it ends, and collect all of them into one table.
///
/// Run the same command again to go on: nothing that is stored is run again, on any machine that sees the
/// folder. A longer design, more replicates or another output run only what is new.
#[derive(Args, Debug)]
pub(super) struct SweepArguments {
    /// The plan: a TOML file with [sweep], [[arm]], [design], [[factor]], [[output]], or the name of a shipped one.
    #[arg(value_parser = super::scenario::file())]
    pub plan: PathBuf,
    /// Folder of the results [default: output/<the plan's name>].
    #[arg(long, value_name = "DIR", value_parser = super::scenario::folder())]
    pub out: Option<PathBuf>,
    /// Fixed change of all arms, on top of the plan's; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    #[command(flatten)]
    drawn: super::drawn::Drawn,
    /// Threads; one run a thread, and results do not depend on it [default: one a core].
    #[arg(long, value_name = "N", value_parser = super::watch::threads)]
    pub threads: Option<usize>,
    /// Only the k-th of n parts, and no table: any machine, any order, any number of times.
    #[arg(long, value_name = "k/n", value_parser = Shard::read)]
    pub shard: Option<Shard>,
    /// Run nothing: collect the table from what is stored.
    #[arg(long, conflicts_with = "shard")]
    pub collect: bool,
    /// Take over what the same sweep has stored in another folder; may be repeated.
    #[arg(long, value_name = "DIR")]
    pub from: Vec<PathBuf>,
    /// Write the table although runs are missing; it says so.
    #[arg(long)]
    pub allow_partial: bool,
    /// Run nothing: say how many runs there are and what they take; with --engine, print the batch script.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub cluster: slurm::ClusterArguments,
    /// No progress, no summary.
    #[arg(long)]
    pub quiet: bool,
    /// Print one JSON object on stdout instead of the summary.
    #[arg(long)]
    pub json: bool,
}

impl SweepArguments {
    /// Fixed changes of all arms, as `--set` takes them.
    pub(super) fn settings(&self) -> Vec<String> {
        self.settings.iter().cloned().chain(self.drawn.setting()).collect()
    }
}

/// A plan as read, with the texts it was read from.
pub(super) struct Opened {
    pub(super) sweep: Sweep,
    pub(super) plan_text: String,
    pub(super) texts: BTreeMap<PathBuf, String>,
}

/// Reads a plan and everything it names; what is wrong is printed.
///
/// # Errors
/// [`Exit::Input`], after everything that is wrong has been said on stderr.
pub(super) fn open(path: &Path, settings: &[String]) -> Result<Opened, Exit> {
    let (texts, files) = (RefCell::new(BTreeMap::new()), Files::default());
    let reader = |path: &Path| match texts.borrow().get(path).cloned() {
        Some(text) => Ok(text),
        None => files.read(path),
    };
    let remembering = |path: &Path| {
        let text: String = reader(path)?;
        texts.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text)
    };
    let check = |text: &str, scenario: &Scenario| Outcome::read(text, scenario).map(|_| ()).map_err(String::from);
    let plan: Plan = read(path, settings, &remembering, &check).map_err(|problems| {
        eprintln!("{problems}");
        Exit::Input
    })?;
    tell(of_a_user(plan.implausible.iter().cloned()));
    let sweep = Sweep::new(plan).map_err(|words| fail(Exit::Input, words))?;
    let texts = texts.into_inner();
    let plan_text = texts.get(path).cloned().unwrap_or_default();
    Ok(Opened { sweep, plan_text, texts })
}

/// Says on stderr what should be known of a plan before anything runs.
pub(super) fn remark(path: &Path, plan: &Plan) {
    let remarks = plan.design.kind.remark().into_iter().map(|words| ("note", words));
    for (word, remark) in remarks.chain(plan.dead_factors().into_iter().map(|words| ("warning", words))) {
        eprintln!("{word}: {}: {remark}", path.display());
    }
}

pub(super) fn run(arguments: &SweepArguments) -> Exit {
    let opened = match open(&arguments.plan, &arguments.settings()) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let plan = &opened.sweep.plan;
    if !arguments.quiet {
        remark(&arguments.plan, plan);
    }
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(&opened.sweep.plan.name));
    if let Err(words) = files::check_sweep(&folder, &opened.sweep.plan.name) {
        return fail(Exit::Input, words);
    }
    let pool = match pool(arguments.threads) {
        Ok(pool) => pool,
        Err(words) => {
            eprintln!("{words}");
            return Exit::Disk;
        }
    };
    let Opened { sweep, plan_text, texts } = opened;
    let session = Session::open(&sweep, &folder, &arguments.from, texts);
    if arguments.cluster.engine.is_some() {
        return slurm::run(arguments, &session, &plan_text, &folder, &pool);
    }
    if arguments.dry_run {
        return tell_plan(arguments, &session, &folder, pool.current_num_threads());
    }
    if let Some(words) = sweep
        .plan
        .arms
        .iter()
        .find_map(|arm| super::room::demand(&arm.base, pool.current_num_threads(), arguments.threads).err())
        && !arguments.collect
    {
        return fail(Exit::Disk, words);
    }
    let watch = Watch::new(arguments.quiet);
    if !arguments.collect {
        let exit = pool.install(|| live(&session, arguments, &watch, &folder));
        if exit != Exit::Fine && exit != Exit::Partial || arguments.shard.is_some() {
            return exit;
        }
    }
    pool.install(|| collect(arguments, &session, &plan_text, &folder, &watch))
}

/// Simulates the runs of a part, or all, that are not done.
fn live(session: &Session, arguments: &SweepArguments, watch: &Watch, folder: &Path) -> Exit {
    let part = arguments.shard;
    let shard = part.unwrap_or(Shard::WHOLE);
    let runs = shard.size(session.sweep.runs());
    let course = session.live_shard(shard, watch);
    watch.clear();
    let Course { done, now, forked, failures } = match course {
        Ok(course) => course,
        Err(halt) => return tell_halt(&halt),
    };
    let name = part.map_or_else(String::new, |part| format!("part {}/{}: ", part.number, part.of));
    if !watch.goes_on() {
        eprintln!(
            "{name}stopped; {done} of {runs} runs are stored in {}\ngo on with the same command",
            folder.display()
        );
        return Exit::Interrupted;
    }
    if !arguments.quiet && now > 0 {
        eprintln!("note: {name}{}", shared(session.sweep, forked, now));
    }
    if part.is_some() {
        eprintln!("{name}{done} of {runs} runs are stored, {now} of them now");
        tell_failures(session, &failures);
    }
    if failures.is_empty() { Exit::Fine } else { Exit::Partial }
}

/// How many runs began where another had come to at the end of its spin-up, or why none did.
fn shared(sweep: &Sweep, forked: u64, now: u64) -> String {
    if forked > 0 {
        return format!("{forked} of {now} runs began at the end of a spin-up that another had simulated");
    }
    if !is_worth_keeping(sweep) {
        return format!(
            "every run was founded alone, because a spin-up of less than {FEWEST_TICKS} ticks is not worth keeping"
        );
    }
    let early = sweep.plan.factors.iter().filter(|factor| !sweep.is_later(factor));
    let early: Vec<&str> = early.map(|factor| factor.name.as_str()).collect();
    let why = if early.is_empty() {
        "because no other has the same arm and the same random numbers".to_owned()
    } else {
        format!("because no other has its values of what acts at the founding or in the spin-up: {}", early.join(", "))
    };
    format!("every run was founded alone, {why}")
}

fn tell_halt(halt: &Halt) -> Exit {
    match halt {
        Halt::Conflict(words) => {
            let help = "Delete neither before you know which is right: run one of them again with handover run.";
            fail(
                Exit::Bug,
                format!("{words}\nThis is a bug of handover, or one of the two was made by another build. {help}"),
            )
        }
        Halt::Disk(error) => fail(Exit::Disk, error),
        Halt::Lanes(words) => fail(Exit::Bug, words),
    }
}

/// Most runs without a result that are named on the screen.
const MOST_TOLD: usize = 10;

fn tell_failures(session: &Session, failures: &[(u64, String)]) {
    for (number, cause) in failures.iter().take(MOST_TOLD) {
        let job = session.sweep.job(*number);
        let arm = &session.sweep.plan.arms[job.arm].name;
        eprintln!("error: point {}, arm {arm:?}, replicate {}: {cause}", job.point, job.replicate);
    }
    if failures.len() > MOST_TOLD {
        eprintln!("and {} more", failures.len() - MOST_TOLD);
    }
}

/// Collects the table and says what is in it.
pub(super) fn collect(
    arguments: &SweepArguments,
    session: &Session,
    plan_text: &str,
    folder: &Path,
    watch: &Watch,
) -> Exit {
    watch.restart(session.sweep.runs());
    watch.say("collecting".to_owned());
    let collected = session.collect(plan_text, arguments.allow_partial, |rows| watch.at(rows));
    watch.clear();
    let collected = match collected {
        Ok(collected) => collected,
        Err(halt) => return tell_halt(&halt),
    };
    tell_failures(session, &collected.lacking);
    let (count, table) = (collected.count, folder.join("sweep.parquet"));
    if arguments.json {
        println!("{}", as_json(session, &collected));
    } else if !arguments.quiet {
        println!("{}", summary(session, &collected));
    }
    if collected.hash.is_none() {
        eprintln!(
            "{}: no table was written; --allow-partial writes one that says so, the same command runs what was not run",
            count.words()
        );
    } else if !arguments.json && !arguments.quiet {
        println!("{}: {}", table.display(), count.words());
    }
    if count.is_partial() { Exit::Partial } else { Exit::Fine }
}

fn as_json(session: &Session, collected: &Collected) -> serde_json::Value {
    json!({
        "sweep": session.sweep.plan.name,
        "points": session.sweep.points(),
        "arms": session.sweep.plan.arms.len(),
        "replicates": session.sweep.plan.replicates,
        "done": collected.count.done,
        "all": collected.count.all,
        "sha256": collected.hash,
        "peak_rss_bytes": super::forecast::peak_memory(),
    })
}

fn summary(session: &Session, collected: &Collected) -> String {
    let plan = &session.sweep.plan;
    let mut text = format!(
        "{}\n{} points of a {} design, {} {}, {} a point: {}\n",
        plan.title,
        session.sweep.points(),
        plan.design.kind.word(),
        plan.arms.len(),
        if plan.arms.len() == 1 { "arm" } else { "arms" },
        if plan.replicates == 1 { "1 replicate".to_owned() } else { format!("{} replicates", plan.replicates) },
        collected.count.words(),
    );
    for (output, place) in plan.outputs.iter().zip(0..) {
        let unit = session.sweep.outcomes[place].unit();
        text.push_str(&format!("\n{} [{unit}]\n", output.name));
        for ((arm, seen), done) in plan.arms.iter().zip(&collected.seen).zip(&collected.done) {
            let words = match &seen[place] {
                Some(seen) => {
                    let none = done - seen.count;
                    let never = if none > 0 { format!("; none in {none} runs") } else { String::new() };
                    format!("mean {}, from {} to {}{never}", short(seen.mean), short(seen.least), short(seen.most))
                }
                None => "none".to_owned(),
            };
            text.push_str(&format!("  {:<24} {words}\n", arm.name));
        }
    }
    text
}

/// Says what a plan is and what it takes, without running it.
fn tell_plan(arguments: &SweepArguments, session: &Session, folder: &Path, threads: usize) -> Exit {
    let (sweep, plan) = (session.sweep, &session.sweep.plan);
    let of_a_run = match forecast(&plan.arms[0].base) {
        Ok(of_a_run) => of_a_run,
        Err(words) => return fail(Exit::Bug, words),
    };
    let shard = arguments.shard.unwrap_or(Shard::WHOLE);
    let runs = shard.size(sweep.runs());
    let counted = runs.min(AT_A_TIME);
    let founded = foundings(sweep, (0..counted).map(|place| shard.run(place)));
    // nothing is drawn or written of a run but one small file
    let seconds = of_a_run.living * runs as f64 / threads as f64;
    let columns = plan.factors.len() + plan.outputs.len() + 12;
    let disk = runs * BYTES_PER_RUN + sweep.runs() * columns as u64 * 8;
    if arguments.json {
        let about = json!({
            "sweep": plan.name,
            "points": sweep.points(),
            "arms": plan.arms.len(),
            "replicates": plan.replicates,
            "runs": runs,
            "foundings_of_the_first": [founded, counted],
            "stored": session.stored_runs(),
            "seconds": seconds,
            "memory_bytes": of_a_run.memory * threads as f64,
            "disk_bytes": disk,
            "peak_rss_bytes": super::forecast::peak_memory(),
        });
        println!("{about}");
        return Exit::Fine;
    }
    println!("{}: {}", plan.name, plan.title);
    println!("  design    {}, {} points of {} factors", plan.design.kind.word(), sweep.points(), plan.factors.len());
    println!("  runs      {runs} (arms: {}, replicates: {})", plan.arms.len(), plan.replicates);
    println!("  foundings {founded} for the first {counted}; others go on from a spin-up that they share");
    println!("  stored    {} in {}", session.stored_runs(), folder.display());
    println!("  a run     {} agents over {} ticks, {}", of_a_run.workers, of_a_run.ticks, duration(of_a_run.living));
    println!("  time      {} on {threads} threads of this machine, if none were stored", duration(seconds));
    println!("  memory    {:.0} MB", of_a_run.memory * threads as f64 / 1e6);
    println!("  disk      {:.0} MB", disk as f64 / 1e6);
    Exit::Fine
}
