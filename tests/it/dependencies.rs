//! What the program is built of is what `deny.toml` allows: licences, one source, no second version unless it says
//! why. The lists hold nothing that is not needed. Known faults of dependencies are looked up where `cargo deny` is installed (`.ci/run`).

use crate::common;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

fn table(name: &str) -> toml::Table {
    fs::read_to_string(common::root().join(name)).unwrap().parse().unwrap()
}

fn words(value: &toml::Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

fn cargo(arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO")).current_dir(common::root()).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// Licences as they are written: `MIT OR Apache-2.0`, `MIT/Apache-2.0`, `(MIT OR Apache-2.0) AND Unicode-3.0`.
struct Licence(Vec<String>);

impl Licence {
    fn read(text: &str) -> Licence {
        let apart = text.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        Licence(apart.split_whitespace().rev().map(str::to_owned).collect())
    }

    /// Can it be taken under what is allowed? What was needed for that is noted.
    fn is_allowed(&mut self, allowed: &[&str], needed: &mut BTreeSet<String>) -> bool {
        let mut is_so = self.all(allowed, needed);
        while self.0.pop_if(|word| word == "OR").is_some() {
            // the first choice that is allowed is the one that is taken
            let mut unused = BTreeSet::new();
            is_so |= self.all(allowed, if is_so { &mut unused } else { &mut *needed });
        }
        is_so
    }

    fn all(&mut self, allowed: &[&str], needed: &mut BTreeSet<String>) -> bool {
        let mut is_so = self.one(allowed, needed);
        while self.0.pop_if(|word| word == "AND").is_some() {
            is_so &= self.one(allowed, needed);
        }
        is_so
    }

    fn one(&mut self, allowed: &[&str], needed: &mut BTreeSet<String>) -> bool {
        let mut name = self.0.pop().expect("a licence has a name");
        if name == "(" {
            let is_so = self.is_allowed(allowed, needed);
            assert_eq!(self.0.pop().as_deref(), Some(")"));
            return is_so;
        }
        if self.0.pop_if(|word| word == "WITH").is_some() {
            name = format!("{name} WITH {}", self.0.pop().expect("an exception has a name"));
        }
        let is_so = allowed.contains(&name.as_str());
        if is_so {
            needed.insert(name);
        }
        is_so
    }
}

#[test]
fn licences_are_read_as_they_are_meant() {
    let is_allowed = |text: &str| Licence::read(text).is_allowed(&["MIT", "Zlib"], &mut BTreeSet::new());
    for text in ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "(GPL-3.0 OR MIT) AND Zlib", "GPL-3.0 AND X OR Zlib"] {
        assert!(is_allowed(text), "{text}");
    }
    for text in ["GPL-3.0", "MIT AND GPL-3.0", "(GPL-3.0 OR MIT) AND X", "MIT WITH an-exception", "X OR MIT AND Y"] {
        assert!(!is_allowed(text), "{text}");
    }
}

#[test]
fn every_licence_is_allowed_and_every_allowed_one_is_needed() {
    let deny = table("deny.toml");
    let allowed = words(&deny["licenses"]["allow"]);
    let host = cargo(&["-vV"]);
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let text = cargo(&["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", host]);
    let whole: Value = serde_json::from_str(&text).unwrap();
    let packages = whole["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    let mut needed = BTreeSet::new();
    for package in packages {
        let (name, licence) = (&package["name"], package["license"].as_str());
        let licence = licence.unwrap_or_else(|| panic!("{name} has no licence"));
        let is_allowed = Licence::read(licence).is_allowed(&allowed, &mut needed);
        assert!(is_allowed, "{name} is under {licence}, of which deny.toml allows nothing");
    }
    let needless: Vec<_> = allowed.iter().filter(|licence| !needed.contains(**licence)).collect();
    assert!(needless.is_empty(), "deny.toml allows {needless:?}, which nothing needs");
}

/// Name, version and source of everything in the lock file.
fn locked() -> Vec<(String, String, Option<String>)> {
    let lock = table("Cargo.lock");
    let packages = lock["package"].as_array().unwrap().iter();
    let word = |package: &toml::Value, key: &str| package.get(key).map(|word| word.as_str().unwrap().to_owned());
    packages
        .map(|package| (word(package, "name").unwrap(), word(package, "version").unwrap(), word(package, "source")))
        .collect()
}

#[test]
fn everything_comes_from_the_one_registry() {
    let deny = table("deny.toml");
    let allowed: Vec<String> =
        words(&deny["sources"]["allow-registry"]).iter().map(|address| format!("registry+{address}")).collect();
    for (name, _, source) in locked() {
        let is_ours = name == env!("CARGO_PKG_NAME");
        assert!(source.as_ref().map_or(is_ours, |source| allowed.contains(source)), "{name} comes from {source:?}");
    }
}

#[test]
fn nothing_is_there_twice_without_a_reason_and_no_reason_is_left_over() {
    let deny = table("deny.toml");
    let skipped: BTreeMap<&str, &str> = deny["bans"]["skip"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["crate"].as_str().unwrap(), entry["reason"].as_str().unwrap()))
        .collect();
    assert!(skipped.values().all(|reason| !reason.is_empty()));
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, version, _) in locked() {
        versions.entry(name).or_default().push(version);
    }
    let mut used = BTreeSet::new();
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let of = |version: &String| {
            let is_it = |entry: &&&str| {
                let (known, part) = entry.split_once('@').unwrap();
                known == name && (version.starts_with(&format!("{part}.")) || version == part)
            };
            skipped.keys().find(is_it).copied()
        };
        let allowed: Vec<&str> = versions.iter().filter_map(of).collect();
        assert!(allowed.len() + 1 >= versions.len(), "{name} is there as {}", versions.join(" and "));
        used.extend(allowed);
    }
    let needless: Vec<_> = skipped.keys().filter(|entry| !used.contains(**entry)).collect();
    assert!(needless.is_empty(), "deny.toml excuses {needless:?}, which are not there twice");
}

/// What is known to be unmaintained is used only as long as it is told.
#[test]
fn the_faults_that_are_put_up_with_are_of_what_is_built_in() {
    let deny = table("deny.toml");
    let known = [("RUSTSEC-2026-0192", "ttf-parser")];
    let names: BTreeSet<String> = locked().into_iter().map(|package| package.0).collect();
    let told: Vec<&str> =
        deny["advisories"]["ignore"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    assert_eq!(told, known.map(|advisory| advisory.0), "say here, too, which crate it is of");
    for (id, name) in known {
        assert!(names.contains(name), "{name} is gone: take {id} out of deny.toml");
    }
}
