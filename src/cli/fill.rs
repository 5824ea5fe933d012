//! `greenroom fill`

use crate::cli::args::{Common, Fill};
use crate::cli::output::Output;
use crate::error::{Error, Result};

/// Runs the command.
pub fn run(_args: &Fill, _common: &Common, _output: &Output) -> Result<u8> {
    Err(Error::input("not built yet"))
}
