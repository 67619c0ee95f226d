//! A result appears whole or not at all.
//!
//! Everything is written into a new folder beside the old one, every file and the folder are synced,
//! and one rename puts it in place. An older result is moved away first and deleted last.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

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
    write_folder(folder, files).map_err(|error| {
        io::Error::new(error.kind(), format!("{}: {error} ({bytes} bytes were to be written)", folder.display()))
    })
}

fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent)?;
    let fresh = tempfile::Builder::new().prefix(".handover-").tempdir_in(parent)?;
    let inside = fresh.path().join("result");
    fs::create_dir(&inside)?;
    for (name, content) in files {
        let path = inside.join(name);
        if let Some(sub) = path.parent() {
            fs::create_dir_all(sub)?;
        }
        let mut file = File::create(&path)?;
        file.write_all(content)?;
        file.sync_all()?;
    }
    for name in files.iter().filter_map(|(name, _)| Path::new(name).parent()) {
        sync(&inside.join(name))?;
    }
    sync(&inside)?;
    if folder.exists() {
        fs::rename(folder, fresh.path().join("old"))?;
    }
    if let Err(error) = fs::rename(&inside, folder) {
        // put the older result back before giving up
        let _ = fs::rename(fresh.path().join("old"), folder);
        return Err(error);
    }
    sync(parent)
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
