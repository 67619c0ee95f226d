//! A table of a result for a paper: some rows and columns of a file, as Markdown, LaTeX or CSV.
//!
//! What stands in a paper is a choice: of the tables that papers quote, the columns and rows that are shown unless others
//! are asked for stand in `PAPERS`. Files come from anywhere and are read within bounds.

mod read;
mod write;

pub use read::{NotRead, Tables};
pub use write::Format;

use crate::scenario::nearest::{either, rank};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, a date, yes or no.
    Words(String),
    /// A number, and how the file writes it.
    Number(f64, String),
}

impl Cell {
    /// As the file has it.
    fn text(&self) -> &str {
        match self {
            Cell::Empty => "",
            Cell::Words(text) | Cell::Number(_, text) => text,
        }
    }
}

/// Rows and columns of a result, with what is to be said of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it is called: that of the file.
    pub name: String,
    /// Names of the columns, each once.
    pub head: Vec<String>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<Cell>>,
    /// Which runs, how many, on what evidence.
    pub notes: String,
}

/// A table as papers show it: its name, columns, and what columns must hold.
type Paper = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What is shown of a table unless something else is asked for. A column that a file does not have is left out.
const PAPERS: [Paper; 9] = [
    ("answer", "reform sentence", &[]),
    (
        "gains",
        "reform group unit base reform_value difference low high gained gained_last_year",
        &[("region", "world"), ("line", "all"), ("number", "paid")],
    ),
    ("headlines", "reform about unit base reform_value difference low high", &[("region", "world")]),
    ("waterfall", "reform step unit base reform_value difference low high mean q05 q95", &[("region", "world")]),
    ("lives", "reform by group base reform_value difference low high", &[]),
    (
        "money",
        "reform kind payer_sector payer_region payee_sector payee_region base reform_value difference low high",
        &[],
    ),
    (
        "receipt",
        "reform from_region to_region quantity year base reform_value difference low high hours jobs licence royalties",
        &[],
    ),
    ("bands", "date region metric item unit mean q05 q95", &[]),
    ("series", "date region metric item unit value", &[]),
];

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Columns, in this order; those of papers if none is named.
    pub columns: Vec<String>,
    /// What columns hold in the rows that are wanted.
    pub wheres: Vec<(String, String)>,
    /// All rows and columns, not only those of papers.
    pub is_whole: bool,
    /// Columns whose words become columns.
    pub wide: Vec<String>,
}

/// Why there is no such table, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    /// No such table among some.
    #[error("there is no table {0:?} in this result; it has {1}")]
    Table(String, String),
    /// No such column among some.
    #[error("{table} has no column {column:?}{near}; it has {known}")]
    Column {
        /// The table.
        table: String,
        /// What was asked for.
        column: String,
        /// What may be meant.
        near: String,
        /// What there is.
        known: String,
    },
    /// No row is left.
    #[error("no row of {table} has {column} = {value:?}{near}")]
    Rows {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What was asked for.
        value: String,
        /// What may be meant, or some of what there is.
        near: String,
    },
    /// Two rows for one cell.
    #[error("{0} cannot be made wide by {1}: several rows have one place ({2}); choose more with --where or --wide")]
    Twice(String, String, String),
    /// Nothing to spread.
    #[error("{0} has no column of numbers that could be spread; name one with --columns")]
    NoNumbers(String),
}

/// Columns of numbers that a wide table spreads, and those that name a place of a row although they are numbers.
const PLACES: [&str; 7] = ["tick", "year", "replicate", "replicates", "of", "seed", "point"];

impl Table {
    /// The rows and columns that are asked for.
    ///
    /// # Errors
    /// What is not there, with what may be meant.
    pub fn choose(mut self, asked: &Asked) -> Result<Table, Lacking> {
        let paper = PAPERS.iter().find(|(name, ..)| *name == self.name).filter(|_| !asked.is_whole);
        for (column, value) in &asked.wheres {
            self.keep(column, value)?;
        }
        let own = |column: &str| {
            asked.wheres.iter().any(|(name, _)| name == column) || asked.wide.iter().any(|name| name == column)
        };
        for (column, value) in paper.into_iter().flat_map(|(.., wheres)| *wheres) {
            if !own(column) && self.head.iter().any(|name| name == column) {
                self.keep(column, value)?;
            }
        }
        let columns: Vec<String> = match (asked.columns.as_slice(), paper) {
            ([], None) => self.head.clone(),
            ([], Some((_, columns, _))) => {
                // what rows were picked by is the same in all of them, and not repeated
                let is_there = |name: &&str| self.head.iter().any(|known| known == name);
                let shown: Vec<String> = columns.split(' ').filter(is_there).map(str::to_owned).collect();
                let constant = |name: &String| asked.wheres.iter().any(|(column, _)| column == name);
                let one_reform = |name: &String| name == "reform" && self.distinct("reform") < 2;
                shown.into_iter().filter(|name| !constant(name) && !one_reform(name)).collect()
            }
            (some, _) => some.to_vec(),
        };
        if asked.wide.is_empty() { self.only(&columns) } else { self.wide(&columns, &asked.wide) }
    }

