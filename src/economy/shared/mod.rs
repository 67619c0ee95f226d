//! What several rules share: how they count, grow, draw and are chosen.
//!
//! How many people an agent stands for ([`weights`]) and what that does to a small crew ([`crews`]); growth that fades
//! ([`growth`]) and scars that do ([`scars`]); the forms of rules among which a scenario chooses ([`forms`]), numbers
//! by year ([`path`]) and what can be wrong with one ([`fault`]); what draws are for ([`streams`]) and how work is
//! split over threads ([`blocks`]).

pub mod blocks;
pub mod crews;
pub mod fault;
pub mod forms;
pub mod growth;
pub(crate) mod numbers;
pub mod path;
pub mod scars;
pub mod streams;
pub mod weights;
