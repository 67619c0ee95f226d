//! Courses, public purchases, what is handed back, and the capital account.
//!
//! A government buys from the rest of its economy whatever it holds above its starting balance; when
//! transfers exceed revenue the balance falls below it, which is reported. Robot tax, tariff and data
//! levy are kept, handed back to everybody a week later, or spent on training places. What a charge on
//! buyers brings is handed out to everybody a week later: customers pay it on top of the price and buy as before. The capital
//! account closes imbalances between the regions' rest-of-economy accounts slowly; it is reported, not
//! hidden.

use crate::economy::demand::DemandParameters;
use crate::economy::demand::demand_index;
use crate::economy::policy::{Clock, Recycling, Today};
use crate::economy::settlement::SettlementParameters;
use crate::economy::shared::numbers::numbers;
use crate::economy::shared::weights::Weights;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::markets::{Market, MarketId, Markets};
use crate::economy::world::people::Work;
use crate::economy::world::regions::{Region, Regions};
use crate::ground::maths;
use crate::ground::money::Money;
use crate::ground::units::WEEKS_PER_YEAR;
use bevy_ecs::prelude::*;

numbers! { weights: Weights, labour: LabourParameters, demand: DemandParameters, settlement: SettlementParameters }

/// Governments spend; regions settle with each other.
pub fn settle_public(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    mut ledger: ResMut<Ledger>,
    mut markets: ResMut<Markets>,
    mut regions: ResMut<Regions>,
) {
    let weights = &parameters.weights;
    let regions = &mut regions.0;
    for market in &mut markets.0 {
        let region = &regions[market.region];
        let each = parameters.labour.course_cost.0 * market.wage * WEEKS_PER_YEAR;
        let persons = weights.persons(market.id()) as f64;
        let cost = Money::from_dollars(market.courses.enrolled as f64 * persons * each);
        ledger.pay(Flow::Courses, region.government, region.rest, cost);
        market.courses.enrolled = 0;
        market.courses.extra_places = 0.0;
    }
    for region in regions.iter_mut() {
        let mine = markets.0[MarketId::of_region(region.index)].iter();
        let people: i64 = mine.map(|market| market.people() * weights.persons(market.id())).sum();
        let charge = charge_buyers(in_force.law[region.index].buyers_charge.0, region, &mut ledger);
        recycle(in_force.law[region.index].recycling, people, &clock, charge, region);
        if in_force.law[region.index].recycling == Recycling::Training {
            open_places(&parameters, region, &mut markets);
        }
        let above = ledger.balance(region.government) - region.government_start;
        // what will be handed back next tick is not spent twice
        let owed = Money(region.hand_back.0 * people);
        ledger.pay(Flow::PublicPurchases, region.government, region.rest, (above - owed).or_zero());
    }
    close_imbalances(&clock, &parameters, regions, &mut ledger);
    for region in regions.iter_mut() {
        index_demand(region, &clock, parameters.demand.omega.0);
    }
}

/// Customers pay a charge on what they bought this tick, on top of its price; how much.
fn charge_buyers(charge: f64, region: &Region, ledger: &mut Ledger) -> Money {
    if charge == 0.0 {
        return Money::ZERO;
    }
    let bought = i64::try_from(ledger.paid_by(Flow::Sales, region.index)).expect("a week's sales fit an account");
    let amount = Money(bought).part(charge);
    ledger.pay(Flow::BuyersCharge, region.rest, region.government, amount);
    amount
}

/// Robot tax, tariff, levy and fee of the tick are kept, handed back to so many people, or put aside for training; the
/// charge on buyers is handed out.
fn recycle(recycling: Recycling, people: i64, clock: &Clock, charge: Money, region: &mut Region) {
    let revenue = region.earmarked;
    let handed_back = match recycling {
        Recycling::Dividend => revenue + charge,
        Recycling::Deficit | Recycling::Training => charge,
    };
    region.hand_back = handed_back.split(1, i128::from(people));
    region.training_budget = match recycling {
        Recycling::Training => {
            let weekly = revenue.dollars() / clock.weeks;
            // places are opened on a half-year's view of the revenue
            let keep = maths::half_life_decay(clock.weeks, WEEKS_PER_YEAR / 2.0);
            weekly + (region.training_budget - weekly) * keep
        }
        Recycling::Deficit | Recycling::Dividend => 0.0,
    };
}

/// What the consumption of its agents says about the demand of next tick.
fn index_demand(region: &mut Region, clock: &Clock, omega: f64) {
    if clock.has_started() {
        region.demand_index = demand_index(omega, region.consumption, region.consumption_base);
        return;
    }
    // a quarter's mean at the end of the spin-up is the base
    let keep = maths::half_life_decay(clock.weeks, WEEKS_PER_YEAR / 8.0);
    let before = if clock.is_first() { region.consumption } else { region.consumption_base };
    region.consumption_base = region.consumption + (before - region.consumption) * keep;
}

/// Training places that the region's earmarked revenue pays for, shared out by unemployment.
fn open_places(parameters: &Numbers, region: &Region, markets: &mut Markets) {
    let labour = &parameters.labour;
    let unemployed = |market: &Market| (market.heads[Work::Unemployed as usize] * market.lots) as f64;
    let all: f64 = markets.0.iter().filter(|market| market.region == region.index).map(unemployed).sum();
    for market in markets.0.iter_mut().filter(|market| market.region == region.index) {
        let course = labour.course_cost.0 * WEEKS_PER_YEAR / labour.course.0;
        let weekly_cost = market.wage * (labour.stipend.0 + course) * parameters.weights.persons(market.id()) as f64;
        let budget = region.training_budget * maths::share_of(unemployed(market), all);
        market.courses.extra_places = maths::share_of(budget, weekly_cost);
    }
}

/// Regions whose rest-of-economy holds more than its share of all such money lend to those with less.
fn close_imbalances(clock: &Clock, parameters: &Numbers, regions: &[Region], ledger: &mut Ledger) {
    let part = maths::hazard(parameters.settlement.capital_account.0, clock.weeks);
    let total: i128 = regions.iter().map(|region| i128::from(ledger.balance(region.rest).0)).sum();
    let start: i128 = regions.iter().map(|region| i128::from(region.rest_start.0)).sum();
    if start == 0 {
        return;
    }
    let excess: Vec<i128> = regions
        .iter()
        .map(|region| i128::from(ledger.balance(region.rest).0) - total * i128::from(region.rest_start.0) / start)
        .collect();
    let lent: i128 = excess.iter().filter(|&&amount| amount > 0).sum();
    let lacking: i128 = -excess.iter().filter(|&&amount| amount < 0).sum::<i128>();
    for (from, &over) in regions.iter().zip(&excess).filter(|(_, over)| **over > 0) {
        for (to, &under) in regions.iter().zip(&excess).filter(|(_, under)| **under < 0) {
            // each lends in proportion to its excess, to each in proportion to what it lacks
            let amount = over * -under / lent.max(lacking);
            let amount = Money(i64::try_from(amount).expect("an imbalance fits an account")).part(part);
            ledger.pay(Flow::CapitalAccount, from.rest, to.rest, amount);
        }
    }
}
