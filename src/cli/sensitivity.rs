//! `handover sensitivity`, and what `handover plot` does with a sweep.

use super::Exit;
use super::error::Failed;
use clap::Args;
use handover::experiment::compare::regret::Regret;
use handover::experiment::sensitivity::analysis::{Analysis, analyse};
use handover::experiment::sensitivity::resample::Resamples;
use handover::experiment::sensitivity::view::{Kind, Of, View};
use handover::experiment::sweep::table::Table;
use handover::ground::backstop::backstop;
use handover::output::disk::{files, ours};
use handover::output::sensitivity::{Report, render, salib, summary};
use handover::output::sweep::table;
use handover::scenario::nearest;
use std::fs;
use std::path::{Path, PathBuf};

/// On which inputs does an answer depend, and on which evidence? From a sweep with a Morris or Saltelli design.
///
/// Of a Saltelli design: Sobol indices of first and total order, and their sums by grade of evidence. Of a
/// Morris design: mu, mu* and sigma. For the outputs of the first arm, and for what each other arm
/// changes of them: the difference of the two at each point, with the same random numbers. Intervals are 95 %, from
/// resamples of the points. Writes sensitivity.csv, sensitivity.json, pictures and sweep.html into DIR/report.
#[derive(Args, Debug)]
pub(super) struct SensitivityArguments {
    /// Folder of the sweep.
    folder: PathBuf,
    #[command(flatten)]
    choice: Choice,
    /// Resamples of the points for intervals.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..))]
    bootstrap: u32,
    /// Write problem.json, X.csv and Y.csv, as SALib reads them, into this folder.
    #[arg(long, value_name = "DIR")]
    export_salib: Option<PathBuf>,
    /// Print one JSON object on stdout instead of the summary.
    #[arg(long)]
    json: bool,
    /// No summary.
    #[arg(long)]
    quiet: bool,
}

/// What an arm is compared with.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Other {
    /// The arm it is compared with: what is looked at is the difference of the two.
    #[arg(long, value_name = "ARM", requires = "arm")]
    pub(super) against: Option<String>,
    /// The difference as a share of the other arm's value.
    #[arg(long, requires = "against")]
    pub(super) relative: bool,
}

/// What of a sweep is looked at.
#[derive(Args, Debug, Default)]
pub(super) struct Choice {
    /// An output of the plan; may be repeated [default: all].
    #[arg(long = "output", value_name = "NAME")]
    outputs: Vec<String>,
    /// The arm that is looked at [default: the first, and what each other changes].
    #[arg(long, value_name = "ARM")]
    arm: Option<String>,
    #[command(flatten)]
    other: Other,
    /// Two factors whose joint effect is drawn, with a comma between them [default: the two that matter most].
    #[arg(long, value_name = "FACTOR,FACTOR")]
    surface: Option<String>,
    /// For a table of regret of the arms: which way an output is better, as NAME=more or NAME=less; may be repeated.
    #[arg(long = "better", value_name = "OUTPUT=more|less")]
    better: Vec<String>,
}

pub(super) fn run(arguments: &SensitivityArguments) -> Exit {
    ended(&arguments.folder, || sensitivity(arguments))
}

/// Looks at a sweep from anywhere, and says how it ended: a table that fits its plan may still hold what no run finds.
pub(super) fn ended(folder: &Path, look: impl FnOnce() -> Result<Exit, Failed>) -> Exit {
    let table = folder.join("sweep.parquet");
    let looked = backstop(look).unwrap_or_else(|words| {
        let shown = table.display();
        Err(Failed::new(
            Exit::Input,
            format!(
                "{shown}: this table does not hold together ({words}); if `handover sweep` wrote it, please report it"
            ),
        ))
    });
    looked.unwrap_or_else(|Failed { exit, words }| {
        eprintln!("error: {words}");
        exit
    })
}

/// A sweep as read.
pub(super) struct Sweep {
    pub(super) table: Table,
    pub(super) view: View,
    pub(super) hash: String,
}

/// Reads the table of a sweep's folder.
pub(super) fn read(folder: &Path) -> Result<Sweep, Failed> {
    let input = |words: String| Failed::new(Exit::Input, words);
    let path = folder.join("sweep.parquet");
    if !path.is_file() {
        let shown = folder.display();
        return Err(input(format!(
            "{shown} holds no sweep.parquet; name the folder of a sweep that `handover sweep` collected"
        )));
    }
    let (table, _) = table::read(&path).map_err(|unread| input(unread.to_string()))?;
    let view = View::of(&table).map_err(|words| input(format!("{}: {words}", path.display())))?;
    let (hash, _) = ours::hash_of(folder, "sweep.parquet", ours::MOST_BYTES)
        .map_err(|error| Failed::new(Exit::Disk, format!("{}: {error}", path.display())))?;
    Ok(Sweep { table, view, hash })
}

