//! One number of a run, asked for in one line: what plans of sweeps, targets and calibrations compare.
//!
//! `last(unemployment_rate[USA])`, or bare `unemployment_rate[USA]`: the last record. `at(2031-12, ...)`: the
//! last record dated in that month or before. `peak`, `low`, `mean`, `sum` over all records, or over those
//! dated within `2030-01..2035-01`. `first_above(absorbed[CHN], 1000000)`, `first_below`: years since the
//! start until the end of the first tick recorded beyond a threshold, nothing if that never happens.
//! `headline(public_cost)`, `headline(royalties[IND])`: what `compare` sums up. Dates are those of
//! series.csv: the first day of the recorded tick. The region may be `all` where regions add up.
//!
//! Outcomes add, subtract, multiply and divide, also over the arms of a comparison: `arithmetic.rs`.
//!
//! Left out: whatever needs the lives of people.

mod arithmetic;
mod forms;
mod joined;
mod moving;
mod read;
mod words;

use super::run::Results;
use crate::economy::Parameters;
use crate::economy::policy::Clock;
use crate::economy::policy::RunParameters;
use crate::experiment::compare::headlines::{headlines, of_one_run, wanted as of_headlines};
use crate::experiment::compare::lives::LifeTable;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::indicators::{Metric, Series, Wanted};
use crate::scenario::Scenario;
use arithmetic::Together;
use chrono::NaiveDate;
use std::fmt;

pub use forms::{FORMS, Form};

/// Items that a metric is split by in some region, the usual one first.
pub fn items_of(metric: Metric, parameters: &Parameters) -> Vec<String> {
    words::items(metric, None, parameters)
}

/// One number of a run.
///
/// ```
/// use handover::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let scenario = open_scenario("scenarios/baseline.toml", &[])?;
/// let outcome = Outcome::read("mean(unemployment_rate[USA], 2030-01..2031-12)", &scenario)?;
/// assert_eq!(outcome.unit(), "share");
/// let problem = Outcome::read("last(unemployment[USA])", &scenario).unwrap_err();
/// assert!(problem.to_string().contains("did you mean"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// A history, and what of it.
    Metric(Reduction, History),
    /// A headline of the comparison; its region, or the world.
    Headline(&'static str, &'static str, Option<String>),
    /// Several of them.
    Together(Together),
}

/// The records of one metric, region and item.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// What is measured.
    pub metric: Metric,
    /// Name of the region, or "all".
    pub region: String,
    /// Of what; "all" where nothing is split.
    pub item: String,
}

/// What becomes of a history.
#[derive(Clone, Debug, PartialEq)]
enum Reduction {
    Last,
    At(Day),
    Peak(Span),
    Low(Span),
    Mean(Span),
    Sum(Span),
    FirstAbove(f64),
    FirstBelow(f64),
}

/// A day or a month, as it was written.
#[derive(Clone, Debug, PartialEq)]
struct Day {
    first: NaiveDate,
    last: NaiveDate,
    text: String,
}

/// From the first day of one to the last day of the other; open where nothing is said.
#[derive(Clone, Debug, Default, PartialEq)]
struct Span {
    from: Option<Day>,
    until: Option<Day>,
}

impl Span {
    fn holds(&self, date: NaiveDate) -> bool {
        self.from.as_ref().is_none_or(|day| day.first <= date) && self.until.as_ref().is_none_or(|day| date <= day.last)
    }
}

crate::said! {
    /// Why a line is no outcome of a scenario.
    NoOutcome
}

impl Outcome {
    /// Reads an outcome of a scenario.
    ///
    /// # Errors
    /// What is wrong, the nearest metric, region or item, and an example.
    pub fn read(text: &str, scenario: &Scenario) -> Result<Outcome, NoOutcome> {
        Outcome::read_in(text, &[("", scenario)])
    }

    /// Reads an outcome of a comparison, whose arms have names: `of(ARM, ...)` is read in one of them, all else in the
    /// first.
    ///
    /// # Errors
    /// As [`Outcome::read`]; or there is no such arm.
    pub fn read_in(text: &str, arms: &[(&str, &Scenario)]) -> Result<Outcome, NoOutcome> {
        joined::outcome(text, joined::Within { arms, arm: 0 }).map(Outcome).map_err(NoOutcome)
    }

