//! Capability that is given: history as an input.
//!
//! Where the past is simulated nobody learns from filmed hours, and what robots could do is known from elsewhere. A
//! scenario then says `run.technology = "given"` and gives success on one sub-task by year, family by family. Failure is
//! what moves: by the same share each day between the middles of years, as hours would lower it,
//!
//! ```text
//! C_k(t) = 1 - E_k(t),    ln E_k linear between (year + 1/2, ln(1 - C_year))
//! ```
//!
//! What is measured is a share of jobs more often than success on a sub-task; the curve gives one from the other,
//!
//! ```text
//! C = exp( - ln(theta) / (m ln(1 - F)) )
//! ```
//!
//! *Example*: arms could take 65 % of a warehouse's items in 2022 and 78 % of its stows in 2025. Picking is one sub-task
//! (m = 1, theta = 0.95), so C = exp(-0.05129 / 1.04982) = 0.9523 and exp(-0.05129 / 1.51413) = 0.9667. In the middle of
//! 2023, a third of the way, failure is 0.0477 (0.0333 / 0.0477)^(1/3) = 0.0423.
//!
//! Models are still released once a quarter, prices fall by learning or are given (`robots.class.*.price_path`), and
//! demand, wages and fleets move by their own rules. A family without a path can do nothing. An hour teaches nothing and
//! is worth nothing to a lab; whose hours they are is still written down.
//!
//! Left out: paths that differ between labs or regions.

use super::curve::LearningParameters;
use crate::economy::world::lists::Family;
use crate::ground::list::Listed;
use chrono::NaiveDate;

/// C_k on a day, where it is given; nothing is done where no path is.
pub fn given_capability(learning: &LearningParameters, family: Family, day: NaiveDate) -> f64 {
    learning.path.get(&family).map_or(0.0, |path| 1.0 - path.mirrored().on(day))
}

/// The same for each lab at the start, by family: all have the same.
pub fn given_at_start(learning: &LearningParameters, labs: usize, start: NaiveDate) -> Vec<Vec<f64>> {
    vec![Family::ALL.iter().map(|&family| given_capability(learning, family, start)).collect(); labs]
}

#[cfg(test)]
mod tests {
    use super::super::curve::feasible_share;
    use super::super::curve::tests::reference;
    use super::*;

    fn with_path(json: &str) -> LearningParameters {
        let path = [(Family::Handling, serde_json::from_str(json).unwrap())].into();
        LearningParameters { path, ..reference() }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn failure_falls_by_the_same_share_each_day() {
        let learning = with_path(r#"{"2022": 0.9523, "2025": 0.9667}"#);
        let c = |text| given_capability(&learning, Family::Handling, day(text));
        // a third of the way from 0.0477 to 0.0333: 0.0477 * 0.69811^(1/3) = 0.0423; a line would say 0.0429
        assert!((1.0 - c("2023-07-02") - 0.042_316).abs() < 2e-5, "{}", 1.0 - c("2023-07-02"));
        // before the first year and after the last it stays
        assert!((c("2010-01-01") - 0.9523).abs() < 1e-12 && (c("2040-01-01") - 0.9667).abs() < 1e-12);
        // no path, no work
        assert_eq!(given_capability(&learning, Family::Assembly, day("2023-07-02")), 0.0);
    }

    #[test]
    fn a_share_of_jobs_that_was_measured_comes_out_again() {
        // 65 % and 78 % of items in chains of one: C of 0.9523 and 0.9667
        for (share, c) in [(0.65, 0.9523), (0.78, 0.9667)] {
            let learning = with_path(&format!("{{\"2022\": {c}}}"));
            let found = given_capability(&learning, Family::Handling, day("2022-07-01"));
            assert!((feasible_share(found, 1.0, 0.95) - share).abs() < 1e-3, "{share}");
        }
    }

    #[test]
    fn all_labs_begin_with_the_same() {
        let learning = with_path(r#"{"2022": 0.5}"#);
        assert_eq!(given_at_start(&learning, 2, day("2022-01-01")), vec![vec![0.5, 0.0, 0.0, 0.0, 0.0]; 2]);
    }
}
