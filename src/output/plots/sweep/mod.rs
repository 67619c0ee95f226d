//! Pictures of a sweep: what each factor does to an output, alone and with others.

mod bars;
mod cloud;
mod effects;
mod plane;
mod surface;
#[cfg(test)]
mod tests;

pub use bars::{Bar, Row, Swing, bars, tornado};
pub use cloud::{Cloud, Side, cloud};
pub use effects::{Effect, Spot, main_effects};
pub use plane::{Place, plane};
pub use surface::{Grid, surface};

use super::axes::Scale;
use super::letters;
use super::panel::Frame;
use super::render;
pub use super::sheet::Sheet;
use crate::output::kit::unmade::Unmade;

use super::sheet::{Align, GREY, INK, MARGIN, PALE, Point, SIZE, fit};

/// What stands around every picture.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// Title of the picture.
    pub title: &'a str,
    /// Name of the sweep, in the upper right corner.
    pub sweep: &'a str,
    /// How to read it.
    pub how_to_read: &'a str,
    /// A line at the foot: which table, and how far to trust it.
    pub note: &'a str,
}

/// Size of words at ticks.
const SMALL: f64 = 12.0;

/// A sheet with its words, and the frame that is left.
fn begin(about: &About) -> (Sheet, Frame) {
    // widths need the font; where it cannot be read, drawing says so
    let _ = letters::register_fonts();
    let mut sheet = Sheet::default();
    let right = SIZE.0 - MARGIN;
    // a long title is set smaller
    let room = (right - MARGIN) * 0.86;
    let size =
        [22.0, 19.0].into_iter().find(|&size| letters::width_of(about.title, size, true) <= room).unwrap_or(17.0);
    let title = fit(about.title, size, true, room);
    let words = sheet.words(&title, (MARGIN, 26.0), size, Align::Left);
    (words.is_bold, words.colour) = (true, INK);
    let taken = words.edges()[2] + 24.0;
    sheet.words(&fit(about.sweep, 13.0, false, right - taken), (right, 27.0), 13.0, Align::Right);
    let how = fit(about.how_to_read, 13.5, false, right - MARGIN);
    sheet.words(&how, (MARGIN, 52.0), 13.5, Align::Left).colour = GREY;
    sheet.words(&fit(about.note, SMALL, false, right - MARGIN), (MARGIN, SIZE.1 - 15.0), SMALL, Align::Left);
    (sheet, Frame { left: MARGIN, top: 74.0, right, bottom: SIZE.1 - 34.0 })
}

/// The sheet as files: SVG to print and PNG to paste.
///
/// # Errors
/// If the bundled font cannot be read, or a PNG cannot be encoded.
pub fn files(name: &str, sheet: &Sheet) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    letters::register_fonts()?;
    render::both(name, sheet)
}

/// Where a number is, from left to right; numbers beyond the ends are at them.
fn across(frame: Frame, scale: &Scale, value: f64) -> f64 {
    let held = value.clamp(scale.low, scale.high);
    frame.left + scale.place(held).unwrap_or(0.0) * (frame.right - frame.left)
}

/// Where a number is, from below to above.
fn up(frame: Frame, scale: &Scale, value: f64) -> f64 {
    let held = value.clamp(scale.low, scale.high);
    frame.bottom - scale.place(held).unwrap_or(0.0) * (frame.bottom - frame.top)
}

/// Grid, ticks and label of the axis below a frame; words that would touch the one before are left out.
fn axis_below(sheet: &mut Sheet, frame: Frame, scale: &Scale, label: &str, has_grid: bool) {
    let mut taken = f64::NEG_INFINITY;
    for (value, word) in &scale.ticks {
        let Some(share) = scale.place(*value) else { continue };
        let x = frame.left + share * (frame.right - frame.left);
        let from = if has_grid { frame.top } else { frame.bottom };
        sheet.line(&[(x, from), (x, frame.bottom + 4.0)], PALE, 1.0, &[]);
        let half = letters::width_of(word, SMALL, false) / 2.0;
        if x - half > taken + 4.0 && x + half <= SIZE.0 - 2.0 {
            sheet.words(word, (x, frame.bottom + 13.0), SMALL, Align::Middle);
            taken = x + half;
        }
    }
    sheet.line(&[(frame.left, frame.bottom), (frame.right, frame.bottom)], GREY, 1.0, &[]);
    if !label.is_empty() {
        let room = frame.right - frame.left;
        let at = (f64::midpoint(frame.left, frame.right), frame.bottom + 30.0);
        sheet.words(&fit(label, SMALL + 1.0, false, room), at, SMALL + 1.0, Align::Middle);
    }
}

/// Grid and ticks of the axis at the left of a frame.
fn axis_left(sheet: &mut Sheet, frame: Frame, scale: &Scale, room: f64) {
    for (value, word) in &scale.ticks {
        let Some(share) = scale.place(*value) else { continue };
        let y = frame.bottom - share * (frame.bottom - frame.top);
        sheet.line(&[(frame.left, y), (frame.right, y)], PALE, 1.0, &[]);
        sheet.words(&fit(word, SMALL, false, room), (frame.left - 6.0, y), SMALL, Align::Right);
    }
}

/// A dot.
fn dot(sheet: &mut Sheet, at: Point, radius: f64, colour: super::sheet::Colour) {
    let corner = |n: u32| {
        let turns = f64::from(n) / 16.0;
        let (x, y) = (crate::ground::maths::cos_turns(turns), crate::ground::maths::cos_turns(turns - 0.25));
        (at.0 + radius * x, at.1 + radius * y)
    };
    sheet.area((0..16).map(corner).collect(), colour);
}
