//! What is measured: the closed list of metrics, each with its word, unit and meaning.

use crate::ground::list::Listed;
use std::fmt;
use std::str::FromStr;

macro_rules! metrics {
    ($($metric:ident = $word:literal, $unit:literal, $is_flow:literal, $about:literal;)*) => {
        $crate::listed! {
            /// What is measured. Stocks are what they are at the end of the recorded tick; flows are means per week
            /// over the interval since the last record.
            ///
            /// ```
            /// use handover::observe::indicators::Metric;
            ///
            /// assert_eq!(Metric::UnemploymentRate.to_string(), "unemployment_rate");
            /// assert_eq!(Metric::UnemploymentRate.unit(), "share");
            /// let misspelt = "unemployment_rat".parse::<Metric>().unwrap_err();
            /// assert_eq!(
            ///     misspelt.to_string(),
            ///     "there is no metric \"unemployment_rat\"; did you mean \"unemployment_rate\"?"
            /// );
            /// ```
            Metric, "metric":
            $(#[doc = concat!($about, "; ", $unit)] $metric = $word,)*
        }

        impl Metric {
            /// Its unit.
            pub fn unit(self) -> &'static str {
                match self { $(Metric::$metric => $unit,)* }
            }

            /// Is it a flow, which adds up over time?
            pub fn is_flow(self) -> bool {
                match self { $(Metric::$metric => $is_flow,)* }
            }

            /// What it means, in words.
            pub fn about(self) -> &'static str {
                match self { $(Metric::$metric => $about,)* }
            }
        }
    };
}

