//! Drawing a sheet as SVG and as PNG, with plotters and a bundled font.
//!
//! Plotters draws at whole pixels. So the SVG is drawn ten times as large and its header rewritten to the
//! nominal size, and a pixel of the PNG is the mean of four by four.

use super::letters::{FAMILY, weight};
use super::sheet::{Align, Colour, Mark, Point, SIZE, Sheet, WHITE, Words};
use crate::output::kit::unmade::Unmade;
use image::ImageEncoder;
use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontTransform, RGBColor, ShapeStyle, TextStyle};
use std::fmt::Display;

/// How much larger the SVG is drawn.
const FINE: u32 = 10;
/// How much larger the PNG is drawn.
const COARSE: u32 = 4;

/// The sheet as SVG and as PNG: (file name, bytes).
pub fn both(name: &str, sheet: &Sheet) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let (svg, png) = rayon::join(|| svg(sheet), || png(sheet));
    Ok(vec![(format!("{name}.svg"), svg?.into_bytes()), (format!("{name}.png"), png?)])
}

/// The sheet as SVG.
pub fn svg(sheet: &Sheet) -> Result<String, Unmade> {
    let (width, height) = size(FINE);
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, (width, height));
        paint(&mut backend, sheet, FINE, |backend, points, style| {
            backend.draw_path(points.iter().map(|&at| whole(at, FINE)), style).map_err(told)
        })?;
    }
    let large = format!("width=\"{width}\" height=\"{height}\"");
    let (width, height) = size(1);
    Ok(text.replacen(&large, &format!("width=\"{width}\" height=\"{height}\""), 1))
}

/// The sheet as PNG.
pub fn png(sheet: &Sheet) -> Result<Vec<u8>, Unmade> {
    let (width, height) = size(COARSE);
    let mut large = vec![0_u8; width as usize * height as usize * 3];
    {
        let mut backend = BitMapBackend::with_buffer(&mut large, (width, height));
        paint(&mut backend, sheet, COARSE, |backend, points, style| stroke(backend, points, style, COARSE))?;
    }
    // plotters encodes only into a file, and a full disk is no reason not to draw
    let mut out = Vec::new();
    let (width, height) = size(1);
    image::codecs::png::PngEncoder::new(&mut out)
        .write_image(&shrunk(&large), width, height, image::ColorType::Rgb8)
        .map_err(told)?;
    Ok(out)
}

fn size(scale: u32) -> (u32, u32) {
    (SIZE.0 as u32 * scale, SIZE.1 as u32 * scale)
}

fn told(error: impl Display) -> Unmade {
    Unmade::Picture(error.to_string())
}

fn whole(at: Point, scale: u32) -> (i32, i32) {
    let scale = f64::from(scale);
    (libm::round(at.0 * scale) as i32, libm::round(at.1 * scale) as i32)
}

fn rgb(colour: Colour) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}

/// Draws all marks on a backend; lines as it is told.
fn paint<B: DrawingBackend>(
    backend: &mut B,
    sheet: &Sheet,
    scale: u32,
    line: impl Fn(&mut B, &[Point], &ShapeStyle) -> Result<(), Unmade>,
) -> Result<(), Unmade> {
    let (width, height) = size(scale);
    backend.draw_rect((0, 0), (width as i32, height as i32), &rgb(WHITE), true).map_err(told)?;
    for mark in &sheet.marks {
        match mark {
            Mark::Line(points, colour, width) => {
                let style = rgb(*colour).stroke_width(libm::round(width * f64::from(scale)) as u32);
                line(backend, points, &style)?;
            }
            Mark::Area(points, colour) => {
                backend.fill_polygon(points.iter().map(|&at| whole(at, scale)), &rgb(*colour)).map_err(told)?;
            }
            Mark::Words(words) => write(backend, words, scale)?,
        }
    }
    backend.present().map_err(told)
}

fn write<B: DrawingBackend>(backend: &mut B, words: &Words, scale: u32) -> Result<(), Unmade> {
    let side = match words.align {
        Align::Left => HPos::Left,
        Align::Middle => HPos::Center,
        Align::Right => HPos::Right,
    };
    let font = FontDesc::new(FontFamily::Name(FAMILY), words.size * f64::from(scale), weight(words.is_bold));
    let font = if words.is_upright { font.transform(FontTransform::Rotate270) } else { font };
    let colour = rgb(words.colour);
    let style = TextStyle::from(font).color(&colour).pos(Pos::new(side, VPos::Center));
    // plotters centres bitmap words on a line a little below the middle of their letters
    let below = if scale == COARSE { words.size * 0.14 } else { 0.0 };
    let at = if words.is_upright { (words.at.0 + below, words.at.1) } else { (words.at.0, words.at.1 + below) };
    backend.draw_text(&words.text, &style, whole(at, scale)).map_err(told)
}

/// A line with flat ends and round joints: every pixel nearer to it than half its width.
///
/// Not plotters' own, which pinches thick lines at their joints.
fn stroke<B: DrawingBackend>(backend: &mut B, points: &[Point], style: &ShapeStyle, scale: u32) -> Result<(), Unmade> {
    let reach = f64::from(style.stroke_width) / 2.0;
    let colour = style.color.to_backend_color();
    let scale = f64::from(scale);
    for (place, pair) in points.windows(2).enumerate() {
        let (is_first, is_last) = (place == 0, place + 2 == points.len());
        let [(ax, ay), (bx, by)] = [pair[0], pair[1]].map(|(x, y)| (x * scale - 0.5, y * scale - 0.5));
        let (dx, dy) = (bx - ax, by - ay);
        let square = dx * dx + dy * dy;
        let span =
            |from: f64, to: f64| libm::floor(from.min(to) - reach) as i32..=libm::ceil(from.max(to) + reach) as i32;
        for y in span(ay, by) {
            for x in span(ax, bx) {
                let (px, py) = (f64::from(x) - ax, f64::from(y) - ay);
                let along = if square > 0.0 { (px * dx + py * dy) / square } else { 0.5 };
                if (is_first && along < 0.0) || (is_last && along > 1.0) {
                    continue;
                }
                let along = along.clamp(0.0, 1.0);
                let (ex, ey) = (px - along * dx, py - along * dy);
                if ex * ex + ey * ey <= reach * reach {
                    backend.draw_pixel((x, y), colour).map_err(told)?;
                }
            }
        }
    }
    Ok(())
}

/// The mean of every four by four pixels.
fn shrunk(large: &[u8]) -> Vec<u8> {
    let scale = COARSE as usize;
    let (width, height) = size(1);
    let mut small = Vec::with_capacity(width as usize * height as usize * 3);
    let row = width as usize * scale * 3;
    let mut sums = vec![0_u16; row];
    for block in large.chunks_exact(row * scale) {
        // four rows added up come first: neighbours in memory, which a machine adds many at a time
        sums.fill(0);
        for line in block.chunks_exact(row) {
            for (sum, &value) in sums.iter_mut().zip(line) {
                // four of 255 fit, and a sum that is checked goes one by one
                *sum = sum.wrapping_add(u16::from(value));
            }
        }
        for pixels in sums.chunks_exact(scale * 3) {
            for channel in 0..3 {
                let sum: u32 = pixels[channel..].iter().step_by(3).map(|&sum| u32::from(sum)).sum();
                small.push(((sum + COARSE * COARSE / 2) / (COARSE * COARSE)) as u8);
            }
        }
    }
    small
}
