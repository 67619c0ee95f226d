//! The codebook: everything that can be asked for, set or opened, each name with its meaning.
//!
//! The book's pages and `handover explain --metrics` and its like are written from these tables.

mod files;
mod law;
mod measured;

use crate::ground::list::Listed;
use serde_json::{Map, Value, json};

pub use files::FILES;
pub use measured::groups;

crate::listed! {
    /// A part of the codebook.
    Topic, "part of the codebook":
    /// What is measured.
    Metrics,
    /// What is asked of a run in a line.
    Outcomes,
    /// What a comparison sums up.
    Headlines,
    /// What a law can set.
    Levers,
    /// What happens without a law.
    Events,
    /// What a folder of results holds.
    Files,
}

/// A cell of the codebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words; code in them stands between backticks.
    Words(String),
    /// Names, which are said in short where they are a whole group.
    Names(Vec<String>),
}

impl Cell {
    /// The cell in words.
    pub fn words(&self) -> String {
        match self {
            Cell::Words(words) => words.replace('\n', " "),
            Cell::Names(names) => measured::in_words(names),
        }
    }

    fn json(&self) -> Value {
        match self {
            Cell::Words(words) => json!(plain(words)),
            Cell::Names(names) => json!(names),
        }
    }
}

impl From<&str> for Cell {
    fn from(words: &str) -> Self {
        Cell::Words(words.to_owned())
    }
}

/// One table of the codebook: a name in the first column, its meaning under [`MEANING`].
#[derive(Clone, Debug)]
pub struct Codes {
    /// The columns.
    pub columns: &'static [&'static str],
    /// A row each, as long as the columns.
    pub rows: Vec<Vec<Cell>>,
    /// What should be known besides, a line each.
    pub notes: Vec<String>,
}

/// The column of meanings.
pub const MEANING: &str = "what it is";

/// The table of a topic.
pub fn codes(topic: Topic) -> Codes {
    let (columns, rows): (&[&str], _) = match topic {
        Topic::Metrics => (&["metric", "unit", "kind", "items", MEANING], measured::metrics()),
        Topic::Outcomes => (&["line", MEANING], measured::outcomes()),
        Topic::Headlines => (&["headline", "unit", MEANING], measured::headlines()),
        Topic::Levers => {
            (&["lever", MEANING, "written as", "by occupation", "phased", "acts only with"], law::levers())
        }
        Topic::Events => (&["event", "key", MEANING, "written as", "needed"], law::events()),
        Topic::Files => (&["file", MEANING], files::files()),
    };
    let notes = match topic {
        Topic::Metrics => groups().iter().map(|(name, of)| format!("{name}: {}", of.join(", "))).collect(),
        _ => Vec::new(),
    };
    Codes { columns, rows, notes }
}

impl Codes {
    /// The table for a terminal: columns below each other, meanings last.
    pub fn text(&self) -> String {
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_by_key(|&column| self.columns[column] == MEANING);
        let heading = self.columns.iter().map(|&column| Cell::from(column)).collect();
        let lines: Vec<Vec<String>> = [&heading]
            .into_iter()
            .chain(&self.rows)
            .map(|row: &Vec<Cell>| order.iter().map(|&column| plain(&row[column].words())).collect())
            .collect();
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..order.len()).map(width).collect();
        let mut text = String::new();
        for line in &lines {
            let cells = line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
            text += &format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end());
        }
        let notes: String = self.notes.iter().map(|note| format!("{note}\n")).collect();
        if notes.is_empty() { text } else { format!("{text}\n{notes}") }
    }

    /// The table as a list of objects, a key for each column; names in a list.
    pub fn json(&self) -> Value {
        let key = |column: &str| column.replace(' ', "_");
        let object = |row: &Vec<Cell>| -> Map<String, Value> {
            self.columns.iter().zip(row).map(|(column, cell)| (key(column), cell.json())).collect()
        };
        self.rows.iter().map(|row| Value::Object(object(row))).collect()
    }
}

/// Words without the marks around code.
fn plain(words: &str) -> String {
    words.replace('`', "")
}

/// A list's words.
fn names<T: Listed>(list: &[T]) -> Vec<String> {
    list.iter().map(|word| word.name().to_owned()).collect()
}
