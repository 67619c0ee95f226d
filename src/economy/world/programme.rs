//! The camera at a site: whether it films, for whom, on which terms, and what was recorded this tick.
//!
//! The workers of a site that films are asked ([`crate::economy::consent`]); labs buy what the willing record
//! ([`crate::economy::capture`]).

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// The camera at a site.
#[derive(Component, Clone, Debug, Default, Serialize, Deserialize)]
pub struct Filming {
    /// Is the site in the programme?
    pub films: bool,
    /// Which lab it films for.
    pub lab: Option<usize>,
    /// For which lab it recorded this tick, whatever it decided since.
    pub recorded_for: Option<usize>,
    /// Capture pay on offer, dollars per recorded hour.
    pub offer: f64,
    /// What an hour here is worth to the lab, and costs it.
    pub appraisal: Appraisal,
    /// What it records this tick.
    pub footage: Footage,
    /// What labs have seen of each crew; none where nobody can be filmed.
    pub sources: Vec<Source>,
    /// For which labs it ever filmed, a bit a lab.
    pub contributed: u64,
    /// Share of its paid hours that were filmed.
    pub filmed_share: f64,
    /// Lots of people filmed against the law this tick.
    pub in_violation: i64,
}

/// What a site records in a tick.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Footage {
    /// Raw hours of a filmed worker of a crew of which the lab wants all that is on offer.
    pub raw_hours: f64,
    /// Lots of people filmed ([`crate::economy::shared::weights`]).
    pub filmed: i64,
    /// The same, each counted as the part of those hours that the lab wants of the crew.
    pub filmed_in_full: f64,
    /// Accepted milli-hours of the site, persons counted.
    pub accepted: i64,
    /// Capture pay of the site, micro-dollars.
    pub pay: i64,
    /// What each crew recorded.
    pub by_crew: Vec<Recorded>,
}

/// What the crew of one occupation recorded in a tick.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Recorded {
    /// Raw hours of a filmed worker.
    pub raw_hours: f64,
    /// Accepted milli-hours of a filmed worker.
    pub accepted_each: i64,
    /// Capture pay of a filmed worker, micro-dollars.
    pub pay_each: i64,
    /// Agents filmed.
    pub agents: i64,
    /// Accepted milli-hours times skill factor, persons counted.
    pub quality: i128,
    /// The same of the top quarter of skill.
    pub top: i128,
}

/// A crew as a source of news.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Source {
    /// Persons in it at the start.
    pub persons_at_start: f64,
    /// News that each lab has taken, hours.
    pub taken: Vec<f64>,
}

/// What a raw hour at a site is worth to the lab it films for, and costs it, dollars; worth is not known where labs buy
/// all that they have money for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Appraisal {
    /// Worth of one hour more.
    pub worth: f64,
    /// Mean worth of the hours brought so far, at today's worth of a first hour.
    pub worth_of_brought: f64,
    /// Cost.
    pub cost: f64,
    /// Share of its crews' news that is left.
    pub news_left: f64,
    /// How much of what is on offer the lab wants, a share; the mean over those who let the camera run.
    pub appetite: f64,
    /// The same by crew, in the order of the site's occupations.
    pub by_crew: [f64; MOST_CREWS],
}

/// Most crews of a site: a factory's, one of each of its occupations.
pub const MOST_CREWS: usize = 4;

impl Footage {
    /// Raw hours filmed, lots.
    pub fn in_full(&self) -> f64 {
        self.filmed_in_full * self.raw_hours
    }
}

impl Filming {
    /// Capture pay of a filmed worker this tick, micro-dollars; the crew by its place among the site's occupations.
    pub fn pay_each(&self, slot: usize) -> i64 {
        self.footage.by_crew.get(slot).map_or(0, |crew| crew.pay_each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::world::lists::SiteType;
    use crate::ground::list::Listed;

    #[test]
    fn every_crew_of_every_site_has_its_place() {
        let crews = SiteType::ALL.iter().map(|site| site.occupations().len());
        assert_eq!(crews.max(), Some(MOST_CREWS));
    }
}
