//! One walk over a file's tree against the shapes: unknown, misspelt and misplaced keys, wrong types,
//! units, words, names and bounds. What is wrong is reported and left out, what is right is written in
//! the model's own units, so that whatever comes after reads one form only.

use super::countries;
use super::nearest::{either, rank, slips};
use super::problem::Problem;
use super::shape::{FILE, Keys, Noun, Shape, Table, is_of_tables};
use super::tree::{Entry, Node, join};
use super::{Card, Catalogue};
use crate::ground::units::Exchange;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Most problems that are collected.
const MOST_PROBLEMS: usize = 1_000;

/// Keys of a card.
const CARD: [&str; 4] = ["value", "range", "grade", "source"];

/// What a file may refer to, and what walking it finds.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Regions and labs declared by the scenario; nothing if nobody declares them.
    pub regions: Option<BTreeSet<String>>,
    pub labs: Option<BTreeSet<String>>,
    pub exchange: Exchange,
    pub problems: Vec<Problem>,
    /// Paths that were left out because they are wrong.
    pub dropped: Vec<String>,
    pub cards: Catalogue,
    /// Inside a list nothing is inherited, and nothing stands on a card.
    pub is_in_list: bool,
    /// A setting on top of the files: it may speak of one element of a list.
    pub is_setting: bool,
}

/// Keys by which people say what a policy is, beside those that it has.
const REMARKS: [&str; 5] = ["name", "title", "description", "note", "notes"];

/// Where else a key belongs: paths of tables by key.
static ELSEWHERE: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let mut found = BTreeMap::new();
    collect(&FILE, "", &mut found);
    found
});

fn collect(shape: &Shape, path: &str, found: &mut BTreeMap<String, Vec<String>>) {
    let mut note = |table: &Table, path: &str| {
        if table.noun.is_none() && !path.is_empty() {
            for key in table.fields.keys() {
                let places: &mut Vec<String> = found.entry(key.clone()).or_default();
                if !places.iter().any(|known| known == path) {
                    places.push(path.to_owned());
                }
            }
        }
    };
    match shape {
        Shape::Table(table) => {
            note(table, path);
            // the keys of a region are its own: nobody means them elsewhere
            for (key, field) in table.fields.iter().filter(|(key, _)| !(path.is_empty() && *key == "region")) {
                collect(&field.shape, &join(path, key), found);
            }
        }
        Shape::Tagged(_, tables) => tables.values().for_each(|table| note(table, path)),
        Shape::List(inner) | Shape::Map(_, inner) => collect(inner, path, found),
        _ => {}
    }
}

