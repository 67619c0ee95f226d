//! Floor 3: scenario files become parameters.
//!
//! A scenario is a TOML file. It may extend another and then states only what differs. Where a value
//! comes with its range, source and grade of evidence, it stands on a card: a table with the key
//! `value`. Reading checks every file against the shapes that the parameters declare (`shape`),
//! takes the cards apart into values, which the model gets, and a [`Catalogue`], which says where every
//! number comes from, and reports all problems of all files at once.
//!
//! Left out: files in other folders, lists that are merged (a list replaces the one it extends).

mod chain;
mod check;
mod checker;
mod countries;
mod dates;
pub mod describe;
pub mod dial;
mod drawn;
pub mod explain;
pub mod hidden;
mod leaves;
mod likeness;
mod lists;
mod load;
pub mod nearest;
pub mod other;
mod overridden;
mod parse;
pub mod plan;
mod problem;
pub mod quotes;
mod ranges;
mod remark;
mod resolved;
pub mod rhythm;
pub mod schema;
mod shape;
mod tree;
mod warnings;
pub mod words;

pub use checker::Checker;
pub use drawn::load;
pub use problem::{Place, Problem, Problems, Severity};
pub use remark::Remark;
pub use resolved::Origin;

use crate::economy::parameters::Sections;
use crate::economy::policy::{Policy, RunParameters};
use crate::economy::{Fault, Parameters};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tree::Entry;

/// What a scenario says about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// What regions are called, by their codes, where the scenario says so.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub regions: BTreeMap<String, String>,
    /// What they are called in a sentence, with the article that a name may need: "the Philippines".
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub in_words: BTreeMap<String, String>,
}

/// What stands on a parameter's card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Where each value was stated, and what it is in the model's own units.
    pub origins: BTreeMap<String, Origin>,
    /// SHA-256 of what the parameters mean: the same for files of equal meaning.
    pub hash: String,
    /// What is probably not meant.
    pub warnings: Problems,
    /// Cards that the files above the bottom one state.
    own_cards: Vec<Card>,
    /// The whole scenario as one file that needs no other.
    pub file: String,
    /// Every number of each draw, if the scenario has draws of what is not known.
    drawn: Arc<Vec<Sections>>,
    /// Settings on top of the files, as they were given.
    pub settings: Vec<String>,
    /// Regions that were made like others, and which.
    pub likes: BTreeMap<String, String>,
    /// What each event says, in the order of the file.
    happenings: Vec<String>,
}

/// How files are read: the command line gives the file system, a browser gives texts it holds.
pub type Reader<'a> = &'a dyn Fn(&Path) -> std::io::Result<String>;

/// Largest scenario file that is read, in bytes; a reader may refuse a larger one before it opens it.
pub const MOST_BYTES: usize = 1 << 20;

/// The same scenario with another length or grain, for whoever wants to measure it first.
///
/// # Errors
/// The first value that does not fit.
pub fn remake(scenario: &Scenario, change: impl Fn(&mut RunParameters)) -> Result<Scenario, Fault> {
    changed(scenario, |sections| change(&mut sections.run))
}

fn changed(scenario: &Scenario, change: impl Fn(&mut Sections)) -> Result<Scenario, Fault> {
    let changed = |sections: &Sections| {
        let mut sections = sections.clone();
        change(&mut sections);
        sections
    };
    let sections = changed(scenario.parameters.sections());
    let hash = resolved::hash(&sections);
    let parameters = Parameters::new(sections).map_err(|mut faults| faults.swap_remove(0))?;
    let drawn = Arc::new(scenario.drawn.iter().map(changed).collect());
    Ok(Scenario { parameters, hash, drawn, ..scenario.clone() })
}

impl Scenario {
    /// The scenario with numbers changed in code, typed, where a file or a setting would be a text:
    /// `scenario.with(|sections| sections.run.seed = 7)`. Where each value was stated, and the scenario as one file,
    /// stay what was read.
    ///
    /// # Errors
    /// The first value that does not fit.
    pub fn with(&self, change: impl Fn(&mut Sections)) -> Result<Scenario, Fault> {
        changed(self, change)
    }

    /// A value in the model's own units, shares in per cent; nothing for a key that it has not.
    pub fn shown(&self, key: &str) -> Option<String> {
        let value = &self.origins.get(key)?.value;
        Some(describe::in_per_cent(key, value).unwrap_or_else(|| value.replace('_', " ")))
    }

    /// What the regions are called, in their order: as the scenario says, or else their codes.
    pub fn region_names(&self) -> Vec<String> {
        self.parameters.regions.iter().map(|code| self.about.regions.get(code).unwrap_or(code).clone()).collect()
    }

    /// What a region is called in a sentence, with its article: as the scenario says, or else as everybody does, or its
    /// code.
    pub fn in_words<'a>(&'a self, code: &'a str) -> &'a str {
        let own = self.about.in_words.get(code).or_else(|| self.about.regions.get(code));
        own.map_or_else(|| countries::in_words(code).unwrap_or(code), String::as_str)
    }

    /// The scenario with one more dated change of the law.
    ///
    /// ```
    /// use handover::prelude::*;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let baseline = open_scenario("scenarios/baseline.toml", &[])?;
    /// let start = baseline.parameters.run.start;
    /// let royalty = Policy { royalty_rate: Some(Share(0.15)), ..Policy::new(start) };
    /// let reform = baseline.enact(royalty)?;
    /// assert_eq!(reform.parameters.policies.len(), 1);
    /// assert_ne!(reform.hash, baseline.hash);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The first value that does not fit.
    pub fn enact(&self, policy: Policy) -> Result<Scenario, Fault> {
        self.with(|sections| sections.policies.push(policy.clone()))
    }
}

impl About {
    /// Takes over what a `[scenario]` table states.
    fn take(&mut self, entry: Option<Entry>) {
        let fields = entry.as_ref().and_then(Entry::table).into_iter().flatten();
        for (key, text) in fields.filter_map(|(key, field)| Some((key.as_str(), field.text()?))) {
            let place = match key {
                "name" => &mut self.name,
                "title" => &mut self.title,
                "question" => &mut self.question,
                "authors" => &mut self.authors,
                "reference" => &mut self.reference,
                _ => continue,
            };
            text.clone_into(place);
        }
    }
}
