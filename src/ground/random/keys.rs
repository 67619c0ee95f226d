//! Who draws: keys, made from what their owners are.

use serde::{Deserialize, Serialize};

/// Who a draw belongs to: a worker, a site, a point of a design.
///
/// A key is made from a name or a number, and from the parts that tell one owner from another:
/// `Key::named("site").and("IND").and(SiteType::Factory).and(3_usize)`. The order of the parts matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(u64);

impl Key {
    /// The key of what is known by a name: a kind of owner, a region.
    pub fn named(name: &str) -> Key {
        Key(mix(name.number()))
    }

    /// The key of what is known by a number alone, in a stream where nothing else is: a point, a resample.
    #[inline(always)]
    pub const fn numbered(number: u64) -> Key {
        Key(number)
    }

    /// The key of a part of this, or of this together with that.
    #[inline(always)]
    pub fn and(self, part: impl Part) -> Key {
        Key(mix(self.0 ^ mix(part.number())))
    }

    /// The bits that a draw is made from.
    #[inline(always)]
    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    /// Keys of members that are numbered from zero and stand in columns: the workers of a market, the
    /// robots of a fleet. They follow one another, because a column's loop must not mix twice a row; two
    /// columns of a million rows meet with a probability of 10^-13.
    pub fn rows(self) -> Rows {
        Rows(self.0)
    }
}

/// What a key is made of: a number, a name, a member of a closed list, another key.
pub trait Part {
    /// The part as a number; of parts of one kind, no two have the same.
    fn number(self) -> u64;
}

impl Part for u64 {
    #[inline(always)]
    fn number(self) -> u64 {
        self
    }
}

impl Part for u32 {
    #[inline(always)]
    fn number(self) -> u64 {
        u64::from(self)
    }
}

impl Part for usize {
    #[inline(always)]
    fn number(self) -> u64 {
        self as u64
    }
}

impl Part for &str {
    /// FNV-1a.
    fn number(self) -> u64 {
        self.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

impl Part for Key {
    #[inline(always)]
    fn number(self) -> u64 {
        self.0
    }
}

/// Keys of rows that follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rows(u64);

impl Rows {
    /// The key of row `n`.
    #[inline(always)]
    pub fn row(self, n: u64) -> Key {
        Key(self.0.wrapping_add(n))
    }

    /// The rows from row `first` on.
    #[inline(always)]
    pub fn starting_at(self, first: u64) -> Rows {
        Rows(self.0.wrapping_add(first))
    }

    /// The keys for [`super::Chance::strip`] of the strip that begins with row `first`: one for two rows.
    #[inline(always)]
    pub fn strip(self, first: usize) -> Rows {
        self.starting_at((first / 2) as u64)
    }
}

/// Stafford's variant 13 of the splitmix64 finaliser: every input bit moves every output bit.
#[inline(always)]
pub(super) fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
