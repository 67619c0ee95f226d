//! Many payments of a kind together: entered in the accounts of firms at once, in those of regions when they are all in.

use super::{AccountId, FlowKind, Ledger};
use crate::ground::money::Money;

/// Payments of one kind between many accounts and the one account that a region has for them: those of all firms to the
/// rest of their economies, say.
///
/// What a firm pays or is paid is entered in its account at once, what the account of a region is paid or pays together,
/// when the batch is closed. Each side is counted by itself, as it is of single payments: a batch that is never closed is
/// a leak that the audit finds.
///
/// ```
/// use handover::economy::world::flows::{Flow, Ledger, Sector};
/// use handover::ground::money::Money;
///
/// let mut ledger = Ledger::new(1);
/// let sites = [7, 8].map(|cents| ledger.open(Sector::Site, 0, Money(cents)));
/// let rest = ledger.open(Sector::Rest, 0, Money::ZERO);
/// let mut costs = ledger.batch(Flow::OtherCosts);
/// for site in sites {
///     costs.pay(&mut ledger, site, 0, Money(5));
/// }
/// assert!(ledger.audit().is_err());
/// costs.credit_all(&mut ledger, |_| rest);
/// assert_eq!((ledger.balance(rest), ledger.flow(Flow::OtherCosts, 0, 0)), (Money(10), 10));
/// assert!(ledger.audit().is_ok());
/// ```
#[derive(Debug)]
#[must_use = "a batch that is not closed is a leak"]
pub struct Batch<F: FlowKind> {
    flow: F,
    regions: usize,
    /// By region of the payer and of the payee.
    sums: Vec<Money>,
}

impl<F: FlowKind> Batch<F> {
    /// An empty one, in a world of so many regions.
    pub(super) fn of(flow: F, regions: usize) -> Self {
        Batch { flow, regions, sums: vec![Money::ZERO; regions * regions] }
    }

    /// An account pays an amount to the account of a region, which receives it when the batch is closed.
    ///
    /// # Panics
    /// As [`Ledger::pay`] does, here and where it is closed.
    #[inline]
    pub fn pay(&mut self, ledger: &mut Ledger<F>, from: AccountId, to_region: usize, amount: Money) {
        if amount != Money::ZERO {
            let from_region = ledger.debit(self.flow, from, amount);
            self.sums[from_region.wrapping_mul(self.regions).wrapping_add(to_region)] += amount;
        }
    }

    /// An account is paid an amount by the account of a region, which pays it when the batch is closed.
    ///
    /// # Panics
    /// As [`Ledger::pay`] does, here and where it is closed.
    #[inline]
    pub fn receive(&mut self, ledger: &mut Ledger<F>, from_region: usize, to: AccountId, amount: Money) {
        if amount != Money::ZERO {
            let to_region = ledger.credit(self.flow, to, amount);
            self.sums[from_region.wrapping_mul(self.regions).wrapping_add(to_region)] += amount;
        }
    }

    /// An account pays to the account of each region what stands in its place of `amounts`: see [`Batch::pay`].
    #[inline]
    pub fn pay_each(&mut self, ledger: &mut Ledger<F>, from: AccountId, amounts: &[Money]) {
        let sum = sum_of(amounts);
        if sum != Money::ZERO {
            let row = ledger.debit(self.flow, from, sum).wrapping_mul(self.regions);
            self.sums[row..].iter_mut().zip(amounts).for_each(|(sum, &amount)| *sum += amount);
        }
    }

    /// An account is paid by the account of each region what stands in its place of `amounts`: see [`Batch::receive`].
    #[inline]
    pub fn receive_each(&mut self, ledger: &mut Ledger<F>, to: AccountId, amounts: &[Money]) {
        let sum = sum_of(amounts);
        if sum != Money::ZERO {
            let region = ledger.credit(self.flow, to, sum);
            let column = self.sums.iter_mut().skip(region).step_by(self.regions);
            column.zip(amounts).for_each(|(sum, &amount)| *sum += amount);
        }
    }

