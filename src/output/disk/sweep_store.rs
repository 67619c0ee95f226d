//! What every run of a sweep left behind: one small file a run, named by its key.
//!
//! A file is written under another name, synced, and linked to its place in one step; then its folder is synced.
//! It is done when it parses and its last line is the hash of the first. So it does not matter how often a run is
//! done, by whom, at the same time or after a kill: the first result stays, and a second one must be the same.
//! The runs lie in 4,096 folders by the first three letters of their keys: with six million runs that is 1,500
//! files a folder, which every file system takes; a second level would be 65,536 more folders to sync.
//!
//! Why a calibration keeps its runs in another store, [`kept`](super::kept) says.
//!
//! Left out: many runs in one file. Files of their own can be written by many machines at once without a lock,
//! and copied from one store to another with any tool; they cost a block of the disk each (4 KiB).

use crate::experiment::sweep::Found;
use crate::output::disk::manifest::hash;
use crate::output::disk::{at, ours, put_whole, sync};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Bytes that a run takes on the disk: a block of the usual file systems.
pub const BYTES_PER_RUN: u64 = 4_096;

/// The folder of runs within that of a sweep.
const RUNS: &str = "runs";
/// Where files are written before they are whole, within the folder of runs.
const HALF_MADE: &str = "half-made";

/// The runs of a sweep.
#[derive(Clone, Debug)]
pub struct Store {
    runs: PathBuf,
}

/// A run as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    handover: String,
    run: String,
    state_hash: String,
    outcomes: BTreeMap<String, Option<f64>>,
}

/// Why a result was not stored.
#[derive(Debug)]
pub enum Refused {
    /// There is another result with the same key.
    Conflict(String),
    /// What the file system said.
    Disk(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Refused::Disk(error)
    }
}

impl Store {
    /// The store in the folder of a sweep; nothing is made before something is stored.
    pub fn within(folder: &Path) -> Store {
        Store { runs: folder.join(RUNS) }
    }

    fn path(&self, key: &str, ending: &str) -> PathBuf {
        self.runs.join(&key[..3]).join(format!("{key}.{ending}"))
    }

    /// What a run found, if it is done; a damaged file is none.
    ///
    /// # Errors
    /// What the file system said, unless there is no such file.
    pub fn get(&self, key: &str) -> io::Result<Option<Found>> {
        let path = self.path(key, "json");
        match ours::read_file(&path, ours::MOST_KEPT_BYTES) {
            Ok(bytes) => Ok(whole(&bytes, key)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(&path, &error)),
        }
    }

