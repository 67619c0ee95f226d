//! A life in dated sentences, alone or beside the same person's life in another world.

use super::sentences::{sentences, skilled, usd, words};
use crate::experiment::follow::Life;
use crate::ground::list::Listed;
use crate::observe::life::{Decider, Event, Reasons, Year};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Who this is, in a line.
pub fn about(life: &Life) -> String {
    let noun = life.occupation.name().replace('_', " ");
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{}: {article} {noun} in {}, {}", life.worker, life.region, skilled(life.skill))
}

/// Income after tax, of each who had the place where there were several: "12 USD", "12 and 34 USD (two people)".
fn incomes(life: &Life) -> String {
    let all: Vec<String> = life.incomes().into_iter().map(usd).collect();
    match all.len() {
        1 => format!("{} USD", all[0]),
        people => format!("{} USD ({people} people, one after another)", crate::ground::words::listed(all)),
    }
}

/// A life for a terminal.
pub fn alone(life: &Life) -> String {
    let mut out = format!("{}\n{}: {}\n\n", about(life), life.scenario, life.title);
    for sentence in sentences(life) {
        let lines = wrap(&sentence.text, 100);
        for (n, line) in lines.iter().enumerate() {
            let date = if n == 0 { sentence.date.to_string() } else { String::new() };
            let _ = writeln!(out, "{}", format!("{date:<12}{line}").trim_end());
        }
    }
    let _ = writeln!(out, "\nIncome after tax in all: {}.", incomes(life));
    out
}

/// Columns of two lives are so wide.
const HALF: usize = 56;

/// Two lives of the same person, side by side, by date.
pub fn side_by_side(one: &Life, other: &Life) -> String {
    let mut rows: BTreeMap<(NaiveDate, bool), [Vec<String>; 2]> = BTreeMap::new();
    for (side, life) in [one, other].into_iter().enumerate() {
        for sentence in sentences(life) {
            let lines = &mut rows.entry((sentence.date, sentence.kind == "year")).or_default()[side];
            lines.extend(wrap(&sentence.text, HALF));
        }
    }
    let mut out = format!("{}\n\n", about(one));
    let mut row = |date: &str, left: &str, right: &str| {
        let _ = writeln!(out, "{}", format!("{date:<12}{left:<HALF$}  | {right}").trim_end());
    };
    row("", &one.scenario, &other.scenario);
    for (left, right) in pairs(&wrap(&one.title, HALF), &wrap(&other.title, HALF)) {
        row("", left, right);
    }
    row("", "", "");
    for ((date, _), [left, right]) in &rows {
        let date = date.to_string();
        for (n, (left, right)) in pairs(left, right).enumerate() {
            row(if n == 0 { &date } else { "" }, left, right);
        }
    }
    let (a, b) = (one.income(), other.income());
    let (more, word) = ((b - a).abs(), if b < a { "less" } else { "more" });
    let _ = writeln!(
        out,
        "\nIncome after tax in all: {} under {}, {} under {}: {} USD {word}.",
        incomes(one),
        one.scenario,
        incomes(other),
        other.scenario,
        usd(more)
    );
    out
}

fn pairs<'a>(left: &'a [String], right: &'a [String]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let at = |lines: &'a [String], n: usize| lines.get(n).map_or("", String::as_str);
    (0..left.len().max(right.len())).map(move |n| (at(left, n), at(right, n)))
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The terms of a decision about the camera: log odds that add up to the score, and what was on offer.
fn terms(reasons: &Reasons) -> Value {
    let decider = match reasons.decider {
        Decider::Alone => "alone",
        Decider::Crew => "crew",
        Decider::Strike => "strike",
    };
    json!({
        "decider": decider, "base": reasons.base, "skill": reasons.skill, "fear": reasons.fear,
        "peers": reasons.peers, "pay": reasons.pay, "risk": reasons.retaliation, "score": reasons.score(),
        "probability": reasons.probability, "offer": reasons.offer,
    })
}

