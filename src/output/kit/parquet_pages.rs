//! What the pages of a Parquet file would take in memory, read from their heads before one of them is unpacked.
//!
//! The end of a file says how large its columns are, and may lie. A page's head cannot: the reader makes room for
//! what it says, and refuses a page that holds anything else. The library keeps its reading of heads to itself,
//! so the few lines of Thrift's compact protocol that it takes are here.

use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::ChunkReader;

/// Largest page, unpacked. This program writes pages of about a mebibyte.
pub const MOST_PAGE: u64 = 64 << 20;

/// Most bytes of the pages that are in hand at once: of every column the dictionary and one page.
pub const MOST_IN_HAND: u64 = 512 << 20;

/// Bytes in which the head of a page ends: nearly always, and always.
const HEADS: [u64; 2] = [1 << 10, 64 << 10];

/// Deepest nesting in a head.
const MOST_DEPTH: u8 = 16;

/// Encodings of values that this program writes: plain, by dictionary (two names), and runs.
const ENCODINGS: [i64; 4] = [0, 2, 3, 8];

fn wrong(words: impl Into<String>) -> ParquetError {
    ParquetError::General(words.into())
}

/// The largest dictionary page of a file whose pages all are within bounds.
pub(crate) fn largest_dictionary(file: &impl ChunkReader, about: &ParquetMetaData) -> Result<u64> {
    let (mut largest, mut covered) = (0, 0_u64);
    for group in about.row_groups() {
        let mut in_hand = 0;
        for column in group.columns() {
            covered = covered.saturating_add(column.byte_range().1);
            // else a few bytes could stand for any number of columns
            if covered > file.len() {
                return Err(wrong("its columns lie over one another"));
            }
            let held = held_by(file, column)?;
            largest = largest.max(held.dictionary);
            in_hand += held.dictionary + held.page;
            if in_hand > MOST_IN_HAND {
                return Err(wrong(format!("its pages unpack to more than {MOST_IN_HAND} bytes at once")));
            }
        }
    }
    Ok(largest)
}

/// The largest pages of a column chunk, unpacked.
#[derive(Default)]
struct Held {
    dictionary: u64,
    page: u64,
}

fn held_by(file: &impl ChunkReader, column: &ColumnChunkMetaData) -> Result<Held> {
    let (mut next, length) = column.byte_range();
    let end = next.checked_add(length).filter(|&end| end <= file.len());
    let end = end.ok_or_else(|| wrong("a column reaches beyond the end of the file"))?;
    let mut held = Held::default();
    while next < end {
        let head = head_at(file, next, end - next)?;
        let (packed, unpacked) = (u64::try_from(head.packed)?, u64::try_from(head.unpacked)?);
        let size = packed.max(unpacked);
        if size > MOST_PAGE {
            return Err(wrong(format!("a page unpacks to {size} bytes, and at most {MOST_PAGE} are taken")));
        }
        if !ENCODINGS.contains(&head.encoding) {
            return Err(wrong(format!("a page is encoded in a way ({}) that handover does not write", head.encoding)));
        }
        if head.is_dictionary {
            if u64::try_from(head.values)? > size {
                return Err(wrong("a dictionary says it has more words than bytes"));
            }
            held.dictionary = held.dictionary.max(size);
        } else {
            held.page = held.page.max(size);
        }
        next += head.length + packed;
    }
    Ok(held)
}

fn head_at(file: &impl ChunkReader, place: u64, most: u64) -> Result<Head> {
    for bytes in HEADS {
        let bytes = file.get_bytes(place, usize::try_from(bytes.min(most))?)?;
        if let Some(head) = Head::read(&bytes) {
            return Ok(head);
        }
    }
    Err(wrong("the head of a page cannot be read"))
}

