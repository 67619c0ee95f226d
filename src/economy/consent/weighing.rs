//! What a worker weighs: the log odds of refusing, term by term.
//!
//! ```text
//! P = chooses * logistic(v)
//! v = answer + a_skill z + a_fear x + a_peer (refusing share at the site - 1/2)
//!        - a_retaliation * (weeks of wage at risk)
//!
//! utility     answer = a0 - a_pay log2(1 + (capture pay + expected royalty) / reference pay);  chooses = 1
//! threshold   answer = logit P(s), s = (capture pay + expected royalty) / hourly wage
//! ```
//!
//! P(s) is the share of people who ask for more than s ([`super::threshold`]), and `chooses` the share of those
//! asked whom the regime makes choose: few say no where they would have to speak up, all decide where they must
//! say yes.

use super::stance::Stance;
use super::threshold::Asks;
use super::{ConsentParameters, Numbers};
use crate::economy::policy::Law;
use crate::economy::shared::forms::Answer;
use crate::economy::world::markets::Market;
use crate::economy::world::programme::Filming;
use crate::ground::maths::{self, share_of};

/// v: the refusal score without the worker's own skill, term by term, in log odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// a0; by threshold, the log odds unpaid.
    pub base: f64,
    /// a_fear x.
    pub fear: f64,
    /// a_peer (refusing share - 1/2).
    pub peers: f64,
    /// What pay takes off.
    pub pay: f64,
    /// - a_retaliation * weeks of wage at risk.
    pub retaliation: f64,
    /// a_skill.
    pub per_skill: f64,
    /// Share of those asked who are made to choose.
    pub chooses: f64,
}

impl Score {
    /// P(refuse) of a worker with skill score z.
    pub fn probability(&self, z: f64) -> f64 {
        let of_site = self.base + self.fear + self.peers + self.pay + self.retaliation;
        self.chooses * maths::logistic(of_site + self.per_skill * z)
    }
}

/// What everybody of an occupation at a site weighs.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// x.
    pub fear: f64,
    /// Share of those asked at the site who refuse.
    pub refusing: f64,
    /// Capture pay and expected royalty, dollars per recorded hour.
    pub pay: f64,
    /// Dollars an hour.
    pub hourly_wage: f64,
    /// Weeks of wage.
    pub at_risk: f64,
    /// Share of those asked whom the regime makes choose.
    pub chooses: f64,
}

/// The part of the refusal score that everybody of an occupation at a site shares.
pub fn score(rule: &ConsentParameters, asks: &Asks, terms: &Terms) -> Score {
    let (base, pay, chooses) = match rule.answer {
        Answer::Utility => {
            let doublings = maths::log2(1.0 + share_of(terms.pay, rule.reference_pay.0 * terms.hourly_wage));
            (rule.base.0, -(rule.pay.0 * doublings), 1.0)
        }
        Answer::Threshold => {
            let unpaid = asks.odds_unpaid;
            (unpaid, asks.odds(share_of(terms.pay, terms.hourly_wage)) - unpaid, terms.chooses)
        }
    };
    Score {
        base,
        fear: rule.fear.0 * terms.fear,
        peers: rule.peers.0 * (terms.refusing - 1.0 / 2.0),
        pay,
        retaliation: -(rule.retaliation.0 * terms.at_risk),
        per_skill: rule.skill.0,
        chooses,
    }
}

/// What an answer depends on that everybody of an occupation at a site shares.
pub struct Weighing {
    /// Capture pay and expected royalty, dollars per recorded hour.
    pub offer: f64,
    /// v without the worker's own skill.
    pub score: Score,
}

impl Weighing {
    /// What workers of a market weigh at a site whose crew fears so much.
    pub fn of(
        parameters: &Numbers,
        asks: &Asks,
        law: &Law,
        market: &Market,
        fear: f64,
        filming: &Filming,
        stance: &Stance,
    ) -> Weighing {
        let rule = &parameters.consent;
        let offer = filming.offer + market.royalties.per_hour;
        let terms = Terms {
            fear,
            refusing: stance.refusing_share(),
            pay: offer,
            hourly_wage: market.wage / parameters.labour.weekly_hours[market.region].0,
            at_risk: parameters.risk.weeks_at_risk[law.data_rights].0,
            chooses: rule.made_to_choose[law.data_rights].0,
        };
        Weighing { offer, score: score(rule, asks, &terms) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::parameters;
    use super::*;

    /// Nobody fears, nobody knows of others, nothing is at risk, all choose; the wage is a dollar an hour.
    const CALM: Terms = Terms { fear: 0.0, refusing: 0.5, pay: 0.0, hourly_wage: 1.0, at_risk: 0.0, chooses: 1.0 };

    /// P of somebody of this skill score.
    fn probability(rule: &ConsentParameters, terms: Terms, z: f64) -> f64 {
        score(rule, &Asks::of(rule), &terms).probability(z)
    }

    #[test]
    fn an_unpaid_worker_at_risk_rarely_refuses() {
        // v = -3 + 0 + 0 - 0.6 log2(1) - 0.25 * 4 = -4; P = 1/(1 + e^4) = 0.01799
        let p = probability(&parameters(), Terms { at_risk: 4.0, ..CALM }, 0.0);
        assert!((p - 0.017_986).abs() < 1e-6, "{p}");
    }

    #[test]
    fn the_skilled_and_the_fearful_refuse_first_and_pay_calms() {
        for answer in [Answer::Utility, Answer::Threshold] {
            let rule = ConsentParameters { answer, ..parameters() };
            let p = |z, fear, pay| probability(&rule, Terms { fear, pay, ..CALM }, z);
            assert!(p(1.0, 0.0, 0.0) > p(0.0, 0.0, 0.0));
            assert!(p(0.0, 0.5, 0.0) > p(0.0, 0.0, 0.0));
            assert!(p(0.0, 0.0, 0.1) < p(0.0, 0.0, 0.0));
        }
        // pay equal to the reference is one doubling: v = -3 - 0.6
        let p = probability(&parameters(), Terms { pay: 0.1, ..CALM }, 0.0);
        assert!((p - maths::logistic(-3.6)).abs() < 1e-15);
    }

    #[test]
    fn by_threshold_the_mean_worker_refuses_as_the_curve_says() {
        let rule = ConsentParameters { answer: Answer::Threshold, ..parameters() };
        let p = |terms: Terms| probability(&rule, terms, 0.0);
        assert!((p(CALM) - 0.7).abs() < 1e-12);
        assert!((p(Terms { pay: 0.33, ..CALM }) - 0.5).abs() < 1e-12);
        // what is paid counts as a share of the wage
        assert!((p(Terms { pay: 3.3, hourly_wage: 10.0, ..CALM }) - 0.5).abs() < 1e-12);
        // two weeks at risk: logit 0.5 - 0.25 * 2; P = 1/(1 + e^0.5) = 0.37754; a tenth is made to choose
        let p = p(Terms { pay: 0.33, at_risk: 2.0, chooses: 0.1, ..CALM });
        assert!((p - 0.037_754).abs() < 1e-6, "{p}");
    }
}
