//! Hours become capability; capability becomes feasible jobs.
//!
//! Effective hours of family k at lab l:
//!
//! ```text
//! D_k = diversity * [ sum_o T(o,k) * quality hours of occupation o  +  eta * robot hours in k ]
//! ```
//!
//! with the lab's own hours plus `pooling` times the other labs', T(o,k) = 1 for the occupation's own
//! family and kappa otherwise, diversity = (distinct contributing sites / initial)^zeta. Failure on
//! one sub-task is E_k = E_inf + (1 - E_inf)(1 + D_k / D0_k)^-alpha, capability C_k = 1 - E_k. Jobs of
//! kind j are chains of dependent sub-tasks whose length is exponential with mean m_j; a job is
//! feasible if C^length >= theta, so the feasible share is
//!
//! ```text
//! F_j = 1 - exp( - ln(theta) / (m_j ln C) )
//! ```
//!
//! Models are released every quarter; between releases robots work with the last one.
//!
//! Left out: algorithmic progress that needs no hours, compute as a limit, negative transfer.
//! Sources: exponent and scale from two points of one preprint (EgoScale, arXiv 2602.16710); transfer
//! from factory to delivery (kappa) has no evidence at all.

use super::capture::CaptureParameters;
use super::consent::Withdrawn;
use super::labs::{Lab, Labs};
use super::people::SKILL_ONE;
use super::policy::RunParameters;
use super::policy::{Clock, InForce, Shocks};
use super::regions::Regions;
use super::robots::{Feasible, Frontier};
use super::sites::Site;
use crate::economy::lists::Occupation;
use crate::economy::lists::{Class, Family, Kind};
use crate::economy::markets::{Market, MarketId, Markets};
use crate::economy::programme::Filming;
use crate::ground::list::{Listed, Table};
use crate::ground::maths::{self, share_of};
use crate::ground::numbers::whole;
use crate::ground::units::{Hours, Number, Share, Size, Span};
use crate::listed;
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

listed! {
    /// How failure falls with hours.
    Form, "learning form":
    /// A shifted power law.
    Power = "power",
    /// Capability linear in the logarithm of hours.
    LogLinear = "log_linear",
}

/// Parameters of learning.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LearningParameters {
    /// Functional form.
    pub form: Form,
    /// alpha: exponent of failure in hours.
    pub alpha: Number,
    /// D0: scale of learning, effective hours, by family.
    pub scale: Table<Family, Hours>,
    /// E_inf: failure that no hours remove, by family.
    pub irreducible: Table<Family, Share>,
    /// kappa: what an hour teaches outside its own family.
    pub transfer: Share,
    /// zeta: exponent of the number of distinct sites.
    pub diversity: Number,
    /// eta: what a robot's hour teaches, by class.
    pub robot_hours: Table<Class, Share>,
    /// theta: field success that a job needs.
    pub field_success: Share,
    /// Time between releases of models.
    pub release_interval: Span,
    /// c1 of the log-linear form.
    pub log_linear_base: Number,
    /// c2 of the log-linear form, per doubling.
    pub log_linear_slope: Number,
    /// Part of the other labs' hours that a lab can use.
    pub pooling: Share,
    /// m: mean chain length of a job kind.
    pub chain: Table<Kind, Size>,
}

/// The hours a family has learnt from, by source.
pub struct Effective {
    /// Credited quality hours times transfer, by market.
    pub by_market: Vec<f64>,
    /// Those nobody is credited for.
    pub uncredited: f64,
    /// Robot hours times eta.
    pub robots: f64,
    /// (distinct sites / initial)^zeta.
    pub diversity: f64,
}

impl Effective {
    /// D_k.
    pub fn total(&self) -> f64 {
        self.diversity * (self.by_market.iter().sum::<f64>() + self.uncredited + self.robots)
    }
}

/// C_k: capability from effective hours.
pub fn capability(learning: &LearningParameters, family: Family, effective: f64) -> f64 {
    let irreducible = learning.irreducible[family].0;
    match learning.form {
        Form::Power => {
            let shifted = 1.0 + effective / learning.scale[family].0;
            1.0 - (irreducible + (1.0 - irreducible) * maths::pow(shifted, -learning.alpha.0))
        }
        Form::LogLinear => {
            // the scale of a family stretches its hours, as in the power form
            let reference = learning.scale[Family::Handling].0;
            let hours = (effective * reference / learning.scale[family].0).max(1.0);
            let c = learning.log_linear_base.0 + learning.log_linear_slope.0 * maths::log2(hours);
            c.clamp(0.0, 1.0 - irreducible)
        }
    }
}

