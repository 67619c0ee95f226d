//! Lists, and tables in lists: policies, events, operators. Nothing in a list is inherited, so such a
//! table must be whole by itself.

use super::check::{Walk, shown};
use super::nearest::{either, rank, slips};
use super::problem::Problem;
use super::shape::{FILE, NEW, Shape, Table, is_of_tables, number};
use super::tree::{Entry, Node, join};
use std::collections::{BTreeMap, BTreeSet};

/// Most policies, events and operators, each; comparing each with each takes long beyond.
const MOST: usize = 1_000;

/// Every key that an element may have, whichever of several tables it is.
fn any_of(inner: &Shape) -> Table {
    let fields = |table: &Table| table.fields.clone().into_iter().collect::<Vec<_>>();
    let fields = match inner {
        Shape::Table(table) => fields(table),
        // what an element is stays as it is
        Shape::Tagged(tag, tables) => tables.values().flat_map(fields).filter(|(key, _)| key != tag).collect(),
        _ => Vec::new(),
    };
    Table { fields: fields.into_iter().collect(), noun: None }
}

impl Walk {
    pub(super) fn list(&mut self, entry: &mut Entry, inner: &Shape, path: &str) -> bool {
        let Node::Array(values) = &mut entry.node else { return false };
        if is_of_tables(inner) && values.len() > MOST {
            let title = format!("there are {} [[{path}]], and at most {MOST} may be", values.len());
            self.report(Problem::at(&values[MOST], title).label("one too many").help("put some of them together"));
            return false;
        }
        let was_in_list = std::mem::replace(&mut self.is_in_list, true);
        let mut is_right = true;
        let mut place = 0;
        values.retain_mut(|value| {
            let here = join(path, &place.to_string());
            place += 1;
            let is_good = self.element(value, inner, &here);
            is_right &= is_good || is_of_tables(inner);
            self.keep(is_good, here)
        });
        self.is_in_list = was_in_list;
        is_right && self.says_something(entry, inner, path, was_in_list)
    }

    /// Names and words stand once in a list, and a list within a policy or an event has at least one: an empty
    /// one would mean nowhere and nobody where it looks like everywhere and everybody.
    fn says_something(&mut self, entry: &Entry, inner: &Shape, path: &str, is_within: bool) -> bool {
        let values = entry.array().unwrap_or(&[]);
        let key = path.rsplit('.').next().unwrap_or(path);
        if is_within && values.is_empty() {
            let title = format!("{key} is an empty list: this would act on nothing");
            let help = format!("leave {key} out to mean all, or name at least one");
            self.report(Problem::at(entry, title).label("empty").help(help));
            return false;
        }
        // values are no names: two draws may be the same, and two numbers of one
        if is_of_tables(inner) || path.starts_with("draws.values") {
            return true;
        }
        let mut seen = BTreeSet::new();
        let Some(twice) = values.iter().find(|value| !seen.insert(value.shown())) else { return true };
        let title = format!("{:?} stands twice in {key}", twice.shown());
        self.report(Problem::at(twice, title).label("again").help("each once: take this one out"));
        false
    }

    /// One element, which is whole by itself.
    fn element(&mut self, entry: &mut Entry, inner: &Shape, path: &str) -> bool {
        let is_good = self.plain(entry, inner, path);
        match inner {
            Shape::Table(table) if is_good => self.required(entry, table, path),
            _ => is_good,
        }
    }

    /// Elements of a list of tables by their numbers, each with the keys that change, or one more under
    /// [`NEW`]: `policy.0.royalty_rate`, `policy.new`.
    pub(super) fn elements(&mut self, entry: &mut Entry, inner: &Shape, path: &str) {
        let Node::Table(entries) = &mut entry.node else { return };
        let was_in_list = std::mem::replace(&mut self.is_in_list, true);
        entries.retain(|key, element| {
            let here = join(path, key);
            let is_right = if key == NEW {
                self.element(element, inner, &here)
            } else if number(key).is_none() {
                let title = format!("{key:?} is not the number of a {path}");
                let help = format!("write {path}.0 for the first, or {path}.{NEW}={{...}} to add one");
                self.report(Problem::at_key(element, title).label("neither a number nor new").help(help));
                false
            } else {
                match &mut element.node {
                    Node::Table(changes) => {
                        if let Shape::Tagged(tag, _) = inner
                            && let Some(word) = changes.remove(*tag)
                        {
                            let title = format!("the {tag} of a {path} cannot be changed");
                            let help = format!("add another: --set '{path}.{NEW}={{{tag}=\"...\", ...}}'");
                            self.report(Problem::at_key(&word, title).label("stays as it is").help(help));
                        }
                        self.keys(changes, &any_of(inner), &here, &[]);
                        true
                    }
                    _ => self.wrong_type(element, inner, &here),
                }
            };
            self.keep(is_right, here)
        });
        self.is_in_list = was_in_list;
    }

