//! `greenroom demo`: the workbench on a fresh copy of the samples, with the offline model.

use std::io::{self, IsTerminal};
use std::path::Path;

use crate::cli::args::Demo;
use crate::cli::output::Output;
use crate::error::{Error, Result};
use crate::library::write_samples;

/// Runs the command.
pub fn run(args: &Demo, output: &Output) -> Result<u8> {
    // nothing is copied for a workbench that cannot open
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Error::input("the demo needs a terminal").hint(
            "without one, use commands: `greenroom list`, `greenroom fill NAME`, `greenroom play NAME -m MESSAGE --model offline`",
        ));
    }
    if let Some(dir) = &args.dir {
        write_samples(dir)?;
        output.note(&format!("the samples are in {}", dir.display()));
        return open(dir);
    }
    let dir = tempfile::Builder::new().prefix("greenroom-demo-").tempdir().map_err(|error| {
        Error::io("make a temporary folder", &std::env::temp_dir(), &error).hint("name one: `greenroom demo DIR`")
    })?;
    write_samples(dir.path())?;
    // the folder goes away when the workbench has closed
    open(dir.path())
}

fn open(dir: &Path) -> Result<u8> {
    crate::tui::open_demo(dir).map(|()| 0)
}
