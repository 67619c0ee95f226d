//! Which items a metric is split by, and which metrics add up over regions.

use crate::economy::Parameters;
use crate::economy::shared::forms::{Deliveries, Licensing};
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::{Class, Family, Kind, SiteType};
use crate::ground::list::Listed;
use crate::observe::indicators::Metric;

/// Items of a metric in a region (of all regions if none is named), the usual one first.
pub(super) fn items(metric: Metric, region: Option<&str>, parameters: &Parameters) -> Vec<String> {
    let all = || vec!["all".to_owned()];
    let with_all = |words: Vec<String>| all().into_iter().chain(words).collect::<Vec<_>>();
    let occupations = || names(Occupation::ALL);
    let robots = &parameters.robots;
    let has_orders = matches!(
        metric,
        Metric::OrdersPlaced
            | Metric::OrdersCancelled
            | Metric::OrdersWaiting
            | Metric::RobotsMade
            | Metric::MakingCapacity
    );
    let mut found = match metric {
        Metric::Employed
        | Metric::Unemployed
        | Metric::UnemployedOver52Weeks
        | Metric::Outside
        | Metric::Training
        | Metric::Vacancies
        | Metric::UnemploymentRate
        | Metric::Hires
        | Metric::LaidOff
        | Metric::Displaced
        | Metric::Dismissed
        | Metric::Entered
        | Metric::LeftForGood
        | Metric::NeverHired
        | Metric::DisplacedTotal
        | Metric::ReemployedTotal
        | Metric::DisplacedWithoutWork
        | Metric::Absorbed => with_all(occupations()),
        Metric::PriceIndex => names(SiteType::ALL).into_iter().chain(["bought".to_owned()]).collect(),
        Metric::OriginShare => parameters.regions.clone(),
        Metric::Imports => {
            let is_abroad = |name: &&String| region.is_none_or(|region| region != *name);
            parameters.regions.iter().filter(is_abroad).cloned().collect()
        }
        Metric::JobsByTrade => with_all(["origin", "inputs"].map(str::to_owned).into()),
        Metric::BuyersGain => with_all(names(SiteType::ALL)),
        // what only some rules have is recorded where they are on
        Metric::HourWorth | Metric::HourCost | Metric::NewsLeft if !parameters.capture.values_hours() => Vec::new(),
        Metric::RivalLabs | Metric::LicenceShare if robots.licensing == Licensing::Territories => Vec::new(),
        Metric::RivalLabs | Metric::LicenceShare => names(Kind::ALL),
        _ if has_orders && robots.deliveries == Deliveries::AtOnce => Vec::new(),
        Metric::OrdersPlaced | Metric::OrdersCancelled | Metric::OrdersWaiting => names(Class::ALL),
        Metric::RobotsMade | Metric::MakingCapacity => {
            let is_here = |class: &&Class| region.is_none_or(|region| robots.class[**class].maker == region);
            Class::ALL.iter().filter(is_here).map(|class| class.name().to_owned()).collect()
        }
        Metric::Wage => occupations(),
        Metric::ExpectedRoyalty => names(SiteType::Factory.occupations()),
        Metric::IncomeLost | Metric::ReceivedInstead | Metric::CompensationRatio => {
            ["region", "contributors", "displaced"].map(str::to_owned).into()
        }
        Metric::Capability | Metric::HumanShare => names(Family::ALL),
        Metric::EffectiveHours => {
            let is_here = |home: &String| region.is_none_or(|region| home == region);
            let has_lab = parameters.labs.iter().any(|name| is_here(&parameters.capture.labs[name].home));
            if has_lab { names(Family::ALL) } else { Vec::new() }
        }
        Metric::FeasibleShare
        | Metric::Arrivals
        | Metric::DoneByRobots
        | Metric::DoneByPeople
        | Metric::RobotShare
        | Metric::Backlog
        | Metric::LeadTime
        | Metric::CostByHand
        | Metric::CostByRobot
        | Metric::UnitCost
        | Metric::Price
        | Metric::Payback => names(Kind::ALL),
        Metric::Oee | Metric::Throughput => names(SiteType::ALL),
        Metric::RawHours => with_all(names(SiteType::ALL)),
        Metric::Fleet | Metric::RobotsOrdered | Metric::Uptime | Metric::Utilisation | Metric::RobotPrice => {
            names(Class::ALL)
        }
        Metric::RefusingShare => with_all((1..=4).map(|n| format!("skill quartile {n}")).collect()),
        _ => all(),
    };
    for operator in &parameters.operators {
        if region.is_some_and(|region| operator.region != region) {
            continue;
        }
        let own = |word: &str| format!("operator {}, {word}", operator.name);
        match metric {
            Metric::Employed | Metric::Absorbed | Metric::DisplacedTotal => {
                found.push(format!("operator {}", operator.name))
            }
            Metric::RobotShare => found.extend(operator.sites.kinds().iter().map(|kind| own(kind.name()))),
            Metric::Fleet => found.extend(operator.sites.classes().iter().map(|class| own(class.name()))),
            _ => {}
        }
    }
    found
}

fn names<T: Listed>(list: &[T]) -> Vec<String> {
    list.iter().map(|word| word.name().to_owned()).collect()
}

/// Do the values of regions add up to one of the world? Counts and sums of money do; shares, means and
/// prices do not.
pub(super) fn adds_up(metric: Metric) -> bool {
    let is_sum = matches!(
        metric.unit(),
        "persons"
            | "persons/week"
            | "full-time equivalents"
            | "USD"
            | "USD/week"
            | "hours"
            | "hours/week"
            | "sites"
            | "robots"
            | "robots/week"
            | "units"
            | "units/week"
    );
    is_sum && !matches!(metric, Metric::WalletMean | Metric::RobotPrice)
}
