//! A result appears whole or not at all, and is done when it parses and its files match its manifest.
//!
//! Everything is written in a working folder beside the result's place ([`Workplace`]), every file and
//! folder is synced, and one rename puts it in place; where there is an older result the two change
//! places in one step, so that at no moment there is none. What was killed at any point leaves at most a
//! working folder, and the next run clears it up.

use crate::ground::units::WEEKS_PER_YEAR;
use crate::output::disk::unread::Unfinished;
use crate::output::disk::workplace::Workplace;
use crate::output::disk::{ours, sync};
use crate::scenario::Scenario;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why nothing may be written at a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Taken {
    /// A file stands there.
    #[error("{0} is not a folder")]
    NotAFolder(String),
    /// A link stands where a sweep is to be kept.
    #[error("{0} is a link; name the folder itself")]
    Link(String),
    /// What is there was not written by this program.
    #[error("{0} holds something that is not a {1}; choose another --out")]
    Foreign(String, &'static str),
    /// A result is there already, and none is to be replaced.
    #[error("{0} holds a result already; --force replaces it")]
    Result(String),
    /// A sweep is there, whose runs would go with it.
    #[error("{0} holds a sweep and its stored runs; choose another --out, or remove it yourself")]
    Sweep(String),
    /// Another kind of result is where a sweep is to be kept.
    #[error("{0} holds a result that is not a sweep; choose another --out")]
    NotASweep(String),
    /// Another sweep is there.
    #[error("{0} holds the sweep {1:?}; choose another --out")]
    OtherSweep(String, String),
    /// Something else stands among the files of a result.
    #[error("{0}")]
    Strangers(String),
    /// What the file system said.
    #[error("{0}: {1}")]
    Disk(String, String),
}

/// Is there something at this place that a result would replace?
///
/// A result of this program is replaced with `force`, if nothing but what it wrote stands in its folder; a
/// sweep, whose stored runs would go with it, never is.
///
/// # Errors
/// Says why nothing may be written there.
pub fn check_free(folder: &Path, force: bool) -> Result<(), Taken> {
    let shown = folder.display().to_string();
    match fs::symlink_metadata(folder) {
        Err(_) => return Ok(()),
        Ok(about) if !about.is_dir() => return Err(Taken::NotAFolder(shown)),
        Ok(_) => {}
    }
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none()) {
        return Ok(());
    }
    let Some(manifest) = ours::manifest(folder) else { return Err(Taken::Foreign(shown, "result")) };
    if !force {
        return Err(Taken::Result(shown));
    }
    if ours::is_of_a_sweep(&manifest) {
        return Err(Taken::Sweep(shown));
    }
    match ours::strangers(folder, Some(&manifest), &[]) {
        Ok(strangers) if strangers.is_empty() => Ok(()),
        Ok(strangers) => Err(Taken::Strangers(ours::refusal(folder, &strangers))),
        Err(error) => Err(Taken::Disk(shown, error.to_string())),
    }
}

/// May a sweep of this name be kept in this folder? It goes on where it stopped; what it does not write stays.
///
/// # Errors
/// Says why not: another result, or another sweep, is there.
pub fn check_sweep(folder: &Path, name: &str) -> Result<(), Taken> {
    let shown = folder.display().to_string();
    match fs::symlink_metadata(folder) {
        Err(_) => return Ok(()),
        Ok(about) if about.is_symlink() => return Err(Taken::Link(shown)),
        Ok(about) if !about.is_dir() => return Err(Taken::NotAFolder(shown)),
        Ok(_) => {}
    }
    if fs::symlink_metadata(folder.join("manifest.json")).is_err() {
        return Ok(());
    }
    match ours::manifest(folder) {
        None => Err(Taken::Foreign(shown, "sweep")),
        Some(manifest) if !ours::is_of_a_sweep(&manifest) => Err(Taken::NotASweep(shown)),
        Some(manifest) => match manifest.get("sweep").and_then(serde_json::Value::as_str) {
            Some(other) if other != name => Err(Taken::OtherSweep(shown, other.to_owned())),
            _ => Ok(()),
        },
    }
}

