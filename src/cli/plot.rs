//! `handover plot`.

use super::Exit;
use super::chosen::Chosen;
use super::error::Failed;
use super::sensitivity::{self, Choice};
use clap::Args;
use handover::ground::backstop::backstop;
use handover::output::disk::manifest::hash;
use handover::output::disk::unread::Unread;
use handover::output::disk::verify::Kind;
use handover::output::disk::{files, verify};
use handover::output::ensemble;
use handover::output::run::pictures::pictures;
use handover::output::run::read;
use std::path::PathBuf;

/// Draws the pictures of a run or an ensemble again, from its tables, or one series alone; of a sweep its report.
///
/// Of a sweep of any design: main effects, tornado, response surface, and table of regret, into DIR/report.
#[derive(Args, Debug)]
pub(super) struct PlotArguments {
    /// Folder of the result.
    folder: PathBuf,
    /// Where the pictures go: a folder, or of one series a file [default: the result's own plots].
    #[arg(long, value_name = "DIR", value_parser = super::scenario::folder())]
    out: Option<PathBuf>,
    /// Nothing on stdout.
    #[arg(long)]
    quiet: bool,
    #[command(flatten, next_help_heading = "For one series")]
    chosen: Chosen,
    #[command(flatten, next_help_heading = "For a sweep")]
    choice: Choice,
    /// For a sweep: draw what there is of a partial one, and mark it.
    #[arg(long)]
    allow_partial: bool,
}

pub(super) fn run(arguments: &PlotArguments) -> Exit {
    if arguments.folder.join("sweep.parquet").is_file() {
        if arguments.chosen.metric.is_some() {
            eprintln!("error: a sweep holds no series; --metric draws one of a run or an ensemble");
            return Exit::Input;
        }
        if arguments.out.is_some() {
            eprintln!("error: the report of a sweep goes to its own folder, {}/report", arguments.folder.display());
            return Exit::Input;
        }
        return sensitivity::plot(&arguments.folder, &arguments.choice, arguments.allow_partial, arguments.quiet);
    }
    match plot(arguments) {
        Ok(words) => {
            if !arguments.quiet {
                println!("{words}");
            }
            Exit::Fine
        }
        Err(Failed { exit, words }) => {
            eprintln!("error: {words}");
            exit
        }
    }
}

fn plot(arguments: &PlotArguments) -> Result<String, Failed> {
    let input = |words: String| Failed::new(Exit::Input, words);
    let unread = |unread: Unread| input(unread.to_string());
    let folder = &arguments.folder;
    let recorded = verify::read(folder).map_err(unread)?;
    if arguments.chosen.metric.is_some() {
        return arguments.chosen.draw(folder, &recorded, arguments.out.as_deref());
    }
    let regions = &recorded.scenario.parameters.regions;
    let drawn = match &recorded.kind {
        Kind::Run => {
            let series = read::series(&folder.join("series.parquet"), regions).map_err(unread)?;
            let flows = read::flows(&folder.join("flows.parquet"), regions).map_err(unread)?;
            backstop(|| pictures(&recorded.scenario, &series, &flows))
        }
        Kind::Ensemble { attendance, .. } => {
            let histories = read::bands(&folder.join("bands.parquet"), regions, "all").map_err(unread)?;
            let became = read::became(&folder.join("waterfall.csv"), regions).map_err(unread)?;
            backstop(|| ensemble::pictures(&recorded.scenario, attendance, &histories, &became))
        }
        Kind::Search => {
            let words = format!("{}: a solution or a calibration; its pictures come with it", folder.display());
            return Err(input(words));
        }
        Kind::Comparison { .. } => {
            let words = format!("{}: a comparison; its pictures come with handover compare", folder.display());
            return Err(input(words));
        }
    };
    // tables that come from anywhere may say what no run says
    let shown = folder.display();
    let drawn = drawn.and_then(|drawn| drawn.map_err(|unmade| unmade.to_string())).map_err(|words| {
        input(format!(
            "{shown}: of these tables nothing can be drawn: {words}; `handover verify` says whether they were changed"
        ))
    })?;
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
        files::replace(&target, name, bytes).map_err(|error| {
            Failed::new(Exit::Disk, format!("{}: {error} ({} bytes)", target.join(name).display(), bytes.len()))
        })?;
    }
    let same = if others == 0 { "the same as the manifest's" } else { "not the manifest's" };
    Ok(format!("{all} pictures drawn into {}, {same}", target.display()))
}
