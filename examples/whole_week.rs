//! Writes a settled world to a directory and simulates on from it several times, each time with other random numbers,
//! so that a program in another language can start from the same rows and be held to the same weeks:
//!
//! ```text
//! cargo run --release --example whole_week -- target/world 100000 26 8 law.training_places=0.01
//! ```
//!
//! Arguments: directory, workers, weeks, lives, settings. The world is the one `benches/week.rs` times:
//! the first economy, past a short spin-up and its first quarter. `benches/peers/python/whole_week.py` reads it.
//!
//! `world.json` holds the parameters and everything but the rows; `<column>.bin` a column of all
//! workers, little-endian, market by market; `lives.json` what each life saw every week, and how long it
//! took. Life 0 goes on with the random numbers of the founding on two threads; life 1 takes one thread.

#![allow(clippy::disallowed_methods)]

use bevy_ecs::prelude::*;
use handover::economy::adoption::Purchase;
use handover::economy::consent::{Fear, Stance};
use handover::economy::demand::Trade;
use handover::economy::settlement::owners::{Books, LabBooks, MakerBooks, Ownership};
use handover::economy::settlement::royalties::Pools;
use handover::economy::settlement::wallets::Takes;
use handover::economy::world::flows::Ledger;
use handover::economy::world::jobs::Jobs;
use handover::economy::world::labs::Labs;
use handover::economy::world::lists::Occupation;
use handover::economy::world::makers::Makers;
use handover::economy::world::markets::Markets;
use handover::economy::world::people::{Cohort, Columns, Status};
use handover::economy::world::programme::Filming;
use handover::economy::world::regions::Regions;
use handover::economy::world::robots::Frontier;
use handover::economy::world::sites::{Fleet, Robots, Site, Staff};
use handover::economy::{Economy, Luckbox, Parameters};
use handover::ground::list::Listed;
use handover::ground::random::Luck;
use handover::observe::install;

use handover::scenario::load;
use serde_json::{Value, json};
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

/// Workers of the first economy at one agent a person, about.
const PEOPLE: f64 = 361.7e6;

/// First tick of the comparison, as in `benches/week.rs`.
const FIRST: i32 = 14;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, workers, weeks, lives, settings @ ..] = arguments.as_slice() else {
        return Err("expected a directory, workers, weeks, lives, and settings, for example: world 100000 26 8".into());
    };
    let (directory, weeks, lives) = (Path::new(directory), weeks.parse::<usize>()?, lives.parse::<u32>()?);
    let persons = (PEOPLE / workers.parse::<f64>()?).round();
    let mut all = vec![format!("run.persons_per_agent={persons} persons"), "run.spin_up=8 weeks".to_owned()];
    all.extend_from_slice(settings);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/first-economy.toml");
    let scenario =
        load(&path, &all, &|path: &Path| std::fs::read_to_string(path)).map_err(|found| found.to_string())?;
    let parameters = scenario.parameters;
    std::fs::create_dir_all(directory)?;
    let mut lived = Vec::new();
    for life in 0..lives {
        let threads = if life == 1 { 1 } else { 2 };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        lived.push(
            pool.install(|| -> Result<Value, Box<dyn Error + Send + Sync>> {
                let mut economy = settled(&parameters)?;
                if life == 0 {
                    write_world(&mut economy, &parameters, directory)?;
                }
                live(&mut economy, weeks, life, threads)
            })
            .map_err(|error| error.to_string())?,
        );
    }
    serde_json::to_writer(BufWriter::new(File::create(directory.join("lives.json"))?), &lived)?;
    Ok(())
}

fn settled(parameters: &Parameters) -> Result<Economy, Box<dyn Error + Send + Sync>> {
    let mut economy = Economy::found(parameters, install);
    while economy.tick() < FIRST {
        economy.step().map_err(|breach| breach.to_string())?;
    }
    Ok(economy)
}

/// Simulates some weeks with the random numbers of this life; what was seen in each of them.
fn live(economy: &mut Economy, weeks: usize, life: u32, threads: usize) -> Result<Value, Box<dyn Error + Send + Sync>> {
    if life > 0 {
        economy.world.insert_resource(Luckbox(Luck::new(77, life)));
    }
    let (mut seen, mut nanoseconds) = (Vec::new(), Vec::new());
    for _ in 0..weeks {
        let before = employed(economy);
        let start = Instant::now();
        economy.step().map_err(|breach| breach.to_string())?;
        nanoseconds.push(start.elapsed().as_secs_f64() * 1e9 / economy.workers() as f64);
        seen.push(see(economy, &before));
    }
    Ok(json!({ "threads": threads, "nanoseconds": nanoseconds, "weeks": seen }))
}

fn employed(economy: &Economy) -> Vec<i64> {
    economy.world.resource::<Markets>().0.iter().map(|market| market.heads[0]).collect()
}

