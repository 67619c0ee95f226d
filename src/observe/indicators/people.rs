//! Workers: what they do, earn and lose, and who lets the camera run.

use super::money::{dollars, transfers};
use super::own::Own;
use super::{Metric, Pen};
use crate::economy::consent::Refusals;
use crate::economy::policy::Clock;
use crate::economy::settlement::takings::{Distribution, Takings};
use crate::economy::settlement::wallets::Takes;
use crate::economy::shared::scars::SCAR_ONE;
use crate::economy::shared::weights::Weights;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::SiteType;
use crate::economy::world::markets::{Market, MarketId, Markets};
use crate::economy::world::people::Work;
use crate::economy::world::programme::Appraisal;
use crate::economy::world::regions::Region;
use crate::ground::list::Listed;
use crate::ground::maths::share_of;
use crate::ground::money::MICRO;
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::cell::LazyCell;

/// Incomes of a region over the last half-year of the spin-up, dollars a week added up over ticks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Base {
    labour: f64,
    transfers: f64,
    ticks: f64,
}

/// The [`Base`] of each region.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bases(pub(super) Vec<Base>);

pub(super) fn remember_base(
    base: &mut Vec<Base>,
    clock: &Clock,
    regions: usize,
    (takes, weights): (&Takes, &Weights),
    ledger: &Ledger,
) {
    // means over the last half-year of the spin-up
    if clock.tick < -clock.ticks_in(WEEKS_PER_YEAR / 2.0) {
        return;
    }
    base.resize(regions, Base::default());
    for (r, region) in base.iter_mut().enumerate() {
        for (taken, id) in of_region(r, takes) {
            let persons = weights.persons(id) as f64;
            let labour = (taken.paid[Work::Employed as usize] + taken.paid[Work::Outside as usize]) as f64;
            region.labour += labour / MICRO * persons / clock.weeks;
        }
    }
    for (r, region) in base.iter_mut().enumerate() {
        region.transfers += transfers(ledger, r) / clock.weeks;
        region.ticks += 1.0;
    }
}

/// What the markets of a region took, each with its place.
fn of_region(r: usize, takes: &Takes) -> impl Iterator<Item = (&Takings, MarketId)> {
    let places = MarketId::of_region(r);
    takes.markets[places.clone()].iter().zip(places.map(MarketId::at))
}

pub(super) fn put_people(pen: &mut Pen, r: usize, markets: &Markets, takes: &Takes, own: &Own, weights: &Weights) {
    let lot = weights.lot() as f64;
    let absorbed = |occupation: Option<Occupation>| -> f64 {
        let mine = own.iter().flat_map(|(site, staff, ..)| site.kind.occupations().iter().zip(&staff.0));
        mine.filter(|(o, _)| occupation.is_none_or(|wanted| wanted == **o))
            .map(|(&o, crew)| crew.absorbed * weights.persons_of(r, o))
            .sum()
    };
    let mut all = Market::default();
    let mut long = 0;
    let mut waiting = 0;
    for &occupation in Occupation::ALL {
        let id = MarketId::of(r, occupation);
        let (market, taken) = (&markets[id], &takes.markets[id.index()]);
        let idle = taken.displaced[Work::Unemployed as usize] + taken.displaced[Work::Training as usize];
        let lots = weights.lots(id);
        put_market(pen, occupation.name(), market, taken.long_unemployed, idle, (lots * weights.lot()) as f64);
        pen.put(Metric::Absorbed, occupation.name(), || absorbed(Some(occupation)));
        pen.put(Metric::Wage, occupation.name(), || market.wage * WEEKS_PER_YEAR / 12.0);
        for (sum, part) in all.heads.iter_mut().zip(market.heads) {
            *sum += part * lots;
        }
        all.turnover.entered += market.turnover.entered * lots;
        all.turnover.left += market.turnover.left * lots;
        all.turnover.never_hired += market.turnover.never_hired * lots;
        all.flows.vacancies += market.flows.vacancies * lots;
        all.flows.hires += market.flows.hires * lots;
        all.flows.laid_off += market.flows.laid_off * lots;
        all.flows.displaced += market.flows.displaced * lots;
        all.flows.dismissed += market.flows.dismissed * lots;
        all.flows.displaced_total += market.flows.displaced_total * lots;
        all.flows.reemployed_total += market.flows.reemployed_total * lots;
        long += taken.long_unemployed * lots;
        waiting += idle * lots;
    }
    put_market(pen, "all", &all, long, waiting, lot);
    pen.put(Metric::Absorbed, "all", || absorbed(None));
    let sum =
        |of: fn(&Takings) -> i64| -> i64 { of_region(r, takes).map(|(taken, id)| of(taken) * weights.lots(id)).sum() };
    pen.put(Metric::Scar, "all", || {
        let (scars, displaced) = (sum(|taken| taken.scars), sum(|taken| taken.displaced.iter().sum()));
        share_of(scars as f64 / SCAR_ONE as f64, displaced as f64)
    });
    pen.put(Metric::Contributors, "all", || sum(|taken| taken.contributors) as f64 * lot);
}

