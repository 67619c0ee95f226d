//! Tables of a result as they lie in its folder.

use super::{Cell, Lacking, Table};
use crate::output::disk::manifest::Manifest;
use crate::output::disk::ours;
use crate::output::disk::unread::Unread;
use crate::output::disk::verify::{self, Kind, Recorded};
use crate::output::kit::csv::read as read_text;
use crate::output::kit::parquet_read::Received;
use crate::output::kit::words::grain;
use crate::scenario::Scenario;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::path::Path;

/// Days from the first of the calendar to that from which Parquet counts.
const DAYS_TO_1970: i32 = 719_163;

/// Why a table is not read.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    /// The file.
    #[error(transparent)]
    Unread(#[from] Unread),
    /// The name.
    #[error(transparent)]
    Lacking(#[from] Lacking),
}

/// The tables of a result: the names of its files, and what is to be said below any of them.
#[derive(Clone, Debug)]
pub struct Tables {
    files: BTreeSet<String>,
    notes: String,
}

impl Tables {
    /// Those of the result in a folder, of any kind.
    ///
    /// # Errors
    /// There is no result.
    pub fn of(folder: &Path) -> Result<Tables, Unread> {
        match of_many_runs(folder) {
            Some(tables) => Ok(tables),
            None => {
                let recorded = verify::read(folder)?;
                Ok(Tables { files: recorded.files.keys().cloned().collect(), notes: notes(&recorded) })
            }
        }
    }

    /// Their names, without endings.
    pub fn names(&self) -> BTreeSet<String> {
        let table = |file: &String| {
            let name = file.strip_suffix(".csv").or_else(|| file.strip_suffix(".parquet"))?;
            (!name.contains('/')).then(|| name.to_owned())
        };
        self.files.iter().filter_map(table).collect()
    }
}

/// Those of a sweep, or of a report on one.
fn of_many_runs(folder: &Path) -> Option<Tables> {
    let manifest = Manifest::read(ours::manifest(folder)?).ok()?;
    let files: Vec<String> = manifest.files().keys().cloned().collect();
    let notes = match manifest {
        Manifest::Sweep(of) => format!("handover {}: {}, {}; {} runs.", of.handover, of.sweep, of.title, of.runs),
        Manifest::Report(of) => format!("handover {}: of {}, {} runs.", of.handover, of.sweep, of.runs),
        _ => return None,
    };
    let is_inside = |file: &String| ours::inside(file).is_ok();
    Some(Tables { files: files.into_iter().filter(is_inside).collect(), notes })
}

impl Table {
    /// The table of a result by its name, without its ending: text before columns, where there are both.
    ///
    /// # Errors
    /// There is none of that name, or it cannot be read.
    pub fn read(folder: &Path, tables: &Tables, name: &str) -> Result<Table, NotRead> {
        let known = tables.names();
        let has = |ending: &str| Some(format!("{name}{ending}")).filter(|file| tables.files.contains(file));
        let (head, rows) = if let Some(file) = has(".csv") {
            of_text(&folder.join(file))?
        } else if let Some(file) = has(".parquet") {
            of_columns(&folder.join(file))?
        } else {
            let list = known.into_iter().collect::<Vec<_>>().join(", ");
            return Err(Lacking::Table(name.to_owned(), list).into());
        };
        Ok(Table { name: name.to_owned(), head, rows, notes: tables.notes.clone() })
    }
}

/// What is to be said below a table: which runs, how many, and on what evidence.
fn notes(recorded: &Recorded) -> String {
    let scenario = &recorded.scenario;
    let run = &scenario.parameters.run;
    let name = |scenario: &Scenario| scenario.about.name.clone();
    let (what, many) = match &recorded.kind {
        Kind::Run => (name(scenario), "one run".to_owned()),
        Kind::Ensemble { attendance, .. } => (name(scenario), attendance.words()),
        Kind::Comparison { attendance, reforms, .. } => {
            let reforms: Vec<String> = reforms.iter().map(name).collect();
            let words = format!(
                "{} on common random numbers; intervals are 95 %, Student's t over paired differences",
                attendance.words()
            );
            (format!("{} against {}", reforms.join(", "), name(scenario)), words)
        }
        Kind::Search => (name(scenario), "many runs".to_owned()),
    };
    let count = |grade: &str| scenario.catalogue.values().filter(|card| card.grade == grade).count();
    let [a, b, c] = ["A", "B", "C"].map(count);
    format!(
        "handover {}: {what}; {many}; seed {}; {} years from {}; {}. Conditional on {} parameters, {a} of grade A, {b} of grade B, {c} of grade C; not a forecast.",
        recorded.version,
        run.seed,
        run.years.0,
        run.start.0,
        grain(scenario),
        a + b + c
    )
}

type Read = (Vec<String>, Vec<Vec<Cell>>);

fn of_text(path: &Path) -> Result<Read, Unread> {
    let bytes = ours::read_file(path, ours::MOST_BYTES).map_err(|error| Unread::file(path, error))?;
    let (head, rows) = read_text(&bytes).map_err(|unmade| Unread::wrong(path, unmade.to_string()))?;
    Ok((head, rows.iter().map(|row| row.iter().map(|word| of_word(word)).collect()).collect()))
}

/// A cell of text: a number where it is one; the apostrophe that guards a cell from spreadsheets is no part of it.
fn of_word(word: &str) -> Cell {
    match word.parse::<f64>() {
        _ if word.is_empty() => Cell::Empty,
        Ok(number) if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            Cell::Number(number, word.to_owned())
        }
        _ => Cell::Words(word.strip_prefix('\'').unwrap_or(word).to_owned()),
    }
}

