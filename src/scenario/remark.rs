//! Warnings that every command says, a line each: values beyond what their cards call plausible, and laws that never
//! act.

use super::{Place, Problem, Scenario, dates, ranges};
use std::fmt;

/// What probably is not meant, in a sentence, with its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Where it stands.
    pub place: Option<Place>,
    /// Which of the settings on top of the files it is about, counted from 0.
    pub setting: Option<usize>,
    /// What is said of it.
    pub words: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.place {
            Some(Place { file, line, column }) => write!(f, "{file}:{line}:{column}: {}", self.words),
            None => f.write_str(&self.words),
        }
    }
}

impl Problem {
    /// Does it warn of a value outside what its card calls plausible?
    pub fn is_of_range(&self) -> bool {
        self.label == ranges::LABEL
    }
}

impl Scenario {
    /// Values outside what their cards call plausible.
    pub fn implausible(&self) -> impl Iterator<Item = Remark> {
        self.remarks(ranges::LABEL)
    }

    /// Policies and events of its files that never act, because a setting has made the run shorter.
    pub fn late(&self) -> impl Iterator<Item = Remark> {
        let name = &self.about.name;
        self.remarks(dates::AFTER_END).map(move |late| Remark { words: format!("{name}: {}", late.words), ..late })
    }

    fn remarks(&self, label: &'static str) -> impl Iterator<Item = Remark> {
        self.warnings.iter().filter(move |problem| problem.label == label).map(|problem| Remark {
            place: self.warnings.place(problem),
            setting: self.warnings.setting(problem),
            words: problem.title.clone(),
        })
    }
}
