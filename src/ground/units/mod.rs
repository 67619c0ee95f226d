//! Quantities with their units, read exactly.
//!
//! A scenario says "5000 USD", "35 kCNY", "8 years", "16 %/year"; the model works in dollars, weeks,
//! hours of work, persons and units of output. Reading is exact rational arithmetic with one rounding
//! at the end, so that "15 %" and 0.15, "8 years" and "416 weeks" are the same number to the bit.
//!
//! A year is 52 weeks and a month a twelfth of it, here and in every figure of the baseline. Money in
//! another currency becomes dollars by the scenario's own table of exchange rates ([`Exchange`]).

mod reading;

pub use reading::{Dimension, Exchange, parse, parse_with};

use reading::{PURE, dimension};
use schemars::JsonSchema;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Weeks in a year, by the convention of the calibration.
pub const WEEKS_PER_YEAR: f64 = 52.0;

/// A kind of number that a scenario file can hold: what it is called, how it is written, its bounds.
#[derive(Debug, PartialEq)]
pub struct Quantity {
    /// Name of the type.
    pub name: &'static str,
    /// What it is, in words: "an amount of money".
    pub words: &'static str,
    /// How it is written: "5000 USD".
    pub example: &'static str,
    /// The model's own unit, in which a resolved value is shown; empty for plain numbers.
    pub unit: &'static str,
    /// May it be written without a unit?
    pub is_bare: bool,
    /// Least and most, in the model's unit.
    pub bounds: (f64, f64),
    dimension: Dimension,
}

impl Quantity {
    /// The quantity of a type, by its name.
    pub fn named(name: &str) -> Option<&'static Quantity> {
        QUANTITIES.iter().find(|quantity| quantity.name == name)
    }

    /// Reads a text as this quantity, in the model's unit.
    ///
    /// # Errors
    /// A sentence: what cannot be read, or which unit or bound does not fit, and an example.
    pub fn read(&self, text: &str, exchange: &Exchange) -> Result<f64, String> {
        let (value, dimension) = parse_with(text, exchange).map_err(|error| match error.contains("; ") {
            true => error,
            false => format!("{error}; write {}, for example {}", self.words, self.shown_example()),
        })?;
        self.check(value, dimension, text)
    }

    /// A number that stands there without a unit.
    ///
    /// # Errors
    /// A sentence that suggests the unit, or says which bound does not fit.
    pub fn read_bare(&self, value: f64) -> Result<f64, String> {
        let dimension = if self.is_bare { self.dimension } else { PURE };
        self.check(value, dimension, &value.to_string())
    }

    fn check(&self, value: f64, dimension: Dimension, text: &str) -> Result<f64, String> {
        let (words, example, (least, most)) = (self.words, self.example, self.bounds);
        if dimension == PURE && !self.is_bare {
            let text = text.trim();
            let unit = self.usual_unit();
            return Err(format!("{words} needs its unit; write, for example, \"{text} {unit}\""));
        }
        if dimension != self.dimension {
            return match QUANTITIES.iter().find(|other| other.dimension == dimension) {
                Some(other) => Err(format!("this is {}, not {words}; write, for example, {example:?}", other.words)),
                None => Err(format!("this is not {words}; write, for example, {example:?}")),
            };
        }
        if !(least..=most).contains(&value) {
            let hint = if self.name == "Share" && text.parse::<f64>().is_ok_and(|n| n > 1.0 && n <= 100.0) {
                format!("; per cent are written \"{text} %\"")
            } else {
                String::new()
            };
            let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
            return Err(format!("{words} must lie between {least} and {most}{unit}{hint}"));
        }
        // minus nothing is nothing
        Ok(value + 0.0)
    }

    /// A resolved value as a text that is read back to the same bits.
    pub fn write(&self, value: f64) -> String {
        if self.unit.is_empty() { format!("{value:?}") } else { format!("{value:?} {}", self.unit) }
    }

    /// The example as it stands in a file.
    pub fn shown_example(&self) -> String {
        if self.example.parse::<f64>().is_ok() { self.example.into() } else { format!("{:?}", self.example) }
    }

    /// The unit people write: that of the example, without thousands and millions.
    fn usual_unit(&self) -> &'static str {
        self.example.rsplit(' ').next().unwrap_or("")
    }
}

