//! Arithmetic with outcomes: what two dates, two regions, two metrics or two worlds say together.
//!
//! `at(2024-12, employed[USA, courier]) / at(2018-12, employed[USA, courier]) - 1`: operators `+ - * /` stand between
//! blanks, brackets bind. `ln(X)` is the natural logarithm of a plain number. `rank([X, Y, Z], [3, 1, 2])` is Spearman's
//! correlation of two lists. `elasticity(METRIC[..], METRIC[..], SPAN)` is the slope of the logarithm of the first
//! history in that of the second over its records, by least squares. `turning(METRIC[..], METRIC[..], SPAN)` is the
//! area that the point (first, second) goes around, as a share of the rectangle it moves in: positive where it goes
//! counter-clockwise. `fastest(METRIC[..], YEARS, LEAST)` is the highest growth a year over any so many years that begin
//! with at least so much. `of(ARM, X)` reads X in another arm of a comparison; everything else is of the first.
//!
//! Amounts add up if their units are the same; the ratio of two amounts of one unit is a plain number.

use super::read::{EXAMPLE, arguments, history, number, span_within};
use super::{History, Kind, Span};
use crate::economy::policy::Clock;
use crate::experiment::run::Results;
use crate::ground::maths;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::scenario::Scenario;
use std::fmt;

/// Several outcomes together, or what is said of two histories.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Together {
    Number(f64),
    Pair(Box<Kind>, Operator, Box<Kind>),
    Ln(Box<Kind>),
    Rank(Vec<Kind>, Vec<Kind>),
    Elasticity(History, History, Span),
    Turning(History, History, Span),
    Fastest { history: History, years: f64, least: f64 },
    Arm { index: usize, name: String, of: Box<Kind> },
}

/// What stands between two outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
}

impl Operator {
    const fn sign(self) -> char {
        match self {
            Operator::Plus => '+',
            Operator::Minus => '-',
            Operator::Times => '*',
            Operator::Over => '/',
        }
    }
}

/// Units of plain numbers, which combine with each other.
const PLAIN: [&str; 4] = ["share", "ratio", "index", ""];

fn is_plain(unit: &str) -> bool {
    PLAIN.contains(&unit)
}

/// The arms of a comparison, and in which of them a text is read.
#[derive(Clone, Copy)]
pub(super) struct Within<'a> {
    /// Names and scenarios; of a run that is alone one without a name.
    pub arms: &'a [(&'a str, &'a Scenario)],
    /// Which.
    pub arm: usize,
}

impl<'a> Within<'a> {
    fn scenario(&self) -> &'a Scenario {
        self.arms[self.arm].1
    }
}

/// Reads the whole line.
pub(super) fn outcome(text: &str, within: Within) -> Result<Kind, String> {
    match part(text, within)? {
        Kind::Together(Together::Number(_)) => Err(format!("{text:?} asks for nothing of a run; {EXAMPLE}")),
        kind => Ok(kind),
    }
}

/// Reads the line, or a part of it.
fn part(text: &str, within: Within) -> Result<Kind, String> {
    let text = text.trim();
    match joined(text, within)? {
        Some(together) => Ok(together),
        None => super::read::outcome(text, within.scenario()),
    }
}

