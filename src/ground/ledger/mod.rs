//! Where the money is, and the one way to move it.
//!
//! Money is an integer count of micro-dollars. Every account belongs to a sector and a region; every
//! movement names its kind, a [`FlowKind`], which fixes the sectors of payer and payee. The ledger keeps the
//! transactions-flow matrix of the tick (flow x payer region x payee region) and, independently of
//! it, what each account paid and received, so that the two can be checked against each other.
//!
//! The wallets of workers are columns of their cohorts. A market's account here (a region's workers of
//! one occupation) is the control account of those columns: the audit demands that both agree to the
//! micro-dollar, every tick.

mod batch;

pub use batch::Batch;

use super::money::{MICRO, Money};
use super::numbers::float;
use bevy_ecs::prelude::Resource;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// A kind of holder of accounts: workers, governments.
pub trait Holder: Copy + PartialEq + Send + Sync + Serialize + DeserializeOwned + 'static {
    /// The word used in tables.
    fn name(self) -> &'static str;
}

/// A kind of payment. Each has one kind of holder that pays and one that is paid.
pub trait FlowKind: Copy + Send + Sync + 'static {
    /// Who can hold an account.
    type Holder: Holder;
    /// Every kind, in a fixed order.
    const ALL: &'static [Self];
    /// Its place in the order.
    fn index(self) -> usize;
    /// The words used in tables.
    fn name(self) -> &'static str;
    /// Who pays.
    fn payer(self) -> Self::Holder;
    /// Who is paid.
    fn payee(self) -> Self::Holder;
}

/// Names an account of the [`Ledger`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub u32);

/// One account: what it held when the tick began, and what it paid and received since.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "H: Holder")]
pub struct Account<H> {
    /// Who holds it.
    pub sector: H,
    /// Index of the holder's region.
    pub region: usize,
    /// What it holds now.
    pub balance: Money,
    /// What it held when the tick began.
    pub opening: Money,
    paid: i128,
    received: i128,
}

impl<H> Account<H> {
    /// Dollars paid since the tick began.
    pub fn paid_dollars(&self) -> f64 {
        float(self.paid) / MICRO
    }
}

/// A breach of the money identity, with everything needed to find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// Which identity broke.
    pub identity: &'static str,
    /// Which account, flow or entity.
    pub place: String,
    /// By how much (micro-dollars, persons, jobs, robots or milli-hours).
    pub size: i128,
}

/// All accounts, and the transactions-flow matrix of the present tick.
///
/// ```
/// use handover::economy::world::flows::{Flow, Ledger, Sector};
/// use handover::ground::money::Money;
///
/// let mut ledger = Ledger::new(1);
/// let lab = ledger.open(Sector::Lab, 0, Money::from_dollars(100.0));
/// let fund = ledger.open(Sector::Fund, 0, Money::ZERO);
/// ledger.pay(Flow::RoyaltiesDue, lab, fund, Money::from_dollars(15.0));
/// assert_eq!(ledger.balance(fund).dollars(), 15.0);
/// assert_eq!(ledger.discrepancy(), 0);
/// assert!(ledger.audit().is_ok());
/// ```
#[derive(Clone, Debug, Resource, Serialize, Deserialize)]
#[serde(bound = "F: FlowKind")]
pub struct Ledger<F: FlowKind> {
    accounts: Vec<Account<F::Holder>>,
    regions: usize,
    /// flow x payer region x payee region
    matrix: Vec<i128>,
    paid: Vec<i128>,
    received: Vec<i128>,
    initial: i128,
    /// Up to the tick before.
    moved: i128,
    #[serde(skip)]
    kinds: PhantomData<F>,
}

impl<F: FlowKind> Ledger<F> {
    /// An empty ledger for a world of this many regions.
    pub fn new(regions: usize) -> Self {
        let flows = F::ALL.len();
        Ledger {
            accounts: Vec::new(),
            regions,
            matrix: vec![0; flows * regions * regions],
            paid: vec![0; flows],
            received: vec![0; flows],
            initial: 0,
            moved: 0,
            kinds: PhantomData,
        }
    }

    /// Opens an account with money that exists from the start.
    pub fn open(&mut self, sector: F::Holder, region: usize, balance: Money) -> AccountId {
        let id = u32::try_from(self.accounts.len()).expect("fewer accounts than 2^32");
        self.initial += i128::from(balance.0);
        self.accounts.push(Account { sector, region, balance, opening: balance, paid: 0, received: 0 });
        AccountId(id)
    }

