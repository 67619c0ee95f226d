//! Levers and events, dated.
//!
//! The law of a region is a list of levers. A policy sets some of them, in some regions, from a date
//! until a date; then they go back to what the baseline says. An event is something nobody enacted:
//! a strike, a shock to demand. Both are plain data.
//!
//! Left out: enforcement other than the compliance with a ban, anticipation of a law not yet in force.

use super::people::Occupation;
use super::sites::{ByRegion, Kind};
use super::{Parameters, Region};
use crate::ground::units::{Rate, Share, Span, UsdPerHour, UsdPerWeek};
use crate::listed;
use bevy_ecs::prelude::*;
use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

listed! {
    /// What a worker may say to the camera.
    Regime, "data-rights regime":
    /// Refusing risks the job.
    None = "none",
    /// Workers are told; refusing risks the job at half the hazard.
    Notice = "notice",
    /// Nobody is filmed who did not agree, and nothing is risked by refusing.
    Consent = "consent",
    /// The covered workers of a site decide as one.
    Bargaining = "bargaining",
    /// No filming at work.
    Ban = "ban",
}

listed! {
    /// By what a royalty is shared among contributors.
    Basis, "royalty basis":
    /// Accepted hours.
    Hours = "hours",
    /// Accepted hours times skill.
    QualityHours = "quality_hours",
    /// The same to everybody who ever contributed.
    Equal = "equal",
    /// The same to every worker of the contributors' region and occupation.
    Collective = "collective",
}

listed! {
    /// What a government does with robot tax and data levy.
    Recycling, "recycling":
    /// Keeps them.
    Deficit = "deficit",
    /// Hands them back, the same to everybody.
    Dividend = "dividend",
    /// Opens training places.
    Training = "training",
}

macro_rules! levers {
    ($($(#[$meta:meta])* $name:ident: $kind:ty,)*) => {
        /// The law as the baseline states it: a value for all regions, or one for each.
        #[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct LawParameters { $($(#[$meta])* pub $name: ByRegion<$kind>,)* }

        /// The law of one region in one tick.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct Law { $($(#[$meta])* pub $name: $kind,)* }

        /// A dated change of some levers in some regions.
        #[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct Policy {
            /// First day in force, "2029-01" or "2029-01-15".
            pub from: Date,
            /// First day no longer in force; for good if absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub until: Option<Date>,
            /// Where; everywhere if absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(extend("x-names" = "region"))]
            pub regions: Option<Vec<String>>,
            $($(#[$meta])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $name: Option<$kind>,)*
        }

        impl LawParameters {
            /// What is wrong with the levers' tables by region: the lever's word and the words for it.
            pub fn check(&self, regions: &[String]) -> Vec<(&'static str, String)> {
                let mut found = Vec::new();
                $(found.extend(self.$name.check(regions).err().map(|words| (stringify!($name), words)));)*
                found
            }

            /// The law of each region, in the order of their names; all of them must be there.
            pub fn resolve(&self, regions: &[String]) -> Vec<Law> {
                (0..regions.len()).map(|r| Law { $($name: self.$name[r],)* }).collect()
            }
        }

        impl Policy {
            fn apply(&self, law: &mut Law) {
                $(if let Some(value) = &self.$name { law.$name = *value; })*
            }

            /// The words of the levers this policy sets.
            pub fn levers(&self) -> Vec<&'static str> {
                let mut words = Vec::new();
                $(if self.$name.is_some() { words.push(stringify!($name)); })*
                words
            }
        }

        /// Every lever's word, in order.
        pub const LEVERS: &[&str] = &[$(stringify!($name),)*];
    };
}

levers! {
    /// Who may say no to the camera, and at what risk.
    data_rights: Regime,
    /// May a worker take past hours out of the stock by refusing?
    withdrawal: bool,
    /// Part of a filming site's workers that is asked.
    programme_coverage: Share,
    /// Least capture pay per recorded hour.
    least_capture_pay: UsdPerHour,
    /// Fine per worker and year of filming under a ban.
    ban_penalty: UsdPerWeek,
    /// Share of licence revenue due on the human hours of this region's contributors.
    royalty_rate: Share,
    /// By what it is shared.
    royalty_basis: Basis,
    /// Share of it that collecting costs.
    royalty_collection_cost: Share,
    /// How long hours go on earning: claims fade with this mean life.
    royalty_duration: Span,
    /// Does the claim survive the job?
    royalty_portable: bool,
    /// Tax on the purchase price of robots.
    robot_tax: Share,
    /// Levy per accepted hour recorded in the region.
    data_levy: UsdPerHour,
    /// What becomes of robot tax and data levy.
    recycling: Recycling,
    /// Paid to everybody, as a share of the region's median wage.
    citizen_dividend: Share,
    /// Share of a displaced worker's loss of pay made good while at work again.
    wage_insurance: Share,
    /// For how long after the displacement.
    wage_insurance_length: Span,
    /// Training places, as a share of the labour force.
    training_places: Share,
    /// Unemployment insurance: share of the former pay.
    insurance_replacement: Share,
    /// Unemployment insurance: longest spell.
    insurance_length: Span,
    /// Unemployment insurance: share of the jobless who are covered.
    insurance_cover: Share,
    /// Employers' contributions on wages.
    payroll_tax: Share,
    /// The same for couriers, whose work is often outside the system.
    payroll_tax_couriers: Share,
    /// Tax on labour income.
    income_tax: Share,
    /// Tax on profits.
    corporate_tax: Share,
    /// Least pay of a mean worker.
    minimum_wage: UsdPerWeek,
}

/// What happens without a law.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// Workers refuse the camera together.
    Strike {
        /// First day.
        from: Date,
        /// First day after.
        until: Date,
        /// Where; everywhere if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(extend("x-names" = "region"))]
        regions: Option<Vec<String>>,
        /// Who; all filmed occupations if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        occupations: Option<Vec<Occupation>>,
        /// The most skilled share of them that strikes.
        most_skilled: Share,
    },
    /// Demand for some jobs moves.
    DemandShock {
        /// First day.
        from: Date,
        /// First day after.
        until: Date,
        /// Where; everywhere if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(extend("x-names" = "region"))]
        regions: Option<Vec<String>>,
        /// Which; all if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        jobs: Option<Vec<Kind>>,
        /// Factor on demand.
        factor: crate::ground::units::Size,
    },
}

impl Event {
    /// First day, first day after, and where.
    pub fn when_and_where(&self) -> (Date, Date, &Option<Vec<String>>) {
        match self {
            Event::Strike { from, until, regions, .. } | Event::DemandShock { from, until, regions, .. } => {
                (*from, *until, regions)
            }
        }
    }
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "x-date": true })
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let full = if text.len() == 7 { format!("{text}-01") } else { text.clone() };
        full.parse().map(Date).map_err(|_| {
            serde::de::Error::custom(format!("{text:?} is not a date; write \"2029-01\" or \"2029-01-15\""))
        })
    }
}

