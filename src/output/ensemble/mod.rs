//! The result of an ensemble: every replicate's tables as it ends, and the bands over all of them.
//!
//! `replicates/07/` holds the tables of replicate 7, the same as a single run's, so that
//! `replicates/*/series.parquet` reads as one tidy table; `bands.parquet` and `bands.csv` hold mean and
//! quantiles of every value, `gains.csv` and `gains.parquet` who gained and who lost. A replicate is written and forgotten, so memory is that of the bands.

mod gains;
pub mod summary;

use crate::economy::policy::Clock;
use crate::experiment::became::Became;
use crate::experiment::ensemble::{Attendance, Precision};
use crate::experiment::outcome::History;
use crate::experiment::run::Results;
use crate::experiment::tally::Tally;
use crate::ground::list::Listed;
use crate::ground::statistics::Moments;
use crate::observe::indicators::Metric;
use crate::output::disk::files::Fresh;
use crate::output::disk::manifest::world::World;
use crate::output::disk::manifest::{End, FileAbout, Files, Manifest, OfEnsemble, Replicate, Seed, UntilCi};
use crate::output::kit::bands::{Band, Histories, QUANTILES, SHARES, Spill, outer_in_words};
use crate::output::kit::became;
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::parquet::Frame;
use crate::output::kit::unmade::{Maker, Unmade};
use crate::output::kit::words::grain;
use crate::output::only::Only;
use crate::output::plots::waterfall::{Waterfall, draw as draw_waterfall, panels as waterfall_panels};
use crate::output::plots::{Banded, FEW, draw_bands};
use crate::output::run::pictures::One;
use crate::output::run::tables;
use crate::scenario::Scenario;
use arrow_array::builder::{Float64Builder, Int32Builder, StringDictionaryBuilder, UInt32Builder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Date32Array};
use rayon::prelude::*;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What one replicate leaves to be written: its results, and its tables by name.
pub struct Finished {
    results: Results,
    tables: Vec<(String, Vec<u8>)>,
}

impl Finished {
    /// Makes the tables of a replicate; its panel, if it has one, is there already.
    ///
    /// # Panics
    /// If a table cannot be made: a bug of ours, which the ensemble counts as the replicate's failure.
    pub fn of(results: Results, panel: Vec<(String, Vec<u8>)>, only: &Only) -> Finished {
        if !only.has("replicates") {
            return Finished { results, tables: Vec::new() };
        }
        // thirty megabytes of text a replicate help nobody; the bands have theirs
        let tables = tables::made(&results, only, |name| !name.ends_with(".csv"), || &[]);
        let mut tables = tables.unwrap_or_else(|error| panic!("a table could not be made: {error}"));
        tables.extend(panel);
        Finished { results, tables }
    }
}

/// An ensemble's result in the making.
pub struct Gathering {
    scenario: Scenario,
    fresh: Fresh,
    spill: Spill,
    files: Files,
    replicates: Vec<Replicate>,
    /// The first that came to its end, for the parts of the page that show one run.
    first: Option<Results>,
    precision: Option<(Precision, Moments)>,
    tallies: Vec<Tally>,
    only: Only,
}

/// Pictures with bands: metric, title, label of the axis, is it a share?
const PICTURES: [(Metric, &str, &str, bool); 4] = [
    (Metric::Absorbed, "Work absorbed by robots, by region", "full-time equivalents", false),
    (Metric::DisplacedTotal, "People displaced since the start, by region", "persons", false),
    (Metric::UnemploymentRate, "Unemployment rate, by region", "% of the labour force", true),
    (Metric::RoyaltiesReceived, "Royalties received by workers, by region", "USD a week", false),
];

/// What an ensemble says when all is written.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// Who was there.
    pub attendance: Attendance,
    /// Bands of every metric that is not split by item.
    pub histories: Histories,
    /// What is said first of each replicate.
    pub tallies: Vec<Tally>,
    /// Half-width of the 95 % interval that was asked for, and the one reached.
    pub precision: Option<(Precision, Option<f64>)>,
}

impl Gathering {
    /// Begins the result that will be `folder`.
    ///
    /// # Errors
    /// What the file system said.
    pub fn beside(
        folder: &Path,
        scenario: &Scenario,
        precision: Option<Precision>,
        only: &Only,
    ) -> io::Result<Gathering> {
        Ok(Gathering {
            only: only.clone(),
            scenario: scenario.clone(),
            fresh: Fresh::beside(folder)?,
            spill: Spill::new()?,
            files: Files::new(),
            replicates: Vec::new(),
            first: None,
            tallies: Vec::new(),
            precision: precision.map(|precision| (precision, Moments::default())),
        })
    }

