//! How every command reads a scenario: the file, what `--set` changes, and what is said when it is wrong.

use super::Exit;
use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};
use handover::scenario::hidden::is_hidden;
use handover::scenario::{MOST_BYTES, Problems, Scenario, load};
use std::collections::BTreeSet;
use std::io::{Error, ErrorKind, Read, Result as IoResult};
use std::path::{Path, PathBuf};

/// A scenario file and changes on top of it.
#[derive(Args, Clone, Debug)]
pub(super) struct ScenarioArguments {
    /// The scenario file.
    pub scenario: PathBuf,
    /// Change a value of the scenario, with the same units as in the file; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
}

/// Reads a scenario; what is wrong with it is printed, and then there is only the exit code.
///
/// # Errors
/// [`Exit::Input`], after everything that is wrong has been said on stderr.
pub(super) fn read(path: &Path, settings: &[String]) -> Result<Scenario, Exit> {
    let scenario = examine(path, settings).map_err(|problems| {
        eprintln!("{problems}");
        Exit::Input
    })?;
    warn([&scenario]);
    Ok(scenario)
}

/// Says on stderr which values of some scenarios lie outside what their cards call plausible, each once.
pub(super) fn warn<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>) {
    let words: BTreeSet<String> = scenarios.into_iter().flat_map(Scenario::implausible).collect();
    words.iter().for_each(|words| eprintln!("warning: {words}"));
}

/// Says on stderr that a key which is turned is overridden by a policy of the scenario.
pub(super) fn warn_overridden(scenario: &Scenario, key: &str) {
    if let Some(words) = scenario.overridden(key) {
        eprintln!("warning: {words}");
    }
}

/// Reads a scenario and leaves it to the caller what to say of its problems.
///
/// # Errors
/// Every problem found.
pub(super) fn examine(path: &Path, settings: &[String]) -> Result<Scenario, Problems> {
    load(path, settings, &read_file)
}

/// Reads the name of a folder on the command line; one with a line break or another hidden character ends up in
/// scripts, logs and pages, and is refused.
pub(super) fn folder() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path: PathBuf| {
        let is_hidden = path.to_string_lossy().chars().any(is_hidden);
        if is_hidden { Err("a line break, or another character that is not shown") } else { Ok(path) }
    })
}

/// Reads a text file of a size that a scenario can have; nothing larger, and no device, is read at all.
pub(super) fn read_file(path: &Path) -> IoResult<String> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "this is not a file"));
    }
    let most = MOST_BYTES as u64;
    if about.len() > most {
        let words = format!("{} bytes; a scenario has at most {most}", about.len());
        return Err(Error::new(ErrorKind::FileTooLarge, words));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::new(ErrorKind::InvalidData, format!("line {line} is not UTF-8 text; save the file as UTF-8"))
    })
}