    fn place(&self, column: &str) -> Result<usize, Lacking> {
        self.head.iter().position(|name| name == column).ok_or_else(|| Lacking::Column {
            table: self.name.clone(),
            column: column.to_owned(),
            near: meant(column, self.head.iter().map(String::as_str)),
            known: self.head.join(", "),
        })
    }

    fn distinct(&self, column: &str) -> usize {
        let Ok(place) = self.place(column) else { return 0 };
        self.rows.iter().map(|row| row[place].text()).collect::<std::collections::BTreeSet<_>>().len()
    }

    fn keep(&mut self, column: &str, value: &str) -> Result<(), Lacking> {
        let place = self.place(column)?;
        if !self.rows.iter().any(|row| row[place].text() == value) {
            let known: std::collections::BTreeSet<&str> = self.rows.iter().map(|row| row[place].text()).collect();
            let near = match meant(value, known.iter().copied()) {
                none if none.is_empty() => {
                    format!("; it holds {}", known.into_iter().take(20).collect::<Vec<_>>().join(", "))
                }
                near => near,
            };
            let (table, column, value) = (self.name.clone(), column.to_owned(), value.to_owned());
            return Err(Lacking::Rows { table, column, value, near });
        }
        self.rows.retain(|row| row[place].text() == value);
        Ok(())
    }

    fn only(self, columns: &[String]) -> Result<Table, Lacking> {
        let places: Vec<usize> = columns.iter().map(|name| self.place(name)).collect::<Result<_, _>>()?;
        let rows = self.rows.iter().map(|row| places.iter().map(|&place| row[place].clone()).collect()).collect();
        Ok(Table { head: columns.to_vec(), rows, ..self })
    }

    /// Words of some columns become columns: a row for each place that the other words name.
    fn wide(self, columns: &[String], wide: &[String]) -> Result<Table, Lacking> {
        let spread: Vec<usize> = wide.iter().map(|name| self.place(name)).collect::<Result<_, _>>()?;
        let chosen: Vec<usize> = columns.iter().map(|name| self.place(name)).collect::<Result<_, _>>()?;
        let is_number = |&place: &usize| {
            let name = self.head[place].as_str();
            !PLACES.contains(&name) && self.rows.iter().any(|row| matches!(row[place], Cell::Number(..)))
        };
        let (numbers, words): (Vec<usize>, Vec<usize>) =
            chosen.into_iter().filter(|place| !spread.contains(place)).partition(is_number);
        if numbers.is_empty() {
            return Err(Lacking::NoNumbers(self.name));
        }
        let text = |row: &[Cell], places: &[usize], between: &str| {
            places.iter().map(|&place| row[place].text()).collect::<Vec<_>>().join(between)
        };
        let (mut heads, mut order, mut found) = (Vec::new(), Vec::new(), BTreeMap::new());
        for row in &self.rows {
            let (key, column) = (text(row, &words, "\u{1f}"), text(row, &spread, " "));
            if !heads.contains(&column) {
                heads.push(column.clone());
            }
            if !found.contains_key(&key) {
                order.push((key.clone(), words.iter().map(|&place| row[place].clone()).collect::<Vec<_>>()));
            }
            let cells: Vec<Cell> = numbers.iter().map(|&place| row[place].clone()).collect();
            let of_row: &mut BTreeMap<String, Vec<Cell>> = found.entry(key.clone()).or_default();
            if of_row.insert(column.clone(), cells).is_some() {
                let place = format!("{} {column}", key.replace('\u{1f}', " "));
                return Err(Lacking::Twice(self.name, wide.join(","), place.trim().to_owned()));
            }
        }
        let of_number = |column: &String, place: &usize| match numbers.len() {
            1 => column.clone(),
            _ => format!("{} {column}", self.head[*place]),
        };
        let names = words.iter().map(|&place| self.head[place].clone());
        let head =
            names.chain(heads.iter().flat_map(|column| numbers.iter().map(move |place| of_number(column, place))));
        let head: Vec<String> = head.collect();
        let rows = order.into_iter().map(|(key, words)| {
            let cells = heads.iter().flat_map(|column| {
                let known = found.get(&key).and_then(|row| row.get(column));
                known.map_or_else(|| vec![Cell::Empty; numbers.len()], Clone::clone)
            });
            words.into_iter().chain(cells.collect::<Vec<_>>()).collect()
        });
        let rows = rows.collect();
        Ok(Table { head, rows, name: self.name, notes: self.notes })
    }
}

