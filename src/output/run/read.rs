//! series.parquet, flows.parquet and bands.parquet read back, as anybody would.

use crate::economy::world::flows::Flow;
use crate::experiment::became::{Became, Step};
use crate::observe::indicators::{Flows, Metric, Row, Series};
use crate::output::disk::ours;
use crate::output::disk::unread::Unread;
use crate::output::kit::bands::{Band, Histories, QUANTILES};
use crate::output::kit::parquet_read::Received;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int32Type, UInt32Type};
use arrow_array::{ArrowPrimitiveType, RecordBatch};
use std::path::Path;

/// Most bytes that a small table has.
const MOST_BYTES: u64 = 1 << 20;

/// What is wrong with a piece, in words.
type Outcome<T> = Result<T, String>;

/// Words of a column, by row.
fn words<'a>(batch: &'a RecordBatch, name: &str) -> Outcome<Vec<&'a str>> {
    let column = batch.column_by_name(name).ok_or_else(|| format!("the column {name} is missing"))?;
    let missing = || format!("the column {name} does not hold words");
    let dictionary = column.as_dictionary_opt::<Int32Type>().ok_or_else(missing)?;
    let values = dictionary.values().as_string_opt::<i32>().ok_or_else(missing)?;
    let word = |key: Option<usize>| key.map(|key| values.value(key)).ok_or_else(missing);
    (0..dictionary.len()).map(|row| word(dictionary.key(row))).collect()
}

/// Numbers of a column, by row.
fn numbers<'a, T: ArrowPrimitiveType>(batch: &'a RecordBatch, name: &str) -> Outcome<&'a [T::Native]> {
    let column = batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<T>());
    column.map(|column| column.values().as_ref()).ok_or_else(|| format!("the column {name} is missing"))
}

fn ticks(batch: &RecordBatch) -> Outcome<&[i32]> {
    numbers::<Int32Type>(batch, "tick")
}

fn region(name: &str, regions: &[String]) -> Outcome<u16> {
    let place = regions.iter().position(|known| known == name);
    place.and_then(|place| u16::try_from(place).ok()).ok_or_else(|| format!("the region {name:?} is not declared"))
}

fn metric(name: &str) -> Outcome<Metric> {
    Metric::named(name).ok_or_else(|| format!("this version knows no metric {name:?}"))
}

/// What all batches of a file add up to.
fn whole<T: Default>(path: &Path, mut add: impl FnMut(&RecordBatch, &mut T) -> Outcome<()>) -> Result<T, Unread> {
    let mut found = T::default();
    Received::open(path)?.each(|batch| add(batch, &mut found))?;
    Ok(found)
}

/// Reads a series.
///
/// # Errors
/// What could not be read, with the path.
pub fn series(path: &Path, regions: &[String]) -> Result<Series, Unread> {
    whole(path, |batch, series: &mut Series| {
        let (places, metrics, items) = (words(batch, "region")?, words(batch, "metric")?, words(batch, "item")?);
        let values = numbers::<Float64Type>(batch, "value")?;
        for (row, &tick) in ticks(batch)?.iter().enumerate() {
            let metric = metric(metrics[row])?;
            let item = series.items.iter().position(|known| known == items[row]).unwrap_or_else(|| {
                series.items.push(items[row].to_owned());
                series.items.len() - 1
            });
            let item = u16::try_from(item).map_err(|_| "more than 65,535 items")?;
            series.rows.push(Row { tick, region: region(places[row], regions)?, metric, item, value: values[row] });
        }
        Ok(())
    })
}

/// Reads the transactions-flow matrix.
///
/// # Errors
/// What could not be read, with the path.
pub fn flows(path: &Path, regions: &[String]) -> Result<Flows, Unread> {
    whole(path, |batch, flows: &mut Flows| {
        let (kinds, from, to) = (words(batch, "kind")?, words(batch, "payer_region")?, words(batch, "payee_region")?);
        let amounts = numbers::<Decimal128Type>(batch, "amount")?;
        for (row, &tick) in ticks(batch)?.iter().enumerate() {
            let kind = Flow::ALL.iter().find(|flow| flow.name() == kinds[row]);
            let kind = *kind.ok_or_else(|| format!("this version knows no flow {:?}", kinds[row]))?;
            flows.rows.push((tick, kind, region(from[row], regions)?, region(to[row], regions)?, amounts[row]));
        }
        Ok(())
    })
}

/// Reads what became of absorbed work, by region, from waterfall.csv; nothing where an older version wrote none.
///
/// # Errors
/// What could not be read, with the path.
pub fn became(path: &Path, regions: &[String]) -> Result<Vec<Became>, Unread> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let bytes = ours::read_file(path, MOST_BYTES).map_err(|error| Unread::file(path, error))?;
    let text = String::from_utf8_lossy(&bytes);
    let wrong = |words: &str| Unread::wrong(path, words.to_owned());
    let mut found = vec![Became::default(); regions.len()];
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let &[_, region, step, _, _, _, mean, ..] = cells.as_slice() else { return Err(wrong("a row is too short")) };
        let step =
            Step::ALL.into_iter().find(|known| known.name() == step).ok_or_else(|| wrong("a step is unknown"))?;
        let mean: f64 = mean.parse().map_err(|_| wrong("a mean is no number"))?;
        if let Some(place) = regions.iter().position(|known| known == region) {
            found[place].0[step as usize] = mean;
        }
    }
    Ok(found)
}

/// Reads the bands of an ensemble, of one item of every metric.
///
/// # Errors
/// What could not be read, with the path.
pub fn bands(path: &Path, regions: &[String], item: &str) -> Result<Histories, Unread> {
    whole(path, |batch, histories: &mut Histories| {
        let (places, metrics, items) = (words(batch, "region")?, words(batch, "metric")?, words(batch, "item")?);
        let counts = numbers::<UInt32Type>(batch, "replicates")?;
        let floats = |name| numbers::<Float64Type>(batch, name);
        let mean = floats("mean")?;
        let quantiles: Vec<&[f64]> = QUANTILES.into_iter().map(floats).collect::<Outcome<_>>()?;
        for (row, &tick) in ticks(batch)?.iter().enumerate().filter(|(row, _)| items[*row] == item) {
            let key = (region(places[row], regions)?, metric(metrics[row])?);
            let band =
                Band { count: counts[row], mean: mean[row], quantiles: std::array::from_fn(|n| quantiles[n][row]) };
            histories.entry(key).or_default().push((tick, band));
        }
        Ok(())
    })
}
