//! `handover`: who is paid when filmed hours become robots.
//!
//! Six floors, each of which imports only downward: [`ground`], [`economy`], [`observe`], [`scenario`],
//! [`experiment`], [`output`]; the doors are in the binary.

pub mod economy;
pub mod experiment;
pub mod ground;
pub mod observe;
#[cfg(feature = "cli")]
pub mod output;
pub mod scenario;
