//! The result of an ensemble: every replicate's tables as it ends, and the bands over all of them.
//!
//! `replicates/07/` holds the tables of replicate 7, the same as a single run's, so that
//! `replicates/*/series.parquet` reads as one tidy table; `bands.parquet` and `bands.csv` hold mean and
//! quantiles of every value, `gains.csv` and `gains.parquet` who gained and who lost. A replicate is written and
//! forgotten, so memory is that of the bands.

mod bands;
mod gains;
mod pictures;
pub mod summary;

pub use self::bands::bands;
pub use self::pictures::{chosen, pictures};

use self::bands::banded;
use crate::experiment::ensemble::{Attendance, Precision};
use crate::experiment::run::Results;
use crate::experiment::tally::Tally;
use crate::ground::list::Listed;
use crate::ground::statistics::Moments;
use crate::output::disk::files::Fresh;
use crate::output::disk::manifest::world::World;
use crate::output::disk::manifest::{End, FileAbout, Files, Manifest, OfEnsemble, Replicate, Seed, UntilCi};
use crate::output::kit::bands::{Histories, Spill};
use crate::output::kit::became;
use crate::output::kit::parquet::Frame;
use crate::output::kit::unmade::{Maker, Unmade};
use crate::output::only::Only;
use crate::output::run::tables;
use crate::scenario::Scenario;
use rayon::prelude::*;
use std::io;
use std::path::Path;

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

/// Who gained and who lost, over replicates that are at hand: gains.parquet.
///
/// # Errors
/// That two columns have one name: a bug of ours.
pub fn gains(scenario: &Scenario, attendance: &Attendance, replicates: &[Tally]) -> Result<Frame, Unmade> {
    gains::frame(scenario, attendance, replicates)
}
