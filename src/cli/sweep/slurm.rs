//! `handover sweep --engine slurm`: the parts of a sweep as one job array of the cluster that is there.
//!
//! Slurm schedules, we look. A task is `handover sweep PLAN --shard k/n` in the folder that all machines see. When no
//! task is left in the queue, the store says which parts are not done, whatever ended their tasks (a kill, a lost
//! machine, the time limit), and those are submitted again, a bounded number of times. The store is asked and not
//! Slurm, because accounting is switched off on many clusters and forgets finished jobs on others. A run that
//! failed by itself would fail again and is not submitted again.

use super::super::Exit;
use super::super::checkpoints::fail;
use super::super::watch::Watch;
use super::{SweepArguments, collect, tell_halt};
use clap::{Args, ValueEnum};
use handover::experiment::watcher::Watcher;
use handover::output::sweep::Session;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What runs the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in super::super) enum Engine {
    /// A job array of Slurm.
    Slurm,
}

/// How a cluster is used.
#[derive(Args, Debug)]
pub(in super::super) struct ClusterArguments {
    /// Submit the sweep to a cluster, watch it, submit again what was lost, and collect.
    #[arg(long, conflicts_with_all = ["shard", "collect"])]
    pub engine: Option<Engine>,
    /// Parts, each a task of the array [default: 20, or one a run if there are fewer].
    #[arg(long, value_name = "N", requires = "engine", value_parser = clap::value_parser!(u64).range(1..))]
    pub array: Option<u64>,
    /// Partition of the cluster.
    #[arg(long, requires = "engine", value_parser = one_word)]
    pub partition: Option<String>,
    /// Time limit of a task, as Slurm writes it, for example 02:00:00.
    #[arg(long, requires = "engine", value_parser = one_word)]
    pub time: Option<String>,
    /// Memory of a task, as Slurm writes it, for example 2G.
    #[arg(long, requires = "engine", value_parser = one_word)]
    pub memory: Option<String>,
    /// How often lost parts are submitted again.
    #[arg(long, value_name = "N", requires = "engine", default_value_t = 3)]
    pub requeues: u32,
}

/// A word of a line of the batch script, in which a blank would begin another option and a line break a command.
fn one_word(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.,:+@".contains(c);
    if text.is_empty() || text.starts_with('-') || !text.chars().all(fits) {
        return Err("write one word of letters, digits and - _ . , : + @, for example cpu, 02:00:00 or 2G".to_owned());
    }
    Ok(text.to_owned())
}

/// Time between two looks at the queue.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) fn run(
    arguments: &SweepArguments,
    session: &Session,
    plan_text: &str,
    folder: &Path,
    pool: &rayon::ThreadPool,
) -> Exit {
    let runs = session.sweep.runs();
    let parts = arguments.cluster.array.unwrap_or(20).min(runs).max(1);
    if folder.to_string_lossy().contains(['"', '\\', '%']) {
        let words = format!("--out: {}: Slurm reads \", \\ and % in a path as something else", folder.display());
        return fail(Exit::Input, words);
    }
    let script = match script(arguments, session, folder, parts) {
        Ok(script) => script,
        Err(words) => return fail(Exit::Disk, words),
    };
    if arguments.dry_run {
        print!("{script}");
        return Exit::Fine;
    }
    let path = folder.join("slurm").join("sweep.sh");
    let written = fs::create_dir_all(folder.join("slurm")).and_then(|()| fs::write(&path, &script));
    if let Err(error) = written {
        return fail(Exit::Disk, format!("{}: {error}", path.display()));
    }
    let watch = Watch::new(arguments.quiet);
    for attempt in 0..=arguments.cluster.requeues {
        let lost = match pool.install(|| session.unfinished(parts)) {
            Ok(lost) => lost,
            Err(halt) => return tell_halt(&halt),
        };
        if lost.is_empty() {
            break;
        }
        if attempt > 0 {
            eprintln!(
                "{} of {parts} parts were lost; submitted again ({attempt} of {})",
                lost.len(),
                arguments.cluster.requeues
            );
        }
        let job = match submit(&path, &lost) {
            Ok(job) => job,
            Err(words) => return fail(Exit::Input, words),
        };
        eprintln!("job {job}: parts {} of {parts}", ranges(&lost));
        if !wait(&job, session, &watch) {
            watch.clear();
            eprintln!(
                "job {job} goes on without us; scancel {job} ends it\nthe same command looks at what is stored and runs the rest"
            );
            return Exit::Interrupted;
        }
        watch.clear();
    }
    pool.install(|| collect(arguments, session, plan_text, folder, &watch))
}

/// Numbers as Slurm writes them: "1-3,7".
fn ranges(numbers: &BTreeSet<u64>) -> String {
    let mut found: Vec<(u64, u64)> = Vec::new();
    for &number in numbers {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => found.push((number, number)),
        }
    }
    let words = |(first, last): &(u64, u64)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    found.iter().map(words).collect::<Vec<_>>().join(",")
}

