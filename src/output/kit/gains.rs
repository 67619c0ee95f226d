//! Who gained, who lost, who was paid: its tables and words, of one run or of many.

use crate::economy::policy::Clock;
use crate::experiment::absorbed::{MANY_ABSORBED, Path};
use crate::experiment::tally::Tally;
use crate::ground::list::Listed;
use crate::ground::statistics::quantile;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::ground::words::listed;
use crate::observe::gains::{Amounts, Entry, Gains, Group, Line};
use crate::output::kit::bands::{Band, outer_in_words};
use crate::output::kit::numbers::{quantity, signed};
use crate::scenario::Scenario;
use chrono::Datelike;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// A number of [`Amounts`].
pub(crate) type Number = fn(Amounts) -> f64;

/// The numbers of an account as tables have them: name, meaning, which.
pub(crate) const NUMBERS: [(&str, &str, Number); 5] = [
    ("gained", "gained over the run, against as many years before the start", |amounts| amounts.gained),
    ("gained_last_year", "gained in the last year, against a year before the start", |amounts| {
        amounts.gained_last_year
    }),
    ("paid", "received less paid over the run; of what is no payment, how much it is", |amounts| amounts.paid),
    ("paid_last_year", "the same in the last 52 weeks, a year", |amounts| amounts.paid_last_year),
    ("year_before", "the same in a year before the start", |amounts| amounts.year_before),
];

/// The name of a place in tables: the region's code, or "world".
pub(crate) fn place(regions: &[String], region: Option<usize>) -> &str {
    region.map_or("world", |r| regions[r].as_str())
}

/// What a number of a row is in the replicates.
pub(crate) fn band(tallies: &[Tally], entry: Entry, number: Number) -> Option<Band> {
    let values = tallies.iter().map(|tally| number(entry.of(&tally.gains))).filter(|value| value.is_finite());
    let mut values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| Band::of(&mut values))
}

/// A mean with the place of nine tenths, if there are several, as `shown` writes a number; and their unit.
fn cell(band: Option<Band>, unit: &str, shown: impl Fn(f64) -> String) -> String {
    // a number and its multiple stay on one line
    let shown = |value: f64| shown(value).replace(' ', "\u{a0}");
    let unit = if unit.is_empty() { String::new() } else { format!("\u{a0}{unit}") };
    match band {
        None => "-".to_owned(),
        Some(band) if band.quantiles == [0.0; 5] => "0".to_owned(),
        Some(band) if band.count < 2 => format!("{}{unit}", shown(band.mean)),
        Some(Band { mean, quantiles, .. }) => {
            let [low, high] = between(shown(quantiles[0]), shown(quantiles[4]));
            format!("{} ({low} to\u{a0}{high}){unit}", shown(mean))
        }
    }
}

/// Two ends; the first without the multiple where the second has the same: "2.86" and "3.81 tn".
fn between(low: String, high: String) -> [String; 2] {
    let multiple = |number: &str| number.split_once('\u{a0}').map(|(_, word)| word.to_owned());
    match (multiple(&low), multiple(&high)) {
        (Some(word), Some(same)) if word == same => [low.replace(&format!("\u{a0}{word}"), ""), high],
        _ => [low, high],
    }
}

/// A row that people read: what it is called, and what stands in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    /// What it is called.
    pub words: &'static str,
    /// Whose row it is.
    pub group: Group,
    /// Which line; none for the whole group.
    pub line: Option<Line>,
    /// Is it a part of the row above?
    pub is_part: bool,
}

const fn said(words: &'static str, group: Group, line: Option<Line>, is_part: bool) -> Said {
    Said { words, group, line, is_part }
}

/// All rows that are said first.
const FIRST: [Said; 11] = [
    said("Buyers, by lower prices", Group::Buyers, None, false),
    said("The filmed: pay for footage", Group::Filmed, Some(Line::CapturePay), false),
    said("The filmed: royalties", Group::Filmed, Some(Line::Royalties), false),
    said("Workers: wages and benefits after tax", Group::Workers, None, false),
    said("of these, the displaced: pay lost", Group::Displaced, Some(Line::PayLost), true),
    said("and what they received instead", Group::Displaced, Some(Line::MadeGood), true),
    said("of these, never hired so far", Group::NeverHired, Some(Line::NotHired), true),
    said("Owners of labs: profit", Group::Labs, None, false),
    said("Owners of sites: profit", Group::Sites, None, false),
    said("Makers of robots: profit", Group::Makers, None, false),
    said("Governments: taxes less payments", Group::Governments, None, false),
];

/// Heads of the table of [`first`].
pub(crate) const HEAD: [&str; 4] = ["USD", "over the run", "in the last year", "paid in the last year"];

