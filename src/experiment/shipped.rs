//! The library of scenarios, plans, calibrations and evidence that comes inside the program.
//!
//! It looks like a folder of its own, [`FOLDER`], laid out as `scenarios/` is. A file of the disk always comes first:
//! a name is looked up here only where the disk has nothing of that name.

use crate::scenario::nearest::{either, rank};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

// FILES: places and texts, sorted by place
include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The folder that the shipped files seem to lie in; paths in it can be typed, as `handover:/royalty-15.toml`.
pub const FOLDER: &str = "handover:";

/// Folders whose files have no short names: nobody asks for one of them alone.
const WITHOUT_NAMES: [&str; 2] = ["evidence/", "history/"];

/// What a shipped file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A scenario.
    Scenario,
    /// The plan of a sweep.
    Plan,
    /// The targets and factors of a calibration.
    Calibration,
}

impl Purpose {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Purpose::Scenario => "scenario",
            Purpose::Plan => "plan",
            Purpose::Calibration => "calibration",
        }
    }

    fn of(place: &str) -> Option<Purpose> {
        match place.split_once('/') {
            None => Some(Purpose::Scenario),
            Some(("sweeps", _)) => Some(Purpose::Plan),
            Some(("calibration", _)) => Some(Purpose::Calibration),
            Some(_) => None,
        }
    }

    /// The table of its file that says what it is called.
    fn table(self) -> &'static str {
        match self {
            Purpose::Scenario => "scenario",
            Purpose::Plan => "sweep",
            Purpose::Calibration => "calibration",
        }
    }
}

/// A shipped file as it says what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// What to type for it.
    pub name: &'static str,
    /// What it is for.
    pub purpose: Purpose,
    /// Its title in words.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// Its text.
    pub text: &'static str,
}

/// Everything that has a name, scenarios first, the baseline before all others.
pub fn library() -> Vec<Shipped> {
    let one = |&(place, text): &(&'static str, &'static str)| {
        let purpose = Purpose::of(place)?;
        let head: toml::Table = text.parse().ok()?;
        let said = |key: &str| head.get(purpose.table())?.get(key)?.as_str().map(str::to_owned);
        let (title, question) = (said("title").unwrap_or_default(), said("question").unwrap_or_default());
        Some(Shipped { name: stem(place), purpose, title, question, text })
    };
    let mut all: Vec<Shipped> = FILES.iter().filter_map(one).collect();
    all.sort_by_key(|shipped| (shipped.purpose, shipped.name != "baseline", shipped.name));
    all
}

/// The text of a scenario by its short name.
pub fn scenario(name: &str) -> Option<&'static str> {
    FILES
        .iter()
        .find(|(place, _)| Purpose::of(place) == Some(Purpose::Scenario) && stem(place) == name)
        .map(|file| file.1)
}

/// What a path means: itself if the disk has a file of that name, or else the shipped file that it names.
///
/// A shipped file is named by its short name (`royalty-15`, `doubtful`), by its place (`sweeps/doubtful.toml`) or as in
/// the project's folder (`scenarios/royalty-15.toml`).
pub fn located(path: &Path) -> PathBuf {
    let is_there = std::fs::symlink_metadata(path).is_ok_and(|about| !about.is_dir());
    if is_there { path.to_owned() } else { named(path).unwrap_or_else(|| path.to_owned()) }
}

/// What the name of a folder means: itself if it is there, or else the shipped folder of that name.
pub fn located_folder(path: &Path) -> PathBuf {
    let name = plain(path).map(|name| name.strip_prefix("scenarios/").unwrap_or(&name).to_owned());
    match name {
        Some(name) if !path.exists() && !places_in(&name).is_empty() => Path::new(FOLDER).join(name),
        _ => path.to_owned(),
    }
}

/// Is this a path into the shipped folder?
pub fn is_shipped(path: &Path) -> bool {
    path.starts_with(FOLDER)
}

/// Is what is read at this path a shipped file as it was shipped? A copy that was changed is not.
pub fn is_as_shipped(path: &Path) -> bool {
    let there = || match std::fs::read_to_string(path) {
        Ok(text) => Some(text),
        // read in its place
        Err(_) => stand_in(path).map(str::to_owned),
    };
    is_shipped(path) || stand_in(path).is_some_and(|text| there().as_deref() == Some(text))
}

/// The text at a path into the shipped folder.
pub fn text(path: &Path) -> Option<&'static str> {
    let place = place(path)?;
    FILES.iter().find(|(known, _)| *known == place).map(|file| file.1)
}

/// The files in a folder of the shipped ones, by their paths.
pub fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let places = place(folder).map(|name| places_in(&name)).unwrap_or_default();
    places.into_iter().map(|place| Path::new(FOLDER).join(place)).collect()
}

/// What stands in for a file that another file names and that is not there: the shipped one of the same name, with or
/// without its ending.
pub fn stand_in(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?;
    let is_meant = |place: &str| place == name || place.strip_suffix(".toml") == Some(name);
    FILES.iter().find(|(place, _)| is_meant(place)).map(|file| file.1)
}

/// Says that there is no such file, and which files beside it and which shipped names are near.
pub fn unknown(path: &Path) -> String {
    let typed = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let typed = typed.strip_suffix(".toml").unwrap_or(&typed);
    let beside = beside(path);
    let mut near: Vec<String> = rank(typed, beside.iter().map(|(stem, _)| stem.as_str()))
        .into_iter()
        .filter_map(|near| beside.iter().find(|(stem, _)| stem == near))
        .map(|(_, path)| path.clone())
        .collect();
    let names = FILES.iter().filter(|(place, _)| Purpose::of(place).is_some()).map(|(place, _)| stem(place));
    near.extend(rank(typed, names).into_iter().map(str::to_owned));
    near.truncate(3);
    let meant = if near.is_empty() { String::new() } else { format!("did you mean {}? ", either(&near)) };
    format!(
        "there is no such file, and nothing of that name comes with handover; {meant}`handover scenarios` lists what does"
    )
}