    /// The number; nothing where there is no record, or where what it waits for never happens. Always finite.
    pub fn of(&self, results: &Results) -> Option<f64> {
        self.of_arms(&[results])
    }

    /// The number in a comparison, whose arms are in the order in which they were named.
    pub fn of_arms(&self, arms: &[&Results]) -> Option<f64> {
        self.0.of(arms, 0).filter(|value| value.is_finite())
    }

    /// What must be recorded of a run, or of every arm, for it to be the number that it is where everything is.
    pub fn wanted(&self) -> Wanted {
        self.0.wanted()
    }

    /// Its unit.
    pub fn unit(&self) -> &'static str {
        self.0.unit()
    }

    /// What it is, in words: "unemployed per person of the labour force, USA, at the last record".
    pub fn meaning(&self) -> String {
        self.0.meaning()
    }
}

impl Kind {
    fn of(&self, arms: &[&Results], arm: usize) -> Option<f64> {
        let results = arms.get(arm)?;
        match self {
            Kind::Metric(reduction, history) => reduction.of(&history.of(results), &results.scenario.parameters.run),
            Kind::Headline(name, _, region) => {
                let regions = &results.scenario.parameters.regions;
                // of a region that is not there, not the world's number
                let wanted = match region {
                    Some(name) => Some(regions.iter().position(|known| known == name)?),
                    None => None,
                };
                let all = headlines(results, &LifeTable::default(), false);
                all.into_iter().find(|(about, _)| about.name == *name && about.region == wanted).map(|found| found.1)
            }
            Kind::Together(together) => together.of(arms, arm),
        }
    }

    fn wanted(&self) -> Wanted {
        match self {
            Kind::Metric(_, history) => Wanted::metrics([history.metric]),
            Kind::Headline(..) => of_headlines(),
            Kind::Together(together) => together.wanted(),
        }
    }

    fn unit(&self) -> &'static str {
        match self {
            Kind::Metric(Reduction::FirstAbove(_) | Reduction::FirstBelow(_), _) => "years",
            Kind::Metric(Reduction::Sum(_), history) => {
                let unit = history.metric.unit();
                unit.strip_suffix("/week").unwrap_or(unit)
            }
            Kind::Metric(_, history) => history.metric.unit(),
            Kind::Headline(_, unit, _) => unit,
            Kind::Together(together) => together.unit(),
        }
    }

    fn meaning(&self) -> String {
        match self {
            Kind::Metric(reduction, history) => {
                let place = if history.region == "all" { "all regions together" } else { &history.region };
                let item = if history.item == "all" { String::new() } else { format!(", {}", history.item) };
                format!("{}, {place}{item}, {}", history.metric.about(), reduction.meaning(self.unit()))
            }
            Kind::Headline(name, _, region) => {
                let about = of_one_run().find(|about| about.0 == *name).map_or("", |a| a.1);
                format!("{about}, {}", region.as_deref().unwrap_or("the world"))
            }
            Kind::Together(together) => together.meaning(),
        }
    }
}

impl History {
    /// Reads `metric[REGION]` or `metric[REGION, item]`; without an item it is the usual one.
    ///
    /// # Errors
    /// What is wrong, with the nearest metric, region or item.
    pub fn read(text: &str, scenario: &Scenario) -> Result<History, NoOutcome> {
        read::history(text, scenario).map_err(NoOutcome)
    }

    fn of(&self, results: &Results) -> Vec<(i32, f64)> {
        self.within(&results.series, &results.scenario.parameters.regions)
    }

    /// Values by tick; of all regions their sum.
    pub fn within(&self, series: &Series, regions: &[String]) -> Vec<(i32, f64)> {
        let Some(item) = series.items.iter().position(|known| *known == self.item) else { return Vec::new() };
        let is_world = self.region == "all";
        let region = regions.iter().position(|known| *known == self.region);
        let mut found: Vec<(i32, f64)> = Vec::new();
        for row in &series.rows {
            let is_mine = row.metric == self.metric && usize::from(row.item) == item;
            if is_mine && (is_world || Some(usize::from(row.region)) == region) {
                // rows come by tick, then by region
                match found.last_mut() {
                    Some((tick, sum)) if *tick == row.tick => *sum += row.value,
                    _ => found.push((row.tick, row.value)),
                }
            }
        }
        found
    }
}

