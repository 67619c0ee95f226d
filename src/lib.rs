//! `handover`: who is paid when filmed hours become robots.
//!
//! Six floors, each of which imports only downward: [`ground`], [`economy`], [`observe`], [`scenario`],
//! [`experiment`], [`output`].

pub mod economy;
pub mod ground;
