//! What a dated policy of a scenario sets anew: the law as the scenario states it does not hold where one is in force.

use super::{Origin, Scenario};
use crate::economy::policy::LEVERS;

/// The lever of a policy that stands over a key of the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The policy's key, as `policy.0.robot_tax`.
    pub key: String,
    /// What it is called, in words that follow the key; nothing if it has no label.
    pub called: String,
    /// Since when, in words that follow the key.
    pub since: String,
}

impl Scenario {
    /// The first policy that sets the lever behind a key of the law, in the region of the key if it names one.
    pub fn policy_over(&self, key: &str) -> Option<Policy> {
        let mut parts = key.split('.');
        if parts.next() != Some("law") {
            return None;
        }
        let (lever, region) =
            (parts.next(), parts.next().filter(|name| self.parameters.regions.iter().any(|r| r == name)));
        let key = self.origins.keys().find(|known| {
            let mut parts = known.split('.');
            let (list, place, set) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
            let is_lever = list == Some("policy") && LEVERS.iter().any(|known| known.name == set);
            is_lever && lever.is_none_or(|lever| lever == set) && self.acts_in(place, region)
        })?;
        let entry = key.split('.').take(2).collect::<Vec<_>>().join(".");
        let from = self.origins.get(&format!("{entry}.from"));
        let since = from.map_or_else(String::new, |origin| format!(" from {} on", origin.value));
        let label = self.origins.get(&format!("{entry}.label"));
        let called = label.map_or_else(String::new, |label| format!(" (\u{201c}{}\u{201d})", label.value));
        Some(Policy { key: key.clone(), called, since })
    }

    /// Does the policy at this place of the list act in a region, or is none asked for?
    fn acts_in(&self, place: Option<&str>, region: Option<&str>) -> bool {
        let regions = place.and_then(|place| self.origins.get(&format!("policy.{place}.regions")));
        let names = |regions: &Origin, region: &str| regions.value.split(", ").any(|name| name == region);
        region.is_none_or(|region| regions.is_none_or(|regions| names(regions, region)))
    }

    /// A sentence for a key of the law that is turned although a policy overrides it; nothing for any other.
    pub fn overridden(&self, key: &str) -> Option<String> {
        let by = self.policy_over(key)?;
        Some(format!(
            "{}{} overrides {key}{}: where it is in force, {key} does nothing; turn {:?} instead, or leave the policy out",
            by.key, by.called, by.since, by.key
        ))
    }
}