/// C_k with a method that leaves so much of failure, 1 being the method of the start.
pub fn with_method(capability: f64, failure: f64) -> f64 {
    capability + (1.0 - failure) * (1.0 - capability)
}

/// Share of another lab's hours that a lab can use, from what is pooled and what has leaked.
pub fn usable(pooled: f64, leaked: f64) -> f64 {
    pooled + (1.0 - pooled) * leaked
}

/// F_j: share of jobs with mean chain length `chain` that a robot of this capability can do.
pub fn feasible_share(capability: f64, chain: f64, field_success: f64) -> f64 {
    if capability <= 0.0 {
        return 0.0;
    }
    if capability >= 1.0 {
        return 1.0;
    }
    1.0 - maths::exp(-maths::ln(field_success) / (chain * maths::ln(capability)))
}

/// T(o,k).
pub fn transfer(learning: &LearningParameters, occupation: Occupation, family: Family) -> f64 {
    if occupation.family() == family { 1.0 } else { learning.transfer.0 }
}

/// Labs take in what sites recorded, and give back what workers withdrew.
pub fn take_in_hours(
    run: Res<RunParameters>,
    withdrawn: Res<Withdrawn>,
    sites: Query<(&Site, &Filming)>,
    mut labs: ResMut<Labs>,
) {
    let labs = &mut labs.0;
    for (site, filming) in &sites {
        let Some(lab) = filming.recorded_for else { continue };
        labs[lab].intake.taken_in += filming.accepted;
        labs[lab].intake.taken_in_from[site.region] += filming.accepted;
        for (&occupation, recorded) in site.kind.occupations().iter().zip(&filming.by_crew) {
            labs[lab].intake.stock[MarketId::of(site.region, occupation).index()] += recorded.quality;
        }
    }
    let persons = i128::from(whole(run.persons_per_agent.0));
    for (market, taken) in withdrawn.0.iter().enumerate().filter(|(_, taken)| taken.quality > 0) {
        let mut stocks: Vec<&mut i128> = labs.iter_mut().map(|lab| &mut lab.intake.stock[market]).collect();
        take_out(&mut stocks, taken.quality * persons);
    }
}

/// Takes so many hours out of the stocks that hold them, in proportion, as far as they go.
fn take_out(stocks: &mut [&mut i128], hours: i128) {
    let held: i128 = stocks.iter().map(|stock| **stock).sum();
    let (taken, mut left) = (hours.min(held), hours);
    for stock in stocks.iter_mut() {
        let part = taken * **stock / held.max(1);
        **stock -= part;
        left -= part;
    }
    // what rounding left over comes from whoever still holds hours
    for stock in stocks {
        let part = left.min(**stock);
        **stock -= part;
        left -= part;
    }
}

/// Labs weigh their hours; once a quarter they release models.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn release_models(
    clock: Res<Clock>,
    learning: Res<LearningParameters>,
    capture: Res<CaptureParameters>,
    in_force: Res<InForce>,
    markets: Res<Markets>,
    sites: Query<&Filming>,
    regions: Res<Regions>,
    mut labs: ResMut<Labs>,
    mut frontier: ResMut<Frontier>,
) {
    if !clock.has_started() && !clock.is_first() {
        return;
    }
    let learning = &*learning;
    // the models of the first quarter are those of the founding: the first release comes at its end
    let is_due = clock.tick > 0 && clock.begins_another(learning.release_interval.0);
    let is_release = clock.is_first() || (!clock.is_frozen && is_due);
    let labs = &mut labs.0;
    let libraries: Vec<Library> = labs.iter().map(Library::of).collect();
    for lab in labs.iter_mut() {
        let distinct = sites.iter().filter(|filming| filming.contributed >> lab.index & 1 == 1).count();
        let growth = distinct as f64 / lab.sites_at_start;
        let reading = Reading {
            learning,
            skill_weight: &capture.skill_weight,
            shocks: &in_force.shocks,
            markets: &markets,
            libraries: &libraries,
            diversity: maths::pow(growth.max(1.0), learning.diversity.0),
        };
        for &family in Family::ALL {
            let effective = reading.weigh(lab.index, family);
            lab.credit_hours(family, &effective);
            if is_release {
                lab.release(learning, &in_force.shocks, family, effective.total(), clock.is_first());
            }
        }
    }
    for (region, feasible) in regions.0.iter().zip(&mut frontier.0) {
        feasible.follow(learning, &labs[region.licensor]);
    }
}

