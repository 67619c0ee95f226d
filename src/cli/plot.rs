//! `handover plot`.

use super::Exit;
use clap::Args;
use handover::output::manifest::hash;
use handover::output::{pictures, tables_read, verify};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Draws the pictures of a result again, from its series.parquet and flows.parquet.
#[derive(Args, Debug)]
pub(super) struct PlotArguments {
    /// Folder of the result.
    folder: PathBuf,
    /// Where the pictures go [default: the result's own plots].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Nothing on stdout.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: &PlotArguments) -> Exit {
    match plot(arguments) {
        Ok(words) => {
            if !arguments.quiet {
                println!("{words}");
            }
            Exit::Fine
        }
        Err((exit, words)) => {
            eprintln!("error: {words}");
            exit
        }
    }
}

fn plot(arguments: &PlotArguments) -> Result<String, (Exit, String)> {
    let input = |words: String| (Exit::Input, words);
    let folder = &arguments.folder;
    let recorded = verify::read(folder).map_err(input)?;
    if recorded.replicates != 1 {
        let words =
            format!("{}: {} replicates; only a single run can be drawn again", folder.display(), recorded.replicates);
        return Err(input(words));
    }
    let regions = &recorded.scenario.parameters.regions;
    let series = tables_read::series(&folder.join("series.parquet"), regions).map_err(input)?;
    let flows = tables_read::flows(&folder.join("flows.parquet"), regions).map_err(input)?;
    let drawn = pictures(&recorded.scenario, &series, &flows).map_err(|words| (Exit::Bug, words))?;
    let others = drawn.iter().filter(|(name, bytes)| recorded.files.get(name) != Some(&hash(bytes))).count();
    let all = drawn.len();
    if others > 0 && arguments.out.is_none() {
        let version = &recorded.version;
        return Err(input(format!(
            "{others} of {all} pictures differ from those in the manifest (written by handover {version}, or its tables were \
             changed); say where they go with --out, so that the result stays as it was"
        )));
    }
    let target = arguments.out.clone().unwrap_or_else(|| folder.join("plots"));
    for (name, bytes) in &drawn {
        let name = name.strip_prefix("plots/").unwrap_or(name);
        replace(&target, name, bytes).map_err(|error| {
            (Exit::Disk, format!("{}: {error} ({} bytes)", target.join(name).display(), bytes.len()))
        })?;
    }
    let same = if others == 0 { "the same as the manifest's" } else { "not the manifest's" };
    Ok(format!("{all} pictures drawn into {}, {same}", target.display()))
}

/// The file is there whole or as it was.
fn replace(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let fresh = folder.join(format!(".{name}.new"));
    let mut file = fs::File::create(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, folder.join(name))?;
    fs::File::open(folder)?.sync_all()
}
