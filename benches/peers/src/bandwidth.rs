//! How fast memory is, which no loop over workers can beat.

use rayon::prelude::*;
use std::time::Instant;

/// Bytes a second that reading a large array and writing it back moves, on the threads of the pool.
pub fn bandwidth() -> f64 {
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
