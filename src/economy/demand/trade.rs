//! Trade in factories' goods at the start: who sells to whom.
//!
//! There are two matrices. S_rm is the share of r's sales that goes to market m (rows add up to 1); B_rm is the share of
//! m's purchases that comes from r (columns add up to 1), `B_rm = R_r S_rm / sum_r R_r S_rm` with R_r the sales of r's
//! factories. S spreads jobs, B makes price indices; exchanging them misses sums by half to double. How both move is
//! said in [`super::shares`].
//!
//! Left out: trade outside of the regions modelled, trade in services, parcels across borders.

use super::DemandParameters;
use crate::economy::shared::forms::DemandForm;
use crate::economy::world::lists::SiteType;
use crate::economy::world::regions::{spread, weights};
use crate::ground::list::Table;
use crate::ground::units::{Number, Share, Span};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Weights of the markets in what one region sells abroad.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(transparent)]
#[schemars(extend("x-names" = "region"))]
pub struct Destinations(pub BTreeMap<String, Share>);

/// Parameters of nested demand and of trade.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TradeParameters {
    /// What customers choose by.
    pub demand: DemandForm,
    /// v: share of a product's price that is the work of the model, by site type.
    pub work_share: Table<SiteType, Share>,
    /// k: substitution between the sites of a region, by site type.
    pub site_substitution: Table<SiteType, Number>,
    /// Half-life with which customers learn of a site's price, by site type.
    pub site_half_life: Table<SiteType, Span>,
    /// e: substitution between regions of origin.
    pub origin_substitution: Number,
    /// Half-life with which trade follows the prices of regions.
    pub half_life: Span,
    /// g: share of what a market buys abroad that its own factories work up.
    pub input_share: Share,
    /// Where a region's factories sell abroad, if demand is nested: weights, scaled to add up to 1.
    #[schemars(extend("x-names" = "region"))]
    pub exports: BTreeMap<String, Destinations>,
}

impl TradeParameters {
    /// Do customers choose between regions and sites?
    pub fn is_nested(&self) -> bool {
        self.demand == DemandForm::Nested
    }
}

/// S: share of a region's factory sales by market, at the start.
#[derive(Resource, Clone, Debug)]
pub struct Trade(pub Vec<Vec<f64>>);

impl Trade {
    /// From the shares sold at home and the weights of the others.
    pub fn of(demand: &DemandParameters, trade: &TradeParameters, regions: &[String]) -> Trade {
        let abroad = |name: &String| match trade.demand {
            DemandForm::OwnPrice => weights(&demand.market_weights, regions),
            // a region that is alone sells nothing abroad
            DemandForm::Nested => {
                trade.exports.get(name).map_or_else(|| vec![0.0; regions.len()], |to| weights(&to.0, regions))
            }
        };
        let row = |(r, name): (usize, &String)| spread(demand.home_share[r].0, r, &abroad(name), true);
        Trade(regions.iter().enumerate().map(row).collect())
    }
}

/// B: share of a market's purchases by origin, from what each origin sells and where.
pub fn purchases(sold: &[Vec<f64>], sales: &[f64]) -> Vec<Vec<f64>> {
    let bought = |m: usize| sold.iter().zip(sales).map(|(row, sales)| row[m] * sales).sum::<f64>();
    let all: Vec<f64> = (0..sales.len()).map(bought).collect();
    let part = |r: usize, m: usize| match all[m] > 0.0 {
        true => sold[r][m] * sales[r] / all[m],
        // where nobody sells anything, what there will be is made at home
        false => f64::from(u8::from(r == m)),
    };
    (0..sales.len()).map(|r| (0..sales.len()).map(|m| part(r, m)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 10 sold by the first and 40 by the second, 8 and 8 meet in the first's market: half and half.
    #[test]
    fn purchases_count_what_each_origin_sells() {
        let bought = purchases(&[vec![0.8, 0.2], vec![0.2, 0.8]], &[10.0, 40.0]);
        assert!((bought[0][0] - 0.5).abs() < 1e-15);
        assert!((bought[1][1] - 32.0 / 34.0).abs() < 1e-15);
        // nobody sells anything to the second: what it may buy is its own
        let none = purchases(&[vec![1.0, 0.0], vec![0.0, 1.0]], &[10.0, 0.0]);
        assert_eq!(none, [[1.0, 0.0], [0.0, 1.0]]);
    }
}