/// Reads what joins outcomes or is said of two; nothing if the text is no such line.
fn joined(text: &str, within: Within) -> Result<Option<Kind>, String> {
    for operators in [[Operator::Plus, Operator::Minus], [Operator::Times, Operator::Over]] {
        if let Some((left, operator, right)) = split(text, operators) {
            let (left, right) = (part(left, within)?, part(right, within)?);
            let pair = Together::Pair(Box::new(left), operator, Box::new(right));
            pair.check(text)?;
            return Ok(Some(Kind::Together(pair)));
        }
    }
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return part(inside.trim(), within).map(Some);
    }
    let share = text.strip_suffix('%').map(str::trim_end);
    if let Some(number) = share.unwrap_or(text).parse().ok().filter(|number: &f64| number.is_finite()) {
        return Ok(Some(Kind::Together(Together::Number(if share.is_some() { number / 100.0 } else { number }))));
    }
    let Some((form, inside)) =
        text.split_once('(').and_then(|(form, rest)| Some((form.trim(), rest.strip_suffix(')')?)))
    else {
        return Ok(None);
    };
    let together = match (form, arguments(inside).as_slice()) {
        ("ln", [of]) => Together::Ln(Box::new(part(of, within)?)),
        ("rank", [left, right]) => Together::Rank(list(left, within)?, list(right, within)?),
        ("elasticity" | "turning", [first, second, rest @ ..]) if rest.len() < 2 => {
            let (first, second) = (history(first, within.scenario())?, history(second, within.scenario())?);
            let span = rest.first().map_or(Ok(Span::default()), |span| span_within(span, within.scenario()))?;
            if form == "turning" {
                Together::Turning(first, second, span)
            } else {
                Together::Elasticity(first, second, span)
            }
        }
        ("fastest", [of, years, rest @ ..]) if rest.len() < 2 => {
            let history = history(of, within.scenario())?;
            let years = number(years, "years")?;
            let least = rest.first().map_or(Ok(0.0), |least| number(least, history.metric.unit()))?;
            Together::Fastest { history, years, least }
        }
        ("of", [arm, of]) => return self::arm(arm, of, within).map(Some),
        (form, _) => match example(form) {
            Some(example) => return Err(format!("{text:?}: {form} is written so: {example:?}")),
            None => return Ok(None),
        },
    };
    together.check(text)?;
    Ok(Some(Kind::Together(together)))
}

/// The forms of this file, each as it is written.
const EXAMPLES: [(&str, &str); 6] = [
    ("ln", "ln(last(fleet[USA, amr]) / at(2030-12, fleet[USA, amr]))"),
    ("rank", "rank([last(wage[USA, picker]), last(wage[IND, picker])], [2, 1])"),
    ("elasticity", "elasticity(vacancies[USA], unemployed[USA], 2030-01..)"),
    ("turning", "turning(unemployed[USA], vacancies[USA], 2030-01..)"),
    ("fastest", "fastest(robots_made[CHN, amr], 5 years, 2000)"),
    ("of", "of(ARM, last(employed[USA]))"),
];

fn example(form: &str) -> Option<&'static str> {
    EXAMPLES.iter().find(|(known, _)| *known == form).map(|(_, example)| *example)
}

fn arm(name: &str, of: &str, within: Within) -> Result<Kind, String> {
    let names: Vec<&str> = within.arms.iter().map(|(name, _)| *name).filter(|name| !name.is_empty()).collect();
    let Some(index) = within.arms.iter().position(|(known, _)| !known.is_empty() && *known == name) else {
        let known = if names.is_empty() { "one run has no arms to choose from".to_owned() } else { names.join(", ") };
        return Err(format!("there is no arm {name:?}; {known}"));
    };
    let of = Box::new(part(of, Within { arm: index, ..within })?);
    Ok(Kind::Together(Together::Arm { index, name: name.to_owned(), of }))
}

fn list(text: &str, within: Within) -> Result<Vec<Kind>, String> {
    let inside = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let inside = inside.ok_or_else(|| format!("{text:?} is no list; write for example \"[3, 1, 2]\""))?;
    arguments(inside).into_iter().map(|one| part(one, within)).collect()
}

/// Splits at the last of two operators that stands between blanks outside brackets.
fn split(text: &str, operators: [Operator; 2]) -> Option<(&str, Operator, &str)> {
    let (mut depth, mut found) = (0_i32, None);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ if depth != 0 => {}
            _ => {
                let is_apart = text[..at].ends_with(' ') && text[at + letter.len_utf8()..].starts_with(' ');
                let operator = operators.into_iter().find(|operator| operator.sign() == letter);
                found = operator.filter(|_| is_apart).map(|operator| (at, operator)).or(found);
            }
        }
    }
    found.map(|(at, operator)| (text[..at].trim(), operator, text[at + 1..].trim()))
}