/// The manifest of a result that is done: it parses, and every file it names is there with its hash.
///
/// # Errors
/// What is missing or does not match.
pub fn done(folder: &Path) -> Result<serde_json::Value, Unfinished> {
    fn unread(path: &Path, error: impl std::fmt::Display) -> Unfinished {
        Unfinished::Unread(path.display().to_string(), error.to_string())
    }
    let path = folder.join("manifest.json");
    let text = ours::read(folder, "manifest.json", ours::MOST_MANIFEST_BYTES).map_err(|error| unread(&path, error))?;
    let manifest = ours::json(&text).map_err(|error| unread(&path, error.0))?;
    let files = manifest.get("files").and_then(serde_json::Value::as_object);
    let files = files.ok_or_else(|| Unfinished::NoFiles(path.display().to_string()))?;
    for (name, about) in files {
        let path = folder.join(name);
        let (found, _) = ours::hash_of(folder, name, ours::MOST_BYTES).map_err(|error| unread(&path, error))?;
        if about.get("sha256").and_then(serde_json::Value::as_str) != Some(&found) {
            return Err(Unfinished::Changed(path.display().to_string()));
        }
    }
    Ok(manifest)
}

/// Bytes that a run's result takes, about: records times regions times what each of them takes, the rows
/// of the panel, and the pictures.
pub fn forecast(scenario: &Scenario) -> u64 {
    let run = &scenario.parameters.run;
    let records = run.years.0 * WEEKS_PER_YEAR / run.record_every.0.max(run.tick.0);
    let cells = records * scenario.parameters.regions.len() as f64;
    let rows = f64::from(run.panel) * (run.years.0 * WEEKS_PER_YEAR / run.panel_every.0.max(run.tick.0));
    let bytes = cells * BYTES_A_RECORD + rows * BYTES_A_PANEL_ROW;
    PICTURES + crate::ground::numbers::whole(bytes.ceil()).unsigned_abs()
}

/// Bytes that a region's record takes in all tables together, and that the pictures take: measured on the
/// shipped scenarios.
const BYTES_A_RECORD: f64 = 22_000.0;
const PICTURES: u64 = 4_000_000;
/// Bytes that one member's row takes in the panel: measured on the baseline's five thousand by quarter.
const BYTES_A_PANEL_ROW: f64 = 45.0;

/// Writes a result; files are named relative to the folder.
///
/// # Errors
/// What the file system said, with the path and the bytes that were needed. An earlier result is then
/// still in place.
pub fn write_result(folder: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let place = Workplace::beside(folder).map_err(|error| needing(error, folder, files))?;
    write_in(place, files)
}

/// The same from a workplace that is held already.
///
/// # Errors
/// As [`write_result`].
pub fn write_in(place: Workplace, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let folder = place.result().to_owned();
    let whole = || {
        let mut fresh = Fresh::begin(place)?;
        files.iter().try_for_each(|(name, content)| fresh.add(name, content))?;
        fresh.put_in_place()
    };
    whole().map_err(|error| needing(error, &folder, files))
}

fn needing(error: io::Error, folder: &Path, files: &[(String, Vec<u8>)]) -> io::Error {
    let bytes: usize = files.iter().map(|(_, content)| content.len()).sum();
    io::Error::new(error.kind(), format!("{}: {error} ({bytes} bytes were to be written)", folder.display()))
}

/// Puts one file in its place: it is there whole or as it was.
///
/// # Errors
/// What the file system said.
pub fn replace(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(folder).is_ok_and(|about| about.is_symlink()) {
        let words = format!("{} is a link; nothing is written through it", folder.display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, words));
    }
    fs::create_dir_all(folder)?;
    // a name that nobody can foresee, made anew: whatever stands there is not written through
    let mut fresh = tempfile::Builder::new().prefix(&format!(".{name}.")).suffix(".new").tempfile_in(folder)?;
    fresh.write_all(content)?;
    fresh.as_file().sync_all()?;
    fresh.persist(folder.join(name)).map_err(|error| error.error)?;
    sync(folder)
}