/// A week in a table of lists by region.
fn see(economy: &mut Economy, employed_before: &[i64]) -> Value {
    let regions = economy.world.resource::<Regions>().count();
    let mut seen: std::collections::BTreeMap<&str, Vec<f64>> = std::collections::BTreeMap::new();
    let mut add = |what: &'static str, region: usize, amount: f64| {
        seen.entry(what).or_insert_with(|| vec![0.0; regions])[region] += amount;
    };
    let world = &mut economy.world;
    let takes = world.resource::<Takes>();
    for ((market, sums), before) in world.resource::<Markets>().0.iter().zip(&takes.markets).zip(employed_before) {
        let r = market.region;
        for (word, heads) in ["employed", "unemployed", "outside", "training"].into_iter().zip(market.heads) {
            add(word, r, heads as f64);
        }
        for (word, paid) in ["wages", "insurance", "outside_wages", "stipends"].into_iter().zip(sums.paid) {
            add(word, r, paid as f64 / 1e6);
        }
        add("hires", r, market.flows.hires as f64);
        add("separations", r, (before + market.flows.hires - market.heads[0]) as f64);
        add("displaced", r, market.flows.displaced as f64);
        add("laid_off", r, market.flows.laid_off as f64);
        add("dismissed", r, market.flows.dismissed as f64);
        add("vacancies", r, market.flows.vacancies as f64);
        add("hours", r, market.recorded.credited as f64 / 1e3);
        add("capture_pay", r, sums.capture as f64 / 1e6);
        add("royalties", r, sums.royalties as f64 / 1e6);
        add("wage_insurance", r, sums.wage_insurance as f64 / 1e6);
        add("income_tax", r, sums.tax as f64 / 1e6);
        add("consumption", r, sums.consumption as f64 / 1e6);
        add("wallets", r, sums.after as f64 / 1e6);
    }
    for (site, stance, jobs) in world.query::<(&Site, &Stance, &Jobs)>().iter(world) {
        add("asked", site.region, stance.asked as f64);
        add("refusing", site.region, stance.refusing as f64);
        add("robot_hours", site.region, jobs.0.iter().map(|job| job.work.robot_hours).sum());
        add(
            "people_units",
            site.region,
            jobs.0.iter().map(|job| job.work.by_people as f64 * job.size.hours_per_unit).sum(),
        );
    }
    json!(seen)
}

fn write_world(
    economy: &mut Economy,
    parameters: &Parameters,
    directory: &Path,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let tick = economy.tick();
    let world = &mut economy.world;
    let ledger = world.resource::<Ledger>().clone();
    let cash = |id| ledger.balance(id).0;
    let sites: Vec<Value> = world
        .query::<(&Site, &Staff, &Jobs, &Filming, &Stance, &Fear, &Books)>()
        .iter(world)
        .map(|(site, staff, jobs, filming, stance, fear, books)| {
            json!({
                "site": site, "staff": staff, "jobs": jobs, "stance": stance, "fear": fear, "books": books,
                "films": filming.films, "lab": filming.lab, "offer": filming.offer,
                "contributed": filming.contributed, "filmed_share": filming.filmed_share,
                "cash": cash(site.account),
                "kinds": site.kind.kinds(), "occupations": site.kind.occupations(),
            })
        })
        .collect();
    let fleets: Vec<Value> = world
        .query::<(&Fleet, &Robots, &Purchase)>()
        .iter(world)
        .map(|(fleet, robots, purchase)| {
            json!({ "site": fleet.site, "class": fleet.class, "robots": robots, "purchase": purchase })
        })
        .collect();
    let labs: Vec<Value> = world
        .resource::<Labs>()
        .0
        .iter()
        .zip(&world.resource::<LabBooks>().0)
        .map(|(lab, books)| json!({ "lab": lab, "books": books, "cash": cash(lab.account), "fund": cash(lab.fund) }))
        .collect();
    let makers: Vec<Value> = world
        .resource::<Makers>()
        .0
        .iter()
        .zip(&world.resource::<MakerBooks>().0)
        .map(|(maker, books)| json!({ "maker": maker, "books": books, "cash": cash(maker.account) }))
        .collect();
    let regions: Vec<Value> = world
        .resource::<Regions>()
        .0
        .iter()
        .zip(&world.resource::<Frontier>().0)
        .map(|(region, feasible)| {
            json!({
                "region": region, "feasible": feasible,
                "government": cash(region.government), "rest": cash(region.rest),
            })
        })
        .collect();
    let occupations: Vec<Value> =
        Occupation::ALL.iter().map(|o| json!({ "name": o, "slot": o.slot(), "family": o.family() })).collect();
    let mut rows = vec![0_usize; world.resource::<Markets>().0.len()];
    let mut first_site = vec![0_usize; rows.len()];
    for (cohort, status) in world.query::<(&Cohort, &Status)>().iter(world) {
        rows[cohort.market] += status.0.len();
        first_site[cohort.market] = cohort.sites.0;
    }
    let whole = json!({
        "tick": tick, "regions": parameters.regions, "trade": world.resource::<Trade>().0,
        "owners": world.resource::<Ownership>().0,
        "licensor": parameters.licensor, "law": parameters.first_law, "parameters": parameters.sections(),
        "markets": *world.resource::<Markets>(), "occupations": occupations, "sites": sites, "fleets": fleets,
        "labs": labs, "makers": makers, "regional": regions, "rows": rows, "first_site": first_site,
        "pools": *world.resource::<Pools>(),
    });
    serde_json::to_writer(BufWriter::new(File::create(directory.join("world.json"))?), &whole)?;
    let open = |name: &str| File::create(directory.join(format!("{name}.bin"))).map(BufWriter::new);
    macro_rules! write_columns {
        ($($name:ident: $column:ident,)*) => {{
            $(let mut $name = open(stringify!($name))?;)*
            for columns in world.query::<Columns>().iter(world) {
                $(columns.$name.0.iter().try_for_each(|x| $name.write_all(&x.to_le_bytes()))?;)*
            }
            $($name.flush()?;)*
        }};
    }
    handover::worker_columns!(write_columns);
    Ok(())
}
