//! The result of a comparison: tables of paired differences, and the page that reads them.

pub mod answer;
mod gains;
pub mod json;
pub mod page;
pub mod summary;
pub mod tables;

use crate::economy::policy::Clock;
pub use crate::experiment::compare::run::{AIMS, Reform};

use crate::experiment::became::Became;
use crate::experiment::compare::effects::Paired;
use crate::experiment::compare::regret::Regret;
use crate::experiment::compare::run::Compared;
use crate::experiment::compare::{Acts, acts, touched};
use crate::experiment::ensemble::Attendance;
use crate::observe::indicators::Metric;
use crate::output::disk::manifest::Evidence;
use crate::output::disk::manifest::world::World;
use crate::output::disk::manifest::{Kind, Manifest, OfComparison, OfReform, about};
use crate::output::kit::unmade::Unmade;
use crate::output::kit::words::grain;
use crate::output::only::Only;
use crate::output::plots::waterfall::{Waterfall, draw};
use crate::output::plots::{Banded, draw_bands};
use crate::scenario::Scenario;
use chrono::NaiveDate;
use rayon::prelude::*;

/// A whole comparison.
#[derive(Debug)]
pub struct Comparison {
    /// The base.
    pub base: Scenario,
    /// The reforms.
    pub reforms: Vec<Reform>,
    /// What a sensitivity run says about the evidence behind the answer, where one is at hand.
    pub evidence: Option<Evidence>,
    /// Replicates that were simulated.
    pub attendance: Attendance,
    /// Other states of the world in which all were simulated: what each sets.
    pub states: Vec<String>,
    /// Regret of each policy in each state of the world, one table an aim.
    pub regrets: Vec<Regret>,
}

impl Comparison {
    /// What was compared, with what is known of the evidence behind the answer.
    pub fn of(compared: Compared, evidence: Option<Evidence>) -> Comparison {
        let Compared { base, reforms, attendance, states, regrets } = compared;
        Comparison { base, reforms, attendance, states, regrets, evidence }
    }

    /// First day of a tick of the base.
    pub fn date(&self, tick: i32) -> NaiveDate {
        Clock::of(&self.base.parameters.run).date(tick)
    }

    /// When a reform can act, in words.
    pub fn acts_in_words(&self, reform: &Reform) -> String {
        match acts(&self.base, &reform.scenario) {
            Acts::Never => "never: it is the base".to_owned(),
            Acts::From(date) => format!("from {date} on; before that day nothing differs"),
            Acts::AtOnce => "from the founding on".to_owned(),
        }
    }
}

/// Every file of a comparison, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(comparison: &Comparison, only: &Only) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let draw = || if only.has("plots/*.svg") { pictures(comparison) } else { Ok(Vec::new()) };
    let page = || crate::output::compare::page::page(comparison, only).into_bytes();
    let tables = || rayon::join(|| tables::made(comparison, |name| only.has(name)), draw);
    let ((tables, drawn), page) = rayon::join(tables, || only.has("report.html").then(page));
    let mut files = tables?;
    files.extend(drawn?);
    files.extend(page.map(|page| ("report.html".to_owned(), page)));
    files.push(("manifest.json".to_owned(), manifest(comparison, &files, only)));
    Ok(files)
}

/// Pictures of differences: metric, title, label of the axis, is it a share?
const PICTURES: [(Metric, &str, &str, bool); 4] = [
    (Metric::DisplacedTotal, "People displaced: reform less base", "persons", false),
    (Metric::UnemploymentRate, "Unemployment rate: reform less base", "percentage points", true),
    (Metric::RoyaltiesReceived, "Royalties received by workers: reform less base", "USD a week", false),
    (Metric::Absorbed, "Work absorbed by robots: reform less base", "full-time equivalents", false),
];

/// Confidence of the dark and of the pale band.
const BANDS: [f64; 2] = [0.5, 0.95];

