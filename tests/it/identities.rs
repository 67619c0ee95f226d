//! A leak planted in each identity is caught, in its tick, by name and to the unit.

use crate::common;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use handover::economy::adoption::Purchase;
use handover::economy::calendar::Phase;
use handover::economy::demand::TradeShares;
use handover::economy::world::flows::{Flow, Ledger, PlantedLeak};
use handover::economy::world::jobs::Jobs;
use handover::economy::world::labs::Labs;
use handover::economy::world::makers::Makers;
use handover::economy::world::markets::Markets;
use handover::economy::world::people::{Claim, Status, Wallet, Work};
use handover::economy::world::regions::Regions;
use handover::economy::world::sites::Robots;
use handover::economy::{Breach, Economy};
use handover::ground::ledger::AccountId;
use handover::observe::install;

/// Runs until tick 6 with a fault installed; returns the breach that stopped it.
fn caught(plant: impl FnOnce(&mut World, &mut Schedule)) -> Breach {
    let settings = common::coarse(&["run.years=1", "run.spin_up=4 weeks"]);
    let scenario = common::scenario("baseline", &settings);
    let mut economy = Economy::found(&scenario.parameters, |world, schedule| {
        install(world, schedule);
        plant(world, schedule);
    });
    while economy.tick() < 6 {
        if let Err(breach) = economy.step() {
            return breach;
        }
    }
    panic!("the leak was not caught");
}

/// Runs a fault in tick 3, late in the phase before `phase` ends.
fn fault<M>(fault: impl IntoSystem<(), (), M> + 'static) -> impl FnOnce(&mut World, &mut Schedule) {
    move |_, schedule| {
        let is_due = |clock: Res<handover::economy::policy::Clock>| clock.tick == 3;
        schedule
            .add_systems(IntoSystem::into_system(fault).run_if(is_due).after(Phase::Settlement).before(Phase::Audit));
    }
}

/// Runs a fault in the first entity that has the component.
fn first<C: Component<Mutability = bevy_ecs::component::Mutable>>(
    change: impl Fn(&mut C) + Send + Sync + 'static,
) -> impl FnOnce(&mut World, &mut Schedule) {
    fault(move |mut columns: Query<&mut C>| change(&mut columns.iter_mut().next().unwrap()))
}

fn assert_caught(breach: &Breach, tick: i32, identity: &str, place: &str, size: i128) {
    assert_eq!(breach.tick, tick, "{breach}");
    assert_eq!(breach.leak.identity, identity, "{breach}");
    assert!(breach.leak.place.contains(place), "{breach}");
    assert_eq!(breach.leak.size, size, "{breach}");
}

#[test]
fn an_untouched_run_is_clean() {
    let settings = common::coarse(&["run.years=0.25", "run.spin_up=4 weeks"]);
    let scenario = common::scenario("baseline", &settings);
    assert_eq!(common::results(&scenario).money_discrepancy, 0);
}

/// Rows: 2 % of India's sales go nowhere, 20,000,000 parts in a thousand million.
#[test]
fn sales_that_go_to_no_market() {
    let breach = caught(fault(|mut shares: ResMut<TradeShares>, regions: Res<Regions>| {
        let india = regions.place_of("IND").unwrap();
        shares.sold[india][india] -= 0.02;
    }));
    assert_caught(&breach, 3, "trade: sales by market add up to all sales", "IND", 20_000_000);
}

/// Columns: the first region buys a share of 0.01 from nobody; and a share that is negative is no share, even if all
/// add up.
#[test]
fn purchases_that_come_from_no_origin() {
    let breach = caught(fault(|mut shares: ResMut<TradeShares>| shares.bought[1][0] += 0.01));
    assert_caught(&breach, 3, "trade: purchases by origin add up to all purchases", "BGD", 10_000_000);
    let breach = caught(fault(|mut shares: ResMut<TradeShares>| {
        let share = shares.bought[2][0] + 0.03;
        shares.bought[2][0] -= share;
        shares.bought[1][0] += share;
    }));
    assert_caught(&breach, 3, "trade: purchases by origin add up to all purchases", "BGD", 30_000_000);
}

#[test]
fn money_that_appears_in_an_account() {
    let breach = caught(fault(|mut ledger: ResMut<Ledger>| ledger.plant(PlantedLeak::Balance(AccountId(0), 7))));
    assert_caught(&breach, 3, "money: change of an account", "account 0", 7);
}

