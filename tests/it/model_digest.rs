//! The digest that names the model in the keys of stored runs: it changes with the model and with nothing else.

use crate::common;

#[path = "../../build.rs"]
mod build;

use handover::experiment::{MODEL_DIGEST, sweep};
use std::fs;
use std::path::Path;

/// A copy of the model's sources, each text changed by `change`.
fn copied(change: impl Fn(&str, String) -> String) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for part in build::MODEL {
        copy(&common::root(), place.path(), part, &change);
    }
    place
}

fn copy(from: &Path, to: &Path, name: &str, change: &impl Fn(&str, String) -> String) {
    let (source, copy_) = (from.join(name), to.join(name));
    if source.is_dir() {
        fs::create_dir_all(&copy_).unwrap();
        for entry in fs::read_dir(source).unwrap() {
            copy(from, to, &format!("{name}/{}", entry.unwrap().file_name().to_string_lossy()), change);
        }
    } else {
        fs::create_dir_all(copy_.parent().unwrap()).unwrap();
        fs::write(copy_, change(name, fs::read_to_string(source).unwrap())).unwrap();
    }
}

#[test]
fn the_digest_is_that_of_the_sources_on_any_machine() {
    assert_eq!(MODEL_DIGEST, build::digest(&common::root()));
    let elsewhere = copied(|_, text| text);
    assert_eq!(MODEL_DIGEST, build::digest(elsewhere.path()));
    let other_lines = copied(|_, text| text.replace('\n', "\r\n"));
    assert_eq!(MODEL_DIGEST, build::digest(other_lines.path()));
    fs::write(elsewhere.path().join("src/economy/notes.txt~"), "an editor's").unwrap();
    assert_eq!(MODEL_DIGEST, build::digest(elsewhere.path()));
}

#[test]
fn another_formula_is_another_model() {
    for part in [
        "src/economy/wages.rs",
        "src/ground/maths.rs",
        "src/observe/indicators/people.rs",
        "src/scenario/mod.rs",
        "src/experiment/run.rs",
        "src/experiment/outcome/read.rs",
        "Cargo.lock",
    ] {
        let change = |name: &str, text: String| if name == part { format!("{text} ") } else { text };
        assert_ne!(MODEL_DIGEST, build::digest(copied(change).path()), "{part}");
    }
    let place = copied(|_, text| text);
    let file = |name: &str| place.path().join("src/economy").join(name);
    fs::rename(file("wages.rs"), file("pay.rs")).unwrap();
    assert_ne!(MODEL_DIGEST, build::digest(place.path()), "a file of another name");
}

#[test]
fn another_model_is_another_key() {
    let scenario = common::scenario("baseline", &["run.years=1"]);
    let key = sweep::key(&scenario);
    assert_eq!(key, sweep::key_by(MODEL_DIGEST, &scenario));
    assert_ne!(key, sweep::key_by("another model", &scenario));
    let kept = handover::output::disk::kept::Kept::key(&["a scenario"]);
    assert_eq!(kept, handover::output::disk::kept::Kept::key_by(MODEL_DIGEST, &["a scenario"]));
    assert_ne!(kept, handover::output::disk::kept::Kept::key_by("another model", &["a scenario"]));
}

/// What of the experiments simulates or reads a run may use nothing of theirs that the digest does not know.
#[test]
fn the_digest_knows_all_that_a_number_depends_on() {
    // a part of a folder may be named alone
    let is_known = |path: &str| {
        let names: Vec<&str> = path.split("::").collect();
        (1..=names.len()).any(|count| {
            let place = format!("src/experiment/{}", names[..count].join("/"));
            build::MODEL.iter().any(|&part| part == place || part == format!("{place}.rs"))
        })
    };
    let mut seen = 0;
    for part in build::MODEL.iter().filter(|part| part.starts_with("src/experiment/")) {
        let path = common::root().join(part);
        let files: Vec<_> = match path.is_dir() {
            true => fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect(),
            false => vec![path],
        };
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            let used = text.split("#[cfg(test)]").next().unwrap().lines().filter_map(|line| {
                let above =
                    if file.parent().unwrap().ends_with("experiment") { "use super::" } else { "use super::super::" };
                let rest = line.strip_prefix(above).or_else(|| line.strip_prefix("use crate::experiment::"))?;
                let path = rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').next().unwrap_or("");
                Some(path.trim_end_matches(':').to_owned())
            });
            for name in used {
                seen += 1;
                assert!(is_known(&name), "{} uses {name}, which build.rs does not name", file.display());
            }
        }
    }
    assert!(seen >= 5, "only {seen} uses were read");
}
