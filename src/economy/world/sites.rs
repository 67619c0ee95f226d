//! Factories, warehouses, depots: staff, fleet, cash; their jobs stand in [`super::jobs`].
//!
//! One mechanism serves factories and logistics alike: a site receives jobs, does them with people
//! and robots, pays, earns. A factory differs only in its job kinds and in that it can be filmed.
//!
//! Left out: inventories other than the backlog, subcontracting, sites that open or close.

use super::lists::{Class, Occupation, SiteType};
use crate::ground::ledger::AccountId;
use crate::ground::list::Table;
use crate::ground::random::{Key, Part, Rows};
use crate::ground::units::{Number, Persons, Share, Size};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of the sites.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SiteParameters {
    /// One site for so many persons employed, within the bounds below.
    pub persons_per_site: Persons,
    /// Fewest sites of a type in a region.
    pub fewest: Size,
    /// Most sites of a type in a region.
    pub most: Size,
    /// Standard deviation of the logarithm of a site's size.
    pub size_sigma: Number,
    /// Standard deviation of the logarithm of wages over the sites of a region and type.
    pub wage_sigma: Number,
    /// Wages at organised sites against those at others.
    pub organised_wage: Size,
    /// Least mean crew of an occupation at a site, in agents.
    pub least_crew: Size,
    /// Share of paid time that is work when the staff is right.
    pub target_utilisation: Share,
    /// Cash a site keeps, in weeks of its cost.
    pub cash_buffer: crate::ground::units::Span,
    /// Cost of work by hand beside wages, as a share of the labour cost: factories and warehouses.
    pub hand_cost_share: Table<SiteType, Share>,
    /// Cost of a unit whoever does it, as a share of the labour cost at the start.
    pub other_cost_share: Table<SiteType, Share>,
    /// Margin over cost at the start.
    pub margin: Share,
}

/// A firm with many sites that decides as one.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Its name.
    pub name: String,
    /// Where it works.
    #[schemars(extend("x-names" = "region"))]
    pub region: String,
    /// What its sites are.
    pub sites: SiteType,
    /// How many people it employs at the start.
    pub persons: Persons,
}

/// Firms that decide as one.
#[derive(Resource, Clone, Debug)]
pub struct Operators(pub Vec<Operator>);

/// A site's identity and traits that last.
#[derive(Component, Clone, Debug, Serialize, Deserialize)]
pub struct Site {
    /// Place among all sites.
    pub index: usize,
    /// Key of its random numbers, whoever else exists.
    pub key: Key,
    /// Region index.
    pub region: usize,
    /// Factory, warehouse or depot.
    pub kind: SiteType,
    /// Ordinal among the sites of its region and type.
    pub ordinal: usize,
    /// Regular contracts, or gig and informal work.
    pub is_organised: bool,
    /// Its wages against the mean of its region's sites of its type.
    pub wage_level: f64,
    /// Named operator it belongs to, if any.
    pub operator: Option<usize>,
    /// Its account.
    pub account: AccountId,
    /// Entities of its fleets, by [`SiteType::classes`]; a checkpoint finds them anew.
    #[serde(skip)]
    pub fleets: Vec<Entity>,
}

impl Site {
    /// The key of a site, from what it is.
    pub fn key_of(region: &str, kind: SiteType, ordinal: usize) -> Key {
        Key::named("site").and(region).and(kind).and(ordinal)
    }
}

/// What is drawn once for a site and lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteTrait {
    /// How soon it is among the organised ones.
    Organised,
    /// How soon it is among those that film at the start.
    FilmsFirst,
    /// Whether the last of those, which would be too many, films all the same.
    FilmsLast,
    /// For which lab it films at the start.
    FilmsFor,
    /// How soon a disaster reaches it.
    Flooded,
    /// Its place in the order of awareness of a class.
    Threshold(Class),
    /// Its place in the order of hurdles for a class.
    Hurdle(Class),
    /// How it rounds the positions of an occupation.
    Positions(Occupation),
    /// How it rounds the orders of a class.
    Orders(Class),
    /// Where the ages of its first robots of a class begin.
    Ages(Class),
    /// Its place in the order of wages.
    Wages,
}

