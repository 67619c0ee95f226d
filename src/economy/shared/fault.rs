//! What can be wrong with a number of a scenario.

/// What is wrong with a value that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {words}")]
pub struct Fault {
    /// Its key, dotted, as in a scenario file; an element of a list by its number.
    pub key: String,
    /// What is wrong.
    pub words: String,
}
