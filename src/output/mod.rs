//! Floor 5: results as tables, pictures and words. Sees results, never the world.

pub mod files;
pub mod manifest;
pub mod summary;
pub mod tables;

use crate::experiment::run::Results;

/// Every file of a result, by its name within the folder.
///
/// # Errors
/// What could not be made, in words.
pub fn render(results: &Results) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut files = tables::all(results)?;
    files.push(("manifest.json".to_owned(), manifest::manifest(results, &files)));
    Ok(files)
}
