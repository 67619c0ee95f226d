//! Workers: who they are and what they carry into next week.
//!
//! A worker is a row in the columns of a cohort. A cohort is an entity: a block of at most
//! [`COHORT_ROWS`] workers of one region and occupation, in the order of their ordinals, never moved.
//! Everybody of a block shares wage, hazards and taxes, so a rule's loop over rows works with
//! constants, and a block is the unit of parallel work.
//!
//! People leave for good and others enter ([`crate::economy::demography`]): the place of somebody who left is empty
//! until an entrant takes it, who begins with a skill of the own, an empty wallet and no claim.
//!
//! Left out: age, sex, education, household, migration.

use super::lists::Occupation;
use crate::ground::by_region::ByRegion;
use crate::ground::maths;
use crate::ground::random::{Key, Rows};
use crate::ground::units::{Number, Share};
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::TryReserveError;

/// Most rows a cohort holds.
pub const COHORT_ROWS: usize = 16_384;

/// Skill factor of a mean worker in the fixed point of [`Skill`].
pub const SKILL_ONE: i64 = 1 << SKILL_BITS;

/// Binary digits of a skill factor after the point.
pub const SKILL_BITS: u32 = 13;

/// A tick that never was.
pub const NEVER: i16 = i16::MIN;

/// The employer of somebody who has entered and not worked at any site since.
pub const NO_SITE: u16 = u16::MAX;

/// Parameters of the people.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleParameters {
    /// sigma: standard deviation of log skill.
    pub skill_sigma: Number,
    /// chi at once, organised: share of pay lost right after displacement.
    pub scar_organised: ByRegion<Share>,
    /// chi in the long run, organised.
    pub scar_organised_permanent: ByRegion<Share>,
    /// chi at once, gig.
    pub scar_gig: ByRegion<Share>,
    /// chi in the long run, gig.
    pub scar_gig_permanent: ByRegion<Share>,
    /// Half-life of the fading part of the scar.
    pub scar_half_life: crate::ground::units::Span,
}

/// What a block of workers has in common.
#[derive(Component, Clone, Debug, Serialize, Deserialize)]
pub struct Cohort {
    /// Place among all cohorts.
    pub index: usize,
    /// Region index.
    pub region: usize,
    /// Occupation of everybody in the block.
    pub occupation: Occupation,
    /// Labour market: region x occupation.
    pub market: usize,
    /// Ordinal of the first row among the workers of the market.
    pub first: u32,
    /// Keys of the rows.
    pub keys: Rows,
    /// Index of the first site that can employ them, and how many can.
    pub sites: (usize, usize),
}

impl Cohort {
    /// The key of all workers of an occupation in a region together.
    pub fn market_key(region: &str, occupation: Occupation) -> Key {
        Key::named("workers").and(region).and(occupation)
    }

    /// The part of a list of all sites, in their order, that can employ these workers.
    pub fn own<'a, T>(&self, sites: &'a [T]) -> &'a [T] {
        &sites[self.sites.0..self.sites.0 + self.sites.1]
    }

    /// The site behind an employer's place, among all sites; the first of the cohort for [`NO_SITE`].
    pub fn site(&self, employer: u16) -> usize {
        self.sites.0 + if employer == NO_SITE { 0 } else { usize::from(employer) }
    }

    /// Key of the random numbers of the worker in this row.
    #[inline(always)]
    pub fn worker(&self, row: usize) -> Key {
        self.keys.row(row as u64)
    }
}

/// What a worker does this week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Work {
    /// Works at the site in [`Employer`].
    Employed = 0,
    /// Looks for work.
    Unemployed = 1,
    /// Has a job in other services.
    Outside = 2,
    /// Attends a course.
    Training = 3,
    /// Nobody: the place of somebody who has left for good, or of somebody yet to enter.
    Gone = 4,
}

impl Work {
    /// The status behind a byte of [`Status`].
    #[inline]
    pub fn of(byte: u8) -> Work {
        match byte {
            0 => Work::Employed,
            1 => Work::Unemployed,
            2 => Work::Outside,
            3 => Work::Training,
            _ => Work::Gone,
        }
    }

