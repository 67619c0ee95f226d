//! Bands over all replicates: mean and quantiles of every value, as text, as columns and as histories.

use crate::economy::policy::Clock;
use crate::experiment::ensemble::Attendance;
use crate::experiment::run::Results;
use crate::ground::list::Listed;
use crate::observe::indicators::Metric;
use crate::output::kit::bands::{Band, Histories, QUANTILES, SHARES, Spill};
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::parquet::{Frame, days_since_1970, of_columns};
use crate::output::only::Only;
use crate::scenario::Scenario;
use arrow_array::builder::{Float64Builder, Int32Builder, StringDictionaryBuilder, UInt32Builder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Date32Array};
use std::io;
use std::sync::Arc;

/// Bands of every value, as histories of what is not split by item, as text and as columns.
pub(super) fn banded(
    scenario: &Scenario,
    attendance: &Attendance,
    spill: &mut Spill,
    only: &Only,
) -> io::Result<(Histories, Vec<u8>, Frame)> {
    let mut table = Table::new(scenario, attendance)?;
    let mut histories = Histories::new();
    let items = spill.items.clone();
    spill.bands(|tick, region, (metric, item), band| {
        let word = &items[usize::from(item)];
        if word == "all" {
            histories.entry((region, metric)).or_default().push((tick, band));
        }
        if !only.has_metric(metric) {
            return Ok(());
        }
        table.row(tick, region, metric, word, &band)
    })?;
    let (csv, frame) = table.finish()?;
    Ok((histories, csv, frame))
}

/// Bands of every value over replicates that are at hand: bands.parquet.
///
/// # Errors
/// What the file system said: values wait in a file.
pub fn bands<'a>(
    scenario: &Scenario,
    attendance: &Attendance,
    replicates: impl IntoIterator<Item = &'a Results>,
) -> io::Result<Frame> {
    let mut spill = Spill::new()?;
    replicates.into_iter().try_for_each(|results| spill.add(&results.series))?;
    Ok(banded(scenario, attendance, &mut spill, &Only::default())?.2)
}

/// The table of bands, as text and as columns.
struct Table<'a> {
    scenario: &'a Scenario,
    of: u32,
    csv: Sheet,
    clock: Clock,
    counts: [UInt32Builder; 2],
    ticks: Int32Builder,
    days: Vec<i32>,
    words: [StringDictionaryBuilder<Int32Type>; 5],
    numbers: [Float64Builder; 6],
}

const HEAD: [&str; 10] = ["scenario", "replicates", "of", "tick", "date", "region", "metric", "item", "unit", "mean"];

impl<'a> Table<'a> {
    fn new(scenario: &'a Scenario, attendance: &Attendance) -> io::Result<Self> {
        let csv = Sheet::new(HEAD.into_iter().chain(QUANTILES))?;
        let of = u32::try_from(attendance.tried()).unwrap_or(u32::MAX);
        Ok(Table {
            scenario,
            of,
            csv,
            clock: Clock::of(&scenario.parameters.run),
            counts: Default::default(),
            ticks: Int32Builder::new(),
            days: Vec::new(),
            words: Default::default(),
            numbers: Default::default(),
        })
    }

    fn row(&mut self, tick: i32, region: u16, metric: Metric, item: &str, band: &Band) -> io::Result<()> {
        let date = self.clock.date(tick);
        let (metric, unit) = (metric.name(), metric.unit());
        let region = &self.scenario.parameters.regions[usize::from(region)];
        let name = &self.scenario.about.name;
        let q = band.quantiles;
        let numbers = [band.mean, q[0], q[1], q[2], q[3], q[4]];
        let counts = [Cell::from(name), band.count.into(), self.of.into(), tick.into(), date.into()];
        let words = [Cell::from(region), metric.into(), item.into(), unit.into()];
        let cells = counts.into_iter().chain(words).chain(numbers.map(Cell::from));
        self.csv.row(cells)?;
        self.counts[0].append_value(band.count);
        self.counts[1].append_value(self.of);
        self.ticks.append_value(tick);
        self.days.push(days_since_1970(date));
        for (column, word) in self.words.iter_mut().zip([name, region.as_str(), metric, item, unit]) {
            column.append_value(word);
        }
        self.numbers.iter_mut().zip(numbers).for_each(|(column, number)| column.append_value(number));
        Ok(())
    }

    fn finish(mut self) -> io::Result<(Vec<u8>, Frame)> {
        let csv = self.csv.bytes()?;
        let word =
            |n: usize, words: &mut [StringDictionaryBuilder<Int32Type>; 5]| -> ArrayRef { Arc::new(words[n].finish()) };
        let mut columns: Vec<(&str, &str, &str, ArrayRef)> = vec![
            ("scenario", "name of the scenario", "", word(0, &mut self.words)),
            ("replicates", "replicates in which the value was recorded", "", Arc::new(self.counts[0].finish())),
            ("of", "replicates tried", "", Arc::new(self.counts[1].finish())),
            ("tick", "tick at whose end it was recorded", "", Arc::new(self.ticks.finish())),
            ("date", "first day of the tick", "", Arc::new(Date32Array::from(self.days))),
            ("region", "region", "", word(1, &mut self.words)),
            (
                "metric",
                "what is measured; flows are means per week since the last record",
                "",
                word(2, &mut self.words),
            ),
            ("item", "of what: occupation, job kind, robot class; all if not split", "", word(3, &mut self.words)),
            ("unit", "unit of the values", "", word(4, &mut self.words)),
        ];
        let about = SHARES.map(|share| format!("quantile at {} % over replicates", share * 100.0));
        let names = std::iter::once("mean").chain(QUANTILES);
        for (n, (name, column)) in names.zip(&mut self.numbers).enumerate() {
            let text = if n == 0 { "mean over replicates" } else { &about[n - 1] };
            columns.push((name, text, "see the column unit", Arc::new(column.finish())));
        }
        let frame = of_columns(&self.scenario.about.name, columns)?;
        Ok((csv, frame))
    }
}
