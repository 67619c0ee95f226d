//! Factories, warehouses, depots: jobs, staff, fleet, cash.
//!
//! One mechanism serves factories and logistics alike: a site receives jobs, does them with people
//! and robots, pays, earns. A factory differs only in its job kinds and in that it can be filmed.
//!
//! Left out: inventories other than the backlog, subcontracting, sites that open or close.

use super::lists::{Class, Kind, Occupation, SiteType};
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

/// One kind of job at a site: what came, who did it, what it cost.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// Which kind.
    pub kind: Kind,
    /// How much there is of it and how long a unit takes: the founding's.
    pub size: JobSize,
    /// What came: demand's.
    pub inflow: Inflow,
    /// Who did it: dispatch's.
    pub work: JobWork,
    /// What it costs: adoption's.
    pub cost: JobCost,
    /// Price of a unit, dollars.
    pub price: f64,
    /// Price at the start.
    pub price_initial: f64,
    /// Price in the tick before.
    pub price_before: f64,
    /// Price that customers know of: it follows the price.
    pub price_known: f64,
    /// Licence paid per unit by robot, dollars.
    pub licence: f64,
}

/// How much there is of a job and how long a unit takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JobSize {
    /// Units a week at the start.
    pub base: f64,
    /// Hours of a mean worker in a unit, at the start.
    pub hours_per_unit_initial: f64,
    /// The same, now: it falls where volume grows denser.
    pub hours_per_unit: f64,
}

/// Units of a job that came.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Inflow {
    /// Units that came this tick.
    pub arrivals: i64,
    /// Units expected this tick, before noise.
    pub expected: f64,
    /// Units waiting at the start of the tick.
    pub backlog_before: i64,
    /// Units expected against the start, apart from trend and season.
    pub response: f64,
    /// What buyers save by this tick's change of the price, dollars a week at the start's trend and season.
    pub saved: f64,
}

/// Units of a job that were done, and by whom.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JobWork {
    /// Units waiting now.
    pub backlog: i64,
    /// Units robots tried this tick.
    pub attempts: i64,
    /// Units done by robots this tick.
    pub by_robots: i64,
    /// Units done by people this tick.
    pub by_people: i64,
    /// Units that the robots devoted to it could do this tick.
    pub robot_capacity: f64,
    /// Hours a week that robots saved people at the start, of which nobody is displaced.
    pub robot_hours_initial: f64,
    /// Hours a week that robots saved people this tick.
    pub robot_hours: f64,
    /// Hours of a mean worker that people had for it this tick.
    pub people_hours: f64,
    /// Hours a week that watching its robots took this tick, and at the end of the spin-up.
    pub watching: f64,
    /// See [`JobWork::watching`].
    pub watching_initial: f64,
    /// Lead time, weeks.
    pub lead: f64,
}

/// What a unit of a job costs, dollars.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JobCost {
    /// By hand, beside wages.
    pub beside_wages: f64,
    /// Whoever does it.
    pub other: f64,
    /// By hand now, wages and what is beside them.
    pub by_hand: f64,
    /// By robot now, running cost without capital.
    pub by_robot: f64,
    /// Payback of a robot for this job, years; infinite if it never pays.
    pub payback: f64,
    /// On average, whoever did it.
    pub unit: f64,
    /// The same at the end of the spin-up.
    pub unit_initial: f64,
    /// Jobs done in the last year of the spin-up.
    pub base_jobs: f64,
    /// What they cost together, dollars.
    pub base_sum: f64,
}

impl JobWork {
    /// Hours a week that watching robots takes beyond what it took at the start.
    pub fn more_watching(&self) -> f64 {
        (self.watching - self.watching_initial).max(0.0)
    }
}

impl Jobs {
    /// Share of a factory's output at the start that its customers no longer ask for, 0 to 1: orders expected, apart from
    /// trend and season, against those of the start, by the hours in them. Nothing at other sites, whose customers buy at
    /// home.
    ///
    /// What is expected and not what was done, so that noise, a backlog or a flood is no trade lost.
    pub fn lost(&self, kind: SiteType) -> f64 {
        let hours = |of: fn(&Job) -> f64| -> f64 {
            self.0.iter().map(|job| of(job) * job.size.base * job.size.hours_per_unit_initial).sum()
        };
        let (expected, base) = (hours(|job| job.inflow.response), hours(|_| 1.0));
        if kind != SiteType::Factory || base <= 0.0 { 0.0 } else { (1.0 - expected / base).max(0.0) }
    }
}

impl Job {
    /// Units that wait to be done this tick: what came, and what was left.
    pub fn waiting(&self) -> i64 {
        self.inflow.arrivals + self.inflow.backlog_before
    }

    /// Units done this tick, by people and robots.
    pub fn done(&self) -> i64 {
        self.work.by_robots + self.work.by_people
    }

    /// So many units as hours of a mean worker.
    pub fn hours(&self, units: i64) -> f64 {
        units as f64 * self.size.hours_per_unit
    }
}

/// The job kinds of a site, in the order of [`SiteType::kinds`].
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Jobs(pub Vec<Job>);

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

#[cfg(test)]
mod tests {
    use super::*;

    /// A job of so many units a week at the start, an hour each, of which such a part is expected, apart from trend.
    fn job(base: f64, response: f64) -> Job {
        Job {
            kind: Kind::Assembly,
            size: JobSize { base, hours_per_unit_initial: 1.0, hours_per_unit: 1.0 },
            inflow: Inflow { response, ..Inflow::default() },
            work: JobWork::default(),
            cost: JobCost::default(),
            price: 1.0,
            price_initial: 1.0,
            price_before: 1.0,
            price_known: 1.0,
            licence: 0.0,
        }
    }

    #[test]
    fn a_factory_has_lost_what_its_customers_no_longer_ask_for() {
        // 300 and 100 hours a week at the start, 240 and 100 now: 1 - 340/400
        let jobs = Jobs(vec![job(300.0, 0.8), job(100.0, 1.0)]);
        assert!((jobs.lost(SiteType::Factory) - 0.15).abs() < 1e-15);
        assert_eq!(jobs.lost(SiteType::Warehouse), 0.0, "its customers are at home");
        assert_eq!(Jobs(vec![job(300.0, 1.1)]).lost(SiteType::Factory), 0.0, "what is gained is not lost");
        assert_eq!(Jobs(Vec::new()).lost(SiteType::Factory), 0.0);
    }
}
