//! `greenroom demo`: the workbench on a fresh copy of the samples, with the offline model.

use std::io::{self, IsTerminal};
use std::path::Path;

use crate::cli::args::{Common, Demo};
use crate::cli::output::Output;
use crate::error::{Error, Result};
use crate::library::write_samples;
use crate::tui::{Look, Occasion};

/// Runs the command.
pub fn run(args: &Demo, common: &Common, output: &Output) -> Result<u8> {
    // nothing is copied for a workbench that cannot open
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Error::input("the demo needs a terminal").hint(
            "without one, use commands: `greenroom list`, `greenroom fill NAME`, `greenroom play NAME -m MESSAGE --model offline`",
        ));
    }
    if let Some(dir) = &args.dir {
        write_samples(dir)?;
        output.note(&format!("the samples are in {}", dir.display()));
        return open(dir, common);
    }
    let dir = tempfile::Builder::new().prefix("greenroom-demo-").tempdir().map_err(|error| {
        Error::io("make a temporary folder", &std::env::temp_dir(), &error).hint("name one: `greenroom demo DIR`")
    })?;
    write_samples(dir.path())?;
    // the folder goes away when the workbench has closed
    open(dir.path(), common)
}

fn open(dir: &Path, common: &Common) -> Result<u8> {
    crate::tui::open_copy(dir, Occasion::Demo, Look { ascii: common.ascii })
}
