//! The lines of the account: which payments each adds up, and whose they are.

use crate::economy::world::flows::Flow::{self, *};
use crate::ground::list::Listed;
use crate::observe::indicators::Metric;

crate::listed! {
    /// Who gains or loses. The displaced, the never hired and the persons are among the workers, and counted there.
    Group, "group":
    /// Customers of sites: households and firms that buy goods, warehousing and delivery.
    Buyers,
    /// Workers whose work is recorded: pay for footage and royalties, nothing else.
    Filmed,
    /// All workers: wages, and what governments pay them and take; not what they earn by being filmed.
    Workers,
    /// Of the workers, those whom robots displaced.
    Displaced,
    /// Of the workers, those who entered and never worked at any site.
    NeverHired,
    /// Profit of labs after tax, where the lab is at home.
    Labs = "lab_owners",
    /// Profit of factories, warehouses and depots after tax, where the site is.
    Sites = "site_owners",
    /// Profit of makers of robots after tax, where the maker is at home.
    Makers = "robot_makers",
    /// Taxes, levies and penalties less what is paid for people, courses and subsidies.
    Governments,
    /// Everybody who is no agent: suppliers, customers as payers, other employers; and what is held in funds.
    Others,
}

/// What a line is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Made {
    /// Payments: what the group receives, and what it pays. All such lines add up to nothing over the world.
    Of(&'static [Flow], &'static [Flow]),
    /// The same, but what a group does with its money and no gain or loss of it.
    Use(&'static [Flow], &'static [Flow]),
    /// A stock of dollars since the start that is no payment; with the item and the sign it has.
    Shown(Metric, &'static str, f64),
    /// The same of dollars that lines of payments hold already.
    Within(Metric, &'static str, f64),
    /// Persons.
    Persons(Metric),
}

macro_rules! lines {
    ($($line:ident = $word:literal, $group:ident, $made:expr;)*) => {
        crate::listed! {
            /// A line of the account.
            Line, "line":
            $(#[doc = concat!($word, ".")] $line = $word,)*
        }

        impl Line {
            /// Whose line it is.
            pub fn group(self) -> Group {
                match self { $(Line::$line => Group::$group,)* }
            }

            /// What it is made of.
            pub fn made(self) -> Made {
                match self { $(Line::$line => $made,)* }
            }
        }
    };
}

lines! {
    LowerPrices = "lower prices", Buyers, Made::Shown(Metric::BuyersGainTotal, "all", 1.0);
    Charge = "charge on what they buy", Buyers, Made::Of(&[], &[BuyersCharge]);
    CapturePay = "pay for footage", Filmed, Made::Of(&[CapturePay], &[]);
    Royalties = "royalties received", Filmed, Made::Of(&[Royalties], &[]);
    Contributors = "persons ever filmed", Filmed, Made::Persons(Metric::Contributors);
    SiteWages = "wages at sites", Workers, Made::Of(&[Wages], &[]);
    OtherWages = "wages in other services", Workers, Made::Of(&[OutsideWages], &[]);
    Benefits = "insurance, stipends, dividends", Workers,
        Made::Of(&[Insurance, Stipends, CitizenDividend, WageInsurance, Recycling], &[]);
    IncomeTaxes = "income tax", Workers, Made::Of(&[], &[IncomeTax]);
    PayLost = "pay lost", Displaced, Made::Within(Metric::IncomeLost, "displaced", -1.0);
    MadeGood = "received instead", Displaced, Made::Within(Metric::ReceivedInstead, "displaced", 1.0);
    EverDisplaced = "persons displaced", Displaced, Made::Persons(Metric::DisplacedTotal);
    NotHired = "persons never hired", NeverHired, Made::Persons(Metric::NeverHired);
    LicencesSold = "licences and subscriptions", Labs, Made::Of(&[Licences, Subscriptions], &[]);
    HoursBought = "hours of footage", Labs,
        Made::Of(&[], &[SiteFees, CapturePayLab, Vendor, QualityControl, Compute, DataLevy, DataExportFee]);
    RoyaltiesOwed = "royalties", Labs, Made::Of(&[], &[RoyaltiesDue]);
    LabTaxes = "corporate tax of labs", Labs, Made::Of(&[], &[LabTax]);
    SitesSell = "sales", Sites, Made::Of(&[Sales], &[]);
    SitesEmploy = "wages, payroll tax, benefits", Sites, Made::Of(&[WageSubsidy], &[Wages, PayrollTax, Benefits]);
    SitesUseRobots = "robots and their software", Sites,
        Made::Of(&[], &[Robots, RobotTax, RobotTariff, Maintenance, Energy, Supervision, Licences, Subscriptions]);
    SitesBuy = "other costs", Sites, Made::Of(&[], &[HandCosts, OtherCosts]);
    SitesFilm = "footage", Sites, Made::Of(&[SiteFees, CapturePayLab], &[CapturePay, Cameras, BanPenalty]);
    SiteTaxes = "corporate tax of sites", Sites, Made::Of(&[], &[SiteTax]);
    RobotsSold = "robots sold", Makers, Made::Of(&[Robots], &[]);
    RobotsMade = "cost of robots sold", Makers, Made::Of(&[], &[RobotCosts]);
    MakerTaxes = "corporate tax of makers", Makers, Made::Of(&[], &[MakerTax]);
    TaxesReceived = "taxes, levies, penalties", Governments, Made::Of(
        &[
            PayrollTax, IncomeTax, SiteTax, LabTax, MakerTax, RobotTax, RobotTariff, GoodsTariff, DataLevy, BanPenalty,
            DataExportFee, BuyersCharge,
        ],
        &[],
    );
    PaidForPeople = "paid to people, for courses, as subsidies", Governments,
        Made::Of(&[], &[Insurance, Stipends, CitizenDividend, WageInsurance, Recycling, WageSubsidy, Courses]);
    WorkersSpend = "workers spend and leave behind", Others, Made::Use(&[], &[Consumption, Estates]);
    GovernmentsBuy = "governments buy", Others, Made::Use(&[], &[PublicPurchases]);
    Funds = "royalty funds hold", Others,
        Made::Use(&[RoyaltiesDue], &[RoyaltyCosts, Royalties, RoyaltiesOfLeavers]);
    CustomersPay = "customers pay", Others, Made::Use(&[], &[Sales, GoodsTariff]);
    SuppliersSell = "suppliers sell", Others, Made::Use(
        &[
            Supervision, HandCosts, OtherCosts, Vendor, Cameras, QualityControl, Compute, RobotCosts, Maintenance,
            Energy, RoyaltyCosts, Courses, Benefits,
        ],
        &[],
    );
    OthersTrade = "other services sell and employ", Others,
        Made::Use(&[Consumption, Estates, RoyaltiesOfLeavers, PublicPurchases], &[OutsideWages]);
    RegionsLend = "borrowed from other regions", Others, Made::Use(&[CapitalAccount], &[CapitalAccount]);
}

/// Payments that are received, and payments that are paid.
pub type Ends = (&'static [Flow], &'static [Flow]);

/// Payments between firms and their owners: a profit is a gain when it is made, not again when it is paid out.
pub const BETWEEN_OWNERS: [Flow; 6] = [SiteDividends, LabDividends, MakerDividends, SiteRescue, LabRescue, MakerRescue];

impl Line {
    /// What the group receives and what it pays, if the line is one of payments.
    pub fn payments(self) -> Option<Ends> {
        match self.made() {
            Made::Of(received, paid) | Made::Use(received, paid) => Some((received, paid)),
            Made::Shown(..) | Made::Within(..) | Made::Persons(_) => None,
        }
    }

    /// Does it count in what its group gains or loses?
    pub fn is_gain(self) -> bool {
        matches!(self.made(), Made::Of(..) | Made::Shown(..) | Made::Within(..))
    }

    /// Its unit.
    pub fn unit(self) -> &'static str {
        if let Made::Persons(_) = self.made() { "persons" } else { "USD" }
    }

    /// What kind of line it is, in a word of the tables.
    pub fn kind(self) -> &'static str {
        match self.made() {
            Made::Of(..) => "payment",
            Made::Use(..) => "use",
            Made::Shown(..) => "no payment",
            Made::Within(..) => "counted among workers",
            Made::Persons(_) => "persons",
        }
    }

    /// The lines of a group, in their order.
    pub fn of(group: Group) -> impl Iterator<Item = Line> {
        Line::ALL.iter().copied().filter(move |line| line.group() == group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::world::flows::Sector;

    /// Every payment has two ends, and each end is in one line, whatever is added to the list of payments.
    #[test]
    fn both_ends_of_every_payment_are_in_one_line_each() {
        for &flow in Flow::ALL {
            let count = |pick: fn(Ends) -> &'static [Flow]| {
                let lists = Line::ALL.iter().filter_map(|line| line.payments()).map(pick);
                lists.flatten().filter(|&&listed| listed == flow).count()
            };
            let wanted = usize::from(!BETWEEN_OWNERS.contains(&flow));
            let found = [count(|lists| lists.0), count(|lists| lists.1)];
            assert_eq!(found, [wanted; 2], "{flow:?}: received and paid in the lines of src/observe/gains/lines.rs");
        }
    }

    /// A line holds no end of a payment that belongs to somebody else.
    #[test]
    fn the_lines_of_a_group_are_payments_of_its_sector() {
        for &line in Line::ALL {
            let sector = match line.group() {
                Group::Filmed | Group::Workers => Sector::Workers,
                Group::Labs => Sector::Lab,
                Group::Sites => Sector::Site,
                Group::Makers => Sector::Maker,
                Group::Governments => Sector::Government,
                Group::Buyers => Sector::Rest,
                Group::Displaced | Group::NeverHired | Group::Others => continue,
            };
            let Some((received, paid)) = line.payments() else { continue };
            assert!(received.iter().all(|flow| flow.payee() == sector), "{line:?}");
            assert!(paid.iter().all(|flow| flow.payer() == sector), "{line:?}");
        }
    }
}