    /// Closes a batch of payments to the accounts of the regions.
    pub fn credit_all(self, ledger: &mut Ledger<F>, account: impl Fn(usize) -> AccountId) {
        self.close(|flow, (from, to), sum| {
            ledger.credit(flow, account(to), sum);
            ledger.enter(flow, from, to, sum);
        });
    }

    /// Closes a batch of payments by the accounts of the regions.
    pub fn debit_all(self, ledger: &mut Ledger<F>, account: impl Fn(usize) -> AccountId) {
        self.close(|flow, (from, to), sum| {
            ledger.debit(flow, account(from), sum);
            ledger.enter(flow, from, to, sum);
        });
    }

    fn close(self, mut enter: impl FnMut(F, (usize, usize), Money)) {
        for (cell, sum) in self.sums.into_iter().enumerate().filter(|(_, sum)| *sum != Money::ZERO) {
            enter(self.flow, (cell / self.regions, cell % self.regions), sum);
        }
    }
}

/// Some amounts together; none is below zero.
#[inline]
fn sum_of(amounts: &[Money]) -> Money {
    // a union of bits has the sign of any of them
    assert!(amounts.iter().fold(0, |bits, amount| bits | amount.0) >= 0, "an amount below zero among {amounts:?}");
    amounts.iter().copied().sum()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Flow, Sector, two_accounts};
    use super::*;

    #[test]
    fn a_batch_leaves_what_its_payments_leave_one_by_one() {
        let (mut one_by_one, site, rest) = two_accounts();
        let mut together = one_by_one.clone();
        let mut batch = together.batch(Flow::Energy);
        for amount in [300, 0, 12] {
            one_by_one.pay(Flow::Energy, site, rest, Money(amount));
            batch.pay(&mut together, site, 1, Money(amount));
        }
        // the site has paid, and nobody was paid yet
        let leak = together.audit().unwrap_err();
        assert_eq!((leak.identity, leak.size), ("money: total", -312));
        batch.credit_all(&mut together, |_| rest);
        assert_eq!(together.audit(), Ok(()));
        let state = |ledger: &Ledger<Flow>| serde_json::to_string(ledger).unwrap();
        assert_eq!(state(&together), state(&one_by_one));
        assert_eq!((together.flow(Flow::Energy, 0, 1), together.moved()), (312, 312));
    }

    #[test]
    fn what_is_paid_to_each_region_is_what_is_paid_one_by_one() {
        let (mut one_by_one, _, home) = two_accounts();
        let (site, rest) = (one_by_one.open(Sector::Site, 1, Money(70)), one_by_one.open(Sector::Rest, 0, Money(9)));
        let mut together = one_by_one.clone();
        let mut batch = one_by_one.batch(Flow::Energy);
        batch.pay(&mut one_by_one, site, 0, Money(3));
        batch.pay(&mut one_by_one, site, 1, Money(4));
        batch.credit_all(&mut one_by_one, |region| [rest, home][region]);
        let mut batch = together.batch(Flow::Energy);
        batch.pay_each(&mut together, site, &[Money(3), Money(4)]);
        batch.credit_all(&mut together, |region| [rest, home][region]);
        let state = |ledger: &Ledger<Flow>| serde_json::to_string(ledger).unwrap();
        assert_eq!(state(&together), state(&one_by_one));
        // and what is received from each
        let mut batch = one_by_one.batch(Flow::Energy);
        batch.receive(&mut one_by_one, 0, home, Money(3));
        batch.receive(&mut one_by_one, 1, home, Money(4));
        batch.debit_all(&mut one_by_one, |_| site);
        let mut batch = together.batch(Flow::Energy);
        batch.receive_each(&mut together, home, &[Money(3), Money(4)]);
        batch.debit_all(&mut together, |_| site);
        assert_eq!(state(&together), state(&one_by_one));
    }

    #[test]
    #[should_panic(expected = "energy paid to sites")]
    fn a_batch_for_an_account_of_the_wrong_sector_is_refused() {
        let (mut ledger, site, _) = two_accounts();
        let mut batch = ledger.batch(Flow::Energy);
        batch.pay(&mut ledger, site, 0, Money(1));
        batch.credit_all(&mut ledger, |_| site);
    }
}
