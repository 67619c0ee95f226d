//! Labs buy hours until it does not pay.
//!
//! A raw hour of a crew is worth to a lab, in dollars,
//!
//! ```text
//! worth    = yield * skill weight * skill * news left * W_o        W_o: see the rule of worth
//! appetite = clip( (worth / cost - 1) / band, 0, 1 )
//! ```
//!
//! Its people record so much of what they could as the lab has appetite for, and all together no more than the budget buys.
//! A site leaves the sooner, and joins the later, the less a lab wants of its people:
//!
//! ```text
//! leaves   = leaving * (1 - mean appetite)        a week
//! ```
//!
//! A camera that turned to a crew for the sake of the one beside it, or a site that left at the last of its news, would make
//! chance decide, which moves the news of crews of a few agents more than that of crews of many.
//!
//! Left out: options on hours not yet needed.
//! Sources: none measured; the horizon is that of buyers of robots.

use super::{CaptureParameters, raw_hour_cost};
use crate::economy::consent::Stance;
use crate::economy::policy::Clock;
use crate::economy::shared::forms::BuyingRule;
use crate::economy::shared::weights::Weights;
use crate::economy::world::labs::Lab;
use crate::economy::world::lists::Occupation;
use crate::economy::world::programme::{Appraisal, Filming, MOST_CREWS};
use crate::economy::world::sites::{Site, Staff};
use crate::ground::list::Listed;
use crate::ground::maths::{self, share_of};
use crate::ground::units::{Rate, Share, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How labs decide what to buy.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BuyingParameters {
    /// By which rule.
    pub rule: BuyingRule,
    /// Of how long a time the licences count that an hour brings.
    pub horizon: Span,
    /// How far worth must exceed cost for all that is on offer to be bought.
    pub band: Share,
    /// How fast sites leave of which a lab wants nothing; others by the part that it does not want.
    pub leaving: Rate,
}

/// How fast a site leaves for want of appetite, in the unit of `leaving`.
pub(super) fn dry(leaving: f64, appetite: f64) -> f64 {
    leaving * (1.0 - appetite)
}

/// How much of what is on offer a lab wants, a share.
pub fn appetite(worth: f64, cost: f64, band: f64) -> f64 {
    let excess = if cost > 0.0 { worth / cost - 1.0 } else { worth };
    if band > 0.0 { (excess / band).clamp(0.0, 1.0) } else { f64::from(u8::from(excess > 0.0)) }
}

/// Worth of the mean hour that a crew has brought, of that of its first hour, when so much of its news is left:
/// (1 - e^(-h/n0)) / (h/n0).
pub fn mean_of_brought(left: f64) -> f64 {
    // of a crew without news it is nothing, of a fresh one all
    let seen = if left > 0.0 { -maths::ln(left) } else { return 0.0 };
    if seen > 0.0 { (1.0 - left) / seen } else { 1.0 }
}

/// What appraising a site's hours depends on that all sites share.
pub(super) struct Appraiser<'a> {
    pub(super) capture: &'a CaptureParameters,
    pub(super) weights: &'a Weights,
    /// Dollars per accepted hour.
    pub(super) price: f64,
    is_valued: bool,
}

impl Appraiser<'_> {
    /// Appraises this tick's hours. Worth is known from the first tick on whose eve the labs valued hours.
    pub(super) fn of<'a>(capture: &'a CaptureParameters, weights: &'a Weights, clock: &Clock) -> Appraiser<'a> {
        let is_valued = capture.values_hours() && clock.has_started() && !clock.is_first();
        Appraiser { capture, weights, price: super::price_now(capture, clock), is_valued }
    }

    /// What a raw hour at a site is worth to a lab and costs it at an offer and a levy.
    pub(super) fn appraise(
        &self,
        lab: &Lab,
        (site, staff, stance): (&Site, &Staff, &Stance),
        filming: &Filming,
        offer: f64,
        levy: f64,
    ) -> Appraisal {
        let cost = raw_hour_cost(self.capture, self.price, offer, levy);
        if !self.is_valued {
            return Appraisal { cost, appetite: 1.0, by_crew: [1.0; MOST_CREWS], ..Appraisal::default() };
        }
        let willing = 1.0 - stance.refusing_share();
        let (mut people, mut sums) = (0.0, Appraisal::default());
        for (n, &occupation) in site.kind.occupations().iter().enumerate() {
            let (crew, source) = (&staff.0[n], &filming.sources[n]);
            let left = self.capture.news.left(source.persons_at_start, willing, source.taken[lab.index]);
            let fresh = self.fresh_hour(lab, occupation, crew.mean_skill());
            let at_work = crew.heads * self.weights.lots_of(site.region, occupation);
            // of a site that films those count who let the camera run
            let weight = if filming.films { stance.consenting_of(n) } else { at_work } as f64;
            let wanted = self.wanted(fresh * left, cost);
            people += weight;
            sums.worth += weight * fresh * left;
            sums.worth_of_brought += weight * fresh * mean_of_brought(left);
            sums.news_left += weight * left;
            sums.appetite += weight * wanted;
            sums.by_crew[n] = wanted;
        }
        Appraisal {
            worth: share_of(sums.worth, people),
            worth_of_brought: share_of(sums.worth_of_brought, people),
            news_left: share_of(sums.news_left, people).min(1.0),
            cost,
            appetite: share_of(sums.appetite, people).min(1.0),
            by_crew: sums.by_crew,
        }
    }

    /// How much of what a crew has on offer a lab wants, a share.
    fn wanted(&self, worth: f64, cost: f64) -> f64 {
        match self.capture.buying.rule {
            BuyingRule::Budget => 1.0,
            BuyingRule::Worth => appetite(worth, cost, self.capture.buying.band.0),
        }
    }

    /// Worth of a raw hour of somebody of whom the lab has seen nothing, dollars.
    fn fresh_hour(&self, lab: &Lab, occupation: Occupation, skill: f64) -> f64 {
        self.capture.accepted.0 * self.capture.skill_weight[occupation].0 * skill * lab.worth[occupation.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lab_wants_all_of_what_is_worth_a_quarter_more_than_it_costs() {
        // 4.5 / 4 - 1 = 0.125, half of the band
        assert!((appetite(4.5, 4.0, 0.25) - 0.5).abs() < 1e-12);
        assert_eq!((appetite(5.1, 4.0, 0.25), appetite(3.9, 4.0, 0.25)), (1.0, 0.0));
        assert_eq!((appetite(4.1, 4.0, 0.0), appetite(4.0, 4.0, 0.0)), (1.0, 0.0));
        assert_eq!(appetite(1.0, 0.0, 0.25), 1.0);
    }

    #[test]
    fn a_site_leaves_by_what_a_lab_does_not_want_of_it() {
        assert_eq!((dry(0.08, 0.0), dry(0.08, 0.75), dry(0.08, 1.0)), (0.08, 0.02, 0.0));
    }

    #[test]
    fn what_a_crew_brought_was_worth_more_than_what_it_still_has() {
        // h = n0: left e^-1; (1 - e^-1)/1 = 0.63212
        let left = maths::exp(-1.0);
        assert!((mean_of_brought(left) - 0.632_12).abs() < 1e-5);
        assert!(mean_of_brought(left) > left);
        assert_eq!((mean_of_brought(1.0), mean_of_brought(0.0)), (1.0, 0.0));
    }
}
