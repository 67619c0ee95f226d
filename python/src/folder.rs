//! The files of a result, before they are written: pages, pictures and tables.

use crate::errors;
use crate::table::Table;
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_csv::ReaderBuilder;
use arrow_csv::reader::Format;
use handover::output::disk::files;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;
use pyo3::prelude::*;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::PathBuf;
use std::sync::Arc;

/// Rows of a batch.
const BATCH: usize = 1 << 16;

/// Files by their names within the folder.
#[pyclass(frozen, module = "handover._handover")]
pub struct Folder {
    files: Vec<(String, Vec<u8>)>,
}

impl Folder {
    pub fn of(files: Vec<(String, Vec<u8>)>) -> Folder {
        Folder { files }
    }
}

#[pymethods]
impl Folder {
    /// Names of the files.
    fn names(&self) -> Vec<&str> {
        self.files.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// A file.
    fn read(&self, name: &str) -> PyResult<&[u8]> {
        let found = self.files.iter().find(|(known, _)| known == name);
        let none = || errors::input(format!("there is no file {name:?}; there is {}", self.names().join(", ")));
        found.map(|(_, bytes)| bytes.as_slice()).ok_or_else(none)
    }

    /// A table of text.
    fn table(&self, name: &str) -> PyResult<Table> {
        of_text(Cursor::new(self.read(name)?))
    }

    /// Writes them as the command line does: whole, or not at all.
    fn save(&self, py: Python<'_>, folder: PathBuf, force: bool) -> PyResult<()> {
        files::check_free(&folder, force).map_err(errors::input)?;
        py.detach(|| files::write_result(&folder, &self.files)).map_err(errors::disk)
    }
}

/// Reads a table of text; the kinds of the columns are those of what stands in them.
fn of_text(mut text: impl Read + Seek) -> PyResult<Table> {
    let format = Format::default().with_header(true);
    let (schema, _) = format.infer_schema(&mut text, None).map_err(errors::input)?;
    text.rewind().map_err(errors::disk)?;
    let reader = ReaderBuilder::new(Arc::new(schema)).with_format(format).with_batch_size(BATCH).build(text);
    let reader = reader.map_err(errors::input)?;
    let schema = reader.schema();
    batches(schema, reader)
}

fn of_parquet(file: impl ChunkReader + 'static) -> PyResult<Table> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(errors::input)?;
    // the reader's own schema has lost what the file says of itself, as the plan of a sweep
    let schema = Arc::clone(reader.schema());
    let reader = reader.with_batch_size(BATCH).build().map_err(errors::input)?;
    batches(schema, reader)
}

fn batches(
    schema: arrow_schema::SchemaRef,
    reader: impl Iterator<Item = Result<RecordBatch, arrow_schema::ArrowError>>,
) -> PyResult<Table> {
    let reader = RecordBatchIterator::new(reader, schema);
    let schema = reader.schema();
    Table::in_schema(schema, reader.collect::<Result<_, _>>().map_err(errors::input)?)
}

/// Reads a table of a result that was written, .csv or .parquet.
#[pyfunction]
pub fn read_table(path: PathBuf) -> PyResult<Table> {
    let shown = |error: std::io::Error| errors::disk(format!("{}: {error}", path.display()));
    let file = File::open(&path).map_err(shown)?;
    if path.extension().is_some_and(|ending| ending == "csv") { of_text(file) } else { of_parquet(file) }
}
