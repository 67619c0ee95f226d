//! Where the money is, and the one way to move it.
//!
//! Money is an integer count of micro-dollars. Every account belongs to a sector and a region; every
//! movement names its [`Flow`], which fixes the sectors of payer and payee. The ledger keeps the
//! transactions-flow matrix of the tick (flow x payer region x payee region) and, independently of
//! it, what each account paid and received, so that the two can be checked against each other.
//!
//! The wallets of workers are columns of their cohorts. A market's account here (a region's workers of
//! one occupation) is the control account of those columns: the audit demands that both agree to the
//! micro-dollar, every tick.

use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};

/// Micro-dollars per dollar.
pub const MICRO: f64 = 1_000_000.0;

/// An amount of money in micro-dollars.
///
/// ```
/// use handover::ground::ledger::Money;
///
/// let pay = Money::from_dollars(12.5);
/// assert_eq!(pay + pay, Money(25_000_000));
/// assert_eq!(pay.dollars(), 12.5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money(pub i64);

impl Money {
    /// No money.
    pub const ZERO: Money = Money(0);

    /// The one place where a float becomes money: rounds down to the micro-dollar.
    ///
    /// # Panics
    /// On NaN, infinities and amounts beyond 9.2 trillion dollars: those are bugs of the model, and a
    /// saturated amount would be a silent lie.
    pub fn from_dollars(dollars: f64) -> Money {
        let micro = dollars * MICRO;
        assert!(micro.abs() < 9.2e18, "{dollars} dollars is not an amount of money");
        #[allow(clippy::cast_possible_truncation)]
        let towards_zero = micro as i64;
        // rounding down by hand: plain processors have no instruction for it
        let micro = towards_zero - i64::from(towards_zero as f64 > micro);
        Money(micro)
    }

    /// As dollars, for reports and for ratios; never to be turned back.
    pub fn dollars(self) -> f64 {
        self.0 as f64 / MICRO
    }

    /// The part `share` of this amount, rounded down; the remainder stays where it was. The share is
    /// taken to the nearest 2^-40, so that parts are integer arithmetic whatever the amount.
    pub fn part(self, share: f64) -> Money {
        assert!((0.0..1e6).contains(&share), "{share} is not a share of an amount");
        #[allow(clippy::cast_possible_truncation)]
        let share = (share * 1_099_511_627_776.0).round() as i64;
        let part = (i128::from(self.0) * i128::from(share)) >> 40;
        Money(i64::try_from(part).expect("a part of an amount fits an account"))
    }

    /// The part `weight / total` of this amount, exact and rounded down.
    pub fn split(self, weight: i128, total: i128) -> Money {
        if total == 0 {
            return Money::ZERO;
        }
        let part = (i128::from(self.0) * weight).div_euclid(total);
        Money(i64::try_from(part).expect("a part of an amount is no larger than an account"))
    }

    /// Zero if negative.
    pub fn or_zero(self) -> Money {
        Money(self.0.max(0))
    }
}

impl std::ops::Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl std::ops::Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl std::ops::AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.0 += other.0;
    }
}

impl std::ops::SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        self.0 -= other.0;
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, |sum, amount| sum + amount)
    }
}

/// Who holds an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    /// The workers of one region and occupation.
    Workers,
    /// A factory, warehouse or depot.
    Site,
    /// A lab that turns hours into models.
    Lab,
    /// A maker of robots.
    Maker,
    /// A region's government.
    Government,
    /// A region's rest of the economy: households, firms and banks that are not agents.
    Rest,
    /// A lab's royalty fund.
    Fund,
}

impl Sector {
    /// The word used in tables.
    pub fn name(self) -> &'static str {
        match self {
            Sector::Workers => "workers",
            Sector::Site => "sites",
            Sector::Lab => "labs",
            Sector::Maker => "robot makers",
            Sector::Government => "government",
            Sector::Rest => "rest of economy",
            Sector::Fund => "royalty fund",
        }
    }
}

