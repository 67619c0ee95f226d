//! What must hold of any text whatever that is read as a scenario; the fuzz target and `tests/it/hostile.rs` share it.

use handover::scenario::load;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// Any text is a scenario or has problems that can be shown; it is never a bug of ours.
pub fn any_file_is_a_scenario_or_has_problems(text: &str, baseline: &str) {
    let reader = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
        Some("this.toml") => Ok(text.to_owned()),
        Some("baseline.toml") => Ok(baseline.to_owned()),
        _ => Err(Error::new(ErrorKind::NotFound, "no such file")),
    };
    match load(Path::new("this.toml"), &[], &reader) {
        Ok(scenario) => {
            assert_eq!(scenario.hash.len(), 64);
            let _ = scenario.warnings.to_string();
        }
        Err(problems) => {
            let shown = problems.to_string();
            assert!(!shown.is_empty() && !shown.contains("a bug of handover"), "{shown}");
            for problem in problems.iter() {
                let _ = problems.place(problem);
            }
        }
    }
}
