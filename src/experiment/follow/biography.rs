//! A life in dated sentences, alone or beside the same person's life in another world.

use crate::economy::world::people::Work;
use crate::experiment::follow::Life;
use crate::ground::list::Listed;
use crate::observe::life::{Cause, Decider, Event, Reasons, Year};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Something that happened, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// When; of a year's account, its last day.
    pub date: NaiveDate,
    /// One word for the kind of event: "hired", "displaced", "year".
    pub kind: &'static str,
    /// The sentence.
    pub text: String,
}

/// A life as sentences, in order; every year ends with its account, and that of a year in which somebody leaves for good
/// stands behind the leaving.
pub fn sentences(life: &Life) -> Vec<Sentence> {
    let mut moments = life.moments.iter().peekable();
    let mut out = Vec::new();
    for year in &life.years {
        while let Some(moment) = moments.next_if(|moment| chrono::Datelike::year(&moment.date) <= year.year) {
            let (kind, text) = words(&moment.event);
            out.push(Sentence { date: moment.date, kind, text });
            if year.left_on == Some(moment.date) && matches!(moment.event, Event::LeftForGood(_)) {
                break;
            }
        }
        let last = NaiveDate::from_ymd_opt(year.year, 12, 31).expect("a year that was simulated has a last day");
        out.push(Sentence { date: year.left_on.unwrap_or(last), kind: "year", text: account(year) });
    }
    // nobody has the place any more, or not yet
    out.extend(moments.map(|moment| {
        let (kind, text) = words(&moment.event);
        Sentence { date: moment.date, kind, text }
    }));
    out
}

fn usd(micro: i64) -> String {
    let cents = (micro + 5_000).div_euclid(10_000);
    let dollars = if cents < 10_000 { cents / 100 } else { (micro + 500_000).div_euclid(1_000_000) };
    let whole = dollars.to_string();
    let mut text = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if cents < 10_000 { format!("{text}.{:02}", cents % 100) } else { text }
}

fn weekly(dollars: f64) -> String {
    format!("{dollars:.2} USD a week")
}

fn span(weeks: f64) -> String {
    match weeks {
        w if w < 1.5 => "one week".to_owned(),
        w if w < 104.0 => format!("{w:.0} weeks"),
        w => format!("{:.1} years", w / crate::ground::units::WEEKS_PER_YEAR),
    }
}

fn scarred(scar: f64) -> String {
    if scar > 0.0 { format!(", {:.0} % less than without the scar", scar * 100.0) } else { String::new() }
}

fn words(event: &Event) -> (&'static str, String) {
    match event {
        Event::Begins(work, place, pay) => {
            let how = place.as_ref().map_or("", |place| contract(place.is_organised));
            let place = place.as_ref().map_or(String::new(), |place| format!(" at {place}"));
            ("begins", format!("{}{place}{how}{}.", beginning(*work), pay_words(*work, *pay)))
        }
        Event::Asked(refuses, place, reasons) => {
            let answer = if *refuses { "refuses" } else { "agrees" };
            ("asked", format!("Is asked to be filmed at {place} and {answer}: {}", because(reasons)))
        }
        Event::ChangedMind(true, place, reasons) => {
            ("refuses", format!("Turns the camera off at {place}: {}", because(reasons)))
        }
        Event::ChangedMind(false, place, reasons) => {
            ("agrees", format!("Lets the camera run again at {place}: {}", because(reasons)))
        }
        Event::Filmed(place) => ("filmed", format!("Is filmed for the first time at {place}.")),
        Event::CamerasGone(place) => ("cameras gone", format!("The cameras leave {place}.")),
        Event::TookBack(hours) => ("withdraws", format!("Takes {hours:.0} recorded hours out of the stock.")),
        Event::LeftForGood(wallet) => (
            "leaves for good",
            format!("Leaves the working population for good, with {wallet:.0} dollars in the wallet."),
        ),
        Event::Entered(skill) => (
            "enters",
            format!(
                "Another person enters at this place, {}, and looks for work: from here on this is their life.",
                skilled(*skill)
            ),
        ),
        Event::Left(cause, place, weeks, scar) => left(*cause, &place.to_string(), *weeks, *scar),
        Event::Hired(from, place, weeks, pay, scar) => {
            let after = match from {
                Work::Outside => "in other services",
                Work::Training => "on a course",
                _ => "without work",
            };
            let contract = contract(place.is_organised);
            let (pay, after) = (weekly(*pay), format!("after {} {after}", span(*weeks)));
            ("hired", format!("Is hired at {place}{contract} {after}, for {pay}{}.", scarred(*scar)))
        }
        Event::WentOutside(weeks, pay, scar) => {
            let (weeks, pay) = (span(*weeks), weekly(*pay));
            let scar = scarred(*scar);
            ("outside job", format!("Finds a job in other services after {weeks} without work, for {pay}{scar}."))
        }
        Event::LostOutside(weeks) => {
            ("outside job lost", format!("Loses the job in other services after {}, and looks for work.", span(*weeks)))
        }
        Event::CourseBegan => ("course", "Begins a training course.".to_owned()),
        Event::CourseEnded => ("course ends", "Ends the training course, and looks for work.".to_owned()),
        Event::InsuranceEnded(weeks) => {
            ("insurance ends", format!("Unemployment insurance ends after {} without work.", span(*weeks)))
        }
        Event::FirstRoyalty => ("royalty", "Receives a royalty for the first time.".to_owned()),
        Event::WalletEmpty => ("empty wallet", "The wallet is empty.".to_owned()),
    }
}

