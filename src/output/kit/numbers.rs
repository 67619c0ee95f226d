//! Numbers in words, for people: the one place.
//!
//! Several forms, since a column of a terminal, a sentence, an axis and a cell of a picture have different room. Their
//! thresholds differ: thousands become "k" from 1,000 in a summary, from 10,000 in a sentence and a page.

use crate::experiment::compare::effects::Paired;

/// Multiples of a number, and how they are written.
pub const UNITS: [(f64, &str); 4] = [(1e12, " tn"), (1e9, " bn"), (1e6, " M"), (1e3, " k")];

/// Digits that have room at a tick; longer numbers are written as powers of ten.
pub const LONG: usize = 6;

/// A number with its unit, short.
pub fn quantity(value: f64, unit: &str) -> String {
    let digits = match value.abs() {
        _ if unit == "ratio" => return format!("{value:.2}"),
        size if size >= 1e12 => format!("{:.2} tn", value / 1e12),
        size if size >= 1e9 => format!("{:.1} bn", value / 1e9),
        size if size >= 1e6 => format!("{:.1} M", value / 1e6),
        size if size >= 1e4 => format!("{:.1} k", value / 1e3),
        size if size >= 100.0 || value == 0.0 => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    };
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
    match n.abs() {
        n_abs if n_abs >= 1e6 => format!("{:.1} M", n / 1e6),
        n_abs if n_abs >= 1e3 => format!("{:.0} k", n / 1e3),
        _ => format!("{n:.0}"),
    }
}

/// Dollars in a summary, without their unit.
pub fn money(usd: f64) -> String {
    match usd.abs() {
        n if n >= 1e9 => format!("{:.1} bn", usd / 1e9),
        n if n >= 1e6 => format!("{:.1} M", usd / 1e6),
        n if n >= 1e3 => format!("{:.1} k", usd / 1e3),
        _ => format!("{usd:.0}"),
    }
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
    let (value, size) = match value.abs() {
        size if size >= 1e12 => (value / 1e12, " tn"),
        size if size >= 1e9 => (value / 1e9, " bn"),
        size if size >= 1e6 => (value / 1e6, " M"),
        size if size >= 1e4 => (value / 1e3, " k"),
        _ => (value, ""),
    };
    let before = libm::floor(libm::log10(value.abs().max(1e-9))) as i32;
    let decimals = usize::try_from(digits - 1 - before).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{}{size}", if text == "-0" { "0" } else { text })
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

/// A number by itself, with two or three digits: 0.05, 1.5 M, 34 bn.
pub fn amount(number: f64) -> String {
    let size = number.abs();
    let (one, unit) = UNITS.into_iter().find(|(one, _)| size >= one * 0.9995).unwrap_or((1.0, ""));
    let scaled = size / one;
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
