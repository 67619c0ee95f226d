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
    /// What each crew answered when the site last filmed, in the order of its occupations; empty until it does.
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
        if films {
            self.remember(crews);
        }
    }

    fn remember(&mut self, crews: &[Tally]) {
        self.by_crew.resize(crews.len(), Answered::default());
        for (heard, crew) in self.by_crew.iter_mut().zip(crews) {
            *heard = Answered { asked: crew.asked, refusing: crew.refusing };
        }
    }

    /// Share of those asked of a crew who are willing to be filmed, 0 to 1; the crew by its place among the
    /// site's occupations. It is that of the last tick in which the site filmed; 1 of a crew of which nobody was
    /// asked yet. Who strikes is not willing, and of a bargaining crew all are or none.
    pub fn willing_share(&self, slot: usize) -> f64 {
        let Some(&Answered { asked, refusing }) = self.by_crew.get(slot).filter(|crew| crew.asked > 0) else {
            return 1.0;
        };
        share_of((asked - refusing) as f64, asked as f64)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crew_is_as_willing_as_those_asked_and_is_remembered_so() {
        let mut stance = Stance::default();
        assert_eq!(stance.willing_share(0), 1.0);
        let crew = |asked, refusing| Tally { asked, refusing, refusal_sum: 0 };
        stance.remember(&[crew(8, 2), crew(0, 0), crew(3, 3)]);
        // 6 of 8; nobody asked; none of 3
        assert_eq!([0, 1, 2].map(|slot| stance.willing_share(slot)), [0.75, 1.0, 0.0]);
        stance.remember(&[crew(8, 4), crew(1, 0), crew(0, 0)]);
        assert_eq!([0, 1].map(|slot| stance.willing_share(slot)), [0.5, 1.0]);
    }
}
