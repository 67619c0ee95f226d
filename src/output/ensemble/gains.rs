//! gains.csv and gains.parquet of an ensemble: mean and quantiles over the replicates, a row for each number.

use crate::experiment::ensemble::Attendance;
use crate::experiment::tally::Tally;
use crate::ground::list::Listed;
use crate::observe::gains::Entry;
use crate::output::kit::bands::{Band, QUANTILES, SHARES};
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::gains::{NUMBERS, band, place};
use crate::output::kit::parquet::{Frame, of_columns, words};
use crate::output::kit::unmade::Unmade;
use crate::scenario::Scenario;
use arrow_array::{ArrayRef, Float64Array, UInt32Array};
use std::sync::Arc;

/// A number of a row of the account, and what the replicates say of it.
struct Row<'a> {
    words: [&'a str; 7],
    band: Band,
}

fn rows<'a>(scenario: &'a Scenario, tallies: &[Tally]) -> Vec<Row<'a>> {
    let regions = &scenario.parameters.regions;
    let of_entry = |entry: Entry| {
        NUMBERS.into_iter().filter_map(move |(name, _, number)| {
            let [place, group] = [place(regions, entry.region), entry.group.name()];
            let words = [scenario.about.name.as_str(), place, group, entry.words(), entry.kind(), entry.unit(), name];
            Some(Row { words, band: band(tallies, entry, number)? })
        })
    };
    Entry::all(regions.len()).into_iter().flat_map(of_entry).collect()
}

const WORDS: [(&str, &str); 7] = [
    ("scenario", "name of the scenario"),
    ("region", "where, or world"),
    ("group", "who"),
    ("line", "of what; all for the whole group"),
    ("kind", "total of a group, payment, use, no payment, counted among workers, persons"),
    ("unit", "unit of the numbers"),
    ("number", "gained or paid, over the run or in the last year; year_before: paid in a year before the start"),
];

/// The table as text.
///
/// # Errors
/// What could not be written, in words.
pub(super) fn csv(scenario: &Scenario, attendance: &Attendance, tallies: &[Tally]) -> Result<Vec<u8>, Unmade> {
    let head = WORDS.map(|(name, _)| name).into_iter().chain(["replicates", "of", "mean"]).chain(QUANTILES);
    let mut sheet = Sheet::new(head)?;
    for Row { words, band } in rows(scenario, tallies) {
        let counts = [Cell::from(band.count), attendance.tried().into(), band.mean.into()];
        sheet.row(words.map(Cell::from).into_iter().chain(counts).chain(band.quantiles.map(Cell::from)))?;
    }
    sheet.bytes()
}

/// The table as columns.
///
/// # Errors
/// What could not be written, in words.
pub(super) fn frame(scenario: &Scenario, attendance: &Attendance, tallies: &[Tally]) -> Result<Frame, Unmade> {
    let rows = rows(scenario, tallies);
    let of = u32::try_from(attendance.tried()).unwrap_or(u32::MAX);
    let mut columns: Vec<(&str, &str, &str, ArrayRef)> = Vec::new();
    for (n, (name, meaning)) in WORDS.into_iter().enumerate() {
        columns.push((name, meaning, "", words(rows.iter().map(|row| Some(row.words[n])))));
    }
    let counts = rows.iter().map(|row| row.band.count).collect::<UInt32Array>();
    columns.push(("replicates", "replicates in which it is known", "", Arc::new(counts)));
    columns.push(("of", "replicates tried", "", Arc::new(rows.iter().map(|_| of).collect::<UInt32Array>())));
    let number = |pick: &dyn Fn(&Band) -> f64| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(pick(&row.band))).collect::<Float64Array>())
    };
    columns.push(("mean", "mean over replicates", "see the column unit", number(&|band| band.mean)));
    let about = SHARES.map(|share| format!("quantile at {} % over replicates", share * 100.0));
    for (n, name) in QUANTILES.into_iter().enumerate() {
        columns.push((name, &about[n], "see the column unit", number(&|band| band.quantiles[n])));
    }
    of_columns(&scenario.about.name, columns)
}
