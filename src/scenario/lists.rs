//! Lists, and tables in lists: policies, events, operators. Nothing in a list is inherited, so such a
//! table must be whole by itself.

use super::check::{Walk, shown};
use super::nearest::{either, rank, slips};
use super::problem::Problem;
use super::shape::{Shape, Table};
use super::tree::{Entry, Node, join};
use std::collections::BTreeMap;

impl Walk {
    pub(super) fn list(&mut self, entry: &mut Entry, inner: &Shape, path: &str) -> bool {
        let Node::Array(values) = &mut entry.node else { return false };
        let was_in_list = std::mem::replace(&mut self.is_in_list, true);
        let mut is_right = true;
        let mut place = 0;
        let is_of_tables = matches!(inner, Shape::Table(_) | Shape::Tagged(..));
        values.retain_mut(|value| {
            let here = join(path, &place.to_string());
            place += 1;
            let mut is_good = self.plain(value, inner, &here);
            if is_good && let Shape::Table(table) = inner {
                is_good = self.required(value, table, &here);
            }
            is_right &= is_good || is_of_tables;
            self.keep(is_good, here)
        });
        self.is_in_list = was_in_list;
        is_right
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