impl Part for SiteTrait {
    fn number(self) -> u64 {
        // above the numbers of occupations, kinds and classes, which are parts of a site's keys too
        let (family, member) = match self {
            SiteTrait::Organised => (1, 0),
            SiteTrait::FilmsFirst => (2, 0),
            SiteTrait::FilmsLast => (3, 0),
            SiteTrait::FilmsFor => (4, 0),
            SiteTrait::Flooded => (5, 0),
            SiteTrait::Threshold(class) => (6, class as u64),
            SiteTrait::Hurdle(class) => (7, class as u64),
            SiteTrait::Positions(occupation) => (8, occupation as u64),
            SiteTrait::Orders(class) => (9, class as u64),
            SiteTrait::Ages(class) => (10, class as u64),
            SiteTrait::Wages => (11, 0),
        };
        family << 32 | member
    }
}

/// The people of one occupation at a site.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Crew {
    /// Agents employed.
    pub heads: i64,
    /// Sum of their skill factors, fixed point.
    pub skill: i64,
    /// Agents wanted, smoothed.
    pub wanted: f64,
    /// Agents that it would have on average over chance, where crews are levelled ([`crate::economy::shared::crews`]).
    pub expected: f64,
    /// The site's fixed draw for rounding.
    pub rounding: f64,
    /// Open vacancies, agents.
    pub vacancies: i64,
    /// Hazard of notice this tick.
    pub notice: f64,
    /// Agents' worth of work that robots do more than at the start.
    pub absorbed: f64,
    /// Agents displaced so far.
    pub displaced: i64,
}

impl Crew {
    /// Mean skill factor of the crew; 1 when nobody is left.
    pub fn mean_skill(&self) -> f64 {
        if self.heads == 0 {
            return 1.0;
        }
        self.skill as f64 / (self.heads * super::people::SKILL_ONE) as f64
    }
}

/// The crews of a site, in the order of [`SiteType::occupations`].
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Staff(pub Vec<Crew>);

/// The robots of one class at one site: an entity with a row a robot agent.
#[derive(Component, Clone, Debug, Serialize, Deserialize)]
pub struct Fleet {
    /// Index of the site.
    pub site: usize,
    /// Which class.
    pub class: Class,
    /// Region index.
    pub region: usize,
    /// Keys of its robots, by serial number.
    pub keys: Rows,
}

impl Fleet {
    /// Keys of the robots of a class at a site.
    pub fn keys_of(site: Key, class: Class) -> Rows {
        site.and("robots").and(class).rows()
    }
}

/// Rows of a fleet, one per robot agent.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Robots {
    /// Tick of delivery.
    pub born: Vec<i16>,
    /// Up (1) or down (0).
    pub is_up: Vec<u8>,
    /// Serial number within the fleet: what the robot's random numbers depend on.
    pub serial: Vec<u32>,
    /// Serial number of the next robot.
    pub next_serial: u32,
    /// Robots there were before this tick's deliveries and retirements.
    pub before: i64,
    /// Delivered this tick.
    pub delivered: i64,
    /// Retired this tick.
    pub retired: i64,
    /// Up this tick.
    pub up: i64,
    /// Share of their capacity used this tick.
    pub utilisation: f64,
}

impl Robots {
    /// Robot agents in the fleet.
    pub fn count(&self) -> i64 {
        self.born.len() as i64
    }

    /// Those of them that are up, counted by wide instructions: a sum that is checked for overflow goes one by one.
    pub fn count_up(&self) -> i64 {
        self.is_up.iter().fold(0, |up: u32, &is_up| up.wrapping_add(u32::from(is_up))).into()
    }
}

/// The fleets of a site, which are the next of all: fleets stand in the order of their sites, as they were founded.
#[inline]
pub fn next_of<F: Iterator>(fleets: &mut F, site: &Site) -> impl Iterator<Item = F::Item> {
    fleets.take(site.fleets.len())
}
