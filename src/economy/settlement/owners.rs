//! Corporate tax, dividends, and money from owners where cash ran out.
//!
//! Profit is what a firm received in the tick less what it paid, robots included; losses are carried
//! forward. Cash above the buffer is paid out slowly to the rest-of-economy accounts of the owners;
//! this is where "who owns the algorithm" is set. Owners cover a shortfall at once.

use crate::economy::policy::Today;
use crate::economy::settlement::SettlementParameters;
use crate::economy::shared::numbers::numbers;
use crate::economy::world::flows::{Flow, Ledger};
use crate::economy::world::labs::Labs;
use crate::economy::world::makers::Makers;
use crate::economy::world::regions::{Regions, spread, weights};
use crate::economy::world::sites::Site;
use crate::economy::world::sites::SiteParameters;
use crate::ground::ledger::{AccountId, Batch};
use crate::ground::maths;
use crate::ground::money::{Money, Part};
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use serde::{Deserialize, Serialize};

/// A firm's memory of its own accounts.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Books {
    /// Losses not yet set against profit, micro-dollars.
    pub losses: i64,
    /// Cost of a week, smoothed, dollars.
    pub cost: f64,
}

impl Books {
    /// What is taxed of a tick's profit after losses carried forward.
    pub fn taxable(&mut self, profit: i64) -> Money {
        let net = profit - self.losses;
        self.losses = (-net).max(0);
        Money(net.max(0))
    }
}

/// The books of the labs, in their order.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct LabBooks(pub Vec<Books>);

/// The books of the makers, in their order.
#[derive(Resource, Clone, Debug, Default, Serialize, Deserialize)]
pub struct MakerBooks(pub Vec<Books>);

/// Share of a region's firms by the region of their owners; and the parts of amounts that these shares are.
#[derive(Resource, Clone, Debug)]
pub struct Ownership(pub Vec<Vec<f64>>, Vec<Vec<Part>>);

impl Ownership {
    /// From the shares owned at home and the weights of the others.
    pub fn of(settlement: &SettlementParameters, regions: &[String]) -> Ownership {
        let foreign = weights(&settlement.ownership, regions);
        let shares = |r| spread(settlement.home_ownership.0, r, &foreign, false);
        let shares: Vec<Vec<f64>> = (0..regions.len()).map(shares).collect();
        let parts = shares.iter().map(|row| row.iter().copied().map(Part::of).collect()).collect();
        Ownership(shares, parts)
    }
}

/// What a firm pays out of its cash, or needs: positive or negative micro-dollars.
pub fn payout(cash: i64, buffer: i64, part: Part) -> i64 {
    if cash < 0 {
        return cash;
    }
    Money((cash - buffer).max(0)).times(part).0
}

/// Everybody who has owners, with the books.
#[derive(SystemParam)]
pub struct Firms<'w, 's> {
    labs: Res<'w, Labs>,
    lab_books: ResMut<'w, LabBooks>,
    makers: Res<'w, Makers>,
    maker_books: ResMut<'w, MakerBooks>,
    sites: Query<'w, 's, (&'static Site, &'static mut Books)>,
}

struct Firm<'a> {
    account: AccountId,
    home: usize,
    buffer_weeks: f64,
    books: &'a mut Books,
}

/// What firms of one kind pay and are paid, entered together.
struct Batches {
    tax: Batch<Flow>,
    dividends: Batch<Flow>,
    rescue: Batch<Flow>,
    /// By region of the owners: what they get from a firm, or give.
    amounts: Vec<Money>,
}

impl Batches {
    fn of(ledger: &Ledger, [tax, dividends, rescue]: [Flow; 3], regions: usize) -> Batches {
        let amounts = vec![Money::ZERO; regions];
        Batches { tax: ledger.batch(tax), dividends: ledger.batch(dividends), rescue: ledger.batch(rescue), amounts }
    }

    fn close(self, regions: &Regions, ledger: &mut Ledger) {
        self.tax.credit_all(ledger, |r| regions[r].government);
        self.dividends.credit_all(ledger, |r| regions[r].rest);
        self.rescue.debit_all(ledger, |r| regions[r].rest);
    }
}

numbers! { sites: SiteParameters, settlement: SettlementParameters }

