//! Drawing a sheet as PDF: lines, areas and words as such, with the bundled font inside, so that they scale, print and can
//! be searched. No date and no name of a machine stand in it: the same sheet gives the same bytes.
//!
//! Written by hand: what a sheet holds needs a dozen of PDF's operators, while a library that converts SVG would bring a
//! reader of SVG, of CSS and of fonts.

use super::letters::{BOLD, REGULAR, width_of};
use super::sheet::{Align, Colour, Mark, SIZE, Sheet, Words};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Points on paper of a pixel on the sheet.
const POINT: f64 = 0.75;
/// What plotters calls the size of a font, over the height of its em.
const EM: f64 = 1.24;
/// How far below the middle of words their line is, in ems, as viewers of SVG set them: half the height of an x.
const BELOW: f64 = 0.27;

/// The sheet as a PDF of one page.
pub fn pdf(sheet: &Sheet) -> Vec<u8> {
    let mut faces = [Face::read(REGULAR), Face::read(BOLD)];
    let content = content(sheet, &mut faces);
    let mut file = File::default();
    let (width, height) = (number(SIZE.0 * POINT), number(SIZE.1 * POINT));
    file.object("<< /Type /Catalog /Pages 2 0 R >>");
    file.object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    file.object(&format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R /Resources << /Font << /F0 5 0 R /F1 10 0 R >> >> >>"
    ));
    file.stream("", content.as_bytes());
    for (face, name) in faces.iter().zip(["DejaVuSansCondensed", "DejaVuSansCondensed-Bold"]) {
        face.put(name, &mut file);
    }
    file.finish()
}

/// What is painted, in the order of the marks. The page begins at its upper left corner, as the sheet does.
fn content(sheet: &Sheet, faces: &mut [Face; 2]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} 0 0 -{} 0 {} cm 1 j", number(POINT), number(POINT), number(SIZE.1 * POINT));
    for mark in &sheet.marks {
        match mark {
            Mark::Line(points, colour, width) => {
                let _ = writeln!(out, "{} RG {} w {} S", shade(*colour), number(*width), path(points));
            }
            Mark::Area(points, colour) => {
                let _ = writeln!(out, "{} rg {} f", shade(*colour), path(points));
            }
            Mark::Words(words) => {
                let place = usize::from(words.is_bold);
                write_words(words, place, &mut faces[place], &mut out);
            }
        }
    }
    out
}

fn write_words(words: &Words, place: usize, face: &mut Face, out: &mut String) {
    let em = words.size / EM;
    let width = width_of(&words.text, words.size, words.is_bold);
    let before = match words.align {
        Align::Left => 0.0,
        Align::Middle => width / 2.0,
        Align::Right => width,
    };
    let (x, y) = words.at;
    // the page is upside down, so letters are turned over once more
    let matrix = if words.is_upright {
        [0.0, -em, -em, 0.0, x + BELOW * em, y + before]
    } else {
        [em, 0.0, 0.0, -em, x - before, y + BELOW * em]
    };
    let matrix = matrix.map(number).join(" ");
    let glyphs: String = words.text.chars().map(|letter| format!("{:04X}", face.glyph(letter))).collect();
    let _ = writeln!(out, "BT {} rg /F{place} 1 Tf {matrix} Tm <{glyphs}> Tj ET", shade(words.colour));
}

fn path(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    for (n, (x, y)) in points.iter().enumerate() {
        let _ = write!(
            out,
            "{}{} {} {}",
            if n == 0 { "" } else { " " },
            number(*x),
            number(*y),
            if n == 0 { "m" } else { "l" }
        );
    }
    out
}

fn shade((red, green, blue): Colour) -> String {
    [red, green, blue].map(|part| number(f64::from(part) / 255.0)).join(" ")
}

/// A number with three decimals at most.
fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A face of the bundled font, as far as words need it.
struct Face {
    bytes: &'static [u8],
    /// Letters that were written, by glyph.
    used: BTreeMap<u16, char>,
}

impl Face {
    fn read(bytes: &'static [u8]) -> Face {
        Face { bytes, used: BTreeMap::new() }
    }