metrics! {
    Employed = "employed", "persons", false, "at work at sites";
    Unemployed = "unemployed", "persons", false, "looking for work";
    UnemployedOver52Weeks = "unemployed_over_52_weeks", "persons", false, "looking for work for more than 52 weeks";
    Outside = "outside", "persons", false, "in jobs in other services";
    Training = "training", "persons", false, "attending a course";
    Vacancies = "vacancies", "persons", false, "open vacancies";
    UnemploymentRate = "unemployment_rate", "share", false, "unemployed per person of the labour force";
    Hires = "hires", "persons/week", true, "hired into sites";
    LaidOff = "laid_off", "persons/week", true, "given notice for ordinary reasons";
    Displaced = "displaced", "persons/week", true, "given notice because robots had absorbed their work";
    Dismissed = "dismissed", "persons/week", true, "dismissed for refusing the camera";
    Entered = "entered", "persons/week", true, "entered the working population";
    LeftForGood = "left_for_good", "persons/week", true, "left the working population";
    NeverHired = "never_hired", "persons", false, "entered and have not worked at any site yet";
    DisplacedTotal = "displaced_total", "persons", false, "displaced since the start";
    ReemployedTotal = "reemployed_total", "persons", false, "displaced since the start who found work again";
    DisplacedWithoutWork = "displaced_without_work", "persons", false, "displaced, unemployed or on a course";
    Absorbed = "absorbed", "full-time equivalents", false, "work done by robots beyond the start, in full-time equivalents";
    Wage = "wage", "USD/month", false, "wage of a mean worker";
    WageMedian = "wage_median", "USD/month", false, "median pay of those at work at sites";
    Scar = "scar", "share", false, "mean loss of pay of the displaced";
    PovertyShare = "poverty_share", "share", false, "income below half of the median at the start";
    GiniWealth = "gini_wealth", "index", false, "Gini coefficient of wallets";
    GiniIncome = "gini_income", "index", false, "Gini coefficient of weekly income";
    WalletMean = "wallet_mean", "USD", false, "mean wallet";
    LabourShare = "labour_share", "share", false, "wages and payroll tax per dollar of value added at sites; its level follows from assumed margins, is no measurement, and is no finding";
    Consumption = "consumption", "USD/week", true, "consumption of workers";
    DemandIndex = "demand_index", "index", false, "demand from consumption, 1 at the start";
    RawHours = "raw_hours", "hours/week", true, "hours filmed";
    AcceptedHours = "accepted_hours", "hours/week", true, "hours accepted";
    FilmingSites = "filming_sites", "sites", false, "sites in the programme";
    FilmedWorkers = "filmed_workers", "persons", false, "filmed this week";
    RefusingShare = "refusing_share", "share", false, "of those asked, refuse";
    CapturePay = "capture_pay", "USD/hour", false, "mean offer at filming sites";
    HourWorth = "hour_worth", "USD/hour", false, "worth of a raw hour to the lab it is recorded for, mean over the willing at filming sites; only where labs value hours";
    HourCost = "hour_cost", "USD/hour", false, "cost of a raw hour to that lab, mean over the same; only where labs value hours";
    NewsLeft = "news_left", "share", false, "of what there is to see at filming sites, not seen by their lab, mean over the same; only where labs value hours";
    ExpectedRoyalty = "expected_royalty", "USD/hour", false, "royalty that a recorded hour may expect";
    Contributors = "contributors", "persons", false, "have ever recorded an accepted hour";
    EffectiveHours = "effective_hours", "hours", false, "effective hours of a lab at its last release";
    Capability = "capability", "share", false, "success on one sub-task, released models";
    FeasibleShare = "feasible_share", "share", false, "of jobs, robots could do";
    HumanShare = "human_share", "share", false, "of effective hours, recorded by people";
    RivalLabs = "rival_labs", "labs", false, "labs near the best one, where labs compete";
    LicenceShare = "licence_share", "share", false, "licence, of the cost by hand, where labs compete";
    OpenRoutes = "open_routes", "share", false, "of routes, open to robots";
    Fleet = "fleet", "robots", false, "robots at sites";
    RobotsOrdered = "robots_ordered", "robots/week", true, "robots delivered";
    OrdersPlaced = "orders_placed", "robots/week", true, "robots ordered, where makers have order books";
    OrdersCancelled = "orders_cancelled", "robots/week", true, "orders given up, where makers have order books";
    OrdersWaiting = "orders_waiting", "robots", false, "robots ordered and not yet delivered, where makers have order books";
    RobotsMade = "robots_made", "robots/week", true, "robots delivered by the makers at home in the region, where they have order books";
    MakingCapacity = "making_capacity", "robots/year", false, "robots that the makers at home in the region can make, where they have order books";
    Uptime = "uptime", "share", false, "of robots, up";
    Utilisation = "utilisation", "share", false, "of the capacity of robots that are up, used";
    Payback = "payback", "years", false, "payback of the mean saving of a robot, over sites by work";
    RobotPrice = "robot_price", "USD", false, "price of a robot";
    Arrivals = "arrivals", "units/week", true, "jobs that arrived";
    DoneByRobots = "done_by_robots", "units/week", true, "jobs done by robots";
    DoneByPeople = "done_by_people", "units/week", true, "jobs done by people";
    RobotShare = "robot_share", "share", false, "of jobs done, done by robots";
    Backlog = "backlog", "units", false, "jobs waiting";
    LeadTime = "lead_time", "weeks", false, "from arrival to completion";
    CostByHand = "cost_by_hand", "USD/unit", false, "cost of a unit by hand";
    CostByRobot = "cost_by_robot", "USD/unit", false, "cost of a unit by robot, capital included";
    UnitCost = "unit_cost", "USD/unit", false, "mean cost of a unit";
    Price = "price", "USD/unit", false, "price of a unit";
    PriceIndex = "price_index", "index", false, "prices of what a region's factories, warehouses and depots sell, as customers know them, and of the factories' goods it buys; 1 at the start";
    HomeShare = "home_share", "share", false, "of what the region's factories sell, sold at home";
    OriginShare = "origin_share", "share", false, "of the factories' goods that the region buys, by region of origin";
    Imports = "imports", "USD/week", true, "factories' goods bought from another region";
    JobsByTrade = "jobs_by_trade", "full-time equivalents", false, "factory work that the region has beyond what it would have with the shares of trade of the start, robots apart";
    BuyersGain = "buyers_gain", "USD/week", true, "what buyers gain by prices that are lower than at the start";
    BuyersGainTotal = "buyers_gain_total", "USD", false, "gained by buyers since the start";
    Oee = "oee", "share", false, "availability times performance times quality";
    Throughput = "throughput", "hours/week", true, "output in hours of a mean worker";
    LicenceRevenue = "licence_revenue", "USD/week", true, "licences paid for robots at work in the region";
    SubscriptionRevenue = "subscription_revenue", "USD/week", true, "software subscriptions paid for robots at work in the region";
    LabRevenue = "lab_revenue", "USD/week", true, "licences and subscriptions earned by labs at home in the region";
    DataSpending = "data_spending", "USD/week", true, "paid by labs for footage recorded in the region";
    CapturePayReceived = "capture_pay_received", "USD/week", true, "capture pay received by workers";
    RoyaltiesPaid = "royalties_paid", "USD/week", true, "royalties due from labs at home in the region";
    RoyaltiesReceived = "royalties_received", "USD/week", true, "royalties received by workers";
    Taxes = "taxes", "USD/week", true, "payroll, income, corporate and robot taxes, tariffs, levies and penalties";
    Transfers = "transfers", "USD/week", true, "insurance, stipends, dividends and wage insurance received by workers";
    GovernmentBalance = "government_balance", "USD", false, "held by the government";
    RestBalance = "rest_balance", "USD", false, "held by the rest of the economy";
    CapitalAccount = "capital_account", "USD/week", true, "net lent to other regions";
    IncomeLost = "income_lost", "USD", false, "since the start, against staying in work at the trend wage";
    ReceivedInstead = "received_instead", "USD", false, "since the start: capture pay, royalties and transfers; of a region, those beyond the weeks before the start";
    CompensationRatio = "compensation_ratio", "ratio", false, "received per dollar of income lost";
}

impl Metric {
    /// The metric of a word, as it stands in files.
    pub fn named(word: &str) -> Option<Metric> {
        Metric::ALL.iter().copied().find(|metric| metric.name() == word)
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A word that is no metric.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no metric {word:?}; did you mean {:?}?", nearest.name())]
pub struct NoMetric {
    /// What was written.
    pub word: String,
    /// The metric whose word is nearest to it.
    pub nearest: Metric,
}

impl FromStr for Metric {
    type Err = NoMetric;
    fn from_str(word: &str) -> Result<Metric, NoMetric> {
        Metric::named(word).ok_or_else(|| {
            let likeness = |metric: &Metric| strsim::jaro_winkler(metric.name(), word);
            let mut nearest = Metric::ALL[0];
            for &metric in Metric::ALL {
                // the last of several that are equally near
                if likeness(&metric) >= likeness(&nearest) {
                    nearest = metric;
                }
            }
            NoMetric { word: word.to_owned(), nearest }
        })
    }
}
