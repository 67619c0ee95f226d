//! Values and columns as bytes: small values by postcard, columns as they lie in memory, little-endian.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Read, Write};

fn damaged(words: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words.into())
}

/// Writes a value with its length before it.
pub(super) fn write_record<T: Serialize>(value: &T, out: &mut impl Write) -> io::Result<()> {
    let bytes = postcard::to_stdvec(value).map_err(|error| damaged(format!("what cannot be written: {error}")))?;
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(&bytes)
}

/// Reads a value; it must take up exactly its length.
pub(super) fn read_record<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<T> {
    read_short(input, u64::MAX)
}

/// Reads a value of at most so many bytes.
pub(super) fn read_short<T: DeserializeOwned>(input: &mut impl Read, most: u64) -> io::Result<T> {
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > most {
        return Err(damaged(format!("a part takes {length} bytes, and at most {most} are read")));
    }
    let mut bytes = Vec::new();
    // grows with what is there, not with what is promised
    input.take(length).read_to_end(&mut bytes)?;
    match postcard::take_from_bytes(&bytes) {
        Ok((value, [])) if bytes.len() as u64 == length => Ok(value),
        _ => Err(damaged("it does not read as what it should be")),
    }
}

/// Whole numbers of a fixed width.
pub(super) trait Number: Copy + Default {
    /// Its width.
    const BYTES: usize;
    /// Writes it, little-endian.
    fn put(self, place: &mut [u8]);
    /// Reads it, little-endian.
    fn get(place: &[u8]) -> Self;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Number for $number {
            const BYTES: usize = size_of::<$number>();
            #[inline]
            fn put(self, place: &mut [u8]) {
                place.copy_from_slice(&self.to_le_bytes());
            }
            #[inline]
            fn get(place: &[u8]) -> Self {
                let mut bytes = [0; Self::BYTES];
                bytes.copy_from_slice(place);
                Self::from_le_bytes(bytes)
            }
        }
    )*};
}

numbers!(u8, i8, u16, i16, u32, i32, u64, i64);

/// Bytes that are turned at a time.
const STRIP: usize = 8192;

/// Writes a column: how many rows, then the rows.
pub(super) fn write_column<T: Number>(rows: &[T], out: &mut impl Write) -> io::Result<()> {
    out.write_all(&(rows.len() as u32).to_le_bytes())?;
    let mut strip = [0; STRIP];
    for rows in rows.chunks(STRIP / T::BYTES) {
        for (place, &row) in strip.chunks_exact_mut(T::BYTES).zip(rows) {
            row.put(place);
        }
        out.write_all(&strip[..rows.len() * T::BYTES])?;
    }
    Ok(())
}

/// Reads a column of at most so many rows.
pub(super) fn read_column<T: Number>(input: &mut impl Read, most: usize) -> io::Result<Vec<T>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > most {
        return Err(damaged("a block of workers is longer than any can be"));
    }
    let mut rows = Vec::with_capacity(length);
    let mut strip = [0; STRIP];
    while rows.len() < length {
        let bytes = (length - rows.len()).min(STRIP / T::BYTES) * T::BYTES;
        input.read_exact(&mut strip[..bytes])?;
        rows.extend(strip[..bytes].chunks_exact(T::BYTES).map(T::get));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_back_as_they_were() {
        let rows: Vec<i64> = (0..3000_i64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.cast_signed())).collect();
        let mut bytes = Vec::new();
        write_column(&rows, &mut bytes).unwrap();
        write_column(&[i16::MIN, -1, 0x1234], &mut bytes).unwrap();
        assert_eq!(bytes.len(), 4 + 8 * 3000 + 4 + 2 * 3);
        assert_eq!(bytes[bytes.len() - 2..], [0x34, 0x12], "little-endian");
        let mut input = &bytes[..];
        assert_eq!(read_column::<i64>(&mut input, 3000).unwrap(), rows);
        assert_eq!(read_column::<i16>(&mut input, 3).unwrap(), [i16::MIN, -1, 0x1234]);
        assert!(read_column::<i64>(&mut &bytes[..], 2999).is_err());
        assert!(read_column::<i64>(&mut &bytes[..100], 3000).is_err());
    }

    #[test]
    fn floats_keep_every_bit_and_records_their_length() {
        let value = (0.1_f64, f64::NAN, f64::NEG_INFINITY, -0.0_f64, "word".to_owned(), i128::MIN);
        let mut bytes = Vec::new();
        write_record(&value, &mut bytes).unwrap();
        let back: (f64, f64, f64, f64, String, i128) = read_record(&mut &bytes[..]).unwrap();
        assert_eq!(back.1.to_bits(), value.1.to_bits());
        assert_eq!((back.0, back.2, back.3.to_bits()), (value.0, value.2, value.3.to_bits()));
        assert_eq!((back.4.as_str(), back.5), ("word", i128::MIN));
        assert!(read_record::<(f64, f64)>(&mut &bytes[..]).is_err(), "shorter than its length");
        assert!(read_record::<u8>(&mut &bytes[..20]).is_err(), "cut");
    }
}
