//! Workers: who they are and what they carry into next week.
//!
//! A worker is a row in the columns of a cohort. A cohort is an entity: a block of at most
//! [`COHORT_ROWS`] workers of one region and occupation, in the order of their ordinals, never moved.
//! Everybody of a block shares wage, hazards and taxes, so a rule's loop over rows works with
//! constants, and a block is the unit of parallel work.
//!
//! Left out: age, sex, education, household; a worker never dies, retires or migrates.

use crate::ground::random::{Key, Rows};
use crate::ground::units::{Number, Share};
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::collections::{BTreeMap, TryReserveError};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A closed list of things that the model has one of each: occupations, job kinds, robot classes.
pub trait Listed: Copy + Ord + Sized + 'static {
    /// All of them in their fixed order.
    const ALL: &'static [Self];
    /// What the list is a list of.
    const NOUN: &'static str;
    /// The word used in files and tables.
    fn name(self) -> &'static str;
    /// Place in the order.
    fn index(self) -> usize;
}

/// Defines an enum with its words, listed once.
#[macro_export]
macro_rules! listed {
    ($(#[$meta:meta])* $list:ident, $noun:literal: $($(#[$item_meta:meta])* $item:ident = $word:literal,)*) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $list { $($(#[$item_meta])* #[serde(rename = $word)] $item,)* }

        impl $crate::economy::people::Listed for $list {
            const ALL: &'static [$list] = &[$($list::$item,)*];
            const NOUN: &'static str = $noun;
            fn name(self) -> &'static str {
                match self { $($list::$item => $word,)* }
            }
            fn index(self) -> usize {
                self as usize
            }
        }

        impl $crate::ground::random::Part for $list {
            fn number(self) -> u64 {
                self as u64
            }
        }
    };
}

/// One value for each member of a list; in a file, a table with every member as a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<K, T> {
    values: Vec<T>,
    key: PhantomData<K>,
}

impl<K: Listed, T> Table<K, T> {
    /// Fills the table from a function of its key.
    pub fn of(value: impl FnMut(&K) -> T) -> Self {
        Table { values: K::ALL.iter().map(value).collect(), key: PhantomData }
    }
}

impl<K: Listed, T> Index<K> for Table<K, T> {
    type Output = T;
    fn index(&self, key: K) -> &T {
        &self.values[key.index()]
    }
}

impl<K: Listed, T> IndexMut<K> for Table<K, T> {
    fn index_mut(&mut self, key: K) -> &mut T {
        &mut self.values[key.index()]
    }
}

/// The schema of a table whose keys are a list's words; `is_whole` demands all of them.
fn words_as_keys<K: Listed, T: JsonSchema>(generator: &mut SchemaGenerator, is_whole: bool) -> Schema {
    let value = generator.subschema_for::<T>();
    let words = || K::ALL.iter().map(|key| key.name());
    let properties: serde_json::Map<String, serde_json::Value> =
        words().map(|word| (word.to_owned(), value.clone().to_value())).collect();
    let mut schema = json_schema!({
        "type": "object",
        "x-noun": K::NOUN,
        "properties": properties,
        "additionalProperties": false,
    });
    if is_whole {
        schema.insert("required".into(), words().collect());
    }
    schema
}

/// The schema of a map that has some of a list's words as its keys.
pub fn some_of<K: Listed, T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    words_as_keys::<K, T>(generator, false)
}

impl<K: Listed, T: JsonSchema> JsonSchema for Table<K, T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("{} for each {}", T::schema_name(), K::NOUN).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        words_as_keys::<K, T>(generator, true)
    }
}

impl<K: Listed, T: Serialize> Serialize for Table<K, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(K::ALL.iter().map(|key| (key.name(), &self.values[key.index()])))
    }
}

impl<'de, K: Listed, T: Deserialize<'de>> Deserialize<'de> for Table<K, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<K, T>(PhantomData<(K, T)>);
        impl<'de, K: Listed, T: Deserialize<'de>> de::Visitor<'de> for Reader<K, T> {
            type Value = Table<K, T>;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                write!(f, "a table with a value for each {}", K::NOUN)
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found: BTreeMap<usize, T> = BTreeMap::new();
                while let Some(word) = map.next_key::<String>()? {
                    let Some(key) = K::ALL.iter().find(|key| key.name() == word) else {
                        let nearest = K::ALL.iter().min_by_key(|key| strsim::osa_distance(key.name(), &word));
                        let nearest = nearest.map_or("", |key| key.name());
                        let noun = K::NOUN;
                        return Err(de::Error::custom(format!(
                            "there is no {noun} {word:?}; the nearest is {nearest:?}"
                        )));
                    };
                    found.insert(key.index(), map.next_value()?);
                }
                if let Some(missing) = K::ALL.iter().find(|key| !found.contains_key(&key.index())) {
                    return Err(de::Error::custom(format!("the {} {:?} is missing", K::NOUN, missing.name())));
                }
                Ok(Table { values: found.into_values().collect(), key: PhantomData })
            }
        }
        deserializer.deserialize_map(Reader(PhantomData))
    }
}

