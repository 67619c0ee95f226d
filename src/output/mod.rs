//! Floor 5: results as tables, pictures and words. Sees results, never the world.

pub mod calibrate;
pub mod codebook;
pub mod compare;
pub mod discover;
pub mod disk;
pub mod ensemble;
pub mod kit;
pub mod odd;
pub mod only;
pub mod plots;
pub mod run;
pub mod sensitivity;
pub mod solve;
pub mod sweep;
pub mod table;
pub mod validate;
