//! A sheet with one chart: the words around it, and its axis upward.

use super::axes::Scale;
use super::sheet::{Align, Colour, GREY, INK, MARGIN, PALE, SIZE, Sheet, fit};

/// Of a band around a mean.
pub const BAND: Colour = (0xD4, 0xE6, 0xF2);
/// Height of words at ticks.
pub const SMALL: f64 = 13.0;

/// Left, upper, right and lower edge of a chart.
pub type Edges = [f64; 4];

/// A sheet with a title, how to read it, and a line at its foot.
pub fn titled(title: &str, how_to_read: &str, note: &str) -> Sheet {
    let mut sheet = Sheet::default();
    let width = SIZE.0 - 2.0 * MARGIN;
    let words = sheet.words(&fit(title, 22.0, true, width), (MARGIN, 26.0), 22.0, Align::Left);
    (words.is_bold, words.colour) = (true, INK);
    sheet.words(&fit(how_to_read, 13.5, false, width), (MARGIN, 54.0), 13.5, Align::Left);
    sheet.words(&fit(note, 12.0, false, width), (MARGIN, SIZE.1 - 15.0), 12.0, Align::Left);
    sheet
}

/// How far down a value of the axis upward lies.
pub fn height_of(scale: &Scale, [_, top, _, bottom]: Edges, value: f64) -> f64 {
    bottom - scale.place(value).unwrap_or(0.0) * (bottom - top)
}

/// Lines of the grid with their words, at the ticks of the axis upward.
pub fn grid_upward(sheet: &mut Sheet, scale: &Scale, edges: Edges) {
    let [left, _, right, _] = edges;
    for (value, word) in &scale.ticks {
        let up = height_of(scale, edges, *value);
        sheet.line(&[(left, up), (right, up)], PALE, 1.0, &[]);
        sheet.words(word, (left - 8.0, up), SMALL, Align::Right);
    }
}

/// A tick of the axis across, with its word.
pub fn tick_across(sheet: &mut Sheet, across: f64, bottom: f64, word: &str) {
    sheet.line(&[(across, bottom), (across, bottom + 5.0)], GREY, 1.0, &[]);
    sheet.words(word, (across, bottom + 16.0), SMALL, Align::Middle);
}

/// What goes up, at the left of the chart.
pub fn label_upward(sheet: &mut Sheet, words: &str, [_, top, _, bottom]: Edges) {
    let upright = fit(words, SMALL, false, bottom - top);
    sheet.words(&upright, (MARGIN + 8.0, f64::midpoint(top, bottom)), SMALL, Align::Middle).is_upright = true;
}
