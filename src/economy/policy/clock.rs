//! Dates, and where the run stands in time.

use crate::economy::shared::forms::Technology;
use crate::ground::by_region::ByRegion;
use crate::ground::numbers::whole;
use crate::ground::units::{Grain, Size, Span, WEEKS_PER_YEAR};
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
        (other - self.0).num_days() as f64 / DAYS_PER_WEEK
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

/// How long, how fine, with which random numbers.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RunParameters {
    /// First day of tick 0.
    pub start: Date,
    /// Years of 52 weeks.
    pub years: Size,
    /// Length of a tick: a day, a week or four weeks.
    pub tick: Span,
    /// Time before tick 0 in which wallets, backlogs and vacancies settle.
    pub spin_up: Span,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Number of the replicate.
    pub replicate: u32,
    /// People an agent stands for, by region.
    pub persons_per_agent: ByRegion<Grain>,
    /// Fewest agents of a labour market: where there would be fewer they stand for fewer people; 0 for any number.
    pub least_agents: u32,
    /// Robots a robot agent stands for.
    pub robots_per_agent: Size,
    /// Does technology move?
    pub technology: Technology,
    /// Time between two records of the indicators.
    pub record_every: Span,
    /// Workers followed in the panel; 0 for none.
    pub panel: u32,
    /// Time between two rows of a worker in the panel.
    pub panel_every: Span,
}

/// Days in a week.
const DAYS_PER_WEEK: f64 = 7.0;

/// The one clock: which day a tick is, how many there are, and where the run stands. Whoever has the parameters has
/// it, [`Clock::of`]; in a world it is a resource that moves on.
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
    /// Ticks from tick 0 on.
    pub length: i32,
    /// Technology stands still: no learning, no growth of fleets or of demand, no change of the programme.
    pub is_frozen: bool,
}

impl Clock {
    /// The clock of a run, at its first tick.
    pub fn of(run: &RunParameters) -> Self {
        let mut clock = Clock::at(run.start.0, run.tick.0, run.spin_up.0, run.years.0 * WEEKS_PER_YEAR);
        clock.is_frozen |= run.technology == Technology::Frozen;
        clock
    }

    /// The same from the parts of a run that are known: the day of tick 0, and weeks of a tick, of the spin-up, of
    /// what follows.
    pub fn at(start: NaiveDate, weeks: f64, spin_up: f64, length: f64) -> Self {
        let days = whole((weeks * DAYS_PER_WEEK).round()).unsigned_abs();
        let mut clock = Clock { tick: 0, weeks, days, start, spin_up: 0, length: 0, is_frozen: false };
        clock.spin_up = clock.ticks_in(spin_up);
        clock.length = clock.ticks_in(length);
        clock.tick = -clock.spin_up;
        clock.is_frozen = clock.spin_up > 0;
        clock
    }

    /// The first day of the present tick.
    pub fn today(&self) -> NaiveDate {
        self.date(self.tick)
    }

    /// The first day of any tick, before tick 0 too; beyond the calendar it is the calendar's last or first day.
    pub fn date(&self, tick: i32) -> NaiveDate {
        let days = Days::new(u64::from(tick.unsigned_abs()) * self.days);
        if tick < 0 {
            self.start.checked_sub_days(days).unwrap_or(NaiveDate::MIN)
        } else {
            self.start.checked_add_days(days).unwrap_or(NaiveDate::MAX)
        }
    }

    /// The first day after the last tick.
    pub fn end(&self) -> NaiveDate {
        self.date(self.length)
    }

    /// Ticks from the first of the spin-up to the last.
    pub fn ticks(&self) -> usize {
        usize::try_from(self.spin_up + self.length).expect("no span is negative")
    }

    /// Ticks simulated since the founding, the spin-up included.
    pub fn lived(&self) -> usize {
        usize::try_from(self.tick + self.spin_up).expect("no run begins before its spin-up")
    }

    /// The present tick as the columns of workers and robots write it down.
    ///
    /// # Panics
    /// If it does not fit: runs are shorter, which is checked when a scenario is read.
    pub fn row_tick(&self) -> i16 {
        i16::try_from(self.tick).expect("ticks fit 16 bits")
    }

