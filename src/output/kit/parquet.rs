//! Columns with their meaning and unit: the one place that writes Parquet, where its readers find them.
//!
//! Twice: in the schema of Arrow, which pyarrow, polars and R's arrow show with each field, and as plain
//! keys of the file (`column.wage` -> "pay of a week ... [USD/week]"), which DuckDB shows.

use super::csv::one_of_each;
use crate::economy::policy::Clock;
use crate::output::kit::unmade::Unmade;
use crate::output::kit::words::persons_per_agent;
use crate::scenario::Scenario;
use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, Date32Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use chrono::NaiveDate;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// A column of words that repeat.
pub(crate) fn words<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut column = StringDictionaryBuilder::<Int32Type>::new();
    values.for_each(|value| column.append_option(value));
    Arc::new(column.finish())
}

/// A date as Parquet counts it.
pub(crate) fn days_since_1970(date: NaiveDate) -> i32 {
    i32::try_from((date - NaiveDate::default()).num_days()).expect("chrono's dates are 2^27 days at most")
}

/// A column of the first days of ticks.
pub(crate) fn dates(clock: Clock, ticks: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Date32Array::from_iter_values(ticks.map(|tick| days_since_1970(clock.date(tick)))))
}

/// The field of a column of words.
pub(crate) fn word_field(name: &str) -> Field {
    Field::new(name, DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)), false)
}

/// A field with what it means and its unit, both in words; no unit if empty.
pub(crate) fn about(field: Field, description: &str, unit: &str) -> Field {
    let pairs = [("description", description), ("unit", unit)];
    let pairs = pairs.into_iter().filter(|(_, text)| !text.is_empty());
    let metadata: BTreeMap<String, String> = pairs.map(|(key, text)| (key.to_owned(), text.to_owned())).collect();
    field.with_metadata(metadata)
}

/// What a file says of itself.
pub(crate) fn facts(scenario: &Scenario) -> Vec<(String, String)> {
    let run = &scenario.parameters.run;
    [
        ("handover", env!("CARGO_PKG_VERSION").to_owned()),
        ("scenario", scenario.about.name.clone()),
        ("title", scenario.about.title.clone()),
        ("seed", run.seed.to_string()),
        ("replicate", run.replicate.to_string()),
        ("persons_per_agent", persons_per_agent(scenario)),
    ]
    .map(|(key, text)| (key.to_owned(), text))
    .into()
}

/// Opens a Parquet file with these fields; `facts` are its keys besides those of the columns.
///
/// # Errors
/// What Parquet said.
pub(crate) fn open<W: Write + Send>(
    out: W,
    fields: Vec<Field>,
    facts: Vec<(String, String)>,
) -> Result<(ArrowWriter<W>, SchemaRef), Unmade> {
    let of_column = |field: &Field| {
        let text = |key: &str| field.metadata().get(key).cloned().unwrap_or_default();
        let unit = text("unit");
        let unit = if unit.is_empty() { unit } else { format!(" [{unit}]") };
        KeyValue::new(format!("column.{}", field.name()), format!("{}{unit}", text("description")))
    };
    let keys = facts.iter().map(|(key, text)| KeyValue::new(key.clone(), text.clone()));
    let keys: Vec<KeyValue> = keys.chain(fields.iter().map(of_column)).collect();
    begin(out, fields, facts, Some(keys))
}

fn begin<W: Write + Send>(
    out: W,
    fields: Vec<Field>,
    facts: Vec<(String, String)>,
    keys: Option<Vec<KeyValue>>,
) -> Result<(ArrowWriter<W>, SchemaRef), Unmade> {
    let schema = Arc::new(Schema::new_with_metadata(fields, facts.into_iter().collect::<BTreeMap<_, _>>()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("handover {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(keys)
        .build();
    let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?;
    Ok((writer, schema))
}

fn finished(
    (mut writer, schema): (ArrowWriter<Vec<u8>>, SchemaRef),
    columns: Vec<ArrayRef>,
) -> Result<Vec<u8>, Unmade> {
    let batch = RecordBatch::try_new(schema, columns)?;
    writer.write(&batch)?;
    Ok(writer.into_inner()?)
}

/// A table as columns, before it is a file: what a Parquet file is written of, and what a program that holds the
/// results takes from memory.
#[derive(Clone, Debug)]
pub struct Frame {
    fields: Vec<Field>,
    /// What the table says of itself, in this order.
    facts: Vec<(String, String)>,
    columns: Vec<ArrayRef>,
    /// Do plain keys of a file say what the columns mean, besides its schema?
    has_keys: bool,
}

impl Frame {
    /// A table of fields and their columns.
    pub(crate) fn new(fields: Vec<Field>, facts: Vec<(String, String)>, columns: Vec<ArrayRef>) -> Frame {
        Frame { fields, facts, columns, has_keys: true }
    }

    /// The table in Arrow's form; the schema says what each column means, and in which unit.
    ///
    /// # Errors
    /// That the columns do not fit together.
    pub fn batch(self) -> Result<RecordBatch, Unmade> {
        let schema = Schema::new_with_metadata(self.fields, self.facts.into_iter().collect::<BTreeMap<_, _>>());
        Ok(RecordBatch::try_new(Arc::new(schema), self.columns)?)
    }

    /// A whole Parquet file of one batch.
    ///
    /// # Errors
    /// What Parquet said.
    pub(crate) fn parquet(self) -> Result<Vec<u8>, Unmade> {
        let Frame { fields, facts, columns, has_keys } = self;
        let begun = if has_keys { open(Vec::new(), fields, facts) } else { begin(Vec::new(), fields, facts, None) };
        finished(begun?, columns)
    }
}

/// A column: name, meaning, unit (empty if none), values.
pub(crate) type Column<'a> = (&'a str, &'a str, &'a str, ArrayRef);

/// A table of columns, of which the schema alone says what they mean.
///
/// # Errors
/// That two columns have one name.
pub(crate) fn of_columns(scenario: &str, columns: Vec<Column>) -> Result<Frame, Unmade> {
    one_of_each(&columns.iter().map(|column| column.0).collect::<Vec<_>>())?;
    let field = |(name, meaning, unit, values): &Column| {
        about(Field::new(*name, values.data_type().clone(), values.null_count() > 0), meaning, unit)
    };
    let fields = columns.iter().map(field).collect();
    let facts = [("scenario", scenario), ("handover", env!("CARGO_PKG_VERSION"))];
    let facts = facts.map(|(key, text)| (key.to_owned(), text.to_owned())).into();
    let columns = columns.into_iter().map(|column| column.3).collect();
    Ok(Frame { fields, facts, columns, has_keys: false })
}
