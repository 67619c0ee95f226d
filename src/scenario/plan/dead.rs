//! Factors that do less than they seem to: a policy of an arm overrides them, or they wipe out what an arm changes.

use super::factors::is_of_an_arm;
use super::{Arm, Factor, Plan, overlap};
use std::collections::BTreeMap;

impl Plan {
    /// What should be known of factors and arms before anything runs, a sentence each, with what to write.
    pub fn dead_factors(&self) -> Vec<String> {
        let pairs = self.arms.iter().flat_map(|arm| self.factors.iter().map(move |factor| (arm, factor)));
        pairs.flat_map(|(arm, factor)| overridden(arm, factor).into_iter().chain(self.wiped_out(arm, factor))).collect()
    }

    /// Is a value that only this arm states overwritten by the factor, so that it is no other arm there?
    fn wiped_out(&self, arm: &Arm, factor: &Factor) -> Option<String> {
        // a key may stand for many values below it, or be stated for all at once by a key above it
        let values = |arm: &Arm, key: &str| -> BTreeMap<String, String> {
            let stated = arm.base.origins.iter().filter(|(stated, _)| overlap(stated, key));
            stated.map(|(stated, origin)| (stated.clone(), origin.value.clone())).collect()
        };
        let first = self.arms.first().filter(|_| !factor.is_multiple)?;
        let mut common = factor.keys.iter().filter(|key| !is_of_an_arm(key));
        let key = common.find(|key| values(arm, key) != values(first, key))?;
        Some(format!(
            "the factor {:?} sets {key}, which the arm {:?} sets too: the arm's own value is never run; leave the factor out, or say \
             what the arm changes by a [[policy]]",
            factor.name, arm.name
        ))
    }
}

/// Does a policy of the arm set the lever of the law that the factor turns?
fn overridden(arm: &Arm, factor: &Factor) -> Option<String> {
    let (key, by) = factor.keys.iter().find_map(|key| arm.base.policy_over(key).map(|by| (key, by)))?;
    Some(format!(
        "in the arm {:?} {}{} overrides {key}{}: where it is in force the factor {:?} does nothing; write key = {:?}, which \
         turns the policy in the arms that have it, or leave the policy out",
        arm.name, by.key, by.called, by.since, factor.name, by.key
    ))
}
