//! What a checkpoint holds: every component and resource of the world, listed once.
//!
//! A component or resource that is on none of these lists would be lost on the way ([`super::whole::unlisted`]); a test
//! looks through a world at work and fails if there is one.

use super::records::{Number, read_column, read_record, write_column, write_record};
use super::shape::{Fault, Shape, shape};
use crate::economy::adoption::Purchase;
use crate::economy::consent::{Fear, Refusals, Stance, Withdrawn};
use crate::economy::demand::TradeShares;
use crate::economy::demand::buyers::Buyers;
use crate::economy::matching::Queues;
use crate::economy::policy::{Clock, InForce};
use crate::economy::recording::{CountsDistributions, Rhythm};
use crate::economy::settlement::owners::{Books, LabBooks, MakerBooks};
use crate::economy::settlement::royalties::Pools;
use crate::economy::settlement::trade::LicenceIncome;
use crate::economy::settlement::wallets::Takes;
use crate::economy::shared::scars::Scars;
use crate::economy::world::flows::Ledger;
use crate::economy::world::jobs::Jobs;
use crate::economy::world::labs::{Lab, Labs};
use crate::economy::world::makers::{Maker, Makers};
use crate::economy::world::markets::Markets;
use crate::economy::world::people::{
    COHORT_ROWS, Claim, Cohort, Employer, Entered, Hours, Marks, Scarred, Since, Skill, Status, Trained, Wallet,
};
use crate::economy::world::programme::Filming;
use crate::economy::world::regions::{Region, Regions};
use crate::economy::world::robots::{Feasible, Frontier};
use crate::economy::world::sites::{Fleet, Robots, Site, Staff};
use crate::economy::{Luckbox, Verdict};
use crate::observe::indicators::{Bases, Flows, Series, Wanted};
use crate::observe::receipt::Receipt;
use bevy_ecs::prelude::*;
use std::any::type_name;
use std::io::{self, Read, Write};
#[cfg(test)]
use {super::hash::tests::variations, crate::economy::Economy, std::mem::swap};

/// Resources that are saved.
macro_rules! resources {
    ($($resource:ident),* $(,)?) => {
        pub(super) const RESOURCES: &[fn() -> &'static str] = &[$(type_name::<$resource>),*];

        pub(super) fn write_resources(world: &World, out: &mut impl Write) -> io::Result<()> {
            $(write_record(world.resource::<$resource>(), out)?;)*
            Ok(())
        }

        pub(super) fn shapes_of_resources(world: &World) -> Result<Vec<Vec<Shape>>, Fault> {
            Ok(vec![$(vec![shape(world.resource::<$resource>())?]),*])
        }

        pub(super) fn read_resources(world: &mut World, input: &mut impl Read) -> io::Result<()> {
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
pub(super) const REBUILT: &[fn() -> &'static str] = &[
    type_name::<Luckbox>,
    type_name::<Scars>,
    type_name::<Clock>,
    // the first phase of a tick writes it anew
    type_name::<InForce>,
    // empty unless the run ends
    type_name::<Verdict>,
    // emptied before they are filled
    type_name::<Queues>,
    // the head of a checkpoint says what is recorded
    type_name::<Wanted>,
    type_name::<CountsDistributions>,
];

/// Pairs of lists that go together, entry by entry: what there are few of.
macro_rules! lists {
    ($($list:ident of $item:ident with $other:ident of $part:ident;)*) => {
        pub(super) const LISTS: &[&[fn() -> &'static str]] = &[$(&[type_name::<$item>, type_name::<$part>]),*];

        pub(super) const LIST_RESOURCES: &[fn() -> &'static str] = &[$(type_name::<$list>, type_name::<$other>),*];

        pub(super) fn write_lists(world: &World, out: &mut impl Write) -> io::Result<()> {
            $({
                let (list, other) = (&world.resource::<$list>().0, &world.resource::<$other>().0);
                write_record(&list.len(), out)?;
                for pair in list.iter().zip(other) {
                    write_record(&pair, out)?;
                }
            })*
            Ok(())
        }

        pub(super) fn counts_of_lists(world: &World) -> Vec<usize> {
            vec![$(world.resource::<$list>().0.len()),*]
        }

        pub(super) fn shapes_of_lists(world: &World) -> Result<Vec<Vec<Shape>>, Fault> {
            Ok(vec![$({
                let (list, other) = (&world.resource::<$list>().0, &world.resource::<$other>().0);
                list.iter().zip(other).map(|pair| shape(&pair)).collect::<Result<Vec<_>, _>>()?
            }),*])
        }

        pub(super) fn read_lists(world: &mut World, counts: &mut impl Iterator<Item = usize>, input: &mut impl Read) -> io::Result<()> {
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
        pub(super) const KINDS: &[&[fn() -> &'static str]] = &[$(&[$(type_name::<$part>),*]),*];

        pub(super) fn write_kinds(world: &mut World, out: &mut impl Write) -> io::Result<()> {
            $({
                let mut found = world.query::<($(&$part,)*)>();
                write_record(&found.iter(world).count(), out)?;
                for entity in found.iter(world) {
                    write_record(&entity, out)?;
                }
            })*
            Ok(())
        }

        pub(super) fn counts_of_kinds(world: &mut World) -> Vec<usize> {
            vec![$(world.query::<($(&$part,)*)>().iter(world).count()),*]
        }

        pub(super) fn shapes_of_kinds(world: &mut World) -> Result<Vec<Vec<Shape>>, Fault> {
            Ok(vec![$({
                let mut found = world.query::<($(&$part,)*)>();
                found.iter(world).map(|entity| shape(&entity)).collect::<Result<Vec<_>, _>>()?
            }),*])
        }

        pub(super) fn read_kinds(world: &mut World, counts: &mut impl Iterator<Item = usize>, input: &mut impl Read) -> io::Result<()> {
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
        pub(super) const COLUMNS: &[fn() -> &'static str] = &[type_name::<Cohort>, $(type_name::<$column>),*];

        pub(super) fn write_cohorts(world: &mut World, out: &mut impl Write) -> io::Result<()> {
            let cohorts: Vec<Entity> = world.query_filtered::<Entity, With<Cohort>>().iter(world).collect();
            write_record(&cohorts.len(), out)?;
            for cohort in cohorts.into_iter().map(|entity| world.entity(entity)) {
                write_record(cohort.get::<Cohort>().expect("asked for"), out)?;
                $(write_column(&cohort.get::<$column>().expect("a cohort has all its columns").0, out)?;)*
            }
            Ok(())
        }

        pub(super) fn shapes_of_cohorts(world: &mut World) -> Result<Vec<Shape>, Fault> {
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

        pub(super) fn read_cohorts(world: &mut World, counts: &mut impl Iterator<Item = usize>, input: &mut impl Read) -> io::Result<()> {
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
        pub(super) fn widths() -> Vec<(&'static str, usize)> {
            fn width<T: Number>(_: &[T]) -> usize {
                T::BYTES
            }
            vec![$((type_name::<$column>(), width(&$column::default().0))),*]
        }
    };
}

crate::worker_columns!(columns);

/// Reads how many entities of a kind follow: as many as the scenario has, or what is read is not its state.
fn read_count(counts: &mut impl Iterator<Item = usize>, input: &mut impl Read) -> io::Result<usize> {
    let found = read_record::<usize>(input)?;
    match counts.next() {
        Some(count) if count == found => Ok(found),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, format!("it has {found} of what the scenario has not"))),
    }
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
