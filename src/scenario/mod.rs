//! Floor 3: scenario files become parameters.
//!
//! A scenario is a TOML file. It may extend another and then states only what differs. Where a value
//! comes with its range, source and grade of evidence, it stands on a card: a table with the key
//! `value`. Reading takes the cards apart into values, which the model gets, and a [`Catalogue`],
//! which says where every number comes from.
//!
//! Left out for now: all problems of a file are not yet reported at once; the first one is, with its
//! file, line and column.

mod problem;
mod tree;

pub use problem::Problem;

use crate::economy::{Parameters, Sections};
use problem::Source;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use tree::{Entry, Node};

/// What a scenario says about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct About {
    /// Short name; the folder of its results.
    pub name: String,
    /// Title in words.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// Who wrote it.
    pub authors: String,
    /// Where the idea comes from.
    pub reference: String,
}

/// What stands on a parameter's card.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Card {
    /// Plausible range, in words.
    pub range: String,
    /// Grade of evidence: A, B or C.
    pub grade: String,
    /// Where the value comes from.
    pub source: String,
}

/// Every card of a scenario, by the key of its parameter.
pub type Catalogue = BTreeMap<String, Card>;

/// A scenario as read.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it says about itself.
    pub about: About,
    /// Every number, resolved.
    pub parameters: Parameters,
    /// Where the numbers come from.
    pub catalogue: Catalogue,
    /// Keys that the scenario and the command line set, as against the file at the bottom.
    pub changed: Vec<String>,
}

/// How files are read: the doors give the file system, a browser gives texts it holds.
pub type Reader<'a> = &'a dyn Fn(&Path) -> std::io::Result<String>;

/// Largest scenario file that is read.
const MOST_BYTES: usize = 4 << 20;

/// Longest chain of `extends`.
const MOST_FILES: usize = 16;

/// Reads a scenario with what it extends, and `key=value` settings on top.
///
/// # Errors
/// The first problem found, with its place.
pub fn load(path: &Path, settings: &[String], reader: Reader) -> Result<Scenario, Problem> {
    let mut sources = Vec::new();
    let mut chain = Vec::new();
    let mut next = Some(path.to_path_buf());
    while let Some(file) = next {
        let (table, extends) = read(&file, reader, &mut sources)?;
        chain.push((file.clone(), table));
        next = match extends {
            Some((name, entry)) => Some(beside(&file, path, &name, &entry, &sources)?),
            None => None,
        };
        if let Some(again) = &next
            && (chain.iter().any(|(seen, _)| seen == again) || chain.len() >= MOST_FILES)
        {
            return Err(Problem::plain(format!(
                "{}: the scenario extends itself through {}",
                path.display(),
                file.display()
            )));
        }
    }
    let mut about = About::default();
    let mut catalogue = Catalogue::new();
    let mut changed = Vec::new();
    let mut merged = Entry::empty();
    for (level, (_, mut table)) in chain.into_iter().rev().enumerate() {
        take_about(&mut table, &mut about, &sources)?;
        table.take_cards("", &mut catalogue, &sources)?;
        if level > 0 {
            table.list_leaves("", &mut changed);
        }
        merged.merge(table);
    }
    for setting in settings {
        let table = read_setting(setting, &mut sources)?;
        table.list_leaves("", &mut changed);
        merged.merge(table);
    }
    check_name(&about.name, path)?;
    let parameters = deserialize(&merged, &sources)?;
    Ok(Scenario { about, parameters, catalogue, changed })
}

