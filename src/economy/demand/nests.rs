//! Who competes with whom: customers choose how much to buy, from which region, from which of its sites.
//!
//! A product of a factory is bought in a market from several origins, the market's own among them; what comes from one
//! origin is bought from several of its sites. At each step a share moves to what has become cheaper than the rest, and
//! prices are counted against the start:
//!
//! ```text
//! p_s  = 1 + v (P/P0 - 1)                          a site's product, of whose price the share v is work of the model
//! p_r  = (sum_s b_s p_s^(1-k))^(1/(1-k))           what is made in a region; b_s today's shares of its sites
//! Q_m  = (sum_r B_rm q_rm^(1-e))^(1/(1-e))         what a market buys; B_rm today's shares of origins, q_rm what it knows
//! site's share of its region's sales               b_s (p_s/p_r)^-k
//! region's share of a market's purchases           B_rm (q_rm/Q_m)^-e
//! ```
//!
//! With k or e at 1 an index is the geometric mean, and with 0 nobody moves.
//!
//! Left out: products that differ in kind, firms that set prices by what rivals ask, customers that are tied to a
//! supplier. Source of the form: Dixit and Stiglitz (AER 1977); Armington (IMF Staff Papers 1969) for origins.

use crate::ground::maths;

/// p_s: price of a product against the start, of whose price a share is the work whose price moves.
pub fn product_price(work_share: f64, dearer: f64) -> f64 {
    1.0 + work_share * (dearer - 1.0)
}

/// A price index over goods that replace each other: first the part of each, then the index.
#[derive(Clone, Copy, Debug, Default)]
pub struct Index {
    weights: f64,
    sum: f64,
}

/// Is an elasticity so near to 1 that the index is the geometric mean?
fn is_one(substitution: f64) -> bool {
    (substitution - 1.0).abs() < 1e-9
}

impl Index {
    /// Adds one that is bought with a weight, at a price.
    pub fn add(&mut self, weight: f64, price: f64, substitution: f64) {
        self.weights += weight;
        let part = if is_one(substitution) { maths::ln(price) } else { maths::pow(price, 1.0 - substitution) };
        self.sum += weight * part;
    }

    /// The index; 1 where nothing is bought.
    pub fn value(&self, substitution: f64) -> f64 {
        if self.weights <= 0.0 {
            return 1.0;
        }
        let mean = self.sum / self.weights;
        if is_one(substitution) { maths::exp(mean) } else { maths::pow(mean, 1.0 / (1.0 - substitution)) }
    }
}

/// By how much more of one good is bought when it is so much dearer than the index of all.
pub fn tilt(price: f64, index: f64, substitution: f64) -> f64 {
    maths::pow(price / index, -substitution)
}

/// What customers know of a price that is now `price`, if they knew `known` and learn all but the part `keep` of a change.
pub fn follow(known: f64, price: f64, keep: f64) -> f64 {
    price + (known - price) * keep
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(parts: &[(f64, f64)], substitution: f64) -> f64 {
        let mut index = Index::default();
        parts.iter().for_each(|&(weight, price)| index.add(weight, price, substitution));
        index.value(substitution)
    }

    /// A fifth less work at 35 % of the price: 1 - 0.35 * 0.2.
    #[test]
    fn a_product_is_cheaper_by_the_share_of_work_in_it() {
        assert!((product_price(0.35, 0.8) - 0.93).abs() < 1e-15);
        assert_eq!(product_price(1.0, 0.8), 0.8);
    }

    /// With k 2: 1 / (0.5 / 1 + 0.5 / 0.5) = 2/3; with k 0 the arithmetic mean 0.75; with k 1 the root of a half.
    #[test]
    fn two_sites_in_closed_form() {
        let parts = [(3.0, 1.0), (3.0, 0.5)];
        assert!((index(&parts, 2.0) - 2.0 / 3.0).abs() < 1e-15);
        assert!((index(&parts, 0.0) - 0.75).abs() < 1e-15);
        assert!((index(&parts, 1.0) - libm::sqrt(0.5)).abs() < 1e-15);
        // next to 1 it is next to the geometric mean
        assert!((index(&parts, 1.0 + 1e-6) - index(&parts, 1.0)).abs() < 1e-6);
        // the cheap one sells (0.5 / (2/3))^-2 = 16/9, the dear one 4/9 of before, and in money they sell as much
        // as at the index: 16/9 * 0.5 * 0.5 + 4/9 * 0.5 = 2/3
        let (cheap, dear) = (tilt(0.5, 2.0 / 3.0, 2.0), tilt(1.0, 2.0 / 3.0, 2.0));
        assert!((cheap - 16.0 / 9.0).abs() < 1e-14 && (dear - 4.0 / 9.0).abs() < 1e-14);
        assert!((0.5 * cheap * 0.5 + 0.5 * dear - 2.0 / 3.0).abs() < 1e-14);
    }

    #[test]
    fn an_index_of_nothing_is_one_and_of_equals_is_their_price() {
        assert_eq!(index(&[], 2.0), 1.0);
        assert!((index(&[(0.2, 0.8), (0.5, 0.8)], 3.0) - 0.8).abs() < 1e-15);
        assert_eq!(tilt(0.8, 0.8, 2.0), 1.0);
    }

    /// After one half-life half of the change is known.
    #[test]
    fn customers_learn_by_half_lives() {
        let keep = |weeks: f64, half_life: f64| maths::half_life_decay(weeks, half_life);
        assert!((follow(1.0, 0.8, keep(26.0, 26.0)) - 0.9).abs() < 1e-15);
        assert_eq!(follow(1.0, 0.8, keep(1.0, 0.0)), 0.8);
    }
}
