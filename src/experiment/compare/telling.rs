//! The two lives of the person whom a reform concerns: in the base and in the reform, beside each other.

use super::parting::{branches, part};
use crate::economy::Economy;
use crate::economy::shared::blocks;
use crate::experiment::follow::{Life, begin_unrecorded, go_on_in, live, so_far};
use crate::experiment::watcher::Watcher;
use crate::observe::rows::WorkerId;
use crate::scenario::Scenario;

/// For each reform the life of its person in the base and in the reform, in the random numbers of the first replicate,
/// which are the scenario's own; none of a reform without a person, or where a world did not come to its end.
///
/// The base is simulated once with the diaries of all, and with the reforms as long as they are the same. From then on
/// each world goes on by itself, on as many threads as there are.
pub(super) fn tell(
    base: &Scenario,
    reforms: &[Scenario],
    typical: &[Option<WorkerId>],
    watch: &dyn Watcher,
) -> Vec<Option<(Life, Life)>> {
    let mut people: Vec<WorkerId> = typical.iter().flatten().copied().collect();
    people.sort_unstable();
    people.dedup();
    let named: Vec<(&Scenario, WorkerId)> =
        reforms.iter().zip(typical).filter_map(|(reform, who)| Some((reform, (*who)?))).collect();
    let Some(apart) = apart(base, &named, &people, watch) else { return vec![None; reforms.len()] };
    let to_its_end = |mut economy: Economy| live(&mut economy, |_| watch.goes_on()).is_ok().then_some(economy);
    let mut ended = blocks::over(apart, to_its_end).into_iter();
    let first = ended.next().flatten();
    let mut lives = named.into_iter().zip(ended).map(|((reform, who), economy)| {
        Some((so_far(base, who, first.as_ref()?)?, so_far(reform, who, economy.as_ref()?)?))
    });
    typical.iter().map(|who| who.and_then(|_| lives.next().flatten())).collect()
}

/// The worlds of base and reforms, in this order, at the tick in which the last reform leaves the base.
fn apart(
    base: &Scenario,
    named: &[(&Scenario, WorkerId)],
    people: &[WorkerId],
    watch: &dyn Watcher,
) -> Option<Vec<Economy>> {
    let mut first = begin_unrecorded(base, people).ok()?;
    let found = |scenario: &Scenario| begin_unrecorded(scenario, people).expect("its people are those of the base");
    let mut branches = branches(base, &mut first, named.iter().map(|(reform, _)| *reform), found);
    loop {
        part(base, &mut first, &mut branches, |from, other| go_on_in(from, other));
        if branches.iter().all(|branch| branch.economy.is_some()) {
            break;
        }
        first.step().ok()?;
        if !watch.goes_on() {
            return None;
        }
    }
    Some([first].into_iter().chain(branches.into_iter().filter_map(|branch| branch.economy)).collect())
}