fn sensitivity(arguments: &SensitivityArguments) -> Result<Exit, Failed> {
    let input = |words: String| Failed::new(Exit::Input, words);
    let sweep = read(&arguments.folder)?;
    let count = sweep.table.count();
    if count.is_partial() {
        return Err(input(format!(
            "{} are done: indices of a part of a design would be wrong, not just less sure; run the same `handover sweep` again to finish it",
            count.words()
        )));
    }
    if let Some(words) = sweep.view.too_few() {
        return Err(input(words));
    }
    if let Kind::Other(name) = sweep.view.kind {
        return Err(input(format!(
            "the design is {name:?}, which gives no indices of sensitivity; they need kind = \"saltelli\" (Sobol indices) or \"morris\" in the \
             plan's [design]. `handover plot {}` shows main effects, tornado and response surface of any design",
            arguments.folder.display()
        )));
    }
    let resamples = Resamples { count: arguments.bootstrap, seed: sweep.table.seed };
    let report = report(sweep, &arguments.choice, resamples, command(arguments))?;
    if let Some(folder) = &arguments.export_salib {
        let exported = salib::files(&report.analysis).map_err(|unmade| Failed::new(Exit::Bug, unmade.to_string()))?;
        for (name, bytes) in exported {
            let path = folder.join(&name);
            let write = || fs::create_dir_all(folder).and_then(|()| fs::write(&path, &bytes));
            write().map_err(|error| {
                Failed::new(Exit::Disk, format!("{}: {error} ({} bytes)", path.display(), bytes.len()))
            })?;
        }
    }
    let place = write(&arguments.folder, &report)?;
    if arguments.json {
        return Ok(super::print(&String::from_utf8_lossy(&handover::output::sensitivity::json(&report))));
    }
    if !arguments.quiet {
        return Ok(super::print(&summary::summary(&report, &place.display().to_string())));
    }
    Ok(Exit::Fine)
}

/// The pictures and the page of any design, for `handover plot`.
pub(super) fn plot(folder: &Path, choice: &Choice, allow_partial: bool, is_quiet: bool) -> Exit {
    let whole = || {
        let mut sweep = read(folder)?;
        let count = sweep.table.count();
        if count.is_partial() {
            if !allow_partial {
                let words = format!("{} are done; --allow-partial draws what there is, without indices", count.words());
                return Err(Failed::new(Exit::Input, words));
            }
            sweep.view = without_indices(sweep.view, choice)?;
        }
        let resamples = Resamples { count: 1_000, seed: sweep.table.seed };
        let partial = if allow_partial { " --allow-partial" } else { "" };
        let command = format!("handover plot {FOLDER}{partial}{}", choice.words());
        let report = report(sweep, choice, resamples, command)?;
        let place = write(folder, &report)?;
        if !is_quiet {
            println!("{}", summary::summary(&report, &place.display().to_string()));
        }
        Ok(if report.is_partial { Exit::Partial } else { Exit::Fine })
    };
    ended(folder, whole)
}

/// Only the points at which everything that is looked at is there; what is left is no design.
fn without_indices(view: View, choice: &Choice) -> Result<View, Failed> {
    let wanted = choice.wanted(&view)?;
    let view = view.whole(&wanted);
    if view.points < 2 {
        return Err(Failed::new(
            Exit::Input,
            "fewer than two points are whole, so there is nothing to draw".to_owned(),
        ));
    }
    Ok(view)
}

fn report(sweep: Sweep, choice: &Choice, resamples: Resamples, command: String) -> Result<Report, Failed> {
    let wanted = choice.wanted(&sweep.view)?;
    let pair = choice.pair(&sweep.view)?;
    let regrets = choice.regrets(&sweep.view)?;
    let analysis = analyse(sweep.view, &wanted, pair, resamples)
        .map_err(|words| Failed::new(Exit::Input, format!("{words}; --output NAME chooses others")))?;
    if analysis.answers.is_empty() {
        let why: Vec<String> = analysis.left_out.iter().map(|(name, why)| format!("{name}: {why}")).collect();
        return Err(Failed::new(Exit::Input, why.join("; ")));
    }
    let table = &sweep.table;
    let count = table.count();
    Ok(Report {
        name: table.name.clone(),
        title: table.title.clone(),
        table: sweep.hash,
        runs: count.words(),
        is_partial: count.is_partial(),
        replicates: table.replicates,
        seed: table.seed,
        analysis,
        regrets,
        command,
    })
}

