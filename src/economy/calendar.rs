//! THE CALENDAR: what happens in a tick, and in which order. This is the only place that decides it.
//!
//! Phases follow one another. Within a phase, systems are chained where one needs what another did;
//! the rest may run in any order, and a test demands the same bits from every legal one.

use super::{
    adoption, capture, consent, demand, demography, dispatch, learning, licences, matching, policy, recording,
    settlement, staffing, wages, worth,
};
use bevy_ecs::component::ComponentId;
use bevy_ecs::prelude::*;
use bevy_ecs::query::ComponentAccessKind;
use bevy_ecs::schedule::{
    LogLevel, Schedule, ScheduleBuildSettings, SingleThreadedExecutor, SystemKey, SystemWithAccess,
};
use bevy_ecs::system::SystemAccess;
use std::sync::LazyLock;

macro_rules! phases {
    ($($phase:ident: $says:literal,)*) => {
        /// The phases of a tick, in order.
        #[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Phase {
            $(#[doc = $says] $phase,)*
        }

        impl Phase {
            /// All phases, in order.
            pub const ALL: &[Phase] = &[$(Phase::$phase),*];

            /// What happens in it.
            pub fn says(self) -> &'static str {
                match self {
                    $(Phase::$phase => $says,)*
                }
            }
        }
    };
}

phases! {
    Policy: "Levers and events that start or stop now.",
    Generations: "People leave for good, others enter.",
    Expectations: "What workers fear.",
    Consent: "Workers review whether they film.",
    Capture: "Filming sites record; the market for hours moves.",
    Learning: "Hours become capability.",
    Demand: "Jobs arrive at sites.",
    Dispatch: "Robots, then people, do the jobs.",
    Adoption: "Robots age; sites compare costs and order; makers deliver.",
    Staffing: "Sites open vacancies or give notice.",
    Matching: "Separations, search, hires, courses.",
    Wages: "Wage indices move.",
    Settlement: "All payments of the tick.",
    Audit: "The identities.",
    Observation: "What the scenario asked to record.",
    Close: "The books of the tick are closed.",
}

