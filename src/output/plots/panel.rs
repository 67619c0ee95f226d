//! Panels: curves over time in a frame, alone or as small multiples, with their legend.

use super::axes::{Axis, Dates, Scale};
use super::sheet::{Align, Colour, DASHES, GREY, INK, PALE, PALETTE, Point, Sheet, WHITE, fit};
use crate::output::kit::numbers::amount;
use crate::output::plots::letters::width_of;

/// How a curve looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Its colour.
    pub colour: Colour,
    /// Its dashes.
    pub dash: &'static [f64],
}

impl Look {
    /// The look of the n-th curve: its own colour, and its own dashes.
    pub fn nth(place: usize) -> Look {
        Look { colour: PALETTE[place % PALETTE.len()], dash: DASHES[place % DASHES.len()] }
    }
}

/// Values over time.
#[derive(Clone, Debug)]
pub struct Curve {
    /// What it is called.
    pub label: String,
    /// How it looks.
    pub look: Look,
    /// Days since the start, and values; a value that is not a number breaks the curve.
    pub points: Vec<Point>,
}

/// Curves that share a frame.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Above the frame.
    pub title: String,
    /// From the first to the last, each above those before.
    pub curves: Vec<Curve>,
    /// Curves are added up and filled.
    pub is_stacked: bool,
    /// Behind the curves, the first lowest.
    pub bands: Vec<Band>,
    /// Curves that never come to so much are of a few agents, and are not drawn; zero to draw all.
    pub least: f64,
}

/// A band between two curves over time.
#[derive(Clone, Debug)]
pub struct Band {
    /// Its colour.
    pub colour: Colour,
    /// Days since the start, lower and upper end.
    pub points: Vec<(f64, f64, f64)>,
}

/// A rectangle on the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// Size of words at ticks.
const SMALL: f64 = 12.0;
/// Room for words at the left of a frame, for the label of its axis, for a title, and for dates.
const TICKS: f64 = 46.0;
const LABEL: f64 = 18.0;
const TITLE: f64 = 24.0;
const DATES: f64 = 20.0;
/// Width of curves.
const THICK: f64 = 1.7;

/// Draws panels side by side, in as many rows as needed.
pub fn grid(sheet: &mut Sheet, frame: Frame, panels: &[Panel], columns: usize, axis: &Axis, dates: &Dates) {
    let columns = columns.clamp(1, panels.len().max(1));
    let rows = panels.len().div_ceil(columns).max(1);
    let width = (frame.right - frame.left - LABEL) / columns as f64;
    let height = (frame.bottom - frame.top - DATES) / rows as f64;
    let drawn: Vec<Panel> = panels.iter().map(Panel::added_up).collect();
    let ticks = ((height - TITLE) / 26.0).clamp(2.0, 8.0) as usize;
    let everything = drawn.iter().flat_map(Panel::values);
    let shared = if axis.is_shared { Scale::of(everything, axis, ticks) } else { None };
    for (place, panel) in drawn.iter().enumerate() {
        let (row, column) = ((place / columns) as f64, (place % columns) as f64);
        let (left, top) = (frame.left + LABEL + column * width, frame.top + row * height);
        let own =
            Frame { left: left + TICKS, top: top + TITLE, right: left + width - 12.0, bottom: top + height - 8.0 };
        if place % columns == 0 {
            let at = (frame.left + 6.0, f64::midpoint(own.top, own.bottom));
            let label = fit(axis.label, SMALL, false, height - 6.0);
            sheet.words(&label, at, SMALL, Align::Middle).is_upright = true;
        }
        let has_dates = place + columns >= panels.len();
        let scale = shared.clone().or_else(|| Scale::of(panel.values(), axis, ticks));
        panel.draw(sheet, own, scale.as_ref(), dates, has_dates);
    }
}

