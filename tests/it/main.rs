//! The tests of the whole, in one binary: what every one of them links is linked once.
//!
//! One file is one subject: `cargo test --release --test it golden::` runs the tests of `golden.rs`, and a part of a
//! test's name runs the tests with that part. Files behind `cli` need the command or the results it writes; the others
//! are also built without it, as the model is for the browser.

mod common;

mod architecture;
mod behaviour;
mod dependencies;
mod equal_meaning;
mod examples;
mod golden;
mod hours;
mod identities;
mod incidence;
mod levers;
mod library;
mod luck;
mod makers;
mod misspelling;
mod prose;
mod rules;
mod scales;
mod ticks;
mod trade;
mod wanted;
mod weights;
mod willingness;
#[path = "../../fuzz/worlds.rs"]
mod worlds;

#[cfg(feature = "cli")]
mod became;
#[cfg(feature = "cli")]
mod book;
#[cfg(feature = "cli")]
mod bounds;
#[cfg(feature = "cli")]
mod calibrate;
#[cfg(feature = "cli")]
mod checkpoints;
#[cfg(feature = "cli")]
mod command_line;
#[cfg(feature = "cli")]
mod compare;
#[cfg(feature = "cli")]
mod conventions;
#[cfg(feature = "cli")]
mod demo;
mod demography;
#[cfg(feature = "cli")]
mod ensemble;
#[cfg(feature = "cli")]
mod folders;
#[cfg(feature = "cli")]
mod follow;
#[cfg(feature = "cli")]
mod gains;
#[cfg(feature = "cli")]
mod grain;
#[cfg(feature = "cli")]
mod hostile;
#[cfg(feature = "cli")]
mod language;
#[cfg(feature = "cli")]
mod later;
#[cfg(feature = "cli")]
mod model_digest;
#[cfg(feature = "cli")]
mod never_lose;
mod new_work;
#[cfg(feature = "cli")]
mod odd;
#[cfg(feature = "cli")]
mod only;
#[cfg(feature = "cli")]
mod outcome;
#[cfg(feature = "cli")]
mod outside;
#[cfg(feature = "cli")]
mod own_region;
#[cfg(feature = "cli")]
mod panel;
#[cfg(feature = "cli")]
mod paper;
#[cfg(feature = "cli")]
mod plotted;
#[cfg(feature = "cli")]
mod received;
#[cfg(feature = "cli")]
mod received_doors;
#[path = "../../fuzz/received.rs"]
#[cfg(feature = "cli")]
mod received_properties;
#[cfg(feature = "cli")]
mod reference;
#[cfg(feature = "cli")]
mod refusals;
#[cfg(feature = "cli")]
mod relations;
#[cfg(feature = "cli")]
mod reproducible;
#[cfg(feature = "cli")]
mod results;
#[cfg(feature = "cli")]
mod sensitivity;
#[cfg(feature = "cli")]
mod solve;
#[cfg(feature = "cli")]
mod spreadsheets;
#[cfg(feature = "cli")]
mod statistics;
#[cfg(feature = "cli")]
mod sweep;
#[cfg(feature = "cli")]
mod sweep_table;
#[cfg(feature = "cli")]
mod theory;
#[cfg(feature = "cli")]
mod validate;
#[cfg(feature = "cli")]
mod versions;
#[cfg(feature = "cli")]
mod warned;
