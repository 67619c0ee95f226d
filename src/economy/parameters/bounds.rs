//! How far each number may go: what the arithmetic that reads it can bear.
//!
//! Where a number divides, it has a least; where it multiplies people, money or counts, it has a most, so far
//! out that the books still hold the product. Zero stays allowed where it means none, never or at once. These
//! are not the ranges on the cards, which say what is plausible: a value outside its card's range is only
//! warned of. What several numbers make together is checked in `together.rs`.

use super::Sections;
use crate::economy::policy::LEVERS;
use crate::economy::shared::fault::Fault;
use crate::ground::units::WEEKS_PER_YEAR;
use serde_json::Value;

/// What a key and all keys below it may be, in the model's units.
pub struct Bound {
    /// The key, dotted; `*` stands for any one word.
    pub key: &'static str,
    /// Least.
    pub least: f64,
    /// Most.
    pub most: f64,
    /// What the least or most follows from.
    pub why: &'static str,
}

pub(super) const DAY: f64 = 1.0 / 7.0;
const CENTURY: f64 = 5_200.0;
/// A rate of so much a year.
const YEARLY: f64 = 1.0 / WEEKS_PER_YEAR;

const DIVIDES: &str = "other numbers are divided by it";
const RATE: &str = "what happens does not happen less than never, nor more than once a week on average";
const GROWS: &str = "it compounds over the years of a run";
const BOOKS: &str = "beyond it the amounts of money do not fit the books";
const COUNTS: &str = "beyond it there is more than can be counted";
const LENGTH: &str = "a length of time is not negative, and a century is as good as for ever";
const EXPONENT: &str = "it is an exponent: beyond, its power is no number of a useful size";
const SPREAD: &str = "a standard deviation is not negative, and a larger one leaves the whole to a single draw";
const ODDS: &str = "it moves log odds: beyond, nobody or everybody refuses";

macro_rules! bounds {
    ($($key:literal: $least:expr, $most:expr, $why:expr;)*) => {
        /// Every bound that is narrower than what the unit of the number allows, but those of levers by their kind.
        pub const BOUNDS: &[Bound] = &[$(Bound { key: $key, least: $least, most: $most, why: $why },)*];
    };
}