impl Panel {
    fn values(&self) -> impl Iterator<Item = f64> {
        let ends = self.bands.iter().flat_map(|band| band.points.iter().flat_map(|point| [point.1, point.2]));
        self.curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.1)).chain(ends)
    }

    /// What stands there instead of curves that have nothing to show.
    fn instead(&self) -> Option<String> {
        let most = self.values().filter(|value| value.is_finite()).map(f64::abs).reduce(f64::max);
        match most {
            None => Some("no data".to_owned()),
            Some(0.0) => Some("none".to_owned()),
            Some(most) if most < self.least => Some(format!("at most {}: too few agents", amount(most))),
            Some(_) => None,
        }
    }

    fn draw(&self, sheet: &mut Sheet, own: Frame, scale: Option<&Scale>, dates: &Dates, has_dates: bool) {
        let title = fit(&self.title, 13.5, true, own.right - own.left + TICKS - 6.0);
        let words = sheet.words(&title, (own.left, own.top - 11.0), 13.5, Align::Left);
        (words.is_bold, words.colour) = (true, INK);
        draw_dates(sheet, own, dates, has_dates);
        let instead = self.instead();
        let (Some(scale), None) = (scale, &instead) else {
            // zero has no place on a logarithmic axis, but it is known
            let words = instead.as_deref().unwrap_or("none");
            sheet.words(&fit(words, 13.0, false, own.right - own.left), own.middle(), 13.0, Align::Middle);
            return;
        };
        draw_ticks(sheet, own, scale);
        let pieces = |curve: &Curve| own.pieces(&curve.points, scale, dates);
        for band in &self.bands {
            let side = |pick: fn(&(f64, f64, f64)) -> f64| -> Vec<Point> {
                let points: Vec<Point> = band.points.iter().map(|point| (point.0, pick(point))).collect();
                own.pieces(&points, scale, dates).concat()
            };
            let (upper, mut lower) = (side(|point| point.2), side(|point| point.1));
            lower.reverse();
            sheet.area([upper, lower].concat(), band.colour);
        }
        if self.is_stacked {
            // the highest first: each hides the lower part of the one above it
            for curve in self.curves.iter().rev() {
                for piece in pieces(curve) {
                    let mut outline = piece.clone();
                    outline.extend([(piece[piece.len() - 1].0, own.bottom), (piece[0].0, own.bottom)]);
                    sheet.area(outline, curve.look.colour);
                    sheet.line(&piece, WHITE, 1.0, &[]);
                }
            }
        } else {
            for curve in self.curves.iter().rev() {
                for piece in pieces(curve) {
                    draw_piece(sheet, &piece, curve.look);
                }
            }
        }
        sheet.line(&[(own.left, own.bottom), (own.right, own.bottom)], GREY, 1.0, &[]);
    }

    /// For stacks: every curve with those before it added; a value that is missing counts as zero.
    fn added_up(&self) -> Panel {
        let mut panel = self.clone();
        if !self.is_stacked {
            return panel;
        }
        let mut days: Vec<f64> =
            self.curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0)).collect();
        days.sort_by(f64::total_cmp);
        days.dedup();
        let mut sums = vec![0.0; days.len()];
        for curve in &mut panel.curves {
            for &(day, value) in &curve.points {
                let place = days.binary_search_by(|known| known.total_cmp(&day));
                if let (Ok(place), true) = (place, value.is_finite()) {
                    sums[place] += value.max(0.0);
                }
            }
            let is_missing = curve.points.is_empty();
            curve.points =
                if is_missing { Vec::new() } else { days.iter().copied().zip(sums.iter().copied()).collect() };
        }
        panel
    }

    /// Draws the panel with the names of curves at their right ends, which takes `room`.
    pub fn draw_named(&self, sheet: &mut Sheet, frame: Frame, room: f64, axis: &Axis, dates: &Dates) {
        let own = Frame {
            left: frame.left + LABEL + TICKS + 8.0,
            right: frame.right - room,
            bottom: frame.bottom - DATES,
            ..frame
        };
        let scale = Scale::of(self.values(), axis, 7);
        self.draw(sheet, own, scale.as_ref(), dates, true);
        let at = (frame.left + 6.0, own.middle().1);
        sheet.words(axis.label, at, SMALL, Align::Middle).is_upright = true;
        let Some(scale) = scale else { return };
        let end =
            |curve: &Curve| own.pieces(&curve.points, &scale, dates).last().and_then(|piece| piece.last().copied());
        // a curve without a place on the sheet is named at the foot
        let is_known = |curve: &Curve| curve.points.iter().any(|point| point.1.is_finite());
        let absent = |curve: &Curve| format!("{}: {}", curve.label, if is_known(curve) { "none" } else { "no data" });
        let mut ends: Vec<(Point, String, Colour)> = Vec::new();
        for curve in &self.curves {
            ends.push(match end(curve) {
                Some(point) => (point, curve.label.clone(), curve.look.colour),
                None => ((own.right, own.bottom), absent(curve), GREY),
            });
        }
        ends.sort_by(|one, other| one.0.1.total_cmp(&other.0.1));
        let heights: Vec<f64> = ends.iter().map(|(point, ..)| point.1).collect();
        for ((point, label, colour), y) in ends.iter().zip(spread(&heights, 17.0, own.top, own.bottom)) {
            sheet.line(&[*point, (own.right + 14.0, y)], PALE, 1.0, &[]);
            let label = fit(label, 13.0, true, room - 20.0);
            let words = sheet.words(&label, (own.right + 18.0, y), 13.0, Align::Left);
            (words.is_bold, words.colour) = (true, *colour);
        }
    }
}

