//! The results of one run: tables, panel, page and summary; and the tables read again.

pub mod page;
pub mod panel;
pub mod read;
pub mod summary;
pub mod tables;
