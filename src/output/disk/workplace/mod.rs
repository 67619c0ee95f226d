//! Where a run works before its result is in place: the folder `<result>.partial` beside it.
//!
//! It belongs to one process at a time, by a lock that the system gives up when the process ends, however
//! it ends. It holds checkpoints, named by the day they go on from, and the result in the making. A
//! checkpoint is written under another name, synced and renamed; so every file with a checkpoint's name is
//! whole. The folder goes when the result is in place, or when there is nothing in it worth keeping.

mod checkpoints;

pub use checkpoints::checkpoints_in;

use crate::output::disk::ours::{self, Found};
use crate::output::disk::sync;
use checkpoints::{ENDING, HALF_MADE, files_of_days};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The result in the making; when it has changed places with an older one, the older one.
const STAGE: &str = "result";

/// An older result that was moved away where two folders cannot change places in one step.
const OLD: &str = "old";

/// The file that one process holds locked, and what stands in it.
const LOCK: &str = "lock";
const MARKER: &[u8] = b"a working folder of handover\n";

/// A working folder that this process holds.
#[derive(Debug)]
pub struct Workplace {
    result: PathBuf,
    parent: PathBuf,
    folder: PathBuf,
    is_kept: bool,
    /// What stood at the result's place when the work began.
    found: Found,
    _lock: File,
}

