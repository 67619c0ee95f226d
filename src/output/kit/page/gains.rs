//! The part of a page that says who gained, who lost, who was paid.

use crate::experiment::tally::Tally;
use crate::ground::list::Listed;
use crate::observe::gains::{Entry, Group, Line};
use crate::output::kit::bands::{Band, outer_in_words};
use crate::output::kit::gains::{HEAD, HOW_TO_READ, NUMBERS, Said, amount, band, caption, first, in_region};
use crate::output::kit::numbers::quantity;
use crate::output::kit::page::Page;
use crate::output::kit::words::plain_name;
use serde_json::json;

/// A picture and a table of the world, and folded tables of each region and of every line.
pub(crate) fn gains(page: &mut Page, regions: &[String], tallies: &[Tally]) {
    page.section("Who gained, who lost, who was paid");
    picture(page, tallies);
    let said = first(tallies);
    // with intervals there is room for two numbers
    let columns = if tallies.len() > 1 { 2 } else { 3 };
    let row = |(said, cells): &(Said, [String; 3])| {
        std::iter::once(said.label()).chain(cells[..columns].iter().cloned()).collect()
    };
    page.narrow_table(&caption(tallies), &HEAD[..=columns], &said.iter().map(row).collect::<Vec<_>>(), false);
    page.text(HOW_TO_READ);
    for (r, code) in regions.iter().enumerate() {
        let caption = format!("{}: gained or lost", plain_name(code));
        page.narrow_table(&caption, &HEAD[..3], &in_region(tallies, r), true);
    }
    every_line(page, tallies);
}

/// Bars of the groups in the world, over the run.
fn picture(page: &mut Page, tallies: &[Tally]) {
    let bars = [
        ("Buyers", Group::Buyers),
        ("The filmed", Group::Filmed),
        ("Workers", Group::Workers),
        ("(the displaced)", Group::Displaced),
        ("Labs' owners", Group::Labs),
        ("Sites' owners", Group::Sites),
        ("Robot makers", Group::Makers),
        ("Governments", Group::Governments),
    ];
    let known = |(name, group): (&'static str, Group)| {
        Some((name, band(tallies, Entry::group(group, None), |amounts| amounts.gained)?))
    };
    let bars: Vec<(&str, Band)> = bars.into_iter().filter_map(known).collect();
    if bars.is_empty() {
        return;
    }
    let end = |n: usize| -> Vec<Option<f64>> {
        bars.iter().map(|(_, band)| (band.count > 1).then_some(band.quantiles[n])).collect()
    };
    let chart = json!({
        "kind": "bars", "unit": "USD over the run",
        "names": bars.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "values": bars.iter().map(|(_, band)| band.mean).collect::<Vec<_>>(),
        "low": end(0), "high": end(4),
    });
    let ends = |band: &Band| [0, 4].map(|n| quantity(band.quantiles[n], ""));
    let row = |(name, band): &(&str, Band)| {
        let mean = vec![(*name).to_owned(), quantity(band.mean, "")];
        if band.count > 1 { [mean, ends(band).to_vec()].concat() } else { mean }
    };
    let rows: Vec<Vec<String>> = bars.iter().map(row).collect();
    let (says, head): (String, &[&str]) = if tallies.len() > 1 {
        let most = outer_in_words(tallies.len());
        (
            format!("Means over the replicates; the line on each bar is where {most} of them lie."),
            &["USD", "mean", "from", "to"],
        )
    } else {
        ("Dollars over the run, against the year before the start.".to_owned(), &["USD", "over the run"])
    };
    page.chart("Who gained and who lost", &says, 330, chart, head, &rows);
}

/// Every line of the world, with the sum that it is in.
fn every_line(page: &mut Page, tallies: &[Tally]) {
    let mut head = vec!["USD, in the world"];
    head.extend(["gained over the run", "gained in the last year", "paid over the run", "in the last year"]);
    head.push("in the year before the start");
    let row = |entry: Entry| {
        let words = match entry.line {
            None => entry.group.name().replace('_', " "),
            Some(line) => format!("\u{2003}{}{}", line.name(), if line.is_gain() { "" } else { " *" }),
        };
        let cells = NUMBERS.map(|(.., number)| amount(tallies, entry, number));
        std::iter::once(words).chain(cells).collect()
    };
    let of_group = |group: Group| {
        let whole = Line::of(group).any(Line::is_gain).then_some(Entry::group(group, None));
        whole.into_iter().chain(Line::of(group).map(move |line| Entry { group, line: Some(line), region: None }))
    };
    let rows: Vec<Vec<String>> = Group::ALL.iter().flat_map(|&group| of_group(group)).map(row).collect();
    page.table("Every line: all payments add up to nothing (* not in its group's sum)", &head, &rows, true);
}
