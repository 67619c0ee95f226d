//! What became of the work that robots absorbed: a path from that work to the people displaced, and on to those who found
//! work again.
//!
//! Robots absorb work; that is no notice yet. Where people left, or were let go for other reasons, and nobody was hired in
//! their place, robots took over without a notice. Where jobs became no fewer, robots do work that there was not before.
//! What is left are the displaced. Of these some found work again.
//!
//! Everything is counted from what a run records, occupation by occupation in each region, since a job that is new
//! elsewhere is none for whoever is displaced here. Both sums hold exactly: absorbed = more work + not replaced +
//! displaced, and displaced = found work again + did not. Not replaced are the jobs lost at sites from the first record to
//! the last beyond those of the displaced, as far as robots absorbed so much; more work is the rest. A full-time equivalent
//! counts as one person. More work is below zero where robots do less at the end than they displaced people for on the way.

use super::run::Results;
use crate::economy::world::lists::Occupation;
use crate::ground::list::Listed;
use crate::observe::indicators::{Metric, Series};
use std::ops::Add;

/// A step of the path, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Work done by robots beyond the start, at the end.
    Absorbed,
    /// Work that there was not at the start.
    MoreWork,
    /// People who left or were let go for other reasons, and in whose place nobody was hired.
    NotReplaced,
    /// Given notice because robots had absorbed their work.
    Displaced,
    /// Displaced, and found work again.
    FoundAgain,
    /// Displaced, and did not.
    NotFound,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Step; 6] =
        [Step::Absorbed, Step::MoreWork, Step::NotReplaced, Step::Displaced, Step::FoundAgain, Step::NotFound];

    /// Its word in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Absorbed => "absorbed",
            Step::MoreWork => "more_work",
            Step::NotReplaced => "not_replaced",
            Step::Displaced => "displaced",
            Step::FoundAgain => "found_again",
            Step::NotFound => "not_found",
        }
    }

    /// What it is called in pictures.
    pub const fn words(self) -> &'static str {
        match self {
            Step::Absorbed => "Work absorbed by robots",
            Step::MoreWork => "less: there was more work",
            Step::NotReplaced => "less: left and not replaced",
            Step::Displaced => "People displaced",
            Step::FoundAgain => "less: found work again",
            Step::NotFound => "Found none so far, or left",
        }
    }

    /// "sum" or "step", as tables have it.
    pub const fn kind(self) -> &'static str {
        if self.is_sum() { "sum" } else { "step" }
    }

    /// Is it a sum, which begins at nothing, and no step from one to the next?
    pub const fn is_sum(self) -> bool {
        matches!(self, Step::Absorbed | Step::Displaced | Step::NotFound)
    }
}

/// The metrics that it is made of.
pub const READ: [Metric; 4] = [Metric::Employed, Metric::Absorbed, Metric::DisplacedTotal, Metric::ReemployedTotal];

/// The path of a region, or of several together, in persons and full-time equivalents.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Became(pub [f64; 6]);

impl Became {
    /// That of every region of a run.
    pub fn of(results: &Results) -> Vec<Became> {
        Became::of_series(&results.series, results.scenario.parameters.regions.len())
    }

    /// That of every region of what was recorded.
    pub fn of_series(series: &Series, regions: usize) -> Vec<Became> {
        let series = series.by_metric();
        let of = |region: usize| {
            let of_one = |occupation: &Occupation| {
                let item = occupation.name();
                Became::from_records(|metric| series.history(metric, region, item).unwrap_or_default())
            };
            together(&Occupation::ALL.iter().map(of_one).collect::<Vec<_>>())
        };
        (0..regions).map(of).collect()
    }

    /// From the records of an occupation in a region, each by its tick.
    pub fn from_records(history: impl Fn(Metric) -> Vec<(i32, f64)>) -> Became {
        let end = |metric: Metric| history(metric).last().map_or(0.0, |record| record.1);
        let employed = history(Metric::Employed);
        let [first, last] = [employed.first(), employed.last()].map(|record| record.map_or(0.0, |record| record.1));
        let (absorbed, displaced, found) =
            (end(Metric::Absorbed), end(Metric::DisplacedTotal), end(Metric::ReemployedTotal));
        // jobs that were lost without robots are none that robots took over
        let room = (absorbed - displaced).max(0.0);
        let not_replaced = (first - last - displaced).clamp(0.0, room);
        Became([absorbed, absorbed - not_replaced - displaced, not_replaced, displaced, found, displaced - found])
    }

    /// How much a step is.
    pub const fn step(&self, step: Step) -> f64 {
        self.0[step as usize]
    }

    /// Where each step begins and ends, as the bars of a waterfall.
    pub fn bars(&self) -> [(f64, f64); 6] {
        let mut level = 0.0;
        Step::ALL.map(|step| {
            let value = self.step(step);
            let from = if step.is_sum() { 0.0 } else { level };
            level = if step.is_sum() { value } else { level - value };
            (from, level)
        })
    }
}

impl Add for Became {
    type Output = Became;
    fn add(self, other: Became) -> Became {
        Became(std::array::from_fn(|n| self.0[n] + other.0[n]))
    }
}

/// Several together: regions, or occupations.
pub fn together(parts: &[Became]) -> Became {
    parts.iter().fold(Became::default(), |sum, &one| sum + one)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two records: so many at work at the first and at the last.
    fn recorded(employed: [f64; 2]) -> impl Fn(Metric) -> Vec<(i32, f64)> {
        move |metric: Metric| {
            let [first, last] = match metric {
                Metric::Employed => employed,
                Metric::Absorbed => [10.0, 100.0],
                Metric::DisplacedTotal => [0.0, 20.0],
                Metric::ReemployedTotal => [0.0, 12.0],
                _ => panic!("{metric} is not asked for"),
            };
            vec![(3, first), (7, last)]
        }
    }

    #[test]
    fn absorbed_work_becomes_displaced_people_and_nothing_is_lost_on_the_way() {
        let became = Became::from_records(recorded([1000.0, 940.0]));
        // 60 jobs lost, 20 of them by the displaced: 40 left and were not replaced; the other 40 of 100 were more work
        assert_eq!(became.0, [100.0, 40.0, 40.0, 20.0, 12.0, 8.0]);
        let bars = became.bars();
        assert_eq!(bars[..4], [(0.0, 100.0), (100.0, 60.0), (60.0, 20.0), (0.0, 20.0)]);
        assert_eq!(bars[4..], [(20.0, 8.0), (0.0, 8.0)]);
        // where jobs became more, nobody was missed
        let growing = Became::from_records(recorded([1000.0, 1100.0]));
        assert_eq!(growing.0, [100.0, 80.0, 0.0, 20.0, 12.0, 8.0]);
        // where more jobs were lost than robots absorbed, the others were lost without them
        let shrinking = Became::from_records(recorded([1000.0, 500.0]));
        assert_eq!(shrinking.0, [100.0, 0.0, 80.0, 20.0, 12.0, 8.0]);
        assert_eq!(together(&[became, growing]).0, [200.0, 120.0, 40.0, 40.0, 24.0, 16.0]);
    }

    #[test]
    fn where_nothing_was_recorded_nothing_happened() {
        assert_eq!(Became::from_records(|_| Vec::new()), Became::default());
    }
}