    /// The one way to move money, one by one; many payments of a kind together go through a [`Batch`]. The account of the
    /// payer may go below zero within a tick; owners make good at its end.
    ///
    /// # Panics
    /// If the amount is negative or an account's sector is not the one the flow names: both are bugs.
    #[inline]
    pub fn pay(&mut self, flow: F, from: AccountId, to: AccountId, amount: Money) {
        if amount != Money::ZERO {
            let from_region = self.debit(flow, from, amount);
            let to_region = self.credit(flow, to, amount);
            self.enter(flow, from_region, to_region, amount);
        }
    }

    /// Takes an amount out of the account of a payer; says in which region.
    #[inline]
    fn debit(&mut self, flow: F, from: AccountId, amount: Money) -> usize {
        assert!(amount.0 > 0, "{} of {} micro-dollars", flow.name(), amount.0);
        let payer = &mut self.accounts[from.0 as usize];
        assert!(payer.sector == flow.payer(), "{} paid by {}", flow.name(), payer.sector.name());
        payer.balance -= amount;
        payer.paid = add(payer.paid, amount);
        let paid = &mut self.paid[flow.index()];
        *paid = add(*paid, amount);
        payer.region
    }

    /// Puts an amount into the account of a payee; says in which region.
    #[inline]
    fn credit(&mut self, flow: F, to: AccountId, amount: Money) -> usize {
        assert!(amount.0 > 0, "{} of {} micro-dollars", flow.name(), amount.0);
        let payee = &mut self.accounts[to.0 as usize];
        assert!(payee.sector == flow.payee(), "{} paid to {}", flow.name(), payee.sector.name());
        payee.balance += amount;
        payee.received = add(payee.received, amount);
        let received = &mut self.received[flow.index()];
        *received = add(*received, amount);
        payee.region
    }

    /// Enters an amount in the matrix.
    #[inline]
    fn enter(&mut self, flow: F, from_region: usize, to_region: usize, amount: Money) {
        let row = flow.index().wrapping_mul(self.regions).wrapping_add(from_region);
        let cell = &mut self.matrix[row.wrapping_mul(self.regions).wrapping_add(to_region)];
        *cell = add(*cell, amount);
    }

    /// Payments of a kind that are to be entered together: see [`Batch`].
    pub fn batch(&self, flow: F) -> Batch<F> {
        Batch::of(flow, self.regions)
    }

    /// What an account holds.
    pub fn balance(&self, id: AccountId) -> Money {
        self.accounts[id.0 as usize].balance
    }

    /// The account itself.
    pub fn account(&self, id: AccountId) -> &Account<F::Holder> {
        &self.accounts[id.0 as usize]
    }

    /// All accounts in the order they were opened.
    pub fn accounts(&self) -> &[Account<F::Holder>] {
        &self.accounts
    }

    /// What an account received less what it paid in this tick.
    pub fn net(&self, id: AccountId) -> i128 {
        let account = self.account(id);
        account.received - account.paid
    }

    /// Micro-dollars of this kind that went from one region to another in this tick.
    pub fn flow(&self, flow: F, from_region: usize, to_region: usize) -> i128 {
        self.matrix[(flow.index() * self.regions + from_region) * self.regions + to_region]
    }

    /// Micro-dollars of this kind paid by a region in this tick.
    pub fn paid_by(&self, flow: F, region: usize) -> i128 {
        (0..self.regions).map(|to| self.flow(flow, region, to)).sum()
    }

    /// Micro-dollars of this kind received by a region in this tick.
    pub fn received_by(&self, flow: F, region: usize) -> i128 {
        (0..self.regions).map(|from| self.flow(flow, from, region)).sum()
    }

    /// Micro-dollars moved since the founding.
    pub fn moved(&self) -> i128 {
        self.moved + self.paid.iter().sum::<i128>()
    }

    /// Micro-dollars that exist now less those that existed at the founding: zero, or a bug.
    pub fn discrepancy(&self) -> i128 {
        self.accounts.iter().map(|account| i128::from(account.balance.0)).sum::<i128>() - self.initial
    }

    /// Checks the money identities of the tick: the total, each flow's two sides and its row of the
    /// matrix, each account's change. Reports the first breach.
    pub fn audit(&self) -> Result<(), Leak> {
        let total = self.discrepancy();
        if total != 0 {
            // name the account that moved by itself, if one did
            self.audit_accounts()?;
            return Err(Leak { identity: "money: total", place: "all accounts".into(), size: total });
        }
        for &flow in F::ALL {
            let kind = flow.index();
            let sides = self.received[kind] - self.paid[kind];
            let cells = self.regions * self.regions;
            let matrix: i128 = self.matrix[kind * cells..(kind + 1) * cells].iter().sum();
            let size = if sides != 0 { sides } else { matrix - self.paid[kind] };
            if size != 0 {
                let place = flow.name().to_owned();
                return Err(Leak { identity: "money: payers and payees of a flow", place, size });
            }
        }
        self.audit_accounts()
    }

