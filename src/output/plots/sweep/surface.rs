//! The response surface: what an output is for each pair of two factors' values.

use super::super::sheet::{Align, Colour, INK, PALE, Sheet, WHITE, fit};
use super::{About, begin};
use crate::output::kit::numbers::amount_or_decimals;
use crate::output::plots::letters::width_of;

/// Cells of two factors.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Name of the factor along the columns, and words of each column.
    pub across: (String, Vec<String>),
    /// Name of the factor along the rows, and words of each row, the lowest first.
    pub up: (String, Vec<String>),
    /// By row, then by column: the mean, where there is any point.
    pub cells: Vec<Vec<Option<f64>>>,
}

/// The surface as a map of colours with its numbers.
pub fn surface(about: &About, grid: &Grid, label: &str, is_share: bool) -> Sheet {
    let (mut sheet, whole) = begin(about);
    let known: Vec<f64> = grid.cells.iter().flatten().filter_map(|cell| *cell).collect();
    let least = known.iter().copied().fold(f64::INFINITY, f64::min);
    let most = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (left, top) = (whole.left + 190.0, whole.top + 14.0);
    let (right, bottom) = (whole.right - 10.0, whole.bottom - 46.0);
    let (columns, rows) = (grid.across.1.len().max(1) as f64, grid.up.1.len().max(1) as f64);
    let (width, height) = ((right - left) / columns, (bottom - top) / rows);
    for (row, cells) in grid.cells.iter().enumerate() {
        let y = bottom - (row as f64 + 1.0) * height;
        let word = fit(&grid.up.1[row], 12.5, false, 130.0);
        sheet.words(&word, (left - 8.0, y + height / 2.0), 12.5, Align::Right).colour = INK;
        for (column, cell) in cells.iter().enumerate() {
            let x = left + column as f64 * width;
            let (from, to) = ((x + 1.0, y + 1.0), (x + width - 1.0, y + height - 1.0));
            let Some(value) = *cell else {
                sheet.rectangle(from, to, PALE);
                continue;
            };
            let (colour, is_dark) = tint(value, least, most);
            sheet.rectangle(from, to, colour);
            let text = written(value, is_share);
            let size = 15.0_f64.min(height * 0.5);
            if width_of(&text, size, false) < width - 6.0 {
                let at = (x + width / 2.0, y + height / 2.0);
                sheet.words(&text, at, size, Align::Middle).colour = if is_dark { WHITE } else { INK };
            }
        }
    }
    for (column, word) in grid.across.1.iter().enumerate() {
        let at = (left + (column as f64 + 0.5) * width, bottom + 12.0);
        sheet.words(&fit(word, 12.5, false, width - 6.0), at, 12.5, Align::Middle).colour = INK;
    }
    let at = (f64::midpoint(left, right), bottom + 31.0);
    let words = sheet.words(&fit(&grid.across.0, 13.5, true, right - left), at, 13.5, Align::Middle);
    (words.is_bold, words.colour) = (true, INK);
    let at = (whole.left + 10.0, f64::midpoint(top, bottom));
    let words = sheet.words(&fit(&grid.up.0, 13.5, true, bottom - top), at, 13.5, Align::Middle);
    (words.is_bold, words.colour, words.is_upright) = (true, INK, true);
    sheet.words(&fit(label, 12.5, false, right - left), (left, top - 10.0), 12.5, Align::Left);
    sheet
}

/// A value with its colour's strength: pale to blue where all have one sign, from vermilion over white to blue where not.
fn tint(value: f64, least: f64, most: f64) -> (Colour, bool) {
    let mix = |light: Colour, dark: Colour, share: f64| {
        let one = |light: u8, dark: u8| {
            libm::round(f64::from(light) + (f64::from(dark) - f64::from(light)) * share.clamp(0.0, 1.0)) as u8
        };
        (one(light.0, dark.0), one(light.1, dark.1), one(light.2, dark.2))
    };
    let (blue, red, pale) = ((0x08, 0x30, 0x6B), (0x8A, 0x3B, 0x00), (0xF4, 0xF8, 0xFC));
    if least < 0.0 && most > 0.0 {
        let share = value.abs() / most.max(-least);
        (mix(pale, if value < 0.0 { red } else { blue }, share), share > 0.55)
    } else {
        let spread = most - least;
        let share = if spread > 0.0 { (value - least) / spread } else { 0.5 };
        (mix(pale, blue, share), share > 0.55)
    }
}

fn written(value: f64, is_share: bool) -> String {
    if is_share { format!("{} %", amount_or_decimals(value * 100.0)) } else { amount_or_decimals(value) }
}
