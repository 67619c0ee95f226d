//! The checkpoints of a working folder, named by the day they go on from.

use super::Workplace;
use crate::output::disk::sync;
use chrono::NaiveDate;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// How the name of a checkpoint ends.
pub(super) const ENDING: &str = "checkpoint";

/// How the name of a checkpoint in the making ends.
pub(super) const HALF_MADE: &str = "new";

impl Workplace {
    /// Makes checkpoints stay when the result is in place.
    pub fn keep(&mut self) {
        self.is_kept = true;
    }

    /// The checkpoints here, oldest first.
    ///
    /// # Errors
    /// What the file system said.
    pub fn checkpoints(&self) -> io::Result<Vec<PathBuf>> {
        checkpoints_in(&self.folder)
    }

    /// Writes a checkpoint; older ones are deleted after that unless they are kept.
    ///
    /// # Errors
    /// What the file system said, with the path and the bytes needed; the older ones are then still there.
    pub fn put_checkpoint(
        &self,
        day: &str,
        bytes: u64,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> io::Result<PathBuf> {
        let path = self.folder.join(format!("{day}.{ENDING}"));
        let fresh = path.with_extension(HALF_MADE);
        let whole = || {
            let mut out = BufWriter::with_capacity(1 << 20, File::create(&fresh)?);
            write(&mut out)?;
            out.flush()?;
            out.get_ref().sync_all()?;
            let older = self.checkpoints()?;
            fs::rename(&fresh, &path)?;
            sync(&self.folder)?;
            let is_gone = |old: &PathBuf| !self.is_kept && *old != path;
            older.into_iter().filter(is_gone).try_for_each(fs::remove_file)
        };
        whole().map_err(|error: io::Error| {
            let _ = fs::remove_file(&fresh);
            let shown = path.display();
            io::Error::new(error.kind(), format!("{shown}: {error} (a checkpoint takes about {bytes} bytes)"))
        })?;
        Ok(path)
    }

    /// Deletes the checkpoints.
    ///
    /// # Errors
    /// What the file system said.
    pub fn forget(&self) -> io::Result<()> {
        self.checkpoints()?.into_iter().try_for_each(fs::remove_file)
    }
}

/// The checkpoints in a folder, oldest first.
///
/// # Errors
/// What the file system said.
pub fn checkpoints_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    files_of_days(folder, ENDING)
}

/// What is named by a day and this ending, as this program names it, in the order of the days; what somebody else
/// put there under another name stays.
pub(super) fn files_of_days(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let is_day = |name: &OsStr| name.to_str().is_some_and(|name| name.parse::<NaiveDate>().is_ok());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == ending) && path.file_stem().is_some_and(is_day) {
            found.push(path);
        }
    }
    // days sort as their names do
    found.sort();
    Ok(found)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn put(place: &Workplace, day: &str) -> io::Result<PathBuf> {
        place.put_checkpoint(day, 3, |out| out.write_all(b"abc"))
    }

    pub(in super::super) fn names(place: &Workplace) -> Vec<String> {
        let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        place.checkpoints().unwrap().into_iter().map(name).collect()
    }

    #[test]
    fn the_newest_checkpoint_stays_or_all_do() {
        let home = tempfile::tempdir().unwrap();
        let mut place = Workplace::beside(&home.path().join("r")).unwrap();
        put(&place, "2027-01-01").unwrap();
        put(&place, "2027-04-02").unwrap();
        assert_eq!(names(&place), ["2027-04-02.checkpoint"]);
        place.keep();
        put(&place, "2027-07-02").unwrap();
        assert_eq!(names(&place).len(), 2);
        // the next one finds them, and one that is not needed leaves nothing
        drop(place);
        let place = Workplace::beside(&home.path().join("r")).unwrap();
        assert_eq!(names(&place).len(), 2);
        place.forget().unwrap();
        drop(place);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_checkpoint_that_fails_leaves_the_older_one() {
        let home = tempfile::tempdir().unwrap();
        let place = Workplace::beside(&home.path().join("r")).unwrap();
        put(&place, "2027-01-01").unwrap();
        let full = |_: &mut BufWriter<File>| Err(io::Error::from(io::ErrorKind::StorageFull));
        let error = place.put_checkpoint("2027-04-02", 1234, full).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        let shown = error.to_string();
        assert!(shown.contains("2027-04-02.checkpoint") && shown.contains("1234 bytes"), "{shown}");
        assert_eq!(names(&place), ["2027-01-01.checkpoint"]);
        assert!(!place.folder().join("2027-04-02.new").exists());
    }
}