    fn audit_accounts(&self) -> Result<(), Leak> {
        for (index, account) in self.accounts.iter().enumerate() {
            let change = i128::from(account.balance.0) - i128::from(account.opening.0);
            let size = change - (account.received - account.paid);
            if size != 0 {
                let place = format!("account {index} ({} in region {})", account.sector.name(), account.region);
                return Err(Leak { identity: "money: change of an account", place, size });
            }
        }
        Ok(())
    }

    /// Closes the books of the tick.
    pub fn next_tick(&mut self) {
        self.moved = self.moved();
        for account in &mut self.accounts {
            account.opening = account.balance;
            account.paid = 0;
            account.received = 0;
        }
        self.matrix.fill(0);
        self.paid.fill(0);
        self.received.fill(0);
    }

    /// Puts money where it does not belong, so that a test can see the audit find it.
    pub fn plant(&mut self, leak: PlantedLeak<F>) {
        match leak {
            PlantedLeak::Balance(id, size) => self.accounts[id.0 as usize].balance.0 += size,
            PlantedLeak::Swap(one, other, size) => {
                self.accounts[one.0 as usize].balance.0 += size;
                self.accounts[other.0 as usize].balance.0 -= size;
            }
            PlantedLeak::OneSided(flow, size) => self.received[flow.index()] += i128::from(size),
        }
    }
}

/// A sum of amounts and one amount more. A sum of 2^64 amounts fits its integer, so that none needs a check.
#[inline]
fn add(sum: i128, amount: Money) -> i128 {
    sum.wrapping_add(i128::from(amount.0))
}

/// Faults a test can put into a ledger.
#[derive(Clone, Copy, Debug)]
pub enum PlantedLeak<F> {
    /// Money appears in an account.
    Balance(AccountId, i64),
    /// Money moves between accounts without a payment.
    Swap(AccountId, AccountId, i64),
    /// A payee is credited with more than the payer paid.
    OneSided(F, i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who holds accounts in these tests.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
    pub(super) enum Sector {
        Workers,
        Site,
        Rest,
    }

    impl Holder for Sector {
        fn name(self) -> &'static str {
            ["workers", "sites", "rest of economy"][self as usize]
        }
    }

    /// What is paid in these tests.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub(super) enum Flow {
        Wages,
        Energy,
    }

    impl FlowKind for Flow {
        type Holder = Sector;
        const ALL: &'static [Flow] = &[Flow::Wages, Flow::Energy];

        fn index(self) -> usize {
            self as usize
        }

        fn name(self) -> &'static str {
            ["wages", "energy"][self as usize]
        }

        fn payer(self) -> Sector {
            Sector::Site
        }

        fn payee(self) -> Sector {
            [Sector::Workers, Sector::Rest][self as usize]
        }
    }

    pub(super) fn two_accounts() -> (Ledger<Flow>, AccountId, AccountId) {
        let mut ledger = Ledger::new(2);
        let site = ledger.open(Sector::Site, 0, Money(1_000));
        let rest = ledger.open(Sector::Rest, 1, Money(50));
        (ledger, site, rest)
    }

    #[test]
    fn a_payment_moves_what_it_says() {
        let (mut ledger, site, rest) = two_accounts();
        ledger.pay(Flow::Energy, site, rest, Money(300));
        assert_eq!((ledger.balance(site), ledger.balance(rest)), (Money(700), Money(350)));
        assert_eq!(ledger.flow(Flow::Energy, 0, 1), 300);
        assert_eq!(ledger.audit(), Ok(()));
        ledger.next_tick();
        assert_eq!(ledger.flow(Flow::Energy, 0, 1), 0);
        assert_eq!(ledger.moved(), 300);
    }

    #[test]
    fn every_kind_of_money_leak_is_named_with_its_size() {
        let (mut ledger, site, _) = two_accounts();
        ledger.plant(PlantedLeak::Balance(site, 7));
        let leak = ledger.audit().unwrap_err();
        assert_eq!((leak.identity, leak.size), ("money: change of an account", 7));
        assert!(leak.place.contains("account 0"));

        let (mut ledger, site, rest) = two_accounts();
        ledger.plant(PlantedLeak::Swap(site, rest, 9));
        assert_eq!(ledger.audit().unwrap_err().size, 9);

        let (mut ledger, ..) = two_accounts();
        ledger.plant(PlantedLeak::OneSided(Flow::Wages, 3));
        let leak = ledger.audit().unwrap_err();
        assert_eq!((leak.place.as_str(), leak.size), ("wages", 3));
    }

    #[test]
    #[should_panic(expected = "wages paid by rest of economy")]
    fn a_payer_of_the_wrong_sector_is_refused() {
        let (mut ledger, site, rest) = two_accounts();
        ledger.pay(Flow::Wages, rest, site, Money(1));
    }
}
