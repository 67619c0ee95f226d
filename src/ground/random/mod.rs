//! Random numbers as a pure function.
//!
//! A draw depends on (seed, replicate, stream, key, tick) and on nothing else: not on how many draws
//! were made before it, not on the number of threads, not on who else exists. Two scenarios with the
//! same seed therefore give the same person the same draws (common random numbers).
//!
//! Every draw has one owner, a [`Key`]. A key is made from what its owner is, part by part, and each part
//! is mixed in: two owners whose parts differ never share a draw. The bits of a key cannot be reached from
//! outside, so that nobody composes one by hand. A test founds a world, records a week's draws and finds
//! each (stream, tick, key) once.

mod distributions;
mod keys;
#[cfg(test)]
pub(crate) mod recording;

pub use distributions::{Poisson, StandardNormal, UnitLogNormal};
pub use keys::{Key, Part, Rows};

use super::lanes::STRIP;
use super::numbers::{floor, nearest};
use keys::mix;
use rand::{Rng, TryRng};
use std::convert::Infallible;

/// The random numbers of a whole run.
///
/// ```
/// use handover::economy::shared::streams::Stream;
/// use handover::ground::random::{Key, Luck};
///
/// let worker = Key::named("IND").and("assembler").and(12_u64);
/// let (luck, same) = (Luck::new(1, 0), Luck::new(1, 0));
/// // the same seed, stream, tick and owner: the same draw, whoever else draws
/// assert_eq!(luck.at(Stream::Labour, 3).share(worker), same.at(Stream::Labour, 3).share(worker));
/// // another replicate, or somebody else, has other random numbers
/// assert_ne!(luck.at(Stream::Labour, 3).share(worker), Luck::new(1, 1).at(Stream::Labour, 3).share(worker));
/// assert_ne!(luck.at(Stream::Labour, 3).share(worker), luck.at(Stream::Labour, 3).share(worker.and(0_u64)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Luck {
    root: u64,
    #[cfg(test)]
    is_recorded: bool,
}

impl Luck {
    /// The random numbers of one replicate of a scenario with this seed.
    pub fn new(seed: u64, replicate: u32) -> Self {
        Luck {
            root: mix(mix(seed) ^ mix(u64::from(replicate) ^ 0x7265_706c_6963_6174)),
            #[cfg(test)]
            is_recorded: recording::is_on(),
        }
    }

    /// The random numbers of one stream, known by its number, in one tick; draws differ by key. What is drawn once and
    /// for all has tick 0.
    pub fn at(&self, stream: impl Into<u64>, tick: i32) -> Chance {
        let stream = stream.into();
        let number = u64::from(tick.cast_unsigned());
        Chance {
            base: mix(self.root ^ mix(stream << 32 | number)),
            #[cfg(test)]
            origin: self.is_recorded.then_some((stream, tick)),
        }
    }
}

/// The random numbers of one stream in one tick.
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    base: u64,
    #[cfg(test)]
    origin: Option<(u64, i32)>,
}

impl Chance {
    /// Sixty-four random bits for the agent with this key.
    #[inline(always)]
    pub fn bits(&self, key: Key) -> u64 {
        let bits = mix(self.base ^ key.bits().wrapping_mul(0x9E37_79B9_7F4A_7C15));
        #[cfg(test)]
        self.record(key, bits);
        bits
    }

    #[cfg(test)]
    fn record(&self, key: Key, bits: u64) {
        if let Some((stream, tick)) = self.origin {
            recording::note(recording::Drawn { stream, tick, key, bits });
        }
    }

    /// Draws of a strip of rows, 32 bits a row. The keys of a strip are the first [`STRIP`]` / 2` of `keys`,
    /// its own: a row of the first half and one of the second share the 64 bits of one mix.
    #[inline(always)]
    pub fn strip(&self, keys: Rows, draws: &mut [u32; STRIP]) {
        let (low, high) = draws.split_at_mut(STRIP / 2);
        // a plain count: enumerate would check each step for overflow, and the loop would not go wide
        for n in 0..STRIP / 2 {
            let bits = self.bits(keys.row(n as u64));
            low[n] = bits as u32;
            high[n] = (bits >> 32) as u32;
        }
    }

    /// Fifty-three random bits for the agent with this key: as many as fill the mantissa of a float.
    #[inline(always)]
    pub fn share_bits(&self, key: Key) -> u64 {
        self.bits(key) >> 11
    }

    /// A number in [0, 1) for the agent with this key.
    #[inline]
    pub fn share(&self, key: Key) -> f64 {
        self.share_bits(key) as f64 / SHARES
    }

    /// True with probability `p`.
    #[inline]
    pub fn happens(&self, key: Key, p: f64) -> bool {
        self.share(key) < p
    }

    /// `x` rounded to one of its two neighbours so that its mean is `x`.
    pub fn round(&self, key: Key, x: f64) -> i64 {
        let below = floor(x);
        below + i64::from(self.share(key) < x - below as f64)
    }

