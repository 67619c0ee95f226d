//! The expert part: a part of the work can only be learnt from those who are best at it.
//!
//! ```text
//! E = E_inf + (1 - E_inf) [ (1 - b) (1 + D/D0)^-alpha + b (1 + D_top/D0')^-alpha ],     D0' = phi D0
//! ```
//!
//! `D_top` are the hours of the top quarter of skill, and `phi = 1 - Phi(0.674 - sigma)` is their share of all quality
//! hours where everybody films alike: then `D_top/D0' = D/D0`, and nothing differs. Robots' hours and other teachers do
//! not enter `D_top`. The same mixture serves the log-linear form.
//!
//! Left out: that other parts of the work need other people, and that what experts do can be found out without them.
//! Sources: none. Alone among the rules it makes a strike of the skilled bite: always show results with and without it.

use crate::economy::shared::forms::ExpertRule;
use crate::economy::world::lists::Family;
use crate::ground::list::Table;
use crate::ground::units::Share;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much of the work only experts teach.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExpertParameters {
    /// Which.
    pub rule: ExpertRule,
    /// b: part of what can be learnt that only the top quarter teaches, by family.
    pub part: Table<Family, Share>,
}

impl ExpertParameters {
    /// b of a family; nothing where all hours are alike.
    pub fn part_of(&self, family: Family) -> f64 {
        if self.rule == ExpertRule::TopQuarter { self.part[family].0 } else { 0.0 }
    }
}

/// Two parts of the work, of which experts teach the share `part`; of all of it one of the two alone keeps its bits.
pub fn mix(part: f64, of_all: f64, of_experts: f64) -> f64 {
    if part == 0.0 { of_all } else { (1.0 - part) * of_all + part * of_experts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_experts_their_part_is_never_learnt() {
        // C = 0.8 of what all teach, 0.3 of what experts taught at the start: 0.8 * 0.8 + 0.2 * 0.3
        assert!((mix(0.2, 0.8, 0.3) - 0.70).abs() < 1e-15);
        assert_eq!(mix(0.0, 0.123, 0.9), 0.123);
        let alike = ExpertParameters { rule: ExpertRule::None, part: Table::of(|_| Share(0.4)) };
        assert_eq!(alike.part_of(Family::Toolmaking), 0.0);
        let apart = ExpertParameters { rule: ExpertRule::TopQuarter, ..alike };
        assert_eq!(apart.part_of(Family::Toolmaking), 0.4);
    }
}
