//! What lies between the replicates: median, the middle half and the middle nine tenths of every value.
//!
//! Quantiles are exact. Rows of replicates wait in one unnamed file, and are read back for one tick and
//! region at a time: memory is that of one tick in one region (about 15 kB a replicate with its places).

use crate::ground::list::Listed;
use crate::ground::statistics::{Moments, quantile};
use crate::observe::indicators::{Metric, Series};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

/// Of what a value is: metric, and item as an index into [`Spill::items`].
pub type Cell = (Metric, u16);

/// Bytes of a row in the file: metric, item, value.
const ROW: usize = 12;

/// Rows of replicates on their way to becoming bands.
pub struct Spill {
    file: BufWriter<File>,
    /// Words of items, of all replicates.
    pub items: Vec<String>,
    /// By tick and region: places in the file and numbers of rows.
    places: BTreeMap<(i32, u16), Vec<(u64, u32)>>,
    end: u64,
}

/// What the replicates say about one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Replicates in which it was recorded.
    pub count: u32,
    /// Their mean.
    pub mean: f64,
    /// Quantiles at 5, 25, 50, 75 and 95 %.
    pub quantiles: [f64; 5],
}

/// At which shares bands end.
pub const SHARES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// What tables call the quantiles there.
pub const QUANTILES: [&str; 5] = ["q05", "q25", "median", "q75", "q95"];

/// Replicates from which on it can be said where nine tenths of them lie.
const TENTHS: usize = 10;

/// What lies between the outer quantiles of so many values, in words that so many can bear.
pub fn outer_in_words(count: usize) -> &'static str {
    if count >= TENTHS { "nine tenths" } else { "nearly all" }
}

impl Band {
    /// The band of some values, which it sorts.
    pub fn of(values: &mut [f64]) -> Band {
        values.sort_by(f64::total_cmp);
        let mut moments = Moments::default();
        values.iter().for_each(|&value| moments.add(value));
        Band { count: moments.count, mean: moments.mean, quantiles: SHARES.map(|share| quantile(values, share)) }
    }
}

impl Spill {
    /// Begins, with an unnamed file in the folder for temporary files.
    ///
    /// # Errors
    /// What the file system said.
    pub fn new() -> io::Result<Spill> {
        let file = BufWriter::new(tempfile::tempfile()?);
        Ok(Spill { file, items: Vec::new(), places: BTreeMap::new(), end: 0 })
    }

    /// Adds what a replicate recorded.
    ///
    /// # Errors
    /// What the file system said.
    pub fn add(&mut self, series: &Series) -> io::Result<()> {
        let items: Vec<u16> = series.items.iter().map(|word| self.item(word)).collect();
        for chunk in series.rows.chunk_by(|a, b| (a.tick, a.region) == (b.tick, b.region)) {
            for row in chunk {
                self.file.write_all(&(row.metric.index() as u16).to_le_bytes())?;
                self.file.write_all(&items[usize::from(row.item)].to_le_bytes())?;
                self.file.write_all(&row.value.to_bits().to_le_bytes())?;
            }
            let place = (self.end, u32::try_from(chunk.len()).unwrap_or(u32::MAX));
            self.places.entry((chunk[0].tick, chunk[0].region)).or_default().push(place);
            self.end += (chunk.len() * ROW) as u64;
        }
        Ok(())
    }

    fn item(&mut self, word: &str) -> u16 {
        let place = self.items.iter().position(|known| known == word).unwrap_or_else(|| {
            self.items.push(word.to_owned());
            self.items.len() - 1
        });
        u16::try_from(place).expect("fewer than 65,536 items")
    }

    /// Gives every band, in the order of tick, region, metric and item.
    ///
    /// # Errors
    /// What the file system said, or what `take` returned.
    pub fn bands(&mut self, mut take: impl FnMut(i32, u16, Cell, Band) -> io::Result<()>) -> io::Result<()> {
        self.file.flush()?;
        let file = self.file.get_mut();
        let mut bytes = Vec::new();
        for (&(tick, region), places) in &self.places {
            let mut cells: BTreeMap<Cell, Vec<f64>> = BTreeMap::new();
            for &(place, rows) in places {
                bytes.resize(rows as usize * ROW, 0);
                file.seek(SeekFrom::Start(place))?;
                file.read_exact(&mut bytes)?;
                for row in bytes.chunks_exact(ROW) {
                    let word = |at: usize| u16::from_le_bytes([row[at], row[at + 1]]);
                    let mut bits = [0; 8];
                    bits.copy_from_slice(&row[4..]);
                    cells
                        .entry((Metric::ALL[usize::from(word(0))], word(2)))
                        .or_default()
                        .push(f64::from_bits(u64::from_le_bytes(bits)));
                }
            }
            for (cell, mut values) in cells {
                take(tick, region, cell, Band::of(&mut values))?;
            }
        }
        Ok(())
    }
}

/// Values by region and metric over time, of what is not split: tick and band.
pub type Histories = BTreeMap<(u16, Metric), Vec<(i32, Band)>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::indicators::Row;

    fn series(values: &[(i32, u16, u16, f64)], items: &[&str]) -> Series {
        let row = |&(tick, region, item, value)| Row { tick, region, metric: Metric::Outside, item, value };
        let items = items.iter().map(|&word| word.to_owned()).collect();
        let mut series = Series::default();
        (series.rows, series.items) = (values.iter().map(row).collect(), items);
        series
    }

    #[test]
    fn so_few_replicates_have_no_tenths() {
        assert_eq!(
            [outer_in_words(2), outer_in_words(9), outer_in_words(10)],
            ["nearly all", "nearly all", "nine tenths"]
        );
    }

    #[test]
    fn bands_are_those_of_the_values_whatever_the_order_of_items() {
        let mut spill = Spill::new().unwrap();
        // "late" is missing in the first and has another place in the second
        spill.add(&series(&[(3, 0, 0, 1.0), (7, 0, 0, 10.0)], &["all"])).unwrap();
        spill.add(&series(&[(3, 0, 1, 4.0), (3, 0, 0, 9.0), (7, 0, 1, 20.0)], &["late", "all"])).unwrap();
        spill.add(&series(&[(3, 0, 0, 2.0), (7, 0, 0, 30.0)], &["all"])).unwrap();
        let mut seen = Vec::new();
        spill
            .bands(|tick, _, (metric, item), band| {
                assert_eq!(metric, Metric::Outside);
                seen.push((tick, item, band.count, band.quantiles[2], band.mean));
                Ok(())
            })
            .unwrap();
        assert_eq!(spill.items, ["all", "late"]);
        assert_eq!(seen[0], (3, 0, 3, 2.0, 7.0 / 3.0));
        assert_eq!(seen[1], (3, 1, 1, 9.0, 9.0));
        assert_eq!(seen[2], (7, 0, 3, 20.0, 20.0));
        assert_eq!(seen.len(), 3);
    }
}
