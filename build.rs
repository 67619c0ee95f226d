//! Names the model by its sources, so that what it once computed is not taken for what it computes now; and lists the
//! scenarios that go into the program.

use sha2::{Digest, Sha256};
use std::env;
use std::fs;
use std::path::Path;

/// What a number of a run depends on: the floors that simulate it, the files that read it, and the versions of the
/// libraries that draw and compute.
pub const MODEL: [&str; 13] = [
    "Cargo.lock",
    "src/economy",
    "src/experiment/absorbed.rs",
    "src/experiment/checkpoint",
    "src/experiment/compare/acting.rs",
    "src/experiment/compare/headlines.rs",
    "src/experiment/compare/lives.rs",
    "src/experiment/origin.rs",
    "src/experiment/outcome",
    "src/experiment/run.rs",
    "src/ground",
    "src/observe",
    "src/scenario",
];

#[allow(dead_code)] // the tests of the digest take this file as a module
#[allow(clippy::disallowed_methods)] // a build script is told where it is by its environment
fn main() {
    for part in MODEL {
        println!("cargo:rerun-if-changed={part}");
    }
    println!("cargo:rustc-env=HANDOVER_MODEL={}", digest(Path::new(".")));
    for folder in SHIPPED {
        println!("cargo:rerun-if-changed={folder}");
    }
    let variable = |name| env::var(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let list = shipped(Path::new(&variable("CARGO_MANIFEST_DIR")));
    let path = Path::new(&variable("OUT_DIR")).join("shipped.rs");
    fs::write(&path, list).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Folders of files that go into the program, as `scenarios/` has them.
const SHIPPED: [&str; 6] = [
    "scenarios",
    "scenarios/calibrated",
    "scenarios/calibration",
    "scenarios/evidence",
    "scenarios/history",
    "scenarios/sweeps",
];

/// A list in Rust of every shipped file: its place in `scenarios/` and its text.
fn shipped(root: &Path) -> String {
    let mut files = Vec::new();
    for folder in SHIPPED {
        let entries = fs::read_dir(root.join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        let paths = entries.flatten().map(|entry| entry.path());
        files.extend(paths.filter(|path| path.is_file() && path.extension().is_some_and(|ending| ending == "toml")));
    }
    let mut lines: Vec<String> = Vec::new();
    for file in files {
        let place = file.strip_prefix(root.join("scenarios")).expect("it was found there");
        let place = place.to_string_lossy().replace('\\', "/");
        lines.push(format!("    ({place:?}, include_str!({:?})),\n", file.to_string_lossy()));
    }
    lines.sort();
    format!("const FILES: &[(&str, &str)] = &[\n{}];\n", lines.concat())
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