    /// A whole number of two bytes at a place.
    fn at(&self, place: usize) -> u16 {
        self.bytes.get(place..place + 2).map_or(0, |two| u16::from_be_bytes([two[0], two[1]]))
    }

    fn signed_at(&self, place: usize) -> i16 {
        self.at(place).cast_signed()
    }

    /// Where a table begins.
    fn table(&self, name: &[u8; 4]) -> usize {
        let records = (0..usize::from(self.at(4))).map(|n| 12 + 16 * n);
        let mut found = records.filter(|&record| self.bytes.get(record..record + 4) == Some(name.as_slice()));
        found.next().map_or(0, |record| (usize::from(self.at(record + 8)) << 16) + usize::from(self.at(record + 10)))
    }

    /// The glyph of a letter, by the segments of the font's map (its format 4); 0 if it has none.
    fn find(&self, letter: char) -> u16 {
        let Ok(code) = u16::try_from(u32::from(letter)) else { return 0 };
        let cmap = self.table(b"cmap");
        let map = cmap + (usize::from(self.at(cmap + 8)) << 16) + usize::from(self.at(cmap + 10));
        let twice = usize::from(self.at(map + 6));
        let (ends, starts) = (map + 14, map + 16 + twice);
        let Some(segment) = (0..twice).step_by(2).find(|&segment| self.at(ends + segment) >= code) else { return 0 };
        let first = self.at(starts + segment);
        if code < first {
            return 0;
        }
        let shift = self.at(starts + twice + segment);
        let place = starts + 2 * twice + segment;
        match usize::from(self.at(place)) {
            0 => code.wrapping_add(shift),
            offset => match self.at(place + offset + 2 * usize::from(code - first)) {
                0 => 0,
                glyph => glyph.wrapping_add(shift),
            },
        }
    }

    fn glyph(&mut self, letter: char) -> u16 {
        let glyph = self.find(letter);
        self.used.entry(glyph).or_insert(letter);
        glyph
    }

    /// A measure of the font in thousandths of its em.
    fn thousandths(&self, measure: f64) -> String {
        let em = f64::from(self.at(self.table(b"head") + 18)).max(1.0);
        number(measure * 1000.0 / em)
    }

    fn advance(&self, glyph: u16) -> String {
        let many = self.at(self.table(b"hhea") + 34).max(1);
        let place = self.table(b"hmtx") + 4 * usize::from(glyph.min(many - 1));
        self.thousandths(f64::from(self.at(place)))
    }

    /// Puts the five objects of a face: the font, its letters, what it measures, its file, and what its glyphs say.
    fn put(&self, name: &str, file: &mut File) {
        let first = file.next();
        let (head, hhea) = (self.table(b"head"), self.table(b"hhea"));
        let signed = |place: usize| self.thousandths(f64::from(self.signed_at(place)));
        let (up, down) = (signed(hhea + 4), signed(hhea + 6));
        let bounds = [36, 38, 40, 42].map(|place| signed(head + place)).join(" ");
        let widths: Vec<String> = self.used.keys().map(|&glyph| format!("{glyph} [{}]", self.advance(glyph))).collect();
        file.object(&format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{} 0 R] /ToUnicode {} 0 R >>",
            first + 1,
            first + 4
        ));
        file.object(&format!(
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /CIDToGIDMap /Identity /FontDescriptor {} 0 R /W [{}] >>",
            first + 2,
            widths.join(" ")
        ));
        file.object(&format!(
            "<< /Type /FontDescriptor /FontName /{name} /Flags 32 /FontBBox [{bounds}] /ItalicAngle 0 /Ascent {up} /Descent {down} /CapHeight {up} /StemV 80 /FontFile2 {} 0 R >>",
            first + 3
        ));
        file.stream(&format!("/Length1 {} ", self.bytes.len()), self.bytes);
        file.stream("", self.unicode().as_bytes());
    }

    /// Which letters the glyphs are, for whoever searches or copies.
    fn unicode(&self) -> String {
        let mut out = String::from(
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Letters def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
        );
        let letters: Vec<(&u16, &char)> = self.used.iter().collect();
        // no block may have more
        for some in letters.chunks(100) {
            let _ = writeln!(out, "{} beginbfchar", some.len());
            for (glyph, letter) in some {
                let mut units = [0; 2];
                let code: String = letter.encode_utf16(&mut units).iter().map(|unit| format!("{unit:04X}")).collect();
                let _ = writeln!(out, "<{glyph:04X}> <{code}>");
            }
            out.push_str("endbfchar\n");
        }
        out.push_str("endcmap CMapName currentdict /CMap defineresource pop end end\n");
        out
    }
}

