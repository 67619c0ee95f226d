//! Single files, checked by themselves.

use super::check::Walk;
use super::likeness;
use super::load::walk_tree;
use super::{Problems, Scenario, parse, problem};
use crate::ground::units::Exchange;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Checks single files against what a scenario declares: its regions, labs and currencies. For editors,
/// and for whoever checks many files that extend the same one.
#[derive(Clone, Debug)]
pub struct Checker {
    regions: BTreeSet<String>,
    labs: BTreeSet<String>,
    exchange: Exchange,
}

impl Checker {
    /// A checker of files that extend this scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let exchange = exchange_of(scenario);
        let regions = scenario.parameters.regions.iter().cloned().collect();
        let labs = scenario.parameters.labs.iter().cloned().collect();
        Checker { regions, labs, exchange }
    }

    /// Everything that a file can show by itself: what needs several values or several files is left out.
    pub fn check(&self, name: &str, text: &str) -> Problems {
        let (mut tree, problems) = parse::parse(text, 0);
        let sources = vec![problem::Source::new(name.to_owned(), text.to_owned())];
        let regions = self.regions.iter().map(String::as_str).chain(likeness::declared(&tree)).map(str::to_owned);
        let mut walk = Walk {
            regions: Some(regions.collect()),
            labs: Some(self.labs.clone()),
            exchange: self.exchange.clone(),
            problems,
            ..Walk::default()
        };
        likeness::settle(&mut tree, &mut walk);
        walk_tree(&mut tree, &sources, &mut walk);
        Problems::new(walk.problems, Arc::new(sources))
    }
}

/// The rates that a scenario declares.
pub(super) fn exchange_of(scenario: &Scenario) -> Exchange {
    let mut exchange = Exchange::default();
    for (key, origin) in &scenario.origins {
        if let Some(code) = key.strip_prefix("currency.") {
            // the scenario has been read, so its rates are sound
            let _ = exchange.declare(code, &origin.value);
        }
    }
    exchange
}