#[test]
fn money_that_moves_without_a_payment() {
    let breach =
        caught(fault(|mut ledger: ResMut<Ledger>| ledger.plant(PlantedLeak::Swap(AccountId(0), AccountId(1), 5))));
    assert_caught(&breach, 3, "money: change of an account", "account 0", 5);
}

#[test]
fn a_payment_with_one_side() {
    let breach = caught(fault(|mut ledger: ResMut<Ledger>| ledger.plant(PlantedLeak::OneSided(Flow::Robots, 11))));
    assert_caught(&breach, 3, "money: payers and payees of a flow", "robots", 11);
}

#[test]
fn a_wallet_that_grows_by_itself() {
    // after the week's audit sums were taken, so the next week opens with it: 13 for 10,000 people
    let breach = caught(first(|wallet: &mut Wallet| wallet.0[0] += 13));
    assert_caught(&breach, 4, "money: wallets before the week", "BGD/assembler", 130_000);
}

#[test]
fn a_worker_who_changes_status_without_an_event() {
    let breach = caught(first(|status: &mut Status| {
        let row = status.0.iter().position(|&work| work == Work::Employed as u8).unwrap();
        status.0[row] = Work::Outside as u8;
    }));
    assert_caught(&breach, 4, "people: heads counted and heads kept", "BGD/assembler employed", -1);
}

#[test]
fn a_person_too_many_on_the_books() {
    let breach = caught(fault(
        |mut markets: ResMut<Markets>, mut takes: ResMut<handover::economy::settlement::wallets::Takes>| {
            markets.0[2].heads[1] += 1;
            takes.markets[2].heads[1] += 1;
        },
    ));
    assert_caught(&breach, 3, "people: before + entered - left = after", "BGD/tool_and_die", 1);
}

#[test]
fn a_job_done_twice() {
    let breach = caught(first(|jobs: &mut Jobs| jobs.0[0].work.by_people += 2));
    assert_caught(&breach, 3, "jobs: every job is done or waits", "BGD/factory/0 assembly", -2);
}

#[test]
fn a_robot_that_vanishes() {
    let breach = caught(fault(|mut fleets: Query<&mut Robots>| {
        let mut robots = fleets.iter_mut().find(|robots| robots.born.len() > 2).unwrap();
        robots.born.pop();
    }));
    assert_caught(&breach, 3, "robots: every robot was delivered and none vanished", "fleet of site", 1);
}

#[test]
fn an_order_that_nobody_placed() {
    let breach = caught(fault(|mut purchases: Query<&mut Purchase>| {
        purchases.iter_mut().next().unwrap().orders.waiting += 3;
    }));
    assert_caught(&breach, 3, "orders: every order was delivered, was cancelled or waits", "fleet of site", -3);
}

#[test]
fn an_order_that_a_site_forgets() {
    let breach = caught(fault(|mut purchases: Query<&mut Purchase>| {
        let orders = &mut purchases.iter_mut().next().unwrap().orders;
        (orders.placed, orders.waiting) = (orders.placed + 2, orders.waiting + 2);
    }));
    assert_caught(&breach, 3, "orders: waiting at sites and in the makers' books", "maker of", -2);
}

#[test]
fn a_robot_that_a_maker_counts_twice() {
    let breach = caught(fault(|mut makers: ResMut<Makers>| makers.0[2].orders.delivered += 1));
    assert_caught(&breach, 3, "orders: a maker's book adds up", "maker of amr", -1);
}

#[test]
fn hours_that_a_lab_took_from_nowhere() {
    let breach = caught(fault(|mut labs: ResMut<Labs>| labs.0[0].intake.taken_in += 17));
    assert_caught(&breach, 3, "hours: accepted at sites and taken in by labs", "all labs", 17);
}

#[test]
fn hours_that_nobody_recorded() {
    let breach = caught(fault(|mut markets: ResMut<Markets>| markets.0[0].recorded.credited += 1));
    assert_caught(&breach, 3, "hours: accepted at sites and credited to workers", "all workers", 10_000);
}

#[test]
fn a_claim_that_grows_by_itself() {
    let breach = caught(first(|claim: &mut Claim| claim.0[0] += 19));
    assert_caught(&breach, 4, "hours: claims counted and claims kept", "BGD/assembler", 19);
}
