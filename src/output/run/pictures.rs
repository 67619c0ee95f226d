//! The pictures of a run.

use crate::economy::policy::Clock;
use crate::experiment::became::Became;
use crate::experiment::outcome::History;
use crate::observe::indicators::{Flows, Series};
use crate::output::kit::unmade::Unmade;
use crate::output::kit::words::{called, grain};
use crate::output::plots::waterfall::{Waterfall, draw as draw_waterfall, panels};
use crate::output::plots::{self, BandPoint, Banded, Ending, Theme, draw_chosen};
use crate::scenario::Scenario;

/// The pictures of a run, from what was recorded.
///
/// # Errors
/// What could not be drawn, in words.
pub fn pictures(scenario: &Scenario, series: &Series, flows: &Flows) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let parameters = &scenario.parameters;
    let run = &parameters.run;
    let title = &scenario.about.title;
    let note = note(scenario);
    let canvas = plots::Canvas {
        title,
        regions: &parameters.regions,
        names: &scenario.region_names(),
        start: run.start.0,
        days_per_tick: Clock::of(run).days,
        series,
        flows,
        persons: parameters.weights.range().1 as f64,
        note: &note,
    };
    let became = Became::of_series(series, parameters.regions.len());
    let (drawn, last) = rayon::join(|| plots::draw(&canvas), || waterfall(scenario, &became, &note));
    Ok(drawn?.into_iter().chain(last?).map(|(name, bytes)| (format!("plots/{name}"), bytes)).collect())
}

/// How absorbed work became displaced people.
fn waterfall(scenario: &Scenario, became: &[Became], note: &str) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    draw_waterfall(&Waterfall {
        name: "waterfall",
        how_to_read: "From the start to the end, in the world and where robots absorbed most. Each bar begins where the one above it ends.",
        run: &scenario.about.title,
        note,
        panels: panels(&scenario.region_names(), became),
    })
}

/// A line at the foot: which run, and how far to trust it.
fn note(scenario: &Scenario) -> String {
    let (name, title) = (&scenario.about.name, &scenario.about.title);
    let (seed, grain) = (scenario.parameters.run.seed, grain(scenario));
    format!("{name}: {title}. Seed {seed}, {grain}. Conditional on the scenario's assumptions; not a forecast.")
}

/// One series of a run alone.
pub fn chosen<'a>(scenario: &Scenario, history: &'a History, series: &Series) -> One<'a> {
    let clock = Clock::of(&scenario.parameters.run);
    let values = history.within(series, &scenario.parameters.regions);
    let points = values.into_iter().map(|(tick, value)| (clock.days_behind(tick), [value; 5])).collect();
    let how = format!("{history}, {}: one run, which another seed would make differ", history.metric.unit());
    One { history, how, legend: ["recorded", "", ""], points, note: note(scenario) }
}

/// One series with the words around it.
pub struct One<'a> {
    pub(in crate::output) history: &'a History,
    /// How to read it.
    pub(in crate::output) how: String,
    /// What the line, the dark and the pale band are called.
    pub(in crate::output) legend: [&'static str; 3],
    pub(in crate::output) points: Vec<BandPoint>,
    pub(in crate::output) note: String,
}

impl One<'_> {
    /// Draws it.
    ///
    /// # Errors
    /// It was not recorded, or what could not be drawn, in words.
    pub fn draw(
        self,
        scenario: &Scenario,
        themes: &[Theme],
        endings: &[Ending],
    ) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
        let History { metric, region, item } = self.history;
        if self.points.is_empty() {
            return Err(Unmade::Picture(format!("{} was not recorded in this result", self.history)));
        }
        let place = match (region.as_str(), item.as_str()) {
            ("all", "all") => "All regions together".to_owned(),
            ("all", item) => format!("All regions together, {item}"),
            (region, "all") => called(scenario, region).to_owned(),
            (region, item) => format!("{}, {item}", called(scenario, region)),
        };
        let name = file_name(self.history);
        let is_share = metric.unit() == "share";
        let banded = Banded {
            name: &name,
            title: &capital(metric.about()),
            how_to_read: &self.how,
            axis: if is_share { "%" } else { metric.unit() },
            is_share,
            legend: self.legend,
            least: 0.0,
            panels: vec![(&place, self.points)],
        };
        let start = scenario.parameters.run.start.0;
        draw_chosen(&banded, (start, &scenario.about.title, &self.note), themes, endings)
    }
}

/// "unemployment_rate-USA-courier": letters, digits, `_` and `-`.
fn file_name(history: &History) -> String {
    let metric = history.metric.to_string();
    let parts = [metric.as_str(), &history.region, &history.item];
    let is_whole = history.item == "all";
    let joined = parts[..if is_whole { 2 } else { 3 }].join("-");
    joined.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
