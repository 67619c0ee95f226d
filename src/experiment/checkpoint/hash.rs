//! The whole state as one hash, so that two machines can compare a run in one line.

use super::records::write_record;
use super::whole;
use crate::economy::Economy;
use crate::economy::recording::Rhythm;
use crate::economy::settlement::wallets::Takes;
use crate::observe::indicators::{Flows, Series};
use sha2::{Digest, Sha256};
use std::io::{self, BufWriter, Write};
use std::mem::{swap, take};

/// SHA-256 of the tick and of all that a checkpoint holds of the economy, as it stands there; hexadecimal.
///
/// Left out: what is measured and how often, which moves nobody: records and what is summed up for the next one
/// (their files have hashes of their own), distributions asked for, and who is followed in a panel.
pub fn state_hash(economy: &mut Economy) -> String {
    let tick = economy.tick();
    let world = &mut economy.world;
    let mut series = take(&mut *world.resource_mut::<Series>());
    let mut flows = take(&mut *world.resource_mut::<Flows>());
    let mut rhythm = Rhythm { every: 1, is_due: false, elapsed: 0 };
    swap(&mut *world.resource_mut::<Rhythm>(), &mut rhythm);
    let mut takes = world.resource_mut::<Takes>();
    let mut wanted = take(&mut takes.wants_distribution);
    let mut distributions: Vec<_> = takes.markets.iter_mut().map(|market| market.distribution.take()).collect();
    let mut out = BufWriter::with_capacity(1 << 16, Hasher(Sha256::new()));
    let written = write_record(&tick, &mut out).and_then(|()| whole::write_present(world, &mut out));
    swap(&mut *world.resource_mut::<Series>(), &mut series);
    swap(&mut *world.resource_mut::<Flows>(), &mut flows);
    swap(&mut *world.resource_mut::<Rhythm>(), &mut rhythm);
    let mut takes = world.resource_mut::<Takes>();
    swap(&mut takes.wants_distribution, &mut wanted);
    for (market, distribution) in takes.markets.iter_mut().zip(&mut distributions) {
        swap(&mut market.distribution, distribution);
    }
    let hasher = written.and_then(|()| out.into_inner().map_err(io::IntoInnerError::into_error));
    // a checkpoint of it could not be written either
    let hasher = hasher.expect("a state can be written, and a hash takes whatever is written");
    data_encoding::HEXLOWER.encode(&hasher.0.finalize())
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::observe::install;
    use crate::scenario::Scenario;
    use ciborium::Value;
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use std::path::Path;

    fn settled() -> Economy {
        settled_scenario().1
    }

    /// A small world some weeks after its start, with its scenario.
    pub fn settled_scenario() -> (Scenario, Economy) {
        let settings =
            ["run.persons_per_agent=400000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.years=3"];
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/royalty-15.toml");
        let reader = |path: &Path| std::fs::read_to_string(path);
        let scenario: Scenario = crate::scenario::load(&path, &settings.map(str::to_owned), &reader).unwrap();
        let mut economy = Economy::found(&scenario.parameters, install);
        while economy.tick() < 10 {
            economy.step().unwrap();
        }
        (scenario, economy)
    }

    /// What a value is made of, each with the places on the way to it and its name; of a long list the first and last.
    fn leaves(value: &Value, path: Vec<usize>, name: String, found: &mut Vec<(Vec<usize>, String)>) {
        let into = |place: usize| path.iter().copied().chain([place]).collect::<Vec<_>>();
        match value {
            Value::Array(values) => {
                for (n, inner) in values.iter().enumerate().filter(|(n, _)| *n == 0 || n + 1 == values.len()) {
                    leaves(inner, into(n), format!("{name}/{n}"), found);
                }
            }
            Value::Map(entries) => {
                for (n, (key, inner)) in entries.iter().enumerate() {
                    let key = key.as_text().map_or_else(|| format!("{key:?}"), str::to_owned);
                    leaves(inner, into(n), format!("{name}/{key}"), found);
                }
            }
            // what is not there has no other value that would be known here
            Value::Null => {}
            _ => found.push((path, name)),
        }
    }

    fn at<'a>(value: &'a mut Value, path: &[usize]) -> &'a mut Value {
        path.iter().fold(value, |value, &place| match value {
            Value::Array(values) => &mut values[place],
            Value::Map(entries) => &mut entries[place].1,
            leaf => leaf,
        })
    }

    /// The same value with the leaf at a path changed, in the first way that it can take.
    fn changed<T: DeserializeOwned>(value: &Value, path: &[usize]) -> Option<T> {
        let mut value = value.clone();
        let others: Vec<Value> = match at(&mut value, path) {
            Value::Bool(is_so) => vec![Value::from(!*is_so)],
            Value::Float(number) if number.is_finite() => vec![Value::from(*number * 2.0 + 1.0)],
            Value::Float(_) => vec![Value::from(1.0)],
            Value::Integer(number) => [1, -1].map(|more| Value::from((i128::from(*number) + more) as i64)).into(),
            Value::Text(text) => vec![Value::from(format!("{text}x"))],
            _ => vec![Value::from(1)],
        };
        others.into_iter().find_map(|other| {
            *at(&mut value, path) = other;
            value.deserialized().ok()
        })
    }

    /// Every value that differs from this one in one leaf, with the leaf's name.
    pub fn variations<T: Serialize + DeserializeOwned>(of: &T) -> Vec<(String, T)> {
        let value = Value::serialized(of).unwrap();
        assert!(value.deserialized::<T>().is_ok(), "it cannot be read again");
        let mut found = Vec::new();
        leaves(&value, Vec::new(), String::new(), &mut found);
        if EXTREME.get() {
            return found.iter().flat_map(|(path, name)| extremes(&value, path, name)).collect();
        }
        found.into_iter().filter_map(|(path, name)| changed(&value, &path).map(|other| (name, other))).collect()
    }

    thread_local! {
        /// Are variations what nobody expects, instead of the next best?
        pub static EXTREME: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    }

    /// The value with a leaf that is as wrong as it can be, and with the list that the leaf is in shorter or longer.
    fn extremes<T: DeserializeOwned>(value: &Value, path: &[usize], name: &str) -> Vec<(String, T)> {
        let whole = [-1, 0, 1 << 31, 1 << 40, i64::MAX, i64::MIN];
        let reals = [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e18, -1e300];
        let mut copy = value.clone();
        let others: Vec<Value> = match at(&mut copy, path) {
            Value::Integer(_) => whole.map(Value::from).into(),
            Value::Float(_) => reals.map(Value::from).into(),
            other => vec![other.clone()],
        };
        let mut found: Vec<Value> = Vec::new();
        for other in others {
            let mut copy = value.clone();
            *at(&mut copy, path) = other;
            found.push(copy);
        }
        for is_longer in [false, true] {
            let mut copy = value.clone();
            if let Some((_, above)) = path.split_last()
                && let Value::Array(list) = at(&mut copy, above)
            {
                let last = list.pop();
                list.extend(last.into_iter().cycle().take(if is_longer { 2 } else { 0 }));
                found.push(copy);
            }
        }
        let read =
            |(n, value): (usize, Value)| value.deserialized().ok().map(|value| (format!("{name}, change {n}"), value));
        found.into_iter().enumerate().filter_map(read).collect()
    }

    #[test]
    fn a_change_of_any_one_field_or_column_changes_the_hash() {
        let mut economy = settled();
        let before = state_hash(&mut economy);
        assert_eq!(state_hash(&mut economy), before, "to look changes nothing");
        let mut seen: Vec<String> = Vec::new();
        super::super::state::tests::change_in_turn(&mut economy, |economy, what| {
            let is_measured = ["Series", "Flows", "Rhythm"].iter().any(|name| what.starts_with(name))
                || what.contains("distribution");
            assert_eq!(state_hash(economy) == before, is_measured, "{what}");
            seen.push(what);
        });
        assert_eq!(state_hash(&mut economy), before, "all was put back");
        for name in [
            "Region/earmarked",
            "Region/hand_back",
            "Lab/model/credit",
            "Jobs/0/work/lead",
            "Jobs/0/size/hours_per_unit",
            "Refusals/",
            "Ledger/",
            "Markets/",
            "Wallet 0",
            "Claim 0",
        ] {
            assert!(seen.iter().any(|what| what.contains(name)), "{name} was not tried");
        }
        assert!(seen.len() > 300, "{} fields and rows were changed", seen.len());
        let tick = economy.tick();
        economy.set_clock(tick + 1);
        assert_ne!(state_hash(&mut economy), before, "the tick is not in the hash");
    }

    #[test]
    fn what_is_measured_is_not_part_of_the_state() {
        let mut economy = settled();
        let before = state_hash(&mut economy);
        assert!(!economy.world.resource::<Series>().rows.is_empty());
        economy.world.resource_mut::<Series>().rows.clear();
        economy.world.resource_mut::<Flows>().rows.clear();
        economy.world.resource_mut::<Rhythm>().every += 1;
        assert_eq!(state_hash(&mut economy), before);
    }
}