listed! {
    /// What a worker has learnt to do.
    Occupation, "occupation":
    /// Puts parts together.
    Assembler = "assembler",
    /// Tends a machine.
    Operator = "operator",
    /// Makes tools, dies and jigs.
    ToolAndDie = "tool_and_die",
    /// Fetches, carries, packs.
    Helper = "helper",
    /// Picks orders in a warehouse.
    Picker = "picker",
    /// Brings parcels to the door.
    Courier = "courier",
}

impl Occupation {
    /// How many there are.
    pub const COUNT: usize = 6;
}

/// Most rows a cohort holds.
pub const COHORT_ROWS: usize = 16_384;

/// Skill factor of a mean worker in the fixed point of [`Skill`].
pub const SKILL_ONE: i64 = 1 << SKILL_BITS;

/// Binary digits of a skill factor after the point.
pub const SKILL_BITS: u32 = 13;

/// A tick that never was.
pub const NEVER: i16 = i16::MIN;

/// Parameters of the people.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleParameters {
    /// sigma: standard deviation of log skill.
    pub skill_sigma: Number,
    /// chi at once, organised: share of pay lost right after displacement.
    pub scar_organised: Share,
    /// chi in the long run, organised.
    pub scar_organised_permanent: Share,
    /// chi at once, gig.
    pub scar_gig: Share,
    /// chi in the long run, gig.
    pub scar_gig_permanent: Share,
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

    /// Whose luck the worker in this row has.
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
}

impl Work {
    /// The status behind a byte of [`Status`].
    #[inline]
    pub fn of(byte: u8) -> Work {
        match byte {
            0 => Work::Employed,
            1 => Work::Unemployed,
            2 => Work::Outside,
            _ => Work::Training,
        }
    }

    /// Words of the four, in order.
    pub const NAMES: [&'static str; 4] = ["employed", "unemployed", "outside", "training"];
}

/// The four, in order.
pub const WORKS: [Work; 4] = [Work::Employed, Work::Unemployed, Work::Outside, Work::Training];

/// One byte a row: [`Work`].
#[derive(Component, Clone, Debug, Default)]
pub struct Status(pub Vec<u8>);

/// Yes-or-no facts of a row, one bit each.
#[derive(Component, Clone, Debug, Default)]
pub struct Marks(pub Vec<u8>);

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

/// a_i, skill factor with mean 1, in units of 1/[`SKILL_ONE`].
#[derive(Component, Clone, Debug, Default)]
pub struct Skill(pub Vec<u16>);

/// Micro-dollars.
#[derive(Component, Clone, Debug, Default)]
pub struct Wallet(pub Vec<i64>);

/// Place of the present or last site in the cohort's list of sites.
#[derive(Component, Clone, Debug, Default)]
pub struct Employer(pub Vec<u16>);

/// Tick in which the present status began.
#[derive(Component, Clone, Debug, Default)]
pub struct Since(pub Vec<i16>);

/// Tick of the last displacement by robots, or [`NEVER`].
#[derive(Component, Clone, Debug, Default)]
pub struct Scarred(pub Vec<i16>);

/// Tick in which the last course began, or [`NEVER`].
#[derive(Component, Clone, Debug, Default)]
pub struct Trained(pub Vec<i16>);

/// h_i: accepted hours ever recorded by the row, in milli-hours.
#[derive(Component, Clone, Debug, Default)]
pub struct Hours(pub Vec<u32>);

/// Accepted hours on which royalties are still due, in milli-hours; fades with the royalty's duration.
#[derive(Component, Clone, Debug, Default)]
pub struct Claim(pub Vec<u32>);

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

/// z_i behind a skill factor: a = exp(sigma z - sigma^2/2).
pub fn skill_score(factor: u16, sigma: f64) -> f64 {
    let a = f64::from(factor.max(1)) / SKILL_ONE as f64;
    if sigma == 0.0 { 0.0 } else { crate::ground::maths::ln(a) / sigma + sigma / 2.0 }
}

/// How scars fade: chi as a function of the ticks since displacement, as tables of the share of pay
/// that is left, in units of 1/65536.
#[derive(Resource, Clone, Debug)]
pub struct Scars {
    organised: Vec<u32>,
    gig: Vec<u32>,
    /// Ticks between a course's start and its effect.
    lag_ticks: i32,
    /// By how much faster a scar fades after a course that has taken effect.
    speed_up: f64,
}

/// One in the fixed point of [`Scars`].
pub const SCAR_ONE: i64 = 1 << 16;

impl Scars {
    /// Tables long enough for `ticks` of `weeks` each at the highest speed.
    pub fn new(people: &PeopleParameters, ticks: usize, weeks: f64, lag_weeks: f64, speed_up: f64) -> Self {
        let longest = ticks + (ticks as f64 * speed_up) as usize + 2;
        let table = |now: f64, later: f64| -> Vec<u32> {
            (0..longest)
                .map(|age| {
                    let left = 1.0 - scar(now, later, age as f64 * weeks, people.scar_half_life.0);
                    crate::ground::random::whole((left * SCAR_ONE as f64).round()) as u32
                })
                .collect()
        };
        Scars {
            organised: table(people.scar_organised.0, people.scar_organised_permanent.0),
            gig: table(people.scar_gig.0, people.scar_gig_permanent.0),
            lag_ticks: crate::ground::random::whole((lag_weeks / weeks).round()) as i32,
            speed_up,
        }
    }

