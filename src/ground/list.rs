//! Closed lists of what the model has one of each, and tables with a value for each of them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A closed list of what the model has one of each: occupations, job kinds, robot classes.
pub trait Listed: Copy + Ord + Sized + 'static {
    /// All of them in their fixed order.
    const ALL: &'static [Self];
    /// What the list is a list of.
    const NOUN: &'static str;
    /// The word used in files and tables.
    fn name(self) -> &'static str;
    /// Place in the order.
    fn index(self) -> usize;
}

/// Bytes of the word for a name: see [`word_of`].
pub const fn length_of_word(name: &str) -> usize {
    let (bytes, mut at, mut found) = (name.as_bytes(), 0, 0);
    while at < bytes.len() {
        found += if at > 0 && bytes[at].is_ascii_uppercase() { 2 } else { 1 };
        at += 1;
    }
    found
}

/// The word for a name, as files have it: "tool_and_die" for `ToolAndDie`.
pub const fn word_of<const N: usize>(name: &str) -> [u8; N] {
    let (bytes, mut word) = (name.as_bytes(), [b'_'; N]);
    let (mut at, mut to) = (0, 0);
    while at < bytes.len() {
        if at > 0 && bytes[at].is_ascii_uppercase() {
            to += 1;
        }
        word[to] = bytes[at].to_ascii_lowercase();
        at += 1;
        to += 1;
    }
    word
}

/// Defines an enum with its words, listed once. The word is that of the name, unless another is given.
///
/// ```
/// use handover::ground::list::Listed;
///
/// handover::listed! {
///     /// What is on the table.
///     Fruit, "fruit":
///     /// Sour.
///     GreenApple,
///     /// Sweet.
///     Pear = "conference_pear",
/// }
/// assert_eq!((Fruit::GreenApple.name(), Fruit::Pear.name()), ("green_apple", "conference_pear"));
/// assert_eq!(serde_json::to_string(Fruit::ALL).unwrap(), r#"["green_apple","conference_pear"]"#);
/// ```
#[macro_export]
macro_rules! listed {
    ($(#[$meta:meta])* $list:ident, $noun:literal: $($(#[$item_meta:meta])* $item:ident $(= $word:literal)?,)*) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $list { $($(#[$item_meta])* $(#[serde(rename = $word)])? $item,)* }

        impl $crate::ground::list::Listed for $list {
            const ALL: &'static [$list] = &[$($list::$item,)*];
            const NOUN: &'static str = $noun;
            fn name(self) -> &'static str {
                match self { $($list::$item => $crate::listed!(@word $item $($word)?),)* }
            }
            fn index(self) -> usize {
                self as usize
            }
        }

        impl $crate::ground::random::Part for $list {
            fn number(self) -> u64 {
                self as u64
            }
        }
    };
    (@word $item:ident $word:literal) => {
        $word
    };
    (@word $item:ident) => {{
        const NAME: &str = stringify!($item);
        const WORD: [u8; $crate::ground::list::length_of_word(NAME)] = $crate::ground::list::word_of(NAME);
        const TEXT: &str = match str::from_utf8(&WORD) {
            Ok(text) => text,
            Err(_) => panic!("a name is text"),
        };
        TEXT
    }};
}

/// One value for each member of a list; in a file, a table with every member as a key.
///
/// ```
/// use handover::economy::world::lists::Class;
/// use handover::ground::list::{Listed, Table};
///
/// let mut price = Table::of(|_: &Class| 20_000.0);
/// price[Class::Van] = 45_000.0;
/// assert_eq!(price[Class::Van], 45_000.0);
/// assert_eq!(Class::ALL.iter().map(|&class| price[class]).fold(0.0, f64::max), 45_000.0);
/// assert_eq!(Class::Van.name(), "van");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table<K, T> {
    values: Vec<T>,
    key: PhantomData<K>,
}

impl<K: Listed, T> Table<K, T> {
    /// Fills the table from a function of its key.
    pub fn of(value: impl FnMut(&K) -> T) -> Self {
        Table { values: K::ALL.iter().map(value).collect(), key: PhantomData }
    }
}

impl<K: Listed, T> Index<K> for Table<K, T> {
    type Output = T;
    fn index(&self, key: K) -> &T {
        &self.values[key.index()]
    }
}

impl<K: Listed, T> IndexMut<K> for Table<K, T> {
    fn index_mut(&mut self, key: K) -> &mut T {
        &mut self.values[key.index()]
    }
}

/// The schema of a table whose keys are a list's words; `is_whole` demands all of them.
fn words_as_keys<K: Listed, T: JsonSchema>(generator: &mut SchemaGenerator, is_whole: bool) -> Schema {
    let value = generator.subschema_for::<T>();
    let words = || K::ALL.iter().map(|key| key.name());
    let properties: serde_json::Map<String, serde_json::Value> =
        words().map(|word| (word.to_owned(), value.clone().to_value())).collect();
    let mut schema = json_schema!({
        "type": "object",
        "x-noun": K::NOUN,
        "properties": properties,
        "additionalProperties": false,
    });
    if is_whole {
        schema.insert("required".into(), words().collect());
    }
    schema
}

/// The schema of a map that has some of a list's words as its keys.
pub fn some_of<K: Listed, T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    words_as_keys::<K, T>(generator, false)
}

impl<K: Listed, T: JsonSchema> JsonSchema for Table<K, T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("{} for each {}", T::schema_name(), K::NOUN).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        words_as_keys::<K, T>(generator, true)
    }
}

impl<K: Listed, T: Serialize> Serialize for Table<K, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(K::ALL.iter().map(|key| (key.name(), &self.values[key.index()])))
    }
}

impl<'de, K: Listed, T: Deserialize<'de>> Deserialize<'de> for Table<K, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<K, T>(PhantomData<(K, T)>);
        impl<'de, K: Listed, T: Deserialize<'de>> de::Visitor<'de> for Reader<K, T> {
            type Value = Table<K, T>;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                write!(f, "a table with a value for each {}", K::NOUN)
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found: BTreeMap<usize, T> = BTreeMap::new();
                while let Some(word) = map.next_key::<String>()? {
                    let Some(key) = K::ALL.iter().find(|key| key.name() == word) else {
                        let nearest = K::ALL.iter().min_by_key(|key| strsim::osa_distance(key.name(), &word));
                        let nearest = nearest.map_or("", |key| key.name());
                        let noun = K::NOUN;
                        return Err(de::Error::custom(format!(
                            "there is no {noun} {word:?}; the nearest is {nearest:?}"
                        )));
                    };
                    found.insert(key.index(), map.next_value()?);
                }
                if let Some(missing) = K::ALL.iter().find(|key| !found.contains_key(&key.index())) {
                    return Err(de::Error::custom(format!("the {} {:?} is missing", K::NOUN, missing.name())));
                }
                Ok(Table { values: found.into_values().collect(), key: PhantomData })
            }
        }
        deserializer.deserialize_map(Reader(PhantomData))
    }
}
