//! A history held against the model: what happened with its error, the model with its band, naive forecasts beside them.

use super::axes::{Axis, Form, Scale};
use super::letters;
use super::render;
use super::sheet::{Align, Colour, GREY, INK, MARGIN, PALE, PALETTE, SIZE, Sheet, fit};
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

const BAND: Colour = (0xD4, 0xE6, 0xF2);
/// Edges of the frame, and the size of words at its ticks.
const FRAME: [f64; 4] = [120.0, 84.0, 1072.0, 668.0];
const SMALL: f64 = 13.0;

/// Draws it: (ending of the file's name, bytes), as SVG and as PNG.
///
/// # Errors
/// If the bundled font cannot be read, or a PNG cannot be encoded.
pub fn draw_hindcast(picture: &Picture) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    letters::register_fonts()?;
    let sheet = sheet(picture);
    Ok(vec![("svg".to_owned(), render::svg(&sheet)?.into_bytes()), ("png".to_owned(), render::png(&sheet)?)])
}

fn sheet(picture: &Picture) -> Sheet {
    let mut sheet = Sheet::default();
    let [left, top, right, bottom] = FRAME;
    let width = SIZE.0 - 2.0 * MARGIN;
    let words = sheet.words(&fit(&picture.title, 22.0, true, width), (MARGIN, 26.0), 22.0, Align::Left);
    (words.is_bold, words.colour) = (true, INK);
    sheet.words(&fit(&picture.how_to_read, 13.5, false, width), (MARGIN, 54.0), 13.5, Align::Left);
    sheet.words(&fit(&picture.note, 12.0, false, width), (MARGIN, SIZE.1 - 15.0), 12.0, Align::Left);
    let axis = Axis { label: "", form: Form::Amount, is_log: false, within: Some((0.0, 0.0)), is_shared: false };
    let curves = [&picture.model, &picture.low, &picture.high, &picture.last_value, &picture.last_trend];
    let all = || curves.iter().flat_map(|curve| curve.iter().copied());
    let values = all().map(|point| point.1).chain(picture.targets.iter().map(|((_, value), error)| value + error));
    let years = || all().map(|point| point.0).chain(picture.targets.iter().map(|((year, _), _)| *year));
    let Some(upward) = Scale::of(values, &axis, 8) else { return sheet };
    let (first, last) = years().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), year| (a.min(year), b.max(year)));
    let x = |year: f64| left + (year - first) / (last - first).max(1.0) * (right - left);
    let y = |value: f64| bottom - upward.place(value).unwrap_or(0.0) * (bottom - top);
    let place = |points: &[Point]| -> Vec<Point> { points.iter().map(|(year, value)| (x(*year), y(*value))).collect() };
    for (value, word) in &upward.ticks {
        sheet.line(&[(left, y(*value)), (right, y(*value))], PALE, 1.0, &[]);
        sheet.words(word, (left - 8.0, y(*value)), SMALL, Align::Right);
    }
    let mut year = first;
    while year <= last {
        sheet.line(&[(x(year), bottom), (x(year), bottom + 5.0)], GREY, 1.0, &[]);
        sheet.words(&format!("{year:.0}"), (x(year), bottom + 16.0), SMALL, Align::Middle);
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
    let upright = fit(&picture.upward, SMALL, false, bottom - top);
    sheet.words(&upright, (MARGIN + 8.0, f64::midpoint(top, bottom)), SMALL, Align::Middle).is_upright = true;
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for found in sheet.all_words() {
            let [left, top, right, bottom] = found.edges();
            assert!(left >= 0.0 && top >= 0.0 && right <= SIZE.0 && bottom <= SIZE.1, "{found:?} leaves the sheet");
        }
        let years = sheet.all_words().filter(|words| words.text.starts_with("20")).count();
        assert_eq!(years, 6);
    }

    fn place_of(sheet: &Sheet, name: &str) -> f64 {
        sheet.all_words().find(|words| words.text == name).unwrap().at.1
    }
}