/// A life as JSON: moments with date, kind, sentence and, where the camera is answered, the terms; years in
/// micro-dollars of one person.
pub fn as_json(life: &Life) -> Value {
    let of_year = |year: &Year| {
        let slip = &year.slip;
        let [employed, unemployed, outside, training, _] = year.weeks;
        json!({
            "year": year.year, "person": year.person,
            "wages": slip.wages, "outside_wages": slip.outside_wages, "insurance": slip.insurance,
            "stipend": slip.stipend, "capture_pay": slip.capture_pay, "royalty": slip.royalty,
            "citizen_dividend": slip.citizen_dividend, "recycling": slip.recycling,
            "wage_insurance": slip.wage_insurance, "income_tax": slip.income_tax,
            "consumption": year.consumption, "wallet": year.wallet, "scar": year.scar,
            "weeks": {"employed": employed, "unemployed": unemployed, "outside": outside, "training": training},
        })
    };
    let moments: Vec<Value> = life
        .moments
        .iter()
        .map(|moment| {
            let (kind, text) = words(&moment.event);
            let mut told = json!({"tick": moment.tick, "date": moment.date.to_string(), "kind": kind, "text": text});
            if let Event::Asked(_, _, reasons) | Event::ChangedMind(_, _, reasons) = &moment.event {
                told["reasons"] = terms(reasons);
            }
            told
        })
        .collect();
    json!({
        "scenario": life.scenario, "worker": life.worker, "skill": life.skill, "money": "micro-dollars of one person",
        "moments": moments, "years": life.years.iter().map(of_year).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::world::people::Work;

    #[test]
    fn the_terms_of_a_decision_add_up_to_its_score() {
        // -3 + 0.5 + 0.25 - 0.125 - 1 - 0.5 = -3.875
        let reasons = Reasons {
            decider: Decider::Alone,
            base: -3.0,
            skill: 0.5,
            fear: 0.25,
            peers: -0.125,
            pay: -1.0,
            retaliation: -0.5,
            probability: 0.02,
            offer: 0.5,
        };
        let told = terms(&reasons);
        let sum: f64 =
            ["base", "skill", "fear", "peers", "pay", "risk"].iter().filter_map(|key| told[key].as_f64()).sum();
        assert_eq!((sum, told["score"].as_f64(), &told["decider"]), (-3.875, Some(-3.875), &json!("alone")));
    }

    /// The first leaves in May 2030 with 900 earned that year, and another enters on the same day; the place is left again
    /// in 2032, when nobody follows.
    #[test]
    fn whoever_leaves_is_not_told_the_life_of_whoever_enters() {
        let day = |year, month| NaiveDate::from_ymd_opt(year, month, 1).unwrap();
        let year = |year, person, left_on, dollars: i64| Year {
            left_on,
            slip: crate::economy::settlement::payslip::Payslip { wages: dollars * 1_000_000, ..Default::default() },
            ..Year { year, person, ..Year::default() }
        };
        let moment = |date, event| crate::observe::life::Moment { tick: 0, date, event };
        let life = Life {
            scenario: "a".into(),
            title: "A".into(),
            worker: "IND/assembler/1".into(),
            occupation: crate::economy::world::lists::Occupation::Assembler,
            region: "IND".into(),
            skill: 0.5,
            moments: vec![
                moment(day(2029, 1), Event::Begins(Work::Unemployed, None, 0.0)),
                moment(day(2030, 5), Event::LeftForGood(70.0)),
                moment(day(2030, 5), Event::Entered(-1.5)),
                moment(day(2030, 7), Event::CourseBegan),
                moment(day(2032, 2), Event::LeftForGood(0.0)),
            ],
            years: vec![
                year(2029, 0, None, 1_000),
                year(2030, 0, Some(day(2030, 5)), 900),
                year(2030, 1, None, 40),
                year(2031, 1, None, 50),
                year(2032, 1, Some(day(2032, 2)), 6),
            ],
        };
        let told = sentences(&life);
        let kinds: Vec<&str> = told.iter().map(|sentence| sentence.kind).collect();
        let wanted = [
            "begins",
            "year",
            "leaves for good",
            "year",
            "enters",
            "course",
            "year",
            "year",
            "leaves for good",
            "year",
        ];
        assert_eq!(kinds, wanted);
        assert!(told.is_sorted_by_key(|sentence| sentence.date), "{told:?}");
        assert!(told[2].text.contains("for good, with 70 dollars"), "{}", told[2].text);
        assert!(told[3].text.starts_with("2030: 900 USD of pay"), "{}", told[3].text);
        assert!(
            told[4].text.contains("Another person enters at this place, skill 1.5 standard deviations below the mean")
        );
        // 1,000 + 900 of the first; 40 + 50 + 6 of the second
        assert_eq!(life.incomes(), [1_900_000_000, 96_000_000]);
        assert!(alone(&life).contains("1,900 and 96.00 USD (2 people, one after another)"), "{}", alone(&life));
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
    }
}
