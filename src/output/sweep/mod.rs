//! A sweep at work in its folder: runs that are simulated and stored, one at a time, and the table collected from
//! what is stored.
//!
//! Nothing depends on who simulated a run, when, or in what order: the table is made from the store alone, in the
//! order of the plan.

pub mod table;

mod course;

pub use course::Course;

use crate::economy::NoMemory;
use crate::experiment::lanes::words_of;
use crate::experiment::run::{Progress, Results, Stopped, run_for};
use crate::experiment::sweep::table::{Count, Status, TableRow};
use crate::experiment::sweep::{Found, Job, Sweep, key};
use crate::output::disk::manifest::{FileAbout, Lacking, Manifest, OfArm, OfSweep, hash};
use crate::output::disk::sweep_store::{Refused, Store};
use crate::output::disk::{half_made_in, sync};
use crate::output::kit::unmade::Unmade;
use crate::output::sweep::table::{PIECE, TableWriter, restated};
use crate::scenario::Scenario;
use data_encoding::HEXLOWER;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

/// A sweep and its folder.
pub struct Session<'a> {
    /// What is run.
    pub sweep: &'a Sweep,
    store: Store,
    others: Vec<Store>,
    folder: PathBuf,
    texts: BTreeMap<PathBuf, String>,
}

/// How a run of a sweep ended.
#[derive(Debug)]
pub enum Lived {
    /// It was done before.
    Before,
    /// It is done now.
    Now,
    /// It has no result; the cause is noted in the store. One that broke an identity is not tried again.
    Failed(String),
    /// Its point makes no scenario.
    Refused(String),
    /// Somebody asked to stop.
    Asked,
}

/// Why nothing goes on.
#[derive(Debug)]
pub enum Halt {
    /// Two results for one run: a bug of ours, or two programs that call themselves by one version.
    Conflict(String),
    /// The disk.
    Disk(io::Error),
    /// The machine has no thread to work on.
    Lanes(String),
}

impl From<Refused> for Halt {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Conflict(words) => Halt::Conflict(words),
            Refused::Disk(error) => Halt::Disk(error),
        }
    }
}

impl From<Unmade> for Halt {
    fn from(unmade: Unmade) -> Self {
        Halt::Disk(unmade.into())
    }
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Halt::Disk(error)
    }
}

/// A number seen over all runs of an arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// How many runs have it.
    pub count: u64,
    /// Mean.
    pub mean: f64,
    /// Least.
    pub least: f64,
    /// Most.
    pub most: f64,
}

/// A collected table.
#[derive(Debug)]
pub struct Collected {
    /// How many runs are done.
    pub count: Count,
    /// The first of those that are not: number of the run, and why.
    pub lacking: Vec<(u64, String)>,
    /// Runs that are done, by arm.
    pub done: Vec<u64>,
    /// By arm and output.
    pub seen: Vec<Vec<Option<Seen>>>,
    /// SHA-256 of the table; nothing if it was not written.
    pub hash: Option<String>,
}

/// Most runs without a result that are named.
const MOST_NAMED: usize = 1_000;

