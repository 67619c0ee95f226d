//! What an hour is worth to the lab that learns from it.
//!
//! One effective hour more of occupation o lets robots do a little more of every kind of job j that its family of
//! skills k serves, and a lab earns licences on what they do:
//!
//! ```text
//! W_o = diversity * sum_k T(o,k) * dC_k/dD_k * sum_j dF_j/dC * L_j * horizon
//! L_j = sum over the work its licensees have: licence of a unit * weekly volume * open * theta,
//!       where a robot pays within the site's hurdle, whether or not the site is aware of robots
//! ```
//!
//! (Counting only sites that are aware, labs would stop early and start again years later: nobody films because nobody
//! buys, and nobody buys because robots can do little.) Labs value hours on the eve of tick 0 and after each release.
//!
//! Where technology is given an hour teaches nothing and is worth nothing.
//!
//! Left out: what the hour adds to subscriptions, what it takes from rivals, that others could use it, that work and
//! prices will have changed when the licences come in.
//! Source: none; it follows from the curve.

use super::adoption::Purchase;
use super::capture::CaptureParameters;
use super::learning::{LearningParameters, feasible_slope, learnt_slope, transfer};
use super::policy::{Shocks, Today};
use crate::economy::world::jobs::{Job, Jobs};
use crate::economy::world::labs::{Lab, Labs};
use crate::economy::world::lists::{Family, Kind, Occupation};
use crate::economy::world::regions::Regions;
use crate::economy::world::robots::Frontier;
use crate::economy::world::sites::Site;
use crate::ground::list::{Listed, Table};
use bevy_ecs::prelude::*;

/// Labs value hours.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn value_hours(
    Today { clock, in_force }: Today,
    capture: Res<CaptureParameters>,
    learning: Res<LearningParameters>,
    regions: Res<Regions>,
    frontier: Res<Frontier>,
    mut labs: ResMut<Labs>,
    sites: Query<(&Site, &Jobs)>,
    purchases: Query<&Purchase>,
) {
    let is_due = clock.begins_another(learning.release_interval.0) || clock.tick == -1;
    // where capability is given, no hour adds to it
    if learning.is_given() || !is_due || !capture.values_hours() {
        return;
    }
    let mut licences = vec![Table::of(|_: &Kind| 0.0); labs.0.len()];
    for (site, jobs) in &sites {
        let region = &regions[site.region];
        let buyers = site.kind.classes().iter().zip(&site.fleets);
        for job in &jobs.0 {
            let buyer = buyers.clone().find(|(class, _)| **class == job.kind.class());
            let Some(purchase) = buyer.and_then(|(_, &fleet)| purchases.get(fleet).ok()) else { continue };
            let open = if job.kind.is_on_the_street() { region.openness } else { 1.0 };
            let value = within_reach(job, purchase.hurdle, clock.weeks) * open;
            let shares = &frontier.0[site.region].licences.by_kind[job.kind.index()];
            for (licences, share) in licences.iter_mut().zip(shares) {
                licences[job.kind] += value * share;
            }
        }
    }
    for (lab, licences) in labs.0.iter_mut().zip(&licences) {
        let value = Value { learning: &learning, shocks: &in_force.shocks, licences };
        lab.worth = value.of_hours(lab, capture.buying.horizon.0);
    }
}

/// Licences of a week, dollars, if robots could do all of a job at a site; nothing where they do not pay.
pub fn within_reach(job: &Job, hurdle: f64, weeks: f64) -> f64 {
    if job.cost.payback <= hurdle { job.licence * job.inflow.expected / weeks } else { 0.0 }
}

/// What hours are worth by.
struct Value<'a> {
    learning: &'a LearningParameters,
    shocks: &'a Shocks,
    /// Licences of a week by kind if robots could do all, dollars.
    licences: &'a Table<Kind, f64>,
}

impl Value<'_> {
    /// W_o by occupation: dollars that one effective hour more brings a lab within so many weeks.
    fn of_hours(&self, lab: &Lab, horizon: f64) -> Vec<f64> {
        let by_family: Vec<f64> = Family::ALL.iter().map(|&family| self.of_family(lab, family)).collect();
        let worth = |&o: &Occupation| -> f64 {
            let taught = Family::ALL.iter().zip(&by_family);
            let sum: f64 = taught.map(|(&family, value)| transfer(self.learning, o, family) * value).sum();
            horizon * lab.model.diversity * sum
        };
        Occupation::ALL.iter().map(worth).collect()
    }

    /// Dollars a week of one hour more in a family.
    fn of_family(&self, lab: &Lab, family: Family) -> f64 {
        let (k, learning, theta) = (family.index(), self.learning, self.learning.field_success.0);
        let model = &lab.model;
        let failure = self.shocks.failure[lab.index][k] * self.shocks.teaching[lab.index][k];
        let learns = failure * learnt_slope(learning, family, model.effective[k], model.effective_of_experts[k]);
        let earns = |&kind: &Kind| {
            feasible_slope(model.capability[k], learning.chain[kind].0, theta) * theta * self.licences[kind]
        };
        learns * Kind::ALL.iter().filter(|kind| kind.family() == family).map(earns).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::world::jobs::{Inflow, JobCost, JobSize, JobWork};

    #[test]
    fn work_counts_where_a_robot_pays_within_the_hurdle() {
        let job = |payback: f64| Job {
            kind: Kind::Picking,
            size: JobSize::default(),
            inflow: Inflow { expected: 4_000.0, ..Inflow::default() },
            work: JobWork::default(),
            cost: JobCost { payback, ..JobCost::default() },
            price: 1.0,
            price_initial: 1.0,
            price_before: 1.0,
            price_known: 1.0,
            licence: 0.05,
        };
        // 4000 units in four weeks at 5 cents: 50 dollars a week
        assert!((within_reach(&job(1.9), 2.0, 4.0) - 50.0).abs() < 1e-12);
        assert_eq!(within_reach(&job(2.1), 2.0, 4.0), 0.0);
        assert_eq!(within_reach(&job(f64::INFINITY), 2.0, 4.0), 0.0);
    }
}
