//! Runs that are kept: what came out of one, in a small file under the hash of all it depends on.
//!
//! Whatever asks for a run looks here first, so an experiment that was stopped goes on, and a longer one repeats nothing. A file
//! is written under another name, synced and renamed; one that does not parse, or was made of something else, is not taken.
//!
//! A calibration keeps its runs here and a sweep keeps them in [`sweep_store`](super::sweep_store); both write by the same
//! step. They are two because they answer two questions. A sweep's runs are under the run alone and state their
//! outcomes by name, so that another output of the plan is added to them; many machines write them, a second result
//! must be the same, and a breach or a failure is kept too. A calibration's runs are under the run and all that was
//! asked of it, so that a changed target finds none; one process writes them, and the last one stays. In one store either would carry the
//! other's rules, and what is on the disk now would not be found.

use crate::experiment::MODEL_DIGEST;
use crate::output::disk::manifest::hash;
use crate::output::disk::{at, ours, put_whole};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What of a run is kept.
pub type Outputs = Vec<Option<f64>>;

/// A folder of runs.
#[derive(Clone, Debug)]
pub struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// The runs in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// What the file system said.
    pub fn in_folder(folder: &Path) -> io::Result<Kept> {
        fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
        Ok(Kept { folder: folder.to_owned() })
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "run")).count()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The hash of what a run depends on: the version of handover, the model's sources, and these words.
    pub fn key(words: &[impl AsRef<str>]) -> String {
        Self::key_by(MODEL_DIGEST, words)
    }

    /// The hash of what a run of a model with this digest depends on.
    pub fn key_by(model: &str, words: &[impl AsRef<str>]) -> String {
        let mut all = format!("handover {}\nmodel {model}", env!("CARGO_PKG_VERSION"));
        for word in words.iter().map(AsRef::as_ref) {
            // lengths keep words apart
            all.push_str(&format!("\n{} {word}", word.len()));
        }
        hash(all.as_bytes())
    }

    /// What was kept under a key, if it is whole.
    pub fn get(&self, key: &str) -> Option<Outputs> {
        let text = String::from_utf8(ours::read_file(&self.path(key), ours::MOST_KEPT_BYTES).ok()?).ok()?;
        let (body, seal) = text.trim_end().rsplit_once('\n')?;
        if hash(format!("{key}\n{body}").as_bytes()) != seal {
            return None;
        }
        serde_json::from_str(body).ok()
    }

    /// Keeps what came out of a run.
    ///
    /// # Errors
    /// What the file system said, with the path.
    pub fn put(&self, key: &str, outputs: &Outputs) -> io::Result<()> {
        let path = self.path(key);
        let body = serde_json::to_string(outputs)?;
        let seal = hash(format!("{key}\n{body}").as_bytes());
        // two processes may make the same run at the same time: both say the same
        put_whole(&path, format!("{body}\n{seal}\n").as_bytes(), &self.folder, true).map_err(|error| at(&path, &error))
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.run"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_to_the_bit_or_not_at_all() {
        let home = tempfile::tempdir().unwrap();
        let kept = Kept::in_folder(&home.path().join("runs")).unwrap();
        let key = Kept::key(&["a scenario", "an outcome"]);
        assert_eq!((kept.get(&key), kept.len()), (None, 0));
        let outputs = vec![Some(0.1 + 0.2), None, Some(1e-300)];
        kept.put(&key, &outputs).unwrap();
        assert_eq!((kept.get(&key), kept.len()), (Some(outputs), 1));
        // words do not run into each other
        assert_ne!(key, Kept::key(&["a scenarioan", " outcome"]));
        // a changed number is not taken, nor half a file, nor a file that was moved under another key
        let path = kept.path(&key);
        let text = fs::read_to_string(&path).unwrap();
        let other = Kept::key(&["another scenario"]);
        fs::copy(&path, kept.path(&other)).unwrap();
        assert_eq!(kept.get(&other), None);
        for broken in [text.replace("0.3", "0.4"), text[..text.len() / 2].to_owned(), String::new()] {
            fs::write(&path, broken).unwrap();
            assert_eq!(kept.get(&key), None);
        }
    }
}