/// The paired difference over time, in regions where there is one.
fn pictures(comparison: &Comparison) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let of_reform = |reform: &Reform| {
        let about = &reform.scenario.about;
        let note = format!(
            "{} against {}: {}, seed {}; {}. Conditional on the scenarios' assumptions; not a forecast.",
            about.name,
            comparison.base.about.name,
            comparison.attendance.words(),
            comparison.base.parameters.run.seed,
            grain(&comparison.base)
        );
        let bands = PICTURES.par_iter().map(|of| differences(comparison, reform, of, &note));
        let (bands, last) = rayon::join(
            || bands.collect::<Result<Vec<_>, Unmade>>(),
            || waterfall(reform, &format!("{}_waterfall", about.name), &note),
        );
        Ok::<_, Unmade>(bands?.into_iter().chain([last?]).flatten().collect::<Vec<_>>())
    };
    let drawn: Result<Vec<_>, Unmade> = comparison.reforms.par_iter().map(of_reform).collect();
    Ok(drawn?.into_iter().flatten().map(|(name, bytes)| (format!("plots/{name}"), bytes)).collect())
}

/// The paired difference of one metric; nothing where no region differs.
fn differences(
    comparison: &Comparison,
    reform: &Reform,
    &(metric, title, axis, is_share): &(Metric, &'static str, &'static str, bool),
    note: &str,
) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let run = &comparison.base.parameters.run;
    let clock = Clock::of(run);
    let point = |(tick, pair): (i32, Paired)| {
        let [half, most] = BANDS.map(|share| pair.difference.half_width_at(share).unwrap_or(0.0));
        let mean = pair.difference.mean;
        (clock.days_behind(tick), [mean - most, mean - half, mean, mean + half, mean + most])
    };
    let names = comparison.base.region_names();
    let differing = names.iter().enumerate().filter_map(|(r, name)| {
        let history = reform.effects.grid.history(r, metric, "all");
        let differs = history.iter().any(|(_, pair)| pair.difference.mean != 0.0);
        differs.then(|| (name.as_str(), history.into_iter().map(point).collect::<Vec<_>>()))
    });
    let panels: Vec<_> = differing.collect();
    if panels.is_empty() {
        return Ok(Vec::new());
    }
    let words = comparison.attendance.words();
    let how = format!("{words} on common random numbers: the mean paired difference, and how well it is known.");
    let about = &reform.scenario.about;
    let name = format!("{}_{metric}", about.name);
    let legend = ["mean difference", "50 % interval", "95 % interval"];
    let banded = Banded { name: &name, title, how_to_read: &how, axis, is_share, legend, least: 0.0, panels };
    draw_bands(&banded, run.start.0, &about.title, note)
}

/// How absorbed work became displaced people in the world, without the reform and with it.
fn waterfall(reform: &Reform, name: &str, note: &str) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let Some(world) = reform.effects.became.last() else { return Ok(Vec::new()) };
    let mean = |pick: fn(&Paired) -> f64| Became(std::array::from_fn(|n| pick(&world[n])));
    let worlds = [("Base", mean(|pair| pair.base.mean)), ("Reform", mean(|pair| pair.reform.mean))];
    draw(&Waterfall {
        name,
        how_to_read: "In the world: means over the replicates, from the start to the end. Each bar begins where the one above it ends.",
        run: &reform.scenario.about.title,
        note,
        panels: worlds.map(|(name, became)| (name.to_owned(), became)).into(),
    })
}

fn manifest(comparison: &Comparison, files: &[(String, Vec<u8>)], only: &Only) -> Vec<u8> {
    let attendance = &comparison.attendance;
    let reform = |reform: &Reform| OfReform {
        world: World::of(&reform.scenario),
        acts: comparison.acts_in_words(reform),
        regions_it_names: touched(&comparison.base, &reform.scenario).into_iter().collect(),
    };
    let of = OfComparison {
        world: World::of(&comparison.base),
        kind: Kind::Comparison,
        replicates: attendance.words(),
        done: attendance.done.clone(),
        failed: attendance.failures.clone(),
        states: comparison.states.clone(),
        evidence_of_sweep: comparison.evidence.clone(),
        reforms: comparison.reforms.iter().map(reform).collect(),
        only: only.clone(),
        files: about(files),
    };
    Manifest::Comparison(of).bytes()
}
