//! What there is: the nouns of the economy, each a file, with what they carry into next week.
//!
//! Workers ([`people`]) belong to labour markets ([`markets`]) and do jobs ([`jobs`]) at sites ([`sites`]), some before a camera
//! ([`programme`]), beside robots ([`robots`]) that makers sell ([`makers`]) and labs teach ([`labs`]), in regions
//! ([`regions`]). Money moves between them in the ways that [`flows`] lists; [`lists`] has the words of it all.
//! Nothing happens here: that is what the rules are for.

pub mod flows;
pub mod jobs;
pub mod labs;
pub mod lists;
pub mod makers;
pub mod markets;
pub mod people;
pub mod programme;
pub mod regions;
pub mod robots;
pub mod sites;
