//! The reduced weekly loop (loop.md), built as the users of several frameworks would build it.
//!
//! `peers entities|entities_fast|columns|krabmaga|bandwidth WORKERS TICKS THREADS` runs one of them and prints a line of JSON;
//! `peers sweep WORKERS TICKS THREADS SEEDS SEPARATIONS` runs the columns once for each pair of the two lists (`1,2,3`).

#![allow(clippy::disallowed_methods)] // a stopwatch, and maths as users of these frameworks write it

mod bandwidth;
mod columns;
mod common;
mod entities;
mod ground;
mod krabmaga_agents;

use rand::rngs::{StdRng, Xoshiro256PlusPlus};

/// Numbers with commas between them.
fn list<T: std::str::FromStr>(word: Option<&String>) -> Option<Vec<T>> {
    word?.split(',').map(|part| part.parse().ok()).collect()
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse::<usize>().ok());
    let wrong = || -> ! {
        eprintln!(
            "peers entities|entities_fast|columns|krabmaga|bandwidth WORKERS TICKS THREADS\n\
             peers sweep WORKERS TICKS THREADS SEEDS SEPARATIONS"
        );
        std::process::exit(2)
    };
    let (Some(kind), Some(workers), Some(ticks), Some(threads)) = (words.first(), number(1), number(2), number(3))
    else {
        wrong()
    };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("a thread pool");
    match kind.as_str() {
        "entities" => {
            println!("{}", entities::run::<StdRng>("bevy_ecs, an entity a worker, StdRng", workers, ticks));
        }
        "entities_fast" => {
            let name = "bevy_ecs, an entity a worker, xoshiro256++";
            println!("{}", entities::run::<Xoshiro256PlusPlus>(name, workers, ticks));
        }
        "columns" => println!("{}", columns::run(workers, ticks)),
        "sweep" => {
            let (Some(seeds), Some(separations)) = (list(words.get(4)), list(words.get(5))) else { wrong() };
            println!("{}", columns::sweep(workers, ticks, &seeds, &separations));
        }
        "krabmaga" => println!("{}", krabmaga_agents::run(workers, ticks)),
        "bandwidth" => println!("{{\"bytes_per_second\": {}}}", bandwidth::bandwidth()),
        other => panic!("there is no {other}"),
    }
}
