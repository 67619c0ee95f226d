//! Is there memory for a world? Said before anything is made, as far as is known then; a world that finds none for its
//! workers although it seemed there was some is refused when it is founded. An allocation that fails later ends the
//! process at once, with nothing said and a working folder left behind, which the next run clears.

use super::Exit;
use super::error::Failed;
use super::forecast::{BYTES_PER_AGENT, MANY, count};
use handover::economy::NoMemory;
use handover::scenario::Scenario;
use std::fs::read_to_string;

/// Bytes of the program, of a few agents and of what is written, estimated on the baseline at 3,600 agents.
const BASE: f64 = 75e6;
/// Bytes of a picture while it is drawn: each thread draws one at a time.
const PICTURE: f64 = 46e6;
/// Pictures of a run.
const PICTURES: usize = 10;
/// How much more of the address space than of the memory a world takes: what is allocated anew while the old is
/// still there.
const SPACE: f64 = 1.5;
/// Addresses that a thread takes for its stack, and those that the allocator sets aside for it, as glibc does for
/// as many threads as eight a core.
const STACK: f64 = 2.2e6;
const ARENA: f64 = 67e6;
const ARENAS: usize = 8;

/// What limits a process.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Limits {
    /// Bytes of memory that nobody uses.
    memory: Option<f64>,
    /// Bytes of addresses that this process may have (`ulimit -v`).
    space: Option<f64>,
}

impl Limits {
    fn here() -> Limits {
        let field = |file: &str, key: &str, place: usize| -> Option<f64> {
            let text = read_to_string(file).ok()?;
            text.lines().find_map(|line| line.strip_prefix(key))?.split_whitespace().nth(place)?.parse().ok()
        };
        let number = |file: &str| read_to_string(file).ok()?.trim().parse::<f64>().ok();
        let free = field("/proc/meminfo", "MemAvailable:", 0).map(|kilobytes| kilobytes * 1024.0);
        // a container may have less than the machine
        let used = number("/sys/fs/cgroup/memory.current").unwrap_or(0.0);
        let share = number("/sys/fs/cgroup/memory.max").map(|most| (most - used).max(0.0));
        let memory = [free, share].into_iter().flatten().reduce(f64::min);
        Limits { memory, space: field("/proc/self/limits", "Max address space", 0) }
    }

    /// Demands room for `needed` bytes, and for `aside` bytes of addresses on top of what they take.
    fn demand(self, needed: f64, aside: f64) -> Result<(), String> {
        let space = needed * SPACE + aside;
        let told = |needed: f64, there: f64, of: &str| {
            Err(format!("this needs about {:.0} MB of memory, and {of} {:.0} MB", needed / 1e6, there / 1e6))
        };
        match self {
            Limits { memory: Some(there), .. } if needed > there => told(needed, there, "there are"),
            Limits { space: Some(there), .. } if space > there => {
                told(space, there, "the limit of this process (ulimit -v) is")
            }
            _ => Ok(()),
        }
    }
}

/// Demands memory for so many worlds of a scenario at once, on so many threads.
///
/// # Errors
/// What is needed, what there is, and what to change.
pub(super) fn demand(scenario: &Scenario, worlds: usize, threads: Option<usize>) -> Result<(), String> {
    let threads = threads.unwrap_or_else(cores);
    let run = &scenario.parameters.run;
    let agents = count(scenario) as f64;
    demand_for(worlds.max(1) as f64 * agents, threads).map_err(|words| {
        let at_once = if worlds > 1 { format!(", {worlds} worlds at once") } else { String::new() };
        let fewer = if worlds > 1 || threads > cores() { " or fewer --threads" } else { "" };
        let most = run.persons_per_agent.values().map(|persons| persons.0).fold(1.0, f64::max) * 10.0;
        let any = if run.least_agents > 0 { " --set run.least_agents=0" } else { "" };
        format!(
            "{}: {words} ({agents:.0} agents{at_once}); let an agent stand for more people{fewer}: --set run.persons_per_agent={most}{any}",
            scenario.about.name
        )
    })
}

/// Demands memory for the worlds that `check` simulates to forecast a run.
///
/// # Errors
/// What is needed, and what there is.
pub(super) fn for_forecast() -> Result<(), String> {
    demand_for(MANY, cores())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn demand_for(agents: f64, threads: usize) -> Result<(), String> {
    let needed = agents * BYTES_PER_AGENT + BASE + threads.min(PICTURES) as f64 * PICTURE;
    let aside = threads as f64 * STACK + threads.min(ARENAS * cores()) as f64 * ARENA;
    Limits::here().demand(needed, aside)
}

/// Demands it as [`demand`] does, for commands that put the exit code beside their words.
///
/// # Errors
/// The exit code, and what is to be said.
pub(super) fn or_disk(scenario: &Scenario, worlds: usize, threads: Option<usize>) -> Result<(), Failed> {
    demand(scenario, worlds, threads).map_err(|words| Failed::new(Exit::Disk, format!("error: {words}")))
}

/// What is said where a world was refused when it was founded.
pub(super) fn told(none: NoMemory) -> String {
    format!(
        "{none}; let an agent stand for more people, with run.persons_per_agent, or take fewer --threads: each takes \
         memory of its own"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tighter_limit_counts_and_no_limit_is_none() {
        let refused = |memory, space| Limits { memory, space }.demand(1e9, 1e8).err();
        assert_eq!(refused(None, None), None);
        assert_eq!(refused(Some(2e9), Some(2e9)), None);
        // 1.5 times a thousand megabytes, and a hundred for the threads
        assert!(refused(Some(0.9e9), None).unwrap().contains("there are 900 MB"));
        assert!(refused(Some(9e9), Some(1.4e9)).unwrap().contains("1600 MB of memory"));
        assert!(refused(None, Some(1.55e9)).is_some());
    }
}
