//! `greenroom completions`

use crate::cli::args::Completions;
use crate::cli::output::Output;
use crate::error::{Error, Result};

/// Runs the command.
pub fn run(_args: &Completions, _output: &Output) -> Result<u8> {
    Err(Error::input("not built yet"))
}
