//! Trade in factories' goods as it moves with prices, demand and output.
//!
//! ```text
//! ln q_rm follows ln (p_r (1 + tariff_rm)) with a half-life       what customers in m know of r's price
//! Q_m    = (sum_r B_rm q_rm^(1-e))^(1/(1-e))
//! D_rm   = kappa_m Q_m^-eps at home                                final demand
//!          (1-g) kappa_m Q_m^-eps + g output_m abroad              and inputs of m's own factories
//! jobs_r = sum_m S_rm D_rm (q_rm/Q_m)^-e                           against the start
//! ```
//!
//! S and B are shares at the start ([`super::trade`]). g is the share of what a market buys abroad that its own factories
//! work up; it moves with their output of the tick before, against their trend. With g large, robots in the North may
//! raise the South's exports; with g small they lower them. Inputs have no factor Q^-eps: what is made of them moves with
//! its price already, and with it they would be counted twice. The literature has both signs. A tick's shares of sales are
//! the terms of the sum, a tick's shares of purchases `B_rm (q_rm/Q_m)^(1-e)`. With demand by own price alone all shares
//! stay as they are at the start.
//!
//! Of the jobs of a region, those won or lost by trade are what its factories have beyond what they would have if every
//! market had kept today's shares of origins, and inputs had moved as final demand does.
//!
//! ```text
//! by origin   sum_m S_rm kappa_m Q_m^-eps ((q_rm/Q_m)^-e - 1)
//! by inputs   sum_m S_rm (D_rm - kappa_m Q_m^-eps) (q_rm/Q_m)^-e
//! ```
//!
//! Left out: exchange rates that move, transport, goods that differ between origins in kind, factories that are
//! built where demand is, inputs that follow the home market.
//! Source: Boehm, Levchenko and Pandalai-Nayar, AER 2023: trade elasticity 0.76 after a year, 2 after seven to ten.

use super::DemandParameters;
use super::nests::{Index, product_price, tilt};
use super::prices::{dearer_known, sales_at_start};
use super::trade::{Trade, TradeParameters, purchases};
use crate::economy::policy::{InForce, Today};
use crate::economy::shared::numbers::numbers;
use crate::economy::world::jobs::Jobs;
use crate::economy::world::lists::SiteType;
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::Site;
use crate::ground::list::{Listed, Table};
use crate::ground::maths;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Trade as it stands this tick. Of two indices the first is the origin.
#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
pub struct TradeShares {
    /// Share of an origin's factory sales by market: rows add up to 1.
    pub sold: Vec<Vec<f64>>,
    /// Share of a market's purchases of factories' goods by origin: columns add up to 1.
    pub bought: Vec<Vec<f64>>,
    /// B: the same at the start.
    bought_initial: Vec<Vec<f64>>,
    /// ln q: what customers in a market know of an origin's prices, against the start.
    log_price: Vec<Vec<f64>>,
    /// p_r: prices of a region's sites, by type.
    pub price: Table<SiteType, Vec<f64>>,
    /// Q: what a market pays for factories' goods, against the start.
    pub basket: Vec<f64>,
    /// Factor of trade on the jobs of a region's factories.
    pub pull: Vec<f64>,
    /// What of it was won by origin and by inputs.
    pub by_trade: Vec<[f64; 2]>,
}

impl TradeShares {
    /// Trade at the start, with each region's factory sales.
    pub fn new(trade: &Trade, sales: &[f64]) -> TradeShares {
        let regions = sales.len();
        let bought = purchases(&trade.0, sales);
        TradeShares {
            sold: trade.0.clone(),
            bought: bought.clone(),
            bought_initial: bought,
            log_price: vec![vec![0.0; regions]; regions],
            price: Table::of(|_| vec![1.0; regions]),
            basket: vec![1.0; regions],
            pull: vec![1.0; regions],
            by_trade: vec![[0.0; 2]; regions],
        }
    }

