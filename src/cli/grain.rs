//! What `check` says of agents that stand for many people: how few stand where, and what that does to employment.

use handover::economy::founding::grain::{Cell, cells};
use handover::ground::list::Listed;
use handover::scenario::Scenario;

/// Fewest agents of a labour market whose shares mean anything.
const FEWEST: i64 = 100;

/// Most names that a line takes.
const NAMED: usize = 3;

/// The lines, for stdout.
pub(super) fn lines(scenario: &Scenario) -> String {
    let (cells, parameters) = (cells(&scenario.parameters), &scenario.parameters);
    let name = |cell: &Cell| format!("{} {}", parameters.regions[cell.region], cell.occupation.name());
    let mut few: Vec<&Cell> = cells.iter().filter(|cell| cell.agents < FEWEST).collect();
    few.sort_by_key(|cell| cell.agents);
    let least: Vec<String> = few.iter().take(NAMED).map(|cell| format!("{} {}", name(cell), cell.agents)).collect();
    let least = if least.is_empty() {
        String::new()
    } else {
        format!(": {}", least.join(", ")) + if few.len() > NAMED { ", ..." } else { "" }
    };
    let (agents, crews) = cells.iter().fold((0, 0), |(agents, crews), cell| (agents + cell.agents, crews + cell.crews));
    let crew = agents as f64 / crews.max(1) as f64;
    let above = |cells: &mut dyn Iterator<Item = &Cell>, count: fn(&Cell) -> f64| {
        let (found, stated) = cells.fold((0.0, 0.0), |(found, stated), cell| {
            (found + count(cell) * parameters.weights.persons_of(cell.region, cell.occupation), stated + cell.stated)
        });
        if stated > 0.0 { (found / stated - 1.0) * 100.0 } else { 0.0 }
    };
    let rounded = above(&mut cells.iter(), |cell| cell.agents as f64);
    let kept = above(&mut cells.iter(), |cell| cell.kept);
    let mut regions: Vec<(f64, &String)> = parameters
        .regions
        .iter()
        .enumerate()
        .map(|(index, name)| (above(&mut cells.iter().filter(|cell| cell.region == index), |cell| cell.kept), name))
        .collect();
    regions.sort_by(|one, other| one.0.total_cmp(&other.0));
    let ends = match (regions.first(), regions.last()) {
        (Some((low, lowest)), Some((high, highest))) => format!(" ({lowest} {low:+.2} % to {highest} {high:+.2} %)"),
        _ => String::new(),
    };
    format!(
        "  agents    in {} of {} labour markets fewer than {FEWEST} at work{least}; {crew:.1} a crew on average\n  \
           start     people at work as whole agents {rounded:+.2} % against what is stated, in whole positions {kept:+.2} %{ends}",
        few.len(),
        cells.len()
    )
}
