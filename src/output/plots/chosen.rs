//! One picture that somebody chose: for paper, for a dark page, or without colours.

use super::bands::sheet;
use super::sheet::{Colour, GREY, INK, Mark, PALE, PALETTE, SIZE, Sheet, WHITE};
use super::{Banded, letters, pdf, render};
use crate::output::kit::unmade::Unmade;
use chrono::NaiveDate;

/// On what a picture is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// White, as all pictures of a result.
    Light,
    /// A dark page or slide.
    Dark,
    /// Paper, in greys alone.
    Print,
}

/// What a picture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Lines, to print and to scale.
    Svg,
    /// Pixels, to paste.
    Png,
    /// A page, for papers.
    Pdf,
}

impl Ending {
    /// What the file's name ends with, after a point.
    pub const fn name(self) -> &'static str {
        match self {
            Ending::Svg => "svg",
            Ending::Png => "png",
            Ending::Pdf => "pdf",
        }
    }
}

/// The dark page.
const NIGHT: Colour = (0x14, 0x17, 0x1A);

/// What becomes of colours on it: they are as far from it as they were from white.
const AT_NIGHT: [(Colour, Colour); 7] = [
    (WHITE, NIGHT),
    (INK, (0xF2, 0xF2, 0xF2)),
    (GREY, (0xB4, 0xB4, 0xB4)),
    (PALE, (0x36, 0x3A, 0x3E)),
    (PALETTE[0], (0x56, 0xB4, 0xE9)),
    (super::bands::TINTS[0], (0x1C, 0x33, 0x42)),
    (super::bands::TINTS[1], (0x2C, 0x58, 0x74)),
];

impl Theme {
    /// What is added to the name of a file.
    pub const fn suffix(self) -> &'static str {
        match self {
            Theme::Light => "",
            Theme::Dark => "-dark",
            Theme::Print => "-print",
        }
    }

    fn colour(self, colour: Colour) -> Colour {
        match self {
            Theme::Light => colour,
            Theme::Dark => AT_NIGHT.iter().find(|(day, _)| *day == colour).map_or(colour, |(_, night)| *night),
            Theme::Print => grey(colour),
        }
    }

    /// The sheet in the colours of the theme.
    fn of(self, sheet: &Sheet) -> Sheet {
        let mut themed = Sheet::default();
        if self == Theme::Dark {
            themed.rectangle((0.0, 0.0), SIZE, NIGHT);
        }
        themed.marks.extend(sheet.marks.iter().cloned().map(|mark| match mark {
            Mark::Line(points, colour, width) => Mark::Line(points, self.colour(colour), width),
            Mark::Area(points, colour) => Mark::Area(points, self.colour(colour)),
            Mark::Words(mut words) => {
                words.colour = self.colour(words.colour);
                Mark::Words(words)
            }
        }));
        themed
    }
}

/// A grey as bright as a colour is to the eye (the luma of ITU-R BT.601), in thousandths.
fn grey((red, green, blue): Colour) -> Colour {
    let luma = (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) + 500) / 1000;
    let luma = u8::try_from(luma).unwrap_or(u8::MAX);
    (luma, luma, luma)
}

/// Draws a picture in every theme and as every kind of file that is asked for: (file name, bytes).
///
/// # Errors
/// If the bundled font cannot be read, or a PNG cannot be encoded.
pub fn draw_chosen(
    banded: &Banded,
    (start, run, note): (NaiveDate, &str, &str),
    themes: &[Theme],
    endings: &[Ending],
) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    letters::register_fonts()?;
    let day = sheet(banded, start, run, note);
    let mut drawn = Vec::new();
    for &theme in themes {
        let sheet = theme.of(&day);
        for &ending in endings {
            let bytes = match ending {
                Ending::Svg => render::svg(&sheet)?.into_bytes(),
                Ending::Png => render::png(&sheet)?,
                Ending::Pdf => pdf::pdf(&sheet),
            };
            drawn.push((format!("{}{}.{}", banded.name, theme.suffix(), ending.name()), bytes));
        }
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast as the rules for accessible pages (WCAG 2) define it.
    fn contrast(one: Colour, other: Colour) -> f64 {
        let part = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
        };
        let light = |(red, green, blue): Colour| 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
        let (one, other) = (light(one) + 0.05, light(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn words_and_lines_are_read_in_every_theme() {
        for theme in [Theme::Light, Theme::Dark, Theme::Print] {
            let paper = theme.colour(WHITE);
            for words in [INK, GREY] {
                assert!(contrast(theme.colour(words), paper) > 4.5, "{theme:?}: {words:?}");
            }
            let [pale, dark] = super::super::bands::TINTS.map(|tint| theme.colour(tint));
            assert!(contrast(theme.colour(PALETTE[0]), dark) > 2.0, "{theme:?}: the line in its band");
            assert!(contrast(pale, dark) > 1.2, "{theme:?}: one band in the other");
        }
        assert_eq!(grey((0xFF, 0xFF, 0xFF)), WHITE);
        assert_eq!(grey((0x80, 0x80, 0x80)), (0x80, 0x80, 0x80));
    }
}