/// What the table of [`first`] is called.
pub(crate) fn caption(tallies: &[Tally]) -> String {
    let said = "Gained (+) or lost (-) against the year before the start, in the world, USD";
    match tallies.len() {
        0 | 1 => said.to_owned(),
        many => format!("{said}: mean of {many} replicates, in brackets where {} of them lie", outer_in_words(many)),
    }
}

/// How the table is to be read.
pub(crate) const HOW_TO_READ: &str = "Against a world that goes on as in the year before the start; growth of wages and demand that is assumed is in it, so what robots or a law did is told by handover compare. Wages of those filmed and displaced are among the workers'. What buyers save is no payment. Profits are counted when made, where the firm is, after tax.";

impl Said {
    fn entry(self, region: Option<usize>) -> Entry {
        Entry { group: self.group, line: self.line, region }
    }

    /// A number of it in a place, signed; persons have their word.
    pub(crate) fn gained(self, tallies: &[Tally], region: Option<usize>, number: Number) -> String {
        let entry = self.entry(region);
        let band = band(tallies, entry, number);
        match entry.unit() {
            "USD" => cell(band, "", |value| signed(value, "USD")),
            unit => cell(band, unit, |value| quantity(value, "")),
        }
    }

    /// What it is called, moved in where it is a part.
    pub(crate) fn label(self) -> String {
        format!("{}{}", if self.is_part { "\u{2003}" } else { "" }, self.words)
    }
}

/// The rows that are said first; nothing is said of those never hired where nobody enters.
pub(crate) fn rows(has_entrants: bool) -> impl Iterator<Item = Said> {
    FIRST.into_iter().filter(move |said| has_entrants || said.group != Group::NeverHired)
}

/// Was anybody never hired in some replicate?
pub(crate) fn has_entrants<'a>(accounts: impl IntoIterator<Item = &'a Gains>) -> bool {
    accounts.into_iter().any(|gains| gains.line(Line::NotHired, None).paid > 0.0)
}

fn known(tallies: &[Tally]) -> impl Iterator<Item = Said> {
    rows(has_entrants(tallies.iter().map(|tally| &tally.gains)))
}

/// A number of a row, without a sign where it is above zero; persons have their word.
pub(crate) fn amount(tallies: &[Tally], entry: Entry, number: Number) -> String {
    let unit = if entry.unit() == "USD" { "" } else { entry.unit() };
    cell(band(tallies, entry, number), unit, |value| quantity(value, ""))
}

/// The rows of [`first`] in a region: gained over the run, and in the last year.
pub(crate) fn in_region(tallies: &[Tally], region: usize) -> Vec<Vec<String>> {
    let numbers: [Number; 2] = [|amounts| amounts.gained, |amounts| amounts.gained_last_year];
    let row = |said: Said| {
        let cells = numbers.map(|number| said.gained(tallies, Some(region), number));
        std::iter::once(said.label()).chain(cells).collect()
    };
    known(tallies).map(row).collect()
}

/// The rows that are said first, of the world: over the run, in the last year, paid in the last year.
pub(crate) fn first(tallies: &[Tally]) -> Vec<(Said, [String; 3])> {
    let row = |said: Said| {
        let paid = match said.line.map_or(Line::SiteWages, |line| line) {
            line if line.payments().is_none() || said.group == Group::Buyers => "-".to_owned(),
            _ => amount(tallies, said.entry(None), |amounts| amounts.paid_last_year),
        };
        let [run, late]: [Number; 2] = [|amounts| amounts.gained, |amounts| amounts.gained_last_year];
        (said, [said.gained(tallies, None, run), said.gained(tallies, None, late), paid])
    };
    known(tallies).map(row).collect()
}

/// The tables of the terminal: of the world, then of every region over the run.
pub(crate) fn in_terminal(regions: &[String], tallies: &[Tally]) -> String {
    let mut out = format!("{}\n", caption(tallies));
    let plain = |text: &str| text.replace('\u{a0}', " ");
    let width = if tallies.len() > 1 { 34 } else { 22 };
    let _ = writeln!(out, "  {:<40}{:>width$}{:>width$}{:>width$}", "", HEAD[1], HEAD[2], HEAD[3]);
    for (said, cells) in first(tallies) {
        let (words, [run, late, paid]) = (said.label(), cells.map(|cell| plain(&cell)));
        let _ = writeln!(out, "  {words:<40}{run:>width$}{late:>width$}{paid:>width$}");
    }
    let _ = writeln!(out, "\nThe same by region, over the run");
    let _ = write!(out, "  {:<40}", "");
    for name in regions {
        let _ = write!(out, "{name:>11}");
    }
    out.push('\n');
    for said in known(tallies) {
        let _ = write!(out, "  {:<40}", said.label());
        for r in 0..regions.len() {
            // means: there is no room for more
            let band = band(tallies, said.entry(Some(r)), |amounts| amounts.gained);
            let cell = band.map_or("-".to_owned(), |band| match said.line.map_or("USD", Line::unit) {
                "USD" => signed(band.mean, "USD"),
                _ => quantity(band.mean, ""),
            });
            let _ = write!(out, "{cell:>11}");
        }
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "  (against a world that goes on as in the year before the start, so assumed growth of wages and demand is in it;\n   what buyers save is no payment; the displaced are among the workers; gains.csv has every line)\n"
    );
    out
}