fn beginning(work: Work) -> &'static str {
    match work {
        Work::Employed => "Works",
        Work::Unemployed => "Looks for work",
        Work::Outside => "Has a job in other services",
        Work::Training => "Attends a course",
        Work::Gone => "Nobody has this place yet",
    }
}

fn pay_words(work: Work, pay: f64) -> String {
    let is_paid = matches!(work, Work::Employed | Work::Outside);
    if is_paid { format!(" for {}", weekly(pay)) } else { String::new() }
}

fn contract(is_organised: bool) -> &'static str {
    if is_organised { " (regular contract)" } else { " (gig or informal work)" }
}

fn left(cause: Cause, place: &str, weeks: f64, scar: f64) -> (&'static str, String) {
    let after = span(weeks);
    match cause {
        Cause::Displaced => (
            "displaced",
            format!(
                "Is displaced: robots have taken over the work at {place}, after {after} there. The next job will pay {:.0} % less than without this.",
                scar * 100.0
            ),
        ),
        Cause::LaidOff => ("laid off", format!("Is given notice at {place} after {after}, not because of robots.")),
        Cause::Separated => ("separated", format!("The job at {place} ends in the ordinary course after {after}.")),
        Cause::Quit => ("quits", format!("Leaves {place} after {after} for a job in other services.")),
        Cause::Dismissed => ("dismissed", format!("Is dismissed from {place} for refusing the camera.")),
    }
}

/// Why the answer was what it was: the probability and the terms of the refusal score.
fn because(reasons: &Reasons) -> String {
    let probability = reasons.probability * 100.0;
    match reasons.decider {
        Decider::Strike => "the workers strike.".to_owned(),
        Decider::Crew => {
            format!("the covered workers decided as one (alone, this one refuses with {probability:.1} %).")
        }
        Decider::Alone => {
            let counts = reasons.terms().into_iter().filter(|(_, term)| term.abs() >= 0.005);
            let shown: Vec<String> = counts.map(|(word, term)| format!("{word} {term:+.2}")).collect();
            let (offer, score, terms) = (reasons.offer, reasons.score(), shown.join(", "));
            format!(
                "refusal had a probability of {probability:.1} %, with {offer:.2} USD an hour on offer (score {score:.2}: {terms})."
            )
        }
    }
}

fn account(year: &Year) -> String {
    let slip = &year.slip;
    let mut text = format!("{}: {} USD of pay", year.year, usd(slip.pay()));
    let also = [
        ("capture pay", slip.capture_pay),
        ("royalties", slip.royalty),
        ("insurance", slip.insurance),
        ("stipends", slip.stipend),
        ("citizen dividend", slip.citizen_dividend),
        ("robot tax handed back", slip.recycling),
        ("wage insurance", slip.wage_insurance),
    ];
    for (word, amount) in also.into_iter().filter(|(_, amount)| *amount > 0) {
        let _ = write!(text, ", {} {word}", usd(amount));
    }
    if slip.income_tax > 0 {
        let _ = write!(text, "; {} income tax", usd(slip.income_tax));
    }
    let _ = write!(text, "; {} consumed; {} in the wallet at the end", usd(year.consumption), usd(year.wallet));
    let idle = year.weeks[Work::Unemployed as usize];
    if idle > 0.0 {
        let _ = write!(text, "; {} without work", span(idle));
    }
    if year.scar > 0.0 {
        let _ = write!(text, "; the scar takes {:.1} %", year.scar * 100.0);
    }
    text.push('.');
    text
}

/// Who this is, in a line.
pub fn about(life: &Life) -> String {
    let noun = life.occupation.name().replace('_', " ");
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{}: {article} {noun} in {}, {}", life.worker, life.region, skilled(life.skill))
}

/// A skill in words.
fn skilled(skill: f64) -> String {
    let side = if skill < 0.0 { "below" } else { "above" };
    format!("skill {:.1} standard deviations {side} the mean", skill.abs())
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

    #[test]
    fn amounts_are_read_at_a_glance() {
        assert_eq!(usd(1_234_567_890_000), "1,234,568");
        assert_eq!(usd(12_345_000), "12.35");
        assert_eq!(usd(999_000_000), "999");
        assert_eq!(usd(0), "0.00");
    }

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