fn of_columns(path: &Path) -> Result<Read, Unread> {
    let (mut head, mut rows) = (Vec::new(), Vec::new());
    Received::open(path)?.each(|batch| {
        if head.is_empty() {
            head = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
        }
        rows.extend((0..batch.num_rows()).map(|row| of_row(batch, row)));
        Ok(())
    })?;
    Ok((head, rows))
}

fn of_row(batch: &RecordBatch, row: usize) -> Vec<Cell> {
    batch.columns().iter().map(|column| of_value(column.as_ref(), row)).collect()
}

fn of_value(column: &dyn Array, row: usize) -> Cell {
    if column.is_null(row) {
        return Cell::Empty;
    }
    let number = |value: f64, text: String| Cell::Number(value, text);
    match column.data_type() {
        DataType::Dictionary(..) => {
            let words = column.as_dictionary_opt::<Int32Type>();
            let word =
                words.and_then(|words| Some(words.values().as_string_opt::<i32>()?.value(words.key(row)?).to_owned()));
            word.map_or(Cell::Empty, Cell::Words)
        }
        DataType::Boolean => Cell::Words(column.as_boolean().value(row).to_string()),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value(row);
            let date = days.checked_add(DAYS_TO_1970).and_then(NaiveDate::from_num_days_from_ce_opt);
            date.map_or(Cell::Empty, |date| Cell::Words(date.to_string()))
        }
        DataType::Decimal128(_, scale) => {
            let value = column.as_primitive::<Decimal128Type>().value(row);
            let one = libm::pow(10.0, f64::from(*scale));
            number(value as f64 / one, column.as_primitive::<Decimal128Type>().value_as_string(row))
        }
        DataType::Float64 => {
            let value = column.as_primitive::<Float64Type>().value(row);
            if value.is_nan() { Cell::Empty } else { number(value, value.to_string()) }
        }
        DataType::Int32 => whole(column.as_primitive::<Int32Type>().value(row)),
        DataType::Int64 => whole(column.as_primitive::<Int64Type>().value(row)),
        DataType::UInt32 => whole(column.as_primitive::<UInt32Type>().value(row)),
        DataType::UInt64 => whole(column.as_primitive::<UInt64Type>().value(row)),
        _ => Cell::Empty,
    }
}

fn whole(value: impl ToString) -> Cell {
    let text = value.to_string();
    text.parse().map_or(Cell::Empty, |number| Cell::Number(number, text))
}