fn write(folder: &Path, report: &Report) -> Result<PathBuf, Failed> {
    let place = folder.join("report");
    files::check_free(&place, true).map_err(|taken| Failed::new(Exit::Input, taken.to_string()))?;
    let bug = |error| Failed::new(Exit::Bug, format!("{error}\nThis is a bug of handover; nothing was written."));
    let rendered = render(report).map_err(bug)?;
    files::write_result(&place, &rendered).map_err(|error| Failed::new(Exit::Disk, error.to_string()))?;
    Ok(place)
}

/// Where the sweep lies, in a command that a page shows: the folder is the reader's own affair.
pub(super) const FOLDER: &str = "DIR";

fn command(arguments: &SensitivityArguments) -> String {
    let bootstrap = format!(" --bootstrap {}", arguments.bootstrap);
    format!("handover sensitivity {FOLDER}{}{bootstrap}", arguments.choice.words())
}

/// A name among names, or an error that says which is near.
fn among(what: &str, name: &str, known: &[String]) -> Result<usize, Failed> {
    known.iter().position(|one| one == name).ok_or_else(|| {
        let near = nearest::rank(name, known.iter().map(String::as_str));
        let hint = near.first().map_or(String::new(), |near| format!("; did you mean {near:?}?"));
        Failed::new(Exit::Input, format!("the sweep has no {what} {name:?}{hint}; it has {}", known.join(", ")))
    })
}

impl Choice {
    /// One output of an arm, or the difference to another.
    pub(super) fn of(output: String, arm: Option<String>, other: Other) -> Choice {
        Choice { outputs: vec![output], arm, other, ..Choice::default() }
    }

    /// The arguments again.
    fn words(&self) -> String {
        let mut words = String::new();
        let mut put = |name: &str, value: &str| words.push_str(&format!(" --{name} '{value}'"));
        self.outputs.iter().for_each(|name| put("output", name));
        self.arm.iter().for_each(|name| put("arm", name));
        self.other.against.iter().for_each(|name| put("against", name));
        self.surface.iter().for_each(|names| put("surface", names));
        self.better.iter().for_each(|text| put("better", text));
        if self.other.relative {
            words.push_str(" --relative");
        }
        words
    }

    /// Outputs and arms that are looked at.
    pub(super) fn wanted(&self, view: &View) -> Result<Vec<(usize, Of)>, Failed> {
        let names: Vec<String> = view.outputs.iter().map(|output| output.name.clone()).collect();
        let mut outputs: Vec<usize> =
            self.outputs.iter().map(|name| among("output", name, &names)).collect::<Result<_, _>>()?;
        if outputs.is_empty() {
            outputs = (0..names.len()).collect();
        }
        let arm = |name: &String| among("arm", name, &view.arms);
        let of = match (&self.arm, &self.other.against) {
            (None, _) => return Ok(Analysis::everything(view, &outputs)),
            (Some(name), None) => Of::Level(arm(name)?),
            (Some(name), Some(other)) if self.other.relative => Of::Relative(arm(name)?, arm(other)?),
            (Some(name), Some(other)) => Of::Effect(arm(name)?, arm(other)?),
        };
        Ok(outputs.into_iter().map(|output| (output, of)).collect())
    }

    fn pair(&self, view: &View) -> Result<Option<[usize; 2]>, Failed> {
        let Some(text) = &self.surface else { return Ok(None) };
        let names: Vec<String> = view.factors.iter().map(|factor| factor.key.clone()).collect();
        let Some((one, other)) = text.split_once(',') else {
            return Err(Failed::new(
                Exit::Input,
                format!("--surface {text}: name two factors with a comma between them"),
            ));
        };
        Ok(Some([among("factor", one.trim(), &names)?, among("factor", other.trim(), &names)?]))
    }

    /// Regret over all points, of each output whose better way is said.
    fn regrets(&self, view: &View) -> Result<Vec<Regret>, Failed> {
        let names: Vec<String> = view.outputs.iter().map(|output| output.name.clone()).collect();
        let one = |text: &String| {
            let is_cost = match text.split_once('=') {
                Some((_, "less")) => true,
                Some((_, "more")) => false,
                _ => return Err(Failed::new(Exit::Input, format!("--better {text}: write NAME=more or NAME=less"))),
            };
            let name = text.split('=').next().unwrap_or_default();
            let output = among("output", name, &names)?;
            let values: Result<Vec<Vec<f64>>, String> = (0..view.arms.len())
                .map(|arm| {
                    view.quantity(output, Of::Level(arm)).map(|found| found.values).map_err(|error| error.to_string())
                })
                .collect();
            Ok(Regret {
                aim: name.to_owned(),
                policies: view.arms.clone(),
                states: (0..view.points).map(|point| point.to_string()).collect(),
                values: values.map_err(|words| Failed::new(Exit::Input, words))?,
                is_cost,
            })
        };
        self.better.iter().map(one).collect()
    }
}
