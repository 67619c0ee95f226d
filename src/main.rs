//! The program `handover`: the command line of the library, as the Python package has it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(handover::cli::main(std::env::args_os()))
}
