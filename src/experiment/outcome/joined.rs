//! Reading what joins outcomes: operators, brackets, and the forms of `arithmetic.rs`.

use super::arithmetic::{Operator, Together};
use super::read::{EXAMPLE, arguments, history, number, span_within};
use super::{Kind, Span};
use crate::scenario::Scenario;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_split_from_the_right_and_only_between_blanks() {
        let sums = [Operator::Plus, Operator::Minus];
        assert_eq!(split("a - b + c", sums), Some(("a - b", Operator::Plus, "c")));
        assert_eq!(split("at(2031-12, x) - -1", sums), Some(("at(2031-12, x)", Operator::Minus, "-1")));
        assert_eq!(split("f(a - b)", sums), None);
        assert_eq!(split("1e-6", sums), None);
    }
}