    /// Stores what a run found. What is stored of the same run already stays; outcomes it has not are added.
    ///
    /// # Errors
    /// A conflict if it found something else, with both, or broke an identity; or what the file system said.
    pub fn put(&self, key: &str, found: &Found) -> Result<(), Refused> {
        self.agree(key)?;
        let path = self.path(key, "json");
        let shown = |error: io::Error| Refused::Disk(at(&path, &error));
        self.make(&path, &bytes_of(key, found), false).or_else(|error| match error.kind() {
            ErrorKind::AlreadyExists => self.unite(key, found, &path),
            // another process had all runs, and tidied up behind us
            ErrorKind::NotFound if path.is_file() => self.unite(key, found, &path),
            _ => Err(shown(error)),
        })?;
        match fs::remove_file(self.path(key, "failed")) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(shown(error)),
            _ => Ok(()),
        }
    }

    /// A second result for a key.
    fn unite(&self, key: &str, found: &Found, path: &Path) -> Result<(), Refused> {
        let disk = |error: io::Error| Refused::Disk(at(path, &error));
        let Some(known) = self.get(key)? else {
            // what is there is damaged: it is replaced
            return self.make(path, &bytes_of(key, found), true).map_err(disk);
        };
        let shown = path.display();
        if known.state_hash != found.state_hash {
            let (one, other) = (&known.state_hash, &found.state_hash);
            return Err(Refused::Conflict(format!("{shown}: two final states for one run: {one} and {other}")));
        }
        let mut outcomes = known.outcomes.clone();
        for (outcome, value) in &found.outcomes {
            let before = outcomes.entry(outcome.clone()).or_insert(*value);
            if before.map(f64::to_bits) != value.map(f64::to_bits) {
                let said = |value: Option<f64>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
                let words =
                    format!("{shown}: two results for one run: {outcome} is {} and {}", said(*before), said(*value));
                return Err(Refused::Conflict(words));
            }
        }
        if outcomes.len() == known.outcomes.len() {
            return Ok(());
        }
        let both = Found { state_hash: known.state_hash, outcomes };
        self.make(path, &bytes_of(key, &both), true).map_err(disk)
    }

    /// That a run with a result has not broken an identity too.
    ///
    /// # Errors
    /// A conflict if it has.
    pub fn agree(&self, key: &str) -> Result<(), Refused> {
        match self.breach(key) {
            None => Ok(()),
            Some(cause) => {
                let (result, breach) = (self.path(key, "json"), self.path(key, "breach"));
                let (result, breach) = (result.display(), breach.display());
                Err(Refused::Conflict(format!(
                    "{result}: this run came to its end, and it broke an identity ({breach}): {cause}"
                )))
            }
        }
    }

    /// Notes that a run broke an identity, where, when and by how much. It is not tried again: the same program would
    /// find the same.
    ///
    /// # Errors
    /// A conflict if the run has a result; or what the file system said.
    pub fn note_breach(&self, key: &str, cause: &str) -> Result<(), Refused> {
        let path = self.path(key, "breach");
        self.make(&path, cause.as_bytes(), true).map_err(|error| at(&path, &error))?;
        if self.get(key)?.is_some() { self.agree(key) } else { Ok(()) }
    }

    /// How a run broke an identity, if it did.
    pub fn breach(&self, key: &str) -> Option<String> {
        self.text(key, "breach")
    }

    /// Notes why a run has no result; the next time it is tried again.
    ///
    /// # Errors
    /// What the file system said.
    pub fn note_failure(&self, key: &str, cause: &str) -> io::Result<()> {
        let path = self.path(key, "failed");
        self.make(&path, cause.as_bytes(), true).map_err(|error| at(&path, &error))
    }

    /// Why a run has no result, if that was noted.
    pub fn failure(&self, key: &str) -> Option<String> {
        self.breach(key).or_else(|| self.text(key, "failed"))
    }

    fn text(&self, key: &str, ending: &str) -> Option<String> {
        let bytes = ours::read_file(&self.path(key, ending), ours::MOST_KEPT_BYTES).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// Forgets what was never finished; only when nobody works here any more does it matter to nobody.
    pub fn tidy(&self) {
        let _ = fs::remove_dir_all(self.runs.join(HALF_MADE));
    }

    /// How many files of runs there are.
    pub fn count(&self) -> u64 {
        let folders = fs::read_dir(&self.runs).into_iter().flatten().flatten();
        let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
        files.filter(|file| file.path().extension().is_some_and(|ending| ending == "json")).count() as u64
    }

    fn make(&self, path: &Path, bytes: &[u8], replaces: bool) -> io::Result<()> {
        let folder = path.parent().unwrap_or(&self.runs);
        if !folder.is_dir() {
            fs::create_dir_all(folder)?;
            // the names of new folders too
            folder.ancestors().skip(1).take(3).filter(|above| !above.as_os_str().is_empty()).try_for_each(sync)?;
        }
        let half_made = self.runs.join(HALF_MADE);
        fs::create_dir_all(&half_made)?;
        put_whole(path, bytes, &half_made, replaces)
    }
}