impl Workplace {
    /// The working folder of a result that will be `result`; cleared of what an earlier process left
    /// half-made, its checkpoints kept.
    ///
    /// # Errors
    /// What the file system said; of kind `ResourceBusy` if another process works there.
    pub fn beside(result: &Path) -> io::Result<Workplace> {
        let Some(name) = result.file_name() else {
            let words = format!("{} is not the name of a folder", result.display());
            return Err(io::Error::new(io::ErrorKind::InvalidFilename, words));
        };
        let parent = match result.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let mut partial = name.to_owned();
        partial.push(".partial");
        let folder = parent.join(partial);
        let shown = folder.display().to_string();
        let at = |error: io::Error| io::Error::new(error.kind(), format!("{shown}: {error}"));
        demand_ours(&folder)?;
        fs::create_dir_all(&folder).map_err(at)?;
        sync(&parent.join("..")).and_then(|()| sync(&parent)).map_err(at)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        ours::never_through_a_link(&mut options);
        let mut lock = options.open(folder.join(LOCK)).map_err(at)?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            let words = format!("another process is working in {shown}; let it end first");
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, words));
        }
        if lock.metadata().map_err(at)?.len() == 0 {
            lock.write_all(MARKER).and_then(|()| lock.sync_all()).map_err(at)?;
        }
        let result = result.to_owned();
        let mut place = Workplace { result, parent, folder, is_kept: false, found: Found::Nothing, _lock: lock };
        place.clear().map_err(at)?;
        place.found = ours::look(&place.result);
        Ok(place)
    }

    /// Where the result will be.
    pub fn result(&self) -> &Path {
        &self.result
    }

    /// This folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the result in the making.
    pub(crate) fn stage(&self) -> PathBuf {
        self.folder.join(STAGE)
    }

    /// Demands that there is room for so many bytes, as far as the system tells.
    ///
    /// # Errors
    /// Of kind `StorageFull`, with the bytes needed and the bytes free.
    pub fn demand_room(&self, bytes: u64) -> io::Result<()> {
        match free_bytes(&self.folder) {
            Some(free) if free < bytes => {
                let shown = self.folder.display();
                let words = format!("{shown}: the disk is full: about {bytes} bytes are needed, {free} are free");
                Err(io::Error::new(io::ErrorKind::StorageFull, words))
            }
            _ => Ok(()),
        }
    }

    /// Puts the result in the making in its place, deletes an older one, and gives up the workplace. Where
    /// something else came into the place while the work went on, the result stands beside it.
    pub(crate) fn put_in_place(self) -> io::Result<()> {
        let stage = self.stage();
        if ours::look(&self.result) != self.found || self.found == Found::Other {
            return Err(self.put_beside(&stage)?);
        }
        if fs::symlink_metadata(&self.result).is_ok() {
            self.change_places(&stage)?;
        } else {
            fs::rename(&stage, &self.result)?;
        }
        sync(&self.parent)?;
        self.clear()?;
        if !self.is_kept {
            self.forget()?;
        }
        Ok(())
    }

    /// Puts the result under the first free name beside its place; what is to be said of it.
    fn put_beside(&self, stage: &Path) -> io::Result<io::Error> {
        let name = |n: u32| {
            let mut name = self.result.as_os_str().to_owned();
            name.push(format!(".{n}"));
            PathBuf::from(name)
        };
        let beside = (2..).map(name).find(|beside| fs::symlink_metadata(beside).is_err()).unwrap_or_else(|| name(1));
        fs::rename(stage, &beside)?;
        sync(&self.parent)?;
        let (result, beside) = (self.result.display(), beside.display());
        let words = format!("something came into {result} while this ran, and is untouched; the result is in {beside}");
        Ok(io::Error::new(io::ErrorKind::AlreadyExists, words))
    }

    #[cfg(target_os = "linux")]
    fn change_places(&self, stage: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, stage, CWD, &self.result, RenameFlags::EXCHANGE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => self.move_away(stage),
            outcome => outcome.map_err(io::Error::from),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn change_places(&self, stage: &Path) -> io::Result<()> {
        self.move_away(stage)
    }

    /// For file systems where two folders cannot change places: between the two steps there is no result,
    /// and [`Workplace::clear`] brings the older one back.
    fn move_away(&self, stage: &Path) -> io::Result<()> {
        let old = self.folder.join(OLD);
        fs::rename(&self.result, &old)?;
        fs::rename(stage, &self.result).inspect_err(|_| {
            let _ = fs::rename(&old, &self.result);
        })
    }

    /// Brings back an older result that was moved away, and deletes what is half-made.
    fn clear(&self) -> io::Result<()> {
        let old = self.folder.join(OLD);
        if old.exists() && fs::symlink_metadata(&self.result).is_err() {
            fs::rename(&old, &self.result)?;
            sync(&self.parent)?;
        }
        for left in [old, self.stage()] {
            match fs::symlink_metadata(&left) {
                Ok(about) if about.is_dir() => fs::remove_dir_all(left)?,
                Ok(_) => fs::remove_file(left)?,
                Err(_) => {}
            }
        }
        files_of_days(&self.folder, HALF_MADE)?.into_iter().try_for_each(fs::remove_file)
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // what cannot be tidied up now, the next run does
        let _ = self.clear();
        if self.checkpoints().is_ok_and(|left| left.is_empty()) {
            let _ = fs::remove_file(self.folder.join(LOCK));
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// Is a folder that is there already a working folder of this program? Its lock says so; one of an earlier
/// version, or of a process killed at its first step, has an empty lock and nothing that is not a workplace's.
///
/// # Errors
/// Says that it is somebody else's.
fn demand_ours(folder: &Path) -> io::Result<()> {
    let foreign = || {
        let words = format!("{} is no working folder of this program; choose another --out", folder.display());
        io::Error::new(io::ErrorKind::AlreadyExists, words)
    };
    match fs::symlink_metadata(folder) {
        Err(_) => return Ok(()),
        Ok(about) if !about.is_dir() => return Err(foreign()),
        Ok(_) => {}
    }
    let names: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    if names.is_empty() {
        return Ok(());
    }
    let lock = ours::read(folder, LOCK, MARKER.len() as u64).map_err(|_| foreign())?;
    let is_known = |entry: &fs::DirEntry| {
        let path = entry.path();
        let ending = path.extension().unwrap_or_default();
        [LOCK, STAGE, OLD].iter().any(|name| path.ends_with(name)) || ending == ENDING || ending == HALF_MADE
    };
    if lock == MARKER || lock.is_empty() && names.iter().all(is_known) { Ok(()) } else { Err(foreign()) }
}

#[cfg(target_os = "linux")]
fn free_bytes(folder: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(folder).ok()?;
    about.f_bavail.checked_mul(about.f_frsize)
}

#[cfg(not(target_os = "linux"))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::checkpoints::tests::names;
    use super::*;

    #[test]
    fn two_processes_do_not_share_it() {
        let home = tempfile::tempdir().unwrap();
        let place = Workplace::beside(&home.path().join("r")).unwrap();
        let second = Workplace::beside(&home.path().join("r")).unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::ResourceBusy);
        drop(place);
        assert!(Workplace::beside(&home.path().join("r")).is_ok());
    }

    #[test]
    fn what_a_killed_process_left_is_cleared_and_an_older_result_comes_back() {
        let home = tempfile::tempdir().unwrap();
        let partial = home.path().join("r.partial");
        for folder in ["result/plots", "old"] {
            fs::create_dir_all(partial.join(folder)).unwrap();
        }
        fs::write(partial.join("lock"), MARKER).unwrap();
        fs::write(partial.join("old/manifest.json"), "older").unwrap();
        fs::write(partial.join("2027-04-02.new"), "half").unwrap();
        fs::write(partial.join("2027-01-01.checkpoint"), "whole").unwrap();
        // somebody's own, which a workplace's endings do not make ours
        fs::write(partial.join("draft.new"), "mine").unwrap();
        fs::write(partial.join("mine.checkpoint"), "mine").unwrap();
        let place = Workplace::beside(&home.path().join("r")).unwrap();
        assert_eq!(fs::read_to_string(home.path().join("r/manifest.json")).unwrap(), "older");
        let mut left: Vec<_> = fs::read_dir(&partial).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["2027-01-01.checkpoint", "draft.new", "lock", "mine.checkpoint"]);
        assert_eq!(names(&place), ["2027-01-01.checkpoint"]);
        place.forget().unwrap();
        drop(place);
        assert!(partial.join("draft.new").exists() && partial.join("mine.checkpoint").exists());
    }

    #[test]
    fn a_folder_of_somebody_else_is_not_touched() {
        let home = tempfile::tempdir().unwrap();
        let partial = home.path().join("r.partial");
        fs::create_dir_all(partial.join("old")).unwrap();
        fs::write(partial.join("old/a.txt"), "mine").unwrap();
        for lock in [None, Some("mine"), Some("")] {
            lock.inspect(|text| fs::write(partial.join("lock"), text).unwrap());
            fs::write(partial.join("c.txt"), "mine").unwrap();
            let error = Workplace::beside(&home.path().join("r")).unwrap_err();
            assert!(error.to_string().contains("no working folder"), "{error}");
            assert_eq!(fs::read_to_string(partial.join("old/a.txt")).unwrap(), "mine");
        }
    }

    #[test]
    fn what_comes_into_the_place_meanwhile_stays_and_the_result_stands_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let result = home.path().join("r");
        for (is_folder, beside) in [(true, "r.2"), (false, "r.3")] {
            let place = Workplace::beside(&result).unwrap();
            fs::create_dir(place.stage()).unwrap();
            fs::write(place.stage().join("manifest.json"), "new").unwrap();
            let notes = if is_folder { result.join("notes.md") } else { result.clone() };
            is_folder.then(|| fs::create_dir(&result).unwrap());
            fs::write(&notes, "mine").unwrap();
            let error = place.put_in_place().unwrap_err();
            assert!(error.to_string().contains(beside), "{error}");
            assert_eq!(fs::read_to_string(&notes).unwrap(), "mine");
            assert_eq!(fs::read_to_string(home.path().join(beside).join("manifest.json")).unwrap(), "new");
            if is_folder { fs::remove_dir_all(&result).unwrap() } else { fs::remove_file(&result).unwrap() }
        }
        assert!(!home.path().join("r.partial").exists());
    }

    #[test]
    fn where_folders_cannot_change_places_the_older_one_moves_away() {
        let home = tempfile::tempdir().unwrap();
        let result = home.path().join("r");
        fs::create_dir(&result).unwrap();
        fs::write(result.join("manifest.json"), "one").unwrap();
        let place = Workplace::beside(&result).unwrap();
        fs::create_dir(place.stage()).unwrap();
        fs::write(place.stage().join("manifest.json"), "two").unwrap();
        place.move_away(&place.stage()).unwrap();
        assert_eq!(fs::read_to_string(result.join("manifest.json")).unwrap(), "two");
        drop(place);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }
}
