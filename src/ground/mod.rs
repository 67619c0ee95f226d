//! Floor 0: units, maths, random draws, statistics, the ledger. Nothing here has heard of a robot.

pub mod backstop;
pub mod by_region;
pub mod histogram;
pub mod lanes;
pub mod ledger;
pub mod list;
pub mod maths;
pub mod money;
pub mod numbers;
pub mod random;
pub mod said;
pub mod statistics;
pub mod summed;
pub mod units;
pub mod words;
