//! How the work that robots absorbed became people displaced: bars that begin where the one above them ends.

use super::sheet::{Align, Colour, GREY, INK, MARGIN, PALE, PALETTE, SIZE, Sheet, fit};
use super::{letters, render};
use crate::experiment::became::{Became, Step};
use crate::output::kit::numbers::quantity;
use crate::output::kit::unmade::Unmade;

/// The picture: its name without ending, its words, and a panel for each place or world.
pub struct Waterfall<'a> {
    /// File name without its ending.
    pub name: &'a str,
    /// How to read it.
    pub how_to_read: &'a str,
    /// Name of the run, in the upper right corner.
    pub run: &'a str,
    /// A line at the foot.
    pub note: &'a str,
    /// What each panel is called, and its path.
    pub panels: Vec<(String, Became)>,
}

/// Most panels.
pub const MOST: usize = 4;

/// Room for the names of steps, and for numbers at both ends.
const NAMES: f64 = 196.0;
const NUMBERS: f64 = 66.0;

/// Draws it: (file name, bytes), as SVG and as PNG.
///
/// # Errors
/// If the bundled font cannot be read, or a PNG cannot be encoded.
pub fn draw(waterfall: &Waterfall) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    letters::register_fonts()?;
    render::both(waterfall.name, &sheet(waterfall))
}

/// The panels of a result: the world, and the regions where robots absorbed most.
pub fn panels(names: &[String], regions: &[Became]) -> Vec<(String, Became)> {
    let mut most: Vec<usize> = (0..regions.len()).filter(|&r| regions[r].step(Step::Absorbed) > 0.0).collect();
    most.sort_by(|&a, &b| regions[b].step(Step::Absorbed).total_cmp(&regions[a].step(Step::Absorbed)));
    let world = ("World".to_owned(), crate::experiment::became::together(regions));
    let name = |&r: &usize| (names.get(r).map_or("", |name| super::plain(name)).to_owned(), regions[r]);
    std::iter::once(world).chain(most.iter().take(MOST - 1).map(name)).collect()
}

fn sheet(waterfall: &Waterfall) -> Sheet {
    let mut sheet = Sheet::default();
    let right = SIZE.0 - MARGIN;
    let title = "How absorbed work became displaced people";
    let words = sheet.words(title, (MARGIN, 26.0), 22.0, Align::Left);
    (words.is_bold, words.colour) = (true, INK);
    let taken = words.edges()[2] + 24.0;
    sheet.words(&fit(waterfall.run, 13.0, false, right - taken), (right, 27.0), 13.0, Align::Right);
    let how = fit(waterfall.how_to_read, 13.5, false, right - MARGIN);
    sheet.words(&how, (MARGIN, 52.0), 13.5, Align::Left).colour = GREY;
    sheet.words(&fit(waterfall.note, 12.0, false, right - MARGIN), (MARGIN, SIZE.1 - 15.0), 12.0, Align::Left);
    let (top, bottom) = (76.0, SIZE.1 - 34.0);
    let columns = if waterfall.panels.len() > 1 { 2 } else { 1 };
    let rows = waterfall.panels.len().div_ceil(columns).max(1);
    let (width, height) = ((right - MARGIN) / columns as f64, (bottom - top) / rows as f64);
    for (place, (name, became)) in waterfall.panels.iter().enumerate() {
        let (column, row) = ((place % columns) as f64, (place / columns) as f64);
        let corner = (MARGIN + column * width, top + row * height);
        panel(&mut sheet, corner, (width - 16.0, height - 14.0), name, became);
    }
    sheet
}

fn panel(sheet: &mut Sheet, (left, top): (f64, f64), (width, height): (f64, f64), name: &str, became: &Became) {
    let words = sheet.words(&fit(name, 14.0, true, width), (left, top + 9.0), 14.0, Align::Left);
    (words.is_bold, words.colour) = (true, INK);
    let bars = became.bars();
    let ends = bars.iter().flat_map(|&(from, to)| [from, to]);
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
    // what steps leave by rounding is nothing
    let low = if low > -1e-9 * high { 0.0 } else { low };
    if high - low <= 0.0 {
        sheet.words("none", (left + width / 2.0, top + height / 2.0), 13.0, Align::Middle);
        return;
    }
    let first = left + NAMES + if low < 0.0 { NUMBERS } else { 0.0 };
    let across = |value: f64| first + (value - low) / (high - low) * (left + width - NUMBERS - first);
    let (head, step) = (top + 24.0, (height - 24.0) / bars.len() as f64);
    let zero = across(0.0);
    sheet.line(&[(zero, head), (zero, head + step * bars.len() as f64)], PALE, 1.0, &[]);
    for (n, (step_of, (from, to))) in Step::ALL.into_iter().zip(bars).enumerate() {
        let (upper, middle) = (head + n as f64 * step, head + (n as f64 + 0.5) * step);
        let words = sheet.words(step_of.words(), (left + NAMES - 8.0, middle), 12.0, Align::Right);
        (words.is_bold, words.colour) = (step_of.is_sum(), INK);
        sheet.rectangle((across(from), upper + step * 0.16), (across(to), upper + step * 0.84), colour(step_of));
        // where the next one begins
        if n + 1 < bars.len() {
            let next = [(across(to), upper + step * 0.84), (across(to), upper + step * 1.16)];
            sheet.line(&next, GREY, 0.8, &[]);
        }
        let value = became.step(step_of);
        let shown = quantity(if step_of.is_sum() || value == 0.0 { value } else { -value }, "");
        sheet.words(&shown, (across(from.max(to)) + 5.0, middle), 12.0, Align::Left).colour = INK;
    }
}

fn colour(step: Step) -> Colour {
    match step {
        Step::Absorbed => PALETTE[0],
        Step::Displaced | Step::NotFound => PALETTE[1],
        Step::FoundAgain => PALETTE[2],
        _ => PALETTE[6],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waterfall_can_be_read_whatever_its_numbers_are() {
        let some = Became([8.2e6, 7.3e6, 0.4e6, 5.0e5, 4.1e5, 0.9e5]);
        let against = Became([1.0e6, -2.0e6, 2.5e6, 5.0e5, 4.1e5, 0.9e5]);
        let names: Vec<String> =
            ["A region with a name that is far too long for its panel", "USA", "IND"].map(str::to_owned).to_vec();
        for regions in [vec![some], vec![some, against], vec![some, against, Became::default()]] {
            let panels = panels(&names, &regions);
            let waterfall = Waterfall { name: "waterfall", how_to_read: "how", run: "a run", note: "a note", panels };
            super::super::tests::readable(&sheet(&waterfall), &format!("{} regions", regions.len()));
        }
    }
}
