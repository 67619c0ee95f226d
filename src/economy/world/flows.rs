//! Who holds money, and every kind of payment: who pays whom for what. To add one, write its line here and pay it.

use crate::ground::ledger::{self, FlowKind, Holder};
use serde::{Deserialize, Serialize};

/// The books of this economy.
pub type Ledger = ledger::Ledger<Flow>;

/// An account of them.
pub type Account = ledger::Account<Sector>;

/// A fault that a test can put into them.
pub type PlantedLeak = ledger::PlantedLeak<Flow>;

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

impl Holder for Sector {
    fn name(self) -> &'static str {
        Sector::name(self)
    }
}

impl FlowKind for Flow {
    type Holder = Sector;
    const ALL: &'static [Flow] = Flow::ALL;

    fn index(self) -> usize {
        self as usize
    }

    fn name(self) -> &'static str {
        Flow::name(self)
    }

    fn payer(self) -> Sector {
        Flow::payer(self)
    }

    fn payee(self) -> Sector {
        Flow::payee(self)
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
    WageSubsidy: Government -> Site, "wage subsidy where trade is lost";
    PayrollTax: Site -> Government, "payroll tax";
    Benefits: Site -> Rest, "benefits of employees";
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
    DataExportFee: Lab -> Government, "data export fee";
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
    GoodsTariff: Rest -> Government, "tariff on goods";
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
    Estates: Workers -> Rest, "what people leave behind";
    RoyaltiesOfLeavers: Fund -> Rest, "royalties of those who left";
    BuyersCharge: Rest -> Government, "charge on buyers";
    PublicPurchases: Government -> Rest, "public purchases";
    CapitalAccount: Rest -> Rest, "capital account";
}
