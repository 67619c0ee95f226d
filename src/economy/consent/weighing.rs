//! What a worker weighs: the refusal score and its terms.
//!
//! ```text
//! P = logistic(v)
//! v = a0 + a_skill z + a_fear x + a_peer (refusing share at the site - 1/2)
//!        - a_pay log2(1 + (capture pay + expected royalty) / reference pay)
//!        - a_retaliation * (weeks of wage at risk)
//! ```

use super::stance::Stance;
use super::{ConsentParameters, Numbers};
use crate::economy::markets::Market;
use crate::economy::policy::Law;
use crate::economy::programme::Filming;
use crate::ground::maths::{self, share_of};

/// v: the refusal score without the worker's own skill.
pub struct Score {
    /// a_fear x + a_peer (...) - a_pay (...) - a_retaliation (...) + a0.
    pub of_site: f64,
    /// a_skill.
    pub per_skill: f64,
}

impl Score {
    /// P(refuse) of a worker with skill score z.
    pub fn probability(&self, z: f64) -> f64 {
        maths::logistic(self.of_site + self.per_skill * z)
    }
}

/// The part of the refusal score that everybody of an occupation at a site shares.
///
/// `pay` and `reference` are dollars per recorded hour, `refusing` a share, `at_risk` weeks of wage.
pub fn score(consent: &ConsentParameters, fear: f64, refusing: f64, pay: f64, reference: f64, at_risk: f64) -> Score {
    let doublings = maths::log2(1.0 + share_of(pay, reference));
    Score {
        of_site: consent.base.0 + consent.fear.0 * fear + consent.peers.0 * (refusing - 1.0 / 2.0)
            - consent.pay.0 * doublings
            - consent.retaliation.0 * at_risk,
        per_skill: consent.skill.0,
    }
}

/// What an answer depends on that everybody of an occupation at a site shares: the score, and the numbers in it.
pub struct Weighing {
    /// x.
    pub fear: f64,
    /// Refusing share at the site.
    pub refusing: f64,
    /// Capture pay and expected royalty, dollars per recorded hour.
    pub offer: f64,
    /// Reference pay, dollars per hour.
    pub reference: f64,
    /// Weeks of wage at risk.
    pub at_risk: f64,
    /// v without the worker's own skill.
    pub score: Score,
}

impl Weighing {
    /// What workers of a market weigh at a site whose crew fears so much.
    pub fn of(
        parameters: &Numbers,
        law: &Law,
        market: &Market,
        fear: f64,
        filming: &Filming,
        stance: &Stance,
    ) -> Weighing {
        let rule = &parameters.consent;
        let hourly = market.wage / parameters.labour.weekly_hours[market.region].0;
        let (refusing, offer) = (stance.refusing_share(), filming.offer + market.royalties.per_hour);
        let reference = rule.reference_pay.0 * hourly;
        let at_risk = parameters.risk.weeks_at_risk[law.data_rights].0;
        let score = score(rule, fear, refusing, offer, reference, at_risk);
        Weighing { fear, refusing, offer, reference, at_risk, score }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::units::{Number, Rate, Share, Span};

    fn parameters() -> ConsentParameters {
        ConsentParameters {
            base: Number(-3.0),
            skill: Number(0.8),
            fear: Number(1.5),
            peers: Number(0.3),
            pay: Number(0.6),
            reference_pay: Share(0.1),
            retaliation: Number(0.25),
            review: Rate(1.0 / 13.0),
            fear_half_life: Span(26.0),
            own_site_weight: Share(0.7),
        }
    }

    #[test]
    fn an_unpaid_worker_at_risk_rarely_refuses() {
        // v = -3 + 0 + 0 - 0.6 log2(1) - 0.25 * 4 = -4; P = 1/(1 + e^4) = 0.01799
        let p = score(&parameters(), 0.0, 0.5, 0.0, 1.0, 4.0).probability(0.0);
        assert!((p - 0.017_986).abs() < 1e-6, "{p}");
    }

    #[test]
    fn the_skilled_and_the_fearful_refuse_first_and_pay_calms() {
        let p = |z, fear, pay| score(&parameters(), fear, 0.5, pay, 0.1, 0.0).probability(z);
        assert!(p(1.0, 0.0, 0.0) > p(0.0, 0.0, 0.0));
        assert!(p(0.0, 0.5, 0.0) > p(0.0, 0.0, 0.0));
        assert!(p(0.0, 0.0, 0.1) < p(0.0, 0.0, 0.0));
        // pay equal to the reference is one doubling: v = -3 - 0.6
        assert!((p(0.0, 0.0, 0.1) - maths::logistic(-3.6)).abs() < 1e-15);
    }
}