/// What happens in a phase. Audit and observation are added by the floor above.
fn add_systems(calendar: &mut Schedule, phase: Phase) {
    use demand::{buyers, prices, shares};
    use policy::has_started;
    use settlement::{owners, public, royalties, wallets};
    match phase {
        Phase::Policy => calendar.add_systems((recording::decide_recording, policy::apply_levers).in_set(phase)),
        // before anybody is filmed or paid: whoever leaves takes no part in the week
        Phase::Generations => calendar.add_systems(demography::leave_and_enter.in_set(phase)),
        Phase::Expectations => calendar.add_systems(consent::update_fear.in_set(phase)),
        Phase::Consent => calendar.add_systems(consent::review_stance.in_set(phase)),
        Phase::Capture => calendar.add_systems(
            (capture::set_intensity, capture::record_hours, capture::adjust_programme).chain().in_set(phase),
        ),
        Phase::Learning => calendar.add_systems(
            (learning::take_in_hours, learning::release_models, licences::license_robots).chain().in_set(phase),
        ),
        // in the spin-up nobody buys more or less than at the start
        Phase::Demand => calendar.add_systems(
            (
                prices::set_prices,
                shares::move_trade.run_if(has_started),
                demand::receive_jobs,
                buyers::add_up_gains.run_if(has_started),
            )
                .chain()
                .in_set(phase),
        ),
        Phase::Dispatch => calendar.add_systems(dispatch::do_jobs.in_set(phase)),
        // ageing and comparing need nothing of each other; ordering and valuing need both
        Phase::Adoption => calendar.add_systems(
            (
                (adoption::age_robots, adoption::compare_costs),
                adoption::order_robots,
                adoption::deliver_robots,
                worth::value_hours,
            )
                .chain()
                .in_set(phase),
        ),
        Phase::Staffing => calendar.add_systems(staffing::plan_staff.in_set(phase)),
        Phase::Matching => calendar.add_systems((matching::separate_and_search, matching::hire).chain().in_set(phase)),
        Phase::Wages => calendar.add_systems(wages::move_wages.in_set(phase)),
        Phase::Settlement => calendar.add_systems(
            (
                settlement::trade::settle_trade,
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
    for &phase in Phase::ALL {
        add_systems(&mut calendar, phase);
    }
    calendar
}

/// A rule in the calendar, and its data flow: what its signature says it reads and writes.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When it comes.
    pub phase: Phase,
    /// Its file below `src/`, without its ending.
    pub file: String,
    /// Its name.
    pub system: String,
    /// Types of the resources and components that it reads and does not write, with their paths.
    pub reads: Vec<String>,
    /// Types of those that it writes.
    pub writes: Vec<String>,
}

/// A schedule's systems in the order in which they run.
///
/// # Panics
/// If the schedule's order is ambiguous or goes in a circle.
pub fn entries(schedule: &mut Schedule) -> Vec<Entry> {
    let mut world = World::new();
    schedule.initialize(&mut world).expect("the calendar has one order");
    let phase_of = |key| {
        let is_in = |phase: &&Phase| {
            let systems = schedule.graph().systems_in_set(phase.intern());
            systems.is_ok_and(|systems| systems.contains(&key))
        };
        *Phase::ALL.iter().find(is_in).expect("every system is in a phase")
    };
    let systems = schedule.systems_with_access().expect("the schedule was made ready above");
    let entry = |(key, system): (SystemKey, &SystemWithAccess)| {
        let name = system.system().name().to_string();
        let path: Vec<&str> = name.split("::").collect();
        let (name, modules) = path.split_last().expect("a system is in a module");
        let (reads, writes) = data_of(system.access(), &world);
        Entry { phase: phase_of(key), file: modules[1..].join("/"), system: (*name).to_owned(), reads, writes }
    };
    systems.map(entry).collect()
}

/// Types that a system only reads, and types that it writes, by their names.
fn data_of(access: &SystemAccess, world: &World) -> (Vec<String>, Vec<String>) {
    let SystemAccess::Shared(access) = access else { return <_>::default() };
    let kinds = access.combined_access().try_iter_access().expect("a rule names what it reads");
    let name = |id: ComponentId| world.components().get_name(id).map_or(String::new(), |name| name.to_string());
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    for kind in kinds {
        match kind {
            ComponentAccessKind::Shared(id) => reads.push(name(id)),
            ComponentAccessKind::Exclusive(id) => writes.push(name(id)),
            ComponentAccessKind::Archetypal(_) => {}
        }
    }
    // what the engine keeps for itself is no data of the model
    for names in [&mut reads, &mut writes] {
        names.retain(|name: &String| name.starts_with("handover::"));
    }
    (reads, writes)
}

/// The last part of a path, without what it is generic over: "Jobs" of "handover::economy::world::jobs::Jobs".
fn last_word(path: &str) -> &str {
    let whole = path.split('<').next().unwrap_or(path);
    whole.rsplit("::").next().unwrap_or(whole)
}

/// The week in words, phase by phase: what `handover calendar` prints; `with_data` says of each rule what it reads
/// and writes.
pub fn in_words(schedule: &mut Schedule, with_data: bool) -> String {
    let entries = entries(schedule);
    let mut text = String::new();
    for (number, &phase) in Phase::ALL.iter().enumerate() {
        text += &format!("{:>2}. {:<13} {}\n", number + 1, format!("{phase:?}"), phase.says());
        for Entry { file, system, reads, writes, .. } in entries.iter().filter(|entry| entry.phase == phase) {
            text += &format!("      {system:<22} {file}\n");
            for (word, names) in [("reads", reads), ("writes", writes)].iter().filter(|_| with_data) {
                let mut names: Vec<&str> = names.iter().map(|name| last_word(name)).collect();
                names.sort_unstable();
                text +=
                    &format!("          {word:<7} {}\n", if names.is_empty() { "-".into() } else { names.join(", ") });
            }
        }
    }
    text
}

/// The rules of the week that read a type, each as "consent::review_stance".
pub fn readers(of: &str) -> Vec<String> {
    static WEEK: LazyLock<Vec<Entry>> = LazyLock::new(|| entries(&mut schedule(None)));
    let found = WEEK.iter().filter(|entry| entry.reads.iter().chain(&entry.writes).any(|name| name == of));
    let name =
        |entry: &Entry| format!("{}::{}", entry.file.trim_start_matches("economy/").replace('/', "::"), entry.system);
    found.map(name).collect()
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

fn close_books(mut ledger: ResMut<crate::economy::world::flows::Ledger>) {
    ledger.next_tick();
}
