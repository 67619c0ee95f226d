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
    /// Lots of people asked ([`crate::economy::shared::weights`]).
    pub asked: i64,
    /// Lots of people who refuse.
    pub refusing: i64,
    /// Under bargaining: the covered workers refuse together.
    pub is_refused: bool,
    /// Which part of the workers was asked last, as a threshold of a draw; zero if it does not film.
    pub asks: u32,
    /// What each crew answered, in the order of the site's occupations.
    pub by_crew: Vec<Answered>,
}

/// What those asked of a crew answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Lots of people asked ([`crate::economy::shared::weights`]).
    pub asked: i64,
    /// Lots of people who refuse.
    pub refusing: i64,
}

impl Stance {
    /// The site hears what its crews answered.
    pub(super) fn hear(&mut self, crews: &[Tally], law: &Law, films: bool) {
        let sum = |of: fn(&Tally) -> i64| crews.iter().map(of).sum::<i64>();
        self.asked = sum(|crew| crew.asked);
        self.refusing = sum(|crew| crew.refusing);
        self.asks = if films { threshold(law.programme_coverage.0) } else { 0 };
        self.is_refused = law.data_rights == Regime::Bargaining
            && sum(|crew| crew.refusal_sum) as f64 > self.asked as f64 * PROBABILITY_ONE / 2.0;
        self.by_crew.clear();
        self.by_crew.extend(crews.iter().map(|crew| Answered { asked: crew.asked, refusing: crew.refusing }));
    }

    /// Lots of people of a crew who let the camera run; the crew by its place among the site's occupations.
    pub fn consenting_of(&self, slot: usize) -> i64 {
        self.by_crew.get(slot).map_or(0, |crew| crew.asked - crew.refusing)
    }

    /// Lots of people who let the camera run.
    pub fn consenting(&self) -> i64 {
        self.asked - self.refusing
    }

    /// Share of those asked who refuse. Who is asked first sees no peers yet: half is neutral.
    pub fn refusing_share(&self) -> f64 {
        if self.asked == 0 { 1.0 / 2.0 } else { share_of(self.refusing as f64, self.asked as f64) }
    }
}
