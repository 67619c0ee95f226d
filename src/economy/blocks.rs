//! How work on the columns is split. This is the only place that knows there are threads.
//!
//! Blocks are fixed by the population, never by the machine, and results come back in the order of
//! the blocks; so nothing depends on how many threads there are.

/// Does `work` for every block, on as many threads as the caller's pool has, and returns the results
/// in the order of the blocks.
pub fn over<B: Send, R: Send>(blocks: Vec<B>, work: impl Fn(B) -> R + Sync + Send) -> Vec<R> {
    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::*;
        blocks.into_par_iter().map(work).collect()
    }
    #[cfg(target_arch = "wasm32")]
    {
        blocks.into_iter().map(work).collect()
    }
}
