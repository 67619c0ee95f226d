//! Tidy tables: CSV for eyes and spreadsheets, Parquet for pandas, polars, R and DuckDB.

pub use super::gains::frame as gains;

use super::gains;
use crate::economy::policy::Clock;
use crate::economy::world::flows::Flow;
use crate::experiment::run::Results;
use crate::experiment::tally::Tally;
use crate::ground::list::Listed;
use crate::observe::indicators::{Metric, Row};
use crate::observe::receipt::OTHER_SOURCES;
use crate::output::kit::became;
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::parquet;
use crate::output::kit::parquet::{Frame, about, facts, word_field};
use crate::output::kit::unmade::{Maker, Unmade};
use crate::output::only::Only;
use arrow_array::builder::Decimal128Builder;
use arrow_array::{ArrayRef, Float64Array, Int32Array, UInt32Array, UInt64Array};
use arrow_schema::{DataType, Field};
use rayon::prelude::*;
use std::sync::Arc;

/// series.csv, series.parquet, flows.parquet, receipt.parquet, gains.csv, gains.parquet and waterfall.csv.
///
/// # Errors
/// What could not be written, in words.
pub fn all(results: &Results) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let tally = [Tally::of(results)];
    made(results, &Only::default(), |_| true, || &tally)
}

/// Those of them whose name `is_made`, with the metrics that are asked for in the series; `tally` is the run's own, which
/// the waterfall shows.
///
/// # Errors
/// What could not be written, in words.
pub fn made<'a>(
    results: &Results,
    only: &Only,
    is_made: impl Fn(&str) -> bool + Sync,
    tally: impl Fn() -> &'a [Tally] + Sync,
) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let rows: Vec<Row> = results.series.rows.iter().filter(|row| only.has_metric(row.metric)).copied().collect();
    let tables: [Maker; 7] = [
        ("series.csv", &|| series_csv(results, &rows)),
        ("series.parquet", &|| series_of(results, &rows).parquet()),
        ("flows.parquet", &|| flows(results)?.parquet()),
        ("receipt.parquet", &|| receipt(results).parquet()),
        ("gains.csv", &|| gains::csv(results)),
        ("gains.parquet", &|| gains(results).parquet()),
        ("waterfall.csv", &|| became::csv(&results.scenario, tally())),
    ];
    let made = |(name, make): &Maker| make().map(|bytes| ((*name).to_owned(), bytes));
    tables.par_iter().filter(|(name, _)| is_made(name)).map(made).collect()
}

fn series_csv(results: &Results, rows: &[Row]) -> Result<Vec<u8>, Unmade> {
    let head = ["scenario", "replicate", "seed", "tick", "date", "region", "metric", "item", "unit", "value"];
    let mut out = Sheet::new(head)?;
    let run = &results.scenario.parameters.run;
    let clock = Clock::of(run);
    let mut today = (i32::MIN, String::new());
    for row in rows {
        let (metric, unit) = (row.metric.name(), row.metric.unit());
        if row.tick != today.0 {
            today = (row.tick, clock.date(row.tick).to_string());
        }
        out.row([
            Cell::from(&results.scenario.about.name),
            run.replicate.into(),
            run.seed.into(),
            row.tick.into(),
            (&today.1).into(),
            (&results.scenario.parameters.regions[usize::from(row.region)]).into(),
            metric.into(),
            (&results.series.items[usize::from(row.item)]).into(),
            unit.into(),
            row.value.into(),
        ])?;
    }
    out.bytes()
}

fn words<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    parquet::words(values.map(Some))
}

fn dates(results: &Results, ticks: impl Iterator<Item = i32>) -> ArrayRef {
    parquet::dates(Clock::of(&results.scenario.parameters.run), ticks)
}

/// Tick and date, with what they mean, and columns of words, each with what it means.
fn dated([tick, date]: [&str; 2], words: &[[&str; 2]]) -> Vec<Field> {
    let tick = about(Field::new("tick", DataType::Int32, false), tick, "");
    let date = about(Field::new("date", DataType::Date32, false), date, "");
    let words = words.iter().map(|[name, meaning]| about(word_field(name), meaning, ""));
    [tick, date].into_iter().chain(words).collect()
}

/// Every recorded value: series.parquet.
pub fn series(results: &Results) -> Frame {
    series_of(results, &results.series.rows)
}

