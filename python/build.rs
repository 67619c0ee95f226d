//! Puts the shipped scenarios where maturin finds them for the wheel.

use std::fs;
use std::path::{Path, PathBuf};

#[expect(clippy::disallowed_methods, reason = "cargo says in the environment where a build puts what it makes")]
fn main() {
    let from = Path::new("../scenarios");
    let to = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo says where")).join("scenarios");
    println!("cargo:rerun-if-changed={}", from.display());
    if to.exists() {
        fs::remove_dir_all(&to).expect("what was put there before can be removed");
    }
    copy(from, &to);
}

/// Copies a folder: texts and their folders, nothing else.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("cargo's folder can be written to");
    for entry in fs::read_dir(from).expect("the scenarios lie beside the package").flatten() {
        let (path, place) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &place);
        } else if path.extension().is_some_and(|ending| ["toml", "csv", "md"].iter().any(|text| ending == *text)) {
            fs::copy(&path, &place).expect("a scenario can be copied");
        }
    }
}
