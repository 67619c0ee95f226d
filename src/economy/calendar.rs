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

impl Phase {
    /// All phases, in order.
    pub const ALL: [Phase; 15] = {
        use Phase::*;
        [
            Policy,
            Expectations,
            Consent,
            Capture,
            Learning,
            Demand,
            Dispatch,
            Adoption,
            Staffing,
            Matching,
            Wages,
            Settlement,
            Audit,
            Observation,
            Close,
        ]
    };
}

/// What happens in a phase. Audit and observation are added by the floor above.
fn add_systems(calendar: &mut Schedule, phase: Phase) {
    use settlement::{owners, public, royalties, trade, wallets};
    match phase {
        Phase::Policy => calendar.add_systems(policy::apply_levers.in_set(phase)),
        Phase::Expectations => calendar.add_systems(consent::update_fear.in_set(phase)),
        Phase::Consent => calendar.add_systems(consent::review_stance.in_set(phase)),
        Phase::Capture => calendar.add_systems(
            (capture::set_intensity, capture::record_hours, capture::adjust_programme).chain().in_set(phase),
        ),
        Phase::Learning => {
            calendar.add_systems((learning::take_in_hours, learning::release_models).chain().in_set(phase))
        }
        Phase::Demand => calendar.add_systems(demand::receive_jobs.in_set(phase)),
        Phase::Dispatch => calendar.add_systems(dispatch::do_jobs.in_set(phase)),
        // ageing and comparing need nothing of each other; ordering needs both
        Phase::Adoption => calendar.add_systems(
            ((adoption::age_robots, adoption::compare_costs), adoption::order_robots).chain().in_set(phase),
        ),
        Phase::Staffing => calendar.add_systems(staffing::plan_staff.in_set(phase)),
        Phase::Matching => calendar.add_systems((matching::separate_and_search, matching::hire).chain().in_set(phase)),
        Phase::Wages => calendar.add_systems(wages::move_wages.in_set(phase)),
        Phase::Settlement => calendar.add_systems(
            (
                trade::settle_trade,
                royalties::pool_royalties,
                wallets::fill_wallets,
                owners::pay_owners,
                public::settle_public,
            )
                .chain()
                .in_set(phase),
        ),
        Phase::Audit | Phase::Observation => calendar,
        Phase::Close => calendar.add_systems(close_books.in_set(phase)),
    };
}

/// The schedule of a tick; `shuffle` picks another of the legal orders, for the test that compares them.
pub fn schedule(shuffle: Option<u64>) -> Schedule {
    let mut calendar = empty(shuffle);
    for pair in Phase::ALL.windows(2) {
        calendar.configure_sets((pair[0], pair[1]).chain());
    }
    for phase in Phase::ALL {
        add_systems(&mut calendar, phase);
    }
    calendar
}

/// One phase by itself, for measuring it.
pub fn alone(phase: Phase) -> Schedule {
    let mut calendar = empty(None);
    add_systems(&mut calendar, phase);
    calendar
}

fn empty(shuffle: Option<u64>) -> Schedule {
    let mut calendar = Schedule::default();
    calendar.set_executor(SingleThreadedExecutor::new());
    calendar.set_build_settings(ScheduleBuildSettings {
        ambiguity_detection: LogLevel::Error,
        shuffle_seed: shuffle,
        ..ScheduleBuildSettings::default()
    });
    calendar
}

fn close_books(mut ledger: ResMut<crate::ground::ledger::Ledger>) {
    ledger.next_tick();
}