    /// Share of pay left to a row, in units of 1/[`SCAR_ONE`].
    #[inline]
    pub fn left(&self, tick: i32, scarred: i16, trained: i16, marks: u8) -> i64 {
        if scarred == NEVER {
            return SCAR_ONE;
        }
        let mut age = tick - i32::from(scarred);
        if trained != NEVER {
            let helped = tick - (i32::from(trained) + self.lag_ticks).max(i32::from(scarred));
            age += (f64::from(helped.max(0)) * self.speed_up) as i32;
        }
        let table = if marks & GIG != 0 { &self.gig } else { &self.organised };
        i64::from(table[age as usize])
    }
}

/// chi: the scar `weeks` after displacement.
pub fn scar(at_once: f64, in_the_long_run: f64, weeks: f64, half_life: f64) -> f64 {
    in_the_long_run + (at_once - in_the_long_run) * crate::ground::maths::half_life_decay(weeks, half_life)
}

/// The labour market of one region and occupation: heads, hazards, wage.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Market {
    /// Region index.
    pub region: usize,
    /// Occupation index.
    pub occupation: usize,
    /// Control account of its workers' wallets.
    pub account: crate::ground::ledger::AccountId,
    /// Agents by [`Work`], kept by the events of the matching rule and recounted by the audit.
    pub heads: [i64; 4],
    /// Agents by [`Work`] at the founding.
    pub heads_initial: [i64; 4],
    /// w: wage of a mean worker, dollars a week.
    pub wage: f64,
    /// w at the founding, dollars a week.
    pub wage_initial: f64,
    /// Unemployment rate, smoothed for the wage curve.
    pub unemployment: f64,
    /// u0: unemployment rate at the founding.
    pub unemployment_initial: f64,
    /// Hazards per tick and sizes of the steady state.
    pub steady: SteadyState,
    /// Open vacancies, agents.
    pub vacancies: i64,
    /// Hires of this tick, agents.
    pub hires: i64,
    /// Agents displaced by robots this tick.
    pub displaced: i64,
    /// Agents displaced since the start.
    pub displaced_total: i64,
    /// Displaced agents who found work again since the start.
    pub reemployed_total: i64,
    /// Ordinary layoffs of this tick.
    pub laid_off: i64,
    /// Dismissals for refusing, this tick.
    pub dismissed: i64,
    /// Milli-hours credited to rows this tick, agents counted once.
    pub credited: i128,
    /// Sum of the claims of all rows, milli-hours, kept by events and recounted by the audit.
    pub claims: i128,
    /// Accepted milli-hours of all rows, kept by events.
    pub hours: i128,
    /// Training places paid for by recycled revenue, agents.
    pub extra_places: f64,
    /// Trainees who began since the last settlement, agents.
    pub enrolled: i64,
    /// w0 with its trend, dollars a week.
    pub reference_wage: f64,
    /// Since the start: income the displaced lost, and what they received instead, micro-dollars per agent.
    pub displaced_account: [i128; 2],
    /// The same for contributors.
    pub contributor_account: [i128; 2],
    /// Royalties of a week, smoothed over a year, dollars.
    pub royalties_smoothed: f64,
    /// Royalty that a mean worker may expect for a recorded hour, dollars.
    pub royalty_per_hour: f64,
}

