//! What of a state a run never changes: how long its lists are, who is where, whose account is whose.
//!
//! Two states of one scenario have the same shape. Every number on the way is looked at too: one that is not
//! finite is found, except where a rule says "never" by infinity.

use serde::ser::{self, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;

/// Parts that are given at the founding and never change, by name, or by the name of what they are part of too.
const FIXED: &[&str] = &[
    "Lab.share",
    "account",
    "base",
    "beside_wages",
    "bought_initial",
    "capability_at_start",
    "class",
    "collects",
    "every",
    "first",
    "fund",
    "funds",
    "government",
    "government_start",
    "heads_initial",
    "home",
    "hours_per_unit_initial",
    "hurdle",
    "index",
    "initial",
    "is_organised",
    "key",
    "keys",
    "kind",
    "licensor",
    "lots",
    "market",
    "median_wage",
    "members",
    "name",
    "occupation",
    "operator",
    "ordinal",
    "other",
    "persons_at_start",
    "price_initial",
    "region",
    "regions",
    "rest",
    "rest_start",
    "robot_hours_initial",
    "rounding",
    "sector",
    "site",
    "sites",
    "steady",
    "stock_at_start",
    "threshold",
    "unemployment_initial",
    "wage_initial",
    "wage_level",
];

/// Lists that become longer or shorter.
const GROWING: &[&str] = &["born", "by_crew", "distribution", "is_up", "items", "revenue", "serial", "withheld"];

/// Records, which are looked at by themselves.
const RECORDS: &[&str] = &["lines", "rows"];

/// Times that are infinite where something never happens.
const ENDLESS: &[&str] = &["payback"];

/// What is held may be any amount of money; anything else stays far enough from the end of its type to be added to.
const HELD: &[&str] = &["balance", "opening", "government_start", "rest_start"];

/// Most of anything else that is counted: of money a million million dollars.
const MOST_COUNTED: u64 = 1 << 60;

/// Most of anything that is measured.
const MOST_MEASURED: f64 = 1e30;

/// Most of what is counted in wide numbers.
const MOST_SUMMED: u128 = 1 << 110;

/// How a part is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Its lists have fixed lengths.
    Lengths,
    /// All of it is fixed.
    All,
    /// None of it is.
    Nothing,
}

/// The shape of a value, as a hash.
pub(super) type Shape = [u8; 32];

/// The shape of a value.
///
/// # Errors
/// A number in it that is not finite, by its name.
pub(super) fn shape(value: &impl Serialize) -> Result<Shape, Fault> {
    let mut eye = Eye { seen: Sha256::new(), look: Look::Lengths, part: "", owner: "" };
    value.serialize(&mut eye)?;
    Ok(eye.seen.finalize().into())
}

/// What is wrong with a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: fmt::Display>(words: T) -> Self {
        Fault(words.to_string())
    }
}

/// Goes through a value and sees its shape.
struct Eye {
    seen: Sha256,
    look: Look,
    part: &'static str,
    owner: &'static str,
}

impl Eye {
    fn value(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if self.look == Look::All {
            self.seen.update(bytes);
        }
        Ok(())
    }

    fn within(&self, value: impl fmt::Display, holds: bool) -> Result<(), Fault> {
        if holds { Ok(()) } else { Err(Fault(format!("{} is {value}", self.part))) }
    }

    fn length(&mut self, length: usize) {
        if self.look != Look::Nothing {
            self.seen.update((length as u64).to_le_bytes());
        }
    }

    fn list(&mut self, length: Option<usize>) -> Result<&mut Self, Fault> {
        self.length(length.ok_or_else(|| Fault("a list without a length".into()))?);
        Ok(self)
    }

    fn field(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> Result<(), Fault> {
        if RECORDS.contains(&name) {
            return Ok(());
        }
        let before = (self.look, self.part, self.owner);
        let is_named = |fixed: &&str| match fixed.split_once('.') {
            Some((owner, part)) => (owner, part) == (self.owner, name),
            None => *fixed == name,
        };
        let is_fixed = FIXED.iter().any(is_named);
        self.part = name;
        if is_fixed {
            self.look = Look::All;
        } else if GROWING.contains(&name) {
            self.look = Look::Nothing;
        }
        value.serialize(&mut *self)?;
        (self.look, self.part, self.owner) = before;
        Ok(())
    }
}

macro_rules! numbers {
    ($($method:ident: $number:ty),*) => {$(
        fn $method(self, value: $number) -> Result<(), Fault> {
            self.value(&value.to_le_bytes())
        }
    )*};
}

impl<'a> Serializer for &'a mut Eye {
    type Ok = ();
    type Error = Fault;
    type SerializeSeq = &'a mut Eye;
    type SerializeTuple = &'a mut Eye;
    type SerializeTupleStruct = &'a mut Eye;
    type SerializeTupleVariant = &'a mut Eye;
    type SerializeMap = &'a mut Eye;
    type SerializeStruct = &'a mut Eye;
    type SerializeStructVariant = &'a mut Eye;

