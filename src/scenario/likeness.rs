//! A region of one's own: `[region.IDN]` says what it is like, what it is called and in which numbers it differs.
//!
//! What differs is moved to the tables where it belongs, before they are checked. What is not stated is as in the
//! region it is like, once all files are laid over each other. Shares over regions that add up to 1 are shared out
//! anew: a stated share stays, all others give in proportion. Where others sell, the new region is as good a market as
//! the one it is like. Every number that was taken over has a card that says so, with the grade C.
//!
//! Left out: regions that policies and events name; these say themselves whether the new one is among them.

use super::Card;
use super::check::Walk;
use super::nearest::{either, rank};
use super::problem::Problem;
use super::shape::{FILE, Keys, Noun, Shape};
use super::tree::{Entry, Node, join};
use std::collections::{BTreeMap, BTreeSet};

/// Keys of a region that are no numbers of the model.
const OWN: [&str; 3] = ["like", "name", "in_words"];

/// Tables of a file that have nothing by region, or name regions on their own account.
const APART: [&str; 7] = ["scenario", "currency", "region", "world", "policy", "event", "operator"];

/// How far a sum of shares may miss 1.
const ROUNDING: f64 = 1e-9;

/// Codes of the regions that a tree makes like others.
pub(super) fn declared(tree: &Entry) -> impl Iterator<Item = &str> {
    let regions = tree.get("region").and_then(Entry::table).into_iter().flatten();
    regions.filter(|(_, region)| region.get("like").is_some()).map(|(code, _)| code.as_str())
}

/// Moves what regions state of their own to the tables where it belongs.
pub(super) fn settle(tree: &mut Entry, walk: &mut Walk) {
    let Node::Table(entries) = &mut tree.node else { return };
    let Some(Entry { node: Node::Table(regions), .. }) = entries.get_mut("region") else { return };
    let mut moved = Vec::new();
    regions.retain(|code, region| {
        let is_known = walk.is_declared(Noun::Region, code);
        if !is_known {
            report_unknown(code, region, walk);
        }
        let Node::Table(fields) = &mut region.node else { return is_known };
        // what is no table of a scenario stays, and is said to be unknown here
        let is_moved = |key: &&String| !OWN.contains(&key.as_str()) && FILE.at(key).is_some();
        let differs: Vec<String> = fields.keys().filter(is_moved).cloned().collect();
        let differs = differs.into_iter().filter_map(|key| Some((key.clone(), fields.remove(&key)?)));
        moved.extend(differs.map(|(key, entry)| (code.clone(), key, entry)));
        is_known
    });
    let known: Vec<String> = walk.regions.iter().flatten().cloned().collect();
    for (code, key, entry) in moved {
        let Some(entry) = placed(entry, FILE.at(&key), &code, &key, walk) else { continue };
        let mut overlay = Entry::empty();
        if let Node::Table(fields) = &mut overlay.node {
            fields.insert(key, entry);
        }
        graft(tree, overlay, &FILE, "", &known, walk);
    }
}

fn report_unknown(code: &str, region: &Entry, walk: &mut Walk) {
    let known = walk.declared(Noun::Region);
    let meant: Vec<String> = rank(code, known.iter().map(String::as_str)).into_iter().map(str::to_owned).collect();
    let title = format!("no region {code:?} is declared");
    let help = match meant.as_slice() {
        [] => "a new region says which known one it is like: like = \"VNM\"".to_owned(),
        near => format!("did you mean {}? a new region says like = \"VNM\", or another that is known", either(near)),
    };
    walk.report(Problem::at_key(region, title).label("unknown region").help(help).meant(meant));
}

