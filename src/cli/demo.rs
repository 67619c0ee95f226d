//! `handover demo`: the classroom's page, one file that needs nothing else.

use super::Exit;
use clap::Args;
use handover::output::disk::ours;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The page, with the simulator inside; `web/build.sh` makes it.
const PAGE: &[u8] = include_bytes!("../../docs/demo.html");

/// Write the classroom's page, a simulator in one file, and open it in the browser.
#[derive(Args, Debug)]
pub(super) struct DemoArguments {
    /// Where the page goes.
    #[arg(long, value_name = "FILE", default_value = "handover-demo.html")]
    out: PathBuf,
    /// Only write it.
    #[arg(long)]
    no_open: bool,
    /// Replace a file that holds something else.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &DemoArguments) -> Exit {
    let path = &arguments.out;
    match put(path, arguments.force) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            eprintln!("error: {} holds something else; name another file with --out, or add --force", path.display());
            return Exit::Input;
        }
        Err(error) => {
            eprintln!("error: {}: {error}", path.display());
            return Exit::Disk;
        }
    }
    let said = super::print(&format!("{}\n", path.display()));
    if !arguments.no_open && !open(path) {
        eprintln!("no browser could be started here: open the file in one; it needs no network");
    }
    said
}

/// Writes the page, whole or not at all; a file that is this page already is left as it is.
fn put(path: &Path, force: bool) -> std::io::Result<()> {
    match ours::read_file(path, ours::MOST_MANIFEST_BYTES) {
        Ok(bytes) if bytes == PAGE => return Ok(()),
        Ok(_) if !force => return Err(ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".handover-demo").tempfile_in(folder)?;
    file.write_all(PAGE)?;
    file.as_file().sync_all()?;
    // a temporary file is for its owner alone; a page is for whoever may read here
    let file = file.persist(path).map_err(|failed| failed.error)?;
    readable(&file)
}

#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Asks the desktop to show a file; did it take it?
fn open(path: &Path) -> bool {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let mut command = Command::new(program);
    command.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // explorer says 1 when all is well
    command.status().is_ok_and(|status| status.success() || cfg!(windows))
}