/// Who gained and who lost most, in sentences: dollars over the run.
pub(crate) fn sentence(scenario: &Scenario, tallies: &[Tally]) -> String {
    let whole = |group: Group| {
        let band = band(tallies, Entry::group(group, None), |amounts| amounts.gained)?;
        Some((group, band)).filter(|(_, band)| band.mean != 0.0)
    };
    let mut groups: Vec<(Group, Band)> = SUMMED.into_iter().filter_map(whole).collect();
    groups.sort_by(|a, b| b.1.mean.abs().total_cmp(&a.1.mean.abs()));
    let said = |wants_gain: bool, verb: &str| {
        let mine = groups.iter().filter(|(_, band)| (band.mean > 0.0) == wants_gain).enumerate();
        let one = |(n, (group, band)): (usize, &(Group, Band))| {
            let verb = if n == 0 { format!(" {verb}") } else { String::new() };
            let [who, how] = words(*group, band.mean > 0.0);
            format!("{who}{verb} {}{how}", of(*band))
        };
        let words: Vec<String> = mine.map(one).collect();
        if words.is_empty() { format!("no group as a whole {verb}") } else { listed(words) }
    };
    let line = |line: Line| band(tallies, Entry { group: line.group(), line: Some(line), region: None }, |a| a.gained);
    let displaced = match (line(Line::PayLost), line(Line::MadeGood)) {
        (Some(lost), Some(instead)) if lost.mean < 0.0 => {
            format!(
                " The displaced, who are among the workers, lost {} of pay and received {} instead.",
                of(lost),
                of(instead)
            )
        }
        _ => String::new(),
    };
    let many = if tallies.len() > 1 { format!(", mean of {} replicates", tallies.len()) } else { String::new() };
    let growth = if grows(scenario) { " Growth of wages and demand that the scenario assumes is in this." } else { "" };
    format!(
        "Against the year before the start, over the run, in USD{many}: {}; {}.{displaced}{growth}",
        said(true, "gained"),
        said(false, "lost")
    )
}

/// Do wages or demand grow by assumption?
fn grows(scenario: &Scenario) -> bool {
    let sections = scenario.parameters.sections();
    (0..scenario.parameters.regions.len()).any(|r| sections.wages.growth[r].0 != 0.0)
}

/// The groups that a sentence compares: none is part of another.
pub(crate) const SUMMED: [Group; 7] =
    [Group::Buyers, Group::Filmed, Group::Workers, Group::Labs, Group::Sites, Group::Makers, Group::Governments];

/// What a group is called in a sentence, and by what it gains or loses.
pub(crate) fn words(group: Group, gains: bool) -> [&'static str; 2] {
    match group {
        Group::Buyers if gains => ["buyers", " by lower prices"],
        Group::Buyers => ["buyers", " by higher prices"],
        Group::Filmed => ["the filmed", " in pay for footage and royalties"],
        Group::Workers => ["workers", " in wages and benefits"],
        Group::Labs => ["owners of labs", ""],
        Group::Sites => ["owners of sites", ""],
        Group::Makers => ["makers of robots", ""],
        Group::Governments => ["governments", ""],
        Group::Displaced => ["the displaced", ""],
        Group::NeverHired => ["those never hired", ""],
        Group::Others => ["everybody else", ""],
    }
}

/// An amount without its sign: the mean, where there are several.
fn of(band: Band) -> String {
    quantity(band.mean.abs(), "")
}

/// When robots do the work of 25 M people, and how much they do at most, in a sentence.
pub(crate) fn when(scenario: &Scenario, tallies: &[Tally]) -> String {
    let numbers = |pick: fn(&Path) -> f64| -> Vec<f64> { tallies.iter().map(|tally| pick(&tally.absorbed)).collect() };
    let known = |mut values: Vec<f64>| -> Option<Band> {
        values.retain(|value| value.is_finite());
        (!values.is_empty()).then(|| Band::of(&mut values))
    };
    let clock = Clock::of(&scenario.parameters.run);
    let many = quantity(MANY_ABSORBED, "").replace(".0", "");
    format!(
        "Robots absorb the work of {many} full-time equivalents {}; at most they absorb {}, and over the run {} full-time years.",
        year_in_words(&clock, &numbers(|path| path.years_to(MANY_ABSORBED))),
        cell(known(numbers(Path::peak)), "", |value| quantity(value, "")),
        cell(known(numbers(Path::years)), "", |value| quantity(value, ""))
    )
}

