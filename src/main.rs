//! Arguments → the workbench, or one command.

use std::process::ExitCode;

fn main() -> ExitCode {
    greenroom::cli::main()
}