bounds! {
    "run.least_agents": 0.0, 1e7, COUNTS;
    "run.robots_per_agent": 1.0, 1e6, COUNTS;
    "people.skill_sigma": 0.0, 1.0, SPREAD;
    "people.scar_half_life": 0.0, CENTURY, LENGTH;
    "demography.leaving": 0.0, 0.1 * YEARLY, "a working life of less than ten years is none";
    "demography.growth": -0.05 * YEARLY, 0.05 * YEARLY, GROWS;
    "demography.growth_half_life": 0.0, 1_560.0, "it compounds: beyond thirty years there are more people than places";
    "sites.persons_per_site": 1.0, 1e11, DIVIDES;
    "sites.fewest": 0.0, 1e4, COUNTS;
    "sites.most": 1.0, 1e4, COUNTS;
    "sites.size_sigma": 0.0, 3.0, SPREAD;
    "sites.wage_sigma": 0.0, 3.0, SPREAD;
    "sites.organised_wage": 0.01, 100.0, DIVIDES;
    "sites.least_crew": 0.0, 1e6, COUNTS;
    "sites.target_utilisation": 0.05, 1.0, DIVIDES;
    "sites.cash_buffer": 0.0, 520.0, BOOKS;
    "labour.manufacturing": 0.0, 2e9, COUNTS;
    "labour.pickers": 0.0, 2e9, COUNTS;
    "labour.couriers": 0.0, 2e9, COUNTS;
    "labour.wage": 1.0, 5_000.0, "its logarithm is taken, and wallets hold at most 8 million dollars";
    "labour.benefits": 0.0, 2.0, BOOKS;
    "labour.weekly_hours": 1.0, 168.0, DIVIDES;
    "labour.unemployment": 0.0, 0.5, "with more people out of work than in it, more would lose a job than have one";
    "labour.job_finding": 1e-4, 1.0, "others' search for work is measured against it";
    "labour.outside_ratio": 0.0, 100.0, COUNTS;
    "labour.quits": 0.0, 1.0, RATE;
    "labour.outside_wage": 0.0, 10.0, BOOKS;
    "labour.vacancy_length": DAY, 520.0, "hires are measured against the vacancies open at the start";
    "labour.outside_congestion": 0.0, 10.0, EXPONENT;
    "labour.course": DAY, CENTURY, DIVIDES;
    "labour.course_lag": 0.0, CENTURY, LENGTH;
    "labour.course_effect": 0.0, 10.0, COUNTS;
    "wages.curve": -0.3, 0.0, EXPONENT;
    "wages.speed": 0.0, 1.0, RATE;
    "wages.growth": 0.0, 0.2 * YEARLY, GROWS;
    "wages.growth_floor": 0.0, 0.2 * YEARLY, GROWS;
    "wages.growth_half_life": 0.0, CENTURY, LENGTH;
    "wages.unemployment_half_life": 0.0, CENTURY, LENGTH;
    "staffing.notice": 0.0, CENTURY, LENGTH;
    "staffing.backlog_cleared": DAY, CENTURY, DIVIDES;
    "staffing.plan_half_life": 0.0, CENTURY, LENGTH;
    "demand.growth": 0.0, 0.5 * YEARLY, GROWS;
    "demand.growth_floor": 0.0, 0.2 * YEARLY, GROWS;
    "demand.growth_half_life": 0.0, CENTURY, LENGTH;
    "demand.season_peak": 0.0, 52.0, "it is a week of the year";
    "demand.price_elasticity": 0.0, 5.0, EXPONENT;
    "demand.density_elasticity": 0.0, 0.9, EXPONENT;
    "demand.patience": DAY, CENTURY, DIVIDES;
    "demand.handling_time": 0.0, 520.0, LENGTH;
    "demand.hours_per_unit": 1e-4, 1_000.0, DIVIDES;
    "demand.parcels": 1_000.0, 1e12, "a courier's hours are divided by it, and parcels are counted";
    "demand.human_cost_per_parcel": 0.0, 1_000.0, BOOKS;
    "trade.site_substitution": 0.0, 5.0, EXPONENT;
    "trade.origin_substitution": 0.0, 10.0, EXPONENT;
    "trade.site_half_life": 0.0, CENTURY, LENGTH;
    "trade.half_life": 0.0, CENTURY, LENGTH;
    "capture.first_offer": 0.0, 1_000.0, BOOKS;
    "capture.offer_step": 0.0, 1.0, RATE;
    "capture.price": 0.0, 1_000.0, BOOKS;
    "capture.price_decline": 0.0, 10.0 * YEARLY, RATE;
    "capture.price_floor": 0.0, 1_000.0, BOOKS;
    "capture.quality_control": 0.0, 100.0, BOOKS;
    "capture.compute": 0.0, 100.0, BOOKS;
    "capture.camera": 0.0, 1e5, BOOKS;
    "capture.camera_life": 1.0, CENTURY, DIVIDES;
    "capture.budget": 0.0, 1e10, BOOKS;
    "capture.path.at_start": 0.02, 1e10, "what labs come to spend is divided by it";
    "capture.path.growth": 1.01, 1e4, "its logarithm divides, and its power multiplies what is spent";
    "capture.news.hours": 0.01, 1e6, DIVIDES;
    "capture.news.renewal": 0.0, 1.0, RATE;
    "capture.buying.horizon": 0.0, CENTURY, LENGTH;
    "capture.buying.leaving": 0.0, 1.0, RATE;
    "capture.pay.half_life": 0.0, CENTURY, LENGTH;
    "capture.joining": 0.0, 1.0, RATE;
    "capture.joining_most": 0.0, 1.0, RATE;
    "capture.drag": 0.0, 0.9, "somebody who is filmed all the time still has to get something done";
    "capture.stock_at_start": 0.0, 1e12, COUNTS;
    "capture.compliance": 0.0, 100.0, RATE;
    "capture.skill_weight": 0.0, 100.0, COUNTS;
    "consent.base": -50.0, 50.0, ODDS;
    "consent.skill": -20.0, 20.0, ODDS;
    "consent.fear": 0.0, 100.0, ODDS;
    "consent.peers": 0.0, 100.0, ODDS;
    "consent.pay": 0.0, 100.0, ODDS;
    "consent.retaliation": 0.0, 100.0, ODDS;
    "consent.unpaid_willing": 0.0, 0.49, "half must be left to refuse at some pay";
    "consent.half_refuse_at": 1e-4, 1.0, "its logarithm is taken";
    "consent.ask_sigma": 0.01, 100.0, DIVIDES;
    "consent.review": 0.0, 100.0, "a hazard of once an hour asks everybody in every tick";
    "consent.fear_half_life": 0.0, CENTURY, LENGTH;
    "risk.weeks_at_risk": 0.0, CENTURY, LENGTH;
    "risk.dismissal": 0.0, 1.0, RATE;
    "learning.alpha": 0.0, 10.0, EXPONENT;
    "learning.taught_before": 0.0, CENTURY, LENGTH;
    "learning.scale": 1.0, 1e12, DIVIDES;
    "learning.diversity": 0.0, 3.0, EXPONENT;
    "learning.field_success": 0.01, 1.0, "its logarithm is taken";
    "learning.release_interval": DAY, CENTURY, DIVIDES;
    "learning.log_linear_base": -100.0, 1.0, "capability is at most 1";
    "learning.log_linear_slope": 0.0, 1.0, "capability is at most 1";
    "learning.teachers.growth": 0.0, 10.0 * YEARLY, GROWS;
    "learning.chain": 0.01, 1_000.0, DIVIDES;
    "robots.time_between_failures": DAY, CENTURY, DIVIDES;
    "robots.supervisor_wage": 0.0, 100.0, BOOKS;
    "robots.most_per_supervisor": 0.1, 1e6, DIVIDES;
    "robots.learning_rate": 0.0, 0.9, "the logarithm of what is left is taken";
    "robots.rival_band": 1e-3, 1e3, DIVIDES;
    "robots.innovation": 0.0, 1.0, RATE;
    "robots.imitation": 0.0, 1.0, RATE;
    "robots.hurdle": 0.0, CENTURY, LENGTH;
    "robots.hurdle_sigma": 0.0, 3.0, SPREAD;
    "robots.hurdle_factor": 0.0, 100.0, LENGTH;
    "robots.growth_cap": 0.0, 1.0, GROWS;
    "robots.delivery_time": 0.0, CENTURY, LENGTH;
    "robots.capacity_growth": 0.0, 10.0 * YEARLY, GROWS;
    "robots.opening": 0.0, CENTURY, LENGTH;
    "robots.van_density": 0.001, 100.0, DIVIDES;
    "robots.class.*.price": 0.0, 1e7, BOOKS;
    "robots.class.*.price_floor": 0.0, 1e7, BOOKS;
    "robots.class.*.price_factor": 0.0, 100.0, BOOKS;
    "robots.class.*.life": 1.0, CENTURY, DIVIDES;
    "robots.class.*.maintenance": 0.0, 10.0 * YEARLY, BOOKS;
    "robots.class.*.subscription": 0.0, 1e5, BOOKS;
    "robots.class.*.units_per_week": 0.01, 1e6, DIVIDES;
    "robots.class.*.energy": 0.0, 100.0, BOOKS;
    "robots.class.*.per_supervisor": 0.1, 1e6, "what a person costs is divided by the robots watched";
    "robots.class.*.ever_made": 1.0, 1e12, DIVIDES;
    "robots.class.*.capacity": 0.0, 1e9, COUNTS;
    "robots.class.*.capacity_step": 0.0, 1e9, COUNTS;
    "robots.class.*.fleet_at_start": 0.0, 1e8, COUNTS;
    "settlement.consume_wealth": 0.0, 1.0, RATE;
    "settlement.lab_buffer": 0.0, 520.0, BOOKS;
    "settlement.payout": 0.0, 1.0, RATE;
    "settlement.capital_account": 0.0, 1.0, RATE;
    "settlement.government_balance": 0.0, 520.0, BOOKS;
    "law.ban_penalty": 0.0, 1e5, BOOKS;
    "event.*.factor": 0.0, 100.0, COUNTS;
    "event.*.hours": 0.0, 1e6, COUNTS;
    "event.*.rate": 0.0, 100.0, BOOKS;
}