macro_rules! flows {
    ($($(#[$meta:meta])* $name:ident : $from:ident -> $to:ident, $word:literal;)*) => {
        /// What a payment is for. Each kind has one sector that pays and one that is paid.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Flow { $($(#[$meta])* #[doc = concat!($word, ".")] $name,)* }

        impl Flow {
            /// Every kind, in the order of the settlement.
            pub const ALL: &'static [Flow] = &[$(Flow::$name,)*];

            /// The words used in tables.
            pub fn name(self) -> &'static str {
                match self { $(Flow::$name => $word,)* }
            }

            /// The sector that pays.
            pub fn payer(self) -> Sector {
                match self { $(Flow::$name => Sector::$from,)* }
            }

            /// The sector that is paid.
            pub fn payee(self) -> Sector {
                match self { $(Flow::$name => Sector::$to,)* }
            }
        }
    };
}

flows! {
    Wages: Site -> Workers, "wages";
    PayrollTax: Site -> Government, "payroll tax";
    IncomeTax: Workers -> Government, "income tax";
    Supervision: Site -> Rest, "supervision of robots";
    HandCosts: Site -> Rest, "non-labour cost of work by hand";
    OtherCosts: Site -> Rest, "other cost of a unit";
    OutsideWages: Rest -> Workers, "wages outside";
    Insurance: Government -> Workers, "unemployment insurance";
    Stipends: Government -> Workers, "training stipends";
    Courses: Government -> Rest, "training courses";
    SiteFees: Lab -> Site, "site fees for footage";
    CapturePayLab: Lab -> Site, "capture pay passed on";
    CapturePay: Site -> Workers, "capture pay";
    Vendor: Lab -> Rest, "the data vendor's remainder";
    Cameras: Site -> Rest, "cameras";
    QualityControl: Lab -> Rest, "quality control of footage";
    Compute: Lab -> Rest, "compute";
    DataLevy: Lab -> Government, "data levy";
    BanPenalty: Site -> Government, "ban penalties";
    Robots: Site -> Maker, "robots";
    RobotTax: Site -> Government, "robot tax";
    RobotTariff: Site -> Government, "tariff on robots";
    RobotCosts: Maker -> Rest, "cost of making robots";
    Maintenance: Site -> Rest, "maintenance of robots";
    Energy: Site -> Rest, "energy of robots";
    Subscriptions: Site -> Lab, "software subscriptions";
    Licences: Site -> Lab, "robot licences";
    RoyaltiesDue: Lab -> Fund, "royalties due";
    RoyaltyCosts: Fund -> Rest, "cost of collecting royalties";
    Royalties: Fund -> Workers, "royalties";
    Sales: Rest -> Site, "sales";
    Consumption: Workers -> Rest, "consumption";
    SiteTax: Site -> Government, "corporate tax of sites";
    LabTax: Lab -> Government, "corporate tax of labs";
    MakerTax: Maker -> Government, "corporate tax of robot makers";
    SiteDividends: Site -> Rest, "dividends of sites";
    LabDividends: Lab -> Rest, "dividends of labs";
    MakerDividends: Maker -> Rest, "dividends of robot makers";
    SiteRescue: Rest -> Site, "owners' money for sites";
    LabRescue: Rest -> Lab, "owners' money for labs";
    MakerRescue: Rest -> Maker, "owners' money for robot makers";
    CitizenDividend: Government -> Workers, "citizen dividend";
    WageInsurance: Government -> Workers, "wage insurance";
    Recycling: Government -> Workers, "robot tax and levies handed back";
    PublicPurchases: Government -> Rest, "public purchases";
    CapitalAccount: Rest -> Rest, "capital account";
}

/// Names an account of the [`Ledger`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub u32);

/// One account: what it held when the tick began, and what it paid and received since.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Who holds it.
    pub sector: Sector,
    /// Index of the holder's region.
    pub region: usize,
    /// What it holds now.
    pub balance: Money,
    /// What it held when the tick began.
    pub opening: Money,
    paid: i128,
    received: i128,
}

