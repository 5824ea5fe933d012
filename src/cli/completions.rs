//! `greenroom completions`: a completion script for a shell, made from the table of arguments.

use clap::CommandFactory;

use crate::cli::args::{Cli, Completions};
use crate::cli::output::Output;
use crate::error::{Error, Result};

/// Runs the command.
pub fn run(args: &Completions, _output: &Output) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "greenroom", &mut script);
    let script = String::from_utf8(script).map_err(|_| Error::input("the script for this shell is no text"))?;
    Output::raw(&script)?;
    Ok(0)
}