    /// Can a state have it?
    pub fn is_sound(&self) -> bool {
        let is_price = |price: &f64| (1e-6..=1e6).contains(price);
        let shares = self.sold.iter().chain(&self.bought).chain(&self.bought_initial).flatten();
        shares.into_iter().all(|share| (0.0..=1.0 + 1e-9).contains(share))
            && self.log_price.iter().flatten().all(|log| log.abs() < 14.0)
            && SiteType::ALL.iter().all(|&site| self.price[site].iter().all(is_price))
            && self.basket.iter().all(is_price)
            && self.pull.iter().all(|pull| (0.0..1e6).contains(pull))
    }
}

/// What stands still while one tick's trade is worked out.
struct Tick<'a> {
    parameters: &'a TradeParameters,
    /// S.
    sold: &'a [Vec<f64>],
    /// kappa.
    final_demand: &'a [f64],
    /// Output of factories against the start and their trend.
    output: &'a [f64],
    /// eps.
    price_elasticity: f64,
}

impl Tick<'_> {
    /// What a market wants of an origin against the start if no origin is dearer than others: as if all were final
    /// demand, and with its inputs (D).
    fn wanted(&self, r: usize, m: usize, index: f64) -> (f64, f64) {
        let inputs = if r == m { 0.0 } else { self.parameters.input_share.0 };
        let as_final = self.final_demand[m] * maths::pow(index, -self.price_elasticity);
        (as_final, (1.0 - inputs) * as_final + inputs * self.output[m])
    }

    /// Q: what each market pays, against the start.
    fn indices(&self, bought: &[Vec<f64>], price: &[Vec<f64>]) -> Vec<f64> {
        let e = self.parameters.origin_substitution.0;
        let of = |m: usize| {
            let mut index = Index::default();
            bought.iter().zip(price).for_each(|(share, price)| index.add(share[m], price[m], e));
            index.value(e)
        };
        (0..self.sold.len()).map(of).collect()
    }

    /// Jobs of an origin by market against its jobs at the start, and what of them trade won, by origin and inputs.
    fn row(&self, r: usize, price: &[f64], index: &[f64]) -> (Vec<f64>, [f64; 2]) {
        let mut won = [0.0; 2];
        let part = |(m, (price, index)): (usize, (&f64, &f64))| {
            let moved = tilt(*price, *index, self.parameters.origin_substitution.0);
            let (as_final, wanted) = self.wanted(r, m, *index);
            won[0] += self.sold[r][m] * as_final * (moved - 1.0);
            won[1] += self.sold[r][m] * (wanted - as_final) * moved;
            self.sold[r][m] * wanted * moved
        };
        let row = price.iter().zip(index).enumerate().map(part).collect();
        (row, won)
    }
}

numbers! { demand: DemandParameters, trade: TradeParameters }

/// Prices of regions become known; shares of trade move.
pub fn move_trade(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    trade: Res<Trade>,
    regions: Res<Regions>,
    sites: Query<(&Site, &Jobs)>,
    mut shares: ResMut<TradeShares>,
) {
    let shares = &mut *shares;
    let made = Made::of(&parameters.trade, regions.count(), &sites);
    shares.learn(&made, &parameters.trade, &in_force, clock.weeks);
    let tick = Tick {
        parameters: &parameters.trade,
        sold: &trade.0,
        final_demand: &regions.0.iter().map(|region| region.demand_index).collect::<Vec<_>>(),
        output: &made.output(),
        price_elasticity: parameters.demand.price_elasticity.0,
    };
    let price: Vec<Vec<f64>> =
        shares.log_price.iter().map(|row| row.iter().map(|&log| maths::exp(log)).collect()).collect();
    shares.basket = tick.indices(&shares.bought_initial, &price);
    if parameters.trade.is_nested() {
        shares.choose(&tick, &price);
    } else {
        let kappa = |row: &Vec<f64>| row.iter().zip(tick.final_demand).map(|(share, kappa)| share * kappa).sum();
        shares.pull = trade.0.iter().map(kappa).collect();
    }
}

