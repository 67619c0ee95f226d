//! Scenarios from the disk or from the shipped library, for programs that use the library.

use super::shipped;
use crate::scenario::{Problems, Scenario, load};
use std::io::{Error, ErrorKind, Result as IoResult};
use std::path::Path;

/// Reads a scenario file and what it extends, with `key=value` settings on top.
///
/// Where there is no such file, the path may be the name of a scenario that comes with the program, and so may what
/// a file extends.
///
/// ```
/// use handover::experiment::open_scenario;
///
/// let shipped = open_scenario("royalty-15", &[]).unwrap();
/// let scenario = open_scenario("scenarios/royalty-15.toml", &["run.years=3"]).unwrap();
/// assert_eq!(scenario.about.name, "royalty-15");
/// let problems = open_scenario("scenarios/royalty-15.toml", &["run.yaers=3"]).unwrap_err();
/// assert!(problems.to_string().contains("did you mean \"years\"?"), "{problems}");
/// ```
///
/// # Errors
/// Every problem found in any of the files or settings, each with its place.
pub fn open_scenario(path: impl AsRef<Path>, settings: &[&str]) -> Result<Scenario, Problems> {
    let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
    let path = shipped::located(path.as_ref());
    load(&path, &settings, &|file: &Path| read(file, file == path))
}

fn read(file: &Path, is_asked_for: bool) -> IoResult<String> {
    if shipped::is_shipped(file) {
        return shipped::text(file).map(str::to_owned).ok_or_else(|| Error::other(shipped::unknown(file)));
    }
    match std::fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let text = if is_asked_for { None } else { shipped::stand_in(file) };
            text.map(str::to_owned).ok_or_else(|| Error::other(shipped::unknown(file)))
        }
        other => other,
    }
}