    /// Writes a replicate; is the mean now known as well as was asked for?
    ///
    /// # Errors
    /// What the file system said.
    pub fn take(&mut self, finished: Finished) -> io::Result<bool> {
        let Finished { results, tables } = finished;
        let run = &results.scenario.parameters.run;
        for (name, bytes) in tables {
            self.add(&format!("replicates/{:02}/{name}", run.replicate), &bytes)?;
        }
        self.spill.add(&results.series)?;
        self.tallies.push(Tally::of(&results));
        let seed = Seed { seed: run.seed, replicate: run.replicate };
        self.replicates.push(Replicate { seed, end: End::of(&results) });
        let is_enough = self.precision.as_mut().is_some_and(|(precision, seen)| {
            let regions = &self.scenario.parameters.regions;
            let region = regions.iter().position(|name| *name == precision.region).expect("checked on reading");
            if let Some((_, last)) = results.series.last(precision.metric, region, &precision.item) {
                seen.add(last);
            }
            precision.is_met(seen)
        });
        self.first.get_or_insert(results);
        Ok(is_enough)
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.fresh.add(name, bytes)?;
        self.files.insert(name.to_owned(), FileAbout::of(bytes));
        Ok(())
    }

    /// Writes bands, pictures and manifest, and puts the result in its place.
    ///
    /// # Errors
    /// What the file system said.
    pub fn finish(mut self, attendance: Attendance) -> io::Result<Gathered> {
        let (histories, csv, frame) = banded(&self.scenario, &attendance, &mut self.spill, &self.only)?;
        let tallies = std::mem::take(&mut self.tallies);
        let (only, scenario) = (&self.only, &self.scenario);
        let draw = || match only.has("plots/*.svg") {
            true => {
                let became = became::on_average(&tallies, scenario.parameters.regions.len());
                pictures(scenario, &attendance, &histories, &became)
            }
            false => Ok(Vec::new()),
        };
        let page = || {
            let first = self.first.as_ref().filter(|_| only.has("report.html"))?;
            let all = (&attendance, &histories, tallies.as_slice());
            Some(crate::output::run::page::page(scenario, all, first, only).into_bytes())
        };
        let made: [Maker; 3] = [
            ("gains.csv", &|| gains::csv(scenario, &attendance, &tallies)),
            ("waterfall.csv", &|| became::csv(scenario, &tallies)),
            ("gains.parquet", &|| gains::frame(scenario, &attendance, &tallies)?.parquet()),
        ];
        let columns = || only.has("bands.parquet").then(|| frame.parquet()).transpose();
        let tables = || {
            let asked = made.par_iter().filter(|(name, _)| only.has(name));
            asked.map(|(name, make)| Ok(((*name).to_owned(), make()?))).collect::<Result<Vec<_>, Unmade>>()
        };
        let ((tables, drawn), (columns, page)) =
            rayon::join(|| rayon::join(tables, draw), || rayon::join(columns, page));
        let columns = columns?.map(|columns| ("bands.parquet".to_owned(), columns));
        let bands = only.has("bands.csv").then(|| ("bands.csv".to_owned(), csv)).into_iter().chain(columns);
        let page = page.map(|page| ("report.html".to_owned(), page));
        for (name, bytes) in bands.chain(tables?).chain(drawn?).chain(page) {
            self.add(&name, &bytes)?;
        }
        self.first = None;
        let precision = self.precision.take().map(|(goal, seen)| (goal, seen.half_width()));
        let gathered = Gathered { attendance, histories, tallies, precision };
        let manifest = self.manifest(&gathered);
        self.fresh.add("manifest.json", &manifest)?;
        self.fresh.put_in_place()?;
        Ok(gathered)
    }

    fn manifest(&self, gathered: &Gathered) -> Vec<u8> {
        let attendance = &gathered.attendance;
        let until = |(goal, reached): &(Precision, Option<f64>)| UntilCi {
            metric: goal.metric.name().to_owned(),
            region: goal.region.clone(),
            item: goal.item.clone(),
            half_width_asked: goal.half_width,
            half_width_reached: *reached,
            replicates: attendance.done.len(),
        };
        let of = OfEnsemble {
            world: World::of(&self.scenario),
            replicates: attendance.words(),
            seeds: self.replicates.clone(),
            failed: attendance.failures.clone(),
            until_ci: gathered.precision.as_ref().map(until),
            only: self.only.clone(),
            files: self.files.clone(),
        };
        Manifest::Ensemble(of).bytes()
    }
}

