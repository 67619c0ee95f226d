//! Points in the plane of two factors, and the frame of a box.

use super::super::axes::{Axis, Form, Scale};
use super::super::panel::{Frame, Look, legend};
use super::super::sheet::{Align, Colour, INK, PALETTE, Sheet, fit};
use super::{About, across, axis_below, axis_left, begin, up};

/// One of the two factors.
#[derive(Clone, Debug)]
pub struct Side {
    /// Its name and unit.
    pub label: String,
    /// Equal distances are equal ratios.
    pub is_log: bool,
    /// Least and most inside of the box, where it is limited.
    pub bounds: (Option<f64>, Option<f64>),
    /// By point.
    pub values: Vec<f64>,
}

/// Points, and which of them are cases.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// Along the sheet.
    pub across: Side,
    /// Up the sheet.
    pub up: Side,
    /// By point.
    pub is_case: Vec<bool>,
}

const OTHER: Colour = (0xBB, 0xBB, 0xBB);

/// The cloud with the frame of the box.
pub fn cloud(about: &About, cloud: &Cloud) -> Sheet {
    let (mut sheet, whole) = begin(about);
    let looks = [("it happens", PALETTE[1]), ("it does not", OTHER)];
    let entries = looks.map(|(name, colour)| (name, Look { colour, dash: &[] }));
    let taken = legend(&mut sheet, (whole.left, whole.top + 8.0), whole.right - whole.left, &entries, true);
    let frame = Frame {
        left: whole.left + 96.0,
        top: whole.top + taken + 6.0,
        right: whole.right - 40.0,
        bottom: whole.bottom - 42.0,
    };
    let scale = |side: &Side, ticks| {
        let axis = Axis { label: "", form: Form::Amount, is_log: side.is_log, within: None, is_shared: true };
        Scale::of(side.values.iter().copied(), &axis, ticks)
    };
    let (Some(x), Some(y)) = (scale(&cloud.across, 9), scale(&cloud.up, 8)) else {
        sheet.words("no data", frame.middle(), 13.0, Align::Middle);
        return sheet;
    };
    axis_left(&mut sheet, frame, &y, 60.0);
    axis_below(&mut sheet, frame, &x, &cloud.across.label, true);
    let at = (whole.left + 8.0, frame.middle().1);
    let label = fit(&cloud.up.label, 13.0, false, frame.bottom - frame.top);
    sheet.words(&label, at, 13.0, Align::Middle).is_upright = true;
    let radius = if cloud.is_case.len() > 3_000 { 1.6 } else { 2.6 };
    // cases above the others
    for wanted in [false, true] {
        for (n, &is_case) in cloud.is_case.iter().enumerate().filter(|(_, is_case)| **is_case == wanted) {
            let (x, y) = (across(frame, &x, cloud.across.values[n]), up(frame, &y, cloud.up.values[n]));
            let colour = if is_case { PALETTE[1] } else { OTHER };
            sheet.rectangle((x - radius, y - radius), (x + radius, y + radius), colour);
        }
    }
    let left = cloud.across.bounds.0.map_or(frame.left, |low| across(frame, &x, low));
    let right = cloud.across.bounds.1.map_or(frame.right, |high| across(frame, &x, high));
    let bottom = cloud.up.bounds.0.map_or(frame.bottom, |low| up(frame, &y, low));
    let top = cloud.up.bounds.1.map_or(frame.top, |high| up(frame, &y, high));
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    sheet.line(&corners, INK, 2.4, &[]);
    sheet
}
