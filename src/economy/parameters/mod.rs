//! Every number of a scenario, checked: a block for each rule.

pub mod bounds;
pub mod draws;
mod soundness;
mod together;

use super::policy::RunParameters;
use super::shared::fault::Fault;
use super::shared::weights::Weights;
use super::world::sites::{Operator, Operators};
use super::{capture, consent, demand, demography, learning, policy, settlement, wages};
use crate::economy::shared::crews;
use crate::economy::world::{markets, people, robots, sites};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::any::type_name;
use std::sync::Arc;

/// Where the world is.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WorldParameters {
    /// Names of the regions.
    #[schemars(extend("x-declares" = "region"))]
    pub regions: Vec<String>,
}

/// Lists the sections of a scenario once: as they stand in a file, and as resources, a block a rule.
macro_rules! sections {
    ($($(#[$meta:meta])* $name:ident: $block:ty,)*) => {
        /// Every number the rules need, section by section as in `scenarios/baseline.toml`. There are no
        /// defaults in code.
        #[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct Sections {
            /// How long, how fine.
            pub run: RunParameters,
            /// Where.
            pub world: WorldParameters,
            $($(#[$meta])* pub $name: $block,)*
            /// The law without policies.
            pub law: policy::LawParameters,
            /// Firms that decide as one.
            #[serde(default, rename = "operator", skip_serializing_if = "Vec::is_empty")]
            pub operators: Vec<Operator>,
            /// Dated changes of the law.
            #[serde(default, rename = "policy", skip_serializing_if = "Vec::is_empty")]
            pub policies: Vec<policy::Policy>,
            /// Dated events.
            #[serde(default, rename = "event", skip_serializing_if = "Vec::is_empty")]
            pub events: Vec<policy::Event>,
            /// Draws of doubtful numbers, a set for each replicate.
            #[serde(default, skip_serializing_if = "draws::Draws::is_empty")]
            pub draws: draws::Draws,
        }

        /// Resources that follow from the scenario alone, by the names of their types.
        pub const BLOCKS: &[fn() -> &'static str] = &[
            type_name::<RunParameters>,
            type_name::<Weights>,
            $(type_name::<$block>,)*
            type_name::<Operators>,
            type_name::<policy::Agenda>,
            type_name::<demand::Trade>,
            type_name::<settlement::owners::Ownership>,
        ];

        /// Sections, each with the name of the resource as which rules read it, `run` with those of two; of the law and
        /// of what changes it they read what is in force.
        pub const SECTIONS: &[(&str, fn() -> &'static str)] = &[
            ("run", type_name::<RunParameters>),
            ("run", type_name::<Weights>),
            $((stringify!($name), type_name::<$block>),)*
            ("law", type_name::<policy::InForce>),
            ("operator", type_name::<Operators>),
            ("policy", type_name::<policy::InForce>),
            ("event", type_name::<policy::InForce>),
        ];

        impl Parameters {
            /// Gives a world the numbers its rules read, each block as a resource of its own.
            pub fn install(&self, world: &mut World) {
                world.insert_resource(self.run.clone());
                world.insert_resource(self.weights.clone());
                $(world.insert_resource(self.$name.clone());)*
                world.insert_resource(Operators(self.operators.clone()));
                world.insert_resource(policy::Agenda {
                    first_law: self.first_law.clone(),
                    policies: self.policies.clone(),
                    events: self.events.clone(),
                    names: policy::events::Names { regions: self.regions.clone(), labs: self.labs.clone() },
                });
                world.insert_resource(demand::Trade::of(&self.demand, &self.trade, &self.regions));
                world.insert_resource(settlement::owners::Ownership::of(&self.settlement, &self.regions));
            }
        }
    };
}

sections! {
    /// Skill and scars.
    people: people::PeopleParameters,
    /// Who enters and who leaves.
    demography: demography::DemographyParameters,
    /// Sizes and costs of sites.
    sites: sites::SiteParameters,
    /// Labour markets.
    labour: markets::LabourParameters,
    /// Wage curve.
    wages: wages::WageParameters,
    /// Vacancies and notice.
    staffing: crews::StaffingParameters,
    /// Demand.
    demand: demand::DemandParameters,
    /// Nested demand and trade.
    trade: demand::TradeParameters,
    /// The market for hours.
    capture: capture::CaptureParameters,
    /// Fear and consent.
    consent: consent::ConsentParameters,
    /// What refusing risks.
    risk: policy::RiskParameters,
    /// Learning.
    learning: learning::LearningParameters,
    /// Robots and their buyers.
    robots: robots::RobotParameters,
    /// Households, owners, public sector.
    settlement: settlement::SettlementParameters,
}

impl Sections {
    /// The sections as a tree of values, in the model's units.
    ///
    /// # Panics
    /// If they were no such tree. What is known of a scenario depends on it, its hash first of all: in place of an
    /// empty tree, for which every scenario would pass for the same, nothing is said at all.
    pub fn as_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("sections are tables of words and numbers")
    }
}

/// The [`Sections`], checked, with what follows from them. Shared, never changed during a run; a world holds each
/// block as a resource of its own ([`Parameters::install`]).
#[derive(Clone, Debug)]
pub struct Parameters {
    sections: Arc<Sections>,
    /// Names of the regions, sorted: their order everywhere.
    pub regions: Vec<String>,
    /// Names of the labs, sorted: their order everywhere.
    pub labs: Vec<String>,
    /// Lab that licenses robots to a region.
    pub licensor: Vec<usize>,
    /// The law of each region at the start.
    pub first_law: Vec<policy::Law>,
    /// People an agent stands for, by market.
    pub weights: Weights,
}

/// Checked sections read as what they are.
impl std::ops::Deref for Parameters {
    type Target = Sections;
    fn deref(&self) -> &Sections {
        &self.sections
    }
}

impl Parameters {
    /// Checks what no single value can show: that every region has its values, that shares add up,
    /// that every region has a licensor.
    ///
    /// # Errors
    /// Every fault found, each with its key.
    pub fn new(sections: Sections) -> Result<Self, Vec<Fault>> {
        let faults = soundness::faults(&sections);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut regions = sections.world.regions.clone();
        regions.sort();
        let labs: Vec<String> = sections.capture.labs.keys().cloned().collect();
        let licenses = |lab: &String, region: &String| sections.capture.labs[lab].licenses.contains(region);
        let licensor =
            |region: &String| labs.iter().position(|lab| licenses(lab, region)).expect("checked by soundness");
        let licensor = regions.iter().map(licensor).collect();
        let first_law = sections.law.resolve(&regions);
        let weights = Weights::of(&sections.run, &sections.labour, regions.len());
        Ok(Parameters { sections: Arc::new(sections), regions, labs, licensor, first_law, weights })
    }

    /// The place of a region that soundness found declared.
    ///
    /// # Panics
    /// If no region has this name.
    pub fn region(&self, name: &str) -> usize {
        self.regions.iter().position(|region| region == name).expect("checked by soundness")
    }

    /// The sections as resolved, for the manifest.
    pub fn sections(&self) -> &Sections {
        &self.sections
    }
}
