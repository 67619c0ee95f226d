//! What a checkpoint holds: every component and resource of the world, listed once.
//!
//! A component or resource that is on none of these lists would be lost on the way; a test looks
//! through a world at work and fails if there is one.

use super::records::{Number, read_column, read_record, write_column, write_record};
use super::shape::{Fault, Shape, shape};
use crate::economy::adoption::Purchase;
use crate::economy::consent::{Fear, Refusals, Stance, Withdrawn};
use crate::economy::demand::TradeShares;
use crate::economy::demand::buyers::Buyers;
use crate::economy::matching::Queues;
use crate::economy::parameters::BLOCKS;
use crate::economy::policy::{Clock, InForce};
use crate::economy::recording::Rhythm;
use crate::economy::settlement::owners::{Books, LabBooks, MakerBooks};
use crate::economy::settlement::royalties::Pools;
use crate::economy::settlement::trade::LicenceIncome;
use crate::economy::settlement::wallets::Takes;
use crate::economy::shared::scars::Scars;
use crate::economy::world::flows::Ledger;
use crate::economy::world::labs::{Lab, Labs};
use crate::economy::world::makers::{Maker, Makers};
use crate::economy::world::markets::Markets;
use crate::economy::world::people::{
    COHORT_ROWS, Claim, Cohort, Employer, Entered, Hours, Marks, Scarred, Since, Skill, Status, Trained, Wallet,
};
use crate::economy::world::programme::Filming;
use crate::economy::world::regions::{Region, Regions};
use crate::economy::world::robots::{Feasible, Frontier};
use crate::economy::world::sites::{Fleet, Jobs, Robots, Site, Staff};
use crate::economy::{Luckbox, Verdict};
use crate::observe::indicators::{Bases, Flows, Series};
use crate::observe::panel::Panel;
use crate::observe::receipt::Receipt;
use bevy_ecs::prelude::*;
use std::any::type_name;
use std::io::{self, Read, Write};
#[cfg(test)]
use {super::hash::tests::variations, crate::economy::Economy, std::mem::swap};