    /// Reports what a setting changes in elements that the lists below it do not have, or not of that kind.
    pub(super) fn report_beyond(&mut self, setting: &Entry, merged: &Entry) {
        for (list, elements) in setting.table().into_iter().flatten() {
            let Some(Shape::List(inner)) = FILE.at(list) else { continue };
            let known = merged.get(list).and_then(Entry::array).unwrap_or(&[]);
            for (key, element) in elements.table().into_iter().flatten() {
                let Some(place) = number(key) else { continue };
                let Some(present) = known.get(place) else {
                    let count = known.len();
                    let title = format!("there is no {list} number {key}: the scenario states {count}, counted from 0");
                    let help = format!("add one: --set '{list}.{NEW}={{...}}'");
                    self.report(Problem::at_key(element, title).label("beyond the last").help(help));
                    continue;
                };
                let Shape::Tagged(tag, tables) = &**inner else { continue };
                let Some(table) = present.get(tag).and_then(Entry::text).and_then(|kind| tables.get(kind)) else {
                    continue;
                };
                let fields: Vec<&str> = table.fields.keys().map(String::as_str).filter(|key| key != tag).collect();
                for (key, change) in element.table().into_iter().flatten() {
                    if !fields.contains(&key.as_str()) {
                        self.unknown(change, key, &join(list, &place.to_string()), "key of this kind", &fields);
                    }
                }
            }
        }
    }

    pub(super) fn tagged(
        &mut self,
        entry: &mut Entry,
        tag: &str,
        tables: &BTreeMap<String, Table>,
        path: &str,
    ) -> bool {
        let words: Vec<&str> = tables.keys().map(String::as_str).collect();
        let known = words.join(", ");
        let found = entry.table().and_then(|entries| entries.get(tag));
        let Some(word) = found else {
            let misspelt = entry.table().and_then(|entries| entries.keys().find(|key| slips(key, tag) == 1));
            let title = format!("{} needs its {tag}", shown(path));
            let problem = match misspelt.and_then(|key| entry.get(key)) {
                Some(field) => {
                    Problem::at_key(field, title).label("unknown key").help(format!("did you mean {tag:?}?"))
                }
                None => Problem::at(entry, title).label(format!("{tag} is missing")).help(format!("one of {known}")),
            };
            self.report(problem.meant(vec![tag.to_owned()]));
            return false;
        };
        let Some(table) = word.text().and_then(|word| tables.get(word)) else {
            let text = word.shown();
            let meant: Vec<String> = rank(&text, words.into_iter()).into_iter().map(str::to_owned).collect();
            let help =
                if meant.is_empty() { format!("one of {known}") } else { format!("did you mean {}?", either(&meant)) };
            let title = format!("there is no {path_kind} of the {tag} {text:?}", path_kind = singular(path));
            self.report(Problem::at(word, title).label(format!("unknown {tag}")).help(help).meant(meant));
            return false;
        };
        let Node::Table(entries) = &mut entry.node else { return false };
        self.keys(entries, table, path, &[]);
        self.required(entry, table, path)
    }

    /// Does a table of a list have every key it needs?
    fn required(&mut self, entry: &Entry, table: &Table, path: &str) -> bool {
        let mut is_whole = true;
        for (key, field) in table.fields.iter().filter(|(_, field)| field.is_required) {
            if entry.get(key).is_none() {
                is_whole = false;
                self.report_missing(entry, key, &field.doc, path);
            }
        }
        is_whole
    }

    pub(super) fn report_missing(&mut self, entry: &Entry, key: &str, doc: &str, path: &str) {
        let full = join(path, key);
        let was_wrong = self.dropped.iter().any(|dropped| *dropped == full || dropped.starts_with(&format!("{full}.")));
        let is_misspelt = self.problems.iter().any(|problem| {
            problem.meant.first().is_some_and(|meant| meant == key) && problem.title.contains(&shown(path))
        });
        if was_wrong || is_misspelt {
            return;
        }
        let title = format!("{} has no {key:?}", shown(path));
        let place = if entry.key.is_empty() { Problem::at(entry, title) } else { Problem::at_key(entry, title) };
        self.report(place.label(format!("{key} is missing")).help(doc.to_owned()));
    }

    /// Reports what is missing in the tables of a whole scenario, its lists apart.
    pub(super) fn missing(&mut self, entry: &Entry, shape: &Shape, path: &str) {
        match (shape, &entry.node) {
            (Shape::Table(table), Node::Table(entries)) => {
                for (key, field) in &table.fields {
                    match entries.get(key) {
                        Some(found) => self.missing(found, &field.shape, &join(path, key)),
                        None if field.is_required => self.report_missing(entry, key, &field.doc, path),
                        None => {}
                    }
                }
            }
            (Shape::Map(_, inner), Node::Table(entries)) => {
                entries.iter().for_each(|(key, found)| self.missing(found, inner, &join(path, key)));
            }
            _ => {}
        }
    }
}

fn singular(path: &str) -> &str {
    path.split('.').next().unwrap_or("entry")
}