/// Firms pay tax and their owners.
pub fn pay_owners(
    Today { clock, in_force }: Today,
    parameters: Numbers,
    Firms { labs, mut lab_books, makers, mut maker_books, mut sites }: Firms,
    ownership: Res<Ownership>,
    regions: Res<Regions>,
    mut ledger: ResMut<Ledger>,
) {
    let part = Part::of(maths::hazard(parameters.settlement.payout.0, clock.weeks));
    // a quarter's memory: robots are bought in lumps
    let keep = maths::half_life_decay(clock.weeks, 13.0);
    let tax = in_force.law.iter().map(|law| Part::of(law.corporate_tax.0)).collect();
    let terms = Terms { weeks: clock.weeks, part, keep, ownership: &ownership, tax };
    let ledger = &mut *ledger;
    let buffer_weeks = parameters.sites.cash_buffer.0;
    let mut batches = Batches::of(ledger, [Flow::SiteTax, Flow::SiteDividends, Flow::SiteRescue], regions.count());
    for (site, mut books) in &mut sites {
        let firm = Firm { account: site.account, home: site.region, buffer_weeks, books: &mut books };
        close(firm, &terms, &mut batches, ledger);
    }
    batches.close(&regions, ledger);
    let mut batches = Batches::of(ledger, [Flow::LabTax, Flow::LabDividends, Flow::LabRescue], regions.count());
    for (lab, books) in labs.0.iter().zip(&mut lab_books.0) {
        let buffer_weeks = parameters.settlement.lab_buffer.0;
        close(Firm { account: lab.account, home: lab.home, buffer_weeks, books }, &terms, &mut batches, ledger);
    }
    batches.close(&regions, ledger);
    let mut batches = Batches::of(ledger, [Flow::MakerTax, Flow::MakerDividends, Flow::MakerRescue], regions.count());
    for (maker, books) in makers.0.iter().zip(&mut maker_books.0) {
        close(Firm { account: maker.account, home: maker.home, buffer_weeks, books }, &terms, &mut batches, ledger);
    }
    batches.close(&regions, ledger);
}

/// What all firms are settled by this tick.
struct Terms<'a> {
    weeks: f64,
    /// Part of the cash above the buffer that is paid out.
    part: Part,
    /// Part of what a firm remembered of its cost that it still does.
    keep: f64,
    ownership: &'a Ownership,
    /// Part of profits that is due, by region.
    tax: Vec<Part>,
}

fn close(firm: Firm, terms: &Terms, batches: &mut Batches, ledger: &mut Ledger) {
    let home = firm.home;
    let profit = i64::try_from(ledger.net(firm.account)).expect("a week's profit fits an account");
    let cost = ledger.account(firm.account).paid_dollars() / terms.weeks;
    firm.books.cost = cost + (firm.books.cost - cost) * terms.keep;
    let taxed = firm.books.taxable(profit).times(terms.tax[home]);
    batches.tax.pay(ledger, firm.account, home, taxed);
    let buffer = Money::from_dollars(firm.books.cost * firm.buffer_weeks);
    let pays = payout(ledger.balance(firm.account).0, buffer.0, terms.part);
    if pays == 0 {
        return;
    }
    let (all, owners) = (Money(pays.abs()), &terms.ownership.1[home]);
    let (mut left, amounts) = (all, &mut batches.amounts[..owners.len()]);
    for (_, (amount, &part)) in amounts.iter_mut().zip(owners).enumerate().filter(|(owner, _)| *owner != home) {
        // parts are rounded: together they may be a micro-dollar more than the whole
        *amount = all.times(part).min(left);
        left -= *amount;
    }
    amounts[home] = left;
    match pays > 0 {
        true => batches.dividends.pay_each(ledger, firm.account, amounts),
        false => batches.rescue.receive_each(ledger, firm.account, amounts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_set_against_later_profit() {
        let mut books = Books::default();
        assert_eq!(books.taxable(-100), Money(0));
        assert_eq!(books.taxable(60), Money(0));
        // 100 lost, 60 regained, then 90: 50 is taxed
        assert_eq!(books.taxable(90), Money(50));
        assert_eq!(books.taxable(10), Money(10));
    }

    #[test]
    fn cash_above_the_buffer_leaves_slowly_and_a_shortfall_is_met_at_once() {
        let tenth = Part::of(0.1);
        assert_eq!(payout(1_300, 1_000, tenth), 30);
        assert_eq!(payout(900, 1_000, tenth), 0);
        assert_eq!(payout(-5, 1_000, tenth), -5);
    }
}
