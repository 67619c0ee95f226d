//! How work on the columns is split. This is the only place that knows there are threads.
//!
//! Blocks are fixed by the population, never by the machine, and results come back in the order of
//! the blocks; so nothing depends on how many threads there are.

/// Pieces a thread that blocks are handed out in. Some blocks take longer than others, and a thread that
/// is done must find something left to take over.
#[cfg(not(target_arch = "wasm32"))]
const PIECES: usize = 16;

/// Does `work` for every block, on as many threads as the caller's pool has, and returns the results
/// in the order of the blocks.
pub fn over<B: Send, R: Send>(blocks: Vec<B>, work: impl Fn(B) -> R + Sync + Send) -> Vec<R> {
    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::*;
        let most = blocks.len().div_ceil(PIECES * rayon::current_num_threads());
        blocks.into_par_iter().with_max_len(most.max(1)).map(work).collect()
    }
    #[cfg(target_arch = "wasm32")]
    {
        blocks.into_iter().map(work).collect()
    }
}

/// Blocks of one market that go through a phase together.
const GROUP: usize = 4;

/// Neighbouring blocks of one kind in groups, so that what they share is computed once a group and what they
/// bring is added up within it, on many threads.
pub fn grouped<B, K: PartialEq>(blocks: &mut [B], kind: impl Fn(&B) -> K) -> Vec<&mut [B]> {
    let alike = blocks.chunk_by_mut(|one, next| kind(one) == kind(next));
    alike.flat_map(|blocks| blocks.chunks_mut(GROUP)).collect()
}

/// Items that [`each`] does on one thread before another may take over.
const HANDFUL: usize = 64;

/// Does `work` for every item by itself, a handful a block.
pub fn each<T: Send>(mut items: Vec<T>, work: impl Fn(&mut T) + Sync + Send) {
    over(items.chunks_mut(HANDFUL).collect(), |handful| handful.iter_mut().for_each(&work));
}

/// Threads that [`awake`] keeps so, the caller's included: more find no work in a week of a country's size.
#[cfg(not(target_arch = "wasm32"))]
const HANDS: usize = 4;

/// Does `work` while other threads of the caller's pool stay awake for its blocks.
///
/// A week is cut into short stretches of blocks, and to wake a sleeping thread for each takes as long as
/// the stretch itself at one agent for a thousand people. The price is a second processor that is busy
/// all the time. For one run in a pool: of two at once, each would wait for the end of the other.
#[cfg(not(target_arch = "wasm32"))]
pub fn awake<R>(work: impl FnOnce() -> R) -> R {
    use std::sync::atomic::{AtomicBool, Ordering};
    struct Done<'a>(&'a AtomicBool);
    impl Drop for Done<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let Some(caller) = rayon::current_thread_index() else { return work() };
    // a thread that spins where there is no processor for it takes one away from the work
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let done = AtomicBool::new(false);
    rayon::in_place_scope(|scope| {
        scope.spawn_broadcast(|_, thread| {
            let from_caller = (thread.index() + thread.num_threads() - caller) % thread.num_threads();
            let is_needed = (1..HANDS.min(processors)).contains(&from_caller);
            while is_needed && !done.load(Ordering::Relaxed) {
                if rayon::yield_now() != Some(rayon::Yield::Executed) {
                    std::thread::yield_now();
                }
            }
        });
        // also when the work panics, or the threads would wait for ever
        let _done = Done(&done);
        work()
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn groups_are_neighbours_of_one_kind_in_their_order() {
        let kinds = [1, 1, 1, 1, 1, 2, 1, 3, 3];
        let mut blocks: Vec<usize> = (0..kinds.len()).collect();
        let groups = grouped(&mut blocks, |&block| kinds[block]);
        assert_eq!(groups, [&[0, 1, 2, 3][..], &[4], &[5], &[6], &[7, 8]]);
    }

    #[test]
    fn work_with_threads_kept_awake_ends_with_its_result_or_its_panic() {
        for threads in [1, 2, 6] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let squares = || over((0..100).collect(), |n: u64| n * n).iter().sum::<u64>();
            assert_eq!(pool.install(|| awake(squares)), 328_350);
            let fails = || awake(|| over(vec![1, 2, 3], |n| assert!(n != 2, "two")));
            assert!(catch_unwind(AssertUnwindSafe(|| pool.install(fails))).is_err());
            assert_eq!(pool.install(|| awake(squares)), 328_350);
        }
        assert_eq!(awake(|| 7), 7);
    }
}
