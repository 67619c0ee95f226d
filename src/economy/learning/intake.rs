//! What labs take in: the hours that sites recorded, as far as they are news, and what workers take back.

use crate::economy::capture::{NewsParameters, news_in_hours};
use crate::economy::world::labs::Intake;
use crate::economy::world::programme::{Filming, Recorded, Source};
use crate::ground::maths;

/// A crew's news is taken by a lab: the share of its raw hours that was new, all of them where crews do not run out.
/// `willing` is the share of those asked, `persons` those that an agent stands for.
pub(super) fn take_news(
    about: &NewsParameters,
    source: &mut Source,
    recorded: &Recorded,
    lab: usize,
    willing: f64,
    hours: f64,
) -> f64 {
    if !about.runs_out() || recorded.agents == 0 || hours <= 0.0 {
        return 1.0;
    }
    let all = about.in_all(source.persons_at_start, willing);
    let news = news_in_hours(all, source.taken[lab], hours);
    source.taken[lab] += news;
    news / hours
}

/// Products and lines change: part of what was seen is new again after so many weeks.
pub(super) fn renew(about: &NewsParameters, filming: &mut Filming, weeks: f64) {
    if about.runs_out() {
        let keep = 1.0 - maths::hazard(about.renewal.0, weeks);
        for taken in filming.sources.iter_mut().flat_map(|source| &mut source.taken) {
            *taken *= keep;
        }
    }
}

/// What is left of so many quality hours when only this share was new.
pub(super) fn news_of(quality: i128, share: f64) -> i128 {
    // all that is new stays exact
    if share >= 1.0 { quality } else { (quality as f64 * share).floor() as i128 }
}

/// Takes so many recorded hours of a market out of the labs that hold them, in proportion, as far as they go, and of
/// what they taught the same part.
pub(super) fn take_out(labs: &mut [&mut Intake], market: usize, hours: i128) {
    let held: i128 = labs.iter().map(|intake| intake.recorded[market]).sum();
    let (taken, mut left) = (hours.min(held), hours);
    for intake in labs.iter_mut() {
        let part = taken * intake.recorded[market] / held.max(1);
        intake.forget(market, part);
        left -= part;
    }
    // what rounding left over comes from whoever still holds hours
    for intake in labs {
        let part = left.min(intake.recorded[market]);
        intake.forget(market, part);
        left -= part;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intake(recorded: i128, stock: i128) -> Intake {
        Intake { recorded: vec![recorded], stock: vec![stock], top: vec![stock / 5], ..Intake::default() }
    }

    #[test]
    fn who_takes_hours_back_takes_what_they_taught() {
        // 300 and 100 recorded, of which 300 and 50 were news; 200 go: 150 and 50, news 150 and 25
        let (mut first, mut second) = (intake(300, 300), intake(100, 50));
        take_out(&mut [&mut first, &mut second], 0, 200);
        assert_eq!((first.recorded[0], first.stock[0]), (150, 150));
        assert_eq!((second.recorded[0], second.stock[0]), (50, 25));
        assert_eq!((first.top[0], second.top[0]), (30, 5));
        take_out(&mut [&mut first, &mut second], 0, 1_000);
        assert_eq!((first.recorded[0], first.stock[0], second.recorded[0], second.stock[0]), (0, 0, 0, 0));
    }

    #[test]
    fn a_crew_seen_before_teaches_a_part_and_later_more_again() {
        let about = |renewal| NewsParameters {
            sources: crate::economy::shared::forms::Sources::Saturating,
            hours: crate::ground::units::Hours(10.0),
            renewal: crate::ground::units::Rate(renewal),
        };
        let mut source = Source { persons_at_start: 20.0, taken: vec![0.0, 0.0] };
        let recorded = Recorded { agents: 1, ..Recorded::default() };
        // n0 = 10 * 20 * 1 = 200; of 200 hours 1 - e^-1 are new, of the next e^-1 (1 - e^-1)
        let first = take_news(&about(0.0), &mut source, &recorded, 0, 1.0, 200.0);
        let next = take_news(&about(0.0), &mut source, &recorded, 0, 1.0, 200.0);
        assert!((first - 0.632_12).abs() < 1e-5 && (next - 0.232_54).abs() < 1e-5, "{first}, {next}");
        assert_eq!(take_news(&about(0.0), &mut source, &recorded, 1, 1.0, 200.0), first, "another lab saw none of it");
        let mut filming = Filming { sources: vec![source], ..Filming::default() };
        let before = filming.sources[0].taken[0];
        // half of it is new again at a hazard of ln 2
        renew(&about(std::f64::consts::LN_2), &mut filming, 1.0);
        assert!((filming.sources[0].taken[0] / before - 0.5).abs() < 1e-12);
        assert_eq!((news_of(1_000, 1.0), news_of(1_000, 0.25)), (1_000, 250));
    }
}
