//! `sweep.parquet`: the collected table of a sweep, written in pieces and read back whole.
//!
//! Columns `point`, `arm`, `replicate`, `seed`, `run`, `status`, `cause`, one `factor: <name>` a factor, one
//! `output: <name>` an output. Every column says what it means and its unit; the file says how many of its runs
//! are done, and holds the plan as JSON under the key `plan`.

use crate::experiment::sweep::table::{Count, OutputColumn, Status, Table, TableRow};
use crate::output::disk::unread::Unread;
use crate::output::kit::parquet::{about, open, word_field, words};
use crate::output::kit::parquet_read::Received;
use crate::output::kit::unmade::Unmade;
use crate::scenario::plan::{Design, Factor, Level, Range};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt32Type, UInt64Type};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt32Array, UInt64Array};
use arrow_schema::{DataType, Field, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Rows of a piece: those of one piece become one row group, so the bytes do not depend on how rows came.
pub const PIECE: usize = 8_192;

/// What the file says of the plan.
#[derive(Serialize, Deserialize)]
struct Head {
    name: String,
    title: String,
    design: Design,
    factors: Vec<Factor>,
    arms: Vec<String>,
    replicates: u32,
    seed: u64,
    outputs: Vec<OutputColumn>,
}

/// A table in the making; rows are given in pieces of [`PIECE`], the last may be shorter.
pub struct TableWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    factors: Vec<bool>,
    arms: Vec<String>,
    outputs: usize,
    seed: u64,
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a table; `table` is the whole but for its rows, `count` what is known of them.
    ///
    /// # Errors
    /// What could not be written, in words.
    pub fn begin(out: W, table: &Table, count: Option<Count>) -> Result<Self, Unmade> {
        let head = Head {
            name: table.name.clone(),
            title: table.title.clone(),
            design: table.design.clone(),
            factors: table.factors.clone(),
            arms: table.arms.clone(),
            replicates: table.replicates,
            seed: table.seed,
            outputs: table.outputs.clone(),
        };
        let plan = serde_json::to_string(&head)?;
        let facts = [
            ("handover", env!("CARGO_PKG_VERSION").to_owned()),
            ("sweep", table.name.clone()),
            ("title", table.title.clone()),
            ("plan", plan),
        ];
        let of_count = |count: Count| [("runs", count.words()), ("is_complete", (!count.is_partial()).to_string())];
        let facts = facts.into_iter().chain(count.into_iter().flat_map(of_count));
        let facts = facts.map(|(key, text)| (key.to_owned(), text)).collect();
        let (writer, schema) = open(out, fields(table), facts)?;
        let factors = table.factors.iter().map(|factor| factor.is_number).collect();
        let (arms, outputs, seed) = (table.arms.clone(), table.outputs.len(), table.seed);
        Ok(TableWriter { writer, schema, factors, arms, outputs, seed })
    }

    /// Adds a piece.
    ///
    /// # Errors
    /// What could not be written, in words.
    pub fn add(&mut self, rows: &[TableRow]) -> Result<(), Unmade> {
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(rows.iter().map(|row| row.point).collect::<UInt64Array>()),
            words(rows.iter().map(|row| Some(self.arms[row.arm].as_str()))),
            Arc::new(rows.iter().map(|row| row.replicate).collect::<UInt32Array>()),
            Arc::new(rows.iter().map(|_| self.seed).collect::<UInt64Array>()),
            Arc::new(rows.iter().map(|row| Some(row.run.as_str())).collect::<StringArray>()),
            words(rows.iter().map(|row| Some(row.status.word()))),
            words(rows.iter().map(|row| row.status.cause())),
        ];
        for (place, &is_number) in self.factors.iter().enumerate() {
            let mine = rows.iter().map(|row| row.factors.get(place));
            columns.push(match is_number {
                true => Arc::new(mine.map(|value| value.and_then(Level::number)).collect::<Float64Array>()),
                false => {
                    let texts: Vec<Option<String>> = mine.map(|value| value.map(Level::shown)).collect();
                    words(texts.iter().map(Option::as_deref))
                }
            });
        }
        for place in 0..self.outputs {
            columns.push(Arc::new(
                rows.iter().map(|row| row.outputs.get(place).copied().flatten()).collect::<Float64Array>(),
            ));
        }
        self.put(columns)
    }

    fn put(&mut self, columns: Vec<ArrayRef>) -> Result<(), Unmade> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.writer.write(&batch)?;
        Ok(self.writer.flush()?)
    }

    /// Ends the table.
    ///
    /// # Errors
    /// What could not be written, in words.
    pub fn finish(mut self) -> Result<W, Unmade> {
        // a disk that is full is told as such here; `into_inner` would make words of it
        self.writer.sync()?;
        Ok(self.writer.into_inner()?)
    }
}

/// A whole table as bytes.
///
/// # Errors
/// What could not be written, in words.
pub fn bytes(table: &Table) -> Result<Vec<u8>, Unmade> {
    let mut writer = TableWriter::begin(Vec::new(), table, Some(table.count()))?;
    table.rows.chunks(PIECE).try_for_each(|piece| writer.add(piece))?;
    writer.finish()
}

/// A table whose rows were written before it was known how many are done, with that on its head.
///
/// # Errors
/// What could not be read or written, in words.
pub fn restated<W: Write + Send>(rows: File, out: W, table: &Table, count: Count) -> Result<W, Unmade> {
    let mut writer = TableWriter::begin(out, table, Some(count))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(rows)?;
    let reader = reader.with_batch_size(PIECE).build()?;
    for batch in reader {
        writer.put(batch?.columns().to_vec())?;
    }
    writer.finish()
}

