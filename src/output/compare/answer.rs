//! The answer in a few sentences, made from the numbers with their uncertainty.
//!
//! Conditional, not prophetic: a sentence says what the model does under the scenario's assumptions, says
//! "no difference can be seen" where the interval holds zero, and names who is left out.

use crate::experiment::compare::effects::{Effects, Paired};
use crate::ground::words::listed;
use crate::output::compare::{Comparison, Reform, gains};
use crate::output::kit::numbers::{quantity, signed};

/// Is a number the same in both worlds, in every replicate?
fn is_same(pair: &Paired) -> bool {
    pair.difference.count > 1 && pair.difference.mean == 0.0 && pair.interval() == Some((0.0, 0.0))
}

/// What happened to a mean income, in a clause.
fn clause(pair: &Paired) -> String {
    let change = pair.difference.mean;
    let percent = if pair.base.mean == 0.0 { 0.0 } else { change / pair.base.mean * 100.0 };
    if is_same(pair) {
        return "is exactly the same".to_owned();
    }
    if !pair.is_told() {
        let within = pair.interval().map_or(String::new(), |(low, high)| {
            format!(" (between {} and {} USD)", signed(low, "USD"), signed(high, "USD"))
        });
        return format!("cannot be distinguished from no change{within}");
    }
    let verb = if change > 0.0 { "rises" } else { "falls" };
    let (low, high) = pair.interval().unwrap_or((change, change));
    let size = |value: f64| quantity(value.abs(), "");
    let (near, far) = if change > 0.0 { (low, high) } else { (high, low) };
    format!("{verb} by {} USD, {:.2} % (95 % interval {} to {})", size(change), percent.abs(), size(near), size(far))
}

/// Four sentences, or five: what changes for the filmed, whether they are made whole, in which regions people gain or lose,
/// who is left out, who gains and loses.
pub fn answer(comparison: &Comparison, reform: &Reform) -> Vec<String> {
    let effects = &reform.effects;
    let title = reform.scenario.about.title.trim_end_matches('.');
    let of = comparison.attendance.words();
    let none = Paired::default();
    let pair = |name: &str| effects.headline(name).unwrap_or(&none);
    let filmed = pair("income_filmed");
    let first = if filmed.difference.count > 0 {
        format!(
            "Under this scenario's assumptions, with \u{201c}{title}\u{201d} the mean lifetime income of those filmed {} ({of}).",
            clause(filmed)
        )
    } else {
        format!(
            "Under this scenario's assumptions nobody is filmed; with \u{201c}{title}\u{201d} the mean lifetime income of everybody {} ({of}).",
            clause(pair("income_all"))
        )
    };
    let whole = whole(pair("compensation_filmed"), pair("royalties"));
    let by_region = by_region(comparison, effects);
    [first, whole]
        .into_iter()
        .chain(by_region)
        .chain([left_out(comparison, reform), gains::sentence(effects)])
        .collect()
}

/// Are the filmed made whole?
fn whole(ratio: &Paired, royalties: &Paired) -> String {
    let paid = if royalties.difference.mean == 0.0 {
        String::new()
    } else {
        format!("; royalties change by {} USD over the run", signed(royalties.difference.mean, "USD"))
    };
    if ratio.difference.count == 0 {
        return format!("The filmed lose no labour income as a group, so there is nothing to make whole{paid}.");
    }
    let (before, after) = (ratio.base.mean, ratio.reform.mean);
    let word = match after {
        after if after >= 1.0 && before >= 1.0 => "they were whole as a group without it too",
        // more than without it, and less than chance
        after if after >= 1.0 && !ratio.is_told() => "whether it makes them whole cannot be distinguished from chance",
        after if after >= 1.0 => "that makes them whole as a group, wherever they lost anything",
        after if after >= 0.5 => "that makes good a part of the loss, not the whole",
        _ => "that does not make them whole",
    };
    let change = match ratio.interval() {
        Some((0.0, 0.0)) => "exactly as without it".to_owned(),
        Some((low, high)) if ratio.is_told() => {
            format!("against {before:.2} without it (difference {:+.2}, {low:+.2} to {high:+.2})", after - before)
        }
        Some((low, high)) => format!(
            "against {before:.2} without it, a difference that cannot be distinguished from zero ({low:+.2} to {high:+.2})"
        ),
        None => format!("against {before:.2} without it"),
    };
    format!(
        "Where those filmed lose labour income, they receive {after:.2} dollars in pay for footage, royalties and transfers for each dollar lost, {change}: {word}{paid}."
    )
}