fn bytes_of(key: &str, found: &Found) -> Vec<u8> {
    let record = Record {
        handover: env!("CARGO_PKG_VERSION").to_owned(),
        run: key.to_owned(),
        state_hash: found.state_hash.clone(),
        outcomes: found.outcomes.clone(),
    };
    let mut bytes = serde_json::to_vec(&record).expect("a record is words and numbers");
    let sum = hash(&bytes);
    bytes.push(b'\n');
    bytes.extend(sum.as_bytes());
    bytes.push(b'\n');
    bytes
}

/// What a file says, if it is whole and of this run.
fn whole(bytes: &[u8], key: &str) -> Option<Found> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (body, sum) = text.strip_suffix('\n')?.split_once('\n')?;
    if hash(body.as_bytes()) != sum {
        return None;
    }
    let record: Record = serde_json::from_str(body).ok()?;
    (record.run == key).then_some(Found { state_hash: record.state_hash, outcomes: record.outcomes })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdef";

    fn found(state: &str, outcomes: &[(&str, Option<f64>)]) -> Found {
        let outcomes = outcomes.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        Found { state_hash: state.into(), outcomes }
    }

    fn conflict(store: &Store, found: &Found) -> String {
        match store.put(KEY, found) {
            Err(Refused::Conflict(words)) => words,
            other => panic!("no conflict: {other:?}"),
        }
    }

    #[test]
    fn the_first_result_stays_and_another_one_is_a_conflict() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::within(place.path());
        assert_eq!(store.get(KEY).unwrap(), None);
        store.note_failure(KEY, "a leak").unwrap();
        assert_eq!(store.failure(KEY).as_deref(), Some("a leak"));
        let first = found("s", &[("a", Some(0.1 + 0.2)), ("b", None)]);
        store.put(KEY, &first).unwrap();
        store.put(KEY, &first).unwrap();
        assert_eq!((store.get(KEY).unwrap(), store.failure(KEY), store.count()), (Some(first.clone()), None, 1));
        assert!(conflict(&store, &found("t", &[])).contains("two final states"));
        let words = conflict(&store, &found("s", &[("a", Some(0.3))]));
        assert!(words.contains("a is 0.30000000000000004 and 0.3"), "{words}");
        assert!(conflict(&store, &found("s", &[("b", Some(0.0))])).contains("b is nothing and 0"));
        // another outcome of the same run is no other result
        store.put(KEY, &found("s", &[("c", Some(3.0))])).unwrap();
        assert_eq!(store.get(KEY).unwrap().unwrap().outcomes.len(), 3);
    }

    #[test]
    fn a_breach_and_a_result_of_one_run_are_a_conflict_in_either_order() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::within(place.path());
        store.note_breach(KEY, "tick 3: a leak").unwrap();
        assert_eq!(store.failure(KEY).as_deref(), Some("tick 3: a leak"));
        let words = conflict(&store, &found("s", &[]));
        assert!(words.contains("broke an identity") && words.contains("tick 3: a leak"), "{words}");
        assert_eq!(store.get(KEY).unwrap(), None);
        let other = tempfile::tempdir().unwrap();
        let store = Store::within(other.path());
        store.put(KEY, &found("s", &[])).unwrap();
        assert!(matches!(store.note_breach(KEY, "tick 3: a leak"), Err(Refused::Conflict(_))));
        assert!(matches!(store.agree(KEY), Err(Refused::Conflict(_))));
    }

    #[test]
    fn a_damaged_file_is_no_result_and_is_replaced() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::within(place.path());
        let first = found("s", &[("a", Some(1.5))]);
        store.put(KEY, &first).unwrap();
        let path = store.path(KEY, "json");
        let bytes = fs::read(&path).unwrap();
        for end in 0..bytes.len() {
            fs::write(&path, &bytes[..end]).unwrap();
            assert_eq!(store.get(KEY).unwrap(), None, "cut off at {end}");
        }
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            fs::write(&path, &other).unwrap();
            assert_eq!(store.get(KEY).unwrap(), None, "changed at {at}");
        }
        store.put(KEY, &first).unwrap();
        assert_eq!(store.get(KEY).unwrap(), Some(first));
    }
}
