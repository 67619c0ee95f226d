//! What a unit sells for, and what customers know of it.
//!
//! ```text
//! P = P0 (1 + psi (c/(m c0) - 1))
//! ```
//!
//! P is what customers pay for what a unit was at the start; m is output per hour against the start, as far as it grows
//! with wages, so that a unit sells for m P. What it costs beside wages grows with m too: who makes more in an hour works
//! up more. c0 is what a unit cost before the start. With nested demand it is the mean of the last year of the spin-up,
//! weighted by jobs; with demand by own price alone it is the unit cost of its last tick, which is far off where a queue
//! stood in that tick: such a site has a price ratio of a third for ever after.
//!
//! Customers of a site follow its price with a half-life: a week's price swings with the week's jobs, and who would
//! choose by it would run from site to site.
//!
//! Left out: prices that are set ahead, rebates, prices by customer.

use super::nests::follow;
use super::{DemandParameters, TradeParameters};
use crate::economy::policy::Clock;
use crate::economy::shared::blocks;
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::lists::SiteType;
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::Site;
use crate::ground::list::Table;
use crate::ground::maths;
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;

/// P: price of a unit that passes on part of a change in unit cost.
pub fn price(initial: f64, pass_through: f64, cost: f64, cost_initial: f64) -> f64 {
    if cost_initial > 0.0 { initial * (1.0 + pass_through * (cost / cost_initial - 1.0)) } else { initial }
}

/// Sites set their prices; their customers learn of them.
pub fn set_prices(
    clock: Res<Clock>,
    demand: Res<DemandParameters>,
    trade: Res<TradeParameters>,
    regions: Res<Regions>,
    mut sites: Query<(&Site, &mut Jobs)>,
) {
    let is_base = clock.tick >= -clock.ticks_in(WEEKS_PER_YEAR);
    let keep = Table::of(|&site: &SiteType| maths::half_life_decay(clock.weeks, trade.site_half_life[site].0));
    blocks::each(sites.iter_mut().collect(), |(site, jobs)| {
        let output = regions[site.region].output_per_hour;
        for job in &mut jobs.0 {
            job.price_before = job.price;
            if clock.has_started() {
                let (cost, at_start) = (job.cost.unit, output * job.cost.unit_initial);
                job.price = price(job.price_initial, demand.pass_through.0, cost, at_start);
                job.price_known = follow(job.price_known, job.price, keep[site.kind]);
            } else if trade.is_nested() {
                remember_cost(job, is_base);
            } else {
                job.cost.unit_initial = job.cost.unit;
            }
        }
    });
}

/// Before the start: the mean unit cost of the jobs done in the last year.
fn remember_cost(job: &mut Job, is_base: bool) {
    if is_base {
        let done = job.done() as f64;
        job.cost.base_jobs += done;
        job.cost.base_sum += done * job.cost.unit;
    }
    job.cost.unit_initial =
        if job.cost.base_jobs > 0.0 { maths::share_of(job.cost.base_sum, job.cost.base_jobs) } else { job.cost.unit };
}

/// Price of a unit against the start; what costs nothing stays as it is.
pub fn dearer(job: &Job) -> f64 {
    if job.price_initial > 0.0 { job.price / job.price_initial } else { 1.0 }
}

/// The same of all that a site makes together, as its customers know it.
pub fn dearer_known(jobs: &Jobs) -> f64 {
    let (now, start) = jobs.0.iter().fold((0.0, 0.0), |(now, start), job| {
        (now + job.size.base * job.price_known, start + job.size.base * job.price_initial)
    });
    if start > 0.0 && now > 0.0 { now / start } else { 1.0 }
}

/// What a site sells in a week at the start, dollars.
pub fn sales_at_start(jobs: &Jobs) -> f64 {
    jobs.0.iter().map(|job| job.size.base * job.price_initial).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::world::jobs::{Inflow, JobCost, JobSize, JobWork};
    use crate::economy::world::lists::Kind;

    fn job(done: i64, unit: f64) -> Job {
        Job {
            kind: Kind::Picking,
            size: JobSize { base: 10.0, ..JobSize::default() },
            inflow: Inflow::default(),
            work: JobWork { by_people: done, ..JobWork::default() },
            cost: JobCost { unit, ..JobCost::default() },
            price: 2.0,
            price_initial: 2.0,
            price_before: 2.0,
            price_known: 2.0,
            licence: 0.0,
        }
    }

    #[test]
    fn a_tenth_less_cost_is_seven_per_cent_less_price() {
        assert!((price(2.0, 0.7, 0.9, 1.0) - 1.86).abs() < 1e-12);
    }

    /// 100 jobs at 1 and 1 at 10: (100 + 10) / 101, and not 10 because the last tick had a queue.
    #[test]
    fn one_tick_with_a_queue_is_no_base_of_prices() {
        let mut found = job(100, 1.0);
        remember_cost(&mut found, true);
        (found.work.by_people, found.cost.unit) = (1, 10.0);
        remember_cost(&mut found, true);
        assert!((found.cost.unit_initial - 110.0 / 101.0).abs() < 1e-15);
        // what was long before does not count
        let mut early = job(100, 3.0);
        remember_cost(&mut early, false);
        assert_eq!((early.cost.base_jobs, early.cost.unit_initial), (0.0, 3.0));
    }

    /// Two jobs of equal sales, one at half its price: 3/4.
    #[test]
    fn a_site_is_as_dear_as_what_it_sells_together() {
        let mut half = job(1, 1.0);
        half.price_known = 1.0;
        assert!((dearer_known(&Jobs(vec![job(1, 1.0), half])) - 0.75).abs() < 1e-15);
        assert_eq!(dearer_known(&Jobs(Vec::new())), 1.0);
    }
}