impl TradeShares {
    /// Customers learn what regions ask.
    fn learn(&mut self, made: &Made, parameters: &TradeParameters, in_force: &InForce, weeks: f64) {
        self.price = Table::of(|&site: &SiteType| {
            made.prices[site].iter().map(|index| index.value(parameters.site_substitution[site].0)).collect()
        });
        let keep = maths::half_life_decay(weeks, parameters.half_life.0);
        for (r, row) in self.log_price.iter_mut().enumerate() {
            let price = self.price[SiteType::Factory][r];
            for (m, known) in row.iter_mut().enumerate() {
                let log = maths::ln(price * (1.0 + in_force.shocks.goods_tariff_on(r, m)));
                *known = log + (*known - log) * keep;
            }
        }
    }

    /// Customers choose between origins.
    fn choose(&mut self, tick: &Tick, price: &[Vec<f64>]) {
        let e = tick.parameters.origin_substitution.0;
        for (r, price) in price.iter().enumerate() {
            let (row, won) = tick.row(r, price, &self.basket);
            let pull: f64 = row.iter().sum();
            if pull > 0.0 {
                self.sold[r] = row.iter().map(|part| part / pull).collect();
            }
            (self.pull[r], self.by_trade[r]) = (pull, won);
            for (m, share) in self.bought[r].iter_mut().enumerate() {
                *share = self.bought_initial[r][m] * maths::pow(price[m] / self.basket[m], 1.0 - e);
            }
        }
    }
}

/// What sites ask and make, by region.
struct Made {
    prices: Table<SiteType, Vec<Index>>,
    /// Output of factories apart from their trend, now and at the start, dollars at the start's prices.
    output: Vec<(f64, f64)>,
}

impl Made {
    /// Output of each region's factories against the start and their trend.
    fn output(&self) -> Vec<f64> {
        self.output.iter().map(|&(now, start)| if start > 0.0 { now / start } else { 1.0 }).collect()
    }

    fn of(parameters: &TradeParameters, regions: usize, sites: &Query<(&Site, &Jobs)>) -> Made {
        let mut made =
            Made { prices: Table::of(|_| vec![Index::default(); regions]), output: vec![(0.0, 0.0); regions] };
        for (site, jobs) in sites {
            let price = product_price(parameters.work_share[site.kind].0, dearer_known(jobs));
            let substitution = parameters.site_substitution[site.kind].0;
            made.prices[site.kind][site.region].add(sales_at_start(jobs), price, substitution);
            if site.kind == SiteType::Factory {
                let output = &mut made.output[site.region];
                for job in &jobs.0 {
                    let start = job.size.base * job.price_initial;
                    *output = (output.0 + start * job.inflow.response, output.1 + start);
                }
            }
        }
        made
    }
}