/// A file in the making: its objects, and where each begins.
#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    begins: Vec<usize>,
}

impl File {
    /// The number of the next object.
    fn next(&self) -> usize {
        self.begins.len() + 1
    }

    fn begin(&mut self) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
        }
        self.begins.push(self.bytes.len());
        let number = self.begins.len();
        self.bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    }

    fn object(&mut self, words: &str) {
        self.begin();
        self.bytes.extend_from_slice(words.as_bytes());
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    fn stream(&mut self, more: &str, bytes: &[u8]) {
        self.begin();
        self.bytes.extend_from_slice(format!("<< {more}/Length {} >>\nstream\n", bytes.len()).as_bytes());
        self.bytes.extend_from_slice(bytes);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }

    fn finish(mut self) -> Vec<u8> {
        let (table, count) = (self.bytes.len(), self.begins.len() + 1);
        let mut end = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for begin in &self.begins {
            let _ = writeln!(end, "{begin:010} 00000 n ");
        }
        let _ = writeln!(end, "trailer << /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF");
        self.bytes.extend_from_slice(end.as_bytes());
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::plots::letters::register_fonts;
    use std::collections::BTreeSet;

    /// Letters of some words that the bundled font has not.
    fn lacking(words: &str) -> BTreeSet<char> {
        let face = Face::read(REGULAR);
        words.chars().filter(|&letter| face.find(letter) == 0).collect()
    }

    #[test]
    fn letters_are_found_in_the_font_and_are_as_wide_as_plotters_sets_them() {
        register_fonts().unwrap();
        assert_eq!(lacking("abcXYZ 0123456789 ()%.,-+éä…"), BTreeSet::new());
        assert_eq!(lacking("\u{4e2d}\u{1f600}"), BTreeSet::from(['\u{4e2d}', '\u{1f600}']));
        let words = "Work absorbed by robots 8.2 M";
        // a layout measures a font by its height, which is 1.164 of its em; what is drawn is a little smaller, as in SVG
        let height = 1.164;
        for (bytes, is_bold) in [(REGULAR, false), (BOLD, true)] {
            let face = Face::read(bytes);
            let ems: f64 = words.chars().map(|letter| face.advance(face.find(letter)).parse::<f64>().unwrap()).sum();
            let (mine, theirs) = (ems / 1000.0 * 10.0, width_of(words, 10.0 * height, is_bold));
            assert!((mine / theirs - 1.0).abs() < 0.03, "{mine} and {theirs}");
        }
    }

    #[test]
    fn every_object_begins_where_the_table_says() {
        let mut sheet = Sheet::default();
        sheet.rectangle((0.0, 0.0), (10.0, 20.5), (0x00, 0x72, 0xB2));
        sheet.line(&[(1.0, 2.0), (3.0, 4.0)], (0, 0, 0), 1.5, &[]);
        sheet.words("Robots", (600.0, 300.0), 20.0, Align::Middle).is_bold = true;
        sheet.words("persons", (20.0, 300.0), 12.0, Align::Middle).is_upright = true;
        let file = pdf(&sheet);
        assert_eq!(file, pdf(&sheet));
        let text = String::from_utf8_lossy(&file);
        assert!(text.contains("0 0.447 0.698 rg 0 0 m 10 0 l 10 20.5 l 0 20.5 l f"), "{}", &text[..900]);
        let find = |bytes: &[u8], words: &[u8]| bytes.windows(words.len()).rposition(|part| part == words).unwrap();
        let table = find(&file, b"xref\n0 15");
        let rows = file[table..].split(|byte| *byte == b'\n').skip(3).take(14);
        for (n, row) in rows.enumerate() {
            let begin: usize = std::str::from_utf8(&row[..10]).unwrap().parse().unwrap();
            assert!(file[begin..].starts_with(format!("{} 0 obj", n + 1).as_bytes()), "object {}", n + 1);
        }
    }
}