/// What the head of a page says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    /// Bytes of the page in the file.
    packed: i64,
    /// Bytes of the page once unpacked.
    unpacked: i64,
    is_dictionary: bool,
    values: i64,
    encoding: i64,
    /// Bytes of the head itself.
    length: u64,
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Head> {
        let mut thrift = Thrift { bytes, at: 0 };
        let mut head = Head::default();
        thrift.fields(MOST_DEPTH, &mut |thrift, field, kind| {
            match (field, kind) {
                (2, I32) => head.unpacked = thrift.number()?,
                (3, I32) => head.packed = thrift.number()?,
                // the head of a data page, of a dictionary page, of a data page of the second kind
                (5 | 7 | 8, STRUCT) => {
                    head.is_dictionary |= field == 7;
                    let encoding = if field == 8 { 4 } else { 2 };
                    thrift.fields(MOST_DEPTH, &mut |thrift, inner, kind| {
                        match (inner, kind) {
                            (1, I32) => head.values = thrift.number()?,
                            (inner, I32) if inner == encoding => head.encoding = thrift.number()?,
                            (_, kind) => thrift.skip(kind, MOST_DEPTH)?,
                        }
                        Some(())
                    })?;
                }
                (_, kind) => thrift.skip(kind, MOST_DEPTH)?,
            }
            Some(())
        })?;
        head.length = thrift.at as u64;
        Some(head)
    }
}

const I32: u8 = 5;
const STRUCT: u8 = 12;

/// Bytes in Thrift's compact protocol; nothing where they end or are none.
struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Thrift<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn size(&mut self) -> Option<u64> {
        let mut size = 0_u64;
        for place in 0..10 {
            let byte = self.byte()?;
            size |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
            if byte & 0x80 == 0 {
                return Some(size);
            }
        }
        None
    }

    /// A number with its sign in the last bit.
    fn number(&mut self) -> Option<i64> {
        let size = self.size()?;
        Some((size >> 1).cast_signed() ^ -(size & 1).cast_signed())
    }

    fn pass(&mut self, bytes: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(bytes).ok()?)?;
        self.at = end;
        (end <= self.bytes.len()).then_some(())
    }

    /// Goes through the fields of a struct.
    fn fields(&mut self, depth: u8, see: &mut dyn FnMut(&mut Self, i64, u8) -> Option<()>) -> Option<()> {
        let mut field = 0_i64;
        depth.checked_sub(1)?;
        loop {
            let byte = self.byte()?;
            let kind = byte & 0x0f;
            if kind == 0 {
                return Some(());
            }
            // numbers of fields are 16 bits wide, and wrap as the library's do not: it refuses them
            field = if byte >> 4 == 0 { self.number()? } else { field.checked_add(i64::from(byte >> 4))? };
            see(self, field, kind)?;
        }
    }

    fn skip(&mut self, kind: u8, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            1 | 2 => Some(()),
            3 => self.pass(1),
            4..=6 => self.size().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let size = self.size()?;
                self.pass(size)
            }
            9 | 10 => {
                let byte = self.byte()?;
                let count = if byte >> 4 == 15 { self.size()? } else { u64::from(byte >> 4) };
                // yes or no in a list takes a byte
                let kind = if matches!(byte & 0x0f, 1 | 2) { 3 } else { byte & 0x0f };
                (0..count).try_for_each(|_| self.skip(kind, depth))
            }
            12 => self.fields(depth, &mut |thrift, _, kind| thrift.skip(kind, depth)),
            // maps and names of machines stand in no head
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_say_what_they_say_and_nothing_runs_beyond_the_bytes() {
        // type 0; 300 bytes unpacked, 20 packed; a data page of 7 values in encoding 8 with two more fields; the end
        let bytes = [0x15, 0, 0x15, 0xd8, 0x04, 0x15, 40, 0x2c, 0x15, 14, 0x15, 16, 0x15, 6, 0x15, 6, 0, 0];
        let head = Head { packed: 20, unpacked: 300, is_dictionary: false, values: 7, encoding: 8, length: 18 };
        assert_eq!(Head::read(&bytes), Some(head));
        for length in 0..bytes.len() {
            assert_eq!(Head::read(&bytes[..length]), None, "cut to {length}");
        }
        // a list of a billion structs within structs, a text of 2^60 bytes
        assert_eq!(Head::read(&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 3, 0x1c, 0x1c]), None);
        assert_eq!(Head::read(&[0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]), None);
        assert_eq!(Head::read(&[0x1c; 10_000]), None);
    }
}