impl Together {
    /// Do the units fit?
    fn check(&self, text: &str) -> Result<(), String> {
        match self {
            Together::Pair(left, operator, right) => {
                let (left, right) = (left.unit(), right.unit());
                let is_sum = matches!(operator, Operator::Plus | Operator::Minus);
                if is_sum && left != right && !(is_plain(left) && is_plain(right)) {
                    let help = "what is added has one unit; divide amounts of one unit to have plain numbers";
                    return Err(format!("{text:?} adds up {left:?} and {right:?}; {help}"));
                }
            }
            Together::Ln(of) if !is_plain(of.unit()) => {
                let help = "divide by an amount of the same unit";
                return Err(format!("{text:?} takes the logarithm of {:?}; {help}", of.unit()));
            }
            Together::Rank(left, right) if left.len() != right.len() || left.len() < 2 => {
                return Err(format!(
                    "{text:?} ranks lists of {} and {}; two lists of one length",
                    left.len(),
                    right.len()
                ));
            }
            Together::Fastest { years, .. } if *years <= 0.0 => {
                return Err(format!("{text:?} looks over {years} years; a time above zero"));
            }
            _ => {}
        }
        Ok(())
    }

    /// The number, read in one of the arms.
    pub(super) fn of(&self, arms: &[&Results], arm: usize) -> Option<f64> {
        match self {
            Together::Number(number) => Some(*number),
            Together::Pair(left, operator, right) => {
                let (left, right) = (left.of(arms, arm)?, right.of(arms, arm)?);
                Some(match operator {
                    Operator::Plus => left + right,
                    Operator::Minus => left - right,
                    Operator::Times => left * right,
                    Operator::Over => left / right,
                })
            }
            Together::Ln(of) => of.of(arms, arm).filter(|value| *value > 0.0).map(maths::ln),
            Together::Rank(left, right) => {
                let values = |list: &[Kind]| list.iter().map(|part| part.of(arms, arm)).collect::<Option<Vec<f64>>>();
                rank_correlation(&values(left)?, &values(right)?)
            }
            Together::Elasticity(first, second, span) => {
                let points: Vec<(f64, f64)> = both(first, second, span, arms.get(arm)?);
                let logs =
                    points.iter().filter(|(y, x)| *y > 0.0 && *x > 0.0).map(|(y, x)| (maths::ln(*x), maths::ln(*y)));
                slope(&logs.collect::<Vec<_>>())
            }
            Together::Turning(first, second, span) => turning(&both(first, second, span, arms.get(arm)?)),
            Together::Fastest { history, years, least } => {
                let results = arms.get(arm)?;
                let clock = Clock::of(&results.scenario.parameters.run);
                let dated = history.of(results).into_iter();
                let dated: Vec<(f64, f64)> =
                    dated.map(|(tick, value)| (clock.weeks_behind(tick) / WEEKS_PER_YEAR, value)).collect();
                fastest(&dated, *years, *least)
            }
            Together::Arm { index, of, .. } => of.of(arms, *index),
        }
    }

    pub(super) fn unit(&self) -> &'static str {
        match self {
            Together::Number(_) => "",
            Together::Pair(left, operator, right) => pair_unit(left.unit(), *operator, right.unit()),
            Together::Ln(_) | Together::Rank(..) | Together::Elasticity(..) | Together::Turning(..) => "ratio",
            Together::Fastest { .. } => "share",
            Together::Arm { of, .. } => of.unit(),
        }
    }

    pub(super) fn meaning(&self) -> String {
        match self {
            Together::Number(number) => number.to_string(),
            Together::Pair(left, operator, right) => {
                let word = match operator {
                    Operator::Plus => "plus",
                    Operator::Minus => "less",
                    Operator::Times => "times",
                    Operator::Over => "over",
                };
                format!("{} {word} {}", left.meaning(), right.meaning())
            }
            Together::Ln(of) => format!("logarithm of {}", of.meaning()),
            Together::Rank(left, _) => format!("rank correlation of {} numbers with a given order", left.len()),
            Together::Elasticity(first, second, _) => format!("log slope of {first} in {second}"),
            Together::Turning(first, second, _) => format!("area that ({first}, {second}) goes around"),
            Together::Fastest { history, years, .. } => {
                format!("fastest growth a year of {history} over {years} years")
            }
            Together::Arm { name, of, .. } => format!("{} in {name}", of.meaning()),
        }
    }
}