/// Flows that keep the first week as it is, per tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SteadyState {
    /// s: hazard of losing a job, inside or outside.
    pub separation: f64,
    /// q: hazard of leaving for an outside job.
    pub quit: f64,
    /// f_in0: hazard of the unemployed of being hired in their occupation.
    pub find_inside: f64,
    /// f_out0: hazard of the unemployed of finding an outside job.
    pub find_outside: f64,
    /// xi: how hard outside workers search, against the unemployed.
    pub outside_search: f64,
    /// M0: hires per tick, agents.
    pub hires: f64,
    /// V0: vacancies, agents.
    pub vacancies: f64,
    /// S0: seekers, agents.
    pub seekers: f64,
}

impl SteadyState {
    /// Share of a crew's size that is vacant on average where a vacancy is open for so many weeks.
    pub fn vacant(&self, weeks: f64, vacancy_weeks: f64) -> f64 {
        (self.separation + self.quit) / weeks * vacancy_weeks
    }
}

/// All labour markets, region by region, occupation by occupation.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Markets(pub Vec<Market>);

/// The place of a market among all: region by region, occupation by occupation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarketId(usize);

impl MarketId {
    /// The market of an occupation in a region, by its index.
    #[inline]
    pub fn of(region: usize, occupation: Occupation) -> MarketId {
        MarketId(region * Occupation::COUNT + occupation as usize)
    }

    /// The place in lists that have an entry a market.
    #[inline]
    pub fn index(self) -> usize {
        self.0
    }

    /// The places of a region's markets, in the order of the occupations.
    pub fn of_region(region: usize) -> std::ops::Range<usize> {
        region * Occupation::COUNT..(region + 1) * Occupation::COUNT
    }

    /// How many markets so many regions have.
    pub fn count(regions: usize) -> usize {
        regions * Occupation::COUNT
    }
}

impl Index<MarketId> for Markets {
    type Output = Market;
    fn index(&self, id: MarketId) -> &Market {
        &self.0[id.0]
    }
}

impl IndexMut<MarketId> for Markets {
    fn index_mut(&mut self, id: MarketId) -> &mut Market {
        &mut self.0[id.0]
    }
}

impl Market {
    /// Agents of the market, whatever they do.
    pub fn people(&self) -> i64 {
        self.heads.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scar_fades_by_half_of_what_can_fade() {
        // 0.30 -> 0.20: after one half-life of 8 years (416 weeks) 0.20 + 0.10/2 = 0.25
        assert!((scar(0.30, 0.20, 416.0, 416.0) - 0.25).abs() < 1e-15);
        assert!((scar(0.30, 0.20, 0.0, 416.0) - 0.30).abs() < 1e-15);
    }

    #[test]
    fn a_skill_score_is_the_normal_behind_the_factor() {
        // z = 1, sigma = 0.25: a = exp(0.25 - 0.03125) = 1.2445
        let a = (1.244_5 * SKILL_ONE as f64) as u16;
        assert!((skill_score(a, 0.25) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn a_course_that_took_effect_lets_the_scar_fade_faster() {
        let people = PeopleParameters {
            skill_sigma: Number(0.25),
            scar_organised: Share(0.3),
            scar_organised_permanent: Share(0.2),
            scar_gig: Share(0.1),
            scar_gig_permanent: Share(0.05),
            scar_half_life: crate::ground::units::Span(416.0),
        };
        let scars = Scars::new(&people, 1000, 1.0, 104.0, 0.5);
        let untrained = scars.left(400, 0, NEVER, 0);
        // trained from tick 0, effect from 104 on: age 400 + 0.5 * 296 = 548 instead of 400
        let trained = scars.left(400, 0, 0, 0);
        assert_eq!(trained, scars.left(548, 0, NEVER, 0));
        assert!(trained > untrained);
        assert_eq!(scars.left(400, NEVER, NEVER, 0), SCAR_ONE);
        assert!(scars.left(0, 0, NEVER, GIG) > scars.left(0, 0, NEVER, 0));
    }
}
