//! The reduced weekly loop (loop.md), built as the users of several frameworks would build it.
//!
//! `peers entities|entities_fast|columns|krabmaga|bandwidth WORKERS TICKS THREADS` runs one of them and prints a line of JSON.

#![allow(clippy::disallowed_methods)] // a stopwatch, and maths as users of these frameworks write it

mod columns;
mod common;
mod entities;
mod ground;
mod krabmaga_agents;

use rand::rngs::{StdRng, Xoshiro256PlusPlus};
use rayon::prelude::*;
use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse::<usize>().ok());
    let (Some(kind), Some(workers), Some(ticks), Some(threads)) = (words.first(), number(1), number(2), number(3))
    else {
        eprintln!("peers entities|entities_fast|columns|krabmaga|bandwidth WORKERS TICKS THREADS");
        std::process::exit(2);
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
        "krabmaga" => println!("{}", krabmaga_agents::run(workers, ticks)),
        "bandwidth" => println!("{{\"bytes_per_second\": {}}}", bandwidth()),
        other => panic!("there is no {other}"),
    }
}

/// Bytes a second that reading a large array and writing it back moves.
fn bandwidth() -> f64 {
    let mut array = vec![1_u64; 1 << 26];
    let mut best = 0.0_f64;
    for _ in 0..7 {
        let start = Instant::now();
        array.par_chunks_mut(1 << 16).for_each(|chunk| chunk.iter_mut().for_each(|x| *x = x.wrapping_add(3)));
        best = best.max(16.0 * array.len() as f64 / start.elapsed().as_secs_f64());
    }
    std::hint::black_box(&array);
    best
}
