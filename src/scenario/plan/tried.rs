//! What a plan names is tried before anything runs: the scenarios of its arms, and each factor's ends in every arm.

use super::factors::settings_of;
use super::read::Desk;
use super::{Arm, Level, Plan, Range};
use crate::scenario::dates::AFTER_END;
use crate::scenario::problem::Problem;
use crate::scenario::tree::Entry;
use crate::scenario::{Problems, Remark, load};
use std::path::{Component, Path, PathBuf};

impl Desk<'_> {
    /// The arms with their scenarios; problems of a scenario's own file are those of the scenario.
    pub(super) fn arms(
        &mut self,
        list: &[Entry],
        set: &[(String, &Entry)],
        fixed: &[String],
    ) -> Result<Option<Vec<Arm>>, Problems> {
        let mut arms: Vec<Arm> = Vec::new();
        let mut lines: Vec<usize> = Vec::new();
        for entry in list {
            let (name, file) = (entry.get("name").and_then(Entry::text), entry.get("scenario").and_then(Entry::text));
            let Some(file) = file else {
                self.say(entry, "an arm names its scenario", "write scenario = \"../baseline.toml\"");
                continue;
            };
            let at = entry.get("scenario").unwrap_or(entry);
            if !Path::new(file)
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir | Component::ParentDir))
            {
                self.say(at, "name the scenario by its way from the plan's folder", "for example \"../baseline.toml\"");
                continue;
            }
            let own = settings_of(entry);
            let set: Vec<(String, &Entry)> = set.iter().cloned().chain(own.iter().cloned()).collect();
            let own: Vec<String> = own.into_iter().map(|(setting, _)| setting).collect();
            let fixed: Vec<String> = fixed.iter().chain(&own).cloned().collect();
            let path = beside(self.path, file);
            if let Err(error) = (self.reader)(&path) {
                self.say(
                    at,
                    format!("{}: {error}", path.display()),
                    "scenario = \"../baseline.toml\" names a file from the plan's folder",
                );
                continue;
            }
            // first alone: what is wrong with a scenario is said where it stands
            let alone = load(&path, &[], self.reader)?;
            let base = match load(&path, &fixed, self.reader) {
                _ if fixed.is_empty() => alone,
                Ok(base) => base,
                Err(together) => {
                    self.blame(&set, &path, &together)?;
                    continue;
                }
            };
            for late in base.warnings.iter().filter(|problem| problem.label == AFTER_END) {
                self.say(at, late.title.clone(), "set a longer run.years: this arm would be run without it");
            }
            let name = name.map_or_else(|| base.about.name.clone(), str::to_owned);
            self.name(entry, "arm", &name);
            if let Some(first) = arms.iter().position(|arm| arm.name == name) {
                let title = format!("two arms are called {name:?}: here and at {}:{}", self.source.name, lines[first]);
                let place = entry.get("name").unwrap_or(at);
                self.say(place, title, "give each a name of its own: name = \"..\"");
            }
            lines.push(self.source.line(entry.get("name").unwrap_or(at).value.start));
            arms.push(Arm { name, path, base, settings: own });
        }
        Ok((!arms.is_empty() && self.problems.is_empty()).then_some(arms))
    }

    /// Finds the lines of the plan whose values are wrong by themselves, of all that is wrong with them together: a
    /// longer tick and records as far apart are right together and wrong one by one.
    ///
    /// # Errors
    /// The problems themselves, if no line has one alone.
    fn blame(&mut self, set: &[(String, &Entry)], path: &Path, together: &Problems) -> Result<(), Problems> {
        let before = self.problems.len();
        for (setting, entry) in set {
            let Err(alone) = load(path, std::slice::from_ref(setting), self.reader) else { continue };
            let is_left = |problem: &Problem| together.iter().any(|other| other.title == problem.title);
            if alone.iter().any(is_left) {
                self.pass_on(entry, &alone);
            }
        }
        if self.problems.len() > before { Ok(()) } else { Err(together.clone()) }
    }

    /// What a scenario says of a value, at the place in the plan that states it.
    fn pass_on(&mut self, entry: &Entry, problems: &Problems) {
        for problem in problems.iter().take(3) {
            let passed = Problem::at(entry, problem.title.clone()).label(problem.label.clone());
            self.problems.push(passed.help(problem.help.clone()).meant(problem.meant.clone()));
        }
    }

    /// Demands that each factor's extreme values run, alone, in every arm; says which of them are not plausible.
    pub(super) fn ends(&mut self, list: &[Entry], plan: &Plan) -> Vec<Remark> {
        let mut implausible = Vec::new();
        for (entry, factor) in list.iter().zip(&plan.factors) {
            let values = entry.get("values").and_then(Entry::array).unwrap_or(&[]);
            let ends: Vec<(Level, &Entry)> = match &factor.range {
                Range::Between { low, high, .. } => {
                    let at = |key: &str| entry.get(key).unwrap_or(entry);
                    vec![(Level::Number(*low), at("low")), (Level::Number(*high), at("high"))]
                }
                Range::Values(levels) => levels
                    .iter()
                    .enumerate()
                    .take(64)
                    .map(|(n, level)| (level.clone(), values.get(n).unwrap_or(entry)))
                    .collect(),
                Range::Listed => Vec::new(),
            };
            for (level, place) in ends {
                let fails = plan.arms.iter().find_map(|arm| {
                    let settings = factor.settings(&level, &arm.base);
                    let settings: Vec<String> = plan.fixed(arm).chain(settings).collect();
                    match load(&arm.path, &settings, self.reader) {
                        Ok(scenario) => {
                            implausible.extend(scenario.implausible());
                            None
                        }
                        Err(problems) => Some(problems),
                    }
                });
                if let Some(problems) = fails {
                    self.pass_on(place, &problems);
                }
            }
        }
        implausible
    }
}

/// The file that a name means, from the plan's folder; steps up and down that cancel are left out.
fn beside(plan: &Path, name: &str) -> PathBuf {
    let mut path = plan.parent().unwrap_or(Path::new("")).to_path_buf();
    for part in Path::new(name).components() {
        let is_below = matches!(path.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::ParentDir if is_below => {
                path.pop();
            }
            Component::CurDir => {}
            other => path.push(other),
        }
    }
    path
}
