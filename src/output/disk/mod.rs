//! Results on the disk: written whole or not at all, kept, listed, and made again to compare.

pub mod evidence;
pub mod files;
pub mod kept;
pub mod manifest;
pub mod ours;
pub mod sweep_store;
pub mod unread;
pub mod verify;
pub mod workplace;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Asks the system to have a folder's names on the disk.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A file in the making that, once in its place, everybody may read whom the system lets.
pub(crate) fn half_made_in(folder: &Path, prefix: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(".half-made");
    #[cfg(unix)]
    {
        use std::fs;
        use std::os::unix::fs::PermissionsExt;
        // the system takes away what its mask says
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Puts bytes in their place in one step, written and synced under another name in the folder `half_made` before; where
/// it does not replace, what is there already stays and is an error.
pub(crate) fn put_whole(path: &Path, bytes: &[u8], half_made: &Path, replaces: bool) -> io::Result<()> {
    let mut file = half_made_in(half_made, "run-")?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    if replaces {
        file.persist(path).map_err(|error| error.error)?;
    } else {
        file.persist_noclobber(path).map_err(|error| error.error)?;
    }
    path.parent().map_or(Ok(()), sync)
}

/// An error with the path at which it arose.
pub(crate) fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
