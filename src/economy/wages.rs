//! Wage indices move.
//!
//! ```text
//! d ln w = speed [ ln w0 + beta ln(u/u0) - ln w ] dt + growth dt
//! ```
//!
//! with u, the unemployment rate of the region and occupation, smoothed over a quarter; never below the
//! minimum wage. The reference wage ln w0 grows with the region's trend, which fades to that of the long run
//! ([`growth_index`]): real wages, because output per hour grows. The minimum wage of the law is in wages of the
//! start and grows with the trend. What follows the wage grows with it: the pay of outside jobs, insurance, the
//! price at which people let themselves be filmed.
//!
//! Output per hour keeps pace with a share of the trend: a unit of a job is then worth more to those who buy it, and its
//! price rises only by the rest ([`super::demand`]). Robots keep pace with people.
//!
//! Left out: bargaining over wages, wage cuts below the curve, inflation.
//! Source: wage curve, Blanchflower and Oswald 1994; elasticity near -0.07 after correction for
//! publication bias, Nijkamp and Poot, Journal of Economic Surveys 19(3), 2005.

use super::policy::{Clock, Today};
use crate::economy::shared::growth::{growth_index, growth_now, per_year};
use crate::economy::world::markets::{Market, Markets};
use crate::economy::world::people::Work;
use crate::economy::world::regions::Regions;
use crate::ground::by_region::ByRegion;
use crate::ground::maths;
use crate::ground::units::{Number, Rate, Share, Span, WEEKS_PER_YEAR};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of wages.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WageParameters {
    /// beta: elasticity of the wage in the unemployment rate.
    pub curve: Number,
    /// How fast wages go to the curve.
    pub speed: Rate,
    /// Trend of real wages at the start, by region.
    pub growth: ByRegion<Rate>,
    /// Trend in the long run.
    pub growth_floor: Rate,
    /// Half-life of the difference between the two.
    pub growth_half_life: Span,
    /// Share of the trend that output per hour keeps pace with: prices rise with the rest of it.
    pub matched: Share,
    /// Half-life of the smoothing of unemployment.
    pub unemployment_half_life: Span,
}

/// The wage after `weeks`, on its way to the curve.
///
/// `reference` is w0 with its trend, `tightness` u/u0, `growth` the trend per week.
pub fn next_wage(wages: &WageParameters, wage: f64, reference: f64, tightness: f64, growth: f64, weeks: f64) -> f64 {
    let goal = maths::ln(reference) + wages.curve.0 * maths::ln(tightness);
    let log = maths::ln(wage) + growth * weeks;
    maths::exp(goal + (log - goal) * maths::exp(-wages.speed.0 * weeks))
}

/// Unemployment rate of a market; half an agent if nobody is unemployed, because its logarithm counts.
pub fn unemployment_rate(market: &Market) -> f64 {
    let people: i64 = market.heads.iter().sum();
    (market.heads[Work::Unemployed as usize] as f64).max(1.0 / 2.0) / people.max(1) as f64
}

/// The trend of real wages in a region after some years: where it has led to, against the start, and its slope per
/// week. In the spin-up, and while technology stands still, it stays at its first value.
struct Trend {
    index: f64,
    per_week: f64,
}

impl Trend {
    fn of(wages: &WageParameters, region: usize, clock: &Clock) -> Trend {
        if !clock.has_started() || clock.is_frozen {
            return Trend { index: 1.0, per_week: 0.0 };
        }
        let (start, floor) = (per_year(wages.growth[region]), per_year(wages.growth_floor));
        let half_life = wages.growth_half_life.0 / WEEKS_PER_YEAR;
        let index = growth_index(start, floor, half_life, clock.years());
        Trend { index, per_week: growth_now(start, floor, half_life, clock.years()) / WEEKS_PER_YEAR }
    }
}

/// Output per hour against the start where it keeps pace with a share of what wages have grown to.
pub fn output_per_hour(trend: f64, matched: f64) -> f64 {
    maths::pow(trend, matched)
}

/// Wage indices move.
pub fn move_wages(
    Today { clock, in_force }: Today,
    wages: Res<WageParameters>,
    mut markets: ResMut<Markets>,
    mut regions: ResMut<Regions>,
) {
    for region in &mut regions.0 {
        region.output_per_hour = output_per_hour(Trend::of(&wages, region.index, &clock).index, wages.matched.0);
    }
    let keep = maths::half_life_decay(clock.weeks, wages.unemployment_half_life.0);
    for (market, law) in markets.0.iter_mut().zip(&in_force.markets) {
        let trend = Trend::of(&wages, market.region, &clock);
        let now = unemployment_rate(market);
        market.unemployment = now + (market.unemployment - now) * keep;
        let tightness = market.unemployment / market.unemployment_initial;
        market.reference_wage = market.wage_initial * trend.index;
        let next = next_wage(&wages, market.wage, market.reference_wage, tightness, trend.per_week, clock.weeks);
        market.wage = next.max(law.minimum_wage.0 * trend.index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters() -> WageParameters {
        WageParameters {
            curve: Number(-0.08),
            speed: Rate(0.5 / 52.0),
            growth: ByRegion::All(Rate(0.0)),
            growth_floor: Rate(0.0),
            growth_half_life: Span(520.0),
            matched: Share(0.0),
            unemployment_half_life: Span(13.0),
        }
    }

    #[test]
    fn doubled_unemployment_costs_five_per_cent_in_the_end() {
        // 2^-0.08 = 0.94606
        let mut wage = 100.0;
        for _ in 0..5_200 {
            wage = next_wage(&parameters(), wage, 100.0, 2.0, 0.0, 1.0);
        }
        assert!((wage - 94.606).abs() < 1e-3, "{wage}");
        // half of the way after ln 2 / 0.5 = 1.386 years
        let half = next_wage(&parameters(), 100.0, 100.0, 2.0, 0.0, 52.0 * 1.386_294_361);
        assert!((maths::ln(half / 100.0) / maths::ln(0.946_06) - 0.5).abs() < 1e-4);
    }

    #[test]
    fn output_keeps_pace_with_a_share_of_wages() {
        // wages up by 44 %: with half of it matched 1.2 times the output per hour
        assert!((output_per_hour(1.44, 0.5) - 1.2).abs() < 1e-12);
        assert_eq!((output_per_hour(1.44, 0.0), output_per_hour(1.0, 1.0)), (1.0, 1.0));
    }

    #[test]
    fn nothing_moves_at_the_start() {
        assert!((next_wage(&parameters(), 100.0, 100.0, 1.0, 0.0, 1.0) - 100.0).abs() < 1e-12);
    }
}
