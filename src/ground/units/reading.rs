//! A text becomes an exact fraction, and once a double.

use std::collections::BTreeMap;

/// What a number is a number of: powers of money, time, hours of work, heads and units of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    money: i8,
    time: i8,
    work: i8,
    heads: i8,
    units: i8,
}

pub(super) const fn dimension(money: i8, time: i8, work: i8, heads: i8, units: i8) -> Dimension {
    Dimension { money, time, work, heads, units }
}

impl Dimension {
    /// Multiplied by another, or divided by it if `sign` is -1.
    fn times(self, other: Dimension, sign: i8) -> Dimension {
        dimension(
            self.money + sign * other.money,
            self.time + sign * other.time,
            self.work + sign * other.work,
            self.heads + sign * other.heads,
            self.units + sign * other.units,
        )
    }
}

pub(super) const PURE: Dimension = dimension(0, 0, 0, 0, 0);

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

/// What other money is worth: the currencies a scenario declares, each as an exact fraction of a dollar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange(BTreeMap<String, (u128, u128)>);

impl Exchange {
    /// Declares a currency by its rate, written either way: "95 INR/USD" or "1.16 USD/EUR".
    ///
    /// # Errors
    /// A sentence that says how a rate is written.
    pub fn declare(&mut self, currency: &str, rate: &str) -> Result<(), String> {
        let how = || format!("an exchange rate is written \"95 {currency}/USD\" or \"0.01 USD/{currency}\"");
        let fits = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        if !fits || currency == "USD" {
            return Err(format!("{currency:?} is not the code of a currency: three capital letters, not USD"));
        }
        let (number, units) = rate.trim().split_once(' ').ok_or_else(how)?;
        let (mantissa, power) = decimal(number).map_err(|_| how())?;
        let (over, under) = units.trim().split_once('/').ok_or_else(how)?;
        let ten = 10_u128.checked_pow(power.unsigned_abs()).ok_or_else(how)?;
        let number = mantissa.unsigned_abs();
        let (n, d) = if power >= 0 { (number.checked_mul(ten).ok_or_else(how)?, 1) } else { (number, ten) };
        if mantissa <= 0 || n > MOST_RATE || d > MOST_RATE {
            return Err(format!("an exchange rate lies above 0 and has at most 12 digits; {}", how()));
        }
        let divisor = greatest_common_divisor(n, d);
        let (n, d) = (n / divisor, d / divisor);
        let worth = match (over.trim(), under.trim()) {
            (one, "USD") if one == currency => (d, n),
            ("USD", one) if one == currency => (n, d),
            _ => return Err(how()),
        };
        self.0.insert(currency.to_owned(), worth);
        Ok(())
    }

