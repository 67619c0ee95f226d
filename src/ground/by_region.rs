//! Numbers that may differ by region.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Index;

/// A number that may differ by region: in a file, one value for all regions or a table by region.
///
/// Regions count in the order of their names, here as everywhere.
#[derive(Clone, Debug, PartialEq)]
pub enum ByRegion<T> {
    /// The same everywhere.
    All(T),
    /// A value a region, in the order of the names.
    Each(Vec<(String, T)>),
}

impl<T> ByRegion<T> {
    /// Demands a value for every region and for no other.
    ///
    /// # Errors
    /// Names a region that is missing or was never declared.
    pub fn check(&self, regions: &[String]) -> Result<(), String> {
        let ByRegion::Each(values) = self else { return Ok(()) };
        if let Some((unknown, _)) = values.iter().find(|(name, _)| !regions.contains(name)) {
            return Err(format!("no region {unknown:?} is declared"));
        }
        match regions.iter().find(|name| values.iter().all(|(known, _)| known != *name)) {
            Some(missing) => Err(format!("the region {missing:?} is missing")),
            None => Ok(()),
        }
    }
}

impl<T> ByRegion<T> {
    /// The values, each once: of all regions together, or of each.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        let (all, each) = match self {
            ByRegion::All(value) => (Some(value), None),
            ByRegion::Each(values) => (None, Some(values)),
        };
        all.into_iter().chain(each.into_iter().flatten().map(|(_, value)| value))
    }
}

impl<T> Index<usize> for ByRegion<T> {
    type Output = T;
    fn index(&self, region: usize) -> &T {
        match self {
            ByRegion::All(value) => value,
            ByRegion::Each(values) => &values[region].1,
        }
    }
}

impl<T: JsonSchema> JsonSchema for ByRegion<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("{} by region", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-by-region": generator.subschema_for::<T>() })
    }
}

impl<T: Serialize> Serialize for ByRegion<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ByRegion::All(value) => value.serialize(serializer),
            ByRegion::Each(values) => serializer.collect_map(values.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByRegion<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::{self, IntoDeserializer, value};
        struct Reader<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Reader<T> {
            type Value = ByRegion<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a value for all regions, or a table with a value for each")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let map: BTreeMap<String, T> = Deserialize::deserialize(value::MapAccessDeserializer::new(map))?;
                Ok(ByRegion::Each(map.into_iter().collect()))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                T::deserialize(text.into_deserializer()).map(ByRegion::All)
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
                T::deserialize(number.into_deserializer()).map(ByRegion::All)
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
                T::deserialize(number.into_deserializer()).map(ByRegion::All)
            }
            fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Self::Value, E> {
                T::deserialize(truth.into_deserializer()).map(ByRegion::All)
            }
        }
        deserializer.deserialize_any(Reader(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::units::Share;

    #[test]
    fn a_value_for_all_regions_or_one_for_each() {
        let regions = ["CHN".to_owned(), "USA".to_owned()];
        let one: ByRegion<Share> = serde_json::from_str("\"5 %\"").unwrap();
        assert_eq!((one[0], one[1]), (Share(0.05), Share(0.05)));
        let each: ByRegion<Share> = serde_json::from_str("{\"USA\": 0.2, \"CHN\": 0.1}").unwrap();
        assert_eq!((each[0], each[1]), (Share(0.1), Share(0.2)));
        assert_eq!(each.check(&regions), Ok(()));
        let short: ByRegion<Share> = serde_json::from_str("{\"USA\": 0.2}").unwrap();
        assert_eq!(short.check(&regions).unwrap_err(), "the region \"CHN\" is missing");
    }
}
