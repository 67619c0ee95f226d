//! Bars: shares of variance with their intervals, and the tornado.

use super::super::axes::{Axis, Form, Scale};
use super::super::panel::{Frame, Look, legend};
use super::super::sheet::{Align, Colour, GREY, INK, PALETTE, Sheet, fit};
use super::{About, across, axis_below, begin};

/// One bar and the ends of its interval.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// Its end.
    pub value: f64,
    /// Lower and upper end of its interval.
    pub ends: (f64, f64),
}

/// Bars of one factor.
#[derive(Clone, Debug)]
pub struct Row {
    /// The factor.
    pub label: String,
    /// As many as the legend has names.
    pub bars: Vec<Bar>,
}

/// What an output is at both ends of a factor.
#[derive(Clone, Debug)]
pub struct Swing {
    /// The factor.
    pub label: String,
    /// Mean output where the factor is low, and the words of this end.
    pub low: (f64, String),
    /// Where it is high.
    pub high: (f64, String),
}

/// Room for names at the left.
const NAMES: f64 = 250.0;

/// Grouped horizontal bars.
pub fn bars(about: &About, rows: &[Row], names: &[&str], label: &str, is_share: bool) -> Sheet {
    let (mut sheet, whole) = begin(about);
    let looks: Vec<Look> = (0..names.len()).map(|n| Look { colour: PALETTE[n], dash: &[] }).collect();
    let entries: Vec<(&str, Look)> = names.iter().copied().zip(looks.iter().copied()).collect();
    let room = whole.right - whole.left;
    let taken =
        if names.len() > 1 { legend(&mut sheet, (whole.left, whole.top + 8.0), room, &entries, true) } else { 0.0 };
    let frame = frame(whole, taken);
    let factor = if is_share { 100.0 } else { 1.0 };
    let values = rows.iter().flat_map(|row| &row.bars).flat_map(|bar| [bar.value, bar.ends.0, bar.ends.1]);
    let Some(scale) = Scale::of(values.map(|value| value * factor), &axis(is_share, Some((0.0, 0.0))), 8) else {
        sheet.words("no data", frame.middle(), 13.0, Align::Middle);
        return sheet;
    };
    axis_below(&mut sheet, frame, &scale, label, true);
    let height = (frame.bottom - frame.top) / rows.len().max(1) as f64;
    let zero = across(frame, &scale, 0.0);
    for (place, row) in rows.iter().enumerate() {
        let top = frame.top + place as f64 * height;
        name(&mut sheet, frame, &row.label, top + height / 2.0, height);
        let thick = (height * 0.76 / row.bars.len().max(1) as f64).min(22.0);
        let first = top + height / 2.0 - thick * row.bars.len() as f64 / 2.0;
        for (n, (bar, look)) in row.bars.iter().zip(&looks).enumerate() {
            let y = first + (n as f64 + 0.5) * thick;
            let half = thick * 0.42;
            let end = across(frame, &scale, bar.value * factor);
            sheet.rectangle((zero.min(end), y - half), (zero.max(end), y + half), look.colour);
            let ends = [bar.ends.0, bar.ends.1].map(|end| across(frame, &scale, end * factor));
            sheet.line(&[(ends[0], y), (ends[1], y)], INK, 1.4, &[]);
            for x in ends {
                sheet.line(&[(x, y - half * 0.6), (x, y + half * 0.6)], INK, 1.4, &[]);
            }
        }
    }
    sheet.line(&[(zero, frame.top), (zero, frame.bottom)], GREY, 1.0, &[]);
    sheet
}

/// The tornado: for each factor what the output is where the factor is low, and where it is high.
pub fn tornado(about: &About, swings: &[Swing], middle: f64, label: &str, is_share: bool) -> Sheet {
    let (mut sheet, whole) = begin(about);
    let looks = [("where the factor is low", PALETTE[1]), ("where it is high", PALETTE[0])];
    let entries = looks.map(|(name, colour)| (name, Look { colour, dash: &[] }));
    let taken = legend(&mut sheet, (whole.left, whole.top + 8.0), whole.right - whole.left, &entries, true);
    let mut frame = frame(whole, taken);
    // the words of both ends stand at the right
    frame.right -= 210.0;
    let factor = if is_share { 100.0 } else { 1.0 };
    let values = swings.iter().flat_map(|swing| [swing.low.0, swing.high.0]).chain([middle]);
    let Some(scale) = Scale::of(values.map(|value| value * factor), &axis(is_share, None), 8) else {
        sheet.words("no data", frame.middle(), 13.0, Align::Middle);
        return sheet;
    };
    axis_below(&mut sheet, frame, &scale, label, true);
    let height = (frame.bottom - frame.top) / swings.len().max(1) as f64;
    let zero = across(frame, &scale, middle * factor);
    for (place, swing) in swings.iter().enumerate() {
        let y = frame.top + (place as f64 + 0.5) * height;
        name(&mut sheet, frame, &swing.label, y, height);
        let thick = (height * 0.36).min(13.0);
        // both ends can lie on one side of the mean: two half bars
        let mut half = |value: f64, from: f64, to: f64, colour: Colour| {
            let end = across(frame, &scale, value * factor);
            sheet.rectangle((zero.min(end), from), (zero.max(end), to), colour);
        };
        half(swing.low.0, y - thick, y, PALETTE[1]);
        half(swing.high.0, y, y + thick, PALETTE[0]);
        let words = fit(&format!("{} … {}", swing.low.1, swing.high.1), 12.0, false, 200.0);
        sheet.words(&words, (frame.right + 10.0, y), 12.0, Align::Left);
    }
    sheet.line(&[(zero, frame.top), (zero, frame.bottom)], INK, 1.0, &[]);
    sheet
}

fn frame(whole: Frame, taken: f64) -> Frame {
    Frame {
        left: whole.left + NAMES,
        top: whole.top + taken + 4.0,
        right: whole.right - 14.0,
        bottom: whole.bottom - 40.0,
    }
}

fn axis(is_share: bool, within: Option<(f64, f64)>) -> Axis {
    let form = if is_share { Form::Percent } else { Form::Amount };
    Axis { label: "", form, is_log: false, within, is_shared: true }
}

fn name(sheet: &mut Sheet, frame: Frame, label: &str, y: f64, height: f64) {
    let size = (height * 0.8).clamp(6.0, 14.0);
    let text = fit(label, size, false, NAMES - 14.0);
    sheet.words(&text, (frame.left - 10.0, y), size, Align::Right).colour = INK;
}
