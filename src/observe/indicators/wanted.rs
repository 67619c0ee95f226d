//! Which records are wanted of a run: of a sweep with two outcomes, those that the two read.

use super::Metric;
use crate::economy::recording::CountsDistributions;
use crate::ground::list::Listed;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Bits of a word of the set.
const BITS: usize = 32;

/// Metrics, and whether the payments between sectors are recorded. The state of a run does not depend on it, and what is
/// recorded of a metric does not depend on which others are.
///
/// ```
/// use handover::observe::indicators::{Metric, Wanted};
///
/// let wanted = Wanted::metrics([Metric::Fleet]);
/// assert!(wanted.has(Metric::Fleet) && !wanted.has(Metric::Wage) && !wanted.has_flows());
/// assert!(Wanted::default().has(Metric::Wage) && Wanted::default().has_flows());
/// ```
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    metrics: [u32; Metric::ALL.len().div_ceil(BITS)],
    flows: bool,
}

/// Everything.
impl Default for Wanted {
    fn default() -> Self {
        Wanted::metrics(Metric::ALL.iter().copied()).and_flows()
    }
}

impl Wanted {
    /// These metrics, and no payments.
    pub fn metrics(metrics: impl IntoIterator<Item = Metric>) -> Wanted {
        let mut wanted = Wanted { metrics: Default::default(), flows: false };
        for metric in metrics {
            wanted.metrics[metric.index() / BITS] |= 1 << (metric.index() % BITS);
        }
        wanted
    }

    /// And the payments between sectors.
    #[must_use]
    pub fn and_flows(self) -> Wanted {
        Wanted { flows: true, ..self }
    }

    /// And what is wanted by another.
    #[must_use]
    pub fn and(mut self, other: Wanted) -> Wanted {
        self.metrics.iter_mut().zip(other.metrics).for_each(|(mine, more)| *mine |= more);
        Wanted { flows: self.flows || other.flows, ..self }
    }

    /// Is all recorded here that is wanted there?
    pub fn covers(&self, other: &Wanted) -> bool {
        self.and(*other) == *self
    }

    /// Is this metric recorded?
    pub fn has(&self, metric: Metric) -> bool {
        self.metrics[metric.index() / BITS] & (1 << (metric.index() % BITS)) != 0
    }

    /// Is everything?
    pub fn is_all(&self) -> bool {
        *self == Wanted::default()
    }

    /// Are the payments between sectors?
    pub fn has_flows(&self) -> bool {
        self.flows
    }
}

/// What any of them wants.
impl FromIterator<Wanted> for Wanted {
    fn from_iter<I: IntoIterator<Item = Wanted>>(all: I) -> Wanted {
        all.into_iter().fold(Wanted::metrics([]), Wanted::and)
    }
}

/// Metrics of how wages, incomes and wallets are spread, for which rows of workers are counted when a record is due.
const OF_DISTRIBUTIONS: [Metric; 4] =
    [Metric::WageMedian, Metric::PovertyShare, Metric::GiniWealth, Metric::GiniIncome];

/// From the next tick on, records what is wanted and nothing else. A run that has begun to record cannot be asked for
/// more: what was not added up is not known.
pub fn want(world: &mut World, wanted: Wanted) {
    world.insert_resource(CountsDistributions(OF_DISTRIBUTIONS.iter().any(|&metric| wanted.has(metric))));
    world.insert_resource(wanted);
}
