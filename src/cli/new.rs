//! `handover new`: a commented file to start from.

use super::Exit;
use clap::Args;
use handover::scenario::words::fault;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

/// The baseline this program was built with.
const BASELINE: &str = include_str!("../../scenarios/baseline.toml");

/// Write a commented scenario to start from.
#[derive(Args, Debug)]
pub(super) struct NewArguments {
    /// Short name: lower-case letters, digits and hyphens.
    name: String,
    /// Folder to write it to; the baseline is put there too if it has none.
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

/// Writes the file; nothing that exists is touched.
pub(super) fn new(arguments: &NewArguments) -> Exit {
    let name = &arguments.name;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 64 || name == "baseline" || !name.chars().all(fits) || fault(name).is_some() {
        eprintln!(
            "error: {name:?} cannot name a scenario; use 1 to 64 lower-case letters, digits and hyphens, for example royalty-20"
        );
        return Exit::Input;
    }
    let path = arguments.folder.join(format!("{name}.toml"));
    let written = std::fs::create_dir_all(&arguments.folder).and_then(|()| {
        write_new(&path, &TEMPLATE.replace("NAME", name))?;
        match write_new(&arguments.folder.join("baseline.toml"), BASELINE) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
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
