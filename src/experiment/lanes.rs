//! Many pieces of work on a few lanes: in any order, where each lane takes the next piece when it has done one; or in
//! waves, where what comes of them is wanted in their order.

use crate::economy::NoMemory;
use rayon::prelude::*;
use std::any::Any;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Does `count` pieces of work on as many lanes as the present pool has threads, each by one thread alone, in their order as far as one can
/// speak of it, until one says `false`.
///
/// # Errors
/// That a lane could not be opened.
pub fn each(count: u64, work: impl Fn(u64) -> bool + Sync) -> Result<(), String> {
    let lanes = u64::try_from(rayon::current_num_threads()).unwrap_or(1).min(count).max(1);
    let (next, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    (0..lanes).collect::<Vec<_>>().into_par_iter().with_max_len(1).try_for_each(|_| {
        // what a run does in parallel stays on its lane
        let lane = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|error| error.to_string())?;
        lane.install(|| {
            while !is_over.load(Ordering::Relaxed) {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                if piece >= count {
                    break;
                }
                if !work(piece) {
                    is_over.store(true, Ordering::Relaxed);
                }
            }
        });
        Ok(())
    })
}

/// Does up to `most` pieces of work, numbered from `first` on, as many at a time as the present pool has threads.
/// `take` gets what came of them in the order of their numbers, the words of a panic where there was one, and says
/// whether to go on. Where there are at least as many pieces as threads, each is worked on by one thread alone.
///
/// # Panics
/// With [`NoMemory`], as a piece did: the others would find none either.
pub fn in_waves<D: Send>(
    first: u32,
    most: u32,
    work: impl Fn(u32) -> D + Sync,
    mut take: impl FnMut(u32, Result<D, String>) -> ControlFlow<()>,
) {
    let lanes = rayon::current_num_threads().min(most as usize).max(1);
    let is_one_thread_each = most as usize >= rayon::current_num_threads();
    let single = || rayon::ThreadPoolBuilder::new().num_threads(1).build().ok();
    let pools: Vec<_> = (0..lanes).map(|_| if is_one_thread_each { single() } else { None }).collect();
    let numbers: Vec<u32> = (first..first.saturating_add(most)).collect();
    for wave in numbers.chunks(lanes) {
        let ended: Vec<_> = wave
            .par_iter()
            .zip(&pools)
            .map(|(&number, pool)| {
                let attempt = || catch_unwind(AssertUnwindSafe(|| work(number)));
                pool.as_ref().map_or_else(attempt, |pool| pool.install(attempt))
            })
            .collect();
        for (&number, end) in wave.iter().zip(ended) {
            let end = match end {
                Err(panic) if panic.is::<NoMemory>() => resume_unwind(panic),
                end => end.map_err(|panic| words_of(&*panic)),
            };
            if take(number, end).is_break() {
                return;
            }
        }
    }
}

/// What a panic said.
pub fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panic: {}", text.unwrap_or("without words"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn every_piece_is_done_once_on_one_thread() {
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let done = Mutex::new(Vec::new());
            let work = |piece| {
                assert_eq!(rayon::current_num_threads(), 1);
                done.lock().unwrap().push(piece);
                true
            };
            pool.install(|| each(100, work)).unwrap();
            let mut done = done.into_inner().unwrap();
            done.sort_unstable();
            assert_eq!(done, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn one_that_says_no_stops_all() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let done = AtomicU64::new(0);
        pool.install(|| {
            each(1_000_000, |piece| {
                done.fetch_add(1, Ordering::Relaxed);
                piece < 10
            })
        })
        .unwrap();
        assert!(done.into_inner() < 100_000);
    }
}
