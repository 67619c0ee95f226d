//! What a robot costs, who buys, what wears out.
//!
//! - [`awareness`]: which sites have heard of a class
//! - [`costs`]: what a unit costs by hand and by robot, and how fast a robot pays
//! - [`orders`]: which sites order how many
//! - [`deliveries`]: how many of them makers deliver, and what they learn
//! - `service`: robots fail, are repaired, retire
//!
//! Left out: second-hand robots, leasing, financing costs, waiting for prices to fall.

pub mod awareness;
pub mod costs;
pub mod deliveries;
pub mod orders;
mod service;

pub use costs::compare_costs;
pub use deliveries::deliver_robots;
pub use orders::order_robots;
pub use service::age_robots;

use crate::economy::policy::RunParameters;
use crate::economy::shared::numbers::numbers;
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::robots::RobotParameters;
use crate::economy::world::sites::SiteParameters;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// A site's mind about one class.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Purchase {
    /// Awareness: hazard gathered so far, and how much it takes.
    pub hazard: f64,
    /// Exponential threshold, stratified over the sites of a region and type.
    pub threshold: f64,
    /// Longest payback accepted, years.
    pub hurdle: f64,
    /// Robots it wants to have now, robot agents, not rounded.
    pub plan: f64,
    /// The site's fixed draw for rounding.
    pub rounding: f64,
    /// Robots it would have if it could at once, robot agents.
    pub target: f64,
    /// Has it ever ordered, or begun with robots?
    pub has_adopted: bool,
    /// What it has ordered and has not got.
    pub orders: deliveries::Orders,
    /// Price of one this tick, dollars, before tax.
    pub price: f64,
    /// Weekly fixed cost of one robot, dollars: maintenance, subscription, supervision.
    pub upkeep: [f64; 3],
}

numbers! { run: RunParameters, labour: LabourParameters, sites: SiteParameters, robots: RobotParameters }
