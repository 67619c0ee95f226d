//! The curve: how failure on a sub-task falls with effective hours, and what share of jobs a robot can do then.
//!
//! ```text
//! C_k = 1 - [ E_inf + (1 - E_inf)(1 + D_k / D0_k)^-alpha ]
//! F_j = 1 - exp( - ln(theta) / (m_j ln C) )
//! ```
//!
//! Left out: see the folder's first page ([`super`]).

use super::experts::{ExpertParameters, mix};
use super::teachers::TeacherParameters;
use crate::economy::shared::forms::Form;
use crate::economy::shared::path::Path;
use crate::economy::world::lists::Occupation;
use crate::economy::world::lists::{Class, Family, Kind};
use crate::ground::list::Table;
use crate::ground::maths::{self, share_of};
use crate::ground::units::{Hours, Number, Share, Size, Span};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// How long the robots at work at the start have taught before it.
    pub taught_before: Span,
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
    /// What only experts teach.
    pub experts: ExpertParameters,
    /// Simulation, teleoperation and video.
    pub teachers: TeacherParameters,
    /// C by year, by family, where technology is given; a family without one can do nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "crate::ground::list::some_of::<Family, Path>")]
    pub path: BTreeMap<Family, Path>,
}

impl LearningParameters {
    /// Is capability given by year, whatever hours teach? Only where technology is given, or stands still.
    pub fn is_given(&self) -> bool {
        !self.path.is_empty()
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

/// C_k where experts teach a part: of all effective hours, and of as many as there would be if everybody filmed as
/// experts do.
pub fn learnt(learning: &LearningParameters, family: Family, of_all: f64, of_experts: f64) -> f64 {
    let c = |effective: f64| capability(learning, family, effective);
    mix(learning.experts.part_of(family), c(of_all), c(of_experts))
}

/// dC_k/dD_k: what one effective hour more adds to capability.
pub fn capability_slope(learning: &LearningParameters, family: Family, effective: f64) -> f64 {
    let c = capability(learning, family, effective);
    let most = 1.0 - learning.irreducible[family].0;
    match learning.form {
        Form::Power => learning.alpha.0 * (most - c) / (learning.scale[family].0 + effective),
        Form::LogLinear if c > 0.0 && c < most => {
            share_of(learning.log_linear_slope.0, effective * core::f64::consts::LN_2)
        }
        Form::LogLinear => 0.0,
    }
}

/// The same where experts teach a part, of an hour of a crowd in which everybody films alike: it brings experts' hours
/// in their usual share.
pub fn learnt_slope(learning: &LearningParameters, family: Family, of_all: f64, of_experts: f64) -> f64 {
    let slope = |effective: f64| capability_slope(learning, family, effective);
    mix(learning.experts.part_of(family), slope(of_all), slope(of_experts))
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

/// dF_j/dC = (1 - F) x / (C (-ln C)), where x = -ln(1 - F) = ln(theta) / (m ln C).
pub fn feasible_slope(capability: f64, chain: f64, field_success: f64) -> f64 {
    if capability <= 0.0 || capability >= 1.0 {
        return 0.0;
    }
    let log = maths::ln(capability);
    let x = maths::ln(field_success) / (chain * log);
    maths::exp(-x) * x / (capability * -log)
}

/// T(o,k).
pub fn transfer(learning: &LearningParameters, occupation: Occupation, family: Family) -> f64 {
    if occupation.family() == family { 1.0 } else { learning.transfer.0 }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::economy::shared::forms::{ExpertRule, TeacherRule};
    use crate::ground::units::Rate;

    pub(crate) fn reference() -> LearningParameters {
        LearningParameters {
            form: Form::Power,
            alpha: Number(0.34),
            scale: Table::of(|_| Hours(540.0)),
            irreducible: Table::of(|_| Share(0.005)),
            transfer: Share(0.2),
            diversity: Number(0.3),
            robot_hours: Table::of(|_| Share(0.02)),
            taught_before: Span(0.0),
            field_success: Share(0.95),
            release_interval: Span(13.0),
            log_linear_base: Number(-0.65),
            log_linear_slope: Number(0.095),
            pooling: Share(0.0),
            chain: Table::of(|_| Size(1.0)),
            experts: ExpertParameters { rule: ExpertRule::None, part: Table::of(|_| Share(0.2)) },
            teachers: TeacherParameters { rule: TeacherRule::None, growth: Table::of(|_| Rate(0.0)) },
            path: BTreeMap::new(),
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
    }

    /// dF/dD by the closed form, and by the difference of two values.
    fn slopes(learning: &LearningParameters, hours: f64, of_experts: f64) -> (f64, f64) {
        let (k, chain, theta) = (Family::Machining, 4.0, 0.95);
        let c = |hours, experts| learnt(learning, k, hours, experts);
        let closed = feasible_slope(c(hours, of_experts), chain, theta) * learnt_slope(learning, k, hours, of_experts);
        let step = hours * 1e-5;
        let at = |more: f64| feasible_share(c(hours + more, of_experts + more), chain, theta);
        (closed, (at(step) - at(-step)) / (2.0 * step))
    }

    #[test]
    fn the_worth_of_an_hour_is_the_slope_of_the_curve() {
        let with_experts = ExpertParameters { rule: ExpertRule::TopQuarter, part: Table::of(|_| Share(0.2)) };
        let forms = [
            reference(),
            LearningParameters { form: Form::LogLinear, ..reference() },
            LearningParameters { experts: with_experts, ..reference() },
        ];
        for (learning, (hours, experts)) in
            forms.iter().flat_map(|form| [(3e3, 3e3), (5e4, 2e4), (8e7, 1e6)].map(|at| (form, at)))
        {
            let (closed, measured) = slopes(learning, hours, experts);
            assert!((closed - measured).abs() <= 1e-4 * measured.abs().max(1e-15), "{hours}: {closed}, {measured}");
        }
        // E - E_inf = 0.995 (1 + 1000/540)^-0.34 = 0.69653; alpha times that over 1540 hours: 1.5378e-4
        let slope = capability_slope(&reference(), Family::Handling, 1_000.0);
        assert!((slope - 1.537_8e-4).abs() < 1e-7, "{slope}");
        assert_eq!((feasible_slope(0.0, 1.0, 0.95), feasible_slope(1.0, 1.0, 0.95)), (0.0, 0.0));
    }
}
