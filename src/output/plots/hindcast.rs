//! A history held against the model: what happened with its error, the model with its band, naive forecasts beside them.

use super::axes::{Axis, Form, Scale};
use super::chart::{self, BAND, Edges, SMALL};
use super::letters;
use super::render;
use super::sheet::{Align, Colour, GREY, INK, PALETTE, Sheet};
use crate::output::kit::unmade::Unmade;

pub use super::sheet::Point;

/// What the picture shows: places are years and values.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Title.
    pub title: String,
    /// How to read it.
    pub how_to_read: String,
    /// What goes up, with its unit.
    pub upward: String,
    /// What happened, each with how far up and down its error reaches.
    pub targets: Vec<(Point, f64)>,
    /// Mean of the model.
    pub model: Vec<Point>,
    /// Lower ends of its band.
    pub low: Vec<Point>,
    /// Upper ends.
    pub high: Vec<Point>,
    /// The forecast that the last value stays.
    pub last_value: Vec<Point>,
    /// The forecast that the last trend goes on.
    pub last_trend: Vec<Point>,
    /// A line at the foot.
    pub note: String,
}

/// Edges of the chart.
const FRAME: Edges = [120.0, 84.0, 1072.0, 668.0];

/// Draws it: (file name, bytes), as SVG and as PNG.
///
/// # Errors
/// If the bundled font cannot be read, or a PNG cannot be encoded.
pub fn draw_hindcast(name: &str, picture: &Picture) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    letters::register_fonts()?;
    render::both(name, &sheet(picture))
}

/// What happened grew or shrank so much that a plain axis would hide its beginning.
const WIDE: f64 = 20.0;

/// Do the values of what happened lie so far apart?
fn is_wide(picture: &Picture) -> bool {
    let values = || picture.targets.iter().map(|((_, value), _)| *value);
    let (low, high) = values().fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    low > 0.0 && high > WIDE * low
}

fn sheet(picture: &Picture) -> Sheet {
    let mut sheet = chart::titled(&picture.title, &picture.how_to_read, &picture.note);
    let [left, top, right, bottom] = FRAME;
    let is_log = is_wide(picture);
    let within = (!is_log).then_some((0.0, 0.0));
    let axis = Axis { label: "", form: Form::Amount, is_log, within, is_shared: false };
    let curves = [&picture.model, &picture.low, &picture.high, &picture.last_value, &picture.last_trend];
    let all = || curves.iter().flat_map(|curve| curve.iter().copied());
    let values = all().map(|point| point.1).chain(picture.targets.iter().map(|((_, value), error)| value + error));
    let years = || all().map(|point| point.0).chain(picture.targets.iter().map(|((year, _), _)| *year));
    let Some(upward) = Scale::of(values, &axis, 8) else { return sheet };
    let (first, last) = years().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), year| (a.min(year), b.max(year)));
    let x = |year: f64| left + (year - first) / (last - first).max(1.0) * (right - left);
    let y = |value: f64| chart::height_of(&upward, FRAME, value);
    let place = |points: &[Point]| -> Vec<Point> { points.iter().map(|(year, value)| (x(*year), y(*value))).collect() };
    chart::grid_upward(&mut sheet, &upward, FRAME);
    let mut year = first;
    while year <= last {
        chart::tick_across(&mut sheet, x(year), bottom, &format!("{year:.0}"));
        year += 1.0;
    }
    let mut band = place(&picture.low);
    band.extend(place(&picture.high).into_iter().rev());
    sheet.area(band, BAND);
    sheet.line(&[(left, bottom), (right, bottom)], GREY, 1.0, &[]);
    let mut labels: Vec<(Point, &str, Colour)> = Vec::new();
    for (curve, name, colour, dash) in [
        (&picture.last_value, "last value", PALETTE[1], &[7.0, 3.0][..]),
        (&picture.last_trend, "last trend", PALETTE[3], &[2.0, 2.5]),
        (&picture.model, "model", PALETTE[0], &[]),
    ] {
        let points = place(curve);
        sheet.line(&points, colour, 2.0, dash);
        labels.extend(points.last().map(|end| (*end, name, colour)));
    }
    for ((year, value), error) in &picture.targets {
        let (across, up) = (x(*year), y(*value));
        sheet.line(&[(across, y(value - error)), (across, y(value + error))], INK, 1.5, &[]);
        sheet.rectangle((across - 4.0, up - 4.0), (across + 4.0, up + 4.0), INK);
    }
    // names at the ends of curves, apart from each other
    labels.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
    let mut free = top;
    for ((across, up), name, colour) in labels {
        let at = up.max(free);
        sheet.words(name, (across + 12.0, at), SMALL, Align::Left).colour = colour;
        free = at + SMALL + 3.0;
    }
    let equal_ratios = if is_log { ", equal distances are equal ratios" } else { "" };
    chart::label_upward(&mut sheet, &format!("{}{equal_ratios}", picture.upward), FRAME);
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_that_grows_a_thousandfold_shows_its_beginning() {
        let grown = |end: f64| Picture {
            title: "a title".to_owned(),
            how_to_read: String::new(),
            upward: "robots".to_owned(),
            targets: vec![((2013.0, 1e3), 1e2), ((2019.0, libm::sqrt(1e3 * end)), 1e3), ((2025.0, end), 1e3)],
            model: vec![(2014.0, 2e3), (2025.0, end)],
            low: vec![(2014.0, 1e3), (2025.0, end)],
            high: vec![(2014.0, 3e3), (2025.0, end)],
            last_value: Vec::new(),
            last_trend: Vec::new(),
            note: String::new(),
        };
        let says = |picture: &Picture| sheet(picture).all_words().any(|words| words.text.contains("equal ratios"));
        // a thousandfold, and tenfold
        assert!(is_wide(&grown(1e6)) && says(&grown(1e6)));
        assert!(!is_wide(&grown(1e4)) && !says(&grown(1e4)));
        sheet(&grown(1e6)).assert_holds_its_words();
    }

    #[test]
    fn every_word_stands_on_the_sheet_and_no_two_names_on_each_other() {
        let line = |end: f64| vec![(2018.0, 1.0e6), (2020.0, end)];
        let picture = Picture {
            title: "a title".to_owned(),
            how_to_read: String::new(),
            upward: "persons".to_owned(),
            targets: vec![((2015.0, 0.8e6), 4e4), ((2020.0, 1.4e6), 7e4)],
            model: line(1.4e6),
            low: line(1.3e6),
            high: line(1.5e6),
            last_value: line(1.39e6),
            last_trend: line(1.41e6),
            note: String::new(),
        };
        let sheet = sheet(&picture);
        let names: Vec<f64> =
            ["model", "last value", "last trend"].map(|name| place_of(&sheet, name)).into_iter().collect();
        for (n, one) in names.iter().enumerate() {
            assert!(names[n + 1..].iter().all(|other| (one - other).abs() > SMALL), "{names:?}");
        }
        sheet.assert_holds_its_words();
        let years = sheet.all_words().filter(|words| words.text.starts_with("20")).count();
        assert_eq!(years, 6);
    }

    fn place_of(sheet: &Sheet, name: &str) -> f64 {
        sheet.all_words().find(|words| words.text == name).unwrap().at.1
    }
}
