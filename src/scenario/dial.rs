//! A number of a scenario that an experiment turns: which key, how it is read and written.

use super::explain::{NoKey, explain, meaning};
use super::shape::{FILE, Shape};
use super::{Card, Scenario};
use crate::economy::policy::LEVERS;
use crate::ground::units::{Exchange, Quantity, WEEKS_PER_YEAR};

/// A key whose value is a number, and what kind of number.
#[derive(Clone, Debug)]
pub struct Dial {
    /// The key, as `--set` takes it; of a policy of its own, the lever alone.
    pub key: String,
    /// What kind of number.
    pub quantity: &'static Quantity,
    /// What the key means.
    pub meaning: String,
    /// Its range, grade and source, where they are stated.
    pub card: Option<Card>,
    exchange: Exchange,
    /// Dates and regions of a policy that sets it, as TOML: `from = "2029-01"`.
    enacted: Option<String>,
}

impl Scenario {
    /// The dial of a key.
    ///
    /// # Errors
    /// What the key is instead, or the nearest keys.
    pub fn dial(&self, key: &str) -> Result<Dial, NoKey> {
        let lever = |words: String| match LEVERS.iter().find(|lever| lever.name == key) {
            Some(lever) => format!(
                "{:?} is a lever of the law: give it a date with --from, or turn law.{key}, or that of a policy, policy.0.{key}",
                lever.name
            ),
            None => words,
        };
        let shape = FILE.at(key).filter(|_| !key.is_empty());
        let Some(shape) = shape else {
            let words = explain(self, key).err().map_or_else(|| format!("{key:?} cannot be set"), String::from);
            return Err(NoKey(lever(words)));
        };
        let quantity =
            quantity(shape).ok_or_else(|| NoKey(format!("{key} is {}, not a number to turn", shape.words())))?;
        Ok(Dial { card: self.card(key), meaning: meaning(key), enacted: None, ..self.bare(key, quantity) })
    }

    /// The dial of a lever of the law, set by a policy of its own; `head` is the rest of that policy as TOML, with commas.
    ///
    /// # Errors
    /// Which levers there are.
    pub fn enacted_dial(&self, lever: &str, head: &str) -> Result<Dial, NoKey> {
        let key = lever.strip_prefix("law.").unwrap_or(lever);
        let known = LEVERS.iter().any(|lever| lever.name == key && lever.is_number);
        let path = format!("policy.0.{key}");
        match FILE.at(&path).and_then(quantity).filter(|_| known) {
            Some(quantity) => {
                let card = self.card(&format!("law.{key}"));
                Ok(Dial { card, meaning: meaning(&path), enacted: Some(head.to_owned()), ..self.bare(key, quantity) })
            }
            None => {
                let names: Vec<&str> = LEVERS.iter().filter(|lever| lever.is_number).map(|lever| lever.name).collect();
                Err(NoKey(format!("a policy has no number {lever:?} to turn; it has {}", names.join(", "))))
            }
        }
    }

    /// What other money is worth.
    pub fn exchange(&self) -> Exchange {
        let mut exchange = Exchange::default();
        for (key, origin) in &self.origins {
            if let Some(code) = key.strip_prefix("currency.") {
                // the scenario has been read, so its rates are sound
                let _ = exchange.declare(code, &origin.value);
            }
        }
        exchange
    }

    fn bare(&self, key: &str, quantity: &'static Quantity) -> Dial {
        let exchange = self.exchange();
        Dial { key: key.to_owned(), quantity, meaning: String::new(), card: None, exchange, enacted: None }
    }

    /// The card of a key, or of the table it stands in.
    fn card(&self, key: &str) -> Option<Card> {
        let mut above = key;
        loop {
            match (self.catalogue.get(above), above.rsplit_once('.')) {
                (Some(card), _) => return Some(card.clone()),
                (None, Some((parent, _))) => above = parent,
                (None, None) => return None,
            }
        }
    }
}

fn quantity(shape: &Shape) -> Option<&'static Quantity> {
    match shape {
        Shape::Quantity(quantity) => Some(quantity),
        Shape::ByRegion(inner) => quantity(inner),
        _ => None,
    }
}

impl Dial {
    /// Reads a value, in the model's unit.
    ///
    /// # Errors
    /// A sentence: what is wrong, and what to write.
    pub fn read(&self, text: &str) -> Result<f64, String> {
        let value = match text.trim().parse::<f64>() {
            Ok(number) => self.quantity.read_bare(number),
            Err(_) => self.quantity.read(text, &self.exchange),
        };
        value.map_err(|words| format!("{}: {words}", self.key))
    }

    /// A value as it can be read back, to the bit.
    pub fn write(&self, value: f64) -> String {
        self.quantity.write(value)
    }

    /// What `--set` takes to turn it to a value.
    pub fn setting(&self, value: f64) -> String {
        let (key, written) = (&self.key, self.write(value));
        match &self.enacted {
            None => format!("{key}={written}"),
            Some(head) if self.quantity.unit.is_empty() => format!("policy.new={{{head}, {key} = {written}}}"),
            Some(head) => format!("policy.new={{{head}, {key} = \"{written}\"}}"),
        }
    }

    /// A value for people: four digits, shares in per cent, rates in per cent of a year unless they are faster.
    pub fn shown(&self, value: f64) -> String {
        match (self.quantity.name, self.quantity.unit) {
            ("Share", _) => format!("{} %", digits(value * 100.0)),
            ("Rate", _) if value.abs() * WEEKS_PER_YEAR < 1.0 => {
                format!("{} %/year", digits(value * WEEKS_PER_YEAR * 100.0))
            }
            ("Rate", _) => format!("{} %/week", digits(value * 100.0)),
            (_, "") => digits(value),
            (_, unit) => format!("{} {unit}", digits(value)),
        }
    }
}

/// Four significant digits, without zeros at the end.
pub fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let size = crate::ground::maths::log2(value.abs()) / crate::ground::maths::log2(10.0);
    let decimals = (3.0 - size.floor()).clamp(0.0, 12.0);
    let text = format!("{value:.*}", crate::ground::numbers::whole(decimals).unsigned_abs() as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_are_enough_for_people() {
        for (value, text) in [
            (0.0, "0"),
            (12.345_678, "12.35"),
            (0.001_234_56, "0.001235"),
            (123_456.0, "123456"),
            (2.5, "2.5"),
            (-3.0, "-3"),
        ] {
            assert_eq!(digits(value), text);
        }
    }

    #[test]
    fn a_value_is_shown_as_scenarios_write_it() {
        let baseline = |_: &std::path::Path| Ok(include_str!("../../scenarios/baseline.toml").to_owned());
        let scenario = crate::scenario::load(std::path::Path::new("baseline.toml"), &[], &baseline).unwrap();
        for (key, value, text) in [
            ("robots.imitation", 0.3 / WEEKS_PER_YEAR, "30 %/year"),
            ("robots.imitation", -0.3 / WEEKS_PER_YEAR, "-30 %/year"),
            ("robots.imitation", 0.2, "20 %/week"),
            ("learning.transfer", 0.125, "12.5 %"),
            ("staffing.notice", 8.0, "8 weeks"),
            ("learning.alpha", 0.34, "0.34"),
        ] {
            assert_eq!(scenario.dial(key).unwrap().shown(value), text, "{key}");
        }
    }
}