/// What people of a market do, or of a region, whose agents or lots are so many persons.
fn put_market(pen: &mut Pen, item: &str, market: &Market, long: i64, waiting: i64, persons: f64) {
    let count = |agents: i64| agents as f64 * persons;
    let [employed, unemployed, outside, training] = market.heads;
    let all: i64 = market.heads.iter().sum();
    pen.put(Metric::Employed, item, || count(employed));
    pen.put(Metric::Unemployed, item, || count(unemployed));
    pen.put(Metric::UnemployedOver52Weeks, item, || count(long));
    pen.put(Metric::Outside, item, || count(outside));
    pen.put(Metric::Training, item, || count(training));
    pen.put(Metric::Vacancies, item, || count(market.flows.vacancies));
    pen.put(Metric::UnemploymentRate, item, || share_of(unemployed as f64, all as f64));
    pen.flow(Metric::Hires, item, || count(market.flows.hires));
    pen.flow(Metric::LaidOff, item, || count(market.flows.laid_off));
    pen.flow(Metric::Displaced, item, || count(market.flows.displaced));
    pen.flow(Metric::Dismissed, item, || count(market.flows.dismissed));
    pen.flow(Metric::Entered, item, || count(market.turnover.entered));
    pen.flow(Metric::LeftForGood, item, || count(market.turnover.left));
    pen.put(Metric::NeverHired, item, || count(market.turnover.never_hired));
    pen.put(Metric::DisplacedTotal, item, || count(market.flows.displaced_total));
    pen.put(Metric::ReemployedTotal, item, || count(market.flows.reemployed_total));
    pen.put(Metric::DisplacedWithoutWork, item, || count(waiting));
}

pub(super) fn put_incomes(
    pen: &mut Pen,
    region: &Region,
    markets: &Markets,
    (takes, weights): (&Takes, &Weights),
    ledger: &Ledger,
    base: &[Base],
) {
    let (r, lot) = (region.index, weights.lot() as f64);
    let weeks = pen.weeks;
    put_distributions(pen, region, (takes, weights));
    pen.put(Metric::WalletMean, "all", || {
        let held: f64 = of_region(r, takes).map(|(taken, id)| taken.after as f64 * weights.lots(id) as f64).sum();
        let heads = |(taken, id): (&Takings, MarketId)| taken.heads.iter().sum::<i64>() * weights.lots(id);
        share_of(held / MICRO, of_region(r, takes).map(heads).sum::<i64>() as f64)
    });
    pen.flow(Metric::Consumption, "all", || ledger.received_by(Flow::Consumption, r) as f64 / MICRO);
    pen.put(Metric::DemandIndex, "all", || region.demand_index);
    let account = |sum: &dyn Fn(&Market) -> [i128; 2]| {
        let mine = markets.0.iter().filter(|market| market.region == r);
        let mine = mine.map(|market| sum(market).map(|amount| amount * i128::from(market.lots)));
        mine.fold([0, 0], |total, part| [total[0] + part[0], total[1] + part[1]]).map(|n| n as f64 / MICRO * lot)
    };
    let of_base = |pick: fn(&Base) -> f64| base.get(r).map_or(0.0, |base| share_of(pick(base), base.ticks)) * weeks;
    let this_tick = || {
        let labour: f64 = of_region(r, takes)
            .map(|(taken, id)| {
                let paid = taken.paid[Work::Employed as usize] + taken.paid[Work::Outside as usize];
                paid as f64 * weights.lots(id) as f64
            })
            .sum::<f64>()
            / MICRO
            * lot;
        let instead = transfers(ledger, r) - of_base(|base| base.transfers)
            + dollars(ledger.received_by(Flow::CapturePay, r) + ledger.received_by(Flow::Royalties, r));
        [of_base(|base| base.labour) - labour, instead]
    };
    let of_region = pen.add_up(pen.wants(&COMPENSATION), this_tick);
    put_compensation(pen, "region", || of_region);
    put_compensation(pen, "contributors", || account(&|market| market.accounts.contributors));
    put_compensation(pen, "displaced", || account(&|market| market.accounts.displaced));
}

/// Metrics of what was lost and what was received instead: they come of one account.
const COMPENSATION: [Metric; 3] = [Metric::IncomeLost, Metric::ReceivedInstead, Metric::CompensationRatio];

