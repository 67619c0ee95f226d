//! Sentences about what an answer depends on.
//!
//! They say no more than the intervals: a share is given with its interval, a factor whose interval holds zero is
//! not named as a cause, and what all factors graded C make is called an assumption.

use crate::experiment::discover::Column;
use crate::experiment::sensitivity::analysis::{Analysis, Answer, Grade, Indices};
use crate::experiment::sensitivity::resample::Estimate;
use crate::experiment::sensitivity::view::Of;
use crate::ground::words::listed;
use crate::output::kit::numbers::{numerals, shown, three_digits, whole_percent};

/// A change with its unit: shares change by percentage points.
pub fn change(value: f64, unit: &str, of: Of) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    match (unit, of) {
        ("share", Of::Level(_) | Of::Effect(..)) => format!("{sign}{} pp", three_digits(value * 100.0)),
        _ => format!("{sign}{}", shown(value, unit)),
    }
}

/// Is the interval of a share wider than all shares there are?
fn is_wide(share: &Estimate) -> bool {
    2.0 * share.half_width > 1.0
}

/// A share with its interval.
pub fn share(estimate: &Estimate) -> String {
    if is_wide(estimate) {
        return "too few points".to_owned();
    }
    // no share is above one, whatever chance makes of its estimate
    let whole = |value: f64| whole_percent(value.min(1.0));
    let end = |value: f64| whole(value).trim_end_matches(" %").to_owned();
    format!("{} ({} to {})", whole(estimate.value), end(estimate.low()), end(estimate.high()))
}

/// What is at an end of a factor.
pub fn end(analysis: &Analysis, factor: usize, ends: (f64, f64)) -> String {
    let about = &analysis.view.factors[factor];
    match &analysis.view.factors[factor].values {
        Column::Words { words, .. } => words.get(ends.0.max(0.0) as usize).cloned().unwrap_or_default(),
        Column::Numbers(_) => stretch(ends, &about.unit),
    }
}

/// A stretch of values, or one value.
fn stretch(ends: (f64, f64), unit: &str) -> String {
    let (scale, unit) = match unit {
        "share" => (100.0, " %".to_owned()),
        "" | "ratio" | "index" => (1.0, String::new()),
        unit => (1.0, format!(" {unit}")),
    };
    let (low, high) = numerals((ends.0 * scale, ends.1 * scale));
    if ends.0 == ends.1 { format!("{low}{unit}") } else { format!("{low} to {high}{unit}") }
}

/// From this share of chance on an answer begins with it.
const MOSTLY: f64 = 0.5;

/// The answer for one quantity, in a few sentences.
pub fn sentences(analysis: &Analysis, answer: &Answer) -> Vec<String> {
    let mut sentences = match &answer.indices {
        Indices::Sobol(_) => of_shares(analysis, answer),
        Indices::Morris(_) => of_effects(analysis, answer),
        Indices::None => of_means(analysis, answer),
    };
    if let Some(luck) = answer.quantity.luck.filter(|luck| *luck >= MOSTLY) {
        let warning = format!(
            "{} of what varies between points is chance, so that next to nothing can be said of the factors; take more replicates or a finer scale.",
            whole_percent(luck)
        );
        sentences.insert(0, warning);
    } else if let Some(luck) = answer.quantity.luck {
        let counted = match answer.indices {
            Indices::Sobol(_) => "; it is counted among interactions",
            _ => "",
        };
        sentences.push(format!(
            "Chance makes {} of the variance between points, with this many replicates{counted}.",
            if luck < 0.01 { "less than 1 %".to_owned() } else { whole_percent(luck) }
        ));
    } else {
        sentences.push("With one replicate a point it is not known how much of this is chance.".to_owned());
    }
    sentences
}

fn of_shares(analysis: &Analysis, answer: &Answer) -> Vec<String> {
    let Indices::Sobol(sobol) = &answer.indices else { return Vec::new() };
    let key = |factor: usize| analysis.view.factors[factor].key.as_str();
    // a share that rounds to zero is no cause
    let mut told: Vec<usize> = answer.order.iter().copied().filter(|&n| is_told(&sobol.first[n])).collect();
    told.sort_by(|&a, &b| sobol.first[b].value.total_cmp(&sobol.first[a].value));
    let mut sentences = Vec::new();
    match told.split_first() {
        Some((&first, others)) => {
            let rest = others.iter().take(3).map(|&n| format!("{} {}", key(n), whole_percent(sobol.first[n].value)));
            let rest: Vec<String> = rest.collect();
            let then = if rest.is_empty() { String::new() } else { format!("; then {}", listed(&rest)) };
            let total = &sobol.total[first];
            let together = if is_wide(total) { share(total) } else { whole_percent(total.value.min(1.0)) };
            let matters = if sobol.first[first].value < 0.5 { "matters most for" } else { "decides most of" };
            sentences.push(format!(
                "{} {matters} {}: by itself it makes {} of the variance, with what it does together with others {together}{then}.",
                key(first),
                answer.name,
                share(&sobol.first[first]),
            ));
        }
        None => sentences.push(format!(
            "No factor by itself can be distinguished from zero in {}: what varies there is made by factors together, or by chance. More points and replicates tell more.",
            answer.name
        )),
    }
    sentences.push(by_grade(answer));
    sentences.push(if is_told(&sobol.interactions) {
        format!(
            "{} of the variance is made by factors together only, beyond what each does by itself.",
            share(&sobol.interactions)
        )
    } else {
        format!(
            "Whether factors together make more than each does by itself, the number of runs cannot tell: {}.",
            share(&sobol.interactions)
        )
    });
    sentences
}

