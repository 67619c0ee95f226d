//! Pictures with bands: what the replicates have in common and by how much they differ.

use super::axes::{Axis, Dates, Form};
use super::letters;
use super::panel::{Band, Curve, Look, Panel, grid, legend};
use super::pictures::{body, columns};
use super::render;
use super::sheet::{Align, Colour, GREY, INK, MARGIN, SIZE, Sheet, fit};
use crate::output::kit::unmade::Unmade;
use crate::output::kit::words::plain_name;
use chrono::NaiveDate;

/// Values with bands: one panel a region.
pub struct Banded<'a> {
    /// File name without its ending.
    pub name: &'a str,
    /// Title of the picture.
    pub title: &'a str,
    /// How to read it.
    pub how_to_read: &'a str,
    /// What is measured, with its unit.
    pub axis: &'static str,
    /// Is it a share, to be shown in per cent?
    pub is_share: bool,
    /// What the line, the dark and the pale band are called; two empty words where there are no bands.
    pub legend: [&'static str; 3],
    /// What never comes to so much is of a few agents, and is not drawn; zero to draw all.
    pub least: f64,
    /// Codes of regions, each with its course.
    pub panels: Vec<(&'a str, Vec<BandPoint>)>,
}

/// Days since the start, and where the pale band, the dark band, the line and again both bands lie, from below.
pub type BandPoint = (f64, [f64; 5]);

/// Nine tenths, the middle half, and the line in the middle.
pub(super) const TINTS: [Colour; 2] = [(0xD4, 0xE6, 0xF2), (0x8F, 0xC0, 0xDF)];

/// Draws a picture with bands: (file name, bytes), as SVG and as PNG.
///
/// # Errors
/// If the bundled font cannot be read, or a PNG cannot be written to the temporary folder.
pub fn draw_bands(banded: &Banded, start: NaiveDate, run: &str, note: &str) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    letters::register_fonts()?;
    let sheet = sheet(banded, start, run, note);
    render::both(banded.name, &sheet)
}

pub(super) fn sheet(banded: &Banded, start: NaiveDate, run: &str, note: &str) -> Sheet {
    let mut sheet = Sheet::default();
    let right = SIZE.0 - MARGIN;
    let words = sheet.words(banded.title, (MARGIN, 26.0), 22.0, Align::Left);
    (words.is_bold, words.colour) = (true, INK);
    let taken = words.edges()[2] + 24.0;
    sheet.words(&fit(run, 13.0, false, right - taken), (right, 27.0), 13.0, Align::Right);
    let how = fit(banded.how_to_read, 13.5, false, right - MARGIN);
    sheet.words(&how, (MARGIN, 52.0), 13.5, Align::Left).colour = GREY;
    sheet.words(&fit(note, 12.0, false, right - MARGIN), (MARGIN, SIZE.1 - 15.0), 12.0, Align::Left);
    let [middle, dark, pale] = banded.legend;
    let has_bands = !dark.is_empty();
    let factor = if banded.is_share { 100.0 } else { 1.0 };
    let line = Look { dash: &[], ..Look::nth(0) };
    let panel = |(code, values): &(&str, Vec<(f64, [f64; 5])>)| {
        let band = |colour, low: usize, high: usize| Band {
            colour,
            points: values.iter().map(|(day, q)| (*day, q[low] * factor, q[high] * factor)).collect(),
        };
        Panel {
            title: plain_name(code).to_owned(),
            curves: vec![Curve {
                label: banded.legend[0].to_owned(),
                look: line,
                points: values.iter().map(|(day, q)| (*day, q[2] * factor)).collect(),
            }],
            is_stacked: false,
            least: banded.least * factor,
            bands: if has_bands { vec![band(TINTS[0], 0, 4), band(TINTS[1], 1, 3)] } else { Vec::new() },
        }
    };
    let panels: Vec<Panel> = banded.panels.iter().map(panel).collect();
    let entries = [(middle, line)];
    let mut taken = legend(&mut sheet, (MARGIN, 80.0), SIZE.0 - 2.0 * MARGIN, &entries, false);
    let tints = [(dark, TINTS[1]), (pale, TINTS[0])];
    let entries = tints.map(|(label, colour)| (label, Look { colour, dash: &[] }));
    if has_bands {
        taken = taken.max(legend(&mut sheet, (MARGIN + 190.0, 80.0), SIZE.0 - 260.0, &entries, true));
    }
    let form = if banded.is_share { Form::Percent } else { Form::Amount };
    let axis = Axis { label: banded.axis, form, is_log: false, within: Some((0.0, 0.0)), is_shared: false };
    let day = |values: &Vec<(f64, [f64; 5])>| values.last().map_or(0.0, |last| last.0);
    let last = banded.panels.iter().map(|(_, values)| day(values)).fold(1.0, f64::max);
    let dates = Dates { start, days_per_tick: 1.0, first: 0.0, last };
    grid(&mut sheet, body(80.0 + taken - 4.0), &panels, columns(panels.len()), &axis, &dates);
    sheet
}
