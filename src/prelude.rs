//! What most programs that use the library need: `use handover::prelude::*;`.
//!
//! Read a scenario ([`open_scenario`]), change it ([`Scenario::enact`]), run it ([`run`]), many times ([`each`],
//! [`replicate_of`]) or against another ([`live_together`], [`Paired`]), and read what came of it ([`Results`],
//! [`Metric`], [`Outcome`]). For rules of one's own there are [`Economy::add_rule`], [`InForce`] and the parameters
//! that systems take ([`Res`], [`ResMut`], [`Query`], [`Local`]).

pub use crate::economy::calendar::Phase;
pub use crate::economy::policy::{Basis, Clock, Date, InForce, Law, Policy, Recycling, Regime};
pub use crate::economy::shared::streams::Stream;
pub use crate::economy::world::flows::{Flow, Ledger};
pub use crate::economy::world::lists::{Class, Family, Kind, Occupation, SiteType};
pub use crate::economy::world::markets::Markets;
pub use crate::economy::world::people::Work;
pub use crate::economy::world::regions::{Region, Regions};
pub use crate::economy::{Economy, Parameters};
pub use crate::experiment::compare::effects::Paired;
pub use crate::experiment::compare::live_together;
pub use crate::experiment::ensemble::{Attendance, each, replicate_of};
pub use crate::experiment::open_scenario;
pub use crate::experiment::outcome::Outcome;
pub use crate::experiment::run::{NoHistory, Progress, Results, Stopped, found, go_on, run, run_with};
pub use crate::ground::list::{Listed, Table};
pub use crate::ground::money::Money;
pub use crate::ground::random::{Key, Luck};
pub use crate::ground::statistics::Moments;
pub use crate::ground::units::{Share, Span, UsdPerHour, UsdPerWeek};
pub use crate::observe::indicators::{Metric, Series};
pub use crate::scenario::{Problems, Scenario};
pub use bevy_ecs::prelude::{Local, Query, Res, ResMut};