impl<'a> Session<'a> {
    /// Opens a sweep in a folder. `texts` are the files of its scenarios as they were read; `others` are folders
    /// of the same sweep elsewhere, whose results are taken over.
    pub fn open(sweep: &'a Sweep, folder: &Path, others: &[PathBuf], texts: BTreeMap<PathBuf, String>) -> Session<'a> {
        let others = others.iter().map(|folder| Store::within(folder)).collect();
        Session { sweep, store: Store::within(folder), others, folder: folder.to_owned(), texts }
    }

    /// The scenario of a run, or why there is none.
    fn scenario(&self, number: u64) -> Result<Scenario, String> {
        let reader = |path: &Path| {
            self.texts.get(path).cloned().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "was not read before"))
        };
        self.sweep.scenario(self.sweep.job(number), &reader).map_err(String::from)
    }

    /// What is stored of a run, here or elsewhere, if nothing that is asked for is missing in it.
    fn stored(&self, key: &str) -> Result<Option<Found>, Halt> {
        for other in &self.others {
            if let Some(found) = other.get(key)? {
                self.store.put(key, &found)?;
            } else if let Some(cause) = other.breach(key) {
                self.store.note_breach(key, &cause)?;
            }
        }
        let known = self.store.get(key)?;
        if known.is_some() {
            self.store.agree(key)?;
        }
        let asked: Vec<String> = self.sweep.outcomes.iter().map(ToString::to_string).collect();
        let has_all = |found: &Found| asked.iter().all(|outcome| found.outcomes.contains_key(outcome));
        Ok(known.filter(has_all))
    }

    /// Is there still something to do for a run? Not if it is done, and not if it failed by itself: it would
    /// again.
    ///
    /// # Errors
    /// A conflict, or the disk.
    pub fn is_open(&self, number: u64) -> Result<bool, Halt> {
        let Ok(scenario) = self.scenario(number) else { return Ok(false) };
        let key = key(&scenario);
        Ok(self.stored(&key)?.is_none() && self.store.failure(&key).is_none())
    }

    /// Simulates a run and stores what it found, unless it is done; `watch` says after every tick whether to go on.
    ///
    /// # Errors
    /// A conflict, or the disk.
    pub fn live(&self, number: u64, watch: impl FnMut(Progress) -> bool) -> Result<Lived, Halt> {
        self.live_by(number, |scenario| run_for(scenario, self.sweep.wanted(), watch))
    }

    /// The same, where `life` makes a scenario's results.
    ///
    /// # Errors
    /// A conflict, or the disk.
    pub fn live_by(
        &self,
        number: u64,
        life: impl FnOnce(&Scenario) -> Result<Results, Stopped>,
    ) -> Result<Lived, Halt> {
        let scenario = match self.scenario(number) {
            Ok(scenario) => scenario,
            Err(words) => return Ok(Lived::Refused(words)),
        };
        let key = key(&scenario);
        if self.stored(&key)?.is_some() {
            return Ok(Lived::Before);
        }
        // it would break again, and if it did not, that would be worse
        if let Some(cause) = self.store.breach(&key) {
            return Ok(Lived::Failed(cause));
        }
        let cause = match catch_unwind(AssertUnwindSafe(|| life(&scenario))) {
            Ok(Ok(results)) => {
                self.store.put(&key, &self.sweep.found(&results))?;
                return Ok(Lived::Now);
            }
            Ok(Err(Stopped::Asked(_))) => return Ok(Lived::Asked),
            Ok(Err(Stopped::Breach(breach))) => {
                let cause = breach.to_string();
                self.store.note_breach(&key, &cause)?;
                return Ok(Lived::Failed(cause));
            }
            // no fault of this point: what is stored stays, and the same command goes on
            Err(panic) if panic.is::<NoMemory>() => resume_unwind(panic),
            Err(panic) => words_of(&*panic),
        };
        self.store.note_failure(&key, &cause)?;
        Ok(Lived::Failed(cause))
    }

    /// How many runs are stored, of this plan or of others.
    pub fn stored_runs(&self) -> u64 {
        self.store.count()
    }

    /// Collects the table from the store. It is put in its place if every run is done, or if a partial one is
    /// wanted; `watch` sees how many rows are collected.
    ///
    /// # Errors
    /// A conflict, or the disk.
    pub fn collect(&self, plan_text: &str, takes_partial: bool, watch: impl Fn(u64)) -> Result<Collected, Halt> {
        std::fs::create_dir_all(&self.folder)?;
        let table = self.sweep.empty_table();
        let scratch = BufWriter::new(half_made_in(&self.folder, "rows-")?);
        let mut writer = TableWriter::begin(scratch, &table, None)?;
        let (runs, size) = (self.sweep.runs(), PIECE as u64);
        let mut tally = Tally::new(table.arms.len(), table.outputs.len());
        let mut start = 0;
        while start < runs {
            let numbers: Vec<u64> = (start..(start + size).min(runs)).collect();
            let rows: Vec<TableRow> =
                numbers.par_iter().with_max_len(16).map(|&number| self.row(number)).collect::<Result<_, Halt>>()?;
            numbers.iter().zip(&rows).for_each(|(&number, row)| tally.take(number, row));
            writer.add(&rows)?;
            start += size;
            watch(start.min(runs));
        }
        let count = Count { done: tally.done.iter().sum(), all: runs };
        let scratch = writer.finish()?;
        let mut collected = Collected { count, lacking: tally.lacking, done: tally.done, seen: tally.seen, hash: None };
        if count.is_partial() && !takes_partial {
            return Ok(collected);
        }
        let scratch = scratch.into_inner().map_err(io::IntoInnerError::into_error)?.reopen()?;
        let file = half_made_in(&self.folder, "sweep-")?;
        let out = Hashing { inner: BufWriter::new(file), sum: Sha256::new(), bytes: 0 };
        let out = restated(scratch, out, &table, count)?;
        collected.hash = Some(self.put_in_place(out, plan_text, &collected)?);
        if !count.is_partial() {
            self.store.tidy();
            self.tidy_tables();
        }
        Ok(collected)
    }

    /// Deletes what a killed collecting left behind an hour ago or more; younger ones may be somebody's.
    fn tidy_tables(&self) {
        let time = |path: &Path| std::fs::metadata(path).and_then(|about| about.modified()).ok();
        let Some(now) = time(&self.folder.join("manifest.json")) else { return };
        let is_old = |path: &PathBuf| {
            let age = time(path).and_then(|time| now.duration_since(time).ok());
            path.extension().is_some_and(|ending| ending == "half-made") && age.is_some_and(|age| age.as_secs() > 3_600)
        };
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(is_old).for_each(|path| {
            let _ = std::fs::remove_file(path);
        });
    }

    fn row(&self, number: u64) -> Result<TableRow, Halt> {
        let job = self.sweep.job(number);
        let (mut run, mut outputs) = (String::new(), vec![None; self.sweep.outcomes.len()]);
        let status = match self.scenario(number) {
            Err(words) => Status::Failed(words),
            Ok(scenario) => {
                run = key(&scenario);
                match self.stored(&run)? {
                    Some(found) => {
                        let value = |outcome: &crate::experiment::outcome::Outcome| {
                            found.outcomes.get(&outcome.to_string()).copied().flatten()
                        };
                        outputs = self.sweep.outcomes.iter().map(value).collect();
                        Status::Done
                    }
                    None => self.store.failure(&run).map_or(Status::Missing, Status::Failed),
                }
            }
        };
        let (point, arm, replicate) = (job.point, job.arm, job.replicate);
        Ok(TableRow { point, arm, replicate, run, status, factors: self.sweep.values(point), outputs })
    }

    /// Puts table and manifest in their places: at no moment does a manifest stand beside another's table.
    fn put_in_place(&self, out: Hashing, plan_text: &str, collected: &Collected) -> Result<String, Halt> {
        let sum = HEXLOWER.encode(&out.sum.finalize());
        let file = out.inner.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        let manifest = self.manifest(&sum, out.bytes, plan_text, collected);
        let manifest_path = self.folder.join("manifest.json");
        let mut fresh = half_made_in(&self.folder, "sweep-")?;
        fresh.write_all(&manifest)?;
        fresh.as_file().sync_all()?;
        match std::fs::remove_file(&manifest_path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => sync(&self.folder)?,
        }
        file.persist(self.folder.join("sweep.parquet")).map_err(|error| error.error)?;
        sync(&self.folder)?;
        fresh.persist(&manifest_path).map_err(|error| error.error)?;
        sync(&self.folder)?;
        Ok(sum)
    }

    fn manifest(&self, sum: &str, bytes: u64, plan_text: &str, collected: &Collected) -> Vec<u8> {
        let plan = &self.sweep.plan;
        let lacking = |(number, cause): &(u64, String)| {
            let Job { point, arm, replicate } = self.sweep.job(*number);
            Lacking { point, arm: plan.arms[arm].name.clone(), replicate, cause: cause.clone() }
        };
        let arms = plan.arms.iter().map(|arm| OfArm {
            name: arm.name.clone(),
            scenario_hash: arm.base.hash.clone(),
            scenario_file: arm.base.file.clone(),
        });
        let of = OfSweep {
            handover: env!("CARGO_PKG_VERSION").to_owned(),
            sweep: plan.name.clone(),
            title: plan.title.clone(),
            question: plan.question.clone(),
            plan: plan_text.to_owned(),
            plan_hash: hash(plan_text.as_bytes()),
            settings: plan.settings.clone(),
            arms: arms.collect(),
            runs: collected.count.words(),
            is_complete: !collected.count.is_partial(),
            without_result: collected.lacking.iter().map(lacking).collect(),
            files: [("sweep.parquet".to_owned(), FileAbout { sha256: sum.to_owned(), bytes })].into(),
        };
        Manifest::Sweep(of).bytes()
    }
}

/// What is seen while rows go by.
struct Tally {
    done: Vec<u64>,
    lacking: Vec<(u64, String)>,
    seen: Vec<Vec<Option<Seen>>>,
}

impl Tally {
    fn new(arms: usize, outputs: usize) -> Self {
        Tally { done: vec![0; arms], lacking: Vec::new(), seen: vec![vec![None; outputs]; arms] }
    }

    fn take(&mut self, number: u64, row: &TableRow) {
        match row.status.cause() {
            None => self.done[row.arm] += 1,
            Some(cause) if self.lacking.len() < MOST_NAMED => self.lacking.push((number, cause.to_owned())),
            Some(_) => {}
        }
        for (seen, value) in self.seen[row.arm].iter_mut().zip(&row.outputs) {
            let Some(value) = *value else { continue };
            let seen = seen.get_or_insert(Seen { count: 0, mean: 0.0, least: value, most: value });
            seen.count += 1;
            seen.mean += (value - seen.mean) / seen.count as f64;
            seen.least = seen.least.min(value);
            seen.most = seen.most.max(value);
        }
    }
}

/// A file that is hashed as it is written.
struct Hashing {
    inner: BufWriter<tempfile::NamedTempFile>,
    sum: Sha256,
    bytes: u64,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
