//! What events have in force: the small table that the rules read beside the law.

use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::{Class, Family, Kind, SiteType};
use crate::ground::list::Listed;

/// How events bend the rules this tick. Neutral values change no bit of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Shocks {
    /// Share of the most skilled who refuse together, by region and occupation.
    pub strike: Vec<[f64; Occupation::COUNT]>,
    /// Factor on demand, by region and job kind.
    pub demand: Vec<[f64; Kind::ALL.len()]>,
    /// May robots of a class made elsewhere not be bought? By region and class.
    pub import_ban: Vec<[bool; Class::ALL.len()]>,
    /// Tariff on robots made elsewhere, as a share of the price, by region and class.
    pub tariff: Vec<[f64; Class::ALL.len()]>,
    /// Tariff on factories' goods, as a share of the price, by origin and market.
    pub goods_tariff: Vec<Vec<f64>>,
    /// Share of sites that stand still, by region and type.
    pub standing_still: Vec<[f64; SiteType::ALL.len()]>,
    /// Labs that have begun to collect in a region, a bit a lab.
    pub collects: Vec<u64>,
    /// Factor on what is left of failure, by lab and task family.
    pub failure: Vec<[f64; Family::ALL.len()]>,
    /// Factor on what an hour teaches, by lab and task family.
    pub teaching: Vec<[f64; Family::ALL.len()]>,
    /// Share of a lab's hours that another can use against its will: whose, then by whom.
    pub leaked: Vec<Vec<f64>>,
}

impl Shocks {
    /// Nothing happens, in so many regions and at so many labs.
    pub fn none(regions: usize, labs: usize) -> Self {
        Shocks {
            strike: vec![[0.0; Occupation::COUNT]; regions],
            demand: vec![[1.0; Kind::ALL.len()]; regions],
            import_ban: vec![[false; Class::ALL.len()]; regions],
            tariff: vec![[0.0; Class::ALL.len()]; regions],
            goods_tariff: vec![vec![0.0; regions]; regions],
            standing_still: vec![[0.0; SiteType::ALL.len()]; regions],
            collects: vec![0; regions],
            failure: vec![[1.0; Family::ALL.len()]; labs],
            teaching: vec![[1.0; Family::ALL.len()]; labs],
            leaked: vec![vec![0.0; labs]; labs],
        }
    }

    /// Has this lab begun to collect in this region?
    pub fn has_begun_to_collect(&self, lab: usize, region: usize) -> bool {
        self.collects[region] >> lab & 1 == 1
    }

    /// The tariff on a robot bought in a region and made at `home`, as a share of its price.
    pub fn tariff_on(&self, class: Class, region: usize, home: usize) -> f64 {
        if region == home { 0.0 } else { self.tariff[region][class.index()] }
    }

    /// The tariff on goods of an origin's factories in a market, as a share of their price.
    pub fn goods_tariff_on(&self, origin: usize, market: usize) -> f64 {
        if origin == market { 0.0 } else { self.goods_tariff[origin][market] }
    }

    /// May a robot made at `home` be bought in a region?
    pub fn may_buy(&self, class: Class, region: usize, home: usize) -> bool {
        region == home || !self.import_ban[region][class.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_crosses_a_border_meets_tariff_and_ban() {
        let mut shocks = Shocks::none(2, 1);
        shocks.tariff[1][Class::Van.index()] = 0.5;
        shocks.import_ban[1][Class::Van.index()] = true;
        assert_eq!((shocks.tariff_on(Class::Van, 1, 0), shocks.tariff_on(Class::Van, 1, 1)), (0.5, 0.0));
        assert_eq!(shocks.tariff_on(Class::Amr, 1, 0), 0.0);
        assert!(
            !shocks.may_buy(Class::Van, 1, 0) && shocks.may_buy(Class::Van, 1, 1) && shocks.may_buy(Class::Van, 0, 1)
        );
    }
}
