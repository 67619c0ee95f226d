//! Why something is not read that may come from anybody: distinguished, so that a disk that fails is not taken for a file
//! that is wrong.

use crate::ground::words::listed;
use std::io;
use std::path::Path;

/// Why a result is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfinished {
    /// A file cannot be read: its path, and why.
    #[error("{0}: {1}")]
    Unread(String, String),
    /// Its manifest lists nothing.
    #[error("{0} lists no files")]
    NoFiles(String),
    /// A file holds other bytes.
    #[error("{0} is not as the manifest says")]
    Changed(String),
}

/// Why something that may come from anybody is not read; where it stands comes first.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// What the file system said.
    #[error("{0}: {1}")]
    Disk(String, io::Error),
    /// It is there, and not what it should be, in words.
    #[error("{0}: {1}")]
    Wrong(String, String),
    /// There is no result in a folder: which, and why not, with the results that are near.
    #[error("{0}: {1}; a result is a folder with a manifest.json, such as output/baseline")]
    NoResult(String, String),
    /// There is no report on a sweep, or it is not done: the command that makes one.
    #[error("{0}; run `handover sensitivity {1}` first")]
    NoReport(Unfinished, String),
}

impl Unread {
    /// A file that is not read: because of the disk, or because of what it is.
    pub(crate) fn file(path: &Path, error: io::Error) -> Unread {
        match error.kind() {
            io::ErrorKind::InvalidData => Unread::wrong(path, error.to_string()),
            _ => Unread::Disk(path.display().to_string(), error),
        }
    }

    /// A folder whose manifest is not read, and the results in it, which may be meant.
    pub(crate) fn no_result(folder: &Path, error: &io::Error) -> Unread {
        let mut inside: Vec<String> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.join("manifest.json").is_file())
            .map(|path| path.display().to_string())
            .collect();
        inside.sort();
        inside.truncate(3);
        let why = match (folder.is_dir(), folder.exists(), inside.as_slice()) {
            (true, _, [_, ..]) => format!("no result, but there are some in it: {}", listed(&inside)),
            (true, ..) if error.kind() == io::ErrorKind::NotFound => "no result: it has no manifest.json".to_owned(),
            (true, ..) => error.to_string(),
            (false, true, _) => "this is a file".to_owned(),
            (false, false, _) => "there is no such folder".to_owned(),
        };
        Unread::NoResult(folder.display().to_string(), why)
    }

    /// A file that is not what it should be.
    pub(crate) fn wrong(path: &Path, words: impl Into<String>) -> Unread {
        Unread::Wrong(path.display().to_string(), words.into())
    }
}

crate::said! {
    /// Why a name is not looked for, or a text is none of this program's.
    NotOurs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::disk::verify;
    use crate::output::run::read;
    use std::fs;

    #[test]
    fn a_file_that_is_missing_is_told_from_one_that_is_wrong() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("series.parquet");
        assert!(
            matches!(read::series(&path, &[]), Err(Unread::Disk(_, error)) if error.kind() == io::ErrorKind::NotFound)
        );
        fs::write(&path, "no table").unwrap();
        assert!(matches!(read::series(&path, &[]), Err(Unread::Wrong(..))));
        assert!(matches!(verify::read(home.path()), Err(Unread::NoResult(..))));
        let said = |folder: &Path| verify::read(folder).unwrap_err().to_string();
        assert!(said(&home.path().join("none")).contains("there is no such folder"));
        assert!(said(&path).contains("this is a file"));
        fs::create_dir(home.path().join("mine")).unwrap();
        fs::write(home.path().join("mine/manifest.json"), "{}").unwrap();
        assert!(said(home.path()).contains("there are some in it: ") && said(home.path()).contains("mine"));
        fs::write(home.path().join("manifest.json"), "{}").unwrap();
        assert!(matches!(verify::read(home.path()), Err(Unread::Wrong(..))));
    }
}
