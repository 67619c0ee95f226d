//! Floor 4: experiments on economies. A run is the simplest.

pub mod absorbed;
pub mod amount;
pub mod became;
pub mod calibrate;
pub mod checkpoint;
pub mod compare;
pub mod discover;
pub mod ensemble;
pub mod follow;
pub mod lanes;
#[cfg(test)]
mod luck;
mod open;
pub mod origin;
pub mod outcome;
pub mod run;
pub mod sensitivity;
pub mod shipped;
pub mod solve;
pub mod sweep;
pub mod tally;
pub mod validate;
pub mod watcher;
mod written;

pub use open::open_scenario;

/// Names the model by its sources, as `build.rs` digests them: what was stored by another model is not taken for
/// what this one computes.
pub const MODEL_DIGEST: &str = env!("HANDOVER_MODEL");
