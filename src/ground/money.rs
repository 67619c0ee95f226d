//! Amounts of money: whole micro-dollars.

use super::numbers::{floor, nearest};
use serde::{Deserialize, Serialize};

/// Micro-dollars per dollar.
pub const MICRO: f64 = 1_000_000.0;

/// A share to the nearest 2^-40, as so many of them: parts are integer arithmetic, whatever the amount.
#[inline]
pub fn in_parts(share: f64) -> i64 {
    nearest(share * 1_099_511_627_776.0)
}

/// A share of amounts, to the nearest 2^-40: worked out once where it is taken of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part(i64);

impl Part {
    /// The part that a share is.
    ///
    /// # Panics
    /// If it is below zero, a million or more, or no number.
    #[inline]
    pub fn of(share: f64) -> Part {
        assert!((0.0..1e6).contains(&share), "{share} is not a share of an amount");
        Part(in_parts(share))
    }
}

/// An amount of money in micro-dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money(pub i64);

impl Money {
    /// No money.
    pub const ZERO: Money = Money(0);

    /// The one place where a float becomes money: rounds down to the micro-dollar.
    ///
    /// # Panics
    /// On NaN, infinities and amounts beyond 9.2 trillion dollars: those are bugs of the model, and a
    /// saturated amount would be a silent lie.
    #[inline]
    pub fn from_dollars(dollars: f64) -> Money {
        let micro = dollars * MICRO;
        assert!(micro.abs() < 9.2e18, "{dollars} dollars is not an amount of money");
        Money(floor(micro))
    }

    /// As dollars, for reports and for ratios; never to be turned back.
    #[inline]
    pub fn dollars(self) -> f64 {
        self.0 as f64 / MICRO
    }

    /// The part `share` of this amount, rounded down; the remainder stays where it was. The share is
    /// taken to the nearest 2^-40, so that parts are integer arithmetic whatever the amount.
    #[inline]
    pub fn part(self, share: f64) -> Money {
        self.times(Part::of(share))
    }

    /// The same of a share that is known as a [`Part`].
    #[inline]
    pub fn times(self, part: Part) -> Money {
        let part = (i128::from(self.0) * i128::from(part.0)) >> 40;
        Money(i64::try_from(part).expect("a part of an amount fits an account"))
    }

    /// The part `weight / total` of this amount, exact and rounded down.
    pub fn split(self, weight: i128, total: i128) -> Money {
        if total == 0 {
            return Money::ZERO;
        }
        let part = (i128::from(self.0) * weight).div_euclid(total);
        Money(i64::try_from(part).expect("a part of an amount is no larger than an account"))
    }

    /// Zero if negative.
    pub fn or_zero(self) -> Money {
        Money(self.0.max(0))
    }
}

impl std::ops::Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl std::ops::Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl std::ops::AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.0 += other.0;
    }
}

impl std::ops::SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        self.0 -= other.0;
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, |sum, amount| sum + amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_leaves_the_remainder_with_the_payer() {
        // 100 in thirds is 33 + 33 + 33, and 1 stays
        assert_eq!(Money(100).split(1, 3), Money(33));
        assert_eq!(Money(100).split(1, 0), Money(0));
        assert_eq!(Money::from_dollars(2.5), Money(2_500_000));
    }

    #[test]
    #[should_panic(expected = "not an amount of money")]
    fn what_is_not_a_number_never_becomes_money() {
        let _ = Money::from_dollars(f64::NAN);
    }
}