/// Resources that are saved.
macro_rules! resources {
    ($($resource:ident),* $(,)?) => {
        const RESOURCES: &[fn() -> &'static str] = &[$(type_name::<$resource>),*];

        fn write_resources(world: &World, out: &mut impl Write) -> io::Result<()> {
            $(write_record(world.resource::<$resource>(), out)?;)*
            Ok(())
        }

        fn shapes_of_resources(world: &World) -> Result<Vec<Vec<Shape>>, Fault> {
            Ok(vec![$(vec![shape(world.resource::<$resource>())?]),*])
        }

        fn read_resources(world: &mut World, input: &mut impl Read) -> io::Result<()> {
            $(world.insert_resource(read_record::<$resource>(input)?);)*
            Ok(())
        }

        #[cfg(test)]
        fn change_resources(economy: &mut Economy, see: &mut impl FnMut(&mut Economy, String)) {
            $(for (path, mut other) in variations(economy.world.resource::<$resource>()) {
                swap(&mut other, &mut *economy.world.resource_mut::<$resource>());
                see(economy, format!("{}{path}", stringify!($resource)));
                swap(&mut other, &mut *economy.world.resource_mut::<$resource>());
            })*
        }
    };
}

resources!(
    Ledger,
    Markets,
    TradeShares,
    Buyers,
    Refusals,
    Withdrawn,
    Takes,
    LicenceIncome,
    Pools,
    Rhythm,
    Series,
    Bases,
    Flows,
    Receipt,
);

/// Resources that are not saved: they follow from the scenario and the tick, or no tick reads what an
/// earlier one left in them.
const REBUILT: &[fn() -> &'static str] = &[
    type_name::<Luckbox>,
    type_name::<Scars>,
    type_name::<Clock>,
    // the first phase of a tick writes it anew
    type_name::<InForce>,
    // empty unless the run ends
    type_name::<Verdict>,
    // emptied before they are filled
    type_name::<Queues>,
];

/// Pairs of lists that go together, entry by entry: what there are few of.
macro_rules! lists {
    ($($list:ident of $item:ident with $other:ident of $part:ident;)*) => {
        const LISTS: &[&[fn() -> &'static str]] = &[$(&[type_name::<$item>, type_name::<$part>]),*];

        const LIST_RESOURCES: &[fn() -> &'static str] = &[$(type_name::<$list>, type_name::<$other>),*];

        fn write_lists(world: &World, out: &mut impl Write) -> io::Result<()> {
            $({
                let (list, other) = (&world.resource::<$list>().0, &world.resource::<$other>().0);
                write_record(&list.len(), out)?;
                for pair in list.iter().zip(other) {
                    write_record(&pair, out)?;
                }
            })*
            Ok(())
        }

        fn counts_of_lists(world: &World) -> Vec<usize> {
            vec![$(world.resource::<$list>().0.len()),*]
        }

        fn shapes_of_lists(world: &World) -> Result<Vec<Vec<Shape>>, Fault> {
            Ok(vec![$({
                let (list, other) = (&world.resource::<$list>().0, &world.resource::<$other>().0);
                list.iter().zip(other).map(|pair| shape(&pair)).collect::<Result<Vec<_>, _>>()?
            }),*])
        }

        fn read_lists(world: &mut World, counts: &mut impl Iterator<Item = usize>, input: &mut impl Read) -> io::Result<()> {
            $({
                let (mut list, mut other) = (Vec::new(), Vec::new());
                for _ in 0..read_count(counts, input)? {
                    let (item, part) = read_record::<($item, $part)>(input)?;
                    list.push(item);
                    other.push(part);
                }
                world.insert_resource($list(list));
                world.insert_resource($other(other));
            })*
            Ok(())
        }

        #[cfg(test)]
        fn change_lists(economy: &mut Economy, see: &mut impl FnMut(&mut Economy, String)) {
            $(
                change_last::<$list, $item>(economy, |list| &mut list.0, stringify!($item), see);
                change_last::<$other, $part>(economy, |list| &mut list.0, stringify!($part), see);
            )*
        }
    };
}

lists!(
    Regions of Region with Frontier of Feasible;
    Labs of Lab with LabBooks of Books;
    Makers of Maker with MakerBooks of Books;
);

/// Changes the last entry of a list in each way, one at a time.
#[cfg(test)]
fn change_last<
    L: Resource<Mutability = bevy_ecs::component::Mutable>,
    T: serde::Serialize + serde::de::DeserializeOwned,
>(
    economy: &mut Economy,
    entries: impl Fn(&mut L) -> &mut Vec<T>,
    name: &str,
    see: &mut impl FnMut(&mut Economy, String),
) {
    let of = |economy: &mut Economy, other: &mut T| {
        let mut list = economy.world.resource_mut::<L>();
        swap(other, entries(&mut list).last_mut().expect("there is one of every kind"));
    };
    let mut list = economy.world.resource_mut::<L>();
    for (path, mut other) in variations(entries(&mut list).last().expect("there is one of every kind")) {
        of(economy, &mut other);
        see(economy, format!("{name}{path}"));
        of(economy, &mut other);
    }
}

/// Kinds of entities, each with its components, in the order in which the founding makes them.
macro_rules! kinds {
    ($($($part:ident),*;)*) => {
        const KINDS: &[&[fn() -> &'static str]] = &[$(&[$(type_name::<$part>),*]),*];

        fn write_kinds(world: &mut World, out: &mut impl Write) -> io::Result<()> {
            $({
                let mut found = world.query::<($(&$part,)*)>();
                write_record(&found.iter(world).count(), out)?;
                for entity in found.iter(world) {
                    write_record(&entity, out)?;
                }
            })*
            Ok(())
        }

        fn counts_of_kinds(world: &mut World) -> Vec<usize> {
            vec![$(world.query::<($(&$part,)*)>().iter(world).count()),*]
        }

        fn shapes_of_kinds(world: &mut World) -> Result<Vec<Vec<Shape>>, Fault> {
            Ok(vec![$({
                let mut found = world.query::<($(&$part,)*)>();
                found.iter(world).map(|entity| shape(&entity)).collect::<Result<Vec<_>, _>>()?
            }),*])
        }

        fn read_kinds(world: &mut World, counts: &mut impl Iterator<Item = usize>, input: &mut impl Read) -> io::Result<()> {
            $(for _ in 0..read_count(counts, input)? {
                world.spawn(read_record::<($($part,)*)>(input)?);
            })*
            Ok(())
        }

        #[cfg(test)]
        fn change_kinds(economy: &mut Economy, see: &mut impl FnMut(&mut Economy, String)) {
            $({
                let mut found = economy.world.query_filtered::<Entity, ($(With<$part>,)*)>();
                let entity = found.iter(&economy.world).last().expect("there is one of every kind");
                $(for (path, mut other) in variations(economy.world.get::<$part>(entity).expect("asked for")) {
                    swap(&mut other, &mut *economy.world.get_mut::<$part>(entity).expect("asked for"));
                    see(economy, format!("{}{path}", stringify!($part)));
                    swap(&mut other, &mut *economy.world.get_mut::<$part>(entity).expect("asked for"));
                })*
            })*
        }
    };
}

kinds!(
    Fleet, Robots, Purchase;
    Site, Staff, Jobs, Fear, Stance, Filming, Books;
);

/// The columns of a cohort.
macro_rules! columns {
    ($($name:ident: $column:ident,)*) => {
        const COLUMNS: &[fn() -> &'static str] = &[type_name::<Cohort>, $(type_name::<$column>),*];

        fn write_cohorts(world: &mut World, out: &mut impl Write) -> io::Result<()> {
            let cohorts: Vec<Entity> = world.query_filtered::<Entity, With<Cohort>>().iter(world).collect();
            write_record(&cohorts.len(), out)?;
            for cohort in cohorts.into_iter().map(|entity| world.entity(entity)) {
                write_record(cohort.get::<Cohort>().expect("asked for"), out)?;
                $(write_column(&cohort.get::<$column>().expect("a cohort has all its columns").0, out)?;)*
            }
            Ok(())
        }

        fn shapes_of_cohorts(world: &mut World) -> Result<Vec<Shape>, Fault> {
            let cohorts: Vec<Entity> = world.query_filtered::<Entity, With<Cohort>>().iter(world).collect();
            let of = |entity: Entity| {
                let cohort = world.entity(entity);
                let rows = [$(cohort.get::<$column>().expect("a cohort has all its columns").0.len()),*];
                // as lists of nothing, so that their lengths count
                let lengths = rows.map(|rows| vec![(); rows]);
                shape(&(cohort.get::<Cohort>().expect("asked for"), lengths.to_vec()))
            };
            cohorts.into_iter().map(of).collect()
        }

        fn read_cohorts(world: &mut World, counts: &mut impl Iterator<Item = usize>, input: &mut impl Read) -> io::Result<()> {
            for _ in 0..read_count(counts, input)? {
                let cohort: Cohort = read_record(input)?;
                world.spawn((cohort, $($column(read_column(input, COHORT_ROWS)?),)*));
            }
            Ok(())
        }

        #[cfg(test)]
        fn change_columns(economy: &mut Economy, see: &mut impl FnMut(&mut Economy, String)) {
            let mut found = economy.world.query_filtered::<Entity, With<Cohort>>();
            let cohort = found.iter(&economy.world).last().expect("there are people");
            $({
                let rows = economy.world.get::<$column>(cohort).expect("a cohort has all its columns").0.len();
                for row in [0, rows - 1] {
                    economy.world.get_mut::<$column>(cohort).expect("asked for").0[row] ^= 1;
                    see(economy, format!("{} {row}", stringify!($column)));
                    economy.world.get_mut::<$column>(cohort).expect("asked for").0[row] ^= 1;
                }
            })*
        }

        /// The columns, each with its bytes a row.
        fn widths() -> Vec<(&'static str, usize)> {
            fn width<T: Number>(_: &[T]) -> usize {
                T::BYTES
            }
            vec![$((type_name::<$column>(), width(&$column::default().0))),*]
        }
    };
}

crate::worker_columns!(columns);

/// Everything that a checkpoint of this program holds, in order, so that one that holds something else
/// is distinguished.
pub(super) fn layout() -> Vec<String> {
    let names = |list: &[fn() -> &'static str]| list.iter().map(|name| name().to_owned()).collect::<Vec<_>>();
    let columns = widths().into_iter().map(|(name, bytes)| format!("{name} of {bytes} bytes"));
    LISTS
        .iter()
        .chain(KINDS)
        .flat_map(|kind| names(kind))
        .chain(columns)
        .chain(names(RESOURCES))
        .chain([type_name::<Panel>().to_owned()])
        .collect()
}

/// Bytes that [`fn@write`] would write, found without going through the columns.
pub(super) fn bytes(world: &mut World) -> u64 {
    let mut count = Count(0);
    let outcome = write_lists(world, &mut count)
        .and_then(|()| write_kinds(world, &mut count))
        .and_then(|()| write_resources(world, &mut count))
        .and_then(|()| write_record(&world.get_resource::<Panel>(), &mut count));
    let rows: usize = world.query::<&Status>().iter(world).map(|status| status.0.len()).sum();
    let columns = rows * widths().iter().map(|(_, bytes)| bytes).sum::<usize>();
    outcome.map_or(0, |()| count.0) + columns as u64
}

/// A place to write that only counts.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes the whole state, a block of workers at a time.
pub(super) fn write(world: &mut World, out: &mut impl Write) -> io::Result<()> {
    write_present(world, out)?;
    // a run may have no panel
    write_record(&world.get_resource::<Panel>(), out)
}

/// Writes the state without the panel.
pub(super) fn write_present(world: &mut World, out: &mut impl Write) -> io::Result<()> {
    write_lists(world, out)?;
    write_kinds(world, out)?;
    write_cohorts(world, out)?;
    write_resources(world, out)
}

/// The shapes of all that a checkpoint holds but the panel: a list a kind, cohorts, and the resources.
pub(super) fn shapes(world: &mut World) -> Result<Vec<Vec<Shape>>, Fault> {
    let mut found = shapes_of_lists(world)?;
    found.extend(shapes_of_kinds(world)?);
    found.push(shapes_of_cohorts(world)?);
    found.extend(shapes_of_resources(world)?);
    Ok(found)
}

/// What the lists of [`shapes`] are of.
pub(super) fn names() -> Vec<String> {
    let short = |name: &fn() -> &'static str| name().rsplit("::").next().unwrap_or_default().to_owned();
    let kinds = LISTS.iter().chain(KINDS).map(|kind| kind.iter().map(short).collect::<Vec<_>>().join(" + "));
    kinds.chain([short(&COLUMNS[0])]).chain(RESOURCES.iter().map(short)).collect()
}

/// How many there are of each kind, cohorts last.
pub(super) fn counts(world: &mut World) -> Vec<usize> {
    let mut counts = counts_of_lists(world);
    counts.extend(counts_of_kinds(world));
    counts.push(world.query::<&Cohort>().iter(world).count());
    counts
}

/// Reads how many entities of a kind follow: as many as the scenario has, or what is read is not its state.
fn read_count(counts: &mut impl Iterator<Item = usize>, input: &mut impl Read) -> io::Result<usize> {
    let found = read_record::<usize>(input)?;
    match counts.next() {
        Some(count) if count == found => Ok(found),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, format!("it has {found} of what the scenario has not"))),
    }
}

/// Reads the whole state into a bare world; `counts` says how many there are of each kind.
pub(super) fn read(world: &mut World, counts: &[usize], input: &mut impl Read) -> io::Result<()> {
    let mut counts = counts.iter().copied();
    read_lists(world, &mut counts, input)?;
    read_kinds(world, &mut counts, input)?;
    read_cohorts(world, &mut counts, input)?;
    read_resources(world, input)?;
    if let Some(panel) = read_record::<Option<Panel>>(input)? {
        world.insert_resource(panel);
    }
    find_fleets(world);
    Ok(())
}

/// Entities have new numbers in a new world: sites are told again which fleets are theirs.
fn find_fleets(world: &mut World) {
    let mut fleets: Vec<(usize, Entity)> =
        world.query::<(Entity, &Fleet)>().iter(world).map(|(entity, fleet)| (fleet.site, entity)).collect();
    // stable: fleets of a site stay in the order of its classes
    fleets.sort_by_key(|(site, _)| *site);
    let mut fleets = fleets.into_iter().peekable();
    for mut site in world.query::<&mut Site>().iter_mut(world) {
        let index = site.index;
        while let Some((_, fleet)) = fleets.next_if(|(owner, _)| *owner == index) {
            site.fleets.push(fleet);
        }
    }
}

/// Components and resources of a world that no checkpoint would hold, and entities of a kind that is
/// not listed, by the names of their components.
pub fn unlisted(world: &World) -> Vec<String> {
    let mut kinds: Vec<Vec<&str>> = KINDS.iter().map(|kind| kind.iter().map(|name| name()).collect()).collect();
    kinds.push(COLUMNS.iter().map(|name| name()).collect());
    kinds.extend(RESOURCES.iter().chain(LIST_RESOURCES).chain(REBUILT).chain(BLOCKS).map(|name| vec![name()]));
    kinds.push(vec![type_name::<Panel>()]);
    kinds.iter_mut().for_each(|kind| kind.sort_unstable());
    let name = |id: bevy_ecs::component::ComponentId| {
        world.components().get_info(id).map_or(String::new(), |about| about.name().to_string())
    };
    let mut missing = Vec::new();
    for archetype in world.archetypes().iter().filter(|archetype| !archetype.is_empty()) {
        let mut found: Vec<String> = archetype.components().iter().map(|&id| name(id)).collect();
        found.retain(|name| !name.starts_with("bevy_ecs::"));
        found.sort_unstable();
        if !found.is_empty() && !kinds.iter().any(|kind| kind.iter().eq(found.iter())) {
            missing.push(found.join(" + "));
        }
    }
    missing
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Changes one number, word or answer of the state after the other, shows the world and puts it back.
    pub(in super::super) fn change_in_turn(economy: &mut Economy, mut see: impl FnMut(&mut Economy, String)) {
        change_lists(economy, &mut see);
        change_kinds(economy, &mut see);
        change_columns(economy, &mut see);
        change_resources(economy, &mut see);
    }
}
