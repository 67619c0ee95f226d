//! What is measured: metrics, outcomes, headlines.

use super::{Cell, names};
use crate::economy::world::lists::{Class, Family, Kind, Occupation, SiteType};
use crate::experiment::compare::headlines::of_one_run;
use crate::experiment::open_scenario;
use crate::experiment::outcome::{FORMS, items_of};
use crate::experiment::shipped::FOLDER;
use crate::ground::list::Listed;
use crate::observe::indicators::Metric;
use crate::scenario::Scenario;
use std::path::Path;
use std::sync::LazyLock;

/// The shipped baseline: which items there are depends on regions and rules.
static BASELINE: LazyLock<Scenario> = LazyLock::new(|| {
    open_scenario(Path::new(FOLDER).join("baseline.toml"), &[]).expect("the shipped baseline can be read")
});

/// Whole groups of items, with the words for them.
pub fn groups() -> Vec<(&'static str, Vec<String>)> {
    vec![
        ("occupations", names(Occupation::ALL)),
        ("occupations of factories", names(SiteType::Factory.occupations())),
        ("types of sites", names(SiteType::ALL)),
        ("kinds of jobs", names(Kind::ALL)),
        ("families of jobs", names(Family::ALL)),
        ("classes of robots", names(Class::ALL)),
        ("regions", BASELINE.parameters.regions.clone()),
    ]
}

/// Items in words: a whole group by its name.
pub(super) fn in_words(items: &[String]) -> String {
    if items.is_empty() {
        return "not recorded in the baseline".to_owned();
    }
    let mut rest = items;
    let mut words: Vec<&str> = Vec::new();
    let groups = groups();
    while let [first, others @ ..] = rest {
        let whole = groups.iter().filter(|(_, group)| rest.starts_with(group)).max_by_key(|(_, group)| group.len());
        let (word, left) = whole.map_or((first.as_str(), others), |(name, group)| (*name, &rest[group.len()..]));
        words.push(word);
        rest = left;
    }
    words.join(", ")
}

pub(super) fn metrics() -> Vec<Vec<Cell>> {
    let row = |&metric: &Metric| {
        let kind = if metric.is_flow() { "flow" } else { "stock" };
        let items = Cell::Names(items_of(metric, &BASELINE.parameters));
        vec![metric.name().into(), metric.unit().into(), kind.into(), items, metric.about().into()]
    };
    Metric::ALL.iter().map(row).collect()
}

pub(super) fn outcomes() -> Vec<Vec<Cell>> {
    FORMS.iter().map(|form| vec![form.written.into(), form.about.into()]).collect()
}

pub(super) fn headlines() -> Vec<Vec<Cell>> {
    of_one_run().map(|(name, about, unit)| vec![name.into(), unit.into(), about.into()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_group_is_said_by_its_name() {
        let of = |metric: Metric| in_words(&items_of(metric, &BASELINE.parameters));
        assert_eq!(of(Metric::Employed), "all, occupations");
        assert_eq!(of(Metric::ExpectedRoyalty), "occupations of factories");
        assert_eq!(of(Metric::PriceIndex), "types of sites, bought");
        assert_eq!(of(Metric::Fleet), "classes of robots");
        assert_eq!(in_words(&["depot".to_owned()]), "depot");
        assert_eq!(in_words(&[]), "not recorded in the baseline");
    }
}
