//! News: what a recording adds to what a lab already has of the same crew.
//!
//! A crew is the people of one occupation at one site. The more of its work a lab has seen, the less is new: of a crew
//! that has shown `h` raw hours, `dh` more add
//!
//! ```text
//! n0 ( e^(-h/n0) - e^(-(h+dh)/n0) )      instead of dh
//! n0 = hours * persons of the crew at the start * share of those asked who are willing
//! ```
//!
//! What is kept is the news that a lab has taken, `taken = n0 (1 - e^(-h/n0))`, so that
//!
//! ```text
//! news left = 1 - taken/n0 = e^(-h/n0)             dh more take (n0 - taken)(1 - e^(-dh/n0))
//! ```
//!
//! A crew of whom only a tenth is willing shows a tenth of what there is to see: if more become willing, there is more.
//! Products and lines change: of what was taken, a part is new again each year.
//!
//! Left out: that crews of different sites do much the same, and that a lab could choose what of a crew is filmed.
//! Sources: none measured; that repetition teaches little is what Lin et al. (arXiv 2410.18647) find.

use crate::economy::shared::forms::Sources;
use crate::ground::maths;
use crate::ground::units::{Hours, Rate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much there is to see in a crew.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewsParameters {
    /// Which.
    pub sources: Sources,
    /// Hours that show most of what one person does.
    pub hours: Hours,
    /// Part of what was seen that is new again.
    pub renewal: Rate,
}

impl NewsParameters {
    /// Do crews run out of news?
    pub fn runs_out(&self) -> bool {
        self.sources == Sources::Saturating
    }

    /// n0: what there is to see in a crew of so many persons at the start, hours; `willing` is a share.
    pub fn in_all(&self, persons_at_start: f64, willing: f64) -> f64 {
        self.hours.0 * persons_at_start * willing
    }

    /// Share of what there is to see in a crew that a lab has not seen; all of it where crews do not run out.
    pub fn left(&self, persons_at_start: f64, willing: f64, taken: f64) -> f64 {
        if self.runs_out() { left(self.in_all(persons_at_start, willing), taken) } else { 1.0 }
    }
}

/// Share of the news of a crew that is left, of `in_all` when `taken` were.
pub fn left(in_all: f64, taken: f64) -> f64 {
    if in_all > 0.0 { (1.0 - taken / in_all).max(0.0) } else { 0.0 }
}

/// News in so many raw hours more, hours.
pub fn in_hours(in_all: f64, taken: f64, hours: f64) -> f64 {
    if in_all > 0.0 { (in_all - taken).max(0.0) * (1.0 - maths::exp(-hours / in_all)) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_hours_are_less_than_twice_the_news() {
        // 40 persons, half of them willing, 10 hours each: n0 = 200. The first 100 hours: 200 (1 - e^-0.5) = 78.694;
        // the next 100: 200 (e^-0.5 - e^-1) = 47.730; left then: e^-1 = 0.36788
        let about = NewsParameters { sources: Sources::Saturating, hours: Hours(10.0), renewal: Rate(0.0) };
        let all = about.in_all(40.0, 0.5);
        let first = in_hours(all, 0.0, 100.0);
        let next = in_hours(all, first, 100.0);
        assert!((first - 78.694).abs() < 1e-3 && (next - 47.730).abs() < 1e-3, "{first}, {next}");
        assert!((left(all, first + next) - 0.367_88).abs() < 1e-5);
        // week by week it is the same
        let weekly = (0..100).fold(0.0, |taken, _| taken + in_hours(all, taken, 1.0));
        assert!((weekly - first).abs() < 1e-9, "{weekly}");
    }

    #[test]
    fn who_joins_the_willing_brings_news_and_a_crew_that_refuses_has_none() {
        let all = 200.0;
        let taken = in_hours(all, 0.0, 1e6);
        assert!((taken - all).abs() < 1e-9 && left(all, taken) < 1e-9);
        assert!((left(2.0 * all, taken) - 0.5).abs() < 1e-9);
        assert_eq!((left(0.0, taken), in_hours(0.0, taken, 10.0), in_hours(0.5 * all, taken, 10.0)), (0.0, 0.0, 0.0));
        let endless = NewsParameters { sources: Sources::Endless, hours: Hours(10.0), renewal: Rate(0.0) };
        assert_eq!(endless.left(40.0, 0.5, 1e9), 1.0);
    }
}