/// Factor on the jobs of one site, beside what moves all of its type and region: its price against theirs, and for
/// those who sell at home only, theirs against the start.
pub fn site_factor(
    parameters: &TradeParameters,
    shares: &TradeShares,
    price_elasticity: f64,
    site: &Site,
    jobs: &Jobs,
) -> f64 {
    let own = product_price(parameters.work_share[site.kind].0, dearer_known(jobs));
    let region = shares.price[site.kind][site.region];
    let among = tilt(own, region, parameters.site_substitution[site.kind].0);
    match site.kind {
        SiteType::Factory => among,
        SiteType::Warehouse | SiteType::Depot => among * maths::pow(region, -price_elasticity),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::shared::forms::DemandForm;
    use crate::ground::units::{Number, Share, Span};
    use std::collections::BTreeMap;

    fn parameters(input_share: f64) -> TradeParameters {
        TradeParameters {
            demand: DemandForm::Nested,
            work_share: Table::of(|_| Share(1.0)),
            site_substitution: Table::of(|_| Number(2.0)),
            site_half_life: Table::of(|_| Span(0.0)),
            origin_substitution: Number(2.0),
            half_life: Span(0.0),
            input_share: Share(input_share),
            exports: BTreeMap::new(),
        }
    }

    /// Two regions of equal sales that sell 80 % at home.
    const EQUALS: [[f64; 2]; 2] = [[0.8, 0.2], [0.2, 0.8]];

    /// Trade when the first region's goods cost so much in each market, and its factories make so much.
    fn moved(price: [f64; 2], input_share: f64, output: [f64; 2]) -> TradeShares {
        let trade = Trade(EQUALS.map(|row| row.to_vec()).to_vec());
        let mut shares = TradeShares::new(&trade, &[5.0, 5.0]);
        let parameters = parameters(input_share);
        let tick = Tick {
            parameters: &parameters,
            sold: &trade.0,
            final_demand: &[1.0, 1.0],
            output: &output,
            price_elasticity: 0.0,
        };
        let price = [price.to_vec(), vec![1.0, 1.0]];
        shares.basket = tick.indices(&shares.bought_initial, &price);
        shares.choose(&tick, &price);
        shares
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
    }

    /// The first at half its price, e 2, eps 0. Q is 1/(0.8/0.5 + 0.2) = 1/1.8 in its own market and
    /// 1/(0.2/0.5 + 0.8) = 1/1.2 in the other. Its jobs: 0.8/0.9^2 + 0.2/0.6^2 = 1.543210; the other's:
    /// 0.2/1.8^2 + 0.8/1.2^2 = 0.617284. Of its sales 0.987654/1.543210 = 64 % stay at home.
    #[test]
    fn two_regions_in_closed_form() {
        let shares = moved([0.5, 0.5], 0.3, [1.0, 1.0]);
        near(shares.basket[0], 1.0 / 1.8);
        near(shares.basket[1], 1.0 / 1.2);
        near(shares.pull[0], 0.8 / 0.81 + 0.2 / 0.36);
        near(shares.pull[1], 0.2 / 3.24 + 0.8 / 1.44);
        near(shares.sold[0][0], 0.64);
        near(shares.by_trade[0][0], shares.pull[0] - 1.0);
        near(shares.by_trade[0][1], 0.0);
        // in money the first has 0.8/0.9 of its own market and 0.2/0.6 of the other's
        near(shares.bought[0][0], 0.8 / 0.9);
        near(shares.bought[0][1], 0.2 / 0.6);
        near(shares.bought[0][1] + shares.bought[1][1], 1.0);
    }

    #[test]
    fn an_equal_fall_moves_no_share() {
        let trade = Trade(EQUALS.map(|row| row.to_vec()).to_vec());
        let mut shares = TradeShares::new(&trade, &[5.0, 20.0]);
        let parameters = parameters(0.3);
        let tick = Tick {
            parameters: &parameters,
            sold: &trade.0,
            final_demand: &[1.0, 1.0],
            // all factories make as much more as all markets buy
            output: &[libm::sqrt(1.25), libm::sqrt(1.25)],
            price_elasticity: 0.5,
        };
        let price = vec![vec![0.8, 0.8]; 2];
        shares.basket = tick.indices(&shares.bought_initial, &price);
        shares.choose(&tick, &price);
        near(shares.sold[0][0], 0.8);
        near(shares.bought[0][0], shares.bought_initial[0][0]);
        // every market buys 0.8^-0.5 times as much
        near(shares.pull[1], 1.0 / libm::sqrt(0.8));
        near(shares.by_trade[1][0], 0.0);
        near(shares.by_trade[1][1], 0.0);
    }

    /// The second makes half as much again and 30 % of its imports are inputs: the first exports 15 % more, which is
    /// 0.2 * 0.15 of its jobs, and sells as much at home as before.
    #[test]
    fn inputs_move_with_the_output_of_those_who_work_them_up() {
        let shares = moved([1.0, 1.0], 0.3, [1.0, 1.5]);
        near(shares.pull[0], 1.03);
        near(shares.by_trade[0][1], 0.03);
        near(shares.pull[1], 1.0);
    }

    /// A tariff of a quarter on the first's goods in the other market: it loses there, and not at home.
    #[test]
    fn a_tariff_moves_the_shares_of_one_market() {
        let shares = moved([1.0, 1.25], 0.3, [1.0, 1.0]);
        near(shares.basket[1], 1.0 / 0.96);
        near(shares.bought[0][1], 0.2 / (1.25 * 0.96));
        near(shares.bought[0][0], 0.8);
        near(shares.pull[0], 0.8 + 0.2 / 1.44);
    }
}