/// What differs, as it would stand in its table: with the code of the region where that table has regions; nothing
/// if it cannot differ by region.
fn placed(entry: Entry, shape: Option<&Shape>, code: &str, path: &str, walk: &mut Walk) -> Option<Entry> {
    if APART.contains(&path) {
        let title = format!("{path} is nothing that a region has");
        walk.report(Problem::at_key(&entry, title).label("misplaced key").help(format!("write [{path}] by itself")));
        return None;
    }
    // of what nobody knows, whoever checks the table says so
    let Some(shape) = shape else { return Some(entry) };
    match (shape, &entry.node) {
        (Shape::ByRegion(_) | Shape::Map(Keys::Names(Noun::Region), _), _) => {
            let (source, key, value) = (entry.source, entry.key.clone(), entry.value.clone());
            let node = Node::Table(BTreeMap::from([(code.to_owned(), with_grade(entry))]));
            Some(Entry { node, source, key, value })
        }
        (Shape::Table(_) | Shape::Map(..), Node::Table(_)) => {
            let Entry { node: Node::Table(fields), source, key, value } = distributed(entry) else { return None };
            let inner = fields.into_iter().filter_map(|(key, field)| {
                let placed = placed(field, shape.at(&key), code, &join(path, &key), walk)?;
                Some((key, placed))
            });
            Some(Entry { node: Node::Table(inner.collect()), source, key, value })
        }
        // whoever checks the table says what is missing between
        _ if has_regions(shape) => Some(entry),
        _ => {
            let title = format!("{path} is the same in every region");
            let head = path.rsplit_once('.').map_or(path, |(table, _)| table);
            let help = format!("write it under [{head}], for all of them");
            walk.report(Problem::at_key(&entry, title).label("cannot differ by region").help(help));
            None
        }
    }
}

/// Does something in a place of this shape differ by region?
fn has_regions(shape: &Shape) -> bool {
    match shape {
        Shape::ByRegion(_) | Shape::Map(Keys::Names(Noun::Region), _) => true,
        Shape::Table(table) => table.fields.values().any(|field| has_regions(&field.shape)),
        Shape::Map(_, inner) => has_regions(inner),
        _ => false,
    }
}

/// A value with a card; one that nobody gave a source has the grade of an assumption.
fn with_grade(entry: Entry) -> Entry {
    if is_card(&entry) {
        return entry;
    }
    let text = |text: &str| Entry { node: Node::Leaf(toml::Value::String(text.to_owned())), ..empty_at(&entry) };
    let card = [("grade", text("C")), ("source", text("stated without a source"))];
    let mut fields: BTreeMap<String, Entry> = card.map(|(key, entry)| (key.to_owned(), entry)).into();
    let whole = empty_at(&entry);
    fields.insert("value".into(), entry);
    Entry { node: Node::Table(fields), ..whole }
}

fn empty_at(entry: &Entry) -> Entry {
    Entry { source: entry.source, key: entry.key.clone(), value: entry.value.clone(), ..Entry::empty() }
}

fn is_card(entry: &Entry) -> bool {
    entry.table().is_some_and(|fields| fields.contains_key("value"))
}

/// A card on a table of several values becomes one for each of them.
fn distributed(entry: Entry) -> Entry {
    if entry.get("value").and_then(Entry::table).is_none() {
        return entry;
    }
    let place = empty_at(&entry);
    let Node::Table(mut card) = entry.node else { return place };
    let Some(Entry { node: Node::Table(values), .. }) = card.remove("value") else { return place };
    let one = |(key, value): (String, Entry)| {
        let (mut fields, whole) = (card.clone(), empty_at(&value));
        fields.insert("value".into(), value);
        (key, Entry { node: Node::Table(fields), ..whole })
    };
    Entry { node: Node::Table(values.into_iter().map(one).collect()), ..place }
}

/// Lays what a region states of its own over the file it stands in, which may state the same table on a card.
fn graft(place: &mut Entry, stated: Entry, shape: &Shape, path: &str, known: &[String], walk: &mut Walk) {
    let has_value = matches!(shape, Shape::Table(table) if table.fields.contains_key("value"));
    if let Node::Table(fields) = &mut place.node
        && let Some(value) = fields.get_mut("value").filter(|_| !has_value)
    {
        return graft(value, stated, shape, path, known, walk);
    }
    if is_card(&stated) || !matches!((&place.node, &stated.node), (Node::Table(_), Node::Table(_))) {
        if matches!(shape, Shape::ByRegion(_)) && place.table().is_none() && !is_card(&stated) {
            // one value for all regions: this one differs
            return place.merge(stated, Some(shape), known);
        }
        let title = format!("{path} is stated twice: in its table, and in that of the region");
        walk.report(Problem::at(&stated, title).label("for the second time here").help("keep one of the two"));
        return;
    }
    let (Node::Table(mine), Node::Table(theirs)) = (&mut place.node, stated.node) else { return };
    for (key, entry) in theirs {
        match (mine.get_mut(&key), shape.at(&key)) {
            (Some(there), Some(inner)) => graft(there, entry, inner, &join(path, &key), known, walk),
            _ => {
                mine.insert(key, entry);
            }
        }
    }
}

