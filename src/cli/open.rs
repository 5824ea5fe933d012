//! `greenroom [NAME]`: the workbench. A word that is no prompt may be a command with a slip in it.

use std::path::Path;

use clap::CommandFactory;

use crate::cli::args::{Cli, Common};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::source::nearest;
use crate::tui::Look;

/// Opens the workbench on the library that is found, on `name` if one is given.
///
/// # Errors
/// When `name` is no prompt: the nearest command or prompt is the hint.
pub fn run(common: &Common, name: Option<&str>) -> Result<u8> {
    let library = common.library.as_deref();
    if let Some(name) = name {
        check(library, name)?;
    }
    crate::tui::open(library, name, Look { ascii: common.ascii })
}

fn check(library: Option<&Path>, name: &str) -> Result<()> {
    let prompts = Library::discover(library).map(|library| library.names()).unwrap_or_default();
    if prompts.iter().any(|prompt| prompt == name) {
        return Ok(());
    }
    let cli = Cli::command();
    let commands = cli.get_subcommands().map(clap::Command::get_name);
    let error = Error::input(format!("there is no command and no prompt `{name}`"));
    Err(match nearest(name, commands.chain(prompts.iter().map(String::as_str))) {
        Some(near) => error.hint(format!("did you mean `greenroom {near}`?")),
        None => error.hint("`greenroom --help` shows the commands, `greenroom list` the prompts"),
    })
}
