//! The pictures of a run: ten of them, and a waterfall, each as SVG (to print and to scale) and as PNG (to paste).
//!
//! A picture is first composed as a list of marks on a sheet of 1200 by 750 (`sheet`), from panels with
//! axes (`panel`, `axes`), and then drawn twice by plotters. Nothing here depends on the machine: the
//! font is bundled, and the same run gives the same bytes. Colours are those of Okabe and Ito, which
//! colour-blind readers can distinguish; lines differ in their dashes too.

mod axes;
mod bands;
mod chart;
mod chosen;
pub mod hindcast;
mod letters;
mod matrix;
mod panel;
mod pdf;
mod pictures;
mod render;
pub mod response;
mod sheet;
pub mod sweep;
#[cfg(test)]
mod tests;
pub mod waterfall;

pub use bands::{BandPoint, Banded, draw_bands};
pub use chosen::{Ending, Theme, draw_chosen};
pub use pictures::FEW;

use crate::observe::indicators::{Flows, Series};
use crate::output::kit::unmade::Unmade;
use rayon::prelude::*;
use sheet::Sheet;

use crate::output::kit::words::plain_name as plain;

/// What the pictures need to know of a run.
pub struct Canvas<'a> {
    /// Name of the run, in the upper right corner.
    pub title: &'a str,
    /// Codes of the regions, in the order of their indices.
    pub regions: &'a [String],
    /// What they are called, if not by their codes.
    pub names: &'a [String],
    /// First day of the first tick.
    pub start: chrono::NaiveDate,
    /// Length of a tick.
    pub days_per_tick: u64,
    /// What was recorded.
    pub series: &'a Series,
    /// Who paid whom.
    pub flows: &'a Flows,
    /// Most persons that an agent stands for.
    pub persons: f64,
    /// A line at the foot of every picture: which run, and how far to trust it.
    pub note: &'a str,
}

/// Draws every picture, in parallel: (file name without folder, bytes), SVG and PNG of each.
///
/// # Errors
/// If the bundled font cannot be read, or a PNG cannot be encoded.
pub fn draw(canvas: &Canvas) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    letters::register_fonts()?;
    let both = |(name, sheet): &(&str, Sheet)| render::both(name, sheet);
    let drawn: Result<Vec<_>, Unmade> = pictures::all(canvas).par_iter().map(both).collect();
    Ok(drawn?.into_iter().flatten().collect())
}
