//! Morris's plane: how much a factor matters against how much it depends on where and on what else.

use super::super::axes::{Axis, Form, Scale};
use super::super::panel::Frame;
use super::super::sheet::{Align, GREY, INK, PALETTE, Sheet, Words, fit};
use super::{About, across, axis_below, axis_left, begin, dot, up};

/// A factor in the plane.
#[derive(Clone, Debug)]
pub struct Place {
    /// The factor.
    pub label: String,
    /// Mean absolute effect, and half of the width of its interval.
    pub mu_star: (f64, f64),
    /// Standard deviation of the effect.
    pub sigma: f64,
}

/// The plane; below the line sigma is smaller than mu*.
pub fn plane(about: &About, places: &[Place], label: &str, is_share: bool) -> Sheet {
    let (mut sheet, whole) = begin(about);
    let frame = Frame {
        left: whole.left + 96.0,
        top: whole.top + 8.0,
        right: whole.right - 150.0,
        bottom: whole.bottom - 42.0,
    };
    let factor = if is_share { 100.0 } else { 1.0 };
    let form = if is_share { Form::Percent } else { Form::Amount };
    let axis = Axis { label: "", form, is_log: false, within: Some((0.0, 0.0)), is_shared: true };
    let ends = places.iter().map(|place| (place.mu_star.0 + place.mu_star.1) * factor);
    let (Some(x), Some(y)) =
        (Scale::of(ends, &axis, 8), Scale::of(places.iter().map(|place| place.sigma * factor), &axis, 7))
    else {
        sheet.words("no data", frame.middle(), 13.0, Align::Middle);
        return sheet;
    };
    axis_left(&mut sheet, frame, &y, 60.0);
    axis_below(&mut sheet, frame, &x, &format!("mean absolute effect (mu*), {label}"), true);
    let at = (whole.left + 8.0, frame.middle().1);
    let words = fit(&format!("spread of the effect (sigma), {label}"), 13.0, false, frame.bottom - frame.top);
    sheet.words(&words, at, 13.0, Align::Middle).is_upright = true;
    let equal = x.high.min(y.high);
    sheet.line(&[(frame.left, frame.bottom), (across(frame, &x, equal), up(frame, &y, equal))], GREY, 1.0, &[5.0, 4.0]);
    for place in places {
        let (low, high) = (place.mu_star.0 - place.mu_star.1, place.mu_star.0 + place.mu_star.1);
        let height = up(frame, &y, place.sigma * factor);
        let ends = [low, high].map(|end| (across(frame, &x, end.max(0.0) * factor), height));
        sheet.line(&ends, GREY, 1.2, &[]);
    }
    // names of the largest first: small ones crowd at the origin and give way
    let mut taken: Vec<[f64; 4]> = Vec::new();
    let mut order: Vec<&Place> = places.iter().collect();
    order.sort_by(|a, b| b.mu_star.0.total_cmp(&a.mu_star.0));
    for (rank, place) in order.into_iter().enumerate() {
        let at = (across(frame, &x, place.mu_star.0 * factor), up(frame, &y, place.sigma * factor));
        dot(&mut sheet, at, 5.0, PALETTE[0]);
        let is_free = |edges: &[f64; 4]| {
            let apart = |other: &[f64; 4]| {
                edges[0] >= other[2] || other[0] >= edges[2] || edges[1] >= other[3] || other[1] >= edges[3]
            };
            edges[2] < whole.right && edges[1] > whole.top && edges[3] < frame.bottom && taken.iter().all(apart)
        };
        let tries = [(9.0, -9.0), (9.0, 9.0), (9.0, -24.0), (9.0, 24.0), (9.0, -39.0), (9.0, -54.0)];
        let found = tries.into_iter().find_map(|(dx, dy)| {
            let text = place.label.clone();
            let at = (at.0 + dx, at.1 + dy);
            let words =
                Words { text, at, size: 13.0, align: Align::Left, colour: INK, is_bold: rank < 3, is_upright: false };
            is_free(&words.edges()).then_some(words)
        });
        if let Some(words) = found {
            taken.push(words.edges());
            let mine = sheet.words(&words.text, words.at, words.size, words.align);
            (mine.is_bold, mine.colour) = (words.is_bold, INK);
        }
    }
    sheet
}
