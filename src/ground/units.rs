//! Quantities with their units, read exactly.
//!
//! A scenario says "5000 USD", "8 years", "16 %/year"; the model works in dollars, weeks, hours of
//! work, persons and units of output. Reading is exact rational arithmetic with one rounding at the
//! end, so that "15 %" and 0.15, "8 years" and "416 weeks" are the same number to the bit.
//!
//! A year is 52 weeks and a month a twelfth of it, here and in every figure of the baseline.

use schemars::JsonSchema;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Weeks in a year, by the convention of the calibration.
pub const WEEKS_PER_YEAR: f64 = 52.0;

/// What a number is a number of: powers of money, time, hours of work, heads and units of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    money: i8,
    time: i8,
    work: i8,
    heads: i8,
    units: i8,
}

const fn dimension(money: i8, time: i8, work: i8, heads: i8, units: i8) -> Dimension {
    Dimension { money, time, work, heads, units }
}

const PURE: Dimension = dimension(0, 0, 0, 0, 0);

/// A unit's word, what it counts, and its size as a fraction of the model's own unit.
const UNITS: &[(&str, Dimension, u128, u128)] = &[
    ("%", PURE, 1, 100),
    ("pp", PURE, 1, 100),
    ("USD", dimension(1, 0, 0, 0, 0), 1, 1),
    ("day", dimension(0, 1, 0, 0, 0), 1, 7),
    ("days", dimension(0, 1, 0, 0, 0), 1, 7),
    ("week", dimension(0, 1, 0, 0, 0), 1, 1),
    ("weeks", dimension(0, 1, 0, 0, 0), 1, 1),
    ("month", dimension(0, 1, 0, 0, 0), 13, 3),
    ("months", dimension(0, 1, 0, 0, 0), 13, 3),
    ("year", dimension(0, 1, 0, 0, 0), 52, 1),
    ("years", dimension(0, 1, 0, 0, 0), 52, 1),
    ("hour", dimension(0, 0, 1, 0, 0), 1, 1),
    ("hours", dimension(0, 0, 1, 0, 0), 1, 1),
    ("person", dimension(0, 0, 0, 1, 0), 1, 1),
    ("persons", dimension(0, 0, 0, 1, 0), 1, 1),
    ("parcel", dimension(0, 0, 0, 0, 1), 1, 1),
    ("parcels", dimension(0, 0, 0, 0, 1), 1, 1),
    ("unit", dimension(0, 0, 0, 0, 1), 1, 1),
    ("units", dimension(0, 0, 0, 0, 1), 1, 1),
];

const MULTIPLES: &[(&str, i32)] = &[("k", 3), ("M", 6), ("bn", 9), ("tn", 12)];

/// Reads "1.5 bn USD/year" as a number in the model's units, and says what it is a number of.
///
/// # Errors
/// A sentence that says which part could not be read.
pub fn parse(text: &str) -> Result<(f64, Dimension), String> {
    let text = text.trim();
    let end = text
        .char_indices()
        .find(|&(at, c)| {
            !(c.is_ascii_digit() || ".+-_".contains(c) || (matches!(c, 'e' | 'E') && exponent_follows(&text[at..])))
        })
        .map_or(text.len(), |(at, _)| at);
    let (mantissa, exponent) = decimal(&text[..end])?;
    let mut power = exponent;
    let mut rest = text[end..].trim();
    if let Some((word, tail)) = rest.split_once(char::is_whitespace)
        && let Some(&(_, zeros)) = MULTIPLES.iter().find(|(name, _)| *name == word)
    {
        power += zeros;
        rest = tail.trim();
    }
    let (mut over, mut under) = (1_u128, 1_u128);
    let mut kind = PURE;
    if !rest.is_empty() {
        for (place, word) in rest.split('/').enumerate() {
            let (unit, zeros) = unit(word.trim())?;
            let sign = if place == 0 { 1 } else { -1 };
            let (a, b) = if place == 0 { (unit.2, unit.3) } else { (unit.3, unit.2) };
            over = over.checked_mul(a).ok_or("too many units")?;
            under = under.checked_mul(b).ok_or("too many units")?;
            power += sign * zeros;
            let sign = if place == 0 { 1_i8 } else { -1 };
            kind = dimension(
                kind.money + sign * unit.1.money,
                kind.time + sign * unit.1.time,
                kind.work + sign * unit.1.work,
                kind.heads + sign * unit.1.heads,
                kind.units + sign * unit.1.units,
            );
        }
    }
    let value =
        ratio(mantissa.unsigned_abs(), over, under, power).ok_or_else(|| format!("{text:?} is out of range"))?;
    Ok((if mantissa < 0 { -value } else { value }, kind))
}

