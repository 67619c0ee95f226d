//! The part of a page that says who gained, who lost, who was paid.

use crate::experiment::tally::Tally;
use crate::ground::list::Listed;
use crate::observe::gains::{Entry, Group, Line};
use crate::output::kit::gains::{CAPTION, HEAD, HOW_TO_READ, NUMBERS, Said, amount, first, in_region};
use crate::output::kit::page::Page;
use crate::output::kit::words::plain_name;

/// A table of the world, and folded ones of the regions and of every line.
pub(crate) fn gains(page: &mut Page, regions: &[String], tallies: &[Tally]) {
    page.section("Who gained, who lost, who was paid");
    let said = first(tallies);
    let row = |(said, cells): &(Said, [String; 3])| std::iter::once(said.label()).chain(cells.clone()).collect();
    page.narrow_table(CAPTION, &HEAD, &said.iter().map(row).collect::<Vec<_>>(), false);
    page.text(HOW_TO_READ);
    let head: Vec<&str> = std::iter::once("USD").chain(said.iter().map(|(said, _)| said.words)).collect();
    let row = |(r, code): (usize, &String)| {
        std::iter::once(plain_name(code).to_owned()).chain(in_region(tallies, r)).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = regions.iter().enumerate().map(row).collect();
    page.narrow_table("Gained or lost over the run, by region", &head, &rows, true);
    every_line(page, tallies);
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
