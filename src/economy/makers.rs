//! Makers: who makes the robots of a class.

use super::lists::Class;
use crate::ground::ledger::AccountId;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// All makers, one for each class, in the order of the classes.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Makers(pub Vec<Maker>);

/// The maker of a class.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Maker {
    /// What it makes.
    pub class: Class,
    /// Region index of its home.
    pub home: usize,
    /// Its account.
    pub account: AccountId,
    /// Q: units ever made.
    pub made: f64,
    /// P: price now, before regional factors.
    pub price: f64,
}
