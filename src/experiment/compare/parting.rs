//! Worlds that are one until a reform acts: the years before are simulated once.

use super::acting::{Acts, acts};
use crate::economy::Economy;
use crate::economy::policy::Clock;
use crate::experiment::checkpoint::{self, Kept};
use crate::scenario::Scenario;
use chrono::NaiveDate;

/// Largest state that is copied when the world of a reform leaves that of the base, bytes; what is larger is founded.
const MOST_COPIED: u64 = 1 << 30;

/// The world of a reform.
pub(super) struct Branch<'a> {
    /// The reform.
    pub reform: &'a Scenario,
    /// The day on which it leaves the world of the base; none if it never was the same.
    leaves: Option<NaiveDate>,
    /// Its own world, from then on.
    pub economy: Option<Economy>,
}

/// The worlds of reforms at the founding: the base's, unless they act before it may be copied, or it is too large.
pub(super) fn branches<'a>(
    base: &Scenario,
    first: &mut Economy,
    reforms: impl IntoIterator<Item = &'a Scenario>,
    found: impl Fn(&Scenario) -> Economy,
) -> Vec<Branch<'a>> {
    let copied_after = (checkpoint::bytes(first) <= MOST_COPIED).then(|| first.date());
    let branch = |reform| {
        let day = match acts(base, reform) {
            Acts::From(day) => Some(day),
            Acts::Never => Some(NaiveDate::MAX),
            Acts::AtOnce => None,
        };
        let leaves = day.filter(|&day| copied_after.is_some_and(|after| day > after));
        Branch { reform, leaves, economy: leaves.is_none().then(|| found(reform)) }
    };
    reforms.into_iter().map(branch).collect()
}

/// Reforms that act in the tick that comes leave the world of the base; before the last tick, all do. What watches the
/// base's world is told to go on in theirs.
///
/// # Panics
/// If the base's world cannot be copied: a bug of ours.
pub(super) fn part(
    base: &Scenario,
    first: &mut Economy,
    branches: &mut [Branch],
    go_on: impl Fn(&mut Economy, &mut Economy),
) {
    let clock = first.world.resource::<Clock>();
    let (next, is_last) = (clock.date(clock.tick + 1), clock.tick + 1 == clock.length);
    let mut kept = None;
    for branch in branches.iter_mut().filter(|branch| branch.economy.is_none()) {
        let Some(day) = branch.leaves.filter(|&day| day < next || is_last) else { continue };
        let copy = kept.get_or_insert_with(|| Kept::of(base, first)).fork(branch.reform, day);
        let mut economy = copy.unwrap_or_else(|refused| panic!("the world of {}: {refused}", branch.reform.about.name));
        go_on(first, &mut economy);
        branch.economy = Some(economy);
    }
}
