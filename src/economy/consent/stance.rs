//! The site as a body that answers: who was asked, who refuses, what the crew decided together.

use super::answers::{PROBABILITY_ONE, Tally};
use crate::economy::policy::{Law, Regime};
use crate::ground::maths::share_of;
use crate::ground::random::threshold;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// The site as a body that answers: who was asked, who refuses.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stance {
    /// Agents asked.
    pub asked: i64,
    /// Agents who refuse.
    pub refusing: i64,
    /// Under bargaining: the covered workers refuse together.
    pub is_refused: bool,
    /// Which part of the workers was asked last, as a threshold of a draw; zero if it does not film.
    pub asks: u32,
}

impl Stance {
    /// The site hears what its workers answered.
    pub(super) fn hear(&mut self, total: &Tally, law: &Law, films: bool) {
        self.asked = total.asked;
        self.refusing = total.refusing;
        self.asks = if films { threshold(law.programme_coverage.0) } else { 0 };
        self.is_refused = law.data_rights == Regime::Bargaining
            && total.refusal_sum as f64 > total.asked as f64 * PROBABILITY_ONE / 2.0;
    }

    /// Agents who let the camera run.
    pub fn consenting(&self) -> i64 {
        self.asked - self.refusing
    }

    /// Share of those asked who refuse. Who is asked first sees no peers yet: half is neutral.
    pub fn refusing_share(&self) -> f64 {
        if self.asked == 0 { 1.0 / 2.0 } else { share_of(self.refusing as f64, self.asked as f64) }
    }
}
