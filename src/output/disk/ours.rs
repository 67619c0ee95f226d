//! What in a folder is this program's, and what is somebody else's.
//!
//! A result is ours if its manifest says so: a regular file `manifest.json` in which `handover` names a
//! version. What the manifest lists is ours; everything else in the folder is a stranger's, and a stranger's
//! file is never removed: the command that would replace the folder refuses and names it. Files that come from
//! others are read here alone: regular files inside the folder, reached through no link, of a bounded size.

use crate::output::disk::unread::NotOurs;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// Largest file of a result that is read into memory.
pub const MOST_BYTES: u64 = 8 << 30;

/// Largest manifest that is read.
pub const MOST_MANIFEST_BYTES: u64 = 64 << 20;

/// Largest file of one run that a sweep, a solver or a calibration keeps.
pub const MOST_KEPT_BYTES: u64 = 16 << 20;

/// Most values in a manifest or another JSON file: each takes many times the room that it takes on the disk.
pub const MOST_VALUES: usize = 4_000_000;

/// Strangers that a refusal names.
const NAMED: usize = 5;

fn invalid(words: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words)
}

/// A name that a manifest or a person gave, if it stays inside the folder.
///
/// # Errors
/// Says that the name leads out.
pub fn inside(name: &str) -> Result<(), NotOurs> {
    let is_normal = |part: Component| matches!(part, Component::Normal(_));
    let stays = !name.is_empty() && Path::new(name).components().all(is_normal);
    if stays { Ok(()) } else { Err(NotOurs(format!("the name {name:?} leaves the folder of the result"))) }
}

/// Opens a regular file for reading: no link, no pipe, no device, nothing larger than `most`.
///
/// # Errors
/// What the file system said, or why it is not read.
pub fn open(path: &Path, most: u64) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    never_through_a_link(&mut options);
    let file = options.open(path).map_err(|error| match fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => invalid("a link, and not a regular file".into()),
        _ => error,
    })?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(invalid("not a regular file".into()));
    }
    if about.len() > most {
        return Err(invalid(format!("{} bytes; at most {most} are read", about.len())));
    }
    Ok(file)
}

/// Reads a file of a folder that may come from anywhere; `name` is relative to the folder.
///
/// # Errors
/// As [`open`]; the name leads out of the folder, or through a link.
pub fn read(folder: &Path, name: &str, most: u64) -> io::Result<Vec<u8>> {
    read_file(&way_to(folder, name)?, most)
}

/// The path of a file in a folder, if its name and the folders on the way stay inside.
fn way_to(folder: &Path, name: &str) -> io::Result<PathBuf> {
    inside(name).map_err(|outside| invalid(outside.0))?;
    let mut path = folder.to_owned();
    let parts: Vec<_> = Path::new(name).components().collect();
    for part in &parts[..parts.len() - 1] {
        path.push(part);
        if fs::symlink_metadata(&path)?.is_symlink() {
            return Err(invalid(format!("{} is a link", path.display())));
        }
    }
    Ok(folder.join(name))
}

/// Reads a regular file whole, as [`open`] opens it.
///
/// # Errors
/// As [`open`].
pub fn read_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path, most)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(invalid(format!("it grew beyond {most} bytes"))) } else { Ok(bytes) }
}

/// SHA-256 of a file of a folder that may come from anywhere, and its length; it is not held in memory.
///
/// # Errors
/// As [`read`].
pub fn hash_of(folder: &Path, name: &str, most: u64) -> io::Result<(String, u64)> {
    let mut file = open(&way_to(folder, name)?, most)?.take(most);
    let (mut sum, mut length, mut piece) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((data_encoding::HEXLOWER.encode(&sum.finalize()), length)),
            taken => {
                sum.update(&piece[..taken]);
                length += taken as u64;
            }
        }
    }
}

/// What a JSON file from anywhere says, unless that is more than anything of this program says.
///
/// # Errors
/// What is wrong with it.
pub fn json(bytes: &[u8]) -> Result<Value, NotOurs> {
    // every value but the first comes after one of these
    let values = bytes.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    if values > MOST_VALUES {
        return Err(NotOurs(format!("it holds more than {MOST_VALUES} values")));
    }
    serde_json::from_slice(bytes).map_err(|error| NotOurs(error.to_string()))
}

/// Makes an open fail where the name is a link, and never wait for the other end of a pipe.
#[cfg(target_os = "linux")]
pub(crate) fn never_through_a_link(options: &mut OpenOptions) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn never_through_a_link(_: &mut OpenOptions) {}

/// The manifest of a folder of ours, if it is one.
pub fn manifest(folder: &Path) -> Option<Value> {
    let bytes = read(folder, "manifest.json", MOST_MANIFEST_BYTES).ok()?;
    let manifest = json(&bytes).ok()?;
    manifest.get("handover")?.as_str()?;
    Some(manifest)
}

/// Is this the manifest of a sweep, whose stored runs are worth hours?
pub fn is_of_a_sweep(manifest: &Value) -> bool {
    manifest.get("plan_hash").is_some()
}