/// Reads one file into a table, and the file it extends if any.
fn read(file: &Path, reader: Reader, sources: &mut Vec<Source>) -> Result<(Entry, Option<(String, Entry)>), Problem> {
    let text = reader(file).map_err(|error| Problem::plain(format!("{}: {error}", file.display())))?;
    if text.len() > MOST_BYTES {
        return Err(Problem::plain(format!("{}: larger than {} MiB", file.display(), MOST_BYTES >> 20)));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    let number = sources.len();
    sources.push(Source { name: file.display().to_string(), text: text.clone() });
    let table = tree::parse(&text, number, &sources[number])?;
    let extends = table.get("scenario.extends").cloned();
    let extends = match extends {
        Some(entry) => match &entry.node {
            Node::Leaf(toml::Value::String(name)) => Some((name.clone(), entry)),
            _ => return Err(problem::at(&entry, sources, "this must be the name of a file", "a text")),
        },
        None => None,
    };
    Ok((table, extends))
}

/// The file that `name` means, which may not leave the folder of the scenario that was asked for.
fn beside(file: &Path, first: &Path, name: &str, entry: &Entry, sources: &[Source]) -> Result<PathBuf, Problem> {
    let relative = Path::new(name);
    let stays = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !stays || name.is_empty() {
        let title = "a scenario can only extend a file in its own folder";
        return Err(problem::at(entry, sources, title, "this path leaves the folder"));
    }
    let folder = file.parent().or(first.parent()).unwrap_or(Path::new(""));
    let clean: PathBuf = relative.components().filter(|part| matches!(part, Component::Normal(_))).collect();
    Ok(folder.join(clean))
}

fn take_about(table: &mut Entry, about: &mut About, sources: &[Source]) -> Result<(), Problem> {
    let Some(entry) = table.remove("scenario") else { return Ok(()) };
    let Node::Table(fields) = &entry.node else {
        return Err(problem::at(&entry, sources, "[scenario] must be a table", "not a table"));
    };
    const KNOWN: [&str; 6] = ["name", "title", "question", "authors", "reference", "extends"];
    for (key, field) in fields {
        if !KNOWN.contains(&key.as_str()) {
            let nearest = problem::nearest(key, KNOWN.iter().copied());
            let title = format!("[scenario] has no key {key:?}; did you mean {nearest:?}?");
            return Err(problem::at_key(field, sources, &title, "unknown key"));
        }
        let Node::Leaf(toml::Value::String(text)) = &field.node else {
            return Err(problem::at(field, sources, &format!("scenario.{key} must be a text"), "not a text"));
        };
        match key.as_str() {
            "name" => about.name.clone_from(text),
            "title" => about.title.clone_from(text),
            "question" => about.question.clone_from(text),
            "authors" => about.authors.clone_from(text),
            "reference" => about.reference.clone_from(text),
            _ => {}
        }
    }
    Ok(())
}

fn check_name(name: &str, path: &Path) -> Result<(), Problem> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
        let file = path.display();
        return Err(Problem::plain(format!(
            "{file}: scenario.name is {name:?}; use 1 to 64 lower-case letters, digits and hyphens: it names the folder of the results"
        )));
    }
    Ok(())
}

/// `key=value` as on the command line; the value is TOML, or a text if it is not.
fn read_setting(setting: &str, sources: &mut Vec<Source>) -> Result<Entry, Problem> {
    let Some((key, value)) = setting.split_once('=') else {
        return Err(Problem::plain(format!("--set {setting}: write key=value, for example --set learning.alpha=0.3")));
    };
    let (key, value) = (key.trim(), value.trim());
    let number = sources.len();
    let name = "--set".to_owned();
    let bare = Source { name: name.clone(), text: format!("{key} = {value}") };
    if let Ok(table) = tree::parse(&bare.text, number, &bare) {
        sources.push(bare);
        return Ok(table);
    }
    let quoted = Source { name, text: format!("{key} = {}", toml::Value::String(value.to_owned())) };
    let table = tree::parse(&quoted.text, number, &quoted)?;
    sources.push(quoted);
    Ok(table)
}

