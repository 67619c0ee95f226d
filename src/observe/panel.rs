//! The panel: a sample of workers followed from the first week to the last.
//!
//! Every tick the payslip of each member is added up; when a row is due, it says where the member stands
//! and what was received and consumed since the last row. Rows are handed on and forgotten, or kept for
//! checkpoints. It reads, and moves nobody: consumption is what came in less what
//! the wallet gained.

use super::rows::{Payroll, Workplace, standing};
use super::sample::{Member, draw};
use crate::economy::Luckbox;
use crate::economy::calendar::Phase;
use crate::economy::demography::DemographyParameters;
use crate::economy::policy::Clock;
use crate::economy::policy::{Agenda, RunParameters};
use crate::economy::settlement::payslip::{Payslip, Standing};
use crate::economy::shared::weights::Weights;
use crate::economy::world::markets::Markets;
use crate::economy::world::people::{COHORT_ROWS, Cohort, Columns, Wallet, Work};
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::Operators;
use crate::economy::world::sites::Site;
use crate::ground::numbers::whole;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use serde::{Deserialize, Serialize};

/// A member at the end of an interval. Money in micro-dollars of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Last tick of the interval.
    pub tick: i32,
    /// Place among [`Panel::members`].
    pub member: u32,
    /// Where the member stands.
    pub standing: Standing,
    /// Index of the site of the present or last job.
    pub site: u32,
    /// Part of pay that the scar leaves, in 1/65536.
    pub left: i64,
    /// Pay of a week in the present job; zero without one.
    pub wage: i64,
    /// Received and paid in tax in the interval.
    pub slip: Payslip,
    /// Consumed in the interval.
    pub consumption: i64,
}

/// Who and what the numbers of the rows stand for; the same from the founding to the end.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The members, in their order.
    pub members: Vec<Member>,
    /// The sites, by index.
    pub sites: Vec<Workplace>,
}

impl Cast {
    /// The cast of a world with a panel; nothing if there is none.
    pub fn of(world: &mut World) -> Option<Cast> {
        let members = world.get_resource::<Panel>()?.members.clone();
        let mut sites = world.query::<&Site>();
        let (regions, operators) = (world.resource::<Regions>(), world.resource::<Operators>());
        let sites = sites.iter(world).map(|site| Workplace::of(site, regions, operators)).collect();
        Some(Cast { members, sites })
    }
}

/// The members, what they received since their last row, and the rows of this tick.
#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
pub struct Panel {
    /// Who is in it, in the order of markets and ordinals.
    pub members: Vec<Member>,
    /// Ticks between two rows.
    every: i32,
    /// Received and consumed since the last row, by member.
    sums: Vec<(Payslip, i64)>,
    /// Wallets at the end of the last tick, by member.
    wallets: Vec<i64>,
    /// Rows that were not handed on yet.
    rows: Vec<Row>,
}

impl Panel {
    /// Are the rows of members, sites and ticks that there are?
    pub fn is_sound(&self, tick: i32, sites: usize) -> bool {
        let is_known = |row: &Row| {
            row.tick < tick && (row.member as usize) < self.members.len() && (row.site as usize) < sites.max(1)
        };
        self.rows.iter().all(is_known)
    }

    /// Hands on the rows that became due since the last time; until then a checkpoint holds them.
    pub fn take_rows(&mut self) -> Vec<Row> {
        std::mem::take(&mut self.rows)
    }

    /// Members in a cohort: place among the members and row.
    fn in_cohort(&self, cohort: &Cohort) -> impl Iterator<Item = (usize, usize)> + use<> {
        let at = |ordinal: u32| {
            let key = (cohort.market, ordinal);
            self.members.partition_point(|member| (member.who.market(), member.who.ordinal) < key)
        };
        let (from, to) = (at(cohort.first), at(cohort.first + COHORT_ROWS as u32));
        let first = cohort.first;
        let ordinals: Vec<u32> = self.members[from..to].iter().map(|member| member.who.ordinal).collect();
        ordinals.into_iter().enumerate().map(move |(n, ordinal)| (from + n, (ordinal - first) as usize))
    }
}

/// Adds the panel to a world and its calendar, if the scenario wants one; [`super::sample::check_size`] says
/// whether it can have it.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    let run = world.resource::<RunParameters>().clone();
    if run.panel == 0 {
        return;
    }
    let names = &world.resource::<Agenda>().names.regions;
    let (weights, markets) = (world.resource::<Weights>(), &world.resource::<Markets>().0);
    let demography = world.resource::<DemographyParameters>();
    let places: Vec<i64> =
        markets.iter().map(|market| demography.places(market.heads_initial.iter().sum(), market.region)).collect();
    let members = draw(run.panel, weights, names, &world.resource::<Luckbox>().0, (markets, &places));
    let mut panel = Panel {
        every: Clock::of(&run).ticks_in(run.panel_every.0).max(1),
        sums: vec![(Payslip::default(), 0); members.len()],
        wallets: vec![0; members.len()],
        rows: Vec::new(),
        members,
    };
    let mut cohorts = world.query::<(&Cohort, &Wallet)>();
    for (cohort, wallet) in cohorts.iter(world) {
        panel.in_cohort(cohort).for_each(|(member, row)| panel.wallets[member] = wallet.0[row]);
    }
    world.insert_resource(panel);
    watch(schedule);
}

/// Adds what keeps a panel, if the world has one, to a calendar.
pub fn watch(schedule: &mut Schedule) {
    schedule.add_systems(follow_panel.in_set(Phase::Observation));
}

/// Adds up what members received; writes their rows when due.
fn follow_panel(clock: Res<Clock>, payroll: Payroll, cohorts: Query<Columns>, panel: Option<ResMut<Panel>>) {
    let Some(mut panel) = panel else { return };
    let panel = &mut *panel;
    let is_due = clock.has_started() && (clock.tick + 1) % panel.every == 0;
    let payslip = payroll.open();
    for columns in &cohorts {
        let cohort = columns.cohort;
        for (member, row) in panel.in_cohort(cohort) {
            let standing = standing(&columns, row);
            let held = std::mem::replace(&mut panel.wallets[member], standing.wallet);
            // what people leave behind is no consumption of theirs, and nothing that an entrant has
            let is_another = standing.work == Work::Gone || i32::from(standing.entered) == clock.tick;
            let before = if is_another { 0 } else { held };
            if !clock.has_started() {
                continue;
            }
            let site = cohort.site(standing.employer);
            let slip = payslip(cohort, &standing);
            let sums = &mut panel.sums[member];
            sums.0 += slip;
            sums.1 += before + slip.income() - standing.wallet;
            // a place that has been empty since before the first tick says nothing yet
            let is_nobody = standing.work == Work::Gone && standing.since < 0;
            if !is_due || is_nobody {
                continue;
            }
            let (slip, consumption) = std::mem::take(sums);
            let left =
                payroll.scars.of(cohort.region).left(clock.tick, standing.scarred, standing.trained, standing.marks);
            let is_at_work = matches!(standing.work, Work::Employed | Work::Outside);
            let per_tick = if is_at_work {
                payroll.takes.terms[cohort.market].pay_of(standing.work, standing.skill, left)
            } else {
                0
            };
            panel.rows.push(Row {
                tick: clock.tick,
                member: member as u32,
                standing,
                site: site as u32,
                left,
                wage: whole((per_tick as f64 / clock.weeks).round()),
                slip,
                consumption,
            });
        }
    }
    // cohorts come in the order of their markets; the rows of a tick in the order of the members
    panel.rows.sort_unstable_by_key(|row| (row.tick, row.member));
}
