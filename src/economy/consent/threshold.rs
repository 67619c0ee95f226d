//! Consent by threshold: what people ask for being filmed.
//!
//! Everybody has a least pay for which they let the camera run. A share p0 asks for nothing; what the
//! others ask, as a share s of their hourly wage, has a lognormal distribution. So of people who are free
//! to choose and are offered s,
//!
//! ```text
//! P(s) = (1 - p0) (1 - Phi((ln s - mu) / sigma))            refuse
//! mu   = ln h - sigma Phi^-1(1 - 0.5 / (1 - p0))            half of all refuse at s = h
//! elasticity of supply = (1 - p0) phi((ln s - mu)/sigma) / (sigma (1 - P(s)))
//! ```
//!
//! With p0 30 %, h a third of the wage and sigma 4, 70 % refuse unpaid, 68 % for next to nothing, 50 % at
//! a third of the wage, and the elasticity of supply is about 0.1. Skill, fear, peers and risk move the
//! log odds of P ([`super::weighing`]).
//!
//! Left out: what people ask does not follow what others were paid; the wish to be paid by the week and
//! not by the hour.
//! Sources: what employees ask for being monitored, 29 to 38 % of the wage (Liang, Peng, Hong and Gu,
//! Information Systems Research 2023); a quarter accepts tracking when asked (Apple ATT); elasticity of
//! labour supply to an employer of small tasks 0.1 (Dube, Jacobs, Naidu and Suri, AER: Insights 2020).

use super::ConsentParameters;
use crate::ground::maths;

/// The distribution of what people ask.
#[derive(Clone, Copy, Debug)]
pub struct Asks {
    /// p0: share who ask for nothing.
    unpaid: f64,
    /// mu: mean of the logarithm of what the others ask, as a share of the hourly wage.
    mu: f64,
    /// sigma: its standard deviation.
    sigma: f64,
    /// Log odds of refusing to be filmed for nothing.
    pub odds_unpaid: f64,
}

/// A chance that is as good as none: of so many people there is not one.
const SURE: f64 = 1e-12;

impl Asks {
    /// From the share who ask for nothing, the pay at which half refuse, and the spread.
    pub fn of(rule: &ConsentParameters) -> Asks {
        let (unpaid, sigma) = (rule.unpaid_willing.0, rule.ask_sigma.0);
        let half = maths::normal_quantile(1.0 - 0.5 / (1.0 - unpaid));
        let mu = maths::ln(rule.half_refuse_at.0) - sigma * half;
        let asks = Asks { unpaid, mu, sigma, odds_unpaid: 0.0 };
        Asks { odds_unpaid: asks.odds(0.0), ..asks }
    }

    /// Log odds of refusing pay of so much of the hourly wage; finite, also where nobody or everybody refuses.
    pub fn odds(&self, pay: f64) -> f64 {
        maths::logit(self.refusing(pay).clamp(SURE, 1.0 - SURE))
    }

    /// P(s): share of people who refuse pay of so much of the hourly wage.
    pub fn refusing(&self, pay: f64) -> f64 {
        // nothing has no logarithm, and nobody who asks for something takes it
        let above = if pay > 0.0 { maths::normal_cdf((self.mu - maths::ln(pay)) / self.sigma) } else { 1.0 };
        (1.0 - self.unpaid) * above
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::parameters;
    use super::*;

    /// By how many per cent more people are willing when pay rises by a per cent.
    fn elasticity(asks: &Asks, pay: f64) -> f64 {
        let willing = |pay: f64| maths::ln(1.0 - asks.refusing(pay));
        (willing(pay * 1.001) - willing(pay / 1.001)) / (2.0 * maths::ln(1.001))
    }

    #[test]
    fn seven_in_ten_refuse_unpaid_and_half_at_a_third_of_the_wage() {
        let asks = Asks::of(&parameters());
        assert_eq!(asks.refusing(0.0), 0.7);
        // Phi^-1(1 - 0.5/0.7) = Phi^-1(0.2857) = -0.5659; mu = ln 0.33 + 4 * 0.5659 = 1.1551
        assert!((asks.mu - 1.155_1).abs() < 1e-3, "{}", asks.mu);
        assert!((asks.refusing(0.33) - 0.5).abs() < 1e-12);
        // s = 0.0016: (ln 0.0016 - 1.1551)/4 = -1.898; 0.7 * (1 - Phi(-1.898)) = 0.7 * 0.9711 = 0.680
        assert!((asks.refusing(0.001_6) - 0.680).abs() < 1e-3, "{}", asks.refusing(0.001_6));
        assert!(asks.refusing(1e9) < 1e-5);
    }

    #[test]
    fn where_all_ask_for_something_none_is_willing_unpaid_and_the_odds_are_still_a_number() {
        let asks = Asks::of(&ConsentParameters { unpaid_willing: crate::ground::units::Share(0.0), ..parameters() });
        assert_eq!(asks.refusing(0.0), 1.0);
        // ln(10^12 - 1)
        assert!((asks.odds(0.0) - 27.631).abs() < 1e-3);
        assert!((asks.odds(1e300) + 27.631).abs() < 1e-3 && asks.odds(0.33).abs() < 1e-12);
    }

    #[test]
    fn supply_hardly_answers_to_pay() {
        // C12: 0.10 +- 0.06. At a tenth of the wage (ln 0.1 - 1.1551)/4 = -0.8644, phi = 0.2746, P = 0.5644:
        // 0.7 * 0.2746 / (4 * 0.4356) = 0.1103
        let asks = Asks::of(&parameters());
        assert!((elasticity(&asks, 0.1) - 0.110_3).abs() < 1e-3, "{}", elasticity(&asks, 0.1));
        for pay in [0.01, 0.03, 0.1, 0.33, 1.0] {
            assert!((0.04..0.16).contains(&elasticity(&asks, pay)), "{pay}: {}", elasticity(&asks, pay));
        }
    }

    #[test]
    fn who_all_ask_the_same_refuse_below_it_and_accept_above() {
        let rule = ConsentParameters { ask_sigma: crate::ground::units::Number(0.01), ..parameters() };
        let asks = Asks::of(&rule);
        // only the share that asks for nothing is left below; nobody refuses above
        assert!((asks.refusing(0.3) - 0.7).abs() < 1e-9 && asks.refusing(0.36) < 1e-9);
    }
}