impl Lab {
    /// Who taught a family how much.
    fn credit_hours(&mut self, family: Family, effective: &Effective) {
        let k = family.index();
        let total = share_of(effective.total(), effective.diversity);
        self.model.uncredited[k] = share_of(effective.uncredited, total);
        self.model.credit[k] = effective.by_market.iter().map(|&hours| share_of(hours, total)).collect();
        self.model.human_share[k] = 1.0 - share_of(effective.robots, total);
    }

    /// The model of a family that so many effective hours teach.
    fn release(&mut self, learning: &LearningParameters, shocks: &Shocks, family: Family, hours: f64, is_first: bool) {
        let k = family.index();
        self.model.effective[k] = hours * shocks.teaching[self.index][k];
        let learnt = capability(learning, family, self.model.effective[k]);
        self.model.capability[k] = with_method(learnt, shocks.failure[self.index][k]);
        if is_first {
            self.model.capability_at_start[k] = self.model.capability[k];
        }
    }
}

impl Feasible {
    /// What robots can do by the models of a lab.
    fn follow(&mut self, learning: &LearningParameters, lab: &Lab) {
        for &kind in Kind::ALL {
            let c = lab.model.capability[kind.family().index()];
            self.share[kind.index()] = feasible_share(c, learning.chain[kind].0, learning.field_success.0);
        }
        for &family in Family::ALL {
            let k = family.index();
            self.independence[k] =
                share_of(1.0 - lab.model.capability_at_start[k], 1.0 - lab.model.capability[k]).max(1.0);
        }
    }
}

/// Capability of each lab at the start, by family, from the hours nobody is credited for.
pub fn first_capability(learning: &LearningParameters, stocks: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let of = |lab: usize, family: Family| {
        let hours: f64 = stocks
            .iter()
            .enumerate()
            .map(|(other, stock)| {
                let weight = if other == lab { 1.0 } else { learning.pooling.0 };
                let taught = Occupation::ALL.iter().map(|&o| stock[o.index()] * transfer(learning, o, family));
                weight * taught.sum::<f64>()
            })
            .sum();
        capability(learning, family, hours)
    };
    (0..stocks.len()).map(|lab| Family::ALL.iter().map(|&family| of(lab, family)).collect()).collect()
}

/// The hours a lab holds, as they stood before anybody learnt from them this tick.
struct Library {
    /// By market: accepted milli-hours times skill factor.
    stock: Vec<i128>,
    /// Quality hours of the start, by occupation.
    at_start: Vec<f64>,
    /// Robot milli-hours by family.
    robots: Vec<i128>,
}

impl Library {
    fn of(lab: &Lab) -> Library {
        Library {
            stock: lab.intake.stock.clone(),
            at_start: lab.intake.stock_at_start.clone(),
            robots: lab.robot_hours.clone(),
        }
    }
}

/// What a lab learns from all libraries by.
struct Reading<'a> {
    learning: &'a LearningParameters,
    skill_weight: &'a Table<Occupation, Size>,
    shocks: &'a Shocks,
    markets: &'a Markets,
    libraries: &'a [Library],
    diversity: f64,
}