fn meant<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near: Vec<String> = rank(word, known).into_iter().map(str::to_owned).collect();
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", either(&near)) }
}

/// A name of a column as people read it.
fn heading(name: &str) -> Cow<'_, str> {
    match name {
        "reform_value" => "with the reform".into(),
        "low" => "from".into(),
        "high" => "to".into(),
        "q05" => "5 %".into(),
        "q95" => "95 %".into(),
        "about" => "".into(),
        other if other.contains('_') => other.replace('_', " ").into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> Cell {
        Cell::Number(value, value.to_string())
    }

    fn words(text: &str) -> Cell {
        Cell::Words(text.to_owned())
    }

    fn table() -> Table {
        let row = |reform: &str, region: &str, value: f64| {
            vec![words(reform), words("wages_of_all"), words(region), words("USD"), number(value), number(-value)]
        };
        Table {
            name: "headlines".to_owned(),
            head: ["reform", "about", "region", "unit", "difference", "low"].map(str::to_owned).into(),
            rows: vec![row("a & b", "world", 1.5e9), row("a & b", "IND", 2.5), row("c|d", "world", -3e6)],
            notes: "5 replicates, 95 %".to_owned(),
        }
    }

    #[test]
    fn a_table_for_a_paper_is_that_of_the_world_and_all_that_is_asked_for() {
        let shown = table().choose(&Asked::default()).unwrap();
        assert_eq!((shown.head.len(), shown.rows.len()), (5, 2));
        let india = Asked { wheres: vec![("region".to_owned(), "IND".to_owned())], ..Asked::default() };
        let india = table().choose(&india).unwrap();
        // of one reform, its name is not repeated, nor what was asked for
        assert_eq!(india.head, ["about", "unit", "difference", "low"]);
        assert_eq!(table().choose(&Asked { is_whole: true, ..Asked::default() }).unwrap(), table());
        let unknown = Asked { columns: vec!["diference".to_owned()], ..Asked::default() };
        assert!(table().choose(&unknown).unwrap_err().to_string().contains("did you mean \"difference\"?"));
        let nowhere = Asked { wheres: vec![("region".to_owned(), "CHN".to_owned())], ..Asked::default() };
        assert!(table().choose(&nowhere).unwrap_err().to_string().contains("it holds IND, world"));
    }

    #[test]
    fn words_of_a_column_become_columns_and_no_row_is_lost() {
        let by_region = |columns: &[&str]| Asked {
            wide: vec!["region".to_owned()],
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            ..Asked::default()
        };
        let wide = table().choose(&by_region(&["reform", "difference"])).unwrap();
        assert_eq!(wide.head, ["reform", "world", "IND"]);
        assert_eq!(
            wide.rows,
            [[words("a & b"), number(1.5e9), number(2.5)], [words("c|d"), number(-3e6), Cell::Empty]]
        );
        let two = table().choose(&by_region(&["reform", "difference", "low"])).unwrap();
        assert_eq!(two.head, ["reform", "difference world", "low world", "difference IND", "low IND"]);
        // without the reform two rows have one place
        assert!(table().choose(&by_region(&["unit", "difference"])).unwrap_err().to_string().contains("several rows"));
    }

    #[test]
    fn every_sign_that_means_something_is_escaped() {
        let shown =
            table().choose(&Asked { columns: vec!["reform".into(), "difference".into()], ..Asked::default() }).unwrap();
        let latex = shown.written(Format::Latex, "50 % & more_").unwrap();
        assert!(latex.contains(r"a \& b & +1.5 bn \\") && latex.contains(r"\caption{50 \% \& more\_}"), "{latex}");
        assert!(latex.contains(r"c|d & -3.0 M \\") && latex.contains(r"5 replicates, 95 \%"), "{latex}");
        let markdown = shown.written(Format::Markdown, "").unwrap();
        assert!(markdown.contains("| a &amp; b | +1.5 bn |") && markdown.contains("| c\\|d | -3.0 M |"), "{markdown}");
        assert!(markdown.ends_with("\n5 replicates, 95 %\n"), "{markdown}");
        let csv = shown.written(Format::Csv, "").unwrap();
        assert_eq!(csv, "reform,difference\na & b,1500000000\nc|d,-3000000\n");
    }
}
