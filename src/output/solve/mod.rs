//! A solution: every point that was tried, the answer as JSON and in words, and a picture of the response.

use crate::experiment::solve::interval::Interval;
use crate::experiment::solve::target::Target;
use crate::experiment::solve::{Answer, Course, Relation, Solution, Tried};
use crate::output::disk::manifest::{Found, Manifest, as_text};
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::parquet::of_columns;
use crate::output::kit::unmade::Unmade;
use crate::output::kit::words::grain;
use crate::output::plots::response::{Picture, draw_response};
use crate::scenario::Scenario;
use crate::scenario::dial::Dial;
use arrow_array::{ArrayRef, Float64Array, UInt32Array};
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::Arc;

/// A solution with what it is a solution of.
pub struct Solved<'a> {
    /// The scenario whose lever was turned.
    pub scenario: &'a Scenario,
    /// The lever.
    pub dial: &'a Dial,
    /// What was to be reached.
    pub target: &'a Target,
    /// Numbers of the replicates.
    pub replicates: &'a [u32],
    /// What was found.
    pub solution: &'a Solution,
}

/// Every file of a solution, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(solved: &Solved) -> Result<Vec<(String, Vec<u8>)>, Unmade> {
    let mut files = vec![
        ("points.csv".to_owned(), points_csv(solved)?),
        ("points.parquet".to_owned(), points_parquet(solved)?),
        ("solution.json".to_owned(), as_text(&as_json(solved))),
    ];
    let pictures = draw_response(&picture(solved))?;
    files.extend(pictures.into_iter().map(|(name, bytes)| (format!("plots/{name}"), bytes)));
    let found = Found::Solution { solution: as_json(solved) };
    files.push(("manifest.json".to_owned(), Manifest::of_search(solved.scenario, found, &files).bytes()));
    Ok(files)
}

fn holds(solved: &Solved, tried: &Tried) -> bool {
    solved.solution.goal.gap(tried.moments().mean) <= 0.0
}

fn points_csv(solved: &Solved) -> Result<Vec<u8>, Unmade> {
    let head = "lever value unit outcome outcome_unit replicates mean low high holds";
    let row = |tried: &Tried| {
        let moments = tried.moments();
        let end = |sign: f64| moments.half_width().map_or(Cell::empty(), |half| (moments.mean + sign * half).into());
        [
            Cell::from(&solved.dial.key),
            tried.lever.into(),
            solved.dial.quantity.unit.into(),
            solved.target.outcome.to_string().into(),
            solved.target.outcome.unit().into(),
            moments.count.into(),
            moments.mean.into(),
            end(-1.0),
            end(1.0),
            holds(solved, tried).into(),
        ]
    };
    Sheet::of(head, solved.solution.tried.iter().map(row))
}

fn points_parquet(solved: &Solved) -> Result<Vec<u8>, Unmade> {
    let tried = &solved.solution.tried;
    let levers = tried.iter().flat_map(|tried| tried.values.iter().map(|_| tried.lever));
    let replicates = tried.iter().flat_map(|_| solved.replicates.iter().copied());
    let values = tried.iter().flat_map(|tried| tried.values.iter().copied());
    let lever = format!("{}: {}", solved.dial.key, solved.dial.meaning);
    let outcome = format!("{}: {}", solved.target.outcome, solved.target.outcome.meaning());
    let columns: Vec<(&str, &str, &str, ArrayRef)> = vec![
        ("lever", &lever, solved.dial.quantity.unit, Arc::new(levers.collect::<Float64Array>())),
        ("replicate", "number of the replicate", "", Arc::new(replicates.collect::<UInt32Array>())),
        ("outcome", &outcome, solved.target.outcome.unit(), Arc::new(values.collect::<Float64Array>())),
    ];
    of_columns(&solved.scenario.about.name, columns)?.parquet()
}

fn picture<'a>(solved: &Solved<'a>) -> Picture {
    let Solved { solution, target, dial, scenario, .. } = solved;
    let is_share = target.outcome.unit() == "share";
    let factor = if is_share { 100.0 } else { 1.0 };
    let across = if dial.quantity.name == "Share" { 100.0 } else { 1.0 };
    let point = |tried: &Tried| {
        let moments = tried.moments();
        let half = moments.half_width().unwrap_or(0.0);
        [tried.lever * across, moments.mean * factor, (moments.mean - half) * factor, (moments.mean + half) * factor]
    };
    let unit = |is_percent: bool, unit: &str| if is_percent { " in per cent".to_owned() } else { format!(", {unit}") };
    let (at, interval) = match &solution.answer {
        Answer::Reached { at, interval, .. } => (Some(at * across), *interval),
        _ => (None, None),
    };
    let ends = interval.map(|Interval { low, high }| {
        [low.unwrap_or(solution.search.low) * across, high.unwrap_or(solution.search.high) * across]
    });
    let mut how = format!(
        "{}. The line is the mean of {} replicates, the band its 95 % interval.",
        target.outcome.meaning(),
        solved.replicates.len()
    );
    if let Some(first) = how.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    let run = &scenario.parameters.run;
    Picture {
        title: headline(solved),
        how_to_read: how,
        across: format!(
            "{}{}",
            dial.key,
            if dial.quantity.unit.is_empty() && across == 1.0 {
                String::new()
            } else {
                unit(across > 1.0, dial.quantity.unit)
            }
        ),
        upward: format!("{}{}", target.outcome, unit(is_share, target.outcome.unit())),
        points: solution.tried.iter().map(point).collect(),
        target: solution.goal.value * factor,
        at,
        interval: ends,
        note: format!(
            "{}: {}. Seed {}, {}. Conditional on the scenario's assumptions; not a forecast.",
            scenario.about.name,
            scenario.about.title,
            run.seed,
            grain(scenario)
        ),
    }
}