fn series_of(results: &Results, rows: &[Row]) -> Frame {
    let run = &results.scenario.parameters.run;
    let regions = &results.scenario.parameters.regions;
    let mut fields = vec![
        about(word_field("scenario"), "name of the scenario", ""),
        about(Field::new("replicate", DataType::UInt32, false), "number of the replicate", ""),
        about(Field::new("seed", DataType::UInt64, false), "seed of all random numbers", ""),
    ];
    let what = [
        ["region", "region"],
        ["metric", "what is measured; flows are means per week since the last record"],
        ["item", "of what: occupation, job kind, robot class, task family; all if not split"],
        ["unit", "unit of the value"],
    ];
    fields.extend(dated(["tick at whose end it was recorded", "first day of the tick"], &what));
    fields.push(about(Field::new("value", DataType::Float64, false), "how much", "see the column unit"));
    let columns: Vec<ArrayRef> = vec![
        words(rows.iter().map(|_| results.scenario.about.name.as_str())),
        Arc::new(rows.iter().map(|_| run.replicate).collect::<UInt32Array>()),
        Arc::new(rows.iter().map(|_| run.seed).collect::<UInt64Array>()),
        Arc::new(rows.iter().map(|row| row.tick).collect::<Int32Array>()),
        dates(results, rows.iter().map(|row| row.tick)),
        words(rows.iter().map(|row| regions[usize::from(row.region)].as_str())),
        words(rows.iter().map(|row| row.metric.name())),
        words(rows.iter().map(|row| results.series.items[usize::from(row.item)].as_str())),
        words(rows.iter().map(|row| row.metric.unit())),
        Arc::new(rows.iter().map(|row| row.value).collect::<Float64Array>()),
    ];
    let mut facts = facts(&results.scenario);
    let metric = |metric: &Metric| {
        let (unit, meaning) = (metric.unit(), metric.about());
        let kind = if metric.is_flow() { "flow, mean per week" } else { "stock or ratio, at the end" };
        (format!("metric.{metric}"), format!("{meaning} [{unit}; {kind}]"))
    };
    facts.extend(Metric::ALL.iter().map(metric));
    Frame::new(fields, facts, columns)
}

/// The transactions-flow matrix, exact to the micro-dollar: flows.parquet.
///
/// # Errors
/// That amounts are no decimals: a bug of ours.
pub fn flows(results: &Results) -> Result<Frame, Unmade> {
    let rows = &results.flows.rows;
    let regions = &results.scenario.parameters.regions;
    let region = |index: u16| regions[usize::from(index)].as_str();
    let mut amounts = Decimal128Builder::new().with_precision_and_scale(38, 6)?;
    rows.iter().for_each(|row| amounts.append_value(row.4));
    let flow = |pick: fn(Flow) -> &'static str| words(rows.iter().map(move |row| pick(row.1)));
    let what = [
        ["kind", "what the payment is for"],
        ["payer_sector", "who pays"],
        ["payer_region", "where the payer is"],
        ["payee_sector", "who is paid"],
        ["payee_region", "where the payee is"],
    ];
    let mut fields = dated(["last tick of the interval", "first day of that tick"], &what);
    let amount = Field::new("amount", DataType::Decimal128(38, 6), false);
    fields.push(about(amount, "paid since the last record", "USD"));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(rows.iter().map(|row| row.0).collect::<Int32Array>()),
        dates(results, rows.iter().map(|row| row.0)),
        flow(Flow::name),
        flow(|flow| flow.payer().name()),
        words(rows.iter().map(|row| region(row.2))),
        flow(|flow| flow.payee().name()),
        words(rows.iter().map(|row| region(row.3))),
        Arc::new(amounts.finish()),
    ];
    Ok(Frame::new(fields, facts(&results.scenario), columns))
}

/// Whose hours took whose jobs, by year: receipt.parquet.
pub fn receipt(results: &Results) -> Frame {
    let lines = &results.receipt.lines;
    let regions = &results.scenario.parameters.regions;
    let source = |from: usize| match regions.get(from) {
        Some(name) => name.as_str(),
        None => OTHER_SOURCES[(from - regions.len()).min(OTHER_SOURCES.len() - 1)],
    };
    let number = |pick: fn(&crate::observe::receipt::Line) -> f64| -> ArrayRef {
        Arc::new(lines.iter().map(pick).collect::<Float64Array>())
    };
    let float = |name: &str| Field::new(name, DataType::Float64, false);
    let fields = vec![
        about(Field::new("year", DataType::Int32, false), "calendar year", ""),
        about(word_field("from_region"), "where the hours were recorded", ""),
        about(word_field("to_region"), "where the robots work", ""),
        about(float("hours"), "accepted hours of the year taken in by the lab that licenses to to_region", "hours"),
        about(float("jobs"), "mean full-time equivalents absorbed in to_region owed to from_region", "persons"),
        about(float("licence"), "licence income of the year from to_region owed to from_region", "USD"),
        about(float("royalties"), "royalties on it for contributors in from_region, after collection", "USD"),
    ];
    let columns: Vec<ArrayRef> = vec![
        Arc::new(lines.iter().map(|line| line.year).collect::<Int32Array>()),
        words(lines.iter().map(|line| source(line.from))),
        words(lines.iter().map(|line| regions[line.to].as_str())),
        number(|line| line.hours),
        number(|line| line.jobs),
        number(|line| line.licence),
        number(|line| line.royalties),
    ];
    Frame::new(fields, facts(&results.scenario), columns)
}
