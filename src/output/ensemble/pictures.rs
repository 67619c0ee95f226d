//! The pictures of an ensemble: bands by region, and what became of absorbed work.

use crate::economy::policy::Clock;
use crate::experiment::became::Became;
use crate::experiment::ensemble::Attendance;
use crate::experiment::outcome::History;
use crate::observe::indicators::Metric;
use crate::output::kit::bands::{Histories, outer_in_words};
use crate::output::kit::unmade::Unmade;
use crate::output::kit::words::grain;
use crate::output::plots::waterfall::{Waterfall, draw as draw_waterfall, panels as waterfall_panels};
use crate::output::plots::{Banded, FEW, draw_bands};
use crate::output::run::pictures::One;
use crate::scenario::Scenario;
use rayon::prelude::*;

/// Pictures with bands: metric, title, label of the axis, is it a share?
const PICTURES: [(Metric, &str, &str, bool); 4] = [
    (Metric::Absorbed, "Work absorbed by robots, by region", "full-time equivalents", false),
    (Metric::DisplacedTotal, "People displaced since the start, by region", "persons", false),
    (Metric::UnemploymentRate, "Unemployment rate, by region", "% of the labour force", true),
    (Metric::RoyaltiesReceived, "Royalties received by workers, by region", "USD a week", false),
];

/// The pictures of an ensemble, by name within the folder.
///
/// # Errors
/// What could not be drawn, in words.
pub fn pictures(
    scenario: &Scenario,
    attendance: &Attendance,
    histories: &Histories,
    became: &[Became],
) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let about = &scenario.about;
    let run = &scenario.parameters.run;
    let (note, how, legend) =
        (note(scenario, attendance), how_to_read(attendance, ["dark", "pale"]), legend(attendance));
    let clock = Clock::of(run);
    let names = scenario.region_names();
    let bands = |&(metric, title, axis, is_share): &(Metric, &'static str, &'static str, bool)| {
        let panels = names.iter().enumerate().map(|(r, name)| {
            let key = (r as u16, metric);
            let history = histories.get(&key).map_or(&[][..], Vec::as_slice);
            let points = history.iter().map(|(tick, band)| (clock.days_behind(*tick), band.quantiles));
            (name.as_str(), points.collect())
        });
        let name = format!("bands_{metric}");
        let panels = panels.collect();
        // shares and dollars are not counted in agents
        let is_counted = ["persons", "full-time equivalents"].contains(&axis);
        let least = if is_counted { FEW * scenario.parameters.weights.range().1 as f64 } else { 0.0 };
        let banded = Banded { name: &name, title, how_to_read: &how, axis, is_share, legend, least, panels };
        draw_bands(&banded, run.start.0, &about.title, &note)
    };
    let waterfall = || match became {
        [] => Ok(Vec::new()),
        became => draw_waterfall(&Waterfall {
            name: "waterfall",
            how_to_read: "Means over the replicates, from the start to the end. Each bar begins where the one above it ends.",
            run: &about.title,
            note: &note,
            panels: waterfall_panels(&names, became),
        }),
    };
    let bands = || PICTURES.par_iter().map(bands).collect::<Result<Vec<_>, Unmade>>();
    let (bands, last) = rayon::join(bands, waterfall);
    let drawn = bands?.into_iter().chain([last?]).flatten();
    Ok(drawn.map(|(name, bytes)| (format!("plots/{name}"), bytes)).collect())
}

/// A line at the foot: which runs, and how far to trust them.
fn note(scenario: &Scenario, attendance: &Attendance) -> String {
    let (name, title) = (&scenario.about.name, &scenario.about.title);
    let (words, seed, grain) = (attendance.words(), scenario.parameters.run.seed, grain(scenario));
    format!(
        "{name}: {title}. {words}, seed {seed}; {grain}. Conditional on the scenario's assumptions; not a forecast."
    )
}

/// How to read the bands, the inner and the outer one, as they are called.
fn how_to_read(attendance: &Attendance, [inner, outer]: [&str; 2]) -> String {
    let (words, most) = (attendance.words(), outer_in_words(attendance.done.len()));
    let others = "the same scenario with other random numbers";
    format!("{words}: {others}. Half of them lie within the {inner} band, {most} within the {outer} one.")
}

fn legend(attendance: &Attendance) -> [&'static str; 3] {
    let pale = if outer_in_words(attendance.done.len()) == "nine tenths" { "middle nine tenths" } else { "nearly all" };
    ["median", "middle half", pale]
}

/// One series of an ensemble alone, with its bands; `histories` are those of its item.
pub fn chosen<'a>(
    scenario: &Scenario,
    attendance: &Attendance,
    history: &'a History,
    histories: &Histories,
) -> One<'a> {
    let clock = Clock::of(&scenario.parameters.run);
    let region = scenario.parameters.regions.iter().position(|name| *name == history.region);
    let bands = region.and_then(|region| histories.get(&(u16::try_from(region).ok()?, history.metric)));
    let bands = bands.map_or(&[][..], Vec::as_slice).iter();
    let points = bands.map(|(tick, band)| (clock.days_behind(*tick), band.quantiles)).collect();
    let how = format!("{history}, {}. {}", history.metric.unit(), how_to_read(attendance, ["inner", "outer"]));
    One { history, how, legend: legend(attendance), points, note: note(scenario, attendance) }
}