/// What regions that are like others did not state is as there; says which region is like which.
/// Nothing if that cannot be known.
pub(super) fn complete(merged: &mut Entry, walk: &mut Walk) -> Option<BTreeMap<String, String>> {
    if walk.dropped.iter().any(|path| path.starts_with("region.") && path.ends_with(".like")) {
        return None;
    }
    let regions = merged.get("region").and_then(Entry::table).cloned().unwrap_or_default();
    let like = |region: &Entry| region.get("like").and_then(Entry::text).map(str::to_owned);
    let likes: BTreeMap<String, String> =
        regions.iter().filter_map(|(code, region)| Some((code.clone(), like(region)?))).collect();
    for code in likes.keys().filter(|code| is_in_a_circle(code, &likes)) {
        let title = format!("the region {code:?} is like itself, through {:?}", likes[code]);
        let help = "one region of the circle must have numbers of its own: let it be like another";
        if let Some(entry) = regions[code].get("like") {
            walk.report(Problem::at(entry, title).label("back to the beginning").help(help));
        }
    }
    if likes.keys().any(|code| is_in_a_circle(code, &likes)) {
        return None;
    }
    let mut copies = BTreeSet::new();
    for code in in_order(&likes) {
        let place = &regions[&code];
        let mut copy = Copy { code: &code, like: &likes[&code], place, copies: BTreeSet::new() };
        copy.take_over(merged, &FILE, "");
        for path in &copy.copies {
            let card =
                Card { range: String::new(), grade: "C".into(), source: format!("assumption: as in {}", likes[&code]) };
            walk.cards.insert(path.clone(), card);
        }
        copies.extend(copy.copies);
        declare(merged, &code, place);
    }
    for (code, like) in &likes {
        as_markets(merged, &FILE, "", (code, like));
    }
    share_out(merged, &FILE, "", &likes, &copies);
    forget_likeness(merged);
    Some(likes)
}

fn is_in_a_circle(code: &str, likes: &BTreeMap<String, String>) -> bool {
    let mut at = code;
    for _ in 0..=likes.len() {
        match likes.get(at) {
            Some(next) if next == code => return true,
            Some(next) => at = next,
            None => return false,
        }
    }
    false
}

/// Each after the one it is like.
fn in_order(likes: &BTreeMap<String, String>) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    while order.len() < likes.len() {
        let is_next = |(code, like): &(&String, &String)| {
            !order.contains(code) && (!likes.contains_key(*like) || order.contains(like))
        };
        let Some((code, _)) = likes.iter().find(is_next) else { break };
        order.push(code.clone());
    }
    order
}

/// Adds the region to the list of all.
fn declare(merged: &mut Entry, code: &str, place: &Entry) {
    let Node::Table(entries) = &mut merged.node else { return };
    let Some(Entry { node: Node::Table(world), .. }) = entries.get_mut("world") else { return };
    let Some(Entry { node: Node::Array(names), .. }) = world.get_mut("regions") else { return };
    if names.iter().all(|name| name.text() != Some(code)) {
        names.push(Entry { node: Node::Leaf(toml::Value::String(code.to_owned())), ..empty_at(place) });
    }
}

/// One region being made like another.
struct Copy<'a> {
    code: &'a str,
    like: &'a str,
    /// Where the region is stated.
    place: &'a Entry,
    /// Keys of what was taken over.
    copies: BTreeSet<String>,
}

impl Copy<'_> {
    fn take_over(&mut self, entry: &mut Entry, shape: &Shape, path: &str) {
        match (shape, &mut entry.node) {
            (Shape::ByRegion(_) | Shape::Map(Keys::Names(Noun::Region), _), Node::Table(values)) => {
                if let (false, Some(model)) = (values.contains_key(self.code), values.get(self.like).cloned()) {
                    values.insert(self.code.to_owned(), model);
                    self.copies.insert(join(path, self.code));
                }
            }
            (Shape::List(inner), Node::Array(names)) if **inner == Shape::Name(Noun::Region) => {
                let has = |names: &[Entry], code: &str| names.iter().any(|name| name.text() == Some(code));
                if has(names, self.like) && !has(names, self.code) {
                    let node = Node::Leaf(toml::Value::String(self.code.to_owned()));
                    names.push(Entry { node, ..empty_at(self.place) });
                }
            }
            (_, Node::Table(entries)) => {
                for (key, entry) in entries {
                    let is_apart = path.is_empty() && APART.contains(&key.as_str());
                    if let Some(inner) = shape.at(key).filter(|_| !is_apart) {
                        self.take_over(entry, inner, &join(path, key));
                    }
                }
            }
            _ => {}
        }
    }
}

