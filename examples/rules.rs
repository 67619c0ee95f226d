//! What each rule of the second economy moves by itself: the first economy with one rule switched on after another, the
//! baseline, which has all of them, and the baseline without some; twenty seeds each, as the table of docs/model.md.
//!
//! ```text
//! cargo run --release --example rules [SEEDS]
//! ```

use handover::prelude::*;
use std::error::Error;
use std::ops::ControlFlow;

/// One agent stands for many people, so that twenty runs take a minute.
const COARSE: [&str; 2] = ["run.persons_per_agent=10000 persons", "run.spin_up=26 weeks"];

/// A rule: its name, what switches it on in the first economy, and what off in the baseline, of the main ones.
type Rule = (&'static str, &'static [&'static str], &'static [&'static str]);

const RULES: &[Rule] = &[
    ("trade moves", &["trade.demand=nested"], &["trade.demand=own_price"]),
    ("spending on hours follows a path", &["capture.path.rule=logistic"], &[]),
    ("labs ask for what they need", &["capture.recruiting=need"], &["capture.recruiting=shortfall"]),
    ("crews run out of news", &["capture.news.sources=saturating"], &["capture.news.sources=endless"]),
    ("a part is learnt from experts", &["learning.experts.rule=top_quarter"], &["learning.experts.rule=none"]),
    ("other teachers teach", &["learning.teachers.rule=growing"], &["learning.teachers.rule=none"]),
    ("labs buy until it does not pay", &["capture.buying.rule=worth"], &[]),
    ("offers share the rent", &["capture.pay.rule=rent"], &[]),
    ("consent by threshold", &["consent.answer=threshold"], &[]),
    ("order books", &["robots.deliveries=by_capacity"], &["robots.deliveries=at_once"]),
    ("wages differ between sites", &["sites.wage_sigma=0.35", "sites.organised_wage=1.2"], &[]),
    ("adopters count by share", &["robots.adopters=by_share"], &["robots.adopters=ever"]),
    (
        "other robots are half an example",
        &["robots.other_jobs=50 %", "robots.other_sites=50 %"],
        &["robots.other_jobs=100 %", "robots.other_sites=100 %"],
    ),
    ("labs compete for licences", &["robots.licensing=competition"], &["robots.licensing=territories"]),
    ("people enter and leave", &["demography.leaving=2.5 %/year"], &[]),
    ("crews watch robots", &["robots.supervisors=crew"], &[]),
    ("new tasks", &["labour.new_tasks=25 %"], &[]),
    ("robots have taught before", &["learning.taught_before=104 weeks"], &[]),
    ("notice waits for who leaves", &["staffing.excess=over_tick"], &[]),
    ("small markets have more agents", &["run.least_agents=2000"], &[]),
    ("a share of excess is tolerated", &["staffing.tolerated_share=10 %"], &[]),
    (
        "crews work the hours expected",
        &["staffing.crew_hours=expected"],
        &["staffing.crew_hours=own", "staffing.tolerated_share=0 %"],
    ),
];

/// The rows of the table: a file, a name, and what is set.
fn rows() -> Vec<(&'static str, String, &'static [&'static str])> {
    let [first, baseline] = ["scenarios/first-economy.toml", "scenarios/baseline.toml"];
    let mut rows: Vec<(_, _, &[_])> = vec![(first, "the first economy".to_owned(), &[])];
    rows.extend(RULES.iter().map(|&(name, on, _)| (first, name.to_owned(), on)));
    rows.push((baseline, "the baseline: all of them, and better values".to_owned(), &[]));
    let main = RULES.iter().filter(|(_, _, off)| !off.is_empty());
    rows.extend(main.map(|&(name, _, off)| (baseline, format!("without: {name}"), off)));
    rows
}

/// The columns of the table: a heading, an outcome, what it is divided by.
const COLUMNS: [(&str, &str, f64); 7] = [
    ("absorbed, M", "last(absorbed[all])", 1e6),
    ("displaced, M", "last(displaced_total[all])", 1e6),
    ("unemployed, M", "last(unemployed[all])", 1e6),
    ("hours, bn", "headline(hours)", 1e9),
    ("capture pay, bn USD", "headline(capture_pay)", 1e9),
    ("licences, bn USD", "headline(licences)", 1e9),
    ("at work in the hubs, M", "", 1e6),
];

/// The regions where the hours come from, beside China.
const HUBS: [&str; 4] = ["BGD", "IND", "MEX", "VNM"];

/// A column's value of a run, in its unit.
fn value(results: &Results, outcome: &str, unit: f64) -> Result<f64, Box<dyn Error>> {
    let one = |text: &str| -> Result<f64, Box<dyn Error>> {
        let outcome = Outcome::read(text, &results.scenario)?;
        Ok(outcome.of(results).unwrap_or(f64::NAN))
    };
    let sum = match outcome {
        "" => HUBS.iter().map(|hub| one(&format!("last(employed[{hub}])"))).sum::<Result<f64, _>>()?,
        "headline(hours)" => accepted(results)?,
        _ => one(outcome)?,
    };
    Ok(sum / unit)
}

/// Accepted hours of a whole run: means a week over the time between records, added up.
fn accepted(results: &Results) -> Result<f64, Box<dyn Error>> {
    let outcome = Outcome::read("mean(accepted_hours[all])", &results.scenario)?;
    let weeks = results.scenario.parameters.run.years.0 * 52.0;
    Ok(outcome.of(results).unwrap_or(f64::NAN) * weeks)
}

/// Runs and prints row by row.
pub fn main() -> Result<(), Box<dyn Error>> {
    let seeds: u32 = std::env::args().nth(1).map_or(Ok(20), |text| text.parse())?;
    println!("| rule | {} |", COLUMNS.map(|column| column.0).join(" | "));
    println!("|---|{}", "---:|".repeat(COLUMNS.len()));
    for (file, name, settings) in rows() {
        let settings: Vec<&str> = COARSE.iter().chain(settings).copied().collect();
        let scenario = open_scenario(file, &settings)?;
        let mut seen = COLUMNS.map(|_| Moments::default());
        let live = |number| run(&replicate_of(&scenario, number), |_| true);
        let mut fault = None;
        each(0, seeds, live, |_, results| {
            for (seen, (_, outcome, unit)) in seen.iter_mut().zip(COLUMNS) {
                match value(&results, outcome, unit) {
                    Ok(value) => seen.add(value),
                    Err(problem) => fault = Some(problem),
                }
            }
            ControlFlow::Continue(())
        })?;
        if let Some(problem) = fault {
            return Err(problem);
        }
        let cells: Vec<String> = seen
            .iter()
            .map(|seen| format!("{:.2} ({:.2})", seen.mean, libm::sqrt(seen.variance().unwrap_or(0.0))))
            .collect();
        println!("| {name} | {} |", cells.join(" | "));
    }
    Ok(())
}