/// A result in the making: files are written as they come, and none is in its place before the end. What
/// is dropped half-made leaves nothing behind.
pub struct Fresh {
    place: Workplace,
    inside: PathBuf,
    folders: BTreeSet<PathBuf>,
}

impl Fresh {
    /// Begins a result that will be `folder`.
    ///
    /// # Errors
    /// What the file system said, or that another process works there.
    pub fn beside(folder: &Path) -> io::Result<Fresh> {
        Self::begin(Workplace::beside(folder)?)
    }

    fn begin(place: Workplace) -> io::Result<Fresh> {
        let inside = place.stage();
        fs::create_dir(&inside)?;
        let folders = [inside.clone()].into();
        Ok(Fresh { place, inside, folders })
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
            io::Error::new(error.kind(), format!("{name}: {error} ({} bytes)", content.len()))
        })?;
        let subs = path.ancestors().skip(1).take_while(|sub| sub.starts_with(&self.inside));
        self.folders.extend(subs.map(Path::to_owned));
        Ok(())
    }

    /// Puts the result in its place; an older one is deleted after that.
    ///
    /// # Errors
    /// What the file system said. An earlier result is then still in place.
    pub fn put_in_place(self) -> io::Result<()> {
        self.folders.iter().try_for_each(|sub| sync(sub))?;
        self.place.put_in_place()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::disk::manifest::hash;

    fn files(text: &str) -> Vec<(String, Vec<u8>)> {
        let plot = ("plots/a.svg".to_owned(), text.as_bytes().to_vec());
        let about =
            serde_json::json!({"handover": "0.1.0", "text": text, "files": {"plots/a.svg": {"sha256": hash(&plot.1)}}});
        vec![plot, ("manifest.json".to_owned(), about.to_string().into_bytes())]
    }

    fn text(folder: &Path) -> String {
        done(folder).unwrap()["text"].as_str().unwrap().to_owned()
    }

    #[test]
    fn a_result_is_refused_kept_or_replaced_whole() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("baseline");
        assert_eq!(check_free(&folder, false), Ok(()));
        write_result(&folder, &files("one")).unwrap();
        assert!(check_free(&folder, false).unwrap_err().to_string().contains("--force"));
        assert_eq!(check_free(&folder, true), Ok(()));
        write_result(&folder, &files("two")).unwrap();
        assert_eq!(text(&folder), "two");
        // nothing else is left behind
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_a_result_is_never_replaced() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.tex"), "years of work").unwrap();
        assert!(check_free(place.path(), true).unwrap_err().to_string().contains("not a result"));
    }

    #[test]
    fn done_is_what_parses_and_matches() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("baseline");
        assert!(done(&folder).is_err());
        write_result(&folder, &files("one")).unwrap();
        assert_eq!(text(&folder), "one");
        fs::write(folder.join("plots/a.svg"), "onf").unwrap();
        assert!(done(&folder).unwrap_err().to_string().contains("a.svg is not as the manifest says"));
        fs::remove_file(folder.join("plots/a.svg")).unwrap();
        assert!(done(&folder).unwrap_err().to_string().contains("a.svg"));
        fs::write(folder.join("manifest.json"), "{\"files\": ").unwrap();
        assert!(done(&folder).is_err());
    }

    #[test]
    fn a_result_that_cannot_be_written_leaves_the_older_one() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("baseline");
        write_result(&folder, &files("one")).unwrap();
        // a file where a folder is needed
        let mut broken = files("two");
        broken.insert(1, ("plots/a.svg/b.svg".to_owned(), b"12345".to_vec()));
        let error = write_result(&folder, &broken).unwrap_err().to_string();
        assert!(error.contains("b.svg") && error.contains("bytes were to be written"), "{error}");
        assert_eq!(text(&folder), "one");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
