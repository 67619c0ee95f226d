//! What the filmed are offered.
//!
//! Under the rule `reservation` an offer rises towards what makes filming worth its trouble, and never falls. Under the
//! rule `rent` it moves both ways, with a half-life, to
//!
//! ```text
//! reservation + beta * max(0, 1 - capacity/target) * max(0, worth - reservation)
//! ```
//!
//! so that the filmed get a part of what their hours are worth where labs are short of people, and there only. A crew
//! that bargains as one gets `beta` times the mean worth of what it brought, if that is more than the reservation.
//!
//! Left out: that people of different skill are offered different pay, and strikes for pay.
//! Sources: rent sharing of 5 to 15 % of what a firm gains per worker: Card, Cardoso, Heining and Kline, JOLE 2018
//! (recalled).

use super::CaptureParameters;
use crate::economy::shared::forms::PayRule;
use crate::economy::world::programme::Appraisal;
use crate::ground::maths;
use crate::ground::units::{Share, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How offers move.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PayParameters {
    /// By which rule.
    pub rule: PayRule,
    /// beta: part of the rent that the filmed get.
    pub part: Share,
    /// Half-life of the gap.
    pub half_life: Span,
}

/// What an offer moves to, dollars per raw hour; `short` is the share of the target that capacity does not cover.
pub fn share_of_rent(reservation: f64, part: f64, short: f64, worth: f64) -> f64 {
    reservation + part * short.max(0.0) * (worth - reservation).max(0.0)
}

/// What the offer to a crew that bargains as one moves to.
pub fn bargained(reservation: f64, part: f64, worth_of_brought: f64) -> f64 {
    reservation.max(part * worth_of_brought)
}

/// An offer after so many weeks.
pub(super) fn moved(
    capture: &CaptureParameters,
    offer: f64,
    reservation: f64,
    short: f64,
    appraisal: &Appraisal,
    is_bargaining: bool,
    weeks: f64,
) -> f64 {
    let (part, half_life) = (capture.pay.part.0, capture.pay.half_life.0);
    let goal = if is_bargaining {
        bargained(reservation, part, appraisal.worth_of_brought)
    } else {
        share_of_rent(reservation, part, short, appraisal.worth)
    };
    goal + (offer - goal) * maths::half_life_decay(weeks, half_life)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rent_is_shared_where_people_are_short_and_only_there() {
        // 0.5 + 0.1 * 0.4 * (10.5 - 0.5) = 0.9
        assert!((share_of_rent(0.5, 0.1, 0.4, 10.5) - 0.9).abs() < 1e-12);
        assert_eq!(share_of_rent(0.5, 0.1, -3.0, 10.5), 0.5);
        assert_eq!(share_of_rent(0.5, 0.1, 0.4, 0.2), 0.5);
        // a crew that bargains: a tenth of 20 dollars, and never less than what it would do it for
        assert_eq!((bargained(0.5, 0.1, 20.0), bargained(0.5, 0.1, 2.0)), (2.0, 0.5));
    }
}
