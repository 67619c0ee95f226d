//! The command line of `handover`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
