//! Boxes: under which circumstances does it happen?
//!
//! The patient rule induction method (Friedman and Fisher, Statistics and Computing 9, 1999), used for scenario
//! discovery as by Bryant and Lempert (Technological Forecasting and Social Change 77, 2010). From all points, thin
//! slices are peeled off, each time the one whose loss makes cases of interest most frequent among those
//! that stay; then slices are pasted back where that does not thin them out; then limits that chance could have
//! made are dropped. Coverage is the share of all cases that the box holds, density the share of the box that is
//! cases, mass the share of all points in it.
//!
//! Of the boxes on the way, the one whose coverage and density have the largest harmonic mean is taken, unless a
//! density is asked for: then the first that has it.

pub mod boxes;
pub mod case;
pub mod peel;
pub mod shape;
pub mod trust;

pub use boxes::Found;
pub use peel::{Prim, Rules, Step};
pub use shape::{Bounds, Column, Side};
pub use trust::Limit;
