//! Results on the disk: written whole or not at all, kept, listed, and made again to compare.

pub mod evidence;
pub mod files;
pub mod kept;
pub mod manifest;
pub mod ours;
pub mod sweep_store;
pub mod verify;
pub mod workplace;

use std::fs::File;
use std::io;
use std::path::Path;

/// Asks the system to have a folder's names on the disk.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