/// What holds for levers without a bound of their own, by the kind that `levers!` states.
const OF_LEVERS: [(&str, Bound); 3] = [
    ("Span", Bound { key: "law.*", least: 0.0, most: CENTURY, why: LENGTH }),
    ("UsdPerHour", Bound { key: "law.*", least: 0.0, most: 1_000.0, why: BOOKS }),
    ("UsdPerWeek", Bound { key: "law.*", least: 0.0, most: 2_000.0, why: BOOKS }),
];

/// What holds for a key, if it is bound more narrowly than by its unit. A policy's lever is bound like the law's.
pub fn bound_of(key: &str) -> Option<&'static Bound> {
    let mut words: Vec<&str> = key.split('.').collect();
    if words.len() > 2 && words[0] == "policy" {
        words.splice(0..2, ["law"]);
    }
    let fits = |bound: &&Bound| {
        let mut own = words.iter();
        bound.key.split('.').all(|word| own.next().is_some_and(|mine| word == "*" || word == *mine))
    };
    let section = *words.first()?;
    let is_near = |bound: &&Bound| bound.key.starts_with(section);
    BOUNDS.iter().filter(is_near).find(fits).or_else(|| {
        let name = words.strip_prefix(&["law"])?.first()?;
        let lever = LEVERS.iter().find(|lever| lever.name == *name)?;
        OF_LEVERS.iter().find(|(kind, _)| *kind == lever.kind).map(|(_, bound)| bound)
    })
}