/// Files of a folder, relative to it, that its manifest does not list; links and devices are files here. Entries
/// of `own` are passed over with all that is in them.
///
/// # Errors
/// What the file system said.
pub fn strangers(folder: &Path, manifest: Option<&Value>, own: &[&str]) -> io::Result<Vec<String>> {
    let listed = manifest.and_then(|manifest| manifest.get("files")).and_then(Value::as_object);
    let mut ours: BTreeSet<PathBuf> = listed.into_iter().flatten().map(|(name, _)| PathBuf::from(name)).collect();
    if manifest.is_some() {
        ours.insert("manifest.json".into());
    }
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(sub) = open.pop() {
        for entry in fs::read_dir(folder.join(&sub))? {
            let entry = entry?;
            let name = sub.join(entry.file_name());
            if own.iter().any(|own| Path::new(own) == name) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(name);
            } else if !ours.contains(&name) {
                found.push(name.display().to_string());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The refusal of a folder with strangers in it.
pub fn refusal(folder: &Path, strangers: &[String]) -> String {
    let mut named = strangers[..strangers.len().min(NAMED)].join(", ");
    if strangers.len() > NAMED {
        named = format!("{named} and {} more", strangers.len() - NAMED);
    }
    let folder = folder.display();
    format!("{folder} holds what no result of this program wrote: {named}; move it away, or choose another --out")
}

/// What stood at a result's place when the work began, so that what comes meanwhile is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing, or an empty folder.
    Nothing,
    /// A result, by the hash of its manifest.
    Result(String),
    /// Something else.
    Other,
}

/// Looks at a result's place.
pub fn look(place: &Path) -> Found {
    match fs::symlink_metadata(place) {
        Err(_) => Found::Nothing,
        Ok(about) if !about.is_dir() => Found::Other,
        Ok(_) if fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_none()) => Found::Nothing,
        Ok(_) => match (manifest(place), read(place, "manifest.json", MOST_MANIFEST_BYTES)) {
            (Some(found), Ok(bytes)) if strangers(place, Some(&found), &[]).is_ok_and(|found| found.is_empty()) => {
                Found::Result(crate::output::disk::manifest::hash(&bytes))
            }
            _ => Found::Other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new folder with these files.
    fn holding(files: &[(&str, &str)]) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = home.path().join(name);
            path.parent().map(fs::create_dir_all).unwrap().unwrap();
            fs::write(path, text).unwrap();
        }
        home
    }

    #[test]
    fn only_regular_files_inside_are_read() {
        let home = holding(&[("got/plots/a.svg", "abc"), ("secret", "x")]);
        let folder = home.path().join("got");
        assert_eq!(read(&folder, "plots/a.svg", 3).unwrap(), b"abc");
        for name in ["../secret", "/etc/passwd", "", ".", "plots/../../secret"] {
            assert!(read(&folder, name, 99).unwrap_err().to_string().contains("leaves the folder"), "{name}");
        }
        assert!(read(&folder, "plots/a.svg", 2).unwrap_err().to_string().contains("at most 2"));
        assert!(read(&folder, "plots", 99).is_err());
        #[cfg(target_os = "linux")]
        {
            std::os::unix::fs::symlink(home.path().join("secret"), folder.join("link")).unwrap();
            std::os::unix::fs::symlink(folder.join("plots"), folder.join("sub")).unwrap();
            std::os::unix::fs::symlink("/dev/zero", folder.join("zero")).unwrap();
            for name in ["link", "sub/a.svg", "zero"] {
                assert!(read(&folder, name, 99).is_err(), "{name}");
            }
            rustix::fs::mknodat(
                rustix::fs::CWD,
                folder.join("pipe"),
                rustix::fs::FileType::Fifo,
                rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
                0,
            )
            .unwrap();
            assert!(read(&folder, "pipe", 99).unwrap_err().to_string().contains("regular"));
        }
    }

    #[test]
    fn strangers_are_what_the_manifest_does_not_list() {
        let home = holding(&[("plots/a.svg", ""), ("plots/mine.svg", ""), ("notes.md", "")]);
        let folder = home.path();
        assert_eq!(look(folder), Found::Other);
        fs::write(folder.join("manifest.json"), r#"{"name": "my web app"}"#).unwrap();
        assert!(manifest(folder).is_none());
        let text = r#"{"handover": "0.1.0", "files": {"plots/a.svg": {}}}"#;
        fs::write(folder.join("manifest.json"), text).unwrap();
        let found = strangers(folder, manifest(folder).as_ref(), &[]).unwrap();
        assert_eq!(found, ["notes.md", "plots/mine.svg"]);
        assert!(refusal(folder, &found).contains("notes.md, plots/mine.svg; move it away"));
        assert_eq!(look(folder), Found::Other);
        fs::remove_file(folder.join("notes.md")).unwrap();
        fs::remove_file(folder.join("plots/mine.svg")).unwrap();
        assert!(matches!(look(folder), Found::Result(_)));
    }
}
