//! An amount of something that is measured: "8 %", "1.2 M persons", "2 bn USD", in the unit of an outcome.

use crate::ground::units::{Exchange, parse_with};

/// Units that stand for themselves and count nothing else.
const PLAIN: [&str; 4] = ["share", "index", "ratio", ""];

/// Reads an amount in a unit.
///
/// # Errors
/// What was expected, and what to write.
pub fn read(text: &str, unit: &str, exchange: &Exchange) -> Result<f64, String> {
    let text = text.trim();
    let wrong =
        |words: &str| format!("{text:?} is not an amount in {unit:?}{words}; write for example {:?}", example(unit));
    let is_plain = PLAIN.contains(&unit);
    if is_plain {
        let text = text.strip_suffix(unit).filter(|_| !unit.is_empty()).unwrap_or(text);
        // of a share, percentage points are per cent
        let text = text.strip_suffix("pp").map_or(text.to_owned(), |points| format!("{points} %"));
        let (value, dimension) = parse_with(&text, exchange).map_err(|words| wrong(&format!(" ({words})")))?;
        let is_pure = parse_with("1", exchange).is_ok_and(|(_, pure)| pure == dimension);
        return if is_pure { Ok(value) } else { Err(wrong("")) };
    }
    if let Ok((one, dimension)) = parse_with(&format!("1 {unit}"), exchange) {
        let (value, found) = parse_with(text, exchange).map_err(|words| wrong(&format!(" ({words})")))?;
        return if found == dimension { Ok(value / one) } else { Err(wrong("")) };
    }
    // a unit that the language of scenarios does not know counts something, as persons do
    let number = text.strip_suffix(unit).unwrap_or(text);
    parse_with(&format!("{} persons", number.trim()), exchange).map(|(value, _)| value).map_err(|_| wrong(""))
}

fn example(unit: &str) -> String {
    match unit {
        "share" => "8 %".to_owned(),
        "index" | "ratio" | "" => "1.2".to_owned(),
        "USD" => "2 bn USD".to_owned(),
        unit => format!("5 {unit}"),
    }
}

/// An amount for people: shares in per cent, large numbers in words.
pub fn shown(value: f64, unit: &str) -> String {
    use crate::scenario::dial::digits;
    if unit == "share" {
        return format!("{} %", digits(value * 100.0));
    }
    let multiples = [(1e12, " tn"), (1e9, " bn"), (1e6, " M")];
    let (one, word) = multiples.into_iter().find(|(one, _)| value.abs() >= *one).unwrap_or((1.0, ""));
    let number = format!("{}{word}", digits(value / one));
    if PLAIN.contains(&unit) { number } else { format!("{number} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_the_unit_of_what_is_measured() {
        let exchange = Exchange::default();
        for (text, unit, expected) in [
            ("8 %", "share", 0.08),
            ("0.08", "share", 0.08),
            ("2 pp", "share", 0.02),
            ("1.2", "ratio", 1.2),
            ("2 bn USD", "USD", 2e9),
            ("-3 M USD", "USD", -3e6),
            ("52 USD/year", "USD/week", 1.0),
            ("3650 USD/month", "USD/month", 3650.0),
            ("1.2 M persons", "persons", 1.2e6),
            ("1.5 M full-time equivalents", "full-time equivalents", 1.5e6),
            ("40 k", "robots", 4e4),
            ("2.5 years", "years", 2.5),
        ] {
            let found = read(text, unit, &exchange).unwrap();
            assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{text} in {unit}: {found}");
        }
        for (text, unit, words) in [
            ("8 USD", "share", "8 %"),
            ("8", "USD", "bn USD"),
            ("8 weeks", "USD/week", "5 USD/week"),
            ("eight", "persons", "5 persons"),
            ("3 USD", "robots", "5 robots"),
        ] {
            let problem = read(text, unit, &exchange).unwrap_err();
            assert!(problem.contains(words), "{text} in {unit}: {problem}");
        }
        assert_eq!(shown(0.0812, "share"), "8.12 %");
        assert_eq!(shown(2.25e9, "USD"), "2.25 bn USD");
        assert_eq!(shown(1.5, "ratio"), "1.5");
    }
}
