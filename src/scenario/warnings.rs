//! What can run but probably does not say what was meant.

use super::check::Walk;
use super::problem::Problem;
use super::shape::{FILE, Shape};
use super::tree::{Entry, Node};
use crate::economy::Parameters;
use crate::economy::founding::first_heads;
use crate::economy::people::Listed;
use crate::economy::sites::SiteType;

/// Fewest agents of an occupation in a region whose shares mean anything.
const FEWEST: i64 = 100;

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
        let gain = demand.price_elasticity.0 * demand.pass_through.0 * demand.density_elasticity[site].0;
        let key = format!("demand.density_elasticity.{}", site.name());
        if let (true, Some(entry)) = (gain > SWINGS, merged.get(&key)) {
            let title = format!("{key} times price_elasticity and pass_through is {gain:.2}: prices may swing");
            let help = "above 0.5, long waits make units dear and demand small, and back again; see docs/model.md";
            walk.report(Problem::at(entry, title).label("a strong loop").help(help).warning());
        }
    }
}

/// Agents that stand for so many people that some groups have hardly any.
fn check_grain(parameters: &Parameters, merged: &Entry, walk: &mut Walk) {
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

/// Ticks in which something happens more than once that a finer tick would tell apart.
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
            let help = "a shorter run.tick tells them apart";
            walk.report(Problem::at(entry, title).label("too fast for the tick").help(help).warning());
        }
    }
}
