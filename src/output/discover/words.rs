//! A box in words.
//!
//! A limit is said as the roundest number that parts the points inside from those outside, so that the sentence is
//! true of every point and can be read aloud.

use super::Discovery;
use crate::experiment::discover::case::Case;
use crate::experiment::discover::{Column, Found, Limit, Side};
use crate::experiment::sensitivity::view::Of;
use crate::ground::words::listed;
use crate::output::kit::numbers::{shown, whole_percent};
use crate::output::sensitivity::words::change;

/// What is looked for.
pub fn event(discovery: &Discovery) -> String {
    let name = discovery.view.name(&discovery.quantity);
    // changes of shares are percentage points
    let size = |limit: f64| match discovery.quantity.of {
        Of::Level(_) => shown(limit, discovery.unit()),
        of => change(limit, discovery.unit(), of).trim_start_matches('+').to_owned(),
    };
    match discovery.case {
        Case::Below(limit) => format!("{name} is below {}", size(limit)),
        Case::Above(limit) => format!("{name} is above {}", size(limit)),
        Case::Lowest(share) => format!("{name} is among the lowest {}", whole_percent(share)),
        Case::Highest(share) => format!("{name} is among the highest {}", whole_percent(share)),
    }
}

/// Where nothing is found.
pub fn nothing() -> String {
    "No box: wherever it happens more often than elsewhere, chance alone could have made the limits. More points may tell more.".to_owned()
}

/// The box: its conditions, how often it happens there, and how much of it that is.
pub fn sentences(discovery: &Discovery, found: &Found) -> Vec<String> {
    let step = &found.step;
    let (all, points) = (discovery.cases(), discovery.is_case.len());
    let weak = found.limits.iter().filter(|limit| discovery.view.factors[limit.factor].grade == "C").count();
    let evidence = match (weak, found.limits.len()) {
        (0, _) => String::new(),
        (weak, limits) if weak == limits => " Every limit is on an assumption (grade C).".to_owned(),
        (1, limits) => format!(" 1 of its {limits} limits is on an assumption (grade C)."),
        (weak, limits) => format!(" {weak} of its {limits} limits are on assumptions (grade C)."),
    };
    vec![
        format!(
            "When {}: {} in {} of the points ({} of {}).",
            conditions(discovery, found),
            event(discovery),
            whole_percent(step.density()),
            step.cases,
            step.points
        ),
        format!(
            "That is {} of all points where it happens ({} of {all}), on {} of the points; over all points it happens in {}.{evidence}",
            whole_percent(step.coverage(all)),
            step.cases,
            whole_percent(step.points as f64 / points as f64),
            whole_percent(all as f64 / points as f64)
        ),
    ]
}

/// All limits: "vans cost under 4100 USD and the royalty is over 3 %".
pub fn conditions(discovery: &Discovery, found: &Found) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut last = None;
    for one in &found.limits {
        let words = limit(discovery, found, one);
        if last == Some(one.factor) {
            // both sides of one factor are one condition
            let key = &discovery.view.factors[one.factor].key;
            let before = parts.pop().unwrap_or_default();
            parts.push(format!("{before} and{}", words.trim_start_matches(&format!("{key} is"))));
        } else {
            parts.push(words);
        }
        last = Some(one.factor);
    }
    if parts.is_empty() { "nothing is limited".to_owned() } else { listed(&parts) }
}

/// One limit.
pub fn limit(discovery: &Discovery, found: &Found, limit: &Limit) -> String {
    let about = &discovery.view.factors[limit.factor];
    let column = &discovery.view.factors[limit.factor].values;
    let bounds = &found.step.shape[limit.factor];
    let number = |inside: f64| {
        let outside = column.beyond(&limit.side, inside).unwrap_or(inside);
        round_between(inside, outside, &about.unit)
    };
    match (&limit.side, bounds.low, bounds.high, column) {
        (Side::Low, Some(low), ..) => format!("{} is over {}", about.key, number(low)),
        (Side::High, _, Some(high), _) => format!("{} is under {}", about.key, number(high)),
        (Side::Words, _, _, Column::Words { words, .. }) => {
            let kept = words.iter().enumerate().filter(|(n, _)| !bounds.without.contains(n));
            let kept: Vec<&str> = kept.map(|(_, word)| word.as_str()).collect();
            format!("{} is {}", about.key, kept.join(" or "))
        }
        _ => about.key.clone(),
    }
}

/// How likely chance is, and how often the limit is found again, in words.
pub fn trust(limit: &Limit) -> (String, String) {
    let chance = match limit.chance {
        chance if chance < 0.001 => "< 0.1 %".to_owned(),
        chance => format!("{:.1} %", chance * 100.0),
    };
    (chance, if limit.again.is_nan() { "-".to_owned() } else { whole_percent(limit.again) })
}

/// The number with the fewest digits between the last inside and the first outside, with its unit.
fn round_between(inside: f64, outside: f64, unit: &str) -> String {
    let (factor, unit) = if unit == "share" { (100.0, "%") } else { (1.0, unit) };
    let (inside, outside) = (inside * factor, outside * factor);
    let (low, high) = (inside.min(outside), inside.max(outside));
    let power = libm::floor(libm::log10(low.abs().max(high.abs()).max(1e-300))) as i32;
    let number = (0..17)
        .find_map(|digits| {
            // a whole number of these is between, or none is
            let exponent = power - digits;
            let one = libm::pow(10.0, f64::from(exponent));
            let middle = f64::midpoint(low, high) / one;
            [libm::round(middle), libm::floor(middle), libm::ceil(middle)].into_iter().find_map(|whole| {
                let written: f64 = format!("{whole:.0}e{exponent}").parse().ok()?;
                let is_apart =
                    if inside < outside { written > low && written <= high } else { written >= low && written < high };
                is_apart.then_some(written)
            })
        })
        .unwrap_or(inside);
    match unit {
        "" => number.to_string(),
        unit => format!("{number} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_round_and_part_inside_from_outside() {
        for (inside, outside, unit, words) in [
            (4_087.3, 4_131.9, "USD", "4100 USD"),
            (0.028_7, 0.031_2, "share", "3 %"),
            (0.301, 0.2998, "", "0.3"),
            (3.0, 4.0, "", "4"),
            (4.0, 3.0, "", "3"),
            (-0.21, -0.18, "", "-0.2"),
            (0.1234561, 0.1234569, "", "0.1234565"),
        ] {
            assert_eq!(round_between(inside, outside, unit), words, "{inside} {outside}");
        }
    }
}