    /// Words of the five, in order.
    pub const NAMES: [&'static str; 5] = ["employed", "unemployed", "outside", "training", "gone"];
}

/// The four that somebody can be, in order.
pub const WORKS: [Work; 4] = [Work::Employed, Work::Unemployed, Work::Outside, Work::Training];

/// Defines columns of workers: what a number of each says, and its type.
macro_rules! columns {
    ($($(#[$meta:meta])* $column:ident: $number:ty,)*) => {
        $($(#[$meta])*
        #[derive(Component, Clone, Debug, Default)]
        pub struct $column(pub Vec<$number>);)*
    };
}

columns! {
    /// One byte a row: [`Work`].
    Status: u8,
    /// Yes-or-no facts of a row, one bit each.
    Marks: u8,
    /// a_i, skill factor with mean 1, in units of 1/[`SKILL_ONE`].
    Skill: u16,
    /// Micro-dollars.
    Wallet: i64,
    /// Place of the present or last site in the cohort's list of sites, or [`NO_SITE`].
    Employer: u16,
    /// Tick in which the present status began.
    Since: i16,
    /// Tick in which the worker entered, or [`NEVER`] if it was there at the founding: with the place it says who it is.
    Entered: i16,
    /// Tick of the last displacement by robots, or [`NEVER`].
    Scarred: i16,
    /// Tick in which the last course began, or [`NEVER`].
    Trained: i16,
    /// h_i: accepted hours ever recorded by the row, in milli-hours.
    Hours: u32,
    /// Accepted hours on which royalties are still due, in milli-hours; fades with the royalty's duration.
    Claim: u32,
    /// Micro-dollars received after tax since whoever asked for this column last emptied it. No rule reads it, and only
    /// worlds in which somebody asks have it.
    Received: i64,
}

/// Was asked to be filmed at the present site, and has answered.
pub const ASKED: u8 = 1;
/// Refuses the camera.
pub const REFUSES: u8 = 2;
/// Was filmed this tick.
pub const RECORDED: u8 = 4;
/// Was dismissed this week for refusing.
pub const DISMISSED: u8 = 8;
/// Unemployment insurance covers the present spell.
pub const INSURED: u8 = 16;
/// Displaced by robots and not at work since.
pub const WAITING: u8 = 32;
/// The scar is a gig worker's.
pub const GIG: u8 = 64;
/// Was filmed at some time, and has not taken its hours back since.
pub const FILMED: u8 = 128;

/// The columns of a cohort, listed once: what founds workers, watches them, and writes them to a checkpoint follows
/// from this list.
#[macro_export]
macro_rules! worker_columns {
    ($then:ident) => {
        $then! {
            status: Status,
            marks: Marks,
            skill: Skill,
            wallet: Wallet,
            employer: Employer,
            since: Since,
            entered: Entered,
            scarred: Scarred,
            trained: Trained,
            hours: Hours,
            claim: Claim,
        }
    };
}

macro_rules! rows {
    ($($name:ident: $column:ident,)*) => {
        /// All columns of a cohort, as they are founded: a bundle of components.
        #[derive(Bundle, Clone, Debug, Default)]
        pub struct NewColumns {
            $(#[doc = concat!("[`", stringify!($column), "`].")] pub $name: $column,)*
        }

        impl NewColumns {
            /// Columns with room for so many workers and nobody in them.
            ///
            /// # Errors
            /// There is no memory for them.
            pub fn room_for(rows: usize) -> Result<NewColumns, TryReserveError> {
                let mut columns = NewColumns::default();
                $(columns.$name.0.try_reserve_exact(rows)?;)*
                Ok(columns)
            }
        }

        /// Every column of a cohort, to read.
        #[derive(QueryData)]
        pub struct Columns {
            /// What the block of workers has in common.
            pub cohort: &'static Cohort,
            $(#[doc = concat!("[`", stringify!($column), "`].")] pub $name: &'static $column,)*
        }
    };
}

worker_columns!(rows);

/// Defines the columns of workers that a rule reads, and those that it writes, beside what the block has in common; last
/// those that it writes where a world has them.
macro_rules! workers {
    ($(#[$meta:meta])* $name:ident:
        reads $($read:ident: $column:ident),*; writes $($written:ident: $changed:ident),*;
        $(writes_if_there $kept:ident: $asked_for:ident;)?) => {
        $(#[$meta])*
        #[derive(bevy_ecs::query::QueryData)]
        #[query_data(mutable)]
        pub struct $name {
            pub(super) cohort: &'static $crate::economy::world::people::Cohort,
            $($read: &'static $column,)*
            $($written: &'static mut $changed,)*
            $($kept: Option<&'static mut $asked_for>,)?
        }
    };
}
pub(crate) use workers;

/// z_i behind a skill factor: a = exp(sigma z - sigma^2/2).
pub fn skill_score(factor: u16, sigma: f64) -> f64 {
    let a = f64::from(factor.max(1)) / SKILL_ONE as f64;
    if sigma == 0.0 { 0.0 } else { maths::ln(a) / sigma + sigma / 2.0 }
}

/// The part of a crowd, by skill, that its experts are.
const TOP: f64 = 0.25;

/// Skill factor from which somebody is among the top quarter of an occupation.
pub fn top_quarter_from(sigma: f64) -> u16 {
    let z = maths::normal_quantile(1.0 - TOP);
    (maths::exp(sigma * z - sigma * sigma / 2.0) * SKILL_ONE as f64) as u16
}

/// phi: share of a crowd's quality hours that its top quarter works, 1 - Phi(0.674 - sigma).
pub fn share_of_top_quarter(sigma: f64) -> f64 {
    1.0 - maths::normal_share_below(maths::normal_quantile(1.0 - TOP) - sigma)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_quarter_works_more_than_a_quarter() {
        // sigma 0.25: 1 - Phi(0.42449) = 0.33561; without a spread of skill a quarter
        assert!((share_of_top_quarter(0.25) - 0.335_61).abs() < 1e-4, "{}", share_of_top_quarter(0.25));
        assert!((share_of_top_quarter(0.0) - 0.25).abs() < 1e-12);
        // a = exp(0.25 * 0.67449 - 0.03125) = 1.14726
        assert!((f64::from(top_quarter_from(0.25)) / SKILL_ONE as f64 - 1.147_26).abs() < 2e-4);
        assert!((skill_score(top_quarter_from(0.25), 0.25) - 0.674_5).abs() < 1e-3);
    }

    #[test]
    fn a_skill_score_is_the_normal_behind_the_factor() {
        // z = 1, sigma = 0.25: a = exp(0.25 - 0.03125) = 1.2445
        let a = (1.244_5 * SKILL_ONE as f64) as u16;
        assert!((skill_score(a, 0.25) - 1.0).abs() < 1e-3);
    }
}
