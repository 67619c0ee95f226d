//! Floor 4: experiments on economies. A run is the simplest.

pub mod follow;
pub mod ensemble;
pub mod estimate;
pub mod run;
