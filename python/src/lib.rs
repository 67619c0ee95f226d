//! `handover` for Python: scenarios in, tables of Arrow out. Nothing is computed here that the library does not
//! compute; the package `handover` beside this says it in Python's words.

mod comparison;
mod errors;
mod folder;
mod life;
mod results;
mod scenario;
mod simulation;
mod sweep;
mod table;
mod watch;

use pyo3::prelude::*;
use std::ffi::OsString;

/// The command line: arguments, the name of the program first; the exit code.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| ::handover::cli::main(arguments))
}

/// The part of the package that is written in Rust.
#[pymodule(name = "_handover")]
mod handover {
    #[pymodule_export]
    use super::comparison::compare;
    #[pymodule_export]
    use super::folder::{Folder, read_table};
    #[pymodule_export]
    use super::life::follow;
    #[pymodule_export]
    use super::main;
    #[pymodule_export]
    use super::results::{Results, bands, ensemble, gains, outcome_of_arms, run};
    #[pymodule_export]
    use super::scenario::{Scenario, metrics};
    #[pymodule_export]
    use super::simulation::Simulation;
    #[pymodule_export]
    use super::sweep::Sweep;
    #[pymodule_export]
    use super::table::Table;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("MODEL", ::handover::experiment::MODEL_DIGEST)
    }
}