    /// Does this tick begin another span of so many weeks, counted from tick 0 on? Tick 0 begins the first.
    pub fn begins_another(&self, weeks: f64) -> bool {
        let number = |tick: i32| (f64::from(tick) * self.weeks / weeks).floor();
        self.has_started() && number(self.tick) > number(self.tick - 1)
    }

    /// So many weeks in ticks, to the nearest; what is longer than any run is a million.
    pub fn ticks_in(&self, weeks: f64) -> i32 {
        i32::try_from(whole((weeks / self.weeks).round().min(1e6))).expect("a million fits")
    }

    /// Weeks from the start of tick 0 to the end of a tick.
    pub fn weeks_behind(&self, tick: i32) -> f64 {
        (f64::from(tick) + 1.0) * self.weeks
    }

    /// Days from the start of tick 0 to the end of a tick.
    pub fn days_behind(&self, tick: i32) -> f64 {
        (f64::from(tick) + 1.0) * self.days as f64
    }

    /// Years since tick 0; zero in the spin-up.
    pub fn years(&self) -> f64 {
        f64::from(self.tick.max(0)) * self.weeks / WEEKS_PER_YEAR
    }

    /// The first day of the run, and today: the first day too before it, and while technology stands still.
    pub fn first_and_today(&self) -> (NaiveDate, NaiveDate) {
        (self.start, if self.is_frozen || self.tick <= 0 { self.start } else { self.date(self.tick) })
    }

    /// Years since tick 0, negative in the spin-up.
    pub fn years_from_start(&self) -> f64 {
        f64::from(self.tick) * self.weeks / WEEKS_PER_YEAR
    }

    /// Is this the first tick of all?
    pub fn is_first(&self) -> bool {
        self.tick == -self.spin_up
    }

    /// Has the spin-up ended?
    pub fn has_started(&self) -> bool {
        self.tick >= 0
    }

    /// Has the last tick been simulated?
    pub fn is_over(&self) -> bool {
        self.tick >= self.length
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
        let mut clock = Clock { tick: -1, weeks: 1.0, days: 7, start, spin_up: 156, length: 520, is_frozen: false };
        assert_eq!(clock.today(), NaiveDate::from_ymd_opt(2026, 12, 25).unwrap());
        assert_eq!(clock.date(52), NaiveDate::from_ymd_opt(2027, 12, 31).unwrap());
        assert_eq!(clock.years(), 0.0);
        // ten years of 364 days
        assert_eq!((clock.ticks(), clock.lived(), clock.end()), (676, 155, start + Days::new(3640)));
        assert!(!clock.is_over());
        clock.tick = 520;
        assert!(clock.is_over() && clock.lived() == clock.ticks());
        // no day before the start is a day after it, and what lies beyond the calendar does not come back
        assert_eq!((clock.date(i32::MIN), clock.date(i32::MAX)), (NaiveDate::MIN, NaiveDate::MAX));
        assert_eq!((clock.days_behind(-1), clock.days_behind(51), clock.weeks_behind(51)), (0.0, 364.0, 52.0));
    }

    #[test]
    fn a_quarter_begins_every_thirteen_weeks_and_never_before_the_start() {
        let mut clock = Clock::at(day("2026-01-05").0, 4.0, 52.0, 520.0);
        let mut begins = |tick: i32| {
            clock.tick = tick;
            clock.begins_another(13.0)
        };
        // ticks of four weeks: the quarters of weeks 13, 26 and 39 begin in the ticks of weeks 16, 28 and 40
        let found: Vec<i32> = (-13..12).filter(|&tick| begins(tick)).collect();
        assert_eq!(found, [0, 4, 7, 10]);
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

    #[test]
    fn a_path_stands_still_before_the_run_and_while_technology_does() {
        let start = NaiveDate::from_ymd_opt(2018, 7, 2).unwrap();
        let mut clock = Clock::at(start, 1.0, 4.0, 104.0);
        clock.is_frozen = false;
        for (tick, is_frozen, days) in [(-4, false, 0), (0, false, 0), (104, false, 728), (104, true, 0)] {
            (clock.tick, clock.is_frozen) = (tick, is_frozen);
            let (first, today) = clock.first_and_today();
            assert_eq!((first, (today - first).num_days()), (start, days), "tick {tick}");
        }
    }
}
