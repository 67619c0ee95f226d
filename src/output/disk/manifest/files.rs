//! What a manifest says of a file: its length and its hash.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// SHA-256 in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A file of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAbout {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many there are.
    #[serde(default)]
    pub bytes: u64,
}

impl FileAbout {
    /// What is said of a file with these bytes.
    pub fn of(bytes: &[u8]) -> FileAbout {
        FileAbout { sha256: hash(bytes), bytes: bytes.len() as u64 }
    }
}

/// The files of a result, by name.
pub type Files = BTreeMap<String, FileAbout>;

/// What is said of files in memory.
pub fn about(files: &[(String, Vec<u8>)]) -> Files {
    files.iter().map(|(name, bytes)| (name.clone(), FileAbout::of(bytes))).collect()
}

/// JSON as a file holds it. A tree of values always has a text, so no fault can leave an empty file.
pub(crate) fn as_text(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}