/// Every number beyond its bound.
pub(super) fn faults(sections: &Sections) -> Vec<Fault> {
    let mut found = Vec::new();
    let tree = serde_json::to_value(sections).unwrap_or_default();
    walk(&tree, "", &mut found);
    found
}

fn walk(value: &Value, key: &str, found: &mut Vec<Fault>) {
    let join = |word: &str| if key.is_empty() { word.to_owned() } else { format!("{key}.{word}") };
    match value {
        Value::Object(table) => table.iter().for_each(|(word, inner)| walk(inner, &join(word), found)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(place, inner)| walk(inner, &join(&place.to_string()), found));
        }
        Value::Number(number) => {
            let (Some(number), Some(bound)) = (number.as_f64(), bound_of(key)) else { return };
            if !(bound.least..=bound.most).contains(&number) {
                let Bound { least, most, why, .. } = bound;
                let unit = unit_of(key);
                let words = format!("{number}{unit} lies beyond {least}{unit} to {most}{unit}; {why}");
                found.push(Fault { key: key.to_owned(), words });
            }
        }
        _ => {}
    }
}

/// The model's unit of a key, with a space before it.
fn unit_of(key: &str) -> &'static str {
    const UNITS: [(&str, &str); 5] = [
        ("half_life", " weeks"),
        ("life", " weeks"),
        ("wage", " USD/week"),
        ("growth", " a week"),
        ("maintenance", " a week"),
    ];
    UNITS.iter().find(|(word, _)| key.ends_with(word)).map_or("", |(_, unit)| unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lever_of_money_or_time_is_bound_by_its_kind_unless_it_has_a_bound_of_its_own() {
        for lever in LEVERS {
            let bound = bound_of(&format!("policy.3.{}", lever.name)).map(|bound| bound.most);
            let wanted = match (lever.name, lever.kind) {
                ("ban_penalty", _) => Some(1e5),
                (_, "Span") => Some(CENTURY),
                (_, "UsdPerHour") => Some(1_000.0),
                (_, "UsdPerWeek") => Some(2_000.0),
                _ => None,
            };
            assert_eq!(bound, wanted, "{}", lever.name);
        }
        assert_eq!(bound_of("law.data_levy.IND").map(|bound| bound.most), Some(1_000.0));
        assert!(bound_of("law").is_none() && bound_of("law.levy").is_none());
    }
}
