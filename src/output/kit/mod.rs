//! What every kind of result is made of: tables of text and of columns, and pages.

pub mod bands;
pub(crate) mod became;
pub(crate) mod csv;
pub mod gains;
pub mod headlines;
pub mod numbers;
pub(crate) mod page;
pub(crate) mod parquet;
mod parquet_pages;
pub mod parquet_read;
pub mod unmade;
pub(crate) mod words;

pub use parquet::Frame;
