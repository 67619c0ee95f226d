//! How every command reads a scenario: the file, what `--set` changes, and what is said when it is wrong.

use super::Exit;
use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};
use handover::experiment::shipped;
use handover::output::disk::ours;
use handover::scenario::hidden::is_hidden;
use handover::scenario::{MOST_BYTES, Place, Problems, Remark, Scenario, load};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{Error, ErrorKind, Result as IoResult};
use std::path::{Component, Path, PathBuf};

/// A scenario file and changes on top of it.
#[derive(Args, Clone, Debug)]
pub(super) struct ScenarioArguments {
    /// The scenario: a file, or the name of a shipped one.
    #[arg(value_parser = file())]
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

/// Says on stderr which values of some scenarios lie outside what their cards call plausible, and which of their laws
/// never act, each once.
pub(super) fn warn<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>) {
    warn_but(scenarios, 0);
}

/// The same where the first settings are the program's own, of which nothing is said.
pub(super) fn warn_but<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>, own: usize) {
    let all = scenarios.into_iter().flat_map(|scenario| scenario.late().chain(of_a_user(scenario.implausible())));
    tell(all.filter(|remark| remark.setting.is_none_or(|place| place >= own)));
}

/// Says remarks on stderr, each once.
pub(super) fn tell(remarks: impl IntoIterator<Item = Remark>) {
    remarks.into_iter().collect::<BTreeSet<_>>().iter().for_each(|remark| eprintln!("warning: {remark}"));
}

/// Remarks without those on values that stand in shipped files: whoever reads them can do nothing about it.
pub(super) fn of_a_user(remarks: impl Iterator<Item = Remark>) -> impl Iterator<Item = Remark> {
    remarks.filter(|remark| !remark.place.as_ref().is_some_and(is_shipped))
}

fn is_shipped(place: &Place) -> bool {
    shipped::is_as_shipped(Path::new(&place.file))
}

/// Warnings in full, without those on values that stand in shipped files.
pub(super) fn warnings(scenario: &Scenario) -> Problems {
    let all = &scenario.warnings;
    all.only(|problem| !(problem.is_of_range() && all.place(problem).as_ref().is_some_and(is_shipped)))
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
    let files = Files::default();
    load(path, settings, &|path: &Path| files.read(path))
}

/// Reads the name of a folder on the command line; one with a line break or another hidden character ends up in
/// scripts, logs and pages, and is refused.
pub(super) fn folder() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path: PathBuf| {
        let is_hidden = path.to_string_lossy().chars().any(is_hidden);
        if is_hidden { Err("a line break, or another character that is not shown") } else { Ok(path) }
    })
}

/// Reads what names a scenario, a plan or a calibration on the command line: a file, or else the name of a shipped one.
pub(super) fn file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| shipped::located(&path))
}

/// Reads what names a folder of evidence: one of the disk, or else a shipped one.
pub(super) fn evidence() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| shipped::located_folder(&path))
}

/// What a text names, as seen from the file it stands in: that file of the disk, or else the shipped one of its name.
pub(super) fn named_by(file: &Path, name: &str) -> PathBuf {
    let path = file.parent().unwrap_or(Path::new("")).join(name);
    if path.symlink_metadata().is_ok() || shipped::is_shipped(&path) {
        return path;
    }
    let last = path.file_name().map_or(path.as_path(), Path::new);
    let found = shipped::located(last);
    if shipped::is_shipped(&found) { found } else { path }
}

/// The folder of evidence that a text names: of the disk, or else the shipped one of its name.
pub(super) fn evidence_named_by(file: &Path, name: &str) -> PathBuf {
    let path = file.parent().unwrap_or(Path::new("")).join(name);
    let last = path.file_name().map_or(path.as_path(), Path::new);
    let found = shipped::located_folder(last);
    if path.exists() || shipped::is_shipped(&path) || !shipped::is_shipped(&found) { path } else { found }
}

/// Files of texts: one that a person named, and those that it names in turn.
///
/// What a person names may be a link to anywhere. What stands in its folder or below, and is named by it, is read
/// only if it lies there in truth too: through no link that leads out. What a text names and is not there may be a
/// shipped file.
#[derive(Default)]
pub(super) struct Files {
    /// Folders of files that were named from outside, each with that file.
    roots: RefCell<Vec<(PathBuf, PathBuf)>>,
}