/// Is a share more than zero, by more than rounding?
fn is_told(share: &Estimate) -> bool {
    share.low() > 0.005 && !is_wide(share)
}

/// How much of the variance depends on which evidence.
pub fn by_grade(answer: &Answer) -> String {
    grades_in_words(&answer.grades)
}

fn grades_in_words(all: &[Grade]) -> String {
    let words = |grade: &str| match grade {
        "A" => "official statistics or refereed work (grade A)",
        "B" => "press, preprints or companies (grade B)",
        "C" => "assumptions (grade C)",
        _ => "choices without a grade",
    };
    let count = |factors: usize| if factors == 1 { "1 factor".to_owned() } else { format!("{factors} factors") };
    // the weakest evidence first
    let mut grades: Vec<_> = all.iter().collect();
    grades.sort_by_key(|grade| std::cmp::Reverse(grade.grade.clone()));
    let (told, untold): (Vec<&Grade>, Vec<&Grade>) = grades.into_iter().partition(|grade| is_told(&grade.first));
    let one = |(n, grade): (usize, &&Grade)| {
        let of = if n == 0 { " of this answer depends" } else { "" };
        format!("{}{of} on {}, {}", share(&grade.first), words(&grade.grade), count(grade.factors.len()))
    };
    let parts: Vec<String> = told.iter().enumerate().map(one).collect();
    let mut sentences = Vec::new();
    if !parts.is_empty() {
        sentences.push(format!("{}, by what each factor does by itself.", listed(&parts)));
    }
    let luck =
        |grade: &&Grade| format!("{}, {}: {}", words(&grade.grade), count(grade.factors.len()), share(&grade.first));
    let parts: Vec<String> = untold.iter().map(luck).collect();
    if !parts.is_empty() {
        let what = if told.is_empty() { "this answer" } else { "it" };
        sentences.push(format!(
            "How much of {what} depends on {}, the number of runs cannot tell: it may be nothing.",
            listed(&parts)
        ));
    }
    if let [only] = all {
        sentences.push(format!("All factors varied are {}, so nothing else varies here.", words(&only.grade)));
    }
    sentences.join(" ")
}

fn of_effects(analysis: &Analysis, answer: &Answer) -> Vec<String> {
    let Indices::Morris(effects) = &answer.indices else { return Vec::new() };
    let unit = analysis.unit(answer);
    let key = |factor: usize| analysis.view.factors[factor].key.as_str();
    let mut sentences = Vec::new();
    let Some(&first) = answer.order.first() else { return sentences };
    let most = &effects[first];
    let size = |value: f64| change(value, unit, answer.quantity.of).trim_start_matches('+').to_owned();
    let is_word = analysis.view.are_words()[first];
    let way = match most.mu / most.mu_star.value {
        way if is_word && way.abs() > 0.9 => "always the same way",
        _ if is_word => "not always the same way",
        way if way > 0.9 => "upward",
        way if way < -0.9 => "downward",
        _ => "upward in some places and downward in others",
    };
    sentences.push(format!(
        "{} moves {} most: {} on average {} (give or take {}), {way}.",
        key(first),
        answer.name,
        size(most.mu_star.value),
        if is_word { "from one of its words to another" } else { "over its whole range" },
        size(most.mu_star.half_width)
    ));
    let rest: Vec<String> = answer.order[1..]
        .iter()
        .take(3)
        .filter(|&&n| effects[n].mu_star.low() > 0.0)
        .map(|&n| format!("{} ({})", key(n), size(effects[n].mu_star.value)))
        .collect();
    if !rest.is_empty() {
        sentences.push(format!("Then come {}.", listed(&rest)));
    }
    let bent: Vec<String> = answer
        .order
        .iter()
        .take(4)
        .filter(|&&n| effects[n].sigma > effects[n].mu_star.value)
        .map(|&n| key(n).to_owned())
        .collect();
    if !bent.is_empty() {
        sentences.push(format!(
            "What {} {} depends on where and on the other factors more than it is large: sigma is above mu*.",
            listed(&bent),
            if bent.len() == 1 { "does" } else { "do" }
        ));
    }
    let small = |n: &usize| effects[*n].mu_star.value < most.mu_star.value / 20.0;
    let small: Vec<String> = answer.order.iter().copied().filter(small).map(|n| key(n).to_owned()).collect();
    if !small.is_empty() {
        sentences.push(format!("Less than a twentieth of the largest: {}.", listed(&small)));
    }
    sentences
}

