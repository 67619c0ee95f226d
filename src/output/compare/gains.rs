//! Who gained, who lost, who was paid by a reform: what stands in the account of the reform less that of the base.
//!
//! Paired by replicate, in dollars over the run and in the last year. What was before the start is the same in both worlds
//! unless the reform acts from the founding on, so nothing is set against it here.

use crate::experiment::compare::effects::{Effects, Paired};
use crate::ground::words::listed;
use crate::observe::gains::{Amounts, Entry};
use crate::output::compare::{Comparison, Reform};
use crate::output::kit::gains::{Number, SUMMED, Said, has_entrants, rows, words};
use crate::output::kit::numbers::{interval, quantity};
use crate::output::kit::page::Page;
use crate::output::kit::words::called;
use std::fmt::Write;

/// The numbers that are compared: name and which.
pub(super) const NUMBERS: [(&str, Number); 2] = [("paid", over_the_run), ("paid_last_year", in_the_last_year)];

fn over_the_run(amounts: Amounts) -> f64 {
    amounts.paid
}

fn in_the_last_year(amounts: Amounts) -> f64 {
    amounts.paid_last_year
}

/// The rows that are said first.
fn said(effects: &Effects) -> impl Iterator<Item = Said> {
    rows(has_entrants(effects.gains.iter().flatten()))
}

fn pair(effects: &Effects, said: Said, region: Option<usize>, number: Number) -> Paired {
    effects.gain(Entry { group: said.group, line: said.line, region }, number)
}

/// Is it a gain, a loss, or may it be chance?
fn verdict(pair: &Paired) -> &'static str {
    match pair.difference.mean {
        change if pair.difference.count > 1 && change == 0.0 && pair.interval() == Some((0.0, 0.0)) => "the same",
        change if pair.is_told() && change > 0.0 => "more",
        _ if pair.is_told() => "less",
        _ => "cannot be distinguished from chance",
    }
}

/// A difference with its interval, whose numbers do not break.
fn change(pair: &Paired, unit: &str) -> String {
    interval(pair, unit).replace(' ', "\u{a0}").replace("\u{a0}(", " (").replace("\u{a0}to\u{a0}", " to\u{a0}")
}

/// Who has more and who less, in a sentence; whom the intervals do not tell from chance is named too.
pub(super) fn sentence(effects: &Effects) -> String {
    let (mut more, mut less, mut chance) = (Vec::new(), Vec::new(), Vec::new());
    for group in SUMMED {
        let pair = effects.gain(Entry::group(group, None), over_the_run);
        let Some((low, high)) = pair.interval() else { continue };
        let size = |value: f64| quantity(value.abs(), "");
        let (near, far) = if pair.difference.mean > 0.0 { (low, high) } else { (high, low) };
        let [who, how] = words(group, pair.difference.mean > 0.0);
        let said =
            |verb: &str| format!("{who}{verb} {}{how} ({} to {})", size(pair.difference.mean), size(near), size(far));
        match verdict(&pair) {
            "more" => more.push(said(if more.is_empty() { " gain" } else { "" })),
            "less" => less.push(said(if less.is_empty() { " lose" } else { "" })),
            "the same" => {}
            _ => chance.push(who),
        }
    }
    // whoever may gain or lose by chance is not said to do neither
    let beyond = if chance.is_empty() { "" } else { " beyond chance" };
    let some = |list: &[String], none: &str| if list.is_empty() { format!("{none}{beyond}") } else { listed(list) };
    let rest = if chance.is_empty() {
        String::new()
    } else {
        format!(" Of {} it cannot be distinguished from chance whether they gain or lose.", listed(&chance))
    };
    format!(
        "Against the base, over the run, in USD with 95 % intervals: {}; {}.{rest}",
        some(&more, "nobody gains"),
        some(&less, "nobody loses")
    )
}

/// The table of the terminal.
pub(super) fn in_terminal(effects: &Effects, out: &mut String) {
    let _ = writeln!(out, "Who gained, who lost, who was paid: reform less base, in the world, USD over the run");
    for said in said(effects) {
        let pair = pair(effects, said, None, over_the_run);
        if pair.difference.count == 0 {
            continue;
        }
        let unit = said.line.map_or("USD", |line| line.unit());
        let words = said.label();
        let _ = writeln!(out, "  {words:<40}{:>36}  {}", interval(&pair, unit), verdict(&pair));
    }
    out.push('\n');
}

/// The tables of the page: the world, and folded the regions.
pub(super) fn tables(page: &mut Page, comparison: &Comparison, reform: &Reform) {
    let all: Vec<Said> = said(&reform.effects).collect();
    let row = |said: Said, region: Option<usize>| {
        let [run, late] = NUMBERS.map(|(_, number)| pair(&reform.effects, said, region, number));
        let unit = said.line.map_or("USD", |line| line.unit());
        vec![said.label(), change(&run, unit), verdict(&run).to_owned(), change(&late, unit)]
    };
    let rows = |region: Option<usize>| all.iter().map(|&said| row(said, region)).collect::<Vec<_>>();
    let head = ["USD, 95 % interval", "over the run", "than in the base", "in the last year"];
    page.narrow_table("Reform less base, in the world", &head, &rows(None), false);
    page.text("What buyers save is no payment; wages of those filmed and displaced are among the workers'; profits are counted when made, where the firm is, after tax. \u{201c}Cannot be distinguished from chance\u{201d}: the interval of the paired difference holds zero.");
    for (r, code) in comparison.base.parameters.regions.iter().enumerate() {
        page.narrow_table(
            &format!("{}: reform less base", called(&comparison.base, code)),
            &head,
            &rows(Some(r)),
            true,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_more_less_the_same_or_chance() {
        assert_eq!(verdict(&Paired::of(&[(1.0, 2.0), (1.0, 2.1), (1.0, 1.9)])), "more");
        assert_eq!(verdict(&Paired::of(&[(2.0, 1.0), (2.1, 1.0), (1.9, 1.0)])), "less");
        assert_eq!(verdict(&Paired::of(&[(2.0, 2.0), (3.0, 3.0)])), "the same");
        assert_eq!(verdict(&Paired::of(&[(1.0, 2.0), (2.0, 1.0), (1.0, 1.1)])), "cannot be distinguished from chance");
        // one replicate says nothing about chance
        assert_eq!(verdict(&Paired::of(&[(1.0, 2.0)])), "cannot be distinguished from chance");
    }

    #[test]
    fn numbers_stay_in_one_piece_where_a_cell_breaks() {
        let shown = change(&Paired::of(&[(1e12, 2e12), (1e12, 2e12)]), "USD");
        assert_eq!(shown, "+1.00\u{a0}tn (+1.00\u{a0}tn to\u{a0}+1.00\u{a0}tn)");
    }
}