/// Moves heights apart, in their order, so that each is at least `gap` below the last and all lie within.
fn spread(heights: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut placed: Vec<f64> = Vec::with_capacity(heights.len());
    for &height in heights {
        placed.push(placed.last().map_or(height.max(top), |last| height.max(last + gap)));
    }
    let mut limit = bottom;
    for height in placed.iter_mut().rev() {
        *height = height.min(limit);
        limit = *height - gap;
    }
    placed
}

impl Frame {
    /// Its middle.
    pub fn middle(&self) -> Point {
        (f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom))
    }

    fn across(&self, day: f64, dates: &Dates) -> f64 {
        let share = (day - dates.first) / (dates.last - dates.first);
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    /// The parts of a curve that can be shown, on the sheet.
    fn pieces(&self, points: &[Point], scale: &Scale, dates: &Dates) -> Vec<Vec<Point>> {
        let mut pieces = vec![Vec::new()];
        for &(day, value) in points {
            match (scale.place(value), pieces.last_mut()) {
                (Some(share), Some(piece)) => {
                    piece.push((self.across(day, dates), self.bottom - share * (self.bottom - self.top)));
                }
                _ => pieces.push(Vec::new()),
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }
}

fn draw_piece(sheet: &mut Sheet, piece: &[Point], look: Look) {
    if let [(x, y)] = *piece {
        // one record is a dot
        sheet.rectangle((x - 2.0, y - 2.0), (x + 2.0, y + 2.0), look.colour);
    }
    sheet.line(piece, look.colour, THICK, look.dash);
}

fn draw_ticks(sheet: &mut Sheet, own: Frame, scale: &Scale) {
    for (value, word) in &scale.ticks {
        let Some(share) = scale.place(*value) else { continue };
        let y = own.bottom - share * (own.bottom - own.top);
        sheet.line(&[(own.left, y), (own.right, y)], PALE, 1.0, &[]);
        sheet.words(&fit(word, SMALL, false, TICKS - 4.0), (own.left - 5.0, y), SMALL, Align::Right);
    }
}

fn draw_dates(sheet: &mut Sheet, own: Frame, dates: &Dates, has_words: bool) {
    sheet.line(&[(own.left, own.bottom), (own.right, own.bottom)], GREY, 1.0, &[]);
    for (day, word) in dates.ticks(own.right - own.left) {
        let x = own.across(day, dates);
        sheet.line(&[(x, own.bottom), (x, own.bottom + 4.0)], GREY, 1.0, &[]);
        if has_words {
            // never past the edge of the sheet
            let half = width_of(&word, SMALL, false) / 2.0;
            sheet.words(&word, (x.min(own.right + 10.0 - half), own.bottom + 13.0), SMALL, Align::Middle);
        }
    }
}

/// Names the looks, in rows as wide as the frame; gives the height they took.
pub fn legend(sheet: &mut Sheet, at: Point, width: f64, entries: &[(&str, Look)], is_filled: bool) -> f64 {
    let (mut x, mut y) = at;
    for &(label, look) in entries {
        let takes = 34.0 + width_of(label, 13.0, false) + 22.0;
        if x > at.0 && x + takes - 22.0 > at.0 + width {
            (x, y) = (at.0, y + 20.0);
        }
        if is_filled {
            sheet.rectangle((x, y - 6.0), (x + 28.0, y + 6.0), look.colour);
        } else {
            sheet.line(&[(x, y), (x + 28.0, y)], look.colour, THICK + 0.4, look.dash);
        }
        sheet.words(label, (x + 34.0, y), 13.0, Align::Left).colour = INK;
        x += takes;
    }
    y - at.1 + 20.0
}
