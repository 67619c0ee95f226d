//! Which items a metric is split by, and which metrics add up over regions.

use crate::economy::Parameters;
use crate::economy::lists::Occupation;
use crate::economy::lists::{Class, Family, Kind, SiteType};
use crate::ground::list::Listed;

/// Items of a metric in a region (of all regions if none is named), the usual one first.
pub(super) fn items(metric: &str, region: Option<&str>, parameters: &Parameters) -> Vec<String> {
    let all = || vec!["all".to_owned()];
    let with_all = |words: Vec<String>| all().into_iter().chain(words).collect::<Vec<_>>();
    let occupations = || names(Occupation::ALL);
    let mut found = match metric {
        "employed"
        | "unemployed"
        | "unemployed_over_52_weeks"
        | "outside"
        | "training"
        | "vacancies"
        | "unemployment_rate"
        | "hires"
        | "laid_off"
        | "displaced"
        | "dismissed"
        | "displaced_total"
        | "reemployed_total"
        | "displaced_without_work"
        | "absorbed" => with_all(occupations()),
        "wage" => occupations(),
        "expected_royalty" => names(SiteType::Factory.occupations()),
        "income_lost" | "received_instead" | "compensation_ratio" => {
            ["region", "contributors", "displaced"].map(str::to_owned).into()
        }
        "capability" | "human_share" => names(Family::ALL),
        "effective_hours" => {
            let is_here = |home: &String| region.is_none_or(|region| home == region);
            let has_lab = parameters.labs.iter().any(|name| is_here(&parameters.capture.labs[name].home));
            if has_lab { names(Family::ALL) } else { Vec::new() }
        }
        "feasible_share" | "arrivals" | "done_by_robots" | "done_by_people" | "robot_share" | "backlog"
        | "lead_time" | "cost_by_hand" | "cost_by_robot" | "unit_cost" | "price" | "payback" => names(Kind::ALL),
        "oee" | "throughput" => names(SiteType::ALL),
        "raw_hours" => with_all(names(SiteType::ALL)),
        "fleet" | "robots_ordered" | "uptime" | "utilisation" | "robot_price" => names(Class::ALL),
        "refusing_share" => with_all((1..=4).map(|n| format!("skill quartile {n}")).collect()),
        _ => all(),
    };
    for operator in &parameters.operators {
        if region.is_some_and(|region| operator.region != region) {
            continue;
        }
        let own = |word: &str| format!("operator {}, {word}", operator.name);
        match metric {
            "employed" | "absorbed" | "displaced_total" => found.push(format!("operator {}", operator.name)),
            "robot_share" => found.extend(operator.sites.kinds().iter().map(|kind| own(kind.name()))),
            "fleet" => found.extend(operator.sites.classes().iter().map(|class| own(class.name()))),
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
pub(super) fn adds_up(metric: &str, unit: &str) -> bool {
    let is_sum = matches!(
        unit,
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
    is_sum && !matches!(metric, "wallet_mean" | "robot_price")
}