/// Where the run stands in time.
#[derive(Resource, Clone, Debug)]
pub struct Clock {
    /// Ticks since the end of the spin-up; negative before.
    pub tick: i32,
    /// Weeks in a tick.
    pub weeks: f64,
    /// Days in a tick.
    pub days: u64,
    /// The day of tick 0.
    pub start: NaiveDate,
    /// Ticks of spin-up before tick 0.
    pub spin_up: i32,
    /// Technology stands still: no learning, no growth of fleets or of demand, no change of the programme.
    pub is_frozen: bool,
}

impl Clock {
    /// The first day of the present tick.
    pub fn date(&self) -> NaiveDate {
        self.date_of(self.tick)
    }

    /// The first day of any tick.
    pub fn date_of(&self, tick: i32) -> NaiveDate {
        let days = Days::new(u64::from(tick.unsigned_abs()) * self.days);
        let date = if tick < 0 { self.start.checked_sub_days(days) } else { self.start.checked_add_days(days) };
        date.unwrap_or(self.start)
    }

    /// Years since tick 0; zero in the spin-up.
    pub fn years(&self) -> f64 {
        f64::from(self.tick.max(0)) * self.weeks / crate::ground::units::WEEKS_PER_YEAR
    }

    /// Is this the first tick of all?
    pub fn is_first(&self) -> bool {
        self.tick == -self.spin_up
    }

    /// Has the spin-up ended?
    pub fn has_started(&self) -> bool {
        self.tick >= 0
    }
}

/// The law and the events in force this tick, region by region.
#[derive(Resource, Clone, Debug)]
pub struct InForce {
    /// The law of each region.
    pub law: Vec<Law>,
    /// The law without policies.
    baseline: Vec<Law>,
    /// Share of the most skilled who refuse together, by region and occupation.
    pub strike: Vec<[f64; Occupation::COUNT]>,
    /// Factor on demand, by region and job kind.
    pub demand: Vec<[f64; 7]>,
}