impl Reduction {
    fn of(&self, history: &[(i32, f64)], run: &RunParameters) -> Option<f64> {
        let clock = Clock::of(run);
        let within = |span: &Span| -> Vec<f64> {
            history.iter().filter(|(tick, _)| span.holds(clock.date(*tick))).map(|row| row.1).collect()
        };
        let years = |row: &(i32, f64)| clock.weeks_behind(row.0) / WEEKS_PER_YEAR;
        match self {
            Reduction::Last => history.last().map(|row| row.1),
            Reduction::At(day) => {
                let is_before = |row: &&(i32, f64)| clock.date(row.0) <= day.last;
                history.iter().rev().find(is_before).map(|row| row.1)
            }
            Reduction::Peak(span) => within(span).into_iter().max_by(f64::total_cmp),
            Reduction::Low(span) => within(span).into_iter().min_by(f64::total_cmp),
            Reduction::Mean(span) => {
                let values = within(span);
                (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
            }
            Reduction::Sum(span) => {
                let values = within(span);
                // every record is a mean over the ticks since the last one
                let ticks = f64::from(clock.ticks_in(run.record_every.0).max(1));
                (!values.is_empty()).then(|| values.iter().sum::<f64>() * ticks * clock.weeks)
            }
            Reduction::FirstAbove(threshold) => history.iter().find(|row| row.1 > *threshold).map(years),
            Reduction::FirstBelow(threshold) => history.iter().find(|row| row.1 < *threshold).map(years),
        }
    }

    fn meaning(&self, unit: &str) -> String {
        let over = |word: &str, span: &Span| match (&span.from, &span.until) {
            (None, None) => format!("{word} over the run"),
            (Some(from), None) => format!("{word} from {}", from.text),
            (None, Some(until)) => format!("{word} until {}", until.text),
            (Some(from), Some(until)) => format!("{word} from {} until {}", from.text, until.text),
        };
        match self {
            Reduction::Last => "at the last record".to_owned(),
            Reduction::At(day) => format!("at the last record of {} or before", day.text),
            Reduction::Peak(span) => over("highest", span),
            Reduction::Low(span) => over("lowest", span),
            Reduction::Mean(span) => over("mean", span),
            Reduction::Sum(span) => over("sum", span),
            Reduction::FirstAbove(threshold) => format!("{unit} until it is first above {threshold}"),
            Reduction::FirstBelow(threshold) => format!("{unit} until it is first below {threshold}"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Kind::Metric(reduction, history) => match reduction {
                Reduction::Last => write!(f, "last({history})"),
                Reduction::At(day) => write!(f, "at({}, {history})", day.text),
                Reduction::Peak(span) => write!(f, "peak({history}{span})"),
                Reduction::Low(span) => write!(f, "low({history}{span})"),
                Reduction::Mean(span) => write!(f, "mean({history}{span})"),
                Reduction::Sum(span) => write!(f, "sum({history}{span})"),
                Reduction::FirstAbove(threshold) => write!(f, "first_above({history}, {threshold})"),
                Reduction::FirstBelow(threshold) => write!(f, "first_below({history}, {threshold})"),
            },
            Kind::Headline(name, _, None) => write!(f, "headline({name})"),
            Kind::Headline(name, _, Some(region)) => write!(f, "headline({name}[{region}])"),
            Kind::Together(together) => together.fmt(f),
        }
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let item = if self.item == "all" { String::new() } else { format!(", {}", self.item) };
        write!(f, "{}[{}{item}]", self.metric, self.region)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.from.is_none() && self.until.is_none() {
            return Ok(());
        }
        let text = |day: &Option<Day>| day.as_ref().map_or_else(String::new, |day| day.text.clone());
        write!(f, ", {}..{}", text(&self.from), text(&self.until))
    }
}
