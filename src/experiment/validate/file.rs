//! Files of evidence: facts, histories, and the experiments that test them. All files of a folder are read together.
//!
//! ```toml
//! [[experiment]]
//! name     = "us-robots"
//! scenario = "../baseline.toml"          # from this file's folder
//! set      = { "run.years" = 10 }
//! [[experiment.arm]]                     # only for comparisons
//! name = "dear"
//! set  = { "robots.class.amr.price" = "200000 USD" }
//!
//! [[fact]]
//! id       = "C1"
//! what     = "A sidewalk delivery in the USA"
//! source   = "who says so"
//! mark     = "N"                         # V read, N from earlier reading, R recalled, D derived
//! standing = "used"                      # or "held_out"
//! says     = "Which rule hits or misses, and why."
//! [[fact.figure]]
//! value      = "6 USD/unit"
//! tolerance  = "0.5 USD/unit"            # one standard deviation; none where a bound is strict
//! relation   = "about"                   # or "at_least", "at_most"
//! experiment = "us-robots"
//! outcome    = "at(2027-03, cost_by_robot[USA, doorstep])"
//! # or, in place of the last two: cannot = "Why it cannot be tested yet."
//! ```

use super::{Known, Relation, Standing};
use crate::experiment::written::{at, read};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// Keys and what they are set to.
pub(super) type Settings = BTreeMap<String, Spanned<toml::Value>>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Written {
    /// Set for every experiment, before its own settings.
    pub(super) grain: Settings,
    /// The same for a quick look.
    pub(super) quick: Settings,
    pub(super) experiment: Vec<WrittenExperiment>,
    pub(super) fact: Vec<WrittenFact>,
    pub(super) series: Vec<WrittenSeries>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenExperiment {
    pub(super) name: Spanned<String>,
    pub(super) scenario: Spanned<String>,
    #[serde(default)]
    pub(super) set: Settings,
    /// What was known, and who says so.
    #[serde(default)]
    pub(super) given: Vec<String>,
    #[serde(default)]
    pub(super) arm: Vec<WrittenArm>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenArm {
    pub(super) name: Spanned<String>,
    pub(super) scenario: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) set: Settings,
}

/// How a number was learnt.
#[derive(Clone, Copy, Debug, Deserialize)]
enum Mark {
    V,
    N,
    R,
    D,
}

/// Defines tables of a file that say something of the world: what is said of it, who says so, and more keys each.
macro_rules! known {
    ($name:ident { $($(#[$meta:meta])* $key:ident: $kind:ty,)* }) => {
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            pub(super) id: Spanned<String>,
            what: Spanned<String>,
            source: Spanned<String>,
            mark: Mark,
            standing: Standing,
            says: Spanned<String>,
            $($(#[$meta])* pub(super) $key: $kind,)*
        }

        impl $name {
            /// What must not be empty.
            fn texts(&self) -> [&Spanned<String>; 4] {
                [&self.id, &self.what, &self.source, &self.says]
            }

            /// What is said of it, without places in the file.
            pub(super) fn known(&self) -> Known {
                let [id, what, source, says] = self.texts().map(|text| text.get_ref().clone());
                Known { id, what, source, mark: format!("{:?}", self.mark), standing: self.standing, says }
            }
        }
    };
}

known! {
    WrittenFact {
        #[serde(default)]
        figure: Vec<WrittenFigure>,
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenFigure {
    #[serde(default)]
    pub(super) of: String,
    pub(super) value: Spanned<toml::Value>,
    pub(super) tolerance: Option<Spanned<toml::Value>>,
    #[serde(default)]
    pub(super) relation: Relation,
    pub(super) experiment: Option<Spanned<String>>,
    pub(super) outcome: Option<Spanned<String>>,
    pub(super) cannot: Option<Spanned<String>>,
}

known! {
    WrittenSeries {
        experiment: Spanned<String>,
        /// With YEAR where each year stands.
        outcome: Spanned<String>,
        tolerance: Spanned<toml::Value>,
        known_until: Spanned<i32>,
        values: BTreeMap<String, Spanned<toml::Value>>,
    }
}

/// A file that has been read, its words not yet held against scenarios.
#[derive(Clone, Debug)]
pub struct File {
    pub(super) name: String,
    text: String,
    pub(super) written: Written,
}

impl File {
    /// Reads a file; `name` is what it is called in messages.
    ///
    /// # Errors
    /// What is wrong, where.
    pub fn read(name: &str, text: &str) -> Result<File, String> {
        let tables = "the tables are [grain], [quick], [[experiment]], [[fact]] and [[series]]";
        let written = read(name, text, tables)?;
        let file = File { name: name.to_owned(), text: text.to_owned(), written };
        for fact in &file.written.fact {
            file.check_said(fact.texts())?;
            if fact.figure.is_empty() {
                return Err(file.wrong(&fact.id, "a fact has at least one [[fact.figure]]", ""));
            }
            for figure in &fact.figure {
                file.check_figure(figure)?;
            }
        }
        for series in &file.written.series {
            file.check_said(series.texts())?;
            if !series.outcome.get_ref().contains("YEAR") {
                let help = "write for example \"at(YEAR-12, employed[USA, courier])\"";
                return Err(file.wrong(
                    &series.outcome,
                    "the outcome of a series has YEAR where each year stands",
                    help,
                ));
            }
        }
        Ok(file)
    }

    fn check_said(&self, texts: [&Spanned<String>; 4]) -> Result<(), String> {
        match texts.into_iter().find(|text| text.get_ref().trim().is_empty()) {
            Some(empty) => {
                Err(self.wrong(empty, "nothing is said here", "a fact has its name, its source and a sentence"))
            }
            None => Ok(()),
        }
    }

    fn check_figure(&self, figure: &WrittenFigure) -> Result<(), String> {
        let help = "write experiment and outcome, or cannot = \"why it cannot be tested yet\"";
        match (&figure.experiment, &figure.outcome, &figure.cannot) {
            (Some(_), Some(_), None) => Ok(()),
            (None, None, Some(why)) if !why.get_ref().trim().is_empty() => Ok(()),
            (_, _, Some(why)) => {
                Err(self.wrong(why, "a figure is either tested, or it is said why it cannot be", help))
            }
            _ => Err(self.wrong(&figure.value, "nothing says how this figure is tested", help)),
        }
    }

    /// What is wrong, at a place of this file.
    pub(super) fn wrong<T>(&self, place: &Spanned<T>, title: &str, help: &str) -> String {
        self.wrong_at(place.span(), title, help)
    }

    /// The same at a span of it.
    pub(super) fn wrong_at(&self, span: Range<usize>, title: &str, help: &str) -> String {
        at(&self.name, &self.text, span, title, help)
    }

    /// Facts and series by their short names, with their standing.
    pub fn standings(&self) -> impl Iterator<Item = (&str, Standing)> {
        let facts = self.written.fact.iter().map(|fact| (fact.id.get_ref().as_str(), fact.standing));
        facts.chain(self.written.series.iter().map(|series| (series.id.get_ref().as_str(), series.standing)))
    }
}
