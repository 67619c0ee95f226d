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
    /// Robots it can make in a year.
    pub capacity: f64,
    /// Part of the next robot agent that is made.
    pub begun: f64,
    /// Robot agents delivered in this tick.
    pub delivered: i64,
    /// What was ordered of it.
    pub orders: OrderBook,
}

/// What was ordered of a maker since the start, robot agents: placed = delivered + cancelled + waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderBook {
    /// Ever ordered.
    pub placed: i64,
    /// Ever delivered.
    pub delivered: i64,
    /// Ever given up.
    pub cancelled: i64,
    /// Waiting now.
    pub waiting: i64,
}
