//! What became of absorbed work: the tables of it, and its part of a page.

use crate::experiment::became::{Became, Step, together};
use crate::experiment::compare::effects::Paired;
use crate::experiment::tally::Tally;
use crate::output::kit::bands::{Band, outer_in_words};
use crate::output::kit::csv::{Cell, Sheet};
use crate::output::kit::numbers::{interval, quantity};
use crate::output::kit::page::Page;
use crate::output::kit::unmade::Unmade;
use crate::output::kit::words::plain_name;
use crate::scenario::Scenario;
use serde_json::{Value, json};

/// How the path is to be read.
pub(crate) const HOW_TO_READ: &str = "From the start to the end, in full-time equivalents and persons. Not every job that a robot does is a job lost. Where jobs became no fewer, robots do work that there was not before. Where people left, or were let go for other reasons, and nobody was hired in their place, robots took over without a notice. More work is below zero where robots do less at the end than they displaced people for on the way.";

/// What the columns of the table mean.
const HEAD: [&str; 6] = ["scenario", "region", "step", "kind", "unit", "replicates"];

/// A step of all replicates, of a region or, without one, of the world.
fn values(tallies: &[Tally], region: Option<usize>, step: Step) -> Vec<f64> {
    let of = |tally: &Tally| match region {
        Some(r) => tally.became.get(r).copied().unwrap_or_default(),
        None => together(&tally.became),
    };
    tallies.iter().map(|tally| of(tally).step(step)).collect()
}

/// The world and then every region, each with its word in tables.
fn places(scenario: &Scenario) -> Vec<(Option<usize>, &str)> {
    let regions = scenario.parameters.regions.iter().enumerate().map(|(r, code)| (Some(r), code.as_str()));
    std::iter::once((None, "world")).chain(regions).collect()
}

/// The mean of each step, as the table has it: what is drawn from the table is drawn alike.
fn mean(tallies: &[Tally], region: Option<usize>) -> Became {
    Became(Step::ALL.map(|step| Band::of(&mut values(tallies, region, step)).mean))
}

/// What became of absorbed work by region, on average over replicates.
pub(crate) fn on_average(tallies: &[Tally], regions: usize) -> Vec<Became> {
    let regions = if tallies.is_empty() { 0 } else { regions };
    (0..regions).map(|r| mean(tallies, Some(r))).collect()
}

/// waterfall.csv of a run or an ensemble: a row for each step.
///
/// # Errors
/// What could not be written, in words.
pub(crate) fn csv(scenario: &Scenario, tallies: &[Tally]) -> Result<Vec<u8>, Unmade> {
    let numbers = ["mean", "q05", "q95"];
    let mut sheet = Sheet::new(HEAD.into_iter().chain(numbers))?;
    for (region, word) in places(scenario).into_iter().filter(|_| !tallies.is_empty()) {
        for step in Step::ALL {
            let mut values = values(tallies, region, step);
            let band = Band::of(&mut values);
            let unit =
                if matches!(step, Step::Absorbed | Step::MoreWork) { "full-time equivalents" } else { "persons" };
            let words = [scenario.about.name.as_str(), word, step.name()].map(Cell::from);
            let rest = [Cell::from(step.kind()), unit.into(), band.count.into(), Some(band.mean).into()];
            let ends = [band.quantiles[0], band.quantiles[4]].map(Cell::from);
            sheet.row(words.into_iter().chain(rest).chain(ends))?;
        }
    }
    sheet.bytes()
}

/// The part of the page of a run or an ensemble.
pub(crate) fn section(page: &mut Page, scenario: &Scenario, tallies: &[Tally]) {
    if tallies.iter().all(|tally| tally.became.iter().all(|one| *one == Became::default())) {
        return;
    }
    page.section("How absorbed work became displaced people");
    let mean = |region: Option<usize>| mean(tallies, region);
    let cell = |region: Option<usize>, step: Step| {
        let mut values = values(tallies, region, step);
        let band = Band::of(&mut values);
        let ends = [0, 4].map(|n| quantity(band.quantiles[n], ""));
        if band.count < 2 {
            vec![quantity(band.mean, "")]
        } else {
            [vec![quantity(band.mean, "")], ends.to_vec()].concat()
        }
    };
    let (says, head): (String, &[&str]) = match tallies.len() {
        0 | 1 => ("In the world.".to_owned(), &["in the world", "persons or full-time equivalents"]),
        many => (
            format!(
                "In the world: means over {many} replicates; in the table also where {} of them lie.",
                outer_in_words(many)
            ),
            &["in the world", "mean", "from", "to"],
        ),
    };
    let rows: Vec<Vec<String>> = Step::ALL
        .iter()
        .map(|&step| std::iter::once(step.words().to_owned()).chain(cell(None, step)).collect())
        .collect();
    page.chart("From absorbed work to displaced people", &says, 330, chart(&mean(None)), head, &rows);
    page.text(HOW_TO_READ);
    let names = scenario.region_names();
    let row = |(r, name): (usize, &String)| {
        let mean = mean(Some(r));
        let cells = Step::ALL.iter().map(|&step| quantity(mean.step(step), ""));
        std::iter::once(plain_name(name).to_owned()).chain(cells).collect()
    };
    let rows: Vec<Vec<String>> = names.iter().enumerate().map(row).collect();
    let head: Vec<&str> = std::iter::once("").chain(Step::ALL.map(Step::words)).collect();
    let caption =
        if tallies.len() > 1 { "The same by region, means over the replicates" } else { "The same by region" };
    page.table(caption, &head, &rows, true);
}

/// The bars of a path.
fn chart(became: &Became) -> Value {
    let bars = became.bars();
    let kind = |step: Step| match step {
        Step::Absorbed => "absorbed",
        Step::Displaced | Step::NotFound => "displaced",
        Step::FoundAgain => "found",
        _ => "less",
    };
    json!({
        "kind": "waterfall", "unit": "persons or full-time equivalents",
        "names": Step::ALL.map(Step::words),
        "from": bars.map(|bar| bar.0), "to": bars.map(|bar| bar.1),
        "values": Step::ALL.map(|step| became.step(step)),
        "kinds": Step::ALL.map(kind),
    })
}

/// The part of the page of a comparison: the path of the base, that of the reform, and the difference of each step.
pub(crate) fn compared(page: &mut Page, world: &[Paired; 6]) {
    if world.iter().all(|pair| pair.base.mean == 0.0 && pair.reform.mean == 0.0) {
        return;
    }
    let row = |(&step, pair): (&Step, &Paired)| {
        let ends = [pair.base.mean, pair.reform.mean].map(|value| quantity(value, ""));
        vec![step.words().to_owned(), ends[0].clone(), ends[1].clone(), interval(pair, "")]
    };
    let rows: Vec<Vec<String>> = Step::ALL.iter().zip(world).map(row).collect();
    page.heading("How absorbed work became displaced people");
    page.table(
        "In the world, from the start to the end",
        &["", "base", "reform", "difference (95 % interval)"],
        &rows,
        false,
    );
    page.text(HOW_TO_READ);
}