/// "in 2036 (2034 to 2039; never in 3 of 20)": the median replicate, the middle nine tenths of those that reach it, and
/// how many do not until the end. Years since the start; NaN for never.
fn year_in_words(clock: &Clock, years: &[f64]) -> String {
    let (all, mut reached) = (years.len(), years.iter().copied().filter(|years| years.is_finite()).collect::<Vec<_>>());
    reached.sort_by(f64::total_cmp);
    let never = all - reached.len();
    // that of the first day of the tick at whose end it was recorded
    let year = |years: f64| clock.date(clock.ticks_in(years * WEEKS_PER_YEAR) - 1).year();
    let end = clock.date(clock.length - 1).year();
    if reached.is_empty() {
        return format!("at no time until the end of {end}");
    }
    let [low, high] = [0.05, 0.95].map(|share| year(quantile(&reached, share)));
    let between = if low == high { low.to_string() } else { format!("{low} to {high}") };
    if never > reached.len() {
        return format!(
            "at no time until the end of {end} in {never} of {all} replicates (in {between} in the others)"
        );
    }
    // those that never do come after all that do
    let middle = year(reached[((all - 1) / 2).min(reached.len() - 1)]);
    match (all, never) {
        (1, _) => format!("in {middle}"),
        (_, 0) => format!("in {middle} ({between})"),
        _ => format!("in {middle} ({between}; never in {never} of {all})"),
    }
}

/// The account for programs: by place, then by group; of several replicates, mean and quantiles.
pub fn as_json(regions: &[String], tallies: &[Tally]) -> Value {
    let number = |entry: Entry, number: Number| match band(tallies, entry, number) {
        None => Value::Null,
        Some(band) if band.count < 2 => json!(band.mean),
        Some(band) => json!({"mean": band.mean, "q05": band.quantiles[0], "q95": band.quantiles[4]}),
    };
    let mut places = Map::new();
    for entry in Entry::all(regions.len()) {
        let is_persons = entry.unit() == "persons";
        if entry.line.is_some() && !is_persons {
            continue;
        }
        let of_place = places.entry(place(regions, entry.region)).or_insert_with(|| json!({}));
        let of_group = &mut of_place[entry.group.name()];
        if is_persons {
            of_group["persons"] = number(entry, |amounts| amounts.paid);
        } else {
            for (name, _, pick) in NUMBERS {
                of_group[format!("{name}_usd")] = number(entry, pick);
            }
        }
    }
    Value::Object(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_says_a_multiple_once_where_both_ends_have_it() {
        let band = |mean, low, high| Some(Band { count: 3, mean, quantiles: [low, low, mean, high, high] });
        let said = |band| cell(band, "", |value| signed(value, "USD")).replace('\u{a0}', " ");
        assert_eq!(said(band(3.38e12, 2.86e12, 3.81e12)), "+3.38 tn (+2.86 to +3.81 tn)");
        assert_eq!(said(band(0.9e9, 0.4e9, 1.2e9)), "+900.0 M (+400.0 M to +1.2 bn)");
        assert_eq!(said(band(5.0, -5.0, 20.0)), "+5.00 (-5.00 to +20.00)");
        assert_eq!(said(band(0.0, 0.0, 0.0)), "0");
        assert_eq!(said(None), "-");
        assert_eq!(
            cell(band(6e6, 5e6, 7e6), "persons", |value| quantity(value, "")).replace('\u{a0}', " "),
            "6.0 M (5.0 to 7.0 M) persons"
        );
    }

    #[test]
    fn a_year_is_said_with_those_that_never_see_it() {
        let start = chrono::NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        let clock = Clock::at(start, 1.0, 0.0, 15.0 * WEEKS_PER_YEAR);
        let said = |years: &[f64]| year_in_words(&clock, years);
        let never = f64::NAN;
        // 9.5 years of 364 days from 2027-01-01 end in June 2036
        assert_eq!(said(&[9.5]), "in 2036");
        assert_eq!(said(&[never]), "at no time until the end of 2041");
        assert_eq!(said(&[9.5, 8.5, 10.5]), "in 2036 (2035 to 2037)");
        assert_eq!(said(&[9.5, never, 8.5, 9.6]), "in 2036 (2035 to 2036; never in 1 of 4)");
        assert_eq!(
            said(&[never, never, 14.5]),
            "at no time until the end of 2041 in 2 of 3 replicates (in 2041 in the others)"
        );
        assert_eq!(said(&[9.5, 9.5]), "in 2036 (2036)");
    }
}
