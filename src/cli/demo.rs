//! `greenroom demo`

use crate::cli::args::Demo;
use crate::cli::output::Output;
use crate::error::{Error, Result};

/// Runs the command.
pub fn run(_args: &Demo, _output: &Output) -> Result<u8> {
    Err(Error::input("not built yet"))
}