/// A word that a shell takes as it is.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn script(arguments: &SweepArguments, session: &Session, folder: &Path, parts: u64) -> Result<String, String> {
    let absolute = |path: &Path| std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()));
    let program: PathBuf = std::env::current_exe().map_err(|error| error.to_string())?;
    let is_shipped = handover::experiment::shipped::is_shipped(&arguments.plan);
    let plan = if is_shipped { arguments.plan.clone() } else { absolute(&arguments.plan)? };
    let folder = absolute(folder)?;
    let threads = arguments.threads.unwrap_or(1).max(1);
    let cluster = &arguments.cluster;
    let mut lines = vec![
        "#!/bin/bash".to_owned(),
        format!("#SBATCH --job-name=handover-{}", session.sweep.plan.name),
        format!("#SBATCH --array=1-{parts}"),
        format!("#SBATCH --output=\"{}/slurm/%A_%a.log\"", folder.display()),
        "#SBATCH --open-mode=append".to_owned(),
        "#SBATCH --requeue".to_owned(),
        format!("#SBATCH --cpus-per-task={threads}"),
    ];
    let options = [("partition", &cluster.partition), ("time", &cluster.time), ("mem", &cluster.memory)];
    lines.extend(options.iter().filter_map(|(key, text)| Some(format!("#SBATCH --{key}={}", (*text).as_ref()?))));
    let shown = |path: &Path| quoted(&path.to_string_lossy());
    let mut command = format!("exec {} sweep {} --out {}", shown(&program), shown(&plan), shown(&folder));
    for setting in arguments.settings() {
        command.push_str(&format!(" --set {}", quoted(&setting)));
    }
    command.push_str(&format!(" --shard \"$SLURM_ARRAY_TASK_ID/{parts}\" --threads {threads} --quiet"));
    lines.push(
        "# every part may run any number of times, at once, or be killed: the store keeps one result a run".to_owned(),
    );
    lines.push(command);
    Ok(lines.join("\n") + "\n")
}

/// Submits the parts; the number of the job.
fn submit(script: &Path, parts: &BTreeSet<u64>) -> Result<String, String> {
    let array = format!("--array={}", ranges(parts));
    let said = Command::new("sbatch").args(["--parsable", &array]).arg(script).output().map_err(|error| {
        format!(
            "sbatch: {error}; --engine slurm is for a machine that can submit to Slurm; --dry-run prints the script"
        )
    })?;
    if !said.status.success() {
        return Err(format!("sbatch: {}", String::from_utf8_lossy(&said.stderr).trim()));
    }
    // "123" or "123;cluster"
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    text.trim()
        .split(';')
        .next()
        .filter(|job| !job.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| "sbatch said nothing".to_owned())
}

/// Waits until no task of a job is in the queue; false if somebody pressed Ctrl-C.
fn wait(job: &str, session: &Session, watch: &Watch) -> bool {
    watch.restart(session.sweep.runs());
    loop {
        let said = Command::new("squeue").args(["--noheader", "--array", "--format=%T", "--jobs", job]).output();
        watch.at(session.stored_runs());
        match said {
            Ok(said) if said.status.success() => {
                let text = String::from_utf8_lossy(&said.stdout).into_owned();
                let states: Vec<&str> = text.split_whitespace().collect();
                if states.is_empty() {
                    return true;
                }
                let running = states.iter().filter(|state| **state == "RUNNING").count();
                watch.say(format!("job {job}: {running} parts running, {} waiting", states.len() - running));
            }
            // a job that Slurm has forgotten has ended
            Ok(said) if String::from_utf8_lossy(&said.stderr).contains("Invalid job id") => return true,
            // a controller that does not answer for a while is no reason to give up
            _ => watch.say(format!("job {job}: squeue does not answer")),
        }
        if !watch.goes_on() {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_slurm_writes_them() {
        let of = |numbers: &[u64]| ranges(&numbers.iter().copied().collect());
        assert_eq!(of(&[1, 2, 3, 4]), "1-4");
        assert_eq!(of(&[7, 3, 1, 2, 9]), "1-3,7,9");
        assert_eq!(quoted("it's here"), "'it'\\''s here'");
    }

    #[test]
    fn an_option_is_one_word_of_one_line() {
        for text in ["cpu", "02:00:00", "1-02:00", "2G", "cpu,gpu"] {
            assert_eq!(one_word(text), Ok(text.to_owned()));
        }
        for text in ["", "cpu\ntouch pwned", "cpu\r", "cpu --wrap=ls", "$(ls)", "-x", "cpu;ls", "a\u{2028}b"] {
            assert!(one_word(text).unwrap_err().contains("for example"), "{text:?}");
        }
    }
}
