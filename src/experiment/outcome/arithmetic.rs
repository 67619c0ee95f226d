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

use super::moving::{fastest, turning};
use super::{History, Kind, Span};
use crate::economy::policy::Clock;
use crate::experiment::run::Results;
use crate::ground::maths;
use crate::ground::statistics::{rank_correlation, slope};
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::indicators::Wanted;
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
    /// As it is written.
    pub(super) const fn sign(self) -> char {
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

/// Do amounts of this unit combine with any plain number?
fn is_plain(unit: &str) -> bool {
    PLAIN.contains(&unit)
}

impl Together {
    /// Do the units fit?
    pub(super) fn check(&self, text: &str) -> Result<(), String> {
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

    /// What must be recorded for it.
    pub(super) fn wanted(&self) -> Wanted {
        match self {
            Together::Number(_) => Wanted::metrics([]),
            Together::Pair(left, _, right) => left.wanted().and(right.wanted()),
            Together::Ln(of) | Together::Arm { of, .. } => of.wanted(),
            Together::Rank(left, right) => left.iter().chain(right).map(Kind::wanted).collect(),
            Together::Elasticity(first, second, _) | Together::Turning(first, second, _) => {
                Wanted::metrics([first.metric, second.metric])
            }
            Together::Fastest { history, .. } => Wanted::metrics([history.metric]),
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
