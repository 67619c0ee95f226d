//! What labs spend on hours, and what an hour costs them.
//!
//! ```text
//! constant   B = B1 + reinvest * licences
//! logistic   B(t) = B1 / (1 + (B1/B0 - 1) g^-t) + reinvest * max(0, licences - licences at the start)
//! ```
//!
//! `t` is years from tick 0, negative before it; `g` is how many times more is spent each year while the path is far
//! below `B1`. On the logistic path people film before the start too, and the hours that labs hold at the start are
//! what the path would have bought by then,
//!
//! ```text
//! S0 = integral of B up to t = 0, over c0 = B1 / (c0 ln g) * ln( B1 / (B1 - B0) )
//! ```
//!
//! with `c0` the cost of a raw hour at the first price. Those of them that people of the model record in the spin-up
//! are theirs; nobody is credited for the rest. So nothing jumps at tick 0. Licences count beyond those of the start:
//! what the first fleets earn is not reinvested all at once in week 1.
//!
//! Left out: what is spent on other data, credit, labs that give up.
//! Sources: Bessemer via type0.ai, 2026, for B1; named data sets, 2021 to 2026, ten times as large each year.

use super::CaptureParameters;
use crate::economy::policy::Clock;
use crate::economy::shared::forms::BudgetRule;
use crate::economy::world::labs::Lab;
use crate::ground::maths::{self, share_of};
use crate::ground::units::{Share, Size, UsdPerWeek};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The path of the labs' spending.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetPath {
    /// Which.
    pub rule: BudgetRule,
    /// B0: what all labs spend at the start, on the logistic path.
    pub at_start: UsdPerWeek,
    /// g: growth of spending in a year while it is small.
    pub growth: Size,
    /// Part of `filming_at_start` that films at the start.
    pub filming: Share,
}

impl BudgetPath {
    /// Do people film before tick 0?
    pub fn films_before_start(&self) -> bool {
        self.rule == BudgetRule::Logistic
    }

    /// Part of those who film at the start under a constant budget that do so on this path.
    pub fn filming_at_start(&self) -> f64 {
        if self.films_before_start() { self.filming.0 } else { 1.0 }
    }
}

/// B(t) without licences: `most` is B1, `at_start` B0, in any unit of money.
pub fn spending(most: f64, at_start: f64, growth: f64, years: f64) -> f64 {
    most / (1.0 + (share_of(most, at_start) - 1.0) * maths::pow(growth, -years))
}

/// S0: hours that the path has bought by the start; `most` and `at_start` are money a year. None where hours cost nothing,
/// because no money buys them.
pub fn bought_before(most: f64, at_start: f64, growth: f64, cost: f64) -> f64 {
    share_of(most, cost * maths::ln(growth)) * maths::ln(most / (most - at_start))
}

/// Raw hours that all labs hold at the start.
pub fn hours_at_start(capture: &CaptureParameters) -> f64 {
    let path = &capture.path;
    match path.rule {
        BudgetRule::Constant => capture.stock_at_start.0,
        BudgetRule::Logistic => {
            let cost = raw_hour_cost(capture, capture.price.0, 0.0, 0.0);
            let yearly = |weekly: UsdPerWeek| weekly.0 * crate::ground::units::WEEKS_PER_YEAR;
            bought_before(yearly(capture.budget), yearly(path.at_start), path.growth.0, cost)
        }
    }
}

/// Price of an accepted hour, dollars.
pub fn hour_price(capture: &CaptureParameters, years: f64) -> f64 {
    let weeks = years * crate::ground::units::WEEKS_PER_YEAR;
    (capture.price.0 * maths::exp(-capture.price_decline.0 * weeks)).max(capture.price_floor.0)
}

/// Price of an accepted hour in the present tick, dollars: while technology stands still, that of the start.
pub fn price_now(capture: &CaptureParameters, clock: &Clock) -> f64 {
    if clock.is_frozen { capture.price.0 } else { hour_price(capture, clock.years()) }
}

/// Cost of a raw hour to a lab, dollars: the price, or the fee and the pay of the filmed where these are
/// more, with quality control, and the levy. `price` and `levy` are per accepted hour, `offer` per raw hour.
pub fn raw_hour_cost(capture: &CaptureParameters, price: f64, offer: f64, levy: f64) -> f64 {
    let accepted = capture.accepted.0;
    let footage = (price * accepted).max(capture.site_fee.0 * price * accepted + offer);
    footage + capture.quality_control.0 * price * accepted + levy * accepted
}

/// How much a lab wants recorded this tick: what its budget buys where a raw hour is offered and levied so much.
pub(super) fn aim(lab: &mut Lab, capture: &CaptureParameters, clock: &Clock, offer: f64, levy: f64) {
    let licences = lab.mean_revenue(clock.weeks);
    if clock.tick <= 0 {
        lab.revenue_at_start = licences;
    }
    let path = &capture.path;
    let per_week = match path.rule {
        BudgetRule::Constant => capture.budget.0 * lab.share + capture.reinvest.0 * licences,
        BudgetRule::Logistic => {
            // a world whose technology stands still stays where it was at the start
            let years = if clock.has_started() && clock.is_frozen { 0.0 } else { clock.years_from_start() };
            let earned = (licences - lab.revenue_at_start).max(0.0);
            let world = spending(capture.budget.0, path.at_start.0, path.growth.0, years);
            world * lab.share + capture.reinvest.0 * earned
        }
    };
    let cost = raw_hour_cost(capture, price_now(capture, clock), offer, levy);
    lab.wish.target = share_of(per_week * clock.weeks, cost);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spending_starts_at_a_fifteenth_and_ends_at_all() {
        // 1.5 / (1 + 14 / 10) = 0.625 after a year; 1.5 / (1 + 140) before it
        for (years, share, within) in
            [(0.0, 0.1, 1e-15), (1.0, 0.625, 1e-12), (-1.0, 0.010_638, 1e-6), (9.0, 1.5, 1e-6)]
        {
            assert!((spending(1.5, 0.1, 10.0, years) - share).abs() < within, "after {years} years");
        }
    }

    #[test]
    fn the_hours_of_the_start_are_what_the_path_has_bought() {
        // 1500 M / (4 ln 10) * ln(1.5 / 1.4) = 162.86 M * 0.068993 = 11.236 M hours
        let closed = bought_before(1.5e9, 0.1e9, 10.0, 4.0);
        assert!((closed / 11.236e6 - 1.0).abs() < 1e-3, "{closed}");
        // the same week by week: midpoints of 20 years before the start
        let weeks = (0..1040).map(|n| -(f64::from(n) + 0.5) / 52.0);
        let summed: f64 = weeks.map(|years| spending(1.5e9, 0.1e9, 10.0, years) / 4.0 / 52.0).sum();
        assert!((summed / closed - 1.0).abs() < 1e-3, "{summed}");
    }
}
