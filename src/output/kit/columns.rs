//! Columns with their meaning and unit, as one Parquet file.

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A Parquet file of columns: name, meaning, unit (empty if none), values.
///
/// # Errors
/// What could not be written, in words.
pub fn parquet(scenario: &str, columns: Vec<(&str, &str, &str, ArrayRef)>) -> Result<Vec<u8>, String> {
    crate::output::kit::csv::one_of_each(&columns.iter().map(|column| column.0).collect::<Vec<_>>())?;
    let field = |(name, meaning, unit, values): &(&str, &str, &str, ArrayRef)| {
        let pairs = [("description", *meaning), ("unit", *unit)];
        let pairs = pairs.into_iter().filter(|(_, text)| !text.is_empty());
        let about: BTreeMap<String, String> = pairs.map(|(key, text)| (key.to_owned(), text.to_owned())).collect();
        Field::new(*name, values.data_type().clone(), values.null_count() > 0).with_metadata(about)
    };
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let about: BTreeMap<String, String> =
        [("scenario".to_owned(), scenario.to_owned()), ("handover".to_owned(), version.clone())].into();
    let schema = Arc::new(Schema::new_with_metadata(columns.iter().map(field).collect::<Vec<_>>(), about));
    let values = columns.into_iter().map(|column| column.3).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), values).map_err(|error| error.to_string())?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("handover {version}"))
        .build();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, schema, Some(properties)).map_err(|error| error.to_string())?;
    writer.write(&batch).map_err(|error| error.to_string())?;
    writer.close().map_err(|error| error.to_string())?;
    Ok(out)
}
