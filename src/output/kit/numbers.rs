//! Numbers and names in words, for people.

use crate::experiment::compare::effects::Paired;

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