fn of_means(analysis: &Analysis, answer: &Answer) -> Vec<String> {
    let unit = analysis.unit(answer);
    let one = |&factor: &usize| {
        let [low, high] = answer.swings[factor].as_ref()?;
        let from = shown(low.output.mean, unit);
        let to = shown(high.output.mean, unit);
        let (at, until) = (end(analysis, factor, low.ends), end(analysis, factor, high.ends));
        let key = &analysis.view.factors[factor].key;
        Some(format!("{} goes from {from} where {key} is {at} to {to} where it is {until}.", answer.name))
    };
    answer.order.iter().take(3).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_their_units() {
        assert_eq!(shown(0.123_4, "share"), "12.3 %");
        assert_eq!(shown(4_100.0, "USD"), "4100 USD");
        assert_eq!(shown(1_234_567.0, "persons"), "1.2 M persons");
        assert_eq!(change(0.013, "share", Of::Effect(1, 0)), "+1.30 pp");
        assert_eq!(change(-0.2, "share", Of::Relative(1, 0)), "-20.0 %");
        assert_eq!(share(&Estimate { value: 0.71, half_width: 0.05 }), "71 % (66 to 76)");
        assert_eq!(whole_percent(-0.001), "0 %");
        assert_eq!(shown(0.003, "/week"), "0.003 /week");
        assert_eq!(shown(0.000_123_4, "USD/hour"), "0.000123 USD/hour");
    }

    /// 30 and 41 % a year are 0.00577 and 0.00788 a week.
    #[test]
    fn small_rates_keep_the_digits_that_tell_them_apart() {
        assert_eq!(stretch((0.005_769_2, 0.007_884_6), "/week"), "0.00577 to 0.00788 /week");
        assert_eq!(stretch((0.003, 0.003), "/week"), "0.003 /week");
        assert_eq!(stretch((0.000_012, 0.000_4), "share"), "0.0012 to 0.04 %");
        assert_eq!(stretch((0.150_01, 0.150_02), ""), "0.15001 to 0.15002");
        assert_eq!(stretch((100.2, 100.4), "USD"), "100.2 to 100.4 USD");
        assert_eq!(stretch((12_000.0, 2_500_000.0), "hours"), "12 k to 2.5 M hours");
        assert_eq!(stretch((-5.0, 0.0), ""), "-5 to 0");
    }

    #[test]
    fn an_interval_wider_than_all_shares_is_said_to_be_of_too_few_points() {
        assert_eq!(share(&Estimate { value: 1.4, half_width: 0.9 }), "too few points");
        assert_eq!(share(&Estimate { value: 1.02, half_width: 0.05 }), "100 % (97 to 100)");
        assert!(!is_told(&Estimate { value: 1.4, half_width: 0.9 }));
    }

    fn grade(grade: &str, value: f64, half_width: f64, factors: usize) -> Grade {
        let first = Estimate { value, half_width };
        Grade { grade: grade.into(), factors: (0..factors).collect(), first, total: first }
    }

    #[test]
    fn a_share_that_luck_could_have_made_is_not_said_to_be_one() {
        let told = grades_in_words(&[grade("B", 0.44, 0.2, 1), grade("C", 0.66, 0.26, 9)]);
        assert_eq!(
            told,
            "66 % (40 to 92) of this answer depends on assumptions (grade C), 9 factors and 44 % (24 to 64) on press, preprints or companies (grade B), 1 factor, by what each factor does by itself."
        );
        let mixed = grades_in_words(&[grade("B", -0.03, 0.07, 1), grade("C", 0.66, 0.26, 9)]);
        assert!(mixed.contains("it depends on press, preprints or companies (grade B), 1 factor: -3 % (-10 to 4), the number of runs cannot tell"), "{mixed}");
        for luck in [grade("C", -0.37, 0.1, 9), grade("C", 0.3, 0.4, 9)] {
            let words = grades_in_words(&[luck]);
            assert!(
                words.starts_with("How much of this answer depends on assumptions (grade C), 9 factors: "),
                "{words}"
            );
            assert!(words.contains("the number of runs cannot tell") && !words.contains("by itself"), "{words}");
        }
    }
}