fn exponent_follows(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    match chars.next() {
        Some('+' | '-') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_ascii_digit(),
        None => false,
    }
}

fn unit(word: &str) -> Result<(&'static (&'static str, Dimension, u128, u128), i32), String> {
    if let Some(found) = UNITS.iter().find(|(name, ..)| *name == word) {
        return Ok((found, 0));
    }
    for &(multiple, zeros) in MULTIPLES {
        if let Some(found) = word.strip_prefix(multiple).and_then(|rest| UNITS.iter().find(|(name, ..)| *name == rest))
        {
            return Ok((found, zeros));
        }
    }
    let nearest = UNITS.iter().map(|(name, ..)| *name).min_by_key(|name| strsim::levenshtein(name, word));
    Err(format!("there is no unit {word:?}; the nearest is {:?}", nearest.unwrap_or("USD")))
}

/// A decimal number as an integer and a power of ten.
fn decimal(text: &str) -> Result<(i128, i32), String> {
    let bad = || format!("{text:?} is not a number");
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().map_err(|_| bad())?),
        None => (text, 0),
    };
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, digits.strip_prefix('+').unwrap_or(digits)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !(-30..=30).contains(&exponent) {
        return Err(bad());
    }
    let mut value: i128 = 0;
    let mut count = 0;
    for c in whole.chars().chain(fraction.chars()) {
        if c == '_' {
            continue;
        }
        let digit = c.to_digit(10).ok_or_else(bad)?;
        count += 1;
        if count > 25 {
            return Err(format!("{text:?} has more digits than can be read exactly"));
        }
        value = value * 10 + i128::from(digit);
    }
    let places = i32::try_from(fraction.chars().filter(|c| *c != '_').count()).map_err(|_| bad())?;
    Ok((sign * value, exponent - places))
}

/// mantissa * over / under * 10^power, correctly rounded to the nearest double.
fn ratio(mantissa: u128, over: u128, under: u128, power: i32) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    let ten = 10_u128.checked_pow(power.unsigned_abs())?;
    let (mut n, mut d) = (mantissa.checked_mul(over)?, under);
    if power >= 0 {
        n = n.checked_mul(ten)?
    } else {
        d = d.checked_mul(ten)?
    }
    let divisor = greatest_common_divisor(n, d);
    (n, d) = (n / divisor, d / divisor);
    // long division, bit by bit, until the quotient has 66 bits; the last carries what is left over
    let mut shift = 0;
    let (mut quotient, mut rest) = (n / d, n % d);
    while quotient < (1 << 66) && rest != 0 && shift < 1_000 {
        rest = rest.checked_mul(2)?;
        quotient = quotient * 2 + rest / d;
        rest %= d;
        shift += 1;
    }
    let sticky = u128::from(rest != 0);
    Some((quotient | sticky) as f64 * libm::exp2(f64::from(-shift)))
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

macro_rules! quantity {
    ($($(#[$meta:meta])* $name:ident: $dimension:expr, $words:literal, $example:literal, $bare:literal, $least:expr, $most:expr;)*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
            pub struct $name(pub f64);

            impl $name {
                fn check(value: f64, kind: Dimension) -> Result<Self, String> {
                    if kind != $dimension && !($bare && kind == PURE) {
                        return Err(format!("this is not {}; write, for example, {:?}", $words, $example));
                    }
                    if !($least..=$most).contains(&value) {
                        return Err(format!("{} must lie between {} and {}", $words, $least, $most));
                    }
                    Ok($name(value))
                }
            }

            impl JsonSchema for $name {
                fn inline_schema() -> bool {
                    true
                }
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }
                fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    schemars::json_schema!({ "x-quantity": stringify!($name) })
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct Reader;
                    impl Visitor<'_> for Reader {
                        type Value = $name;
                        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                            write!(f, "{}, for example {:?}", $words, $example)
                        }
                        fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                            let (value, kind) = parse(text).map_err(E::custom)?;
                            $name::check(value, kind).map_err(E::custom)
                        }
                        fn visit_f64<E: de::Error>(self, value: f64) -> Result<$name, E> {
                            if !$bare {
                                return Err(E::custom(format!("{} needs its unit; write, for example, {:?}", $words, $example)));
                            }
                            $name::check(value, PURE).map_err(E::custom)
                        }
                        fn visit_i64<E: de::Error>(self, value: i64) -> Result<$name, E> {
                            self.visit_f64(value as f64)
                        }
                        fn visit_u64<E: de::Error>(self, value: u64) -> Result<$name, E> {
                            self.visit_f64(value as f64)
                        }
                    }
                    deserializer.deserialize_any(Reader)
                }
            }
        )*
    };
}

