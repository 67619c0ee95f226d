//! What can run but probably does not say what was meant.

use super::check::Walk;
use super::problem::{Problem, Source};
use super::shape::{FILE, Shape};
use super::tree::{Entry, Node};
use crate::economy::Parameters;
use crate::economy::founding::first_heads;
use crate::economy::world::lists::SiteType;
use crate::ground::list::Listed;

/// Fewest agents of an occupation in a region whose shares mean anything.
const FEWEST: i64 = 100;

/// People an agent stands for as shipped: whoever takes fewer need not be told that some markets are small.
const SHIPPED: f64 = 1_000.0;

pub(super) fn check(parameters: &Parameters, merged: &Entry, walk: &mut Walk) {
    check_grain(parameters, merged, walk);
    check_tick(parameters, merged, walk);
    check_density(parameters, merged, walk);
}

/// Gain of the loop from demand over the cost of a unit to demand beyond which prices swing.
const SWINGS: f64 = 0.5;

/// Fewer jobs lie farther apart, cost more, and become fewer still: where that loop is strong, a week of long
/// waits moves prices many times over, whatever the tick.
fn check_density(parameters: &Parameters, merged: &Entry, walk: &mut Walk) {
    let demand = &parameters.demand;
    for &site in SiteType::ALL {
        let densest = (0..parameters.regions.len()).map(|r| demand.density_elasticity[site][r].0).fold(0.0, f64::max);
        let gain = demand.price_elasticity.0 * demand.pass_through.0 * densest;
        let key = format!("demand.density_elasticity.{}", site.name());
        if let (true, Some(entry)) = (gain > SWINGS, merged.get(&key)) {
            let title = format!("{key} times price_elasticity and pass_through is {gain:.2}: prices may swing");
            let help = "above 0.5, long waits make units dear and demand small, and back again; see docs/model.md";
            walk.report(Problem::at(entry, title).label("a strong loop").help(help).warning());
        }
    }
}

/// Lists that a file states anew: what the file below it states in them holds no longer.
pub(super) fn check_dropped(tree: &Entry, below: &Entry, sources: &[Source], walk: &mut Walk) {
    for list in ["policy", "event", "operator"] {
        let entries =
            |tree: &'_ Entry| tree.get(list).and_then(Entry::array).map(<[Entry]>::to_vec).unwrap_or_default();
        let (mine, theirs) = (entries(tree), entries(below));
        let (Some(first), Some(other)) = (mine.first(), theirs.first()) else { continue };
        let name = sources.get(other.source).map_or("the file below", |source| source.name.as_str());
        let count = theirs.len();
        let title = match count {
            1 => format!("the [[{list}]] of {name} does not hold here, because this file states its own"),
            _ => format!("the {count} [[{list}]] of {name} do not hold here, because this file states its own"),
        };
        let help = "a list replaces the one it extends; copy here what is to hold as well";
        walk.report(Problem::at_key(first, title).label("instead of them").help(help).warning());
    }
}

/// Agents that stand for so many people that some groups have hardly any.
fn check_grain(parameters: &Parameters, merged: &Entry, walk: &mut Walk) {
    // at the shipped grain a few markets are small as well, and whoever keeps it has not chosen that
    if parameters.run.persons_per_agent.values().all(|persons| persons.0 <= SHIPPED) {
        return;
    }
    let few: Vec<String> = first_heads(parameters)
        .into_iter()
        .filter(|(.., heads)| heads[0] < FEWEST)
        .map(|(region, occupation, heads)| format!("{} {} {}", parameters.regions[region], occupation.name(), heads[0]))
        .collect();
    let Some(entry) = merged.get("run.persons_per_agent").filter(|_| !few.is_empty()) else { return };
    let title = format!("in {} labour markets fewer than {FEWEST} agents are employed at the start", few.len());
    let shown: Vec<&str> = few.iter().map(String::as_str).take(12).collect();
    let more = if few.len() > shown.len() { ", ..." } else { "" };
    let help =
        format!("read their shares with care, or let an agent stand for fewer persons: {}{more}", shown.join(", "));
    walk.report(Problem::at(entry, title).label("coarse").help(help).warning());
}

/// Ticks in which something happens more than once that a finer tick would separate.
fn check_tick(parameters: &Parameters, merged: &Entry, walk: &mut Walk) {
    let tick = parameters.run.tick.0;
    if tick <= 1.0 {
        return;
    }
    let mut leaves = Vec::new();
    merged.leaves("", &mut leaves);
    for (path, entry) in leaves {
        let shape = match FILE.at(&path) {
            Some(Shape::ByRegion(inner)) => inner,
            Some(shape) => shape,
            None => continue,
        };
        let (Shape::Quantity(quantity), Node::Leaf(toml::Value::String(text))) = (shape, &entry.node) else { continue };
        let rate = text.strip_suffix(" /week").and_then(|number| number.parse::<f64>().ok()).unwrap_or(0.0);
        if quantity.name == "Rate" && rate <= 1.0 && rate * tick > 1.0 {
            let title = format!("{path} happens {:.1} times in a tick of {tick} weeks", rate * tick);
            let help = "a shorter run.tick separates them";
            walk.report(Problem::at(entry, title).label("too fast for the tick").help(help).warning());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_grain_is_the_shipped_grain() {
        let baseline: toml::Table = include_str!("../../scenarios/baseline.toml").parse().unwrap();
        assert_eq!(baseline["run"]["persons_per_agent"].as_str(), Some(format!("{SHIPPED} persons").as_str()));
    }
}