impl Account {
    /// Dollars paid since the tick began.
    pub fn paid_dollars(&self) -> f64 {
        self.paid as f64 / MICRO
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
/// use handover::ground::ledger::{Flow, Ledger, Money, Sector};
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
pub struct Ledger {
    accounts: Vec<Account>,
    regions: usize,
    /// flow x payer region x payee region
    matrix: Vec<i128>,
    paid: Vec<i128>,
    received: Vec<i128>,
    initial: i128,
    moved: i128,
}

impl Ledger {
    /// An empty ledger for a world of this many regions.
    pub fn new(regions: usize) -> Self {
        let flows = Flow::ALL.len();
        Ledger {
            accounts: Vec::new(),
            regions,
            matrix: vec![0; flows * regions * regions],
            paid: vec![0; flows],
            received: vec![0; flows],
            initial: 0,
            moved: 0,
        }
    }

    /// Opens an account with money that exists from the start.
    pub fn open(&mut self, sector: Sector, region: usize, balance: Money) -> AccountId {
        let id = u32::try_from(self.accounts.len()).expect("fewer accounts than 2^32");
        self.initial += i128::from(balance.0);
        self.accounts.push(Account { sector, region, balance, opening: balance, paid: 0, received: 0 });
        AccountId(id)
    }

    /// The one way to move money. The account of the payer may go below zero within a tick; owners
    /// make good at its end.
    ///
    /// # Panics
    /// If the amount is negative or an account's sector is not the one the flow names: both are bugs.
    pub fn pay(&mut self, flow: Flow, from: AccountId, to: AccountId, amount: Money) {
        if amount == Money::ZERO {
            return;
        }
        assert!(amount.0 > 0, "{} of {} micro-dollars", flow.name(), amount.0);
        let value = i128::from(amount.0);
        let kind = flow as usize;

        let payer = &mut self.accounts[from.0 as usize];
        assert!(payer.sector == flow.payer(), "{} paid by {}", flow.name(), payer.sector.name());
        payer.balance -= amount;
        payer.paid += value;
        let from_region = payer.region;
        self.paid[kind] += value;

        let payee = &mut self.accounts[to.0 as usize];
        assert!(payee.sector == flow.payee(), "{} paid to {}", flow.name(), payee.sector.name());
        payee.balance += amount;
        payee.received += value;
        let to_region = payee.region;
        self.received[kind] += value;

        self.matrix[(kind * self.regions + from_region) * self.regions + to_region] += value;
        self.moved += value;
    }

    /// What an account holds.
    pub fn balance(&self, id: AccountId) -> Money {
        self.accounts[id.0 as usize].balance
    }

    /// The account itself.
    pub fn account(&self, id: AccountId) -> &Account {
        &self.accounts[id.0 as usize]
    }

    /// All accounts in the order they were opened.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// What an account received less what it paid in this tick.
    pub fn net(&self, id: AccountId) -> i128 {
        let account = self.account(id);
        account.received - account.paid
    }

    /// Micro-dollars of this kind that went from one region to another in this tick.
    pub fn flow(&self, flow: Flow, from_region: usize, to_region: usize) -> i128 {
        self.matrix[(flow as usize * self.regions + from_region) * self.regions + to_region]
    }

    /// Micro-dollars of this kind paid by a region in this tick.
    pub fn paid_by(&self, flow: Flow, region: usize) -> i128 {
        (0..self.regions).map(|to| self.flow(flow, region, to)).sum()
    }

    /// Micro-dollars of this kind received by a region in this tick.
    pub fn received_by(&self, flow: Flow, region: usize) -> i128 {
        (0..self.regions).map(|from| self.flow(flow, from, region)).sum()
    }

    /// Micro-dollars moved since the founding.
    pub fn moved(&self) -> i128 {
        self.moved
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
        for &flow in Flow::ALL {
            let kind = flow as usize;
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
    pub fn plant(&mut self, leak: PlantedLeak) {
        match leak {
            PlantedLeak::Balance(id, size) => self.accounts[id.0 as usize].balance.0 += size,
            PlantedLeak::Swap(one, other, size) => {
                self.accounts[one.0 as usize].balance.0 += size;
                self.accounts[other.0 as usize].balance.0 -= size;
            }
            PlantedLeak::OneSided(flow, size) => self.received[flow as usize] += i128::from(size),
        }
    }
}

/// Faults a test can put into a ledger.
#[derive(Clone, Copy, Debug)]
pub enum PlantedLeak {
    /// Money appears in an account.
    Balance(AccountId, i64),
    /// Money moves between accounts without a payment.
    Swap(AccountId, AccountId, i64),
    /// A payee is credited with more than the payer paid.
    OneSided(Flow, i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_accounts() -> (Ledger, AccountId, AccountId) {
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

    #[test]
    fn a_split_leaves_the_remainder_with_the_payer() {
        // 100 in thirds is 33 + 33 + 33, and 1 stays
        assert_eq!(Money(100).split(1, 3), Money(33));
        assert_eq!(Money(100).split(1, 0), Money(0));
        assert_eq!(Money::from_dollars(2.5), Money(2_500_000));
    }

    #[test]
    #[should_panic(expected = "not an amount of money")]
    fn what_is_not_a_number_never_becomes_money() {
        let _ = Money::from_dollars(f64::NAN);
    }
}
