//! The sites of a region, gathered when the first metric asks for some.

use crate::economy::consent::Stance;
use crate::economy::world::jobs::Jobs;
use crate::economy::world::programme::Filming;
use crate::economy::world::sites::{Site, Staff};
use std::cell::OnceCell;
use std::ops::Deref;

/// A site with what is recorded of it.
pub(super) type OwnSite<'a> = (&'a Site, &'a Staff, &'a Jobs, &'a Filming, &'a Stance);

/// The sites of a region, which are gathered when the first metric asks for some.
pub(super) struct Own<'s, 'a> {
    /// All sites, once they are gathered.
    pub gathered: &'s OnceCell<Gathered<'a>>,
    /// Gathers them.
    pub gather: &'s dyn Fn() -> Gathered<'a>,
    /// Index of the region.
    pub region: usize,
}

impl<'a> Deref for Own<'_, 'a> {
    type Target = [OwnSite<'a>];

    fn deref(&self) -> &[OwnSite<'a>] {
        let Gathered { sites, ends } = self.gathered.get_or_init(self.gather);
        let first = self.region.checked_sub(1).map_or(0, |before| ends[before]);
        &sites[first..ends[self.region]]
    }
}

/// All sites, those of a region together, and where each region's end.
pub(super) struct Gathered<'a> {
    sites: Vec<OwnSite<'a>>,
    ends: Vec<usize>,
}

impl<'a> Gathered<'a> {
    /// From the sites of so many regions.
    pub fn of(sites: impl Iterator<Item = OwnSite<'a>>, regions: usize) -> Self {
        let mut sites: Vec<OwnSite> = sites.collect();
        // stable: sites of a region stay in their order
        sites.sort_by_key(|(site, ..)| site.region);
        let ends = (0..regions).map(|region| sites.partition_point(|(site, ..)| site.region <= region)).collect();
        Gathered { sites, ends }
    }
}
