//! The workbench: one state, one inbox, effects as data, drawn when something changed.

pub mod editor;
pub mod theme;

use std::path::Path;

use crate::error::{Error, Result};

/// Opens the workbench on the library that is found, on `name` if one is given.
///
/// # Errors
/// Exit 2 when standard input or output is no terminal; the message names the command to use instead.
pub fn open(_library: Option<&Path>, _name: Option<&str>) -> Result<()> {
    Err(Error::input("not built yet"))
}
