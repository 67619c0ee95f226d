//! The path of the work that robots do beyond the start: its peak, its area, and when it is much.

use super::run::Results;
use crate::ground::units::WEEKS_PER_YEAR;
use crate::observe::indicators::Metric;
use std::collections::BTreeMap;

/// Full-time equivalents that are many.
pub const MANY_ABSORBED: f64 = 25e6;

/// What was recorded of a stock over a run.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// Years since the start at the end of each record's tick, and the value.
    records: Vec<(f64, f64)>,
}

impl Path {
    /// Work absorbed in a region.
    pub fn of_region(results: &Results, region: usize) -> Path {
        Path::of(results, results.series.history(Metric::Absorbed, region, "all").unwrap_or_default())
    }

    /// Work absorbed in the world.
    pub fn of_world(results: &Results) -> Path {
        let mut world = BTreeMap::new();
        for region in 0..results.scenario.parameters.regions.len() {
            let mine = results.series.history(Metric::Absorbed, region, "all").unwrap_or_default();
            mine.iter().for_each(|&(tick, value)| *world.entry(tick).or_insert(0.0) += value);
        }
        Path::of(results, world.into_iter().collect())
    }

    fn of(results: &Results, history: Vec<(i32, f64)>) -> Path {
        let years = results.scenario.parameters.run.tick.0 / WEEKS_PER_YEAR;
        let at = |(tick, value): (i32, f64)| (f64::from(tick + 1) * years, value);
        Path { records: history.into_iter().map(at).collect() }
    }

    /// The largest value; NaN without records.
    pub fn peak(&self) -> f64 {
        self.records.iter().map(|record| record.1).fold(f64::NAN, f64::max)
    }

    /// The values added up over time, each for the years since the record before.
    pub fn years(&self) -> f64 {
        let before = std::iter::once(0.0).chain(self.records.iter().map(|record| record.0));
        self.records.iter().zip(before).map(|(&(at, value), before)| value * (at - before)).sum()
    }

    /// Years until a record reaches a threshold; NaN if none does.
    pub fn years_to(&self, threshold: f64) -> f64 {
        self.records.iter().find(|record| record.1 >= threshold).map_or(f64::NAN, |record| record.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_a_peak_an_area_and_a_date() {
        // 10 M over the first year, 30 M over the second, 20 M over half a year: 10 + 30 + 10
        let path = Path { records: vec![(1.0, 10e6), (2.0, 30e6), (2.5, 20e6)] };
        assert_eq!((path.peak(), path.years(), path.years_to(MANY_ABSORBED)), (30e6, 50e6, 2.0));
        assert!(path.years_to(40e6).is_nan());
        let nothing = Path { records: Vec::new() };
        assert!(nothing.peak().is_nan() && nothing.years() == 0.0);
    }
}
