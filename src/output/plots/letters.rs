//! The bundled font, and how wide words are in it.

use crate::output::kit::unmade::Unmade;
use plotters::style::{FontDesc, FontFamily, FontStyle};
use std::sync::OnceLock;

/// The bundled font.
pub const REGULAR: &[u8] = include_bytes!("fonts/DejaVuSansCondensed-subset.ttf");
/// The same, heavier.
pub const BOLD: &[u8] = include_bytes!("fonts/DejaVuSansCondensed-Bold-subset.ttf");
/// The bundled font, and what a viewer of SVG may take instead, which is hardly wider as SVG sets it.
pub const FAMILY: &str = "DejaVu Sans Condensed, Arial, Helvetica, Liberation Sans, DejaVu Sans, sans-serif";

/// Makes the bundled font known to plotters, once.
pub fn register_fonts() -> Result<(), Unmade> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let register = |style, bytes| plotters::style::register_font(FAMILY, style, bytes).is_ok();
    let is_done = *DONE.get_or_init(|| register(FontStyle::Normal, REGULAR) && register(FontStyle::Bold, BOLD));
    if is_done { Ok(()) } else { Err(Unmade::Font) }
}

/// Width of words on the sheet.
pub fn width_of(text: &str, size: f64, is_bold: bool) -> f64 {
    let font = FontDesc::new(FontFamily::Name(FAMILY), size * 100.0, weight(is_bold));
    // without its font nothing is drawn at all, so the width does not matter
    font.layout_box(text).map_or(0.0, |((left, _), (right, _))| f64::from(right - left) / 100.0)
}

/// The face of the font.
pub fn weight(is_bold: bool) -> FontStyle {
    if is_bold { FontStyle::Bold } else { FontStyle::Normal }
}