    /// A generator of the `rand` family whose draws belong to this agent.
    pub fn draws(&self, key: Key) -> Draws {
        Draws { first: self.bits(key), count: 0 }
    }
}

/// Numbers that [`Chance::share`] can be.
const SHARES: f64 = 9_007_199_254_740_992.0;

/// A probability as a threshold for 53-bit draws: [`Chance::share_bits`] lie below it exactly where
/// [`Chance::share`] lies below `p`.
pub fn share_draw(p: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 2^53")]
    let draw = (p.clamp(0.0, 1.0) * SHARES).ceil() as u64;
    draw
}

/// A probability as a threshold for a 32-bit draw: `bits as u32` lies below it with probability `p`.
pub fn threshold(p: f64) -> u32 {
    u32::try_from(nearest(p.clamp(0.0, 1.0) * 4_294_967_296.0)).unwrap_or(u32::MAX)
}

/// Counter-based generator: the n-th draw is a function of (chance, key, n).
#[derive(Clone, Debug)]
pub struct Draws {
    first: u64,
    count: u64,
}

impl TryRng for Draws {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_u64() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.count += 1;
        Ok(mix(self.first ^ self.count.wrapping_mul(0xD1B5_4A32_D192_ED03)))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_is_a_pure_function_with_fixed_vectors() {
        // splitmix64 with state 0: first output of Vigna's reference implementation
        assert_eq!(mix(0), 0xE220_A839_7B1D_CDAF);
        let chance = Luck::new(1, 0).at(12_u64, 5);
        assert_eq!(chance.bits(Key::numbered(42)), Luck::new(1, 0).at(12_u64, 5).bits(Key::numbered(42)));
        assert_ne!(chance.bits(Key::numbered(42)), Luck::new(1, 1).at(12_u64, 5).bits(Key::numbered(42)));
        assert_ne!(chance.bits(Key::numbered(42)), Luck::new(1, 0).at(12_u64, -5).bits(Key::numbered(42)));
        assert_ne!(chance.bits(Key::numbered(42)), Luck::new(1, 0).at(13_u64, 5).bits(Key::numbered(42)));
    }

    /// Draws of a strip are uniform, and the halves that share a mix are independent. Size: each check
    /// passes a right generator except once in 15,000 seeds (4 standard errors of 256,000 draws);
    /// power: halves that agreed in one bit of 32 would be off by hundreds of standard errors.
    #[test]
    fn draws_of_a_strip_are_uniform_and_independent() {
        let mut draws = [0_u32; STRIP];
        let unit = |draw: u32| f64::from(draw) / 4_294_967_296.0 - 0.5;
        let (mut sum, mut product, n) = (0.0, 0.0, 1_000);
        for tick in 0..n {
            Luck::new(9, 0).at(12_u64, tick).strip(Key::named("worker").rows(), &mut draws);
            sum += draws.iter().map(|&draw| unit(draw)).sum::<f64>();
            let pairs = draws[..STRIP / 2].iter().zip(&draws[STRIP / 2..]);
            product += pairs.map(|(&low, &high)| unit(low) * unit(high)).sum::<f64>();
        }
        let rows = f64::from(n) * STRIP as f64;
        // variance of a uniform draw is 1/12, of a product of two 1/144
        assert!(sum.abs() < 4.0 * libm::sqrt(rows / 12.0), "{sum}");
        assert!(product.abs() < 4.0 * libm::sqrt(rows / 2.0 / 144.0), "{product}");
    }

    #[test]
    fn rounding_keeps_the_mean() {
        let chance = Luck::new(3, 0).at(16_u64, 0);
        let total: i64 = (0..100_000).map(|key| chance.round(Key::numbered(key), 2.3)).sum();
        assert!((total as f64 / 1e5 - 2.3).abs() < 6e-3);
        assert_eq!(chance.round(Key::numbered(1), 4.0), 4);
    }

    #[test]
    fn a_share_lies_below_a_probability_exactly_where_its_draw_lies_below_the_threshold() {
        let unit = 1.0 / SHARES;
        for p in [0.0, unit / 2.0, unit, 1.5 * unit, 0.1, 1.0 / 3.0, 0.95, 1.0 - unit, 1.0] {
            let limit = share_draw(p);
            let around = (limit.saturating_sub(2)..limit + 3).filter(|&draw| draw < 1 << 53);
            for draw in around.chain([0, (1 << 53) - 1]) {
                assert_eq!(draw < limit, draw as f64 / SHARES < p, "{draw} {p}");
            }
        }
    }

    #[test]
    fn thresholds_span_the_draw() {
        assert_eq!(threshold(0.0), 0);
        assert_eq!(threshold(0.5), 1 << 31);
        assert_eq!(threshold(1.0), u32::MAX);
    }
}
