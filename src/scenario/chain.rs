//! A scenario file and the files it extends, read and parsed; settings from the command line as files of
//! one line.

use super::nearest::rank;
use super::parse::parse;
use super::problem::{Problem, SETTING, Source};
use super::quotes;
use super::tree::Entry;
use super::{MOST_BYTES, Reader};
use std::path::{Component, Path, PathBuf};

/// Longest chain of `extends`.
const MOST_FILES: usize = 16;

/// What was read: the file asked for first, then what it extends, then settings.
#[derive(Default)]
pub(super) struct Chain {
    pub sources: Vec<Source>,
    pub trees: Vec<Entry>,
    pub problems: Vec<Problem>,
}

impl Chain {
    /// Reads a file and what it extends.
    pub(super) fn read_files(&mut self, path: &Path, reader: Reader) {
        let mut seen = vec![clean(path)];
        let mut asked: Option<Entry> = None;
        let mut next = Some(path.to_path_buf());
        while let Some(file) = next.take() {
            let text = match reader(&file) {
                Ok(text) => text,
                Err(error) => {
                    self.problems.push(unreadable(&file, &error, asked.as_ref()));
                    return;
                }
            };
            if text.len() > MOST_BYTES {
                let (size, most) = (text.len(), MOST_BYTES);
                let title = format!("{}: {size} bytes; a scenario has at most {most}", file.display());
                self.problems.push(Problem::plain(title));
                return;
            }
            self.parse(file.display().to_string(), text);
            let Some(entry) = self.trees.last().and_then(|tree| tree.get("scenario.extends")).cloned() else { return };
            // what is wrong with such quotes has been said
            let Some(name) = entry.text().map(quotes::unquoted) else { return };
            let Some(parent) = beside(&file, name) else {
                let title = "a scenario can only extend a file in its own folder";
                let help = "name a file beside this one, for example extends = \"baseline.toml\"";
                self.problems.push(Problem::at(&entry, title).label("this path leaves the folder").help(help));
                return;
            };
            if seen.contains(&parent) || seen.len() >= MOST_FILES {
                let title = format!("the scenario extends itself, through {}", parent.display());
                let help = "one file of the circle must extend nothing, or something else";
                self.problems.push(Problem::at(&entry, title).label("back to the beginning").help(help));
                return;
            }
            seen.push(parent.clone());
            asked = Some(entry);
            next = Some(parent);
        }
    }

    /// Reads `key=value` as on the command line; the value is TOML, or a text if it is not.
    pub(super) fn read_setting(&mut self, setting: &str) {
        let Some((key, value)) = setting.split_once('=').filter(|_| setting.len() <= MOST_BYTES) else {
            let title = format!("--set {setting}: there is no = between key and value");
            let help = "write key=value, for example --set learning.alpha=0.3";
            self.problems.push(Problem::plain(title).help(help));
            return;
        };
        let (key, value) = (key.trim(), value.trim());
        let bare = format!("{key} = {value}");
        let (_, problems) = parse(&bare, 0);
        let is_toml = problems.is_empty() || quotes::is_typographic(value);
        let text = if is_toml { bare } else { format!("{key} = {}", toml::Value::String(value.to_owned())) };
        self.parse(SETTING.into(), text);
    }

    fn parse(&mut self, name: String, text: String) {
        // what some editors put before a text is not part of it
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let number = self.sources.len();
        let (tree, problems) = parse(&text, number);
        self.sources.push(Source::new(name, text));
        self.trees.push(tree);
        self.problems.extend(problems);
    }
}

fn unreadable(file: &Path, error: &std::io::Error, asked: Option<&Entry>) -> Problem {
    let is_missing = error.kind() == std::io::ErrorKind::NotFound;
    let title = match is_missing {
        true => format!("{}: there is no such file", file.display()),
        false => format!("{}: {error}", file.display()),
    };
    let Some(entry) = asked else { return Problem::plain(title) };
    let name = entry.text().unwrap_or("");
    let meant: Vec<String> = rank(name, [BASE].into_iter()).iter().map(|&w| w.to_owned()).collect();
    let help = match meant.first() {
        Some(near) if near != name => format!("did you mean {near:?}?"),
        _ if is_missing && name == BASE => format!(
            "it is looked for beside the file that extends it: copy scenarios/{BASE} there, or write the scenario with \
             `handover new`, which puts one beside it"
        ),
        _ => "the file it extends must stand in the same folder".to_owned(),
    };
    Problem::at(entry, title).label("cannot be read").help(help).meant(meant)
}

/// The file that scenarios usually extend.
const BASE: &str = "baseline.toml";

/// A path without its detours over the present folder.
fn clean(path: &Path) -> PathBuf {
    path.components().filter(|part| !matches!(part, Component::CurDir)).collect()
}

/// The file that a name means: in the folder of the one that extends it, or below.
fn beside(file: &Path, name: &str) -> Option<PathBuf> {
    let relative = Path::new(name);
    let stays = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !stays || name.is_empty() || name.contains('\\') {
        return None;
    }
    Some(clean(&file.parent().unwrap_or(Path::new("")).join(relative)))
}