fn deserialize(merged: &Entry, sources: &[Source]) -> Result<Parameters, Problem> {
    let value = merged.to_toml();
    let sections: Sections = serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        problem::from_serde(merged, sources, &path, &error.into_inner().to_string())
    })?;
    Parameters::new(sections).map_err(|faults| {
        let first = faults.first().map_or_else(String::new, |fault| format!("{}: {}", fault.key, fault.words));
        problem::from_check(merged, sources, &first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASELINE: &str = include_str!("../../scenarios/baseline.toml");

    fn with(text: &str, settings: &[&str]) -> Result<Scenario, Problem> {
        let reader = |path: &Path| match path.file_name().and_then(|name| name.to_str()) {
            Some("baseline.toml") => Ok(BASELINE.to_owned()),
            Some("this.toml") => Ok(text.to_owned()),
            _ => Err(std::io::Error::new(std::io::ErrorKind::NotFound, "no such file")),
        };
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        load(Path::new("scenarios/this.toml"), &settings, &reader)
    }

    fn message(text: &str, settings: &[&str]) -> String {
        with(text, settings).unwrap_err().to_string()
    }

    const HEAD: &str = "[scenario]\nname = \"this\"\nextends = \"baseline.toml\"\n";

    #[test]
    fn a_reform_states_only_what_differs() {
        let scenario =
            with(&format!("{HEAD}[learning]\nalpha = 0.25\n"), &["run.years=3", "learning.transfer=10 %"]).unwrap();
        assert_eq!(scenario.parameters.learning.alpha.0, 0.25);
        assert_eq!(scenario.parameters.learning.transfer.0, 0.1);
        assert_eq!(scenario.parameters.run.years.0, 3.0);
        assert_eq!(scenario.changed, ["learning.alpha", "run.years", "learning.transfer"]);
        assert_eq!(scenario.catalogue["learning.alpha"].grade, "C");
    }

    #[test]
    fn one_region_can_differ() {
        let scenario = with(&format!("{HEAD}[labour.unemployment]\nIND = \"9 %\"\n"), &[]).unwrap();
        let india = scenario.parameters.regions.iter().position(|name| name == "IND").unwrap();
        assert_eq!(scenario.parameters.labour.unemployment[india].0, 0.09);
        assert_eq!(scenario.parameters.labour.unemployment[0].0, 0.036);
    }

    #[test]
    fn the_order_of_regions_changes_nothing() {
        let turned = "[world]\nregions = [\"JPN\", \"EU27\", \"USA\", \"MEX\", \"CHN\", \"BGD\", \"VNM\", \"IND\"]\n";
        let scenario = with(&format!("{HEAD}{turned}"), &[]).unwrap();
        assert_eq!(scenario.parameters.regions, with(HEAD, &[]).unwrap().parameters.regions);
    }

    #[test]
    fn what_is_wrong_is_shown_where_it_stands_with_what_to_write() {
        for (text, place, words) in [
            ("[learning]\nalhpa = 0.3\n", "scenarios/this.toml:5:1", "alpha"),
            ("[learning]\nalpha = \"two\"\n", "scenarios/this.toml:5:9", "not a number"),
            ("[labour]\nvacancy_length = 3\n", "scenarios/this.toml:5:18", "needs its unit"),
            ("[learning]\ntransfer = 1.5\n", "scenarios/this.toml:5:12", "between 0 and 1"),
            ("[law]\ndata_rights = \"concent\"\n", "scenarios/this.toml:5:15", "consent"),
            ("[labour.unemployment]\nINDIA = 0.1\n", "scenarios/this.toml:5:1", "INDIA"),
            ("[[policy]]\nfrom = \"2029-01\"\nroyalty = 0.1\n", "scenarios/this.toml:6:1", "royalty_rate"),
            ("[[policy]]\nfrom = \"soon\"\n", "scenarios/this.toml:5:8", "is not a date"),
            ("[learning\n", "scenarios/this.toml:4", ""),
        ] {
            let shown = message(&format!("{HEAD}{text}"), &[]);
            assert!(shown.contains(place) && shown.contains(words), "{text}:\n{shown}");
        }
        let shown = message(HEAD, &["learning.alfa=0.3"]);
        assert!(shown.contains("--set:1:1") && shown.contains("alpha"), "{shown}");
    }

    #[test]
    fn no_path_leaves_the_folder_and_no_chain_is_a_circle() {
        for path in ["../baseline.toml", "/etc/passwd", ""] {
            let shown = message(&format!("[scenario]\nname = \"this\"\nextends = \"{path}\"\n"), &[]);
            assert!(shown.contains("its own folder"), "{shown}");
        }
        let shown = message("[scenario]\nname = \"this\"\nextends = \"./this.toml\"\n", &[]);
        assert!(shown.contains("extends itself"), "{shown}");
    }
}
