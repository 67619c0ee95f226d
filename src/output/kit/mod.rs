//! What every kind of result is made of: tables of text and of columns, and pages.

pub(crate) mod columns;
pub(crate) mod csv;
pub(crate) mod described;
pub(crate) mod page;
mod parquet_pages;
pub mod parquet_read;
