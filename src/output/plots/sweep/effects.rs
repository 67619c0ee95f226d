//! Main effects: the mean output along each factor's range, whatever the others are.

use super::super::axes::{Axis, Form, Scale};
use super::super::panel::Frame;
use super::super::pictures::columns;
use super::super::sheet::{Align, Colour, INK, PALETTE, Sheet, fit};
use super::{About, across, axis_below, axis_left, begin, dot, up};

/// The mean at one place of a factor.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// Where, in the factor's own unit; the place of its word if it has words.
    pub at: f64,
    /// Mean output.
    pub mean: f64,
    /// Half of the width of its interval, where it is known.
    pub half_width: f64,
}

/// One factor's effect.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The factor, with its unit.
    pub label: String,
    /// Equal distances are equal ratios.
    pub is_log: bool,
    /// Mean outputs along it.
    pub spots: Vec<Spot>,
    /// Its words, if it has no numbers.
    pub words: Vec<String>,
}

const BAND: Colour = (0xC4, 0xDD, 0xEE);

/// Small multiples, one a factor, all with the same axis of the output.
pub fn main_effects(about: &About, effects: &[Effect], label: &str, is_share: bool) -> Sheet {
    let (mut sheet, whole) = begin(about);
    let columns = columns(effects.len());
    let rows = effects.len().div_ceil(columns).max(1);
    let factor = if is_share { 100.0 } else { 1.0 };
    let form = if is_share { Form::Percent } else { Form::Amount };
    let axis = Axis { label: "", form, is_log: false, within: None, is_shared: true };
    let ends = |spot: &Spot| [(spot.mean - spot.half_width) * factor, (spot.mean + spot.half_width) * factor];
    let height = (whole.bottom - whole.top) / rows as f64;
    let width = (whole.right - whole.left - 22.0) / columns as f64;
    let ticks = ((height - 60.0) / 30.0).clamp(2.0, 7.0) as usize;
    let Some(y) = Scale::of(effects.iter().flat_map(|effect| &effect.spots).flat_map(ends), &axis, ticks) else {
        sheet.words("no data", whole.middle(), 13.0, Align::Middle);
        return sheet;
    };
    let at = (whole.left + 6.0, whole.middle().1);
    sheet.words(&fit(label, 13.0, false, whole.bottom - whole.top), at, 13.0, Align::Middle).is_upright = true;
    for (place, effect) in effects.iter().enumerate() {
        let (left, top) =
            (whole.left + 22.0 + (place % columns) as f64 * width, whole.top + (place / columns) as f64 * height);
        let own = Frame { left: left + 52.0, top: top + 26.0, right: left + width - 16.0, bottom: top + height - 28.0 };
        let title = fit(&effect.label, 13.5, true, own.right - own.left + 44.0);
        let words = sheet.words(&title, (own.left - 40.0, own.top - 13.0), 13.5, Align::Left);
        (words.is_bold, words.colour) = (true, INK);
        axis_left(&mut sheet, own, &y, 46.0);
        one(&mut sheet, own, effect, &y, factor);
    }
    sheet
}

fn one(sheet: &mut Sheet, own: Frame, effect: &Effect, y: &Scale, factor: f64) {
    let axis = Axis { label: "", form: Form::Amount, is_log: effect.is_log, within: None, is_shared: false };
    let x = if effect.words.is_empty() {
        let room = ((own.right - own.left) / 60.0).clamp(2.0, 6.0) as usize;
        Scale::of(effect.spots.iter().map(|spot| spot.at), &axis, room)
    } else {
        let last = effect.words.len() as f64 - 0.5;
        let ticks = effect.words.iter().enumerate().map(|(n, word)| (n as f64, fit(word, 12.0, false, 90.0))).collect();
        Some(Scale { low: -0.5, high: last, is_log: false, ticks })
    };
    let Some(x) = x else { return };
    axis_below(sheet, own, &x, "", false);
    let at = |spot: &Spot, value: f64| (across(own, &x, spot.at), up(own, y, value * factor));
    if effect.words.is_empty() && effect.spots.len() > 1 {
        let upper = effect.spots.iter().map(|spot| at(spot, spot.mean + spot.half_width));
        let lower = effect.spots.iter().rev().map(|spot| at(spot, spot.mean - spot.half_width));
        sheet.area(upper.chain(lower).collect(), BAND);
        let middle: Vec<_> = effect.spots.iter().map(|spot| at(spot, spot.mean)).collect();
        sheet.line(&middle, PALETTE[0], 1.8, &[]);
    }
    for spot in &effect.spots {
        let ends = [at(spot, spot.mean - spot.half_width), at(spot, spot.mean + spot.half_width)];
        if !effect.words.is_empty() {
            sheet.line(&ends, PALETTE[0], 1.2, &[]);
        }
        dot(sheet, at(spot, spot.mean), 3.0, PALETTE[0]);
    }
}