impl Files {
    /// Reads a file; the first is the one that a person named.
    pub(super) fn read(&self, path: &Path) -> IoResult<String> {
        let is_named_by_a_text = !self.roots.borrow().is_empty();
        match self.read_from_disk(path) {
            // a link that leads nowhere is something that is there
            Err(error) if error.kind() == ErrorKind::NotFound && path.symlink_metadata().is_err() => {
                let text = if is_named_by_a_text { shipped::stand_in(path) } else { None };
                text.map(str::to_owned).ok_or_else(|| Error::other(shipped::unknown(path)))
            }
            other => other,
        }
    }

    fn read_from_disk(&self, path: &Path) -> IoResult<String> {
        if shipped::is_shipped(path) {
            return read_file(path);
        }
        let named = without_detours(path);
        let folder = named.parent().unwrap_or(Path::new("")).to_owned();
        let mut roots = self.roots.borrow_mut();
        match roots.iter().find(|(root, file)| folder.starts_with(root) && *file != named) {
            Some((root, _)) if !lies_in(path, root)? => {
                let words = format!("a link leads out of the folder {}: put the file itself there", shown(root));
                Err(Error::new(ErrorKind::InvalidInput, words))
            }
            Some(_) => read_file(path),
            None => {
                if roots.iter().all(|(_, file)| *file != named) {
                    roots.push((folder, named));
                }
                read_file(path)
            }
        }
    }
}

/// A path with what `.` and `..` in it mean, by name alone.
fn without_detours(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// The folder, where the empty name is the present one.
fn shown(folder: &Path) -> std::path::Display<'_> {
    if folder.as_os_str().is_empty() { Path::new(".").display() } else { folder.display() }
}

fn lies_in(path: &Path, root: &Path) -> IoResult<bool> {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    Ok(path.canonicalize()?.starts_with(root.canonicalize()?))
}

/// Reads what a person named; where nothing has that name, the nearest names are said.
pub(super) fn read_named(path: &Path) -> IoResult<String> {
    read_file(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::other(shipped::unknown(path)),
        _ => error,
    })
}

/// Reads a text file, or a shipped one: of a size that a scenario can have; nothing larger, and no pipe or device, is read at all.
pub(super) fn read_file(path: &Path) -> IoResult<String> {
    if shipped::is_shipped(path) {
        return shipped::text(path).map(str::to_owned).ok_or_else(|| Error::other(shipped::unknown(path)));
    }
    let about = std::fs::metadata(path)?;
    if about.is_dir() {
        return Err(Error::new(ErrorKind::InvalidInput, "this is a folder; name a file in it"));
    }
    if !about.is_file() {
        let words = "this is not a regular file; write the text into a file and name that";
        return Err(Error::new(ErrorKind::InvalidInput, words));
    }
    let most = MOST_BYTES as u64;
    let bytes = ours::read_file(&path.canonicalize()?, most)
        .map_err(|error| Error::new(error.kind(), format!("{error}, as a scenario, a plan or a calibration")))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::new(ErrorKind::InvalidData, format!("line {line} is not UTF-8 text; save the file as UTF-8"))
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_a_file_names_lies_in_its_folder_and_what_a_person_names_may_be_a_link() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        fs::create_dir_all(at("got/sub")).unwrap();
        fs::create_dir(at("other")).unwrap();
        for name in ["secret.toml", "other/far.toml", "got/base.toml", "got/sub/base.toml", "beside.toml"] {
            fs::write(at(name), name).unwrap();
        }
        for (link, to) in [("typed", "secret.toml"), ("out.toml", "secret.toml"), ("there", "other")] {
            symlink(at(to), at("got").join(link)).unwrap();
        }
        symlink("sub/base.toml", at("got/in.toml")).unwrap();
        let files = Files::default();
        let read = |name: &str| files.read(&at(name)).map_err(|error| error.to_string());
        // a person names a link; asked for twice, it is the same
        assert_eq!(read("got/typed").unwrap(), "secret.toml");
        assert_eq!(read("got/./typed").unwrap(), "secret.toml");
        for inside in ["got/base.toml", "got/sub/base.toml", "got/in.toml"] {
            assert!(read(inside).is_ok(), "{inside}");
        }
        for out in ["got/out.toml", "got/there/far.toml", "got/sub/../out.toml"] {
            assert!(read(out).unwrap_err().contains("leads out of the folder"), "{out}");
        }
        // a plan names its scenario by way of the folder above, and that has a folder of its own
        assert!(read("got/../beside.toml").is_ok());
        assert_eq!(read("got/typed").unwrap(), "secret.toml");
        let error = read_file(&at("got")).unwrap_err();
        assert!(error.to_string().contains("this is a folder"), "{error}");
    }
}
