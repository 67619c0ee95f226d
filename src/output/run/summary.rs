//! What happened, in a terminal, for a minister.

use crate::economy::world::flows::Flow;
use crate::experiment::run::Results;
use crate::experiment::tally::Tally;
use crate::observe::indicators::Metric;
use crate::output::kit::gains;
use crate::output::kit::numbers::{money, people, percent};
use crate::output::kit::words::grain;
use crate::output::only::Only;
use std::fmt::Write;

/// Pads to columns; numbers to the right.
fn line(out: &mut String, cells: &[String]) {
    let _ = write!(out, "  {:<16}", cells.first().map_or("", String::as_str));
    for cell in &cells[1..] {
        let _ = write!(out, "{cell:>14}");
    }
    out.push('\n');
}

/// The summary that a run prints at its end.
pub fn summary(results: &Results, folder: &str, only: &Only) -> String {
    let parameters = &results.scenario.parameters;
    let run = &parameters.run;
    let mut out = String::new();
    let about = &results.scenario.about;
    let _ = writeln!(out, "\n{}\n{}\n", about.title, about.question);
    let last = parameters.run.start.0;
    let years = run.years.0;
    let _ = writeln!(out, "{years} years from {last}, seed {}; {}.\n", run.seed, grain(&results.scenario));
    if results.series.rows.is_empty() {
        let _ = writeln!(
            out,
            "Nothing was recorded: the run ends before its first record ({} weeks). Make run.years larger or\n\
             run.record_every smaller; every dash below is a number that nobody measured.\n",
            run.record_every.0
        );
    }
    let tallies = [Tally::of(results)];
    let _ = writeln!(
        out,
        "{}\n{}\n",
        gains::when(&results.scenario, &tallies),
        gains::sentence(&results.scenario, &tallies)
    );
    out.push_str(&gains::in_terminal(&parameters.regions, &tallies));
    work_table(results, &mut out);
    footage_table(results, &mut out);
    licence_table(results, &mut out);
    caution(results, &mut out);
    let names = ["report.html", "gains.csv", "plots/displacement.svg", "series.csv"];
    let _ = writeln!(out, "{}", only.where_to_look(folder, &names));
    out
}

fn first_last(results: &Results, metric: Metric, region: usize, item: &str) -> Option<(f64, f64)> {
    let history = results.series.history(metric, region, item)?;
    Some((history.first()?.1, history.last()?.1))
}

fn last(results: &Results, metric: Metric, region: usize, item: &str) -> Option<f64> {
    first_last(results, metric, region, item).map(|(_, last)| last)
}

/// A number as it is shown, or a dash where nothing was measured.
fn or_dash(value: Option<f64>, shown: impl Fn(f64) -> String) -> String {
    value.filter(|value| value.is_finite()).map_or("-".to_owned(), shown)
}

fn work_table(results: &Results, out: &mut String) {
    let _ = writeln!(out, "Work at the end of the run, against its first record");
    let head = ["", "absorbed, FTE", "displaced", "back at work", "unemployed", "at the start", "median pay"];
    line(out, &head.map(str::to_owned));
    for (r, name) in results.scenario.parameters.regions.iter().enumerate() {
        let unemployed = first_last(results, Metric::UnemploymentRate, r, "all");
        let pay = first_last(results, Metric::WageMedian, r, "all").filter(|(first, _)| *first > 0.0);
        let at_end = |metric: Metric| or_dash(last(results, metric, r, "all"), people);
        line(
            out,
            &[
                name.clone(),
                at_end(Metric::Absorbed),
                at_end(Metric::DisplacedTotal),
                at_end(Metric::ReemployedTotal),
                or_dash(unemployed.map(|(_, last)| last), percent),
                or_dash(unemployed.map(|(first, _)| first), percent),
                or_dash(pay.map(|(first, last)| last / first - 1.0), |change| format!("{:+.1} %", change * 100.0)),
            ],
        );
    }
    out.push('\n');
}

