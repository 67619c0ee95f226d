//! The program `handover`: the command line of the library, as the Python package has it too.

fn main() -> std::process::ExitCode {
    handover::cli::main(std::env::args_os())
}