/// A table of regions by regions: where one sells to the known region, it sells to the new one alike; what the new one
/// states of itself stays as it is.
fn as_markets(entry: &mut Entry, shape: &Shape, path: &str, (code, like): (&String, &String)) {
    let Node::Table(entries) = &mut entry.node else { return };
    let is_of_regions = |shape: &Shape| matches!(shape, Shape::Map(Keys::Names(Noun::Region), _));
    let is_matrix = matches!(shape, Shape::Map(Keys::Names(Noun::Region), inner) if is_of_regions(inner));
    for (key, entry) in entries {
        let here = join(path, key);
        let is_apart = path.is_empty() && APART.contains(&key.as_str());
        if !is_matrix {
            if let Some(inner) = shape.at(key).filter(|_| !is_apart) {
                as_markets(entry, inner, &here, (code, like));
            }
        } else if let Node::Table(row) = &mut entry.node
            && let (Some(weight), false) = (row.get(like).cloned(), row.contains_key(code))
            && key != code
        {
            row.insert(code.clone(), weight);
        }
    }
}

/// Shares over regions that add up to 1 without the new ones do so with them.
fn share_out(
    entry: &mut Entry,
    shape: &Shape,
    path: &str,
    likes: &BTreeMap<String, String>,
    copies: &BTreeSet<String>,
) {
    let Node::Table(entries) = &mut entry.node else { return };
    let is_of_shares = |inner: &Shape| matches!(inner, Shape::Quantity(_));
    if !matches!(shape, Shape::Map(Keys::Names(Noun::Region), inner) if is_of_shares(inner)) {
        // rows of regions by regions are weights: they need not add up to anything
        if matches!(shape, Shape::Map(Keys::Names(Noun::Region), _)) {
            return;
        }
        for (key, entry) in entries {
            let is_apart = path.is_empty() && APART.contains(&key.as_str());
            if let Some(inner) = shape.at(key).filter(|_| !is_apart) {
                share_out(entry, inner, &join(path, key), likes, copies);
            }
        }
        return;
    }
    let (mut stated, mut copied, mut others) = (0.0, 0.0, 0.0);
    for (key, value) in entries.iter().filter_map(|(key, entry)| Some((key, share(entry)?))) {
        *match likes.contains_key(key) {
            false => &mut others,
            true if copies.contains(&join(path, key)) => &mut copied,
            true => &mut stated,
        } += value;
    }
    let is_whole_without = f64::abs(others - 1.0) < ROUNDING;
    if !is_whole_without || stated + copied == 0.0 || stated >= 1.0 {
        return;
    }
    let factor = (1.0 - stated) / (others + copied);
    for (key, entry) in entries {
        let is_stated = likes.contains_key(key) && !copies.contains(&join(path, key));
        if let (false, Some(value)) = (is_stated, share(entry)) {
            entry.node = Node::Leaf(toml::Value::Float(value * factor));
        }
    }
}

fn share(entry: &Entry) -> Option<f64> {
    match &entry.node {
        Node::Leaf(toml::Value::Float(value)) => Some(*value),
        _ => None,
    }
}

/// What was taken over stands there now: only what regions are called is left to say.
fn forget_likeness(merged: &mut Entry) {
    let Node::Table(entries) = &mut merged.node else { return };
    if let Some(Entry { node: Node::Table(regions), .. }) = entries.get_mut("region") {
        regions.values_mut().for_each(|region| drop(region.remove("like")));
        regions.retain(|_, region| region.get("name").or(region.get("in_words")).is_some());
        if regions.is_empty() {
            entries.remove("region");
        }
    }
}

/// What regions are called, where the scenario says so: their `name`, or how they are called `in_words`.
pub(super) fn names(merged: &Entry, key: &str) -> BTreeMap<String, String> {
    let regions = merged.get("region").and_then(Entry::table).into_iter().flatten();
    regions.filter_map(|(code, region)| Some((code.clone(), region.get(key)?.text()?.to_owned()))).collect()
}