fn pair_unit(left: &'static str, operator: Operator, right: &'static str) -> &'static str {
    match operator {
        Operator::Plus | Operator::Minus if left == right => left,
        Operator::Plus | Operator::Minus => "ratio",
        Operator::Times if is_plain(left) && is_plain(right) => "ratio",
        Operator::Times if is_plain(left) => right,
        Operator::Times | Operator::Over if is_plain(right) && !is_plain(left) => left,
        Operator::Over if left == right || is_plain(left) && is_plain(right) => "ratio",
        Operator::Times | Operator::Over => "",
    }
}

/// Values of two histories at the ticks both have, within a span.
fn both(first: &History, second: &History, span: &Span, results: &Results) -> Vec<(f64, f64)> {
    let clock = Clock::of(&results.scenario.parameters.run);
    let second = second.of(results);
    let partner = |tick: i32| second.binary_search_by_key(&tick, |row| row.0).ok().map(|place| second[place].1);
    let within = first.of(results).into_iter().filter(|(tick, _)| span.holds(clock.date(*tick)));
    within.filter_map(|(tick, value)| Some((value, partner(tick)?))).collect()
}

/// Spearman's: the correlation of ranks, equal values sharing the mean of theirs.
fn rank_correlation(left: &[f64], right: &[f64]) -> Option<f64> {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let rank = |value: &f64| {
            let below = values.iter().filter(|other| *other < value).count();
            let equal = values.iter().filter(|other| *other == value).count();
            below as f64 + (equal as f64 - 1.0) / 2.0
        };
        values.iter().map(rank).collect()
    };
    let (left, right) = (ranks(left), ranks(right));
    let points: Vec<(f64, f64)> = left.into_iter().zip(right).collect();
    let (up, across) = (slope(&points)?, slope(&points.iter().map(|(x, y)| (*y, *x)).collect::<Vec<_>>())?);
    // the product of both slopes is the square of the correlation
    Some((up * across).max(0.0).sqrt() * up.signum())
}

/// Slope of the second in the first by least squares; nothing if the first does not move.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len() as f64;
    let mean = |part: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / count;
    let (x, y) = (mean(&|point| point.0), mean(&|point| point.1));
    let spread = mean(&|point| (point.0 - x) * (point.0 - x));
    (points.len() > 1 && spread > 0.0).then(|| mean(&|point| (point.0 - x) * (point.1 - y)) / spread)
}

/// Area that a point goes around, counter-clockwise, as a share of the rectangle it moves in; from its end straight
/// back to its start.
fn turning(points: &[(f64, f64)]) -> Option<f64> {
    let range = |part: fn(&(f64, f64)) -> f64| {
        let ends = points
            .iter()
            .map(part)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        ends.1 - ends.0
    };
    let frame = range(|point| point.0) * range(|point| point.1);
    let next = points.iter().cycle().skip(1);
    let twice: f64 = points.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
    (points.len() > 2 && frame > 0.0).then(|| twice / 2.0 / frame)
}

