//! A result appears whole or not at all.
//!
//! Everything is written into a new folder beside the old one, every file and the folder are synced,
//! and one rename puts it in place. An older result is moved away first and deleted last.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Is there something at this place that a result would replace?
///
/// # Errors
/// Says why nothing may be written there: a result exists and `force` is not given, or something
/// that is not a result is in the way.
pub fn check_free(folder: &Path, force: bool) -> Result<(), String> {
    let shown = folder.display();
    match fs::symlink_metadata(folder) {
        Err(_) => Ok(()),
        Ok(about) if !about.is_dir() => Err(format!("{shown} is not a folder")),
        Ok(_) => {
            let is_empty = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
            let is_result = folder.join("manifest.json").is_file();
            match (is_empty, is_result, force) {
                (true, ..) | (_, true, true) => Ok(()),
                (_, true, false) => Err(format!("{shown} holds a result already; --force replaces it")),
                (_, false, _) => Err(format!("{shown} holds something that is not a result; choose another --out")),
            }
        }
    }
}

/// Writes a result; files are named relative to the folder.
///
/// # Errors
/// What the file system said, with the path and the bytes that were needed. An earlier result is then
/// still in place.
pub fn write_result(folder: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let bytes: usize = files.iter().map(|(_, content)| content.len()).sum();
    let whole = || {
        let mut fresh = Fresh::beside(folder)?;
        files.iter().try_for_each(|(name, content)| fresh.add(name, content))?;
        fresh.put_in_place()
    };
    whole().map_err(|error: io::Error| {
        io::Error::new(error.kind(), format!("{}: {error} ({bytes} bytes were to be written)", folder.display()))
    })
}

/// A result in the making: files are written as they come, and none is in its place before the end. What
/// is dropped half-made leaves nothing behind.
pub struct Fresh {
    folder: PathBuf,
    place: tempfile::TempDir,
    inside: PathBuf,
    folders: BTreeSet<PathBuf>,
}

impl Fresh {
    /// Begins a result that will be `folder`.
    ///
    /// # Errors
    /// What the file system said.
    pub fn beside(folder: &Path) -> io::Result<Fresh> {
        let parent = parent_of(folder);
        fs::create_dir_all(parent)?;
        let place = tempfile::Builder::new().prefix(".handover-").tempdir_in(parent)?;
        let inside = place.path().join("result");
        fs::create_dir(&inside)?;
        let folders = [inside.clone()].into();
        Ok(Fresh { folder: folder.to_owned(), place, inside, folders })
    }

    /// Writes a file, named relative to the folder.
    ///
    /// # Errors
    /// What the file system said, with the path and the bytes.
    pub fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let path = self.inside.join(name);
        let whole = || {
            if let Some(sub) = path.parent() {
                fs::create_dir_all(sub)?;
            }
            let mut file = File::create(&path)?;
            file.write_all(content)?;
            file.sync_all()
        };
        whole().map_err(|error: io::Error| {
            let shown = self.folder.join(name);
            io::Error::new(error.kind(), format!("{}: {error} ({} bytes)", shown.display(), content.len()))
        })?;
        let subs = path.ancestors().skip(1).take_while(|sub| sub.starts_with(&self.inside));
        self.folders.extend(subs.map(Path::to_owned));
        Ok(())
    }

    /// Puts the result in its place; an older one is moved away first and deleted last.
    ///
    /// # Errors
    /// What the file system said. An earlier result is then still in place.
    pub fn put_in_place(self) -> io::Result<()> {
        self.folders.iter().try_for_each(|sub| sync(sub))?;
        let old = self.place.path().join("old");
        if self.folder.exists() {
            fs::rename(&self.folder, &old)?;
        }
        if let Err(error) = fs::rename(&self.inside, &self.folder) {
            // put the older result back before giving up
            let _ = fs::rename(&old, &self.folder);
            return Err(error);
        }
        sync(parent_of(&self.folder))
    }
}

fn parent_of(folder: &Path) -> &Path {
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_refused_kept_or_replaced_whole() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("baseline");
        let files =
            |text: &str| vec![("manifest.json".to_owned(), text.into()), ("plots/a.svg".to_owned(), b"x".to_vec())];
        assert_eq!(check_free(&folder, false), Ok(()));
        write_result(&folder, &files("one")).unwrap();
        assert!(check_free(&folder, false).unwrap_err().contains("--force"));
        assert_eq!(check_free(&folder, true), Ok(()));
        write_result(&folder, &files("two")).unwrap();
        assert_eq!(fs::read_to_string(folder.join("manifest.json")).unwrap(), "two");
        // nothing else is left behind
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_a_result_is_never_replaced() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.tex"), "years of work").unwrap();
        assert!(check_free(place.path(), true).unwrap_err().contains("not a result"));
    }
}
