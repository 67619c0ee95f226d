//! What the targets share that read files: a folder of their own, and what must hold of what is read.

#[path = "received.rs"]
#[allow(dead_code)] // each target uses a part of it
pub mod received;

use std::path::PathBuf;

/// A folder of this process alone.
pub fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("handover-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder to write in");
    folder
}
