//! Floor 0: units, maths, random draws, the ledger. Nothing here has heard of a robot.

pub mod backstop;
pub mod histogram;
pub mod lanes;
pub mod ledger;
pub mod maths;
pub mod random;
pub mod units;
