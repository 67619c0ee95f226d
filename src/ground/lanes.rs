//! Lanes: how one loop over rows becomes a few wide instructions. This is the only place that knows.
//!
//! Columns are worked on in strips of [`STRIP`] rows, so that what a strip needs stays in the fastest
//! cache. [`wide!`](crate::wide) runs a loop in the widest instructions the machine has (SSE2, SSE4.2,
//! AVX2, AVX-512 on x86; plain code elsewhere). Loops that go through it are integer arithmetic without
//! branches, so every level gives the same bits; a test compares them.
//!
//! Rare events are found by flags: a wide loop says for each row whether anything can happen to it,
//! [`marked`] walks through those that say yes.

use fearless_simd::Level;
use std::sync::atomic::{AtomicU8, Ordering};

/// Rows that are worked on together.
pub const STRIP: usize = 256;

/// One byte a row of a strip: zero is no.
pub type Flags = [u8; STRIP];

/// The levels there are, narrowest first: their names and what `Limit` calls them.
pub const LEVELS: [&str; 4] = ["sse2", "sse4.2", "avx2", "avx512"];

static LIMIT: AtomicU8 = AtomicU8::new(u8::MAX);

/// Uses no wider level than this place of [`LEVELS`], for tests and measurements; results do not
/// depend on it. Wider than the machine has means the widest it has.
pub fn limit(level: usize) {
    LIMIT.store(u8::try_from(level).unwrap_or(u8::MAX), Ordering::Relaxed);
}

/// The level in use.
#[inline]
pub fn level() -> Level {
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    {
        let narrow = match LIMIT.load(Ordering::Relaxed) {
            0 => best.as_sse2().map(Level::Sse2),
            1 => best.as_sse4_2().map(Level::Sse4_2),
            2 => best.as_avx2().map(Level::Avx2),
            _ => None,
        };
        narrow.unwrap_or(best)
    }
    #[cfg(not(target_arch = "x86_64"))]
    best
}

/// Name of the level in use, for reports of speed.
pub fn level_name() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        let level = level();
        let has = [level.as_sse4_2().is_some(), level.as_avx2().is_some(), level.as_avx512().is_some()];
        LEVELS[has.iter().filter(|&&yes| yes).count()]
    }
    #[cfg(not(target_arch = "x86_64"))]
    "plain"
}

/// Evaluates an expression in the widest instructions of the machine. What it calls must be
/// `#[inline(always)]`.
#[macro_export]
macro_rules! wide {
    ($work:expr) => {
        fearless_simd::dispatch!($crate::ground::lanes::level(), _lanes => $work)
    };
}

/// All ones if true: to keep or to clear a number without a branch.
#[inline(always)]
pub fn keep_if(is_true: bool) -> i64 {
    -i64::from(is_true)
}

/// The rows of a strip whose flag is set, in order.
#[inline(always)]
pub fn marked(flags: &Flags) -> Marked<'_> {
    Marked { flags, word: 0, bits: word_of(flags, 0) }
}

/// Walks over [`marked`] rows, eight flags at a glance.
#[derive(Clone, Debug)]
pub struct Marked<'a> {
    flags: &'a Flags,
    word: usize,
    bits: u64,
}

#[inline(always)]
fn word_of(flags: &Flags, word: usize) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&flags[8 * word..8 * word + 8]);
    u64::from_le_bytes(bytes)
}

impl Iterator for Marked<'_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.word += 1;
            if self.word == STRIP / 8 {
                // stay at the end when asked again
                self.word -= 1;
                return None;
            }
            self.bits = word_of(self.flags, self.word);
        }
        let at = self.bits.trailing_zeros() / 8;
        // a flag may be any number that is not zero: clear its whole byte
        self.bits &= !(0xff << (8 * at));
        Some(8 * self.word + at as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_rows_come_in_order_whatever_the_flag_says() {
        let mut flags = [0; STRIP];
        for row in [0, 1, 7, 8, 100, 255] {
            flags[row] = 1 + (row % 255) as u8;
        }
        assert_eq!(marked(&flags).collect::<Vec<_>>(), [0, 1, 7, 8, 100, 255]);
        assert_eq!(marked(&[0; STRIP]).count(), 0);
        assert_eq!(marked(&[255; STRIP]).count(), STRIP);
    }

    #[inline(always)]
    fn sum_of_products(values: &[i64]) -> i64 {
        values.iter().fold(0, |sum: i64, &x| sum.wrapping_add(x.wrapping_mul(x ^ 5) >> 3))
    }

    #[test]
    fn every_level_computes_the_same() {
        let values: Vec<i64> = (0..1000).map(|n| n * 7_919).collect();
        let plain = sum_of_products(&values);
        for number in 0..LEVELS.len() {
            limit(number);
            assert_eq!(wide!(sum_of_products(&values)), plain, "{}", level_name());
        }
        limit(usize::MAX);
    }
}