/// How wages, incomes and wallets are spread; [`super::wanted`] says which metrics have them counted.
fn put_distributions(pen: &mut Pen, region: &Region, (takes, weights): (&Takes, &Weights)) {
    let together = LazyCell::new(|| {
        let mut together = Distribution::default();
        for (taken, id) in of_region(region.index, takes) {
            let times = u32::try_from(weights.lots(id)).expect("a weight fits 32 bits");
            taken.distribution.iter().for_each(|part| together.merge(part, times));
        }
        together
    });
    let monthly = WEEKS_PER_YEAR / 12.0 / pen.weeks;
    pen.put(Metric::WageMedian, "all", || together.wage.quantile(1.0 / 2.0) / MICRO * monthly);
    let line = region.median_wage * pen.weeks * MICRO / 2.0;
    pen.put(Metric::PovertyShare, "all", || together.income.share_below(line));
    pen.put(Metric::GiniWealth, "all", || together.wealth.gini());
    pen.put(Metric::GiniIncome, "all", || together.income.gini());
}

fn put_compensation(pen: &mut Pen, item: &str, account: impl FnOnce() -> [f64; 2]) {
    if !pen.is_due || !pen.wants(&COMPENSATION) {
        return;
    }
    let [lost, received] = account();
    pen.put(Metric::IncomeLost, item, || lost);
    pen.put(Metric::ReceivedInstead, item, || received);
    // no loss, nothing to compensate; and what is lost in the noise is no loss
    let is_loss = lost > received.abs() / 100.0 && lost > 0.0;
    pen.put(Metric::CompensationRatio, item, || if is_loss { received / lost } else { f64::NAN });
}

pub(super) fn put_programme(
    pen: &mut Pen,
    r: usize,
    markets: &Markets,
    refusals: &Refusals,
    own: &Own,
    weights: &Weights,
) {
    let lot = weights.lot() as f64;
    let filming = || own.iter().map(|site| site.3).filter(|filming| filming.films);
    let raw = || own.iter().map(|site| site.3.footage.filmed_in_full * lot * site.3.footage.raw_hours).sum();
    let accepted = || own.iter().map(|site| site.3.footage.accepted).sum::<i64>();
    let filmed = || own.iter().map(|site| site.3.footage.filmed).sum::<i64>();
    pen.flow(Metric::RawHours, "all", raw);
    pen.flow(Metric::AcceptedHours, "all", || accepted() as f64 / 1e3);
    pen.put(Metric::FilmingSites, "all", || filming().count() as f64);
    pen.put(Metric::FilmedWorkers, "all", || filmed() as f64 * lot);
    let quartiles = &refusals.0[r];
    let (asked, refusing) = quartiles.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    pen.put(Metric::RefusingShare, "all", || if asked > 0 { refusing as f64 / asked as f64 } else { f64::NAN });
    for (n, &(asked, refusing)) in quartiles.iter().enumerate() {
        let item = ["skill quartile 1", "skill quartile 2", "skill quartile 3", "skill quartile 4"][n];
        pen.put(Metric::RefusingShare, item, || if asked > 0 { refusing as f64 / asked as f64 } else { f64::NAN });
    }
    pen.put(Metric::CapturePay, "all", || {
        // of no site nothing is offered: 0 of 0 is no number
        filming().map(|filming| filming.offer).sum::<f64>() / filming().count() as f64
    });
    put_appraisals(pen, own);
    for &occupation in SiteType::Factory.occupations() {
        let expected = markets[MarketId::of(r, occupation)].royalties.per_hour;
        pen.put(Metric::ExpectedRoyalty, occupation.name(), || expected);
    }
}

/// What hours are worth to labs and cost them: nothing is written where labs do not value hours.
fn put_appraisals(pen: &mut Pen, own: &Own) {
    let sum = |part: &dyn Fn(&Appraisal) -> f64| -> f64 {
        own.iter().map(|(_, _, _, filming, stance)| stance.consenting() as f64 * part(&filming.appraisal)).sum()
    };
    // a site where hours are valued has some news left, and cost of no hour is nothing
    let valued = LazyCell::new(|| sum(&|about| if about.news_left > 0.0 { 1.0 } else { 0.0 }));
    let mean = |part: &dyn Fn(&Appraisal) -> f64| if *valued > 0.0 { sum(part) / *valued } else { f64::NAN };
    pen.put(Metric::HourWorth, "all", || mean(&|about| about.worth));
    pen.put(Metric::HourCost, "all", || mean(&|about| if about.news_left > 0.0 { about.cost } else { 0.0 }));
    pen.put(Metric::NewsLeft, "all", || mean(&|about| about.news_left));
}
