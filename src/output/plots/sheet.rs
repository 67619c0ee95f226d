//! A sheet of marks: what a picture consists of, before anything is drawn.

use crate::output::plots::letters::width_of;

/// A place on the sheet: to the right, and down.
pub type Point = (f64, f64);

/// Red, green, blue.
pub type Colour = (u8, u8, u8);

/// Width and height of every picture.
pub const SIZE: Point = (1200.0, 750.0);
/// Empty at both sides.
pub const MARGIN: f64 = 24.0;

/// For words that matter.
pub const INK: Colour = (0x22, 0x22, 0x22);
/// For words that help.
pub const GREY: Colour = (0x66, 0x66, 0x66);
/// For grids.
pub const PALE: Colour = (0xE4, 0xE4, 0xE4);
/// The paper.
pub const WHITE: Colour = (0xFF, 0xFF, 0xFF);

/// The palette of Okabe and Ito, without its yellow, which is too faint for lines on white.
pub const PALETTE: [Colour; 7] = [
    (0x00, 0x72, 0xB2),
    (0xD5, 0x5E, 0x00),
    (0x00, 0x9E, 0x73),
    (0xCC, 0x79, 0xA7),
    (0x00, 0x00, 0x00),
    (0xE6, 0x9F, 0x00),
    (0x56, 0xB4, 0xE9),
];
/// Lengths drawn and left out in turn; empty is a whole line.
pub const DASHES: [&[f64]; 7] =
    [&[], &[7.0, 3.0], &[2.0, 2.5], &[9.0, 3.0, 2.0, 3.0], &[13.0, 3.0], &[5.0, 2.0, 1.5, 2.0, 1.5, 2.0], &[4.0, 4.0]];

/// On which side of the words their place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words begin at the place.
    Left,
    /// Words are centred on it.
    Middle,
    /// Words end at it.
    Right,
}

/// Words, and how they are set. The place is the middle of their height.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// What is written.
    pub text: String,
    /// Where.
    pub at: Point,
    /// Height of the font.
    pub size: f64,
    /// Which side of the words is at the place.
    pub align: Align,
    /// Of which colour.
    pub colour: Colour,
    /// Heavier.
    pub is_bold: bool,
    /// Read from below to above.
    pub is_upright: bool,
}

impl Words {
    /// Left, upper, right and lower edge.
    pub fn edges(&self) -> [f64; 4] {
        let width = width_of(&self.text, self.size, self.is_bold);
        let before = match self.align {
            Align::Left => 0.0,
            Align::Middle => width / 2.0,
            Align::Right => width,
        };
        let half = self.size / 2.0;
        let (x, y) = self.at;
        if self.is_upright {
            [x - half, y + before - width, x + half, y + before]
        } else {
            [x - before, y - half, x - before + width, y + half]
        }
    }
}

/// One shape drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A line through points.
    Line(Vec<Point>, Colour, f64),
    /// A filled polygon.
    Area(Vec<Point>, Colour),
    /// Words.
    Words(Words),
}

/// A picture as marks, the first lowest.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// All of them.
    pub marks: Vec<Mark>,
}

impl Sheet {
    /// A line, dashed if `dash` is not empty.
    pub fn line(&mut self, points: &[Point], colour: Colour, width: f64, dash: &[f64]) {
        if points.len() < 2 {
            return;
        }
        if dash.is_empty() {
            self.marks.push(Mark::Line(points.to_vec(), colour, width));
        } else {
            let pieces = cut(points, dash).into_iter();
            self.marks.extend(pieces.map(|piece| Mark::Line(piece, colour, width)));
        }
    }

    /// A filled polygon.
    pub fn area(&mut self, points: Vec<Point>, colour: Colour) {
        if points.len() > 2 {
            self.marks.push(Mark::Area(points, colour));
        }
    }

    /// A filled rectangle, from one corner to the other.
    pub fn rectangle(&mut self, from: Point, to: Point, colour: Colour) {
        self.area(vec![from, (to.0, from.1), to, (from.0, to.1)], colour);
    }

    /// Words, in the colour of help.
    pub fn words(&mut self, text: &str, at: Point, size: f64, align: Align) -> &mut Words {
        let words = Words { text: text.to_owned(), at, size, align, colour: GREY, is_bold: false, is_upright: false };
        self.marks.push(Mark::Words(words));
        match self.marks.last_mut() {
            Some(Mark::Words(words)) => words,
            _ => unreachable!("words were just put there"),
        }
    }

    /// No word leaves the sheet.
    #[cfg(test)]
    pub fn assert_holds_its_words(&self) {
        for found in self.all_words() {
            let [left, top, right, bottom] = found.edges();
            assert!(left >= 0.0 && top >= 0.0 && right <= SIZE.0 && bottom <= SIZE.1, "{found:?} leaves the sheet");
        }
    }

    /// What is written on the sheet.
    #[cfg(test)]
    pub fn all_words(&self) -> impl Iterator<Item = &Words> {
        self.marks.iter().filter_map(|mark| if let Mark::Words(words) = mark { Some(words) } else { None })
    }
}

/// The words, or as much of them as fits into the width.
pub fn fit(text: &str, size: f64, is_bold: bool, width: f64) -> String {
    if width_of(text, size, is_bold) <= width {
        return text.to_owned();
    }
    let mut short: Vec<char> = text.chars().collect();
    while short.pop().is_some() {
        let tried = format!("{}…", short.iter().collect::<String>().trim_end());
        if width_of(&tried, size, is_bold) <= width {
            return tried;
        }
    }
    String::new()
}

/// Cuts a line into dashes. Lines of the same form are cut at the same places.
fn cut(points: &[Point], dash: &[f64]) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    let (mut turn, mut left) = (0, dash[0]);
    let mut piece = vec![points[0]];
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = libm::hypot(to.0 - from.0, to.1 - from.1);
        while length > left {
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            length -= left;
            piece.push(from);
            if turn % 2 == 0 {
                pieces.push(std::mem::take(&mut piece));
            }
            piece = vec![from];
            turn = (turn + 1) % (dash.len() + dash.len() % 2);
            left = dash[turn % dash.len()].max(0.5);
        }
        left -= length;
        piece.push(to);
    }
    if turn % 2 == 0 && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}
