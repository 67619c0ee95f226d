//! What the program says of itself to editors, shells and manual readers: `schema`, `calendar`, `completions`, `man`.

use super::{Exit, print};
use clap::{Args, Command};
use handover::economy::calendar;
use handover::observe;
use handover::scenario::schema::editor_schema;
use std::path::PathBuf;

/// Print what completes commands in a shell.
#[derive(Args, Debug)]
pub(super) struct CompletionsArguments {
    /// bash, zsh, fish, elvish or powershell.
    shell: clap_complete::Shell,
}

/// Print the manual page, or write the pages of all commands.
#[derive(Args, Debug)]
pub(super) struct ManArguments {
    /// Folder for one page a command [default: the main page on stdout].
    folder: Option<PathBuf>,
}

/// Prints the JSON Schema of scenario files.
pub(super) fn schema() -> Exit {
    print(&editor_schema())
}

/// Print what happens in a tick, in order: phases, rules, and the file of each.
#[derive(Args, Debug)]
pub(super) struct CalendarArguments {
    /// Say of each rule what it reads and writes.
    #[arg(long)]
    data: bool,
}

/// Prints what happens in a tick, in order.
pub(super) fn calendar(arguments: &CalendarArguments) -> Exit {
    let mut schedule = calendar::schedule(None);
    observe::watch(&mut schedule);
    print(&calendar::in_words(&mut schedule, arguments.data))
}

/// Prints a shell's completions.
pub(super) fn completions(arguments: &CompletionsArguments, mut command: Command) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "handover", &mut text);
    print(&String::from_utf8_lossy(&text))
}

/// Prints or writes manual pages.
pub(super) fn man(arguments: &ManArguments, command: Command) -> Exit {
    let done = match &arguments.folder {
        Some(folder) => std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder)),
        None => {
            let mut page = Vec::new();
            match clap_mangen::Man::new(command).render(&mut page) {
                Ok(()) => return print(&String::from_utf8_lossy(&page)),
                Err(error) => Err(error),
            }
        }
    };
    match done {
        Ok(()) => Exit::Fine,
        Err(error) => {
            eprintln!("error: {error}");
            Exit::Disk
        }
    }
}
