//! `greenroom tutor`: the tour, in the real screens, on a copy of the samples that goes away.

use std::io::{self, IsTerminal};

use crate::cli::args::Common;
use crate::error::{Error, Result};
use crate::library::write_samples;
use crate::tui::{Look, Occasion};

/// Runs the command.
pub fn run(common: &Common) -> Result<u8> {
    // nothing is copied for a workbench that cannot open
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(
            Error::input("the tour needs a terminal").hint("without one, `greenroom --help` names the commands")
        );
    }
    let dir = tempfile::Builder::new().prefix("greenroom-tutor-").tempdir().map_err(|error| {
        Error::io("make a temporary folder", &std::env::temp_dir(), &error).hint("try `greenroom demo DIR`")
    })?;
    write_samples(dir.path())?;
    crate::tui::open_copy(dir.path(), Occasion::Tutor, Look { ascii: common.ascii })
}