impl InForce {
    /// The baseline's law, before any policy.
    pub fn new(baseline: Vec<Law>) -> Self {
        let regions = baseline.len();
        InForce {
            law: baseline.clone(),
            baseline,
            strike: vec![[0.0; Occupation::COUNT]; regions],
            demand: vec![[1.0; 7]; regions],
        }
    }

    /// The payroll tax on an occupation in a region.
    pub fn payroll_tax(&self, region: usize, occupation: Occupation) -> f64 {
        let law = &self.law[region];
        if occupation == Occupation::Courier { law.payroll_tax_couriers.0 } else { law.payroll_tax.0 }
    }
}

/// 1. Levers and events that start or stop now.
pub fn apply_levers(
    clock: Res<Clock>,
    parameters: Res<Parameters>,
    mut in_force: ResMut<InForce>,
    mut regions: Query<&mut Region>,
) {
    let robots = &parameters.robots;
    let years = if clock.is_frozen { 0.0 } else { clock.years() };
    let opening = robots.opening.0 / crate::ground::units::WEEKS_PER_YEAR;
    for mut region in &mut regions {
        let r = region.index;
        region.openness = openness(robots.open_at_start[r].0, robots.open_later[r].0, opening, years);
    }
    let today = clock.date();
    let in_force = &mut *in_force;
    in_force.law.clone_from(&in_force.baseline);
    in_force.strike.fill([0.0; Occupation::COUNT]);
    in_force.demand.fill([1.0; 7]);
    if !clock.has_started() {
        return;
    }
    let is_on = |from: NaiveDate, until: Option<NaiveDate>| from <= today && until.is_none_or(|end| today < end);
    for (region, name) in parameters.regions.iter().enumerate() {
        let holds = |regions: &Option<Vec<String>>| regions.as_ref().is_none_or(|list| list.contains(name));
        for policy in &parameters.policies {
            if is_on(policy.from.0, policy.until.map(|d| d.0)) && holds(&policy.regions) {
                policy.apply(&mut in_force.law[region]);
            }
        }
        for event in &parameters.events {
            let (from, until, regions) = event.when_and_where();
            if !is_on(from.0, Some(until.0)) || !holds(regions) {
                continue;
            }
            match event {
                Event::Strike { occupations, most_skilled, .. } => {
                    for (index, share) in in_force.strike[region].iter_mut().enumerate() {
                        if occupations.as_ref().is_none_or(|list| list.iter().any(|&o| o as usize == index)) {
                            *share = share.max(most_skilled.0);
                        }
                    }
                }
                Event::DemandShock { jobs, factor, .. } => {
                    for (index, shock) in in_force.demand[region].iter_mut().enumerate() {
                        if jobs.as_ref().is_none_or(|list| list.iter().any(|&k| k as usize == index)) {
                            *shock *= factor.0;
                        }
                    }
                }
            }
        }
    }
}

/// Share of routes open in a region after some years.
pub fn openness(at_start: f64, later: f64, opening_years: f64, years: f64) -> f64 {
    at_start + (later - at_start) * (years / opening_years).min(1.0)
}

/// What the law says of the risk of refusing.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RiskParameters {
    /// Weeks of wage a worker believes to risk by refusing, under each regime.
    pub weeks_at_risk: super::people::Table<Regime, Span>,
    /// Hazard of dismissal for refusing, under each regime.
    pub dismissal: super::people::Table<Regime, Rate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_its_first_day() {
        let date: Date = serde_json::from_str("\"2029-01\"").unwrap();
        assert_eq!(date.0, NaiveDate::from_ymd_opt(2029, 1, 1).unwrap());
        assert!(serde_json::from_str::<Date>("\"2029-13\"").is_err());
    }

    #[test]
    fn routes_open_in_a_line() {
        assert!((openness(0.1, 0.5, 10.0, 5.0) - 0.3).abs() < 1e-15);
        assert_eq!(openness(0.1, 0.5, 10.0, 20.0), 0.5);
    }

    #[test]
    fn the_clock_counts_days_both_ways() {
        let start = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        let clock = Clock { tick: -1, weeks: 1.0, days: 7, start, spin_up: 156, is_frozen: false };
        assert_eq!(clock.date(), NaiveDate::from_ymd_opt(2026, 12, 25).unwrap());
        assert_eq!(clock.date_of(52), NaiveDate::from_ymd_opt(2027, 12, 31).unwrap());
        assert_eq!(clock.years(), 0.0);
    }
}
