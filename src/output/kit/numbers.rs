//! Numbers in words, for people: the one place.
//!
//! Several forms, since a column of a terminal, a sentence, an axis and a cell of a picture have different room; in which
//! multiple a number is written, [`multiple`] says for all of them.

use crate::experiment::compare::effects::Paired;

/// Multiples of a number, how they are written, and the least number that is: with four digits it reads "1 M", not "1000 k",
/// and four digits can be read without a "k".
const UNITS: [(f64, &str, f64); 4] =
    [(1e12, " tn", 0.9995e12), (1e9, " bn", 0.9995e9), (1e6, " M", 0.9995e6), (1e3, " k", 1e4)];

/// The multiple in which a number is written, and its word; one and none for short numbers.
pub fn multiple(number: f64) -> (f64, &'static str) {
    let found = UNITS.into_iter().find(|(.., least)| number.abs() >= *least);
    found.map_or((1.0, ""), |(one, word, _)| (one, word))
}

/// Digits that have room at a tick; longer numbers are written as powers of ten.
pub const LONG: usize = 6;

/// A number with its unit, short.
pub fn quantity(value: f64, unit: &str) -> String {
    if unit == "ratio" {
        return format!("{value:.2}");
    }
    let (one, word) = multiple(value);
    let decimals = match value.abs() {
        _ if one >= 1e12 => 2,
        _ if one > 1.0 => 1,
        size if size >= 100.0 || value == 0.0 => 0,
        _ => 2,
    };
    let digits = format!("{:.decimals$}{word}", value / one);
    if unit == "USD" { format!("{digits} USD") } else { digits }
}

/// A difference with its interval.
pub fn interval(pair: &Paired, unit: &str) -> String {
    let mean = signed(pair.difference.mean, unit);
    match pair.interval() {
        Some((low, high)) => format!("{mean} ({} to {})", signed(low, unit), signed(high, unit)),
        None => format!("{mean} (one replicate)"),
    }
}

/// A number with its sign, and its unit unless that is dollars.
pub fn signed(value: f64, unit: &str) -> String {
    let unit = if unit == "USD" { "" } else { unit };
    if value == 0.0 {
        "0".to_owned()
    } else {
        format!("{}{}", if value > 0.0 { "+" } else { "" }, quantity(value, unit))
    }
}

/// Persons or hours in a summary: thousands without decimals.
pub fn people(n: f64) -> String {
    let (one, word) = multiple(n);
    let decimals = if one > 1e3 { 1 } else { 0 };
    format!("{:.decimals$}{word}", n / one)
}

/// Dollars in a summary, without their unit.
pub fn money(usd: f64) -> String {
    let (one, word) = multiple(usd);
    let decimals = if one > 1.0 { 1 } else { 0 };
    format!("{:.decimals$}{word}", usd / one)
}

/// A share, in per cent.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A value with its unit.
pub fn shown(value: f64, unit: &str) -> String {
    match unit {
        "share" => format!("{} %", three_digits(value * 100.0)),
        "USD" | "" | "ratio" | "index" | "times" if value.abs() >= 0.1 || value == 0.0 => quantity(value, unit),
        "" | "ratio" | "index" | "times" => numeral(value, 3),
        unit if value.abs() < 1.0 => format!("{} {unit}", numeral(value, 3)),
        unit => format!("{} {unit}", quantity(value, "")),
    }
}

/// A number with so many digits that count, however small it is, and no zeros at its end.
pub fn numeral(value: f64, digits: i32) -> String {
    let (one, word) = multiple(value);
    let value = value / one;
    let before = libm::floor(libm::log10(value.abs().max(1e-9))) as i32;
    let decimals = usize::try_from(digits - 1 - before).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{}{word}", if text == "-0" { "0" } else { text })
}

/// Two numbers with as many digits as show that they differ, three at least.
pub fn numerals(ends: (f64, f64)) -> (String, String) {
    let with = |digits| (numeral(ends.0, digits), numeral(ends.1, digits));
    (3..=9).map(with).find(|(low, high)| low != high).unwrap_or_else(|| with(3))
}

/// Three digits.
pub fn three_digits(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

/// A share in per cent, whole.
pub fn whole_percent(share: f64) -> String {
    let rounded = libm::round(share * 100.0);
    // no minus before a zero
    format!("{:.0} %", if rounded == 0.0 { 0.0 } else { rounded })
}

/// The step of an axis: the next 1, 2 or 5 times a power of ten that is not smaller.
pub fn round_step(step: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(step)));
    let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * power >= step * (1.0 - 1e-9));
    digit.unwrap_or(10.0) * power
}

/// A number by itself, with two or three digits: 0.05, 1.5 M, 34 bn.
pub fn amount(number: f64) -> String {
    let (one, unit) = multiple(number);
    let scaled = number.abs() / one;
    let decimals = match scaled {
        0.0 => 0,
        scaled if scaled < 9.95 => (1.0 - libm::floor(libm::log10(scaled))).clamp(0.0, 8.0) as usize,
        _ => 0,
    };
    let mut digits = format!("{scaled:.decimals$}");
    if digits.contains('.') {
        digits.truncate(digits.trim_end_matches('0').trim_end_matches('.').len());
    }
    if digits.len() > LONG {
        digits = format!("{scaled:.0e}");
    }
    minus(format!("{}{digits}{unit}", if number < 0.0 { "-" } else { "" }))
}

/// A minus as typesetters have it.
pub fn minus(word: String) -> String {
    word.replace('-', "−")
}

/// Three digits where two would make neighbours equal.
pub fn amount_or_decimals(value: f64) -> String {
    match value.abs() {
        size if (0.1..10.0).contains(&size) => format!("{value:.2}").replace('-', "−"),
        size if (10.0..100.0).contains(&size) => format!("{value:.1}").replace('-', "−"),
        _ => amount(value),
    }
}

/// A number with four digits that count.
pub fn short(value: f64) -> String {
    let size = value.abs();
    match size {
        s if s >= 1e15 => format!("{value:.3e}"),
        s if s >= 1_000.0 => format!("{value:.0}"),
        s if s >= 1.0 || s == 0.0 => format!("{value:.3}"),
        s if s >= 1e-3 => format!("{value:.5}"),
        _ => format!("{value:.3e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_become_k_from_ten_thousand_in_every_form() {
        assert_eq!([people(9_999.0), people(10_400.0)], ["9999", "10 k"]);
        assert_eq!([money(-9_999.0), money(-10_400.0)], ["-9999", "-10.4 k"]);
        assert_eq!([quantity(9_999.0, ""), quantity(10_400.0, "USD")], ["9999", "10.4 k USD"]);
        assert_eq!([numeral(9_999.0, 4), numeral(10_400.0, 3)], ["9999", "10.4 k"]);
        assert_eq!([amount(9_999.0), amount(10_400.0)], ["9999", "10 k"]);
    }

    #[test]
    fn what_rounds_to_a_thousand_of_one_is_one_of_the_next() {
        assert_eq!([people(999_600.0), money(999_960.0), quantity(999.96e6, "")], ["1.0 M", "1.0 M", "1.0 bn"]);
        assert_eq!([people(4.23e9), money(1.5e12), quantity(1.5e12, "")], ["4.2 bn", "1.5 tn", "1.50 tn"]);
    }
}
