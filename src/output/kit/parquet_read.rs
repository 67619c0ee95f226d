//! Parquet files that may come from anybody, decoded within bounds.
//!
//! A small file can hold a large table: runs of a value take no room, and words are stored once. So more is asked
//! than its size on the disk: the length of its description, the kinds of its columns, what each page takes once
//! unpacked, and how many rows there are, first as the file says and then as they come. Columns are read as
//! numbers, or as words that are held once; what else the file says of how to read it is not asked.

use crate::ground::backstop::backstop;
use crate::output::disk::ours;
use crate::output::disk::unread::Unread;
use crate::output::kit::parquet_pages::largest_dictionary;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::ParquetMetaData;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest table, once decoded, of a small file.
pub const MOST_DECODED: u64 = 1 << 30;

/// How many times its size on the disk a larger file may decode to.
pub const MOST_GROWTH: u64 = 64;

/// Longest description at the end of a file; that of a sweep of six million runs takes about four mebibytes.
const MOST_ABOUT: u64 = 16 << 20;

/// Rows that are decoded at a time.
const ROWS: u64 = 8_192;

/// Bytes of words that are decoded at a time, should each row have the longest.
const WORDS: u64 = 256 << 20;

/// A table that may be decoded.
pub(crate) struct Received {
    path: PathBuf,
    file: File,
    about: ArrowReaderMetadata,
    batch: u64,
    row: u64,
    most: u64,
}

impl Received {
    /// Opens a file and checks all that can be checked before it is decoded.
    ///
    /// # Errors
    /// Why it is not read, with the path.
    pub(crate) fn open(path: &Path) -> Result<Received, Unread> {
        let at = |words: String| Unread::wrong(path, words);
        let mut file = ours::open(path, ours::MOST_BYTES).map_err(|error| Unread::file(path, error))?;
        let opened = backstop(|| {
            let size = check_ends(&mut file)?;
            let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
            let about = ArrowReaderMetadata::load(&file, options)?;
            let most = MOST_DECODED.max(size.saturating_mul(MOST_GROWTH)).min(ours::MOST_BYTES);
            let (about, row) = as_words_and_numbers(&about)?;
            check_rows(about.metadata(), row, most)?;
            let largest = largest_dictionary(&file, about.metadata())?;
            Ok::<_, ParquetError>((about, (WORDS / largest.max(1)).clamp(1, ROWS), row, most))
        });
        let opened = opened.map_err(|words| at(damaged(&words)))?;
        let (about, batch, row, most) = opened.map_err(|error| at(error.to_string()))?;
        Ok(Received { path: path.to_owned(), file, about, batch, row, most })
    }

    /// What the file says of itself under a key.
    pub(crate) fn fact(&self, key: &str) -> Option<&str> {
        let facts = self.about.metadata().file_metadata().key_value_metadata()?;
        facts.iter().find(|fact| fact.key == key)?.value.as_deref()
    }

    /// Does a column hold decimals?
    pub(crate) fn is_decimal(&self, name: &str) -> bool {
        let field = self.about.schema().field_with_name(name);
        field.is_ok_and(|field| matches!(field.data_type(), DataType::Decimal128(..)))
    }

    /// Number of its columns.
    pub(crate) fn columns(&self) -> usize {
        self.about.schema().fields().len()
    }

    /// Decodes it piece by piece.
    ///
    /// # Errors
    /// What is wrong with it or with a piece, with the path.
    pub(crate) fn each(self, mut see: impl FnMut(&RecordBatch) -> Result<(), String>) -> Result<(), Unread> {
        let Received { path, file, about, batch, row, most } = self;
        let whole = || {
            let mut taken = 0_u64;
            let groups = about.metadata().num_row_groups();
            for group in 0..groups {
                let file = file.try_clone().map_err(|error| error.to_string())?;
                let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, about.clone());
                // a group at a time: its words are held once, those of two would be written out
                let reader = reader.with_row_groups(vec![group]).with_batch_size(batch as usize);
                for rows in reader.build().map_err(|error| error.to_string())? {
                    let rows = rows.map_err(|error| error.to_string())?;
                    taken = taken.saturating_add((rows.num_rows() as u64).saturating_mul(row));
                    if taken > most {
                        return Err(too_large(taken, most));
                    }
                    see(&rows)?;
                }
            }
            Ok(())
        };
        backstop(whole).unwrap_or_else(|words| Err(damaged(&words))).map_err(|words| Unread::wrong(&path, words))
    }
}

fn damaged(words: &str) -> String {
    format!("this Parquet file is damaged and cannot be decoded ({words})")
}

fn too_large(found: u64, most: u64) -> String {
    format!("the table takes {found} bytes once decoded; of a file of this size at most {most} are taken")
}

/// The size of a file that begins and ends as Parquet does, with a description of bearable length.
fn check_ends(file: &mut File) -> ParquetResult<u64> {
    let size = file.metadata()?.len();
    let not_ours = || ParquetError::General("this is not a Parquet file".to_owned());
    let mut tail = [0; 8];
    if size < 12 {
        return Err(not_ours());
    }
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    if magic != *b"PAR1" || length > size - 8 {
        return Err(not_ours());
    }
    if length > MOST_ABOUT {
        let words = format!("its description takes {length} bytes, and at most {MOST_ABOUT} are read");
        return Err(ParquetError::General(words));
    }
    Ok(size)
}

/// The same file read as words and numbers, and the bytes that a row takes then.
fn as_words_and_numbers(about: &ArrowReaderMetadata) -> ParquetResult<(ArrowReaderMetadata, u64)> {
    let mut row = 0;
    let mut read_as = |field: &Arc<Field>| {
        let kind = field.data_type();
        let kind = match kind {
            DataType::Utf8 => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            // numbers and days, of at most sixteen bytes
            DataType::Boolean | DataType::Decimal128(..) => kind.clone(),
            kind if kind.primitive_width().is_some_and(|bytes| bytes <= 8) => kind.clone(),
            other => {
                let words = format!("the column {:?} is of kind {other}, which handover does not write", field.name());
                return Err(ParquetError::General(words));
            }
        };
        row += if matches!(kind, DataType::Dictionary(..)) { 24 } else { 16 };
        Ok(Field::new(field.name(), kind, field.is_nullable()).with_metadata(field.metadata().clone()))
    };
    let fields: Vec<Field> = about.schema().fields().iter().map(&mut read_as).collect::<ParquetResult<_>>()?;
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    Ok((ArrowReaderMetadata::try_new(Arc::clone(about.metadata()), options)?, row))
}

/// Does the table as the file describes it stay within bounds?
fn check_rows(about: &ParquetMetaData, row: u64, most: u64) -> ParquetResult<()> {
    let mut rows = 0_u64;
    for group in about.row_groups() {
        rows = rows.saturating_add(u64::try_from(group.num_rows())?);
    }
    let taken = rows.saturating_mul(row);
    if taken > most { Err(ParquetError::General(too_large(taken, most))) } else { Ok(()) }
}