/// Dollars of some flows over the whole run, by payee region or by payer region.
fn total(results: &Results, kinds: &[Flow], region: usize, is_payee: bool) -> f64 {
    let mine = results
        .flows
        .rows
        .iter()
        .filter(|row| kinds.contains(&row.1) && usize::from(if is_payee { row.3 } else { row.2 }) == region);
    mine.map(|row| row.4).sum::<i128>() as f64 / crate::ground::money::MICRO
}

fn hours_sold(results: &Results, region: usize) -> f64 {
    let run = &results.scenario.parameters.run;
    let span = run.record_every.0.max(run.tick.0);
    let history = results.series.history(Metric::AcceptedHours, region, "all").unwrap_or_default();
    history.iter().map(|(_, weekly)| weekly * span).sum()
}

fn footage_table(results: &Results, out: &mut String) {
    let _ = writeln!(out, "Filmed hours and what they earned in the whole run, USD");
    let head = ["", "hours sold", "to workers", "to sites", "royalties", "per hour"];
    line(out, &head.map(str::to_owned));
    for (r, name) in results.scenario.parameters.regions.iter().enumerate() {
        let hours = hours_sold(results, r);
        if hours <= 0.0 {
            continue;
        }
        let workers = total(results, &[Flow::CapturePay], r, true);
        let royalties = total(results, &[Flow::Royalties], r, true);
        let cells = [
            name.clone(),
            people(hours),
            money(workers),
            money(total(results, &[Flow::SiteFees], r, true)),
            money(royalties),
            format!("{:.2}", (workers + royalties) / hours),
        ];
        line(out, &cells);
    }
    out.push('\n');
}

fn licence_table(results: &Results, out: &mut String) {
    let _ = writeln!(out, "Licences and software over the whole run, USD, and who was made whole");
    let head = ["", "paid here", "earned here", "income lost", "received", "per $ lost", "by displaced"];
    line(out, &head.map(str::to_owned));
    let ratio = |r: usize, item: &str| {
        let last = results.series.last(Metric::CompensationRatio, r, item);
        // a ratio of an earlier date says nothing about the end
        let end = results.series.rows.last().map_or(0, |row| row.tick);
        let last = last.filter(|(tick, _)| *tick == end);
        last.map_or("-".to_owned(), |(_, ratio)| format!("{ratio:.2}"))
    };
    for (r, name) in results.scenario.parameters.regions.iter().enumerate() {
        let fees = [Flow::Licences, Flow::Subscriptions];
        let lost = last(results, Metric::IncomeLost, r, "region");
        let none = |lost: f64| if lost > 0.0 { money(lost) } else { "none".to_owned() };
        let cells = [
            name.clone(),
            money(total(results, &fees, r, false)),
            money(total(results, &fees, r, true)),
            or_dash(lost, none),
            or_dash(last(results, Metric::ReceivedInstead, r, "region"), money),
            ratio(r, "region"),
            ratio(r, "displaced"),
        ];
        line(out, &cells);
    }
    let _ = writeln!(
        out,
        "  (income lost: labour income of all workers against the weeks before the start; received: transfers\n   beyond those of these weeks, capture pay, royalties; per $ lost: received per dollar lost, by all, by the\n   displaced)\n"
    );
}

fn caution(results: &Results, out: &mut String) {
    let grades = |grade: &str| results.scenario.catalogue.values().filter(|card| card.grade == grade).count();
    let (a, b, c) = (grades("A"), grades("B"), grades("C"));
    let _ = writeln!(
        out,
        "This is conditional, not a forecast: of {} parameters, {c} are estimates or assumptions (grade C), {b} come\nfrom press, preprints or companies (B), {a} from official statistics or refereed work (A). One run is one draw.\n",
        a + b + c
    );
    if results.money_discrepancy == 0 {
        let _ = writeln!(
            out,
            "Every dollar accounted for: {} dollars moved, 0 micro-dollars astray.",
            money(results.money_moved as f64 / 1e6)
        );
    }
}