fn fields(table: &Table) -> Vec<Field> {
    let optional = |name: &str| word_field(name).with_nullable(true);
    let mut fields = vec![
        about(Field::new("point", DataType::UInt64, false), "number of the point in the design", ""),
        about(word_field("arm"), "which of the worlds that are compared", ""),
        about(
            Field::new("replicate", DataType::UInt32, false),
            "number of the replicate: the same random numbers at every point",
            "",
        ),
        about(Field::new("seed", DataType::UInt64, false), "seed of all random numbers", ""),
        about(Field::new("run", DataType::Utf8, false), "key of the run: hash of version and scenario", ""),
        about(word_field("status"), "done, failed or missing", ""),
        about(optional("cause"), "why there is no result", ""),
    ];
    for factor in &table.factors {
        let name = format!("factor: {}", factor.name);
        let field = match factor.is_number {
            true => Field::new(name, DataType::Float64, true),
            false => optional(&name),
        };
        let mut pairs = vec![("keys", factor.keys.join(", ")), ("grade", factor.grade.clone())];
        match &factor.range {
            Range::Between { low, high, is_log } => {
                let scale = if *is_log { "log" } else { "linear" };
                pairs.extend([("low", low.to_string()), ("high", high.to_string()), ("scale", scale.to_owned())]);
            }
            Range::Values(values) => {
                pairs.push(("values", values.iter().map(Level::shown).collect::<Vec<_>>().join(", ")));
            }
            Range::Listed => {}
        }
        fields.push(field_about(field, &factor.meaning, &factor.unit, pairs));
    }
    for output in &table.outputs {
        let field = Field::new(format!("output: {}", output.name), DataType::Float64, true);
        fields.push(field_about(field, &output.meaning, &output.unit, vec![("outcome", output.outcome.clone())]));
    }
    fields
}

/// A field with its meaning, its unit, and more.
fn field_about(field: Field, description: &str, unit: &str, more: Vec<(&str, String)>) -> Field {
    let all = [("description", description.to_owned()), ("unit", unit.to_owned())].into_iter().chain(more);
    let all = all.filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key.to_owned(), text));
    field.with_metadata(all.collect::<BTreeMap<String, String>>())
}

/// Reads a table; with the count that the file states.
///
/// # Errors
/// What could not be read, with the path.
pub fn read(path: &Path) -> Result<(Table, Count), Unread> {
    let at = |words: String| Unread::wrong(path, words);
    let received = Received::open(path)?;
    let plan = received.fact("plan").ok_or_else(|| at("this is no table of a sweep: it holds no plan".into()))?;
    let head: Head = serde_json::from_str(plan).map_err(|error| at(format!("the plan cannot be read: {error}")))?;
    let Head { name, title, design, factors, arms, replicates, seed, outputs } = head;
    if factors.len() + outputs.len() > received.columns() {
        return Err(at("its plan names more factors and outputs than there are columns".into()));
    }
    let mut table = Table { name, title, design, factors, arms, replicates, seed, outputs, rows: Vec::new() };
    received.each(|batch| read_rows(batch, &mut table))?;
    let count = table.count();
    Ok((table, count))
}

fn read_rows(batch: &RecordBatch, table: &mut Table) -> Result<(), String> {
    let column = |name: &str| batch.column_by_name(name).ok_or_else(|| format!("the column {name:?} is missing"));
    let wrong = |name: &str| format!("the column {name:?} does not hold what it should");
    let points = column("point")?.as_primitive_opt::<UInt64Type>().ok_or_else(|| wrong("point"))?;
    let replicates = column("replicate")?.as_primitive_opt::<UInt32Type>().ok_or_else(|| wrong("replicate"))?;
    let texts = |name: &str| texts(column(name)?).ok_or_else(|| wrong(name));
    let (arms, runs) = (texts("arm")?, texts("run")?);
    let (statuses, causes) = (texts("status")?, texts("cause")?);
    let mut rows = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let arm = arms[row].and_then(|name| table.arms.iter().position(|known| known == name));
        let status = match statuses[row] {
            Some("done") => Status::Done,
            Some("failed") => Status::Failed(causes[row].unwrap_or_default().to_owned()),
            Some("missing") => Status::Missing,
            _ => return Err(wrong("status")),
        };
        let (factors, outputs) = (Vec::new(), Vec::new());
        let run = runs[row].ok_or_else(|| wrong("run"))?.to_owned();
        let (point, replicate) = (points.value(row), replicates.value(row));
        rows.push(TableRow { point, arm: arm.ok_or_else(|| wrong("arm"))?, replicate, run, status, factors, outputs });
    }
    for factor in &table.factors {
        let name = format!("factor: {}", factor.name);
        if factor.is_number {
            let values = column(&name)?.as_primitive_opt::<Float64Type>().ok_or_else(|| wrong(&name))?;
            for (row, value) in rows.iter_mut().zip(values) {
                row.factors.extend(value.map(Level::Number));
            }
        } else {
            for (row, text) in rows.iter_mut().zip(texts(&name)?) {
                row.factors.extend(text.map(|text| Level::Word(text.to_owned())));
            }
        }
    }
    for output in &table.outputs {
        let name = format!("output: {}", output.name);
        let values = column(&name)?.as_primitive_opt::<Float64Type>().ok_or_else(|| wrong(&name))?;
        rows.iter_mut().zip(values).for_each(|(row, value)| row.outputs.push(value));
    }
    table.rows.extend(rows);
    Ok(())
}

fn texts(column: &ArrayRef) -> Option<Vec<Option<&str>>> {
    let dictionary = column.as_dictionary_opt::<Int32Type>()?;
    let values = dictionary.values().as_string_opt::<i32>()?;
    Some((0..dictionary.len()).map(|row| dictionary.key(row).map(|key| values.value(key))).collect())
}
