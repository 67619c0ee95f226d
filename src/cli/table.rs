//! `handover table`.

use super::Exit;
use super::error::Failed;
use clap::{Args, ValueEnum};
use handover::ground::backstop::backstop;
use handover::output::disk::files;
use handover::output::table::{self, Asked, Table, Tables};
use std::path::{Path, PathBuf};

/// A table of a result for a paper or a page: Markdown, LaTeX (booktabs) or CSV, with seeds, replicates and grades below.
///
/// Without --table it names the tables that the result has. Of the tables that papers quote it shows the rows and columns
/// that they quote; --whole shows all, --columns and --where what you choose.
#[derive(Args, Debug)]
pub(super) struct TableArguments {
    /// Folder of the result.
    folder: PathBuf,
    /// Which table: answer, gains, headlines, waterfall and so on.
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// How it is written [default: markdown, or what --out ends with].
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// These columns, in this order, with commas between them.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    columns: Vec<String>,
    /// Only rows in which a column holds this, for example region=IND; may be repeated.
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    wheres: Vec<String>,
    /// All rows and columns of the file.
    #[arg(long)]
    whole: bool,
    /// Wide: each word of these columns becomes a column, for example region or region,metric.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    wide: Vec<String>,
    /// What stands above it.
    #[arg(long, value_name = "TEXT", default_value = "")]
    caption: String,
    /// A file instead of stdout; one that ends in .tex, .md or .csv is written so.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Markdown,
    Latex,
    Csv,
}

pub(super) fn run(arguments: &TableArguments) -> Exit {
    // tables that come from anywhere may say what no run says
    let told = backstop(|| make(arguments));
    let failed = |words: String| Failed::input(format!("{}: {words}", arguments.folder.display()));
    match told.unwrap_or_else(|words| Err(failed(words))) {
        Ok(text) => super::print(&text),
        Err(failed) => failed.tell(),
    }
}

fn make(arguments: &TableArguments) -> Result<String, Failed> {
    let tables = Tables::of(&arguments.folder).map_err(Failed::input)?;
    let Some(name) = &arguments.table else {
        let known: Vec<String> = tables.names().into_iter().collect();
        return Ok(format!("{}\n", known.join("\n")));
    };
    let pair = |text: &String| {
        let (column, value) = text.split_once('=').ok_or_else(|| {
            Failed::input(format!("--where {text:?}: write COLUMN=VALUE, for example --where region=IND"))
        })?;
        Ok((column.trim().to_owned(), value.trim().to_owned()))
    };
    let asked = Asked {
        columns: arguments.columns.clone(),
        wheres: arguments.wheres.iter().map(pair).collect::<Result<_, Failed>>()?,
        is_whole: arguments.whole,
        wide: arguments.wide.clone(),
    };
    let table = Table::read(&arguments.folder, &tables, name).map_err(Failed::input)?;
    let table = table.choose(&asked).map_err(Failed::input)?;
    let text = table.written(arguments.format(), &arguments.caption).map_err(Failed::input)?;
    let Some(path) = &arguments.out else { return Ok(text) };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    files::replace(parent, &file, text.as_bytes())
        .map_err(|error| Failed::disk(format!("{}: {error}", path.display())))?;
    Ok(String::new())
}

impl TableArguments {
    fn format(&self) -> table::Format {
        let named = self.out.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
        match (self.format, named) {
            (Some(Format::Latex), _) | (None, Some("tex")) => table::Format::Latex,
            (Some(Format::Csv), _) | (None, Some("csv")) => table::Format::Csv,
            _ => table::Format::Markdown,
        }
    }
}