/// Regions in which the filmed or the displaced gain or lose as far as chance is not all of it: "the filmed gain 2,709 USD
/// in India (2,496 to 2,921) and lose 545 in Mexico (197 to 894)".
fn by_region(comparison: &Comparison, effects: &Effects) -> Option<String> {
    let regions = &comparison.base.parameters.regions;
    let said = |name: &str, who: &str| {
        let told = effects.headlines.iter().filter(|(headline, pair)| headline.name == name && pair.is_told());
        let of_regions: Vec<(usize, &Paired)> =
            told.filter_map(|(headline, pair)| headline.region.map(|region| (region, pair))).collect();
        let list = |gains: bool| -> Vec<String> {
            let mine = of_regions.iter().filter(|(_, pair)| (pair.difference.mean > 0.0) == gains);
            mine.map(|(region, pair)| {
                let (low, high) = pair.interval().unwrap_or_default();
                let (near, far) = if gains { (low, high) } else { (-high, -low) };
                let size = quantity(pair.difference.mean.abs(), "USD");
                let place = comparison.base.in_words(&regions[*region]);
                format!("{size} in {place} ({} to {})", quantity(near, ""), quantity(far, ""))
            })
            .collect()
        };
        let verbs = [("gain", list(true)), ("lose", list(false))];
        let parts: Vec<String> = verbs
            .into_iter()
            .filter(|(_, places)| !places.is_empty())
            .map(|(verb, places)| format!("{verb} {}", listed(&places)))
            .collect();
        (!parts.is_empty()).then(|| format!("{who} {}", parts.join(", and ")))
    };
    let all: Vec<String> = [said("income_filmed", "the filmed"), said("income_displaced", "the displaced")]
        .into_iter()
        .flatten()
        .collect();
    let text = all.join("; ");
    (!text.is_empty()).then(|| format!("In mean lifetime income, with 95 % intervals: {text}."))
}

/// Who is left out: the displaced first, and the regions of the displaced that see no gain.
fn left_out(comparison: &Comparison, reform: &Reform) -> String {
    let effects = &reform.effects;
    let regions = &comparison.base.parameters.regions;
    let regional = effects
        .headlines
        .iter()
        .filter(|(headline, _)| headline.name == "income_displaced")
        .filter_map(|(headline, pair)| headline.region.map(|region| (region, *pair)));
    let with_none: Vec<&str> = regional
        .filter(|(_, pair)| pair.difference.count > 0 && !(pair.is_told() && pair.difference.mean > 0.0))
        .map(|(region, _)| comparison.base.in_words(&regions[region]))
        .collect();
    let Some(displaced) = effects.headline("income_displaced").filter(|pair| pair.difference.count > 0) else {
        return "Nobody is displaced by robots in the base within the time simulated, so none of them can be left out."
            .to_owned();
    };
    if is_same(displaced)
        && effects
            .headlines
            .iter()
            .all(|(headline, pair)| headline.name != "income_displaced" || pair.difference.count == 0 || is_same(pair))
    {
        return format!("The lifetime income of those displaced by robots {}.", clause(displaced));
    }
    let places = match with_none.as_slice() {
        [] => "in every region where people are displaced they gain".to_owned(),
        some => format!("in {} what they gain cannot be distinguished from zero", listed(some)),
    };
    format!("The lifetime income of those displaced by robots {}: {places}.", clause(displaced))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_says_no_more_than_its_interval() {
        // differences 100, 110, 90: mean 100, half-width 4.303 * 10 / sqrt 3 = 24.84
        let rises = clause(&Paired::of(&[(1000.0, 1100.0), (1010.0, 1120.0), (990.0, 1080.0)]));
        assert_eq!(rises, "rises by 100 USD, 10.00 % (95 % interval 75.16 to 125)");
        let falls = clause(&Paired::of(&[(1000.0, 900.0), (1010.0, 900.0), (990.0, 900.0)]));
        assert!(falls.starts_with("falls by 100 USD, 10.00 % (95 % interval 75.16 to 125"), "{falls}");
        let unclear = clause(&Paired::of(&[(1000.0, 1100.0), (1000.0, 900.0), (1000.0, 1010.0)]));
        assert!(unclear.starts_with("cannot be distinguished from no change"), "{unclear}");
        assert_eq!(clause(&Paired::of(&[(5.0, 5.0), (6.0, 6.0)])), "is exactly the same");
    }

    #[test]
    fn being_made_whole_is_a_dollar_for_a_dollar() {
        let ratio = |after| whole(&Paired::of(&[(0.1, after), (0.1, after)]), &Paired::default());
        assert!(ratio(1.2).contains("makes them whole"), "{}", ratio(1.2));
        assert!(ratio(0.6).contains("a part of the loss"), "{}", ratio(0.6));
        assert!(ratio(0.2).contains("does not make them whole"), "{}", ratio(0.2));
        // 1.9 and 2.0 without it, 2.0 and 1.95 with it: whole already, and no difference that is told
        let already = whole(&Paired::of(&[(1.9, 2.0), (2.0, 1.95)]), &Paired::default());
        assert!(
            already.contains("cannot be distinguished from zero") && already.contains("without it too"),
            "{already}"
        );
        // 0.2 and 1.4 without it, 1.4 and 0.8 with it: 0.8 and 1.1 on average, and no difference that is told
        let chance = whole(&Paired::of(&[(0.2, 1.4), (1.4, 0.8)]), &Paired::default());
        assert!(chance.contains("whether it makes them whole cannot be distinguished from chance"), "{chance}");
        assert!(whole(&Paired::default(), &Paired::default()).contains("nothing to make whole"));
    }
}