impl Reading<'_> {
    /// The hours a lab's family learns from: its own, and what it can use of those of the others.
    fn weigh(&self, lab: usize, family: Family) -> Effective {
        let fixed = SKILL_ONE as f64 * 1e3;
        let teaches = |occupation: Occupation| transfer(self.learning, occupation, family);
        let sum = |held: &dyn Fn(&Library) -> f64, unit: f64| -> f64 {
            let weighted = |(other, library): (usize, &Library)| self.weight(other, lab) * held(library) / unit;
            self.libraries.iter().enumerate().map(weighted).sum()
        };
        let of_market = |(m, market): (usize, &Market)| {
            let occupation = Occupation::ALL[market.occupation];
            let quality = self.skill_weight[occupation].0 * teaches(occupation);
            sum(&|library| library.stock[m] as f64, fixed) * quality
        };
        Effective {
            by_market: self.markets.0.iter().enumerate().map(of_market).collect(),
            uncredited: Occupation::ALL
                .iter()
                .map(|&occupation| sum(&|library| library.at_start[occupation.index()], 1.0) * teaches(occupation))
                .sum(),
            robots: sum(&|library| library.robots[family.index()] as f64, 1e3),
            diversity: self.diversity,
        }
    }

    /// Weight of another lab's hours.
    fn weight(&self, other: usize, lab: usize) -> f64 {
        match other == lab {
            true => 1.0,
            false => usable(self.learning.pooling.0, self.shocks.leaked[other][lab]),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn reference() -> LearningParameters {
        LearningParameters {
            form: Form::Power,
            alpha: Number(0.34),
            scale: Table::of(|_| Hours(540.0)),
            irreducible: Table::of(|_| Share(0.005)),
            transfer: Share(0.2),
            diversity: Number(0.3),
            robot_hours: Table::of(|_| Share(0.02)),
            field_success: Share(0.95),
            release_interval: Span(13.0),
            log_linear_base: Number(-0.65),
            log_linear_slope: Number(0.095),
            pooling: Share(0.0),
            chain: Table::of(|_| Size(1.0)),
        }
    }

    #[test]
    fn capability_meets_the_two_measured_points() {
        // EgoScale: 0.30 at 1,000 hours, 0.71 at 20,000.
        // 1 - (0.005 + 0.995 (1 + 1000/540)^-0.34) = 1 - 0.005 - 0.995 * 0.70003 = 0.2985
        let c = |hours| capability(&reference(), Family::Handling, hours);
        assert!((c(1_000.0) - 0.2985).abs() < 1e-3, "{}", c(1_000.0));
        assert!((c(1_000.0) - 0.30).abs() < 0.01 && (c(20_000.0) - 0.71).abs() < 0.01);
        let log = LearningParameters { form: Form::LogLinear, ..reference() };
        // -0.65 + 0.095 log2(1000) = 0.2968
        assert!((capability(&log, Family::Handling, 1_000.0) - 0.2968).abs() < 1e-3);
        assert_eq!(capability(&log, Family::Handling, 1e12), 0.995);
        assert_eq!(c(0.0), 0.0);
    }

    #[test]
    fn long_chains_become_feasible_last() {
        // C = 0.9, m = 1: 1 - exp(-ln 0.95 / ln 0.9) = 1 - exp(-0.48683) = 0.38543
        assert!((feasible_share(0.9, 1.0, 0.95) - 0.385_43).abs() < 1e-4);
        assert!(feasible_share(0.9, 8.0, 0.95) < feasible_share(0.9, 2.0, 0.95));
        assert_eq!((feasible_share(0.0, 1.0, 0.95), feasible_share(1.0, 8.0, 0.95)), (0.0, 1.0));
    }

    #[test]
    fn a_better_method_and_a_leak_change_what_hours_are_worth() {
        // 0.6 with half of the failure left: 1 - 0.5 * 0.4; with all of it, no bit moves
        assert!((with_method(0.6, 0.5) - 0.8).abs() < 1e-15);
        assert_eq!(with_method(0.3, 1.0), 0.3);
        // 0.3 is pooled, half of the other 0.7 leaks
        assert!((usable(0.3, 0.5) - 0.65).abs() < 1e-15);
        assert_eq!(usable(0.3, 0.0), 0.3);
    }

    #[test]
    fn an_hour_teaches_its_own_family_most() {
        let learning = reference();
        assert_eq!(transfer(&learning, Occupation::Assembler, Family::Assembly), 1.0);
        assert_eq!(transfer(&learning, Occupation::Assembler, Family::Handover), 0.2);
        // 100 credited hours, 50 uncredited, 50 by robots, twice the sites: D = 2^0.3 * 200
        let effective =
            Effective { by_market: vec![100.0], uncredited: 50.0, robots: 50.0, diversity: maths::pow(2.0, 0.3) };
        assert!((effective.total() - 246.229).abs() < 1e-3);
    }
}