/// Bands of every value, as histories of what is not split by item, as text and as columns.
fn banded(
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

/// Who gained and who lost, over replicates that are at hand: gains.parquet.
///
/// # Errors
/// That two columns have one name: a bug of ours.
pub fn gains(scenario: &Scenario, attendance: &Attendance, replicates: &[Tally]) -> Result<Frame, Unmade> {
    gains::frame(scenario, attendance, replicates)
}

/// The pictures of an ensemble, by name within the folder.
///
/// # Errors
/// What could not be drawn, in words.
pub fn pictures(
    scenario: &Scenario,
    attendance: &Attendance,
    histories: &Histories,
    became: &[Became],
) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let about = &scenario.about;
    let run = &scenario.parameters.run;
    let (note, how, legend) =
        (note(scenario, attendance), how_to_read(attendance, ["dark", "pale"]), legend(attendance));
    let clock = Clock::of(run);
    let names = scenario.region_names();
    let bands = |&(metric, title, axis, is_share): &(Metric, &'static str, &'static str, bool)| {
        let panels = names.iter().enumerate().map(|(r, name)| {
            let key = (r as u16, metric);
            let history = histories.get(&key).map_or(&[][..], Vec::as_slice);
            let points = history.iter().map(|(tick, band)| (clock.days_behind(*tick), band.quantiles));
            (name.as_str(), points.collect())
        });
        let name = format!("bands_{metric}");
        let panels = panels.collect();
        // shares and dollars are not counted in agents
        let is_counted = ["persons", "full-time equivalents"].contains(&axis);
        let least = if is_counted { FEW * scenario.parameters.weights.range().1 as f64 } else { 0.0 };
        let banded = Banded { name: &name, title, how_to_read: &how, axis, is_share, legend, least, panels };
        draw_bands(&banded, run.start.0, &about.title, &note)
    };
    let waterfall = || match became {
        [] => Ok(Vec::new()),
        became => draw_waterfall(&Waterfall {
            name: "waterfall",
            how_to_read: "Means over the replicates, from the start to the end. Each bar begins where the one above it ends.",
            run: &about.title,
            note: &note,
            panels: waterfall_panels(&names, became),
        }),
    };
    let bands = || PICTURES.par_iter().map(bands).collect::<Result<Vec<_>, Unmade>>();
    let (bands, last) = rayon::join(bands, waterfall);
    let drawn = bands?.into_iter().chain([last?]).flatten();
    Ok(drawn.map(|(name, bytes)| (format!("plots/{name}"), bytes)).collect())
}

/// A line at the foot: which runs, and how far to trust them.
fn note(scenario: &Scenario, attendance: &Attendance) -> String {
    let (name, title) = (&scenario.about.name, &scenario.about.title);
    let (words, seed, grain) = (attendance.words(), scenario.parameters.run.seed, grain(scenario));
    format!(
        "{name}: {title}. {words}, seed {seed}; {grain}. Conditional on the scenario's assumptions; not a forecast."
    )
}

/// How to read the bands, the inner and the outer one, as they are called.
fn how_to_read(attendance: &Attendance, [inner, outer]: [&str; 2]) -> String {
    let (words, most) = (attendance.words(), outer_in_words(attendance.done.len()));
    let others = "the same scenario with other random numbers";
    format!("{words}: {others}. Half of them lie within the {inner} band, {most} within the {outer} one.")
}

fn legend(attendance: &Attendance) -> [&'static str; 3] {
    let pale = if outer_in_words(attendance.done.len()) == "nine tenths" { "middle nine tenths" } else { "nearly all" };
    ["median", "middle half", pale]
}

/// One series of an ensemble alone, with its bands; `histories` are those of its item.
pub fn chosen<'a>(
    scenario: &Scenario,
    attendance: &Attendance,
    history: &'a History,
    histories: &Histories,
) -> One<'a> {
    let clock = Clock::of(&scenario.parameters.run);
    let region = scenario.parameters.regions.iter().position(|name| *name == history.region);
    let bands = region.and_then(|region| histories.get(&(u16::try_from(region).ok()?, history.metric)));
    let bands = bands.map_or(&[][..], Vec::as_slice).iter();
    let points = bands.map(|(tick, band)| (clock.days_behind(*tick), band.quantiles)).collect();
    let how = format!("{history}, {}. {}", history.metric.unit(), how_to_read(attendance, ["inner", "outer"]));
    One { history, how, legend: legend(attendance), points, note: note(scenario, attendance) }
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
        self.days.push(crate::output::kit::parquet::days_since_1970(date));
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
        let frame = crate::output::kit::parquet::of_columns(&self.scenario.about.name, columns)?;
        Ok((csv, frame))
    }
}