quantity! {
    /// A part of a whole, 0 to 1; written 0.15 or "15 %".
    Share: PURE, "a share", "15 %", true, 0.0, 1.0;
    /// A plain number.
    Number: PURE, "a number", "0.34", true, -1e12, 1e12;
    /// A plain number that cannot be negative.
    Size: PURE, "a number not below zero", "2.0", true, 0.0, 1e15;
    /// Dollars.
    Usd: dimension(1, 0, 0, 0, 0), "an amount of money", "5000 USD", false, 0.0, 1e15;
    /// Dollars per week.
    UsdPerWeek: dimension(1, -1, 0, 0, 0), "money per time", "180 USD/month", false, 0.0, 1e15;
    /// Dollars per hour of work.
    UsdPerHour: dimension(1, 0, -1, 0, 0), "money per hour", "2.50 USD/hour", false, 0.0, 1e9;
    /// Dollars per unit of output.
    UsdPerUnit: dimension(1, 0, 0, 0, -1), "money per parcel", "0.30 USD/parcel", false, 0.0, 1e9;
    /// A length of time, in weeks.
    Span: dimension(0, 1, 0, 0, 0), "a length of time", "8 years", false, 0.0, 1e6;
    /// How often per week, or how much of a thing goes per week.
    Rate: dimension(0, -1, 0, 0, 0), "a rate per time", "1.2 %/week", false, -100.0, 100.0;
    /// Hours of work per week.
    HoursPerWeek: dimension(0, -1, 1, 0, 0), "hours of work per week", "48 hours/week", false, 0.0, 168.0;
    /// Hours of work.
    Hours: dimension(0, 0, 1, 0, 0), "hours", "540 hours", false, 0.0, 1e15;
    /// Hours of work in a unit of output.
    HoursPerUnit: dimension(0, 0, 1, 0, -1), "hours of work per unit", "0.01 hours/unit", false, 0.0, 1e6;
    /// People.
    Persons: dimension(0, 0, 0, 1, 0), "a number of persons", "64 M persons", false, 0.0, 1e11;
    /// Units of output per week.
    UnitsPerWeek: dimension(0, -1, 0, 0, 1), "units per time", "7.5 bn parcels/year", false, 0.0, 1e15;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> f64 {
        parse(text).unwrap().0
    }

    #[test]
    fn equal_meanings_are_equal_to_the_bit() {
        for (one, other) in [
            ("15 %", "0.15"),
            ("8 years", "416 weeks"),
            ("0.1 years", "5.2 weeks"),
            ("7.5 bn parcels/year", "7500 M parcels/year"),
            ("2.50 USD/hour", "0.0025 kUSD/hour"),
            ("12 USD/month", "144 USD/year"),
            ("1e3 USD", "1 kUSD"),
            ("1_000 USD", "1000 USD"),
        ] {
            assert_eq!(parse(one).unwrap().1, parse(other).unwrap().1);
            assert_eq!(value(one).to_bits(), value(other).to_bits(), "{one} {other}");
        }
    }

    #[test]
    fn a_third_of_a_week_is_rounded_once() {
        // 180 USD a month = 180 * 3/13 USD a week
        assert_eq!(value("180 USD/month"), 540.0 / 13.0);
        assert_eq!(value("16 %/year"), 0.04 / 13.0);
        assert_eq!(value("-2 %"), -0.02);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (text, words) in [
            ("5 USB", "no unit \"USB\"; the nearest is \"USD\""),
            ("five USD", "is not a number"),
            ("1.2.3 USD", "is not a number"),
            ("", "is not a number"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn a_bare_number_with_a_dimension_is_an_error_that_shows_the_unit() {
        let error = serde_json::from_str::<Usd>("5000").unwrap_err().to_string();
        assert!(error.contains("needs its unit; write, for example, \"5000 USD\""), "{error}");
        let error = serde_json::from_str::<Span>("\"8 USD\"").unwrap_err().to_string();
        assert!(error.contains("this is not a length of time"), "{error}");
        assert!(serde_json::from_str::<Share>("1.5").is_err());
        assert_eq!(serde_json::from_str::<Share>("\"15 %\"").unwrap(), serde_json::from_str("0.15").unwrap());
    }
}
