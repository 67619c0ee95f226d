//! Dates, and where the run stands in time.

use crate::ground::units::{Span, WEEKS_PER_YEAR};
use bevy_ecs::prelude::*;
use chrono::{Days, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

impl Date {
    /// Weeks from this day to another; negative if the other comes first.
    pub fn weeks_until(self, other: NaiveDate) -> f64 {
        (other - self.0).num_days() as f64 / 7.0
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

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
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "x-date": true })
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

/// Is a day in the time from a first day to a first day after, or for good?
pub fn is_on(today: NaiveDate, from: Date, until: Option<Date>) -> bool {
    from.0 <= today && until.is_none_or(|end| today < end.0)
}

/// How much of a change that begins on a day and takes a while is behind, 0 to 1.
pub fn phased_in(today: NaiveDate, from: Date, phase_in: Option<Span>) -> f64 {
    match phase_in {
        Some(span) if span.0 > 0.0 => (from.weeks_until(today) / span.0).clamp(0.0, 1.0),
        _ => 1.0,
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
        f64::from(self.tick.max(0)) * self.weeks / WEEKS_PER_YEAR
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        serde_json::from_str(&format!("{text:?}")).unwrap()
    }

    #[test]
    fn a_month_is_its_first_day() {
        assert_eq!(day("2029-01").0, NaiveDate::from_ymd_opt(2029, 1, 1).unwrap());
        assert!(serde_json::from_str::<Date>("\"2029-13\"").is_err());
    }

    #[test]
    fn the_clock_counts_days_both_ways() {
        let start = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        let clock = Clock { tick: -1, weeks: 1.0, days: 7, start, spin_up: 156, is_frozen: false };
        assert_eq!(clock.date(), NaiveDate::from_ymd_opt(2026, 12, 25).unwrap());
        assert_eq!(clock.date_of(52), NaiveDate::from_ymd_opt(2027, 12, 31).unwrap());
        assert_eq!(clock.years(), 0.0);
    }

    #[test]
    fn a_phase_in_begins_at_nothing_and_ends_whole() {
        // 26 weeks from 1 January 2029: 13 weeks later, on 2 April, half is behind
        let from = day("2029-01");
        let part = |today: &str| phased_in(day(today).0, from, Some(Span(26.0)));
        assert_eq!((part("2029-01-01"), part("2029-04-02"), part("2030-01-01")), (0.0, 0.5, 1.0));
        assert_eq!(phased_in(from.0, from, None), 1.0);
    }

    #[test]
    fn the_last_day_is_the_one_before_until() {
        let (from, until) = (day("2029-01"), Some(day("2030-01")));
        assert!(is_on(day("2029-01").0, from, until) && is_on(day("2029-12-31").0, from, until));
        assert!(!is_on(day("2028-12-31").0, from, until) && !is_on(day("2030-01").0, from, until));
        assert!(is_on(day("2050-01").0, from, None));
    }
}
