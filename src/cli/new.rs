//! `handover new`: a commented file to start from, or a shipped one to change.

use super::{Exit, new_region};
use clap::Args;
use handover::experiment::shipped;
use handover::scenario::schema::editor_schema;
use handover::scenario::words::fault;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

/// Write a commented scenario to start from, or a shipped one to change.
///
/// The name of a shipped scenario writes that scenario; any other name a template. What it extends and the schema
/// for editors are put beside it where they are not there. With --region and --like it is a scenario with one more
/// region, and lists the numbers to look up first, each with the value of the region it is like.
#[derive(Args, Debug)]
pub(super) struct NewArguments {
    /// Short name: lower-case letters, digits and hyphens; or that of a shipped scenario.
    name: String,
    /// Folder to write it to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Add a region that the baseline has not, by its code.
    #[arg(long, value_name = "CODE", requires = "like")]
    region: Option<String>,
    /// The region whose numbers it has where none is stated.
    #[arg(long, value_name = "CODE", requires = "region")]
    like: Option<String>,
}

/// Says in a scenario which version wrote it: for readers, nothing is decided by it.
const WRITTEN_BY: &str = concat!("# written by handover ", env!("CARGO_PKG_VERSION"));

/// The schema beside a file, for editors.
const SCHEMA: &str = "scenario.schema.json";

/// Writes the file; nothing that exists is touched.
pub(super) fn new(arguments: &NewArguments) -> Exit {
    let name = &arguments.name;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) || fault(name).is_some() {
        eprintln!(
            "error: {name:?} cannot name a scenario; use 1 to 64 lower-case letters, digits and hyphens, for example royalty-20"
        );
        return Exit::Input;
    }
    let path = arguments.folder.join(format!("{name}.toml"));
    let text = match (&arguments.region, &arguments.like) {
        (Some(region), Some(like)) => match new_region::template(name, region, like) {
            Ok(text) => here(&text),
            Err(words) => {
                eprintln!("error: {words}");
                return Exit::Input;
            }
        },
        _ => shipped::scenario(name).map_or_else(|| here(&TEMPLATE.replace("NAME", name)), here),
    };
    let written = std::fs::create_dir_all(&arguments.folder).and_then(|()| {
        write_new(&path, &text)?;
        write_beside(&arguments.folder, &text)
    });
    match written {
        Ok(()) => {
            println!("{}", path.display());
            eprintln!("next: edit it, then handover check {0}, then handover run {0}", path.display());
            Exit::Fine
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            eprintln!("error: {} exists already; choose another name", path.display());
            Exit::Input
        }
        Err(error) => {
            eprintln!("error: {}: {error}", path.display());
            Exit::Disk
        }
    }
}

/// A shipped text whose schema lies beside it, and that says which version wrote it.
fn here(text: &str) -> String {
    text.replacen("#:schema ../docs/scenario.schema.json", &format!("#:schema {SCHEMA}\n{WRITTEN_BY}"), 1)
}

/// Writes what a scenario needs beside it and is not there: the files it extends, and the schema.
fn write_beside(folder: &Path, text: &str) -> Result<()> {
    let mut next = extended(text);
    while let Some(name) = next {
        let Some(text) = shipped::stand_in(Path::new(&name)) else { break };
        if !write_missing(&folder.join(&name), &here(text))? {
            break;
        }
        next = extended(text);
    }
    write_missing(&folder.join(SCHEMA), &editor_schema()).map(|_| ())
}

/// The file that a scenario extends.
fn extended(text: &str) -> Option<String> {
    let head: toml::Table = text.parse().ok()?;
    head.get("scenario")?.get("extends")?.as_str().map(str::to_owned)
}

/// Writes a file that is not there; says whether it was not.
fn write_missing(path: &Path, text: &str) -> Result<bool> {
    match write_new(path, text) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

const TEMPLATE: &str = r##"#:schema ../docs/scenario.schema.json

# A scenario states what differs from the file it extends, and nothing else.
# handover explain NAME.toml lists every value there is; handover check NAME.toml says what is wrong.

[scenario]
name     = "NAME"
title    = "What it is, in a line"
question = "What does it ask?"
authors  = "you"
extends  = "baseline.toml"
# reference = "where the idea comes from"

# Values of the baseline, changed. A number with a dimension carries its unit.
# [learning]
# alpha = 0.25

# [labour.unemployment]
# IND = "9 %"                      # one region; the others stay as they are

# A law from a date. Without until it stays; without regions it holds everywhere.
[[policy]]
# label      = "what it is called wherever it is named"
from         = "2029-01"
# until      = "2033-01"
regions      = ["IND", "VNM", "BGD"]
royalty_rate = "15 %"

# Something that nobody enacted.
# [[event]]
# kind         = "strike"
# from         = "2030-01"
# until        = "2031-01"
# most_skilled = "30 %"
"##;
