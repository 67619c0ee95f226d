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
pub mod lever;
pub mod shocks;

pub use clock::{Clock, Date, RunParameters};
pub use events::Event;
pub use law::{LEVERS, Law, LawParameters, Policy};
pub use lever::{Basis, Lever, Moves, Needs, Recycling, Regime};
pub use shocks::Shocks;

use super::Luckbox;
use crate::economy::shared::streams::Stream;
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::SiteType;
use crate::economy::world::markets::MarketId;
use crate::economy::world::regions::Regions;
use crate::economy::world::robots::RobotParameters;
use crate::economy::world::sites::{Site, SiteTrait};
use crate::ground::list::Listed;
use crate::ground::numbers::whole;
use crate::ground::random::Luck;
use crate::ground::units::{Rate, Span, WEEKS_PER_YEAR};
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
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

    /// Changes the law of a region this tick, for all its occupations: how a rule in code sets levers. What policies
    /// of the scenario say of an occupation there is changed alike.
    pub fn change(&mut self, region: usize, change: impl Fn(&mut Law)) {
        change(&mut self.law[region]);
        for &occupation in Occupation::ALL {
            change(&mut self.markets[MarketId::of(region, occupation).index()]);
        }
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

/// The day and what holds on it: the clock, and the law and the events in force.
#[derive(SystemParam)]
pub struct Today<'w> {
    /// When it is.
    pub clock: Res<'w, Clock>,
    /// What holds.
    pub in_force: Res<'w, InForce>,
}

/// What the scenario says of the law: where it begins, and what changes it when.
#[derive(Resource, Clone, Debug)]
pub struct Agenda {
    /// The law of each region at the start.
    pub first_law: Vec<Law>,
    /// Dated changes of it.
    pub policies: Vec<Policy>,
    /// Dated events.
    pub events: Vec<Event>,
    /// Names of the regions and labs, in their order.
    pub names: events::Names,
}

/// Levers and events that start or stop now.
pub fn apply_levers(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    robots: Res<RobotParameters>,
    agenda: Res<Agenda>,
    mut in_force: ResMut<InForce>,
    mut regions: ResMut<Regions>,
    sites: Query<&Site>,
) {
    let years = if clock.is_frozen { 0.0 } else { clock.years() };
    let opening = robots.opening.0 / WEEKS_PER_YEAR;
    for region in &mut regions.0 {
        let r = region.index;
        region.openness = openness(robots.open_at_start[r].0, robots.open_later[r].0, opening, years);
    }
    if !clock.has_started() || (agenda.policies.is_empty() && agenda.events.is_empty()) {
        return;
    }
    *in_force = InForce::new(&agenda.first_law, agenda.names.labs.len());
    let today = clock.today();
    for policy in &agenda.policies {
        let Some(part) = policy.part_on(today) else { continue };
        for region in events::places(policy.regions.as_deref(), &agenda.names.regions) {
            in_force.enact(policy, region, part);
        }
    }
    for event in agenda.events.iter().map(Event::happening) {
        if clock::is_on(today, event.from(), event.until()) {
            event.act(&agenda.names, &mut in_force.shocks);
        }
    }
    stop_sites(&mut in_force, &luck.0, &sites.iter().collect::<Vec<_>>());
}

/// Forgets what rules in code said last tick: the law is again what the scenario says.
pub fn forget_rules(agenda: Res<Agenda>, mut in_force: ResMut<InForce>) {
    // where the scenario has policies or events, the levers have just been worked out anew
    if agenda.policies.is_empty() && agenda.events.is_empty() {
        *in_force = InForce::new(&agenda.first_law, agenda.names.labs.len());
    }
}

/// Has the scenario begun, the spin-up being over?
pub fn has_started(clock: Res<Clock>) -> bool {
    clock.has_started()
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
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RiskParameters {
    /// Weeks of wage a worker believes to risk by refusing, under each regime.
    pub weeks_at_risk: crate::ground::list::Table<Regime, Span>,
    /// Hazard of dismissal for refusing, under each regime.
    pub dismissal: crate::ground::list::Table<Regime, Rate>,
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
