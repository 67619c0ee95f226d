//! A number given by year: history as an input.
//!
//! The value of a year holds at its middle. Between two middles it moves linearly in logarithms, so by the same share
//! each day; before the first and after the last year it stays. Only ratios count: against the day on which the run
//! begins.
//!
//! Left out: seasons within a year, and paths below a year.

use crate::ground::maths;
use crate::ground::units::Number;
use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Values above zero by year: `{ 2018 = 13.1, 2019 = 14.9 }`, in any unit.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Serialize)]
pub struct Path(pub BTreeMap<String, Number>);

/// Paths by the names of regions; where there is none, the rule goes on as without.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Serialize)]
#[schemars(extend("x-names" = "region"))]
pub struct PathByRegion(pub BTreeMap<String, Path>);

impl Path {
    /// What is wrong with it, if anything.
    pub fn fault(&self) -> Option<String> {
        if self.0.is_empty() {
            return Some("a path has at least one year, for example { 2018 = 13.1, 2019 = 14.9 }".to_owned());
        }
        let is_year = |year: &&String| !year.parse::<i32>().is_ok_and(|year| (1800..=2200).contains(&year));
        if let Some(year) = self.0.keys().find(is_year) {
            return Some(format!("{year:?} is no year; write for example {{ 2018 = 13.1, 2019 = 14.9 }}"));
        }
        let wrong = self.0.iter().find(|(_, value)| value.0.is_nan() || value.0 <= 0.0);
        wrong.map(|(year, value)| format!("{} in {year} is not above zero: its logarithm is taken", value.0))
    }

    /// Years and values, in order.
    fn points(&self) -> Vec<(f64, f64)> {
        let point = |(year, value): (&String, &Number)| Some((f64::from(year.parse::<i32>().ok()?) + MIDDLE, value.0));
        let mut points: Vec<(f64, f64)> = self.0.iter().filter_map(point).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        points
    }

    /// One less each value: of what succeeds, what fails.
    pub fn mirrored(&self) -> Path {
        Path(self.0.iter().map(|(year, value)| (year.clone(), Number(1.0 - value.0))).collect())
    }

    /// What is wrong with it as a path of shares, if anything.
    pub fn fault_of_shares(&self) -> Option<String> {
        let beyond = self.0.iter().find(|(_, value)| value.0 >= 1.0);
        let words =
            |(year, value): (&String, &Number)| format!("{} in {year} is not below 1: something fails", value.0);
        self.fault().or_else(|| beyond.map(words))
    }

    /// The value on a day.
    pub fn on(&self, day: NaiveDate) -> f64 {
        let days = if day.leap_year() { 366.0 } else { 365.0 };
        let today = f64::from(day.year()) + f64::from(day.ordinal0()) / days;
        let points = self.points();
        let after = points.partition_point(|(year, _)| *year <= today);
        match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
            (Some(before), Some(after)) => {
                let share = (today - before.0) / (after.0 - before.0);
                maths::exp(maths::ln(before.1) + share * maths::ln(after.1 / before.1))
            }
            (Some((_, value)), None) | (None, Some((_, value))) => *value,
            (None, None) => 1.0,
        }
    }

    /// Size on a day against another, the first of the run.
    pub fn index(&self, (first, today): (NaiveDate, NaiveDate)) -> f64 {
        if first == today { 1.0 } else { self.on(today) / self.on(first) }
    }

    /// The largest it ever is against its least: a bound of what it can make.
    pub fn widest(&self) -> f64 {
        let values = self.0.values().map(|value| value.0);
        let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        if low > 0.0 && low.is_finite() { high / low } else { 1.0 }
    }
}

/// Where in its year the value of a year holds.
const MIDDLE: f64 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    fn path(json: &str) -> Path {
        serde_json::from_str(json).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_path_grows_by_the_same_share_between_the_middles_of_years_and_then_stays() {
        // from 1 to 4 in two years: at half the way 2, a quarter of it 4^(1/4)
        let path = path(r#"{"2018": 1.0, "2020": 4.0}"#);
        // day 181 of 365 is 0.4959 of a year, a day before the middle
        assert!((path.on(day("2019-07-02")) - 2.0).abs() < 0.01);
        assert!((path.on(day("2019-01-01")) - libm::pow(4.0, 0.25)).abs() < 1e-9);
        assert_eq!((path.on(day("2011-01-01")), path.on(day("2031-01-01"))), (1.0, 4.0));
        assert_eq!(path.widest(), 4.0);
    }

    #[test]
    fn the_index_counts_from_the_first_day() {
        let path = path(r#"{"2018": 1.0, "2020": 4.0}"#);
        let found = path.index((day("2019-07-02"), day("2021-01-01")));
        assert!((found - 2.0).abs() < 0.01, "{found}");
        assert_eq!(path.index((day("2019-07-02"), day("2019-07-02"))), 1.0);
    }

    #[test]
    fn what_is_no_path_is_named() {
        for (json, words) in
            [("{}", "at least one year"), (r#"{"18": 1.0}"#, "no year"), (r#"{"2018": 0.0}"#, "not above zero")]
        {
            assert!(path(json).fault().unwrap().contains(words), "{json}");
        }
        assert_eq!(path(r#"{"2018": 13.1}"#).fault(), None);
        assert!(path(r#"{"2018": 1.0}"#).fault_of_shares().unwrap().contains("below 1"));
        assert!(path(r#"{"18": 0.5}"#).fault_of_shares().unwrap().contains("no year"));
        assert_eq!(path(r#"{"2018": 0.99}"#).fault_of_shares(), None);
    }
}
