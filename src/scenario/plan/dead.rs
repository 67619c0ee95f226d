//! Factors that do less than they seem to: a policy of an arm overrides them, or they wipe out what an arm changes.

use super::{Arm, Factor, Plan};

impl Plan {
    /// What should be known of factors and arms before anything runs, a sentence each, with what to write.
    pub fn dead_factors(&self) -> Vec<String> {
        let pairs = self.arms.iter().flat_map(|arm| self.factors.iter().map(move |factor| (arm, factor)));
        pairs.flat_map(|(arm, factor)| overridden(arm, factor).into_iter().chain(self.wiped_out(arm, factor))).collect()
    }

    /// Is a value that only this arm states overwritten by the factor, so that it is no other arm there?
    fn wiped_out(&self, arm: &Arm, factor: &Factor) -> Option<String> {
        let value = |arm: &Arm, key: &String| arm.base.origins.get(key).map(|origin| origin.value.clone());
        let first = self.arms.first().filter(|_| !factor.is_multiple)?;
        let key = factor.keys.iter().find(|key| value(arm, key) != value(first, key))?;
        Some(format!(
            "the factor {:?} sets {key}, which the arm {:?} sets too: the arm's own value is never run; leave the factor out, or say \
             what the arm changes by a [[policy]]",
            factor.name, arm.name
        ))
    }
}

/// Does a policy of the arm set the lever of the law that the factor turns?
fn overridden(arm: &Arm, factor: &Factor) -> Option<String> {
    let origins = &arm.base.origins;
    let policy = |key: &String| {
        let lever = key.strip_prefix("law.")?.split('.').next()?.to_owned();
        origins.keys().find(|known| {
            let mut parts = known.split('.');
            parts.next() == Some("policy") && parts.next().is_some() && parts.next() == Some(lever.as_str())
        })
    };
    let (key, by) = factor.keys.iter().find_map(|key| policy(key).map(|by| (key, by)))?;
    let entry = by.split('.').take(2).collect::<Vec<_>>().join(".");
    let from =
        origins.get(&format!("{entry}.from")).map_or_else(String::new, |origin| format!(" from {} on", origin.value));
    Some(format!(
        "in the arm {:?} {by} overrides {key}{from}: where it is in force the factor {:?} does nothing; write key = {by:?} for that \
         arm in a plan of its own, or leave the policy out",
        arm.name, factor.name
    ))
}