impl Walk {
    /// Notes a problem; beyond a thousand, more of them help nobody.
    pub(super) fn report(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Walks a whole file.
    pub(super) fn file(&mut self, tree: &mut Entry) {
        if let (Node::Table(entries), Shape::Table(table)) = (&mut tree.node, &*FILE) {
            self.keys(entries, table, "", &[]);
        }
    }

    /// Checks every key of a table and what stands under it.
    pub(super) fn keys(&mut self, entries: &mut BTreeMap<String, Entry>, table: &Table, path: &str, more: &[&str]) {
        entries.retain(|key, entry| {
            let here = join(path, key);
            let is_right = match table.fields.get(key) {
                Some(field) => self.value(entry, &field.shape, &here),
                None => {
                    let known = table.fields.keys().map(String::as_str).chain(more.iter().copied());
                    let noun = table.noun.as_deref().unwrap_or("key");
                    self.unknown(entry, key, path, noun, &known.collect::<Vec<_>>());
                    false
                }
            };
            self.keep(is_right, here)
        });
    }

    pub(super) fn keep(&mut self, is_right: bool, path: String) -> bool {
        if !is_right {
            self.dropped.push(path);
        }
        is_right
    }

    /// Checks a value, on its card or alone.
    fn value(&mut self, entry: &mut Entry, shape: &Shape, path: &str) -> bool {
        let is_card = !self.is_in_list && entry.table().is_some_and(|entries| looks_like_a_card(entries, shape));
        if !is_card {
            return self.plain(entry, shape, path);
        }
        let Node::Table(entries) = &mut entry.node else { return false };
        let mut card = Card::default();
        for (key, field) in entries.iter_mut() {
            let place = match key.as_str() {
                "value" => continue,
                "range" => &mut card.range,
                "grade" => &mut card.grade,
                "source" => &mut card.source,
                _ => {
                    let meant: Vec<String> = rank(key, CARD.into_iter()).into_iter().map(str::to_owned).collect();
                    let title = format!("there is no key {key:?} on the card of {path:?}");
                    let help = match meant.as_slice() {
                        [] => "a card has value, range, grade and source".to_owned(),
                        near => format!("did you mean {}?", either(near)),
                    };
                    self.report(Problem::at_key(field, title).label("unknown key").help(help).meant(meant));
                    continue;
                }
            };
            match field.text() {
                Some(text) => text.clone_into(place),
                None => {
                    let title = format!("{key} of {path:?} must be a text in quotes");
                    self.report(Problem::at(field, title).label("not a text"));
                }
            }
        }
        if !["A", "B", "C", ""].contains(&card.grade.as_str())
            && let Some(grade) = entries.get("grade")
        {
            let title = format!("the grade of {path:?} is {:?}", card.grade);
            let help = "A official or peer-reviewed, B reputable, C estimate or assumption";
            self.report(Problem::at(grade, title).label("not A, B or C").help(help));
        }
        let is_misspelt = entries.keys().any(|key| !CARD.contains(&key.as_str()));
        let Some(value) = entries.remove("value") else {
            if !is_misspelt {
                let title = format!("the card of {path:?} has no value");
                let problem = Problem::at_key(entry, title).label("value is missing");
                self.report(problem.help("add value = ...; range, grade and source alone change nothing"));
            }
            return false;
        };
        (entry.value, entry.node) = (value.value, value.node);
        self.cards.insert(path.to_owned(), card);
        self.plain(entry, shape, path)
    }

    pub(super) fn plain(&mut self, entry: &mut Entry, shape: &Shape, path: &str) -> bool {
        match (shape, &mut entry.node) {
            (Shape::Table(table), Node::Table(entries)) => {
                let more: &[&str] = if table.noun.is_some() && !self.is_in_list { &CARD } else { &[] };
                self.keys(entries, table, path, more);
                true
            }
            (Shape::Tagged(tag, tables), Node::Table(_)) => self.tagged(entry, tag, tables, path),
            (Shape::ByRegion(inner), Node::Table(entries)) => {
                self.names(entries, Some(Noun::Region), inner, path);
                true
            }
            (Shape::ByRegion(inner), _) => self.plain(entry, inner, path),
            (Shape::Map(keys, inner), Node::Table(entries)) => {
                let noun = match keys {
                    Keys::Names(noun) => Some(*noun),
                    Keys::Free => None,
                };
                self.names(entries, noun, inner, path);
                true
            }
            (Shape::List(inner), Node::Array(_)) => self.list(entry, inner, path),
            (Shape::List(inner), Node::Table(_)) if self.is_setting && is_of_tables(inner) => {
                self.elements(entry, inner, path);
                true
            }
            (_, Node::Leaf(_)) => self.leaf(entry, shape, path),
            _ => self.wrong_type(entry, shape, path),
        }
    }

    /// A table whose keys are names.
    fn names(&mut self, entries: &mut BTreeMap<String, Entry>, noun: Option<Noun>, inner: &Shape, path: &str) {
        entries.retain(|key, entry| {
            let here = join(path, key);
            let is_right = match noun {
                None if is_a_card_misspelt(key, entry, inner) => {
                    self.unknown(entry, key, path, "key", &CARD);
                    false
                }
                Some(noun) if !self.is_declared(noun, key) => {
                    let mut known = self.declared(noun);
                    known.extend(CARD.map(str::to_owned));
                    self.unknown(entry, key, path, noun.word(), &known.iter().map(String::as_str).collect::<Vec<_>>());
                    false
                }
                _ => self.value(entry, inner, &here),
            };
            self.keep(is_right, here)
        });
    }

    fn declarations(&self, noun: Noun) -> Option<&BTreeSet<String>> {
        match noun {
            Noun::Region => self.regions.as_ref(),
            Noun::Lab => self.labs.as_ref(),
        }
    }

    pub(super) fn declared(&self, noun: Noun) -> Vec<String> {
        self.declarations(noun).map_or_else(Vec::new, |known| known.iter().cloned().collect())
    }

    pub(super) fn is_declared(&self, noun: Noun, name: &str) -> bool {
        self.declarations(noun).is_none_or(|known| known.contains(name))
    }

    /// A key that does not belong where it stands.
    pub(super) fn unknown(&mut self, entry: &Entry, key: &str, path: &str, noun: &str, known: &[&str]) {
        if self.problems.len() >= MOST_PROBLEMS {
            return;
        }
        let mut meant: Vec<String> = rank(key, known.iter().copied()).into_iter().map(str::to_owned).collect();
        let nearest = meant.first().map_or(usize::MAX, |word| slips(key, word));
        let country = countries::meant(key, known).filter(|_| noun == "region");
        if let Some((code, _)) = country {
            meant = vec![code.to_owned()];
        }
        let is_remark = ["policy", "event"].contains(&path.split('.').next().unwrap_or("")) && REMARKS.contains(&key);
        let elsewhere = ELSEWHERE.get(key).filter(|_| noun == "key" && !is_remark);
        let place = |path: &String| shown(path);
        let problem = match elsewhere {
            // a slip away from a key of this very table: more likely than a key in the wrong table
            Some(places) if nearest > 1 => {
                let all: Vec<String> = places.iter().take(3).map(place).collect();
                meant = places.iter().take(3).map(|path| join(path, key)).collect();
                let title = format!("{key:?} does not belong in {}", shown(path));
                let help = match meant.first().filter(|_| self.is_setting || path.starts_with("region.")) {
                    Some(path) if !self.is_setting => format!("write {path} = .. here"),
                    Some(path) => format!("write --set {path}=.."),
                    None => format!("it belongs in {}: move it there", all.join(" or ")),
                };
                Problem::at_key(entry, title).label("misplaced key").help(help)
            }
            _ => {
                if meant.is_empty() && noun == "key" {
                    // nobody who writes a number means a remark
                    let keys = ELSEWHERE.keys().map(String::as_str).filter(|key| !["label", "comment"].contains(key));
                    let far = rank(key, keys);
                    let full = |key: &&str| ELSEWHERE[*key].first().map(|path| join(path, key));
                    meant = far.iter().filter_map(full).collect();
                }
                let title = match noun {
                    "region" | "lab" => format!("no {noun} {key:?} is declared"),
                    "key" => format!("there is no key {key:?} in {}", shown(path)),
                    _ => format!("there is no {noun} {key:?} in {}", shown(path)),
                };
                let help = match meant.as_slice() {
                    _ if is_remark => {
                        format!("it has no {key}: label says what it is called, comment what there is to say")
                    }
                    [code] if let Some((_, name)) = country => format!("did you mean {code:?} ({name})?"),
                    [] if known.len() <= 30 => format!("known here: {}", known.join(", ")),
                    [] => String::new(),
                    near => format!("did you mean {}?", either(near)),
                };
                Problem::at_key(entry, title).label(format!("unknown {noun}")).help(help)
            }
        };
        self.report(problem.meant(meant));
    }
}

/// Is a table a card, that is, a value with its source, rather than a value that is a table?
fn looks_like_a_card(entries: &BTreeMap<String, Entry>, shape: &Shape) -> bool {
    let is_known = |key: &str| match shape {
        Shape::Table(table) => table.fields.contains_key(key),
        _ => false,
    };
    match shape {
        Shape::Table(table) if table.noun.is_none() => false,
        Shape::Tagged(..) => false,
        Shape::List(inner) if matches!(**inner, Shape::Table(_) | Shape::Tagged(..)) => false,
        Shape::Table(_) | Shape::ByRegion(_) | Shape::Map(..) => {
            CARD.iter().any(|key| entries.contains_key(*key) && !is_known(key))
        }
        _ => true,
    }
}

/// In a map that declares its own keys: a slip for a key of its card rather than a name?
fn is_a_card_misspelt(key: &str, entry: &Entry, inner: &Shape) -> bool {
    let is_near = CARD.iter().any(|word| slips(key, word) <= 1);
    let fits = match (inner, entry.table()) {
        (Shape::Table(table), Some(entries)) => entries.keys().any(|key| table.fields.contains_key(key)),
        (Shape::Table(_), None) => false,
        _ => true,
    };
    is_near && !fits
}

/// A table as a reader sees it: `[learning]`, `[[policy]]`.
pub(super) fn shown(path: &str) -> String {
    let head = path.split('.').next().unwrap_or("");
    match head {
        "" => "the top level of a scenario".into(),
        "policy" | "event" | "operator" => format!("[[{head}]]"),
        _ => format!("[{path}]"),
    }
}