/// Highest growth a year between two records so many years apart, where the first is at least so much.
fn fastest(dated: &[(f64, f64)], years: f64, least: f64) -> Option<f64> {
    let growth = |(n, (start, first)): (usize, &(f64, f64))| {
        // records lie a little apart: the first that is not too early
        let later = dated[n..].iter().find(|(date, _)| date - start >= years - 1e-9)?;
        let is_enough = *first > 0.0 && *first >= least && later.1 > 0.0;
        is_enough.then(|| maths::exp(maths::ln(later.1 / first) / (later.0 - start)) - 1.0)
    };
    dated.iter().enumerate().filter_map(growth).max_by(f64::total_cmp)
}

impl fmt::Display for Together {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let list = |list: &[Kind]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Together::Number(number) => write!(f, "{number}"),
            Together::Pair(left, operator, right) => {
                // brackets wherever reading from the left would say something else
                let is_sum = |kind: &Kind| {
                    matches!(kind, Kind::Together(Together::Pair(_, Operator::Plus | Operator::Minus, _)))
                };
                let is_pair = |kind: &Kind| matches!(kind, Kind::Together(Together::Pair(..)));
                let binds = matches!(operator, Operator::Times | Operator::Over);
                let part = |kind: &Kind, is_apart: bool| if is_apart { format!("({kind})") } else { kind.to_string() };
                let (left, right) = (part(left, binds && is_sum(left)), part(right, is_pair(right)));
                write!(f, "{left} {} {right}", operator.sign())
            }
            Together::Ln(of) => write!(f, "ln({of})"),
            Together::Rank(left, right) => write!(f, "rank([{}], [{}])", list(left), list(right)),
            Together::Elasticity(first, second, span) => write!(f, "elasticity({first}, {second}{span})"),
            Together::Turning(first, second, span) => write!(f, "turning({first}, {second}{span})"),
            Together::Fastest { history, years, least } => write!(f, "fastest({history}, {years}, {least})"),
            Together::Arm { name, of, .. } => write!(f, "of({name}, {of})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_correlate_as_by_hand() {
        // ranks 1 2 3 4 5 and 2 1 4 3 5: 1 - 6 (1 + 1 + 1 + 1)/(5 * 24) = 0.8
        let found = rank_correlation(&[10.0, 20.0, 30.0, 40.0, 50.0], &[2.0, 1.0, 4.0, 3.0, 5.0]).unwrap();
        assert!((found - 0.8).abs() < 1e-12, "{found}");
        let against = rank_correlation(&[1.0, 2.0, 3.0], &[9.0, 8.0, 7.0]).unwrap();
        assert!((against + 1.0).abs() < 1e-12, "{against}");
        assert_eq!(rank_correlation(&[1.0, 1.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn a_square_turns_by_its_whole_frame() {
        let square = [(0.0, 0.0), (2.0, 0.0), (2.0, 3.0), (0.0, 3.0)];
        assert_eq!(turning(&square), Some(1.0));
        let back: Vec<(f64, f64)> = square.into_iter().rev().collect();
        assert_eq!(turning(&back), Some(-1.0));
    }

    #[test]
    fn growth_is_the_highest_over_any_span_that_begins_with_enough() {
        // 1, 8, 8, 32 a year apart: over two years 182.8 % from 1, 100 % from 8
        let dated = [(0.0, 1.0), (1.0, 8.0), (2.0, 8.0), (3.0, 32.0)];
        let found = |least| fastest(&dated, 2.0, least).unwrap();
        assert!((found(0.0) - (8.0_f64.sqrt() - 1.0)).abs() < 1e-9);
        assert!((found(2.0) - 1.0).abs() < 1e-9);
        assert_eq!(fastest(&dated, 2.0, 100.0), None);
    }

    #[test]
    fn operators_split_from_the_right_and_only_between_blanks() {
        let sums = [Operator::Plus, Operator::Minus];
        assert_eq!(split("a - b + c", sums), Some(("a - b", Operator::Plus, "c")));
        assert_eq!(split("at(2031-12, x) - -1", sums), Some(("at(2031-12, x)", Operator::Minus, "-1")));
        assert_eq!(split("f(a - b)", sums), None);
        assert_eq!(split("1e-6", sums), None);
    }
}
