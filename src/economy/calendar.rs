//! THE CALENDAR: what happens in a tick, and in which order. This is the only place that decides it.
//!
//! Phases follow one another. Within a phase, systems are chained where one needs what another did;
//! the rest may run in any order, and a test demands the same bits from every legal one.

use super::{adoption, capture, consent, demand, dispatch, learning, matching, policy, settlement, staffing, wages};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{LogLevel, Schedule, ScheduleBuildSettings, SingleThreadedExecutor};

/// The phases of a tick, in order.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Levers and events that start or stop now.
    Policy,
    /// What workers fear.
    Expectations,
    /// Workers review whether they film.
    Consent,
    /// Filming sites record; the market for hours moves.
    Capture,
    /// Hours become capability.
    Learning,
    /// Jobs arrive at sites.
    Demand,
    /// Robots, then people, do the jobs.
    Dispatch,
    /// Robots age; sites compare costs and order.
    Adoption,
    /// Sites open vacancies or give notice.
    Staffing,
    /// Separations, search, hires, courses.
    Matching,
    /// Wage indices move.
    Wages,
    /// All payments of the tick.
    Settlement,
    /// The identities.
    Audit,
    /// What the scenario asked to record.
    Observation,
    /// The books of the tick are closed.
    Close,
}

/// The schedule of a tick; `shuffle` picks another of the legal orders, for the test that compares them.
pub fn schedule(shuffle: Option<u64>) -> Schedule {
    use Phase::*;
    let mut calendar = Schedule::default();
    calendar.set_executor(SingleThreadedExecutor::new());
    calendar.set_build_settings(ScheduleBuildSettings {
        ambiguity_detection: LogLevel::Error,
        shuffle_seed: shuffle,
        ..ScheduleBuildSettings::default()
    });
    calendar.configure_sets(
        (Policy, Expectations, Consent, Capture, Learning, Demand, Dispatch, Adoption, Staffing, Matching, Wages).chain(),
    );
    calendar.configure_sets((Wages, Settlement, Audit, Observation, Close).chain());
    calendar.add_systems(policy::apply_levers.in_set(Policy));
    calendar.add_systems(consent::update_fear.in_set(Expectations));
    calendar.add_systems(consent::review_stance.in_set(Consent));
    calendar.add_systems(
        ((capture::set_intensity, capture::record_hours).chain(), capture::adjust_programme.after(capture::record_hours))
            .in_set(Capture),
    );
    calendar.add_systems((learning::take_in_hours, learning::release_models).chain().in_set(Learning));
    calendar.add_systems(demand::receive_jobs.in_set(Demand));
    calendar.add_systems(dispatch::do_jobs.in_set(Dispatch));
    calendar.add_systems((adoption::age_robots, adoption::compare_costs).in_set(Adoption));
    calendar.add_systems(
        adoption::order_robots.after(adoption::age_robots).after(adoption::compare_costs).in_set(Adoption),
    );
    calendar.add_systems(staffing::plan_staff.in_set(Staffing));
    calendar.add_systems((matching::separate_and_search, matching::hire).chain().in_set(Matching));
    calendar.add_systems(wages::move_wages.in_set(Wages));
    calendar.add_systems(
        (
            settlement::trade::settle_trade,
            settlement::royalties::pool_royalties,
            settlement::wallets::fill_wallets,
            settlement::owners::pay_owners,
            settlement::public::settle_public,
        )
            .chain()
            .in_set(Settlement),
    );
    calendar.add_systems(close_books.in_set(Close));
    calendar
}

fn close_books(mut ledger: ResMut<crate::ground::ledger::Ledger>) {
    ledger.next_tick();
}