    /// Codes of the currencies declared.
    pub fn currencies(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Largest numerator or denominator of an exchange rate: small enough that products stay exact.
const MOST_RATE: u128 = 1_000_000_000_000;

/// Reads "1.5 bn USD/year" as a number in the model's units, and says what it is a number of.
///
/// # Errors
/// A sentence that says which part could not be read.
pub fn parse(text: &str) -> Result<(f64, Dimension), String> {
    parse_with(text, &Exchange::default())
}

/// [`parse`], with money in the currencies of an exchange table too.
///
/// # Errors
/// A sentence that says which part could not be read.
pub fn parse_with(text: &str, exchange: &Exchange) -> Result<(f64, Dimension), String> {
    let text = text.trim();
    let end = text
        .char_indices()
        .find(|&(at, c)| {
            !(c.is_ascii_digit() || ".+-_".contains(c) || (matches!(c, 'e' | 'E') && exponent_follows(&text[at..])))
        })
        .map_or(text.len(), |(at, _)| at);
    if let Some(words) = comma(text) {
        return Err(words);
    }
    let (mantissa, exponent) = decimal(&text[..end]).map_err(|error| match end {
        0 => format!("{text:?} does not begin with a number"),
        _ => error,
    })?;
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
        if rest.split('/').count() > MOST_PARTS {
            return Err(format!("{rest:?} has more than {MOST_PARTS} units"));
        }
        for (place, word) in rest.split('/').enumerate() {
            // "26 /year": so many times in a year
            let is_count = place == 0 && word.is_empty() && rest.len() > 1;
            let unit = if is_count { Unit::ONE } else { unit(word.trim(), exchange)? };
            let sign = if place == 0 { 1_i8 } else { -1 };
            let (a, b) = if place == 0 { (unit.over, unit.under) } else { (unit.under, unit.over) };
            over = over.checked_mul(a).ok_or("too many units")?;
            under = under.checked_mul(b).ok_or("too many units")?;
            power += i32::from(sign) * unit.zeros;
            kind = kind.times(unit.dimension, sign);
        }
    }
    let value =
        ratio(mantissa.unsigned_abs(), over, under, power).ok_or_else(|| format!("{text:?} is out of range"))?;
    if value > 0.0 && value < LEAST {
        return Err(format!("{text:?} is too small to be distinguished from 0"));
    }
    Ok((if mantissa < 0 { -value } else { value }, kind))
}

/// What to write for a number with a comma in it, or with nothing before its point.
fn comma(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-_.,'".contains(c))).unwrap_or(text.len());
    let (number, rest) = (&text[..end], text[end..].trim());
    let unit = if rest.is_empty() { String::new() } else { format!(" {rest}") };
    let (sign, digits) = match number.strip_prefix(['-', '+']) {
        Some(digits) => (&number[..1], digits),
        None => ("", number),
    };
    let mut groups = digits.split([',', '\'']);
    let first = groups.next()?;
    let others: Vec<&str> = groups.collect();
    if others.is_empty() {
        let is_decimal = digits.len() > 1 && digits.starts_with('.') && digits[1..].bytes().all(|b| b.is_ascii_digit());
        return is_decimal.then(|| format!("{text:?} has no digit before its point; write \"{sign}0{digits}{unit}\""));
    }
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let are_thousands = (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && others.iter().enumerate().all(|(place, group)| {
            let whole = if place + 1 == others.len() { group.split('.').next().unwrap_or("") } else { group };
            whole.len() == 3 && is_plain(whole)
        });
    if are_thousands {
        let plain = format!("{first}{}", others.concat());
        let zeros = plain.len() - plain.trim_end_matches('0').len();
        let multiple = MULTIPLES.iter().rev().find(|(_, power)| *power <= zeros as i32 && !rest.is_empty());
        let short = multiple
            .map_or(plain.clone(), |(name, power)| format!("{} {name}", &plain[..plain.len() - *power as usize]));
        let words = format!("{text:?} has a comma, which no number here has; write \"{sign}{short}{unit}\"");
        let decimal = format!("{first}.{}", others[0]);
        return Some(if others.len() == 1 && is_plain(others[0]) {
            format!("{words}, or \"{sign}{decimal}{unit}\" if it is a decimal")
        } else {
            words
        });
    }
    let is_decimal = others.len() == 1 && is_plain(first) && is_plain(others[0]) && !others[0].is_empty();
    let whole = if first.is_empty() { "0" } else { first };
    is_decimal.then(|| format!("{text:?}: decimals take a point; write \"{sign}{whole}.{}{unit}\"", others[0]))
}

/// Least value above 0, in the model's units. What is read is written to 17 digits and read again, and below this
/// their fraction no longer fits.
const LEAST: f64 = 1e-20;

/// Most units in a row: "USD/person/week" and one more.
const MOST_PARTS: usize = 4;

/// A unit as found: what it counts, its size as a fraction, and a power of ten.
struct Unit {
    dimension: Dimension,
    over: u128,
    under: u128,
    zeros: i32,
}

impl Unit {
    const ONE: Unit = Unit { dimension: PURE, over: 1, under: 1, zeros: 0 };
}

/// The unit of a word, with a multiple before it ("kUSD") or without.
fn unit(word: &str, exchange: &Exchange) -> Result<Unit, String> {
    let plain = |word: &str| {
        let known = UNITS.iter().find(|(name, ..)| *name == word);
        let known = known.map(|&(_, dimension, over, under)| Unit { dimension, over, under, zeros: 0 });
        let money = dimension(1, 0, 0, 0, 0);
        let foreign = |&(over, under): &(u128, u128)| Unit { dimension: money, over, under, zeros: 0 };
        known.or_else(|| exchange.0.get(word).map(foreign))
    };
    if let Some(found) = plain(word) {
        return Ok(found);
    }
    for &(multiple, zeros) in MULTIPLES {
        if let Some(found) = word.strip_prefix(multiple).and_then(plain) {
            return Ok(Unit { zeros, ..found });
        }
    }
    if MULTIPLES.iter().any(|(name, _)| *name == word) || word.is_empty() {
        return Err(format!("a unit is missing after {word:?}; for example \"5 {word} USD\""));
    }
    if word.len() > MOST_LETTERS {
        return Err(format!("there is no unit of {} letters; write, for example, \"5 USD\"", word.len()));
    }
    let plain = word.to_lowercase();
    let plain = plain.strip_suffix('s').unwrap_or(&plain);
    if let Some((_, meant)) = EVERYDAY.iter().find(|(known, _)| strsim::osa_distance(known, plain) <= known.len() / 5) {
        return Err(format!("there is no unit {word:?}; write {meant:?}"));
    }
    let near = |name: &&str| strsim::osa_distance(name, word) * 2 <= word.len().max(name.len());
    let known = UNITS.iter().map(|(name, ..)| *name).chain(exchange.currencies());
    let nearest = known.filter(near).min_by_key(|name| strsim::osa_distance(name, word));
    let nearest = nearest.map_or_else(String::new, |name| format!("the nearest is {name:?}; "));
    let is_code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let hint = if is_code {
        "other money needs its rate in [currency]"
    } else {
        "write, for example, \"5 USD\", \"8 weeks\", \"16 %/year\""
    };
    Err(format!("there is no unit {word:?}; {nearest}{hint}"))
}

/// Longest word that can be a unit.
const MOST_LETTERS: usize = 32;

/// What people say for some units.
const EVERYDAY: [(&str, &str); 14] = [
    ("$", "USD"),
    ("dollar", "USD"),
    ("usdollar", "USD"),
    ("euro", "EUR"),
    ("rupee", "INR"),
    ("yuan", "CNY"),
    ("rmb", "CNY"),
    ("peso", "MXN"),
    ("yen", "JPY"),
    ("taka", "BDT"),
    ("dong", "VND"),
    ("percent", "%"),
    ("people", "persons"),
    ("worker", "persons"),
];

fn exponent_follows(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    match chars.next() {
        Some('+' | '-') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_ascii_digit(),
        None => false,
    }
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
