//! Tables as text: the one place that writes CSV, and the one guard of its cells.
//!
//! A spreadsheet takes a cell that begins like a formula for one, and a name in a scenario can be anything. So words
//! that begin so get an apostrophe in front; numbers are numbers by their type and stay as they are, `-0.5` too.

use crate::output::kit::unmade::Unmade;
use chrono::NaiveDate;
use std::borrow::Cow;

/// What some spreadsheet reads as the beginning of a formula: the signs, their full-width and small forms, the minus
/// of typesetters, and what an import may cut off or break a line at.
const BEGINNINGS: [char; 18] = [
    '=', '+', '-', '@', '|', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{ff5c}', '\u{fe66}',
    '\u{fe62}', '\u{fe63}', '\u{fe6b}', '\u{2212}',
];

/// Words for a cell that no spreadsheet takes for a formula. Blanks in front do not hide one: some imports cut them.
fn inert(text: &str) -> Cow<'_, str> {
    let is_blank =
        |c: char| (c.is_whitespace() || matches!(c, '\0' | '\u{200b}' | '\u{feff}')) && !BEGINNINGS.contains(&c);
    if text.trim_start_matches(is_blank).starts_with(BEGINNINGS) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A cell: words, which are guarded, or a number, which is not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell<'a>(Kind<'a>);

#[derive(Clone, Debug, PartialEq)]
enum Kind<'a> {
    Words(Cow<'a, str>),
    Number(String),
}

impl Cell<'_> {
    /// A cell with nothing in it, for what is not there.
    pub(crate) fn empty() -> Self {
        "".into()
    }

    /// A number as it is written already, to the last digit; what is none is words.
    pub(crate) fn number(written: &str) -> Cell<'static> {
        match written.parse::<f64>() {
            Ok(_) => Cell(Kind::Number(written.to_owned())),
            Err(_) => Cell::from(written.to_owned()),
        }
    }

    fn shown(&self) -> Cow<'_, str> {
        match &self.0 {
            Kind::Words(words) => inert(words),
            Kind::Number(number) => Cow::Borrowed(number),
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(words: &'a str) -> Self {
        Cell(Kind::Words(Cow::Borrowed(words)))
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(words: &'a String) -> Self {
        words.as_str().into()
    }
}

impl From<String> for Cell<'_> {
    fn from(words: String) -> Self {
        Cell(Kind::Words(Cow::Owned(words)))
    }
}

impl From<bool> for Cell<'_> {
    fn from(is_so: bool) -> Self {
        if is_so { "true".into() } else { "false".into() }
    }
}

impl From<NaiveDate> for Cell<'_> {
    fn from(day: NaiveDate) -> Self {
        day.to_string().into()
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for Cell<'_> {
            fn from(number: $number) -> Self {
                Cell(Kind::Number(number.to_string()))
            }
        }
    )*};
}

numbers!(i32, u32, u64, usize, f64);

/// What is not there, or not a number, is an empty cell.
impl From<Option<f64>> for Cell<'_> {
    fn from(number: Option<f64>) -> Self {
        number.filter(|number| !number.is_nan()).map_or(Cell::empty(), Cell::from)
    }
}

/// Demands that no two columns of a table have one name: readers that go by names would take one for the other.
///
/// # Errors
/// The name that stands twice.
pub(crate) fn one_of_each(names: &[&str]) -> Result<(), Unmade> {
    let twice = names.iter().enumerate().find(|(place, name)| names[..*place].contains(name));
    twice.map_or(Ok(()), |(_, name)| Err(Unmade::TwoColumns((*name).to_owned())))
}

/// A table that was written: its head, and its rows, each as long as the head.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn read(bytes: &[u8]) -> Result<(Vec<String>, Vec<Vec<String>>), Unmade> {
    let mut reader = ::csv::Reader::from_reader(bytes);
    let words = |record: &::csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let head = words(reader.headers()?);
    let rows = reader.records().map(|record| Ok(words(&record?))).collect::<Result<_, ::csv::Error>>()?;
    Ok((head, rows))
}

impl From<::csv::Error> for Unmade {
    fn from(error: ::csv::Error) -> Unmade {
        Unmade::Csv(Box::new(error))
    }
}

/// A table in the making.
pub(crate) struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    /// A table with the names of its columns.
    ///
    /// # Errors
    /// What could not be written, in words.
    pub(crate) fn new<'a>(head: impl IntoIterator<Item = &'a str>) -> Result<Sheet, Unmade> {
        let mut sheet = Sheet(csv::Writer::from_writer(Vec::new()));
        let head: Vec<&str> = head.into_iter().collect();
        one_of_each(&head)?;
        sheet.row(head.into_iter().map(Cell::from))?;
        Ok(sheet)
    }

    /// A whole table.
    ///
    /// # Errors
    /// What could not be written, in words.
    pub(crate) fn of<'a, R: IntoIterator<Item = Cell<'a>>>(
        head: &str,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<Vec<u8>, Unmade> {
        let mut sheet = Sheet::new(head.split(' '))?;
        for row in rows {
            sheet.row(row)?;
        }
        sheet.bytes()
    }

    /// Adds a row, as long as the head.
    ///
    /// # Errors
    /// What could not be written, in words.
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) -> Result<(), Unmade> {
        for cell in cells {
            self.0.write_field(cell.shown().as_bytes())?;
        }
        Ok(self.0.write_record(None::<&[u8]>)?)
    }

    /// The table as text.
    ///
    /// # Errors
    /// What could not be written, in words.
    pub(crate) fn bytes(self) -> Result<Vec<u8>, Unmade> {
        Ok(self.0.into_inner().map_err(::csv::IntoInnerError::into_error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_words_begins_a_formula() {
        let formulas = [
            "=1+1",
            "+1",
            "+1 and more",
            "-2-3",
            "-cmd|' /C calc'!A0",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "|calc",
            "＝1",
            "＋1",
            "－1",
            "＠SUM",
            "｜calc",
            "\u{2212}1",
            "﹦1",
            " =1",
            "\u{feff}=1",
            "\u{a0}\u{200b}+1",
        ];
        for text in formulas {
            assert_eq!(Cell::from(text).shown(), format!("'{text}"));
            assert_eq!(Cell::from(text.to_owned()).shown(), format!("'{text}"));
        }
        for text in ["", "India", "operator =1", "a-b", "2029-01-01", "1e-7", "'=1"] {
            assert_eq!(Cell::from(text).shown(), text);
        }
    }

    #[test]
    fn numbers_stay_numbers() {
        assert_eq!(Cell::from(-0.5).shown(), "-0.5");
        assert_eq!(Cell::from(-3).shown(), "-3");
        assert_eq!(Cell::from(f64::NEG_INFINITY).shown(), "-inf");
        assert_eq!(Cell::from(Some(-1e300)).shown().parse(), Ok(-1e300));
        assert_eq!(Cell::from(None).shown(), "");
        assert_eq!(Cell::from(Some(f64::NAN)).shown(), "");
    }

    #[test]
    fn a_row_shorter_than_the_head_is_an_error() {
        assert!(Sheet::new(["a", "b", "a"]).is_err_and(|unmade| unmade.to_string().contains("\"a\"")));
        let mut sheet = Sheet::new(["=a", "b"]).unwrap();
        sheet.row([Cell::from("+x"), Cell::from(-1.5)]).unwrap();
        assert!(sheet.row([Cell::from("x")]).is_err());
        assert_eq!(Sheet::of("=a b", [[Cell::from("+x"), Cell::from(-1.5)]]).unwrap(), b"'=a,b\n'+x,-1.5\n");
    }
}
