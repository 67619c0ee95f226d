//! Names the model by its sources, so that what it once computed is not taken for what it computes now.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// What a number of a run depends on: the floors that simulate it, the files that read it, and the versions of the
/// libraries that draw and compute.
pub const MODEL: [&str; 11] = [
    "Cargo.lock",
    "src/economy",
    "src/experiment/absorbed.rs",
    "src/experiment/checkpoint",
    "src/experiment/compare/headlines.rs",
    "src/experiment/compare/lives.rs",
    "src/experiment/outcome",
    "src/experiment/run.rs",
    "src/ground",
    "src/observe",
    "src/scenario",
];

#[allow(dead_code)] // the tests of the digest take this file as a module
fn main() {
    for part in MODEL {
        println!("cargo:rerun-if-changed={part}");
    }
    println!("cargo:rustc-env=HANDOVER_MODEL={}", digest(Path::new(".")));
}

/// The digest of the sources below a folder: of their names and texts in the order of the names, whatever machine
/// they lie on and however it ends its lines.
pub fn digest(root: &Path) -> String {
    let mut files = Vec::new();
    for part in MODEL {
        gather(root, part, &mut files);
    }
    files.sort();
    let mut sum = Sha256::new();
    for name in files {
        let text = fs::read_to_string(root.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = text.replace("\r\n", "\n");
        // lengths keep names and texts apart
        sum.update(format!("{} {name}\n{}\n{text}\n", name.len(), text.len()));
    }
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The sources at a name or below it.
fn gather(root: &Path, name: &str, files: &mut Vec<String>) {
    let path = root.join(name);
    if path.is_dir() {
        let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        for entry in entries.flatten() {
            gather(root, &format!("{name}/{}", entry.file_name().to_string_lossy()), files);
        }
    } else if name.ends_with(".rs") || name == "Cargo.lock" {
        files.push(name.to_owned());
    }
}
