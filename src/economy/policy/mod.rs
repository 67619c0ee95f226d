//! Levers and events, dated.
//!
//! The law of a region is a list of levers. A policy sets some of them, in some regions, from a date
//! until a date; then they go back to what the baseline says. An event is something nobody enacted:
//! a strike, a shock to demand, a flood. Both are plain data. Once a tick, [`apply_levers`] works out
//! what is in force, and the rules read nothing but that.
//!
//! Left out: enforcement other than the compliance with a ban, anticipation of a law not yet in force.

pub mod clock;
pub mod events;
pub mod law;
pub mod shocks;

pub use clock::{Clock, Date};
pub use events::Event;
pub use law::{Basis, LEVERS, Law, LawParameters, Lever, Needs, Policy, Recycling, Regime};
pub use shocks::Shocks;

use super::people::{Listed, MarketId, Occupation};
use super::sites::{Site, SiteTrait, SiteType};
use super::{Luckbox, Parameters, Region};
use crate::ground::random::{Luck, Stream, whole};
use crate::ground::units::{Rate, Span, WEEKS_PER_YEAR};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The law and the events in force this tick.
#[derive(Resource, Clone, Debug)]
pub struct InForce {
    /// The law of each region.
    pub law: Vec<Law>,
    /// The law of each market: the region's, with what holds for the occupation only.
    pub markets: Vec<Law>,
    /// What events do.
    pub shocks: Shocks,
    /// Sites that stand still, by their place among all sites; empty when all work.
    still: Vec<bool>,
}

impl InForce {
    /// The baseline's law, before any policy, and no event.
    pub fn new(baseline: &[Law], labs: usize) -> Self {
        let markets = baseline.iter().flat_map(|law| std::iter::repeat_n(law, Occupation::COUNT));
        InForce {
            law: baseline.to_vec(),
            markets: markets.cloned().collect(),
            shocks: Shocks::none(baseline.len(), labs),
            still: Vec::new(),
        }
    }

    /// Does a site, named by its place among all sites, stand still?
    pub fn stands_still(&self, site: usize) -> bool {
        self.still.get(site).is_some_and(|&still| still)
    }

    /// The payroll tax on an occupation in a region.
    pub fn payroll_tax(&self, region: usize, occupation: Occupation) -> f64 {
        let law = &self.markets[MarketId::of(region, occupation).index()];
        law.payroll_tax_of(occupation)
    }

    /// A policy moves the law of a region, `part` of its phase-in being behind.
    fn enact(&mut self, policy: &Policy, region: usize, part: f64) {
        if policy.occupations.is_none() {
            policy.apply(&mut self.law[region], part);
        }
        for &occupation in Occupation::ALL {
            if policy.occupations.as_ref().is_none_or(|list| list.contains(&occupation)) {
                policy.apply(&mut self.markets[MarketId::of(region, occupation).index()], part);
            }
        }
    }
}

/// Levers and events that start or stop now.
pub fn apply_levers(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    parameters: Res<Parameters>,
    mut in_force: ResMut<InForce>,
    mut regions: Query<&mut Region>,
    sites: Query<&Site>,
) {
    let robots = &parameters.robots;
    let years = if clock.is_frozen { 0.0 } else { clock.years() };
    let opening = robots.opening.0 / WEEKS_PER_YEAR;
    for mut region in &mut regions {
        let r = region.index;
        region.openness = openness(robots.open_at_start[r].0, robots.open_later[r].0, opening, years);
    }
    if !clock.has_started() || (parameters.policies.is_empty() && parameters.events.is_empty()) {
        return;
    }
    *in_force = InForce::new(&parameters.law, parameters.labs.len());
    let today = clock.today();
    for policy in &parameters.policies {
        let Some(part) = policy.part_on(today) else { continue };
        for region in events::places(policy.regions.as_deref(), &parameters.regions) {
            in_force.enact(policy, region, part);
        }
    }
    let names = events::Names { regions: &parameters.regions, labs: &parameters.labs };
    for event in parameters.events.iter().map(Event::happening) {
        if clock::is_on(today, event.from(), event.until()) {
            event.act(&names, &mut in_force.shocks);
        }
    }
    stop_sites(&mut in_force, &luck.0, &sites.iter().collect::<Vec<_>>());
}

/// Stops as many sites of each region and type as events say: the share of them, rounded, and at least
/// one. It is always the same ones first, because they stand where the water comes.
fn stop_sites(in_force: &mut InForce, luck: &Luck, sites: &[&Site]) {
    let traits = luck.at(Stream::SiteTraits, 0);
    for (region, shares) in in_force.shocks.standing_still.iter().enumerate() {
        for (&kind, &share) in SiteType::ALL.iter().zip(shares).filter(|(_, share)| **share > 0.0) {
            let mut here: Vec<_> = sites.iter().filter(|site| site.region == region && site.kind == kind).collect();
            here.sort_by_cached_key(|site| (traits.bits(site.key.and(SiteTrait::Flooded)), site.ordinal));
            let count = whole((share * here.len() as f64).round()).max(1).unsigned_abs() as usize;
            in_force.still.resize(sites.len(), false);
            here.iter().take(count).for_each(|site| in_force.still[site.index] = true);
        }
    }
}

/// Share of routes open in a region after some years.
pub fn openness(at_start: f64, later: f64, opening_years: f64, years: f64) -> f64 {
    at_start + (later - at_start) * (years / opening_years).min(1.0)
}

/// What the law says of the risk of refusing.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RiskParameters {
    /// Weeks of wage a worker believes to risk by refusing, under each regime.
    pub weeks_at_risk: super::people::Table<Regime, Span>,
    /// Hazard of dismissal for refusing, under each regime.
    pub dismissal: super::people::Table<Regime, Rate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_open_in_a_line() {
        assert!((openness(0.1, 0.5, 10.0, 5.0) - 0.3).abs() < 1e-15);
        assert_eq!(openness(0.1, 0.5, 10.0, 20.0), 0.5);
    }
}
