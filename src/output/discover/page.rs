//! The page of a search for boxes.

use super::words::{limit, nothing, trust};
use super::{Discovery, event, sentences};
use crate::experiment::discover::Found;
use crate::output::kit::numbers::whole_percent;
use crate::output::kit::page::Page;
use serde_json::json;

/// The whole page.
pub fn page(discovery: &Discovery) -> String {
    let mut page = Page::default();
    page.section("The answer");
    let mut answer: Vec<String> = discovery.boxes.iter().flat_map(|found| sentences(discovery, found)).collect();
    if answer.is_empty() {
        answer.push(nothing());
    }
    answer.extend(discovery.ties.iter().map(|ties| format!("{ties}.")));
    page.answer(&answer);
    for (n, found) in discovery.boxes.iter().enumerate() {
        one(&mut page, discovery, found, n + 1);
    }
    page.section("How it was found");
    let rules = &discovery.rules;
    page.text(&format!(
        "The patient rule induction method (Friedman and Fisher 1999): from all points, slices of at most {} are peeled off, always the one whose loss makes the event most frequent among the points that stay, down to {} of all points; of the boxes on the way the one with the largest harmonic mean of coverage and density is taken, widened as long as the density does not fall, and freed of limits that chance could have made. A limit stays if its quasi-p-value (Bryant and Lempert 2010) is at most {} and at least {} of {} random halves of the points set it again.",
        whole_percent(rules.slice),
        whole_percent(rules.mass_min),
        whole_percent(rules.chance_max),
        whole_percent(rules.again_min),
        rules.halves
    ));
    page.text("By chance: if the limit told nothing, how likely the box's points would hold at least as many cases. The search looked for dense places, so that this number is too small; hence the second column: in how many random halves the search sets the limit again.");
    page.command(&discovery.command);
    page.text(&format!(
        "handover {}; the table sweep.parquet has the SHA-256 {}.",
        env!("CARGO_PKG_VERSION"),
        discovery.table
    ));
    let partial = if discovery.is_partial { " It is partial: what is missing may change it." } else { "" };
    let standing = format!(
        "{}: {} of {} points; {}.{partial} Conditional on the ranges of the plan; not a forecast.",
        discovery.title,
        discovery.cases(),
        discovery.is_case.len(),
        discovery.runs
    );
    let title = event(discovery);
    page.finish(&title, "Under which circumstances does it happen?", &standing)
}

fn one(page: &mut Page, discovery: &Discovery, found: &Found, number: usize) {
    page.section(&format!("Box {number}"));
    let rows: Vec<Vec<String>> = found
        .limits
        .iter()
        .map(|one| {
            let about = &discovery.view.factors[one.factor];
            let (chance, again) = trust(one);
            let grade = if about.grade.is_empty() { "-".to_owned() } else { about.grade.clone() };
            vec![limit(discovery, found, one), grade, chance, again, about.meaning.clone()]
        })
        .collect();
    page.table(
        "Its limits, and how far to trust them",
        &["limit", "grade", "by chance", "found again in halves", "what the factor is"],
        &rows,
        false,
    );
    let all = found.way.first().map_or(0, |step| step.cases);
    let share = |value: f64| value * 100.0;
    let points: Vec<_> =
        found.way.iter().map(|step| json!([share(step.coverage(all)), share(step.density())])).collect();
    let chosen = json!([[share(found.step.coverage(all)), share(found.step.density())]]);
    let chart = json!({
        "kind": "curves", "unit": "density, %", "across": "coverage, % of the cases that no box before this one holds",
        "curves": [{"name": "boxes on the way", "points": points}, {"name": "the box taken", "points": chosen}],
    });
    let rows: Vec<Vec<String>> = found
        .way
        .iter()
        .enumerate()
        .map(|(n, step)| {
            let shares = [step.coverage(all), step.density()].map(whole_percent);
            vec![n.to_string(), step.points.to_string(), step.cases.to_string(), shares[0].clone(), shares[1].clone()]
        })
        .collect();
    page.chart(
        "Coverage against density",
        "Peeling goes from the lower right to the upper left: fewer cases are held, and the event gets more frequent among what is held.",
        320,
        chart,
        &["slices off", "points", "cases", "coverage", "density"],
        &rows,
    );
}
