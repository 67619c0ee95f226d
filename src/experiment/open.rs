//! Scenarios from the disk, for programs that use the library.

use crate::scenario::{Problems, Scenario, load};
use std::path::Path;

/// Reads a scenario file and what it extends, with `key=value` settings on top.
///
/// ```
/// use handover::experiment::open_scenario;
///
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
    load(path.as_ref(), &settings, &|path: &Path| std::fs::read_to_string(path))
}
