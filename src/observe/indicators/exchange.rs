//! Trade between regions, and what buyers gain.

use super::own::{Own, OwnSite};
use super::{Metric, Numbers, Pen};
use crate::economy::demand::TradeShares;
use crate::economy::demand::buyers::Buyers;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::world::lists::SiteType;
use crate::economy::world::regions::Regions;
use crate::ground::list::Listed;
use crate::ground::money::MICRO;

pub(super) fn put_trade(
    pen: &mut Pen,
    r: usize,
    numbers: &Numbers,
    regions: &Regions,
    own: &Own,
    (shares, buyers, ledger): (&TradeShares, &Buyers, &Ledger),
) {
    for &site in SiteType::ALL {
        pen.put(Metric::PriceIndex, site.name(), || shares.price[site][r]);
    }
    pen.put(Metric::PriceIndex, "bought", || shares.basket[r]);
    pen.put(Metric::HomeShare, "all", || shares.sold[r][r]);
    for origin in &regions.0 {
        pen.put(Metric::OriginShare, &origin.name, || shares.bought[origin.index][r]);
        if origin.index != r {
            pen.flow(Metric::Imports, &origin.name, || ledger.flow(Flow::Sales, r, origin.index) as f64 / MICRO);
        }
    }
    let [by_origin, by_inputs] = shares.by_trade[r];
    let full_time = || factory_work(r, numbers, own);
    pen.put(Metric::JobsByTrade, "origin", || by_origin * full_time());
    pen.put(Metric::JobsByTrade, "inputs", || by_inputs * full_time());
    pen.put(Metric::JobsByTrade, "all", || (by_origin + by_inputs) * full_time());
    let (gain, weeks) = (&buyers.gains[r], pen.weeks);
    for &site in SiteType::ALL {
        pen.flow(Metric::BuyersGain, site.name(), || gain.weekly[site.index()] * weeks);
    }
    pen.flow(Metric::BuyersGain, "all", || gain.weekly.iter().sum::<f64>() * weeks);
    pen.put(Metric::BuyersGainTotal, "all", || gain.total);
}

/// Work of a region's factories at the start, by people and robots, in full-time equivalents.
fn factory_work(r: usize, numbers: &Numbers, own: &[OwnSite]) -> f64 {
    let factories = own.iter().filter(|(site, ..)| site.kind == SiteType::Factory);
    let hours: f64 =
        factories.flat_map(|(_, _, jobs, ..)| &jobs.0).map(|job| job.size.base * job.size.hours_per_unit_initial).sum();
    hours / (numbers.labour.weekly_hours[r].0 * numbers.sites.target_utilisation.0)
}
