//! `handover discover`.

use super::Exit;
use super::error::Failed;
use super::sensitivity::{Choice, FOLDER, Other, ended, read};
use clap::Args;
use handover::experiment::discover::{Prim, Rules, case};
use handover::output::discover::{Discovery, render, summary, value};
use handover::output::disk::files;
use std::path::PathBuf;

/// Under which circumstances does it happen? Boxes in words, from any sweep.
///
/// Looks for limits of few factors within which what is asked for is frequent (PRIM: peeling, pasting, dropping what
/// chance could have made). Coverage is the share of all cases that a box holds, density the share of its points
/// that are cases. Writes discover.json, pictures and discover.html into DIR/discover.
#[derive(Args, Debug)]
pub(super) struct DiscoverArguments {
    /// Folder of the sweep.
    folder: PathBuf,
    /// What is looked for: 'OUTPUT < NUMBER', 'OUTPUT > NUMBER', 'OUTPUT lowest SHARE', 'OUTPUT highest SHARE'.
    #[arg(long = "where", value_name = "EVENT")]
    event: String,
    /// The arm that is looked at [default: the first].
    #[arg(long, value_name = "ARM")]
    arm: Option<String>,
    #[command(flatten)]
    other: Other,
    /// Take the largest box of this density instead of the best mean of coverage and density.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    density: Option<f64>,
    /// The least share of all points a box may hold.
    #[arg(long, value_name = "SHARE", default_value = "5 %", value_parser = share)]
    mass: f64,
    /// Boxes at most, each of the points that those before it left.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    boxes: u32,
    /// Leave points out where a run is missing or failed, or the output has no value, and say so.
    #[arg(long)]
    allow_partial: bool,
    /// Print one JSON object on stdout instead of the summary.
    #[arg(long)]
    json: bool,
    /// No summary.
    #[arg(long)]
    quiet: bool,
}

/// "80 %" or 0.8.
fn share(text: &str) -> Result<f64, String> {
    let trimmed = text.trim();
    let value = match trimmed.strip_suffix('%') {
        Some(number) => number.trim().parse::<f64>().map(|number| number / 100.0),
        None => trimmed.parse(),
    };
    value.ok().filter(|value| (0.0..=1.0).contains(value)).ok_or_else(|| "write a share, as '80 %' or 0.8".to_owned())
}

pub(super) fn run(arguments: &DiscoverArguments) -> Exit {
    ended(&arguments.folder, || discover(arguments))
}

fn discover(arguments: &DiscoverArguments) -> Result<Exit, Failed> {
    let input = |words: String| Failed::new(Exit::Input, words);
    let sweep = read(&arguments.folder)?;
    let (name, wish) = case::read(&arguments.event).map_err(|words| input(format!("--where: {words}")))?;
    let arm = arguments.arm.clone().or_else(|| sweep.view.arms.first().cloned());
    let choice = Choice::of(name, arm, arguments.other.clone());
    let wanted = choice.wanted(&sweep.view)?;
    let count = sweep.table.count();
    if count.is_partial() && !arguments.allow_partial {
        return Err(input(format!("{} are done; --allow-partial searches what there is and marks it", count.words())));
    }
    // rows that share values with another would count its cases twice
    let view = sweep.view.only(&sweep.view.independent());
    let planned = view.points;
    let view = if arguments.allow_partial { view.whole(&wanted) } else { view };
    let (output, of) = wanted[0];
    let quantity = view
        .quantity(output, of)
        .map_err(|missing| input(format!("{missing}; --allow-partial leaves these points out")))?;
    let (ties, (case, is_case)) = (wish.ties(&quantity.values), wish.of(&quantity.values));
    let cases = is_case.iter().filter(|&&is_case| is_case).count();
    let few = cases.min(is_case.len() - cases);
    if few < FEW {
        let (least, most) = ends(&quantity.values);
        return Err(input(format!(
            "{cases} of {} points are cases: too few on one side to learn from (at least {FEW}). {} goes from {least} to {most}; choose another threshold{}",
            is_case.len(),
            view.name(&quantity),
            ties.map_or_else(String::new, |ties| format!(". {ties}"))
        )));
    }
    let rules =
        Rules { density: arguments.density, mass_min: arguments.mass, seed: sweep.table.seed, ..Rules::default() };
    let columns: Vec<_> = view.factors.iter().map(|factor| factor.values.clone()).collect();
    let boxes = Prim { columns: &columns, is_case: &is_case, rules }.boxes(arguments.boxes as usize);
    let is_partial = view.points < planned || count.is_partial();
    let runs = match view.points < planned {
        true => format!("{}; {} of {planned} points have what is looked at", count.words(), view.points),
        false => count.words(),
    };
    let (name, title, table) = (sweep.table.name, sweep.table.title, sweep.hash);
    let command = command(arguments);
    let discovery =
        Discovery { name, title, table, runs, is_partial, view, quantity, case, is_case, ties, rules, boxes, command };
    let place = arguments.folder.join("discover");
    files::check_free(&place, true).map_err(|taken| input(taken.to_string()))?;
    let bug = |error| Failed::new(Exit::Bug, format!("{error}\nThis is a bug of handover; nothing was written."));
    let rendered = render(&discovery).map_err(bug)?;
    files::write_result(&place, &rendered).map_err(|error| Failed::new(Exit::Disk, error.to_string()))?;
    let printed = match (arguments.json, arguments.quiet) {
        (true, _) => super::print(&format!("{:#}\n", value(&discovery))),
        (_, false) => super::print(&summary(&discovery, &place.display().to_string())),
        _ => Exit::Fine,
    };
    Ok(if printed == Exit::Fine && is_partial { Exit::Partial } else { printed })
}

/// Cases, and others, that are needed to learn from.
const FEW: usize = 5;

fn ends(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |ends, &value| (ends.0.min(value), ends.1.max(value)))
}

fn command(arguments: &DiscoverArguments) -> String {
    let mut words = format!("handover discover {FOLDER} --where '{}'", arguments.event);
    let mut put = |name: &str, value: Option<String>| {
        words.extend(value.map(|value| format!(" --{name} '{value}'")));
    };
    put("arm", arguments.arm.clone());
    put("against", arguments.other.against.clone());
    put("density", arguments.density.map(|density| density.to_string()));
    put("mass", Some(arguments.mass.to_string()));
    put("boxes", Some(arguments.boxes.to_string()));
    let flags = [("relative", arguments.other.relative), ("allow-partial", arguments.allow_partial)];
    words.extend(flags.iter().filter(|flag| flag.1).map(|flag| format!(" --{}", flag.0)));
    words
}
