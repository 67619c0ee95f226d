//! Other teachers: simulation, teleoperation, video from the web.
//!
//! What they teach is a stock of hours that nobody at a site is credited for. It grows from the hours of the start,
//!
//! ```text
//! hours of other teachers in k = hours of the start in k * ( (1 + g_k)^years - 1 )
//! ```
//!
//! Left out: what they cost, and that labs would buy more of them where people's hours are dear.
//! Source: assumption; no count of such hours is comparable with an hour of work.

use crate::economy::shared::forms::TeacherRule;
use crate::economy::world::lists::Family;
use crate::ground::list::Table;
use crate::ground::maths;
use crate::ground::units::{Rate, WEEKS_PER_YEAR};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much others teach.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TeacherParameters {
    /// Which.
    pub rule: TeacherRule,
    /// g: growth of what they teach, by family.
    pub growth: Table<Family, Rate>,
}

impl TeacherParameters {
    /// Hours of other teachers, as a multiple of the hours at the start.
    pub fn multiple(&self, family: Family, years: f64) -> f64 {
        match self.rule {
            TeacherRule::None => 0.0,
            TeacherRule::Growing => maths::pow(1.0 + self.growth[family].0 * WEEKS_PER_YEAR, years) - 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_teachers_start_at_nothing_and_grow_by_a_rate() {
        let growth = Table::of(|_: &Family| Rate(0.3 / WEEKS_PER_YEAR));
        let about = TeacherParameters { rule: TeacherRule::Growing, growth };
        assert_eq!(about.multiple(Family::Handling, 0.0), 0.0);
        // 1.3^2 - 1 = 0.69
        assert!((about.multiple(Family::Handling, 2.0) - 0.69).abs() < 1e-12);
        let none = TeacherParameters { rule: TeacherRule::None, ..about };
        assert_eq!(none.multiple(Family::Handling, 15.0), 0.0);
    }
}
