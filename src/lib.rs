//! `handover`: who is paid when filmed hours become robots.
//!
//! Factory workers are filmed at work. The hours train robots; robots take over jobs, elsewhere and in time at home
//! too. Does anything of what robots earn flow back to those whose hours they learnt from, and what would a royalty,
//! a robot tax, a right to refuse the camera change? This library simulates it, worker by worker and dollar by dollar:
//! a run is the same to the bit on every machine, and no cent comes from nowhere. What it says is conditional on the
//! assumptions of its scenario; it is no forecast.
//!
//! # A run in ten lines
//!
//! ```
//! use handover::prelude::*;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let settings = ["run.persons_per_agent=400000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=3"];
//!     let scenario = open_scenario("scenarios/royalty-15.toml", &settings)?;
//!     let results = run(&scenario, |_| true)?;
//!     for (tick, persons) in results.history(Metric::Employed, "IND", "all")? {
//!         println!("tick {tick}: {persons} at work");
//!     }
//!     assert_eq!(results.money_discrepancy, 0);
//!     Ok(())
//! }
//! ```
//!
//! A misspelt metric does not compile; a misspelt region, key or item is an error that says what there is instead.
//! The folder `examples/` goes on from here: `quickstart.rs` prints a table, `my_policy.rs` lets a rule of one's own,
//! written in code, govern against the baseline with the same random numbers, `sweep.rs` turns a lever over a grid.
//!
//! # Six floors
//!
//! Each imports only downward.
//!
//! | floor | module | what it knows |
//! |---|---|---|
#![cfg_attr(feature = "cli", doc = "| 6 command line | [`cli`] | arguments in, text out |")]
#![cfg_attr(not(feature = "cli"), doc = "| 6 command line | `cli` | only with the feature `cli` |")]
#![cfg_attr(
    feature = "cli",
    doc = "| 5 output | [`output`] | tables, pictures, pages; sees results, never the world |"
)]
#![cfg_attr(not(feature = "cli"), doc = "| 5 output | `output` | only with the feature `cli` |")]
//! | 4 experiment | [`experiment`] | a run, an ensemble, a comparison, a sweep, a search, a calibration |
//! | 3 scenario | [`scenario`] | files become parameters; every problem with its place in the file |
//! | 2 observe | [`observe`] | reads the economy, never writes it: indicators, the receipt, lives |
//! | 1 economy | [`economy`] | the loop: one file a rule, and the calendar ([`economy::calendar`]) |
//! | 0 ground | [`ground`] | units, exact money, random numbers with an owner, statistics |
//!
//! Without the default feature `cli` the floors 0 to 4 are built, as for the browser.

// the command line names the library as any other program does
#[cfg(feature = "cli")]
extern crate self as handover;

#[cfg(feature = "cli")]
pub mod cli;
pub mod economy;
pub mod experiment;
pub mod ground;
pub mod observe;
#[cfg(feature = "cli")]
pub mod output;
pub mod prelude;
pub mod scenario;

/// The Rust of the book, which is run as the examples of the documentation are.
#[cfg(doctest)]
#[doc = include_str!("../docs/in-code.md")]
pub struct Book;