macro_rules! quantity {
    ($($(#[$meta:meta])* $name:ident: $dimension:expr, $unit:literal, $words:literal, $example:literal, $bare:literal, $least:expr, $most:expr;)*) => {
        /// Every kind of number, with its words.
        pub const QUANTITIES: &[Quantity] = &[$(Quantity {
            name: stringify!($name),
            words: $words,
            example: $example,
            unit: $unit,
            is_bare: $bare,
            bounds: ($least, $most),
            dimension: $dimension,
        },)*];

        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
            pub struct $name(pub f64);

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
                    fn quantity() -> &'static Quantity {
                        // every type of this list has its entry
                        Quantity::named(stringify!($name)).unwrap_or(&QUANTITIES[0])
                    }
                    impl Visitor<'_> for Reader {
                        type Value = $name;
                        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                            write!(f, "{}, for example {:?}", $words, $example)
                        }
                        fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                            quantity().read(text, &Exchange::default()).map($name).map_err(E::custom)
                        }
                        fn visit_f64<E: de::Error>(self, value: f64) -> Result<$name, E> {
                            quantity().read_bare(value).map($name).map_err(E::custom)
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
    Share: PURE, "", "a share", "15 %", true, 0.0, 1.0;
    /// A plain number.
    Number: PURE, "", "a number", "0.34", true, -1e12, 1e12;
    /// A plain number that cannot be negative.
    Size: PURE, "", "a number not below zero", "2.0", true, 0.0, 1e15;
    /// Dollars.
    Usd: dimension(1, 0, 0, 0, 0), "USD", "an amount of money", "5000 USD", false, 0.0, 1e15;
    /// Dollars per week.
    UsdPerWeek: dimension(1, -1, 0, 0, 0), "USD/week", "money per time", "180 USD/month", false, 0.0, 1e15;
    /// Dollars per hour of work.
    UsdPerHour: dimension(1, 0, -1, 0, 0), "USD/hour", "money per hour", "2.50 USD/hour", false, 0.0, 1e9;
    /// Dollars per unit of output.
    UsdPerUnit: dimension(1, 0, 0, 0, -1), "USD/unit", "money per parcel", "0.30 USD/parcel", false, 0.0, 1e9;
    /// A length of time, in weeks.
    Span: dimension(0, 1, 0, 0, 0), "weeks", "a length of time", "8 weeks", false, 0.0, 1e6;
    /// How often per week, or how much of it goes per week.
    Rate: dimension(0, -1, 0, 0, 0), "/week", "a rate per time", "1.2 %/week", false, -100.0, 100.0;
    /// Hours of work per week.
    HoursPerWeek: dimension(0, -1, 1, 0, 0), "hours/week", "hours of work per week", "48 hours/week", false, 0.0, 168.0;
    /// Hours of work.
    Hours: dimension(0, 0, 1, 0, 0), "hours", "hours", "540 hours", false, 0.0, 1e15;
    /// Hours of work in a unit of output.
    HoursPerUnit: dimension(0, 0, 1, 0, -1), "hours/unit", "hours of work per unit", "0.01 hours/unit", false, 0.0, 1e6;
    /// People.
    Persons: dimension(0, 0, 0, 1, 0), "persons", "a number of persons", "64 M persons", false, 0.0, 1e11;
    /// People an agent stands for; the number alone says it too.
    Grain: dimension(0, 0, 0, 1, 0), "persons", "a number of persons", "1000 persons", true, 0.0, 1e11;
    /// Units of output per week.
    UnitsPerWeek: dimension(0, -1, 0, 0, 1), "units/week", "units per time", "7.5 bn parcels/year", false, 0.0, 1e15;
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
    fn people_an_agent_stands_for_need_no_unit_and_other_people_do() {
        let exchange = Exchange::default();
        let (grain, persons) = (Quantity::named("Grain").unwrap(), Quantity::named("Persons").unwrap());
        assert_eq!(grain.read_bare(1000.0), grain.read("1 k persons", &exchange));
        assert_eq!(grain.write(1000.0), "1000.0 persons");
        assert!(grain.read("15 %", &exchange).is_err() && grain.read("8 weeks", &exchange).is_err());
        assert!(persons.read_bare(64.0).unwrap_err().contains("\"64 persons\""));
    }

    #[test]
    fn a_third_of_a_week_is_rounded_once() {
        // 180 USD a month = 180 * 3/13 USD a week
        assert_eq!(value("180 USD/month"), 540.0 / 13.0);
        assert_eq!(value("16 %/year"), 0.04 / 13.0);
        assert_eq!(value("-2 %"), -0.02);
    }

    #[test]
    fn other_money_is_worth_what_the_scenario_says() {
        let mut exchange = Exchange::default();
        exchange.declare("CNY", "7 CNY/USD").unwrap();
        exchange.declare("EUR", "1.16 USD/EUR").unwrap();
        exchange.declare("VND", "26_300 VND/USD").unwrap();
        let usd = |text: &str| Quantity::named("Usd").unwrap().read(text, &exchange).unwrap();
        // 35,000 CNY at 7 a dollar are 5,000 dollars; 25 EUR at 1.16 are 29; 13.15 M VND at 26,300 are 500
        assert_eq!(usd("35 kCNY"), 5000.0);
        assert_eq!(usd("25 EUR"), 29.0);
        assert_eq!(usd("13.15 M VND"), 500.0);
        // a rate that no double holds: still the nearest double to 1/7
        assert_eq!(usd("1 CNY").to_bits(), (1.0_f64 / 7.0).to_bits());
        for (code, rate) in
            [("CNY", "7"), ("CNY", "7 USD"), ("CNY", "0 CNY/USD"), ("yuan", "7 yuan/USD"), ("USD", "1 USD/USD")]
        {
            assert!(Exchange::default().declare(code, rate).is_err(), "{code} {rate}");
        }
        assert!(parse("35 kCNY").unwrap_err().contains("there is no unit"));
    }

    #[test]
    fn a_resolved_value_is_read_back_to_the_same_bits() {
        for quantity in QUANTITIES {
            for value in [0.0, 1.0 / 3.0, 0.1 + 0.2, 1e-9, 1.234_567_890_123_456_7e-20, quantity.bounds.1] {
                let text = quantity.write(value);
                let back = quantity.read(&text, &Exchange::default());
                assert_eq!(back.map(f64::to_bits), Ok(value.to_bits()), "{text}");
            }
            let example = quantity.read(quantity.example, &Exchange::default());
            assert!(example.is_ok(), "the example of {}: {example:?}", quantity.name);
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (text, words) in [
            ("5 USB", "no unit \"USB\"; the nearest is \"USD\""),
            ("five USD", "does not begin with a number"),
            ("1.2.3 USD", "is not a number"),
            ("", "does not begin with a number"),
            ("1e-19 %", "too small to be distinguished from 0"),
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
        assert!(error.contains("this is an amount of money, not a length of time"), "{error}");
        assert!(serde_json::from_str::<Share>("1.5").is_err());
        assert_eq!(serde_json::from_str::<Share>("\"15 %\"").unwrap(), serde_json::from_str("0.15").unwrap());
    }
}
