//! What happens to a worker, in dated sentences.

use crate::economy::world::people::Work;
use crate::experiment::follow::Life;
use crate::observe::life::{Cause, Decider, Event, Reasons, Year};
use chrono::NaiveDate;
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

/// Dollars, rounded as one reads them.
pub(super) fn usd(micro: i64) -> String {
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

/// What happened: a word for the kind, and the sentence.
pub(super) fn words(event: &Event) -> (&'static str, String) {
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

/// A skill in words.
pub(super) fn skilled(skill: f64) -> String {
    let side = if skill < 0.0 { "below" } else { "above" };
    format!("skill {:.1} standard deviations {side} the mean", skill.abs())
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
}
