//! The project's own draws and lanes, as they are: the same files.
#![allow(dead_code, unused_imports)]

#[path = "../../../src/ground/lanes.rs"]
pub mod lanes;
#[path = "../../../src/ground/maths.rs"]
pub mod maths;
#[path = "../../../src/ground/numbers.rs"]
pub mod numbers;
#[path = "../../../src/ground/random/mod.rs"]
pub mod random;
