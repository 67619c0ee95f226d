//! Tables as Markdown, LaTeX and CSV; what a sign means there, no cell can say.

use super::{Cell, Table, heading};
use crate::output::kit::csv::{Cell as Text, Sheet};
use crate::output::kit::numbers::{quantity, signed};
use crate::output::kit::unmade::Unmade;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// With bars, for a page.
    Markdown,
    /// With booktabs, for a paper.
    Latex,
    /// Numbers as the file has them, for a program.
    Csv,
}

/// Columns of changes, whose numbers have signs.
const CHANGES: [&str; 5] = ["difference", "low", "high", "gained", "gained_last_year"];

/// Columns of whole numbers that are no amounts.
const PLAIN: [&str; 7] = ["tick", "year", "replicate", "replicates", "of", "seed", "point"];

impl Table {
    /// The table as text, with its notes below where people read it.
    ///
    /// # Errors
    /// That it could not be written: two columns of one name.
    pub fn written(&self, format: Format, caption: &str) -> Result<String, Unmade> {
        match format {
            Format::Markdown => Ok(self.markdown(caption)),
            Format::Latex => Ok(self.latex(caption)),
            Format::Csv => self.csv(),
        }
    }

    /// A cell as people read it: amounts in multiples, changes with their sign.
    fn shown(&self, row: &[Cell], place: usize) -> String {
        let name = self.head[place].as_str();
        let is = |names: &[&str]| names.iter().any(|known| name == *known || name.starts_with(&format!("{known} ")));
        let unit =
            self.head.iter().position(|name| name == "unit").and_then(|place| row.get(place)).map_or("", Cell::text);
        match &row[place] {
            Cell::Number(_, text) if is(&PLAIN) => text.clone(),
            Cell::Number(value, _) if unit == "share" => {
                format!("{}{:.1} %", if is(&CHANGES) && *value > 0.0 { "+" } else { "" }, value * 100.0)
            }
            Cell::Number(value, _) if is(&CHANGES) => signed(*value, ""),
            Cell::Number(value, _) => quantity(*value, ""),
            Cell::Empty => "-".to_owned(),
            // a name of the file's own, as people write it
            Cell::Words(words) if words.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'_') => {
                words.replace('_', " ")
            }
            Cell::Words(words) => words.clone(),
        }
    }

    fn is_number(&self, place: usize) -> bool {
        self.rows.iter().any(|row| matches!(row[place], Cell::Number(..)))
    }

    fn cells(&self, row: &[Cell], escaped: fn(&str) -> String) -> Vec<String> {
        (0..self.head.len()).map(|place| escaped(&self.shown(row, place))).collect()
    }

    fn markdown(&self, caption: &str) -> String {
        let bars = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let ends = (0..self.head.len()).map(|place| if self.is_number(place) { "---:" } else { "---" });
        let head = bars(self.head.iter().map(|name| in_markdown(&heading(name))).collect());
        let rows: String = self.rows.iter().map(|row| bars(self.cells(row, in_markdown))).collect();
        let caption = if caption.is_empty() { String::new() } else { format!("{}\n\n", in_markdown(caption)) };
        format!("{caption}{head}|{}|\n{rows}\n{}\n", ends.collect::<Vec<_>>().join("|"), in_markdown(&self.notes))
    }

    fn latex(&self, caption: &str) -> String {
        let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
        // sentences need a width, numbers stand to the right
        let is_long = |place: usize| self.rows.iter().any(|row| row[place].text().chars().count() > 60);
        let end = |place| match (self.is_number(place), is_long(place)) {
            (true, _) => "r",
            (_, true) => "p{0.7\\textwidth}",
            _ => "l",
        };
        let ends: String = (0..self.head.len()).map(end).collect();
        let caption = if caption.is_empty() { String::new() } else { format!("\\caption{{{}}}\n", in_latex(caption)) };
        let head = line(self.head.iter().map(|name| in_latex(&heading(name))).collect());
        let rows: String = self.rows.iter().map(|row| line(self.cells(row, in_latex))).collect();
        format!(
            "\\begin{{table}}\n{caption}\\begin{{tabular}}{{{ends}}}\n\\toprule\n{head}\\midrule\n{rows}\\bottomrule\n\\end{{tabular}}\n\\par\\footnotesize {}\n\\end{{table}}\n",
            in_latex(&self.notes)
        )
    }

    fn csv(&self) -> Result<String, Unmade> {
        let mut sheet = Sheet::new(self.head.iter().map(String::as_str))?;
        for row in &self.rows {
            let cell = |cell: &Cell| match cell {
                // as the file has it: a number stays what it was, to the last digit
                Cell::Number(_, text) => Text::number(text),
                Cell::Words(words) => words.clone().into(),
                Cell::Empty => Text::empty(),
            };
            sheet.row(row.iter().map(cell))?;
        }
        Ok(String::from_utf8_lossy(&sheet.bytes()?).into_owned())
    }
}

/// Words in which Markdown finds no mark.
fn in_markdown(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        match sign {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' => out.extend(['\\', sign]),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// Words in which LaTeX finds no command.
fn in_latex(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        match sign {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', sign]),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '\u{2212}' => out.push_str("$-$"),
            '\u{201c}' => out.push_str("``"),
            '\u{201d}' => out.push_str("''"),
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
