//! Results on the disk: written whole or not at all, kept, listed, and made again to compare.

pub mod files;
pub mod kept;
pub mod manifest;
pub mod ours;
pub mod sweep_store;
pub mod verify;
pub mod workplace;
