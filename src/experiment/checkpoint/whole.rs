//! The whole state, as the lists of `state.rs` name it: written, read, counted, and searched for what no list names.

use super::records::{read_record, write_record};
use super::shape::{Fault, Shape};
use super::state::{
    COLUMNS, KINDS, LIST_RESOURCES, LISTS, REBUILT, RESOURCES, counts_of_kinds, counts_of_lists, read_cohorts,
    read_kinds, read_lists, read_resources, shapes_of_cohorts, shapes_of_kinds, shapes_of_lists, shapes_of_resources,
    widths, write_cohorts, write_kinds, write_lists, write_resources,
};
use crate::economy::parameters::BLOCKS;
use crate::economy::world::people::{Cohort, Status};
use crate::economy::world::sites::{Fleet, Site};
use crate::observe::panel::Panel;
use bevy_ecs::prelude::*;
use std::any::type_name;
use std::io::{self, Read, Write};

/// Everything that a checkpoint of this program holds, in order, so that one that holds something else
/// is distinguished. A type goes by its name, wherever in the sources it stands.
pub(super) fn layout() -> Vec<String> {
    let names = |list: &[fn() -> &'static str]| list.iter().map(|name| short(name()).to_owned()).collect::<Vec<_>>();
    let columns = widths().into_iter().map(|(name, bytes)| format!("{} of {bytes} bytes", short(name)));
    LISTS
        .iter()
        .chain(KINDS)
        .flat_map(|kind| names(kind))
        .chain(columns)
        .chain(names(RESOURCES))
        .chain([short(type_name::<Panel>()).to_owned()])
        .collect()
}

/// The name of a type without its path; a head of an earlier program may have it with one.
pub(super) fn short(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or_default()
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
    let short = |name: &fn() -> &'static str| short(name()).to_owned();
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
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_layout_names_each_type_once_and_does_not_say_where_it_stands() {
        assert_eq!(short("handover::economy::people::Skill of 2 bytes"), "Skill of 2 bytes");
        let layout = layout();
        assert!(layout.len() > 40 && layout.iter().all(|name| short(name) == name), "{layout:?}");
        assert!(layout.contains(&"Skill of 2 bytes".to_owned()), "{layout:?}");
        // the books of labs, makers and sites are of one type
        let distinct = layout.iter().filter(|name| *name != "Books").collect::<BTreeSet<_>>().len();
        assert_eq!(distinct + layout.iter().filter(|name| *name == "Books").count(), layout.len(), "{layout:?}");
    }
}
