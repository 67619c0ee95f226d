//! What every kind of result is made of: tables of text and of columns, and pages.

pub mod bands;
pub(crate) mod columns;
pub(crate) mod csv;
pub(crate) mod described;
pub(crate) mod numbers;
pub(crate) mod page;
mod parquet_pages;
pub mod parquet_read;
pub(crate) mod words;
