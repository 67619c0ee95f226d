//! A week by phase at 10^4.5, 10^5.5 and 10^7 workers, the founding, and the share of the identities.
//!
//! `cargo bench` runs criterion over the whole week and the founding, then prints one table: phases in
//! nanoseconds a worker and week, beside a memory-bandwidth yardstick measured in the same run.
//! `HANDOVER_THREADS` sets the threads (default 2), `HANDOVER_SCENARIO` the scenario (default `baseline`).

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "peers/src/bandwidth.rs"]
mod bandwidth;

use bandwidth::bandwidth;
use criterion::{Criterion, Throughput};
use handover::economy::calendar::{Phase, alone};
use handover::economy::{Economy, Parameters};
use handover::observe::install;
use handover::scenario::load;
use std::path::Path;
use std::time::{Duration, Instant};

/// Workers at one agent a person, about.
const PEOPLE: f64 = 361.7e6;

/// 10^4.5 and 10^5.5, where the sites are what costs, and 10^7, where the workers are.
const SIZES: [f64; 3] = [31_623.0, 316_228.0, 1e7];

fn parameters(workers: f64) -> Parameters {
    let name = std::env::var("HANDOVER_SCENARIO").unwrap_or_else(|_| "baseline".to_owned());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.toml"));
    let persons = format!("run.persons_per_agent={} persons", (PEOPLE / workers).round());
    let settings = [persons, "run.spin_up=8 weeks".to_owned(), "run.least_agents=0".to_owned()];
    load(&path, &settings, &|path: &Path| std::fs::read_to_string(path)).expect("the scenario is right").parameters
}

/// An economy past its spin-up and its first quarter, when all rules are at work.
fn settled(workers: f64) -> Economy {
    let mut economy = Economy::found(&parameters(workers), install);
    while economy.tick() < 14 {
        economy.step().expect("identities hold");
    }
    economy
}

fn whole_weeks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("week");
    group.sample_size(10);
    for workers in SIZES {
        let mut economy = settled(workers);
        group.throughput(Throughput::Elements(economy.workers() as u64));
        group.bench_function(format!("{} workers", economy.workers()), |bencher| {
            bencher.iter(|| economy.step().expect("identities hold"));
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("founding");
    group.sample_size(10);
    for &workers in &SIZES[..2] {
        let parameters = parameters(workers);
        group.bench_function(format!("{workers:e} workers"), |bencher| {
            bencher.iter(|| Economy::found(&parameters, install));
        });
    }
    group.finish();
}

/// Time that all threads of the process spent on a processor: what other programs take does not count.
fn on_processor() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let spent = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(spent.sum())
}

/// Time in each phase over some weeks: by the clock, and on the processors.
fn phases(economy: &mut Economy, weeks: usize) -> Vec<(Phase, [Duration; 2])> {
    let mut schedules: Vec<_> = Phase::ALL.iter().map(|&phase| (phase, alone(phase), [Duration::ZERO; 2])).collect();
    // audit and observation are on the floor above: split them out of a full installation
    for (phase, schedule, _) in &mut schedules {
        match phase {
            Phase::Audit => {
                schedule.add_systems(handover::observe::identities::audit);
            }
            Phase::Observation => {
                schedule.add_systems(handover::observe::indicators::record);
                schedule.add_systems(handover::observe::indicators::record_flows);
            }
            _ => {}
        }
    }
    for _ in 0..weeks {
        for (_, schedule, spent) in &mut schedules {
            let (start, busy) = (Instant::now(), on_processor());
            schedule.run(&mut economy.world);
            spent[0] += start.elapsed();
            spent[1] += on_processor().saturating_sub(busy);
        }
        economy.turn_the_page().expect("identities hold");
    }
    schedules.into_iter().map(|(phase, _, spent)| (phase, spent)).collect()
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).and_then(|line| line.split_whitespace().nth(1));
    line.and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(f64::NAN) * 1024.0
}

fn table() {
    println!("\nnanoseconds a worker and week, by phase: by the clock, its share, and on the processors");
    println!("instructions: {}, threads: {}", handover::ground::lanes::level_name(), rayon::current_num_threads());
    for workers in SIZES {
        let before = resident();
        let mut economy = settled(workers);
        let count = economy.workers() as f64;
        let memory = (resident() - before) / count;
        let weeks = (3e7 / workers).clamp(4.0, 104.0) as usize;
        let spent = phases(&mut economy, weeks);
        let each = |time: Duration| time.as_secs_f64() * 1e9 / (count * weeks as f64);
        let total = [0, 1].map(|n| spent.iter().map(|(_, time)| each(time[n])).sum::<f64>());
        println!("\n{count:.0} workers, {weeks} weeks, {memory:.1} bytes a worker");
        for (phase, time) in &spent {
            let [clock, busy] = time.map(each);
            println!("  {:<14}{clock:>9.3}{:>7.1} %{busy:>9.3}", format!("{phase:?}"), clock / total[0] * 100.0);
        }
        println!("  {:<14}{:>9.3}{:>17.3}", "all", total[0], total[1]);
    }
    let bytes = bandwidth();
    println!("\nmemory bandwidth (read and write back): {:.1} GB/s", bytes / 1e9);
    // a week reads about 29 bytes a worker and writes 8 back
    println!("a week's columns, 37 bytes a worker, at that speed: {:.2} ns a worker", 37.0 / bytes * 1e9);
}

fn main() {
    let threads = std::env::var("HANDOVER_THREADS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("a thread pool");
    let is_list = std::env::args().any(|argument| argument == "--list" || argument == "--test");
    let mut criterion = Criterion::default().configure_from_args();
    if !is_list && std::env::var_os("HANDOVER_TABLE_ONLY").is_none() {
        whole_weeks(&mut criterion);
    }
    if !is_list {
        table();
    }
    criterion.final_summary();
}