    numbers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32);
    numbers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128);

    fn serialize_bool(self, value: bool) -> Result<(), Fault> {
        self.value(&[u8::from(value)])
    }

    fn serialize_i64(self, value: i64) -> Result<(), Fault> {
        self.within(value, value.unsigned_abs() < MOST_COUNTED || HELD.contains(&self.part))?;
        self.value(&value.to_le_bytes())
    }

    fn serialize_i128(self, value: i128) -> Result<(), Fault> {
        self.within(value, value.unsigned_abs() < MOST_SUMMED)?;
        self.value(&value.to_le_bytes())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Fault> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Fault> {
        let is_endless = value == f64::INFINITY && ENDLESS.contains(&self.part);
        self.within(value, value.abs() < MOST_MEASURED || is_endless)?;
        self.value(&value.to_bits().to_le_bytes())
    }

    fn serialize_char(self, value: char) -> Result<(), Fault> {
        self.serialize_u32(value.into())
    }

    fn serialize_str(self, value: &str) -> Result<(), Fault> {
        self.serialize_bytes(value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Fault> {
        if self.look == Look::All {
            self.length(value.len());
        }
        self.value(value)
    }

    fn serialize_none(self) -> Result<(), Fault> {
        self.value(&[0])
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Fault> {
        self.value(&[1])?;
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Fault> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Fault> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, place: u32, _: &'static str) -> Result<(), Fault> {
        self.serialize_u32(place)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Fault> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        place: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        self.value(&place.to_le_bytes())?;
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self, Fault> {
        self.list(length)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Self, Fault> {
        self.list(length)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Fault> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Fault> {
        Ok(self)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Self, Fault> {
        self.owner = name;
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, place: u32, _: &'static str, _: usize) -> Result<Self, Fault> {
        self.value(&place.to_le_bytes())?;
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, place: u32, _: &'static str, _: usize) -> Result<Self, Fault> {
        self.value(&place.to_le_bytes())?;
        Ok(self)
    }
}

macro_rules! compounds {
    ($($kind:ident, $method:ident);*) => {$(
        impl ser::$kind for &mut Eye {
            type Ok = ();
            type Error = Fault;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
                value.serialize(&mut **self)
            }
            fn end(self) -> Result<(), Fault> {
                Ok(())
            }
        }
    )*};
}

compounds!(SerializeSeq, serialize_element; SerializeTuple, serialize_element; SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field);

macro_rules! structs {
    ($($kind:ident),*) => {$(
        impl ser::$kind for &mut Eye {
            type Ok = ();
            type Error = Fault;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Fault> {
                self.field(name, value)
            }
            fn end(self) -> Result<(), Fault> {
                Ok(())
            }
        }
    )*};
}

structs!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for &mut Eye {
    type Ok = ();
    type Error = Fault;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        key.serialize(&mut **self)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        value.serialize(&mut **self)
    }
    fn end(self) -> Result<(), Fault> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[derive(Clone, Serialize)]
    struct Thing {
        index: usize,
        heads: Vec<i64>,
        serial: Vec<u32>,
        payback: f64,
        wage: f64,
    }

    #[test]
    fn a_shape_is_of_lengths_and_of_what_is_fixed() {
        let one = Thing { index: 3, heads: vec![1, 2], serial: vec![7], payback: f64::INFINITY, wage: 1.5 };
        let same = Thing { heads: vec![5, 6], serial: vec![], wage: 2.0, ..one.clone() };
        assert_eq!(shape(&one).unwrap(), shape(&same).unwrap());
        assert_ne!(shape(&one).unwrap(), shape(&Thing { index: 4, ..one.clone() }).unwrap());
        assert_ne!(shape(&one).unwrap(), shape(&Thing { heads: vec![1], ..one.clone() }).unwrap());
        let wrong = Thing { wage: f64::INFINITY, ..one.clone() };
        assert_eq!(shape(&wrong).unwrap_err().to_string(), "wage is inf");
        assert!(shape(&Thing { payback: f64::NAN, ..one.clone() }).is_err());
        assert_eq!(
            shape(&Thing { heads: vec![1, i64::MIN], ..one }).unwrap_err().to_string(),
            format!("heads is {}", i64::MIN)
        );
    }
}