/// The answer as JSON: values of the lever in the model's unit and as `--set` takes them.
pub fn as_json(solved: &Solved) -> Value {
    let Solved { solution, target, dial, scenario, .. } = solved;
    let mean = |lever: f64| solution.at(lever).map(|tried| tried.moments().mean);
    let answer = match &solution.answer {
        Answer::Reached { at, misses, interval } => json!({
            "found": "reached",
            "at": at,
            "setting": dial.setting(*at),
            "outcome_there": mean(*at),
            "misses_at": misses,
            "outcome_where_it_misses": mean(*misses),
            "interval_95": interval.map(|interval| json!([interval.low, interval.high])),
        }),
        Answer::Always => json!({"found": "always"}),
        Answer::Never { best } => json!({
            "found": "never",
            "best": best,
            "setting": dial.setting(*best),
            "outcome_there": mean(*best),
        }),
    };
    json!({
        "scenario": scenario.about.name,
        "lever": dial.key,
        "lever_unit": dial.quantity.unit,
        "between": [solution.search.low, solution.search.high],
        "tolerance": solution.search.tolerance,
        "target": target.words(),
        "outcome_unit": target.outcome.unit(),
        "seed": scenario.parameters.run.seed,
        "replicates": solved.replicates,
        "values_tried": solution.tried.len(),
        "course": course(solution.course),
        "crossings": solution.crossings,
        "answer": answer,
    })
}

fn course(course: Course) -> &'static str {
    match course {
        Course::Rising => "rising",
        Course::Falling => "falling",
        Course::Flat => "flat",
        Course::Mixed => "mixed",
    }
}

/// The answer in one line.
pub fn headline(solved: &Solved) -> String {
    let Solved { solution, target, dial, .. } = solved;
    match solution.answer {
        Answer::Reached { at, misses, .. } => {
            let word = if at > misses { "from" } else { "up to" };
            format!("{}: {word} {} = {}", target.words(), dial.key, dial.shown(at))
        }
        Answer::Always => format!("{}: at every {} tried", target.words(), dial.key),
        Answer::Never { .. } => format!("{}: at no {} in the range", target.words(), dial.key),
    }
}

/// The answer in a terminal.
pub fn summary(solved: &Solved, folder: &str) -> String {
    let Solved { solution, target, dial, scenario, replicates } = solved;
    let mut out = String::new();
    let count = replicates.len();
    let noun = if count == 1 { "replicate" } else { "replicates" };
    let (low, high) = (dial.shown(solution.search.low), dial.shown(solution.search.high));
    let at = |lever: f64| {
        let moments = solution.at(lever).map(Tried::moments).unwrap_or_default();
        let mean = target.shown(moments.mean);
        moments.half_width().map_or(mean.clone(), |half| format!("{mean} ± {}", target.shown(half)))
    };
    let _ = writeln!(out, "\n{}\n", scenario.about.title);
    let _ = writeln!(out, "Wanted: {}, by {} between {low} and {high}.\n", target.words(), dial.key);
    match &solution.answer {
        Answer::Reached { at: value, misses, interval } => {
            let side = if value > misses { "lowest" } else { "highest" };
            let _ = writeln!(out, "The {side} {} that reaches it: {}", dial.key, dial.shown(*value));
            let _ = match interval {
                Some(Interval { low, high }) => {
                    let end = |end: &Option<f64>, word: &str| {
                        end.map_or_else(|| format!("{word} the range"), |end| dial.shown(end))
                    };
                    writeln!(out, "  95 % interval: {} to {}", end(low, "below"), end(high, "above"))
                }
                None => writeln!(out, "  no interval: of one replicate nothing is known of chance"),
            };
            let _ = writeln!(out, "  there {} is {}", target.outcome, at(*value));
            let _ = writeln!(out, "  at {} it is {}, and misses", dial.shown(*misses), at(*misses));
            if solution.crossings > 1 {
                let _ = writeln!(
                    out,
                    "  the target begins or ceases to hold {} times in the range; this is the first",
                    solution.crossings
                );
            }
        }
        Answer::Always => {
            let _ = writeln!(out, "Every value tried reaches it.");
            for lever in [solution.search.low, solution.search.high] {
                let _ = writeln!(out, "  at {} {} is {}", dial.shown(lever), target.outcome, at(lever));
            }
        }
        Answer::Never { best } => {
            let _ = writeln!(out, "No value in the range does.");
            let _ =
                writeln!(out, "  the best found is {}: there {} is {}", dial.shown(*best), target.outcome, at(*best));
        }
    }
    let words = match solution.course {
        Course::Rising => "the outcome rises with the lever",
        Course::Falling => "the outcome falls with the lever",
        Course::Flat => "the lever does not move the outcome by more than chance",
        Course::Mixed => {
            "the outcome both rises and falls with the lever: look at the picture before you trust one answer"
        }
    };
    let _ = writeln!(out, "  {words}");
    let _ = writeln!(
        out,
        "\n{} values tried, each on the same {count} {noun} (seed {}).",
        solution.tried.len(),
        scenario.parameters.run.seed
    );
    if let Answer::Reached { at, .. } | Answer::Never { best: at } = solution.answer {
        let _ = writeln!(out, "To have that world: --set '{}'", dial.setting(at));
    }
    let _ = writeln!(out, "Where to look next: {folder}/plots/response.svg, {folder}/points.csv");
    out
}

/// Does the answer say that the target can be reached?
pub fn is_reached(solution: &Solution) -> bool {
    !matches!(solution.answer, Answer::Never { .. })
}

/// On which side of the target an outcome must lie, in words.
pub fn side(relation: Relation) -> &'static str {
    match relation {
        Relation::AtMost => "at most",
        Relation::AtLeast => "at least",
    }
}