/// Says that there is no such folder, and which folders beside it and which shipped ones are near.
pub fn unknown_folder(path: &Path) -> String {
    let typed = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parent = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok);
    let names = entries.filter(|entry| entry.path().is_dir()).filter_map(|entry| entry.file_name().into_string().ok());
    let mut beside: Vec<String> = names.collect();
    beside.sort();
    let near = rank(&typed, beside.iter().map(String::as_str)).into_iter();
    let mut near: Vec<String> = near.map(|name| path.with_file_name(name).display().to_string()).collect();
    let shipped: BTreeSet<&str> = FILES.iter().filter_map(|(place, _)| Some(place.rsplit_once('/')?.0)).collect();
    near.extend(rank(&typed, shipped.into_iter()).into_iter().map(str::to_owned));
    near.truncate(3);
    let meant = if near.is_empty() { String::new() } else { format!("; did you mean {}?", either(&near)) };
    format!("there is no such folder, and none of that name comes with handover{meant}")
}

/// The files of a path's folder that could be meant: what they are called without their ending, and what to type.
fn beside(path: &Path) -> Vec<(String, String)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let toml = files
        .filter_map(|file| file.ok().map(|file| file.path()))
        .filter(|file| file.extension().is_some_and(|ending| ending == "toml"));
    let mut all: Vec<_> = toml
        .filter_map(|file| {
            let stem = file.file_stem()?.to_str()?.to_owned();
            let typed = path.with_file_name(file.file_name()?);
            Some((stem, typed.to_str()?.to_owned()))
        })
        .collect();
    all.sort();
    all
}

fn named(path: &Path) -> Option<PathBuf> {
    let name = plain(path)?;
    let name = name.strip_prefix("scenarios/").unwrap_or(&name);
    let known = |place: &&'static str| {
        let is_short = !WITHOUT_NAMES.iter().any(|folder| place.starts_with(folder)) && stem(place) == name;
        is_short || *place == name || place.strip_suffix(".toml") == Some(name)
    };
    FILES.iter().map(|file| file.0).find(known).map(|place| Path::new(FOLDER).join(place))
}

/// The path as text with `/`, if every part of it is a name.
fn plain(path: &Path) -> Option<String> {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let parts: Option<Vec<&str>> = parts
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    parts.map(|parts| parts.join("/"))
}

/// Where a path into the shipped folder leads, with what `.` and `..` in it mean.
fn place(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.strip_prefix(FOLDER).ok()?.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::ParentDir => drop(parts.pop()?),
            _ => {}
        }
    }
    Some(parts.join("/"))
}

fn places_in(folder: &str) -> Vec<&'static str> {
    let is_in = |place: &&str| place.rsplit_once('/').is_some_and(|(parent, _)| parent == folder);
    FILES.iter().map(|file| file.0).filter(is_in).collect()
}

fn stem(place: &'static str) -> &'static str {
    let name = place.rsplit_once('/').map_or(place, |(_, name)| name);
    name.strip_suffix(".toml").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_that_of_one_file_and_says_its_title() {
        let library = library();
        let names: BTreeSet<&str> = library.iter().map(|shipped| shipped.name).collect();
        assert_eq!(names.len(), library.len());
        assert!(library.len() > 40 && library[0].name == "baseline", "{}", library.len());
        for shipped in &library {
            assert!(!shipped.title.is_empty(), "{}", shipped.name);
            let path = located(Path::new(shipped.name));
            assert_eq!(text(&path), Some(shipped.text), "{}", path.display());
        }
    }

    #[test]
    fn a_shipped_file_has_several_names_and_a_file_of_the_disk_comes_first() {
        let at = |name: &str| located(Path::new(name)).display().to_string();
        assert_eq!(at("royalty-15"), "handover:/royalty-15.toml");
        assert_eq!(at("royalty-15.toml"), "handover:/royalty-15.toml");
        assert_eq!(at("sweeps/doubtful.toml"), "handover:/sweeps/doubtful.toml");
        assert_eq!(at("doubtful"), "handover:/sweeps/doubtful.toml");
        // the tests run in the project's folder, where this is a file
        assert_eq!(at("scenarios/royalty-15.toml"), "scenarios/royalty-15.toml");
        for other in
            ["elsewhere/royalty-15.toml", "/royalty-15.toml", "../royalty-15", "royalty-16", "used", "scenarios", ""]
        {
            assert_eq!(at(other), other);
        }
        let folder = |name: &str| located_folder(Path::new(name)).display().to_string();
        assert_eq!(folder("evidence"), "handover:/evidence");
        assert_eq!(folder("scenarios/evidence"), "scenarios/evidence");
        assert_eq!(folder("nothing"), "nothing");
    }

    #[test]
    fn what_a_shipped_file_names_is_shipped() {
        let plan = Path::new("handover:/sweeps").join("../baseline.toml");
        assert_eq!(text(&plan), scenario("baseline"));
        assert_eq!(text(Path::new("handover:/../baseline.toml")), None);
        assert_eq!(in_folder(Path::new("handover:/sweeps/../evidence")).len(), places_in("evidence").len());
        assert!(
            in_folder(Path::new("handover:/evidence")).contains(&PathBuf::from("handover:/evidence/expected.toml"))
        );
    }

    #[test]
    fn the_nearest_names_are_said() {
        let words = unknown(Path::new("royalti-15.toml"));
        assert!(words.contains(r#"did you mean "royalty-15""#), "{words}");
        assert!(!unknown(Path::new("quantum-foam")).contains("did you mean"));
    }
}
